"""The form of `Run.as_pytorch`, without PyTorch: that its losses are the run's is in test_proof.py."""

import ast
from dataclasses import replace

import pytest
import pytorch_cases

import tinymlp as tm

SCRIPT = tm.Run(tm.worked_example()).step(10).as_pytorch()


@pytest.mark.parametrize("run", [pytest.param(run, id=name) for name, run in pytorch_cases.all_runs()])
def test_a_script_is_plain_python_that_needs_torch_and_at_most_numpy(run):
    script = run.as_pytorch()
    imported = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(ast.parse(script))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {"torch"} <= imported <= {"torch", "numpy"}
    assert script.isascii()
    assert not any(line.endswith(" ") for line in script.splitlines())
    assert max(map(len, script.splitlines())) <= 130


def test_the_words_of_pytorch_stand_beside_ours():
    for word in ("logits", "graph", "accumulates", "zero_grad", "batch", "epoch", "shuffle"):
        assert word in SCRIPT, word
    for ours in ("tm.forward(params, X)", "tm.loss(trace, y)", "tm.backward(trace, y)", "momentum_step(params"):
        assert ours in SCRIPT, ours
    lines = SCRIPT.splitlines()
    order = [next(n for n, line in enumerate(lines) if line.strip().startswith(call)) for call in
             ("logits = model(X)", "optimizer.zero_grad()", "loss.backward()", "optimizer.step()")]  # fmt: skip
    assert order == sorted(order)


def test_the_weights_are_turned_for_pytorch():
    assert "model[0].weight.copy_(torch.tensor([[0.4, -0.3], [0.2, 0.2], [-0.5, 0.1]]).T)" in SCRIPT
    assert "(out, in)" in SCRIPT


def test_the_optimizer_is_the_one_that_takes_the_same_path():
    def optimizer(rule, **changes):
        script = tm.Run(replace(tm.worked_example(), **changes), rule=rule).step(3).as_pytorch()
        return next(line for line in script.splitlines() if line.startswith("optimizer = "))

    assert "SGD(model.parameters(), lr=0.8, momentum=0.9)" in optimizer("momentum")
    assert "SGD(model.parameters(), lr=0.8, momentum=0.9)" in optimizer("pytorch")
    assert "lr=0.8 * (1 - 0.9), momentum=0.9" in optimizer("average")
    assert "momentum=0.9, nesterov=True" in optimizer("nesterov")
    assert "nesterov" not in optimizer("nesterov", gamma=0.0)
    assert "Adam(model.parameters(), lr=0.8, betas=(0.9, 0.999), eps=1e-08)" in optimizer("adam")
    assert "RMSprop(model.parameters(), lr=0.8, alpha=0.99, eps=1e-08, momentum=0.9)" in optimizer("rmsprop")


def test_once_eta_has_moved_only_pytorchs_rule_is_left_to_sgd():
    def script(rule):
        run = tm.Run(tm.worked_example(), rule=rule).step(5)
        run.eta = 0.4
        return run.step(5).as_pytorch()

    assert "optimizer.step()" in script("pytorch")
    assert "etas = {0: 0.8, 5: 0.4}" in script("pytorch")
    for rule in ("momentum", "nesterov"):
        assert "optimizer.step()" not in script(rule)
        assert "v[:] = gamma * v - eta * w.grad" in script(rule)
        assert "settings = {0: (0.8, 0.9), 5: (0.4, 0.9)}" in script(rule)


def test_weight_decay_is_kept_from_the_biases():
    script = tm.Run(tm.worked_example(), training=tm.Training(l2=0.1)).step(2).as_pytorch()
    assert 'groups = [{"params": weights, "weight_decay": 0.1}, {"params": biases}]' in script


def test_mean_squared_error_has_its_half():
    problem = tm.problems.problem([[0.0], [1.0]], [0.3, 0.9], sizes=(2,))
    script = tm.Run(problem).step(2).as_pytorch()
    assert "nn.MSELoss() has no 1/2" in script
    assert "/ (2 * len(y))" in script


def own_rule(params, velocity, grads, eta, gamma):
    return params - eta * grads, velocity


def two_rules():
    run = tm.Run(tm.worked_example()).step(3)
    run.rule = "nesterov"
    return run.step(2)


def set_by_hand():
    return tm.Run(tm.worked_example()).step(3).set("W1", (0, 0), 2.0).step(2)


def gamma_changed(rule):
    run = tm.Run(tm.worked_example(), rule=rule).step(3)
    run.gamma = 0.5
    return run.step(2)


def taken_up_again():
    run = tm.Run(replace(tm.worked_example(), eta=0.02), rule="adam").step(3)
    run.rule = "momentum"
    run.rule = "adam"
    return run.step(2)


EXAMPLE = tm.worked_example()


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (tm.Run(EXAMPLE, rule=own_rule).step(2), ["rule", "momentum, pytorch", "own_rule"]),
        (two_rules(), ["rule", "momentum, then nesterov"]),
        (set_by_hand(), ["by hand", "t = 3", "dataclasses.replace"]),
        (gamma_changed("adam"), ["gamma", "adam", "0.9"]),
        (gamma_changed("rmsprop"), ["gamma", "rmsprop", "0.9"]),
        (tm.Run(replace(EXAMPLE, gamma=1.0), rule="adam").step(2), ["gamma", "below 1"]),
        (tm.Run(replace(EXAMPLE, velocity=EXAMPLE.params), rule="adam").step(2), ["velocity", "adam"]),
        (taken_up_again(), ["adam", "taken up again"]),
    ],
)
def test_what_no_script_can_say_is_named(run, words):
    with pytest.raises(ValueError, match="expected") as caught:
        run.as_pytorch()
    for word in words:
        assert word in str(caught.value)


def test_a_script_is_of_the_steps_up_to_now():
    run = set_by_hand().back(2)
    assert run.t == 3
    with pytest.raises(ValueError, match="by hand"):
        run.as_pytorch()
    assert "STEPS = 2" in run.back().as_pytorch()
