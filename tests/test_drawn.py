"""Guesses that are drawn on the picture, the question why, and the questions of lessons to come, measured."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from test_teaching import HAPPENS as EARLIER

import tinymlp as tm
from tinymlp.network import backward
from tinymlp.recipes import Recipe
from tinymlp.sweep import loss_surface
from tinymlp.teaching import keep
from tinymlp.teaching.drawn import DRAWN
from tinymlp.teaching.predictions import FILE, Prediction, calibration
from tinymlp.teaching.questions import QUESTIONS
from tinymlp.views import VIEWS
from tinymlp.views.angle import turned
from tinymlp.widgets import panel, predict

pytestmark = pytest.mark.usefixtures("own_home")
FEW = Recipe(data="moons", n=120, held_out=0.9, noise=0.3, seed=1)
WORKED = tm.worked_example()
PLAIN = replace(WORKED, gamma=0.0)
OVERLAP = replace(tm.problems.overlap(), eta=1.0, gamma=0.9)
VALLEY, WALL = (("W1", (1, 0)), ("b2", (0, 0))), (("W1", (2, 1)), ("W2", (1, 0)))


# The runs of the lessons' drawn questions ---------------------------------------------------------------------------


def on_the_line():
    """Return the run of lesson 04: its one step is as long as the line goes down."""
    return tm.Run(replace(PLAIN, eta=4.17), training=tm.Training(free=VALLEY))


def on_the_wall():
    """Return the run of lesson 07: from a wall of the valley."""
    start = PLAIN.params.replace(*WALL[0], 3.0).replace(*WALL[1], -3.0)
    return tm.Run(replace(PLAIN, eta=2.0, params=start), training=tm.Training(free=WALL))


def place_of(run, entries):
    return tuple(float(run.params[name][index]) for name, index in entries)


DRAWN_RUNS = {  # name: (run, view, steps until it has happened)
    "04.line": (on_the_line, "surface", 1),
    "07.lands": (on_the_wall, "surface", 1),
    "08.curve": (lambda: tm.Run(WORKED), "loss", 10),
    "09.angle": (lambda: tm.Run(OVERLAP), "angle", 7),
    "11.curve": (lambda: tm.Run(WORKED).restart("zeros"), "loss", 10),
    "12.curve": (lambda: tm.Run(WORKED, rule="average"), "loss", 10),
    "13.curve": (lambda: tm.Run(FEW.but(sizes=(8, 8)).problem()), "curves", 100),
}


def asked(name):
    """Return (card, panel, name of the view) of one of the lessons' drawn questions."""
    run, view, _ = DRAWN_RUNS[name]
    card = predict(name)
    return card, panel(run(), show=view, control=("step", "back", "ten", "eta"), after=card), view


def point(board, view, x, y):
    board.picture._heard(None, {"pointed": {"tile": view, "x": x, "y": y, "end": True}}, [])


def key(board, view, right, up, times=1):
    for _ in range(times):
        board.picture._heard(None, {"nudged": {"tile": view, "right": right, "up": up}}, [])


def at(board, view, x, y):
    """Point at a place in the coordinates of a view's axes."""
    drawn = board.views[view]
    inside = drawn.axes.transData.transform((x, y))
    point(board, view, *drawn.figure.transFigure.inverted().transform(inside))


# Drawing -------------------------------------------------------------------------------------------------------------


def test_a_place_is_pointed_at_while_the_panel_waits_and_said_on_the_card():
    card, board, view = asked("07.lands")
    assert "Point at the place in the picture" in card.guess.value
    assert "your guess: none yet" in board.describe()
    assert board.controls["step"].widget.disabled
    at(board, view, 1.5, -2.0)
    assert board.look.guess == pytest.approx((1.5, -2.0), abs=0.01)
    assert card.guess.value == "your guess: (1.50, -2.00)"
    assert "Your guess: (1.50, -2.00)." in board.picture.status
    assert "your guess: (1.50, -2.00)" in board.picture.texts[view]
    assert not card.prediction.locked
    assert keep.read(FILE) == ([], "")


def test_arrow_keys_move_a_place_from_the_middle_and_never_off_the_map():
    card, board, view = asked("07.lands")
    key(board, view, 1, 0)
    key(board, view, 0, -1)
    step = 8 / 50
    assert board.look.guess == pytest.approx((step, -step))
    key(board, view, 1, 0, times=60)
    assert board.look.guess == pytest.approx((4, -step))
    assert card.guess.value == "your guess: (4.00, -0.16)"


def test_a_curve_begins_flat_and_a_drag_across_it_draws_it():
    card, board, view = asked("08.curve")
    at(board, view, 5.8, 0.4)
    now = round(float(WORKED_LOSSES[0]), 4)
    assert board.look.guess == pytest.approx((now, now, 0.4, now, now), abs=1e-3)
    for t, value in ((8, 0.2), (10, 0.1), (0.3, 0.65)):
        at(board, view, t, value)
    assert board.look.guess == pytest.approx((0.65, now, 0.4, 0.2, 0.1), abs=1e-3)
    assert card.guess.value == "your guess at t = 2, 4, 6, 8, 10: 0.65, 0.70, 0.40, 0.20, 0.10"


def test_arrow_keys_choose_a_point_of_the_curve_and_move_it():
    _, board, view = asked("08.curve")
    key(board, view, 0, -1, times=3)
    key(board, view, 1, 0, times=9)  # no further than to the last point
    key(board, view, 0, -1, times=2)
    key(board, view, -1, 0)
    now, step = round(float(WORKED_LOSSES[0]), 4), 1.03 * 0.8 / 50
    assert board.look.guess == pytest.approx((now - 3 * step, now, now, now, now - 2 * step), abs=1e-3)
    assert "the keys up and down move the point at t = 8" in board.describe()
    key(board, view, 0, -1, times=100)
    assert board.look.guess[3] == 0


def test_keys_that_come_faster_than_frames_are_all_counted():
    _, board, view = asked("08.curve")
    board.picture._heard(None, {"ready": True}, [])
    key(board, view, 0, -1, times=3)  # the page has not painted the first frame yet
    key(board, view, 1, 0)
    key(board, view, 0, -1, times=5)
    now, step = round(float(WORKED_LOSSES[0]), 4), 1.03 * 0.8 / 50
    assert board.look.guess == pytest.approx((now - 3 * step, now - 5 * step, now, now, now), abs=1e-3)


def test_an_angle_is_turned_by_pointer_and_keys_between_0_and_180_degrees():
    card, board, view = asked("09.angle")
    at(board, view, 0.5, 0.0)
    assert board.look.guess == (90.0,)
    key(board, view, 0, 1, times=2)
    key(board, view, -1, 0)
    assert card.guess.value == "your guess: 95°"
    key(board, view, 1, 0, times=30)
    assert board.look.guess == (180.0,)
    at(board, view, -0.5, -0.5)  # the other side is the same angle
    assert board.look.guess == (45.0,)


def test_nothing_can_be_locked_before_something_is_drawn():
    card, _, _ = asked("09.angle")
    card.lock.click()
    assert not card.prediction.locked
    assert "Nothing yet. Turn an arrow" in card.outcome.value


@pytest.mark.parametrize("name", DRAWN_RUNS)
def test_a_drawn_guess_is_locked_and_told_with_its_gap_once_it_has_happened(name):
    card, board, view = asked(name)
    _, _, steps = DRAWN_RUNS[name]
    drawing = board.tiles[view].drawing
    key(board, view, 0, 1)
    guess = board.look.guess
    card.sure.value = 70
    card.lock.click()
    assert card.prediction.guess == guess
    assert card.sure.value == 70
    key(board, view, 0, 1)
    point(board, view, 0.5, 0.5)
    assert board.look.guess == guess  # what is locked stays
    board.run.step(steps - 1)
    assert not card.prediction.told
    assert "what happened" not in board.describe()
    assert len(drawing.truth.get_xdata()) == len(drawing.gap.get_xdata()) == 0
    board.run.step()
    truth = card.prediction.truth
    assert card.prediction.told
    gap = DRAWN[card.prediction.kind](QUESTIONS[name].within, QUESTIONS[name].at).apart(guess, truth)
    said = " ".join(card.describe().split())
    assert gap in said
    assert QUESTIONS[name].because in said
    assert f"{card.prediction.said(truth)}, {gap}" in board.describe()
    assert drawing.name.get_text() == gap
    assert np.transpose(drawing.marks(truth)) == pytest.approx(np.array(drawing.truth.get_data()).T)
    assert np.isfinite(np.array(drawing.gap.get_data())).any()


@pytest.mark.parametrize("name", DRAWN_RUNS)
def test_a_drawn_guess_survives_a_restart(name):
    card, board, view = asked(name)
    key(board, view, 0, 1, times=3)
    card.lock.click()
    guess, right = card.prediction.guess, card.prediction.right
    again, restarted, view = asked(name)
    assert (again.prediction.guess, again.prediction.right) == (guess, right)
    assert restarted.look.guess == guess
    assert again.lock.disabled
    assert not restarted.controls["step"].widget.disabled
    again.again.click()
    assert not predict(name).prediction.locked
    assert restarted.look.guess is None
    key(restarted, view, 0, -1)
    assert restarted.look.guess not in (None, guess)


@pytest.mark.parametrize("name", [name for name in QUESTIONS if QUESTIONS[name].kind])
def test_right_is_what_lies_within_the_tolerance(name):
    question = QUESTIONS[name]
    truth = np.atleast_1d(question.truth)
    within = np.broadcast_to(question.within, truth.shape)
    way = np.where(np.arange(len(truth)) == 0, 1, 0) if question.kind == "place" else np.ones(len(truth))
    prediction = predict(name).prediction
    for share, right in ((0, True), (0.95, True), (1.05, False)):
        prediction.lock(tuple(truth + share * within * way))
        assert prediction.right is right
        prediction.again()


def test_drawn_guesses_count_in_the_calibration():
    predict("09.angle").prediction.lock((130.0,), sure=80)
    predict("07.lands").prediction.lock((0.0, 0.0), sure=80)
    assert calibration() == [(80, 2, 0.5)]


def test_a_truth_may_be_worked_out_from_the_run_of_the_panel_and_is_kept(own_home):
    def asks():
        truth = lambda run: tuple(run.step(4).losses[[2, 4]])  # noqa: E731
        return predict("t.own", "The loss to come?", truth, kind="curve", at=(2, 4), within=0.1, do="Press Step.")

    card = asks()
    with pytest.raises(ValueError, match="truth: expected a panel whose run gives it"):
        card.prediction.lock((0.6, 0.5))
    assert not asks().prediction.locked
    board = panel(tm.Run(WORKED), show="loss", control=("step", "eta"), after=card)
    key(board, "loss", 0, -1)
    card.lock.click()
    assert board.run.t == 0  # it was worked out from a copy
    board.change(eta=0.1)
    assert card.prediction.truth == pytest.approx(tuple(WORKED_LOSSES[[2, 4]]))
    assert asks().prediction.truth == card.prediction.truth  # no panel is needed after a restart
    assert json.loads((own_home / FILE).read_text())["truth"] == list(card.prediction.truth)


def test_a_panel_that_cannot_take_the_guess_is_refused():
    with pytest.raises(ValueError, match=r"show: expected 'surface'.*as the place is drawn there, got"):
        panel(on_the_wall(), show="loss", after=predict("07.lands"))
    with pytest.raises(ValueError, match="cover: expected False"):
        panel(on_the_wall(), show="surface", control=(), after=predict("07.lands"), cover=True)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: predict("08.curve").prediction.lock((0.5, 0.4)), "guess: expected 5 numbers for a curve"),
        (lambda: predict("07.lands").prediction.lock(2.0), "guess: expected 2 numbers for a place"),
        (lambda: predict("09.angle").prediction.lock(200.0), "guess: expected a finite number from 0 to 180"),
        (lambda: predict("09.angle").prediction.draw((np.nan,)), "guess: expected"),
        (lambda: predict("08.when").prediction.draw((1.0,)), "guess: expected a choice, got one that is drawn"),
        (lambda: Prediction("x", "?", (1.0, 2.0), kind="curve", at=(3,)), "at: expected at least two iterations"),
    ],
)
def test_what_is_no_such_drawing_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_only_the_view_that_is_drawn_on_takes_the_pointer():
    card = predict("08.curve")
    board = panel(tm.Run(WORKED), show=("surface", "loss"), control="step", after=card)
    points = {tile["name"]: tile["points"] for tile in board.picture.tiles}
    assert points == {"surface": False, "loss": True}
    assert panel(tm.Run(WORKED), show="loss").picture.tiles[0]["points"] is False


def test_another_run_in_the_panel_shows_no_guess_about_the_first():
    card, board, view = asked("08.curve")
    key(board, view, 0, 1)
    card.lock.click()
    board.take(tm.Run(tm.problems.xor()))
    assert board.look.guess is None
    assert "your guess" not in board.describe()


def test_a_place_is_stepped_evenly_on_a_scale_of_any_kind():
    _, board, view = asked("07.lands")
    axes = board.views[view].axes
    axes.set(xlim=(0.01, 10), ylim=(0, 1))
    axes.set_xscale("log")
    drawing = board.views[view].drawing
    before = drawing._stepped((0.1, 0.5), 1, 0)
    assert before == pytest.approx((0.1 * 10 ** (3 / 50), 0.5), rel=1e-3)


# Why -----------------------------------------------------------------------------------------------------------------


def test_why_is_asked_when_the_truth_is_told_and_the_answer_is_kept():
    card, run = predict("08.when"), tm.Run(WORKED)
    panel(run, show="step", after=card)
    assert card.why.layout.display == "none"
    assert "why" not in card.describe()
    card.prediction.lock("the first")
    assert card.why.layout.visibility == "hidden"  # the room is kept, so that the panel below does not jump
    run.step(2)
    assert (card.why.layout.display, card.why.layout.visibility) == (None, None)
    assert "Now say why: Why not in the first step?" in card.describe()
    card.why.answer.click()
    assert "Choose a reason first" in card.why.outcome.value
    card.why.reason.value = "gamma is still small at the start"
    card.why.answer.click()
    said = " ".join(card.describe().split())
    assert 'You said "gamma is still small at the start".' in said
    for reason, sentence in QUESTIONS["08.when"].why.reasons.items():
        mark = "right" if reason == QUESTIONS["08.when"].why.right else "not so"
        assert f"{reason}: {mark}. {sentence}" in said
    assert predict("08.when").why.reason.value == "gamma is still small at the start"
    assert [record["name"] for record in keep.read(FILE)[0]] == ["08.when", "08.when", "08.when.why"]


def test_a_reason_does_not_count_in_the_calibration():
    card = predict("08.when")
    card.prediction.lock("the second", sure=90)
    card.prediction.tell()
    card.prediction.why.lock("the first gradient is too small")
    assert calibration() == [(90, 1, 1.0)]


def test_who_is_asked_again_is_asked_why_again():
    card = predict("08.when")
    card.prediction.lock("the second")
    card.prediction.tell()
    card.prediction.why.lock("the first gradient is too small")
    card.again.click()
    assert card.why.reason.value == ""
    assert card.why.layout.display == "none"
    assert not predict("08.when").prediction.why.locked


@pytest.mark.parametrize("name", [name for name in QUESTIONS if QUESTIONS[name].why])
def test_a_question_why_has_a_right_reason_and_others(name):
    why = QUESTIONS[name].why
    assert why.right in why.reasons
    assert 2 <= len(why.reasons) <= 3
    assert all(sentence.endswith(".") for sentence in why.reasons.values())


def test_a_surprise_of_04_07_and_08_and_all_of_the_later_lessons_are_followed_by_why():
    asked_why = {name for name in QUESTIONS if QUESTIONS[name].why}
    assert {"04.far", "07.on", "08.when"} <= asked_why
    assert all(name in asked_why for name in QUESTIONS if name >= "09")


# The truth of each question ------------------------------------------------------------------------------------------

WORKED_LOSSES = tm.Run(WORKED).step(10).losses
RINGS = tm.Run(OVERLAP).step(400)


def lowest_on_the_line():
    """Return the place where the loss along -g is lowest, by looking at 4,001 places."""
    run = on_the_line()
    here = np.array(place_of(run, VALLEY))
    g = np.array([run.grads[name][index] for name, index in VALLEY])
    line = here - np.linspace(0, 20, 4001)[:, np.newaxis] * g
    return line[np.array([loss_there(place) for place in line]).argmin()]


def loss_there(place):
    return loss_surface(PLAIN, *VALLEY, place[:1], place[1:])[0, 0]


def rises(eta, gamma, steps=200):
    return bool((np.diff(tm.Run(replace(OVERLAP, eta=eta, gamma=gamma)).step(steps).losses) > 0).any())


def shrinks(gamma, pull=1.9):
    """Return by what a step shrinks the distance in the long run, in a bowl: eta times curvature is `pull`."""
    return float(abs(np.linalg.eigvals([[gamma, -pull], [gamma, 1 - pull]])).max())


def steps_of(rule, etas, gamma=0.9, g=1.0):
    """Return how far a rule moves in total, step by step, under a steady gradient."""
    net = tm.MLP(sizes=(1, 1), biases="none")
    params = velocity = net.zeros()
    grads, rule, moved = net.params(W1=[[g]]), tm.momentum.RULES[rule], []
    for eta in etas:
        params, velocity, _ = rule.advance(params, velocity, grads, eta, gamma, ())
        moved.append(params.W1[0, 0])
    return moved


def twins():
    start = WORKED.params
    equal = WORKED.net.params(
        W1=start.W1[:, [0, 0]], b1=start.b1[:, [0, 0]], W2=np.full((2, 1), start.W2[0, 0]), b2=start.b2
    )
    return tm.Run(replace(WORKED, params=equal)).step(100).params


RACE = {
    gamma: tm.Run(replace(WORKED, eta=2.0, gamma=gamma), training=tm.Training(free=WALL)).step(14).losses
    for gamma in (0.0, 0.9)
}
ZEROS = tm.Run(replace(WORKED, params=WORKED.net.zeros()))


def drawn_losses(name):
    """Return the losses at t = 2, 4, ..., 10 of the run that a drawn question is about."""
    losses = DRAWN_RUNS[name][0]().step(10).losses
    return tuple(np.round(losses[[2, 4, 6, 8, 10]], 3))


LATER_TRUTHS = {
    "04.line": ((0.07, -0.70), np.allclose(lowest_on_the_line(), (0.07, -0.70), atol=0.005)),
    "07.lands": ((2.30, -2.71), np.allclose(place_of(on_the_wall().step(), WALL), (2.30, -2.71), atol=0.005)),
    "08.curve": (drawn_losses("08.curve"), True),
    "09.remember": ("less and less: a tenth is left after 22 steps", 0.9**22 < 0.1 < 0.9**21),
    "09.angle": (124.0, round(turned(tm.Run(OVERLAP).step(7)), 1) == 124.0),
    "09.friction": ("0.15: a little", min((0.0, 0.15, 0.9), key=shrinks) == 0.15),
    "10.first_rise": ((0.07, 0.9), rises(0.08, 0.9) and not rises(0.07, 0.9)),
    "10.race": ("gamma 0", RACE[0.0][14] < RACE[0.9][14] and RACE[0.9][8] < RACE[0.0][8]),
    "10.rising": ("no: it rings, and settles", (np.diff(RINGS.losses)[40:] < 0).all()),
    "11.zeros": ("b²₁ alone", [entry[0] for entry in WORKED.net.entries if ZEROS.grads[entry[0]][entry[1]]] == ["b2"]),
    "11.twins": ("not at all", (twins().W1[:, 0] == twins().W1[:, 1]).all() and twins().W2[0] == twins().W2[1]),
    "11.curve": (drawn_losses("11.curve"), True),
    "12.curve": (drawn_losses("12.curve"), True),
    "12.part": (
        "ours is further",
        np.allclose(steps_of("momentum", (0.1, 0.01)), (-0.1, -0.2))
        and np.allclose(steps_of("pytorch", (0.1, 0.01)), (-0.1, -0.119)),
    ),
    "12.same": (
        "PyTorch's",
        [rule for rule in ("pytorch", "average", "nesterov")
         if np.allclose(steps_of(rule, [0.1] * 3), steps_of("momentum", [0.1] * 3))] == ["pytorch"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LATER_TRUTHS)
def test_the_truth_of_a_later_question_is_the_measured_one(name):
    truth, holds = LATER_TRUTHS[name]
    assert holds
    assert QUESTIONS[name].truth == truth
    assert QUESTIONS[name].kind or truth in QUESTIONS[name].choices


def arrow_length():
    """Return how long the arrow is on the map of 07.lands, as a multiple of the step."""
    view = VIEWS["surface"](on_the_wall(), panel(on_the_wall(), show="surface").look)
    here = np.array(place_of(on_the_wall(), WALL))
    return np.hypot(*(np.array(view.arrow.xy) - here)) / np.hypot(*(place_of(on_the_wall().step(), WALL) - here))


def loss_of(problem, steps):
    return tm.Run(problem).step(steps).loss


FLAT = tm.Run(replace(PLAIN, eta=2.0), training=tm.Training(free=WALL))
FACTS = [  # (question, words with {} for the number, the number, its decimals)
    ("04.far", "steep one had {} to go", 0.8, 1),
    ("07.lands", "(-0.3476, {})", -on_the_wall().grads.W2[1, 0], 4),
    ("07.lands", "({}, 0.1466)", -on_the_wall().grads.W1[2, 1], 4),
    ("07.lands", "(-0.70, {})", place_of(on_the_wall().step(), WALL)[1] + 3, 2),
    ("07.lands", "moves the dot by {}.", np.hypot(*(2 * FLAT.grads.flat[[5, 9]])), 2),
    ("07.lands", "Here it is {}.", np.hypot(*(2 * on_the_wall().grads.flat[[5, 9]])), 2),
    ("08.when", "moves the bias by {}.", 0.8 * tm.Run(WORKED).grads.b2[0, 0], 4),
    ("08.curve", "would come to {}.", loss_of(PLAIN, 10), 2),
    ("09.remember", "power of 22 is {}.", 0.9**22, 3),
    ("09.angle", "at t = 40 the loss is {},", RINGS.losses[40], 3),
    ("09.friction", "to {} of it at best", shrinks(0.0), 1),
    ("09.friction", "to {} of it, in the long run", shrinks(0.15), 3),
    ("09.friction", "to {} of it a step", shrinks(0.9), 3),
    ("10.rising", "rises in {} of the first 40", (np.diff(RINGS.losses) > 0).sum(), 0),
    ("10.rising", "At t = 400 the loss is {}.", RINGS.losses[400], 4),
    ("10.rising", "after t = {} the loss never", 1 + np.flatnonzero(np.diff(RINGS.losses) > 0)[-1], 0),
    ("11.zeros", "It is {}, the mean", ZEROS.grads.b2[0, 0], 4),
    ("11.curve", "swings round {}:", loss_of(replace(WORKED, params=WORKED.net.zeros()), 400), 4),
    ("12.part", "At {}. PyTorch's", steps_of("momentum", (0.1, 0.01))[1], 3),
    ("12.part", "less far: {}.", steps_of("pytorch", (0.1, 0.01))[1], 3),
    ("12.same", "{}, -0.01 and", steps_of("momentum", (0.1,))[0], 1),
    ("12.same", "-0.1, {} and", steps_of("average", (0.1,))[0], 2),
    ("12.same", "and {} with", steps_of("nesterov", (0.1,))[0], 2),
]


@pytest.mark.parametrize(("name", "words", "value", "digits"), FACTS, ids=[f"{f[0]}: {f[1][:25]}" for f in FACTS])
def test_a_number_in_a_later_question_is_the_measured_one(name, words, value, digits):
    question = QUESTIONS[name]
    text = " ".join([question.text, *question.choices.values(), question.because, *(question.why.reasons.values())])
    assert words.format(f"{value:.{digits}f}") in text


def test_what_the_later_questions_say_without_a_number_is_so():
    assert 1.6 < arrow_length() < 2.0  # "about half as far as the arrow's tip"
    run = on_the_line()
    before = run.grads
    after = run.step().grads
    first, second = (np.array([g[name][index] for name, index in VALLEY]) for g in (before, after))
    assert abs(first @ second) < 0.01 * np.hypot(*first) * np.hypot(*second)  # the new arrow is at a right angle
    assert (tm.Run(OVERLAP).step(40).losses[40] > RINGS.losses[400:]).all()
    assert rises(4.05, 0.0)  # "about 4" without momentum
    assert not rises(3.95, 0.0)
    assert loss_of(WORKED, 400) < 1e-3  # "from another start the loss goes to 0"
    calmer = tm.Run(replace(PLAIN, eta=5.0), training=tm.Training(free=WALL)).step(22).fork(eta=0.5).step(20)
    assert (np.diff(calmer.losses[22:]) < 0).all()  # "back at t = 22, with eta 0.5, the loss goes on falling"


def test_the_limit_on_the_map_is_the_one_of_the_sharpness_at_the_start():
    params, net, step = tm.Run(OVERLAP).params, OVERLAP.net, 1e-5
    slopes = [
        backward(
            tm.forward(net.params(**{n: (params + sign * step * unit)[n] for n in net.slices}), OVERLAP.X), OVERLAP.y
        )
        for unit in units(net)
        for sign in (1, -1)
    ]
    hessian = np.array([(up - down).flat / (2 * step) for up, down in zip(slopes[::2], slopes[1::2], strict=True)])
    assert round(2 * 1.9 / np.linalg.eigvalsh((hessian + hessian.T) / 2)[-1], 1) == 12.3


def units(net):
    zeros = net.zeros()
    return [zeros.replace(name, index, 1.0) for name, index in net.entries]


HAPPENS = {  # name: (problem, what is not enough, what makes it happen)
    "09.remember": (lambda: tm.Run(WORKED), "run.step(21)", "run.step()"),
    "09.friction": (lambda: tm.Run(PLAIN), "run.step(20)", "board.change(gamma=0.95)"),
    "10.race": (lambda: tm.Run(WORKED), "run.step(13)", "run.step()"),
    "10.rising": (lambda: tm.Run(OVERLAP), "run.step(59)", "run.step()"),
    "11.zeros": (lambda: tm.Run(WORKED), "board.choose(('W1', (0, 1)))", "run.step()"),
    "11.twins": (lambda: tm.Run(WORKED), "run.step(99)", "run.step()"),
    "12.part": (lambda: tm.Run(WORKED), "run.step()", "run.step()"),
    "12.same": (lambda: tm.Run(WORKED), "run.step(2)", "run.step()"),
    "13.line": (lambda: tm.Run(Recipe(data="two blobs", sizes=()).problem()), "run.step(49)", "run.step()"),
    "13.ring": (lambda: tm.Run(Recipe(sizes=(4,)).problem(eta=0.5)), "run.step(20)", "run.step(200)"),
    "13.noise": (lambda: tm.Run(Recipe(noise=0.2).problem()), "run.step(399)", "run.step()"),
    "13.width": (lambda: tm.Run(Recipe(n=40, sizes=(8, 8)).problem()), "run.step(399)", "run.step()"),
    "14.commonest": (
        lambda: tm.Run(tm.problems.penguins()),
        "run.set('b2', (0, 0), 0.5)",
        "run.set('b2', (0, 0), 3.0)",
    ),
    "14.held": (lambda: tm.Run(tm.problems.blobs()), "run.step(99)", "run.step()"),
}
BY_HAND = {"10.first_rise", "14.features", "14.leak", "14.best"}


@pytest.mark.parametrize("name", HAPPENS)
def test_a_later_question_is_told_once_it_has_happened_and_not_before(name):
    run, before, then = HAPPENS[name]
    card, run = predict(name), run()
    board = panel(run, show="loss", after=card)
    card.prediction.lock(card.prediction.options[-1])
    exec(before, {"run": run, "board": board})
    assert not card.prediction.told
    exec(then, {"run": run, "board": board})
    assert card.prediction.told


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_a_question_that_only_the_learner_can_judge_says_which_button_tells(name):
    assert QUESTIONS[name].do.endswith("Then press Tell me.")


def test_the_words_beside_a_guess_have_a_white_halo():
    _, board, view = asked("07.lands")
    at(board, view, 1.5, -2.0)
    (words,) = re.findall("<text[^>]*>your guess</text>", board.views[view].upper(""))
    assert 'stroke="#ffffff"' in words
    assert 'paint-order="stroke"' in words


def test_of_every_question_it_is_tested_when_it_is_told():
    assert {*EARLIER, *DRAWN_RUNS, *HAPPENS, *BY_HAND} == set(QUESTIONS)
    assert all(QUESTIONS[name].seen is None for name in BY_HAND)


def test_a_next_step_with_another_eta_is_not_the_one_that_was_asked_about():
    card, board, view = asked("07.lands")
    key(board, view, 0, 1)
    card.lock.click()
    board.change(eta=4.0)
    board.run.step()
    assert not card.prediction.told
    board.run.back()
    board.change(eta=2.0)
    board.run.step()
    assert card.prediction.told


# The angle -----------------------------------------------------------------------------------------------------------


def test_the_velocity_of_the_worked_example_never_points_uphill_and_on_overlap_in_16_of_400_steps():
    def uphill(problem, steps):
        run = tm.Run(problem)
        return [t for t in range(1, steps + 1) if turned(run.step()) > 90]

    assert uphill(WORKED, 40) == []
    on_overlap = uphill(OVERLAP, 400)
    assert (len(on_overlap), on_overlap[0], on_overlap[-1]) == (16, 6, 39)


def test_the_angle_is_the_same_for_a_rule_that_adds_up_gradients():
    ours = tm.Run(OVERLAP).step(7)
    theirs = tm.Run(OVERLAP, rule="pytorch").step(7)
    assert turned(ours) == pytest.approx(turned(theirs), abs=1e-6)


def test_the_angle_view_says_uphill_and_without_a_velocity_that_there_is_no_angle():
    board = panel(tm.Run(OVERLAP), show="angle", control="step")
    assert "no angle" in board.describe()
    assert not board.views["angle"].velocity.get_visible()
    board.run.step()
    assert "downhill\n  15.1° from the way downhill" in board.describe()
    board.run.step(6)
    assert "Velocity at t = 7: uphill now\n  124.0° from the way downhill" in board.describe()
    x, y = board.views["angle"].velocity.xy
    assert np.degrees(np.arctan2(x, -y)) == pytest.approx(124.0, abs=0.05)
