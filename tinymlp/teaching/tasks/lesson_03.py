"""The exercises of lesson 3: the loss."""

import numpy as np

from tinymlp.losses import binary_cross_entropy
from tinymlp.teaching.judges import Function, Number
from tinymlp.teaching.task import Task
from tinymlp.teaching.tasks.common import divided

# Solutions, as a learner may write them


def cost(p, y):
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


# What the judges know


def _cost(p, y):
    return float(binary_cross_entropy(np.array([np.log(p / (1 - p))]), np.array([p]), np.array([y])))


MEAN = (2 * _cost(0.9, 1) + _cost(0.01, 1)) / 3
COST_SLIPS = (
    ("right where y is 1. Where y is 0, the truth was given 1 - p.", lambda p, y: -np.log(p)),
    ("right where y is 0. Where y is 1, the truth was given p.", lambda p, y: -np.log(1 - p)),
    ("right where y is 1. Where y is 0, the second half is missing.", lambda p, y: -y * np.log(p)),
    ("right where y is 0. Where y is 1, the first half is missing.", lambda p, y: -(1 - y) * np.log(1 - p)),
    ("that is the probability's logarithm: the minus is missing.", lambda p, y: -_cost(p, y)),
    (
        "the minus belongs before both halves, not before the first alone.",
        lambda p, y: -y * np.log(p) + (1 - y) * np.log(1 - p),
    ),
    (
        "the minus belongs before both halves, not before the second alone.",
        lambda p, y: y * np.log(p) - (1 - y) * np.log(1 - p),
    ),
    ("brackets are missing: 1 - y as a whole is a factor.", lambda p, y: -(y * np.log(p) + 1 - y * np.log(1 - p))),
    ("brackets are missing: the second logarithm is of 1 - p.", lambda p, y: -(y * np.log(p) - (1 - y) * p)),
    ("brackets are missing in the logarithm and around 1 - y.", lambda p, y: -(y * np.log(p) + 1 - p)),
    ("y and 1 - y are swapped.", lambda p, y: _cost(p, 1 - y)),
    ("the logarithm is of p, not of y.", lambda p, y: -(p * np.log(y) + (1 - p) * np.log(1 - y))),
    ("that is the logarithm to base 10: np.log is the natural one.", lambda p, y: _cost(p, y) / np.log(10)),
    ("that is the logarithm to base 2: np.log is the natural one.", lambda p, y: _cost(p, y) / np.log(2)),
    ("that adds 1 before the logarithm: np.log is the one wanted.", lambda p, y: -np.log1p(p if y else 1 - p)),
    ("that is the squared error.", lambda p, y: (p - y) ** 2),
    ("that is half the squared error.", lambda p, y: (p - y) ** 2 / 2),
    ("that is the distance from the target, not its cost.", lambda p, y: abs(p - y)),
    ("that is the slope for z, not the cost.", lambda p, y: p - y),
    *divided(_cost, "that is the cost of one sample, divided: take the mean later."),
)

TASKS = (
    Task(
        "03.cost",
        asked="Write a function cost(p, y) that returns the cross-entropy of one prediction; y is 1 or 0.",
        judge=Function(cost, lambda rng: (float(rng.uniform(0.05, 0.95)), int(rng.integers(2))), COST_SLIPS, "p and y"),
        hints=(
            "What probability did the truth get? p if y is 1, else 1 - p.",
            "The cost is minus its natural logarithm, np.log.",
            "In one line: -(y np.log(p) + (1 - y) np.log(1 - p)).",
        ),
        solution=cost,
    ),
    Task(
        "03.mean",
        asked="Three targets are all 1; the predictions are 0.9, 0.9 and 0.01. What is the mean cross-entropy? "
        "Two decimals.",
        judge=Number(
            MEAN,
            0.006,
            (
                ("that is the sum: divide by the number of samples.", 3 * MEAN),
                ("that is the error rate: one wrong out of three.", 1 / 3),
                ("divide by the number of samples, 3.", _cost(0.9, 1) + _cost(0.01, 1) / 2),
                ("that is the logarithm to base 10: take the natural one.", MEAN / np.log(10)),
                ("that is the logarithm to base 2: take the natural one.", MEAN / np.log(2)),
                ("that is the logarithm of 1 - p: the truth was given p.", (2 * _cost(0.9, 0) + _cost(0.01, 0)) / 3),
                ("that is the mean of half the squared errors.", (2 * 0.1**2 + 0.99**2) / 6),
                ("that is the cost of the mean prediction: take each cost first, then their mean.", _cost(1.81 / 3, 1)),
                ("that is the cost of the wrong sample alone.", _cost(0.01, 1)),
            ),
        ),
        hints=("One cost for each prediction, then their mean.", "-ln 0.9 is 0.105, and -ln 0.01 is 4.605."),
        solution="mean = (0.105 + 0.105 + 4.605) / 3",
    ),
)
