"""The numbers that the prose of lessons 09 to 12 quotes, recomputed."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from lesson_prose import prose, squeezed

import tinymlp as tm
from tinymlp.curvature import sharpness
from tinymlp.fates import count_overshoots, first_rise, rises
from tinymlp.momentum import RULES
from tinymlp.sweep import many_runs
from tinymlp.views.angle import turned
from tinymlp.views.spread import flat_share

WORKED, OVERLAP = tm.worked_example(), tm.problems.overlap()
TWO = (("W1", (2, 1)), ("W2", (1, 0)))
DEEP = {"sizes": (16,) * 5, "eta": 0.1}


def of_two(eta, gamma):
    return tm.Run(replace(WORKED, eta=eta, gamma=gamma), training=tm.Training(free=TWO))


@cache
def losses_of_two(gamma):
    return of_two(2.0, gamma).step(30).losses


@cache
def swinging():
    return tm.Run(replace(OVERLAP, eta=1.0)).step(400)


@cache
def uphill():
    run = swinging()
    return [t for t in range(1, 401) if turned(run.goto(t)) > 90]


@cache
def above_the_limit(eta, steps):
    """Return the iterations at which the sharpness over the two weights is above its limit."""
    run = of_two(eta, 0.0).step(steps)
    found = sharpness(run.past(0, run.t + 1).params, WORKED.X, WORKED.y, TWO).value
    return np.flatnonzero(found > 2 / eta)


def rise_of(gamma, steps=200):
    """Return the smallest eta, of many close by one another, at which the loss rises within so many steps."""
    etas = np.geomspace(0.05, 6, 400)
    runs = many_runs(OVERLAP, steps, eta=etas, gamma=gamma, history=True)
    return float(first_rise(etas, rises(runs.history).any(axis=0)))


def limit_of(gamma):
    return RULES["momentum"].limit(gamma) / float(sharpness(OVERLAP.params, OVERLAP.X, OVERLAP.y))


def shrinks(gamma):
    """Return by how much a step of 1.9 shrinks the distance in a bowl of curvature 1, in the long run."""
    return abs(np.linalg.eigvals(np.array([[1 + gamma - 1.9, -gamma], [1, 0]]))).max()


@cache
def deep(hidden, start, scale=1.0):
    return tm.Run(tm.problems.moons(hidden=hidden, **DEEP)).restart(start, scale=scale)


def from_layer_to_layer(run):
    spreads = [h.std() for h in run.trace.h[1:6]]
    return (spreads[-1] / spreads[0]) ** (1 / 4)


def after_two_steps(rule):
    net = tm.MLP((1, 1), biases="none")
    run = tm.Run(tm.Problem(net, [[1.0]], [[0.0]], net.params(W1=[[60.0]]), 0.1, 0.9), rule=rule).step()
    run.eta = 0.01
    return 60 - run.step().params.W1[0, 0]


def twins_after(steps, nudge=0.0):
    run = tm.Run(OVERLAP).restart("equal")
    return run.set("W1", (0, 0), float(run.params.W1[0, 0]) + nudge).step(steps)


def part_by_a_tenth(nudge):
    run = tm.Run(OVERLAP).restart("equal")
    run.set("W1", (0, 0), float(run.params.W1[0, 0]) + nudge)
    while abs(np.diff(run.params.W1)).max() < 0.1:
        run.step()
    return run.t


# (lesson, words in it with {} for the number, the number as a function, its decimals)
FACTS = [
    ("09", "$0.9^7 = {}$", lambda: 0.9**7, 3),
    ("09", "$0.9^{{22}} = {}$", lambda: 0.9**22, 3),
    ("09", "In step {} the newest one", lambda: 1 + np.argmax(tm.Run(WORKED).step(9).past().grads.b2.ravel() < 0), 0),
    ("09", "to {} with $\\gamma = 0.15$", lambda: shrinks(0.15), 3),
    ("09", "to 0.387 with $\\gamma = 0.15$, and to {} with 0.9", lambda: shrinks(0.9), 3),
    ("09", "each step shrinks it to {} of its size", lambda: shrinks(0), 1),
    ("09", "At $t = {}$ the velocity points uphill for the first time", lambda: uphill()[0], 0),
    ("09", "at $t = 7$ it is at {}°", lambda: turned(swinging().goto(7)), 0),
    ("09", "In 400 steps this happens {} times", lambda: len(uphill()), 0),
    ("09", "the last time at $t = {}$", lambda: uphill()[-1], 0),
    ("10", "At $t = 8$ momentum is far ahead: {}.", lambda: losses_of_two(0.9)[8], 4),
    ("10", "At $t = 14$ its loss is {},", lambda: losses_of_two(0.9)[14], 4),
    ("10", "the slow rival, with {},", lambda: losses_of_two(0.0)[14], 4),
    ("10", "at $t = 30$ it has {} against", lambda: losses_of_two(0.9)[30], 4),
    ("10", "against {}. **More", lambda: losses_of_two(0.0)[30], 4),
    ("10", "The loss rises in {} steps", lambda: (np.diff(swinging().goto(400).losses) > 0).sum(), 0),
    ("10", "It crosses the limit at $t = {}$", lambda: above_the_limit(5.0, 30)[0], 0),
    (
        "10",
        "until at $t = {}$ they are large enough",
        lambda: 1 + np.argmax(np.diff(of_two(5.0, 0).step(30).losses) > 0),
        0,
    ),
    ("10", "above the limit from $t = {}$ to 562", lambda: above_the_limit(1.7, 700)[0], 0),
    ("10", "from $t = 229$ to {}", lambda: above_the_limit(1.7, 700)[-1], 0),
    ("10", "above {}, long before it could grow", lambda: (1 - np.sqrt(0.1)) ** 2, 4),
    ("10", "near $\\eta = {}$ without momentum", lambda: rise_of(0.0), 0),
    ("10", "without momentum, {} at 0.5", lambda: rise_of(0.5), 1),
    ("10", "{} at 0.7", lambda: rise_of(0.7), 1),
    ("10", "near {} within 400", lambda: rise_of(0.0, 400), 1),
    ("10", "near {} within 1,000", lambda: rise_of(0.0, 1000), 1),
    ("10", "runs **to the right**: {}, 9.7", lambda: limit_of(0), 1),
    ("10", "6.5, {}, 11", lambda: limit_of(0.5), 1),
    ("10", "9.7, {} and 12.3", lambda: limit_of(0.7), 0),
    ("10", "11 and {}.", lambda: limit_of(0.9), 1),
    ("11", "and its loss is {}. The run", lambda: tm.Run(WORKED).restart("zeros").step(300).loss, 4),
    ("11", "after 1,000 steps its loss is {}.", lambda: twins_after(1000).loss, 3),
    ("11", "at $t = {}$ the two already differ by 0.1", lambda: part_by_a_tenth(0.01), 0),
    ("11", "$h$ is spread by {}, and", lambda: deep("tanh", "lecun", 0.1).trace.h[5].std(), 6),
    ("11", "after 300 steps its loss is still {}.", lambda: deep("tanh", "lecun", 0.1).step(300).loss, 4),
    ("11", "for tanh it is {} with LeCun's", lambda: from_layer_to_layer(deep("tanh", "lecun")), 2),
    ("11", "with LeCun's and {} with Glorot's", lambda: from_layer_to_layer(deep("tanh", "glorot")), 2),
    ("12", "Ours is at $-{}$, PyTorch's", lambda: after_two_steps("momentum"), 3),
    ("12", "PyTorch's at $-{}$. Ours", lambda: after_two_steps("pytorch"), 3),
]


@pytest.mark.parametrize(("lesson", "words", "value", "decimals"), FACTS, ids=[f"{f[0]}: {f[1][:30]}" for f in FACTS])
def test_a_number_in_the_prose_is_the_measured_one(lesson, words, value, decimals):
    assert squeezed(words.format(f"{float(value()):.{decimals}f}")) in squeezed(prose(lesson))


def test_the_worked_example_never_goes_uphill():
    run = tm.Run(WORKED).step(400)
    assert all(turned(run.goto(t)) < 90 for t in range(1, 41))


def test_after_t_40_the_ringing_run_never_rises_again():
    assert (np.diff(swinging().goto(400).losses)[39:] < 0).all()


def test_with_eta_1_7_the_loss_never_rises():
    assert (np.diff(of_two(1.7, 0.0).step(2_000).losses) < 0).all()


def test_of_sixty_starts_57_overshoot_with_momentum_and_none_without():
    starts = OVERLAP.net.init(np.random.default_rng(3), (60,))
    assert count_overshoots(OVERLAP, 200, starts, eta=0.8, gamma=0.9) == 57
    assert count_overshoots(OVERLAP, 200, starts, eta=0.8, gamma=0.0) == 0


def test_the_smallest_push_parts_the_twins_and_then_they_learn():
    assert twins_after(1000, 0.01).loss < 0.001


def test_too_large_a_start_saturates_four_in_ten_tanh_units_and_still_learns():
    run = tm.Run(tm.problems.moons(hidden="tanh", **DEEP)).restart("large")
    assert np.mean([flat_share("tanh", h) for h in run.trace.h[1:6]]) == pytest.approx(0.4, abs=0.02)
    assert run.step(300).loss < 0.01


def test_by_pytorchs_rule_the_worked_example_parts_in_the_step_after_a_change_of_eta():
    ours, theirs = tm.Run(WORKED).step(12), tm.Run(WORKED, rule="pytorch").step(12)
    assert ours.loss == pytest.approx(theirs.loss, abs=1e-12)
    ours.eta = theirs.eta = 0.1
    assert abs(ours.step().loss - theirs.step().loss) > 1e-3
