"""Slips that several exercises share: what to say, and the wrong function."""

import numpy as np

from tinymlp.activations import sigmoid

# Sigmoids as they are often written, each with what is wrong with it.
SIGMOIDS = (
    ("e^z and e^-z are mixed up in the sigmoid: check its sign.", lambda z: 1 / (1 + np.exp(z))),
    ("brackets are missing in the sigmoid: all of 1 + e^-z is below the line.", lambda z: 1 / 1 + np.exp(-z)),
    ("below the line of the sigmoid it is 1 + e^-z, not 1 - e^-z.", lambda z: 1 / (1 - np.exp(-z))),
    ("below the line of the sigmoid the 1 is missing.", lambda z: 1 / np.exp(-z)),
)


def wrong_sigmoids(build):
    """Return the slips of a sigmoid; build(squeeze) -> the exercise's function with `squeeze` for its sigmoid."""
    return tuple((said, build(wrong)) for said, wrong in SIGMOIDS)


def divided(right, said, numbers=(2, 3)):
    """Return the slips of an answer divided where nothing is to be divided; right(*args) -> a number or an array."""
    return tuple((said, lambda *args, n=n: right(*args) / n) for n in numbers)


def at(z, squeeze=sigmoid):
    """Return the sigmoid of one number, or what stands in for it."""
    return float(squeeze(np.asarray(z, dtype=float)))
