"""The exercises of lesson 1: one neuron."""

import numpy as np

from tinymlp.activations import sigmoid
from tinymlp.checks import describe
from tinymlp.teaching.judges import function
from tinymlp.teaching.task import Task

# Solutions, as a learner may write them


def neuron(w, b, x):
    z = w * x + b
    return 1 / (1 + np.exp(-z))


# What the judges know


def _judge_threshold(answer):
    try:
        w, b = (float(value) for value in answer)
    except (TypeError, ValueError):
        return f"expected two numbers, w and b, got {describe(answer)}."
    if not w > 0:
        return "the output should rise with x, so the weight must be positive."
    if abs(w * 3 + b) > 0.01 * max(1.0, w):
        side = "left" if w * 3 + b > 0 else "right"
        return (
            f"at x = 3 the output is not 0.5: it crosses 0.5 at x = {-b / w:.4g}, further {side}. What must z be there?"
        )
    steep = float(sigmoid(np.array(w * 4 + b)))
    return (
        "" if steep > 0.9 else f"the crossing is right, but at x = 4 it is {steep:.3g}, not above 0.9: make it steeper."
    )


TASKS = (
    Task(
        "01.neuron",
        asked="Write a function neuron(w, b, x) that returns sigmoid(w x + b).",
        judge=function(
            neuron,
            lambda rng: tuple(map(float, rng.normal(scale=2, size=3))),
            (
                ("the bias is missing.", lambda w, b, x: sigmoid(np.array(w * x))),
                ("that is z: the sigmoid is missing.", lambda w, b, x: w * x + b),
                ("e^z and e^-z are mixed up: check its sign.", lambda w, b, x: sigmoid(np.array(-w * x - b))),
                ("w is added, not multiplied.", lambda w, b, x: sigmoid(np.array(w + x + b))),
            ),
            "w, b and x",
        ),
        hints=("First z, then the sigmoid of z.", "z = w x + b.", "The sigmoid is 1 / (1 + e^-z)."),
        solution=neuron,
    ),
    Task(
        "01.threshold",
        asked="Find (w, b) such that the sigmoid is 0.5 at x = 3, and above 0.9 at x = 4.",
        judge=_judge_threshold,
        hints=(
            "Where is the sigmoid 0.5?",
            "Where z is 0: w times 3 plus b.",
            "Choose w first, then b = -3 w. How large must w be?",
        ),
        solution="threshold = (3.0, -9.0)",
    ),
)
