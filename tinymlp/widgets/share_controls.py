"""The controls that take a run elsewhere: its code, its PyTorch script, and its picture for a slide."""

import base64
import io
from dataclasses import replace
from html import escape

import ipywidgets as w
from PIL import Image

from tinymlp.run import Run
from tinymlp.widgets.clipboard import Clipboard
from tinymlp.widgets.control import LABEL, SIDE, Control, said

HOW = {
    "copied": "Copied: paste it where you like.",
    "selected": "Selected, as this page may not copy: press Ctrl + C (Cmd + C on a Mac).",
    "left": "Copy it from the field.",
}
KINDS = {"SVG": "image/svg+xml", "PNG": "image/png"}


def link(name, kind, content):
    """Return a link that downloads `content`, bytes, as the file `name`; kind: its MIME type."""
    source = f"data:{kind};base64,{base64.b64encode(content).decode()}"
    underlined = 'style="text-decoration: underline"'
    return f'<a download="{escape(name)}" {underlined} href="{source}">Download {escape(name)}</a>'


def from_here(run):
    """Return a new run that starts where a run stands, with its velocity and its settings."""
    state = run.now.state
    problem = replace(run.problem, params=run.params, velocity=run.velocity, eta=run.eta, gamma=run.gamma)
    return Run(problem, state.rule, run.training, state.schedule)


class Code(Control):
    """The run as a short text to send to a friend, every weight exact; and a field that takes such a text."""

    row = "Share"

    def make(self):
        self.give = self.button("Copy code", "Copy a text that brings back this run, exactly", self._give)
        self.take = self.button("Take", "Show the run of the code that you pasted into the field", self._take)
        self.text = w.Textarea(
            description="code", rows=3, continuous_update=False, style=LABEL, layout={"width": "190px"}
        )
        self.note, self.what = said(width=250), ""
        self.clipboard = Clipboard(self._copied)
        buttons = w.VBox([w.HBox([self.give, self.take]), self.note])
        return w.HBox([self.text, buttons, self.clipboard], layout=SIDE)

    def _give(self):
        try:
            self.text.value = self.run.code()
            self.what = "The whole run, exact to the bit."
        except ValueError:  # too long, or with a rule that no code knows: then the second one says so
            self.text.value = from_here(self.run).code()
            memory = ", without what the rule remembers" if self.run.now.state.memory else ""
            self.what = f"Too long to share whole: a run that starts from t = {self.run.t}{memory}."
        self.note.value = f"{self.what} {HOW['left']}"  # until the page says that it has copied it
        self.clipboard.copy(self.text.value)

    def _copied(self, how):
        self.note.value = self.clipboard.said = f"{self.what} {HOW[how]}"

    def _take(self):
        taken = Run.from_code(self.text.value)
        if self.run.problem.recipe is not None and taken.problem.recipe is None:
            raise ValueError(f"code: expected a playground's run, got one of the {taken.problem.name}")
        self.panel.take(taken)
        self.note.value = escape(f"Taken: {taken.problem.name}, t = {taken.t}.")


class Script(Control):
    """The run as a PyTorch script: the same weights, data and settings, and so the same losses."""

    row = "Share"

    def make(self):
        self.give = self.button("PyTorch script", "The steps up to now as a script for PyTorch", self._give)
        self.text = w.Textarea(description="script", rows=3, disabled=True, style=LABEL, layout={"width": "160px"})
        self.link = w.HTML("")
        return w.HBox([self.text, w.VBox([self.give, self.link])], layout=SIDE)

    def _give(self):
        self.text.value, self.link.value = "", ""  # nothing old stays if this one cannot be written
        script = self.run.as_pytorch()
        self.text.value, self.link.value = script, link("run.py", "text/x-python", script.encode())


class PictureFile(Control):
    """A view as a picture for a slide: SVG, sharp at any size, or PNG."""

    row = "Share"

    def make(self):
        names = [name for name, tile in self.panel.tiles.items() if not tile.kind.is_table]
        self.view = w.Dropdown(options=names, description="picture of", style=LABEL, layout={"width": "190px"})
        self.kind = w.Dropdown(options=list(KINDS), description="as", style=LABEL, layout={"width": "110px"})
        self.give = self.button("Make picture", "A file of the view as it is now", self._give)
        self.link = w.HTML("")
        for choice in (self.view, self.kind):
            self.on_value(choice, call=lambda _: setattr(self.link, "value", ""))
        return w.VBox([w.HBox([self.view, self.kind]), w.HBox([self.give, self.link])], layout=SIDE)

    def off(self):
        return () if self.view.options else (self.view, self.kind, self.give)

    def _give(self):
        tile, kind = self.panel.tiles[self.view.value], self.kind.value
        tile.show(self.run, self.panel.look)
        if tile.note:
            raise ValueError(tile.note)
        content = tile.view.standalone().encode() if kind == "SVG" else _png(tile.view)
        self.link.value = link(f"{tile.name}-t{self.run.t}.{kind.lower()}", KINDS[kind], content)


def _png(view):
    written = io.BytesIO()
    Image.fromarray(view.pixels(scale=3)).save(written, "png", optimize=True)
    return written.getvalue()
