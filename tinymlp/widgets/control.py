"""What all controls have: a widget, its events, and how it shows the state; buttons, and sliders with a field."""

import time
from functools import partial

import ipywidgets as w

from tinymlp.words import capital, short

LABEL = {"description_width": "initial"}
PAUSE = 1.0  # seconds
ROW = {"align_items": "center", "margin": "0 18px 0 0"}
SIDE = {"align_items": "flex-start", "margin": "0 18px 0 0"}  # for what is two rows high


class Control:
    """One control of a panel: `widget` stands on the page.

    `fit()` gives the widget what depends on the problem, and `show()` the state of run and look.
    row: whether it stands with the buttons or with the settings below. arrow: "step" or "back", if an arrow key on the
    picture does what it does. steps: whether it takes steps; plays: whether it does so by itself at the moment.
    names_parameters: whether the line of status gives the values of parameters through it. group: the group of a
    playground's drawer in which it stands there, rather than in its row. A row that is neither "buttons" nor "settings"
    is such a group too.
    """

    row, group, arrow, steps, plays, names_parameters = "settings", "", "", False, False, False

    def __init__(self, panel):
        self.panel = panel
        if self.group and panel.run.problem.recipe is not None:
            self.row = self.group
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

    def go_on(self):
        """Take the next steps, while it `plays`."""

    def pause(self):
        """Stop playing."""

    def set_parameter(self, entry, value, typed):
        """Set a parameter of the run: a typed number, or a drag after a pause, is a separate undo step."""
        self.change(lambda: self.run.set(*entry, float(value)), typed)

    def change(self, call, typed):
        """Change the run; typed, or after a pause: a separate undo step."""
        made = []

        def changed():
            if typed or time.monotonic() - self._moved_at > PAUSE:
                self.panel.end_gesture()
            made.append(call())

        self.panel.act(changed)
        if made:  # an echo of what the panel shows is no move of the learner's
            self._moved_at = time.monotonic()  # now: what takes long to draw is no pause

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


def said(words="", width=280):
    """Return a widget for a line or two that say what a button did."""
    widget = w.HTML(words, layout={"width": f"{width}px"})
    widget.add_class("tinymlp-told")
    return widget


class Choice(Control):
    """A list to choose one value from. Subclasses give its `words` and `width`, `options`, `value` and `choose`."""

    words, width = "", 200

    def options(self):
        """Return what can be chosen: (words, value) pairs."""
        raise NotImplementedError

    def value(self):
        """Return what is chosen now."""
        raise NotImplementedError

    def choose(self, value):
        """Do what choosing another value means."""
        raise NotImplementedError

    def in_words(self, value):
        """Return the words for a value that is not among the options and yet the present one."""
        return str(value)

    def make(self):
        self.list = w.Dropdown(description=self.words, style=LABEL, layout={"width": f"{self.width}px"})
        self.on_value(self.list, call=self.choose)
        return self.list

    def show(self):
        value, options = self.value(), tuple(self.options())
        if all(value != known for _, known in options):
            options += ((self.in_words(value), value),)
        if options != tuple(self.list.options):
            self.list.options = options
        self.list.index = [known for _, known in options].index(value)  # by its place, as None is no value to a list


class Dial:
    """A slider and a field for one number. The field accepts numbers beyond the slider's ends and between its steps.

    call(value, typed): what a change does; typed numbers are separate undo steps, a drag is one.
    """

    def __init__(self, words, least, most, step, typed, call):
        self.slider = w.FloatSlider(min=least, max=most, step=step, readout=False, layout={"width": "230px"})
        self.field = w.BoundedFloatText(
            min=typed[0], max=typed[1], step=step, description=words, style=LABEL, layout={"width": room(words)}
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


def room(words):
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
