"""Lesson 11: the starts, the control and views that show them, and each figure that the lesson quotes."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import tinymlp as tm
from tinymlp import problems
from tinymlp.network import deltas
from tinymlp.starts import STARTS
from tinymlp.views import VIEWS, Look
from tinymlp.views.spread import decades, factor
from tinymlp.views.units import named
from tinymlp.widgets import panel

EXAMPLE = tm.worked_example()


def began(problem=EXAMPLE, *start):
    return tm.Run(problem).restart(*start)


def deep(hidden, *start):
    """A run of the lesson's net of five hidden layers."""
    return began(problems.moons(sizes=(16,) * 5, hidden=hidden, eta=0.1), *start)


def apart(run):
    """How far the numbers of the hidden units are from each other, at most."""
    W1, b1, W2 = (run.params[name] for name in ("W1", "b1", "W2"))
    return float(np.ptp(np.vstack([W1, b1, W2.T]), axis=1).max())


def nudged(run, by):
    return run.set("W1", (0, 0), float(run.params.W1[0, 0]) + by)


def kept(run):
    """What each spread is multiplied by: h from the first hidden layer to the last, and dL/dz on the way back."""
    h = [h.std() for h in run.trace.h[1:-1]]
    dz = [dz.std() for dz in deltas(run.trace, run.problem.y)[:-1]]
    return factor(h), factor(dz[::-1])


# The starts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", STARTS)
def test_a_start_has_biases_of_0_and_the_same_numbers_for_the_same_seed(start):
    net = tm.MLP((3, 4, 4, 2), output="softmax")
    params = net.init(np.random.default_rng(5), start=start)
    assert params == net.init(np.random.default_rng(5), start=start)
    assert not any(params[name].any() for name in ("b1", "b2", "b3"))
    assert net.init(np.random.default_rng(5), (7,), start).leading == (7,)


def test_zeros_too_small_and_too_large_are_multiples_of_lecuns():
    net, rng = EXAMPLE.net, np.random.default_rng
    lecun = net.init(rng(0)).flat
    for start, times in (("zeros", 0), ("small", 0.1), ("large", 3)):
        np.testing.assert_allclose(net.init(rng(0), start=start).flat, times * lecun, rtol=1e-14)
    assert not np.signbit(net.init(rng(0), start="zeros").flat).any()


def test_equal_units_have_equal_columns_and_equal_outgoing_weights_in_every_layer():
    params = tm.MLP((3, 4, 5, 2), output="softmax").init(np.random.default_rng(0), (2,), "equal")
    for incoming, outgoing in ((params.W1, params.W2), (params.W2, params.W3)):
        assert (incoming == incoming[..., :1]).all()
        assert (outgoing == outgoing[..., :1, :]).all()
    assert len(np.unique(params.W1)) == 2 * 3  # the inputs differ
    assert len(np.unique(params.W3)) == 2 * 2  # and so do the outputs


def test_a_run_starts_over_from_other_weights_with_the_settings_as_they_are_and_undo_takes_that_back():
    run = tm.Run(EXAMPLE).step(3)
    run.eta, before = 0.3, run.params
    run.restart("he", 0.5, seed=4)
    assert (run.t, run.end, run.eta, run.gamma) == (0, 0, 0.3, 0.9)
    np.testing.assert_allclose(run.params.flat, 0.5 * EXAMPLE.net.init(np.random.default_rng(4), start="he").flat)
    assert run.origin == ("he", 0.5, 4)
    assert run.fork(gamma=0.0).step(2).origin == ("he", 0.5, 4)
    assert run.step(2).undo().t == 3
    assert run.params == before
    assert run.origin == ("given", 1.0, 0)
    assert run.redo().origin.start == "he"
    assert run.reset().origin.start == "given"


def test_the_scale_of_the_start_as_given_leaves_the_biases_alone():
    run = began(EXAMPLE, "given", 2.0)
    np.testing.assert_array_equal(run.params.W1, 2 * EXAMPLE.params.W1)
    np.testing.assert_array_equal(run.params.b1, EXAMPLE.params.b1)
    assert run.restart().params == EXAMPLE.params


def test_a_run_that_started_over_goes_into_a_share_code():
    run = began(EXAMPLE, "large").step(3)
    back = tm.Run.from_code(run.code())
    assert back.params == run.params
    assert back.losses.tobytes() == run.losses.tobytes()


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (("hee",), "start: expected one of 'given', 'zeros'.*did you mean 'he'"),
        (("he", -1.0), "scale: expected"),
        (("he", 1.0, -1), "seed: expected"),
    ],
)
def test_a_start_that_is_none_is_told_and_changes_nothing(start, words):
    run = tm.Run(EXAMPLE).step()
    with pytest.raises(ValueError, match=words):
        run.restart(*start)
    assert run.t == 1
    assert not run.can_undo


# The controls ---------------------------------------------------------------------------------------------------------


def press(board, name):
    board.controls[name].widget.click()


def test_choosing_a_start_begins_the_run_anew_and_undo_takes_it_back():
    board = panel(tm.Run(EXAMPLE), show=("units", "loss"), control=("step", "undo", "start", "scale"))
    start, dial = board.controls["start"], board.controls["scale"].dial
    press(board, "step")
    start.choice.value = "equal"
    assert board.run.t == 0
    assert "units 1 and 2 are equal in every number" in board.describe()
    assert "Start: equal units, draw 1. Scale of the start = 1." in board.picture.status
    first = board.run.params.W1[0, 0]
    for value in (0.9, 0.5, 2.0):
        dial.slider.value = value  # one drag
    assert board.run.params.W1[0, 0] == 2 * first
    start.again.click()
    assert board.run.origin == ("equal", 2.0, 1)
    press(board, "undo")
    assert (board.run.origin, dial.field.value) == (("equal", 2.0, 0), 2)
    press(board, "undo")
    assert (board.run.origin, dial.field.value) == (("equal", 1.0, 0), 1)
    press(board, "undo")
    assert (board.run.t, start.choice.value) == (1, "given")
    assert "Start: as given." in board.picture.status


def test_there_is_nothing_to_draw_again_of_zeros_or_of_what_was_given():
    board = panel(tm.Run(EXAMPLE), show="loss", control="start")
    start = board.controls["start"]
    assert start.again.disabled
    start.choice.value = "he"
    assert not start.again.disabled
    start.choice.value = "zeros"
    assert start.again.disabled


# All zeros ------------------------------------------------------------------------------------------------------------


def test_from_zeros_only_the_outputs_bias_has_a_gradient_and_the_loss_ends_at_0_6365():
    run = began(EXAMPLE, "zeros")
    np.testing.assert_array_equal(np.flatnonzero(run.grads.flat), [10])
    assert run.grads.b2.item() == pytest.approx(0.1667, abs=5e-5)
    run.step(500)
    assert not run.params.flat[:-1].any()
    assert run.loss == pytest.approx(0.6365, abs=5e-5)
    assert run.trace.p[:, 0] == pytest.approx([1 / 3] * 3)  # it knows how many are 1, and nothing of the inputs


@pytest.mark.parametrize("name", ["xor", "blobs", "moons", "circles", "spiral", "overlap"])
def test_from_zeros_nothing_has_a_gradient_where_classes_are_balanced(name):
    run = began(problems.named(name), "zeros")
    assert abs(run.grads.flat).max() < 1e-15
    assert run.loss == pytest.approx(np.log(max(2, len(run.problem.classes))))


def test_from_zeros_sigmoid_units_are_one_half_so_that_their_outgoing_weights_have_a_gradient_too():
    net = replace(EXAMPLE.net, hidden="sigmoid")
    run = began(replace(EXAMPLE, net=net, params=net.zeros()), "zeros")
    assert run.grads.W2.ravel() == pytest.approx([0.0833, 0.0833], abs=5e-5)
    assert not run.grads.W1.any()
    assert apart(run.step(200)) == 0  # and the units stay twins


# Equal units ----------------------------------------------------------------------------------------------------------

# Two units only: with 5 or 7 the last bit of a sum may depend on its column, and rounding alone then breaks the
# symmetry, after some hundred steps and at another step on another processor.


@pytest.mark.parametrize("problem", [EXAMPLE, problems.overlap(), problems.xor(sizes=(2,))], ids=lambda p: p.name)
def test_two_equal_units_stay_equal_for_a_thousand_steps(problem):
    run = began(problem, "equal")
    assert apart(run.step(1000)) == 0
    assert run.t == 1000


@pytest.mark.parametrize(("by", "steps"), [(0.01, 9), (0.001, 23)])
def test_one_nudge_parts_the_twins_where_the_data_need_two_units(by, steps):
    run = nudged(began(problems.overlap(), "equal"), by)
    before = apart(run.step(steps - 1))
    assert before < 0.1 <= apart(run.step())


def test_what_the_twins_could_not_learn_two_different_units_can():
    twins = began(problems.overlap(), "equal").step(1000)
    others = nudged(began(problems.overlap(), "equal"), 0.01).step(1000)
    assert twins.loss == pytest.approx(0.277, abs=0.002)
    assert others.loss < 0.001


def test_equal_columns_with_different_outgoing_weights_part_at_the_first_step():
    run = began(EXAMPLE, "equal")
    run.set("W2", (0, 0), float(run.params.W2[0, 0]) + 0.5)
    assert (run.params.W1[:, 0] == run.params.W1[:, 1]).all()
    run.step()
    assert (run.params.W1[:, 0] != run.params.W1[:, 1]).all()


# Too small, too large -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hidden", "start", "forward", "back"),
    [
        ("tanh", "small", 0.095, 0.10),
        ("tanh", "lecun", 0.81, 0.90),
        ("tanh", "glorot", 0.87, 0.97),
        ("tanh", "large", 1.03, 1.56),
        ("relu", "small", 0.066, 0.066),
        ("relu", "lecun", 0.66, 0.66),
        ("relu", "he", 0.94, 0.93),
        ("relu", "large", 1.99, 2.07),
    ],
)
def test_what_the_spread_is_multiplied_by_from_layer_to_layer(hidden, start, forward, back):
    assert kept(deep(hidden, start)) == (pytest.approx(forward, abs=0.006), pytest.approx(back, abs=0.006))


@pytest.mark.parametrize(("hidden", "start", "least", "most"), [
    ("tanh", "lecun", 0.80, 0.92), ("relu", "lecun", 0.58, 0.70), ("relu", "he", 0.83, 1.0),
    ("tanh", "small", 0.09, 0.11), ("relu", "small", 0.05, 0.08), ("relu", "large", 1.7, 2.1),
])  # fmt: skip
def test_that_is_no_luck_of_one_draw(hidden, start, least, most):
    middle = np.exp(np.mean([np.log(kept(deep(hidden, start, 1.0, seed))) for seed in range(20)], axis=0))
    assert (least < middle).all()
    assert (middle < most).all()


def test_too_small_a_start_learns_nothing_in_300_steps_and_lecuns_does():
    assert deep("tanh", "small").step(300).loss == pytest.approx(np.log(2), abs=1e-3)
    assert deep("tanh", "lecun").step(300).loss < 0.001
    assert deep("relu", "he").step(300).loss < 0.001


def test_too_large_a_start_of_tanh_is_saturated_and_one_of_relu_runs_away():
    h = deep("tanh", "large").trace.h[1:-1]
    assert all(abs(layer).max() > 0.999 for layer in h)
    assert np.mean([(abs(layer) > 0.95).mean() for layer in h]) == pytest.approx(0.40, abs=0.01)
    losses = deep("relu", "large").step(300).losses
    assert losses.max() > 100 * losses[0] or len(losses) < 301


# Units side by side ---------------------------------------------------------------------------------------------------


def view_of(name, run, look=None):
    return VIEWS[name](run, look or Look())


def words_of(name, run, look=None):
    return view_of(name, run, look).text(run, look or Look())


def test_twins_are_seen_and_named_and_so_is_how_far_units_are_apart():
    run = tm.Run(EXAMPLE)
    assert "unit 1: in 0.4000 0.2000 -0.5000, b 0.0000, out 0.3000; h from -0.1479 to 0.0806" in words_of("units", run)
    assert "units 1 and 2 differ by up to 0.7000" in words_of("units", run)
    run.restart("equal")
    view = view_of("units", run)
    assert view.statement.get_text() == "units 1 and 2 are equal in every number"
    assert [words.get_text() for words in view.notes][:2] == ["", "= unit 1"]
    nudged(run, 0.0005)
    assert "units 1 and 2 differ by up to 0.0005" in words_of("units", run)


def test_bars_of_twins_have_the_same_heights():
    view = view_of("units", began(EXAMPLE, "equal"))
    heights = view.values.get_path().vertices[2::5, 1].reshape(3, 2)  # samples, units
    np.testing.assert_array_equal(heights[:, 0], heights[:, 1])


def test_dead_and_saturated_units_are_told_by_name():
    net = tm.MLP((3, 2, 1), hidden="relu")
    run = tm.Run(tm.Problem(net, EXAMPLE.X, EXAMPLE.y, net.init(np.random.default_rng(0)), 0.8, 0.9))
    run.set("b1", (0, 1), -9.0)
    assert "dead, 0 for every sample: unit 2" in words_of("units", run)
    assert view_of("units", run).notes[1].get_text() == "dead"
    net = replace(net, hidden="tanh")
    run = tm.Run(tm.Problem(net, EXAMPLE.X, EXAMPLE.y, net.init(np.random.default_rng(0)), 0.8, 0.9))
    assert "saturated" not in words_of("units", run)
    run.set("b1", (0, 0), 9.0)
    assert "saturated, on the flat parts of tanh for 9 samples of 10 or more: unit 1" in words_of("units", run)


def test_a_click_on_a_bar_chooses_its_weight():
    board = panel(tm.Run(EXAMPLE), show="units", control="weight")
    for gid, entry in board.views["units"].picks.items():
        board.picked(gid)
        assert board.look.chosen == entry
    assert len(board.views["units"].picks) == 2 * 5
    assert board.views["units"].glow["out"].get_visible()


@pytest.mark.parametrize(
    ("chosen", "name"),
    [(("W1", (0, 0)), "of layer 1"), (("W3", (2, 0)), "of layer 3"), (("W6", (2, 0)), "of layer 5")],
)
def test_the_units_are_those_that_the_chosen_weight_leads_to(chosen, name):
    text = words_of("units", deep("relu", "he"), Look(chosen=chosen))
    assert text.startswith(f"Hidden units {name} at t = 0")
    assert "and 8 more units" in text


def test_units_are_counted_in_words():
    assert named([1]) == "unit 2"
    assert named([0, 2, 4]) == "units 1, 3 and 5"
    assert named(range(16)) == "units 1 to 16"
    assert "units 1 to 16 are equal in every number" in words_of("units", deep("tanh", "equal"))


# The spread, layer by layer -------------------------------------------------------------------------------------------


def test_the_spread_is_said_layer_by_layer():
    text = words_of("spread", deep("tanh", "small"))
    assert "layer 1: 0.062, and 2.1e-08" in text
    assert "From layer to layer the spread of h shrinks, times 0.095" in text
    assert "On the way back the spread of dL/dz shrinks, times 0.10" in text
    assert "24 % saturated" in words_of("spread", deep("tanh", "large"))
    assert "the spread of h is kept, times 0.94" in words_of("spread", deep("relu", "he"))
    assert "layer 1: 0, and 0 (h all are 0; dL/dz all are 0)" in words_of("spread", deep("tanh", "zeros"))


@pytest.mark.parametrize("layers", range(1, 9))
def test_the_spread_of_any_depth_has_a_histogram_for_each_layer(layers):
    run = began(problems.moons(sizes=(16,) * layers, eta=0.1), "lecun")
    view = view_of("spread", run)
    facts = view.read(run, Look())
    assert len(facts.h) == len(facts.dz) == layers + 1
    assert all(max(heights) == 1 for heights in (*facts.h, *facts.dz))
    assert ("From layer to layer" in view.say(facts)) == (layers > 1)


def test_the_histograms_move_with_the_scale():
    board = panel(deep("tanh", "lecun"), show="spread", control="scale")
    view, drawn = board.views["spread"], []
    for value in (0.1, 0.5, 3.0):
        board.controls["scale"].dial.slider.value = value
        drawn.append(view.h.get_path().vertices)
        assert f"times {decimals(kept(board.run)[0])}" in view.forward.get_text()
    assert not any(np.array_equal(a, b) for a, b in pairwise(drawn))


def decimals(value):
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def test_the_decades_hold_every_layers_median_and_the_largest_size():
    sizes = [np.array([1e-9, 2e-9, 0.0]), np.array([1e-3, 0.02])]
    assert decades(sizes) == (-11, -1)
    assert decades([np.zeros(3)]) == (-4, 0)


def test_the_axes_of_the_spread_stand_still_while_the_scale_moves_a_little():
    run = deep("relu", "he")
    view = view_of("spread", run)
    for scale in (0.95, 1.05, 0.95):
        view.update(run.restart("he", scale), Look())
    view.lower("s")
    for scale in (1.05, 0.95, 1.0):
        view.update(run.restart("he", scale), Look())
        assert not view.standing_changed
