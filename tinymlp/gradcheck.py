"""Gradient checking: nudge each weight a little both ways, and measure how the loss changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import describe, number
from tinymlp.network import backward, forward, loss
from tinymlp.params import Params, trusted

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

AT_ONCE = 256  # weights nudged in one call: bounds the memory for large networks


def numerical_gradient(params: Params, X: ArrayLike, y: ArrayLike, epsilon: float = 1e-5) -> Params:
    """Return the gradients as Params by central differences: (L(w + epsilon) - L(w - epsilon)) / (2 epsilon).

    params: one network, without leading axes; X (N, D); y (N, C). The error is of order epsilon^2.
    Raises ValueError as `forward` and `loss` do.
    """
    epsilon = number("epsilon", epsilon, least=np.finfo(float).tiny)
    if params.leading:
        raise ValueError(f"params: expected one network, without leading axes, got {params}")
    slopes = np.empty(params.net.count)
    for start in range(0, params.net.count, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        rows = min(AT_ONCE, params.net.count - start)
        nudge = epsilon * np.eye(rows, params.net.count, k=start)
        above, below = (forward(trusted(params.net, params.flat + n), X) for n in (nudge, -nudge))
        slopes[part] = (loss(above, y) - loss(below, y)) / (2 * epsilon)
    return trusted(params.net, slopes)


@dataclass(frozen=True)
class GradientCheck:
    """The outcome of `check_gradient`: where two gradients are furthest apart, and both numbers there."""

    ok: bool
    error: float
    name: str
    index: tuple[int, int]
    given: float
    measured: float

    def __bool__(self):
        return self.ok

    def __repr__(self):
        word = "agree" if self.ok else "DISAGREE"
        entry = f"{self.name}[{self.index[0]}, {self.index[1]}]"
        return (
            f"The gradients {word}: furthest apart at {entry}, given {self.given:.6g}, measured {self.measured:.6g} "
            f"(relative error {self.error:.0e})"
        )


def check_gradient(
    params: Params,
    X: ArrayLike,
    y: ArrayLike,
    grads: Params | None = None,
    tolerance: float = 1e-6,
    epsilon: float = 1e-5,
) -> GradientCheck:
    """Compare `grads` (default: those of `backward`) with central differences, and return a GradientCheck.

    Errors are relative to the largest entry of the measured gradient. The check is true if none exceeds `tolerance`.
    """
    grads = backward(forward(params, X), y) if grads is None else grads
    if not isinstance(grads, Params) or grads.net != params.net or grads.leading:
        raise ValueError(f"grads: expected Params of the network {params.net}, got {describe(grads)}")
    measured = numerical_gradient(params, X, y, epsilon)
    errors = abs(grads.flat - measured.flat) / max(abs(measured.flat).max(), np.finfo(float).tiny)
    worst = int(np.nanargmax(np.where(np.isnan(errors), np.inf, errors)))
    error, (name, index) = float(errors[worst]), params.net.entries[worst]
    given, nudged = float(grads.flat[worst]), float(measured.flat[worst])
    return GradientCheck(error <= tolerance, error, name, index, given, nudged)
