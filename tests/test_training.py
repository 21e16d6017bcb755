"""Momentum in four conventions, mini-batches, decay, frozen weights."""

import numpy as np
import pytest

import tinymlp as tm
from tinymlp.momentum import RULES
from tinymlp.training import decayed, minibatch, only


def path(rule, eta, gamma, steps=25, change=None):
    """Return the flat parameters of each iteration, with eta set to `change` half way."""
    run = tm.Run(tm.worked_example(), rule=RULES[rule])
    run.eta, run.gamma = eta, gamma
    run.step(steps)
    if change is not None:
        run.eta = change
        run.step(steps)
    return np.array([run.at(t).params.flat for t in range(run.end + 1)])


def test_with_fixed_settings_pytorchs_rule_takes_the_same_path():
    np.testing.assert_allclose(path("pytorch", 0.4, 0.9), path("momentum", 0.4, 0.9), rtol=1e-9, atol=1e-12)


def test_with_fixed_settings_the_average_takes_the_same_path_at_a_larger_eta():
    np.testing.assert_allclose(path("average", 0.4 / (1 - 0.9), 0.9), path("momentum", 0.4, 0.9), rtol=1e-9, atol=1e-12)


def test_nesterovs_rule_is_another_one_unless_gamma_is_0():
    assert abs(path("nesterov", 0.4, 0.9) - path("momentum", 0.4, 0.9)).max() > 0.01
    for rule in ("momentum", "pytorch", "average", "nesterov"):
        np.testing.assert_allclose(path(rule, 0.4, 0.0), path("momentum", 0.4, 0.0), rtol=1e-12)


def test_when_eta_changes_all_paths_differ():
    paths = {
        rule: path(rule, 0.4 / (1 - 0.9) if rule == "average" else 0.4, 0.9, steps=8, change=0.04) for rule in RULES
    }
    for rule in ("pytorch", "average", "nesterov"):
        assert abs(paths[rule] - paths["momentum"]).max() > 1e-3, rule


def test_the_lessons_example_of_a_constant_gradient():
    net = tm.MLP((1, 1), output="identity", loss="squared")
    g = net.params(W1=[[1.0]], b1=[[0.0]])
    ends = {}
    for rule in ("momentum", "pytorch"):
        w, v = net.zeros(), net.zeros()
        for eta in (0.1, 0.01):
            w, v = RULES[rule](w, v, g, eta, 0.9)
        ends[rule] = round(float(w.W1[0, 0]), 3)
    assert ends == {"momentum": -0.2, "pytorch": -0.119}


def test_an_epoch_of_mini_batches_visits_every_sample_once():
    for epoch in range(3):
        batches = [minibatch(10, 4, seed=1, t=3 * epoch + n) for n in range(3)]
        assert [len(batch) for batch in batches] == [4, 4, 2]
        assert sorted(np.concatenate(batches)) == list(range(10))
    assert minibatch(10, 4, 1, 0).tolist() != minibatch(10, 4, 1, 3).tolist()
    assert minibatch(10, 4, 1, 0).tolist() != minibatch(10, 4, 2, 0).tolist()


def test_going_back_is_reproducible_with_mini_batches():
    run = tm.Run(tm.problems.moons(), training=tm.Training(batch=16, seed=3)).step(40)
    there = run.params
    assert run.back(33).step(33).params == there
    twin = tm.Run(tm.problems.moons(), training=tm.Training(batch=16, seed=3)).step(40)
    assert twin.params == there
    assert tm.Run(tm.problems.moons()).step(40).params != there


def test_the_gradient_of_a_mini_batch_is_that_of_its_samples():
    problem = tm.problems.moons()
    run = tm.Run(problem, training=tm.Training(batch=16, seed=3)).step(7)
    chosen = minibatch(len(problem.X), 16, 3, 7)
    assert run.grads == tm.backward(tm.forward(run.params, problem.X[chosen]), problem.y[chosen])


def test_decay_is_the_gradient_of_its_penalty_and_leaves_biases_alone():
    problem = tm.worked_example()
    params = problem.params
    grads = tm.backward(tm.forward(params, problem.X), problem.y)
    more = decayed(grads, params, l2=0.1, l1=0.01) - grads

    def penalty(p):
        return sum(0.05 * (W**2).sum() + 0.01 * abs(W).sum() for W, _ in p.layers)

    for name, index in params.net.entries:
        value = float(params[name][index])
        if value == 0:
            continue
        up, down = (penalty(params.replace(name, index, value + d)) for d in (1e-6, -1e-6))
        assert more[name][index] == pytest.approx((up - down) / 2e-6, abs=1e-8)
    assert not more.b1.any()
    assert not more.b2.any()


def test_decay_shrinks_the_weights():
    problem = tm.worked_example()
    plain = tm.Run(problem).step(200)
    shrunk = tm.Run(problem, training=tm.Training(l2=0.05)).step(200)
    assert abs(shrunk.params.W1).sum() < 0.5 * abs(plain.params.W1).sum()


def test_frozen_weights_do_not_move():
    free = [("W1", (0, 0)), ("W2", (1, 0))]
    run = tm.Run(tm.worked_example(), training=tm.Training(free=free)).step(30)
    moved = [
        entry
        for entry in run.problem.net.entries
        if run.params[entry[0]][entry[1]] != run.at(0).params[entry[0]][entry[1]]
    ]
    assert moved == free
    assert only(run.grads, free) == run.grads


def test_training_is_plain_unless_it_says_otherwise():
    assert (
        tm.Run(tm.worked_example(), training=tm.Training()).step(9).params == tm.Run(tm.worked_example()).step(9).params
    )
    assert (
        tm.Run(tm.worked_example(), training=tm.Training(batch=99)).step(9).params
        == tm.Run(tm.worked_example()).step(9).params
    )


def test_a_fork_keeps_its_training():
    run = tm.Run(tm.problems.moons(), training=tm.Training(batch=8)).step(5)
    assert run.fork().step(5).params == run.step(5).params


@pytest.mark.parametrize(
    ("call", "beginning"),
    [
        (lambda: tm.Training(batch=0), "batch: expected"),
        (lambda: tm.Training(seed=-1), "seed: expected"),
        (lambda: tm.Training(l2=-0.1), "l2: expected"),
        (lambda: tm.Training(free="all"), "free: expected"),
        (lambda: tm.Run(tm.worked_example(), training=tm.Training(free=[("W7", (0, 0))])), "name: expected"),
        (lambda: tm.Run(tm.worked_example(), training="fast"), "training: expected"),
        (lambda: minibatch(0, 1, 0, 0), "samples: expected"),
    ],
)
def test_the_error_for_bad_settings_says_what_was_expected(call, beginning):
    with pytest.raises(ValueError, match="expected") as caught:
        call()
    assert str(caught.value).startswith(beginning)


@pytest.mark.parametrize("gamma", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.limit], ids=lambda rule: rule.name)
def test_in_a_bowl_a_run_settles_below_the_limit_of_its_rule_and_grows_above(rule, gamma):
    net = tm.MLP((1, 1), output="identity", loss="squared", biases="none")  # L = w^2 / 2 with x = 1, y = 0

    def distance(share):
        w, v = net.params(W1=[[1.0]]), net.zeros()
        for _ in range(2_000):
            w, v = rule(w, v, w, share * rule.limit(gamma), gamma)
            if abs(w.flat[0]) > 1e6:
                break
        return abs(w.flat[0])

    assert distance(0.98) < 1e-3
    assert distance(1.02) > 1e3


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_velocity_is_the_move_by_those_rules_that_say_so(rule):
    run = tm.Run(tm.worked_example(), rule=rule).step(3)
    moved = run.params.flat - run.at(2).params.flat
    assert np.allclose(moved, run.velocity.flat, rtol=1e-9) == rule.velocity_is_move


# Training changed on the way -----------------------------------------------------------------------------------------


def two_gaits():
    """Return a run of moons with held-out samples: five plain steps, then five in mini-batches with some frozen."""
    run = tm.Run(tm.problems.moons(held_out=0.25)).step(5)
    run.training = tm.Training(batch=4, l2=0.01, free=(("W1", (0, 1)), ("b2", (0, 0))))
    return run.step(5)


def test_the_training_may_change_between_steps_and_is_remembered_step_by_step():
    run = two_gaits()
    frozen = ("W1", (0, 0))
    entry = run.problem.net.position(*frozen)
    path = run.past().params.flat[:, entry]
    assert (np.diff(path[:6]) != 0).all()
    assert [t.batch for t in run.past().trainings] == [None] * 5 + [4] * 5
    ends = run.params.flat
    np.testing.assert_array_equal(run.back(9).step(9).params.flat, ends)


@pytest.mark.parametrize("rule", RULES)
def test_a_weight_that_is_frozen_stands_still_at_once_whatever_its_velocity(rule):
    run = tm.Run(tm.problems.moons(), rule=rule).step(5)
    assert abs(run.velocity.flat).min() > 0
    run.training = tm.Training(free=(("b2", (0, 0)),))
    moved = run.step(3).params.flat != run.at(5).params.flat
    assert [entry for entry, has in zip(run.problem.net.entries, moved, strict=True) if has] == [("b2", (0, 0))]


def test_a_change_of_the_training_can_be_undone_and_reset_brings_back_the_first():
    run = two_gaits().back(5)
    run.training = tm.Training(l1=0.1)
    assert run.end == 5
    assert run.undo().end == 10
    run.reset()
    assert run.training == tm.Training()


def test_a_code_brings_back_the_training_of_every_step():
    run = two_gaits()
    again = tm.Run.from_code(run.code())
    assert again.past().trainings == run.past().trainings
    np.testing.assert_array_equal(again.losses, run.losses)


def test_a_fork_and_a_rival_go_on_with_the_training_of_their_start():
    run = two_gaits()
    assert run.fork(t=7).training.batch == 4
    assert run.beside(gamma=0.0).at(0).training == tm.Training()


def test_epochs_count_what_each_training_has_looked_at():
    run = tm.Run(tm.problems.moons(n=8)).step(2)
    run.training = tm.Training(batch=4)
    assert [run.goto(t).epochs for t in (2, 3, 4, 6)] == [2, 2, 3, 4]


def test_a_training_that_does_not_fit_the_network_is_refused():
    run = tm.Run(tm.problems.moons())
    with pytest.raises(ValueError, match="training: expected a Training"):
        run.training = "plain"
    with pytest.raises(ValueError, match="name: expected one of 'W1', 'b1', 'W2', 'b2', got 'W3'"):
        run.training = tm.Training(free=(("W3", (0, 0)),))


def test_a_script_for_pytorch_refuses_a_training_that_changes():
    with pytest.raises(ValueError, match="the same batch, penalties and frozen weights for all steps"):
        two_gaits().as_pytorch()


# The held-out test set -----------------------------------------------------------------------------------------------


def held_loss(run, t):
    problem = run.problem
    return float(tm.loss(tm.forward(run.at(t).params, problem.X_held), problem.y_held))


def test_held_losses_are_those_of_the_held_out_samples_at_each_iteration():
    run = two_gaits()
    expected = [held_loss(run, t) for t in range(11)]
    np.testing.assert_allclose(run.held_losses, expected, rtol=1e-12)
    np.testing.assert_allclose(run.back(4).held_losses, expected[:7], rtol=1e-12)


def test_held_losses_follow_an_edit_in_the_past():
    run = two_gaits()
    assert len(run.held_losses) == 11
    run.goto(3).set("W1", (0, 0), 1.0)
    assert run.held_losses[3] == pytest.approx(held_loss(run, 3), rel=1e-12)
    assert len(run.step(2).held_losses) == 6


def test_without_a_held_out_set_there_are_no_held_losses():
    assert tm.Run(tm.worked_example()).step(3).held_losses.shape == (0,)
