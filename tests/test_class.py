"""A class: sheets handed out, the teacher's folder apart, and what comes back read, whatever it looks like."""

import csv
import io
import json
import os
import re
import sys
import zipfile
from datetime import datetime

import hand_ins
import numpy as np
import openpyxl
import pytest
import slip_table

from tinymlp.teaching import formats, handout, homework, paper
from tinymlp.teaching.conventions import Conventions

NAMES = ["Ada", "=cmd()", "Émile Zola"]


def listed(folder):
    return sorted(path.name for path in folder.iterdir())


def right_table(sheet):
    return {key: f"{value:.4f}" for key, value in sheet.solution.items()}


def filled(sheet, numbers=None, separator=","):
    """Return a sheet's table as CSV, filled in with the right numbers, or with these."""
    head, columns, *rows = csv.reader(io.StringIO(paper.template(sheet, separator=separator)), delimiter=separator)
    texts = right_table(sheet) if numbers is None else numbers
    rows = [[*row[:3], texts.get((int(row[0]), row[1]), "")] for row in rows]
    return handout.write_csv([head, columns, *rows], separator)


@pytest.fixture
def given_out(tmp_path):
    """Return (folder for what comes back, folder of the sheets, the sheets) of a class of three."""
    back = tmp_path / "back"
    back.mkdir()
    return back, tmp_path / "sheets", paper.class_set(["Ada", "Ben", "Cleo"], tmp_path / "sheets", secret="x")


# Handing out ---------------------------------------------------------------------------------------------------------


def test_a_class_gets_pages_and_tables_and_the_teacher_a_folder_of_their_own(tmp_path):
    heard = []
    sheets = paper.class_set(NAMES, tmp_path / "sheets", secret="our room", progress=lambda *done: heard.append(done))
    assert heard == [(1, 3), (2, 3), (3, 3)]
    assert len({sheet.id for sheet in sheets.values()}) == 3
    files = [f"{name}.{kind}" for name in ("Ada", "cmd", "Émile_Zola") for kind in ("csv", "html", "xlsx")]
    assert listed(tmp_path / "sheets") == sorted([*files, "all sheets.html"])
    assert listed(tmp_path / "sheets for the teacher") == ["class.json", "key.csv", "solved sheets.html"]
    key = (tmp_path / "sheets for the teacher" / "key.csv").read_text(encoding="utf-8-sig")
    assert len(key.splitlines()) == 1 + 3 * 162
    assert "'=cmd()" in key
    for path in tmp_path.rglob("*.csv"):
        for row in path.read_text(encoding="utf-8-sig").splitlines():
            assert not re.search(r"(^|,)\"?[=+@]", row), row
    assert "3 sheets are in" in repr(sheets)
    assert "keep this folder to yourself" in repr(sheets)


def test_nothing_that_is_handed_out_holds_an_answer_or_the_secret(tmp_path):
    sheets = paper.class_set(["Ada"], tmp_path / "sheets", secret="our room")
    hidden = [f"{value:.4f}" for (t, name), value in sheets["Ada"].solution.items() if name.startswith(("v ", "g "))]
    for path in (tmp_path / "sheets").iterdir():
        content = path.read_bytes()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as opened:
                content = b"".join(map(opened.read, opened.namelist()))
        text = content.decode("utf-8")
        assert "our room" not in text
        assert not [number for number in hidden if number in text], path.name


def test_the_teachers_folder_may_be_elsewhere_but_not_among_the_hand_outs(tmp_path):
    paper.class_set(["Ada"], tmp_path / "sheets", secret="x", teacher=tmp_path / "mine")
    assert "class.json" in listed(tmp_path / "mine")
    for inside in (tmp_path / "sheets", tmp_path / "sheets" / "key"):
        with pytest.raises(ValueError, match="teacher: expected a folder outside"):
            paper.class_set(["Ada"], tmp_path / "sheets", secret="x", teacher=inside)
    assert paper.mark(tmp_path / "sheets", tmp_path / "mine").outcomes["Ada"].filled == 0
    with pytest.raises(ValueError, match="is that of the class in 'sheets': name another folder"):
        paper.class_set(["Zoe"], tmp_path / "other", secret="x", teacher=tmp_path / "mine")
    assert not (tmp_path / "other").exists()
    with pytest.raises(ValueError, match=r"sheets: expected the folder that `class_set` wrote, with class\.json"):
        paper.mark(tmp_path / "sheets", tmp_path / "sheets")


def test_the_spreadsheets_own_file_takes_texts_in_one_column_and_is_locked_elsewhere(given_out):
    _, folder, sheets = given_out
    page = openpyxl.load_workbook(folder / "Ada.xlsx").active
    assert page.title == sheets["Ada"].id
    assert sheets["Ada"].id in page["A1"].value
    assert [cell.value for cell in page[2]] == ["iteration", "cell", "meaning", "value"]
    assert page.freeze_panes == "A3"
    assert page.protection.sheet
    assert not page.protection.password
    for row in page.iter_rows(min_row=3):
        assert [cell.protection.locked for cell in row] == [True, True, True, False]
        assert row[3].number_format == "@"
    assert page.max_row == 2 + len(sheets["Ada"].cells)


def test_the_csv_opens_in_one_step_where_commas_are_decimal(tmp_path):
    sheets = paper.class_set(["Ada"], tmp_path / "s", secret="x", separator=";")
    data = (tmp_path / "s" / "Ada.csv").read_bytes()
    assert data.startswith("\ufeff# sheet".encode())
    assert b"iteration;cell;meaning;value" in data
    key = (tmp_path / "s for the teacher" / "key.csv").read_text(encoding="utf-8-sig")
    value = next(iter(sheets["Ada"].solution.values()))
    assert f"{value:.6f}".replace(".", ",") in key.splitlines()[1]
    with pytest.raises(ValueError, match="separator: expected one of"):
        paper.class_set(["Ada"], tmp_path / "t", secret="x", separator=" and ")


def test_without_openpyxl_the_tables_are_csv_alone_and_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(handout, "can_write", lambda: False)
    with pytest.warns(UserWarning, match="openpyxl, which reads and writes"):
        sheets = paper.class_set(["Ada"], tmp_path / "sheets", secret="x")
    assert listed(tmp_path / "sheets") == ["Ada.csv", "Ada.html", "all sheets.html"]
    assert ".csv alone" in repr(sheets)
    monkeypatch.setitem(sys.modules, "openpyxl", None)  # as if it were not there
    table = hand_ins.zipped({"xl/workbook.xml": "<w/>"})
    with pytest.raises(ValueError, match=r"is not installed .*: install it, or save the table as CSV"):
        formats.read_bytes("Ada.xlsx", table)


def test_every_printed_page_has_the_learners_name_and_id(given_out):
    _, folder, sheets = given_out
    text = (folder / "all sheets.html").read_text(encoding="utf-8")
    for name, sheet in sheets.items():
        assert text.count(f"<b>Name:</b><span>{name}</span><b>Sheet {sheet.id}</b>") == sheet.iterations
    assert text.count("<section") == 6
    solved = (folder.parent / "sheets for the teacher" / "solved sheets.html").read_text(encoding="utf-8")
    assert solved.count("<b>KEY</b>") == 6
    assert '<td class="blank">' not in solved


# Names ---------------------------------------------------------------------------------------------------------------


def test_names_that_are_alike_are_numbered_and_composed_letters_are_one_name(tmp_path):
    names = ["Ada", "Ada", "Ada 2", "ada", " Ada  B ", "ada-b", "Zoe\u0308", "Zo\u00eb"]
    sheets = paper.class_set(names, tmp_path / "s", secret="x")
    assert list(sheets) == ["Ada", "Ada 3", "Ada 2", "ada", "Ada B", "ada-b", "Zo\u00eb", "Zo\u00eb 2"]
    known = json.loads((tmp_path / "s for the teacher" / "class.json").read_text(encoding="utf-8"))
    files = list(known["files"].values())
    assert files == ["Ada", "Ada_3", "Ada_2", "ada_4", "Ada_B", "ada_b_2", "Zo\u00eb", "Zo\u00eb_2"]


@pytest.mark.parametrize("name", ["CON", "nul", "Com1", "a/b", "..", "Ada.", "x" * 300, "?*|", "LPT9"])
def test_any_name_makes_a_file_that_any_system_takes(name, tmp_path):
    paper.class_set([name], tmp_path / "s", secret="x")
    for file in listed(tmp_path / "s"):
        stem = file.rpartition(".")[0]
        assert stem.lower() not in ("con", "nul", "com1", "lpt9")
        assert re.fullmatch(r"[\w ]{1,70}", stem)


def test_names_and_secrets_that_cannot_work_are_refused(tmp_path):
    for names in ("Max", None, [], ["a", " "]):
        with pytest.raises(ValueError, match=r"^names: expected"):
            paper.class_set(names, tmp_path, secret="x")
    with pytest.raises(ValueError, match="secret: expected"):
        paper.class_set(["Ada"], tmp_path, secret=" ")
    with pytest.raises(ValueError, match="sheets: expected"):
        paper.mark(tmp_path, {})


# Called again --------------------------------------------------------------------------------------------------------


def test_a_name_more_is_added_and_filled_tables_stay(given_out):
    _, folder, sheets = given_out
    (folder / "Ada.csv").write_text("filled in", encoding="utf-8")
    again = paper.class_set(["Dan"], folder, secret="x")
    assert list(again) == ["Ada", "Ben", "Cleo", "Dan"]
    assert again["Ada"].id == sheets["Ada"].id
    assert (folder / "Ada.csv").read_text(encoding="utf-8") == "filled in"
    assert (folder / "all sheets.html").read_text(encoding="utf-8").count("<section") == 8
    assert list(paper.mark(folder, folder).outcomes) == ["Ada", "Ben", "Cleo", "Dan"]


@pytest.mark.parametrize(
    ("other", "words"),
    [({"secret": "y"}, "another secret"), ({"secret": "x", "samples": 2}, "other options")],
)
def test_another_secret_or_other_options_write_nothing(given_out, other, words):
    _, folder, _ = given_out
    before = {path: path.read_bytes() for path in folder.parent.rglob("*.*")}
    with pytest.raises(ValueError, match=f"made with {words}: give the same again to add names to it, or name another"):
        paper.class_set(["Ada", "Dan"], folder, **other)
    for name in ("class.json", "key.csv"):
        (folder.parent / "sheets for the teacher" / name).unlink()
    with pytest.raises(
        ValueError, match=r"Ada\.csv in .* is the sheet tm-.* made with another secret or other options"
    ):
        paper.class_set(["Ada", "Dan"], folder, **other)
    for path, data in before.items():
        assert not path.exists() or path.read_bytes() == data
    assert not (folder / "Dan.html").exists()


# Taking in -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 1])
def test_thirty_hand_ins_of_all_kinds_are_read_and_judged_and_only_a_photo_and_an_empty_file_are_not(tmp_path, seed):
    expected = hand_ins.hand_in(tmp_path, seed)
    marks = paper.mark(tmp_path / "handed in", tmp_path / "sheets")
    assert hand_ins.faults(expected, marks) == []
    assert len(marks.outcomes) == 28
    slips = [(slip, marks.outcomes[name].slips) for name, (_, _, slip, _) in expected.items() if slip]
    assert len(slips) > 5
    assert sum(slip not in named for slip, named in slips) <= 1  # as the table of slips has it
    reasons = {name.rpartition("/")[2]: reason for name, reason in marks.unused.items()}
    lost = [marks.trouble[name] for name in expected if name in marks.trouble]
    assert [words.partition(": ")[2] for words in lost] == ["a picture", "an empty file"]
    assert "none of this class" in reasons["of another class.csv"]
    assert reasons["essay.docx"] == "a document or a presentation"
    for name in ("Thumbs.db", "~$homework.xlsx"):
        assert "made by the computer itself" in reasons[name]
    said = str(marks)
    for words in ("not used:", "an empty file", "counts; earlier:", "left blank: row", "was read as"):
        assert words in said


def test_the_options_of_a_class_need_no_retyping(tmp_path):
    options = {
        "sizes": (2, 2, 1),
        "hidden": ("tanh",),
        "eta": np.float64(0.4),
        "conventions": Conventions(rule="average"),
    }
    sheets = paper.class_set(["Ada"], tmp_path / "sheets", secret="x", **options)
    (tmp_path / "Ada.csv").write_text(filled(sheets["Ada"]), encoding="utf-8")
    for place in ("sheets", "sheets for the teacher", "sheets for the teacher/class.json"):
        assert paper.mark(tmp_path / "Ada.csv", tmp_path / place).outcomes["Ada"].right
    known = tmp_path / "sheets for the teacher" / "class.json"
    known.write_text(known.read_text(encoding="utf-8").replace('"x"', '"y"'), encoding="utf-8")
    with pytest.raises(ValueError, match="was the file edited"):
        paper.mark(tmp_path, tmp_path / "sheets")
    known.write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"class\.json: expected the file that `class_set` wrote"):
        paper.mark(tmp_path, tmp_path / "sheets")


def test_of_two_tables_the_later_counts_and_a_blank_one_never_does(given_out):
    back, folder, sheets = given_out
    ada = sheets["Ada"]
    key = next(iter(ada.solution))
    tables = [filled(ada, right_table(ada) | {key: "9"}), filled(ada), paper.template(ada), filled(ada)]
    for n, (name, text) in enumerate(zip(("a.csv", "b.csv", "c.csv", "again.csv"), tables, strict=True)):
        (back / name).write_text(text, encoding="utf-8")
        os.utime(back / name, (1e9 + n * 3600, 1e9 + n * 3600))
    marks = paper.mark(back, folder)
    assert marks.outcomes["Ada"].right
    assert marks.files["Ada"] == "again.csv"
    assert [one.right for one in marks.earlier["Ada"]] == [False]
    assert "again.csv of 2001-09-0" in marks.notes["Ada"][0]
    assert "earlier: a.csv of" in marks.notes["Ada"][0]
    assert marks.unused == {"c.csv": "nothing is filled in", "b.csv": "the same numbers as again.csv"}


def test_a_sheet_in_a_file_of_another_learners_name_counts_for_its_own_learner_only_if_they_sent_nothing_else(
    given_out,
):
    back, folder, sheets = given_out
    ada = sheets["Ada"]
    (back / "Ben.csv").write_text(filled(ada), encoding="utf-8")
    marks = paper.mark(back, folder)
    assert marks.outcomes["Ada"].right
    words = "named after Ben, but this is the sheet of Ada"
    assert marks.notes["Ada"] == (f"Ben.csv: {words}",)
    assert marks.trouble["Ben"] == f"Ben.csv: {words}"
    key = next(iter(ada.solution))
    (back / "Ada.csv").write_text(filled(ada, right_table(ada) | {key: "9"}), encoding="utf-8")
    os.utime(back / "Ada.csv", (1e9, 1e9))
    marks = paper.mark(back, folder)
    assert not marks.outcomes["Ada"].right
    assert marks.unused == {"Ben.csv": words}
    assert marks.trouble["Ben"] == f"Ben.csv: {words}"


@pytest.mark.parametrize("before", ["2026-11-30", "2026-11-30T23:59", datetime(2026, 12, 1)])
def test_what_comes_after_the_deadline_is_listed_and_not_marked(given_out, before):
    back, folder, sheets = given_out
    for name, date in (("Ada", datetime(2026, 11, 30, 20)), ("Ben", datetime(2026, 12, 1, 8))):
        path = back / f"x {name}.csv"
        path.write_text(filled(sheets[name]), encoding="utf-8")
        os.utime(path, (date.timestamp(), date.timestamp()))
    info = zipfile.ZipInfo("Cleo.csv", (2026, 12, 24, 18, 0, 0))  # a zip knows when its files were changed
    with zipfile.ZipFile(back / "late.zip", "w") as opened:
        opened.writestr(info, filled(sheets["Cleo"]))
    marks = paper.mark(back, folder, before=before)
    assert list(marks.outcomes) == ["Ada"]
    assert "x Ben.csv: late: changed at 2026-12-01 08:00" in marks.trouble["Ben"]
    assert marks.unused["late.zip/Cleo.csv"].startswith("late: changed at 2026-12-24 18:00")
    assert len(paper.mark(back, folder).outcomes) == 3


def test_a_deadline_that_is_no_time_is_refused(given_out):
    back, folder, _ = given_out
    for before in ("next week", 5):
        with pytest.raises(ValueError, match="before: expected a datetime or a text"):
            paper.mark(back, folder, before=before)


def test_a_zip_made_to_swell_and_a_damaged_one_stop_nothing(given_out):
    back, folder, sheets = given_out
    (back / "Ada.csv").write_text(filled(sheets["Ada"]), encoding="utf-8")
    bomb = hand_ins.zipped({"big.csv": b"0" * (formats.MOST_UNPACKED + 1)})
    deep = hand_ins.zipped({"Ben.csv": filled(sheets["Ben"])})
    for _ in range(4):
        deep = hand_ins.zipped({"in.zip": deep})
    whole = hand_ins.zipped({"Cleo.csv": filled(sheets["Cleo"])})
    sheet = hand_ins.zipped({"xl/workbook.xml": b"0" * (formats.MOST_UNPACKED + 1)})
    xml = b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    ods = hand_ins.zipped({"mimetype": "x", "content.xml": xml})
    files = {
        "bomb.zip": bomb,
        "deep.zip": deep,
        "half.zip": whole[: len(whole) // 2],
        "swells.xlsx": sheet,
        "e.ods": ods,
    }
    for name, data in files.items():
        (back / name).write_bytes(data)
    marks = paper.mark(back, folder)
    assert list(marks.outcomes) == ["Ada"]
    reasons = marks.unused
    assert reasons["bomb.zip/big.csv"].startswith("too large")
    assert reasons["deep.zip/in.zip/in.zip/in.zip"].startswith("a zip in more than 3 zips")
    assert reasons["half.zip"].startswith("a damaged zip")
    assert "bytes when unpacked" in reasons["swells.xlsx"]
    assert "declares entities" in reasons["e.ods"]


def test_no_damaged_file_stops_the_marking(given_out, tmp_path):
    back, folder, sheets = given_out
    hand = hand_ins.Hand(tmp_path, "Ada", sheets["Ada"], right_table(sheets["Ada"]), folder / "Ada.xlsx")
    whole = [hand.workbook(), hand.ods(numbers=True), hand.text().encode("utf-16")]
    whole.append(hand_ins.zipped({"a.csv": hand.text()}))
    rng = np.random.default_rng(0)
    for n in range(120):
        data = np.frombuffer(whole[n % 4], dtype=np.uint8).copy()
        data[rng.integers(len(data), size=n % 40)] = rng.integers(256, size=n % 40)
        (back / f"{n}.xlsx").write_bytes(data[: rng.integers(len(data)) if n % 3 == 0 else None].tobytes())
    marks = paper.mark(back, folder)
    told = {place.partition("/")[0] for place in marks.unused} | {marks.files["Ada"]}
    assert len(told) + len(marks.earlier["Ada"]) >= 120
    assert marks.unused["0.xlsx"].startswith(("a damaged", "an archive"))


def test_the_number_of_files_that_are_read_is_bounded(given_out, monkeypatch):
    back, folder, sheets = given_out
    monkeypatch.setattr("tinymlp.teaching.handin.MOST_FILES", 2)
    for n in range(3):
        (back / f"{n}.csv").write_text(filled(sheets["Ada"]), encoding="utf-8")
    assert paper.mark(back, folder).unused["2.csv"].startswith("not looked at: 2 files")


def test_a_bad_cell_is_left_blank_and_told_by_row_and_the_others_are_marked(given_out):
    back, folder, sheets = given_out
    ada = sheets["Ada"]
    keys = list(ada.solution)
    bad = {keys[0]: "0,1300?", keys[1]: "65.64%", keys[2]: "03.01.2026", keys[3]: "1/2", keys[4]: "=A1"}
    (back / "Ada.csv").write_text(filled(ada, right_table(ada) | bad), encoding="utf-8")
    outcome = paper.mark(back, folder).outcomes["Ada"]
    assert outcome.wrong is None
    assert outcome.filled == len(ada.cells) - 5
    assert outcome.notes == (
        "left blank: row 3, column value: expected a number, got '0,1300?'",
        "left blank: row 4, column value: expected a number, got '65.64%'",
        "left blank: row 5, column value: expected a number, got '03.01.2026': a spreadsheet may "
        "have made a date of it",
        "left blank: row 6, column value: expected a number, got '1/2': write a fraction as a decimal number",
        "left blank: row 7, column value: expected a number, got the formula '=A1': write its result",
    )
    with pytest.raises(ValueError, match="row 3, column value: expected a number"):
        homework.check(ada, back / "Ada.csv")


def test_a_point_that_a_spreadsheet_dropped_is_put_back_and_told(given_out):
    back, folder, sheets = given_out
    table, slip_at = slip_table.work_out(sheets["Ben"], 3, True, "mean", np.random.default_rng(1))
    dropped = {key: str(round(1000 * float(text))) for key, text in table.items()}
    (back / "Ben.csv").write_text(filled(sheets["Ben"], dropped, ";"), encoding="utf-8")
    right = slip_table.work_out(sheets["Ada"], 4, True)[0]
    key = next(key for key, text in right.items() if abs(float(text)) > 0.1)
    one = right | {key: str(round(1000 * float(right[key])))}
    (back / "Ada.csv").write_text(filled(sheets["Ada"], one), encoding="utf-8")
    outcomes = paper.mark(back, folder).outcomes
    assert slip_at is not None
    assert outcomes["Ben"].slips[0] == "mean"
    assert outcomes["Ada"].wrong is None
    assert f"1 number without a decimal point, such as iteration {key[0]}, {key[1]}: {one[key]} was read as" in str(
        outcomes["Ada"]
    )


def test_a_single_sheet_is_read_from_the_same_files(given_out, tmp_path):
    _, folder, sheets = given_out
    ada, numbers = sheets["Ada"], right_table(sheets["Ada"])
    hand = hand_ins.Hand(tmp_path, "Ada", ada, numbers, folder / "Ada.xlsx")
    for name, data in (
        ("a.xlsx", hand.workbook()),
        ("b.ods", hand.ods(numbers=True)),
        ("c.txt", hand.text(separator="\t").encode("utf-16")),
        ("d.csv", hand.text(hand.commas(), ";").encode("cp1252", errors="replace")),
    ):
        (tmp_path / name).write_bytes(data)
        assert homework.check(ada, tmp_path / name).right, name
    with pytest.raises(ValueError, match="this is a different sheet"):
        homework.check(sheets["Ben"], tmp_path / "a.xlsx")


@pytest.mark.parametrize("typed", ["0,3000", "-0,00", "1/2", "0.345", "-0.1300", "3", "1.2", "0,345"])
def test_what_is_typed_into_the_spreadsheets_own_file_comes_back_as_typed(given_out, tmp_path, typed):
    _, folder, sheets = given_out
    numbers = dict.fromkeys(sheets["Ada"].solution, typed)
    hand = hand_ins.Hand(tmp_path, "Ada", sheets["Ada"], numbers, folder / "Ada.xlsx")
    grid = formats.read_bytes("Ada.xlsx", hand.workbook())
    assert {cells[3] for _, cells in grid.rows[2:]} == {typed}


def test_marks_say_who_is_right_where_others_went_wrong_and_what_was_common(given_out):
    back, folder, sheets = given_out
    (back / "Ada.csv").write_text(filled(sheets["Ada"]), encoding="utf-8")
    summed, _ = slip_table.work_out(sheets["Ben"], 4, True, "mean", np.random.default_rng(1))
    (back / "Ben.csv").write_text(filled(sheets["Ben"], summed), encoding="utf-8")
    (back / "Cleo.csv").write_bytes(b"\xff\xfe\x00")
    marks = paper.mark(back, sheets)
    assert marks.outcomes["Ada"].right
    assert marks.slips[0][0] == "mean"
    assert marks.trouble["Cleo"].startswith("Cleo.csv: a file that is neither text")
    text = str(marks)
    for words in ("Ada", "162/162", "all right", "the sum over the samples", "not read", "1 x"):
        assert words in text
    assert paper.mark(folder, sheets).outcomes["Ada"].filled == 0


def test_what_is_half_filled_is_not_called_all_right(given_out):
    back, folder, sheets = given_out
    half = dict(list(right_table(sheets["Ada"]).items())[:9])
    (back / "Ada.csv").write_text(filled(sheets["Ada"], half), encoding="utf-8")
    assert "right so far" in str(paper.mark(back, folder))
    assert "all right" not in str(paper.mark(back, folder))


def test_a_learners_page_names_no_other_learner(given_out, tmp_path):
    back, folder, sheets = given_out
    (back / "Ben.csv").write_text(filled(sheets["Ada"]), encoding="utf-8")
    marks = paper.mark(back, folder)
    marks.save(tmp_path / "returned")
    assert "named after Ben" in str(marks)
    assert "Ben" not in (tmp_path / "returned" / "learners" / "Ada.html").read_text(encoding="utf-8")


def test_who_sent_a_photo_in_a_platforms_folder_is_told_so(given_out):
    back, folder, _ = given_out
    sent = back / "Cleo_1235_assignsubmission_file"
    sent.mkdir()
    (sent / "IMG_1.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    assert "IMG_1.jpg: a picture" in paper.mark(back, folder).trouble["Cleo"]


def test_a_table_without_its_id_is_taken_by_a_numbered_name(tmp_path):
    sheets = paper.class_set(["Ada", "ada"], tmp_path / "sheets", secret="x")
    (tmp_path / "back").mkdir()
    (tmp_path / "back" / "ada_2.csv").write_text(filled(sheets["ada"]).split("\n", 1)[1], encoding="utf-8")
    assert paper.mark(tmp_path / "back", tmp_path / "sheets").outcomes["ada"].right


def test_tables_that_were_there_are_left_and_that_is_said(given_out):
    _, folder, _ = given_out
    again = paper.class_set(["Dora"], folder, secret="x", separator=";")
    assert "The tables of 3 of them were there before and were left as they are." in repr(again)


def test_points_that_are_no_number_are_refused_in_those_words(given_out, tmp_path):
    back, folder, sheets = given_out
    (back / "Ada.csv").write_text(filled(sheets["Ada"]), encoding="utf-8")
    with pytest.raises(ValueError, match="points: expected one number, got '20'"):
        paper.mark(back, folder).save(tmp_path / "returned", points="20")
