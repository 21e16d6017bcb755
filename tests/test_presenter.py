"""A panel in front of a class: what is hidden until it is revealed, and that nothing of the run is lost by it."""

import pytest

import tinymlp as tm
from tinymlp.widgets import panel, predict


@pytest.fixture
def run():
    return tm.Run(tm.worked_example())


def test_a_panel_is_presented_and_goes_on_with_the_same_run(run):
    board = panel(run)
    run.step(3)
    board.presenter.presenting = True
    board.presenter._heard({"go": "step"})
    board.presenter._heard({"go": "back"})
    board.presenter._heard({"go": "back"})
    board.presenter.presenting = False
    assert board.run is run
    assert run.t == 2


def test_what_comes_next_is_hidden_until_it_is_revealed_and_shown_again_afterwards(run):
    board = panel(run, control=("step", "ahead"))
    tick = board.controls["ahead"].tick
    tick.value = True
    board.presenter.presenting = True
    assert not board.look.ahead
    assert not tick.value
    board.presenter.revealed = True
    assert board.look.ahead
    board.presenter.revealed = False
    assert not board.look.ahead
    board.presenter.presenting = False
    assert board.look.ahead


def test_what_was_not_shown_before_is_not_shown_by_revealing(run):
    board = panel(run, control=("step", "ahead"))
    board.presenter.presenting = board.presenter.revealed = True
    assert not board.look.ahead


def test_the_card_of_a_panel_comes_along_and_revealing_tells_its_truth(run, own_home):
    card = predict(
        "a vote", "Which way will the bias move?", "down", do="Take a step.", seen=lambda run, look: run.t > 0
    )
    board = panel(run, after=card)
    before = len(board.children)
    board.presenter.presenting = True
    shown = board.children[-1]
    assert len(board.children) == before + 1
    shown.guess.value = "up"
    shown.lock.click()
    assert card.prediction.locked
    assert not card.prediction.told
    assert "tinymlp-answer" in shown.outcome._dom_classes
    board.presenter.revealed = True
    assert card.prediction.told
    board.presenter.presenting = False
    assert not board.presenter.revealed
    board.presenter.presenting = True
    assert len(board.children) == before + 1, "one card is enough, however often it is presented"


def test_an_open_prediction_is_not_told_by_revealing(run, own_home):
    card = predict("another vote", "Which way will the bias move?", "down")
    board = panel(run, after=card)
    board.presenter.presenting = board.presenter.revealed = True
    assert not card.prediction.locked
    assert not card.prediction.told


@pytest.mark.parametrize(
    ("show", "control", "hides"),
    [("check", "step", True), ("loss", ("step", "ahead"), True), ("loss", "step", False)],
)
def test_a_button_to_reveal_is_there_where_something_is_hidden(run, show, control, hides):
    assert panel(run, show=show, control=control).presenter.hides is hides


def test_a_panel_can_open_presented(run):
    assert panel(run, present=True).presenter.opens
    assert not panel(run).presenter.opens


def test_nothing_of_it_is_in_a_recording(run, tmp_path):
    saved = panel(run, show="loss", present=True).save(tmp_path / "run.html", steps=2).read_text(encoding="utf-8")
    assert ">Present<" not in saved
    assert "tinymlp-presenter" not in saved
