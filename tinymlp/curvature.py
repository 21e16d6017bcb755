"""How the loss bends: its Hessian, and the sharpness, which sets the limit on the step size.

A gradient says how steep the loss is; the Hessian says how fast that changes. In a bowl of curvature lambda a run
settles while eta lambda stays below the limit of its rule, `Rule.limit` (Polyak 1964; Goh 2017, Distill,
doi:10.23915/distill.00006). On a real landscape the sharpness is the curvature along the most curved direction, here
and now: above the limit, wobbles along that direction grow. It is no forecast of the loss.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tinymlp.checks import describe, one_number
from tinymlp.network import backward, forward
from tinymlp.params import Params, trusted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

NUDGE = 1e-5  # error of a central difference: nudge^2 from the curve, 1e-16 / nudge from rounding
FULL = 300  # parameters: up to here the whole Hessian is made
PRODUCTS = 40  # with the Hessian before the search begins again from the best direction so far
ROUNDS = 25
AT_ONCE = 2_000_000  # numbers worked out in one call: bounds the memory
CLOSE = 1e-7  # relative error at which the search for the largest eigenvalue ends


class Sharpness(NamedTuple):
    """The largest eigenvalue of the Hessian, `value` (...), and its `direction`: Params (...) of length 1."""

    value: np.ndarray
    direction: Params

    def __float__(self):
        return float(self.value)


def hessian(
    params: Params,
    X: ArrayLike,
    y: ArrayLike,
    free: Sequence | None = None,
    epsilon: float = NUDGE,
) -> np.ndarray:
    """Return the Hessian of the loss (..., F, F): how each gradient changes with each parameter.

    params: Params with any leading axes; X (N, D); y (N, C). free: the entries that may move, such as
    (("W1", (0, 1)), ("b2", (0, 0))); all F = P by default. By central differences of the gradients, for all entries at
    once: (g(w + epsilon) - g(w - epsilon)) / (2 epsilon). Raises ValueError as `forward` and `backward` do, for data
    with leading axes, and for entries that the network does not have.
    """
    epsilon, places = one_number("epsilon", epsilon, least=np.finfo(float).tiny), _places(params, free)
    if np.ndim(X) > 2 or np.ndim(y) > 2:
        raise ValueError(f"X, y: expected shapes (N, D) and (N, C), got {np.shape(X)} and {np.shape(y)}")
    rows = params.flat.reshape(-1, params.net.count)
    found = np.empty((len(rows), len(places), len(places)))
    each = len(np.atleast_2d(X)) * sum(params.net.sizes) + params.net.count
    columns = max(1, min(len(places), AT_ONCE // (2 * each)))
    many = max(1, AT_ONCE // (2 * each * columns))
    for first in range(0, len(rows), many):
        some = rows[first : first + many, np.newaxis]
        for start in range(0, len(places), columns):
            part = places[start : start + columns]
            nudge = np.zeros((len(part), params.net.count))
            nudge[np.arange(len(part)), part] = epsilon
            slopes = _slopes(params, np.stack([some + nudge, some - nudge]), X, y)[..., places]
            found[first : first + many, start : start + columns] = (slopes[0] - slopes[1]) / (2 * epsilon)
    found = (found + found.swapaxes(-1, -2)) / 2
    return found.reshape(*params.leading, len(places), len(places))


def hessian_product(params: Params, X: ArrayLike, y: ArrayLike, vector: Params, epsilon: float = NUDGE) -> Params:
    """Return the Hessian times a vector, Params: the change of the gradients for a small move along it.

    One network, without leading axes. Central differences again, two gradients for any number of parameters
    (Pearlmutter 1994, Neural Computation 6(1), gives the exact form).
    """
    size = np.linalg.norm(vector.flat)
    if not size:
        return vector
    nudge = epsilon / size * vector.flat
    slopes = _slopes(params, np.stack([params.flat + nudge, params.flat - nudge]), X, y)
    return trusted(params.net, (slopes[0] - slopes[1]) * size / (2 * epsilon))


def sharpness(params: Params, X: ArrayLike, y: ArrayLike, free: Sequence | None = None) -> Sharpness:
    """Return the Sharpness: the largest eigenvalue of the Hessian of the loss, and that direction.

    Arguments as for `hessian`. Up to 300 free parameters from the whole Hessian, with any leading axes; beyond that by
    repeated products of the Hessian with a vector (Lanczos 1950: the power iteration, all its vectors kept), for one
    network, to a relative error of about 1e-6. Raises ValueError as `hessian` does.
    """
    places = _places(params, free)
    if len(places) > FULL:
        return _searched(params, X, y, places)
    values, vectors = np.linalg.eigh(hessian(params, X, y, free))
    direction = np.zeros((*params.leading, params.net.count))
    direction[..., places] = _turned(vectors[..., -1])
    return Sharpness(values[..., -1], trusted(params.net, direction))


def _turned(directions):
    """Return the directions with the sign that makes their largest entry positive: an eigenvector has no side."""
    largest = np.take_along_axis(directions, abs(directions).argmax(axis=-1)[..., np.newaxis], axis=-1)
    return directions * np.where(largest < 0, -1, 1)


def _searched(params, X, y, places):
    """Return the Sharpness of one large network, by the method of Lanczos, begun again from its best direction."""
    if params.leading:
        raise ValueError(f"params: expected one network, as it has {len(places)} parameters, got {describe(params)}")

    def product(direction):
        vector = np.zeros(params.net.count)
        vector[places] = direction
        return hessian_product(params, X, y, trusted(params.net, vector)).flat[places]

    best = np.random.default_rng(0).normal(size=len(places))
    value = 0.0
    for _ in range(ROUNDS):
        known, products = np.empty((0, len(places))), np.empty((0, len(places)))
        following = best
        for _ in range(min(PRODUCTS, len(places))):
            for _ in range(2):  # once is not enough: rounding leaves a rest
                following = following - known.T @ (known @ following)
            size = np.linalg.norm(following)
            if size < 1e-12:
                break
            known = np.vstack([known, following / size])
            following = product(known[-1])
            products = np.vstack([products, following])
        within = known @ products.T
        values, vectors = np.linalg.eigh((within + within.T) / 2)
        before, value, best = value, values[-1], vectors[:, -1] @ known
        if abs(value - before) <= CLOSE * abs(value):
            break
    direction = np.zeros(params.net.count)
    direction[places] = _turned(best)
    return Sharpness(np.asarray(value), trusted(params.net, direction))


def _places(params, free):
    """Return the positions of the free entries in `params.flat`; ValueError for what is none."""
    if not isinstance(params, Params):
        raise ValueError(f"params: expected Params, as net.init(rng) returns them, got {describe(params)}")
    if free is None:
        return np.arange(params.net.count)
    places = np.array([params.position(*entry) for entry in free], dtype=int)
    if not len(places):
        raise ValueError("free: expected at least one entry, got none")
    return places


def _slopes(params, flat, X, y):
    """Return the gradients (..., P) of the networks with these flat parameters (..., P)."""
    return backward(forward(trusted(params.net, flat), X), y).flat
