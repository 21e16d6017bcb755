"""Homework: sheets of friendly numbers, and a check that finds the first wrong cell and names the likely slip."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import axes, describe, whole
from tinymlp.network import sample_losses
from tinymlp.params import MLP
from tinymlp.problems import Problem
from tinymlp.run import Run
from tinymlp.teaching.conventions import OURS, Conventions, told
from tinymlp.teaching.reading import carried, cut_off, fewest, in_their_conventions, judge, without_thousands
from tinymlp.teaching.slips import SAYINGS, name_slips
from tinymlp.teaching.tables import read_table, with_halves
from tinymlp.teaching.typed import layers_of, samples_of, targets_of
from tinymlp.teaching.work import Work, is_optional, right, stage_names
from tinymlp.words import above, below, label, short

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import ArrayLike

TRIES = 2_000


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


# Making sheets -------------------------------------------------------------------------------------------------------


def sheet(
    seed: int | str,
    *,
    secret: str = "",
    sizes: Sequence[int] = (3, 2, 1),
    hidden: str | tuple[str, ...] = "silu",
    output: str = "sigmoid",
    loss: str = "cross_entropy",
    samples: int = 3,
    eta: float | None = None,
    gamma: float | None = None,
    iterations: int = 2,
    conventions: Conventions = OURS,
) -> Sheet:
    """Return a Sheet of friendly one-decimal numbers: the same for the same seed, secret and options.

    seed: a whole number, or a text such as a learner's name; secret: a teacher's own text, without which nobody can
    make the same sheet. No unit is dead, no gradient is 0, and targets and losses differ. conventions: how the class's
    book does what others do otherwise, as for `sheet_of`. Raises ValueError for bad options.
    """
    conventions = _checked(conventions)
    net = MLP(axes("sizes", sizes), hidden, output, loss)
    if output == "softmax" and net.sizes[-1] == 1:
        raise ValueError(f"sizes: expected two outputs or more, as the softmax of one is always 1, got {net.sizes}")
    options = (
        str(seed),
        str(secret),
        net,
        whole("samples", samples, least=1),
        eta,
        gamma,
        whole("iterations", iterations, least=1),
        *([conventions] if conventions != OURS else []),  # old sheets stay the same
    )
    digest = sha256(repr(options).encode()).digest()
    rng = np.random.default_rng(list(digest))
    for _ in range(TRIES):
        made = Sheet(_friendly(net, samples, eta, gamma, rng), iterations, "tm-" + digest.hex()[:6], conventions)
        if _worth_working(made):
            return made
    raise ValueError(f"sheet: expected options with which no number is 0, got {net} with {samples} samples")


def _checked(conventions):
    if not isinstance(conventions, Conventions):
        raise ValueError(f"conventions: expected homework.Conventions(...), got {describe(conventions)}")
    return conventions


def _friendly(net, samples, eta, gamma, rng):
    def tenths(low, high, shape):
        return rng.integers(low, high + 1, size=shape) / 10

    flat = tenths(1, 9, net.count) * rng.choice([-1, 1], net.count)
    X = tenths(0, 10, (samples, net.sizes[0]))
    if net.output == "softmax":
        y = np.eye(net.sizes[-1])[(np.arange(samples) + rng.integers(net.sizes[-1])) % net.sizes[-1]]
    elif net.loss == "cross_entropy":
        y = np.array([(n + rng.integers(2, size=net.sizes[-1])) % 2 for n in range(samples)], dtype=float)
    else:
        y = tenths(0, 10, (samples, net.sizes[-1]))
    eta = float(rng.choice([0.2, 0.4, 0.5, 0.8])) if eta is None else eta
    gamma = float(rng.choice([0.5, 0.8, 0.9])) if gamma is None else gamma
    return Problem(net, X, y, net.params(**_named(net, flat)), eta, gamma, "homework")


def _named(net, flat):
    return {name: flat[net.slices[name]].reshape(shape) for name, shape in net.shapes.items()}


def _one_sided(problem):
    """Return whether all targets of an output are equal, so that one half of the loss would never be used."""
    same = (problem.y == problem.y[0]).all(axis=0)
    return len(problem.y) > 1 and bool(same.all() if problem.net.output == "softmax" else same.any())


def _worth_working(made):
    """Return whether every number is worth working out: none is 0, no unit is dead, losses and targets differ."""
    if _one_sided(made.problem):
        return False
    run = Run(made.problem).step(made.iterations)
    if run.t < made.iterations:
        return False
    for t in range(made.iterations):
        moment = run.at(t)
        sums = np.concatenate([z.ravel() for z in moment.trace.z])
        hidden = zip(made.problem.net.activations, moment.trace.h[1:-1], strict=False)
        alive = all((h > 0).any(axis=0).all() for name, h in hidden if name == "relu")
        if abs(moment.grads.flat).min() < 1e-3 or abs(sums).min() < 1e-3 or not alive:
            return False
    return np.ptp(run.losses) > 1e-3 and sample_losses(run.at(0).trace, made.problem.y).min() > 1e-3


def sheet_of(
    X: ArrayLike,
    y: ArrayLike,
    start: dict[str, ArrayLike],
    *,
    eta: float,
    gamma: float,
    iterations: int = 2,
    hidden: str | tuple[str, ...] = "silu",
    output: str = "sigmoid",
    loss: str = "cross_entropy",
    velocity: dict[str, ArrayLike] | None = None,
    conventions: Conventions = OURS,
) -> Sheet:
    """Return a Sheet of any homework from elsewhere: data X (N, D) and y (N, C), and start, a dict of W1, b1, W2, ...

    The sizes follow from the weights; without b1, b2, ... the network has no biases. Other shapes are taken where they
    can be meant in one way only, and `notes` says how: see `teaching.typed`. velocity: the one before the first
    iteration, typed as the start is. conventions: how the text does what others do otherwise, e.g.
    homework.Conventions(loss="whole", rule="pytorch"). Raises ValueError for what does not fit.
    """
    conventions = _checked(conventions)
    arrays, shared, notes = layers_of(start, X)
    weights = [array for name, array in arrays.items() if name.startswith("W")]
    sizes, biases = (weights[0].shape[0], *(W.shape[1] for W in weights)), "each" if "b1" in arrays else "none"
    net = MLP(sizes, hidden, output, loss, biases)
    data = samples_of(X, net.sizes[0])
    targets, said = targets_of(y, len(data), net.sizes[-1], output == "softmax")
    first = None if velocity is None else net.params(**layers_of(velocity, X)[0])
    problem = Problem(net, data, targets, net.params(**arrays), eta, gamma, "own homework", velocity=first)
    conventions = replace(conventions, biases="shared") if shared else conventions
    numbers = [problem.X, problem.y, problem.params.flat, np.array([problem.eta, problem.gamma, iterations])]
    numbers += [] if first is None else [first.flat]
    known = repr(net) + (repr(conventions) if conventions != OURS else "")
    checksum = zlib.crc32(b"".join(array.tobytes() for array in numbers) + known.encode())
    made = Sheet(problem, whole("iterations", iterations, least=1), f"own-{checksum:08x}"[:10], conventions)
    return replace(made, notes=(*notes, *said))


# Checking ------------------------------------------------------------------------------------------------------------


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
