"""The Hessian and its sharpness: what they are, and where they say what a run will do, and where not."""

from dataclasses import replace

import numpy as np
import pytest

import tinymlp as tm
from tinymlp.curvature import FULL, hessian, hessian_product, sharpness
from tinymlp.momentum import OURS, RULES
from tinymlp.sweep import many_runs
from tinymlp.training import only

WORKED, OVERLAP = tm.worked_example(), tm.problems.overlap()
TWO = (("W1", (2, 1)), ("W2", (1, 0)))  # the two weights that lesson 07 sets free
BOWL_NET = tm.MLP((1, 1), output="identity", loss="squared", biases="none")


def bowl(eta, gamma, w=1.0):
    """Return the loss w^2 / 2 of one weight as a problem: one sample, x = 1 and y = 0."""
    return tm.Problem(BOWL_NET, [[1.0]], [[0.0]], BOWL_NET.params(W1=[[w]]), eta, gamma, name="bowl")


def run_of(problem, eta, gamma, steps, free=None):
    """Return a run of so many steps with these settings."""
    return tm.Run(replace(problem, eta=eta, gamma=gamma), training=tm.Training(free=free)).step(steps)


def course(run):
    """Return the sharpness at each iteration of a run (t + 1,), over the parameters that move."""
    problem = run.problem
    return sharpness(run.past(0, run.t + 1).params, problem.X, problem.y, run.training.free).value


def first(true):
    """Return the first iteration at which something is true; None if it never is."""
    return int(true.argmax()) if true.any() else None


def rises(losses):
    """Return at which iterations (T,) a loss (T,) is higher than one before; the first has none before."""
    return np.append(False, np.diff(losses) > 0)


def energies(run):
    """Return the energy at each iteration (t + 1,): the loss, and gamma |v|^2 / (2 eta)."""
    velocity = run.past(0, run.t + 1).velocity.flat
    return run.losses + run.gamma * (velocity**2).sum(axis=-1) / (2 * run.eta)


# What they are ---------------------------------------------------------------------------------------------------------


def test_the_hessian_of_one_neuron_is_that_of_the_textbook():
    problem = tm.problems.one_neuron()
    p = tm.forward(problem.params, problem.X).p
    inputs = np.column_stack([problem.X, np.ones(len(p))])
    exact = inputs.T @ (p * (1 - p) * inputs) / len(p)
    np.testing.assert_allclose(hessian(problem.params, problem.X, problem.y), exact, atol=1e-10)


def test_a_bowl_is_as_sharp_as_it_is_said_to_be():
    problem = bowl(0.1, 0.0)
    assert hessian(problem.params, problem.X, problem.y) == pytest.approx(1, abs=1e-10)
    found = sharpness(problem.params, [[3.0]], [[0.0]])
    assert float(found) == pytest.approx(9)  # (3 w)^2 / 2
    assert found.direction.flat == pytest.approx(1)


def test_the_sharpest_direction_has_length_one_and_the_hessian_stretches_it_by_the_sharpness():
    found = sharpness(WORKED.params, WORKED.X, WORKED.y)
    stretched = hessian(WORKED.params, WORKED.X, WORKED.y) @ found.direction.flat
    assert np.linalg.norm(found.direction.flat) == pytest.approx(1)
    np.testing.assert_allclose(stretched, found.value * found.direction.flat, atol=1e-9)


def test_many_networks_at_once_give_what_each_gives_alone():
    many = OVERLAP.net.init(np.random.default_rng(0), leading=(2, 3))
    every, found = hessian(many, OVERLAP.X, OVERLAP.y), sharpness(many, OVERLAP.X, OVERLAP.y)
    assert (every.shape, found.value.shape, found.direction.leading) == ((2, 3, 9, 9), (2, 3), (2, 3))
    for place in np.ndindex(2, 3):
        alone = tm.Params(OVERLAP.net, many.flat[place])
        np.testing.assert_allclose(every[place], hessian(alone, OVERLAP.X, OVERLAP.y), atol=1e-10)
        np.testing.assert_allclose(
            found.direction.flat[place], sharpness(alone, OVERLAP.X, OVERLAP.y).direction.flat, atol=1e-6
        )


def test_networks_that_do_not_fit_one_call_take_several(monkeypatch):
    many = OVERLAP.net.init(np.random.default_rng(0), leading=7)
    whole = hessian(many, OVERLAP.X, OVERLAP.y)
    for at_once in (1, 300, 1_500):
        monkeypatch.setattr("tinymlp.curvature.AT_ONCE", at_once)
        np.testing.assert_allclose(hessian(many, OVERLAP.X, OVERLAP.y), whole, atol=1e-10)


def test_over_the_free_parameters_it_is_their_part_of_the_whole_hessian():
    places = [WORKED.params.position(*entry) for entry in TWO]
    whole = hessian(WORKED.params, WORKED.X, WORKED.y)
    np.testing.assert_allclose(hessian(WORKED.params, WORKED.X, WORKED.y, TWO), whole[np.ix_(places, places)])
    found = sharpness(WORKED.params, WORKED.X, WORKED.y, TWO)
    assert np.flatnonzero(found.direction.flat).tolist() == sorted(places)
    assert found.value == pytest.approx(np.linalg.eigvalsh(whole[np.ix_(places, places)])[-1])


def test_a_product_with_a_vector_is_that_of_the_hessian():
    vector = WORKED.net.init(np.random.default_rng(1))
    exact = hessian(WORKED.params, WORKED.X, WORKED.y) @ vector.flat
    for scale in (1e-6, 1.0, 1e6):
        product = hessian_product(WORKED.params, WORKED.X, WORKED.y, scale * vector)
        np.testing.assert_allclose(product.flat, scale * exact, atol=1e-9 * scale)
    assert hessian_product(WORKED.params, WORKED.X, WORKED.y, WORKED.net.zeros()) == WORKED.net.zeros()


@pytest.mark.parametrize("name", ["moons", "blobs", "spiral"])
def test_the_search_in_a_large_network_finds_the_largest_eigenvalue(name):
    problem = tm.problems.named(name, sizes=80)
    assert problem.net.count > FULL
    found = sharpness(problem.params, problem.X, problem.y)
    values, vectors = np.linalg.eigh(hessian(problem.params, problem.X, problem.y))
    assert found.value == pytest.approx(values[-1], rel=1e-6)
    assert abs(vectors[:, -1] @ found.direction.flat) == pytest.approx(1, abs=1e-4)


def test_the_search_is_for_the_largest_eigenvalue_where_one_below_zero_is_larger_in_size(monkeypatch):
    values, vectors = np.linalg.eigh(hessian(OVERLAP.params, OVERLAP.X, OVERLAP.y))
    monkeypatch.setattr("tinymlp.curvature.FULL", 1)
    for free in (None, OVERLAP.net.entries[:4]):
        places = [OVERLAP.params.position(*entry) for entry in free or OVERLAP.net.entries]
        part = hessian(OVERLAP.params, OVERLAP.X, OVERLAP.y)[np.ix_(places, places)]
        assert float(sharpness(OVERLAP.params, OVERLAP.X, OVERLAP.y, free)) == pytest.approx(
            np.linalg.eigvalsh(part)[-1], rel=1e-6
        )


def test_a_network_without_any_curvature_has_a_sharpness_of_0():
    net = tm.MLP((2, 100, 1), hidden="relu")
    params = net.zeros().replace("b2", (0, 0), 800.0)  # its prediction is 1, and so is the target
    assert float(sharpness(params, [[1.0, 2.0]], [[1.0]])) == 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: hessian([1.0], WORKED.X, WORKED.y), ["params: expected Params", "[1.0]"]),
        (lambda: hessian(WORKED.params, [[1.0]], WORKED.y), ["X: expected shape (..., N, 3)", "(1, 1)"]),
        (lambda: hessian(WORKED.params, WORKED.X, WORKED.y[:, 0]), ["y: expected shape", "(3,)"]),
        (lambda: hessian(WORKED.params, WORKED.X[np.newaxis], WORKED.y), ["X, y: expected", "(1, 3, 3)"]),
        (lambda: hessian(WORKED.params, WORKED.X, WORKED.y, (("W3", (0, 0)),)), ["name: expected", "'W3'"]),
        (lambda: sharpness(WORKED.params, WORKED.X, WORKED.y, ()), ["free: expected at least one entry"]),
        (lambda: hessian(WORKED.params, WORKED.X, WORKED.y, epsilon=0), ["epsilon: expected", "0"]),
        (
            lambda: sharpness(tm.MLP((2, 100, 1)).zeros((2,)), OVERLAP.X, OVERLAP.y),
            ["params: expected one network, as it has 401 parameters", "leading axes (2,)"],
        ),
    ],
)
def test_what_does_not_fit_is_told(call, words):
    with pytest.raises(ValueError, match="expected") as caught:
        call()
    for word in words:
        assert word in str(caught.value)


# A bowl: there the limit is exact --------------------------------------------------------------------------------------


def weights(eta, gamma, steps=400):
    """Return the weight at each iteration (steps + 1,) of a run in the bowl w^2 / 2 from w = 1."""
    return run_of(bowl(eta, gamma), eta, gamma, steps).past(0).params.flat[:, 0]


def test_in_the_bowl_a_long_step_grows_by_half_each_time_and_momentum_lets_it_settle():
    assert weights(2.5, 0.0, steps=5) == pytest.approx((-1.5) ** np.arange(5))
    assert OURS.limit(0.3) == pytest.approx(2.6)
    assert abs(weights(2.5, 0.3)[-1]) < 1e-20


def test_in_the_bowl_a_loss_rises_far_below_the_limit_and_never_with_less_momentum():
    runs = many_runs(bowl(0.1, 0.9), 400, gamma=np.array([0.9, 0.467, 0.47]), history=True)
    # Every rise counts, however small: the loss is 1e-19 in the end. Down to 1e-13 they are 115.
    assert (np.diff(runs.history, axis=0) > 0).sum(axis=0).tolist() == [179, 0, 13]
    assert (np.diff(runs.history[:, 0]) > 1e-13).sum() == 115
    assert runs.losses.max() < 1e-18
    assert 0.1 < 0.06 * OURS.limit(0.9)


@pytest.mark.parametrize("eta", [0.04, 0.1, 0.3, 0.6, 0.95])
def test_a_run_from_rest_swings_past_the_bottom_as_soon_as_momentum_is_more_than_critical(eta):
    critical = (1 - np.sqrt(eta)) ** 2
    assert (weights(eta, 0.9 * critical, steps=60) > 0).all()
    assert (weights(eta, 1.1 * critical) < 0).any()


def test_beyond_eta_lambda_1_every_step_of_plain_descent_changes_sides():
    w = weights(1.2, 0.0, steps=50)
    assert (w[1:] * w[:-1] < 0).all()


def test_no_momentum_is_not_the_most_damped():
    def factor(gamma):
        """Return by how much the two modes of v and w shrink in a step, the slower of them."""
        return abs(np.linalg.eigvals([[gamma, -1.9], [gamma, 1 - 1.9]])).max()

    best = (1 - np.sqrt(1.9)) ** 2
    assert best == pytest.approx(0.143, abs=3e-4)
    assert factor(0) == pytest.approx(0.9)
    assert factor(best) == pytest.approx(0.378, abs=5e-4)
    assert abs(weights(1.9, 0.0, 60)[-1]) == pytest.approx(0.9**59)
    assert abs(weights(1.9, best, 60)[-1]) < 1e-20


# Lesson 07's two weights, plain descent --------------------------------------------------------------------------------


@pytest.mark.parametrize(("eta", "above", "rose"), [(5.0, 14, 23), (3.0, 43, 103), (2.0, 123, 249)])
def test_above_the_limit_first_and_later_the_loss_rises(eta, above, rose):
    run = run_of(WORKED, eta, 0.0, rose + 5, TWO)
    assert first(course(run) > 2 / eta) == above
    assert first(rises(run.losses)) == rose


def test_above_the_limit_for_hundreds_of_steps_and_no_rise():
    run = run_of(WORKED, 1.7, 0.0, 1_000, TWO)
    above = course(run) > 2 / 1.7
    assert np.flatnonzero(above).tolist() == list(range(229, 563))


def test_below_the_limit_all_the_way():
    run = run_of(WORKED, 1.6, 0.0, 1_000, TWO)
    assert course(run).max() == pytest.approx(1.236, abs=5e-4)
    assert OURS.limit(0) / 1.6 == 1.25


def test_neither_of_these_two_rises_in_ten_thousand_steps():
    def two_alone(params, velocity, grads, eta, gamma):
        return tm.momentum_step(params, velocity, only(grads, TWO), eta, gamma)

    runs = many_runs(WORKED, 10_000, eta=np.array([1.7, 1.6]), gamma=0.0, rule=two_alone, history=True)
    short = run_of(WORKED, 1.7, 0.0, 300, TWO)
    np.testing.assert_allclose(runs.history[:301, 0], short.losses, rtol=1e-9)
    assert (np.diff(runs.history, axis=0) < 0).all()


# Twelve overlapping samples --------------------------------------------------------------------------------------------


def test_at_the_start_the_loss_bends_down_as_much_as_up():
    values = np.linalg.eigvalsh(hessian(OVERLAP.params, OVERLAP.X, OVERLAP.y))
    assert values[[0, -1]] == pytest.approx([-0.302, 0.309], abs=5e-4)


@pytest.mark.parametrize(("eta", "gamma", "above", "rose"), [(4.5, 0.0, 6, 17), (4.0, 0.5, 130, 173)])
def test_too_long_steps_are_above_the_limit_before_the_loss_rises(eta, gamma, above, rose):
    run = run_of(OVERLAP, eta, gamma, 400)
    assert first(course(run) > OURS.limit(gamma) / eta) == above
    assert first(rises(run.losses)) == rose


def test_momentum_rings_below_the_limit_and_its_energy_never_rises():
    run = run_of(OVERLAP, 1.0, 0.9, 400)
    assert OURS.limit(0.9) == pytest.approx(3.8)
    assert course(run).max() == pytest.approx(0.898, abs=5e-4)
    assert rises(run.losses).sum() == 13
    assert rises(energies(run)).sum() == 0


GAMMAS = np.array([0.0, 0.5, 0.7, 0.9])


def first_etas(steps, gammas, near):
    """Return the smallest eta (G,), to 0.01, with which the loss rises within so many steps; near (G,): where."""
    etas = np.round(near + np.linspace(-0.1, 0.1, 21)[:, np.newaxis], 2)
    runs = many_runs(OVERLAP, steps, eta=etas, gamma=gammas, history=True)
    rose = (np.diff(runs.history, axis=0) > 0).any(axis=0)
    assert not rose[0].any()
    assert rose[-1].all()
    return etas[rose.argmax(axis=0), np.arange(len(gammas))]


def test_the_border_of_the_first_rise_and_that_of_the_limit_run_opposite_ways():
    rose = first_etas(200, GAMMAS, np.array([4.05, 3.1, 0.8, 0.11]))
    assert rose == pytest.approx([4.02, 3.10, 0.76, 0.08])
    limits = OURS.limit(GAMMAS) / float(sharpness(OVERLAP.params, OVERLAP.X, OVERLAP.y))
    assert limits == pytest.approx([6.47, 9.70, 10.99, 12.29], abs=5e-3)


def test_below_the_border_of_the_first_rise_no_smaller_eta_rises():
    etas = np.linspace(0.01, 1, 50)[:, np.newaxis] * np.array([4.01, 3.09, 0.75, 0.07])
    runs = many_runs(OVERLAP, 200, eta=etas, gamma=GAMMAS, history=True)
    assert (np.diff(runs.history, axis=0) <= 0).all()


@pytest.mark.parametrize(("steps", "eta"), [(200, 4.02), (400, 3.08), (1000, 2.19)])
def test_the_border_of_the_first_rise_is_lower_the_longer_one_waits(steps, eta):
    assert first_etas(steps, np.zeros(1), np.array([eta])) == pytest.approx([eta])


# Energy ----------------------------------------------------------------------------------------------------------------


def bends(problem, before, after, parts=9):
    """Return the largest curvature (T,) along each of the steps between Params (T,) and (T,), seen at some points."""
    move = (after - before).flat
    direction = move / np.maximum(np.linalg.norm(move, axis=-1, keepdims=True), 1e-300)
    share = np.linspace(0, 1, parts)[:, np.newaxis, np.newaxis]
    between = tm.Params(problem.net, before.flat + share * move)
    return np.einsum("...i,...ij,...j->...", direction, hessian(between, problem.X, problem.y), direction).max(axis=0)


@pytest.mark.parametrize(
    ("problem", "eta", "gamma"),
    [(OVERLAP, 1.0, 0.9), (OVERLAP, 4.0, 0.5), (OVERLAP, 4.5, 0.0), (OVERLAP, 2.0, 0.95), (WORKED, 5.0, 0.9)],
    ids=str,
)
def test_the_energy_never_rises_where_the_curvature_along_the_step_is_low_enough(problem, eta, gamma):
    run = run_of(problem, eta, gamma, 200)
    past = run.past(0, run.t + 1).params
    low = bends(run.problem, *(tm.Params(problem.net, past.flat[part]) for part in (slice(-1), slice(1, None)))) < (
        2 * (1 - gamma) / eta
    )
    rose = np.diff(energies(run)) > 1e-13
    assert low.any()
    assert not (rose & low).any()


def test_between_that_bound_and_the_limit_the_energy_may_rise():
    # The last gradient was larger: the velocity is too slow for where the weight stands now.
    eta, gamma = 1.5, 0.9
    assert 2 * (1 - gamma) < eta < OURS.limit(gamma)
    run = run_of(bowl(eta, gamma), eta, gamma, 400)
    assert rises(energies(run)).sum() > 5
    assert run.loss < 1e-15


def test_every_rule_that_has_a_limit_is_known():
    assert [name for name, rule in RULES.items() if rule.limit] == ["momentum", "pytorch", "average", "nesterov"]
