"""The exercises of lesson 11: where to start."""

import numpy as np

from tinymlp.teaching.judges import Function
from tinymlp.teaching.task import Task

# Solutions, as a learner may write them


def gradient(y):
    return np.mean(0.5 - y)


def spread(inputs):
    return np.sqrt(2 / inputs)


# What the judges know


def _draw_targets(rng):
    samples = int(rng.integers(4, 12))
    ones = int(rng.integers(1, samples))
    return (rng.permutation(np.arange(samples) < ones).astype(float)[:, np.newaxis],)


ZEROS_SLIPS = (
    ("that is each sample's own slope: the gradient of the bias is their mean.", lambda y: 0.5 - y),
    ("that is the sum: the loss is a mean over the samples.", lambda y: np.sum(0.5 - y)),
    ("that divides by 3: there may be more samples.", lambda y: np.sum(0.5 - y) / 3),
    ("the sign is flipped: it is p - y.", lambda y: np.mean(y - 0.5)),
    ("p is not 0: what is the sigmoid of 0?", lambda y: np.mean(0 - y)),
    ("p is not 1: what is the sigmoid of 0?", lambda y: np.mean(1 - y)),
    ("that is the mean of y: how far is p from each target?", lambda y: np.mean(y)),
    ("y is added: the slope is p - y.", lambda y: np.mean(0.5 + y)),
    ("the sigmoid's slope is in p - y already: it cancels in cross-entropy.", lambda y: np.mean(0.5 - y) / 4),
    ("that is the slope of the other weights: does the output's bias need h to have a slope?", lambda y: 0.0),
    ("that is the worked example alone: what if there are other targets?", lambda y: 0.5 - 1 / 3),
    ("a mean of sizes: slopes of different sign cancel.", lambda y: np.mean(abs(0.5 - y))),
    ("that is the loss, not its slope.", lambda y: np.log(2)),
    ("that is the squared error, not a slope.", lambda y: np.mean((0.5 - y) ** 2)),
    ("brackets are missing: `0.5 - y / N` divides y alone.", lambda y: np.sum(0.5 - y / len(y))),
)

HE_SLIPS = (
    ("that is the variance: its square root is the standard deviation.", lambda inputs: 2 / inputs),
    ("that is LeCun's: ReLU turns half of what comes in into 0.", lambda inputs: np.sqrt(1 / inputs)),
    ("the 2 belongs above the line: ReLU needs larger weights, not smaller ones.", lambda n: np.sqrt(1 / (2 * n))),
    ("the square root is of all of it, of `inputs` as well.", lambda inputs: np.sqrt(2) / inputs),
    ("the square root is of all of it, of the 2 as well.", lambda inputs: 2 / np.sqrt(inputs)),
    ("brackets are missing: `** 1/2` divides by 2, `** 0.5` is a square root.", lambda inputs: 1 / inputs),
    ("upside down: more inputs need smaller weights.", lambda inputs: np.sqrt(inputs / 2)),
    ("inputs belong below the line: more inputs need smaller weights.", lambda inputs: np.sqrt(2 * inputs)),
    ("squared where a square root belongs.", lambda inputs: (2 / inputs) ** 2),
    ("that is the bound of a uniform start, which has the same standard deviation.", lambda n: np.sqrt(6 / n)),
)

TASKS = (
    Task(
        "11.zeros",
        asked="All eleven numbers of the worked example's network are 0. Write a function gradient(y) that returns the "
        "gradient of the output's bias; y holds the targets, an array with a row for each sample.",
        judge=Function(gradient, _draw_targets, ZEROS_SLIPS, "y"),
        hints=(
            "With all numbers 0 the output's z is 0 for every sample. What is p?",
            "dL/dz of a sample is p - y, and dz/db = 1.",
            "The loss is a mean over the samples: so is its gradient.",
        ),
        solution=gradient,
    ),
    Task(
        "11.he",
        asked="Write a function spread(inputs) that returns the standard deviation of a weight at the start of a layer "
        "of ReLU units with that many inputs, after He et al. 2015.",
        judge=Function(spread, lambda rng: (int(rng.integers(3, 200)),), HE_SLIPS, "inputs"),
        hints=(
            "A sum of n products, each with the variance of a weight: how large is the variance of the sum?",
            "ReLU halves the mean square of what it is given: n times the variance times a half has to be 1.",
            "So the variance is 2 / inputs. The standard deviation is its square root.",
        ),
        solution=spread,
    ),
)
