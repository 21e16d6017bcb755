"""The votes of a class as bars, to be read from the back row: before and after a discussion, told apart by pattern."""

import io
import textwrap

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tinymlp.views import svg
from tinymlp.views.style import GREY, INK, PALE, plain_axes, plain_style

WIDTH = 900  # pixels, as all lengths here
LINE, BAR, GAP = 30, 34, 22  # of a line of words, of a bar, and between two choices
LEFT, RIGHT = 62, 150  # room for "1st" and for the counts
COLUMNS = 66  # of the words above a bar
# The first vote is hatched, the second one full.
LOOKS = ({"facecolor": "white", "edgecolor": GREY, "hatch": "///"}, {"facecolor": GREY, "edgecolor": GREY})
ROUND = ("1st", "2nd")


class VotesChart:
    """Shown on a page as a picture, and in words. shown: whether the right answer is marked, and all told about it."""

    def __init__(self, tally, shown=False, names=False):
        self.tally, self.shown, self.names = tally, shown, names

    def describe(self):
        """Return the votes in words."""
        return self.tally.describe(self.shown, self.names)

    def svg(self):
        """Return the picture as SVG."""
        with plain_style():
            return svg.lower(self.figure(), f"votes-{self.tally.name}")

    def png(self):
        """Return the picture as PNG bytes."""
        png = io.BytesIO()
        with plain_style():
            self.figure().savefig(png, format="png", dpi=144)
        return png.getvalue()

    def figure(self):
        """Return the picture: for each choice its words, and a bar for each vote with count and percent."""
        tally = self.tally
        choices = [textwrap.wrap(self._words(bar), COLUMNS) for bar in tally.bars]
        high = sum(LINE * len(words) + BAR * len(tally.rounds) + GAP for words in choices)
        figure = Figure(figsize=(WIDTH / 72, (high + GAP) / 72), dpi=72, facecolor="white")
        FigureCanvasAgg(figure)
        axes = plain_axes(figure, (0, 0, 1, 1))
        most = max(1, *(n for counts in tally.rounds for n in counts))
        top = GAP
        for number, (bar, words) in enumerate(zip(tally.bars, choices, strict=True)):
            low = top + LINE * len(words) + BAR * len(tally.rounds)
            if self.shown and bar in tally.right:
                frame = Rectangle((3, top - GAP / 2 + 2), WIDTH - 6, low - top + GAP - 6, fill=False, ec=INK, lw=3)
                axes.add_patch(frame)
            weight = "bold" if self.shown and bar in tally.right else "normal"
            for line, text in enumerate(words):
                axes.text(12, top + LINE * (line + 0.45), text, fontsize=20, va="center", color=INK, weight=weight)
            for turn, counts in enumerate(tally.rounds):
                y = top + LINE * len(words) + BAR * turn
                self._bar(axes, turn, y, counts[number], most, sum(counts))
            top = low + GAP
        return figure

    def _words(self, bar):
        return f"\N{CHECK MARK} {bar}: the right answer" if self.shown and bar in self.tally.right else bar

    def _bar(self, axes, turn, top, count, most, voters):
        middle, length = top + BAR / 2, (WIDTH - LEFT - RIGHT) * count / most
        if len(self.tally.rounds) > 1:
            axes.text(LEFT - 8, middle, ROUND[turn], fontsize=16, va="center", ha="right", color=GREY)
        axes.plot([LEFT, LEFT], [top, top + BAR], color=PALE, lw=2)
        axes.add_patch(Rectangle((LEFT, top + 3), length, BAR - 6, lw=2, **LOOKS[turn]))
        said = f"{count}   {100 * count / max(1, voters):.0f} %"
        axes.text(LEFT + length + 10, middle, said, fontsize=20, va="center", color=INK)

    def _repr_mimebundle_(self, **kwargs):
        return {"text/plain": self.describe(), "image/png": self.png()}, {"image/png": {"width": WIDTH}}
