"""Numbers that were guessed, sorted into a few bars with round edges."""

from __future__ import annotations

from bisect import bisect_right
from math import ceil, floor, log10
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.words import on_page, short

if TYPE_CHECKING:
    from collections.abc import Sequence

ABOUT = 5  # bars for the middle eight tenths of the guesses


class Bins:
    """Bars for guesses: `.words`, what each stands for, and `.of(guess)`, the words of its bar.

    The middle eight tenths decide on the edges; the first and last bar are open, so that one wild guess does not push
    all others into one bar. The right answer plays no part: it cannot be read off the edges.
    """

    def __init__(self, guesses: Sequence[float]) -> None:
        low, high = np.percentile(guesses, (10, 90))
        step = _round_step((high - low) / ABOUT or abs(low) / ABOUT or 1.0)
        first = floor(low / step)
        self.edges = [float(f"{n * step:.12g}") for n in range(first, max(first + 1, ceil(high / step)) + 1)]
        inner = zip(self.edges, self.edges[1:], strict=False)
        words = [f"below {_said(self.edges[0])}", *(f"{_said(a)} to {_said(b)}" for a, b in inner)]
        self._words = [*words, f"{_said(self.edges[-1])} or more"]
        held = [bisect_right(self.edges, guess) for guess in guesses]
        self.words = tuple(self._words[min(held) : max(held) + 1])

    def of(self, guess: float) -> str:
        """Return the words of the bar that a guess is in; an edge belongs to the bar above it."""
        return self._words[bisect_right(self.edges, guess)]


def _said(number):
    return on_page(short(number))


def _round_step(least):
    """Return 1, 2 or 5 times a power of ten, at least `least`."""
    power = 10.0 ** floor(log10(least))
    return next(power * n for n in (1, 2, 5, 10) if power * n >= least * (1 - 1e-9))
