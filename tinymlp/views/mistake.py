"""What a prediction costs, and how hard that pushes back: losses and their slopes against p, for one sample."""

import numpy as np

from tinymlp.losses import binary_cross_entropy, cross_entropy_slope, squared, squared_sigmoid_slope
from tinymlp.views.style import GREY, INK, NEGATIVE, PALE, dress
from tinymlp.views.view import Facts, View
from tinymlp.words import decimal, given, on_page, short

REACH = np.linspace(0.001, 0.999, 400)
STYLES = (
    {"color": INK, "lw": 3},
    {"color": GREY, "lw": 2.6, "ls": (0, (4, 1.5))},
    {"color": NEGATIVE, "lw": 2.2, "ls": (0, (1, 1.4))},
)


def needs_one_probability(run):
    """Return what a run lacks where a view needs a prediction that is one probability; "" if it has it."""
    net = run.problem.net
    return "" if net.output == "sigmoid" and net.sizes[-1] == 1 else "a network with one sigmoid output"


def logit(p):
    """Return the z whose sigmoid is p."""
    return np.log(p) - np.log1p(-p)


class AgainstP(View):
    """Curves against the prediction p, from 0 to 1, with a point on each at the sample's current prediction.

    Raises ValueError for a network that does not predict a single probability.
    """

    width, height = 400, 370
    title, names, limits, digits = "", (), (0, 1), 3

    def curves(self, z, p, y):
        """Return one array for each of `names`: the curves at p = sigmoid(z), each (K,), for the target y."""
        raise NotImplementedError

    @classmethod
    def refuses(cls, run):
        return needs_one_probability(run)

    def build(self, run, look):
        self.axes = self.figure.add_axes((0.13, 0.15, 0.84, 0.62))
        self.axes.set(xlim=(-0.02, 1.02), ylim=self.limits)
        dress(self.axes, "prediction p")
        self.axes.axhline(0, color=PALE, lw=1)
        self._build_legend()
        self.figure.text(0.02, 0.95, self.title, fontsize=15, va="center")
        self.drawn = [self.axes.plot([], [], **style)[0] for _, style in zip(self.names, STYLES, strict=False)]
        self.drop = self.move(self.axes.axvline(0, color=GREY, lw=1.2, ls=":"))
        self.points = self.move(self.axes.plot([], [], "o", color=INK, ms=10)[0])
        self.sentence = self.words(0.02, 0.885)
        self.target = None

    def _build_legend(self):
        axes = self.legend_axes(0.79)
        self.values, x = [], 6
        for name, style in zip(self.names, STYLES, strict=False):
            axes.plot([x, x + 22], [11, 11], **style)
            self.values.append(self.words(x + 26, 11, axes, fontsize=12.5))
            x += 63 + 7 * self.digits + 6.7 * len(name)

    def read(self, run, look):
        z, p, y = run.trace.z[-1][look.sample], run.trace.p[look.sample], float(run.problem.y[look.sample, 0])
        heights = [float(value[0]) for value in self.curves(z, p, y)]
        return Facts(sample=look.sample, p=float(p[0]), y=y, heights=heights)

    def draw(self, facts):
        p, y, heights = facts.p, facts.y, facts.heights
        if y != self.target:
            self.target, self.standing_changed = y, True
            for line, values in zip(self.drawn, self.curves(logit(REACH), REACH, y), strict=True):
                line.set_data(REACH, values)
        self.points.set_data([p] * len(heights), np.clip(heights, *self.limits))
        self.drop.set_xdata([p, p])
        self.sentence.set_text(f"sample {facts.sample + 1}: target {short(y)},  p = {decimal(p)}")
        for words, name, height in zip(self.values, self.names, heights, strict=True):
            words.set_text(f"{name} {on_page(given(height, self.digits))}")

    def say(self, facts):
        values = (f"{name} {given(height, 4)}" for name, height in zip(self.names, facts.heights, strict=True))
        return (
            f"{self.title}: sample {facts.sample + 1}\n"
            f"  target {short(facts.y)}, p = {decimal(facts.p)}: {', '.join(values)}"
        )


class MistakeView(AgainstP):
    """Cross-entropy, squared error, and whether the answer is wrong at all: each as a curve against p."""

    title, names, limits = "What p costs", ("cross-entropy", "squared", "wrong?"), (-0.15, 5)

    def curves(self, z, p, y):
        z, column = z[:, np.newaxis], p[:, np.newaxis]
        wrong = np.where(p == 0.5, 0.5, (p > 0.5) != (y > 0.5))
        return [binary_cross_entropy(z, column, y), squared(z, column, y), wrong]


class PushView(AgainstP):
    """The slopes of the two losses for the output's sum z, against p: what the gradient has to work with."""

    title, names, limits = "How hard it pushes: the slope for z", ("cross-entropy", "squared"), (-1.05, 1.05)
    digits = 4

    def curves(self, z, p, y):
        return [cross_entropy_slope(z, p, y), squared_sigmoid_slope(z, p, y)]
