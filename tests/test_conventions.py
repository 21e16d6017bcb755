"""Other books write loss, biases and momentum in other ways: right work is right work, and is told its way."""

from dataclasses import replace

import numpy as np
import pytest
import slip_table

import tinymlp as tm
from tinymlp.teaching import homework, paper
from tinymlp.teaching.conventions import CHOICES, OURS, Conventions
from tinymlp.teaching.slips import SAYINGS

X, Y = [[1, 0, 0.5], [0.1, 0.5, 1], [0, 1, 0.7]], [1, 0, 0]
START = {"W1": [[0.4, -0.3], [0.2, 0.2], [-0.5, 0.1]], "b1": [0, -0.4], "W2": [[0.3], [-0.1]], "b2": 0.1}
SQUARED = {"eta": 0.8, "gamma": 0.9, "hidden": "sigmoid", "output": "sigmoid", "loss": "squared"}


def filled(sheet, only="", digits=5):
    """Return the right numbers of a sheet as text; only: the first letters of the stages that are filled in."""
    return {
        (cell.t, cell.name): f"{sheet.solution[cell.t, cell.name]:.{digits}f}"
        for cell in sheet.cells
        if not only or cell.stage[0] in only
    }


# A right sheet is right in every convention --------------------------------------------------------------------------


@pytest.mark.parametrize("name", slip_table.CONVENTIONS)
def test_right_work_in_each_convention_is_right_where_the_sheet_says_so(name):
    assert slip_table.false_alarms(4, conventions=slip_table.CONVENTIONS[name]) == 0


@pytest.mark.parametrize(
    "name", [name for name in slip_table.CONVENTIONS if name not in ("ours", "means over outputs")]
)
def test_right_work_in_another_convention_is_recognised(name):
    seen, right = slip_table.recognised(slip_table.CONVENTIONS[name], 12)
    assert right == seen >= 6


def test_the_mean_over_outputs_is_recognised():
    two = START | {"W2": [[0.3, 0.2], [-0.1, 0.4]], "b2": [0.1, -0.2]}
    sheet = homework.sheet_of(X, [[1, 0], [0, 1], [0, 0]], two, **SQUARED)
    outcome = homework.check(sheet, filled(replace(sheet, conventions=Conventions(outputs="mean"))))
    assert outcome.right
    assert outcome.conventions == ("your text takes the mean over the outputs, where ours sums",)


def test_an_update_after_each_sample_has_a_row_for_that_sample():
    sheet = homework.sheet_of(X, Y, START, **SQUARED, conventions=Conventions(update="sample"), iterations=4)
    rows = {(cell.t, cell.sample) for cell in sheet.cells if cell.sample}
    assert rows == {(1, 1), (2, 2), (3, 3), (4, 1)}
    run = tm.Run(sheet.problem, training=tm.Training(batch=1, shuffle=False)).step(4)
    assert sheet.solution[4, "new w2_11"] == pytest.approx(run.params.W2[0, 0], abs=1e-12)
    assert homework.check(sheet, filled(sheet)).right


@pytest.mark.parametrize("rule", CHOICES["rule"])
def test_each_rule_of_momentum_makes_the_steps_that_the_package_makes(rule):
    sheet = homework.sheet_of(X, Y, START, eta=0.8, gamma=0.9, iterations=3, conventions=Conventions(rule=rule))
    run = tm.Run(sheet.problem, rule=rule).step(3)
    names = [cell.name for cell in sheet.cells if (cell.t, cell.stage) == (3, "w")]
    assert [sheet.solution[3, name] for name in names] == pytest.approx(run.params.flat.tolist(), abs=1e-12)


def test_who_updates_after_each_sample_is_told_so_whatever_else_is_filled_in():
    sheet = homework.sheet_of(X, Y, START, **SQUARED)
    theirs = filled(replace(sheet, conventions=Conventions(update="sample")))
    outcome = homework.check(sheet, theirs)
    assert outcome.right
    assert outcome.conventions == (
        "your text updates after each sample, one in each iteration, where ours takes all at once",
    )
    of_all = {key: text for key, text in filled(sheet, only="zhp").items() if key[0] == 1}  # the other samples too
    assert homework.check(sheet, of_all | theirs).right
    theirs[2, "g w1_11"] = f"{-float(theirs[2, 'g w1_11']):.5f}"
    outcome = homework.check(sheet, theirs)
    assert (outcome.wrong.name, outcome.slips[0]) == ("g w1_11", "sign")


def test_who_averages_the_loss_and_sums_the_gradients_is_told_so():
    sheet = homework.sheet_of(X, Y, START, **SQUARED)
    outcome = homework.check(sheet, filled(replace(sheet, conventions=Conventions(gradients="sum"))))
    assert outcome.right
    assert outcome.conventions == ("your text sums its gradients over the samples, where ours takes their mean",)


@pytest.mark.parametrize("carried", ["the wrong one", "the right one"])
def test_a_blank_after_a_slip_takes_neither_number_for_granted(carried):
    sheet = homework.sheet(7)
    right = filled(sheet, only="zhplg")
    right = {key: text for key, text in right.items() if key[0] == 1}
    wrong = dict(right) | {(1, "g w2_11"): f"{-float(right[1, 'g w2_11']):.5f}"}
    eta, start = sheet.problem.eta, sheet.problem.params.W2[0, 0]
    g = float((wrong if carried == "the wrong one" else right)[1, "g w2_11"])
    wrong[1, "new w2_11"] = f"{start - eta * g:.5f}"  # the velocities stay blank
    assert [cell.name for cell in homework.check(sheet, wrong).wrongs] == ["g w2_11"]


def test_a_convention_is_told_once_and_all_else_is_judged_by_it():
    sheet = homework.sheet_of(X, Y, START, **SQUARED)
    theirs = replace(sheet, conventions=Conventions(slope="whole"))
    outcome = homework.check(sheet, filled(theirs))
    assert outcome.right
    assert str(outcome).count("It seems that") == 1
    assert "your gradients are all twice ours: your text leaves the 1/2 out" in str(outcome)
    table = filled(theirs)
    table[2, "v w1_11"] = f"{-float(table[2, 'v w1_11']):.5f}"
    outcome = homework.check(sheet, table)
    assert outcome.wrong.name == "v w1_11"
    assert outcome.slips[0] == "sign"
    assert "leaves the 1/2 out" in str(outcome)


def test_a_class_gets_its_sheets_in_the_convention_of_its_book(tmp_path):
    theirs = Conventions(rule="average")
    sheets = paper.class_set(["Ada", "Ben"], tmp_path, secret="s", conventions=theirs)
    assert {sheet.conventions for sheet in sheets.values()} == {theirs}
    assert "v ← " in (tmp_path / "Ada.html").read_text(encoding="utf-8")
    assert homework.sheet("Ada", secret="s", conventions=theirs).id != homework.sheet("Ada", secret="s").id


def test_the_marks_of_a_class_say_who_writes_in_another_way():
    sheet = homework.sheet(7)
    outcome = homework.check(sheet, filled(replace(sheet, conventions=Conventions(rule="pytorch"))))
    said = str(paper.Marks({"one": outcome}, {}))
    assert "all right; your velocity is PyTorch's" in said


def test_what_one_iteration_of_two_shows_is_a_slip_and_no_convention():
    sheet = homework.sheet_of(X, Y, START, **SQUARED)
    table = filled(sheet)
    for cell in sheet.cells:
        if (cell.t, cell.stage) == (2, "g"):
            table[2, cell.name] = f"{3 * sheet.solution[2, cell.name]:.5f}"
    outcome = homework.check(sheet, table)
    assert not outcome.conventions
    assert outcome.slips == ("mean",)


@pytest.mark.parametrize("name", ["no 1/2", "sums over samples", "PyTorch's velocity", "Nesterov's"])
def test_slips_are_found_and_named_in_each_convention(name):
    for slip in ("sign", "stale gradient", "gamma", "velocity sign", "slope", "input", "start", "bias"):
        seen, found, named = slip_table.measure(slip, 10, seed=9, conventions=slip_table.CONVENTIONS[name])
        assert found == seen, (slip, name)
        assert seen - named <= 1, (slip, name)


def test_another_value_is_refused():
    with pytest.raises(
        ValueError, match="rule: expected one of 'momentum', 'pytorch', 'average', 'nesterov', got 'adam'"
    ):
        Conventions(rule="adam")
    with pytest.raises(ValueError, match=r"conventions: expected homework\.Conventions\(\.\.\.\), got 'pytorch'"):
        homework.sheet_of(X, Y, START, **SQUARED, conventions="pytorch")


# Shapes as people type them ------------------------------------------------------------------------------------------

KNOWN = {"eta": 0.5, "gamma": 0.9}


def test_a_network_without_biases_never_gets_any():
    sheet = homework.sheet_of([0.5, 0.1, -0.2], [0.6], {"W1": START["W1"], "W2": [0.1, -0.3]}, **KNOWN)
    assert sheet.problem.net == tm.MLP((3, 2, 1), biases="none")
    assert sheet.problem.params.W2.tolist() == [[0.1], [-0.3]]
    assert not [cell for cell in sheet.cells if " b" in cell.name]


def test_weights_as_output_by_input_are_turned_and_that_is_said():
    turned = {"W1": np.transpose(START["W1"]), "b1": START["b1"], "W2": [[0.3, -0.1]], "b2": [0.1]}
    sheet, plain = homework.sheet_of(X, Y, turned, **KNOWN), homework.sheet_of(X, Y, START, **KNOWN)
    assert sheet.problem.params == plain.problem.params
    assert sheet.notes == ("The weights were turned: yours are (units, inputs), ours (inputs, units).",)
    assert "turned" in repr(sheet)
    assert not plain.notes


def test_a_number_for_the_bias_of_a_layer_is_one_bias_that_its_units_share():
    sheet = homework.sheet_of(X, Y, START | {"b1": 0.4}, **KNOWN)
    assert sheet.conventions.biases == "shared"
    each = homework.sheet_of(X, Y, START | {"b1": [0.4, 0.4]}, **KNOWN)
    both = each.solution[1, "g b1_1"] + each.solution[1, "g b1_2"]
    assert [sheet.solution[1, f"g b1_{n}"] for n in (1, 2)] == pytest.approx([both, both])


def test_classes_by_their_number_are_counted_from_0_and_that_is_said():
    three = START | {"W2": [[0.3, 0.1, 0.2], [-0.1, 0.2, 0.5]], "b2": [0, 0, 0]}
    sheet = homework.sheet_of(X[:1], [2], three, **KNOWN, output="softmax")
    assert sheet.problem.y.tolist() == [[0, 0, 1]]
    assert sheet.notes == ("The targets are classes, counted from 0: 2, so class 3 of 3 first.",)
    assert homework.sheet_of(X[:1], [0, 0, 1], three, **KNOWN, output="softmax").problem.y.tolist() == [[0, 0, 1]]
    with pytest.raises(ValueError, match="classes from 0 to 2, counted from 0, or a row of 3 for each sample"):
        homework.sheet_of(X[:1], [3], three, **KNOWN, output="softmax")


def test_a_first_change_of_the_weights_is_the_velocity_before_the_first_iteration():
    first = {"W1": np.full((3, 2), 0.1), "b1": [0, 0], "W2": [0.2, 0.2], "b2": 0}
    sheet = homework.sheet_of(X, Y, START, **KNOWN, velocity=first)
    expected = 0.9 * 0.2 - 0.5 * sheet.solution[1, "g w2_11"]
    assert sheet.solution[1, "v w2_11"] == pytest.approx(expected)
    assert sheet.id != homework.sheet_of(X, Y, START, **KNOWN).id


def test_an_output_of_tanh_has_its_own_slope():
    start = {"W1": [[1.0]], "b1": [0.0], "W2": [[0.5]], "b2": [0.0]}
    sheet = homework.sheet_of([[1.0]], [0.0], start, **KNOWN, hidden="identity", output="tanh", loss="squared")
    assert sheet.solution[1, "p s1"] == pytest.approx(0.462117, abs=1e-6)
    assert sheet.solution[1, "slope2 s1"] == pytest.approx(0.786448, abs=1e-6)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"b2": None}, "start: expected W1, b1, W2, b2, or no biases at all, got W1, b1, W2"),
        (
            {"W2": [0.1, 0.2, 0.3]},
            r"start: expected W1 \(inputs, units\), .*, for 3 inputs, got W1 \(3, 2\), W2 \(3,\)",
        ),
        ({"b1": [1, 2, 3]}, "b1: expected 2 biases, or one that all units share, got shape"),
        ({"W3": [1]}, "start: expected W1, b1, W2, b2, W3, b3, or no biases at all"),
    ],
)
def test_what_fits_in_no_way_is_refused_with_the_form_that_is_wanted(change, words):
    start = {name: value for name, value in (START | change).items() if value is not None}
    with pytest.raises(ValueError, match=words):
        homework.sheet_of(X, Y, start, **KNOWN)


# The printed sheet ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("conventions", "words"),
    [
        (OURS, ["loss (p − y)² / 2. The loss is the mean", "output δ = (p − y) · slope", "v ← 0.9 v − 0.8 g, then w"]),
        (Conventions(loss="whole"), ["loss (p − y)². The loss is the mean", "at the output δ = 2 · (p − y) · slope"]),
        (Conventions(samples="sum"), ["The loss is the sum over the samples", "the sum over the samples of δ"]),
        (Conventions(gradients="sum"), ["The loss is the mean over the samples", "g: the sum over the samples"]),
        (Conventions(outputs="mean"), ["mean of that over the 2 outputs", "the output δ = 0.5 · (p − y) · slope"]),
        (Conventions(biases="shared"), ["All units of a layer share one bias."]),
        (Conventions(rule="pytorch"), ["Step: v ← 0.9 v + g, w ← w − 0.8 v."]),
        (Conventions(rule="average"), ["Step: v ← 0.9 v + 0.1 g, w ← w − 0.8 v."]),
        (Conventions(rule="nesterov"), ["Step: v ← 0.9 v − 0.8 g, w ← w + 0.9 v − 0.8 g."]),
        (Conventions(update="sample"), ["Each iteration looks at one sample: the first, then the next"]),
    ],
)  # fmt: skip
def test_the_printed_sheet_and_its_key_say_what_the_text_does(conventions, words):
    two = START | {"W2": [[0.3, 0.2], [-0.1, 0.4]], "b2": [0.1, -0.2]}
    sheet = homework.sheet_of(X, [[1, 0], [0, 1], [0, 0]], two, **SQUARED, conventions=conventions)
    said, key = paper.markdown(sheet), paper.page(sheet, solved=True)
    for part in words:
        assert part in said
    assert f"{sheet.solution[2, 'new w2_11']:.4f}".replace("-", "−") in key


# The check says what it found ----------------------------------------------------------------------------------------


def test_an_outcome_is_true_only_if_all_is_filled_in_and_right():
    sheet = homework.sheet_of(X, Y, START, **KNOWN)
    assert not homework.check(sheet, {})
    part = homework.check(sheet, filled(sheet, only="z"))
    assert not part
    assert "All 18 numbers are right so far" in str(part)
    assert homework.check(sheet, filled(sheet))


def test_numbers_that_are_cut_off_are_right_and_that_is_said():
    sheet = homework.sheet(7)
    table = {key: f"{np.trunc(value * 1e4) / 1e4:.4f}" for key, value in sheet.solution.items()}
    outcome = homework.check(sheet, table)
    assert outcome.wrong is None
    assert outcome.conventions == ("your numbers are cut off, where ours are rounded",)


def test_two_slips_in_one_sheet_are_both_named():
    sheet = homework.sheet(7)
    table = filled(sheet, only="zhplgvw")
    work = {key: float(value) for key, value in table.items()}
    table[1, "z1_1 s1"] = f"{-work[1, 'z1_1 s1']:.5f}"  # miscopied: the rest goes on with the right one
    table[2, "v w2_11"] = f"{-work[2, 'v w2_11']:.5f}"
    outcome = homework.check(sheet, table)
    assert (outcome.wrong.name, outcome.slips[0]) == ("z1_1 s1", "sign")
    assert [(cell.name, slips[0]) for cell, slips in outcome.further] == [("v w2_11", "sign")]
    assert f"Another one: iteration 2, v w2_11. Likely: {SAYINGS['sign']}" in str(outcome)


def test_the_first_wrong_gradient_is_the_one_nearest_to_the_output():
    sheet = homework.sheet(7)
    table = filled(sheet, only="zhplgvw")
    for name in ("g w1_11", "g w2_11"):
        table[1, name] = f"{-float(table[1, name]):.5f}"
    assert homework.check(sheet, table).wrong.name == "g w2_11"


def test_ours_are_the_first_values_of_each_choice():
    assert all(getattr(OURS, name) == known[0] for name, known in CHOICES.items())


# Slips that the check once had no name for, or a wrong one: the arithmetic is the learner's, not the check's ----------

ONE = {"eta": 0.5, "gamma": 0.9, "hidden": "sigmoid", "output": "sigmoid", "loss": "squared"}


def worked(slip, hidden="sigmoid"):
    """Return (sheet, table) of one iteration of a 3-2-1 network in which the learner makes one slip throughout."""
    sheet = homework.sheet_of(X, Y, START, **ONE | {"hidden": hidden}, iterations=1)
    x, y, (W1, b1, W2, b2) = np.array(X), np.array(Y)[:, None], (np.array(START[k]) for k in ("W1", "b1", "W2", "b2"))
    s = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
    z1 = x @ W1 + b1
    h = s(z1) if hidden == "sigmoid" else z1 * s(-z1 if slip == "exponent of h" else z1)
    z2 = (h @ W2 + b2) * (10 if slip == "z2 ten times" else 1)
    p = s(-z2 if slip == "exponent" else z2)
    slope = h * (1 - h) if hidden == "sigmoid" else s(z1) * (1 + z1 * (1 - s(z1)))
    d2 = (p - y) * (1 if slip in ("output slope", "slopes") else p * (1 - p))
    d1 = d2 @ W2.T * (1 if slip == "slopes" else slope)
    came1, came2 = (np.ones_like(x), np.ones_like(h)) if slip == "input" else (x, h)
    g = np.concatenate([(came1.T @ d1).ravel(), d1.sum(0), (came2.T @ d2).ravel(), d2.sum(0)]) / 3
    stages = {"z1": z1, "h1": h, "z2": z2, "p": p, "losses": (p - y).ravel() ** 2 / 2, "g": g}
    return sheet, {
        (1, cell.name): f"{stages[cell.stage][cell.index]:.5f}" for cell in sheet.cells if cell.stage in stages
    }


@pytest.mark.parametrize(
    ("slip", "hidden", "cell", "name"),
    [
        ("output slope", "sigmoid", "g w2_11", "output slope"),
        ("slopes", "sigmoid", "g w2_11", "slopes"),
        ("input", "sigmoid", "g w2_11", "input"),
        ("exponent", "sigmoid", "p s1", "exponent"),
        ("exponent of h", "silu", "h1_1 s1", "exponent"),
        ("z2 ten times", "sigmoid", "z2 s1", "decimal"),
    ],
)
def test_a_slip_in_the_chain_is_named_where_it_is_made(slip, hidden, cell, name):
    outcome = homework.check(*worked(slip, hidden))
    assert (outcome.wrong.name, outcome.slips[0]) == (cell, name), outcome
    assert not outcome.further


def test_the_same_arithmetic_without_a_slip_is_right():
    assert homework.check(*worked("none", "silu")).wrong is None
    assert homework.check(*worked("none")).wrong is None
