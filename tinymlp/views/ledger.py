"""The ledger of a velocity: what each past gradient still contributes to it, by age."""

import numpy as np
from matplotlib.patches import PathPatch

from tinymlp.explain import ledger
from tinymlp.views.shapes import NOTHING, leap, rectangles
from tinymlp.views.style import ADDED, CARRIED, GREY, INK, dress
from tinymlp.views.view import Facts, View
from tinymlp.words import decimal, label, on_page, short

ROWS = 12  # shares that are shown one by one; the last row is for all older ones


class LedgerView(View):
    """Bars: what each past gradient still contributes to the velocity of the chosen parameter, the newest first."""

    width, height = 400, 370

    @classmethod
    def refuses(cls, run):
        return "" if run.rule.gain is not None else "a rule whose velocity adds up gradients"

    def build(self, run, look):
        self.rows = np.arange(ROWS)
        self.axes = self.figure.add_axes((0.36, 0.15, 0.6, 0.64))
        self.axes.set_ylim(ROWS - 0.4, -0.6)
        self.axes.set_yticks([])
        dress(self.axes, "share of the velocity", grid=False, ticks="x")
        self.figure.text(0.02, 0.82, "gradient", fontsize=13, va="center", color=GREY)
        self.figure.text(0.335, 0.82, "kept", fontsize=13, va="center", ha="right", color=GREY)
        self.total = self.move(self.axes.axvline(0, color=INK, lw=2.6))
        self.zero = self.move(self.axes.axvline(0, color=INK, lw=1))
        hatched = {"fc": "white", "ec": CARRIED, "hatch": "////", "lw": 1.2}
        self.old = self.move(self.axes.add_patch(PathPatch(NOTHING, **hatched)))
        self.new = self.move(self.axes.add_patch(PathPatch(NOTHING, fc=ADDED, ec=ADDED, lw=1.2)))
        places = [0.79 - 0.64 * (row + 0.6) / (ROWS + 0.2) for row in self.rows]
        self.names = [self.words(0.02, place, fontsize=13) for place in places]
        self.kept_words = [self.words(0.335, place, fontsize=13, ha="right") for place in places]
        self.headline = self.words(0.02, 0.95, fontsize=15)
        self.sum = self.words(0.02, 0.885)
        self.limit = None

    def read(self, run, look):
        name, index = look.chosen
        if run.rule.gain is None:
            raise ValueError(f"it needs {self.refuses(run)}")
        position = run.problem.net.position(name, index)
        velocity = float(run.velocity.flat[position])
        shares = ledger(run, name, index, since=max(0, run.t - ROWS + 1))[::-1]
        older = velocity - sum(share.share for share in shares)
        steady = None
        if shares and run.gamma < 1:
            steady = shares[0].gain * shares[0].gradient / (1 - run.gamma)
        return Facts(
            t=run.t, chosen=look.chosen, velocity=velocity, shares=shares, older=older, gamma=run.gamma,
            steady=steady, is_move=run.rule.velocity_is_move,
        )  # fmt: skip

    def draw(self, facts):
        shares = [share.share for share in facts.shares]
        many = facts.t > len(shares)
        values = np.array([*shares, *([facts.older] if many else [])])
        self._fit(max([abs(facts.velocity), *abs(values)]) or 1)  # nothing yet: any scale will do
        rows = self.rows[: len(values)]
        self.new.set_path(rectangles(0, rows[:1] - 0.36, values[:1], rows[:1] + 0.36) if len(values) else NOTHING)
        self.old.set_path(rectangles(0, rows[1:] - 0.36, values[1:], rows[1:] + 0.36) if len(values) > 1 else NOTHING)
        self.total.set_xdata([facts.velocity, facts.velocity])
        for row in self.rows:
            share = facts.shares[row] if row < len(shares) else None
            rest = many and row == len(shares)
            self.names[row].set_text(f"of step {share.t}" if share else "all before" if rest else "")
            self.kept_words[row].set_text(f"{share.kept:.3g}" if share else "")
        self.headline.set_text(f"Where the velocity of {label(*facts.chosen)} comes from")
        said = on_page(decimal(facts.velocity, 4, sign=True))
        self.sum.set_text(
            f"t = {facts.t}: {said}, the sum of the bars (thick line)" if facts.t else "No step taken yet: it is 0"
        )

    def _fit(self, largest):
        limit = leap(self.limit, max(1e-4, 1.05 * largest))
        if limit != self.limit:
            self.limit = limit
            self.axes.set_xlim(-limit, limit)
            ticks = [-limit / 2, 0, limit / 2]  # no more: the labels of small shares are long
            self.axes.set_xticks(ticks, [on_page(short(tick)) for tick in ticks])
            self.standing_changed = True

    def say(self, facts):
        if not facts.t:
            return f"Ledger of the velocity of {label(*facts.chosen)}: no step taken yet"
        lines = [f"Ledger of the velocity of {label(*facts.chosen)} at t = {facts.t}: {decimal(facts.velocity, 4)} is"]
        for share in facts.shares:
            gradient, part = decimal(share.gradient, 4), decimal(share.share, 4, sign=True)
            lines.append(f"  {part} of step {share.t}: {share.kept:.3g} kept, gradient {gradient}")
        if facts.t > len(facts.shares):
            lines.append(f"  {decimal(facts.older, 4, sign=True)} of all steps before")
        if facts.steady is not None:
            end = decimal(facts.steady, 4)
            lines.append(f"  with a steady gradient as in the last step it would end at {end}")
        return "\n".join(lines)
