"""The exercises of lesson 1: one neuron."""

import numpy as np

from tinymlp.activations import sigmoid, silu
from tinymlp.checks import describe
from tinymlp.teaching.judges import Function, is_decimal_comma
from tinymlp.teaching.task import Task
from tinymlp.teaching.tasks.common import at, divided, wrong_sigmoids

# Solutions, as a learner may write them


def neuron(w, b, x):
    z = w * x + b
    return 1 / (1 + np.exp(-z))


# What the judges know


def _neuron(z, squeeze=sigmoid):
    """Return the function of w, b and x that squeezes z(w, b, x)."""
    return lambda w, b, x: at(z(w, b, x), squeeze)


def _judge_threshold(answer):
    if is_decimal_comma(answer, numbers=2):
        return (
            f"Python reads a decimal comma as the end of a number: write ({answer[0]}.{answer[1]}, ...), with points."
        )
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
        judge=Function(
            neuron,
            lambda rng: tuple(map(float, rng.normal(scale=2, size=3))),
            (
                ("the bias is missing.", _neuron(lambda w, b, x: w * x)),
                ("the bias is taken twice.", _neuron(lambda w, b, x: w * x + 2 * b)),
                ("the bias is added to the sum z, not to its sigmoid.", lambda w, b, x: at(w * x) + b),
                ("the bias is subtracted. In e^-z the minus belongs to all of z.", _neuron(lambda w, b, x: w * x - b)),
                ("brackets where none belong: w multiplies x alone.", _neuron(lambda w, b, x: w * (x + b))),
                ("w is added, not multiplied.", _neuron(lambda w, b, x: w + x + b)),
                ("that is z: the sigmoid is missing.", lambda w, b, x: w * x + b),
                ("that is SiLU: the sigmoid has a 1 above the line, not z.", _neuron(lambda w, b, x: w * x + b, silu)),
                *wrong_sigmoids(lambda squeeze: _neuron(lambda w, b, x: w * x + b, squeeze)),
                *divided(neuron, "there is one sample: nothing is to be divided."),
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
