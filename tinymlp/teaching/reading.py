"""How a filled sheet is read: each number judged from the learner's own numbers before it, or from the right ones."""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.teaching.conventions import alternatives
from tinymlp.teaching.tables import with_halves
from tinymlp.teaching.work import Work, is_optional, right, room, sources

if TYPE_CHECKING:
    from tinymlp.teaching.cells import Cell

WHOLE = re.compile("[+-]?[1-9][0-9]*")
FIRM = 0.05  # from numbers that leave more room than this, anything would fit
DIGITS = (3, 4, 5, 6)  # after a lost point; with two or one, a number fits by chance too often


@dataclass(frozen=True)
class Wrong:
    """A wrong cell: what was given and what is right; stage: what `name_slips` has to know of the stage it is in."""

    cell: "Cell"
    given: float
    answer: float
    stage: tuple

    @property
    def key(self):
        """Its (iteration, name): the same in every convention."""
        return self.cell.t, self.cell.name

    @property
    def place(self):
        """Its (iteration, stage)."""
        return self.cell.t, self.cell.stage


def judge(sheet, written, put_right=frozenset()):
    """Return (wrong, work): a Wrong for each wrong cell, in order, and the Work that the sheet was judged from.

    written: what `with_halves` returns; put_right: the (iteration, stage) in which a wrong number is replaced by the
    right one for all that comes after it.
    """
    work, wrong, by_stage = Work(sheet.problem, sheet.conventions), [], {}
    usual = float(np.median([half for _, half in written.values()])) if written else 0.0
    for cell in sheet.cells:
        by_stage.setdefault((cell.t, cell.stage), []).append(cell)
    for (t, stage), cells in by_stage.items():
        filled = [cell for cell in cells if (t, cell.name) in written]
        if is_optional(stage) and not filled:
            continue
        true = right(work, t, stage)
        # A blank is filled in from rounded numbers, and its own number, though not written here, was rounded as well.
        spread = room(work, t, stage)
        given, halves = np.full_like(true, np.nan), spread + usual
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
    one, gets numbers that do not fit what is written, and nothing is wrong with those; nor is anything with those of
    who does the one here and the other there. So stage by stage what comes after is judged in both ways, and what fits
    either is right. wrong, work: those of `judge`.
    """
    put_right = frozenset()
    for place in dict.fromkeys(one.place for one in wrong):
        places = {one.place for one in wrong}
        if place in places and place != wrong[-1].place:
            other, other_work = judge(sheet, written, put_right | {place})
            other = [one for one in other if one.key in {one.key for one in wrong}]
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


def without_thousands(sheet, texts):
    """Return (texts, changed): 345 is taken as 0.345 where that fits, and the number of it as written does not.

    Where commas are decimal, a point separates thousands: a spreadsheet saves a typed 0.345 as 345. Numbers that fit in
    neither way (a slip) are taken so if it was done to all. texts: what `read_table` returns; changed: {(iteration,
    name): text as it was written}.
    """
    read, count = _one_by_one(sheet, texts)
    if count:
        of_all = {key: _shifted(text, DIGITS[0]) for key, text in texts.items() if WHOLE.fullmatch(text)}
        if 2 * len(judge(sheet, with_halves(texts | of_all))[0]) <= count:
            read = texts | of_all
    return read, {key: text for key, text in texts.items() if text != read[key]}


def _one_by_one(sheet, texts):
    """Return (texts, count): with a point where that fits, and how many are wrong if whole numbers are among them."""
    while any(WHOLE.fullmatch(text) for text in texts.values()):
        wrong, _ = judge(sheet, with_halves(texts))
        whole = [one for one in wrong if WHOLE.fullmatch(texts[one.key])]
        fitting = [(one, text) for one in whole if (text := _with_a_point(one, texts[one.key]))]
        if not fitting:
            return texts, len(wrong) if whole else 0
        # Stage by stage: what comes later is judged from these.
        texts = texts | {one.key: text for one, text in fitting if one.place == fitting[0][0].place}
    return texts, 0


def _shifted(text, digits):
    return f"{int(text) / 10**digits:.{digits}f}"


def _with_a_point(wrong, text):
    """Return the text of a wrong whole number with the point before its last digits that makes it right, or ""."""
    tolerance, _, half = wrong.stage
    spread = tolerance[wrong.cell.index] - 1.05 * half
    for digits in DIGITS if spread < FIRM else ():
        if abs(int(text) / 10**digits - wrong.answer) <= spread + 1.05 * 0.5 / 10**digits:
            return _shifted(text, digits)
    return ""


def in_their_conventions(sheet, written, wrong, work):
    """Return (sheet, wrong, work), read by the conventions that the numbers themselves show, if not by the sheet's.

    A convention explains the first stage that is wrong, and calls no number wrong that was right. What one cell alone
    shows, or one iteration of two, is therefore a slip and no convention. wrong, work: those of `judge`.
    """
    problem, own, tried = sheet.problem, sheet.conventions, []
    for other in alternatives(own, problem.net, len(problem.X)) if wrong else ():
        # What explains the stage and does not fit the rest fits it no better with another change on top.
        if any(other.includes(one, own) for one in tried) or not _explains(other, wrong, work):
            continue
        tried.append(other)
        read = replace(sheet, conventions=other)
        still, their_work = judge(read, written)
        fewer = {one.key for one in still} < {one.key for one in wrong}
        if fewer and wrong[0].place not in {one.place for one in still}:
            return in_their_conventions(read, written, still, their_work)
    return sheet, wrong, work


def _explains(other, wrong, work):
    """Return whether a convention gives the wrong numbers of the first stage that has some: a glance beforehand."""
    (t, stage), (tolerance, given, _) = wrong[0].place, wrong[0].stage
    trial = work.copy()
    trial.conventions = other
    if other.update != work.conventions.update:
        if stage not in ("loss", *"gvw"):  # what a sample gives is the same
            return False
        of_samples = [key for key in trial.values if (key[0] and key[1][0] in "zhpesd") or key[1] == "losses"]
        trial.values |= {(u, name): trial.values[u, name][trial.rows(u)] for u, name in of_samples}
    theirs = right(trial, t, stage)
    return all(
        abs(theirs[one.cell.index] - given[one.cell.index]) <= 4 * tolerance[one.cell.index]
        for one in wrong
        if one.place == (t, stage)
    )
