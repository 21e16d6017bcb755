"""A run through time: back and forth, edits, undo, forks, and the end of a run that diverges."""

from dataclasses import replace

import numpy as np
import pytest

import tinymlp as tm
import tinymlp.run


def fresh():
    return tm.Run(tm.worked_example())


def snapshot(run):
    """Return all that a learner sees, exact to the bit."""
    return (run.t, run.end, run.params.flat.tobytes(), run.velocity.flat.tobytes(), run.grads.flat.tobytes(),
            run.losses.tobytes(), run.eta, run.gamma)  # fmt: skip


def test_a_run_is_the_loop_of_forward_backward_and_update():
    problem = tm.worked_example()
    params, velocity = problem.params, problem.net.zeros()
    for _ in range(20):
        grads = tm.backward(tm.forward(params, problem.X), problem.y)
        params, velocity = tm.momentum_step(params, velocity, grads, problem.eta, problem.gamma)
    run = fresh().step(20)
    assert (run.t, run.losses.shape) == (20, (21,))
    assert run.params == params
    assert run.velocity == velocity
    assert run.loss == tm.loss(tm.forward(params, problem.X), problem.y)


def test_back_and_forth_gives_the_same_bits():
    run = fresh().step(7)
    there = snapshot(run)
    run.back(5)
    assert run.t == 2
    assert run.losses.shape == (3,)
    assert snapshot(run.step(5)) == there
    assert snapshot(run.goto(0).goto(7)) == there


def test_back_stops_at_the_start_and_goto_steps_on():
    assert fresh().step(2).back(9).t == 0
    assert fresh().goto(4).t == 4


def test_going_forward_inside_the_record_replays_edits():
    run = fresh().step(3)
    run.set("W1", (0, 1), 0.5)
    run.eta = 0.3
    run.step(3)
    there = snapshot(run)
    assert run.at(2).params.W1[0, 1] != 0.5
    assert snapshot(run.back(6).step(6)) == there
    assert (run.at(2).eta, run.at(3).eta) == (0.8, 0.3)


def test_an_edit_in_the_past_cuts_the_future_and_undo_brings_it_back():
    run = fresh().step(5).back(3)
    before = snapshot(run)
    run.set("b2", (0, 0), 1.0)
    assert run.end == 2
    assert run.losses[-1] == run.loss == pytest.approx(float(tm.loss(run.trace, run.problem.y)))
    assert snapshot(run.undo()) == before
    assert run.step(3).t == 5


@pytest.mark.parametrize("change", [lambda run: setattr(run, "gamma", 0.1), lambda run: setattr(run, "eta", 0.1)])
def test_a_new_setting_in_the_past_cuts_the_future_and_undo_brings_it_back(change):
    run = fresh().step(5).back(3)
    before = snapshot(run)
    change(run)
    assert run.end == 2
    assert snapshot(run.undo()) == before


def test_setting_the_current_value_changes_nothing():
    run = fresh().step(5).back(3)
    before = snapshot(run)
    run.eta = run.eta
    run.set("b2", (0, 0), float(run.params.b2[0, 0]))
    assert snapshot(run) == before
    assert not run.can_undo


def test_a_dragged_slider_is_one_change():
    run = fresh()
    for value in np.linspace(0, 1, 30):
        run.set("W1", (0, 0), value)
    assert run.undo().params == tm.worked_example().params
    assert not run.can_undo


def test_a_step_ends_a_drag():
    run = fresh()
    run.set("W1", (0, 0), 1.0)
    run.step().back()
    run.set("W1", (0, 0), 2.0)
    assert run.undo().params.W1[0, 0] == 1.0


def test_a_change_after_undo_leaves_nothing_to_redo():
    run = fresh()
    run.set("W1", (0, 0), 1.0)
    run.undo()
    run.set("W1", (0, 1), 2.0)
    there = snapshot(run)
    assert snapshot(run.redo()) == there


def test_the_oldest_changes_are_forgotten():
    run = fresh()
    for n in range(100):
        run.set("W1", (0, n % 2), float(n))
    for _ in range(100):
        run.undo()
    assert not run.can_undo
    assert run.params.W1[0, 0] == 98 - tinymlp.run.KEPT_UNDOS
    assert len(run._redos) == tinymlp.run.KEPT_UNDOS


def test_a_start_set_by_hand_may_have_a_high_loss_and_still_learn():
    run = fresh()
    run.set("b2", (0, 0), 500.0)
    assert run.loss > 300
    assert run.step(3).t == 3


def test_undo_after_reset_brings_the_run_back_and_redo_takes_it_again():
    run = fresh().step(4)
    run.eta = 0.1
    before = snapshot(run)
    run.reset()
    assert (run.t, run.end, run.eta) == (0, 0, 0.8)
    after = snapshot(run)
    assert snapshot(run.undo()) == before
    assert snapshot(run.redo()) == after


def test_steps_after_an_undo_do_not_change_what_redo_remembers():
    run = fresh()
    run.set("W1", (0, 0), 1.0)
    run.step(2)
    there = snapshot(run)
    run.undo().step(1)
    assert snapshot(run.redo()) == there


def test_a_fork_has_the_same_past_and_leaves_the_run_alone():
    run = fresh().step(3)
    before = snapshot(run)
    fork = run.fork(eta=0.2, gamma=0.0).step(4)
    assert snapshot(run) == before
    np.testing.assert_array_equal(fork.losses[:4], run.losses)
    assert fork.at(3).params == run.params
    assert (fork.eta, fork.gamma) == (0.2, 0.0)
    assert not fork.can_undo
    fork.gamma = 0.5
    assert fork.can_undo
    assert fork.losses[5] != run.step(4).losses[5]


def test_a_fork_from_an_earlier_iteration():
    run = fresh().step(3)
    plain = run.fork(t=0, gamma=0.0).step(3)
    assert plain.at(1).params == run.at(1).params
    assert plain.at(2).params != run.at(2).params


def test_a_step_that_diverges_is_not_taken_and_back_works():
    run = fresh()
    run.eta = 50
    run.step(20)
    assert run.t == run.end == 1
    assert "eta = 50" in run.message
    assert "213.6" in run.message
    assert np.isfinite(run.losses).all()
    run.back()
    assert (run.t, run.message) == (0, "")
    run.eta = 0.8
    assert run.step(5).t == 5


def test_numbers_too_large_to_hold_stop_a_run_without_a_warning():
    problem = tm.worked_example()
    net = tm.MLP((3, 2, 1), hidden="identity", output="identity", loss="squared")
    start = net.params(W1=problem.params.W1, b1=[[0, 0]], W2=problem.params.W2, b2=[[0]])
    run = tm.Run(tm.Problem(net, problem.X, problem.y, start, eta=1e200, gamma=0.9))
    run.step(10)
    assert "Stopped at t = 0" in run.message
    assert np.isfinite(run.params.flat).all()


def test_a_long_run_is_thinned_and_every_iteration_is_still_there(monkeypatch):
    def edited_run():
        run = fresh().step(99)
        run.set("W1", (0, 0), 0.25)
        run.gamma = 0.5
        return run.step(300)

    whole = edited_run()
    monkeypatch.setattr(tinymlp.run, "KEPT_STATES", 64)
    thinned = edited_run()
    assert len(thinned._record.states) < 70 < len(whole._record.states)
    thinned.goto(50)
    thinned.set("b1", (0, 1), 0.125)
    thinned.undo()
    for t in (0, 1, 63, 98, 99, 100, 101, 257, 399):
        assert thinned.at(t).params == whole.at(t).params
        assert thinned.at(t).velocity == whole.at(t).velocity


def test_watchers_are_told_and_do_not_keep_their_object_alive():
    class Watcher:
        heard = 0

        def hear(self, run):
            Watcher.heard += 1

    run, watcher = fresh(), Watcher()
    run.watch(watcher.hear)
    run.step()
    run.eta = 0.5
    assert Watcher.heard == 2
    run.unwatch(watcher.hear)
    run.step()
    run.watch(watcher.hear)
    del watcher
    run.step()
    assert Watcher.heard == 2


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda run: run.set("W9", (0, 0), 1.0), ["'W1'", "W9"]),
        (lambda run: run.set("W1", (3, 0), 1.0), ["index", "below 3 and 2", "(3, 0)"]),
        (lambda run: run.set("W1", (-1, 0), 1.0), ["index", "(-1, 0)"]),
        (lambda run: run.set("W1", 0, 1.0), ["index", "0"]),
        (lambda run: run.set("W1", (0, 0), np.nan), ["W1", "nan"]),
        (lambda run: run.set("W1", (0, 0), [1.0, 2.0]), ["W1", "one number"]),
        (lambda run: setattr(run, "eta", np.inf), ["eta", "inf"]),
        (lambda run: setattr(run, "gamma", [0.1, 0.2]), ["gamma", "one number"]),
        (lambda run: setattr(run, "eta", True and "much"), ["eta", "much"]),
        (lambda run: setattr(run, "rule", "foo"), ["rule", "foo"]),
        (lambda run: run.step(-1), ["n", "at least 0", "-1"]),
        (lambda run: run.goto(1.5), ["t", "whole number", "1.5"]),
        (lambda run: run.at(99), ["t", "from 0 to 3", "99"]),
        (lambda run: run.fork(speed=2), ["fork", "'eta'", "speed"]),
        (lambda run: tm.Run("worked example"), ["problem", "worked example"]),
    ],
)
def test_bad_input_changes_nothing_and_says_what_was_expected(call, words):
    run = fresh().step(3)
    before = snapshot(run)
    with pytest.raises(ValueError, match="expected") as caught:
        call(run)
    for word in words:
        assert word in str(caught.value)
    assert snapshot(run) == before


# Rules, schedules, epochs and a first velocity ------------------------------------------------------------------------


def test_a_rule_can_be_given_by_name_and_changed_on_the_way():
    run = tm.Run(tm.worked_example(), rule="adam").step(5)
    assert run.rule.name == "adam"
    assert run.now.state.memory[1] == 5
    run.rule = tm.momentum_step
    assert run.rule is tm.momentum.RULES["momentum"]
    run.step(2)
    assert run.now.state.memory == ()
    there = snapshot(run)
    assert snapshot(run.back(7).step(7)) == there


@pytest.mark.parametrize("rule", tm.momentum.RULES)
def test_every_rule_can_be_shared(rule):
    run = tm.Run(tm.worked_example(), rule=rule).step(4).set("W1", (0, 0), 0.5).step(3)
    assert snapshot(tm.Run.from_code(run.code())) == snapshot(run)


def test_a_rule_of_ones_own_is_a_function():
    def half(params, velocity, grads, eta, gamma):
        return params - eta / 2 * grads, velocity

    run = tm.Run(tm.worked_example(), rule=half).step(3)
    assert run.params == fresh().fork(gamma=0.0, eta=0.4).step(3).params
    assert "half" in repr(run.rule)
    with pytest.raises(ValueError, match="rule: expected one of momentum, pytorch"):
        run.code()


def test_a_schedule_changes_eta_by_itself_and_every_step_remembers_its_own():
    halved = tm.Run(tm.worked_example(), schedule=tm.schedule("step", 2, 0.5)).step(5)
    assert [halved.at(t).eta for t in range(6)] == [0.8, 0.8, 0.4, 0.4, 0.2, 0.2]
    by_hand = fresh().step(2)
    by_hand.eta = 0.4
    by_hand.step(2)
    by_hand.eta = 0.2
    assert by_hand.step().params == halved.params
    inverse = tm.Run(tm.worked_example(), schedule=tm.schedule("inverse", 4)).step(4)
    assert inverse.eta == 0.4
    inverse.eta = 0.3  # begins anew from here
    assert (inverse.eta, inverse.step(4).eta) == (0.3, 0.15)
    assert snapshot(tm.Run.from_code(inverse.code())) == snapshot(inverse)


def test_samples_can_be_taken_in_the_order_given_and_epochs_are_counted():
    problem = tm.worked_example()
    run = tm.Run(problem, training=tm.Training(batch=1, shuffle=False))
    params, velocity = problem.params, problem.net.zeros()
    for t in range(7):
        one = slice(t % 3, t % 3 + 1)
        grads = tm.backward(tm.forward(params, problem.X[one]), problem.y[one])
        params, velocity = tm.momentum_step(params, velocity, grads, problem.eta, problem.gamma)
    assert run.step(7).params == params
    assert [run.goto(t).epochs for t in (0, 2, 3, 5, 6)] == [0, 0, 1, 1, 2]
    assert snapshot(tm.Run.from_code(run.code())) == snapshot(run)


def test_a_first_velocity_can_be_given():
    problem = tm.worked_example()
    first = problem.net.zeros().replace("b2", (0, 0), 0.5)
    run = tm.Run(replace(problem, velocity=first))
    assert run.velocity == first
    run.step()
    assert run.velocity.b2[0, 0] == pytest.approx(0.9 * 0.5 - 0.8 * run.at(0).grads.b2[0, 0])
    assert snapshot(tm.Run.from_code(run.code())) == snapshot(run)
    with pytest.raises(ValueError, match="velocity: expected Params of the network"):
        replace(problem, velocity=tm.MLP((2, 1)).zeros())


# A stretch of the past, and a rival -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", [2_000, 64])
def test_the_past_comes_as_arrays(monkeypatch, kept):
    monkeypatch.setattr(tinymlp.run, "KEPT_STATES", kept)
    run = fresh().step(90)
    run.eta = 0.3
    run.step(110)
    past = run.past(40, 180)
    assert list(past.t) == list(range(40, 180))
    for n in (0, 49, 50, 139):
        moment = run.at(40 + n)
        assert past.params.flat[n].tobytes() == moment.params.flat.tobytes()
        assert past.velocity.flat[n].tobytes() == moment.velocity.flat.tobytes()
        np.testing.assert_allclose(past.grads.flat[n], moment.grads.flat, rtol=1e-12, atol=1e-16)
        assert (past.eta[n], past.gamma[n], past.rules[n]) == (moment.eta, moment.gamma, moment.rule)
    assert len(run.past()) == 200
    assert run.past(5, 5).params.flat.shape == (0, 11)
    with pytest.raises(ValueError, match=r"since, until: expected .* up to 200, got 4, 300"):
        run.past(4, 300)


def test_a_rival_has_the_same_start_other_settings_and_is_taken_to_the_same_t():
    run = fresh().step(8)
    plain = run.beside(gamma=0)
    assert snapshot(plain) == snapshot(run.fork(t=0, gamma=0.0).step(8))
    late = run.beside(since=5, eta=0.1)
    assert late.at(5).params == run.at(5).params
    assert (late.t, late.eta) == (8, 0.1)


def test_a_rival_is_kept_and_not_taken_again():
    run = fresh().step(50)
    rival = run.beside(gamma=0)
    calls, step = [], rival._extend
    rival._extend = lambda: calls.append(rival.t) or step()
    run.step(3)
    assert run.beside(gamma=0) is rival
    assert calls == [50, 51, 52]
    run.back(30)
    assert run.beside(gamma=0).t == run.t
    assert len(calls) == 3
    run.goto(0).set("W1", (0, 0), 2.0)
    assert run.beside(gamma=0) is not rival


def test_every_watcher_is_told_even_if_one_fails():
    class Watcher:
        def __init__(self, fails):
            self.fails, self.told = fails, 0

        def hear(self, run):
            self.told += 1
            if self.fails:
                raise KeyError("no such thing")

    bad, good, run = Watcher(True), Watcher(False), fresh()
    run.watch(bad.hear)
    run.watch(good.hear)
    with pytest.warns(UserWarning, match="a watcher of the run failed: KeyError"):
        run.step()
    assert (run.t, bad.told, good.told) == (1, 1, 1)


# A code from before there were other biases, memories, schedules and first velocities: Nesterov's rule, four
# steps, an edit of w¹₁₁ to 0.5, eta 0.3, three steps more, two back.
OLD_CODE = (
    "tm1.eNqVVNGO4zYM_JWDn70BSZGimF8xgiJNjLvgssnC8V73UPTfO5TTu761B8SOJVHkcGakP4fbvA77aSqjjHwYh8fl-j7k3-fX"
    "--WMr9Nyfzx-m2_rcn_7jvF8PH0ZEHg-rsfcOPGORuqPHcaJdpxfI2b7iMZt3Q8YTj9mn-_DeHu_Xvsra6_HJcHQTscX2hVsk_68"
    "ZMYtM-VAx1x92WYS9bf5ej9d1u_Dvucb3pb779f5tedqiIlx-OO-fJ3Pn-aP4-vbdR7GafhgtPMh-SroaAKaYV2Ol9vl9hk7e6Z_"
    "WqMN6Lq8z4ha3pFhD-oe67zcvyVfpy_zuc9Ow-l-Qye3ddhaWudH8kTjr_c10e4ngP94DuOPVn_iYsrVCZn-jSrZ10xuHY4WFvIm"
    "4SrW-hw1DWUxqVSrh9QExlWsmpBStVI7TnNqVrwSVy2uCVtIVIRLSJgizBNctLCGfV6bcWu5VaJpFUEhkhKWPDSsF6sRjoxSNrI4"
    "NypHaY1ZO7rg6mLUirmo2dN2VlDZGkooKnHHR6wR7FYUaW3LSB6ecGolpLaOrxgVb6aVmnBsYVSFTKVRKSjPnQMCaq9uwBIoYSkj"
    "mRVBGaBxU0Rsga0yMZiLQIcqKTo7t9pKMW2FsEE2OBYGupzUqbatuKABQXeGbkBKPYybbf6HuIqxJSE11Bt5Ca0NvUVnsyo3MKJZ"
    "iL12rwFSIoQHDI3VrrU55AQfxRoFbaYwEOYFcBiseESKnU174-bgHHbJOXDFFgVEMYPzTWzUUK4wBX4O5fNWUItAARYwWjoUJXjI"
    "xEwAzll9fEGcQQAFnWgGMm1i44vYKBINLOSb2FAFOhYLgc3oOdtAu9WWTrMKs3e9mxQPBUEtYFbKg0ewDyAn663CctV6JDvBjlko"
    "arYHiJ6OKO7EsP3TFkoGV4Z2J4l0tQ0wUDC4dHafB4vzmEUqa8KbAP2kKPydtLH9ktp5aQ17w8V8Ow97_-tvP4hYNQ.b0f736be"
)


def test_a_share_code_of_an_earlier_version_is_read():
    wanted = tm.Run(tm.worked_example(), rule="nesterov").step(4).set("W1", (0, 0), 0.5)
    wanted.eta = 0.3
    assert snapshot(tm.Run.from_code(OLD_CODE)) == snapshot(wanted.step(3).back(2))
