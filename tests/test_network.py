"""The core against independent arithmetic: finite differences, loops, and bad input."""

import copy
import pickle
import tracemalloc
import warnings

import numpy as np
import pytest

import tinymlp as tm
from tinymlp.activations import ACTIVATIONS
from tinymlp.losses import LOSSES

PAIRS = list(LOSSES)


def random_case(net, seed=0, samples=5, leading=()):
    """Return (params, X, y) for a network, with targets that suit its loss."""
    rng = np.random.default_rng(seed)
    outputs = net.sizes[-1]
    params = net.init(rng, leading)
    params = params + tm.Params(net, 0.1 * rng.normal(size=(*leading, net.count)))
    X = rng.normal(size=(samples, net.sizes[0]))
    if net.output == "softmax":
        y = np.eye(outputs)[rng.integers(outputs, size=samples)]
    elif net.loss == "cross_entropy":
        y = rng.integers(2, size=(samples, outputs)).astype(float)
    else:
        y = rng.normal(size=(samples, outputs))
    return params, X, y


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize(("output", "loss"), PAIRS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_gradients_agree_with_finite_differences(hidden, output, loss, depth):
    net = tm.MLP((*(3, 4, 3, 5)[:depth], 2), hidden=hidden, output=output, loss=loss)
    params, X, y = random_case(net, seed=depth)
    outcome = tm.check_gradient(params, X, y)
    assert outcome, outcome


def test_a_wrong_gradient_is_found_and_both_numbers_are_shown():
    problem = tm.worked_example()
    grads = tm.backward(tm.forward(problem.params, problem.X), problem.y)
    outcome = tm.check_gradient(problem.params, problem.X, problem.y, grads.replace("W2", (1, 0), -0.5))
    assert not outcome
    assert (outcome.name, outcome.index) == ("W2", (1, 0))
    assert "-0.5" in repr(outcome)
    assert "0.0063" in repr(outcome)


@pytest.mark.parametrize(("output", "loss"), PAIRS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_a_sweep_over_leading_axes_equals_a_loop(hidden, output, loss):
    net = tm.MLP((3, 4, 2), hidden=hidden, output=output, loss=loss)
    params, X, y = random_case(net, leading=(2, 3))
    trace, velocity = tm.forward(params, X), net.zeros((2, 3))
    eta, gamma = np.array([[0.1], [0.5]]), np.array([0.0, 0.5, 0.9])
    stepped, _ = tm.momentum_step(params, velocity, tm.backward(trace, y), eta, gamma)
    for i, j in np.ndindex(2, 3):
        alone = tm.Params(net, params.flat[i, j].copy())
        t = tm.forward(alone, X)
        grads = tm.backward(t, y)
        one, _ = tm.momentum_step(alone, net.zeros(), grads, float(eta[i, 0]), float(gamma[j]))
        np.testing.assert_array_max_ulp(trace.p[i, j], t.p, 1)
        # Where terms cancel, the sum is held to 1 ulp of its terms, not of the remainder.
        np.testing.assert_allclose(tm.loss(trace, y)[i, j], tm.loss(t, y), rtol=4e-16)
        np.testing.assert_allclose(stepped.flat[i, j], one.flat, rtol=0, atol=2.3e-16 * abs(one.flat).max())


def test_leading_axes_of_params_data_and_targets_broadcast():
    net = tm.MLP((3, 2, 1))
    params, X, y = random_case(net, leading=(4, 1))
    many_X = X + np.arange(3)[:, np.newaxis, np.newaxis]
    trace = tm.forward(params, many_X)
    assert trace.p.shape == (4, 3, 5, 1)
    assert tm.sample_losses(trace, y).shape == (4, 3, 5)
    assert tm.loss(trace, y).shape == (4, 3)
    assert tm.backward(trace, y).W1.shape == (4, 3, 3, 2)
    assert tm.backward(tm.forward(params, X), y[np.newaxis, np.newaxis]).flat.shape == (4, 1, 11)


def test_no_function_changes_its_arguments():
    problem = tm.worked_example()
    X, y = problem.X.copy(), problem.y.copy()
    velocity = 0.1 * problem.params
    before = [a.copy() for a in (X, y, problem.params.flat, velocity.flat)]
    trace = tm.forward(problem.params, X)
    kept = [a.copy() for a in (*trace.z, *trace.h)]
    tm.loss(trace, y)
    grads = tm.backward(trace, y)
    kept_grads = grads.flat.copy()
    tm.momentum_step(problem.params, velocity, grads, 0.8, 0.9)
    for a, b in zip(before, (X, y, problem.params.flat, velocity.flat), strict=True):
        np.testing.assert_array_equal(a, b)
    for a, b in zip([*kept, kept_grads], [*trace.z, *trace.h, grads.flat], strict=True):
        np.testing.assert_array_equal(a, b)


def test_momentum_step_is_the_formula():
    net = tm.MLP((1, 1), output="identity", loss="squared")
    w, v, g = (net.params(W1=[[a]], b1=[[0]]) for a in (1.0, 0.25, 0.5))
    w, v = tm.momentum_step(w, v, g, eta=0.1, gamma=0.8)
    assert v.W1[0, 0] == 0.8 * 0.25 - 0.1 * 0.5
    assert w.W1[0, 0] == 1.0 + v.W1[0, 0]


@pytest.mark.parametrize(("output", "loss"), PAIRS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("scale", [1e3, 1e6])
def test_huge_weights_give_neither_warnings_nor_nan(hidden, output, loss, scale):
    net = tm.MLP((3, 4, 4, 4, 2), hidden=hidden, output=output, loss=loss)
    params, X, y = random_case(net)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trace = tm.forward(scale * params, X)
        assert np.isfinite(trace.p).all()
        assert np.isfinite(tm.loss(trace, y))
        assert np.isfinite(tm.backward(trace, y).flat).all()


def test_a_tiny_cross_entropy_keeps_its_digits():
    net = tm.MLP((1, 1))
    trace = tm.forward(net.params(W1=[[40.0]], b1=[[0]]), [[1.0]])
    assert tm.loss(trace, [[1.0]]) == pytest.approx(np.exp(-40), rel=1e-14)


# Bad input -------------------------------------------------------------------------------------------------------

PROBLEM = tm.worked_example()
TRACE = tm.forward(PROBLEM.params, PROBLEM.X)
GRADS = tm.backward(TRACE, PROBLEM.y)
START = {name: PROBLEM.params[name] for name in PROBLEM.net.shapes}
BAD = {
    "y of shape (N,)": (lambda: tm.loss(TRACE, [1, 0, 0]), ["y: expected", "(..., 3, 1)", "(3,)"]),
    "y of shape (N,) in backward": (lambda: tm.backward(TRACE, [1, 0, 0]), ["y: expected", "(..., 3, 1)", "(3,)"]),
    "y that is no probability": (lambda: tm.loss(TRACE, [[1], [0], [2]]), ["y: expected", "from 0 to 1", "2"]),
    "y with NaN": (lambda: tm.loss(TRACE, [[1], [0], [np.nan]]), ["y: expected", "finite", "nan", "(2, 0)"]),
    "X with NaN": (lambda: tm.forward(PROBLEM.params, [[1, np.nan, 0]]), ["X: expected", "finite", "nan", "(0, 1)"]),
    "X of two columns": (lambda: tm.forward(PROBLEM.params, [[1, 2]]), ["X: expected", "(..., N, 3)", "(1, 2)"]),
    "X of one axis": (lambda: tm.forward(PROBLEM.params, [1, 2, 3]), ["X: expected", "(..., N, 3)", "(3,)"]),
    "X without samples": (lambda: tm.forward(PROBLEM.params, np.zeros((0, 3))), ["X: expected", "(0, 3)"]),
    "X of words": (lambda: tm.forward(PROBLEM.params, [["a: expected", "b", "c"]]), ["X: expected", "real numbers"]),
    "X of complex numbers": (lambda: tm.forward(PROBLEM.params, [[1j, 0, 0]]), ["X: expected", "real numbers"]),
    "X ragged": (lambda: tm.forward(PROBLEM.params, [[1, 2, 3], [4]]), ["X: expected", "real numbers"]),
    "X with a masked entry": (
        lambda: tm.forward(PROBLEM.params, np.ma.masked_equal([[1, 2, 3]], 2)),
        ["X: expected", "masked array"],
    ),
    "W1 transposed": (
        lambda: PROBLEM.net.params(**START | {"W1": START["W1"].T}),
        ["W1: expected", "(..., 3, 2)", "(2, 3)"],
    ),
    "b1 of one axis": (lambda: PROBLEM.net.params(**START | {"b1": [0, 0]}), ["b1: expected", "(..., 1, 2)", "(2,)"]),
    "a name too many": (lambda: PROBLEM.net.params(**START, W3=[[1]]), ["expected W1, b1, W2, b2", "W3"]),
    "a name missing": (lambda: PROBLEM.net.params(W1=START["W1"]), ["expected W1, b1, W2, b2", "got W1"]),
    "eta infinite": (lambda: tm.momentum_step(PROBLEM.params, GRADS, GRADS, np.inf, 0.9), ["eta: expected", "inf"]),
    "eta NaN": (lambda: tm.momentum_step(PROBLEM.params, GRADS, GRADS, np.nan, 0.9), ["eta: expected", "nan"]),
    "eta negative": (
        lambda: tm.momentum_step(PROBLEM.params, GRADS, GRADS, -1, 0.9),
        ["eta: expected", "at least 0", "-1"],
    ),
    "gamma above 1": (
        lambda: tm.momentum_step(PROBLEM.params, GRADS, GRADS, 1, 1.5),
        ["gamma: expected", "from 0 to 1", "1.5"],
    ),
    "a velocity of 0": (
        lambda: tm.momentum_step(PROBLEM.params, 0, GRADS, 0.1, 0.9),
        ["velocity: expected Params", "net.zeros()", "got 0"],
    ),
    "eta a word": (lambda: tm.momentum_step(PROBLEM.params, GRADS, GRADS, "big", 0.9), ["eta: expected", "big"]),
    "an unknown activation": (lambda: tm.MLP((3, 2, 1), hidden="swosh"), ["hidden: expected", "'silu'", "swosh"]),
    "an unknown pair": (
        lambda: tm.MLP((3, 2, 1), output="softmax", loss="squared"),
        ["output and loss: expected", "softmax", "squared"],
    ),
    "one layer size": (lambda: tm.MLP((3,)), ["sizes: expected", "(3,)"]),
    "a size of 0": (lambda: tm.MLP((3, 0, 1)), ["sizes: expected", "at least 1", "0"]),
    "a size of 2.5": (lambda: tm.MLP((3, 2.5, 1)), ["sizes: expected", "whole number", "2.5"]),
    "no rng": (lambda: PROBLEM.net.init(42), ["rng: expected", "Generator", "42"]),
    "another network's gradients": (
        lambda: tm.momentum_step(PROBLEM.params, PROBLEM.net.zeros(), tm.MLP((2, 1)).zeros(), 1, 0.5),
        ["Params: expected", "(3, 2, 1)"],
    ),
    "rows of y that do not sum to 1": (
        lambda: tm.loss(tm.forward(tm.MLP((1, 2), output="softmax").zeros(), [[1.0]]), [[1, 1]]),
        ["y: expected", "sum to 1"],
    ),
    "leading axes that do not fit": (
        lambda: tm.forward(PROBLEM.net.zeros((2,)), np.zeros((3, 1, 3))),
        ["X: expected", "(2,)", "(3,)"],
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_the_error_for_bad_input_names_what_was_expected_and_given(case):
    call, words = BAD[case]
    with pytest.raises(ValueError, match="expected") as caught:
        call()
    for word in words:
        assert word in str(caught.value)


# Params ----------------------------------------------------------------------------------------------------------


def test_params_are_values():
    params = PROBLEM.params
    with pytest.raises(ValueError, match="read-only"):
        params.W1[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        params.flat[0] = 1
    with pytest.raises(AttributeError, match="never change"):
        params.W1 = 0
    for twin in (copy.copy(params), copy.deepcopy(params), pickle.loads(pickle.dumps(params))):
        assert twin == params
        assert not twin.flat.flags.writeable


def test_params_do_not_change_with_the_arrays_they_were_made_from():
    W1 = np.array(START["W1"])
    params = PROBLEM.net.params(**START | {"W1": W1})
    W1[0, 0] = 99
    assert params.W1[0, 0] == 0.4


def test_params_add_and_take_factors_over_leading_axes():
    params = PROBLEM.params
    swept = np.array([0.0, 1.0, 2.0]) * params
    assert swept.W1.shape == (3, 3, 2)
    np.testing.assert_array_equal(swept.W1[2], 2 * params.W1)
    assert (params - params) == PROBLEM.net.zeros()
    assert -params == -1 * params
    assert np.float64(2) * params == params + params


def test_an_entry_replaced_by_many_values_is_a_sweep():
    swept = PROBLEM.params.replace("W1", (0, 1), np.linspace(-1, 1, 5))
    assert swept.leading == (5,)
    np.testing.assert_array_equal(swept.W1[:, 0, 1], np.linspace(-1, 1, 5))
    np.testing.assert_array_equal(swept.b2[3], PROBLEM.params.b2)


def test_repr_is_rounded_and_has_no_signed_zero():
    text = repr(-0.0 * PROBLEM.params.replace("W1", (0, 0), 1 / 3))
    assert "-0.0" not in text
    assert "0.3333" in repr(PROBLEM.params.replace("W1", (0, 0), 1 / 3))


def test_a_plan_is_frozen_and_hashable():
    assert len({tm.MLP((3, 2, 1)), tm.MLP([3, 2, 1]), tm.MLP((3, 2, 1), hidden="tanh")}) == 2
    assert tm.MLP((3, 2, 1)).entries[:2] == (("W1", (0, 0)), ("W1", (0, 1)))
    assert [PROBLEM.params.position(*entry) for entry in PROBLEM.net.entries] == list(range(11))


MORE_BAD = {
    "a flat of the wrong length": (lambda: tm.Params(PROBLEM.net, np.zeros(10)), "flat: expected shape (..., 11)"),
    "a flat with NaN": (lambda: tm.Params(PROBLEM.net, np.full(11, np.nan)), "flat: expected finite"),
    "a flat of words": (lambda: tm.Params(PROBLEM.net, "no"), "flat: expected an array of real numbers"),
    "a factor NaN": (lambda: float("nan") * PROBLEM.params, "factor: expected finite"),
    "a factor inf": (lambda: PROBLEM.params * np.inf, "factor: expected finite"),
    "factors that do not broadcast": (lambda: np.ones(4) * PROBLEM.net.zeros((3,)), "factor: expected leading axes"),
    "sums that do not broadcast": (
        lambda: PROBLEM.net.zeros((3,)) + PROBLEM.net.zeros((4,)),
        "Params: expected leading axes that broadcast with (3,), got (4,)",
    ),
    "leading axes of words": (lambda: PROBLEM.net.zeros("ab"), "leading: expected a whole number"),
    "a Problem of words": (
        lambda: tm.Problem(PROBLEM.net, [["1", "2", "3"]], [[1]], PROBLEM.params, 0.1, 0.9),
        "X: expected an array of real numbers",
    ),
    "a Problem with many etas": (
        lambda: tm.Problem(PROBLEM.net, PROBLEM.X, PROBLEM.y, PROBLEM.params, np.array([0.1, 0.2]), 0.9),
        "eta: expected one number",
    ),
    "a Problem whose loss is infinite": (
        lambda: tm.Problem(PROBLEM.net, 1e200 * PROBLEM.X, PROBLEM.y, 1e200 * PROBLEM.params, 0.1, 0.9),
        "X and params: expected numbers that give a finite loss",
    ),
}


@pytest.mark.parametrize("case", MORE_BAD)
def test_params_and_problems_refuse_what_does_not_fit(case):
    call, beginning = MORE_BAD[case]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match="expected") as caught:
            call()
    assert str(caught.value).startswith(beginning)


def test_params_made_by_hand_are_a_copy():
    flat = np.zeros((2, 11))
    params = tm.Params(PROBLEM.net, flat[0])
    flat[0, 0] = 7
    assert params.flat[0] == 0
    assert PROBLEM.net.zeros(3).leading == (3,)


def test_a_gradient_check_of_a_large_network_stays_small_in_memory():
    net = tm.MLP((60, 60, 10), output="softmax")
    params, X, y = random_case(net)
    tracemalloc.start()
    grads = tm.numerical_gradient(params, X[:1], y[:1])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grads.flat.shape == (net.count,)
    assert peak < 8 * net.count * net.count / 2


def test_what_was_checked_is_checked_again_once_it_could_have_changed():
    problem = tm.worked_example()
    X, y = problem.X, problem.y
    tm.loss(tm.forward(problem.params, X), y)
    X.setflags(write=True)
    X[0, 0] = np.nan
    with pytest.raises(ValueError, match="X: expected finite numbers, got nan"):
        tm.forward(problem.params, X)
    y.setflags(write=True)
    y[0, 0] = 7.0
    with pytest.raises(ValueError, match="y: expected numbers from 0 to 1"):
        tm.loss(tm.forward(problem.params, tm.worked_example().X), y)
