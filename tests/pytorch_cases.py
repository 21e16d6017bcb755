"""Runs of every kind that `Run.as_pytorch` writes down: for the proof with PyTorch, and for the form of the text."""

from dataclasses import replace

import numpy as np

import tinymlp as tm
from tinymlp.activations import ACTIVATIONS
from tinymlp.losses import LOSSES
from tinymlp.momentum import RULES
from tinymlp.params import BIASES
from tinymlp.recipes import Recipe

OVERLAP = tm.problems.overlap()
WEIGHTS = (("W1", (0, 0)), ("W1", (1, 1)), ("b1", (0, 1)), ("W2", (1, 0)))


def rule_runs():
    """Yield (name, run) with each rule, its settings left alone."""
    for rule in RULES:
        run = tm.Run(OVERLAP, rule=rule)
        run.eta = 0.02 if RULES[rule].remember else 0.3
        yield rule, run.step(60)
        plain = tm.Run(replace(OVERLAP, gamma=0.0, eta=0.02), rule=rule)
        yield f"{rule}, gamma 0", plain.step(20)


def changed_runs():
    """Yield (name, run) whose settings change on the way, by hand or by a schedule."""
    for rule in RULES:
        run = tm.Run(replace(OVERLAP, eta=0.1), rule=rule).step(20)
        run.eta = 0.01
        yield f"{rule}, eta changed", run.step(20)
    for rule in ("momentum", "pytorch", "average", "nesterov"):
        run = tm.Run(replace(OVERLAP, eta=0.1, gamma=0.0), rule=rule).step(5)
        run.gamma = 0.9
        yield f"{rule}, gamma changed", run.step(10)
    for kind in (("step", 10, 0.5), ("inverse", 10)):
        for rule in ("momentum", "pytorch"):
            yield f"{rule}, {kind[0]}", tm.Run(OVERLAP, rule=rule, schedule=tm.schedule(*kind)).step(40)
    yield "a first velocity", tm.Run(replace(OVERLAP, velocity=-1 * OVERLAP.params)).step(10)


def training_runs():
    """Yield (name, run) with each option of training."""
    for rule in ("momentum", "adam"):
        for training in (
            tm.Training(batch=5, seed=3),
            tm.Training(batch=5, shuffle=False),
            tm.Training(batch=50),
            tm.Training(l2=0.05),
            tm.Training(l1=0.02),
            tm.Training(l2=0.05, l1=0.02, free=WEIGHTS),
            tm.Training(free=WEIGHTS, batch=4),
        ):
            yield f"{rule}, {training}", tm.Run(replace(OVERLAP, eta=0.05), rule=rule, training=training).step(25)
    run = tm.Run(replace(OVERLAP, eta=0.05), training=tm.Training(l2=0.05, batch=4)).step(3)
    run.eta = 0.02
    yield "by hand, with a penalty", run.step(10)


def network_runs():
    """Yield (name, run) of each output and loss, with every activation and kind of bias among them."""
    rng = np.random.default_rng(12)
    bends = list(ACTIVATIONS)
    for n, (output, loss) in enumerate(LOSSES):
        for biases in BIASES:
            outputs = 1 if n % 2 and output != "softmax" else 3
            hidden = (bends[n % len(bends)], bends[(n + 1) % len(bends)])
            net = tm.MLP((2, 4, 3, outputs), hidden=hidden, output=output, loss=loss, biases=biases)
            X, y = rng.normal(size=(7, 2)), rng.integers(2, size=(7, outputs)).astype(float)
            if output == "softmax":
                y = np.eye(outputs)[rng.integers(outputs, size=7)]
            problem = tm.Problem(net, X, y, net.init(rng), 0.05, 0.9, "own")
            yield f"{net}", tm.Run(problem, training=tm.Training(l2=0.01)).step(25)
    yield "no step yet", tm.Run(tm.worked_example())
    yield "one neuron", tm.Run(tm.problems.one_neuron()).step(30)


def playground_runs():
    """Yield (name, run) with inputs made from points and held-out samples, as a playground has them."""
    recipes = {
        "inputs": Recipe(n=20, inputs=("x1", "x2", "x1 x2", "sin pi x1")),
        "one input": Recipe(n=20, inputs=("x2^2",), sizes=(), loss="squared", held_out=0.2),
        "three classes": Recipe("three blobs", n=20, hidden="leaky_relu", sizes=(3, 3, 3)),
        "numbers": Recipe("hills", n=20, hidden="relu", inputs=("x1", "sin pi x2")),
        "own data": Recipe("own", own=((0, 0, "A"), (1, 1, "B"), (-1, 0.5, "C")), held_out=0.0),
    }
    for name, recipe in recipes.items():
        yield f"playground, {name}", tm.Run(recipe.problem(eta=0.05), training=tm.Training(l1=0.01)).step(20)


def all_runs():
    """Return every (name, run)."""
    return [*rule_runs(), *changed_runs(), *training_runs(), *network_runs(), *playground_runs()]
