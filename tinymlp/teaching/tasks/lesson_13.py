"""The exercises of lesson 13: the playground."""

import numpy as np

from tinymlp.teaching.judges import Function, Number
from tinymlp.teaching.task import Task

SIZES = (2, 8, 8, 1)
COUNT = 105

COUNT_SLIPS = (
    ("that counts the weights: each unit has a bias as well.", 2 * 8 + 8 * 8 + 8),
    ("that counts the units: each line between two of them is a weight.", 2 + 8 + 8 + 1),
    ("that counts the biases alone.", 8 + 8 + 1),
    ("the inputs have no biases: they are given.", COUNT + 2),
    ("the biases of the first hidden layer are missing.", COUNT - 8),
    ("the bias of the output is missing.", COUNT - 1),
    ("the weights between the two hidden layers are missing: each of 8 units leads to each of 8.", COUNT - 64),
    ("from layer to layer the weights are multiplied; the layers themselves are added up.", 2 * 8 * 8 * 1),
    ("the second hidden layer is missing: that is a 2-8-1 network.", 2 * 8 + 8 + 8 + 1),
    ("each unit of the second hidden layer gets 8 numbers, and not 2.", 2 * 8 + 8 + 2 * 8 + 8 + 8 + 1),
)

# Solutions, as a learner may write them


def best(test_losses):
    return int(np.argmin(test_losses))


# What the judges know


def _draw_losses(rng):
    """Return test losses that fall, rise a little, fall to their lowest and rise for good: a curve with two dips."""
    first, second = np.sort(rng.choice(np.arange(3, 30), 2, replace=False)) + np.array([0, 4])
    t = np.arange(second + int(rng.integers(5, 20)))
    low = 0.3 + 0.2 * rng.random()
    losses = low + 0.004 * abs(t - second) + 0.05 * rng.random() + 0.002 * rng.random(len(t))
    losses[second] = low
    losses[first] = low + 0.002
    return (losses,)


def _first_rise(losses):
    return int(np.flatnonzero(np.diff(losses) > 0)[0])


BEST_SLIPS = (
    ("that is the lowest loss itself: the question is at which t it was.", lambda losses: np.min(losses)),
    ("that is the last iteration: the loss had risen by then.", lambda losses: len(losses) - 1),
    ("that is how many losses there are.", len),
    ("that is where it first rises: it may fall again, and lower.", _first_rise),
    ("that is one iteration too late: the first loss is that of t = 0.", lambda losses: int(np.argmin(losses)) + 1),
    ("that is one iteration too early.", lambda losses: int(np.argmin(losses)) - 1),
    ("that is where it is highest.", lambda losses: int(np.argmax(losses))),
    ("counted from the end: t counts from the start.", lambda losses: int(np.argmin(losses[::-1]))),
    ("the losses, sorted: their place in the run is lost by that.", np.sort),
    ("that is the order of all losses: only the first of it is asked for.", np.argsort),
)

SURE = -np.log(0.001)

SURE_SLIPS = (
    ("that is what it costs if y = 0: here y is 1.", -np.log(0.999)),
    ("that is a logarithm to base 10: the loss takes the natural one.", 3.0),
    ("that is a logarithm to base 2: the loss takes the natural one.", -np.log2(0.001)),
    ("that is p - y, the slope: the loss is -log p.", -0.999),
    ("that is the squared error, halved: the loss here is the cross-entropy.", 0.999**2 / 2),
    ("that is the squared error: the loss here is the cross-entropy.", 0.999**2),
    ("that is 1 / p: its logarithm is asked for.", 1000.0),
    ("that is for p = 0.01: check the decimal point.", -np.log(0.01)),
    ("that is for p = 0.0001: check the decimal point.", -np.log(0.0001)),
)

TASKS = (
    Task(
        "13.count",
        asked="How many numbers can a network with 2 inputs, two hidden layers of 8 units and 1 output learn, weights "
        "and biases together?",
        judge=Number(COUNT, 0.4, COUNT_SLIPS),
        hints=(
            "Between two layers each unit leads to each unit: how many lines is that?",
            "Every unit but the inputs has one bias.",
            "Into the first hidden layer: 2 times 8 weights and 8 biases, 24 numbers. And into the next two layers?",
        ),
        solution="count = (2 * 8 + 8) + (8 * 8 + 8) + (8 * 1 + 1)",
    ),
    Task(
        "13.best",
        asked="Write a function best(test_losses) that returns the iteration t at which the test loss was lowest: that "
        "is where one should have stopped. test_losses[0] is the loss at t = 0.",
        judge=Function(best, _draw_losses, BEST_SLIPS, "test_losses"),
        hints=(
            "A list of losses, the first one at t = 0: the place in the list is t.",
            "Look for the lowest of them, and return where it stands.",
            "NumPy has a function for the place of the smallest number: np.argmin.",
        ),
        solution=best,
    ),
    Task(
        "13.sure",
        asked="A test sample has y = 1, and the network says p = 0.001: it is sure, and wrong. What is the loss of "
        "this one sample?",
        judge=Number(SURE, 0.006, SURE_SLIPS),
        hints=(
            "With y = 1 only one part of the cross-entropy is left: -log p.",
            "The logarithm of 0.001, to the base e.",
            "0.001 is 10 to the power of -3, and log 10 is 2.303.",
        ),
        solution="loss = -np.log(0.001)",
    ),
)
