"""How a filled sheet is read: each number judged from the learner's own numbers before it, or from the right ones."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.teaching.conventions import alternatives
from tinymlp.teaching.work import Work, is_optional, right, room, sources

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
    work, wrong, by_stage = Work(sheet.problem, sheet.conventions), [], {}
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
    for scale in dict.fromkeys((1, len(true))) if stage[0] == "d" else (1,):
        tolerance = 1.05 * (halves + spread / scale) + 1e-9 * abs(true) + 1e-12
        fits = abs(given - true / scale) <= tolerance
        if best is None or fits.sum() > best[2].sum():
            best = scale, tolerance, fits
    return best


def fewest(sheet, written, wrong, work):
    """Return (wrong, work) of that reading of the sheet in which the fewest cells are wrong.

    Who goes on with a wrong number gets numbers that fit it. Who miscopies a right number, and goes on with the right
    one, gets numbers that do not fit what is written, and nothing is wrong with those. Stage by stage, what comes after
    is judged in the way that calls fewer cells wrong. wrong, work: those of `judge`.
    """
    put_right = frozenset()
    for place in dict.fromkeys(one.place for one in wrong):
        places = {one.place for one in wrong}
        if place in places and place != wrong[-1].place:
            other, other_work = judge(sheet, written, put_right | {place})
            if len(other) < len(wrong):
                wrong, work, put_right = other, other_work, put_right | {place}
    return wrong, work


def carried(work, wrong, follow):
    """Return the (iteration, stage) that were worked out from wrong numbers, directly or by way of others.

    wrong: those with a wrong number; follow: those that go on with the right number in place of the wrong one.
    """
    touched = set(wrong)
    for place in work.values:  # in working order
        if place not in follow and touched.intersection(sources(work, *place)):
            touched.add(place)
    return frozenset(touched - wrong)


def cut_off(sheet, written, wrong, work):
    """Return (written, wrong, work), read as numbers that were cut off, if so read at most half as many are wrong.

    Then each stands for those from itself up to one unit of its last digit further from 0.
    """
    if len(wrong) < 2:
        return written, wrong, work
    cut = {key: (value + np.copysign(half, value), half) for key, (value, half) in written.items()}
    still, their_work = judge(sheet, cut)
    return (cut, still, their_work) if 2 * len(still) <= len(wrong) else (written, wrong, work)


def in_their_conventions(sheet, written, wrong, work):
    """Return (sheet, wrong, work), read by the conventions that the numbers themselves show, if not by the sheet's.

    A convention explains the first stage that is wrong, and calls no number wrong that was right. What one cell alone
    shows, or one iteration of two, is therefore a slip and no convention. wrong, work: those of `judge`.
    """
    problem = sheet.problem
    for other in alternatives(sheet.conventions, problem.net, len(problem.X)) if wrong else ():
        if not _explains(other, wrong, work):
            continue
        read = replace(sheet, conventions=other)
        still, their_work = judge(read, written)
        if {one.cell for one in still} < {one.cell for one in wrong} and wrong[0].place not in {w.place for w in still}:
            return in_their_conventions(read, written, still, their_work)
    return sheet, wrong, work


def _explains(other, wrong, work):
    """Return whether a convention gives the wrong numbers of the first stage that has some: a glance beforehand."""
    (t, stage), (tolerance, given, _) = wrong[0].place, wrong[0].stage
    trial = work.copy()
    trial.conventions = other
    theirs = right(trial, t, stage)
    return all(
        abs(theirs[one.cell.index] - given[one.cell.index]) <= 4 * tolerance[one.cell.index]
        for one in wrong
        if one.place == (t, stage)
    )
