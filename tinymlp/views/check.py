"""A gradient check: each gradient from the backward pass, next to the one measured by nudging the weight."""

import numpy as np
from matplotlib.patches import Rectangle

from tinymlp.gradcheck import numerical_gradient
from tinymlp.stages import stages
from tinymlp.views.shapes import shown_entries
from tinymlp.views.style import CHOSEN, GREY, plain_axes
from tinymlp.views.view import Facts, View
from tinymlp.words import decimal, label, on_page, raised

MOST_ROWS = 12
TOP, ROW = 92, 25


class CheckView(View):
    """A row for each parameter: its gradient from `backward`, once its stage is reached, and from two nudges."""

    width, height = 380, 412
    answers = True

    def build(self, run, look):
        self.axes = plain_axes(self.figure, (0, 0, 1, 1))
        self.entries = ()
        count = min(MOST_ROWS, run.problem.net.count)
        self.band = self.move(self.axes.add_patch(Rectangle((4, -99), self.width - 8, ROW, fc=CHOSEN, alpha=0.55)))
        self.figure.text(0.02, 0.955, "Gradient check", fontsize=15, va="center")
        for x, heading in ((180, "backward"), (290, "nudged"), (370, "apart")):
            self.axes.text(x, TOP - 22, heading, fontsize=13, color=GREY, ha="right", va="center")
        self.rows = []
        for n in range(count):
            y = TOP + n * ROW
            places = ((12, "left"), (180, "right"), (290, "right"), (370, "right"))
            self.rows.append([self.words(x, y, self.axes, ha=side, fontsize=14) for x, side in places])
        self.grips = [
            self.axes.add_patch(Rectangle((4, TOP + (n - 0.5) * ROW), self.width - 8, ROW, fc="white", ec="none"))
            for n in range(count)
        ]
        self.more = self.words(12, TOP + count * ROW + 4, self.axes, fontsize=12.5, color=GREY)

    def read(self, run, look):
        net, X, y = run.problem.net, run.problem.X, run.problem.y
        with np.errstate(all="ignore"):
            given = run.training.backward(run.trace, y)
            measured = self.kept("measured", run.params, lambda: numerical_gradient(run.params, X, y))
        # A gradient is shown once its stage is reached; each row: (entry, backward's or None, measured).
        reached = None if look.stage is None else {stage.name for stage in stages(run.now)[: look.stage + 1]}
        rows = []
        for name, index in shown_entries(net, look.chosen, MOST_ROWS):
            known = reached is None or f"d{raised(name)}" in reached
            rows.append(((name, index), float(given[name][index]) if known else None, float(measured[name][index])))
        return Facts(rows=rows, chosen=look.chosen, more=net.count - len(rows))

    def draw(self, facts):
        entries = [entry for entry, _, _ in facts.rows]
        if entries != self.entries:
            self.entries, self.picks, self.standing_changed = entries, {}, True
            for grip, entry in zip(self.grips, entries, strict=True):
                self.pick(grip, *entry)
        for words, (entry, given, measured) in zip(self.rows, facts.rows, strict=True):
            cells = (label(*entry), "" if given is None else decimal(given, 5), decimal(measured, 5))
            cells += ("" if given is None else _apart(given, measured),)
            for text, cell in zip(words, cells, strict=True):
                text.set_text(on_page(cell))
        row = entries.index(facts.chosen) if facts.chosen in entries else -9
        self.band.set_y(TOP + (row - 0.5) * ROW)
        self.more.set_text(f"and {facts.more} more parameters" if facts.more else "apart: below 1e-8 counts as 0")

    def say(self, facts):
        lines = ["Gradient check: backward beside nudged"]
        for entry, given, measured in facts.rows:
            known = "to come" if given is None else decimal(given, 5)
            apart = "" if given is None else f"  {_apart(given, measured)} apart"
            lines.append(f"  {label(*entry)}: {known:>9}  {decimal(measured, 5):>9}{apart}")
        return "\n".join(lines)


def _apart(given, measured):
    """Return how far apart the two are; what nudging cannot tell from 0 is 0."""
    gap = abs(given - measured)
    return f"{gap:.0e}" if gap > 1e-8 else "0"
