"""One step of momentum: for each parameter what momentum carries on, what the gradient adds, and the move."""

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.ticker import MaxNLocator

from tinymlp.explain import formula, step_from
from tinymlp.views.shapes import NOTHING, leap, rectangles, shown_entries
from tinymlp.views.style import ADDED, CARRIED, CHOSEN, GREY, INK, dress
from tinymlp.views.view import Facts, View
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
        dress(self.axes, "change in this step", grid=False, ticks="x")
        self.axes.xaxis.set_major_locator(MaxNLocator(4, steps=(1, 2, 2.5, 5, 10)))  # more would run together
        self.grips = [self.axes.axhspan(row - 0.5, row + 0.5, color="white", zorder=0) for row in self.rows]
        self._build_legend()
        self.band = self.move(
            Rectangle((0, -9), 1, 1, fc=CHOSEN, alpha=0.55, transform=self.axes.get_yaxis_transform())
        )
        self.axes.add_patch(self.band)
        self.zero = self.move(self.axes.axvline(0, color=INK, lw=1))
        self.carried = self.move(self.axes.add_patch(PathPatch(NOTHING, fc="white", ec=CARRIED, hatch="////", lw=1.2)))
        self.added = self.move(self.axes.add_patch(PathPatch(NOTHING, fc=ADDED, ec=ADDED, lw=1.2)))
        self.moves = self.move(self.axes.plot([], [], ls="none", marker="|", ms=17, mew=2.6, color=INK)[0])
        self.headline = self.words(0.02, 0.95, fontsize=15)
        self.sum = self.words(0.02, 0.875)
        self.rule = self.words(0.985, 0.95, ha="right", fontsize=13, color=GREY)
        self.limit = None

    def _list(self, entries):
        """Give each row its parameter: in a large network, those around the chosen one."""
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

    def _name(self, rule):
        """Name the parts of a step, with what the rule calls them."""
        names = (f"carried on {rule.carried}".strip(), f"new {rule.added}".strip(), "the move")
        if self.names[0].get_text() != names[0]:
            self.standing_changed = True
            for text, name in zip(self.names, names, strict=True):
                text.set_text(name)

    def read(self, run, look):
        net, step = run.problem.net, shown_step(run, look)
        # Before the first step the limits are already those that it will need: nothing jumps when it is taken.
        scale = step or step_from(run.now)
        entries = shown_entries(net, look.chosen, MOST_ROWS)
        part = slice(net.position(*entries[0]), net.position(*entries[-1]) + 1)
        carried, added, move = (params.flat[part] for params in (scale.carried, scale.added, scale.move))
        return Facts(
            step=step, rule=(step or run).rule, entries=entries, chosen=look.chosen, ahead=look.ahead,
            formula=formula(run.now), carried=carried, added=added, move=move, more=net.count - len(entries),
        )  # fmt: skip

    def draw(self, facts):
        step, carried, added, move = facts.step, facts.carried, facts.added, facts.move
        self._list(facts.entries)
        self._name(facts.rule)
        # A long formula gives its first half; when looking ahead the headline already describes the step.
        first, *more = facts.formula.split(",")
        self.rule.set_text("" if facts.ahead else f"next: {first}{', …' if more else ''}")
        self.carried.set_path(rectangles(0, self.rows - 0.36, carried, self.rows))
        self.added.set_path(rectangles(0, self.rows, added, self.rows + 0.36))
        self.moves.set_data(move, self.rows)
        for artist in (self.carried, self.added, self.moves):
            artist.set_visible(step is not None)
        row = facts.entries.index(facts.chosen) if facts.chosen in facts.entries else -9
        self.band.set_y(row - 0.5)
        self._fit(max(abs(carried).max(), abs(added).max(), abs(move).max()))
        if step is None:
            self.headline.set_text("No step taken yet")
            self.sum.set_text("Bars will show what moves each weight")
            return
        self.headline.set_text(f"{'Step to come' if facts.ahead else 'Step'}, t = {step.t - 1} to {step.t}")
        gv, g, v = (on_page(decimal(part[row], 4, sign=True)) for part in (carried, added, move))
        self.sum.set_text(f"{label(*facts.chosen)}:  {gv}  and  {g}  make  {v}")

    def _fit(self, largest):
        """Change the limits in jumps, so that the axes stay still as long as possible."""
        limit = leap(self.limit, max(1e-4, 1.05 * largest))
        if limit != self.limit:
            self.limit = limit
            self.axes.set_xlim(-limit, limit)
            # Labels of small numbers are long: at the ends they would run over the edge.
            self.axes.xaxis.get_major_locator().set_params(prune="both" if limit < 0.01 else None)
            self.standing_changed = True

    def say(self, facts):
        step = facts.step
        if step is None:
            return "Step: none taken yet"
        coming = ", still to come" if facts.ahead else ""
        carried, added = (
            f" ({part})" if part else "" for part in (ascii_part(p) for p in (step.rule.carried, step.rule.added))
        )
        lines = [
            f"Step from t = {step.t - 1} to {step.t}{coming}, with eta {short(step.eta)} and gamma {short(step.gamma)}:"
            f" carried on{carried} + new{added} = the move"
        ]
        for entry, *parts in zip(facts.entries, facts.carried, facts.added, facts.move, strict=True):
            gv, g, v = (decimal(part, 4, sign=True) for part in parts)
            mark = "   <- chosen" if entry == facts.chosen else ""
            lines.append(f"  {label(*entry)}: {gv} {g} = {v}{mark}")
        if facts.more:
            lines.append(f"  and {facts.more} more parameters")
        return "\n".join(lines)


def ascii_part(part):
    """Return a part of a move as plain text writes it: gamma v for γv."""
    return part.replace("γ", "gamma ").replace("η", "eta ").replace("−", "-")
