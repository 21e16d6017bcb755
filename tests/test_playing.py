"""A panel that plays, without a page: each frame that a page would report brings the next steps and the next frame."""

import pytest

import tinymlp as tm
from tinymlp.widgets import panel, predict
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


def test_play_waits_for_a_prediction(own_home):
    card = predict("up or down", "What will the loss do?", "down", options=("up", "down"))
    board = panel(tm.Run(tm.worked_example()), show="loss", control="run", after=card)
    hear(board, ready=True)
    press(board)
    assert painted(board) == painted(board) == 0


def test_a_frame_of_play_is_one_message(board):
    sent = []
    for widget in board._all_widgets(board):
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
