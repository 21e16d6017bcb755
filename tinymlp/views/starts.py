"""Many starts at once: the loss of each, step by step, and in how many of them it rises."""

from functools import cache

import numpy as np
from matplotlib.ticker import FuncFormatter

from tinymlp.fates import FATES, SETTLED, fates, rises
from tinymlp.schedules import CONSTANT
from tinymlp.sweep import many_runs
from tinymlp.views.map import LOOKS, MOST_WORK
from tinymlp.views.shapes import round_up
from tinymlp.views.style import GREY, INK, dress
from tinymlp.views.view import Facts, View
from tinymlp.words import decimal, short

COUNT = 60
SEED = 3
EVERY = 60, 4  # each curve is drawn at every step up to the first number, and then at every fourth
LEAST = 0.01  # a loss below this is drawn at the lower edge
STYLES = {
    "settled": {"color": GREY, "lw": 0.8},
    "rang": {"color": LOOKS["rang"][2], "lw": 0.9},
    "grew": {"color": LOOKS["grew"][2], "lw": 1.6, "ls": (0, (5, 1.5))},
    "stopped": {"color": INK, "lw": 2, "ls": (0, (1, 1))},
}


@cache
def sixty_starts(net):
    """Return the starts that are shown, Params (COUNT, P)."""
    return net.init(np.random.default_rng(SEED), (COUNT,))


class StartsView(View):
    """The losses of sixty random starts with this run's settings; those that rise are marked, and counted."""

    width, height = 480, 400

    @classmethod
    def refuses(cls, run):
        if len(run.problem.X) * run.problem.net.count > MOST_WORK:
            return "a network and data small enough for many runs"
        return "" if run.schedule is CONSTANT else "a step size without a schedule"

    def build(self, run, look):
        self.axes = self.figure.add_axes((0.11, 0.13, 0.86, 0.59))
        dress(self.axes, "iteration t")
        self.axes.set_yscale("log")
        self.axes.yaxis.set_major_formatter(
            FuncFormatter(lambda loss, _: f"{'≤ ' if loss <= LEAST else ''}{short(loss)}")
        )
        self.legend(0.775, *[(x, name, STYLES[name]) for x, name in zip((10, 125, 220, 320), FATES, strict=True)])
        self.curves = [self.move(self.axes.plot([], [], **STYLES[name])[0]) for name in FATES]
        self.first = self.move(self.axes.plot([], [], "^", color=INK, mec="white", mew=0.6, ms=6, clip_on=False)[0])
        self.headline = self.words(0.02, 0.95, fontsize=15)
        self.settings = self.words(0.02, 0.88)
        self.top, self.counted = None, None

    def read(self, run, look):
        key = run.eta, run.gamma, run.rule, look.horizon
        # Sixty runs take longer than a frame may: the page first shows the last ones, and that these are counted.
        self.unfinished = key != self.counted and self.counted is not None and not self.unfinished
        self.counted = self.counted if self.unfinished else key
        runs, kinds, rose = self.kept("runs", self.counted, lambda: self._runs(run, look.horizon))
        return Facts(
            eta=run.eta, gamma=run.gamma, steps=len(runs.history) - 1, history=runs.history, kinds=kinds, rose=rose,
            counts={name: int((kinds == n).sum()) for n, name in enumerate(FATES)},
        )  # fmt: skip

    @staticmethod
    def _runs(run, steps):
        """Return (Runs, the fate of each, whether the loss rises in each step)."""
        how = {"rule": run.rule, "training": run.training, "starts": sixty_starts(run.problem.net)}
        runs = many_runs(run.problem, steps, eta=run.eta, gamma=run.gamma, history=True, **how)
        return runs, fates(runs), rises(runs.history)

    def draw(self, facts):
        dense, apart = EVERY
        t = np.unique([*range(min(dense, facts.steps)), *range(dense, facts.steps, apart), facts.steps])
        for kind, line in enumerate(self.curves):
            chosen = facts.history[t][:, facts.kinds == kind].T
            gaps = np.full((len(chosen), 1), np.nan)
            line.set_data(np.tile([*t, np.nan], len(chosen)), np.hstack([np.maximum(chosen, LEAST), gaps]).ravel())
        risen = np.flatnonzero(facts.rose.any(axis=0))
        when = facts.rose.argmax(axis=0)[risen]
        self.first.set_data(when, np.maximum(facts.history[when, risen], LEAST))
        self._fit(facts)
        count = "…" if self.unfinished else len(risen)
        self.headline.set_text(f"The loss rises in {count} of {COUNT} starts")
        self.settings.set_text(f"η = {short(facts.eta)}, γ = {short(facts.gamma)}, {facts.steps} steps; ▲ first rise")

    def _fit(self, facts):
        high = round_up(facts.history.max(), (1, 3, 10))
        if (facts.steps, high) != self.top:
            self.top, self.standing_changed = (facts.steps, high), True
            self.axes.set(xlim=(-0.02 * facts.steps, 1.02 * facts.steps), ylim=(0.9 * LEAST, high))

    def status(self, facts):
        if self.unfinished:
            return f"Counting the {COUNT} starts."
        return f"The loss rises in {COUNT - facts.counts[SETTLED]} of {COUNT} starts."

    def say(self, facts):
        risen, last = int(facts.rose.any(axis=0).sum()), facts.history[-1]
        settings = f"eta {short(facts.eta)}, gamma {short(facts.gamma)}"
        return "\n".join(
            [
                f"Many starts: with {settings} the loss rises in {risen} of {COUNT} starts within {facts.steps} steps",
                "  " + ", ".join(f"{count} {name}" for name, count in facts.counts.items()),
                f"  losses at the end: from {decimal(last.min())} to {decimal(last.max())}, half of them below "
                f"{decimal(np.median(last))}",
            ]
        )
