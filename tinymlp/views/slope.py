"""The slope of the loss for one weight: the curve, a nudge, the secant through both ends, and the tangent."""

import numpy as np

from tinymlp.network import backward, forward, loss
from tinymlp.sweep import loss_curve
from tinymlp.views.shapes import round_up
from tinymlp.views.style import ADDED, GREY, INK, dress
from tinymlp.views.view import Facts, View
from tinymlp.words import decimal, label, on_page, short

POINTS = 121
MOST_REACH = 1e6  # a weight beyond this is off the axes


class SlopeView(View):
    """The loss against the chosen weight; the secant over a nudge epsilon; and the tangent, whose slope is g."""

    width, height = 520, 400

    def build(self, run, look):
        self.axes = self.figure.add_axes((0.13, 0.14, 0.84, 0.6))
        dress(self.axes)
        self.legend(
            0.785,
            (14, "loss", {"color": INK, "lw": 2.6}),
            (102, "secant over the nudge ε", {"color": GREY, "lw": 1.8}),
            (322, "tangent, slope g", {"color": ADDED, "lw": 2.2, "ls": (0, (4, 1.5))}),
        )
        self.curve = self.move(self.axes.plot([], [], color=INK, lw=2.6)[0])
        self.tangent = self.move(self.axes.plot([], [], color=ADDED, lw=2.2, ls=(0, (4, 1.5)))[0])
        self.secant = self.move(self.axes.plot([], [], color=GREY, lw=1.8)[0])
        self.run_and_rise = self.move(self.axes.plot([], [], color=GREY, lw=1.4, ls=":")[0])
        self.nudged = self.move(self.axes.plot([], [], "o", mfc="white", mec=INK, mew=2, ms=9)[0])
        self.point = self.move(self.axes.plot([], [], "o", color=INK, ms=10)[0])
        self.headline = self.words(0.02, 0.955, fontsize=15)
        self.division = self.words(0.02, 0.885)
        self.curve_key, self.axes_of = None, None

    def read(self, run, look):
        name, index = look.chosen
        w = float(run.params[name][index])
        X, y = run.problem.X, run.problem.y
        after = float(loss(forward(run.params.replace(name, index, w + look.epsilon), X), y))
        # The gradient of the loss itself: a run's own may be that of a mini-batch, or 0 where a weight is frozen.
        g = float(backward(run.trace, y)[name][index])
        reach = round_up(min(MOST_REACH, max(3.0, 1.05 * abs(w), 1.05 * abs(w + look.epsilon))))
        key = (look.chosen, run.params.replace(name, index, 0.0), reach)
        values, losses = self.kept("curve", key, lambda: self._curve(run, look.chosen, reach))
        return Facts(
            chosen=look.chosen, epsilon=look.epsilon, w=w, now=run.loss, after=after,
            secant=(after - run.loss) / look.epsilon, g=g, reach=reach, values=values, losses=losses,
        )  # fmt: skip

    @staticmethod
    def _curve(run, chosen, reach):
        """Return (values, losses): the loss against the chosen weight, the others as they are."""
        values = np.linspace(-reach, reach, POINTS)
        with np.errstate(all="ignore"):
            return values, np.minimum(loss_curve(run.problem, chosen, values, params=run.params), 1e300)

    def draw(self, facts):
        w, now, after, epsilon = facts.w, facts.now, facts.after, facts.epsilon
        self._draw_curve(facts)
        low, high = self.axes.get_xlim()
        ends = np.array([low, high])
        self.tangent.set_data(ends, now + facts.g * (ends - w))
        self.secant.set_data(ends, now + facts.secant * (ends - w))
        self.run_and_rise.set_data([w, w + epsilon, w + epsilon], [now, now, after])
        self.point.set_data([w], [now])
        self.nudged.set_data([w + epsilon], [after])
        self.headline.set_text(on_page(f"{label(*facts.chosen)} = {decimal(w, 3)}:  g = {decimal(facts.g, 5)}"))
        words = f"secant: change {_small(after - now)} / nudge {short(epsilon)} = {decimal(facts.secant, 5)}"
        self.division.set_text(on_page(words))

    def _draw_curve(self, facts):
        """Let the curve be that of the facts, and the axes stand still while it fits and fills a third of them."""
        losses, reach = facts.losses, facts.reach
        if losses is self.curve_key:
            return
        self.curve_key = losses
        self.curve.set_data(facts.values, losses)
        low, high = self.axes.get_ylim()
        fits = (
            low <= losses.min() and losses.max() <= high and (np.ptp(losses) > 0.3 * (high - low) or high - low < 0.1)
        )
        if fits and (facts.chosen, reach) == self.axes_of:
            return
        self.axes_of, self.standing_changed = (facts.chosen, reach), True
        step = round_up(max(0.02, 1e-6 * abs(losses).max(), np.ptp(losses) / 4))
        low, high = step * np.floor(losses.min() / step - 0.2), step * np.ceil(losses.max() / step + 0.2)
        self.axes.set(xlim=(-reach, reach), ylim=(low, high))
        self.axes.set_xlabel(f"{label(*facts.chosen)}, the others as they are", fontsize=14)

    def status(self, facts):
        return on_page(f"Slopes: secant {decimal(facts.secant, 5)}, tangent {decimal(facts.g, 5)}.")

    def say(self, facts):
        return (
            f"Slope of the loss for {label(*facts.chosen)} = {decimal(facts.w)}\n"
            f"  nudged by {short(facts.epsilon)}, the loss {decimal(facts.now)} changes by "
            f"{_small(facts.after - facts.now)}: secant {decimal(facts.secant, 5)}\n"
            f"  tangent: g = {decimal(facts.g, 5)}"
        )


def _small(value):
    """Return a change as text, with four significant digits however small it is."""
    if value == 0:
        return "0"
    return decimal(value, int(min(12, max(5, 3 - np.floor(np.log10(abs(value)))))))
