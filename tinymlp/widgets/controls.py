"""What a learner touches: each control reads its widget, calls the run or changes the look, and shows the state."""

import math
import time
from functools import partial

import ipywidgets as w

from tinymlp import scores
from tinymlp.params import Entry
from tinymlp.problems import DATASETS
from tinymlp.run import Run
from tinymlp.stages import stages
from tinymlp.starts import STARTS
from tinymlp.training import PLAIN
from tinymlp.views.confusion import class_names
from tinymlp.views.mistake import needs_one_probability
from tinymlp.words import capital, decimal, label, meaning, on_page, short

LABEL = {"description_width": "initial"}
PAUSE = 1.0  # seconds
ROW = {"align_items": "center", "margin": "0 18px 0 0"}


def parameter_said(run, entry):
    """Return a parameter and its value as the status line shows them."""
    return f"{label(*entry)} = {on_page(decimal(run.params[entry[0]][entry[1]]))}."


class Control:
    """One control of a panel: `widget` stands on the page.

    `fit()` gives the widget what depends on the problem, and `show()` the state of run and look.
    row: whether it stands with the buttons or with the settings below. arrow: "step" or "back", if an arrow key on
    the picture does what it does. steps: whether it takes steps. names_parameters: whether the line of status gives
    the values of parameters through it.
    """

    row, arrow, steps, names_parameters = "settings", "", False, False

    def __init__(self, panel):
        self.panel = panel
        self._moved_at = 0.0
        self.widget = self.make()
        self.fit()

    @property
    def run(self):
        """The run that the panel shows now."""
        return self.panel.run

    @classmethod
    def refuses(cls, run):
        """Return what a run would need so that this control can move it; "" if it can."""
        return ""

    def make(self):
        """Return the widget, its events connected."""
        raise NotImplementedError

    def fit(self):
        """Set lists and limits to those of the run: it may have been changed for another one."""

    def first_look(self):
        """Return what the panel looks at first because of this control: fields of the Look."""
        return {}

    def look_at_another_t(self):
        """Return what changes in the Look when the run has gone to another iteration: fields of the Look."""
        return {}

    def show(self):
        """Set the widget to the state of the run and the look."""

    def off(self):
        """Return those of its widgets that cannot be used at the moment."""
        return ()

    def said(self):
        """Return what the line of status should say of the control, if anything."""
        return ""

    def act(self):
        """Do what an arrow key asks for."""

    def set_parameter(self, entry, value, typed):
        """Set a parameter of the run: a typed number, or a drag after a pause, is a separate undo step."""
        self.change(lambda: self.run.set(*entry, float(value)), typed)

    def change(self, call, typed):
        """Change the run; typed, or after a pause: a separate undo step."""

        def changed():
            if typed or time.monotonic() - self._moved_at > PAUSE:
                self.run.end_gesture()
            self._moved_at = time.monotonic()
            call()

        self.panel.act(changed)

    def on_value(self, *widgets, call):
        """Call `call(value)` when the learner changes one of the widgets, but not when `show` does."""
        for widget in widgets:
            widget.observe(lambda change: self.panel.act(partial(call, change["new"])), "value")

    def button(self, word, tip, call):
        button = w.Button(description=word, tooltip=tip, layout={"width": f"{max(84, 30 + 8 * len(word))}px"})
        button.on_click(lambda _: self.panel.act(call))
        return button


class Press(Control):
    """A button that calls a method of the run. Subclasses give `word`, `tip` and `act`."""

    row, word, tip = "buttons", "", ""

    def make(self):
        return self.button(self.word, self.tip, self.act)


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
        self.run.undo()

    def off(self):
        return () if self.run.can_undo else (self.widget,)


class Redo(Press):
    """Take back the last Undo."""

    word, tip = "Redo", "Take back the last Undo"

    def act(self):
        self.run.redo()

    def off(self):
        return () if self.run.can_redo else (self.widget,)


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


class Dial:
    """A slider and a field for one number. The field accepts numbers beyond the slider's ends and between its steps.

    call(value, typed): what a change does; typed numbers are separate undo steps, a drag is one.
    """

    def __init__(self, words, least, most, step, typed, call):
        self.slider = w.FloatSlider(min=least, max=most, step=step, readout=False, layout={"width": "230px"})
        self.field = w.BoundedFloatText(
            min=typed[0], max=typed[1], step=step, description=words, style=LABEL, layout={"width": _room(words)}
        )
        self._call, self._on_slider = call, None
        self.slider.observe(self._slid, "value")
        self.field.observe(lambda change: call(change["new"], True), "value")

    def _slid(self, change):
        # The page rounds the value to a step of the slider and reports that as a change, which it is not.
        value = self._nearest_step(change["new"])
        if value != self._on_slider:
            self._call(value, False)

    def _nearest_step(self, value):
        slider = self.slider
        steps = round((min(max(value, slider.min), slider.max) - slider.min) / slider.step)
        return round(slider.min + steps * slider.step, 9)

    def show(self, value):
        """Set both to the value, the slider to its nearest step."""
        self._on_slider = self._nearest_step(value)
        self.field.min, self.field.max = min(self.field.min, value), max(self.field.max, value)
        digits = 6 if abs(value) >= 0.001 else 3
        self.field.value = float(f"{value:.{digits}g}")
        # The page's 0.39999999999999997 is our 0.4: to send that back would pull the handle from under a held key.
        if self._nearest_step(self.slider.value) != self._on_slider:
            self.slider.value = self._on_slider


def _room(words):
    """Return the width of a field that holds nine digits beside its description."""
    return f"{112 + 7.5 * len(words):.0f}px"


class Setting(Control):
    """The slider of a setting of the run. Subclasses give its `name`, `words` and how much can be typed."""

    name, words, most_typed = "", "", 1.0

    def most_on_slider(self):
        """Return where the slider ends."""
        return 1.0

    def make(self):
        self.dial = Dial(self.words, 0.0, 1.0, 0.05, (0.0, self.most_typed), self._set)
        return w.HBox([self.dial.field, self.dial.slider], layout=ROW)

    def fit(self):
        self.dial.slider.max = self.most_on_slider()

    def value(self):
        """Return what is set now."""
        return getattr(self.run, self.name)

    def _set(self, value, typed):
        self.change(lambda: setattr(self.run, self.name, float(value)), typed)

    def show(self):
        self.dial.show(self.value())

    def said(self):
        return f"{capital(self.words)} = {short(self.value())}."


class Eta(Setting):
    """The step size of the next step."""

    name, words, most_typed = "eta", "step size η", 1000.0

    def most_on_slider(self):
        return max(2.0, 2 * self.run.problem.eta)


class Gamma(Setting):
    """The share of the velocity that the next step carries on."""

    name, words = "gamma", "momentum γ"


class RivalSetting(Setting):
    """The same for the run that is shown beside this one, from the same start; what is not set is as in this run."""

    def value(self):
        settings = dict(self.panel.look.rival or ())
        return settings.get(self.name, getattr(self.run.at(0), self.name))

    def first_look(self):
        return {"rival": (("gamma", 0.0),)}

    def _set(self, value, typed):
        settings = dict(self.panel.look.rival or ()) | {self.name: float(value)}
        self.panel.act(lambda: self.panel.glance(rival=tuple(sorted(settings.items()))))


class RivalEta(RivalSetting):
    """The step size of the rival."""

    name, words, most_typed = "eta", "rival's η", 1000.0
    most_on_slider = Eta.most_on_slider


class RivalGamma(RivalSetting):
    """The momentum of the rival."""

    name, words = "gamma", "rival's γ"


class Weight(Control):
    """The chosen parameter: a list to choose it by name, a slider and a field to change it."""

    names_parameters = True

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

    def make(self):
        self.slider = w.FloatSlider(min=-12, max=1, step=1, readout=False, layout={"width": "230px"})
        self.field = w.BoundedFloatText(
            min=1e-6, max=10, step=0.1, description="nudge ε", style=LABEL, layout={"width": _room("nudge ε")}
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


class StartList(Control):
    """Where the run begins: zeros, equal units, too small, ...; and a button for other random numbers."""

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

    words, most_typed = "scale of the start", 1000.0

    def most_on_slider(self):
        return 3.0

    def value(self):
        return self.run.origin.scale

    def _set(self, value, typed):
        self.change(lambda: self.run.restart(**self.run.origin._asdict() | {"scale": float(value)}), typed)


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
}
