"""The exercises of lesson 5: the chain rule."""

import numpy as np

from tinymlp.activations import sigmoid, silu, silu_slope
from tinymlp.teaching.judges import Function
from tinymlp.teaching.task import Task
from tinymlp.teaching.tasks.common import at, divided, wrong_sigmoids

# Solutions, as a learner may write them


def gradient(w, b, x, y):
    p = 1 / (1 + np.exp(-(w * x + b)))
    return (p - y) * x


def chain(u, w, x, y):
    h = 1 / (1 + np.exp(-u * x))
    p = 1 / (1 + np.exp(-w * h))
    return (p - y) * w * h * (1 - h) * x


# What the judges know


def _gradient(z=lambda w, b, x: w * x + b, squeeze=sigmoid, slope=lambda p, y: p - y):
    """Return the gradient of one neuron, with this sum, activation and slope of the loss for the sum."""
    return lambda w, b, x, y: slope(at(z(w, b, x), squeeze), y) * x


def _chain(first=sigmoid, last=sigmoid, slope=lambda p, y: p - y, heard=True, bend=lambda h: h * (1 - h), came_in=True):
    """Return the gradient of two neurons in a row: heard (w), bend and came_in (x) are the factors after p - y."""

    def gradient_of_u(u, w, x, y):
        h = at(u * x, first)
        return slope(at(w * h, last), y) * (w if heard else 1) * bend(h) * (x if came_in else 1)

    return gradient_of_u


def _p(u, w, x):
    return at(w * at(u * x))


ONE_SAMPLE = "there is one sample: nothing is to be divided."
GRADIENT_SLIPS = (
    ("that is the slope for z, and so for b: one factor is missing.", lambda w, b, x, y: at(w * x + b) - y),
    ("the last factor is what w is multiplied by: x, not w.", lambda w, b, x, y: (at(w * x + b) - y) * w),
    (
        "the sigmoid's slope is already in p - y: you have it twice.",
        _gradient(slope=lambda p, y: (p - y) * p * (1 - p)),
    ),
    ("that is how p moves with w: the loss comes after p.", _gradient(slope=lambda p, y: p * (1 - p))),
    ("right where y is 1. Where y is 0 the first factor is p.", _gradient(slope=lambda p, y: p - 1)),
    ("right where y is 0. Where y is 1 the first factor is p - 1.", _gradient(slope=lambda p, y: p)),
    ("y is added: it is p - y.", _gradient(slope=lambda p, y: p + y)),
    ("brackets are missing: all of p - y is a factor.", lambda w, b, x, y: at(w * x + b) - y * x),
    (
        "that is the slope of the loss for p: one factor is missing.",
        _gradient(slope=lambda p, y: (p - y) / (p * (1 - p))),
    ),
    ("that is the loss, not its slope.", lambda w, b, x, y: -np.log(at(w * x + b) if y else 1 - at(w * x + b))),
    ("the bias is missing in p.", _gradient(lambda w, b, x: w * x)),
    ("the bias is taken twice in p.", _gradient(lambda w, b, x: w * x + 2 * b)),
    ("the bias is subtracted in p. In e^-z the minus belongs to all of z.", _gradient(lambda w, b, x: w * x - b)),
    *wrong_sigmoids(lambda squeeze: _gradient(squeeze=squeeze)),
    *divided(gradient, ONE_SAMPLE),
)
CHAIN_SLIPS = (
    ("what the output hears of h is missing: w.", _chain(heard=False)),
    ("the slope of the first sigmoid is missing.", _chain(bend=lambda h: 1)),
    ("what u is multiplied by is missing: x.", _chain(came_in=False)),
    ("that is the slope for w. The path to u is longer.", lambda u, w, x, y: (_p(u, w, x) - y) * at(u * x)),
    ("that is the slope for w h: the path to u goes on from there.", lambda u, w, x, y: _p(u, w, x) - y),
    (
        "p - y already holds the last sigmoid's slope: you have it twice.",
        _chain(slope=lambda p, y: (p - y) * p * (1 - p)),
    ),
    (
        "that is SiLU's slope: here the activation is a sigmoid.",
        lambda u, w, x, y: (_p(u, w, x) - y) * w * silu_slope(u * x, silu(np.array(u * x))) * x,
    ),
    (
        "the first sigmoid's slope is h (1 - h), not p (1 - p).",
        lambda u, w, x, y: (_p(u, w, x) - y) * w * _p(u, w, x) * (1 - _p(u, w, x)) * x,
    ),
    ("half the slope is missing: it is h (1 - h).", _chain(bend=lambda h: h)),
    ("half the slope is missing: it is h (1 - h).", _chain(bend=lambda h: 1 - h)),
    ("the slope is h (1 - h), not h (1 + h).", _chain(bend=lambda h: h * (1 + h))),
    (
        "brackets are missing: all of 1 - h is a factor.",
        lambda u, w, x, y: (_p(u, w, x) - y) * w * at(u * x) - at(u * x) * x,
    ),
    (
        "brackets are missing: all of p - y is a factor.",
        lambda u, w, x, y: _p(u, w, x) - y * w * at(u * x) * (1 - at(u * x)) * x,
    ),
    ("right where y is 1. Where y is 0 the first factor is p.", _chain(slope=lambda p, y: p - 1)),
    ("right where y is 0. Where y is 1 the first factor is p - 1.", _chain(slope=lambda p, y: p)),
    ("y is added: it is p - y.", _chain(slope=lambda p, y: p + y)),
    *wrong_sigmoids(lambda squeeze: _chain(squeeze, squeeze)),
    *((f"for h: {said}", slip) for said, slip in wrong_sigmoids(lambda squeeze: _chain(first=squeeze))),
    *((f"for p: {said}", slip) for said, slip in wrong_sigmoids(lambda squeeze: _chain(last=squeeze))),
    *divided(chain, ONE_SAMPLE),
)


TASKS = (
    Task(
        "05.gradient",
        asked="One neuron, p = sigmoid(w x + b), one sample, cross-entropy. Write a function gradient(w, b, x, y) that "
        "returns the slope of the loss for w.",
        judge=Function(
            gradient,
            lambda rng: (*map(float, rng.normal(scale=2, size=3)), int(rng.integers(2))),
            GRADIENT_SLIPS,
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
        judge=Function(
            chain,
            lambda rng: (*map(float, rng.normal(scale=1.5, size=3)), int(rng.integers(2))),
            CHAIN_SLIPS,
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
