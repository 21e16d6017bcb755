"""Every figure that the original notebook printed, against ours."""

import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

import tinymlp as tm
from tinymlp.activations import silu_slope

# Parsed with Decimal, so that the number of digits that were printed is known.
FIGURES = json.loads(
    Path(__file__).with_name("worked_example.json").read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal
)


def assert_printed(ours, printed):
    """Compare to 1e-14 relative where 15 digits or more were printed, else to half a unit of the last digit."""
    ours, printed = np.asarray(ours, dtype=float).ravel(), np.asarray(printed, dtype=object).ravel()
    assert ours.size == printed.size
    for mine, theirs in zip(ours.tolist(), printed.tolist(), strict=True):
        digits = len(theirs.as_tuple().digits)
        unit = float(Decimal(1).scaleb(theirs.as_tuple().exponent))
        # A few figures have fewer digits because they are exact: 0.15 is 0.15 and not 0.1512.
        tolerance = 1e-14 * abs(float(theirs)) if digits >= 15 else 0.5000001 * min(unit, 1e-8)
        assert abs(mine - float(theirs)) <= tolerance, f"{mine!r} against {theirs}"


def iterations():
    """Return the two iterations as (figures, moment before, params after, velocity after)."""
    run = tm.Run(tm.worked_example()).step(2)
    return [(FIGURES["iterations"][t], run.at(t), run.at(t + 1).params, run.at(t + 1).velocity) for t in (0, 1)]


def test_the_problem_is_that_of_the_original_notebook():
    problem = tm.worked_example()
    assert problem.net == tm.MLP(**{**FIGURES["network"], "sizes": tuple(map(int, FIGURES["network"]["sizes"]))})
    assert (problem.eta, problem.gamma) == (0.8, 0.9)
    np.testing.assert_array_equal(problem.X, np.array(FIGURES["X"], dtype=float))
    np.testing.assert_array_equal(problem.y, np.array(FIGURES["y"], dtype=float))
    for name, values in FIGURES["start"].items():
        np.testing.assert_array_equal(problem.params[name], np.array(values, dtype=float))


@pytest.mark.parametrize("t", [0, 1])
def test_forward_prints_the_same_digits(t):
    figures, before, _, _ = iterations()[t]
    trace = before.trace
    for name, ours in (("z1", trace.z[0]), ("h1", trace.h[1]), ("z2", trace.z[1]), ("p", trace.p)):
        assert_printed(ours, figures[name])
    assert_printed(tm.sample_losses(trace, tm.worked_example().y), figures["sample_losses"])
    assert_printed(before.loss, figures["loss"])


@pytest.mark.parametrize("t", [0, 1])
def test_backward_and_update_print_the_same_digits(t):
    figures, before, params, velocity = iterations()[t]
    for prefix, ours in (("grad", before.grads), ("velocity", velocity), ("new", params)):
        for name in ("W1", "b1", "W2", "b2"):
            transposed = f"{prefix}_{name}_transposed"
            key = transposed if transposed in figures else f"{prefix}_{name}"
            if key in figures:
                assert_printed(ours[name].T if key == transposed else ours[name], figures[key])


def test_all_figures_of_an_iteration_are_compared():
    compared = {"z1", "h1", "z2", "p", "sample_losses", "loss", "chain_rule_of_W1_for_the_first_sample"}
    compared |= {f"{p}_{n}" for p in ("grad", "velocity", "new") for n in ("W1_transposed", "b1", "W2", "b2")}
    for figures in FIGURES["iterations"]:
        assert set(figures) <= compared


def test_the_chain_rule_of_the_first_sample_has_the_printed_factors():
    figures = FIGURES["iterations"][0]["chain_rule_of_W1_for_the_first_sample"]
    problem = tm.worked_example()
    trace = tm.forward(problem.params, problem.X)
    p = trace.p[0, 0]
    slopes = silu_slope(trace.z[0], trace.h[1])[0]
    assert_printed(-1 / p, figures["dL/dp"])
    assert_printed(p * (1 - p), figures["dp/dz2"])
    assert_printed(problem.params.W2, figures["dz2/dh1"])
    assert_printed(slopes, figures["dh1/dz1"])
    assert_printed(trace.X[0], figures["dz1/dW1"])
    alone = tm.backward(tm.forward(problem.params, problem.X[:1]), problem.y[:1])
    for index in ((0, 0), (2, 0), (0, 1)):
        assert_printed(alone.W1[index], figures[f"dL/dW1[{index[0]},{index[1]}]"])


def test_the_two_losses_are_the_known_ones():
    run = tm.Run(tm.worked_example()).step()
    assert run.losses[0] == pytest.approx(0.6952874681915379, rel=1e-14)
    assert run.losses[1] == pytest.approx(0.6649423612035917, rel=1e-14)
