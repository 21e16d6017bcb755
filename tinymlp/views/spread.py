"""How activations and gradients spread, layer by layer: histograms of h, and of dL/dz on a log scale."""

import numpy as np
from matplotlib.patches import PathPatch

from tinymlp.network import deltas
from tinymlp.views.shapes import NOTHING, leap, rectangles
from tinymlp.views.style import ADDED, GREY, INK, dress
from tinymlp.views.units import FLAT
from tinymlp.views.view import Facts, View
from tinymlp.words import above, decimal, on_page

MOST_ROWS = 10
BINS = 41  # an odd number: 0 lies in the middle of one
DECADES = -60, 60  # sizes of a gradient beyond these are not drawn
FEWEST_DECADES = 4
STEADY = 0.9, 1.1  # a factor between these counts as keeping the spread
TOP, LOW = 118, 30  # pixels above and below the histograms


class SpreadView(View):
    """Histograms of h and of dL/dz in each layer, over all samples and units, and how the spread changes on the way.

    Numbers that are exactly 0, as ReLU makes them, are counted and not drawn; nor are gradients far below the usual
    ones. Beside each histogram: the standard deviation of all its numbers.
    """

    width, height = 560, 400

    def build(self, run, look):
        layers = len(run.problem.net.sizes) - 1
        self.rows = min(layers, MOST_ROWS)
        names = [f"layer {row + 1}" if row < layers - 1 else "output" for row in range(self.rows)]
        self.h_axes, self.dz_axes = self._column(64, 158), self._column(322, 158)
        self.h_axes.set_yticks(np.arange(self.rows) + 0.6, names, fontsize=13)
        self.dz_axes.set_yticks([])
        for left, title in ((64, "h, all units, samples"), (322, "size of dL/dz, log scale")):
            self._above(left, title)
        for left in (230, 488):
            self._above(left, "st. dev.")
        self.h = self.move(self.h_axes.add_patch(PathPatch(NOTHING, fc=GREY, ec="none")))
        self.dz = self.move(self.dz_axes.add_patch(PathPatch(NOTHING, fc=ADDED, ec="none")))
        self.beside = [self._numbers(230), self._numbers(488)]
        self.headline = self.words(0.02, 0.955, fontsize=15)
        self.forward, self.back = self.words(0.02, 0.885, color=INK), self.words(0.02, 0.825, color=ADDED)
        self.limits = None

    def _column(self, left, wide):
        high = self.height - TOP - LOW
        axes = self.figure.add_axes((left / self.width, LOW / self.height, wide / self.width, high / self.height))
        dress(axes, grid=False, sides=("top", "right", "left"))
        axes.tick_params(axis="y", length=0)
        axes.tick_params(axis="x", labelsize=12)
        axes.set_ylim(self.rows, 0)
        for row in range(1, self.rows):
            axes.axhline(row, color="#e6e6e6", lw=1)
        return axes

    def _above(self, left, words):
        self.figure.text(left / self.width, 1 - (TOP - 12) / self.height, words, fontsize=13, color=GREY, va="center")

    def _numbers(self, left):
        """Return a pair of words for each row: a number, and a note below it."""
        high = (self.height - TOP - LOW) / self.rows
        pairs = []
        for row in range(self.rows):
            y = self.height - TOP - high * (row + (0.36 if high > 29 else 0.5))
            place = left / self.width
            pairs.append(
                (
                    self.words(place, y / self.height),
                    self.words(place, (y - 15) / self.height, fontsize=11, color=GREY, visible=high > 29),
                )
            )
        return pairs

    def read(self, run, look):
        net, trace = run.problem.net, run.trace
        with np.errstate(all="ignore"):
            h, dz = trace.h[1:], deltas(trace, run.problem.y)
            deviations = [[float(a.std()) for a in arrays] for arrays in (h, dz)]
        sizes = [abs(a) for a in dz]
        _, reach, *known = self.limits or (None, None)
        reach = leap(reach, max(1.0, *(float(abs(a).max()) for a in h)))
        least = -reach if min(float(a.min()) for a in h) < 0 else 0.0
        low, high = decades(sizes, known)
        return Facts(
            t=run.t, net=net, samples=len(trace.X), least=least, reach=reach, low=low, high=high, deviations=deviations,
            h=[_heights(a[a != 0], least, reach) for a in h[: self.rows]],
            dz=[_heights(_logs(a), low, high) for a in sizes[: self.rows]],
            zeros=[[float((a == 0).mean()) for a in arrays] for arrays in (h, dz)],
            flat=[flat_share(name, a) for name, a in zip(net.activations, h, strict=True)],
        )  # fmt: skip

    def draw(self, facts):
        self._fit(facts)
        self.h.set_path(_stacked(facts.h, facts.least, facts.reach))
        self.dz.set_path(_stacked(facts.dz, facts.low, facts.high))
        for kind, pairs in enumerate(self.beside):
            for row, (number, note) in enumerate(pairs):
                number.set_text(on_page(_size(facts.deviations[kind][row])))
                note.set_text(_note(facts, kind, row))
        self.headline.set_text(f"Spread, layer by layer, at t = {facts.t}")
        self.forward.set_text(_forward(facts))
        self.back.set_text(_back(facts))

    def _fit(self, facts):
        limits = (facts.least, facts.reach, facts.low, facts.high)
        if limits == self.limits:
            return
        self.limits, self.standing_changed = limits, True
        self.h_axes.set_xlim(facts.least, facts.reach)
        ticks = np.linspace(facts.least, facts.reach, 3)
        self.h_axes.set_xticks(ticks, [on_page(f"{tick:g}") for tick in ticks])
        self.dz_axes.set_xlim(facts.low, facts.high)
        ticks = range(facts.high, facts.low - 1, -int(np.ceil((facts.high - facts.low) / 4)))
        self.dz_axes.set_xticks(ticks, [f"10{'⁻' if tick < 0 else ''}{above(abs(tick))}" for tick in ticks])

    def say(self, facts):
        lines = [f"Spread at t = {facts.t} over {facts.samples} samples: standard deviation of h, and of dL/dz"]
        for layer, (h, dz) in enumerate(zip(*facts.deviations, strict=True), start=1):
            name = "output" if layer == len(facts.flat) else f"layer {layer}"
            notes = [f"{kind} {note}" for k, kind in enumerate(("h", "dL/dz")) if (note := _note(facts, k, layer - 1))]
            lines.append(f"  {name}: {_size(h)}, and {_size(dz)}" + (f" ({'; '.join(notes)})" if notes else ""))
        return "\n".join([*lines, *(f"  {words}" for words in (_forward(facts), _back(facts)) if words)])


# The arithmetic -------------------------------------------------------------------------------------------------------


def factor(deviations):
    """Return what a spread is multiplied by from layer to layer, as a geometric mean; two layers or more, none 0."""
    return float((deviations[-1] / deviations[0]) ** (1 / (len(deviations) - 1)))


def flat_share(activation, h):
    """Return the share of h that lies on the flat parts of its activation; 0 for one that has none."""
    return float(FLAT[activation](h).mean()) if activation in FLAT else 0.0


def decades(sizes, known=()):
    """Return whole powers of ten (lowest, highest): up to the largest size, and down to 2 below any layer's median.

    known: those of the axis now, which stay while all fits and fills half of it.
    """
    logs = [logs for a in sizes if len(logs := _logs(a))]
    high = int(np.clip(np.ceil(max((a.max() for a in logs), default=0)), DECADES[0] + FEWEST_DECADES, DECADES[1]))
    low = np.floor(min((np.median(a) for a in logs), default=high) - 2)
    low = int(np.clip(low, DECADES[0], high - FEWEST_DECADES))
    if known and known[0] <= low and high <= known[1] and high - low >= (known[1] - known[0]) / 2:
        return known[0], known[1]
    return low, high


def _logs(sizes):
    """Return the powers of ten of sizes, those that are 0 left out."""
    return np.log10(sizes[sizes > 0])


def _heights(values, low, high):
    """Return the heights of a histogram, its highest bar 1."""
    counts, _ = np.histogram(values, BINS, (low, high))
    return counts / max(1, counts.max())


def _stacked(histograms, low, high):
    """Return one path of histograms, one below the other."""
    edges = np.linspace(low, high, BINS + 1)
    rows, bins = np.nonzero(histograms)
    tall = np.asarray(histograms)[rows, bins]
    if not len(rows):
        return NOTHING
    return rectangles(edges[bins], rows + 0.97, edges[bins + 1], rows + 0.97 - 0.8 * tall)


# In words -------------------------------------------------------------------------------------------------------------


def _size(value):
    """Return a standard deviation as short text."""
    return "0" if value == 0 else decimal(value, 3) if value >= 0.1 else f"{value:.2g}"


def _note(facts, kind, row):
    """Return what a histogram does not show: how much is exactly 0, or on the flat part of the activation."""
    zeros = facts.zeros[kind][row]
    if zeros == 1:
        return "all are 0"
    if zeros >= 0.005:
        return f"{100 * zeros:.0f} % are 0"
    flat = facts.flat[row]
    return f"{100 * flat:.0f} % saturated" if kind == 0 and flat >= 0.005 and row < len(facts.flat) - 1 else ""


def _times(value):
    verb = "shrinks" if value < STEADY[0] else "grows" if value > STEADY[1] else "is kept"
    return f"{verb}, times {value:.2f}" if value >= 0.1 else f"{verb}, times {value:.2g}"


def _forward(facts):
    """Return in words how h spreads from one hidden layer to the next; "" for a single one."""
    deviations = facts.deviations[0][:-1]
    if 0 in deviations:
        return f"h does not spread in layer {deviations.index(0) + 1}: its standard deviation is 0"
    return "" if len(deviations) < 2 else f"From layer to layer the spread of h {_times(factor(deviations))}"


def _back(facts):
    """Return in words how dL/dz spreads from the last hidden layer back to the first; "" for a single one."""
    deviations = facts.deviations[1][:-1][::-1]
    if 0 in deviations:
        return f"On the way back dL/dz is 0 from layer {len(deviations) - deviations.index(0)} on"
    return "" if len(deviations) < 2 else f"On the way back the spread of dL/dz {_times(factor(deviations))}"
