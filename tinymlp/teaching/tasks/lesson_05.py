"""The exercises of lesson 5: the chain rule."""

import numpy as np

from tinymlp.activations import sigmoid, sigmoid_slope, silu, silu_slope
from tinymlp.teaching.judges import function
from tinymlp.teaching.task import Task

# Solutions, as a learner may write them


def gradient(w, b, x, y):
    p = 1 / (1 + np.exp(-(w * x + b)))
    return (p - y) * x


def chain(u, w, x, y):
    h = 1 / (1 + np.exp(-u * x))
    p = 1 / (1 + np.exp(-w * h))
    return (p - y) * w * h * (1 - h) * x


# What the judges know


def _at(z):
    return float(sigmoid(np.array(z)))


def _off(u, w, x, y):
    """The slope of the loss for the last sum of two neurons in a row: p - y."""
    return _at(w * _at(u * x)) - y


def _two_in_a_row(u, w, x, y):
    return _off(u, w, x, y) * w * float(sigmoid_slope(0, _at(u * x))) * x


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
        asked="Two neurons in a row, without biases: h = sigmoid(u x), then p = sigmoid(w h), cross-entropy. Write a "
        "function chain(u, w, x, y) that returns the slope of the loss for u, the weight of the first one.",
        judge=function(
            chain,
            lambda rng: (*map(float, rng.normal(scale=1.5, size=3)), int(rng.integers(2))),
            (
                ("what the output hears of h is missing: w.", lambda u, w, x, y: _two_in_a_row(u, w, x, y) / w),
                (
                    "the slope of the first sigmoid is missing.",
                    lambda u, w, x, y: _two_in_a_row(u, w, x, y) / sigmoid_slope(0, _at(u * x)),
                ),
                ("what u is multiplied by is missing: x.", lambda u, w, x, y: _two_in_a_row(u, w, x, y) / x),
                ("that is the slope for w. The path to u is longer.", lambda u, w, x, y: _off(u, w, x, y) * _at(u * x)),
                (
                    "p - y already holds the last sigmoid's slope: you have it twice.",
                    lambda u, w, x, y: _two_in_a_row(u, w, x, y) * sigmoid_slope(0, _at(w * _at(u * x))),
                ),
                (
                    "that is SiLU's slope: here the activation is a sigmoid.",
                    lambda u, w, x, y: _off(u, w, x, y) * w * silu_slope(u * x, silu(np.array(u * x))) * x,
                ),
                (
                    "the first sigmoid's slope is h (1 - h), not p (1 - p).",
                    lambda u, w, x, y: _off(u, w, x, y) * w * sigmoid_slope(0, _at(w * _at(u * x))) * x,
                ),
                (
                    "right where y is 1. Where y is 0 the first factor is p.",
                    lambda u, w, x, y: _two_in_a_row(u, w, x, 1),
                ),
            ),
            "u, w, x and y",
        ),
        hints=(
            "The gear train: u to u x to h to w h to the loss. One factor for each step.",
            "From the loss to w h it is p - y, as in this lesson.",
            "A sigmoid's slope is s (1 - s). For the first one, s is h.",
        ),
        solution=chain,
    ),
)
