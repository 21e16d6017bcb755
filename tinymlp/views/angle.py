"""The angle between the velocity and the way downhill: below 90 degrees downhill, beyond it uphill."""

import numpy as np
from matplotlib.patches import Wedge

from tinymlp.network import backward
from tinymlp.views.style import ADDED, GREY, INK, PALE
from tinymlp.views.view import Facts, View
from tinymlp.words import decimal

LEVEL = 90  # degrees: neither down nor up


def turned(run):
    """Return the angle between the way a run moves and the way downhill, -g, in degrees; None where one of them is 0.

    The way it moves is that of its velocity, or against it for a rule whose velocity adds up gradients.
    """
    gain = run.rule.gain
    adds_up = gain is None or gain(run.eta, run.gamma) > 0
    way = run.velocity.flat * (-1 if adds_up else 1)
    down = -backward(run.trace, run.problem.y).flat
    lengths = np.linalg.norm(way) * np.linalg.norm(down)
    if not lengths:
        return None
    return float(np.degrees(np.arccos(np.clip(way @ down / lengths, -1, 1))))


class AngleView(View):
    """The angle between the velocity and the way downhill, which is drawn straight down: uphill beyond 90 degrees."""

    width, height = 320, 370
    draws = "angle"

    def build(self, run, look):
        self.axes = self.figure.add_axes((0.02, 0.02, 0.96, 0.82))
        self.axes.set_axis_off()
        self.axes.set(xlim=(-0.28, 1.42), ylim=(-1.32, 1.32), aspect="equal")
        self.axes.add_patch(Wedge((0, 0), 1.05, 0, 90, fc="white", ec=PALE, hatch="...", lw=0))
        self.axes.add_patch(Wedge((0, 0), 1.05, -90, 90, fc="none", ec=GREY, lw=1))
        for degrees in (45, 90, 135):
            x, y = np.sin(np.radians(degrees)), -np.cos(np.radians(degrees))
            self.axes.plot([1.02 * x, 1.08 * x], [1.02 * y, 1.08 * y], color=GREY, lw=1)
            self.axes.text(1.12 * x, 1.12 * y, f"{degrees}°", fontsize=13, color=GREY, va="center")
        self.axes.text(0, 1.17, "uphill", fontsize=14, color=GREY, ha="center")
        self.axes.text(0, -1.24, "downhill", fontsize=14, color=ADDED, ha="center")
        down = {"arrowstyle": "-|>,head_width=0.4,head_length=0.8", "color": ADDED, "lw": 3, "shrinkA": 0, "shrinkB": 0}
        self.axes.annotate("", (0, -1.05), (0, 0), arrowprops=down)
        self.velocity = self.move(self.axes.annotate("", (0, 0), (0, 0), arrowprops=down | {"color": INK}))
        self.headline = self.words(0.03, 0.95, fontsize=15)
        self.second = self.words(0.03, 0.885)

    def read(self, run, look):
        return Facts(t=run.t, angle=turned(run))

    def draw(self, facts):
        angle = facts.angle
        self.velocity.set_visible(angle is not None)
        if angle is not None:
            self.velocity.xy = 1.05 * np.sin(np.radians(angle)), -1.05 * np.cos(np.radians(angle))
        headline, second = self._words(facts)
        self.headline.set_text(headline)
        self.second.set_text(second)

    @staticmethod
    def _words(facts):
        if facts.angle is None:
            return (
                f"Velocity at t = {facts.t}",
                "no angle: it or the gradient is 0" if facts.t else "no angle yet: it is 0",
            )
        now = "uphill now" if facts.angle > LEVEL else "downhill"
        return f"Velocity at t = {facts.t}: {now}", f"{decimal(facts.angle, 1)}° from the way downhill"

    def say(self, facts):
        return "\n  ".join(self._words(facts))
