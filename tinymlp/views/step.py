"""One step of momentum: for each parameter what momentum carries on, what the gradient adds, and the move."""

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from tinymlp.explain import formula, step_from
from tinymlp.momentum import OURS
from tinymlp.views.view import ADDED, CARRIED, CHOSEN, GREY, INK, View, leap, rectangles, shown_entries
from tinymlp.words import decimal, label, on_page, short

MOST_ROWS = 16


def shown_step(run, look):
    """Return the Step that led to the current iteration or, when looking ahead, the next one. None at the start."""
    if look.ahead:
        return step_from(run.now)
    return step_from(run.at(run.t - 1)) if run.t else None


class StepView(View):
    """Bars: carried on (gamma v), new (-eta g), and a tick for their sum: how far the weight moves."""

    width, height = 350, 370

    def build(self, run, look):
        self.entries = ()
        self.rows = np.arange(min(MOST_ROWS, run.problem.net.count))
        self.axes = self.figure.add_axes((0.14, 0.15, 0.81, 0.63))
        self.axes.set_ylim(len(self.rows) - 0.4, -0.6)
        self.axes.set_xlabel("change in this step", fontsize=14)
        self.axes.tick_params(axis="x", labelsize=13)
        self.axes.spines[["top", "right"]].set_visible(False)
        self.grips = [self.axes.axhspan(row - 0.5, row + 0.5, color="white", zorder=0) for row in self.rows]
        self._build_legend()
        self.band = self.move(
            Rectangle((0, -9), 1, 1, fc=CHOSEN, alpha=0.55, transform=self.axes.get_yaxis_transform())
        )
        self.axes.add_patch(self.band)
        self.zero = self.move(self.axes.axvline(0, color=INK, lw=1))
        nothing = Path(np.zeros((1, 2)))
        self.carried = self.move(self.axes.add_patch(PathPatch(nothing, fc="white", ec=CARRIED, hatch="////", lw=1.2)))
        self.added = self.move(self.axes.add_patch(PathPatch(nothing, fc=ADDED, ec=ADDED, lw=1.2)))
        self.moves = self.move(self.axes.plot([], [], ls="none", marker="|", ms=17, mew=2.6, color=INK)[0])
        self.headline = self.words(0.02, 0.95, fontsize=15)
        self.sum = self.words(0.02, 0.875)
        self.rule = self.words(0.985, 0.95, ha="right", fontsize=13, color=GREY)
        self.limit = None

    def _list(self, net, chosen):
        """Give each row its parameter: in a large network, those around the chosen one."""
        entries = shown_entries(net, chosen, MOST_ROWS)
        if entries == self.entries:
            return
        self.entries, self.picks, self.standing_changed = entries, {}, True
        self.axes.set_yticks(self.rows, [label(*entry) for entry in entries], fontsize=14)
        for grip, entry in zip(self.grips, entries, strict=True):
            self.pick(grip, *entry)

    def _build_legend(self):
        axes = self.legend_axes(0.785)
        axes.add_patch(Rectangle((11, 5), 20, 12, fc="white", ec=CARRIED, hatch="////", lw=1.2))
        axes.add_patch(Rectangle((145, 5), 20, 12, fc=ADDED, ec=ADDED))
        axes.plot([263], [11], marker="|", ms=15, mew=2.6, color=INK)
        self.names = [axes.text(x, 11, "", fontsize=13, va="center") for x in (37, 170, 272)]

    def _name(self, ours):
        """Name the parts of a step, with their formulas if it follows our rule."""
        names = ("carried on γv", "new −ηg", "the move") if ours else ("carried on", "new", "the move")
        if self.names[0].get_text() != names[0]:
            self.standing_changed = True
            for text, name in zip(self.names, names, strict=True):
                text.set_text(name)

    def update(self, run, look):
        step = shown_step(run, look)
        self._list(run.problem.net, look.chosen)
        self._name((step or run).rule is OURS)
        # Only the first half of a long formula is shown, and none when looking ahead: the headline has it covered.
        first, *more = formula(run.now).split(",")
        self.rule.set_text("" if look.ahead else f"next: {first}{', …' if more else ''}")
        part = slice(run.params.position(*self.entries[0]), run.params.position(*self.entries[-1]) + 1)
        # Before the first step the limits are already those it will need, so that nothing jumps when it is taken.
        scale = step or step_from(run.now)
        carried, added, move = (params.flat[part] for params in (scale.carried, scale.added, scale.move))
        self.carried.set_path(rectangles(0, self.rows - 0.36, carried, self.rows))
        self.added.set_path(rectangles(0, self.rows, added, self.rows + 0.36))
        self.moves.set_data(move, self.rows)
        for artist in (self.carried, self.added, self.moves):
            artist.set_visible(step is not None)
        row = self.entries.index(look.chosen) if look.chosen in self.entries else -9
        self.band.set_y(row - 0.5)
        self._fit(max(abs(carried).max(), abs(added).max(), abs(move).max()))
        if step is None:
            self.headline.set_text("No step taken yet")
            self.sum.set_text("Bars will show what moves each weight")
            return
        self.headline.set_text(f"{'Next step' if look.ahead else 'Step'}, t = {step.t - 1} to {step.t}")
        name, index = look.chosen
        gv, g, v = (on_page(decimal(part[name][index], 4, sign=True)) for part in (step.carried, step.added, step.move))
        self.sum.set_text(f"{label(name, index)}:  {gv}  and  {g}  make  {v}")

    def _fit(self, largest):
        """Change the limits in jumps, so that the axes stay still as long as possible."""
        limit = leap(self.limit, max(1e-4, 1.05 * largest))
        if limit != self.limit:
            self.limit = limit
            self.axes.set_xlim(-limit, limit)
            self.standing_changed = True

    def text(self, run, look):
        step = shown_step(run, look)
        if step is None:
            return "Step: none taken yet"
        coming = ", still to come" if look.ahead else ""
        parts = "carried on (gamma v) + new (-eta g)" if step.rule is OURS else "carried on + new"
        lines = [
            f"Step from t = {step.t - 1} to {step.t}{coming}, with eta {short(step.eta)} and gamma {short(step.gamma)}:"
            f" {parts} = the move"
        ]
        for name, index in shown_entries(run.problem.net, look.chosen, MOST_ROWS):
            gv, g, v = (decimal(part[name][index], 4, sign=True) for part in (step.carried, step.added, step.move))
            mark = "   <- chosen" if (name, index) == look.chosen else ""
            lines.append(f"  {label(name, index)}: {gv} {g} = {v}{mark}")
        if len(run.problem.net.entries) > MOST_ROWS:
            lines.append(f"  and {len(run.problem.net.entries) - MOST_ROWS} more parameters")
        return "\n".join(lines)
