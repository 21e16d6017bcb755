"""The exercises of lesson 8: momentum by hand."""

import numpy as np

from tinymlp.activations import sigmoid
from tinymlp.momentum import momentum_step
from tinymlp.problems import worked_example
from tinymlp.run import Run
from tinymlp.teaching.judges import function, number_is
from tinymlp.teaching.task import Task

# Solutions, as a learner may write them


def step(w, v, g, eta, gamma):
    v = gamma * v - eta * g
    return w + v, v


def delta(z, y):
    p = 1 / (1 + np.exp(-z))
    return (p - y) / len(y)


# What the judges know


def _draw_step(rng):
    w, v, g = rng.normal(size=(3, 4))
    return w, v, g, rng.uniform(0.1, 2), rng.uniform(0.1, 1)


STEP_SLIPS = (
    ("gamma is missing.", lambda w, v, g, eta, gamma: (None, v - eta * g)),
    ("the old velocity is missing.", lambda w, v, g, eta, gamma: (None, -eta * g)),
    ("eta is missing.", lambda w, v, g, eta, gamma: (None, gamma * v - g)),
    (
        "the step should go against the gradient: check its sign.",
        lambda w, v, g, eta, gamma: (None, gamma * v + eta * g),
    ),
    ("it looks as if w and v are swapped.", lambda w, v, g, eta, gamma: (None, w + gamma * v - eta * g)),
    ("w moves by the new velocity, not by the old one.", lambda w, v, g, eta, gamma: (w + v, None)),
    ("the velocity is added, not subtracted.", lambda w, v, g, eta, gamma: (w - gamma * v + eta * g, None)),
)


def _draw_delta(rng):
    return rng.normal(scale=3, size=(5, 1)), rng.integers(2, size=(5, 1)).astype(float)


def _third_slips():
    """The bias b2 after the third step, as some slips give it."""
    run = Run(worked_example()).step(3)
    before = run.at(2)
    plain, _ = momentum_step(before.params, before.params.net.zeros(), before.grads, before.eta, 0.0)
    return (
        ("that is plain descent: what momentum carries on is missing.", plain.b2[0, 0]),
        ("that is the velocity of the third step. Where does it take the bias?", run.velocity.b2[0, 0]),
        ("that is the bias after the second step.", before.params.b2[0, 0]),
        ("the velocity is added, not subtracted.", (before.params - run.velocity).b2[0, 0]),
    )


TASKS = (
    Task(
        "08.step",
        asked="Write a function step(w, v, g, eta, gamma) that returns the new w and the new v.",
        judge=function(
            step,
            _draw_step,
            STEP_SLIPS,
            "w, v, g, eta and gamma",
            ("the new w", "the new v"),
        ),
        hints=("First the velocity, then the weight.", "v <- gamma v - eta g.", "Then w <- w + v, with the new v."),
        solution=step,
    ),
    Task(
        "08.delta",
        asked="Write a function delta(z, y): the slope of the mean cross-entropy for each z of the output, (N, 1).",
        judge=function(
            delta,
            _draw_delta,
            (
                ("all are 5 times too large: is the mean over the samples missing?", lambda z, y: sigmoid(z) - y),
                ("y is missing: it is p - y.", lambda z, y: sigmoid(z) / len(y)),
            ),
            "z and y",
        ),
        hints=(
            "Two awkward fractions collapse into one difference.",
            "It is p - y for one sample, with p = sigmoid(z).",
            "Divide by N.",
        ),
        solution=delta,
    ),
    Task(
        "08.third",
        asked="What is the output's bias after the third step of the worked example? Three decimals.",
        judge=number_is(lambda: float(Run(worked_example()).step(3).params.b2[0, 0]), 6e-4, _third_slips),
        hints=(
            "After the second step it is -0.3125, and its velocity is -0.2594.",
            "You need its gradient there: the mean of p - y at t = 2.",
            "The panel shows p of each sample at t = 2; then v <- 0.9 v - 0.8 g.",
        ),
        solution="third = tm.Run(tm.worked_example()).step(3).params.b2[0, 0]",
    ),
)
