"""Two conventions, an average and Nesterov's method from one start: their losses, and one parameter's four paths."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from tinymlp.momentum import OURS
from tinymlp.views.shapes import leap, round_up
from tinymlp.views.style import GREY, INK, PALE, dress
from tinymlp.views.view import Facts, View
from tinymlp.words import decimal, label, short

# Each rule's name on the page, and its line: PyTorch's lies wide under ours, so that both are seen while they agree.
LINES = {
    "pytorch": ("PyTorch's", {"color": "#8c8c8c", "lw": 7}),
    "momentum": ("ours", {"color": INK, "lw": 2}),
    "average": ("average's", {"color": INK, "lw": 2, "ls": (0, (1, 1.4))}),
    "nesterov": ("Nesterov's", {"color": GREY, "lw": 2, "ls": (0, (5, 1.6))}),
}
OURS_FIRST = ("momentum", "pytorch", "average", "nesterov")
APART = 1e-9  # of the loss: what is closer is rounding
LONGEST = 300  # steps of the parameter's path that are drawn


class RulesView(View):
    """The loss by each of four rules, and below it the chosen parameter; eta and gamma are changed for all of them."""

    width, height = 470, 420

    def build(self, run, look):
        self.figure.text(0.02, 0.965, "One start, four rules", fontsize=15, va="center")
        self.values = {}
        rows = self.legend_axes(0.892), self.legend_axes(0.836)
        for n, name in enumerate(OURS_FIRST):
            said, style = LINES[name]
            row, x = rows[n // 2], 10 + 230 * (n % 2)
            row.plot([x, x + 32], [11, 11], **style, solid_capstyle="butt")
            row.text(x + 40, 11, said, fontsize=13, va="center")
            self.values[name] = self.words(x + 214, 11, row, ha="right", fontsize=13)
        left, wide = 62 / self.width, 396 / self.width
        self.upper_axes = self.figure.add_axes((left, 0.5, wide, 0.3))
        self.lower_axes = self.figure.add_axes((left, 0.125, wide, 0.27))
        dress(self.upper_axes)
        dress(self.lower_axes, "iteration t")
        for axes in self._both():
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        self.heading = self.words(left, 0.435, fontsize=14)
        self.figure.text(left, 0.815, "loss", fontsize=14, va="center")
        self.changes = [self.move(axes.plot([], [], color=PALE, lw=2)[0]) for axes in self._both()]
        self.losses, self.paths = (
            {name: self.move(axes.plot([], [], **style)[0]) for name, (_, style) in LINES.items()}
            for axes in self._both()
        )
        self.change = self.words(0, 0, self.upper_axes, fontsize=13, va="top")
        self.limits, self.reach = None, None

    def _both(self):
        return self.upper_axes, self.lower_axes

    def read(self, run, look):
        place, t, since = run.problem.net.position(*look.chosen), run.t, max(0, run.t - LONGEST)
        facts = Facts(t=t, since=since, entry=look.chosen, eta=run.eta, gamma=run.gamma, losses={}, paths={})
        for name in OURS_FIRST:
            own = run.at(0).rule.name == run.rule.name == name
            one = run if own else run.beside(follow=True, rule=name)
            facts.losses[name] = one.losses
            facts.paths[name] = one.past(min(since, one.t + 1), one.t + 1).params.flat[:, place]
        etas = run.past(since, t + 1).eta
        facts.changes = [(since + int(n), float(etas[n])) for n in np.flatnonzero(np.diff(etas)) + 1]
        facts.first = {name: first_apart(facts.losses[OURS.name], facts.losses[name]) for name in OURS_FIRST[1:]}
        return facts

    def draw(self, facts):
        self._fit(facts)
        for name in OURS_FIRST:
            losses, path = facts.losses[name], facts.paths[name]
            self.losses[name].set_data(np.arange(len(losses)), losses)
            self.paths[name].set_data(facts.since + np.arange(len(path)), path)
            self.values[name].set_text(f"loss {decimal(losses[-1])}")
        self.heading.set_text(label(*facts.entry))
        few = facts.changes if len(facts.changes) <= 5 else []  # a schedule changes eta at each step
        for line, axes in zip(self.changes, self._both(), strict=True):
            low, high = axes.get_ylim()
            along = [x for t, _ in few for x in (t, t, np.nan)]
            line.set_data(along, [y for _ in few for y in (low, high, np.nan)])
        wide, _, (_, high) = self.limits
        t, eta = few[-1] if few else (0, 0)
        right = t > 0.7 * wide
        self.change.set(x=t + (-0.01 if right else 0.01) * wide, y=high, ha="right" if right else "left")
        self.change.set_text(f"η = {short(eta)}" if few else "")

    def _fit(self, facts):
        """Let the limits grow in leaps, so that the axes stand still as long as they can."""
        values = np.concatenate([*facts.paths.values()])
        middle = facts.paths[OURS.name][0]
        self.reach = reach = leap(self.reach, max(1e-3, 1.05 * abs(values - middle).max()))
        highest = max(losses.max() for losses in facts.losses.values())
        limits = round_up(max(10, facts.t)), (middle - reach, middle + reach), (0, round_up(max(0.01, 1.03 * highest)))
        if limits != self.limits:
            self.limits = limits
            for axes, heights in zip(self._both(), (limits[2], limits[1]), strict=True):
                axes.set(xlim=(-0.02 * limits[0], 1.02 * limits[0]), ylim=heights)
            self.standing_changed = True

    def status(self, facts):
        now = (f"{LINES[name][0]} {decimal(facts.losses[name][-1])}" for name in OURS_FIRST)
        return f"t = {facts.t}: loss {', '.join(now)}."

    def say(self, facts):
        lines = [f"Four rules from one start; eta = {short(facts.eta)}, gamma = {short(facts.gamma)} now"]
        for t, eta in facts.changes[-2:]:
            lines.append(f"  from t = {t} on eta is {short(eta)}")
        for name in OURS_FIRST:
            path = facts.paths[name]
            at = f"{label(*facts.entry)} = {decimal(path[-1])}" if len(path) else "its path ended before"
            last = len(facts.losses[name]) - 1
            stopped = f" (stopped at t = {last})" if last < facts.t else ""
            lines.append(f"  {LINES[name][0]}: loss {decimal(facts.losses[name][-1])}, {at}{stopped}")
            if name in facts.first and facts.t:
                lines.append(f"    {self._apart(facts, name)}")
        return "\n".join(lines)

    def _apart(self, facts, name):
        """Return in words where a rule parts from ours, and by how much."""
        t = facts.first[name]
        if t is None:
            return "the same path as ours so far"
        ours, theirs = facts.losses[OURS.name], facts.losses[name]
        last = min(len(ours), len(theirs)) - 1
        there, now = (_gap(theirs[n] - ours[n]) for n in (t, last))
        return f"apart from ours from t = {t} on: loss {there} there" + (f", {now} at t = {last}" if last > t else "")


def first_apart(ours, theirs):
    """Return the first iteration at which two losses differ by more than rounding; None if there is none."""
    common = min(len(ours), len(theirs))
    ours, theirs = ours[:common], theirs[:common]
    found = np.flatnonzero(abs(theirs - ours) > APART * np.maximum(abs(ours), 1e-3))
    return int(found[0]) if len(found) else None


def _gap(value):
    """Return a difference as text with its sign, without the noise of rounding."""
    return decimal(value, sign=True) if abs(value) >= 5e-5 else "less than 0.0001"
