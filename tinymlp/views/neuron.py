"""One neuron: its output against its first input, with its current parameters."""

import numpy as np

from tinymlp.activations import sigmoid, silu
from tinymlp.views.view import GREY, INK, PALE, View
from tinymlp.words import decimal, given, on_page

REACH = np.linspace(-6, 6, 161)


class NeuronView(View):
    """Sigmoid and SiLU of z = w x + b against x, for the first unit of the first layer; the sample's x as a point.

    With several inputs the first one varies, and the others keep the sample's values.
    """

    width, height = 460, 370

    def build(self, run, look):
        self.axes = self.figure.add_axes((0.11, 0.15, 0.85, 0.62))
        self.axes.set(xlim=(-6, 6), ylim=(-1, 3))
        self.axes.set_xlabel("input x", fontsize=14)
        self.axes.tick_params(labelsize=13)
        self.axes.spines[["top", "right"]].set_visible(False)
        self.axes.axhline(0, color=PALE, lw=1)
        self.axes.axvline(0, color=PALE, lw=1)
        self.axes.plot(REACH, sigmoid(REACH), color=PALE, lw=4)
        self.axes.plot(REACH, silu(REACH), color=PALE, lw=4)
        self.legend(
            0.785,
            (13, "sigmoid", {"color": INK, "lw": 3}),
            (133, "SiLU", {"color": GREY, "lw": 2.6, "ls": (0, (4, 1.5))}),
            (229, "both at w = 1, b = 0", {"color": PALE, "lw": 4}),
        )
        self.bent = self.move(self.axes.plot(REACH, REACH, color=GREY, lw=2.6, ls=(0, (4, 1.5)))[0])
        self.squeezed = self.move(self.axes.plot(REACH, REACH, color=INK, lw=3)[0])
        self.drop = self.move(self.axes.plot([], [], color=GREY, lw=1.2, ls=":")[0])
        self.points = self.move(self.axes.plot([], [], "o", color=INK, ms=10)[0])
        self.headline = self.words(0.02, 0.95, fontsize=15)
        self.sum = self.words(0.02, 0.875)

    def numbers(self, run, look):
        """Return (x, w, z at x, what the other inputs and the bias add) for the sample."""
        x, w = run.problem.X[look.sample], run.params.W1[:, 0]
        rest = float(x[1:] @ w[1:] + run.params.b1[0, 0])
        return float(x[0]), float(w[0]), float(x[0] * w[0] + rest), rest

    def update(self, run, look):
        x, w, z, rest = self.numbers(run, look)
        with np.errstate(over="ignore"):  # z is clipped: a huge weight is drawn as a vertical wall
            sums = np.clip(w * REACH + rest, -1e6, 1e6)
        self.squeezed.set_ydata(sigmoid(sums))
        self.bent.set_ydata(silu(sums))
        heights = sigmoid(np.array(z)), silu(np.array(z))
        self.points.set_data([x, x], np.clip(heights, -0.97, 2.97))
        self.drop.set_data([x, x], [-1, 3])
        self.headline.set_text(on_page(f"z = {decimal(w, 2)} x {'-' if rest < 0 else '+'} {decimal(abs(rest), 2)}"))
        at = (
            f"at x = {given(x)}: z = {decimal(z, 2)},  sigmoid {decimal(heights[0], 3)},  SiLU {decimal(heights[1], 3)}"
        )
        self.sum.set_text(on_page(at))

    def text(self, run, look):
        x, w, z, rest = self.numbers(run, look)
        sign = "-" if rest < 0 else "+"
        return (
            f"Neuron: z = {decimal(w)} x {sign} {decimal(abs(rest))}\n"
            f"  at x = {given(x)}: z = {decimal(z)}, sigmoid {decimal(sigmoid(z))}, SiLU {decimal(silu(z))}"
        )
