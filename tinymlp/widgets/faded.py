"""A faded worked example: a sheet whose last numbers are blank, more of them as the learner improves."""

from __future__ import annotations

from html import escape

import ipywidgets as w

from tinymlp.checks import whole
from tinymlp.teaching import homework
from tinymlp.views.page import html_table
from tinymlp.widgets.minder import Minder
from tinymlp.words import below, label, short

SHOWN = "{:.4f}"
UPDATE = "gvw"
PARTS = {"o": "before the step", "zhpl": "forward", "esd": "backward", UPDATE: "update"}  # by the stages' letters
COLUMNS = "repeat(auto-fill, minmax(190px, 1fr))"
MOST_IN_A_ROW = 6  # numbers of one sample
UPDATE_COLUMNS = "repeat(3, minmax(170px, 250px))"
FOLLOWS = "↳"
OF_SAMPLES = "s1: sample 1, and so on."
LEGENDS = {"zhpl": OF_SAMPLES, "esd": OF_SAMPLES, UPDATE: "g: the gradient; v: the new velocity; new: the new value."}


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
        self.verdict.add_class("tinymlp-verdict")
        self.grid = w.GridBox()
        for widget in (self.blank, self.count):
            widget.observe(lambda change: self.fade(change["new"]), "value")
        self.part.observe(lambda change: self._turn(), "value")
        how_many = w.HBox([self.count, self.blank])  # side by side: the slider takes its name from the field
        top = w.Box([how_many, self.part, *buttons], layout={"flex_flow": "row wrap"})
        self.given = w.HTML()
        # The verdict stands below the button that it answers, in sight however long the table is.
        self.children = [self.given, top, self.verdict, self.grid, Minder(self)]
        self.take(sheet)

    def take(self, sheet):
        """Show another sheet, nothing filled in."""
        self.sheet, self.written, self.marks = sheet, {}, {}
        parts = [
            (f"iteration {t}: {words}", (t, letters))
            for t in range(1, sheet.iterations + 1)
            for letters, words in PARTS.items()
            if any(cell.t == t and cell.stage[0] in letters for cell in sheet.cells)
        ]
        self.part.options = parts
        self.part.value = parts[-1][1]
        self._turn()

    def blanks(self):
        """Return the cells that are blank: the last ones of the sheet."""
        count = self.blank.value
        return self.sheet.cells[len(self.sheet.cells) - count :]

    def fade(self, count):
        """Blank the last `count` numbers; what was typed into them is kept."""
        self.blank.value = self.count.value = count
        self._turn()

    def _turn(self):
        """Show other numbers: the verdict was about those that were there."""
        self.verdict.value = ""
        self._lay()

    def _lay(self):
        if self.part.value is None:
            return
        t, letters = self.part.value
        open_cells, fields = {(c.t, c.name) for c in self.blanks()}, []
        cells = [cell for cell in self.sheet.cells if cell.t == t and cell.stage[0] in letters]
        columns = self._columns_of_a_sample(cells)
        if columns:
            cells.sort(key=lambda cell: cell.index[0])
        if letters == UPDATE:  # a row for each parameter: its gradient, velocity and new value
            cells.sort(key=lambda cell: (cell.index, letters.index(cell.stage)))
        self.grid.layout.grid_template_columns = UPDATE_COLUMNS if letters == UPDATE else columns or COLUMNS
        self.given.value = self._givens(t) + f"<p>{LEGENDS.get(letters, '')}</p>"
        for cell in cells:
            key = cell.t, cell.name
            blank, value = key in open_cells, self._shown(key, open_cells)
            mark = self.marks.get(key, "") if blank else ""
            field = w.Text(
                value,
                description=f"{cell.title} {mark}".strip(),
                disabled=not blank,
                continuous_update=False,
                style={"description_width": "96px"},
                layout={"width": "auto", "max_width": "230px"},
            )
            field.observe(lambda change, key=key: self._write(key, change["new"]), "value")
            fields.append(field)
        for old in self.grid.children:
            old.close()
        self.grid.children = fields

    def _columns_of_a_sample(self, cells):
        """Return columns in which each sample has a row of its own; "" where it has more or fewer numbers than fit."""
        count, rest = divmod(len(cells), len(self.sheet.problem.X))
        of_samples = all(cell.title.endswith(f"s{cell.sample}") for cell in cells)
        fits = of_samples and not rest and 1 < count <= MOST_IN_A_ROW
        return f"repeat({count}, minmax(150px, 230px))" if fits else ""

    def _shown(self, key, open_cells):
        """Return what stands in a cell: what was typed into a blank, and the right number elsewhere."""
        return self.written.get(key, "") if key in open_cells else SHOWN.format(self.sheet.solution[key])

    def _givens(self, t):
        """Return the data and what iteration t starts from as HTML tables."""
        problem, net, open_cells = self.sheet.problem, self.sheet.problem.net, {(c.t, c.name) for c in self.blanks()}
        x = [f"x{below(i + 1)}" for i in range(net.sizes[0])]
        y = [f"y{below(c + 1)}" if net.sizes[-1] > 1 else "y" for c in range(net.sizes[-1])]
        pairs = enumerate(zip(problem.X, problem.y, strict=True), start=1)
        data = [[str(n), *map(short, inputs), *map(short, targets)] for n, (inputs, targets) in pairs]
        if t == 1:
            start = [[short(value) for value in vector.flat] for vector in (problem.params, problem.first_velocity)]
        else:
            last = [[cell for cell in self.sheet.cells if (cell.t, cell.stage) == (t - 1, kind)] for kind in "wv"]
            start = [[self._shown((cell.t, cell.name), open_cells) or "…" for cell in cells] for cells in last]
        rows = [[name, *texts] for name, texts in zip(("value", "velocity"), start, strict=True)]
        labels = [label(*entry) for entry in net.entries]
        settings = f"η = {short(problem.eta)}, γ = {short(problem.gamma)}"
        tables = html_table("given", "Given", ["sample", *x, *y], data) + html_table(
            "given", f"Before iteration {t}, with {settings}", ["", *labels], rows
        )
        return f'<div class="tinymlp-table"><div class="tinymlp-upper">{tables}</div></div>'

    def _write(self, key, text):
        self.written[key] = text
        self.marks.pop(key, None)

    def check(self):
        """Mark each blank that is filled in: right, wrong, or following from a wrong one; the rest counts as given."""
        open_cells = {(c.t, c.name) for c in self.blanks()}
        filled = {key: text for key, text in self.written.items() if key in open_cells and text.strip()}
        given = {key: SHOWN.format(value) for key, value in self.sheet.solution.items() if key not in open_cells}
        try:
            outcome = homework.check(self.sheet, given | filled)
        except ValueError as error:
            self.verdict.value = escape(str(error))
            return
        self.marks = dict.fromkeys(filled, "✓")
        for cells, mark in ((outcome.wrongs, "✗"), (outcome.follow, FOLLOWS)):
            self.marks |= {(cell.t, cell.name): mark for cell in cells}
        said = f"{len(filled)} of {len(open_cells)} blanks filled in, all right."
        if outcome.wrong:
            place = f"iteration {outcome.wrong.t}, {outcome.wrong.words}"
            said = escape(outcome.told(place)).replace("\n", "<br>")
            said += f" (marked {FOLLOWS})" if outcome.follow else ""
        said = "<br>".join([*map(escape, outcome.in_their_way()), said])
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
        blank = ", ".join(cell.title for cell in self.blanks())
        return f"A worked sheet of {len(self.sheet.cells)} numbers; {self.blank.value} are blank: {blank}"

    def _repr_mimebundle_(self, **kwargs):
        return super()._repr_mimebundle_(**kwargs) | {"text/plain": self.describe()}


def faded(sheet: homework.Sheet, blanks: int = 6) -> FadedTable:
    """Return a faded table of a Sheet, its last `blanks` numbers to fill in. Raises ValueError if it is not a Sheet."""
    if not isinstance(sheet, homework.Sheet):
        raise ValueError(f"sheet: expected a Sheet, e.g. homework.sheet(7), got {sheet!r:.60}")
    return FadedTable(sheet, min(whole("blanks", blanks), len(sheet.cells)))
