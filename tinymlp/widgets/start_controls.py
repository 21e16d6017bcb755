"""The controls of where a run begins."""

import ipywidgets as w

from tinymlp.starts import STARTS
from tinymlp.widgets.control import LABEL, ROW, Control, Setting


class StartList(Control):
    """Where the run begins: zeros, equal units, too small, ...; and a button for other random numbers."""

    group = "Network"

    def make(self):
        words = [("as given", "given"), *((start.words, name) for name, start in STARTS.items())]
        self.choice = w.Dropdown(options=words, description="start", style=LABEL, layout={"width": "180px"})
        self.on_value(self.choice, call=lambda name: self._restart(start=name))
        tip = "Begin in the same way with other random numbers"
        self.again = self.button("Draw again", tip, lambda: self._restart(seed=self.run.origin.seed + 1))
        return w.HBox([self.choice, self.again], layout=ROW)

    def _restart(self, **changed):
        self.run.end_gesture()
        self.run.restart(**self.run.origin._asdict() | changed)

    def show(self):
        self.choice.value = self.run.origin.start

    def off(self):
        return (self.again,) if self.run.origin.start in ("given", "zeros") else ()

    def said(self):
        drawn = "" if self.off() else f", draw {self.run.origin.seed + 1}"
        return f"Start: {self.choice.label}{drawn}."


class StartScale(Setting):
    """What all weights of the start are multiplied by: the run begins anew."""

    group = "Network"
    words, most_typed = "scale of the start", 1000.0

    def most_on_slider(self):
        return 3.0

    def value(self):
        return self.run.origin.scale

    def _set(self, value, typed):
        self.change(lambda: self.run.restart(**self.run.origin._asdict() | {"scale": float(value)}), typed)
