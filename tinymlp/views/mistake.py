"""What a prediction costs, how hard that pushes back, both against p for one sample; and the share of wrong answers."""

import numpy as np

from tinymlp.activations import sigmoid
from tinymlp.losses import binary_cross_entropy, cross_entropy_slope, squared, squared_sigmoid_slope
from tinymlp.network import forward
from tinymlp.views.loss import LossView
from tinymlp.views.shapes import Beyond, round_up
from tinymlp.views.style import GREY, INK, NEGATIVE, PALE, dress
from tinymlp.views.view import Facts, View
from tinymlp.words import decimal, given, on_page, short

MOST_COST = 100.0  # a cost beyond this is marked at the edge: the axis follows up to here
TAIL = np.linspace(7, 105, 50)
EVENLY = np.linspace(0.001, 0.999, 400)
REACH = np.concatenate([-TAIL[::-1], np.log(EVENLY / (1 - EVENLY)), TAIL])  # of z: evenly in p, and out to its ends
WRONG = {"color": NEGATIVE, "lw": 2.2, "ls": (0, (1, 1.4))}
STYLES = {"color": INK, "lw": 3}, {"color": GREY, "lw": 2.6, "ls": (0, (4, 1.5))}, WRONG


def needs_one_probability(run):
    """Return what a run lacks where a view needs a prediction that is one probability; "" if it has it."""
    net = run.problem.net
    return "" if net.output == "sigmoid" and net.sizes[-1] == 1 else "a network with one sigmoid output"


def wrong(p, y):
    """Return 1 where a prediction is on the wrong side of 0.5, 0 where it is on the right one, 0.5 where on neither."""
    return np.where(p == 0.5, 0.5, (p > 0.5) != (y > 0.5))


class AgainstP(View):
    """Curves against the prediction p, from 0 to 1, with a point on each at the sample's current prediction.

    Raises ValueError for a network that does not predict a single probability.
    """

    width, height = 400, 370
    title, names, limits, digits, upright = "", (), (0, 1), 3, ""

    def curves(self, z, p, y):
        """Return one array for each of `names`: the curves at p = sigmoid(z), each (K,), for the target y."""
        raise NotImplementedError

    @classmethod
    def refuses(cls, run):
        return needs_one_probability(run)

    def build(self, run, look):
        self.axes = self.figure.add_axes((0.16, 0.15, 0.81, 0.62))
        self.axes.set(xlim=(-0.02, 1.02), ylim=self.limits)
        dress(self.axes, "prediction p", self.upright)
        self.axes.axhline(0, color=PALE, lw=1)
        self._build_legend()
        self.figure.text(0.02, 0.95, self.title, fontsize=15, va="center")
        self.drawn = [self.axes.plot([], [], **style)[0] for _, style in zip(self.names, STYLES, strict=False)]
        self.drop = self.move(self.axes.axvline(0, color=GREY, lw=1.2, ls=":"))
        self.points = self.move(self.axes.plot([], [], "o", color=INK, ms=10)[0])
        self.beyond = Beyond(self, self.axes, len(self.names))
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
            along = sigmoid(REACH)
            for line, values in zip(self.drawn, self.curves(REACH, along, y), strict=True):
                line.set_data(along, values)
        self.fit(heights)
        values = [on_page(decimal(height, self.digits)) for height in heights]
        self.points.set_data(*self.beyond.inside([p] * len(heights), heights, values))
        self.drop.set_xdata([p, p])
        self.sentence.set_text(f"sample {facts.sample + 1}: target {short(y)},  p = {decimal(p)}")
        for words, name, height in zip(self.values, self.names, heights, strict=True):
            words.set_text(f"{name} {on_page(given(height, self.digits))}")

    def fit(self, heights):
        """Let the axes follow the points, where a view's do."""

    def say(self, facts):
        values = (f"{name} {given(height, 4)}" for name, height in zip(self.names, facts.heights, strict=True))
        return (
            f"{self.title}: sample {facts.sample + 1}\n"
            f"  target {short(facts.y)}, p = {decimal(facts.p)}: {', '.join(values)}"
        )


class MistakeView(AgainstP):
    """Cross-entropy, squared error, and whether the answer is wrong at all: each as a curve against p."""

    title, names, limits = "What p costs", ("cross-entropy", "squared", "wrong?"), (-0.15, 5)
    upright = "cost"

    def curves(self, z, p, y):
        z, column = z[:, np.newaxis], p[:, np.newaxis]
        return [binary_cross_entropy(z, column, y), squared(z, column, y), wrong(p, y)]

    def status(self, facts):
        entropy, squares, _ = map(decimal, facts.heights)
        return f"Target {short(facts.y)}: cross-entropy {entropy}, squared {squares}."

    def fit(self, heights):
        """Let the axis grow in leaps with the cost: that it explodes is what there is to see."""
        most = round_up(min(MOST_COST, max(self.limits[1], 1.03 * max(heights))))
        if most != self.axes.get_ylim()[1]:
            self.standing_changed = True
            self.axes.set_ylim(-0.03 * most, most)


class PushView(AgainstP):
    """The slopes of the two losses for the output's sum z, against p: what the gradient has to work with."""

    title, names, limits = "How hard it pushes: the slope for z", ("cross-entropy", "squared"), (-1.05, 1.05)
    digits, upright = 4, "slope"

    def curves(self, z, p, y):
        return [cross_entropy_slope(z, p, y), squared_sigmoid_slope(z, p, y)]


class RateView(LossView):
    """The loss up to now, and beside it the error rate: the share of the samples whose answer is wrong."""

    @classmethod
    def refuses(cls, run):
        return needs_one_probability(run)

    def build(self, run, look):
        super().build(run, look)
        axes = self.legend_axes(0.845)
        axes.plot([110, 138], [11, 11], **WRONG)
        self.share = self.words(145, 11, axes, fontsize=13)
        self.rate = self.move(self.axes.plot([], [], drawstyle="steps-post", **WRONG)[0])
        self.known = np.empty(0), np.empty(0)

    def read(self, run, look):
        facts = super().read(run, look)
        facts.rival = None
        facts.rates = self._rates(run, facts.shown)
        facts.highest = max(facts.shown.max(), facts.rates.max())
        start, now = (f"{short(len(run.problem.X) * facts.rates[t])}/{len(run.problem.X)}" for t in (0, facts.t))
        facts.rate_at_start, facts.rate_now = start, now
        facts.sample, facts.p = look.sample, float(run.trace.p[look.sample, 0])
        return facts

    def _rates(self, run, losses):
        """Return the error rates (T,) beside these losses: worked out anew only from where the losses are others."""
        before, rates = self.known
        count = min(len(before), len(losses))
        same = int(np.argmin([*(before[:count] == losses[:count]), False]))
        if same < len(losses):
            p = forward(run.past(same, len(losses)).params, run.problem.X).p
            rates = np.concatenate([rates[:same], wrong(p, run.problem.y).mean(axis=(-2, -1))])
            self.known = losses, rates
        return rates[: len(losses)]

    def draw(self, facts):
        super().draw(facts)
        self.rate.set_data(np.arange(len(facts.rates)), facts.rates)
        self.share.set_text(f"error rate {facts.rate_now}")

    def status(self, facts):
        return f"{facts.standing} Error rate {facts.rate_now}. Sample {facts.sample + 1}: p = {decimal(facts.p)}."

    def say(self, facts):
        start = f", from {facts.rate_at_start} at the start" if facts.t else ""
        return f"{super().say(facts)}\n  error rate {facts.rate_now}{start}"
