"""What a class gets back: points, grades, a page for each learner, a picture, and a platform's own export filled."""

import csv
import html
import io
import re
import unicodedata

import numpy as np
import pytest
import slip_table
from axe_playwright_python.sync_playwright import Axe

from tinymlp.teaching import homework, paper
from tinymlp.teaching.grades import points_of, right_of, stages
from tinymlp.teaching.marks import Marks

SHEET = homework.sheet(7)
RIGHT = {(cell.t, cell.name): round(SHEET.solution[cell.t, cell.name], 4) for cell in SHEET.cells if not cell.optional}


def checked(changes=None, left_out=()):
    """Return the outcome of the right sheet with these numbers in place of its own, and without others."""
    return homework.check(
        SHEET, {key: value for key, value in {**RIGHT, **(changes or {})}.items() if key not in left_out}
    )


def worked(slip, sheet=SHEET, seed=1, **options):
    """Return the outcome of a sheet with a slip in one stage, all else worked out from there."""
    return homework.check(sheet, slip_table.work_out(sheet, 4, True, slip, np.random.default_rng(seed), **options)[0])


def of_class(**outcomes):
    return Marks(outcomes, {}, dict.fromkeys(outcomes, SHEET))


# Points ---------------------------------------------------------------------------------------------------------------


def test_a_right_sheet_has_all_points_with_the_steps_in_between_or_without():
    for steps in (False, True):
        outcome = worked(None, steps=steps)
        assert right_of(outcome) == (18, 18)
        assert points_of(outcome, 20) == 20


def test_one_slip_in_eleven_gradients_costs_one_stage():
    outcome = checked({(1, "g w1_11"): RIGHT[1, "g w1_11"] + 0.3})
    assert len(outcome.wrongs) == 1
    assert [(stage.t, stage.title) for stage in stages(outcome) if not stage.counts] == [(1, "gradients g")]
    assert points_of(outcome, 20) == 19


def test_a_slip_in_every_gradient_costs_one_stage_and_what_follows_from_it_is_right():
    outcome = worked("mean")
    found = {(stage.t, stage.name): stage for stage in stages(outcome)}
    assert len(found[1, "g"].wrongs) == 11
    assert found[1, "g"].state == "slip"
    assert [found[1, name].state for name in ("p", "v", "w")] == ["right", "follows", "follows"]
    assert found[2, "z1"].state == "follows"
    assert right_of(outcome) == (17, 18)


def test_a_number_that_was_only_miscopied_makes_nothing_follow_from_it():
    outcome = checked({(1, "g w1_11"): RIGHT[1, "g w1_11"] + 0.3})
    assert {stage.state for stage in stages(outcome)} == {"right", "slip"}


def test_a_slip_in_a_step_in_between_costs_the_gradients_as_it_does_where_steps_are_left_out():
    outcome = worked("target", steps=True)
    (lost,) = [stage for stage in stages(outcome) if not stage.counts]
    assert lost.name == "g"
    assert lost.slips[0][0].stage == "e"


def test_a_blank_stage_and_one_with_a_blank_in_it_count_none():
    second = [key for key in RIGHT if key[0] == 2]
    assert right_of(checked(left_out=second)) == (9, 18)
    part = stages(checked(left_out=[(1, "g w1_11")]))
    assert [(stage.name, stage.filled, stage.cells) for stage in part if stage.state == "part"] == [("g", 10, 11)]
    assert points_of(homework.check(SHEET, {}), 20) == 0


def test_points_are_shared_exactly_and_rounded_to_half_points():
    outcome = checked({(1, "g w1_11"): RIGHT[1, "g w1_11"] + 0.3})
    assert [points_of(outcome, most) for most in (18, 20, 10, 5)] == [17, 19, 9.5, 4.5]


# The table of grades --------------------------------------------------------------------------------------------------


def table(path, separator=","):
    text = path.read_bytes().decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=separator))


def test_the_table_of_grades_has_what_a_teacher_needs_and_nothing_a_spreadsheet_computes(tmp_path):
    marks = Marks(
        {"Ada": worked("mean"), "=cmd()": checked()},
        {"Cleo": "Cleo.csv: expected a text file"},
        {"Ada": SHEET},
        notes={"Ada": ("row 5 was left blank",)},
        earlier={"Ada": (homework.check(SHEET, {}),)},
    )
    said = str(marks.save(tmp_path, points=20))
    assert "a page for each of 3 learners" in said
    ada, other, cleo = table(tmp_path / "grades.csv")
    assert (ada["name"], ada["sheet"], ada["points"], ada["of"]) == ("Ada", SHEET.id, "19", "20")
    assert (ada["attempt"], ada["points before"], ada["stages right"], ada["stages"]) == ("2", "0", "17", "18")
    assert ada["first wrong"] == "iteration 1, g w2_11"
    assert "not divided by their number" in ada["slip"]
    assert "row 5" in ada["remark"]
    assert other["name"] == "'=cmd()"
    assert (cleo["points"], cleo["remark"]) == ("", "not read: Cleo.csv: expected a text file")


def test_a_table_with_semicolons_has_decimal_commas(tmp_path):
    of_class(Ada=worked("mean")).save(tmp_path, points=10, separator=";")
    assert table(tmp_path / "grades.csv", ";")[0]["points"] == "9,5"


def test_the_columns_of_nbgrader_and_otter_can_be_had(tmp_path):
    marks = Marks({"Ada King Lovelace": worked("mean")}, {}, files={"Ada King Lovelace": "Ada.csv"})
    marks.save(tmp_path, columns="nbgrader", assignment="ps1")
    (row,) = table(tmp_path / "grades.csv")
    assert [row[key] for key in ("assignment", "student_id", "last_name", "first_name", "score", "max_score")] == [
        "ps1",
        "Ada King Lovelace",
        "Lovelace",
        "Ada King",
        "19",
        "20",
    ]
    marks.save(tmp_path, columns="otter", assignment="q1")
    (row,) = table(tmp_path / "grades.csv")
    assert row == {"file": "Ada.csv", "q1": "19", "percent_correct": "0.95", "total_points_earned": "19"}


def test_names_that_make_the_same_file_get_pages_of_their_own(tmp_path):
    Marks({"A b": checked(), "a-b": checked(), "class": checked()}, {}).save(tmp_path)
    assert sorted(path.name for path in tmp_path.glob("learners/*")) == ["A_b.html", "a_b_2.html", "class.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["class.html", "grades.csv", "learners"]


def test_a_learners_page_is_called_as_their_sheet_is(tmp_path):
    sheets = paper.class_set(["ada", "Ada"], tmp_path / "sheets", secret="x")
    Marks({"Ada": checked()}, {"ada": "a photo"}, sheets).save(tmp_path)
    for name in ("ada", "Ada_2"):
        assert sheets[name[:3]].id in (tmp_path / "sheets" / f"{name}.html").read_text(encoding="utf-8")
        assert sheets[name[:3]].id in (tmp_path / "learners" / f"{name}.html").read_text(encoding="utf-8")


def test_options_that_cannot_be_meant_are_refused(tmp_path):
    marks = of_class(Ada=checked())
    for options, words in (
        ({"points": 0}, "points: expected"),
        ({"columns": "excel"}, "columns: expected"),
        ({"separator": "x"}, "separator: expected"),
    ):
        with pytest.raises(ValueError, match=words):
            marks.save(tmp_path, **options)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ValueError, match="folder: expected one that can be made"):
        marks.save(tmp_path / "file")


# A learner's page -----------------------------------------------------------------------------------------------------


def numbers_in(text):
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL).replace("\N{MINUS SIGN}", "-")
    return {float(number) for number in re.findall(r"-?\d+\.\d+", text)}


@pytest.mark.parametrize("slip", ["mean", "slope", "target", "eta", "digits", "neighbour", "logarithm", "decimal"])
def test_no_right_answer_stands_on_a_learners_page(tmp_path, slip):
    for seed in range(3):
        table, _ = slip_table.work_out(SHEET, 4, True, slip, np.random.default_rng(seed), steps=seed == 1)
        outcome = homework.check(SHEET, table)
        of_class(Ada=outcome).save(tmp_path)
        shown = numbers_in((tmp_path / "learners" / "Ada.html").read_text(encoding="utf-8"))
        written = {abs(number) for number in outcome.numbers.values() if number is not None}
        assert all(min(abs(abs(number) - each) for each in written) < 1e-9 for number in shown), shown
        assert outcome.answer is None or not any(abs(number - outcome.answer) < 1e-4 for number in shown)


def test_a_learners_page_has_a_line_for_each_stage_the_slip_in_words_and_the_points(tmp_path):
    of_class(Ada=worked("mean")).save(tmp_path)
    page = (tmp_path / "learners" / "Ada.html").read_text(encoding="utf-8")
    assert page.count('<th scope="row">') == 18
    for words in (
        "19 of 20 points",
        "17 of 18 stages",
        SHEET.id,
        "g w2_11 (gradient of w²₁₁): you wrote",
        "rounded to half",
    ):
        assert words in page
    assert "the sum over the samples was taken, and not divided by their number" in page
    assert page.count("right: follows from an earlier slip") == 11
    assert "10 more numbers are wrong in this stage." in page


def test_a_second_attempt_stands_beside_the_first(tmp_path):
    marks = Marks({"Ada": checked()}, {}, earlier={"Ada": (worked("mean"),)})
    marks.save(tmp_path)
    page = (tmp_path / "learners" / "Ada.html").read_text(encoding="utf-8")
    assert "<b>20 of 20 points</b>" in page
    assert "Before: 19 of 20 points." in page
    assert re.search(r"gradients g</th><td class=.slip.>.*?</td><td class=.right.>", page)
    assert "<b>20</b> (was 19)" in (tmp_path / "class.html").read_text(encoding="utf-8")


def test_a_learner_and_the_table_of_grades_are_told_of_a_cell_that_could_not_be_read(tmp_path):
    told = "left blank: row 3, column value: expected a number, got '1/2': write a fraction as a decimal number"
    of_class(Ada=homework.judged(SHEET, {(1, "z1_1 s1"): "0.5"}, [told])).save(tmp_path)
    assert html.escape(told) in (tmp_path / "learners" / "Ada.html").read_text(encoding="utf-8")
    assert told in (tmp_path / "grades.csv").read_text(encoding="utf-8")


def test_names_and_reasons_are_written_as_text(tmp_path):
    Marks({"<b>Bo": checked()}, {"<i>Cy": "<script>"}).save(tmp_path)
    for path in tmp_path.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search("<b>Bo|<i>Cy|<script>", text)


# The class ------------------------------------------------------------------------------------------------------------


def test_the_picture_of_the_class_and_its_words_say_who_slipped_where(tmp_path):
    marks = Marks(
        {"Zoe": checked(), "Élodie": worked("mean"), "ada": checked(left_out=[(1, "g w1_11")]), "Ben": worked("mean")},
        {"Cleo": "Cleo.csv: a photo"},
    )
    marks.save(tmp_path)
    page = (tmp_path / "class.html").read_text(encoding="utf-8")
    rows = re.findall(r'<th scope="row"><span class="who">(\w+)</span></th>', page.split("</table>")[0])
    assert rows[:5] == ["ada", "Ben", "Cleo", "Élodie", "Zoe"]
    assert page.count('<td class="slip">') == 2
    assert page.count("</span> mean</span></td>") == 2
    assert "</span> 10 of 11</span></td>" in page
    assert '2<span class="who">: Ben, Élodie</span>' in page
    assert 'not read<span class="who">: Cleo.csv: a photo</span>' in page
    words = str(marks.describe())
    assert "ada: 17 of 18 stages right; 1 with blanks." in words
    assert "Ben: 17 of 18 stages right, 11 of them from an earlier slip; iteration 1, gradients g: mean." in words
    assert "2 x the sum over the samples was taken, and not divided by their number: Ben, Élodie." in words


@pytest.mark.browser
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_and_none_is_wider_than_the_window(tmp_path, browser, colours):
    marks = Marks(
        {"Ada": worked("mean"), "Ben": checked(left_out=[(1, "g w1_11")]), "Cleo": homework.check(SHEET, {})},
        {"Dan": "Dan.csv: a photo"},
        earlier={"Ada": (worked("eta"),)},
    )
    marks.save(tmp_path)
    context = browser.new_context(color_scheme=colours)
    for width in (1366, 820):
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 1180})
        for name in ("class", "learners/Ada", "learners/Ben", "learners/Cleo", "learners/Dan"):
            page.goto((tmp_path / f"{name}.html").as_uri())
            assert Axe().run(page).response["violations"] == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.mark.browser
def test_the_picture_can_be_shown_to_the_class_without_a_name_or_a_point(tmp_path, browser):
    marks = Marks({"Ada": worked("mean"), "Ben": checked()}, {"Cleo": "Dan.csv: named after Cleo"})
    marks.save(tmp_path)
    page = browser.new_page()
    page.goto((tmp_path / "class.html").as_uri())
    assert {"Ada", "Ben", "Cleo", "19"} <= set(re.findall(r"\w+", page.inner_text("main")))
    page.get_by_label("Names and points").press("Space")
    assert not {"Ada", "Ben", "Cleo", "Dan", "19"} & set(re.findall(r"\w+", page.inner_text("main")))
    assert page.get_by_text("✗ mean").is_visible()
    page.close()


# A platform's own export ----------------------------------------------------------------------------------------------

MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade),"
    "Feedback comments\n"
    "Participant 11,Ada Lovelace,ada@example.org,Submitted for grading,,20.00,Yes,-,\n"
    'Participant 12,BEN OKAFOR,ben@example.org,Submitted for grading,,20.00,Yes,-,"Well set out, Ben"\n'
    "Participant 13,Émile Zola,emile@example.org,No submission,,20.00,Yes,-,\n"
    "Participant 14,Uma Li,uma@example.org,Submitted for grading,3.00,20.00,No,-,\n"
    "Participant 15,Xenia Kay,xenia@example.org,Submitted for grading,,20.00,Yes,-,\n"
)
CANVAS = (
    "Student,ID,SIS Login ID,Section,Homework 1 (1234),Homework 2 (1235),Final Score\n"
    ",,,,Manual Posting,,\n"
    "    Points Possible,,,,20,10,(read only)\n"
    '"Lovelace, Ada",901,ada,"Group 1, Monday",,7.00,70\n'
    '"Okafor, Ben",902,ben,Group 2,EX,,\n'
    '"Student, Test",903,9ab,Group 2,,,\n'
)


def filled(path):
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def test_moodles_worksheet_is_filled_and_who_was_not_is_told(tmp_path):
    path = tmp_path / "worksheet.csv"
    path.write_bytes(MOODLE.replace("\n", "\r\n").encode("utf-8-sig"))
    decomposed = unicodedata.normalize("NFD", "Émile Zola")
    names = {"Ada Lovelace": worked("mean"), "Okafor, Ben": checked(), decomposed: checked(), "Uma Li": checked()}
    said = str(Marks({**names, "Vera Poe": checked()}, {"Xenia Kay": "a photo"}).fill(path))
    assert path.read_bytes() == MOODLE.replace("\n", "\r\n").encode("utf-8-sig")
    data = (tmp_path / "worksheet filled.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n") == 6
    before, after = list(csv.reader(io.StringIO(MOODLE))), filled(tmp_path / "worksheet filled.csv")
    assert [row[4] for row in after] == ["Grade", "19", "20", "20", "3.00", ""]
    assert [row[:4] + row[5:8] for row in after] == [row[:4] + row[5:8] for row in before]
    assert after[1][8].startswith("17 of 18 stages right. First slip: iteration 1, g w2_11: the sum over")
    assert after[2][8] == "Well set out, Ben"
    for line in (
        "worksheet filled.csv: 3 of 5 marks are in the column 'Grade' of Moodle's grading worksheet.",
        "Not in the table: Vera Poe.",
        "Not filled, as the platform holds their mark fixed: Uma Li.",
        "Without a mark: Xenia Kay (not read: a photo).",
        "Rows that got nothing: row 6 (Participant 15, Xenia Kay).",
    ):
        assert line in said


def test_canvass_gradebook_is_filled_and_nothing_else_in_it_changes(tmp_path):
    path = tmp_path / "grades.csv"
    path.write_text(CANVAS, encoding="utf-8", newline="")
    marks = of_class(**{"Ada Lovelace": worked("mean"), "Ben Okafor": checked()})
    with pytest.raises(ValueError, match=r"column: expected the heading .* one of Student, ID"):
        marks.fill(path)
    said = str(marks.fill(path, "homework 1"))
    text = (tmp_path / "grades filled.csv").read_text(encoding="utf-8")
    assert text == CANVAS.replace('Monday",,7.00', 'Monday",19,7.00')
    assert "Rows that got nothing: row 6 (Student, Test, 9ab)." in said
    assert "holds their mark fixed: Ben Okafor" in said
    assert "at most 10, and these are of 20" in str(marks.fill(path, "Homework 2 (1235)"))
    assert "at most" not in str(marks.fill(path, "Homework 2", points=10))


def test_a_gradebook_full_of_blanks_is_split_at_its_commas(tmp_path):
    heads = "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (382),Homework 1 Final Points,Final Score\n"
    rows = [f"Ada Learner {n},{n},S{n},ada{n},Period 3,,0,0\n" for n in range(10, 40)]
    path = tmp_path / "grades.csv"
    path.write_text(f"{heads}    Points Possible,,,,,20.00,(read only),(read only)\n{''.join(rows)}", encoding="utf-8")
    said = of_class(**{f"Ada Learner {n}": checked() for n in range(10, 40)}).fill(path, "Homework 1")
    assert "30 of 30 marks" in str(said)


def test_two_alike_are_not_guessed_and_ids_tell_them_apart(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text(
        "Identifier,Full name,Grade\nParticipant 1,Ada Li,\nParticipant 2,Ada Li,\nParticipant 3,Ben Li,\n",
        encoding="utf-8",
    )
    marks = of_class(**{"Ada Li": checked(), "Ben Li": checked()})
    said = str(marks.fill(path))
    assert "not filled: Ada Li (2 rows)." in said
    assert [row[2] for row in filled(tmp_path / "w filled.csv")] == ["Grade", "", "", "20"]
    for known in ("2", "Participant 2"):
        marks.fill(path, ids={"Ada Li": known})
        assert [row[2] for row in filled(tmp_path / "w filled.csv")] == ["Grade", "", "20", "20"]
    said = str(marks.fill(path, ids={"Ada Li": "3"}))
    assert "not filled: Ada Li, Ben Li" in said
    with pytest.raises(ValueError, match="ids: expected names of the class"):
        marks.fill(path, ids={"Cleo": "1"})


@pytest.mark.parametrize(
    ("text", "column", "row"),
    [
        ("assignment,student_id,last_name,first_name,score,max_score\nps1,al,Lovelace,Ada,0.0,20.0\n", None, "20"),
        ("identifier,q1,percent_correct,total_points_earned\nada lovelace,3,0.1,3\n", None, "20"),
        ("Name;Bewertung;Bestwertung\nAda Lovelace;;20,00\n", "Bewertung", "20"),
        ("Vorname\tNachname\tPunkte\nAda\tLovelace\t\n", "Punkte", "20"),
    ],
)
def test_other_tables_are_filled_too_whatever_their_language(tmp_path, text, column, row):
    path = tmp_path / "other.csv"
    path.write_text(text, encoding="utf-16")
    said = str(of_class(**{"Ada Lovelace": checked()}).fill(path, column))
    assert "1 of 1 marks are in the column" in said
    written = (tmp_path / "other filled.csv").read_text(encoding="utf-16")
    assert row in re.split(r"[,;\t\n]", written.splitlines()[1])


def test_half_points_have_a_comma_where_the_tables_numbers_have(tmp_path):
    path = tmp_path / "moodle.csv"
    path.write_text('Identifier,Full name,Grade,Maximum Grade\nParticipant 1,Ada,,"10,00"\n', encoding="cp1252")
    of_class(Ada=worked("mean")).fill(path, points=10)
    assert filled(tmp_path / "moodle filled.csv")[1] == ["Participant 1", "Ada", "9,5", "10,00"]


def test_a_file_that_is_no_table_is_refused_in_one_line(tmp_path):
    marks = of_class(Ada=checked())
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "sheet.csv").write_bytes(b"PK\x03\x04")
    for name, words in (
        ("none.csv", "none.csv: expected"),
        ("empty.csv", "expected"),
        ("sheet.csv", "expected a text"),
    ):
        with pytest.raises(ValueError, match=words):
            marks.fill(tmp_path / name)


# nbgrader -------------------------------------------------------------------------------------------------------------


CELLS = {
    "with the card": """
from tinymlp.widgets import exercise
verdict = exercise("00.weight", weight).verdict
assert verdict, verdict.words
""",
    "with the check alone": """
from tinymlp.teaching.exercises import exercise
verdict = exercise("00.weight").check(weight)
assert verdict, verdict.words
""",
}


@pytest.mark.usefixtures("own_home")
@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_cell_of_nbgrader_around_an_exercise_passes_if_it_is_right_and_says_what_differs_if_not(cell):
    exec(cell, {"weight": 0.1})
    for wrong, words in ((0.2, "that weight comes from input 2"), (None, "there is no answer yet")):
        with pytest.raises(AssertionError, match=words):
            exec(cell, {"weight": wrong})
