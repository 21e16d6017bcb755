"""What a filled sheet is worth: its stages, how each came out, and a point for each stage and not for each number."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinymlp.teaching.slips import SAYINGS
from tinymlp.teaching.work import is_optional
from tinymlp.words import above

if TYPE_CHECKING:
    from tinymlp.teaching.cells import Cell
    from tinymlp.teaching.checking import Outcome

# Of each stage of parameters, and of the losses: its part of an iteration, and its title as on the sheet.
TITLES = {
    "losses": ("Forward", "losses"),
    "g": ("Backward", "gradients g"),
    "v": ("Update", "velocities v"),
    "w": ("Update", "new values"),
}


@dataclass(frozen=True)
class Stage:
    """One stage of one iteration, with the steps that may be left out on the way to it, and how it came out.

    filled, cells: how many of its numbers are there, and how many are asked for; wrongs: the wrong ones; slips: the
    first wrong Cell of each kind of number in it, with the likely slips; carried: whether it was worked out from wrong
    numbers before it.
    """

    t: int
    name: str
    part: str
    title: str
    filled: int
    cells: int
    wrongs: tuple[Cell, ...]
    slips: tuple[tuple[Cell, tuple[str, ...]], ...]
    carried: bool

    @property
    def state(self) -> str:
        """How it came out: "right", "follows" (right, from an earlier slip), "slip", "part" (some blank) or "blank"."""
        if self.wrongs:
            return "slip"
        if self.filled < self.cells:
            return "part" if self.filled else "blank"
        return "follows" if self.carried else "right"

    @property
    def counts(self) -> bool:
        """Whether it is worth its points: all of its numbers are there, and right from the learner's own before it."""
        return self.state in ("right", "follows")


def leads_to(stage: str) -> str:
    """Return the stage that a stage belongs to: a copied old value to the new ones, a step in between to the gradients.

    Who writes the steps down then wins and loses no more by them than who leaves them out.
    """
    if stage in ("old w", "old v"):
        return stage[-1]
    return "g" if is_optional(stage) else stage


def stages(outcome: Outcome) -> list[Stage]:
    """Return the stages of a checked sheet, in working order."""
    groups, named = {}, dict(outcome.further)
    if outcome.wrong:
        named[outcome.wrong] = outcome.slips
    for cell in outcome.numbers:
        if not cell.optional:
            groups.setdefault((cell.t, cell.stage), [])
    for cell in outcome.numbers:
        groups[cell.t, leads_to(cell.stage)].append(cell)
    return [_stage(outcome, t, name, cells, named) for (t, name), cells in groups.items()]


def _stage(outcome, t, name, cells, named):
    asked = [cell for cell in cells if not cell.optional]
    part, title = TITLES.get(name) or ("Forward", asked[0].title if name == "loss" else name[0] + above(name[1:]))
    return Stage(
        t,
        name,
        part,
        title,
        sum(outcome.numbers[cell] is not None for cell in asked),
        len(asked),
        tuple(cell for cell in outcome.wrongs if cell in cells),
        tuple((cell, named[cell]) for cell in cells if cell in named),
        any((t, cell.stage) in outcome.carried for cell in cells),
    )


def right_of(outcome: Outcome) -> tuple[int, int]:
    """Return how many stages count, and how many there are."""
    found = stages(outcome)
    return sum(stage.counts for stage in found), len(found)


def points_of(outcome: Outcome, most: float) -> float:
    """Return the points of a sheet, the most shared equally over its stages, rounded to half points."""
    right, count = right_of(outcome)
    return math.floor(2 * most * right / count + 0.5) / 2


def in_short(outcome: Outcome) -> str:
    """Return in a line how a sheet came out, without a right number: what a platform shows a learner as feedback."""
    right, count = right_of(outcome)
    text = f"{right} of {count} stages right."
    named = [(cell, slips) for stage in stages(outcome) for cell, slips in stage.slips]
    if named:
        cell, slips = named[0]
        likely = f": {' or '.join(SAYINGS[name] for name in slips)}" if slips else ""
        text += f" First slip: iteration {cell.t}, {cell.name}{likely}."
    return text
