"""Scores of a network: of classes the share it gets right and the confusion table, of numbers R2.

Shapes as in `network`: N samples, C outputs, K classes (C of them, or two if there is one output); `...` are leading
axes, so that one call scores one network or the ends of sixty runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import finite_array

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from tinymlp.network import Trace


def are_classes(y: ArrayLike) -> bool:
    """Return whether the targets y (..., N, C) stand for classes: each is 0 or 1, and of several one alone is 1."""
    targets = np.asarray(y)
    return bool(np.isin(targets, (0, 1)).all() and (targets.shape[-1] == 1 or (targets.sum(axis=-1) == 1).all()))


def labels(p: ArrayLike) -> np.ndarray:
    """Return the class (..., N), from 0, that predictions or targets (..., N, C) stand for: that of the largest output.

    Of a single output it is 1 above a half, and 0 up to it.
    """
    outputs = np.asarray(p)
    return (outputs[..., 0] > 0.5).astype(int) if outputs.shape[-1] == 1 else outputs.argmax(axis=-1)


def wrong(trace: Trace, y: ArrayLike) -> np.ndarray:
    """Return for each sample (..., N) whether the network's answer is wrong, for the targets y (N, C).

    Raises ValueError for targets that are no classes, or another number of them.
    """
    targets, shape = finite_array("y", y), trace.p.shape
    if targets.shape[-2:] != shape[-2:]:
        expected = f"(..., {shape[-2]}, {shape[-1]})"
        raise ValueError(f"y: expected shape {expected}, as the predictions have, got {targets.shape}")
    if not are_classes(targets):
        raise ValueError("y: expected classes, each target 0 or 1 and one 1 in a row of several, got other numbers")
    return labels(trace.p) != labels(targets)


def accuracy(trace: Trace, y: ArrayLike) -> np.ndarray:
    """Return the share (...) of the samples for which the network's answer is right. Raises ValueError as `wrong`."""
    return 1 - wrong(trace, y).mean(axis=-1)


def confusion(trace: Trace, y: ArrayLike) -> np.ndarray:
    """Return how many samples (..., K, K) of each class, a row for each, were given which answer, a column for each.

    Raises ValueError as `wrong`.
    """
    wrong(trace, y)  # raises the errors
    ones = np.eye(max(2, trace.p.shape[-1]), dtype=int)
    return ones[labels(y)].swapaxes(-2, -1) @ ones[labels(trace.p)]


def r2(trace: Trace, y: ArrayLike) -> np.ndarray:
    """Return R2 (...), the share of the spread of the targets y (N, C) that the predictions explain.

    R2 = 1 - sum (p - y)^2 / sum (y - mean)^2, over samples and outputs: 1 for predictions without an error, 0 for those
    that are as good as the mean of the targets alone, below 0 for worse ones. Raises ValueError for targets of another
    shape, and for those that do not differ.
    """
    targets = finite_array("y", y)
    if targets.shape[-2:] != trace.p.shape[-2:]:
        raise ValueError(f"y: expected shape {trace.p.shape[-2:]}, as the predictions have, got {targets.shape}")
    spread = ((targets - targets.mean(axis=-2, keepdims=True)) ** 2).sum(axis=(-2, -1))
    if not np.all(spread > 0):
        raise ValueError("y: expected targets that differ, got the same one for each sample")
    return 1 - ((trace.p - targets) ** 2).sum(axis=(-2, -1)) / spread


def loss_of_the_mean(y: ArrayLike) -> float:
    """Return the squared loss of a network that answers each sample with the mean of the targets y (N, C)."""
    return float(finite_array("y", y).var(axis=-2).sum() / 2)
