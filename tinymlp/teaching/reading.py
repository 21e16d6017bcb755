"""How a filled sheet is read: each number judged from the learner's own numbers before it, or from the right ones."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.teaching.work import Work, is_optional, right, room

if TYPE_CHECKING:
    from tinymlp.teaching.homework import Cell


@dataclass(frozen=True)
class Wrong:
    """A wrong cell: what was given and what is right; stage: what `name_slips` has to know of the stage it is in."""

    cell: "Cell"
    given: float
    answer: float
    stage: tuple

    @property
    def place(self):
        """Its (iteration, stage)."""
        return self.cell.t, self.cell.stage


def judge(sheet, written, put_right=frozenset()):
    """Return (wrong, work): a Wrong for each wrong cell, in order, and the Work that the sheet was judged from.

    written: what `read_table` returns; put_right: the (iteration, stage) in which a wrong number is replaced by the
    right one for all that comes after it.
    """
    work, wrong, by_stage = Work(sheet.problem), [], {}
    for cell in sheet.cells:
        by_stage.setdefault((cell.t, cell.stage), []).append(cell)
    for (t, stage), cells in by_stage.items():
        filled = [cell for cell in cells if (t, cell.name) in written]
        if is_optional(stage) and not filled:
            continue
        true = right(work, t, stage)
        # A blank is filled in from rounded numbers, so it is only as exact as they are.
        spread = room(work, t, stage)
        given, halves = np.full_like(true, np.nan), spread.copy()
        for cell in filled:
            given[cell.index], halves[cell.index] = written[t, cell.name]
        scale, tolerance, fits = _scale(sheet, stage, given, halves, true, spread)
        values = np.where(np.isnan(given), true, scale * given)
        halves = np.where(np.isnan(given), halves, scale * halves)
        for cell in filled:
            at = cell.index
            if not fits[at]:
                known = tolerance, given, written[t, cell.name][1]
                wrong.append(Wrong(cell, float(given[at]), float(true[at] / scale), known))
                if (t, stage) in put_right:
                    values[at], halves[at] = true[at], spread[at]
        work.values[t, stage], work.halves[t, stage] = values, halves
    return wrong, work


def _scale(sheet, stage, given, halves, true, spread):
    """Return (scale, tolerance, fits) for the numbers of a stage.

    scale: N where deltas are given as those of the mean loss, divided by N, and 1 elsewhere; fits: which numbers are
    right, to within the tolerance.
    """
    best = None
    for scale in (1, len(sheet.problem.X)) if stage[0] == "d" else (1,):
        tolerance = 1.05 * (halves + spread / scale) + 1e-9 * abs(true) + 1e-12
        fits = abs(given - true / scale) <= tolerance
        if best is None or fits.sum() > best[2].sum():
            best = scale, tolerance, fits
    return best


def fewest(sheet, written, wrong):
    """Return a Wrong for each wrong cell in that reading of the sheet in which they are fewest.

    Who goes on with a wrong number gets numbers that fit it. Who miscopies a right number, and goes on with the right
    one, gets numbers that do not fit what is written, and nothing is wrong with those. Stage by stage, what comes after
    is judged in the way that calls fewer cells wrong. wrong: those of `judge`.
    """
    put_right = frozenset()
    for place in dict.fromkeys(one.place for one in wrong):
        places = {one.place for one in wrong}
        if place in places and place != wrong[-1].place:
            other, _ = judge(sheet, written, put_right | {place})
            if len(other) < len(wrong):
                wrong, put_right = other, put_right | {place}
    return wrong
