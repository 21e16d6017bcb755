"""The exercises of lesson 2: the forward pass."""

import numpy as np

from tinymlp.activations import sigmoid, silu
from tinymlp.problems import worked_example
from tinymlp.run import Run
from tinymlp.teaching.judges import function, number_is
from tinymlp.teaching.task import Task

# Solutions, as a learner may write them


def forward(x, W1, b1, W2, b2):
    z1 = x @ W1 + b1
    h1 = z1 / (1 + np.exp(-z1))
    z2 = h1 @ W2 + b2
    return 1 / (1 + np.exp(-z2))


# What the judges know


def _forward(x, W1, b1, W2, b2, bend=silu, squeeze=sigmoid):
    return squeeze(bend(x @ W1 + b1) @ W2 + b2)


def _draw_forward(rng):
    return rng.normal(size=3), rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal(size=2), float(rng.normal())


def _half():
    """The weight from hidden unit 1 with which sample 1 of the worked example gets p = 0.5."""
    run = Run(worked_example())
    h, W2, b2 = run.trace.h[1][0], run.params.W2[:, 0], run.params.b2[0, 0]
    return float(-(h[1] * W2[1] + b2) / h[0])


TASKS = (
    Task(
        "02.forward",
        asked="Write a function forward(x, W1, b1, W2, b2) that returns p for one sample x of three numbers. "
        "W1 is (3, 2), b1 (2,), W2 (2,) and b2 a number; SiLU in the hidden units, a sigmoid at the end.",
        judge=function(
            forward,
            _draw_forward,
            (
                ("the hidden units have no activation: SiLU is missing.", lambda *a: _forward(*a, bend=lambda z: z)),
                ("the hidden units should use SiLU, not a sigmoid.", lambda *a: _forward(*a, bend=sigmoid)),
                ("that is the output's z: the last sigmoid is missing.", lambda *a: _forward(*a, squeeze=lambda z: z)),
                ("the output's bias b2 is missing.", lambda x, W1, b1, W2, b2: _forward(x, W1, b1, W2, 0.0)),
                ("the hidden units' biases b1 are missing.", lambda x, W1, b1, W2, b2: _forward(x, W1, 0 * b1, W2, b2)),
            ),
            "x, W1, b1, W2 and b2",
        ),
        hints=(
            "First z of both hidden units: x @ W1 + b1.",
            "Then h = SiLU(z), and the same again with h, W2 and b2.",
            "At the end, a sigmoid in place of SiLU.",
        ),
        solution=forward,
    ),
    Task(
        "02.half",
        asked="Which weight from hidden unit 1 to the output makes p = 0.5 for sample 1? The others keep their "
        "first values. "
        "One decimal is enough.",
        judge=number_is(
            _half,
            0.03,
            lambda: (
                ("the size is right: check its sign.", -_half()),
                ("the bias of the output is missing.", _half() + 0.1 / float(Run(worked_example()).trace.h[1][0, 0])),
                (
                    "the bias alone is not enough: hidden unit 2 adds to z as well.",
                    -0.1 / float(Run(worked_example()).trace.h[1][0, 0]),
                ),
            ),
        ),
        hints=(
            "The sigmoid is 0.5 where its z is 0.",
            "So w · 0.0806 - 0.1 · (-0.2229) + 0.1 must be 0.",
            "Solve for w, then try it in the panel.",
        ),
        solution="half = -(0.1 + 0.1 * 0.2229) / 0.0806",
    ),
)
