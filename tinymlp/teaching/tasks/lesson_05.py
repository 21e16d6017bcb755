"""The exercises of lesson 5: the chain rule."""

import numpy as np

from tinymlp.activations import sigmoid, sigmoid_slope, silu, silu_slope
from tinymlp.teaching.judges import function
from tinymlp.teaching.task import Task

# Solutions, as a learner may write them


def gradient(w, b, x, y):
    p = 1 / (1 + np.exp(-(w * x + b)))
    return (p - y) * x


def chain(v, w, x, y):
    h = 1 / (1 + np.exp(-v * x))
    p = 1 / (1 + np.exp(-w * h))
    return (p - y) * w * h * (1 - h) * x


# What the judges know


def _at(z):
    return float(sigmoid(np.array(z)))


def _off(v, w, x, y):
    """The slope of the loss for the last sum of two neurons in a row: p - y."""
    return _at(w * _at(v * x)) - y


def _two_in_a_row(v, w, x, y):
    return _off(v, w, x, y) * w * float(sigmoid_slope(0, _at(v * x))) * x


TASKS = (
    Task(
        "05.gradient",
        asked="One neuron, p = sigmoid(w x + b), one sample, cross-entropy. Write a function gradient(w, b, x, y) that "
        "returns the slope of the loss for w.",
        judge=function(
            gradient,
            lambda rng: (*map(float, rng.normal(scale=2, size=3)), int(rng.integers(2))),
            (
                (
                    "that is the slope for z, and so for b: one factor is missing.",
                    lambda w, b, x, y: _at(w * x + b) - y,
                ),
                (
                    "the last factor is what w is multiplied by: x, not w.",
                    lambda w, b, x, y: (_at(w * x + b) - y) * w,
                ),
                (
                    "the sigmoid's slope is already in p - y: you have it twice.",
                    lambda w, b, x, y: (_at(w * x + b) - y) * x * float(sigmoid_slope(0, _at(w * x + b))),
                ),
                (
                    "right where y is 1. Where y is 0 the first factor is p.",
                    lambda w, b, x, y: (_at(w * x + b) - 1) * x,
                ),
            ),
            "w, b, x and y",
        ),
        hints=(
            "Two factors: from the loss to z, and from z to w.",
            "From the loss to z it is p - y.",
            "z = w x + b: how far does it move with w?",
        ),
        solution=gradient,
    ),
    Task(
        "05.chain",
        asked="Two neurons in a row, without biases: h = sigmoid(v x), then p = sigmoid(w h), cross-entropy. Write a "
        "function chain(v, w, x, y) that returns the slope of the loss for v, the weight of the first one.",
        judge=function(
            chain,
            lambda rng: (*map(float, rng.normal(scale=1.5, size=3)), int(rng.integers(2))),
            (
                ("what the output hears of h is missing: w.", lambda v, w, x, y: _two_in_a_row(v, w, x, y) / w),
                (
                    "the slope of the first sigmoid is missing.",
                    lambda v, w, x, y: _two_in_a_row(v, w, x, y) / sigmoid_slope(0, _at(v * x)),
                ),
                ("what v is multiplied by is missing: x.", lambda v, w, x, y: _two_in_a_row(v, w, x, y) / x),
                ("that is the slope for w. The path to v is longer.", lambda v, w, x, y: _off(v, w, x, y) * _at(v * x)),
                (
                    "p - y already holds the last sigmoid's slope: you have it twice.",
                    lambda v, w, x, y: _two_in_a_row(v, w, x, y) * sigmoid_slope(0, _at(w * _at(v * x))),
                ),
                (
                    "that is SiLU's slope: here the activation is a sigmoid.",
                    lambda v, w, x, y: _off(v, w, x, y) * w * silu_slope(v * x, silu(np.array(v * x))) * x,
                ),
                (
                    "the first sigmoid's slope is h (1 - h), not p (1 - p).",
                    lambda v, w, x, y: _off(v, w, x, y) * w * sigmoid_slope(0, _at(w * _at(v * x))) * x,
                ),
                (
                    "right where y is 1. Where y is 0 the first factor is p.",
                    lambda v, w, x, y: _two_in_a_row(v, w, x, 1),
                ),
            ),
            "v, w, x and y",
        ),
        hints=(
            "The gear train: v to v x to h to w h to the loss. One factor for each step.",
            "From the loss to w h it is p - y, as in this lesson.",
            "A sigmoid's slope is s (1 - s). For the first one, s is h.",
        ),
        solution=chain,
    ),
)
