"""The controls of the rival: the run that is shown beside this one."""

from functools import partial

import ipywidgets as w

from tinymlp.momentum import RULES
from tinymlp.widgets.control import LABEL, ROW, Control, Dial, Eta, Setting
from tinymlp.words import RULES as RULE_WORDS


class RivalSetting(Setting):
    """The same for the run that is shown beside this one, from the same start; what is not set is as in this run."""

    group = "Race"

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


class Race(Control):
    """A tick box that lets another run race from the same start, with its own step size, momentum and rule."""

    row = "Race"

    def make(self):
        self.tick = w.Checkbox(
            description="race another run from the same start", indent=False, layout={"width": "280px"}
        )
        self.on_value(self.tick, call=self._race)
        self.dials = {
            "eta": Dial(RivalEta.words, 0.0, 2.0, 0.05, (0.0, RivalEta.most_typed), partial(self._dialled, "eta")),
            "gamma": Dial(RivalGamma.words, 0.0, 1.0, 0.05, (0.0, 1.0), partial(self._dialled, "gamma")),
        }
        self.rule = w.Dropdown(description="rival's rule", style=LABEL, layout={"width": "260px"})
        self.rule.options = [(RULE_WORDS[name], name) for name in RULES]
        self.on_value(self.rule, call=lambda rule: self._set(rule=rule))
        rows = [w.HBox([dial.field, dial.slider], layout=ROW) for dial in self.dials.values()]
        return w.Box([self.tick, *rows, self.rule], layout={"flex_flow": "row wrap", "align_items": "center"})

    def _race(self, on):
        self.panel.glance(rival=(("gamma", 0.0),) if on else None)

    def _set(self, **changes):
        settings = dict(self.panel.look.rival or ()) | changes
        self.panel.glance(rival=tuple(sorted(settings.items())))

    def _dialled(self, name, value, typed):
        self.panel.act(lambda: self._set(**{name: float(value)}))

    def fit(self):
        self.dials["eta"].slider.max = max(2.0, 2 * self.run.problem.eta)

    def show(self):
        settings, first = dict(self.panel.look.rival or ()), self.run.at(0)
        self.tick.value = self.panel.look.rival is not None
        for name, dial in self.dials.items():
            dial.show(settings.get(name, getattr(first, name)))
        self.rule.value = settings.get("rule", first.rule.name)

    def off(self):
        if self.tick.value:
            return ()
        return (*(part for dial in self.dials.values() for part in (dial.slider, dial.field)), self.rule)
