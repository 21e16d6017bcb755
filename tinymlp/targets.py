"""What targets are, classes or numbers, and the units of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import choice, finite_array

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

MOST_CLASSES = 50
FEW = 10  # whole numbers: up to so many different ones are taken for classes
FITS = 10.0  # numbers up to here are learnt as they are


@dataclass(frozen=True, eq=False)
class Units:
    """The units of targets that were standardised: their name, and mean and spread (C,) before that."""

    name: str
    mean: np.ndarray
    spread: np.ndarray

    def of(self, p: Any) -> np.ndarray:
        """Return standardised values (..., C) in the units that they had."""
        return self.mean + self.spread * np.asarray(p)


def span(values: np.ndarray) -> str:
    """Return in words how far numbers reach, large ones without powers of ten."""
    ends = [f"{value:.0f}" if abs(value) >= 1e5 else f"{value:.5g}" for value in (values.min(), values.max())]
    return f"from {ends[0]} to {ends[1]}"


def kind_of(values: np.ndarray) -> str:
    """Return "classes" or "numbers" for targets (N,) or (N, C).

    Words are classes, and so are 0 and 1. Other whole numbers are classes if there are at most FEW different ones and
    each of them is there at least twice. All else is numbers.
    """
    if values.dtype.kind in "bUS":
        return "classes"
    if values.ndim != 1 or not is_whole(values):
        return "numbers"
    found, counts = np.unique(values, return_counts=True)
    few = 2 <= len(found) <= FEW and counts.min() >= 2
    return "classes" if few or found.tolist() == [0, 1] else "numbers"


def is_whole(values: np.ndarray) -> bool:
    """Return whether all values are finite whole numbers."""
    return values.dtype.kind in "iuf" and bool((np.isfinite(values) & (values == np.round(values))).all())


def class_name(value: Any) -> str:
    """Return the name of a class: of the number 1.0 it is 1."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def in_classes(values: np.ndarray, classes: Sequence[str] = ()) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return (labels (N,), names) of targets that are classes, in the order of `classes` if all are among these.

    Raises ValueError for fewer than two classes, and for more than MOST_CLASSES.
    """
    each = values.tolist() if values.ndim == 1 and values.dtype.kind in "biufUS" else []
    found = sorted(set(each))
    names, wanted = list(map(class_name, found)), list(map(class_name, classes))
    if set(names) <= set(wanted):
        names = wanted
    if not 2 <= len(names) <= MOST_CLASSES:
        raise ValueError(f"target: expected 2 to {MOST_CLASSES} classes, got {len(names)}")
    places = {value: names.index(class_name(value)) for value in found}
    return np.array([places[value] for value in each]), tuple(names)


def as_targets(
    values: np.ndarray, kind: str | None, classes: Sequence[str] = ()
) -> tuple[np.ndarray, tuple[str, ...], str]:
    """Return (targets, names, words): labels (N,) and the names of their classes, or numbers (N, C) and none.

    words say what the targets were taken for, and how to have the other, where one may doubt. Raises ValueError for
    another kind, for numbers that are none, and as `in_classes`.
    """
    decided = kind is None
    if choice("kind", kind or kind_of(values), ("classes", "numbers")) == "classes":
        labels, names = in_classes(values, classes)
        counts = np.bincount(labels, minlength=len(names))
        named = [f"{name} ({count})" for name, count in zip(names, counts, strict=True)]
        words = f"classes {', '.join(named[:FEW])}{', ...' if len(named) > FEW else ''}"
        other = 'kind="numbers" takes them as numbers' if decided and values.dtype.kind in "iuf" else ""
    else:
        labels, names = finite_array("target", values).reshape(len(values), -1), ()
        words = f"numbers {span(labels)}"
        doubt = decided and values.ndim == 1 and is_whole(values) and 2 <= len(np.unique(values)) <= FEW
        other = 'kind="classes" takes them as classes' if doubt else ""
    return labels, names, f"{words}; {other}" if other else words
