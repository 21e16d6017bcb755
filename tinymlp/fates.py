"""What became of many runs at once: whether the loss ever rose, and whether it came down again.

A rise is no divergence: a run with momentum swings past the bottom and back (it rings) long before its steps are too
long to settle. So the loss of a run over a stretch of steps, its horizon, has one of four fates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import describe, whole
from tinymlp.sweep import many_runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tinymlp.params import Params
    from tinymlp.problems import Problem
    from tinymlp.sweep import Runs

FATES = SETTLED, RANG, GREW, STOPPED = "settled", "rang", "grew", "stopped"
RISE = 1e-9  # a step that takes the loss up by less than this is rounding


def rises(history: np.ndarray) -> np.ndarray:
    """Return in which steps the loss rises (steps, ...), for the losses (steps + 1, ...)."""
    return np.diff(history, axis=0) > RISE


def fates(runs: Runs) -> np.ndarray:
    """Return the fate of each run (...), as its place in FATES; the runs must have kept their history.

    stopped: the next step would have diverged, so it was not taken. settled: the loss never rose. grew: the highest
    loss of the last quarter of the steps is above that of the quarter before, or above the loss at the start. rang: it
    rose, and none of these. A fate is that of a horizon: with more steps, some that settled or rang will have grown.
    """
    history = _history(runs)
    quarter = max(1, (len(history) - 1) // 4)
    late = history[-quarter:].max(axis=0)
    before = history[-2 * quarter : -quarter].max(axis=0, initial=-np.inf)
    grew = (late > before + RISE) | (late > runs.first + RISE)
    choices = [(runs.stopped, STOPPED), (~rises(history).any(axis=0), SETTLED), (grew, GREW)]
    return np.select([where for where, _ in choices], [FATES.index(name) for _, name in choices], FATES.index(RANG))


def count_overshoots(problem: Problem, steps: int, starts: Params, **how: Any) -> int:
    """Return in how many of the starts, Params (R, P), the loss rises in at least one of the steps.

    how: eta, gamma and whatever else `many_runs` takes. Raises ValueError as it does.
    """
    runs = many_runs(problem, steps, starts=starts, history=True, **how)
    return int(rises(_history(runs)).any(axis=0).sum())


def first_rise(eta: np.ndarray, rose: np.ndarray) -> np.ndarray:
    """Return the smallest of the step sizes eta (E,), in ascending order, whose run rose; NaN where none did.

    rose (..., E): whether each run's loss rose. The result has the leading axes (...).
    """
    return np.where(rose.any(axis=-1), eta[rose.argmax(axis=-1)], np.nan)


def _history(runs):
    if runs.history is None:
        raise ValueError(f"runs: expected Runs with history=True, got {describe(runs)}")
    return runs.history


@dataclass(frozen=True)
class SettingsMap:
    """The runs of a grid of settings: eta (E,) and gamma (G,), their fates (G, E) and last losses (G, E).

    first: the loss at the start. done: how many of the runs are finished; until all are, a cell shows the one nearest
    below it that is.
    """

    eta: np.ndarray
    gamma: np.ndarray
    fates: np.ndarray
    losses: np.ndarray
    first: float
    done: int

    @property
    def finished(self) -> bool:
        return self.done == self.fates.size

    @property
    def border(self) -> np.ndarray:
        """The smallest eta at which the loss rises (G,), for each gamma; NaN where it never does."""
        return first_rise(self.eta, self.fates != FATES.index(SETTLED))


def settings_maps(
    problem: Problem, steps: int, eta: np.ndarray, gamma: np.ndarray, at_once: int, **how: Any
) -> Iterator[SettingsMap]:
    """Yield the SettingsMap of eta (E,) and gamma (G,), first a coarse one and then finer ones, until all is known.

    The first takes about half of `at_once` runs and each later one `at_once` more, so that whoever draws them can stop
    when the answer is no longer wanted. how: as for `many_runs`.
    """
    shape = len(gamma), len(eta)
    rows, columns = np.indices(shape)
    apart = int(np.ceil(np.sqrt(2 * rows.size / whole("at_once", at_once, least=1))))
    coarse = (rows % apart == 0) & (columns % apart == 0)
    rest = np.flatnonzero(~coarse)
    portions = [np.flatnonzero(coarse), *(rest[first : first + at_once] for first in range(0, len(rest), at_once))]
    kinds, losses, done = np.zeros(rows.size, dtype=int), np.zeros(rows.size), 0
    for portion in portions:
        etas, gammas = eta[columns.flat[portion]], gamma[rows.flat[portion]]
        runs = many_runs(problem, steps, eta=etas, gamma=gammas, history=True, **how)
        kinds[portion], losses[portion], done = fates(runs), runs.losses, done + len(portion)
        if portion is portions[0]:
            below = (rows // apart * apart * shape[1] + columns // apart * apart).ravel()
            kinds, losses = kinds[below], losses[below]
        first = float(runs.first[0])
        yield SettingsMap(eta, gamma, kinds.reshape(shape).copy(), losses.reshape(shape).copy(), first, done)
