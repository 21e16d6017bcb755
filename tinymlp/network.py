"""The core: a network's forward pass, its loss, and its backward pass, for any depth.

Shapes: N samples, D inputs, H hidden units, C outputs; `...` are leading axes, zero or more. They
broadcast everywhere, so that one call serves one network, a sweep of thousands, or every step of a history.
Formulas: Rumelhart, Hinton & Williams 1986, Nature 323, 533-536.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import finite_array, is_known
from tinymlp.params import MLP, Params, layers_of, trusted

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["MLP", "Params", "Trace", "backward", "deltas", "forward", "loss", "sample_losses"]

# The axes of dz over which the gradient of a bias adds up: all samples, and all units that share it.
SUMMED: dict = {"each": -2, "shared": (-2, -1)}


class Trace:
    """All that one forward pass computed: params, X, z (before each activation) and h (h[0] is X, h[-1] is p)."""

    __slots__ = ("X", "h", "params", "z")

    def __init__(self, params: Params, X: np.ndarray, z: list[np.ndarray], h: list[np.ndarray]) -> None:
        self.params, self.X, self.z, self.h = params, X, z, h

    @property
    def p(self) -> np.ndarray:
        """The prediction (..., N, C)."""
        return self.h[-1]

    def __repr__(self):
        return f"Trace of {self.p.shape[-2]} samples through sizes {self.params.net.sizes}"


def forward(params: Params, X: ArrayLike) -> Trace:
    """Return the Trace of X (..., N, D): in each layer z = h W + b, and h = activation(z).

    Raises ValueError if X is not finite numbers of that shape.
    """
    z, h = [], [_inputs(params, X)]
    for (W, b), activation in zip(params.layers, params.net.functions, strict=True):
        z.append(dot(h[-1], W) + b)
        h.append(activation(z[-1]))
    return Trace(params, h[0], z, h)


def sample_losses(trace: Trace, y: ArrayLike) -> np.ndarray:
    """Return the loss of each sample (..., N) for the targets y (..., N, C). Raises ValueError as `loss` does."""
    net = trace.params.net
    losses, _ = net.costs
    return losses(trace.z[-1], trace.p, _targets(trace, y))


def loss(trace: Trace, y: ArrayLike) -> np.ndarray:
    """Return the loss (...), the mean over samples, for the targets y (..., N, C).

    Raises ValueError if y does not have the predictions' shape, or holds numbers that cross-entropy cannot use.
    """
    losses = sample_losses(trace, y)
    return losses.sum(axis=-1) / losses.shape[-1]


def deltas(trace: Trace, y: ArrayLike) -> list[np.ndarray]:
    """Return dz = dL/dz of each layer, first to last, each (..., N, units): the chain rule, from the output back.

    At the output dz is the slope of the sample's loss, over N. One layer back, dz is (dz W^T) times the slope of the
    activation. Raises ValueError as `loss` does.
    """
    net, targets = trace.params.net, _targets(trace, y)
    _, output_slope = net.costs

    dz = output_slope(trace.z[-1], trace.p, targets) / targets.shape[-2]
    all_dz = [dz]
    for layer in reversed(range(len(trace.z) - 1)):
        W, _ = trace.params.layers[layer + 1]
        dz = dot(dz, W.mT) * net.slopes[layer](trace.z[layer], trace.h[layer + 1])
        all_dz = [dz, *all_dz]
    return all_dz


def backward(trace: Trace, y: ArrayLike) -> Params:
    """Return the gradients of the loss, as Params: in each layer dW = h^T dz, and db is the sum of dz over the samples.

    Raises ValueError as `loss`.
    """
    net, all_dz = trace.params.net, deltas(trace, y)
    leading = all_dz[-1].shape[:-2]
    flat = np.empty_like(trace.params.flat, shape=(*leading, net.count)) if leading else np.empty(net.count)
    for (dW, db), h, dz in zip(layers_of(net, flat), trace.h, all_dz, strict=False):
        dot(h.mT, dz, out=dW)
        if net.biases != "none":
            dz.sum(axis=SUMMED[net.biases], keepdims=True, out=db)
    return trusted(net, flat)


def dot(A: np.ndarray, B: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return the matrix product A B (..., rows, columns), in `out` if that is given: by the quickest way numpy has.

    For two matrices that is the method `dot`; for many small ones side by side in memory (see `sweep`) it is einsum.
    """
    if A.ndim == 2 and B.ndim == 2:
        return A.dot(B, out)
    if _side_by_side(A) or _side_by_side(B):
        return np.einsum("...ij,...jk->...ik", A, B, out=out)
    return np.matmul(A, B, out)


def _side_by_side(stack):
    return stack.ndim > 2 and stack.strides[0] == stack.itemsize


def _inputs(params, X):
    X, inputs = finite_array("X", X), params.net.sizes[0]
    if X.ndim < 2 or X.shape[-1] != inputs or not X.shape[-2]:
        raise ValueError(f"X: expected shape (..., N, {inputs}), N at least 1, got {X.shape}")
    if X.ndim > 2 and params.leading:
        _check_leading("X", X.shape[:-2], params.leading)
    return X


def _targets(trace, y):
    shape, net = trace.h[-1].shape, trace.params.net
    known = is_known(y, net.output)
    y = y if known else finite_array("y", y)
    if y.shape[-2:] != shape[-2:]:
        raise ValueError(f"y: expected shape (..., {shape[-2]}, {shape[-1]}), as the predictions have, got {y.shape}")
    if y.ndim > 2 and len(shape) > 2:
        _check_leading("y", y.shape[:-2], shape[:-2])
    if net.loss == "cross_entropy" and not known:
        if y.min() < 0 or y.max() > 1:
            raise ValueError(f"y: expected numbers from 0 to 1 for cross-entropy, got {y.min():g} to {y.max():g}")
        if net.output == "softmax" and abs(y.sum(axis=-1) - 1).max() > 1e-9:
            raise ValueError("y: expected rows that sum to 1 for softmax, one output for each class, got another sum")
    return y


def _check_leading(name, leading, others):
    try:
        np.broadcast_shapes(leading, others)
    except ValueError:
        raise ValueError(f"{name}: expected leading axes that broadcast with {others}, got {leading}") from None
