"""Which gradient a step takes: of all samples or of a mini-batch, with or without penalty, for all weights or some."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import describe, one_number, whole
from tinymlp.network import backward, forward
from tinymlp.params import Entry, trusted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from tinymlp.network import Trace
    from tinymlp.params import MLP, Params


def minibatch(samples: int, size: int, seed: int, t: int, shuffle: bool = True) -> np.ndarray:
    """Return the sample indices of step t's mini-batch: a function of seed and t, so that going back is reproducible.

    Each epoch takes all samples, in a new order or (shuffle=False) in that of the data, cut into mini-batches of
    `size`; the last one of an epoch may be smaller.
    """
    samples, size = whole("samples", samples, least=1), whole("size", size, least=1)
    epoch, batch = divmod(whole("t", t), steps_per_epoch(samples, size))
    order = np.arange(samples)
    if shuffle:
        order = np.random.default_rng([whole("seed", seed), epoch]).permutation(samples)
    return order[batch * size : (batch + 1) * size]


def steps_per_epoch(samples: int, size: int | None) -> int:
    """Return how many steps look at all samples once, in mini-batches of `size`; None is one batch of all."""
    return 1 if size is None else -(-samples // size)


def weights_only(net: MLP) -> Params:
    """Return Params that are 1 for each weight and 0 for each bias: a penalty leaves biases alone."""
    return trusted(net, np.array([not entry.is_bias for entry in net.entries], dtype=float))


def decayed(grads: Params, params: Params, l2: float = 0.0, l1: float = 0.0) -> Params:
    """Return the gradients plus those of a penalty: l2 / 2 times the squared weights, l1 times their absolute values.

    At 0 the absolute value has no slope; 0 is used. Source: Goodfellow, Bengio & Courville 2016, section 7.1.
    """
    penalty = l2 * params.flat + l1 * np.sign(params.flat)
    return grads + trusted(grads.net, penalty * weights_only(grads.net).flat)


def only(grads: Params, entries: Iterable[tuple[str, tuple[int, int]]]) -> Params:
    """Return the gradients with all but these entries set to 0, which freezes the other parameters."""
    kept = np.zeros(grads.net.count)
    kept[[grads.position(*entry) for entry in entries]] = 1
    return trusted(grads.net, grads.flat * kept)


@dataclass(frozen=True)
class Training:
    """The gradient that a run's steps use. By default it is that of the mean loss over all samples, for all parameters.

    batch: samples in a mini-batch, None for all; seed: of their order; shuffle: whether each epoch has a new order, or
    takes the samples as they come. l2, l1: penalties on the weights. free: the entries (name, index) that may move,
    None for all. A run always reports the loss of all samples, without penalty.
    """

    batch: int | None = None
    seed: int = 0
    l2: float = 0.0
    l1: float = 0.0
    free: tuple | None = None
    shuffle: bool = True

    def __post_init__(self):
        if self.batch is not None:
            whole("batch", self.batch, least=1)
        whole("seed", self.seed)
        if not isinstance(self.shuffle, bool):
            raise ValueError(f"shuffle: expected True or False, got {describe(self.shuffle)}")
        for name in ("l2", "l1"):
            object.__setattr__(self, name, one_number(name, getattr(self, name), least=0))
        if self.free is not None:
            try:
                free = tuple(Entry(name, (int(index[0]), int(index[1]))) for name, index in self.free)
            except (TypeError, ValueError, IndexError):
                raise ValueError(
                    f'free: expected entries such as (("W1", (0, 1)), ...), got {describe(self.free)}'
                ) from None
            object.__setattr__(self, "free", free)

    def epochs(self, samples: int, steps: int) -> float:
        """Return how many epochs these steps are: how often each of the samples was looked at."""
        return steps / steps_per_epoch(samples, self.batch)

    def for_any_network(self) -> Training:
        """Return the same Training with all parameters free: for another network."""
        return replace(self, free=None)

    def backward(self, trace: Trace, y: np.ndarray) -> Params:
        """Return the gradients of the loss; a subclass may bring a backward pass of its own."""
        return backward(trace, y)

    def gradient(self, trace: Trace, y: np.ndarray, t: int) -> Params:
        """Return the gradient that step t + 1 uses, given the trace of all samples at t."""
        params = trace.params
        if self.batch is not None and self.batch < len(y):
            chosen = minibatch(len(y), self.batch, self.seed, t, self.shuffle)
            trace, y = forward(params, trace.X[chosen]), y[chosen]
        grads = self.backward(trace, y)
        if self.l2 or self.l1:
            grads = decayed(grads, params, self.l2, self.l1)
        return grads if self.free is None else only(grads, self.free)


PLAIN = Training()


def checked_training(given: Any, net: MLP) -> Training:
    """Return `given`, a Training whose free parameters this network has; ValueError for anything else."""
    if not isinstance(given, Training):
        raise ValueError(f"training: expected a Training, e.g. tinymlp.Training(batch=4), got {describe(given)}")
    for entry in given.free or ():
        net.position(*entry)
    return given
