"""Homework: friendly sheets, a check that finds the slip, files of all kinds, and a class."""

import re

import friendly_sheets
import numpy as np
import pytest
import slip_table

import tinymlp as tm
from tinymlp.activations import ACTIVATIONS
from tinymlp.losses import LOSSES
from tinymlp.network import deltas
from tinymlp.teaching import homework, paper
from tinymlp.teaching.formats import MOST
from tinymlp.teaching.slips import SAYINGS
from tinymlp.teaching.tables import safe

SHEET = homework.sheet(7)
RIGHT = {key: f"{value:.4f}" for key, value in SHEET.solution.items()}


def filled_csv(numbers=RIGHT, sheet=SHEET):
    """Return the template of a sheet with these numbers filled in."""
    lines = paper.template(sheet).splitlines()
    keys = [(cell.t, cell.name) for cell in sheet.cells]
    return "\n".join([*lines[:2], *(line + numbers.get(key, "") for line, key in zip(lines[2:], keys, strict=True))])


# Sheets --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("output", "loss"), LOSSES)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_sheets_have_friendly_numbers_and_are_worth_working(hidden, output, loss):
    for seed in range(4):
        sheet = homework.sheet(seed, sizes=(2, 2, 2), hidden=hidden, output=output, loss=loss)
        problem = sheet.problem
        for numbers in (problem.X, problem.params.flat):
            np.testing.assert_allclose(10 * numbers, np.round(10 * numbers), atol=1e-9)
        run = tm.Run(problem).step(2)
        assert run.t == 2
        for t in (0, 1):
            assert abs(run.at(t).grads.flat).min() >= 1e-3
        assert np.ptp(run.losses) > 1e-3


def test_the_same_seed_and_secret_give_the_same_sheet_and_another_secret_does_not():
    assert homework.sheet("Ada").solution == homework.sheet("Ada").solution
    assert homework.sheet("Ada", secret="s").id != homework.sheet("Ada").id
    assert homework.sheet("Ada", secret="s").problem.params != homework.sheet("Ada", secret="t").problem.params


def test_the_solution_is_what_the_package_computes():
    run, problem = tm.Run(SHEET.problem).step(2), SHEET.problem
    assert SHEET.solution[1, "loss"] == pytest.approx(run.losses[0], rel=1e-12)
    assert SHEET.solution[2, "z1_2 s3"] == pytest.approx(run.at(1).trace.z[0][2, 1], rel=1e-12)
    assert SHEET.solution[2, "g w1_12"] == pytest.approx(run.at(1).grads.W1[0, 1], rel=1e-10)
    assert SHEET.solution[2, "v b1_2"] == pytest.approx(run.velocity.b1[0, 1], rel=1e-10)
    assert SHEET.solution[2, "new w2_21"] == pytest.approx(run.params.W2[1, 0], rel=1e-12)
    asked = [cell for cell in SHEET.cells if not cell.optional]
    assert len(asked) == 2 * (3 * 7 + 1 + 3 * problem.net.count)
    assert len(SHEET.cells) == len(SHEET.solution)


def test_the_steps_of_a_gradient_are_on_the_sheet():
    moment = tm.Run(SHEET.problem).step(1).now
    trace, y, right = moment.trace, SHEET.problem.y, SHEET.solution
    assert right[2, "p-y s2"] == pytest.approx((trace.p - y)[1, 0])
    assert right[2, "slope1_2 s2"] == pytest.approx(ACTIVATIONS["silu"][1](trace.z[0], trace.h[1])[1, 1])
    assert right[2, "delta1_2 s2"] == pytest.approx(3 * deltas(trace, y)[0][1, 1])  # of one sample, not of the mean
    own = [right[2, f"delta1_2 s{n}"] for n in (1, 2, 3)]
    assert right[2, "g w1_12"] == pytest.approx(np.mean(SHEET.problem.X[:, 0] * own))
    assert right[2, "old w1_12"] == right[1, "new w1_12"]
    assert right[2, "old v w1_12"] == right[1, "v w1_12"]


def test_options_that_cannot_make_a_sheet_are_refused():
    with pytest.raises(ValueError, match="sheet: expected options"):
        homework.sheet(1, eta=0.0)
    with pytest.raises(ValueError, match="samples: expected"):
        homework.sheet(1, samples=0)


# Checking ------------------------------------------------------------------------------------------------------------


def test_the_slip_table_holds_for_every_slip():
    for slip in SAYINGS:
        seen, found, named = slip_table.measure(slip, sheets=25, seed=5, steps=slip == "weight")
        assert seen >= 5, slip
        assert found >= 0.99 * seen, slip
        assert seen - named <= max(1, 0.05 * seen), slip  # over hundreds of sheets: see tests/slip_table.py


def test_a_right_sheet_rounded_by_hand_is_never_called_wrong():
    assert slip_table.false_alarms(40) == 0
    assert slip_table.false_alarms(12, steps=True) == 0


@pytest.mark.parametrize("figures", [3, 4, 5])
def test_rounding_to_figures_and_leaving_zeros_out_is_fine(figures):
    for seed in range(20):
        sheet = slip_table.random_sheet(seed)
        table = {
            key: f"{float(f'{value:.{figures}g}'):.10f}".rstrip("0").rstrip(".")
            for key, value in sheet.solution.items()
        }
        outcome = homework.check(sheet, table)
        assert outcome.right, outcome


def test_the_first_wrong_number_is_reported_with_its_slip_but_not_the_answer():
    wrong = RIGHT | {(1, "g w1_12"): f"{-SHEET.solution[1, 'g w1_12']:.4f}"}
    outcome = homework.check(SHEET, wrong)
    assert (outcome.wrong.t, outcome.wrong.name, outcome.slips) == (1, "g w1_12", ("sign",))
    assert "the sign is flipped" in str(outcome)
    assert RIGHT[1, "g w1_12"] not in str(outcome)
    assert outcome.answer == pytest.approx(SHEET.solution[1, "g w1_12"], abs=1e-3)


def test_an_early_slip_is_carried_forward():
    rng = np.random.default_rng(0)
    table, made = slip_table.work_out(SHEET, 5, True, "bias", rng)
    outcome = homework.check(SHEET, table)
    assert made is not None
    assert outcome.slips == ("bias",)
    later = {(c.t, c.stage) for c in SHEET.cells} - {made}
    assert outcome.others < 6
    assert len(later) > 10


def test_a_sheet_half_filled_is_judged_as_far_as_it_goes():
    part = {key: value for key, value in RIGHT.items() if key[0] == 1}
    outcome = homework.check(SHEET, part)
    assert outcome.wrong is None
    assert not outcome.right
    assert "55 cells are still empty" in str(outcome)
    assert "Nothing is filled in" in str(homework.check(SHEET, {}))


def asked_for(sheet):
    """Return the cells of a sheet without the steps in between, as (iteration, name)."""
    return [(cell.t, cell.name) for cell in sheet.cells if not cell.optional]


def test_the_steps_in_between_may_be_left_out():
    outcome = homework.check(SHEET, {key: RIGHT[key] for key in asked_for(SHEET)})
    assert outcome.right
    assert str(outcome) == "All 110 numbers are right."
    some = {key: RIGHT[key] for key in [*asked_for(SHEET), (1, "delta1_1 s1"), (2, "p-y s3")]}
    assert str(homework.check(SHEET, some)) == "All 112 numbers are right."
    assert str(homework.check(SHEET, {(1, "p-y s1"): RIGHT[1, "p-y s1"]})) == (
        "Your one number is right so far; 110 cells are still empty."
    )


@pytest.mark.parametrize(
    ("cell", "wrong", "slip"),
    [
        ((1, "p-y s1"), lambda right: -right[1, "p-y s1"], "sign"),
        ((1, "slope1_1 s1"), lambda right: ACTIVATIONS["sigmoid"][1](0, 1 / (1 + np.exp(0.58))), "other slope"),
        ((1, "delta1_2 s2"), lambda right: right[1, "delta1_2 s2"] / right[1, "slope1_2 s2"], "slope"),
        ((1, "delta1_2 s2"), lambda right: right[1, "p-y s2"] * right[1, "slope1_2 s2"], "weight"),
        ((2, "old w1_11"), lambda right: SHEET.problem.params.W1[0, 0], "start"),
        ((2, "new b2_1"), lambda right: SHEET.problem.params.b2[0, 0] + right[2, "v b2_1"], "start"),
    ],
)
def test_a_slip_in_a_step_is_named_where_it_is_made(cell, wrong, slip):
    outcome = homework.check(SHEET, RIGHT | {cell: f"{wrong(SHEET.solution):.4f}"})
    assert (outcome.wrong.t, outcome.wrong.name) == cell
    assert outcome.slips[0] == slip, outcome


def test_a_softmax_of_one_output_is_refused_with_the_reason():
    with pytest.raises(ValueError, match=r"sizes: expected two outputs or more, .*, got \(3, 2, 1\)"):
        homework.sheet("Ada", output="softmax")


def test_a_flipped_sign_is_named_though_the_next_units_weight_would_give_it_too():
    sheet = homework.sheet(1)
    assert sheet.problem.params.W2.sum() == 0  # so that the neighbour's weight is this one's with the other sign
    right = {key: f"{value:.4f}" for key, value in sheet.solution.items()}
    cells = [cell.name for cell in sheet.cells if cell.t == 1 and cell.name.startswith("g w1")]
    for name in cells:
        outcome = homework.check(sheet, right | {(1, name): f"{-sheet.solution[1, name]:.4f}"})
        assert outcome.slips[0] == "sign", outcome


def test_a_gradient_is_judged_from_the_learners_own_delta():
    own = {key: RIGHT[key] for key in RIGHT if key[0] == 1 and not key[1].startswith(("g ", "v ", "new "))}
    own |= {(1, f"delta1_1 s{n}"): f"{SHEET.solution[1, f'delta1_1 s{n}'] + 0.1:.4f}" for n in (1, 2, 3)}
    own[1, "g w1_11"] = f"{SHEET.solution[1, 'g w1_11'] + 0.1 * SHEET.problem.X[:, 0].mean():.4f}"
    wrong = [cell.name for cell in homework.check(SHEET, own).wrongs]
    assert wrong == ["delta1_1 s1", "delta1_1 s2", "delta1_1 s3"]


def test_deltas_may_be_divided_by_the_number_of_samples():
    divided = {key: f"{SHEET.solution[key] / 3:.5f}" for key in RIGHT if key[1].startswith("delta")}
    assert homework.check(SHEET, RIGHT | divided).right


@pytest.mark.parametrize(
    ("right", "written"),
    [("-0.8800", "-0.8080"), ("-0.5800", "-0.8500"), ("-0.6200", "-0.2600")],
)
def test_exchanged_digits_are_named_and_what_follows_from_the_right_number_is_not_called_wrong(right, written):
    cell = next(key for key, value in RIGHT.items() if value == right)
    outcome = homework.check(SHEET, RIGHT | {cell: written})
    assert (outcome.wrong.t, outcome.wrong.name) == cell
    assert "two digits are exchanged" in str(outcome)
    assert outcome.others == 0
    assert len(outcome.follow) > 1
    assert f"{len(outcome.follow)} further on are off only because of this number: put it right" in str(outcome)


def test_two_miscopied_numbers_are_two_wrong_numbers():
    outcome = homework.check(SHEET, RIGHT | {(1, "z1_2 s1"): "-0.0880", (2, "z2 s1"): "7"})
    assert [(cell.t, cell.name) for cell in outcome.wrongs] == [(1, "z1_2 s1"), (2, "z2 s1")]
    assert "further on are off only because of these: put them right" in str(outcome)


def test_a_number_miscopied_after_a_slip_does_not_spoil_the_rest():
    table, _ = slip_table.work_out(SHEET, 4, True, "mean", np.random.default_rng(3))
    before = homework.check(SHEET, table)
    place = (2, "z1_1 s1")
    outcome = homework.check(SHEET, table | {place: f"{float(table[place]) + 0.3:.4f}"})
    assert len(outcome.wrongs) == len(before.wrongs) + 1


def test_a_right_sheet_with_blanks_and_mixed_decimals_is_never_called_wrong():
    rng = np.random.default_rng(0)
    for seed in range(40):
        sheet = slip_table.random_sheet(seed)
        keys = list(sheet.solution)
        kinds = {
            "no velocities": [key for key in keys if not key[1].startswith("v ")],
            "half of them": [keys[n] for n in sorted(rng.choice(len(keys), len(keys) // 2, replace=False))],
            "new values only": [key for key in keys if key[1].startswith("new ")],
        }
        for kind, kept in kinds.items():
            outcome = homework.check(sheet, {key: f"{sheet.solution[key]:.4f}" for key in kept})
            assert outcome.wrong is None, (kind, seed, outcome)
        for kind, digits in (
            ("later", lambda t, n: 2 if t == 2 else 4),
            ("random", lambda t, n: int(rng.integers(2, 6))),
        ):
            mixed = {(t, name): f"{value:.{digits(t, name)}f}" for (t, name), value in sheet.solution.items()}
            outcome = homework.check(sheet, mixed)
            assert outcome.wrong is None, (kind, seed, outcome)


def test_large_numbers_rounded_to_figures_are_right():
    sheet = homework.sheet_of([[1234.0]], [[0.0]], {"W1": [[8.916]], "b1": 1.0}, eta=1e-8, gamma=0.5, iterations=1,
                              output="identity", loss="squared")  # fmt: skip
    table = {key: f"{float(f'{value:.3g}'):.10f}".rstrip("0").rstrip(".") for key, value in sheet.solution.items()}
    assert homework.check(sheet, table).wrong is None, table


def test_own_sheets_with_different_content_have_different_ids():
    start = {"W1": [[0.5]], "b1": 0.1}
    one, two = (homework.sheet_of([[x]], [[1.0]], start, eta=0.1, gamma=0.5) for x in (1.0, 2.0))
    assert one.id != two.id


def test_a_sheet_from_elsewhere_is_checked_the_same_way():
    problem = tm.worked_example()
    start = {name: problem.params[name].tolist() for name in problem.net.shapes} | {"b1": [0, -0.4], "b2": 0.1}
    sheet = homework.sheet_of(problem.X, [1, 0, 0], start, eta=0.8, gamma=0.9)
    assert sheet.problem.params == problem.params
    table = {key: f"{value:.6f}" for key, value in sheet.solution.items()}
    assert homework.check(sheet, table).right
    assert sheet.solution[2, "loss"] == pytest.approx(0.6649423612035917)
    with pytest.raises(ValueError, match="start: expected a dict"):
        homework.sheet_of(problem.X, [1, 0, 0], [1, 2], eta=0.8, gamma=0.9)


# Files ---------------------------------------------------------------------------------------------------------------


def variants():
    text = filled_csv()
    head, *rows = text.split("\n")
    semicolons = "\n".join([head, *(row.replace(",", ";").replace(".", ",") for row in rows)])
    yield "as written", text
    yield "semicolons and decimal commas", semicolons
    yield "tabs", "\n".join([head, *(row.replace(",", "\t") for row in rows)])
    yield "windows line ends and a byte-order mark", "\ufeff" + text.replace("\n", "\r\n")
    yield "blank rows", text.replace("\n", "\n,,,\n\n")
    yield "true minus signs and spaces", text.replace("-0.", "\N{MINUS SIGN} 0.")
    yield (
        "capital headings, other order",
        "\n".join([head, "Value,Cell,Iteration", *(f"{RIGHT[c.t, c.name]},{c.name},{c.t}" for c in SHEET.cells)]),
    )


@pytest.mark.parametrize(("kind", "text"), list(variants()))
def test_tables_are_read_as_spreadsheets_write_them(tmp_path, kind, text):
    assert homework.check(SHEET, text).right, kind
    path = tmp_path / "filled.csv"
    path.write_bytes(text.encode("utf-8"))
    assert homework.check(SHEET, path).right
    assert homework.check(SHEET, str(path)).right


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            filled_csv(RIGHT | {(1, "z1_2 s1"): "=1+1"}),
            ["row 4", "column value", "the formula '=1+1'", "write its result"],
        ),
        (filled_csv(RIGHT | {(1, "z1_2 s1"): "about 3"}), ["row 4", "column value", "a number", "'about 3'"]),
        (filled_csv().replace("iteration,cell", "iteration,box"), ["row 2", "iteration, cell, value", "box"]),
        (filled_csv().replace(SHEET.id, "tm-000000"), [f"the sheet {SHEET.id}", "the sheet tm-000000"]),
        (filled_csv().replace("1,z1_1 s1", "one,z1_1 s1"), ["row 3", "column iteration", "'one'"]),
        (filled_csv().replace("z1_2 s1,", "z9_9 s1,", 1), ["row 4", "a cell of this sheet", "z9_9 s1"]),
        (filled_csv() + "\n1,z1_1 s1,again,0.5", ["row 165", "each cell once"]),
        ("", ["an empty table"]),
        ("\n\n  \n", ["an empty table"]),
        ("# sheet\n", ["headings and rows"]),
        ("x" * (MOST + 1), ["at most", str(MOST + 1)]),
        (filled_csv(RIGHT | {(1, "z1_2 s1"): "1e999"}), ["row 4", "ordinary size"]),
        (filled_csv(RIGHT | {(1, "z1_2 s1"): "0e4000"}), ["row 4", "a number", "0e4000"]),
        (filled_csv(RIGHT | {(1, "z1_2 s1"): "9" * 500}), ["row 4", "ordinary size"]),
        (filled_csv().replace("1,z1_1 s1", "²,z1_1 s1"), ["row 3", "column iteration", "²"]),
        (filled_csv().replace("1,z1_2 s1,", '1,"z1_2 s1,'), ["row", "quotation marks"]),
    ],
)
def test_what_cannot_be_read_is_reported_with_its_place(text, words):
    with pytest.raises(ValueError, match="expected") as caught:
        homework.check(SHEET, text)
    for word in words:
        assert word in str(caught.value)


def test_noise_and_binary_files_are_refused(tmp_path):
    rng = np.random.default_rng(0)
    for name, content in (("big.csv", b"7" * 10_000_000), ("photo.csv", rng.bytes(5_000)), ("nothing.csv", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError, match="expected"):
            homework.check(SHEET, tmp_path / name)
    for seed in range(200):
        letters = "".join(np.random.default_rng(seed).choice(list("0123456789,;.\n\t\"'=-+eE z_s"), 400))
        with pytest.raises(ValueError, match="expected"):
            homework.check(SHEET, letters + "\n")
    with pytest.raises(ValueError, match=r"gone\.csv: expected a file"):
        homework.check(SHEET, tmp_path / "gone.csv")
    with pytest.raises(ValueError, match="table: expected"):
        homework.check(SHEET, 5)
    with pytest.raises(ValueError, match="sheet: expected a Sheet"):
        homework.check("tm-1", RIGHT)


def test_a_file_that_is_not_there_or_of_another_sheet_gives_one_plain_line(tmp_path, monkeypatch, capsys):
    from IPython.core.interactiveshell import InteractiveShell

    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    shell = InteractiveShell(user_ns={"homework": homework, "paper": paper, "sheet": SHEET})
    shell.history_manager.enabled = False
    (tmp_path / "other.csv").write_text(paper.template(homework.sheet(8)), encoding="utf-8")
    (tmp_path / "photo.csv").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "folder.csv").mkdir()
    monkeypatch.chdir(tmp_path)
    for call, words in (
        (
            "homework.check(sheet, 'gone.csv')",
            f"gone.csv: expected a file, got none: No such file or directory in {tmp_path}",
        ),
        ("homework.check(sheet, 'other.csv')", "this is a different sheet"),
        ("homework.check(sheet, 'photo.csv')", "UTF-8"),
        ("homework.check(sheet, 'folder.csv')", "Is a directory"),
        ("homework.check(sheet, 'my sheet')", "my sheet: expected a file .csv, .xlsx, .ods, .txt"),
        ("homework.check(sheet, 'my sheet.xlsx')", "my sheet.xlsx: expected a file, got none"),
        ("homework.check(sheet, {(1, 'z1_1 s1'): 'about 3'})", "expected a number"),
        (
            "paper.save(sheet, 'nowhere/my sheet')",
            "my sheet.html: expected a folder that it can be written to, got 'nowhere'",
        ),
        ("paper.class_set(['Ada'], 'other.csv', secret='s')", "folder: expected one that can be made, got 'other.csv'"),
        ("paper.mark('nowhere', {'Ada': sheet})", f"got none at {tmp_path / 'nowhere'}"),
    ):
        assert not shell.run_cell(call).success
        said = capsys.readouterr().out.strip()
        assert words in said
        assert "\n" not in said


# Paper and class -----------------------------------------------------------------------------------------------------


def test_a_page_has_the_task_the_numbers_and_a_box_for_every_cell():
    page = paper.page(SHEET, "Ada <b>")
    assert page.count('<td class="blank">') == len(SHEET.cells)
    assert "Ada &lt;b&gt;" in page
    assert SHEET.id in page
    for number in ("0.6", "v ← 0.5 v − 0.4 g", "w¹₁₂"):
        assert number in page
    key = paper.page(SHEET, solved=True)
    assert key.count('<td class="blank">') == 0
    assert RIGHT[2, "new b2_1"] in key
    text = paper.markdown(SHEET)
    assert text.count("| w¹₁₂ |") == 3
    assert "| sample 3 |" in text


def test_a_sheet_on_paper_leads_from_the_loss_to_every_gradient_and_asks_for_nothing_else():
    for text in (paper.page(SHEET), paper.markdown(SHEET)):
        for words in (
            "e<sup>−z</sup>",
            "p − y",
            "slope¹₂",
            "δ¹₁",
            "old value",
            "old v",
            "the mean over the samples of δ",
        ):
            assert words in text
        assert "e^" not in text
    assert "| mean loss | – | – | – | – | – | – |   |" in paper.markdown(SHEET)
    assert '<th colspan="7">mean loss</th><td class="blank"></td></tr>' in paper.page(SHEET)
    assert "| w¹₁₁ | 0.6 | 0 |   |   |   |" in paper.markdown(SHEET)  # what the first iteration starts from is given
    softmax = paper.markdown(homework.sheet(1, sizes=(2, 2), output="softmax"))
    assert "p = e<sup>z</sup> over the sum of e<sup>z</sup>" in softmax


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\t=1"])
def test_texts_that_a_spreadsheet_would_compute_are_written_as_texts(text):
    assert safe(text).startswith("'")
    assert safe("Ada") == "Ada"
    assert safe("") == ""


def test_no_sheet_of_hundreds_of_names_has_equal_targets_a_zero_gradient_or_a_dead_unit():
    # Of 10,000 names: see tests/friendly_sheets.py
    for name, options in friendly_sheets.KINDS.items():
        assert friendly_sheets.count(range(250), options) == dict.fromkeys(friendly_sheets.FAULTS, 0), name
    # And it would be noticed.
    problem = homework.sheet("Ada", hidden="relu").problem
    dead = problem.net.params(**{n: problem.params[n] - (9 if n == "b1" else 0) for n in problem.net.shapes})
    spoilt = tm.Problem(problem.net, problem.X, np.zeros_like(problem.y), dead, problem.eta, problem.gamma)
    assert friendly_sheets.faults(homework.Sheet(spoilt, 2, "tm-0")) == set(friendly_sheets.FAULTS)


@pytest.mark.parametrize("options", [{"output": "softmax", "sizes": (2, 2, 3), "samples": 2}, {"samples": 1}])
def test_small_sheets_can_be_made_still(options):
    assert homework.sheet(1, **options).problem.y.size


def test_saving_a_sheet_says_where_it_is(tmp_path):
    said = paper.save(homework.sheet(1), tmp_path / "my sheet")
    assert repr(said) == (
        f"my sheet.html, to print, and my sheet.xlsx or my sheet.csv, to fill in, are in the folder {tmp_path}."
    )
    assert (tmp_path / "my sheet.csv").exists()
    assert (tmp_path / "my sheet.xlsx").exists()


def test_a_sheet_writes_its_formulas_as_the_lessons_do():
    text = paper.markdown(homework.sheet(7))
    assert "h = z s, slope s + z s (1 − s), with s = σ(z)" in text
    assert "for a hidden unit δ = slope · w · (the output's δ)." in text
    assert "the sum of (w · δ)" in paper.markdown(homework.sheet(7, sizes=(2, 2, 2)))
    assert re.search(r"Sheet tm-\w+: its name is made from the seed", text)
    assert "s = σ" not in paper.markdown(homework.sheet(7, hidden="tanh"))


def test_a_number_that_no_slip_gives_is_found_and_gets_no_name():
    named = 0
    for seed in range(40):
        rng, sheet = np.random.default_rng(1000 + seed), slip_table.random_sheet(seed)
        table, _ = slip_table.work_out(sheet, 4, True)
        place = list(table)[int(rng.integers(len(table)))]
        value = float(table[place])
        table[place] = f"{value + rng.choice([-1, 1]) * rng.uniform(0.05, 1) * max(abs(value), 0.1):.4f}"
        outcome = homework.check(sheet, table)
        assert (outcome.wrong.t, outcome.wrong.name) == place
        named += bool(outcome.slips or outcome.conventions)
    assert named <= 1  # 1 of 180 when it was measured


def test_a_number_that_was_miscopied_counts_once():
    counts = []
    for seed in range(40):
        rng, sheet = np.random.default_rng(seed), slip_table.random_sheet(seed)
        table, _ = slip_table.work_out(sheet, 4, True)
        place = list(table)[int(rng.integers(len(table)))]
        table[place] = f"{float(table[place]) + 0.3:.4f}"
        outcome = homework.check(sheet, table)
        assert (outcome.wrong.t, outcome.wrong.name) == place
        counts.append(len(outcome.wrongs))
    assert np.mean(counts) < 1.15
