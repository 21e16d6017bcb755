"""Two conventions, an average and Nesterov's method: their figures, and the view that shows them from one start."""

from dataclasses import replace

import numpy as np
import pytest

import tinymlp as tm
from tinymlp.momentum import RULES
from tinymlp.views import VIEWS, Look
from tinymlp.views.rules import first_apart
from tinymlp.widgets import panel
from tinymlp.words import decimal

# A gradient of 1, whatever the weight does ----------------------------------------------------------------------------


def slope_of_one(rule="momentum"):
    """Return a run of one weight whose gradient is 1: a sigmoid that far out is 1, and its target is 0."""
    net = tm.MLP((1, 1), biases="none")
    start = net.params(W1=[[60.0]])
    return tm.Run(tm.Problem(net, np.array([[1.0]]), np.array([[0.0]]), start, 0.1, 0.9, "a slope of 1"), rule=rule)


def moved(run):
    return float(run.params.W1[0, 0] - 60)


def then_a_tenth_of_eta(run):
    """Return how far a run has moved after a step at eta 0.1 and one at 0.01."""
    run.step()
    run.eta = 0.01
    return moved(run.step())


def test_its_gradient_is_1_at_every_step():
    run = slope_of_one().step(20)
    assert run.past().grads.flat.tolist() == [[1.0]] * 20


@pytest.mark.parametrize(
    ("rule", "wanted"), [("momentum", -0.200), ("pytorch", -0.119), ("average", -0.0119), ("nesterov", -0.29)]
)
def test_one_step_at_eta_a_tenth_and_one_at_a_hundredth(rule, wanted):
    assert then_a_tenth_of_eta(slope_of_one(rule)) == pytest.approx(wanted, abs=1e-12)


def test_the_first_step_tells_two_of_the_four_apart():
    first = {rule: moved(slope_of_one(rule).step()) for rule in ("momentum", "pytorch", "average", "nesterov")}
    assert first == pytest.approx({"momentum": -0.1, "pytorch": -0.1, "average": -0.01, "nesterov": -0.19})


def dampened(steps, dampening, first):
    """Return how far torch.optim.SGD(momentum=0.9, dampening=...) moves; first: whether its first step is dampened."""
    w, buffer = 0.0, None
    for eta in steps:
        share = 1 if buffer is None and not first else 1 - dampening  # of the gradient, which is 1
        buffer = 0.9 * (buffer or 0.0) + share
        w -= eta * buffer
    return w


def test_pytorch_leaves_dampening_out_of_its_first_step():
    assert dampened((0.1, 0.01), 0.9, first=False) == pytest.approx(-0.11)
    # Were it applied there as well, it would be the average.
    assert dampened((0.1, 0.01), 0.9, first=True) == pytest.approx(-0.0119)


@pytest.mark.parametrize("gamma", [0.3, 0.9])
def test_with_a_constant_eta_pytorchs_path_is_ours_and_the_averages_is_ours_at_eta_over_one_minus_gamma(gamma):
    problem = replace(tm.problems.overlap(), eta=0.2, gamma=gamma)
    ours = tm.Run(problem).step(40)
    np.testing.assert_allclose(tm.Run(problem, rule="pytorch").step(40).losses, ours.losses, rtol=1e-10)
    average = tm.Run(replace(problem, eta=0.2 / (1 - gamma)), rule="average").step(40)
    np.testing.assert_allclose(average.losses, ours.losses, rtol=1e-10)
    assert first_apart(ours.losses, tm.Run(problem, rule="nesterov").step(40).losses) == 1


def test_without_momentum_all_four_are_one():
    plain = replace(tm.worked_example(), gamma=0.0)
    losses = [tm.Run(plain, rule=rule).step(10).losses for rule in ("momentum", "pytorch", "average", "nesterov")]
    for other in losses[1:]:
        np.testing.assert_allclose(other, losses[0], rtol=1e-12)


# A rival that follows -------------------------------------------------------------------------------------------------


def test_a_rival_that_follows_makes_the_changes_of_eta_and_gamma_too():
    run = tm.Run(tm.worked_example()).step(5)
    run.eta = 0.2
    run.step(5)
    run.gamma = 0.5
    run.step(5)
    own = tm.Run(tm.worked_example(), rule="pytorch").step(5)
    own.eta = 0.2
    own.step(5)
    own.gamma = 0.5
    np.testing.assert_array_equal(run.beside(follow=True, rule="pytorch").losses, own.step(5).losses)
    assert run.beside(rule="pytorch").eta == 0.8


def test_a_rival_that_follows_follows_back_and_undo():
    run = tm.Run(tm.worked_example()).step(10)
    constant = run.beside(follow=True, rule="average").losses
    run.goto(4).eta = 0.1
    run.step(6)
    assert run.beside(follow=True, rule="average").losses[-1] != constant[-1]
    run.undo().goto(10)
    np.testing.assert_array_equal(run.beside(follow=True, rule="average").losses, constant)


def test_a_rival_keeps_the_settings_it_was_given():
    run = tm.Run(tm.worked_example()).step(3)
    run.eta, run.gamma = 0.1, 0.5
    rival = run.step(3).beside(follow=True, gamma=0.0)
    assert (rival.eta, rival.gamma) == (0.1, 0.0)


# The view -------------------------------------------------------------------------------------------------------------


def test_the_view_shows_four_rules_from_one_start():
    run = tm.Run(tm.worked_example()).step(12)
    board = panel(run, show="rules", control=("step", "eta", "weight"))
    for rule in ("momentum", "pytorch", "average", "nesterov"):
        own = tm.Run(tm.worked_example(), rule=rule).step(12)
        np.testing.assert_allclose(board.views["rules"].losses[rule].get_ydata(), own.losses, rtol=1e-12)
        np.testing.assert_allclose(board.views["rules"].paths[rule].get_ydata()[-1], own.params.W1[0, 0])
        assert f"loss {decimal(own.loss)}" in board.describe()


def test_in_words_it_tells_where_each_parts_from_ours_and_by_how_much():
    run = tm.Run(tm.worked_example())
    view = VIEWS["rules"](run, Look())
    assert "apart" not in view.text(run, Look())
    run.step(12)
    text = view.text(run, Look())
    assert "PyTorch's: loss 0.0022" in text
    assert "    the same path as ours so far" in text
    assert "apart from ours from t = 1 on: loss +0.0270 there" in text
    assert "apart from ours from t = 1 on: loss -0.0222 there" in text
    run.eta = 0.1
    text = view.text(run.step(8), Look())
    assert "  from t = 12 on eta is 0.1" in text
    assert "apart from ours from t = 13 on: loss +0.0013 there, +0.0008 at t = 20" in text


def test_the_view_tells_the_figures_of_a_slope_of_one():
    run = slope_of_one().step()
    run.eta = 0.01
    text = VIEWS["rules"](run.step(), Look()).text(run, Look())
    for figure in ("w¹₁₁ = 59.8000", "w¹₁₁ = 59.8810", "w¹₁₁ = 59.9881", "w¹₁₁ = 59.7100"):
        assert figure in text


def test_the_lines_differ_in_dashes_or_width_and_not_in_colour_alone():
    view = VIEWS["rules"](tm.Run(tm.worked_example()), Look())
    kinds = {(str(line._dash_pattern), line.get_linewidth()) for line in view.losses.values()}
    assert len(kinds) == 4


def test_a_run_by_another_rule_is_compared_with_ours_all_the_same():
    run = tm.Run(tm.worked_example(), rule="nesterov").step(6)
    facts = VIEWS["rules"](run, Look()).read(run, Look())
    np.testing.assert_array_equal(facts.losses["nesterov"], run.losses)
    np.testing.assert_array_equal(facts.losses["momentum"], tm.Run(tm.worked_example()).step(6).losses)


def test_a_rule_that_has_to_stop_says_so():
    problem = replace(tm.problems.overlap(), eta=30.0, gamma=0.95)
    run = tm.Run(problem, rule="average").step(60)
    assert run.t == 60
    view = VIEWS["rules"](run, Look())
    assert "(stopped at t = " in view.text(run, Look())


def test_a_long_run_shows_the_last_three_hundred_steps_of_the_path():
    run = tm.Run(replace(tm.worked_example(), eta=0.01)).step(1500)
    view = VIEWS["rules"](run, Look())
    assert view.paths["momentum"].get_xdata()[[0, -1]].tolist() == [1200, 1500]
    assert len(view.losses["momentum"].get_xdata()) == 1501


def test_every_rule_of_the_view_is_one_of_ours():
    assert set(VIEWS["rules"](tm.Run(tm.worked_example()), Look()).losses) < set(RULES)


def test_the_axes_of_the_rules_stand_still_when_one_goes_a_step_back():
    run = tm.Run(tm.worked_example()).step(3)
    view = VIEWS["rules"](run, Look())
    view.lower("")
    view.update(run.back(), Look())
    assert not view.standing_changed
