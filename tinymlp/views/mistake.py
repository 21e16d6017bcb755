"""What a prediction costs, and how hard that pushes back: losses and their slopes against p, for one sample."""

import numpy as np

from tinymlp.losses import binary_cross_entropy, cross_entropy_slope, squared, squared_sigmoid_slope
from tinymlp.views.view import GREY, INK, NEGATIVE, PALE, View
from tinymlp.words import decimal, given, on_page, short

REACH = np.linspace(0.001, 0.999, 400)
STYLES = (
    {"color": INK, "lw": 3},
    {"color": GREY, "lw": 2.6, "ls": (0, (4, 1.5))},
    {"color": NEGATIVE, "lw": 2.2, "ls": (0, (1, 1.4))},
)


def logit(p):
    """Return the z whose sigmoid is p."""
    return np.log(p) - np.log1p(-p)


class AgainstP(View):
    """Curves against the prediction p, from 0 to 1, with a point on each where the sample's prediction is now.

    Of several outputs it is that of the right class. Raises ValueError for outputs that are no probabilities.
    """

    width, height = 400, 370
    title, names, limits, digits = "", (), (0, 1), 3

    def curves(self, p, y):
        """Return one array for each of `names`: the curves at p, for the target y."""
        raise NotImplementedError

    def build(self, run, look):
        net = run.problem.net
        if net.output == "identity":
            raise ValueError(f"show: expected a network whose predictions are probabilities, got output {net.output!r}")
        self.axes = self.figure.add_axes((0.13, 0.15, 0.84, 0.62))
        self.axes.set(xlim=(-0.02, 1.02), ylim=self.limits)
        self.axes.set_xlabel("prediction p", fontsize=14)
        self.axes.tick_params(labelsize=13)
        self.axes.spines[["top", "right"]].set_visible(False)
        self.axes.grid(axis="y", color="#e6e6e6")
        self.axes.axhline(0, color=PALE, lw=1)
        self.axes.set_axisbelow(True)
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

    def numbers(self, run, look):
        """Return (p, y, the height of each curve) for the sample."""
        output = int(run.problem.y[look.sample].argmax())
        p, y = float(run.trace.p[look.sample, output]), float(run.problem.y[look.sample, output])
        return p, y, [float(value[0]) for value in self.curves(np.array([p]), y)]

    def update(self, run, look):
        p, y, heights = self.numbers(run, look)
        if y != self.target:
            self.target, self.standing_changed = y, True
            for line, values in zip(self.drawn, self.curves(REACH, y), strict=True):
                line.set_data(REACH, values)
        self.points.set_data([p] * len(heights), np.clip(heights, *self.limits))
        self.drop.set_xdata([p, p])
        self.sentence.set_text(f"sample {look.sample + 1}: target {short(y)},  p = {decimal(p)}")
        for words, name, height in zip(self.values, self.names, heights, strict=True):
            words.set_text(f"{name} {on_page(given(height, self.digits))}")

    def text(self, run, look):
        p, y, heights = self.numbers(run, look)
        values = (f"{name} {given(height, 4)}" for name, height in zip(self.names, heights, strict=True))
        return f"{self.title}: sample {look.sample + 1}\n  target {short(y)}, p = {decimal(p)}: {', '.join(values)}"


class MistakeView(AgainstP):
    """Cross-entropy, squared error, and whether the answer is wrong at all: each as a curve against p."""

    title, names, limits = "What p costs", ("cross-entropy", "squared", "wrong?"), (-0.15, 5)

    def curves(self, p, y):
        # Through z, as the package has it: at p = 0 and 1 the logarithm would not be finite.
        p = np.clip(p, 1e-300, 1 - 1e-16)
        columns = p[:, np.newaxis]
        wrong = (p > 0.5) != (y > 0.5)
        return [
            binary_cross_entropy(logit(columns), columns, np.array(y)),
            squared(None, columns, y),
            np.where(p == 0.5, 0.5, wrong),
        ]


class PushView(AgainstP):
    """The slopes of the two losses for the output's sum z, against p: what the gradient has to work with."""

    title, names, limits = "How hard it pushes: the slope for z", ("cross-entropy", "squared"), (-1.05, 1.05)
    digits = 4

    def curves(self, p, y):
        return [cross_entropy_slope(None, p, y), squared_sigmoid_slope(None, p, y)]
