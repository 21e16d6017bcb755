"""Many networks at once give the same results as a loop over single ones."""

import tracemalloc

import numpy as np
import pytest

import tinymlp as tm
from tinymlp import sweep
from tinymlp.momentum import RULES

PROBLEM = tm.worked_example()


def loss_at(params):
    return float(tm.loss(tm.forward(params, PROBLEM.X), PROBLEM.y))


def test_a_curve_and_a_surface_are_loops_of_single_losses():
    values = np.linspace(-4, 4, 9)
    curve = sweep.loss_curve(PROBLEM, ("W1", (0, 1)), values)
    assert curve == pytest.approx([loss_at(PROBLEM.params.replace("W1", (0, 1), v)) for v in values], rel=1e-14)
    others = np.linspace(-1, 1, 4)
    surface = sweep.loss_surface(PROBLEM, ("W1", (0, 1)), ("b2", (0, 0)), values, others)
    assert surface.shape == (9, 4)
    one = PROBLEM.params.replace("W1", (0, 1), values[7]).replace("b2", (0, 0), others[2])
    assert surface[7, 2] == pytest.approx(loss_at(one), rel=1e-14)


def test_a_surface_goes_through_the_parameters_it_is_given():
    run = tm.Run(PROBLEM).step(5)
    at = [float(run.params.W1[0, 0])], [float(run.params.W2[1, 0])]
    surface = sweep.loss_surface(PROBLEM, ("W1", (0, 0)), ("W2", (1, 0)), *at, params=run.params)
    assert surface[0, 0] == pytest.approx(run.loss, rel=1e-14)


@pytest.mark.parametrize("rule", RULES.values())
def test_many_runs_are_what_single_runs_are(rule):
    etas, gammas = np.array([[0.1], [0.8], [50.0]]), np.array([0.0, 0.5, 0.9])
    runs = sweep.many_runs(PROBLEM, 30, eta=etas, gamma=gammas, rule=rule, history=True)
    assert runs.losses.shape == runs.stopped.shape == (3, 3)
    assert runs.history.shape == (31, 3, 3)
    for i, j in np.ndindex(3, 3):
        run = tm.Run(PROBLEM, rule=rule)
        run.eta, run.gamma = float(etas[i, 0]), float(gammas[j])
        run.step(30)
        assert runs.stopped[i, j] == bool(run.message)
        assert runs.t[i, j] == run.t
        assert runs.losses[i, j] == pytest.approx(run.loss, rel=1e-9)
        np.testing.assert_allclose(runs.history[: run.t + 1, i, j], run.losses, rtol=1e-9)
        assert (runs.history[run.t :, i, j] == runs.losses[i, j]).all()
        np.testing.assert_allclose(runs.params.flat[i, j], run.params.flat, rtol=1e-7, atol=1e-12)
        np.testing.assert_allclose(runs.velocity.flat[i, j], run.velocity.flat, rtol=1e-6, atol=1e-12)


def test_some_runs_diverge_and_the_others_go_on():
    runs = sweep.many_runs(PROBLEM, 50, eta=np.array([0.5, 1e3, 0.6, 50.0]))
    assert runs.stopped.tolist() == [False, True, False, True]
    assert runs.t.tolist()[::2] == [50, 50]
    assert max(runs.t.tolist()[1::2]) < 50
    assert np.isfinite(runs.losses).all()
    assert np.isfinite(runs.params.flat).all()


def test_all_runs_may_diverge():
    runs = sweep.many_runs(PROBLEM, 20, eta=np.array([50.0, 1e3]))
    assert runs.stopped.all()


def test_many_starts_at_once():
    starts = PROBLEM.net.init(np.random.default_rng(0), (7,))
    runs = sweep.many_runs(PROBLEM, 10, starts=starts)
    alone = sweep.many_runs(PROBLEM, 10, starts=tm.Params(PROBLEM.net, starts.flat[3]))
    assert runs.losses.shape == (7,)
    assert alone.losses.shape == ()
    assert runs.losses[3] == pytest.approx(float(alone.losses), rel=1e-12)


def test_slices_give_the_same_and_report_their_progress():
    etas, heard = np.linspace(0.01, 3, 40), []
    whole = sweep.many_runs(PROBLEM, 10, eta=etas)
    sliced = sweep.many_runs(PROBLEM, 10, eta=etas, budget=20_000, progress=lambda *done: heard.append(done))
    np.testing.assert_allclose(sliced.losses, whole.losses, rtol=1e-12)
    assert len(heard) == 3
    assert heard[-1] == (40, 40)
    assert heard == sorted(heard)
    values = np.linspace(-1, 1, 50)
    entries = ("W1", (0, 0)), ("W1", (1, 0))
    small = sweep.loss_surface(PROBLEM, *entries, values, values, budget=1, progress=lambda *done: heard.append(done))
    np.testing.assert_allclose(small, sweep.loss_surface(PROBLEM, *entries, values, values), rtol=1e-13)
    assert heard[-1] == (2500, 2500)


def test_a_surface_of_a_large_network_keeps_to_its_budget():
    net = tm.MLP((20, 200, 2), output="softmax")
    rng = np.random.default_rng(0)
    problem = tm.Problem(net, rng.normal(size=(4, 20)), np.eye(2)[[0, 1, 1, 0]], net.init(rng), 0.1, 0.9)
    values = np.linspace(-1, 1, 40)
    tracemalloc.start()
    sweep.loss_surface(problem, ("W1", (0, 0)), ("W2", (0, 0)), values, values, budget=4e6)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8e6 < 1600 * net.count * 8


@pytest.mark.parametrize(
    ("call", "beginning"),
    [
        (lambda: sweep.loss_curve(PROBLEM, ("W1", (9, 9)), [1.0]), "index: expected"),
        (lambda: sweep.loss_curve(PROBLEM, ("W1", (0, 0)), []), "values: expected"),
        (lambda: sweep.loss_curve(PROBLEM, ("W1", (0, 0)), [np.inf]), "values: expected finite"),
        (
            lambda: sweep.loss_surface(PROBLEM, ("W1", (0, 0)), ("W1", (0, 0)), [1.0], [2.0]),
            "second: expected a different parameter",
        ),
        (lambda: sweep.loss_curve(PROBLEM, ("W1", (0, 0)), [1.0], params=3), "params: expected"),
        (lambda: sweep.many_runs(PROBLEM, -1), "steps: expected"),
        (lambda: sweep.many_runs(PROBLEM, 1, eta=[-1.0]), "eta: expected"),
        (lambda: sweep.many_runs(PROBLEM, 1, eta=[1.0, 2.0], gamma=[0.1, 0.2, 0.3]), "eta, gamma, starts: expected"),
        (lambda: sweep.many_runs(PROBLEM, 1, starts=[1.0]), "starts: expected Params"),
        (lambda: sweep.many_runs(PROBLEM, 1, budget=0), "budget: expected"),
    ],
)
def test_the_error_for_a_bad_request_says_what_was_expected(call, beginning):
    with pytest.raises(ValueError, match="expected") as caught:
        call()
    assert str(caught.value).startswith(beginning)
