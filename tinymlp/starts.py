"""Where a run can start: how large the weights are drawn, and whether the hidden units differ. Biases start at 0."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np


def lecun(inputs, units):
    """Return 1 / inputs: z then spreads as the inputs of the layer do.

    After LeCun, Bottou, Orr & Mueller 1998, Efficient BackProp, 4.6, which assumes normalised inputs and a sigmoid that
    is matched to them.
    """
    return 1 / inputs


def glorot(inputs, units):
    """Return 2 / (inputs + units), between what keeps z on the way forward and what keeps dL/dz on the way back.

    Glorot & Bengio 2010, AISTATS, equation 12. They draw from a uniform distribution of that variance.
    """
    return 2 / (inputs + units)


def he(inputs, units):
    """Return 2 / inputs: twice as much as LeCun's, since ReLU turns half of what comes in into 0.

    He, Zhang, Ren & Sun 2015, arXiv:1502.01852, equation 10.
    """
    return 2 / inputs


class Start(NamedTuple):
    """One way to start: weights are normal with mean 0 and this variance, times a factor.

    words: its name on the page; variance(inputs, units) of a layer's weights; alike: whether all hidden units of a
    layer are copies of the first one, with its incoming and its outgoing weights.
    """

    words: str
    variance: Callable = lecun
    factor: float = 1.0
    alike: bool = False


STARTS = {
    "zeros": Start("zeros", factor=0.0),
    "equal": Start("equal units", alike=True),
    "small": Start("too small", factor=0.1),
    "large": Start("too large", factor=3.0),
    "lecun": Start("LeCun's", lecun),
    "glorot": Start("Glorot's", glorot),
    "he": Start("He's", he),
}


def drawn(start: Start, rng: np.random.Generator, sizes: tuple, leading: tuple = ()) -> list[np.ndarray]:
    """Return the weights (..., inputs, units) of each layer of a network of these sizes."""
    weights = []
    for inputs, units in pairwise(sizes):
        spread = start.factor * np.sqrt(start.variance(inputs, units))
        weights.append(spread * rng.normal(size=(*leading, inputs, units)) + 0.0)  # + 0.0 turns -0.0 into 0.0
    if start.alike:
        for incoming, outgoing in pairwise(weights):
            incoming[...] = incoming[..., :1].copy()
            outgoing[...] = outgoing[..., :1, :].copy()
    return weights


class Origin(NamedTuple):
    """Where a run began: the name of a start, or "given" for the problem's own; its weights' scale; the seed."""

    start: str = "given"
    scale: float = 1.0
    seed: int = 0
