"""The units of one layer side by side: what comes in, what goes out, and what each makes of the samples."""

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.ticker import MaxNLocator

from tinymlp.params import Entry
from tinymlp.views.shapes import NOTHING, leap, rectangles
from tinymlp.views.style import CHOSEN, GREY, INK, NEGATIVE, POSITIVE, dress
from tinymlp.views.view import Facts, View
from tinymlp.words import decimal, on_page

MOST_UNITS = 8  # side by side
MOST_BARS = 24  # of one unit, in one row
MOST_SAMPLES = 160  # bars of h in all
MOST_PICKS = 60  # beyond this the bars are too narrow to be clicked
MARGIN = 0.08  # of a unit's width, on either side of its bars
WIDEST = 4  # a bar is as wide as if there were so many

# Whether h lies on the flat part of the activation, where its slope is below a tenth of the steepest.
FLAT = {"tanh": lambda h: abs(h) > 0.95, "sigmoid": lambda h: abs(2 * h - 1) > 0.95}
SATURATED = 0.9  # the share of the samples for which a saturated unit is there


class UnitsView(View):
    """The units of the chosen layer side by side: weights in and bias, weights out, h of each sample; twins by name.

    It shows the hidden layer that the chosen parameter leads to, or the last one if that leads to an output.
    """

    width, height = 520, 400

    def build(self, run, look):
        self.axes = {
            "in": self._row(74, 90, "weights in, and the bias (hollow)"),
            "out": self._row(188, 60, "weights out"),
            "h": self._row(272, 80, "h, a bar for each sample"),
        }
        self.axes["h"].tick_params(labelbottom=True)
        self.glow = {
            row: self.move(self.axes[row].add_patch(Rectangle((0, -1), 0, 1, fc=CHOSEN, alpha=0.55)))
            for row in ("in", "out")
        }
        self.bars = {}
        for row in ("in", "out"):
            for sign, colour in ((1, POSITIVE), (-1, NEGATIVE)):
                self.bars[row, sign] = self._bars(row, fc=colour, ec="none")
        self.biases = self._bars("in", fc="white", ec=INK, lw=1.4)
        self.values = self._bars("h", fc=GREY, ec="none")
        self.zeros = [self.move(axes.axhline(0, color=INK, lw=1)) for axes in self.axes.values()]
        self.headline = self.words(0.02, 0.955, fontsize=15)
        self.statement = self.words(0.02, 0.89)
        self.notes = [self.words(0, 0, ha="center", fontsize=13) for _ in range(MOST_UNITS)]
        self.listed, self.grips, self.limits = None, [], dict.fromkeys(self.axes)

    def _row(self, top, high, title):
        left, wide = 56, self.width - 66
        axes = self.figure.add_axes(
            (left / self.width, 1 - (top + high) / self.height, wide / self.width, high / self.height)
        )
        dress(axes, sides=("top", "right", "bottom"))
        axes.tick_params(axis="x", length=0, labelbottom=False, labelsize=14)
        axes.tick_params(axis="y", labelsize=12)
        axes.yaxis.set_major_locator(MaxNLocator(2))
        self.figure.text(left / self.width, 1 - (top - 9) / self.height, title, fontsize=13, color=GREY, va="center")
        return axes

    def _bars(self, row, **style):
        return self.move(self.axes[row].add_patch(PathPatch(NOTHING, **style)))

    # Reading -------------------------------------------------------------------------------------------------------

    def read(self, run, look):
        net, chosen = run.problem.net, look.chosen
        layers = len(net.sizes) - 1
        layer = min(chosen.layer, max(1, layers - 1))
        count = net.sizes[layer]
        marked = chosen.source if chosen.layer > layer else chosen.unit
        first = max(0, min(marked - MOST_UNITS + 1, count - MOST_UNITS))
        shown = range(first, min(first + MOST_UNITS, count))
        W, b = run.params.layers[layer - 1]
        outgoing = run.params.layers[layer][0] if layer < layers else np.empty((count, 0))
        b = np.empty((0, count)) if net.biases == "none" else np.broadcast_to(b, (1, count))
        h, activation = run.trace.h[layer], net.activations[layer - 1]
        numbers = np.vstack([W, b, outgoing.T])
        return Facts(
            t=run.t, net=net, layer=layer, last=layer == layers, shown=shown, count=count, chosen=chosen,
            W=W[:, shown], b=b[:, shown], out=outgoing[shown].T, h=h[:, shown], activation=activation,
            twins=twins(numbers), nearest=nearest(numbers[:, shown], first), dead=dead(activation, h),
            saturated=saturated(activation, h),
        )  # fmt: skip

    # Drawing -------------------------------------------------------------------------------------------------------

    def draw(self, facts):
        rows = {
            "in": np.vstack([facts.W[: MOST_BARS - 1], facts.b]),
            "out": facts.out[:MOST_BARS],
            "h": facts.h[: MOST_SAMPLES // len(facts.shown)],
        }
        self._list(facts, rows)
        for row in ("in", "out"):
            weights = rows[row][: len(rows[row]) - (len(facts.b) if row == "in" else 0)]
            for sign in (1, -1):
                self.bars[row, sign].set_path(_bars(np.where(sign * weights > 0, weights, 0), len(rows[row])))
        self.biases.set_path(_bars(facts.b, len(rows["in"]), len(rows["in"]) - len(facts.b)))
        self.values.set_path(_bars(rows["h"], len(rows["h"])))
        for row, values in rows.items():
            self._fit(row, 1.08 * abs(values).max(initial=0.01))
        self._mark(facts, rows)
        self.headline.set_text(f"{_name(facts)}, side by side, at t = {facts.t}")
        self.statement.set_text(on_page(_alike(facts)))
        for place, words in enumerate(self.notes):
            words.set_text(_note(facts, facts.shown[place]) if place < len(facts.shown) else "")

    def _list(self, facts, rows):
        """Give each unit its place, and each bar of a weight its grip, where that has changed."""
        listed = (facts.layer, facts.shown, len(rows["in"]), len(rows["out"]))
        if listed == self.listed:
            return
        self.listed, self.standing_changed, self.picks = listed, True, {}
        for grip in self.grips:
            grip.remove()
        self.grips, count = [], len(facts.shown)
        for axes in self.axes.values():
            axes.set_xlim(0, count)
            axes.set_xticks([])
        names = [f"unit {unit + 1}" if count < MOST_UNITS else str(unit + 1) for unit in facts.shown]
        self.axes["h"].set_xticks(np.arange(count) + 0.5, names)
        for place, words in enumerate(self.notes):
            x = (56 + (self.width - 66) * (place + 0.5) / count) / self.width
            words.set(x=x, y=17 / self.height)
        if sum(len(rows[row]) for row in ("in", "out")) * count > MOST_PICKS:
            return
        for row in ("in", "out"):
            for bar in range(len(rows[row])):
                for place, unit in enumerate(facts.shown):
                    left, right = _sides(place, bar, len(rows[row]))
                    grip = self.axes[row].axvspan(left, right, color="white", zorder=0)
                    self.grips.append(grip)
                    self.pick(grip, *_entry(facts, row, bar, unit))

    def _mark(self, facts, rows):
        """Light the bar of the chosen parameter, if it is there."""
        chosen, units = facts.chosen, list(facts.shown)
        row = "out" if chosen.layer > facts.layer else "in"
        bar = chosen.unit if row == "out" else len(facts.W) if chosen.is_bias else chosen.source
        unit = chosen.source if row == "out" else chosen.unit
        there = not (row == "out" and chosen.is_bias) and unit in units and bar < len(rows[row])
        for name, glow in self.glow.items():
            glow.set_visible(there and name == row)
        if there:
            left, right = _sides(units.index(unit), bar, len(rows[row]))
            self.glow[row].set(x=left, width=right - left, transform=self.axes[row].get_xaxis_transform())
            self.glow[row].set(y=0)

    def _fit(self, row, wanted):
        limit = leap(self.limits[row], wanted)
        if limit != self.limits[row]:
            self.limits[row], self.standing_changed = limit, True
            self.axes[row].set_ylim(-limit, limit)

    # Saying --------------------------------------------------------------------------------------------------------

    def say(self, facts):
        lines = [f"{_name(facts)} at t = {facts.t}"]
        for place, unit in enumerate(facts.shown):
            parts = [f"in {_numbers(facts.W[:, place])}"]
            parts += [f"b {decimal(b)}" for b in facts.b[:, place]]
            parts += [f"out {_numbers(facts.out[:, place])}"] if len(facts.out) else []
            h = facts.h[:, place]
            lines.append(f"  unit {unit + 1}: {', '.join(parts)}; h from {decimal(h.min())} to {decimal(h.max())}")
        if len(facts.shown) < facts.count:
            lines.append(f"  and {facts.count - len(facts.shown)} more units")
        if _alike(facts):
            lines.append(f"  {_alike(facts)}")
        if facts.dead:
            lines.append(f"  dead, 0 for every sample: {named(facts.dead)}")
        if facts.saturated:
            where = f"on the flat parts of {facts.activation} for 9 samples of 10 or more"
            lines.append(f"  saturated, {where}: {named(facts.saturated)}")
        return "\n".join(lines)


# What a layer's units have in common ----------------------------------------------------------------------------------


def twins(numbers):
    """Return the groups of units, each a tuple, that are equal in all these numbers (numbers, units)."""
    groups = {}
    for unit, column in enumerate(numbers.T):
        groups.setdefault((column + 0.0).tobytes(), []).append(unit)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def nearest(numbers, first=0):
    """Return (one unit, another, the largest difference between them) of the two most alike; None for one unit."""
    apart = abs(numbers[:, :, np.newaxis] - numbers[:, np.newaxis, :]).max(axis=0)
    if len(apart) < 2:
        return None
    rows, columns = np.triu_indices(len(apart), 1)
    least = apart[rows, columns].argmin()
    return first + int(rows[least]), first + int(columns[least]), float(apart[rows[least], columns[least]])


def dead(activation, h):
    """Return the units of a layer of ReLU that are 0 for every sample: no gradient can change their weights."""
    return [] if activation != "relu" else np.flatnonzero((h == 0).all(axis=0)).tolist()


def saturated(activation, h):
    """Return the units whose h lies on the flat part of its activation for most samples: SATURATED of them."""
    return np.flatnonzero(FLAT[activation](h).mean(axis=0) >= SATURATED).tolist() if activation in FLAT else []


def named(units):
    """Return units in words, counted from 1: "unit 2", "units 1 and 3", "units 1 to 16"."""
    first, *others = (str(unit + 1) for unit in units)
    if not others:
        return f"unit {first}"
    if len(others) > 1 and units[-1] - units[0] == len(others):
        return f"units {first} to {others[-1]}"
    return f"units {', '.join([first, *others[:-1]])} and {others[-1]}"


def _name(facts):
    if facts.last:
        return "The outputs" if facts.count > 1 else "The output"
    return "Hidden units" + (f" of layer {facts.layer}" if len(facts.net.sizes) > 3 else "")


def _alike(facts):
    """Return in words how alike the units are."""
    if facts.twins:
        first, *others = map(named, facts.twins)
        return "; ".join([f"{first} are equal in every number", *(f"so are {group}" for group in others[:2])])
    if facts.nearest is None:
        return ""
    one, other, apart = facts.nearest
    most = ", the most alike," if len(facts.shown) > 2 else ""
    return f"{named((one, other))}{most} differ by up to {decimal(apart) if apart >= 0.01 else format(apart, '.2g')}"


def _note(facts, unit):
    """Return what is written below a unit: whose twin it is, or that it is dead or saturated."""
    for group in facts.twins:
        if unit in group[1:]:
            return f"= {group[0] + 1}" if len(facts.shown) == MOST_UNITS else f"= unit {group[0] + 1}"
    if unit in facts.dead:
        return "dead"
    return ("flat" if len(facts.shown) > 5 else "saturated") if unit in facts.saturated else ""


def _numbers(values):
    """Return a few numbers as text, and only the range of many."""
    if len(values) <= 4:
        return " ".join(map(decimal, values))
    return f"{decimal(values.min())} to {decimal(values.max())}"


# Where the bars stand -------------------------------------------------------------------------------------------------


def _sides(place, bar, bars):
    """Return the left and right side of one bar of the unit at a place: numbers or arrays."""
    wide = (1 - 2 * MARGIN) / max(WIDEST, bars)
    left = place + 0.5 + wide * (bar - bars / 2)
    return left, left + wide


def _bars(values, bars, first=0):
    """Return one path of bars (rows, units): `first` is the place of the first row among all bars of a unit."""
    rows, places = np.indices(values.shape)
    left, right = _sides(places, rows + first, bars)
    shown = values.ravel() != 0
    gap = 0.1 * (right - left)
    sides = ((left + gap).ravel()[shown], 0, (right - gap).ravel()[shown], values.ravel()[shown])
    return rectangles(*sides) if shown.any() else NOTHING


def _entry(facts, row, bar, unit):
    """Return the parameter that a bar stands for."""
    if row == "out":
        return Entry(f"W{facts.layer + 1}", (unit, bar))
    if bar < len(facts.W):
        return Entry(f"W{facts.layer}", (bar, unit))
    return Entry(f"b{facts.layer}", (0, 0 if facts.net.biases == "shared" else unit))
