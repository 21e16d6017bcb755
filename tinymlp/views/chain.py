"""The chain rule under a microscope: each factor of a gradient as a bar, with its number, sign and meaning."""

import numpy as np
from matplotlib.patches import PathPatch

from tinymlp.explain import chain_rule
from tinymlp.views.shapes import NOTHING, leap, rectangles
from tinymlp.views.style import GREY, INK, NEGATIVE, POSITIVE, plain_axes
from tinymlp.views.view import Facts, View
from tinymlp.words import decimal, on_page

MOST_ROWS = 5  # factors; a deeper network's are drawn closer together
TOP, BOTTOM, ROW = 68, 288, 44
RESULTS = (308, 352)


class ChainView(View):
    """The gradient of one sample for the chosen parameter: its factors from the loss back, and their product."""

    width, height = 500, 420

    def build(self, run, look):
        self.frame = plain_axes(self.figure, (0, 0, 1, 1))
        self.frame.plot([8, self.width - 8], [BOTTOM + 4, BOTTOM + 4], color=INK, lw=1.2)
        left, right = 232 / self.width, 492 / self.width
        self.axes = self.figure.add_axes((left, 0.07, right - left, 1 - 56 / self.height - 0.07))
        self.axes.set_ylim(self.height * 0.93, 56)
        self.axes.set_yticks([])
        self.axes.tick_params(axis="x", labelsize=12)
        self.axes.spines[["top", "right", "left"]].set_visible(False)
        self.axes.patch.set_visible(False)
        self.zero = self.move(self.axes.axvline(0, color=INK, lw=1))
        self.up = self.move(self.axes.add_patch(PathPatch(NOTHING, fc=POSITIVE, ec=POSITIVE, lw=1.2)))
        self.down = self.move(self.axes.add_patch(PathPatch(NOTHING, fc="white", ec=NEGATIVE, hatch="////", lw=1.2)))
        # The tip of each bar tells its sign however short the bar is.
        tip = {"ls": "none", "ms": 8, "clip_on": False}
        self.up_tips = self.move(self.axes.plot([], [], marker=">", color=POSITIVE, **tip)[0])
        self.down_tips = self.move(self.axes.plot([], [], marker="<", mfc="white", mec=NEGATIVE, mew=1.6, **tip)[0])
        self.headline = self.words(0.016, 0.955, fontsize=15)
        self.rule = self.words(0.016, 0.895, fontsize=13, color=GREY)
        self.rows = [self._row() for _ in range(MOST_ROWS + 4)]
        self.results = [self._row() for _ in RESULTS]
        self.limit = None

    def _row(self):
        """Return the four texts of a row: symbol, multiplication sign, number, sentence."""
        style = {"axes": self.frame, "fontsize": 15}
        return (
            self.words(8, 0, **style),
            self.words(112, 0, self.frame, color=GREY),
            self.words(216, 0, ha="right", **style),
            self.words(8, 0, self.frame, fontsize=13, color=GREY),
        )

    def read(self, run, look):
        return Facts(chain=chain_rule(run.trace, run.problem.y, *look.chosen, look.sample))

    def draw(self, facts):
        chain = facts.chain
        factors, symbol = chain.opened, chain.symbol
        count, minus = len(factors), sum(factor.value < 0 for factor in factors)
        factors = factors[: len(self.rows)]
        height = min(ROW, (BOTTOM - TOP) / len(factors))
        places = [TOP + 8 + n * height for n in range(len(factors))]
        for n, row in enumerate(self.rows):
            if n >= len(factors):
                for words in row:
                    words.set_text("")
                continue
            factor = factors[n]
            sentence = factor.sentence if height > 30 else ""
            self._write(row, places[n], "×" if n else "", factor.symbol, factor.value, sentence)
        self._write(self.results[0], RESULTS[0], "=", f"∂ℓ/∂{symbol}", chain.product, _verdict(chain, minus))
        each = ", ".join(decimal(value, 4) for value in chain.samples[:4]) + (", …" if len(chain.samples) > 4 else "")
        words = f"mean over the samples: {each}"
        self._write(self.results[1], RESULTS[1], "", f"∂L/∂{symbol}", chain.mean, words)
        values = np.array([*(factor.value for factor in factors), chain.product, chain.mean])
        middles = np.array([*places, *RESULTS])
        self._fit(abs(values).max())
        for artist, tips, sign in ((self.up, self.up_tips, 1), (self.down, self.down_tips, -1)):
            shown = sign * values > 0
            artist.set_path(rectangles(0, middles[shown] - 8, values[shown], middles[shown] + 8))
            tips.set_data(values[shown], middles[shown])
        more = f", {len(factors)} shown" if count > len(factors) else ""
        self.headline.set_text(f"How does the loss of sample {chain.sample + 1} feel {symbol}?")
        self.rule.set_text(f"{count} factors from the loss back to {symbol}{more}, and their product")

    @staticmethod
    def _write(row, y, times, symbol, value, sentence):
        for words, text, below in zip(
            row, (symbol, times, decimal(value, 4, sign=True), sentence), (0, 0, 0, 19), strict=True
        ):
            words.set(text=on_page(text), y=y + below)

    def _fit(self, largest):
        """Change the limits in jumps, so that the axes stay still as long as possible."""
        limit = leap(self.limit, max(1.0, 1.02 * largest), (1, 2, 5, 10))
        if limit != self.limit:
            self.limit, self.standing_changed = limit, True
            self.axes.set_xlim(-limit, limit)
            self.axes.set_xticks([-limit, 0, limit])

    def status(self, facts):
        chain = facts.chain
        return on_page(
            f"Sample {chain.sample + 1}: ∂ℓ/∂{chain.symbol} = {decimal(chain.product)}, mean {decimal(chain.mean)}."
        )

    def say(self, facts):
        chain = facts.chain
        return f"Chain rule for sample {chain.sample + 1}, from the loss back to {chain.symbol}:\n" + "\n".join(
            f"  {line}" for line in str(chain).split("\n")
        )


def _verdict(chain, minus):
    """Return in words what the sign of the product means."""
    if chain.product == 0:
        return f"0: the loss of this sample does not feel {chain.symbol}"
    count = {0: "no factor is", 1: "1 factor is"}.get(minus, f"{minus} factors are")
    move = "lower" if chain.product > 0 else "raise"
    return f"{count} negative, so it is {'positive' if chain.product > 0 else 'negative'}: {move} {chain.symbol}"
