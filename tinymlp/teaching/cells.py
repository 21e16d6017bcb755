"""A sheet and its cells: every number to fill in, in working order, with its name, its symbol and its words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tinymlp.problems import Problem
from tinymlp.teaching.conventions import OURS, Conventions
from tinymlp.teaching.work import Work, is_optional, right, stage_names
from tinymlp.words import above, below, label


@dataclass(frozen=True)
class Cell:
    """One number of a sheet: its iteration, the name it is filled in under, and its place (stage, index).

    optional: whether it may be left blank: it is a step on the way to the numbers that are asked for. sample: which one
    it belongs to, counted from 1; 0 if to none.
    """

    t: int
    name: str
    stage: str
    index: tuple[int, ...]
    symbol: str
    words: str
    optional: bool = False
    sample: int = 0

    @property
    def title(self) -> str:
        """Its name as the page writes it, e.g. "new w²₁₁", or "z¹₁ s3" for sample 3."""
        if self.stage in PARAMETER_STAGES:
            return f"{PARAMETER_STAGES[self.stage][0]} {self.symbol}"
        return (
            self.words.replace("mean of the losses", "mean loss")
            if self.stage == "loss"
            else f"{self.symbol} s{self.sample}"
        )


@dataclass(frozen=True, eq=False)
class Sheet:
    """Homework to be worked by hand: a problem and a number of iterations. Made by `sheet` or `sheet_of`.

    conventions: of the text that it is from; notes: how what was typed was taken.
    """

    problem: Problem
    iterations: int
    id: str
    conventions: Conventions = OURS
    notes: tuple[str, ...] = ()

    def __repr__(self):
        sizes, samples = "-".join(map(str, self.problem.net.sizes)), len(self.problem.X)
        known = f"Sheet {self.id}: {sizes} network, {samples} sample{'s' * (samples > 1)}, {self.iterations} iterations"
        return "\n".join([known, *self.notes])

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every number to fill in, in working order."""
        return tuple(cell for t in range(1, self.iterations + 1) for cell in _cells(self, t))

    @cached_property
    def solution(self) -> dict[tuple[int, str], float]:
        """The right number of each cell, by (iteration, name)."""
        work = Work(self.problem, self.conventions)
        for t in range(1, self.iterations + 1):
            for stage in stage_names(self.problem.net):
                work.values[t, stage] = right(work, t, stage)
        return {(cell.t, cell.name): float(work.values[cell.t, cell.stage][cell.index]) for cell in self.cells}


# Of each stage with a number for each parameter: what a cell's name begins with, and what it is in words.
PARAMETER_STAGES = {
    "g": ("g", "gradient of {}"),
    "v": ("v", "velocity of {}"),
    "w": ("new", "new value of {}"),
    "old w": ("old", "value of {} before this iteration"),
    "old v": ("old v", "velocity of {} before this iteration"),
}
# Of each stage with a number for each sample and unit, by its letter: its name in plain letters, and its symbol.
UNIT_STAGES = {
    "z": ("z", "z"),
    "h": ("h", "h"),
    "p": ("p", "p"),
    "e": ("p-y", "p − y"),
    "s": ("slope", "slope"),
    "d": ("delta", "δ"),
}


def _cells(sheet, t):
    """Return the cells of one iteration."""
    net, count, cells = sheet.problem.net, len(sheet.problem.X), []
    samples = list(enumerate(range(1, count + 1)[sheet.conventions.rows(t, count)]))  # (row, sample)
    # What the first iteration starts from is given.
    for stage in stage_names(net)[2 if t == 1 else 0 :]:
        optional = is_optional(stage)
        if stage in PARAMETER_STAGES:
            before, words = PARAMETER_STAGES[stage]
            for n, entry in enumerate(net.entries):
                symbol = label(*entry)
                name = f"{before} {_plain(*entry)}"
                cells.append(Cell(t, name, stage, (n,), symbol, words.format(symbol), optional))
        elif stage == "loss":
            words = f"{sheet.conventions.samples} of the losses"
            cells.append(Cell(t, "loss", stage, (0,), "loss", words))
        elif stage == "losses":
            cells += [
                Cell(t, f"loss s{n}", stage, (row,), "loss", f"loss of sample {n}", sample=n) for row, n in samples
            ]
        else:
            (plain, letter), layer = UNIT_STAGES[stage[0]], stage[1:]
            units = net.sizes[int(layer or -1)]
            for row, n in samples:
                for u in range(units):
                    name = f"{plain}{layer}" + (f"_{u + 1}" if units > 1 else "")
                    symbol = letter + above(layer) + (below(u + 1) if units > 1 else "")
                    words = f"{symbol} of sample {n}"
                    cells.append(Cell(t, f"{name} s{n}", stage, (row, u), symbol, words, optional, n))
    return cells


def _plain(name, index):
    """Return a parameter's label in plain letters: w1_12 for w¹₁₂."""
    row, column = index[0] + 1, index[1] + 1
    if name.startswith("b"):
        return f"b{name[1:]}_{column}"
    return f"w{name[1:]}_{row}{'.' if max(row, column) > 9 else ''}{column}"
