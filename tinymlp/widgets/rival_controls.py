"""The controls of the rival: the run that is shown beside this one."""

from tinymlp.widgets.control import Eta, Setting


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
