"""The controls of a learner's own data: samples drawn on the map, and lines pasted or read from a file."""

from html import escape

import ipywidgets as w

from tinymlp.csvfile import decoded
from tinymlp.own_data import added, classes_to_add, erased, read
from tinymlp.recipes import OWN
from tinymlp.widgets.control import LABEL, SIDE, said
from tinymlp.widgets.recipe_controls import FromRecipe

EXAMPLE = "x1, x2, target\n0.5, -1.2, A\n-0.3, 0.8, B"
ASKED = "A line x1, x2, target for each sample; the target is a word or a number."
ERASE = "erase"


class Brush(FromRecipe):
    """What a click on the map does: choose a point, add a sample of a class, or erase one."""

    row = "Own data"

    def make(self):
        self.list = w.Dropdown(description="a click on the map", style=LABEL, layout={"width": "290px"})
        self.on_value(self.list, call=lambda brush: self.panel.glance(brush=brush))
        self.here = self.button("Do it here", "The same at the chosen point, without a click", self._here)
        return w.VBox([self.list, self.here], layout=SIDE)

    def _here(self):
        look = self.panel.look
        if look.spot is None or look.brush is None:
            raise ValueError("own data: expected a place on the map and what to do there: click on the map first")
        change = erased(self.recipe, look.spot) if look.brush == ERASE else added(self.recipe, look.spot, look.brush)
        self.remake(**change)

    def show(self):
        look, classes = self.panel.look, classes_to_add(self.recipe)
        options = [("chooses a point", None), *((f"adds {name}", name) for name in classes)]
        options += [("erases the nearest sample", ERASE)] if self.recipe.data == OWN else []
        if look.brush not in [brush for _, brush in options]:
            options.append((look.brush, look.brush))
        if tuple(options) != tuple(self.list.options):
            self.list.options = options
        self.list.index = [brush for _, brush in options].index(look.brush)
        words = {None: "Add here", ERASE: "Erase here"}
        self.here.description = words.get(look.brush, f"Add {look.brush} here")

    def off(self):
        look = self.panel.look
        return (self.here,) if look.brush is None or look.spot is None else ()


class Paste(FromRecipe):
    """A field for one's own samples, a line `x1, x2, target` for each, or a file of such lines."""

    row = "Own data"

    def make(self):
        self.text = w.Textarea(
            description="own data", placeholder=EXAMPLE, rows=3, continuous_update=False, style=LABEL,
            layout={"width": "360px"},
        )  # fmt: skip
        self.use = self.button("Use these", "Learn from the lines in the field", self._use)
        self.file = w.FileUpload(accept=".csv,.tsv,.txt", description="From a file", layout={"width": "130px"})
        self.on_value(self.file, call=self._from_file)
        self.note = said(ASKED)
        return w.HBox([self.text, w.VBox([self.use, self.file]), self.note], layout=SIDE)

    def _from_file(self, files):
        if not files:
            return
        (file,) = files
        self.file.value = ()  # so that the same file can be read again once it was changed
        self.text.value, _ = decoded(file["name"], bytes(file["content"]))
        self._use()

    def _use(self):
        samples, words = read(self.text.value)
        self.remake(data=OWN, own=samples)
        self.note.value = escape(words)
