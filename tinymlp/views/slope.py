"""The slope of the loss for one weight: the curve and its tangent; and with a nudge, the secant through both ends."""

import numpy as np
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from tinymlp.network import backward, forward, loss
from tinymlp.sweep import loss_curve
from tinymlp.views.shapes import Beyond, round_up
from tinymlp.views.style import ADDED, GREY, INK, dress
from tinymlp.views.view import Facts, View
from tinymlp.words import decimal, label, on_page, short

POINTS = 121
MOST_REACH = 1e6  # a weight beyond this is off the axes
LENS = 64  # pixels: half the width of the lens
LENS_GAP = 48  # pixels: how far apart secant and tangent are in it, at the most
SETTLED = 0.001  # a nudge from which on the secant is the tangent for the eye
ROOM = 384, 532  # pixels: the width of the axes, with the lens beside it and without
SAME = 1e-15  # a gap below this share of the loss is noise


class SlopeView(View):
    """The loss against the chosen weight; the tangent, whose slope is g; and with a nudge, the secant over it.

    Below a nudge of 1 the picture zooms in with it. A lens over the nudge's far end shows how far the secant is from
    the tangent there, at whatever magnification that takes. While a prediction is open, the tangent waits until the
    nudge is small: where the secant goes is what is asked.
    """

    width, height = 640, 400

    def build(self, run, look):
        self.axes = self.figure.add_axes((92 / self.width, 0.14, ROOM[0] / self.width, 0.6))
        dress(self.axes, y="loss")
        for axis in (self.axes.xaxis, self.axes.yaxis):
            axis.set_major_locator(MaxNLocator(5, steps=(1, 2, 2.5, 5, 10)))
            axis.set_major_formatter(ScalarFormatter(useOffset=False))
        self._build_lens()
        _, (key, words), (tangent_key, tangent_words) = self.legend(
            0.785,
            (14, "loss", {"color": INK, "lw": 2.6}),
            (102, "secant over the nudge ε", {"color": GREY, "lw": 1.8}),
            (322, "tangent, slope g", {"color": ADDED, "lw": 2.2, "ls": (0, (4, 1.5))}),
        )
        self.nudge_keys, self.tangent_keys = (key, words), (tangent_key, tangent_words)
        self.curve = self.move(self.axes.plot([], [], color=INK, lw=2.6)[0])
        self.tangent = self.move(self.axes.plot([], [], color=ADDED, lw=2.2, ls=(0, (4, 1.5)))[0])
        self.secant = self.move(self.axes.plot([], [], color=GREY, lw=1.8)[0])
        self.run_and_rise = self.move(self.axes.plot([], [], color=GREY, lw=1.4, ls=":")[0])
        self.nudged = self.move(self.axes.plot([], [], "o", mfc="white", mec=INK, mew=2, ms=9)[0])
        self.point = self.move(self.axes.plot([], [], "o", color=INK, ms=10)[0])
        self.beyond = Beyond(self, self.axes)
        self.headline = self.words(0.02, 0.955, fontsize=15)
        self.division = self.words(0.02, 0.885)
        self.zoom = self.words(476 / self.width, 0.955, ha="right", color=GREY, fontsize=13)
        self.curve_key, self.axes_of, self.parts = None, None, None

    def _build_lens(self):
        left, low, side = 498 / self.width, 0.3, 2 * LENS
        self.lens = self.figure.add_axes((left, low, side / self.width, side / self.height))
        self.lens.set(xlim=(-LENS, LENS), ylim=(-LENS, LENS), xticks=[], yticks=[])
        self.lens_name = self.figure.text(left, low + 0.385, "Round the open circle", fontsize=12, va="center")
        tangent = {"color": ADDED, "lw": 2.2, "ls": (0, (4, 1.5))}
        self.lens_tangent = self.move(self.lens.plot([], [], **tangent)[0])
        self.lens_secant = self.move(self.lens.plot([], [], color=GREY, lw=1.8)[0])
        self.lens_end = self.move(self.lens.plot([0], [0], "o", mfc="white", mec=INK, mew=2, ms=9)[0])
        self.lens_zoom = self.words(left, low + 0.34, fontsize=12, color=GREY)
        self.gap = [self.words(left, low - y, fontsize=12) for y in (0.035, 0.085)]

    def read(self, run, look):
        name, index = look.chosen
        w = float(run.params[name][index])
        X, y = run.problem.X, run.problem.y
        epsilon = look.epsilon or 0.0
        after = float(loss(forward(run.params.replace(name, index, w + epsilon), X), y))
        # The gradient of the loss itself: a run's own may be that of a mini-batch, or 0 where a weight is frozen.
        g = float(backward(run.trace, y)[name][index])
        zoom = round(1 / round_up(min(1.0, epsilon or 1.0), (1, 2, 5, 10)))
        reach = round_up(min(MOST_REACH, max(3.0, 1.05 * abs(w), 1.05 * abs(w + epsilon))))
        middle, half = (w, reach / zoom) if zoom > 1 else (0.0, reach)
        key = (look.chosen, run.params.replace(name, index, 0.0), middle, half)
        values, losses = self.kept("curve", key, lambda: self._curve(run, look.chosen, middle, half))
        gap = after - run.loss - g * epsilon
        return Facts(
            chosen=look.chosen, epsilon=epsilon, w=w, now=run.loss, after=after,
            secant=(after - run.loss) / epsilon if epsilon else g, g=g,
            tangent=not (look.untold and epsilon > SETTLED), values=values, losses=losses, zoom=zoom,
            gap=gap if abs(gap) > SAME * max(1.0, abs(after)) else 0.0,
        )  # fmt: skip

    @staticmethod
    def _curve(run, chosen, middle, half):
        """Return (values, losses): the loss against the chosen weight, the others as they are."""
        values = np.linspace(middle - half, middle + half, POINTS)
        with np.errstate(all="ignore"):
            return values, np.minimum(loss_curve(run.problem, chosen, values, params=run.params), 1e300)

    def draw(self, facts):
        w, now, after, epsilon = facts.w, facts.now, facts.after, facts.epsilon
        self._show_parts(bool(epsilon), facts.tangent)
        self._draw_curve(facts)
        low, high = self.axes.get_xlim()
        ends = np.array([low, high])
        self.tangent.set_data(ends, now + facts.g * (ends - w))
        self.secant.set_data(ends, now + facts.secant * (ends - w))
        self.run_and_rise.set_data([w, w + epsilon, w + epsilon], [now, now, after])
        self.point.set_data(*self.beyond.inside(w, now, [on_page(f"{label(*facts.chosen)} = {decimal(w)}")]))
        self.nudged.set_data([w + epsilon], [after])
        g = f":  g = {decimal(facts.g, 5)}" if facts.tangent else ""
        self.headline.set_text(on_page(f"{label(*facts.chosen)} = {decimal(w, 3)}{g}"))
        if not epsilon:
            self.division.set_text(f"loss {decimal(now)}")
            self.zoom.set_text("")
            return
        words = f"secant: change {_small(after - now)} / nudge {short(epsilon)} = {decimal(facts.secant, 5)}"
        self.division.set_text(on_page(words))
        self.zoom.set_text(f"zoomed in {facts.zoom:,} times" if facts.zoom > 1 else "")
        self._draw_lens(facts)

    def _show_parts(self, nudged, tangent):
        """Show the secant and the lens where there is a nudge, and the tangent where it gives nothing away."""
        if (nudged, tangent) == self.parts:
            return
        self.parts, self.standing_changed = (nudged, tangent), True
        self.axes.set_position((92 / self.width, 0.14, ROOM[not nudged] / self.width, 0.6))
        of_nudge = (self.secant, self.run_and_rise, self.nudged, *self.nudge_keys)
        of_lens = (self.lens, self.lens_name, self.lens_secant, self.lens_end, self.lens_zoom)
        for artist in (*of_nudge, *of_lens):
            artist.set_visible(nudged)
        for artist in (self.tangent, *self.tangent_keys):
            artist.set_visible(tangent)
        for artist in (self.lens_tangent, *self.gap):
            artist.set_visible(nudged and tangent)
        x = 322 if nudged else 102
        self.tangent_keys[0].set_xdata([x, x + 28])
        self.tangent_keys[1].set_x(x + 35)

    def _draw_lens(self, facts):
        """Draw both lines round the nudge's far end, as steep as in the picture, and magnified until they part."""
        (left, right), (low, high) = self.axes.get_xlim(), self.axes.get_ylim()
        across, up = self.axes.bbox.size / (right - left, high - low)  # pixels for each unit
        apart = up * facts.gap
        times = max(1.0, 10.0 ** np.floor(np.log10(LENS_GAP / abs(apart)))) if apart else 1.0
        ends = np.array([-LENS, LENS])
        self.lens_secant.set_data(ends, facts.secant * up / across * ends)
        self.lens_tangent.set_data(ends, facts.g * up / across * ends - times * apart)
        self.lens_zoom.set_text(f"magnified {times:,.0f}×" if times > 1 else "not magnified")
        self.gap[0].set_text("secant and tangent:" if apart else "secant and tangent")
        self.gap[1].set_text(on_page(f"{_gap(facts.gap)} apart" if apart else "are the same here"))

    def _draw_curve(self, facts):
        """Let the curve be that of the facts, and the axes stand still while it fits and fills a third of them."""
        losses = facts.losses
        if losses is self.curve_key:
            return
        self.curve_key = losses
        self.curve.set_data(facts.values, losses)
        axes_of, least = (facts.chosen, facts.values[0], facts.values[-1]), 0.02 / facts.zoom
        low, high = self.axes.get_ylim()
        fits = (
            low <= losses.min()
            and losses.max() <= high
            and (np.ptp(losses) > 0.3 * (high - low) or high - low < 5 * least)
        )
        if fits and axes_of == self.axes_of:
            return
        self.axes_of, self.standing_changed = axes_of, True
        step = round_up(max(least, 1e-6 * abs(losses).max(), np.ptp(losses) / 4))
        low, high = step * np.floor(losses.min() / step - 0.2), step * np.ceil(losses.max() / step + 0.2)
        self.axes.set(xlim=axes_of[1:], ylim=(low, high))
        self.axes.set_xlabel(f"{label(*facts.chosen)}, the others as they are", fontsize=14)

    def status(self, facts):
        if not facts.epsilon:
            return on_page(f"Loss {decimal(facts.now)}. Slope for {label(*facts.chosen)}: {decimal(facts.g, 5)}.")
        tangent = f", tangent {decimal(facts.g, 5)}" if facts.tangent else ""
        return on_page(f"Slope{'s' if tangent else ''}: secant {decimal(facts.secant, 5)}{tangent}.")

    def say(self, facts):
        lines = [f"Slope of the loss for {label(*facts.chosen)} = {decimal(facts.w)}"]
        if not facts.epsilon:
            return f"{lines[0]}\n  loss {decimal(facts.now)}, tangent: g = {decimal(facts.g, 5)}"
        lines.append(
            f"  nudged by {short(facts.epsilon)}, the loss {decimal(facts.now)} changes by "
            f"{_small(facts.after - facts.now)}: secant {decimal(facts.secant, 5)}"
        )
        if facts.tangent:
            gap = f"at the nudge's far end {_gap(facts.gap)} from the secant"
            lines.append(f"  tangent: g = {decimal(facts.g, 5)}; {gap}")
        return "\n".join(lines)


def _small(value):
    """Return a change as text, with four significant digits however small it is."""
    if value == 0:
        return "0"
    return decimal(value, int(min(12, max(5, 3 - np.floor(np.log10(abs(value)))))))


def _gap(value):
    """Return the size of a gap as text, by powers of ten once it would be a row of zeros."""
    return _small(abs(value)) if value == 0 or abs(value) > 1e-6 else f"{abs(value):.1e}"
