"""Guesses that are drawn on a picture: a place, a curve to come, an angle. Each kind checks, says and measures one.

A guess and the truth are tuples of numbers, whatever the kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import TYPE_CHECKING

from tinymlp.checks import describe, one_number, whole
from tinymlp.words import decimal

if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True)
class Drawn:
    """What is to be drawn. `truth` is None until it is told, and `locked` whether the guess can no longer be moved.

    within: how far off still counts as right, in the units of the picture. at: the iterations of a curve, (K,).
    """

    within: float | tuple[float, ...]
    at: tuple[int, ...] = ()
    truth: tuple[float, ...] | None = None
    locked: bool = False

    kind, count, asks, where = "", 0, "", ""

    def checked(self, guess: Any, name: str = "guess") -> tuple[float, ...]:
        """Return the guess as a tuple of floats; ValueError unless it has as many numbers as the kind needs."""
        numbers = tuple(guess) if isinstance(guess, tuple | list) else (guess,)
        if len(numbers) != self.count:
            raise ValueError(f"{name}: expected {self.count} numbers for a {self.kind}, got {describe(guess)}")
        return tuple(one_number(name, number) for number in numbers)

    def said(self, guess: tuple[float, ...]) -> str:
        """Return a guess, or the truth, in words."""
        raise NotImplementedError

    def apart(self, guess: tuple[float, ...], truth: tuple[float, ...]) -> str:
        """Return in words how far a guess is from the truth."""
        raise NotImplementedError

    def is_close(self, guess: tuple[float, ...], truth: tuple[float, ...]) -> bool:
        """Return whether a guess counts as right."""
        raise NotImplementedError


@dataclass(frozen=True)
class Place(Drawn):
    """A place (x, y) on a map. within: a distance, or one for each axis where the axes have units of their own."""

    kind, count, asks = (
        "place",
        2,
        "Point at the place in the picture, or move a mark there with the arrow keys; then press Lock.",
    )

    def said(self, guess):
        return f"({', '.join(decimal(number, 2) for number in guess)})"

    def apart(self, guess, truth):
        gaps = self._gaps(guess, truth)
        if isinstance(self.within, tuple):
            return f"{decimal(gaps[0], 2)} apart along, {decimal(gaps[1], 2)} up"
        return f"{decimal(hypot(*gaps), 2)} apart"

    def is_close(self, guess, truth):
        gaps = self._gaps(guess, truth)
        if isinstance(self.within, tuple):
            return all(gap <= most for gap, most in zip(gaps, self.within, strict=True))
        return hypot(*gaps) <= self.within

    @staticmethod
    def _gaps(guess, truth):
        return [abs(a - b) for a, b in zip(guess, truth, strict=True)]


@dataclass(frozen=True)
class Curve(Drawn):
    """The values of a curve at the iterations `at`. within: how far off the values may be on average."""

    kind = "curve"
    asks = (
        "Drag the curve in the picture to where you expect it (arrow keys: left and right choose a point, up and down "
        "move it); then press Lock."
    )

    def __post_init__(self):
        if len(self.at) < 2:
            raise ValueError(f"at: expected at least two iterations, got {describe(self.at)}")
        object.__setattr__(self, "at", tuple(whole("at", t, least=1) for t in self.at))

    count = property(lambda self: len(self.at))
    where = property(lambda self: f" at t = {', '.join(map(str, self.at))}")

    def said(self, guess):
        return ", ".join(decimal(value, 2) for value in guess)

    def apart(self, guess, truth):
        return f"{decimal(self._gap(guess, truth), 2)} apart on average"

    def is_close(self, guess, truth):
        return self._gap(guess, truth) <= self.within

    @staticmethod
    def _gap(guess, truth):
        return sum(abs(a - b) for a, b in zip(guess, truth, strict=True)) / len(truth)


@dataclass(frozen=True)
class Angle(Drawn):
    """An angle in degrees, from 0 to 180."""

    kind, count = "angle", 1
    asks = "Turn an arrow in the picture to the angle, with the pointer or the arrow keys; then press Lock."

    def checked(self, guess, name="guess"):
        (degrees,) = super().checked(guess, name)
        return (one_number(name, degrees, least=0, most=180),)

    def said(self, guess):
        return f"{guess[0]:.0f}°"

    def apart(self, guess, truth):
        return f"{abs(guess[0] - truth[0]):.0f}° apart"

    def is_close(self, guess, truth):
        return abs(guess[0] - truth[0]) <= self.within


DRAWN = {kind.kind: kind for kind in (Place, Curve, Angle)}
