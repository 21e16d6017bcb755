"""The slope of the loss for one weight: the curve, a nudge, the secant through both ends, and the tangent."""

import numpy as np

from tinymlp.network import backward, forward, loss
from tinymlp.sweep import loss_curve
from tinymlp.views.view import ADDED, GREY, INK, View, round_up
from tinymlp.words import decimal, label, on_page, short

POINTS = 121
MOST_REACH = 1e6  # a weight beyond this is off the axes


class SlopeView(View):
    """The loss against the chosen weight; the secant over a nudge epsilon; and the tangent, whose slope is g."""

    width, height = 520, 400

    def build(self, run, look):
        self.axes = self.figure.add_axes((0.13, 0.14, 0.84, 0.6))
        self.axes.tick_params(labelsize=13)
        self.axes.spines[["top", "right"]].set_visible(False)
        self.axes.grid(axis="y", color="#e6e6e6")
        self.axes.set_axisbelow(True)
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
        self.key, self.axes_of = None, None

    def numbers(self, run, look):
        """Return (w, loss there, loss at w + epsilon, the secant's slope, the gradient) of the chosen weight."""
        name, index = look.chosen
        w = float(run.params[name][index])
        X, y = run.problem.X, run.problem.y
        after = float(loss(forward(run.params.replace(name, index, w + look.epsilon), X), y))
        # Of the loss itself: a run's own gradient may be that of a mini-batch, or 0 for a frozen weight.
        g = float(backward(run.trace, y)[name][index])
        return w, run.loss, after, (after - run.loss) / look.epsilon, g

    def update(self, run, look):
        w, now, after, secant, g = self.numbers(run, look)
        self._draw_curve(run, look, w)
        low, high = self.axes.get_xlim()
        ends = np.array([low, high])
        self.tangent.set_data(ends, now + g * (ends - w))
        self.secant.set_data(ends, now + secant * (ends - w))
        self.run_and_rise.set_data([w, w + look.epsilon, w + look.epsilon], [now, now, after])
        self.point.set_data([w], [now])
        self.nudged.set_data([w + look.epsilon], [after])
        self.headline.set_text(on_page(f"{label(*look.chosen)} = {decimal(w, 3)}:  g = {decimal(g, 5)}"))
        words = f"secant: change {_small(after - now)} / nudge {short(look.epsilon)} = {decimal(secant, 5)}"
        self.division.set_text(on_page(words))

    def _draw_curve(self, run, look, w):
        """Redraw the loss against the chosen weight if any other number has changed, or the weight left the axes."""
        name, index = look.chosen
        rest = run.params.replace(name, index, 0.0)
        reach = round_up(min(MOST_REACH, max(3.0, 1.05 * abs(w), 1.05 * abs(w + look.epsilon))))
        key = (look.chosen, rest, reach)
        if key == self.key:
            return
        self.key = key
        values = np.linspace(-reach, reach, POINTS)
        with np.errstate(all="ignore"):
            losses = np.minimum(loss_curve(run.problem, look.chosen, values, params=run.params), 1e300)
        self.curve.set_data(values, losses)
        # The axes stay as they are while the curve fits and fills a third of their height.
        low, high = self.axes.get_ylim()
        fits = (
            low <= losses.min() and losses.max() <= high and (np.ptp(losses) > 0.3 * (high - low) or high - low < 0.1)
        )
        if fits and (look.chosen, reach) == self.axes_of:
            return
        self.axes_of, self.standing_changed = (look.chosen, reach), True
        step = round_up(max(0.02, 1e-6 * abs(losses).max(), np.ptp(losses) / 4))
        low, high = step * np.floor(losses.min() / step - 0.2), step * np.ceil(losses.max() / step + 0.2)
        self.axes.set(xlim=(-reach, reach), ylim=(low, high))
        self.axes.set_xlabel(f"{label(name, index)}, the others as they are", fontsize=14)

    def text(self, run, look):
        w, now, after, secant, g = self.numbers(run, look)
        symbol = label(*look.chosen)
        return (
            f"Slope of the loss for {symbol} = {decimal(w)}\n"
            f"  nudged by {short(look.epsilon)}, the loss {decimal(now)} changes by {_small(after - now)}: "
            f"secant {decimal(secant, 5)}\n"
            f"  tangent: g = {decimal(g, 5)}"
        )


def _small(value):
    """Return a change as text, with four significant digits however small it is."""
    if value == 0:
        return "0"
    return decimal(value, int(min(12, max(5, 3 - np.floor(np.log10(abs(value)))))))
