"""A panel that plays, without a page: each frame that a page would report brings the next steps and the next frame."""

import threading
import time

import pytest

import tinymlp as tm
from tinymlp.recipes import Recipe
from tinymlp.views import VIEWS
from tinymlp.widgets import panel, predict
from tinymlp.widgets.drawer import HEIGHT
from tinymlp.widgets.picture import AHEAD

CONTROL = ("run", "step", "back", "undo", "redo", "reset", "scrub", "eta")


@pytest.fixture
def board():
    made = panel(tm.Run(tm.worked_example()), show=("network", "loss"), control=CONTROL)
    hear(made, ready=True)
    painted(made)
    return made


def hear(board, **message):
    board.picture._heard(None, message, [])


def painted(board):
    """Report the last frame as painted, as a page does; returns t."""
    hear(board, painted=board.picture.frame)
    return board.run.t


def press(board):
    board.controls["run"].toggle.click()


def word(board):
    return board.controls["run"].toggle.description


def test_play_takes_steps_for_each_frame_that_was_painted_until_pause(board):
    press(board)
    assert (board.run.t, word(board)) == (1, "Pause")
    before = painted(board)
    assert painted(board) > before
    press(board)
    t = board.run.t
    assert word(board) == "Play"
    assert painted(board) == painted(board) == t


def test_the_pace_is_in_steps_a_frame(board):
    board.controls["run"].pace.value = 25
    press(board)
    t, frame = board.run.t, board.picture.frame
    painted(board)
    assert board.run.t - t == 25 * (board.picture.frame - frame) > 0


def test_no_more_frames_are_on_their_way_than_a_page_can_paint_meanwhile(board):
    press(board)
    painted(board)
    sent, last = board.picture.frame, board.picture._painted
    assert sent - last == AHEAD
    hear(board, painted=last)  # a second page reports the same frame
    assert board.picture.frame == sent
    hear(board, painted=last + 1)
    assert board.picture.frame == sent + 1


@pytest.mark.parametrize("name", ["back", "undo", "reset", "step"])
def test_a_control_that_moves_the_run_ends_play(board, name):
    board.run.eta = 0.3
    painted(board)
    press(board)
    painted(board)
    assert word(board) == "Pause"
    board.controls[name].widget.click()
    t = board.run.t
    for _ in range(3):
        painted(board)
    assert (board.run.t, word(board)) == (t, "Play")
    board.run.goto(9)
    assert not board.plays  # though it may have been there when it played


def test_the_scrubber_ends_play_and_a_slider_does_not(board):
    press(board)
    painted(board)
    board.controls["eta"].dial.slider.value = 0.1
    assert painted(board) < painted(board)
    assert board.run.eta == 0.1
    board.controls["scrub"].slider.value = 1
    assert painted(board) == painted(board) == 1


def test_a_run_that_stops_ends_play_and_says_why(board):
    board.run.eta = 1000.0
    painted(board)
    press(board)
    for _ in range(5):
        painted(board)
    assert "Stopped at t = " in board.picture.alarm
    assert word(board) == "Play"
    frame = board.picture.frame
    painted(board)
    assert board.picture.frame == frame


@pytest.mark.parametrize("message", ["gone", "ready"])
def test_play_ends_with_its_page_and_begins_with_no_other(board, message):
    press(board)
    painted(board)
    t = board.run.t
    hear(board, **{message: True})
    painted(board)
    assert board.run.t == t
    assert not board.plays


def test_a_click_that_comes_in_another_thread_while_a_frame_is_made_is_not_lost(board, monkeypatch):
    press(board)
    painted(board)
    begun, step = threading.Event(), tm.Run.step

    def slow_step(run, n=1):
        begun.set()
        time.sleep(0.2)
        return step(run, n)

    monkeypatch.setattr(tm.Run, "step", slow_step)
    player = threading.Thread(target=painted, args=[board])
    player.start()
    begun.wait()
    click(board, "reset")
    player.join()
    assert (board.run.t, word(board)) == (0, "Play")


def test_play_waits_for_a_prediction(own_home):
    card = predict("up or down", "What will the loss do?", "down", options=("up", "down"))
    board = panel(tm.Run(tm.worked_example()), show="loss", control="run", after=card)
    hear(board, ready=True)
    press(board)
    assert painted(board) == painted(board) == 0


def test_a_frame_of_play_is_one_message(board):
    sent = []
    for widget in board.all_widgets(board):
        widget.send_state = lambda *args, widget=widget, kept=widget.send_state, **kwargs: (
            sent.append(widget), kept(*args, **kwargs)
        )  # fmt: skip
    press(board)
    painted(board)
    sent.clear()
    frame = board.picture.frame
    for _ in range(5):
        painted(board)
    frames = board.picture.frame - frame
    assert frames >= 5
    assert sent.count(board.picture) == frames
    others = [widget for widget in sent if widget is not board.picture]
    assert len(others) <= 8  # the controls follow twice a second: at most once in this time


def test_a_frame_carries_only_the_tiles_that_changed_and_a_page_that_opens_is_given_all(board):
    sent = []
    board.picture._send, kept = lambda msg, buffers=None: sent.append(msg), board.picture._send
    board.glance(chosen=("W2", (0, 0)))
    assert set(sent[-1]["state"]) >= {"frame"}
    assert "upper_loss" not in sent[-1]["state"]
    board.picture._send = kept
    assert set(board.picture.get_state()) >= {"upper_loss", "upper_network", "lower_loss", "text_loss", "note_loss"}


def test_the_text_follows_when_play_is_paused(board):
    press(board)
    for _ in range(4):
        painted(board)
    press(board)
    painted(board)
    assert f"Loss at t = {board.run.t}:" in board.picture.texts["loss"]
    assert board.controls["scrub"].field.value == board.run.t


def playground(**changes):
    run = tm.Run(Recipe(sizes=(3,)).but(**changes).problem(eta=0.1, gamma=0.9))
    made = panel(run, show="loss", control=("step", "undo", "redo", "noise", "eta", "batch"))
    hear(made, ready=True)
    painted(made)
    return made


def click(board, *names):
    for name in names:
        board.controls[name].widget.click()


def test_a_changed_recipe_makes_a_new_run_with_the_present_settings():
    board = playground()
    board.run.rule, board.run.eta, board.run.training = "adam", 0.02, tm.Training(batch=8, seed=3)
    board.run.step(4)
    board.remake(sizes=(5, 4))
    run = board.run
    assert (run.t, run.eta, run.rule.name, run.training.batch, run.training.seed) == (0, 0.02, "adam", 8, 3)
    assert run.problem.net.sizes == (2, 5, 4, 1)
    assert run.problem.recipe == Recipe(sizes=(5, 4))


def test_a_frozen_weight_stays_frozen_in_the_same_network_and_in_no_other():
    board = playground()
    free = (("W1", (0, 0)),)
    board.run.training = tm.Training(free=free)
    board.remake(noise=0.3)
    assert board.run.training.free == free
    board.remake(sizes=(5,))
    assert board.run.training.free is None


def test_what_cannot_be_made_changes_nothing_and_says_why():
    board = playground()
    run = board.run
    board.change(recipe={"n": 2})
    assert "n: expected 4 to 1000 samples, got 2" in board.picture.alarm
    board.change(recipe={"colour": "red"})
    assert "recipe: expected" in board.alarm()
    assert board.run is run
    assert not board.can_undo
    other = panel(tm.Run(tm.worked_example()), show="loss")
    with pytest.raises(ValueError, match="recipe: expected a run that a Recipe made, got one of the 'worked example'"):
        other.remake(n=50)


def test_undo_brings_back_the_run_that_was_replaced_and_redo_takes_that_back():
    board = playground()
    first = board.run
    first.eta = 0.2
    first.step(7)
    board.remake(noise=0.3)
    second = board.run
    second.gamma = 0.5
    click(board, "undo")
    assert (board.run, second.gamma) == (second, 0.9)
    click(board, "undo")
    assert (board.run, first.t) == (first, 7)
    painted(board)
    assert "t = 7: loss" in board.picture.status
    click(board, "undo")
    assert first.eta == 0.1
    click(board, "redo", "redo", "redo")
    assert (board.run, second.gamma, first.eta) == (second, 0.5, 0.2)
    assert board.controls["redo"].widget.disabled


def test_what_was_undone_before_the_data_were_changed_does_not_come_back():
    board = playground()
    board.run.eta = 0.2
    click(board, "undo")
    board.remake(noise=0.3)
    click(board, "undo")
    assert board.run.eta == 0.1
    click(board, "redo")
    assert board.run.problem.recipe.noise == 0.3


def test_a_dragged_slider_of_the_recipe_is_one_undo_step():
    board = playground()
    first, slider = board.run, board.controls["noise"].dial.slider
    for noise in (0.15, 0.2, 0.25, 0.3):
        slider.value = noise
    assert board.run.problem.recipe.noise == 0.3
    click(board, "undo")
    assert board.run is first
    assert not board.can_undo


def test_no_steps_are_lost_to_a_drag():
    board = playground()
    slider = board.controls["noise"].dial.slider
    slider.value = 0.2
    board.run.step(5)
    slider.value = 0.3
    click(board, "undo")
    assert (board.run.problem.recipe.noise, board.run.t) == (0.2, 5)


def test_the_last_five_runs_are_kept():
    board = playground()
    for seed in range(1, 9):
        board.remake(seed=seed)
        board.end_gesture()
    click(board, *["undo"] * 9)
    assert board.run.problem.recipe.seed == 3


def test_a_view_that_follows_is_not_made_anew():
    board = playground()
    view = board.views["loss"]
    board.remake(noise=0.3)
    assert board.views["loss"] is view
    assert "Loss at t = 0" in board.describe()


def test_the_pointer_over_a_weight_is_told_and_ends_no_gesture(board):
    board.run.set("W1", (0, 0), 0.1)
    hear(board, hovered="pick-W1-0-0")
    assert board.look.hovered == ("W1", (0, 0))
    board.run.set("W1", (0, 0), 0.2)
    hear(board, hovered="")
    assert board.look.hovered is None
    click(board, "undo")
    assert board.run.params.W1[0, 0] == tm.worked_example().params.W1[0, 0]


def test_the_page_is_asked_to_tell_only_where_a_view_cares(board, monkeypatch):
    assert not any(tile["hovers"] for tile in board.picture.tiles)
    monkeypatch.setattr(VIEWS["network"], "hovers", True)
    made = panel(board.run, show=("network", "loss"))
    assert [tile["hovers"] for tile in made.picture.tiles] == [True, False]


def test_a_drawer_shows_one_group_at_a_time_at_a_fixed_height():
    run = tm.Run(Recipe().problem())
    board = panel(run, show="loss", control=("step", "noise", "rival_eta", "samples", "eta"))
    drawer = board.children[2]
    assert list(drawer.boxes) == ["Data", "Race"]

    def shown():
        return [name for name, box in drawer.boxes.items() if box.layout.display != "none"]

    assert (shown(), drawer.words["Data"].value) == (["Data"], True)
    drawer.words["Race"].value = True
    assert (shown(), drawer.words["Data"].value) == (["Race"], False)
    drawer.words["Race"].value = False
    assert shown() == []
    assert drawer.children[1].layout.height == f"{HEIGHT}px"


def test_a_panel_without_such_controls_has_no_drawer(board):
    assert [type(child).__name__ for child in board.children] == ["Box", "Box", "Presenter", "Picture", "Minder"]


def test_one_group_alone_stands_with_the_settings():
    board = panel(tm.Run(Recipe().problem()), show="loss", control=("step", "noise", "samples", "eta"))
    assert [type(child).__name__ for child in board.children] == ["Box", "Box", "Presenter", "Picture", "Minder"]
    assert len(board.children[1].children) == 3
