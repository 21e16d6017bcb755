"""The card of a bug hunt: how it shows, two questions, and the source only once both are locked."""

import ipywidgets as w
import pytest

import tinymlp as tm
from tinymlp.teaching.bugs import BUGS, two_layers
from tinymlp.widgets import hunt

pytestmark = pytest.mark.usefixtures("own_home")
EVERY = pytest.mark.parametrize("name", BUGS)


def locked(name, repaired=None):
    card = hunt(name, repaired)
    card.which.prediction.lock(card.bug.truth)
    card.where.prediction.lock(card.where.prediction.options[0])
    return card


def leaves(widget):
    return [x for child in widget.children for x in leaves(child)] if hasattr(widget, "children") else [widget]


@EVERY
def test_a_hunt_shows_the_symptom_and_neither_the_bug_nor_its_source(name):
    card = hunt(name)
    text, bug = card.describe(), card.bug
    assert "Gradient check" in text
    assert "without the bug" in text
    assert bug.why not in text
    assert "return params" not in text
    assert text.startswith(hunt("12.bug1").describe()[:200].replace("12.bug1", name)[:190])
    assert card.source not in card.children
    assert card.repair is None


def test_the_truth_is_told_when_both_questions_are_locked():
    card = hunt("12.bug7")
    card.which.prediction.lock("a sign is flipped")
    assert "Lock the first wrong array as well." in card.describe()
    assert "The answer is" not in card.describe()
    assert card.source not in card.children
    card.where.prediction.lock("dz²")
    text = card.describe()
    assert 'You said "a sign is flipped". The answer is "targets (N,) are' in text
    assert 'You said "dz²": right.' in text
    assert "errors = p - y[:, 0]" in text
    assert card.source in card.children


@EVERY
def test_a_repair_is_judged_and_told(name):
    card = locked(name, BUGS[name].right)
    assert "Right: well done." in card.describe()
    again = hunt(name, BUGS[name].function)
    assert "Not yet: that is the function as it was" in again.describe()


def test_a_repair_waits_for_the_two_questions():
    assert "well done" not in hunt("12.bug1", two_layers).describe()


def test_a_hunt_is_remembered():
    locked("12.bug4")
    assert hunt("12.bug4").is_open
    assert not hunt("12.bug5").is_open


def test_asking_again_hides_the_source():
    card = locked("12.bug1")
    card.which.again.click()
    assert card.source not in card.children
    assert not card.is_open


def test_the_run_can_be_stepped_and_every_field_has_a_name():
    card = locked("12.bug2")
    card.board.controls["step"].widget.click()
    assert "t = 7" in card.describe()
    for widget in leaves(card):
        if isinstance(widget, w.Dropdown | w.Text | w.BoundedFloatText | w.BoundedIntText | w.Button):
            assert widget.description, widget


def test_a_hunt_is_also_a_text_and_a_picture():
    card = hunt("12.bug3")
    bundle, metadata = card._repr_mimebundle_()
    assert metadata["image/png"]["width"] > 300
    assert bundle["text/plain"] == hunt("12.bug3").describe()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert "tinymlp-hunt" in card._dom_classes


def test_the_symptom_of_a_healthy_run_is_its_loss():
    from tinymlp.views import VIEWS, Look

    run = tm.Run(tm.worked_example()).step(2)
    text = VIEWS["symptom"](run, Look()).text(run, Look())
    assert text == "Loss at t = 2: 0.6257, from 0.6953 at the start"


def test_an_unknown_hunt_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"12\.bug1'.*did you mean"):
        hunt("12.bug13")
