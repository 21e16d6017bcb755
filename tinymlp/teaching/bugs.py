"""A dozen broken functions, each a backward pass or a step with one bug, as learners and professionals write them.

A bug is what it changes in a right function's source. Those of two layers take any network of one hidden layer with
SiLU units, whose output's delta is p - y.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tinymlp import problems
from tinymlp.activations import silu_slope
from tinymlp.params import MLP

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tinymlp.problems import Problem

# The right functions --------------------------------------------------------------------------------------------------


def two_layers(trace, y):
    X, h1, p = trace.h
    z1, params = trace.z[0], trace.params
    dz2 = (p - y) / len(y)
    dW2 = h1.T @ dz2
    db2 = dz2.sum(axis=0, keepdims=True)
    dh1 = dz2 @ params.W2.T
    dz1 = dh1 * silu_slope(z1, h1)
    dW1 = X.T @ dz1
    db1 = dz1.sum(axis=0, keepdims=True)
    return params.net.params(W1=dW1, b1=db1, W2=dW2, b2=db2)


def three_layers(trace, y):
    X, h1, h2, p = trace.h
    z1, z2, params = trace.z[0], trace.z[1], trace.params
    dz3 = (p - y) / len(y)
    dW3 = h2.T @ dz3
    db3 = dz3.sum(axis=0, keepdims=True)
    dh2 = dz3 @ params.W3.T
    dz2 = dh2 * silu_slope(z2, h2)
    dW2 = h1.T @ dz2
    db2 = dz2.sum(axis=0, keepdims=True)
    dh1 = dz2 @ params.W2.T
    dz1 = dh1 * silu_slope(z1, h1)
    dW1 = X.T @ dz1
    db1 = dz1.sum(axis=0, keepdims=True)
    return params.net.params(W1=dW1, b1=db1, W2=dW2, b2=db2, W3=dW3, b3=db3)


def step(params, velocity, grads, eta, gamma):
    velocity = gamma * velocity - eta * grads
    params = params + velocity
    return params, velocity


# What is said of them -------------------------------------------------------------------------------------------------

# Each fault in a few words, and how it would show.
FAULTS = {
    "sign": (
        "a sign is flipped",
        "Each gradient would be minus the measured one, and the loss would rise from the first step on.",
    ),
    "mean": ("the samples are added up, not averaged", "Each gradient would be N times the measured one."),
    "slope": (
        "the slope of another activation is used",
        "The last layer would agree. Before it no two gradients need be off by the same factor.",
    ),
    "transposed": (
        "a weight matrix is not transposed",
        "Its shape would have to be square. The last layer would agree, and the one before it would not.",
    ),
    "stale": (
        "numbers of an earlier forward pass are used",
        "The check would agree at t = 0, the first time, and no longer once the weights have moved.",
    ),
    "overwritten": (
        "an array is overwritten while it is still needed",
        "What uses it before would agree, and what uses it afterwards would not.",
    ),
    "broadcast": (
        "targets (N,) are subtracted from predictions (N, 1)",
        "Each p would be compared with all targets. The output's bias would agree, and all p end at the targets' mean.",
    ),
    "early": (
        "a weight is updated while it is still needed",
        "The last layer would agree. All gradients of one hidden unit would be off by one and the same factor.",
    ),
    "skipped": (
        "a layer's slopes are skipped on the way back",
        "The layers behind it would agree, and those before it would not.",
    ),
    "bias": ("the gradient of a bias is missing", "Its rows would be 0, and all others would agree."),
    "forgotten": (
        "the velocity is not kept",
        "All gradients would agree. The first step would be right, and each one after it that of plain descent.",
    ),
    "eta twice": (
        "eta is applied twice",
        "All gradients would agree, and so would the velocity; the very first step would be too short.",
    ),
    "old velocity": (
        "the weights move by the velocity of the step before",
        "All gradients would agree, but the first step would move nothing.",
    ),
}


@dataclass(frozen=True)
class Bug:
    """One broken function. right: the function without the bug; changes: what is changed in its source, pairs of text.

    fault: what is wrong, a key of FAULTS; others: the faults that it might be mistaken for. where: the first wrong
    array, by its name on the stages; "v" and "w" are the velocity and the weights of the step. why: a line for who has
    found it.
    """

    name: str
    right: Callable
    changes: tuple[tuple[str, str], ...]
    fault: str
    others: tuple[str, ...]
    where: str
    why: str
    make: Callable = problems.worked_example

    @property
    def is_step(self) -> bool:
        """Whether it is a broken step, and not a broken backward pass."""
        return self.right is step

    @property
    def function(self) -> Callable:
        """The broken function, as it is before its first call: one that keeps something keeps nothing yet."""
        space: dict[str, Any] = {}
        exec(self.source, space)
        return space[self.shown_name]

    @property
    def shown_name(self) -> str:
        """The name of the package's function that it stands in for."""
        return "momentum_step" if self.is_step else "backward"

    @property
    def source(self) -> str:
        """The source of the broken function, to be repaired, with the imports that it needs."""
        return _with_imports(self._written(self.changes))

    @property
    def solution(self) -> str:
        """The source of the right function."""
        return _with_imports(self._written(()))

    def _written(self, changes):
        """Return the source of the right function with these changes, each of which fits in one place."""
        text = re.sub(r"def \w+\(", f"def {self.shown_name}(", inspect.getsource(self.right), count=1).rstrip()
        for right, broken in changes:
            if text.count(right) != 1:
                raise ValueError(f"changes: expected {right!r} once in the source, got it {text.count(right)} times")
            text = text.replace(right, broken)
        return text

    @property
    def problem(self) -> Problem:
        """The Problem on which the bug is shown."""
        return self.make()

    @property
    def choices(self) -> dict[str, str]:
        """Each fault that is offered, with what it would show, in the order of FAULTS; of its own, why."""
        return {
            said: self.why if fault == self.fault else shows
            for fault, (said, shows) in FAULTS.items()
            if fault in (self.fault, *self.others)
        }

    @property
    def truth(self) -> str:
        """The choice that is right."""
        return FAULTS[self.fault][0]


def _with_imports(text):
    """Return the source of a function below the imports that it needs."""
    names = set(re.findall(r"\w+", text))
    bends = ", ".join(name for name in ("sigmoid", "sigmoid_slope", "silu_slope") if name in names)
    imports = ["import numpy as np"] if "np" in names else []
    imports += [f"from tinymlp.activations import {bends}"] if bends else []
    return "\n".join([*imports, "", "", text] if imports else [text])


def square_network() -> Problem:
    """Return twelve overlapping samples for a 2-2-2 network with softmax: its W2 is as wide as it is high."""
    data = problems.overlap()
    net = MLP(sizes=(2, 2, 2), hidden="silu", output="softmax", loss="cross_entropy")
    y = np.hstack([data.y, 1 - data.y])
    return replace(data, net=net, y=y, params=net.init(np.random.default_rng(4)), name="square network")


def deeper_network() -> Problem:
    """Return twelve overlapping samples for a 2-2-1-1 network: small enough for all gradients to be seen at once."""
    data = problems.overlap()
    net = MLP(sizes=(2, 2, 1, 1), hidden="silu", output="sigmoid", loss="cross_entropy")
    return replace(data, net=net, params=net.init(np.random.default_rng(4)), name="deeper network")


# The changes of more than one line.
BROADCASTING = (("dz2 = (p - y)", "errors = p - y[:, 0]\n    dz2 = errors.mean(axis=1, keepdims=True)"),)
OVERWRITING = (
    ("    dW2 = h1.T @ dz2\n", ""),
    ("dz1 = dh1 * silu_slope(z1, h1)", "dz1 = dh1 * slopes\n    dW2 = h1.T @ dz2"),
    ("    dz1 =", "    slopes = h1\n    slopes *= 1 - sigmoid(z1)\n    slopes += sigmoid(z1)\n    dz1 ="),
)
KEEPING = (
    ("(trace, y)", "(trace, y, kept={})"),
    ("silu_slope(z1, h1)", 'kept["slopes"]'),
    ("    dz2 =", '    if "slopes" not in kept:\n        kept["slopes"] = silu_slope(z1, h1)\n    dz2 ='),
)
BUGS = {
    bug.name: bug
    for bug in (
        Bug("12.bug1", two_layers, (("(p - y)", "(y - p)"),),
            "sign", ("mean", "broadcast", "eta twice"), "dz²",
            "Each gradient is minus the measured one: the steps go uphill. It is p - y."),
        Bug("12.bug2", two_layers, (("(p - y) / len(y)", "p - y"),),
            "mean", ("sign", "broadcast", "eta twice"), "dz²",
            "Each gradient is three times the measured one, and there are three samples: the mean is missing."),
        Bug("12.bug3", two_layers, (("silu_slope", "sigmoid_slope"),),
            "slope", ("early", "stale", "bias"), "dz¹",
            "h (1 - h) is the slope of a sigmoid, and these are SiLU units. The last layer does not feel it."),
        Bug("12.bug4", step, (("velocity = gamma", "move = gamma"), ("params + velocity", "params + move"),),
            "forgotten", ("eta twice", "old velocity", "stale"), "v",
            "The gradients agree. It moves as it should, but returns the velocity it was given: 0, for ever."),
        Bug("12.bug5", two_layers, (("db1 = dz1.sum(axis=0, keepdims=True)", "db1 = np.zeros((1, h1.shape[1]))"),),
            "bias", ("overwritten", "slope", "mean"), "db¹",
            "The rows of b¹ are 0, and all the others agree: their deltas were never added up."),
        Bug("12.bug6", two_layers, (("params.W2.T", "params.W2"),),
            "transposed", ("slope", "sign", "overwritten"), "dh¹",
            "W² is square, so dz² W² fits as well: each delta goes back along another unit's weights.",
            square_network),
        Bug("12.bug7", two_layers, BROADCASTING,
            "broadcast", ("mean", "sign", "stale"), "dz²",
            "(N, 1) minus (N,) is (N, N): each p against each target. Its mean has the right shape only."),
        Bug("12.bug8", step, (("params + velocity", "params + eta * velocity"),),
            "eta twice", ("forgotten", "mean", "old velocity"), "w",
            "The gradients agree, and the velocity holds eta already. The weights move by eta times that."),
        Bug("12.bug9", three_layers, (("dz2 @ params.W2.T", "dh2 @ params.W2.T"),),
            "skipped", ("stale", "bias", "overwritten"), "dh¹",
            "The way back to layer 1 leads through the slopes at z². dh² has not passed them yet, dz² has.",
            deeper_network),
        Bug("12.bug10", two_layers, (("dh1 = dz2 @ params.W2.T", "W2 = params.W2 - 0.8 * dW2\n    dh1 = dz2 @ W2.T"),),
            "early", ("slope", "stale", "transposed"), "dh¹",
            "The delta goes back through W² as it will be after the step. All of one unit is off by one factor."),
        Bug("12.bug11", two_layers, OVERWRITING,
            "overwritten", ("bias", "stale", "early"), "dW²",
            "`slopes = h1` makes no copy: h¹ itself becomes the slopes, and dW² is computed from it afterwards."),
        Bug("12.bug12", two_layers, KEEPING,
            "stale", ("slope", "early", "forgotten"), "dz¹",
            "The slopes of the first call are kept for ever: at t = 0 all is right, and then the weights move on."),
    )
}  # fmt: skip
