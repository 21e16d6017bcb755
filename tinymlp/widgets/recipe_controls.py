"""The controls of a playground's data and network: each changes the recipe, and the panel shows the run it makes."""

import ipywidgets as w

from tinymlp.inputs import INPUTS
from tinymlp.recipes import DATA, MOST_LAYERS, MOST_UNITS, OWN
from tinymlp.widgets.control import LABEL, ROW, Choice, Control, Press, Setting
from tinymlp.words import BENDS, short
from tinymlp.words import INPUTS as SYMBOLS

SAMPLES = (12, 50, 100, 200, 400, 1000)
HIDDEN = ("tanh", "relu", "leaky_relu", "silu", "sigmoid", "identity")
NEW_LAYER = 4  # units of a first hidden layer; any other begins with as many as the one before it


class FromRecipe(Control):
    """A control of one field of the recipe, `name`: the run is made anew when it changes."""

    name = ""

    @classmethod
    def refuses(cls, run):
        return "" if run.problem.recipe is not None else "a playground's run"

    @property
    def recipe(self):
        """The recipe of the run that the panel shows now."""
        return self.run.problem.recipe

    def value(self):
        """Return what the recipe says now."""
        return getattr(self.recipe, self.name)

    def remake(self, **changes):
        """Make the run anew with these fields of the recipe: a change of its own, which undo takes back."""
        self.panel.end_gesture()
        self.panel.remake(**changes)

    def choose(self, value):
        """Make the run anew with another value."""
        self.remake(**{self.name: value})


class Made(FromRecipe):
    """A control of how data are made, which those of one's own are not."""

    row = "Data"

    def off(self):
        """Return all its widgets where the samples are the learner's own."""
        return getattr(self.widget, "children", (self.widget,)) if self.recipe.data == OWN else ()


class RecipeDial(FromRecipe, Setting):
    """A slider of a number in the recipe; a drag is one change."""

    most = 1.0

    def most_on_slider(self):
        return self.most

    def _set(self, value, typed):
        self.change(lambda: self.panel.remake(**{self.name: float(value)}), typed)

    def said(self):
        return ""


class DataList(FromRecipe, Choice):
    """Which of a playground's data sets the network learns from, or data of one's own once there are any."""

    name, words, width = "data", "data", 250

    def options(self):
        named = [(words, name) for name, (_, words) in DATA.items()]
        return [*named, ("own data", OWN)] if self.recipe.own else named


class Noise(Made, RecipeDial):
    """The noise of the data: its standard deviation, in the units of the plane."""

    name, words, most, most_typed = "noise", "noise", 0.5, 2.0

    def said(self):
        return f"Noise {short(self.value())}."


class SampleCount(Made, Choice):
    """How many samples there are, held-out ones included."""

    name, words, width = "n", "samples", 150

    def options(self):
        return [(str(count), count) for count in SAMPLES]


class HeldOut(RecipeDial):
    """The share of the samples that is held out as test data."""

    row, name, words, most, most_typed = "Data", "held_out", "test share", 0.9, 0.9


class NewData(FromRecipe, Press):
    """Draw other data of the same kind, and other first weights."""

    row, name, word, tip = "Data", "seed", "New data", "Other data of the same kind, and other first weights"

    def act(self):
        self.choose(self.value() + 1)


class InputTicks(FromRecipe):
    """What the network is given of a point: x1 and x2, their squares, their product, and sines."""

    row, name = "Network", "inputs"

    def make(self):
        self.ticks = {
            name: w.Checkbox(description=SYMBOLS[name], indent=False, layout={"width": "76px"}) for name in INPUTS
        }
        for name, tick in self.ticks.items():
            self.on_value(tick, call=lambda on, name=name: self._set(name, on))
        self.note = w.Label("", layout={"width": "130px"})
        return w.HBox([w.Label("inputs"), *self.ticks.values(), self.note], layout=ROW)

    def _set(self, name, on):
        self.choose(tuple(known for known in INPUTS if (on if known == name else known in self.value())))

    def show(self):
        for name, tick in self.ticks.items():
            tick.value = name in self.value()
        self.note.value = "The last one stays." if len(self.value()) == 1 else ""

    def off(self):
        return [self.ticks[name] for name in self.value()] if len(self.value()) == 1 else ()


class Layers(FromRecipe):
    """How many hidden layers there are, and the units of each."""

    row, name = "Network", "sizes"

    def make(self):
        self.count = w.BoundedIntText(
            min=0, max=MOST_LAYERS, description="hidden layers", style=LABEL, layout={"width": "140px"}
        )
        self.on_value(self.count, call=lambda count: self.choose(with_layers(self.value(), count)))
        self.units = []
        for number in range(MOST_LAYERS):
            words = "units in layer 1" if number == 0 else f"layer {number + 1}"
            layout = {"width": f"{52 + 6.5 * len(words):.0f}px"}
            field = w.BoundedIntText(min=1, max=MOST_UNITS, description=words, style=LABEL, layout=layout)
            self.on_value(field, call=lambda units, number=number: self._set(number, units))
            self.units.append(field)
        return w.HBox([self.count, *self.units], layout=ROW)

    def _set(self, number, units):
        sizes = self.value()
        if number < len(sizes):
            self.choose((*sizes[:number], units, *sizes[number + 1 :]))

    def show(self):
        sizes = self.value()
        self.count.value = len(sizes)
        for number, field in enumerate(self.units):
            # A field of a layer that is not there keeps its room, so that nothing moves.
            field.layout.visibility = "visible" if number < len(sizes) else "hidden"
            field.value = sizes[number] if number < len(sizes) else 1

    def off(self):
        return self.units[len(self.value()) :]


def with_layers(sizes, count):
    """Return the sizes of `count` hidden layers: the first ones stay, and new ones have as many units as the last."""
    new = sizes[-1] if sizes else NEW_LAYER
    return (*sizes[:count], *(new for _ in range(count - len(sizes))))


class HiddenList(FromRecipe, Choice):
    """The activation of the hidden units."""

    row, name, words, width = "Network", "hidden", "activation", 190

    def options(self):
        return [(BENDS[name], name) for name in HIDDEN]


class CostList(FromRecipe, Choice):
    """Which loss is made smaller: cross-entropy or the squared error; there is no choice where targets are numbers."""

    row, name, words, width = "Network", "loss", "loss", 170

    def options(self):
        return [("cross-entropy", None), ("squared error", "squared")]

    def value(self):
        return "squared" if self.run.problem.net.loss == "squared" else None

    def off(self):
        return () if self.run.problem.classes else (self.list,)
