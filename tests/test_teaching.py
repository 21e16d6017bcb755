"""Predictions that are locked and kept, exercises with three outcomes, and the faded example."""

import json
import math
import re
import subprocess
import sys

import ipywidgets as w
import numpy as np
import pytest

import tinymlp as tm
from tinymlp.teaching import exercises, homework, keep, paper
from tinymlp.teaching.judges import number_is
from tinymlp.teaching.predictions import FILE, Prediction, calibration
from tinymlp.views import CalibrationChart
from tinymlp.widgets import ProgressBar, faded, panel, predict

pytestmark = pytest.mark.usefixtures("own_home")
QUESTION = "Which way will it go?"


def asked(name="t.way"):
    return Prediction(name, QUESTION, "down")


# Predictions ---------------------------------------------------------------------------------------------------------


def test_a_guess_is_locked_for_good_and_then_the_truth_is_told():
    prediction = asked()
    with pytest.raises(ValueError, match="truth: expected a locked guess first"):
        _ = prediction.truth
    prediction.lock("up", sure=80)
    assert (prediction.guess, prediction.truth, prediction.right) == ("up", "down", False)
    assert prediction.outcome() == 'You said "up". The answer is "down": not what you expected.'
    with pytest.raises(ValueError, match="guess: expected none, as 'up' is already locked"):
        prediction.lock("down")
    assert prediction.guess == "up"


def test_of_two_cards_for_one_question_the_first_guess_holds():
    first, second = asked(), asked()
    first.lock("up")
    with pytest.raises(ValueError, match="guess: expected none, as 'up' is already locked"):
        second.lock("down")
    assert second.guess == asked().guess == "up"


def test_a_truth_that_fails_locks_nothing():
    prediction = Prediction("t.bad", "How much?", lambda: 1 / 0, kind="number")
    with pytest.raises(ZeroDivisionError):
        prediction.lock(1.0)
    assert not prediction.locked
    assert not Prediction("t.bad", "How much?", 1.0).locked


def test_a_guess_locked_by_a_program_with_any_certainty_is_shown():
    asked().lock("up", sure=75)
    assert predict("t.way", QUESTION, "down").sure.value == 75


def test_a_number_is_reported_with_its_gap_and_a_truth_may_be_worked_out_late():
    prediction = Prediction("t.n", "How much?", lambda: 0.5, kind="number", unit=" m")
    prediction.lock(0.75)
    assert prediction.outcome() == "You said 0.75 m. It is 0.5 m: 0.25 m apart."
    assert not prediction.right
    assert Prediction("t.m", "How much?", 2.0).kind == "number"


def test_a_guess_survives_a_restart_and_may_be_asked_anew():
    asked().lock("stays")
    assert asked().guess == "stays"
    assert not Prediction("t.way", "Another question?", "down").locked
    again = asked()
    again.again()
    assert not asked().locked
    again.lock("down")
    assert asked().guess == "down"
    assert len(keep.read(FILE)[0]) == 3


def test_two_notebooks_at_once_lose_nothing():
    code = (
        "import sys; from tinymlp.teaching import keep\n"
        "for n in range(300): keep.add('both.jsonl', {'who': sys.argv[1], 'n': n, 'pad': 'x' * 200})"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, who]) for who in "ab"]
    assert [process.wait() for process in both] == [0, 0]
    records, message = keep.read("both.jsonl")
    assert message == ""
    assert sorted((r["who"], r["n"]) for r in records) == sorted((who, n) for who in "ab" for n in range(300))


def test_a_damaged_line_is_set_aside_and_nothing_else_is_lost(own_home):
    asked().lock("up")
    with open(own_home / FILE, "ab") as file:
        file.write(b'{"name": "torn", "gue')
    Prediction("t.other", "And this?", 1.0).lock(2.0)
    prediction = asked()
    assert prediction.guess == "up"
    assert Prediction("t.other", "And this?", 1.0).guess == 2.0
    assert "1 damaged line" in prediction.message
    assert (own_home / (FILE + keep.DAMAGED)).read_bytes() == b'{"name": "torn", "gue\n'
    assert json.loads((own_home / FILE).read_bytes().splitlines()[0])["guess"] == "up"


def test_reading_survives_lines_of_any_kind(own_home):
    asked().lock("up")
    with open(own_home / FILE, "ab") as file:
        file.write(b'{"name": [], "question": 3}\n' + b"[" * 100_000 + b"\n\xff\xfe\n[1, 2]\n")
    assert asked().guess == "up"
    keep.add(exercises.FILE, {"name": []})
    assert exercises.progress().startswith(f"0 of {len(exercises.EXERCISES)}")
    assert calibration() == []


def test_a_panel_that_waits_starts_at_the_start():
    with pytest.raises(ValueError, match="after: expected a run at its start"):
        panel(tm.Run(tm.worked_example()).step(2), after=asked())


def test_a_guess_that_no_longer_fits_is_reported_and_can_be_made_again():
    keep.add(FILE, {"name": "t.way", "question": QUESTION, "guess": 7})
    prediction = asked()
    assert not prediction.locked
    assert "could not be read" in prediction.message


@pytest.mark.parametrize(
    ("call", "beginning"),
    [
        (lambda: Prediction("x", "?", 1, kind="colour"), "kind: expected"),
        (lambda: Prediction("x", "?", "a", options=("a",)), "options: expected at least two"),
        (lambda: asked().lock("left"), "guess: expected one of 'up', 'down', 'stays'"),
        (lambda: asked().lock("up", sure=120), "sure: expected"),
        (lambda: Prediction("x", "?", 1.0).lock("many"), "guess: expected"),
        (lambda: panel(tm.Run(tm.worked_example()), after="soon"), "after: expected a prediction"),
        (lambda: exercises.exercise("99.no"), "name: expected one of"),
        (lambda: faded("sheet"), "sheet: expected a Sheet"),
    ],
)
def test_what_does_not_fit_is_refused(call, beginning):
    with pytest.raises(ValueError, match="expected") as caught:
        call()
    assert str(caught.value).startswith(beginning)


def test_certainty_is_compared_with_being_right():
    for n, (sure, guess) in enumerate([(60, "up"), (60, "down"), (90, "down"), (100, "down"), (None, "down")]):
        asked(f"t.{n}").lock(guess, sure)
    anew = asked("t.1")
    anew.again()
    anew.lock("down", 100)  # the truth was known by then: it does not count
    rows = calibration()
    assert rows == [(60, 2, 0.5), (90, 1, 1.0), (100, 1, 1.0)]
    chart = CalibrationChart(rows)
    assert "60 % sure: 50 % right of 2" in chart.describe()
    assert chart.png()[:4] == b"\x89PNG"


# Their cards ---------------------------------------------------------------------------------------------------------


def test_a_panel_waits_for_the_prediction_and_opens_with_it():
    card = predict("t.way", QUESTION, "down")
    board = panel(tm.Run(tm.worked_example()), after=card)
    step, slider = board.controls["step"].widget, board.controls["eta"].dial.slider
    assert step.disabled
    assert slider.disabled
    step.click()
    board.picture._heard(None, {"go": "step"}, [])
    board.picture._heard(None, {"picked": "pick-W1-0-1"}, [])
    assert (board.run.t, board.look.chosen) == (0, ("W1", (0, 0)))
    assert "opens when your prediction is locked" in board.picture.status
    card.lock.click()
    assert "Choose an answer first" in card.outcome.value
    card.guess.value, card.sure.value = "up", 90
    card.lock.click()
    assert not step.disabled
    assert board.controls["back"].widget.disabled
    assert card.lock.disabled
    assert "The answer is &quot;down&quot;" in card.outcome.value
    step.click()
    assert board.run.t == 1


def test_lists_of_a_card_always_show_a_choice_or_ask_for_one():
    card = predict("t.list", QUESTION, "down")
    assert (card.guess.label, card.sure.label) == ("choose ...", "how sure?")
    card.guess.value = "up"
    card.lock.click()
    assert (card.guess.label, card.sure.label) == ("up", "how sure?")
    assert card.prediction.sure is None
    card.again.click()
    assert (card.guess.label, card.sure.label) == ("choose ...", "how sure?")


def test_a_card_describes_itself_and_asks_again():
    card = predict("t.number", "How many?", 11)
    said = "Predict first: How many?\nNo guess is locked yet. Run this cell to choose and lock one."
    assert card._repr_mimebundle_()["text/plain"] == said
    for nothing in ("", "many"):
        card.guess.value = nothing
        card.lock.click()
        assert not card.prediction.locked
        assert card.outcome.value
    card.guess.value = "12,5"
    card.lock.click()
    assert card.prediction.guess == 12.5
    assert predict("t.number", "How many?", 11).guess.value == "12.5"
    card.again.click()
    assert not card.prediction.locked
    assert not card.lock.disabled


# Exercises -----------------------------------------------------------------------------------------------------------


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def silu(z):
    return z * sigmoid(z)


def ahead(x, W1, b1, W2, b2, bend=silu):
    return bend(x @ W1 + b1) @ W2 + b2


def slope(s):
    return s * (1 - s)


def silu_slope(z):
    return sigmoid(z) + z * slope(sigmoid(z))


def in_a_row(v, w_, x_, y, **changed):
    h = sigmoid(v * x_)
    factors = {"w": w_, "slope": h * (1 - h), "x": x_} | changed
    return (sigmoid(w_ * h) - y) * factors["w"] * factors["slope"] * factors["x"]


def uphill(w, slope, eta, steps):
    for _ in range(steps):
        w = w + eta * slope(w)
    return w


def overwritten(z, y):
    z[:] = (sigmoid(z) - y) / len(y)
    return z


def in_place(w, v, g, eta, gamma):
    v *= gamma
    v -= eta * g
    return w + v, v


WRONG = {
    "00.weight": [
        (-0.5, "leads to hidden unit 1"),
        (0.2, "comes from input 2"),
        (-0.1, "to the output"),
        (7, "should be smaller"),
        ("low", "expected one number"),
    ],
    "00.loss": [
        (0.5273, "eta = 0.8"),
        (0.2673, "after 4 steps"),
        (0.0300, "after 6 steps"),
        (1.0, "should be smaller"),
        ("low", "expected one number"),
    ],
    "01.neuron": [
        (lambda w, b, x: sigmoid(w * x), "the bias is missing"),
        (lambda w, b, x: w * x + b, "the sigmoid is missing"),
        (lambda w, b, x: 1 / (1 + np.exp(w * x + b)), "check its sign"),
        (lambda w, b, x: sigmoid(w + x + b), "added, not multiplied"),
        (lambda w, b, x: [0.5], "shape"),
        (0.5, "expected a function"),
    ],
    "01.threshold": [
        ((3, 9), "crosses 0.5 at x = -3"),
        ((3, -3), "further left"),
        ((1, -5), "further right"),
        ((-3, 9), "must be positive"),
        ((1, -3), "steeper"),
        (7, "expected two numbers"),
    ],
    "02.forward": [
        (lambda *a: sigmoid(ahead(*a, bend=lambda z: z)), "no activation"),
        (lambda *a: sigmoid(ahead(*a, bend=sigmoid)), "not a sigmoid"),
        (ahead, "the last sigmoid is missing"),
        (lambda x, W1, b1, W2, b2: sigmoid(ahead(x, W1, b1, W2, 0)), "bias b2 is missing"),
        (lambda x, W1, b1, W2, b2: sigmoid(ahead(x, W1, 0, W2, b2)), "biases b1 are missing"),
        (lambda x, W1, b1, W2, b2: [0.5, 0.5], "expected one number, got an array"),
    ],
    "02.half": [(1.52, "check its sign"), (-1.24, "hidden unit 2 adds"), (-0.28, "bias of the output"), (5, "smaller")],
    "03.cost": [
        (lambda p, y: -np.log(p), "1 - p"),
        (lambda p, y: y * np.log(p) + (1 - y) * np.log(1 - p), "the minus is missing"),
        (lambda p, y: (p - y) ** 2, "squared error"),
        (lambda p, y: (p - y) ** 2 / 2, "half the squared"),
        (lambda p, y: -y * np.log10(p) - (1 - y) * np.log10(1 - p), "base 10"),
        (lambda p, y: -np.log(p if y == 0 else 1 - p), "are swapped"),
    ],
    "03.mean": [(4.82, "divide by the number"), (0.33, "error rate"), (0.51, "each cost first"), (4.61, "alone")],
    "04.middle": [
        (lambda f, w, epsilon: f(w + epsilon) - f(w - epsilon), "divide by how far"),
        (lambda f, w, epsilon: (f(w - epsilon) - f(w + epsilon)) / (2 * epsilon), "sign is flipped"),
        (lambda f, w, epsilon: (f(w + epsilon) - f(w - epsilon)) / epsilon, "how far is it from"),
        (lambda f, w, epsilon: (f(w + epsilon) - f(w)) / epsilon, "begins at w"),
    ],
    "04.nudge": [
        (0.0019, "higher or lower"),
        (0.1914, "that is the gradient"),
        (-0.0191, "decimal point"),
        (-1, "larger"),
    ],
    "05.gradient": [
        (lambda w, b, x, y: sigmoid(w * x + b) - y, "one factor is missing"),
        (lambda w, b, x, y: (sigmoid(w * x + b) - y) * w, "x, not w"),
        (lambda w, b, x, y: (y - sigmoid(w * x + b)) * x, "sign is flipped"),
        (lambda w, b, x, y: (sigmoid(w * x + b) - 1) * x, "right where y is 1"),
        (lambda w, b, x, y: (sigmoid(w * x + b) - y) * x * sigmoid(w * x + b) * sigmoid(-w * x - b), "twice"),
    ],
    "05.chain": [
        (lambda v, w, x, y: in_a_row(v, w, x, y, w=1), "of h is missing: w"),
        (lambda v, w, x, y: in_a_row(v, w, x, y, slope=1), "the slope of the first sigmoid is missing"),
        (lambda v, w, x, y: in_a_row(v, w, x, y, x=1), "is missing: x"),
        (lambda v, w, x, y: (sigmoid(w * sigmoid(v * x)) - y) * sigmoid(v * x), "that is the slope for w"),
        (lambda v, w, x, y: in_a_row(v, w, x, 1), "right where y is 1"),
        (lambda v, w, x, y: in_a_row(v, w, x, y) * slope(sigmoid(w * sigmoid(v * x))), "you have it twice"),
        (lambda v, w, x, y: in_a_row(v, w, x, y, slope=silu_slope(v * x)), "that is SiLU's slope"),
        (lambda v, w, x, y: -in_a_row(v, w, x, y), "sign is flipped"),
    ],
    "06.delta": [
        (lambda dz2, W2, h1: dz2 @ W2.T, "activation's slopes are missing"),
        (lambda dz2, W2, h1: dz2 @ W2.T * h1, "not by h1"),
        (lambda dz2, W2, h1: dz2 @ W2.T * (1 - h1), "half the slope"),
        (lambda dz2, W2, h1: dz2 * h1 * (1 - h1), "the weights W2 are missing"),
        (lambda dz2, W2, h1: dz2 @ W2.T * silu_slope(h1), "that is SiLU's slope"),
        (lambda dz2, W2, h1: dz2 * W2 * h1 * (1 - h1), "(4, 1) and (3, 1)"),
        (lambda dz2, W2, h1: dz2 * h1 @ W2, "shape should be (4, 3)"),
        (lambda dz2, W2, h1: dz2 @ W2, "a has 1 columns and b has 3 rows"),
    ],
    "06.gradients": [
        (lambda h, dz: (h.T @ dz / len(h), dz.mean(axis=0, keepdims=True)), "db: the sum"),
        (lambda h, dz: (dz.T @ h, dz.sum(axis=0, keepdims=True)), "turn the product round"),
        (lambda h, dz: (h.T @ dz, dz.sum(axis=0)), "db: the shape should be (1, 2)"),
        (lambda h, dz: h.T @ dz, "two results: dW and db"),
    ],
    "07.descend": [
        (lambda w, slope, eta, steps: w - eta * slope(w), "one step"),
        (lambda w, slope, eta, steps: w - steps * eta * slope(w), "again at each step"),
        (lambda w, slope, eta, steps: uphill(w, slope, eta, steps), "uphill"),
        (lambda w, slope, eta, steps: uphill(w, slope, -1, steps), "eta is missing"),
        (lambda w, slope, eta, steps: uphill(w, slope, -eta, steps + 1), "one step too many"),
    ],
    "07.eta": [(0.5, "as high as before"), (1, "too far"), (0.125, "half the way"), (0.2, "should be larger")],
    "08.step": [
        (lambda w, v, g, eta, gamma: (w - eta * g, -eta * g), "the old velocity is missing"),
        (lambda w, v, g, eta, gamma: (w + v - eta * g, v - eta * g), "gamma is missing"),
        (lambda w, v, g, eta, gamma: (w + v, gamma * v - eta * g), "by the new velocity"),
        (lambda w, v, g, eta, gamma: (w + gamma * v + eta * g, gamma * v + eta * g), "check its sign"),
        (lambda w, v, g, eta, gamma: (gamma * v - eta * g, w + gamma * v - eta * g), "are swapped"),
        (lambda w, v, g, eta, gamma: w + gamma * v - eta * g, "two results"),
        (in_place, "changed an array"),
        (lambda w, v: w, "raised TypeError"),
        (5, "expected a function"),
    ],
    "08.delta": [
        (lambda z, y: sigmoid(z) - y, "5 times too large"),
        (lambda z, y: (y - sigmoid(z)) / len(y), "sign is flipped"),
        (lambda z, y: (2 * sigmoid(z) - 2 * y) / len(y), "same factor, 2"),
        (lambda z, y: ((sigmoid(z) - y) / len(y)).ravel(), "shape should be (5, 1), yours is (5,)"),
        (lambda z, y: sigmoid(z) / len(y), "y is missing"),
        (lambda z, y: "p - y", "expected numbers"),
        (lambda z, y: None, "is `return` missing?"),
        (lambda z, y: overwritten(z, y), "changed an array"),
        (lambda z, y: np.full_like(z, np.nan), "not finite"),
        ("p - y", "expected a function"),
    ],
    "08.third": [
        (-0.3125, "after the second step"),
        (-0.302, "that is the velocity"),
        (-0.381, "plain descent"),
        (0.0, "it should be smaller"),
        (-9.0, "it should be larger"),
        ("minus", "expected one number"),
        ([1, 2], "expected one number"),
        (np.nan, "not a finite number"),
    ],
}


def solution(exercise):
    """Run the solution's text and return its answer, which is named after the exercise."""
    space = {"np": np, "tm": tm}
    exec(exercise.solution(), space)
    return space[exercise.name.partition(".")[2]]


@pytest.mark.parametrize("name", exercises.EXERCISES)
def test_an_exercise_has_all_three_outcomes(name):
    exercise = exercises.exercise(name)
    assert exercise.check().outcome == exercise.check(None).outcome == "not tried"
    verdict = exercise.check(solution(exercise))
    assert verdict, verdict
    assert len(WRONG[name]) >= 3
    for answer, words in WRONG[name]:
        verdict = exercise.check(answer)
        assert verdict.outcome == "not yet", words
        assert words in verdict.words
    assert exercise.hint() != exercise.hint(2)
    assert exercise.hint(99) == exercise.hint(len(exercise.hints))


def test_every_lesson_from_00_to_08_has_two_exercises_or_more():
    lessons = [name.partition(".")[0] for name in exercises.EXERCISES]
    assert all(lessons.count(f"{n:02}") >= 2 for n in range(9))


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("01.neuron", lambda w, b, x: sigmoid(w * x + b) + 0.1, "all of 20 tries come out different"),
        ("03.cost", lambda p, y: -np.log(p) if p > 0.5 else 1.0, "of 20 tries come out different"),
        ("05.gradient", lambda w, b, x, y: 2 * (sigmoid(w * x + b) - y) * x, "off by the same factor, 2"),
        ("04.middle", lambda f, w, epsilon: None, "is `return` missing?"),
        ("04.middle", lambda f, w, epsilon: [f(w)], "expected one number, got an array of shape (1,)"),
        ("06.delta", lambda dz2, W2, h1: np.nan * h1, "not finite"),
        ("06.delta", lambda dz2, W2, h1: math.exp(h1), "one number. Those of `np`"),
    ],
)
def test_a_factor_or_a_sign_is_reported_only_if_every_try_shows_it(name, answer, words):
    assert words in exercises.exercise(name).check(answer).words


def test_a_slope_that_was_measured_by_a_nudge_is_right():
    def cost(w, b, x, y):
        p = sigmoid(w * x + b)
        return -y * np.log(p) - (1 - y) * np.log(1 - p)

    def measured(w, b, x, y):
        return (cost(w + 1e-5, b, x, y) - cost(w - 1e-5, b, x, y)) / 2e-5

    assert exercises.exercise("05.gradient").check(measured)


def test_a_solution_and_its_hints_are_shown_line_by_line():
    assert repr(exercises.exercise("01.neuron").solution()).startswith("def neuron(w, b, x):\n    z = ")
    assert repr(exercises.exercise("01.neuron").hint(2)) == "z = w x + b. (hint 2 of 3)"


@pytest.mark.parametrize("name", exercises.EXERCISES)
def test_a_task_is_broken_between_words(name):
    task = exercises.exercise(name)
    assert max(map(len, repr(task).split("\n"))) <= 96
    assert repr(task).replace("\n", " ") == f"Exercise {name}. {task.task}"


def test_a_question_of_the_lessons_is_asked_by_its_name():
    assert predict("08.bias").prediction.options == ("up", "down", "stays")
    assert predict("02.swap").prediction.options[1] == "it stays as it was"
    with pytest.raises(ValueError, match="name: expected one of"):
        predict("99.no")


def test_progress_is_kept():
    assert exercises.progress().startswith(f"0 of {len(exercises.EXERCISES)}")
    exercises.exercise("08.step").check(solution(exercises.exercise("08.step")))
    exercises.exercise("08.step").check(solution(exercises.exercise("08.step")))
    exercises.exercise("08.third").check(99)
    assert exercises.progress().startswith(f"1 of {len(exercises.EXERCISES)}")
    assert "[x] step" in exercises.progress()
    assert len(keep.read(exercises.FILE)[0]) == 1


# The faded example ---------------------------------------------------------------------------------------------------


def fields(table):
    return {re.sub(" [✓✗↳]$", "", field.description): field for field in table.grid.children}


def marks(table):
    return [field.description[-1] for field in table.grid.children if not field.disabled]


def test_the_last_numbers_are_blank_and_more_of_them_by_a_slider():
    table = faded(homework.sheet(7), blanks=3)
    assert [name for name, field in fields(table).items() if not field.disabled] == [
        "new w²₁₁",
        "new w²₂₁",
        "new b²₁",
    ]
    assert fields(table)["new w¹₁₁"].value == f"{table.sheet.solution[2, 'new w1_11']:.4f}"
    table.blank.value = 33
    assert all(field.value == "" for field in table.grid.children)
    table.part.value = table.part.options[0][1]
    assert all(field.disabled for field in table.grid.children)


def test_blanks_are_checked_cell_by_cell():
    table = faded(homework.sheet(7), blanks=3)
    table.check()
    assert table.verdict.value == "Nothing is filled in yet."
    right = table.sheet.solution
    fields(table)["new w²₁₁"].value = f"{right[2, 'new w2_11']:.3f}".replace(".", ",")
    fields(table)["new w²₂₁"].value = "7"
    table.check()
    assert {field.description for field in table.grid.children if not field.disabled} == {
        "new w²₁₁ ✓",
        "new w²₂₁ ✗",
        "new b²₁",
    }
    assert "iteration 2, new value of w²₂₁. You wrote 7" in table.verdict.value
    fields(table)["new w²₂₁"].value = f"{right[2, 'new w2_21']:.4f}"
    table.check()
    assert "2 of 3 blanks filled in, all right" in table.verdict.value
    fields(table)["new b²₁"].value = "=1"
    table.check()
    assert "formula" in table.verdict.value


def test_the_verdict_stands_right_below_the_button_that_it_answers():
    table = faded(homework.sheet(7))
    place = table.children.index(table.verdict)
    assert "Check" in [getattr(child, "description", "") for child in table.children[place - 1].children]
    assert place < table.children.index(table.grid)


def test_what_follows_from_one_exchanged_number_is_not_marked_wrong():
    sheet = homework.sheet(7)
    table = faded(sheet, blanks=33)
    names = {cell.title: (cell.t, cell.name) for cell in table.blanks()}
    for name, field in fields(table).items():
        field.value = f"{sheet.solution[names[name]]:.4f}"
    gradient = fields(table)["g w²₁₁"]
    whole, decimals = gradient.value.split(".")
    gradient.value = f"{whole}.{decimals[1]}{decimals[0]}{decimals[2:]}"
    table.check()
    assert (marks(table).count("✗"), marks(table).count("↳"), marks(table).count("✓")) == (1, 1, 31)
    assert "two digits are exchanged" in table.verdict.value
    assert "1 further on is off only because of this number" in table.verdict.value
    assert "wrong further on" not in table.verdict.value


def test_every_stage_of_an_iteration_is_a_part_of_the_table():
    table = faded(homework.sheet(7))
    words = [word for word, _ in table.part.options]
    assert words[:3] == ["iteration 1: forward", "iteration 1: backward", "iteration 1: update"]
    assert words[3:5] == ["iteration 2: before the step", "iteration 2: forward"]
    seen = 0
    for _, part in table.part.options:
        table.part.value = part
        seen += len(table.grid.children)
    assert seen == len(table.sheet.cells)
    table.part.value = table.part.options[1][1]
    assert {"p − y s1", "slope¹₂ s3", "δ¹₁ s2"} <= set(fields(table))


def test_what_is_given_is_a_table_and_shows_no_number_that_is_blank():
    table = faded(homework.sheet(7), blanks=33)
    assert '<th scope="col">w¹₁₁</th>' in table.given.value
    assert "Before iteration 2" in table.given.value
    assert "[" not in table.given.value
    last = f"{table.sheet.solution[1, 'new w1_11']:.4f}".replace("-", "−")
    assert last in table.given.value
    table.blank.value = len(table.sheet.cells)
    assert last not in table.given.value
    table.part.value = table.part.options[0][1]
    assert "Before iteration 1" in table.given.value


def test_a_bar_says_how_far_long_work_is(tmp_path):
    bar = ProgressBar("sheets written")
    paper.class_set(["Ada", "Ben"], tmp_path, secret="s", progress=bar)
    assert (bar.bar.value, bar.bar.max) == (2, 2)
    assert bar._repr_mimebundle_()["text/plain"] == "2 of 2 sheets written"


def test_new_numbers_are_another_sheet_of_the_same_kind():
    table = faded(homework.sheet(7, hidden="tanh"), blanks=3)
    before = table.sheet.id
    table.renew()
    assert table.sheet.id != before
    assert table.sheet.problem.net.hidden == "tanh"
    assert str(table.sheet.problem.eta) in table.given.value
    assert isinstance(table, w.VBox)


# Numbers that are nearly right ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (0.16, "right as far as it goes: give 4 decimals."),
        (0.159, "right as far as it goes: give 4 decimals."),
        (0.15, "right as far as it goes: give 4 decimals."),  # cut off
        (-0.1591, "the size is right: check its sign."),
        ((0, 1591), "Python reads 0,1591 as two numbers: write a point, 0.1591."),
        (0.2, "right as far as it goes: give 4 decimals."),
        (0.17, "it should be smaller."),
        (0.1591, ""),
        (0.15914, ""),
    ],
)
def test_a_number_that_is_nearly_right_is_told_what_is_missing(answer, words):
    assert number_is(0.15909, 6e-5)(answer) == words


def test_a_decimal_comma_is_named_in_every_exercise_of_one_number():
    numbers = [task for task in exercises.TASKS if isinstance(task.solution, str) and task.name != "01.threshold"]
    assert len(numbers) >= 6
    for task in numbers:
        assert "write a point, 0.25" in exercises.exercise(task.name).check((0, 25)).words


def test_an_answer_that_is_exact_is_not_asked_for_more_decimals():
    assert number_is(0.25, 1e-6)(0.2) == "it should be larger."


# Functions that are nearly right --------------------------------------------------------------------------------------


def test_the_right_formula_with_its_arguments_in_another_order_is_told_as_that():
    check = exercises.exercise("01.neuron").check
    assert "in another order" in check(lambda x, w, b: 1 / (1 + np.exp(-(w * x + b)))).words
    check = exercises.exercise("08.step").check
    assert "in another order" in check(lambda v, w, g, eta, gamma: (w + gamma * v - eta * g, gamma * v - eta * g)).words


def test_another_function_is_shown_one_try():
    words = exercises.exercise("01.neuron").check(lambda w, b, x: w + 0.5 * b * x * x).words
    assert re.search(
        r"all of 20 tries come out different\. One of them: with w = \S+, b = \S+, x = \S+ it gives", words
    )


def test_a_missing_return_is_named_only_if_it_is_missing():
    def without(w, b, x):
        w * x + b

    def sometimes(w, b, x):
        if x > 0:
            return w * x + b
        return None

    check = exercises.exercise("01.neuron").check
    assert "is `return` missing?" in check(without).words
    assert "a way through it without `return`" in check(sometimes).words
