"""One neuron: its output against its first input, with its current parameters."""

import numpy as np

from tinymlp.activations import sigmoid, silu
from tinymlp.views.shapes import Beyond, round_up
from tinymlp.views.style import GREY, INK, PALE, dress
from tinymlp.views.view import Facts, View
from tinymlp.words import decimal, given, on_page

REACH = 6.0  # how far the curves go to each side, at the least
POINTS = 161


class NeuronView(View):
    """Sigmoid and SiLU of z = w x + b against x, for the first unit of the first layer; the sample's x as a point.

    With several inputs the first one varies, and the others keep the sample's values.
    """

    width, height = 460, 370

    def build(self, run, look):
        self.axes = self.figure.add_axes((0.14, 0.15, 0.82, 0.62))
        reach = round_up(max(REACH, abs(run.problem.X[:, 0]).max()), (1, 2, 3, 4, 6, 8, 10))
        self.along = along = np.linspace(-reach, reach, POINTS)
        self.axes.set(xlim=(-reach, reach), ylim=(-1, 3))
        dress(self.axes, "input x", "output", grid=False)
        self.axes.axhline(0, color=PALE, lw=1)
        self.axes.axvline(0, color=PALE, lw=1)
        self.axes.plot(along, sigmoid(along), color=PALE, lw=4)
        self.axes.plot(along, silu(along), color=PALE, lw=4)
        self.legend(
            0.785,
            (13, "sigmoid", {"color": INK, "lw": 3}),
            (133, "SiLU", {"color": GREY, "lw": 2.6, "ls": (0, (4, 1.5))}),
            (229, "both at w = 1, b = 0", {"color": PALE, "lw": 4}),
        )
        self.bent = self.move(self.axes.plot(along, along, color=GREY, lw=2.6, ls=(0, (4, 1.5)))[0])
        self.squeezed = self.move(self.axes.plot(along, along, color=INK, lw=3)[0])
        self.drop = self.move(self.axes.plot([], [], color=GREY, lw=1.2, ls=":")[0])
        self.points = self.move(self.axes.plot([], [], "o", color=INK, ms=10)[0])
        self.beyond = Beyond(self, self.axes, 2)
        self.headline = self.words(0.02, 0.95, fontsize=15)
        self.sum = self.words(0.02, 0.875)

    def read(self, run, look):
        x, w = run.problem.X[look.sample], run.params.W1[:, 0]
        b = 0.0 if run.problem.net.biases == "none" else run.params.b1[0, 0]
        rest = float(x[1:] @ w[1:] + b)  # what the other inputs and the bias add
        z = np.array(x[0] * w[0] + rest)
        return Facts(x=float(x[0]), w=float(w[0]), rest=rest, z=float(z), heights=(float(sigmoid(z)), float(silu(z))))

    def draw(self, facts):
        x, rest, heights = facts.x, facts.rest, facts.heights
        with np.errstate(over="ignore"):  # a weight of 1e308 is a wall: drawn as one of a million
            sums = np.clip(facts.w * self.along + rest, -1e6, 1e6)
        self.squeezed.set_ydata(sigmoid(sums))
        self.bent.set_ydata(silu(sums))
        self.drop.set_data([x, x], [-1, 3])
        sign = "-" if rest < 0 else "+"
        self.headline.set_text(on_page(f"z = {decimal(facts.w, 2)} x {sign} {decimal(abs(rest), 2)}"))
        squeezed, bent = (decimal(height, 3) for height in heights)
        values = on_page(f"sigmoid {squeezed}"), on_page(f"SiLU {bent}")
        self.points.set_data(*self.beyond.inside(np.array([x, x]), np.array(heights), values))
        at = f"at x = {given(x)}: z = {decimal(facts.z, 2)},  sigmoid {squeezed},  SiLU {bent}"
        self.sum.set_text(on_page(at))

    def status(self, facts):
        squeezed, bent = map(decimal, facts.heights)
        return on_page(f"At x = {given(facts.x)}: z = {decimal(facts.z)}, sigmoid {squeezed}, SiLU {bent}.")

    def say(self, facts):
        sign = "-" if facts.rest < 0 else "+"
        squeezed, bent = map(decimal, facts.heights)
        return (
            f"Neuron: z = {decimal(facts.w)} x {sign} {decimal(abs(facts.rest))}\n"
            f"  at x = {given(facts.x)}: z = {decimal(facts.z)}, sigmoid {squeezed}, SiLU {bent}"
        )
