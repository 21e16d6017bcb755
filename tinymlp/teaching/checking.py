"""The check of a filled sheet: the first wrong cell, the likely slip, and what a learner is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from tinymlp.checks import describe
from tinymlp.teaching.cells import Cell, Sheet
from tinymlp.teaching.conventions import told
from tinymlp.teaching.reading import carried, cut_off, fewest, in_their_conventions, judge, without_thousands
from tinymlp.teaching.slips import SAYINGS, name_slips
from tinymlp.teaching.tables import read_table, with_halves
from tinymlp.teaching.work import stage_names
from tinymlp.words import short

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


@dataclass(frozen=True)
class Outcome:
    """What a check found: how many cells were filled in, the first wrong one, and the likely slips behind it.

    cells: how many there are, not counting optional ones that were left blank; wrong: the first wrong Cell, or None;
    slips: their short names; given: what the learner wrote there; `answer` is the right number given the learner's own
    earlier numbers; it is not printed. wrongs: all wrong cells, in order. follow: cells that do not fit a wrong number
    before them, but fit the right one in its place: nothing is wrong with them. conventions: what the learner's text
    does in another way than the sheet, in words; the numbers are judged in that way. further: the first wrong cell of
    each later stage, with its likely slips. notes: which cells were left blank as they could not be read, and which
    were read in another way than they are written. numbers: what was written in each cell, in working order, None where
    it was left blank; carried: the (iteration, stage) worked out from wrong numbers. An outcome is true if all is
    filled in and right.
    """

    filled: int
    cells: int
    wrong: Cell | None
    slips: tuple[str, ...]
    given: float | None
    answer: float | None
    wrongs: tuple[Cell, ...]
    follow: tuple[Cell, ...] = ()
    conventions: tuple[str, ...] = ()
    further: tuple[tuple[Cell, tuple[str, ...]], ...] = ()
    notes: tuple[str, ...] = ()
    numbers: dict[Cell, float | None] = field(default_factory=dict, compare=False, repr=False)
    carried: frozenset[tuple[int, str]] = frozenset()

    @property
    def others(self) -> int:
        """How many more cells are wrong."""
        return max(0, len(self.wrongs) - 1)

    @property
    def right(self) -> bool:
        """Whether nothing is wrong and nothing is left blank."""
        return self.wrong is None and self.filled == self.cells

    def __bool__(self):
        return self.right

    def __str__(self):
        if not self.filled:
            return "Nothing is filled in yet."
        return "\n".join([*self.notes, *self.in_their_way(), self._judged()])

    def in_their_way(self) -> list[str]:
        """Return what a learner is told of the conventions by which the numbers were judged, as lines."""
        if not self.conventions:
            return []
        return [
            f"It seems that {'; and '.join(self.conventions)}.",
            "If so, that is another way of writing, and no mistake.",
        ]

    def _judged(self):
        if self.wrong is None:
            rest = self.cells - self.filled
            all_right = f"All {self.filled} numbers are right." if self.filled > 1 else "Your one number is right."
            right_so_far = all_right.replace("right.", f"right so far; {rest} cells are still empty.")
            return right_so_far if rest else all_right
        return self.told(f"iteration {self.wrong.t}, {self.wrong.name} ({self.wrong.words})")

    def told(self, place: str) -> str:
        """Return what a learner is told of the first wrong number, which stands at this place, and of the others."""
        lines = [f"The first wrong number: {place}. You wrote {short(self.given)}."]
        if self.slips:
            lines.append("Likely: " + ", or ".join(SAYINGS[name] for name in self.slips) + ".")
        else:
            lines.append("It is none of the usual slips: work it out again from the numbers above it.")
        if self.others:
            more = f"{self.others} more {'is' if self.others == 1 else 'are'}"
            lines.append(f"Judged from your own numbers, {more} wrong further on.")
        lines += [
            f"Another one: iteration {cell.t}, {cell.name}. Likely: {', or '.join(SAYINGS[name] for name in slips)}."
            for cell, slips in self.further
            if slips
        ]
        if self.follow:
            lines.append(self._following())
        return "\n".join(lines)

    def _following(self):
        it, them = ("these", "them") if self.others else ("this number", "it")
        are, they_are = ("is", "it is") if len(self.follow) == 1 else ("are", "they are")
        return f"{len(self.follow)} further on {are} off only because of {it}: put {them} right, and {they_are} right."


def order(sheet: Sheet, cell: Cell) -> tuple:
    """Return where a cell comes in the work: gradients are worked out from the output back."""
    names = stage_names(sheet.problem.net)
    layer = int(sheet.problem.net.entries[cell.index[0]].name[1:]) if cell.stage == "g" else 0
    return cell.t, names.index(cell.stage), -layer, cell.index


def check(sheet: Sheet, table: Any) -> Outcome:
    """Return the Outcome for a filled table: a file's path, its text, or a dict {(iteration, name): number}.

    Files are .xlsx, .ods, or CSV of any separator and encoding. Decimal commas, blanks and rounding by hand are fine:
    each number is judged from the learner's own numbers before it, to the precision of its digits. Where the numbers
    further on show that the learner carried on with the right number and miscopied it, they are judged from that.
    Deltas may be divided by the number of samples, or not. Raises ValueError, naming row and column, for what cannot
    be read.
    """
    if not isinstance(sheet, Sheet):
        raise ValueError(f"sheet: expected a Sheet, e.g. homework.sheet(7), got {describe(sheet)}")
    return judged(sheet, read_table(table, sheet))


def judged(sheet: Sheet, texts: dict[tuple[int, str], str], notes: Sequence[str] = ()) -> Outcome:
    """Return the Outcome for the texts of the numbers that are filled in, as `read_table` returns them.

    notes: what is to be said of how they were read.
    """
    texts, changed = without_thousands(sheet, texts)
    notes = [*notes, *_of_thousands(texts, changed)]
    written = with_halves(texts)
    read, own, work = in_their_conventions(sheet, written, *judge(sheet, written))
    ways, rounded = told(sheet.conventions, read.conventions), written
    written, own, work = cut_off(read, written, own, work)
    if written is not rounded:
        ways.append("your numbers are cut off, where ours are rounded")
    wrong, work = fewest(read, written, own, work)
    asked = {(cell.t, cell.name) for cell in read.cells if not cell.optional} | set(written)
    # The first wrong number of each stage, in working order, and its likely slips.
    firsts = {}
    for judged in sorted(wrong, key=lambda judged: order(sheet, judged.cell)):
        firsts.setdefault(judged.place, judged)
    named = [
        (
            one.cell,
            tuple(name_slips(work, one.cell.t, one.cell.stage, one.cell.index, *one.stage)),
            one.given,
            one.answer,
        )
        for one in firsts.values()
    ]
    first, slips, given, answer = named[0] if named else (None, (), None, None)
    kept = {judged.cell for judged in wrong}
    follow = tuple(judged.cell for judged in own if judged.cell not in kept)
    return Outcome(
        filled=len(written),
        cells=len(asked),
        wrong=first,
        slips=slips,
        given=given,
        answer=answer,
        wrongs=tuple(sorted((judged.cell for judged in wrong), key=partial(order, sheet))),
        follow=follow,
        conventions=tuple(ways),
        further=tuple((cell, slips) for cell, slips, _, _ in named[1:]),
        notes=tuple(notes),
        numbers={cell: rounded.get((cell.t, cell.name), (None,))[0] for cell in read.cells},
        carried=carried(work, set(firsts), {(cell.t, cell.stage) for cell in follow}),
    )


def _of_thousands(texts, changed):
    """Say which numbers were read with a decimal point that a spreadsheet had taken out."""
    for (t, name), text in list(changed.items())[:1]:
        yield (
            f"{len(changed)} number{'s' * (len(changed) > 1)} without a decimal point, such as iteration {t}, {name}: "
            f"{text} was read as {texts[t, name]}, since a spreadsheet can take the point for one of thousands."
        )
