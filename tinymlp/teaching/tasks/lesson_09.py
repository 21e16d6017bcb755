"""The exercises of lesson 9: where a velocity comes from."""

import numpy as np

from tinymlp.teaching.judges import Function, Number
from tinymlp.teaching.task import Task

# Solutions, as a learner may write them


def ledger(grads, eta, gamma):
    age = np.arange(len(grads))[::-1]
    return -eta * gamma**age * grads


# What the judges know


def _draw_ledger(rng):
    return rng.normal(size=int(rng.integers(3, 7))), float(rng.uniform(0.1, 2)), float(rng.uniform(0.3, 0.95))


def _age(g):
    return np.arange(len(g))[::-1]


def _after_each(g, eta, gamma):
    """Return the velocities after each step, one step after another."""
    return np.array([ledger(g[: n + 1], eta, gamma).sum() for n in range(len(g))])


LEDGER_SLIPS = (
    (
        "that is the whole velocity: return each gradient's share of it, as an array.",
        lambda g, eta, gamma: ledger(g, eta, gamma).sum(),
    ),
    ("those are the velocities after each step. What is in the last one?", _after_each),
    (
        "your powers run the other way: the oldest gradient has faded most.",
        lambda g, eta, gamma: -eta * gamma ** np.arange(len(g)) * g,
    ),
    (
        "the shares are right, but the newest comes first.",
        lambda g, eta, gamma: ledger(g, eta, gamma)[::-1],
    ),
    (
        "one power too many: the last gradient is new, nothing of it has faded.",
        lambda g, eta, gamma: -eta * gamma ** (_age(g) + 1) * g,
    ),
    ("gamma is missing: an older gradient has faded.", lambda g, eta, gamma: -eta * g),
    (
        "gamma is taken once for all: a gradient fades again in each later step.",
        lambda g, eta, gamma: -eta * np.where(_age(g) > 0, gamma, 1) * g,
    ),
    ("gamma is taken once for all: the last gradient has not faded at all.", lambda g, eta, gamma: -eta * gamma * g),
    (
        "a gradient is multiplied by gamma again in each later step: a power, not a multiple.",
        lambda g, eta, gamma: -eta * gamma * _age(g) * g,
    ),
    ("eta is missing.", lambda g, eta, gamma: -(gamma ** _age(g)) * g),
    ("a share goes against its gradient: check the sign.", lambda g, eta, gamma: eta * gamma ** _age(g) * g),
    (
        "that is an average's share: here a new gradient counts in full, without 1 - gamma.",
        lambda g, eta, gamma: -eta * (1 - gamma) * gamma ** _age(g) * g,
    ),
    ("the gradients are missing: that is how much of each is left.", lambda g, eta, gamma: -eta * gamma ** _age(g)),
)

PUSH, KEPT = 0.8 * 0.25, 0.9
TERMINAL_SLIPS = (
    ("that is the first step: the velocity goes on growing.", -PUSH),
    ("that is after two steps: the velocity goes on growing.", -PUSH * (1 + KEPT)),
    ("that is after three steps: the velocity goes on growing.", -PUSH * (1 + KEPT + KEPT**2)),
    ("that is what the last velocity carries on: a new push is added to it.", -PUSH * KEPT / (1 - KEPT)),
    ("that divides by gamma: what is lost in a step is a share of 1 - gamma.", -PUSH / KEPT),
    ("that divides by 1 + gamma: what is lost in a step is a share of 1 - gamma.", -PUSH / (1 + KEPT)),
    ("that multiplies by gamma. When the velocity stands still, what is lost equals what is new.", -PUSH * KEPT),
    ("1 - gamma divides, it does not multiply: the less is lost, the faster it gets.", -PUSH * (1 - KEPT)),
    ("eta is missing.", -0.25 / (1 - KEPT)),
    ("the gradient is missing.", -0.8 / (1 - KEPT)),
    ("eta and gamma are exchanged.", -0.9 * 0.25 / (1 - 0.8)),
    ("that is ten times 1: which push is it ten times of?", -1 / (1 - KEPT)),
    ("the gradient never stops: it pushes in each step.", 0.0),
)


TASKS = (
    Task(
        "09.ledger",
        asked="Write a function ledger(grads, eta, gamma) that returns the share of each gradient in the velocity, as "
        "an array of the same length: they add up to the velocity. grads holds one weight's gradients, the oldest "
        "first; the velocity began at 0.",
        judge=Function(ledger, _draw_ledger, LEDGER_SLIPS, "grads, eta and gamma"),
        hints=(
            "Begin with two gradients, by hand: v = gamma · (-eta · g₁) - eta · g₂. Which part comes from g₁?",
            "In each later step a share is multiplied by gamma once more.",
            "The last gradient has gamma⁰, the one before gamma¹, ... `np.arange(n)[::-1]` counts down to 0.",
        ),
        solution=ledger,
    ),
    Task(
        "09.terminal",
        asked="The gradient of a weight is 0.25 in every step. With eta = 0.8 and gamma = 0.9, at which velocity does "
        "the weight end?",
        judge=Number(-PUSH / (1 - KEPT), 5e-3, TERMINAL_SLIPS),
        hints=(
            "In the end a step does not change the velocity any more: v = gamma v - eta g.",
            "Bring both v to one side: v (1 - gamma) = -eta g.",
            "-eta g is -0.2, and 1 - gamma is 0.1.",
        ),
        solution="v = 0.0\nfor _ in range(500):\n    v = 0.9 * v - 0.8 * 0.25\nterminal = v",
    ),
)
