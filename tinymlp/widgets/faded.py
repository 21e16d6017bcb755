"""A faded worked example: a sheet whose last numbers are blank, more of them as the learner improves."""

from __future__ import annotations

from html import escape

import ipywidgets as w

from tinymlp.checks import whole
from tinymlp.teaching import homework
from tinymlp.widgets.minder import Minder

SHOWN = "{:.4f}"
COLUMNS = {"zhpl": "repeat(auto-fill, minmax(230px, 1fr))", "gvw": "repeat(3, minmax(150px, 250px))"}


class FadedTable(w.VBox):
    """A worked sheet with its last `blanks` numbers to fill in; `check` ticks them one by one."""

    def __init__(self, sheet, blanks=6):
        super().__init__()
        self.add_class("tinymlp-faded")
        self._seed = 0
        self.blank = w.IntSlider(blanks, 0, len(sheet.cells), readout=False, layout={"width": "260px"})
        self.count = w.BoundedIntText(
            blanks,
            min=0,
            max=len(sheet.cells),
            description="blank numbers",
            style={"description_width": "initial"},
            layout={"width": "180px"},
        )
        self.part = w.Dropdown(description="show", style={"description_width": "initial"})
        self.verdict = w.HTML()
        buttons = []
        for word, call in (("Check", self.check), ("New numbers", self.renew)):
            button = w.Button(description=word)
            button.on_click(lambda _, call=call: call())
            buttons.append(button)
        self.grid = w.GridBox(layout={"grid_template_columns": COLUMNS["gvw"]})
        for widget in (self.blank, self.count):
            widget.observe(lambda change: self.fade(change["new"]), "value")
        self.part.observe(lambda change: self._lay(), "value")
        top = w.Box([self.count, self.blank, self.part, *buttons], layout={"flex_flow": "row wrap"})
        self.given = w.HTML()
        self.children = [self.given, top, self.grid, self.verdict, Minder(self)]
        self.take(sheet)

    def take(self, sheet):
        """Show another sheet, nothing filled in."""
        self.sheet, self.written, self.marks = sheet, {}, {}
        parts = [
            (f"iteration {t}: {words}", (t, stages))
            for t in range(1, sheet.iterations + 1)
            for words, stages in (("forward", "zhpl"), ("backward and update", "gvw"))
        ]
        self.part.options = parts
        self.part.value = parts[-1][1]
        self.verdict.value = ""
        self.given.value = f"Given: {_givens(sheet)}"
        self._lay()

    def blanks(self):
        """Return the cells that are blank: the last ones of the sheet."""
        count = self.blank.value
        return self.sheet.cells[len(self.sheet.cells) - count :]

    def fade(self, count):
        """Blank the last `count` numbers; what was typed into them is kept."""
        self.blank.value = self.count.value = count
        self._lay()

    def _lay(self):
        if self.part.value is None:
            return
        t, letters = self.part.value
        open_cells, fields = {(c.t, c.name) for c in self.blanks()}, []
        cells = [cell for cell in self.sheet.cells if cell.t == t and cell.stage[0] in letters]
        if letters == "gvw":  # a row for each parameter: its gradient, velocity and new value
            cells.sort(key=lambda cell: (cell.index, letters.index(cell.stage)))
        self.grid.layout.grid_template_columns = COLUMNS[letters]
        for cell in cells:
            key = cell.t, cell.name
            blank = key in open_cells
            value = self.written.get(key, "") if blank else SHOWN.format(self.sheet.solution[key])
            mark = self.marks.get(key, "") if blank else ""
            field = w.Text(
                value,
                description=f"{cell.name} {mark}".strip(),
                disabled=not blank,
                continuous_update=False,
                style={"description_width": "82px"},
                layout={"width": "auto", "max_width": "230px"},
            )
            field.observe(lambda change, key=key: self._write(key, change["new"]), "value")
            fields.append(field)
        for old in self.grid.children:
            old.close()
        self.grid.children = fields

    def _write(self, key, text):
        self.written[key] = text
        self.marks.pop(key, None)

    def check(self):
        """Tick each blank that is filled in: right, or wrong with the slip; the rest of the sheet counts as given."""
        open_cells = {(c.t, c.name) for c in self.blanks()}
        filled = {key: text for key, text in self.written.items() if key in open_cells and text.strip()}
        given = {key: SHOWN.format(value) for key, value in self.sheet.solution.items() if key not in open_cells}
        try:
            outcome = homework.check(self.sheet, given | filled)
        except ValueError as error:
            self.verdict.value = escape(str(error))
            return
        wrong = {(cell.t, cell.name) for cell in outcome.wrongs}
        self.marks = {key: "✗" if key in wrong else "✓" for key in filled}
        said = str(outcome) if outcome.wrong else f"{len(filled)} of {len(open_cells)} blanks filled in, all right."
        said = escape(said)
        self.verdict.value = said if filled or not open_cells else "Nothing is filled in yet."
        self._lay()

    def renew(self):
        """Make a new sheet for the same kind of network."""
        self._seed += 1
        net = self.sheet.problem.net
        self.take(
            homework.sheet(
                f"faded {self._seed}",
                sizes=net.sizes,
                hidden=net.hidden,
                output=net.output,
                loss=net.loss,
                samples=len(self.sheet.problem.X),
                eta=self.sheet.problem.eta,
                gamma=self.sheet.problem.gamma,
                iterations=self.sheet.iterations,
            )
        )

    def describe(self) -> str:
        """Return the table in words."""
        blank = ", ".join(cell.name for cell in self.blanks())
        return f"A worked sheet of {len(self.sheet.cells)} numbers; {self.blank.value} are blank: {blank}"

    def _repr_mimebundle_(self, **kwargs):
        return super()._repr_mimebundle_(**kwargs) | {"text/plain": self.describe()}


def _givens(sheet):
    problem = sheet.problem
    parts = [f"X = {problem.X.tolist()}", f"y = {problem.y.tolist()}", *str(problem.params).split("\n")]
    return "; ".join([*parts, f"eta = {problem.eta}", f"gamma = {problem.gamma}"])


def faded(sheet: homework.Sheet, blanks: int = 6) -> FadedTable:
    """Return a faded table of a Sheet, its last `blanks` numbers to fill in. Raises ValueError if it is not a Sheet."""
    if not isinstance(sheet, homework.Sheet):
        raise ValueError(f"sheet: expected a Sheet, e.g. homework.sheet(7), got {sheet!r:.60}")
    return FadedTable(sheet, min(whole("blanks", blanks), len(sheet.cells)))
