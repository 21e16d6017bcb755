"""The controls of how a run learns: rule, batch, penalties, schedule, frozen weights; and what the lines show."""

from dataclasses import replace

import ipywidgets as w

from tinymlp.momentum import RULES
from tinymlp.schedules import CONSTANT, schedule
from tinymlp.widgets.control import LABEL, ROW, Choice, Control, room
from tinymlp.words import RULES as RULE_WORDS
from tinymlp.words import label, short

LINES = ("weights", "gradients", "velocities")
BATCHES = (1, 10, 30)
STOPS = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
SCHEDULES = {
    CONSTANT: "constant",
    schedule("step", 100): "half every 100 steps",
    schedule("inverse", 100): "1 / (1 + t / 100)",
}


class RuleList(Choice):
    """The rule that makes a step of a gradient: momentum and its kin, RMSProp or Adam."""

    row, words, width = "Training", "rule", 220

    def options(self):
        return [(RULE_WORDS[name], name) for name in RULES]

    def value(self):
        return self.run.rule.name

    def choose(self, value):
        self.run.rule = value


class ScheduleList(Choice):
    """How the step size changes by itself."""

    row, words, width = "Training", "step size over time", 310

    def options(self):
        return [(words, kind) for kind, words in SCHEDULES.items()]

    def value(self):
        return self.run.schedule

    def choose(self, value):
        self.run.schedule = value


class Batch(Choice):
    """How many samples a step looks at."""

    row, words, width = "Training", "batch", 140

    def options(self):
        return [("all", None), *((str(size), size) for size in BATCHES)]

    def value(self):
        return self.run.training.batch

    def choose(self, value):
        self.run.training = replace(self.run.training, batch=value)


class Penalty(Control):
    """A penalty on the weights: a slider of a few strengths, and a field for any. Subclasses give `name`, `words`."""

    row, name, words = "Training", "", ""

    def make(self):
        self.slider = w.IntSlider(max=len(STOPS) - 1, readout=False, layout={"width": "120px"})
        self.field = w.BoundedFloatText(
            max=10, step=0.001, description=self.words, style=LABEL, layout={"width": room(self.words)}
        )
        self.slider.observe(lambda change: self._set(STOPS[change["new"]], False), "value")
        self.field.observe(lambda change: self._set(change["new"], True), "value")
        return w.HBox([self.field, self.slider], layout=ROW)

    def value(self):
        """Return its strength now."""
        return getattr(self.run.training, self.name)

    def _set(self, value, typed):
        self.change(lambda: setattr(self.run, "training", replace(self.run.training, **{self.name: value})), typed)

    def show(self):
        value = self.value()
        self.field.max = max(self.field.max, value)
        self.field.value = value
        self.slider.value = min(range(len(STOPS)), key=lambda stop: abs(STOPS[stop] - value))

    def said(self):
        return f"{self.words} = {short(self.value())}." if self.value() else ""


class L1(Penalty):
    """The penalty on the absolute values of the weights."""

    name, words = "l1", "L1"


class L2(Penalty):
    """The penalty on the squares of the weights."""

    name, words = "l2", "L2"


class Freeze(Control):
    """Buttons that freeze the chosen weight or its layer, so that no step moves them, and free them again."""

    row = "Training"

    def make(self):
        self.one = self.button("Freeze this weight", "No step moves the chosen weight, or it moves again", self._one)
        self.layer = self.button("Freeze its layer", "The same for all weights and biases of its layer", self._layer)
        self.all = self.button("Free all", "Every weight may move again", lambda: self._freeze(()))
        self.words = w.Label("", layout={"width": "230px"})
        return w.HBox([self.one, self.layer, self.all, self.words], layout=ROW)

    def frozen(self):
        """Return the entries that no step moves."""
        free = self.run.training.free
        return () if free is None else tuple(entry for entry in self.run.problem.net.entries if entry not in free)

    def layer_of(self, chosen):
        """Return the weights and biases that lead into the same layer as the chosen one."""
        return [entry for entry in self.run.problem.net.entries if entry[0][1:] == chosen[0][1:]]

    def _one(self):
        self._turn([self.panel.look.chosen])

    def _layer(self):
        self._turn(self.layer_of(self.panel.look.chosen))

    def _turn(self, entries):
        """Freeze these entries, or free them if all of them are frozen."""
        frozen = set(self.frozen())
        self._freeze(frozen - set(entries) if frozen >= set(entries) else frozen | set(entries))

    def _freeze(self, frozen):
        free = tuple(entry for entry in self.run.problem.net.entries if entry not in frozen)
        self.run.training = replace(self.run.training, free=free if frozen else None)

    def show(self):
        frozen, chosen = set(self.frozen()), self.panel.look.chosen
        self.one.description = "Free this weight" if chosen in frozen else "Freeze this weight"
        self.layer.description = "Free its layer" if frozen >= set(self.layer_of(chosen)) else "Freeze its layer"
        self.words.value = f"{label(*chosen)}: {len(frozen)} of {self.run.problem.net.count} are frozen"

    def off(self):
        return () if self.frozen() else (self.all,)

    def said(self):
        frozen = self.frozen()
        return f"{len(frozen)} of {self.run.problem.net.count} frozen." if frozen else ""


class LineList(Choice):
    """What the lines of a network show: its weights, their gradients or their velocities."""

    row, words, width = "Look", "lines show", 190

    def options(self):
        return [(name, name) for name in LINES]

    def value(self):
        return self.panel.look.lines

    def choose(self, value):
        self.panel.glance(lines=value)
