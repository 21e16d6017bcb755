"""What a network may be given of a point in the plane: its coordinates, their squares, their product, and sines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import choice, describe, finite_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

INPUTS = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1^2": lambda x1, x2: x1**2,
    "x2^2": lambda x1, x2: x2**2,
    "x1 x2": lambda x1, x2: x1 * x2,
    "sin pi x1": lambda x1, x2: np.sin(np.pi * x1),
    "sin pi x2": lambda x1, x2: np.sin(np.pi * x2),
}
COORDINATES = ("x1", "x2")


def checked_inputs(names: str | Sequence[str]) -> tuple[str, ...]:
    """Return the names of inputs as a tuple; ValueError unless it is one or more of INPUTS, each once."""
    names = (names,) if isinstance(names, str) else tuple(names)
    for name in names:
        choice("inputs", name, INPUTS)
    if not names or len(set(names)) < len(names):
        raise ValueError(f"inputs: expected one or more of {', '.join(map(repr, INPUTS))}, each once, got {names}")
    return names


def of_points(points: ArrayLike, names: Sequence[str]) -> np.ndarray:
    """Return X (..., N, D), the inputs with these names of points (..., N, 2) in the plane.

    Raises ValueError for an unknown name and for points without two coordinates.
    """
    given, names = finite_array("points", points), checked_inputs(names)
    if given.ndim < 2 or given.shape[-1] != 2:
        raise ValueError(f"points: expected shape (..., N, 2), two coordinates each, got {describe(given)}")
    return np.stack([INPUTS[name](given[..., 0], given[..., 1]) for name in names], axis=-1)
