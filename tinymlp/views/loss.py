"""The loss, iteration by iteration, with plain descent for comparison."""

import numpy as np

from tinymlp.views.view import GREY, INK, View, round_up
from tinymlp.words import decimal, short


class LossView(View):
    """The loss up to now; plain descent from the same start as a dotted ghost; what came later only on demand."""

    width, height = 310, 370

    def build(self, run, look):
        self.axes = self.figure.add_axes((0.15, 0.15, 0.82, 0.68))
        self.figure.text(0.03, 0.95, "Loss, mean over samples", fontsize=15, va="center")
        ghost = {"color": GREY, "lw": 2, "ls": (0, (1, 1.4))}
        entries = (10, "this run", {"color": INK, "lw": 2.6}), (110, "plain descent, γ = 0", ghost)
        _, self.of_ghost = self.legend(0.845, *entries)
        self.axes.set_xlabel("iteration t", fontsize=14)
        self.axes.tick_params(labelsize=13)
        self.axes.spines[["top", "right"]].set_visible(False)
        self.axes.grid(axis="y", color="#e6e6e6")
        self.axes.set_axisbelow(True)
        self.ghost = self.move(self.axes.plot([], [], **ghost)[0])
        self.future = self.move(self.axes.plot([], [], color=GREY, lw=1.2)[0])
        self.past = self.move(self.axes.plot([], [], color=INK, lw=2.6)[0])
        self.point = self.move(self.axes.plot([], [], "o", color=INK, ms=10)[0])
        self.value = self.words(0, 0, self.axes, va="bottom")
        self.limits, self.plain_run, self.plain_key = None, None, None

    def plain(self, run):
        """Return plain descent from the same start, with the same eta, as long as the run (or until it diverges)."""
        start = run.at(0)
        if self.plain_key != (start.params, start.eta, start.rule):
            self.plain_key, self.plain_run = (start.params, start.eta, start.rule), run.fork(t=0, gamma=0.0)
        return self.plain_run.goto(run.t)

    def update(self, run, look):
        t, losses = run.t, run.losses
        plain = self.plain(run).losses if self.has_ghost(run) else losses[:1]
        self._show_ghost(run)
        shown = run.losses_on_record if look.ahead else losses
        self.past.set_data(np.arange(t + 1), losses)
        self.point.set_data([t], [losses[-1]])
        self.future.set_data(np.arange(t, len(shown)), shown[t:])
        self.ghost.set_data(np.arange(len(plain)), plain)
        self._fit(run.end, max(shown.max(), plain.max()))
        wide, high = self.limits
        self.value.set_text(decimal(losses[-1]))
        # Near the right edge there is no room for the text: it goes to the left, clear of the curve coming from there.
        left, falls = t > 0.7 * wide, t > 0 and losses[-1] <= losses[-2]
        below = losses[-1] > 0.9 * high or (falls if left else losses[-1] > 0.8 * high)
        self.value.set(x=t + (-0.03 if left else 0.03) * wide, y=losses[-1] + (-0.03 if below else 0.02) * high)
        self.value.set(ha="right" if left else "left", va="top" if below else "bottom")

    @staticmethod
    def has_ghost(run):
        """Return whether there is a plain descent to compare with: a run without momentum is plain descent itself."""
        return run.at(0).gamma > 0 or run.gamma > 0

    def _show_ghost(self, run):
        shown = self.has_ghost(run)
        if shown != self.ghost.get_visible():
            self.standing_changed = True
            for artist in (self.ghost, *self.of_ghost):
                artist.set_visible(shown)

    def _fit(self, end, highest):
        """Let the limits grow in jumps, so that the axes stay still as long as possible."""
        limits = (round_up(max(10, end)), round_up(max(0.01, 1.03 * highest)))
        if limits != self.limits:
            self.limits = wide, high = limits
            self.axes.set_xlim(-0.02 * wide, 1.02 * wide)
            self.axes.set_ylim(0, high)
            self.standing_changed = True

    def text(self, run, look):
        losses = run.losses
        lines = [f"Loss at t = {run.t}: {decimal(losses[-1])}"]
        if run.t:
            lines[0] += f", from {decimal(losses[0])} at the start"
        if run.t and self.has_ghost(run):
            plain = self.plain(run)
            stopped = "" if plain.t == run.t else f" (stopped at t = {plain.t})"
            lines.append(f"  plain descent, with eta {short(plain.eta)} and gamma 0: {decimal(plain.loss)}{stopped}")
        if look.ahead and run.end > run.t:
            lines.append(f"  on record until t = {run.end}, where it is {decimal(run.losses_on_record[-1])}")
        return "\n".join(lines)
