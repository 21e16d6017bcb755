"""Numbers that were standardised are shown in their own units, and a loss that stays at the mean's is told."""

import numpy as np
import pytest

import tinymlp as tm
from tinymlp import explain, problems, scores
from tinymlp.views import VIEWS
from tinymlp.views.own_units import rounded
from tinymlp.views.view import Look
from tinymlp.widgets import panel

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 2))
PAY = 50_000 + 9_000 * X[:, 0] + 4_000 * X[:, 1]


def run_of(steps=300, **options):
    options = {"eta": 0.1, "sizes": (3,), "held_out": 0.25} | options
    return tm.Run(problems.problem(X, PAY, **options)).step(steps)


def said(name, run):
    view = VIEWS[name](run, Look())
    return view.text(run, Look())


def test_r2_is_the_share_of_the_spread_that_is_explained():
    net = tm.MLP((1, 1), output="identity", loss="squared")
    inputs, y = np.array([[0.0], [1.0], [2.0]]), np.array([[0.0], [1.0], [2.0]])
    for weight, bias, wanted in ((1, 0, 1.0), (0, 1, 0.0), (0.5, 0.5, 0.75), (-1, 2, -3.0)):
        trace = tm.forward(net.params(W1=[[weight]], b1=[[bias]]), inputs)
        assert scores.r2(trace, y) == pytest.approx(wanted)
    with pytest.raises(ValueError, match="targets that differ"):
        scores.r2(trace, np.ones((3, 1)))
    with pytest.raises(ValueError, match=r"expected shape \(3, 1\)"):
        scores.r2(trace, y[:2])


def test_r2_scores_many_networks_at_once():
    problem = problems.plane()
    starts = problem.net.init(np.random.default_rng(1), (5,))
    trace = tm.forward(starts, problem.X)
    assert scores.r2(trace, problem.y).shape == (5,)


def test_the_views_say_predictions_in_the_units_of_the_target():
    run = run_of()
    p, y = (run.problem.in_units(values)[0, 0] for values in (run.trace.p, run.problem.y))
    assert f"in its own units: prediction {p:.0f}, target {y:.0f}" in said("network", run)
    assert f", prediction {p:.0f}" in said("boundary", run)
    curves = said("curves", run)
    assert "R2 on the training set: 0.99" in curves
    assert "R2 on the held-out set: 0.9" in curves
    assert "root mean square" in curves


def test_numbers_that_were_not_standardised_are_shown_as_they_are():
    run = tm.Run(problems.plane()).step(10)
    assert "own units" not in said("network", run)
    assert "root mean square" not in said("curves", run)
    assert "R2 on the training set" in said("curves", run)


def test_a_number_has_the_digits_that_matter_for_its_spread():
    assert [rounded(1234.567, spread) for spread in (500, 5, 0.05)] == ["1235", "1234.57", "1234.5670"]
    assert rounded(-0.001, 500) == "0"


def test_a_loss_that_stays_at_the_means_is_told_by_the_run_and_by_the_views():
    stuck = tm.Run(problems.problem(500 + 1000 * abs(X), PAY, eta=0.5, standardise=False)).step(300)
    words = (
        "The loss has stayed where the mean of the targets alone would have it. Try another eta, or standardise=True."
    )
    assert words in repr(stuck)
    assert words in said("curves", stuck)
    assert words in said("loss", stuck)
    for show in ("network", "loss", ("boundary", "network")):
        assert "No better than the mean of the targets alone." in panel(stuck, show=show).status()
    learnt = run_of()
    assert "No better" not in panel(learnt, show="network").status()
    for text in (repr(learnt), said("curves", learnt), said("loss", learnt)):
        assert "mean of the targets" not in text


def test_the_mean_alone_needs_a_hundred_steps_and_numbers_as_targets():
    y = np.array([[-1.0], [1.0]])
    assert scores.loss_of_the_mean(y) == 0.5
    assert explain.is_the_mean_alone(np.full(101, 0.5), y)
    assert not explain.is_the_mean_alone(np.full(100, 0.5), y)
    assert not explain.is_the_mean_alone(np.linspace(0.5, 0.4, 101), y)
    classes = tm.Run(problems.xor(eta=0)).step(150)
    assert "mean of the targets" not in repr(classes)


def test_units_and_what_was_taken_travel_with_a_share_code():
    run = run_of(3)
    again = tm.Run.from_code(run.code())
    np.testing.assert_array_equal(again.problem.in_units(again.trace.p), run.problem.in_units(run.trace.p))
    assert again.problem.taken == run.problem.taken
    plain = tm.Run(problems.moons()).step(2)
    assert tm.Run.from_code(plain.code()).problem.units is None


def test_a_target_below_zero_has_the_minus_sign_of_the_numbers_beside_it():
    problem = tm.problems.problem([[0.0], [1.0], [2.0]], [-1.5, 0.5, 2.5], sizes=(2,))
    board = panel(tm.Run(problem), show="network")
    board.glance(sample=int(problem.y.argmin()))
    assert "target −" in board.views["network"].target.get_text()
