"""The bug hunt: each bug is what it is said to be, shows, can be told from the others, and is known to be repaired."""

import sys
from dataclasses import replace

import numpy as np
import pytest

import tinymlp as tm
from tinymlp.gradcheck import check_gradient
from tinymlp.network import forward
from tinymlp.params import Params
from tinymlp.teaching import bugs, hunts
from tinymlp.teaching.bugs import BUGS, FAULTS
from tinymlp.teaching.hunts import BuggyRun
from tinymlp.words import raised

pytestmark = pytest.mark.usefixtures("own_home")
EVERY = pytest.mark.parametrize("bug", [pytest.param(bug, id=f"{bug.name}-{bug.fault}") for bug in BUGS.values()])


def named(fault):
    return next(bug for bug in BUGS.values() if bug.fault == fault)


def local_arrays(function, *args):
    """Return the arrays that a function has made when it returns, by their names, and what it returned."""
    found = {}

    def watch(frame, event, _):
        if event == "return" and frame.f_code is function.__code__:
            found.update(frame.f_locals)

    sys.setprofile(watch)
    try:
        result = function(*args)
    finally:
        sys.setprofile(None)
    return found, result


def as_arrays(bug, function, run):
    """Return what a function works out from where a run stands, by the names on the stages, in working order."""
    if bug.is_step:
        _, (params, velocity) = local_arrays(
            function, run.params, run.velocity, tm.backward(run.trace, run.problem.y), run.eta, run.gamma
        )
        return {"v": velocity.flat, "w": params.flat}
    found, _ = local_arrays(function, forward(run.params, run.problem.X), run.problem.y)
    names = [name for name in hunts.where_names(bug) if name not in hunts.NAMES.values()]
    flat = {raised_name(key): value for key, value in found.items() if isinstance(value, np.ndarray)}
    return {name: flat[name] for name in names}


def raised_name(key):
    return f"d{raised(key[1:])}" if key.startswith("d") else key


def test_there_are_a_dozen_bugs_of_as_many_kinds():
    assert len(BUGS) == 12
    assert len({bug.fault for bug in BUGS.values()}) == 12


def test_the_right_functions_are_the_packages_own():
    rng = np.random.default_rng(5)
    for draw, right in ((hunts._draw_trace, bugs.two_layers), (hunts._draw_deeper, bugs.three_layers)):
        for _ in range(20):
            trace, y = draw(rng)
            np.testing.assert_allclose(right(trace, y).flat, tm.backward(trace, y).flat, rtol=1e-12, atol=1e-15)
    args = hunts._draw_step(rng)
    assert bugs.step(*args) == tm.momentum_step(*args)


@EVERY
def test_the_first_wrong_array_is_the_one_that_is_named(bug):
    run = tm.Run(bug.problem)
    broken = bug.function
    if bug.fault == "stale":  # its first call is right
        as_arrays(bug, broken, run)
        run.step(3)
    wrong, right = as_arrays(bug, broken, run), as_arrays(bug, bug.right, run)
    # A deeper array that is right by itself may be made of wrong ones: only the first one counts.
    differs = [name for name in right if np.shape(wrong[name]) != np.shape(right[name])
               or not np.allclose(wrong[name], right[name], rtol=1e-9, atol=1e-12)]  # fmt: skip
    assert differs[0] == bug.where


@EVERY
def test_a_bug_shows_in_the_loss_and_in_the_gradient_check_if_it_is_in_the_gradients(bug):
    run = BuggyRun(bug)
    run.step(hunts.STEPS)
    healthy = run.healthy
    assert abs(run.loss - healthy.losses[run.t]) > 0.01 * healthy.losses[run.t]
    grads = run.training.backward(run.trace, run.problem.y)
    assert check_gradient(run.params, run.problem.X, run.problem.y, grads).ok == bug.is_step


def test_what_each_fault_would_show_is_true_of_its_bug():
    def gradients(bug, t=0):
        run = BuggyRun(bug).step(t)
        wrong = run.training.backward(run.trace, run.problem.y)
        return run, wrong, tm.backward(run.trace, run.problem.y)

    run, wrong, right = gradients(named("sign"))
    np.testing.assert_allclose(wrong.flat, -right.flat)
    assert run.step(1).loss > run.losses[0]
    _, wrong, right = gradients(named("mean"))
    np.testing.assert_allclose(wrong.flat, 3 * right.flat)
    _, wrong, right = gradients(named("slope"))
    np.testing.assert_allclose(wrong.W2, right.W2)
    assert np.ptp(wrong.W1 / right.W1) > 0.1
    _, wrong, right = gradients(named("transposed"))
    np.testing.assert_allclose(wrong.W2, right.W2)
    assert not np.allclose(wrong.W1, right.W1)
    for t in (0, 3):
        _, wrong, right = gradients(named("stale"), t)
        assert np.allclose(wrong.flat, right.flat) == (t == 0)
    _, wrong, right = gradients(named("overwritten"))
    assert np.allclose(wrong.W1, right.W1)
    assert not np.allclose(wrong.W2, right.W2)
    _, wrong, right = gradients(named("early"))
    np.testing.assert_allclose(wrong.W2, right.W2)
    factors = wrong.W1 / right.W1
    np.testing.assert_allclose(factors, np.tile(factors[:1], (3, 1)))
    assert abs(factors - 1).min() > 0.001
    _, wrong, right = gradients(named("skipped"))
    assert np.allclose(wrong.W3, right.W3)
    assert np.allclose(wrong.W2, right.W2)
    assert not np.allclose(wrong.W1, right.W1)
    _, wrong, right = gradients(named("bias"))
    assert not wrong.b1.any()
    np.testing.assert_allclose(wrong.replace("b1", (0, 0), 0).replace("b1", (0, 1), 0).W1, right.W1)


def test_targets_broadcast_against_predictions_teach_one_p_for_all():
    run = BuggyRun(named("broadcast")).step(300)
    np.testing.assert_allclose(run.trace.p, 1 / 3, atol=0.01)
    assert run.loss == pytest.approx(0.6365, abs=1e-3)  # what a constant 1/3 costs
    assert run.healthy.loss < 1e-3


def test_a_velocity_that_is_not_kept_is_plain_descent():
    run = BuggyRun(named("forgotten")).step(20)
    plain = tm.Run(run.problem).fork(gamma=0).step(20)
    np.testing.assert_allclose(run.losses, plain.losses, rtol=1e-12)


def test_eta_twice_is_a_step_of_eta_times_the_step():
    run = BuggyRun(named("eta twice")).step(1)
    moved, right = run.params - run.problem.params, run.healthy.params - run.problem.params
    np.testing.assert_allclose(moved.flat, 0.8 * right.flat)


@EVERY
def test_going_back_and_forward_gives_the_same_bits(bug):
    run = BuggyRun(bug).step(10)
    losses = run.losses_on_record
    run.goto(3).set(*run.problem.net.entries[0], float(run.params.flat[0])).step(20)
    np.testing.assert_array_equal(run.losses[: len(losses)], losses)


@EVERY
def test_the_choices_hold_the_truth_and_a_reason_for_each(bug):
    assert len(bug.choices) == 4
    assert bug.truth in bug.choices
    assert set(bug.others) < set(FAULTS)
    assert bug.choices[bug.truth] == bug.why
    where = hunts.where_names(bug)
    assert hunts.NAMES.get(bug.where, bug.where) in where


# Repairs --------------------------------------------------------------------------------------------------------------


def from_source(source, name):
    """Return the function that a learner gets who runs the source in a cell."""
    space = {}
    exec(compile(source, "cell", "exec"), space)
    return space[name]


@EVERY
def test_the_source_that_is_shown_runs_and_does_not_name_the_bug(bug):
    shown = from_source(bug.source, bug.shown_name)
    assert hunts.as_exercise(bug).check(shown).words == hunts.UNCHANGED
    assert "#" not in bug.source
    assert "bug" not in bug.source


@EVERY
def test_a_repair_is_told_from_the_bug_and_from_nothing(bug):
    exercise = hunts.as_exercise(bug)
    assert exercise.check(None).outcome == "not tried"
    assert exercise.check(bug.function).outcome == "not yet"
    assert exercise.check(bug.right).outcome == "right"
    assert exercise.check(from_source(exercise.solution(), bug.shown_name)).outcome == "right"
    assert exercise.check(tm.momentum_step if bug.is_step else tm.backward).outcome == "right"
    assert exercise.check(0.1667).outcome == "not yet"


@EVERY
def test_a_lucky_number_is_no_repair(bug):
    run = tm.Run(bug.problem)
    if bug.is_step:
        fixed = bugs.step(run.params, run.velocity, run.grads, run.eta, run.gamma)
        lucky = lambda *args: fixed  # noqa: E731
    else:
        lucky = lambda trace, y: run.grads  # noqa: E731
    assert hunts.as_exercise(bug).check(lucky).outcome == "not yet"


@EVERY
def test_another_bug_in_place_of_this_one_is_named(bug):
    for other in BUGS.values():
        if other.right is bug.right and other is not bug:
            words = hunts.as_exercise(bug).check(other.function).words
            known = "another bug has come in" in words or "overwrites" in words or "sign is flipped" in words
            assert known or other.fault in ("stale", "broadcast", "transposed"), (other.name, words)
            assert words != "well done."


def test_a_repair_may_not_overwrite_the_trace():
    def reordered(trace, y):
        grads = bugs.two_layers(trace, y)
        trace.h[1][:] = 0
        return grads

    assert "overwrites h¹ of the trace" in hunts.as_exercise(named("overwritten")).check(reordered).words


def test_a_function_that_returns_nothing_is_told_so():
    def nothing(trace, y):
        bugs.two_layers(trace, y)

    assert "returns nothing" in hunts.as_exercise(named("sign")).check(nothing).words


def test_the_hints_go_from_where_to_what_to_why():
    exercise = hunts.as_exercise(BUGS["12.bug7"])
    hints = [str(exercise.hint(n)) for n in (1, 2, 3)]
    assert "dz²" in hints[0]
    assert "(N,)" in hints[1]
    assert "against each target" in hints[2]


def test_a_repair_is_kept_once_and_is_no_exercise_of_the_lessons():
    from tinymlp.teaching import exercises, keep

    exercise = hunts.as_exercise(BUGS["12.bug1"])
    for _ in range(3):
        exercise.check(tm.backward)
    records, _ = keep.read(exercises.FILE, ("name",))
    assert [record["name"] for record in records] == ["12.bug1"]
    assert exercises.done() == set()
    assert hunts.repaired() == {"12.bug1"}


def test_params_of_another_network_are_told():
    def other(trace, y):
        net = tm.MLP((1, 1))
        return Params(net, np.zeros(2))

    assert "expected Params of the network" in hunts.as_exercise(named("sign")).check(other).words
    one = lambda params, velocity, grads, eta, gamma: params  # noqa: E731
    assert "a pair of Params" not in hunts.as_exercise(named("eta twice")).check(tm.momentum_step).words
    assert "expected two results" in hunts.as_exercise(named("eta twice")).check(one).words


def test_two_of_the_bugs_let_the_loss_fall_faster_than_the_right_run():
    assert BuggyRun(named("mean")).step(6).loss == pytest.approx(0.0068, abs=5e-5)
    assert BuggyRun(named("early")).step(6).loss == pytest.approx(0.3713, abs=5e-5)
    assert BuggyRun(named("mean")).step(6).healthy.loss == pytest.approx(0.4042, abs=5e-5)


def test_a_change_that_does_not_fit_the_source_is_refused():
    with pytest.raises(ValueError, match="changes: expected 'no such line' once in the source, got it 0 times"):
        _ = replace(BUGS["12.bug1"], changes=(("no such line", ""),)).source


def test_a_broken_function_whose_imports_stand_in_another_cell_is_no_error():
    bug = BUGS["12.bug5"]
    space = {"np": np}
    exec(compile(bug.source.replace("import numpy as np", ""), "cell", "exec"), bug.function.__globals__ | space, space)
    said = hunts.as_exercise(bug).check(space[bug.shown_name])
    assert said.outcome == "not yet"
    assert "raised" not in said.words
