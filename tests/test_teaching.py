"""Predictions that are locked and kept, exercises with three outcomes, and the faded example."""

import json
import re
import subprocess
import sys

import ipywidgets as w
import pytest

import tinymlp as tm
from tinymlp.teaching import exercises, homework, keep, paper
from tinymlp.teaching.predictions import FILE, Prediction, calibration
from tinymlp.teaching.questions import QUESTIONS
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
        (lambda: Prediction("x", "?", "up", reasons={"up": "so"}), "reasons: expected one for each of"),
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
    assert "opens when your prediction is locked, in the card above." in board.picture.status
    card.lock.click()
    assert "Choose an answer first" in card.outcome.value
    card.guess.value, card.sure.value = "up", 90
    card.lock.click()
    assert not step.disabled
    assert board.controls["back"].widget.disabled
    assert card.lock.disabled
    assert "Now make it happen" in card.outcome.value
    assert "down" not in card.outcome.value
    step.click()
    assert board.run.t == 1
    assert "The answer is &quot;down&quot;" in card.outcome.value


# What each question asks for, done in its lesson's panel: it tells then, and not before.
HAPPENS = {
    "00.first": (tm.worked_example, "run.step(9)", "run.step()"),
    "01.weight": (tm.problems.one_neuron, "run.set('W1', (0, 0), 2.9)", "run.set('W1', (0, 0), 3.0)"),
    "01.bias": (tm.problems.one_neuron, "run.set('b1', (0, 0), -2.0)", "run.set('b1', (0, 0), 2.0)"),
    "02.reach": (tm.worked_example, "run.set('W1', (0, 1), -0.25)", "run.set('W1', (0, 1), 0.2)"),
    "02.swap": (tm.worked_example, "run.step(3)", None),
    "03.tenth": (tm.worked_example, "run.set('b2', (0, 0), -7.0)", "run.set('b2', (0, 0), -9.3)"),
    "03.rate": (tm.worked_example, "run.step(9)", "run.step()"),
    "04.shrink": (tm.worked_example, "board.glance(epsilon=0.01)", "board.glance(epsilon=0.001)"),
    "04.far": (tm.worked_example, "board.choose(('W1', (0, 0)))", "run.set('W1', (0, 0), 12.0)"),
    "04.arrow": (tm.worked_example, "run.step(3)", None),
    "05.sign": (tm.worked_example, "board.choose(('W1', (1, 1)))", "board.choose(('W1', (0, 1)))"),
    "05.lower": (tm.worked_example, "run.set('W1', (0, 1), -1.0)", "run.set('W1', (0, 1), -2.0)"),
    "06.passes": (tm.worked_example, "board.glance(stage=11)", "board.glance(stage=12)"),
    "06.changed": (tm.worked_example, "board.glance(stage=11)", "board.glance(stage=12)"),
    "07.fate": (tm.worked_example, "run.step(20)", "board.change(eta=20.0)"),
    "07.on": (tm.worked_example, "run.step(26)", "run.step()"),
    "08.when": (tm.worked_example, "run.step()", "run.step()"),
    "08.bias": (tm.worked_example, "board.choose(('b2', (0, 0)))", "run.step()"),
}


@pytest.mark.parametrize("name", HAPPENS)
def test_a_card_tells_once_the_learner_has_made_it_happen_and_not_before(name):
    problem, before, then = HAPPENS[name]
    card, run = predict(name), tm.Run(problem())
    board = panel(run, after=card)
    card.prediction.lock(card.prediction.options[-1])
    assert QUESTIONS[name].do in " ".join(card.describe().split())
    exec(before, {"run": run, "board": board})
    assert not card.prediction.told
    assert "right." not in card.outcome.value
    if then is None:
        card.tell.click()
    else:
        exec(then, {"run": run, "board": board})
    assert card.prediction.told
    for option, why in QUESTIONS[name].choices.items():
        mark = "right" if option == QUESTIONS[name].truth else "not so"
        assert f"{option}: {mark}. {why}" in " ".join(card.describe().split())
    assert predict(name).prediction.told


def test_who_does_not_want_to_try_is_told():
    card = predict("08.bias")
    assert card.tell.disabled
    with pytest.raises(ValueError, match="tell: expected a locked guess first"):
        card.prediction.tell()
    card.prediction.lock("down")
    assert not card.tell.disabled
    card.tell.click()
    assert 'You said "down": right.' in card.describe()
    assert card.tell.disabled
    card.again.click()
    assert not card.prediction.told


def test_a_certainty_begins_with_the_chance_of_a_blind_guess():
    least = {name: predict(name).sure.options[1] for name in ("05.sign", "08.bias", "07.fate")}
    assert least == {
        "05.sign": ("50 % sure: a blind guess", 50),
        "08.bias": ("33 % sure: a blind guess", 33),
        "07.fate": ("25 % sure: a blind guess", 25),
    }
    assert predict("t.number", "How many?", 11).sure.options[1] == ("50 % sure", 50)


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


def test_a_question_of_the_lessons_is_asked_by_its_name():
    assert predict("08.bias").prediction.options == ("up", "down", "stays")
    assert predict("02.swap").prediction.options[1] == "it stays as it was"
    with pytest.raises(ValueError, match="name: expected one of"):
        predict("99.no")


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


# A card drawn again ---------------------------------------------------------------------------------------------------


def test_a_card_that_is_drawn_again_is_one_with_the_first_and_with_the_panel_that_waits():
    first = predict("08.when")
    board = panel(tm.Run(tm.worked_example()), show="step", control="step", after=first)
    again = predict("08.when")
    again.guess.value = "the second"
    again.lock.click()
    assert first.prediction.locked
    assert not board.waits
    board.run.step(2)
    for card in (first, again):
        assert 'You said "the second": right.' in card.describe()


def test_a_question_of_ones_own_that_is_asked_again_takes_its_new_truth_and_keeps_its_panel():
    first = predict("t.own", "How many?", 11)
    board = panel(tm.Run(tm.worked_example()), show="loss", control="step", after=first)
    again = predict("t.own", "How many?", 12)
    again.prediction.lock(12.0)
    assert not board.waits
    assert not first.prediction.told
    board.run.step()
    assert "It is 12" in first.describe()


def test_a_card_is_not_one_with_that_of_another_learners_folder(monkeypatch, tmp_path):
    first = predict("08.when")
    monkeypatch.setenv("TINYMLP_HOME", str(tmp_path / "another"))
    assert predict("08.when").prediction is not first.prediction


def test_who_is_asked_again_has_to_make_it_happen_again():
    card = predict("08.when")
    board = panel(tm.Run(tm.worked_example()), show="step", control=("step", "back"), after=card)
    card.prediction.lock("the first")
    board.run.step(2)
    card.again.click()
    card.prediction.lock("the second")
    assert not card.prediction.told
    board.run.back()
    assert not card.prediction.told
    board.run.step()
    assert card.prediction.told


def test_who_is_asked_again_is_told_when_it_happens_once_more_without_going_back():
    card = predict("04.shrink")
    board = panel(tm.Run(tm.worked_example()), show="slope", control="epsilon", after=card)
    card.prediction.lock("it goes to 0")
    board.glance(epsilon=0.0005)
    card.again.click()
    card.prediction.lock("it grows without limit")
    board.glance(held=1)  # where an arrow key would be on a drawn guess: nothing of the run
    assert not card.prediction.told
    board.glance(epsilon=0.0002)
    assert card.prediction.told


def test_a_panel_that_opens_when_a_guess_is_locked_does_not_say_the_answer_itself():
    card = predict("04.shrink")
    bias = ("b2", (0, 0))
    board = panel(tm.Run(tm.worked_example()), show="slope", control="epsilon", chosen=bias, after=card)
    card.prediction.lock("it goes to 0")
    assert "0.1914" not in board.picture.status + board.picture.upper["slope"] + board.describe()
    board.glance(epsilon=0.001)
    assert "tangent 0.1914" in board.picture.status
    board.glance(epsilon=1.0)  # told: now the two may be compared
    assert "tangent 0.1914" in board.picture.status


def test_a_verdict_goes_when_other_numbers_are_shown():
    table = faded(homework.sheet(7), 3)
    for change in (lambda: table.fade(4), lambda: setattr(table.part, "value", table.part.options[0][1])):
        table.check()
        assert table.verdict.value
        change()
        assert table.verdict.value == ""


@pytest.mark.parametrize(
    ("name", "act"), [("02.reach", "run.set('W1', (0, 1), 1.0)"), ("05.sign", "board.choose(('W1', (0, 1)))")]
)
def test_a_question_about_sample_1_is_not_told_while_another_one_is_shown(name, act):
    card, run = predict(name), tm.Run(tm.worked_example())
    board = panel(run, show="network", control=("weight", "sample"), after=card)
    card.prediction.lock(card.prediction.options[-1])
    board.glance(sample=1)
    exec(act, {"run": run, "board": board})
    assert not card.prediction.told
    board.glance(sample=0)
    assert card.prediction.told


def test_of_the_backward_pass_each_sample_has_a_row_of_its_own_and_letters_are_explained():
    table = faded(homework.sheet(7))
    table.part.value = next(value for words, value in table.part.options if words == "iteration 1: backward")
    titles = [field.description for field in table.grid.children]
    assert titles == [f"{name} s{n}" for n in (1, 2, 3) for name in ("p − y", "slope¹₁", "slope¹₂", "δ¹₁", "δ¹₂")]
    assert table.grid.layout.grid_template_columns.startswith("repeat(5,")
    assert "s1: sample 1" in table.given.value
    table.part.value = next(value for words, value in table.part.options if words == "iteration 1: update")
    assert "v: the new velocity" in table.given.value
