"""Flawed sheets: a worked sheet with one slip, made by the homework's own slips, and worked to its end from there.

Erroneous examples help after a week rather than at once: McLaren, Adams & Mayer 2015,
International Journal of Artificial Intelligence in Education 25(4).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.teaching import homework
from tinymlp.teaching.predictions import Prediction
from tinymlp.teaching.slips import SAYINGS, slips
from tinymlp.teaching.work import Work, right, stage_names

if TYPE_CHECKING:
    from tinymlp.teaching.cells import Cell, Sheet

SHOWN = "{:.4f}"
SEEN = 0.01  # how far off the wrong number is at least: no rounding explains that
APART = 0.0003  # how far apart what two reasons would give is at least
REASONS = 4
# The slips that a flawed sheet may have: those that a learner can find by working the number out again.
USUAL = (
    "sign", "mean", "slope", "other slope", "other activation", "no activation", "stale gradient", "gamma",
    "velocity sign", "eta twice", "eta", "updated first", "transposed", "bias", "target", "logarithm", "half",
    "old weights", "old velocity", "start", "weight",
)  # fmt: skip
LIKE = {"sign": "velocity sign", "velocity sign": "sign"}  # words that could be taken for one another


@dataclass(frozen=True, eq=False)
class Flawed:
    """A worked sheet with one wrong number. Made by `flawed`.

    sheet: as `homework.sheet` makes it; table: what is written in each cell, by (iteration, name); cell: the one that
    does not follow from those before it; slip: its name in `slips.SAYINGS`; given, answer: what stands there, and what
    should; reasons: what is offered as its cause, with what each would give there.
    """

    sheet: Sheet
    table: dict[tuple[int, str], str]
    cell: Cell
    slip: str
    given: float
    answer: float
    reasons: dict[str, str]

    @property
    def place(self) -> str:
        """The cell as a learner chooses it."""
        return place(self.cell)

    @property
    def why(self) -> str:
        """What is wrong with the number, in a few words."""
        return SAYINGS[self.slip]

    def told(self) -> str:
        """Return what a learner is told in the end."""
        given, answer = SHOWN.format(self.given), SHOWN.format(self.answer)
        return (
            f"I{self.place[1:]}: {given} is written, and {answer} follows from the numbers before it: {self.why}. "
            "What comes after was worked out from what is written."
        )

    def questions(self) -> tuple[Prediction, Prediction]:
        """Return the two questions: which number is wrong, and why. Neither tells before both are locked."""
        cells = tuple(place(cell) for cell in self.sheet.cells)
        which = Prediction(
            f"flawed.{self.sheet.id}.cell", "Which number does not follow from those before it?", self.place,
            options=cells, do="Lock the reason as well.",
        )  # fmt: skip
        why = Prediction(
            f"flawed.{self.sheet.id}.reason", "What went wrong there?", self.why, options=tuple(self.reasons),
            do="Lock the number as well.", reasons=self.reasons,
        )  # fmt: skip
        return which, why


def place(cell: Cell) -> str:
    """Return a cell by its iteration and its title, e.g. "iteration 2: z¹₁ s3"."""
    return f"iteration {cell.t}: {cell.title}"


def flawed(seed: int | str) -> Flawed:
    """Return a Flawed sheet: the same one for the same seed, a whole number or a text such as a learner's name.

    The homework check finds its wrong number, names its slip, and finds nothing else wrong.
    """
    sheet = homework.sheet(f"flawed {seed}")
    rng = np.random.default_rng(list(sha256(f"slip {seed}".encode()).digest()))
    for slip, cell, wrong in _chances(sheet, rng):
        table, answer = _worked(sheet, cell, wrong)
        outcome = homework.check(sheet, table)
        if outcome.wrongs == (cell,) and not outcome.follow and outcome.slips == (slip,):
            return Flawed(sheet, table, cell, slip, wrong, answer, _reasons(sheet, cell, slip, wrong, answer, rng))
    raise ValueError(f"flawed: expected a seed whose sheet can hold a slip, got {seed!r}")


def _chances(sheet, rng):
    """Yield (slip, cell, wrong number) in a random order, in which each kind of slip comes as early as any other."""
    cells, work, found = {}, Work(sheet.problem, sheet.conventions), {}
    for cell in sheet.cells:
        cells.setdefault((cell.t, cell.stage), []).append(cell)
    for (t, stage), own in cells.items():
        true = work.values[t, stage] = right(work, t, stage)
        for slip, array in _usual(work, t, stage):
            array = np.broadcast_to(array, true.shape)
            found.setdefault(slip, []).extend(
                (slip, cell, float(array[cell.index])) for cell in own if _is_seen(array[cell.index], true[cell.index])
            )
    for chances in found.values():
        rng.shuffle(chances)
    while any(found.values()):
        for slip in rng.permutation(sorted(found)):
            if found[slip]:
                yield found[slip].pop()


def _usual(work, t, stage):
    return [(name, array) for name, array in slips(work, t, stage) if name in USUAL]


def _is_seen(wrong, true):
    """Return whether a wrong number is told from the right one by who works it out by hand, and fits into a cell."""
    return bool(np.isfinite(wrong)) and abs(wrong) < 100 and abs(wrong - true) > SEEN + 0.02 * abs(true)


def _worked(sheet, wrong_cell, wrong):
    """Return (table, answer): the sheet worked to its end, with a wrong number in one cell, and the right one there."""
    work, answer = Work(sheet.problem, sheet.conventions), None
    for t in range(1, sheet.iterations + 1):
        for stage in stage_names(sheet.problem.net)[2 if t == 1 else 0 :]:
            values = np.array(right(work, t, stage))
            if (t, stage) == (wrong_cell.t, wrong_cell.stage):
                answer, values[wrong_cell.index] = float(values[wrong_cell.index]), wrong
            work.values[t, stage] = values
    table = {(c.t, c.name): SHOWN.format(work.values[c.t, c.stage][c.index] + 0.0) for c in sheet.cells}
    return table, answer


def _reasons(sheet, cell, slip, wrong, answer, rng):
    """Return the reasons that are offered, in the order of SAYINGS, each with what it would give in the cell."""
    work = Work(sheet.problem, sheet.conventions)
    for t in range(1, cell.t + 1):
        for stage in stage_names(sheet.problem.net)[2 if t == 1 else 0 :]:
            if (t, stage) == (cell.t, cell.stage):
                break
            work.values[t, stage] = right(work, t, stage)
    gives, true = {slip: wrong}, right(work, cell.t, cell.stage)
    for name, array in _usual(work, cell.t, cell.stage):
        value = float(np.broadcast_to(array, true.shape)[cell.index])
        if all(abs(value - other) > APART for other in (answer, *gives.values())):
            gives.setdefault(name, value)
    likely = [name for name in gives if name not in (slip, LIKE.get(slip))]
    known = {name for name, _ in _usual(work, cell.t, cell.stage)} | {slip, LIKE.get(slip)}
    unlikely = [name for name in USUAL if name not in known]
    others = [*rng.permutation(likely), *rng.permutation(unlikely)][: REASONS - 1]
    told = {
        name: f"It would give {SHOWN.format(gives[name])} there." if name in gives else "It cannot happen there."
        for name in (slip, *others)
    }
    told[slip] = f"It gives what is written, and {SHOWN.format(answer)} would be right."
    return {SAYINGS[name]: told[name] for name in SAYINGS if name in told}
