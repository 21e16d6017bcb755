"""What a learner touches: each control reads its widget, calls the run or changes the look, and shows the state."""

import math
from functools import partial

import ipywidgets as w

from tinymlp import scores
from tinymlp.params import Entry
from tinymlp.problems import DATASETS
from tinymlp.run import Run
from tinymlp.stages import stages
from tinymlp.training import PLAIN
from tinymlp.views.confusion import class_names
from tinymlp.views.mistake import needs_one_probability
from tinymlp.widgets.control import LABEL, ROW, Control, Dial, Eta, Gamma, Press, room
from tinymlp.widgets.own_data_controls import Brush, Paste
from tinymlp.widgets.playing import PlayOn
from tinymlp.widgets.recipe_controls import (
    CostList,
    DataList,
    HeldOut,
    HiddenList,
    InputTicks,
    Layers,
    NewData,
    Noise,
    SampleCount,
)
from tinymlp.widgets.rival_controls import Race, RivalEta, RivalGamma
from tinymlp.widgets.share_controls import Code, PictureFile, Script
from tinymlp.widgets.start_controls import StartList, StartScale
from tinymlp.widgets.training_controls import L1, L2, Batch, Freeze, LineList, RuleList, ScheduleList
from tinymlp.words import decimal, label, meaning, on_page, short


def parameter_said(run, entry):
    """Return a parameter and its value as the status line shows them."""
    return f"{label(*entry)} = {on_page(decimal(run.params[entry[0]][entry[1]]))}."


class StepButton(Press):
    """Take one step."""

    word, tip, arrow = "Step", "Take one step (right arrow on the picture)", "step"
    steps = True

    def act(self):
        self.run.step()


class Ten(Press):
    """Take ten steps."""

    word, tip = "10 steps", "Take ten steps"
    steps = True

    def act(self):
        self.run.step(10)


class Back(Press):
    """Go one iteration back."""

    word, tip, arrow = "Back", "Go one iteration back (left arrow on the picture)", "back"

    def act(self):
        self.run.back()

    def off(self):
        return () if self.run.t else (self.widget,)


class Undo(Press):
    """Take back the last change of a number, or the last Reset."""

    word, tip = "Undo", "Take back the last change of a number, or the last Reset"

    def act(self):
        self.panel.undo()

    def off(self):
        return () if self.panel.can_undo else (self.widget,)


class Redo(Press):
    """Take back the last Undo."""

    word, tip = "Redo", "Take back the last Undo"

    def act(self):
        self.panel.redo()

    def off(self):
        return () if self.panel.can_redo else (self.widget,)


class Reset(Press):
    """Start again with the numbers and settings as given."""

    word, tip = "Reset", "Start again with the numbers and settings as given"

    def act(self):
        self.run.reset()


class Play(Control):
    """Steps automatically. The timer runs in the page, so that it stops when the page is closed."""

    row, steps = "buttons", True

    def make(self):
        self.play = w.Play(max=100_000, interval=500, show_repeat=False, layout={"width": "auto"})
        self.play.observe(self._tick, "value")
        return w.HBox([w.Label("Play"), self.play], layout=ROW)

    def _tick(self, change):
        if change["new"] > change["old"]:  # its stop button resets the value
            self.panel.act(lambda: self.run.step())
        if self.run.message:
            self.play.playing = False


class Scrub(Control):
    """A slider through the iterations on record."""

    row = "buttons"

    def make(self):
        self.slider = w.IntSlider(max=1, readout=False, layout={"width": "200px"})
        self.field = w.BoundedIntText(max=1, description="iteration t", style=LABEL, layout={"width": "140px"})
        self.on_value(self.slider, self.field, call=lambda t: self.run.goto(min(t, self.run.end)))
        return w.HBox([self.field, self.slider], layout=ROW)

    def show(self):
        for widget in (self.slider, self.field):
            widget.max = max(1, self.run.end)
            widget.value = self.run.t

    def off(self):
        return () if self.run.end else (self.slider,)


class Weight(Control):
    """The chosen parameter: a list to choose it by name, a slider and a field to change it."""

    group, names_parameters = "Look", True

    def make(self):
        self.choice = w.Dropdown(description="weight", style=LABEL, layout={"width": "330px"})
        self.on_value(self.choice, call=lambda entry: entry and self.panel.choose(entry))
        self.dial = Dial("value", -3.0, 3.0, 0.05, (-1e6, 1e6), self._set)
        return w.HBox([self.choice, self.dial.field, self.dial.slider], layout=ROW | {"flex_flow": "row wrap"})

    def fit(self):
        net = self.run.problem.net
        self.choice.options = [(f"{label(*entry)}  {meaning(net, *entry)}", entry) for entry in net.entries]

    def _set(self, value, typed):
        self.set_parameter(self.panel.look.chosen, value, typed)

    def show(self):
        name, index = self.panel.look.chosen
        self.choice.value = (name, index)
        self.dial.show(float(self.run.params[name][index]))

    def said(self):
        return parameter_said(self.run, self.panel.look.chosen)


class Each(Control):
    """A slider for each parameter that moves, where there are few: at most three, as more teach nothing."""

    names_parameters = True

    def make(self):
        self.dials = {}
        return w.Box(layout={"flex_flow": "row wrap"})

    def fit(self):
        entries = (self.run.training.free or self.run.problem.net.entries)[:3]
        if entries == tuple(self.dials):
            return
        self.dials = {
            entry: Dial(label(*entry), -3.0, 3.0, 0.05, (-1e6, 1e6), partial(self.set_parameter, entry))
            for entry in entries
        }
        self.widget_box().children = [w.HBox([dial.field, dial.slider], layout=ROW) for dial in self.dials.values()]

    def widget_box(self):
        """Return the box, its old dials closed."""
        for row in self.widget.children:
            for part in (*row.children, row):
                part.close()
        return self.widget

    def show(self):
        for (name, index), dial in self.dials.items():
            dial.show(float(self.run.params[name][index]))

    def said(self):
        return " ".join(parameter_said(self.run, entry) for entry in self.dials)


class ProbabilityDial(Control):
    """A slider for what the network says of the sample: it moves the output's bias until p is there."""

    @classmethod
    def refuses(cls, run):
        return needs_one_probability(run) or ("" if run.problem.net.biases != "none" else "an output with a bias")

    def make(self):
        self.dial = Dial("prediction p", 0.01, 0.99, 0.01, (1e-9, 1 - 1e-9), self._set)
        return w.HBox([self.dial.field, self.dial.slider], layout=ROW)

    def fit(self):
        self.entry = Entry(f"b{len(self.run.problem.net.sizes) - 1}", (0, 0))

    def _set(self, p, typed):
        p = min(max(p, 1e-9), 1 - 1e-9)
        bias = float(self.run.params[self.entry[0]][self.entry[1]])
        z = float(self.run.trace.z[-1][self.panel.look.sample, 0])
        self.set_parameter(self.entry, bias + math.log(p / (1 - p)) - z, typed)

    def show(self):
        self.dial.show(self._p())

    def said(self):
        return f"Sample {self.panel.look.sample + 1}: p = {decimal(self._p())}."

    def _p(self):
        return float(self.run.trace.p[self.panel.look.sample, 0])


class Epsilon(Control):
    """How far the chosen weight is nudged: a slider in steps of 1, 2, 5, 10, and a field."""

    stops = (0.001, 0.01, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # of a recording's slider

    def make(self):
        self.slider = w.FloatSlider(min=-12, max=1, step=1, readout=False, layout={"width": "230px"})
        self.field = w.BoundedFloatText(
            min=1e-6, max=10, step=0.1, description="nudge ε", style=LABEL, layout={"width": room("nudge ε")}
        )
        self.on_value(self.slider, call=lambda thirds: self.panel.glance(epsilon=float(f"{10 ** (thirds / 3):.0e}")))
        self.on_value(self.field, call=lambda epsilon: self.panel.glance(epsilon=epsilon))
        return w.HBox([self.field, self.slider], layout=ROW)

    def first_look(self):
        return {"epsilon": 1.0}

    def show(self):
        self.field.value = self.panel.look.epsilon
        self.slider.value = min(max(round(3 * math.log10(self.panel.look.epsilon)), -12), 1)

    def said(self):
        return f"Nudged by ε = {short(self.panel.look.epsilon)}."


class StageSlider(Control):
    """A slider through the stages of one iteration, and buttons for one stage on or back."""

    @classmethod
    def refuses(cls, run):
        return "" if run.training == PLAIN else "a run that trains on all samples and weights"

    def make(self):
        self.slider = w.IntSlider(readout=False, layout={"width": "300px"})
        self.field = w.BoundedIntText(description="stage", style=LABEL, layout={"width": "110px"})
        self.on_value(self.slider, self.field, call=lambda stage: self.panel.glance(stage=stage))
        self.before = self.button("Previous stage", "One stage back", lambda: self._move(-1))
        self.after = self.button("Next stage", "One stage forward", lambda: self._move(1))
        return w.Box([self.before, self.after, self.field, self.slider], layout=ROW | {"flex_flow": "row wrap"})

    def fit(self):
        self.last = len(stages(self.run.now)) - 1
        self.slider.max = self.field.max = self.last

    def first_look(self):
        return {"stage": 0}

    look_at_another_t = first_look  # nothing of the new iteration is computed yet

    def _move(self, by):
        self.panel.glance(stage=min(max(self.panel.look.stage + by, 0), self.last))

    def show(self):
        stage = self.panel.look.stage
        self.slider.value = self.field.value = stage

    def off(self):
        ends = {0: self.before, self.last: self.after}
        return [ends[stage]] if (stage := self.panel.look.stage) in ends else ()

    def said(self):
        return f"Stage {self.panel.look.stage} of {self.last}: {stages(self.run.now)[self.panel.look.stage].name}."


class Sample(Control):
    """Which sample the network is shown with."""

    group = "Look"

    def make(self):
        self.choice = w.Dropdown(description="sample", style=LABEL, layout={"width": "150px"})
        self.on_value(self.choice, call=lambda sample: sample is not None and self.panel.glance(sample=sample))
        return self.choice

    def fit(self):
        count = len(self.run.problem.X)
        self.choice.options = [(f"{n + 1} of {count}", n) for n in range(count)]

    def show(self):
        self.choice.value = self.panel.look.sample


class Wrong(Control):
    """Which of the samples that the network gets wrong it is shown with; of very many the first ones are listed."""

    most = 40

    @classmethod
    def refuses(cls, run):
        return "" if scores.are_classes(run.problem.y) else "targets that are classes"

    def make(self):
        self.choice = w.Dropdown(description="look at", style=LABEL, layout={"width": "330px"})
        self.on_value(self.choice, call=lambda sample: sample is not None and self.panel.glance(sample=sample))
        return self.choice

    def show(self):
        problem, names = self.run.problem, class_names(self.run.problem)
        answers, truths = scores.labels(self.run.trace.p), scores.labels(problem.y)
        wrong = (answers != truths).nonzero()[0].tolist()
        listed = wrong[: self.most]
        more = f", the first {self.most}" if len(wrong) > self.most else ""
        heading = f"{len(wrong)} of {len(problem.y)} wrong{more}" if wrong else "none is wrong"
        named = ((f"{n + 1}: {names[truths[n]]}, called {names[answers[n]]}", n) for n in listed)
        options = ((heading, None), *named)
        if options != self.choice.options:
            self.choice.options = options
        sample = self.panel.look.sample
        self.choice.value = sample if sample in listed else None


class Ahead(Control):
    """A checkbox: show the next step, and what the record holds beyond the current iteration."""

    row = "buttons"

    def make(self):
        self.tick = w.Checkbox(description="show what comes next", indent=False, layout={"width": "190px"})
        self.on_value(self.tick, call=lambda ahead: self.panel.glance(ahead=ahead))
        return self.tick

    def show(self):
        self.tick.value = self.panel.look.ahead


class Horizon(Control):
    """How many steps the runs of `map` and `starts` take."""

    def make(self):
        steps = (50, 100, 200, 400)
        self.choice = w.Dropdown(
            description="steps of many runs", options=steps, style=LABEL, layout={"width": "220px"}
        )
        self.on_value(self.choice, call=lambda steps: self.panel.glance(horizon=steps))
        return self.choice

    def show(self):
        self.choice.value = self.panel.look.horizon


class Limits(Control):
    """A checkbox: draw the limit on eta over `map`, by the sharpness at the start and by the largest since."""

    def make(self):
        self.tick = w.Checkbox(description="draw the limit on η", indent=False, layout={"width": "180px"})
        self.on_value(self.tick, call=lambda limits: self.panel.glance(limits=limits))
        return self.tick

    def show(self):
        self.tick.value = self.panel.look.limits


class ProblemList(Control):
    """Which of the data sets the network learns from: a new run, from its own start."""

    def make(self):
        names = [(name.replace("_", " "), name) for name in DATASETS]
        self.given = self.run
        self.choice = w.Dropdown(options=[("as given", ""), *names], description="data", style=LABEL)
        self.on_value(self.choice, call=self._take)
        return self.choice

    def _take(self, name):
        training = self.run.training.for_any_network()
        self.panel.take(Run(DATASETS[name](), training=training) if name else self.given)

    def show(self):
        same = (name for name in DATASETS if name.replace("_", " ") == self.run.problem.name)
        self.choice.value = next(same, "")


CONTROLS = {
    "step": StepButton,
    "ten": Ten,
    "back": Back,
    "undo": Undo,
    "redo": Redo,
    "reset": Reset,
    "play": Play,
    "scrub": Scrub,
    "ahead": Ahead,
    "eta": Eta,
    "gamma": Gamma,
    "rival_eta": RivalEta,
    "rival_gamma": RivalGamma,
    "weight": Weight,
    "each": Each,
    "p": ProbabilityDial,
    "epsilon": Epsilon,
    "stage": StageSlider,
    "sample": Sample,
    "horizon": Horizon,
    "limits": Limits,
    "problem": ProblemList,
    "start": StartList,
    "scale": StartScale,
    "wrong": Wrong,
    "dataset": DataList,
    "noise": Noise,
    "samples": SampleCount,
    "held_out": HeldOut,
    "new_data": NewData,
    "inputs": InputTicks,
    "layers": Layers,
    "hidden": HiddenList,
    "cost": CostList,
    "rule": RuleList,
    "schedule": ScheduleList,
    "batch": Batch,
    "l1": L1,
    "l2": L2,
    "freeze": Freeze,
    "lines": LineList,
    "race": Race,
    "brush": Brush,
    "paste": Paste,
    "code": Code,
    "script": Script,
    "picture": PictureFile,
    "run": PlayOn,
}
