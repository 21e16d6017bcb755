"""Where a velocity comes from: the ledger by age, and the two parts of a step as arrows on the map."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import tinymlp as tm
from tinymlp.explain import ledger
from tinymlp.views import Look
from tinymlp.views.ledger import ROWS, LedgerView
from tinymlp.views.surface import SurfaceView

TWO = (("W1", (2, 1)), ("W2", (1, 0)))


def a_run(steps, **settings):
    return tm.Run(replace(tm.worked_example(), **settings)).step(steps)


@pytest.mark.parametrize("steps", [1, 5, ROWS, 40])
def test_the_bars_of_the_ledger_add_up_to_the_velocity(steps):
    run, look = a_run(steps), Look(chosen=("W1", (0, 1)))
    facts = LedgerView(run, look).read(run, look)
    total = sum(share.share for share in facts.shares) + facts.older
    assert total == pytest.approx(run.velocity.W1[0, 1], abs=1e-15)
    assert len(facts.shares) == min(steps, ROWS - 1 if steps > ROWS - 1 else steps)
    assert [share.t for share in facts.shares] == list(range(steps, steps - len(facts.shares), -1))


def test_the_ledger_says_each_share_and_what_is_older():
    run, look = a_run(14), Look(chosen=("W1", (0, 1)))
    said = LedgerView(run, look).text(run, look)
    assert "at t = 14: -0.0183 is" in said
    assert "+0.0002 of step 13: 0.9 kept, gradient -0.0003" in said
    assert "of all steps before" in said
    assert "of all steps before" not in LedgerView(a_run(2), look).text(a_run(2), look)
    assert "no step taken yet" in LedgerView(a_run(0), look).text(a_run(0), look)


@pytest.mark.parametrize("steps", [0, 1, 3, 40])
def test_no_label_of_the_ledgers_axis_lies_on_another(steps):
    run, look = a_run(steps, eta=0.001), Look(chosen=("W1", (0, 1)))  # small shares: long labels
    view = LedgerView(run, look)
    view.draw(view.read(run, look))
    boxes = [label.get_window_extent() for label in view.axes.get_xticklabels()]
    assert len(boxes) == 3
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))


def test_a_ledger_of_the_last_steps_leaves_out_the_ones_before():
    run = a_run(20)
    assert ledger(run, "b2", (0, 0), since=15) == ledger(run, "b2", (0, 0))[15:]


def test_a_rule_whose_velocity_adds_up_no_gradients_has_no_ledger():
    run = tm.Run(tm.worked_example(), rule="rmsprop")
    assert LedgerView.refuses(run) == "a rule whose velocity adds up gradients"


# A steady gradient g ends at -eta g / (1 - gamma) ---------------------------------------------------------------------


def velocities(gamma, steps, eta=0.8, g=0.25):
    """Return the velocities under a steady gradient: with one input of 0 the gradient of a linear output stays."""
    v, found = 0.0, []
    for _ in range(steps):
        v = gamma * v - eta * g
        found.append(v)
    return np.array(found)


def test_under_a_steady_gradient_a_velocity_of_0_9_grows_tenfold_and_is_at_nine_tenths_after_22_steps():
    v = velocities(0.9, 400)
    assert v[-1] == pytest.approx(-0.8 * 0.25 / (1 - 0.9))
    assert np.argmax(v <= 0.9 * v[-1]) + 1 == 22


def test_with_gamma_1_it_never_ends():
    assert (np.diff(velocities(1.0, 1000)) < -0.19).all()


# Uphill ---------------------------------------------------------------------------------------------------------------


def uphill(problem, steps=400):
    """Return the iterations at which the velocity that led there points uphill there."""
    past = tm.Run(problem).step(steps).past(1, steps + 1)
    return [int(t) for t in past.t[(past.velocity.flat * past.grads.flat).sum(axis=1) > 0]]


def test_the_velocity_points_uphill_in_16_of_400_steps_on_overlap_and_never_in_the_worked_example():
    assert uphill(tm.worked_example()) == []
    found = uphill(replace(tm.problems.overlap(), eta=1.0, gamma=0.9))
    assert len(found) == 16
    assert (found[0], found[-1]) == (6, 39)


# Friction -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gamma", "shrinks"), [(0.0, 0.9), ((1 - 1.9**0.5) ** 2, 0.378)])
def test_in_a_bowl_with_eta_lambda_1_9_a_little_momentum_settles_faster_than_none(gamma, shrinks):
    step = np.array([[1 + gamma - 1.9, -gamma], [1, 0]])  # (w, the w before) of w <- w + gamma (w - before) - eta g
    assert abs(np.linalg.eigvals(step)).max() == pytest.approx(shrinks, abs=6e-4)


# The map --------------------------------------------------------------------------------------------------------------


def test_the_map_takes_the_last_step_apart_where_momentum_carries_something_on():
    run = tm.Run(replace(tm.worked_example(), eta=2.0, gamma=0.9), training=tm.Training(free=TWO)).step(11)
    look = Look()
    view = SurfaceView(run, look)
    start, corner, end = view.read(run, look).parts
    before = run.at(10)
    places = [run.problem.net.position(*entry) for entry in TWO]
    assert start == pytest.approx(before.params.flat[places])
    assert corner - start == pytest.approx(0.9 * before.velocity.flat[places])
    assert end == pytest.approx(run.params.flat[places])
    assert "the last step: carried on (+0.1819, -0.4277), dashed" in view.text(run, look)
    assert "the step to come: carried on" in view.text(run, Look(ahead=True))
    run.goto(0)
    assert view.read(run, look).parts is None


def test_plain_descent_carries_nothing_on():
    run = tm.Run(replace(tm.worked_example(), gamma=0.0), training=tm.Training(free=TWO)).step(3)
    assert SurfaceView(run, Look()).read(run, Look()).parts is None
