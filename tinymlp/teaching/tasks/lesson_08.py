"""The exercises of lesson 8: momentum by hand."""

import numpy as np

from tinymlp.activations import sigmoid
from tinymlp.teaching.judges import Function, Number
from tinymlp.teaching.task import Task
from tinymlp.teaching.tasks.common import wrong_sigmoids

# Solutions, as a learner may write them


def step(before, w, g, eta, gamma):
    v = w - before
    v = gamma * v - eta * g
    return w + v


def delta(z, y):
    p = 1 / (1 + np.exp(-z))
    return (p - y) / len(y)


# What the judges know


def _draw_step(rng):
    before, w, g = rng.normal(size=(3, 4))
    return before, w, g, rng.uniform(0.1, 2), rng.uniform(0.1, 1)


STEP_SLIPS = (
    ("that is plain descent: what momentum carries on is missing.", lambda b, w, g, eta, gamma: w - eta * g),
    ("gamma is missing.", lambda b, w, g, eta, gamma: w + (w - b) - eta * g),
    ("eta is missing.", lambda b, w, g, eta, gamma: w + gamma * (w - b) - g),
    (
        "the step should go against the gradient: check its sign.",
        lambda b, w, g, eta, gamma: w + gamma * (w - b) + eta * g,
    ),
    (
        "the velocity is turned round: it leads from `before` to w.",
        lambda b, w, g, eta, gamma: w + gamma * (b - w) - eta * g,
    ),
    ("the velocity is added, not subtracted.", lambda b, w, g, eta, gamma: w - gamma * (w - b) + eta * g),
    ("that is the new velocity. Where does it take w?", lambda b, w, g, eta, gamma: gamma * (w - b) - eta * g),
    ("the step begins at w, not at `before`.", lambda b, w, g, eta, gamma: b + gamma * (w - b) - eta * g),
    (
        "brackets are missing: gamma multiplies all of w - before.",
        lambda b, w, g, eta, gamma: w + gamma * w - b - eta * g,
    ),
    (
        "brackets where none belong: gamma keeps a share of the velocity, not of the new push.",
        lambda b, w, g, eta, gamma: w + gamma * (w - b - eta * g),
    ),
    (
        "w is where the weight stands, not its velocity. How far did it move in the last step?",
        lambda b, w, g, eta, gamma: w + gamma * w - eta * g,
    ),
    (
        "`before` is where the weight stood, not its velocity. How far did it move in the last step?",
        lambda b, w, g, eta, gamma: w + gamma * b - eta * g,
    ),
    ("w moves by the new velocity, not by the old one.", lambda b, w, g, eta, gamma: w + (w - b)),
    ("that leaves out the new push: -eta g.", lambda b, w, g, eta, gamma: w + gamma * (w - b)),
)


def _draw_delta(rng):
    n = int(rng.integers(2, 7))
    return rng.normal(scale=3, size=(n, 1)), rng.integers(2, size=(n, 1)).astype(float)


DELTA_SLIPS = (
    ("that is each sample's own slope: divide by the number of samples.", lambda z, y: sigmoid(z) - y),
    *(
        (f"that divides by {n}: divide by the number of samples, len(y).", lambda z, y, n=n: (sigmoid(z) - y) / n)
        for n in (2, 3)
    ),
    ("y is missing: it is p - y.", lambda z, y: sigmoid(z) / len(y)),
    ("y is missing, and so is the mean.", lambda z, y: sigmoid(z)),
    ("y is added: it is p - y.", lambda z, y: (sigmoid(z) + y) / len(y)),
    ("brackets are missing: all of p - y is divided.", lambda z, y: sigmoid(z) - y / len(y)),
    ("the sigmoid is missing: it is p - y, not z - y.", lambda z, y: (z - y) / len(y)),
    (
        "the sigmoid's slope is already in p - y: you have it twice.",
        lambda z, y: (sigmoid(z) - y) * sigmoid(z) * (1 - sigmoid(z)) / len(y),
    ),
    *wrong_sigmoids(lambda squeeze: lambda z, y: (squeeze(z) - y) / len(y)),
)

START, GRADIENTS = 0.7, np.array([0.5, 0.25, -0.5])


def _end(eta=0.8, gamma=0.9, gradients=GRADIENTS, kept=(1, 1, 1)):
    """Return the weight after the steps with these gradients, and the last velocity; kept: 0 forgets the one before."""
    w, v = START, 0.0
    for g, keep in zip(gradients, kept, strict=False):
        v = gamma * v * keep - eta * g
        w += v
    return w, v


THIRD, LAST = _end()
THIRD_SLIPS = (
    ("that is plain descent: what momentum carries on is missing.", _end(gamma=0)[0]),
    ("the third step forgets the velocity of the second.", _end(kept=(1, 1, 0))[0]),
    ("the second step forgets the velocity of the first.", _end(kept=(1, 0, 1))[0]),
    ("gamma and eta are exchanged: gamma keeps the velocity, eta scales the gradient.", _end(eta=0.9, gamma=0.8)[0]),
    ("gamma is missing: all of the velocity was kept.", _end(gamma=1)[0]),
    ("eta is missing.", _end(eta=1)[0]),
    ("gamma keeps a share of the old velocity, not of the new push.", _end(eta=0.8 * 0.9)[0]),
    ("that is the velocity of the third step. Where does it take the weight?", LAST),
    ("that is how far the weight moved in all. Where did it start?", THIRD - START),
    ("that begins at the start's weight: add the velocity to the weight after the second step.", START + LAST),
    ("that is the weight after the second step.", _end(gradients=GRADIENTS[:2])[0]),
    ("that is the weight after the first step.", _end(gradients=GRADIENTS[:1])[0]),
    ("the third step uses the gradient of the second.", _end(gradients=GRADIENTS[[0, 1, 1]])[0]),
    ("all steps use the first gradient: each has its own.", _end(gradients=GRADIENTS[[0, 0, 0]])[0]),
    ("the first gradient is left out.", _end(gradients=GRADIENTS[[1, 2]])[0]),
    ("the last gradient is negative: minus times minus is plus.", _end(gradients=abs(GRADIENTS))[0]),
    ("that goes uphill: v <- gamma v - eta g.", 2 * START - THIRD),
    ("the velocity of the third step is added, not subtracted.", _end(gradients=GRADIENTS[:2])[0] - LAST),
    ("the three gradients are of the mean: nothing is to be divided by 3.", START + (THIRD - START) / 3),
    ("the three gradients are of the mean: nothing is to be multiplied by 3.", START + (THIRD - START) * 3),
)


TASKS = (
    Task(
        "08.step",
        asked="Nobody wrote down the velocity. Write a function step(before, w, g, eta, gamma) that returns the next "
        "weight: `before` is the weight one step ago, w is where it stands now, and g is the gradient at w.",
        judge=Function(step, _draw_step, STEP_SLIPS, "before, w, g, eta and gamma"),
        hints=(
            "A weight moves by its velocity: w <- w + v. Which velocity took it from `before` to w?",
            "The last velocity is w - before.",
            "Keep a share of it, add the new push, and move on: gamma v - eta g.",
        ),
        solution=step,
    ),
    Task(
        "08.delta",
        asked="Write a function delta(z, y): the slope of the mean cross-entropy for each z of the output, (N, 1).",
        judge=Function(delta, _draw_delta, DELTA_SLIPS, "z and y"),
        hints=(
            "Two awkward fractions collapse into one difference.",
            "It is p - y for one sample, with p = sigmoid(z).",
            "Divide by N.",
        ),
        solution=delta,
    ),
    Task(
        "08.third",
        asked="A weight starts at 0.7, with velocity 0. In three steps its gradients are 0.5, 0.25 and -0.5. With "
        "eta = 0.8 and gamma = 0.9, where is the weight after the third step? Three decimals.",
        judge=Number(THIRD, 6e-4, THIRD_SLIPS),
        hints=(
            "Three times the same two lines: first the velocity, then the weight.",
            "The first velocity is 0.9 · 0 - 0.8 · 0.5 = -0.4, and the weight is then 0.3.",
            "The second velocity is 0.9 · (-0.4) - 0.8 · 0.25. In the third step -0.8 g is positive.",
        ),
        solution="w, v = 0.7, 0.0\nfor g in (0.5, 0.25, -0.5):\n    v = 0.9 * v - 0.8 * g\n    w = w + v\nthird = w",
    ),
)
