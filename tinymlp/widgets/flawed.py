"""A flawed sheet: all its numbers in tables, the one that is wrong to be found, and the slip behind it."""

from __future__ import annotations

from html import escape
from itertools import chain
from typing import TYPE_CHECKING

import ipywidgets as w

from tinymlp.teaching import flawed as sheets
from tinymlp.views.page import html_table, text_table
from tinymlp.widgets.minder import Minder
from tinymlp.words import label, short, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from tinymlp.teaching.cells import Cell

    Table: TypeAlias = tuple[str, list[str], list[list[str]]]

STEADY = {"description_width": "initial"}
CHOOSE = ("choose ...", "")
TASK = (
    "One number does not follow from those before it: a slip. All that comes after it was worked out from it, and is "
    "right by itself. Find that number, and say what went wrong."
)
ROWS = {"old w": "before", "old v": "v before", "g": "g", "v": "v", "w": "new"}  # of a table of parameters


class FlawedCard(w.VBox):
    """What `flawed` returns. `.flawed` is the Flawed sheet, `.which` and `.why` are its two questions (Predictions)."""

    def __init__(self, seed: int | str) -> None:
        super().__init__()
        self.add_class("tinymlp-flawed")
        self._seed, self._more = seed, 0
        self.tables, self.outcome = w.HTML(), w.HTML()
        self.part = w.Dropdown(description="show", style=STEADY, layout={"width": "180px"})
        self.cell = w.Dropdown(description="the wrong number", style=STEADY, layout={"width": "230px"})
        self.reason = w.Dropdown(
            description="what went wrong", style=STEADY, layout={"width": "auto", "max_width": "98%"}
        )
        self.lock = w.Button(description="Lock", tooltip="Lock both answers: after that they cannot be changed")
        self.renew = w.Button(description="New sheet", tooltip="Another sheet, with another slip")
        self.part.observe(lambda change: self._show_part(), "value")
        self.lock.on_click(lambda _: self._lock())
        self.renew.on_click(lambda _: self._renew())
        row = w.Box([self.part, self.cell, self.reason, self.lock, self.renew], layout={"flex_flow": "row wrap"})
        # What is told stands below the button that asks for it, in sight however long the tables are.
        self.children = [w.HTML(f"<b>A flawed sheet.</b> {TASK}"), row, self.outcome, self.tables, Minder(self)]
        self._take(seed)

    @property
    def is_told(self) -> bool:
        """Whether both answers are locked, after which the slip is told."""
        return self.which.locked and self.why.locked

    def _take(self, seed):
        """Show the sheet of a seed."""
        self.flawed = sheets.flawed(seed)
        self.which, self.why = self.flawed.questions()
        self.part.options = [(f"iteration {t}", t) for t in range(1, self.flawed.sheet.iterations + 1)]
        self.reason.options = [CHOOSE, *((reason, reason) for reason in self.why.options)]
        self.part.value, self.reason.value, self.outcome.value = 1, "", ""
        self._show_part()
        self.refresh()

    def _renew(self):
        self._more += 1
        self._take(f"{self._seed} {self._more}")

    def _show_part(self):
        """Show the iteration that is looked at, and list its cells to choose from."""
        cells = [cell for cell in self.flawed.sheet.cells if cell.t == self.part.value]
        self.cell.options = [CHOOSE, *((cell.title, sheets.place(cell)) for cell in cells)]
        told = self.is_told and self.which.guess in dict(self.cell.options).values()
        self.cell.value = self.which.guess if told else ""
        tables = "".join(html_table("sheet", *table) for table in (*self._given(), *self._iteration(self.part.value)))
        self.tables.value = f'<div class="tinymlp-table"><div class="tinymlp-upper">{tables}</div></div>'

    def _lock(self):
        if not (self.cell.value and self.reason.value):
            self.outcome.value = "Choose a number and a reason first."
            return
        try:
            self.which.lock(self.cell.value)
            self.why.lock(self.reason.value)
        except (ValueError, OSError) as error:
            self.outcome.value = escape(str(error))
        self.refresh()

    def refresh(self) -> None:
        """Show the sheet, and what is to be told of it."""
        if self.is_told:
            for question in (self.which, self.why):
                question.tell()
            self.reason.value = self.why.guess
            self.part.value = self.flawed.cell.t
            self._show_part()
            first, *reasons = self._told()
            listed = "".join(f"<li>{escape(line)}</li>" for line in reasons)
            self.outcome.value = f'<b>{escape(first)}</b><ul style="margin: 0; line-height: 1.5">{listed}</ul>'
        for widget in (self.cell, self.reason, self.lock):
            widget.disabled = self.is_told

    def _told(self):
        """Return the lines that are told once both answers are locked."""
        found, named = ("right" if question.right else "not right" for question in (self.which, self.why))
        said = f"You said {self.which.guess}: {found}. The reason you gave is {named}."
        yield f"{said} {self.flawed.told()}"
        yield from self.why.explained()

    def _given(self) -> Iterator[Table]:
        """Yield (caption, headings, rows) of the tables of what is given."""
        problem = self.flawed.sheet.problem
        inputs, outputs = problem.net.sizes[0], problem.net.sizes[-1]
        x, y = ([f"{letter}{n + 1}" for n in range(count)] for letter, count in (("x", inputs), ("y", outputs)))
        pairs = enumerate(zip(problem.X, problem.y, strict=True), start=1)
        yield "Given", ["sample", *x, *y], [[f"s{n}", *map(short, a), *map(short, b)] for n, (a, b) in pairs]
        settings = f"η = {short(problem.eta)}, γ = {short(problem.gamma)}"
        yield f"The start, with {settings}", ["", *self._labels()], [["value", *map(short, problem.params.flat)]]

    def _iteration(self, t: int) -> Iterator[Table]:
        """Yield (caption, headings, rows) of the tables of an iteration: of its samples, and of the parameters."""
        cells = [cell for cell in self.flawed.sheet.cells if cell.t == t]
        mean = next(cell for cell in cells if cell.stage == "loss")
        own = [cell for cell in cells if cell.stage not in ROWS and cell is not mean]
        units = list(dict.fromkeys(cell.symbol for cell in own))
        rows = self._rows(own, lambda cell: f"s{cell.sample}")
        yield f"Iteration {t}: mean loss {self._written(mean)}", ["", *units], rows
        of_params = [cell for cell in cells if cell.stage in ROWS]
        caption = f"Iteration {t}: gradients, velocities, new values"
        yield caption, ["", *self._labels()], self._rows(of_params, lambda cell: ROWS[cell.stage])

    def _labels(self):
        return [label(*entry) for entry in self.flawed.sheet.problem.net.entries]

    def _rows(self, cells, name):
        """Return the rows of a table, each begun by its name: cells with one name are a row."""
        rows = {}
        for cell in cells:
            rows.setdefault(name(cell), []).append(self._written(cell))
        return [[first, *texts] for first, texts in rows.items()]

    def _written(self, cell: Cell) -> str:
        """Return what is written in a cell; once told, the wrong one is marked."""
        text = self.flawed.table[cell.t, cell.name]
        return f"✗ {text}" if self.is_told and cell == self.flawed.cell else text

    def describe(self) -> str:
        """Return the sheet in words: its tables, the reasons to choose from, and what was told."""
        lines = [wrapped(f"A flawed sheet. {TASK}")]
        iterations = (self._iteration(t) for t in range(1, self.flawed.sheet.iterations + 1))
        for caption, headings, rows in chain(self._given(), *iterations):
            lines += [caption, *(f"  {line}" for line in text_table(headings, rows))]
        if self.is_told:
            return "\n".join([*lines, *map(wrapped, self._told())])
        asked = f"What went wrong there? ({' / '.join(self.why.options)})"
        return "\n".join([*lines, wrapped(asked), "No answer is locked yet. Run this cell to choose and lock one."])

    def _repr_mimebundle_(self, **kwargs):
        return super()._repr_mimebundle_(**kwargs) | {"text/plain": self.describe()}


def flawed(seed: int | str) -> FlawedCard:
    """Return the card of a flawed sheet, the same one for the same seed: a whole number, or a learner's name."""
    return FlawedCard(seed)
