"""The exercises of lesson 2: the forward pass."""

import numpy as np

from tinymlp.activations import sigmoid, silu
from tinymlp.problems import worked_example
from tinymlp.run import Run
from tinymlp.teaching.judges import Function, Number
from tinymlp.teaching.task import Task
from tinymlp.teaching.tasks.common import divided, wrong_sigmoids

# Solutions, as a learner may write them


def forward(x, W1, b1, W2, b2):
    z1 = x @ W1 + b1
    h1 = z1 / (1 + np.exp(-z1))
    z2 = h1 @ W2 + b2
    return 1 / (1 + np.exp(-z2))


# What the judges know


def _forward(first=1, last=1, bend=silu, squeeze=sigmoid):
    """Return the forward pass with b1 and b2 taken so many times, and these activations."""
    return lambda x, W1, b1, W2, b2: squeeze(np.asarray(bend(x @ W1 + first * b1) @ W2 + last * b2))


FORWARD_SLIPS = (
    ("the hidden units have no activation: SiLU is missing.", _forward(bend=lambda z: z)),
    ("the hidden units should use SiLU, not a sigmoid.", _forward(bend=sigmoid)),
    ("the output should use a sigmoid, not SiLU.", _forward(squeeze=silu)),
    ("the output should use a sigmoid, not SiLU, and the hidden units the reverse.", _forward(1, 1, sigmoid, silu)),
    ("that is the output's z: the last sigmoid is missing.", _forward(squeeze=lambda z: z)),
    ("both biases, b1 and b2, are missing.", _forward(0, 0)),
    ("the output's bias b2 is missing.", _forward(last=0)),
    ("the hidden units' biases b1 are missing.", _forward(first=0)),
    ("the output's bias b2 is taken twice: add it once, after the sum.", _forward(last=2)),
    ("the hidden units' biases b1 are taken twice.", _forward(first=2)),
    ("the hidden units' biases b1 are added once each, not for every input.", _forward(first=3)),
    ("the output's bias b2 is subtracted. In e^-z the minus belongs to all of z.", _forward(last=-1)),
    ("the hidden units' biases b1 are subtracted.", _forward(first=-1)),
    ("b2 is added to the sum z, not to its sigmoid.", lambda *a: _forward(last=0)(*a) + a[-1]),
    *wrong_sigmoids(lambda squeeze: _forward(squeeze=squeeze)),
    *(
        (f"in SiLU: {said}", slip)
        for said, slip in wrong_sigmoids(lambda squeeze: _forward(bend=lambda z: z * squeeze(z)))
    ),
    ("brackets are missing in SiLU: all of 1 + e^-z is below the line.", _forward(bend=lambda z: z / 1 + np.exp(-z))),
    *wrong_sigmoids(lambda squeeze: _forward(bend=lambda z: z * squeeze(z), squeeze=squeeze)),
    *divided(forward, "there is one sample: nothing is to be divided."),
)


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
        judge=Function(
            forward,
            _draw_forward,
            FORWARD_SLIPS,
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
        judge=Number(
            _half,
            0.03,
            lambda: (
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
