"""The views of sharpness and energy: what they draw and say is what the package computes, and no forecast."""

from dataclasses import replace

import numpy as np
import pytest

import tinymlp as tm
from tinymlp import problems
from tinymlp.curvature import sharpness
from tinymlp.views import VIEWS, Look
from tinymlp.views import sharpness as sharpness_view
from tinymlp.widgets import panel

TWO = (("W1", (2, 1)), ("W2", (1, 0)))
BOWL_NET = tm.MLP((1, 1), output="identity", loss="squared", biases="none")
BOWL = tm.Problem(BOWL_NET, [[1.0]], [[0.0]], BOWL_NET.params(W1=[[1.0]]), 0.1, 0.9, name="bowl")


def run_of(eta, gamma, steps, problem=None, free=None, **how):
    """Return a run of so many steps, by default of `overlap`."""
    problem = replace(problem or problems.overlap(), eta=eta, gamma=gamma)
    return tm.Run(problem, training=tm.Training(free=free), **how).step(steps)


def shown(name, run):
    view = VIEWS[name](run, Look())
    return view, view.text(run, Look())


def counted(view, monkeypatch):
    """Return a list to which each later Hessian's number of networks is added."""
    asked, plain = [], sharpness_view.hessian
    monkeypatch.setattr(
        sharpness_view, "hessian", lambda params, *rest: asked.append(params.leading) or plain(params, *rest)
    )
    return asked


# Sharpness -----------------------------------------------------------------------------------------------------------


def test_the_course_is_the_sharpness_at_every_iteration_and_the_line_the_limit():
    run = run_of(4.0, 0.5, 60)
    view, said = shown("sharpness", run)
    each = sharpness(run.past(0, 61).params, run.problem.X, run.problem.y).value
    np.testing.assert_allclose(view.course.get_ydata(), each)
    assert set(view.limit.get_ydata()) == {0.75}
    assert said.startswith(f"Sharpness {each[-1]:.3f} at t = 60, limit 0.75\n")


def test_it_is_that_of_the_weights_that_move():
    run = run_of(1.7, 0.0, 300, tm.worked_example(), TWO)
    view, said = shown("sharpness", run)
    alone = sharpness(run.params, run.problem.X, run.problem.y, TWO)
    assert view.course.get_ydata()[-1] == pytest.approx(float(alone))
    assert said == (
        "Sharpness 1.227 at t = 300, limit 1.176, over the 2 parameters that move\n"
        "  above since t = 229: wobbles along the sharpest direction\n"
        "  grow; the loss may rise later, or not at all\n"
        "  so far from 0.102 to 1.227, the most at t = 300"
    )
    assert view.point.get_marker() == "^"


def test_below_the_limit_wobbles_die_out_and_a_direction_that_bends_down_is_told():
    view, said = shown("sharpness", run_of(1.0, 0.9, 0))
    assert said == (
        "Sharpness 0.309 at t = 0, limit 3.8\n"
        "  below: wobbles along the sharpest direction die out\n"
        "  another direction bends down, -0.302: no eta makes that one settle"
    )
    assert [text.get_text() for text in view.verdict] == [
        "below: wobbles along the sharpest direction die out",
        "another direction bends down, \N{MINUS SIGN}0.302: no η makes that one settle",
        "",
    ]
    assert view.point.get_marker() == "o"


def test_below_again_says_when_it_was_above():
    _, said = shown("sharpness", run_of(4.5, 0.0, 40))
    assert "below: wobbles along the sharpest direction die out\n  it was above from t = 6 to 22\n" in said


def test_with_gamma_1_no_wobble_dies_out():
    assert "below: wobbles along the sharpest direction do not grow" in shown("sharpness", run_of(1.0, 1.0, 0))[1]


def test_the_limit_moves_with_the_sliders_and_keeps_its_past():
    board = panel(run_of(1.0, 0.9, 0), show="sharpness", control=("ten", "eta", "gamma", "undo"))
    view, run = board.views["sharpness"], board.run
    board.controls["ten"].widget.click()
    board.controls["eta"].dial.field.value = 0.8
    board.controls["gamma"].dial.field.value = 0.5
    assert view.limit.get_ydata()[:10] == pytest.approx([3.8] * 10)
    assert view.limit.get_ydata()[10:] == pytest.approx([3.75, 3.75])
    assert "limit 3.75" in board.picture.texts["sharpness"]
    board.controls["ten"].widget.click()
    run.undo()
    run.undo()
    assert view.limit.get_ydata() == pytest.approx([3.8] * 12)
    assert run.t == 10


@pytest.mark.parametrize(("rule", "limit"), [("pytorch", 3.0), ("average", 6.0), ("nesterov", 1.5)])
def test_the_limit_follows_the_rule(rule, limit):
    _, said = shown("sharpness", run_of(1.0, 0.5, 3, rule=rule))
    assert f"limit {limit:g}\n" in said


@pytest.mark.parametrize("rule", ["adam", "rmsprop"])
def test_a_rule_without_a_limit_is_told(rule):
    view, said = shown("sharpness", run_of(0.1, 0.9, 3, rule=rule))
    assert f"at t = 3\n  no such limit is known for the rule {rule}\n" in said
    assert np.isnan(view.limit.get_ydata()).all()
    assert "nan" not in view.upper("s").lower()


def test_without_a_step_size_there_is_no_limit():
    assert "with eta = 0 no gradient moves anything: there is no limit" in shown("sharpness", run_of(0.0, 0.9, 2))[1]


def test_an_average_that_takes_nothing_new_has_no_limit():
    assert "limit none\n  below: " in shown("sharpness", run_of(1.0, 1.0, 0, rule="average"))[1]


def test_where_nothing_bends_up_nothing_wobbles():
    run = run_of(1.0, 0.0, 0, tm.problems.one_neuron()).set("b1", (0, 0), 800.0)
    assert "no direction bends up: there is nothing to wobble in" in shown("sharpness", run)[1]


def test_a_limit_far_above_is_named_at_the_edge():
    view, _ = shown("sharpness", run_of(0.02, 0.9, 0))
    assert view.beyond.get_text() == "limit 190 ↑"
    view.update(run_of(1.0, 0.9, 0), Look())
    assert view.beyond.get_text() == ""
    assert view.axes.get_ylim()[1] > 3.8


def test_a_step_works_out_one_hessian_and_a_moved_slider_none(monkeypatch):
    run = run_of(1.0, 0.9, 400)
    view = VIEWS["sharpness"](run, Look())
    asked = counted(view, monkeypatch)
    view.update(run.step(), Look())
    assert asked == [(1,)]
    run.eta = 2.0
    view.update(run, Look())
    view.update(run.back(150), Look())
    assert asked == [(1,)]
    run.set("W1", (0, 0), 1.0)
    view.update(run, Look())
    assert asked == [(1,), (1,)]


def test_another_past_is_never_taken_for_this_one():
    run = run_of(1.0, 0.9, 30)
    view = VIEWS["sharpness"](run, Look())
    for change in (
        lambda: run.goto(10).set("W1", (0, 0), 1.0),
        lambda: run.step(20),
        run.undo,
        run.reset,
        lambda: run.step(15),
        run.undo,
        run.redo,
    ):
        change()
        view.update(run, Look())
        fresh = VIEWS["sharpness"](run, Look())
        np.testing.assert_array_equal(view.course.get_ydata(), fresh.course.get_ydata())
        np.testing.assert_array_equal(view.limit.get_ydata(), fresh.limit.get_ydata())


def test_a_long_run_is_thinned(monkeypatch):
    monkeypatch.setattr(sharpness_view, "POINTS", 40)
    run = run_of(4.5, 0.0, 100)
    view, said = shown("sharpness", run)
    assert view.course.get_xdata() == [*range(0, 101, 4)]
    assert "at about t = " in said
    for _ in range(70):
        view.update(run.step(), Look())
    assert view.course.get_xdata() == [*range(0, 169, 8), 170]
    assert len(view.known) <= 41
    np.testing.assert_array_equal(view.course.get_ydata(), VIEWS["sharpness"](run, Look()).course.get_ydata())


@pytest.mark.parametrize("view", ["sharpness", "energy"])
@pytest.mark.parametrize("training", [tm.Training(batch=4), tm.Training(l2=0.1), tm.Training(l1=0.1)], ids=repr)
def test_steps_that_follow_another_loss_are_refused(view, training):
    run = tm.Run(problems.overlap(), training=training)
    with pytest.raises(ValueError, match="a run whose steps take all samples, without a penalty"):
        panel(run, show=view, control=())


def test_a_network_whose_frames_would_be_slow_is_refused_with_the_bound():
    assert VIEWS["sharpness"].refuses(tm.Run(problems.penguins())) == ""
    with pytest.raises(ValueError, match="parameters x samples x units up to 300,000"):
        panel(tm.Run(problems.spiral()), show="sharpness", control=())
    assert VIEWS["energy"].refuses(tm.Run(problems.spiral())) == ""


def test_a_batch_of_all_samples_is_no_mini_batch():
    assert VIEWS["sharpness"].refuses(tm.Run(problems.overlap(), training=tm.Training(batch=12))) == ""


# Energy --------------------------------------------------------------------------------------------------------------


def test_ringing_is_told_from_growth():
    view, said = shown("energy", run_of(1.0, 0.9, 400))
    assert said == (
        "Loss 0.0074 at t = 400, energy 0.0076\n"
        "  the loss rose in 13 steps so far, the energy in none:\n"
        "  ringing, not growth"
    )
    assert len(view.rose[0].get_xdata()) == 13
    assert len(view.rose[1].get_xdata()) == 0


def test_more_than_ringing_is_told():
    _, said = shown("energy", run_of(4.0, 0.5, 400))
    assert (
        "rose in 5 steps so far, the energy in 6:\n  more than ringing: these steps are long for the curvature" in said
    )


def test_in_a_bowl_far_below_the_limit_the_loss_rises_and_the_energy_never():
    _, said = shown("energy", run_of(0.1, 0.9, 400, BOWL))
    assert "rose in 179 steps so far, the energy in none:\n  ringing, not growth" in said
    assert "so far,\n  and the energy in none either" in shown("energy", run_of(0.1, 0.467, 400, BOWL))[1]


def test_the_line_is_the_loss_and_what_the_velocity_holds():
    run = run_of(0.5, 0.8, 30)
    view, _ = shown("energy", run)
    velocity = run.past(0, 31).velocity.flat
    np.testing.assert_allclose(view.energy.get_ydata(), run.losses + 0.8 / (2 * 0.5) * (velocity**2).sum(axis=-1))
    np.testing.assert_array_equal(view.loss.get_ydata(), run.losses)


def test_without_momentum_the_energy_is_the_loss():
    view, said = shown("energy", run_of(4.5, 0.0, 40))
    assert "the loss rose in 7 steps so far;\n  without momentum the energy is the loss" in said
    np.testing.assert_array_equal(view.energy.get_ydata(), view.loss.get_ydata())


def test_a_change_by_hand_or_of_the_settings_is_no_rise():
    run = run_of(0.05, 0.5, 10)
    run.set("W1", (0, 0), -3.0).step(5)
    assert run.losses[10] > run.losses[9]
    run.eta, run.gamma = 0.01, 0.9
    run.step(5)
    view, said = shown("energy", run)
    assert np.diff(view.energy.get_ydata()).max() > 0  # the line jumps there, as the settings count in it
    assert "the loss rose in no step so far,\n  and the energy in none either" in said


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"eta": 0.1, "gamma": 0.9, "rule": "adam"}, "there is no such energy for the rule adam"),
        ({"eta": 0.1, "gamma": 0.9, "rule": "pytorch"}, "there is no such energy for the rule pytorch"),
        ({"eta": 0.0, "gamma": 0.9}, "there is no such energy with eta = 0"),
    ],
)
def test_what_has_no_energy_says_so_and_shows_the_loss(settings, words):
    view, said = shown("energy", run_of(steps=5, **settings))
    assert words in said
    assert len(view.energy.get_xdata()) == 0
    assert len(view.loss.get_xdata()) == 6


def test_before_the_first_step_nothing_is_counted():
    assert shown("energy", run_of(1.0, 0.9, 0))[1] == "Loss 0.6857 at t = 0, energy 0.6857\n  no step taken yet"


def test_of_a_long_run_the_last_steps_count(monkeypatch):
    monkeypatch.setattr("tinymlp.views.energy.LONGEST", 30)
    view, said = shown("energy", run_of(1.0, 0.9, 50))
    assert view.energy.get_xdata()[0] == 20
    assert "the loss rose in 6 steps of the last 30, the energy in none" in said
