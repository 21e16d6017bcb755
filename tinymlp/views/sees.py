"""The network as nodes and lines, and in each node a map of what that unit sees over the plane of the inputs."""

from functools import partial

import numpy as np
from matplotlib.patches import PathPatch

from tinymlp.params import Entry
from tinymlp.recipes import MOST_LAYERS, MOST_UNITS
from tinymlp.views.plane import (
    answer_said,
    answers,
    grid,
    hovered,
    input_name,
    is_binary,
    looked_at,
    needs_plane,
    reach,
    shaded,
    sign_colours,
)
from tinymlp.views.shapes import NOTHING, gid, rectangles
from tinymlp.views.style import CHOSEN, GREY, HALO, INK, NEGATIVE, POSITIVE, plain_axes
from tinymlp.views.svg import Grips, Mosaic, Strokes
from tinymlp.views.units import dead, named, saturated
from tinymlp.views.view import Facts, View, dated
from tinymlp.words import BENDS, above, below, capital, decimal, given, label, meaning, on_page, symbol

# The side of a map in pixels, and whether a number fits below it, by the most units that a layer may have for that.
SIDES = {4: (48, True), 6: (32, True), 8: (32, False), 11: (24, False), MOST_UNITS: (16, False)}
TOP, BOTTOM = 78, 354  # of the nodes
LEFT, RIGHT = 66, 78  # room for the names of the inputs and of the outputs
EDGES = 0.08, 0.25, 0.5, 0.75  # between the classes of size, as shares of the largest
WIDTHS = 0.7, 1.4, 2.6, 4.0, 5.6
SIGNS = {1: (POSITIVE, None), -1: (NEGATIVE, (2.2, 1))}  # colour and dashes
OF_LINES = {"weights": "params", "gradients": "grads", "velocities": "velocity"}
MOST_TERMS = 4  # of a formula
LONGEST = 9  # letters of an input's name
LEVELS = 8  # apart: fewer shades make a smaller image


class SeesView(View):
    """The network with a map in each node: blue where the unit is positive over the plane, orange where it is negative.

    Lines show the weights, or their gradients or velocities: sign by colour and dash, size by width. A click on a line
    chooses the weight, on a node the bias. Each map is marked where the sample or the spot lies.
    """

    width, height = 560, 400
    hovers = True

    @classmethod
    def refuses(cls, run):
        layers = f"at most {MOST_LAYERS} hidden layers" if len(run.problem.net.sizes) > MOST_LAYERS + 2 else ""
        return needs_plane(run) or layers

    def follows(self, run):
        problem, known = run.problem, self.made_for
        same = (problem.net, problem.features, problem.classes) == (known.net, known.features, known.classes)
        same = same and reach(problem) == self.sides
        return same and np.array_equal(grid(problem, self.sides, self.side), self.grid)

    def build(self, run, look):
        self.made_for = run.problem
        problem, net = run.problem, run.problem.net
        self.axes = plain_axes(self.figure, (0, 0, 1, 1))
        self.units = [min(size, MOST_UNITS) for size in net.sizes]
        self.side, self.roomy = next(SIDES[most] for most in SIDES if max(self.units) <= most)
        self.nodes = [self._column(layer) for layer in range(len(net.sizes))]
        self.sides = reach(problem)
        self.grid = grid(problem, self.sides, self.side)
        entries = net.entries
        weights = [n for n, e in enumerate(entries) if not e.is_bias and self._visible(e)]
        self.weights, self.entries = np.array(weights), [entries[n] for n in weights]
        self.places = {entry: place for place, entry in enumerate(self.entries)}
        self.ends = np.array([self._ends(entry) for entry in self.entries])

        thin = 1 if len(weights) < 200 else 0.6
        self.zeros = self._strokes(GREY, 0.5)
        self.lines = {
            (sign, size): self._strokes(colour, thin * width, dashes)
            for size, width in enumerate(WIDTHS)
            for sign, (colour, dashes) in SIGNS.items()
        }
        # Above all other lines: a yellow one for what is chosen, one with a rim for what the pointer is over.
        self.lit = {
            "chosen": [self._strokes(*style) for style in ((CHOSEN, 11), (INK, 1))],
            "hovered": [self._strokes(*style) for style in ((INK, 11), ("white", 8), (INK, 1))],
        }
        self.maps = self.move(self.axes.add_image(Mosaic(self.axes, sign_colours(1.0)(np.linspace(0, 1, 256))[:, :3])))
        self.rings = {
            name: self.move(self.axes.add_patch(PathPatch(NOTHING, fc="none", ec=colour, lw=lw)))
            for name, colour, lw in (("chosen", CHOSEN, 5), ("hovered", INK, 2.4))
        }
        self.marks = [self._strokes(colour, width) for colour, width in (("white", 3.2), (INK, 1.4))]
        self.numbers = {}
        for layer, column in enumerate(self.nodes):
            for unit, (x, y) in enumerate(column):
                place = x + self.side / 2, y + self.side + 9
                self.numbers[layer, unit] = self.words(*place, self.axes, ha="center", fontsize=12, path_effects=HALO)
        self.told = self.words(8, 15, self.axes)
        self.point = self.words(8, 34, self.axes, fontsize=13)
        self.formula = self.words(8, 51, self.axes, fontsize=13)
        self.kind = self.words(8, 389, self.axes, fontsize=13)
        self.warning = self.words(8, 371, self.axes, fontsize=13)
        self._build_names(problem)
        self._build_grips(net)

    def _strokes(self, *style):
        return self.move(self.axes.add_artist(Strokes(*style)))

    def _column(self, layer):
        """Return the upper left corners of a layer's nodes, whole pixels, one row each."""
        count, last = self.units[layer], len(self.units) - 1
        pitch = (BOTTOM - TOP) / max(max(self.units), 4)
        x = LEFT + (self.width - LEFT - RIGHT - self.side) * layer / last
        middles = (TOP + BOTTOM) / 2 + pitch * (np.arange(count) - (count - 1) / 2)
        corners = np.column_stack([np.full(count, x), middles - self.side / 2 - (8 if self.roomy else 0)])
        return np.round(corners).astype(int)

    def _visible(self, entry):
        return entry.source < self.units[entry.layer - 1] and entry.unit < self.units[entry.layer]

    def _ends(self, entry):
        """Return where the line of a weight starts and ends: x0, y0, x1, y1."""
        a, b = self.nodes[entry.layer - 1][entry.source], self.nodes[entry.layer][entry.unit]
        half = self.side // 2
        return a[0] + self.side, a[1] + half, b[0], b[1] + half

    def _build_names(self, problem):
        net, last = problem.net, len(self.nodes) - 1
        corners = np.vstack(self.nodes)
        frames = rectangles(*corners.T, *(corners + self.side).T)
        self.axes.add_artist(PathPatch(frames, fc="white", ec=INK, lw=1.2, zorder=3))
        style = {"va": "center", "fontsize": 12, "color": GREY}
        for unit, (x, y) in enumerate(self.nodes[0]):
            self.axes.text(x - 5, y + self.side / 2, _source_named(problem, 0, unit), ha="right", **style)
        for unit, (x, y) in enumerate(self.nodes[last]):
            name = (
                problem.classes[unit]
                if last and net.sizes[-1] > 1 and problem.classes
                else symbol(net, "p", last, unit)
            )
            name = name if len(name) < 11 else f"{name[:9]}…"
            self.axes.text(x + self.side + 5, y + self.side / 2, name, ha="left", **style)
        for layer, column in enumerate(self.nodes[1:-1], start=1):
            hidden = f", {MOST_UNITS} of {net.sizes[layer]}" if net.sizes[layer] > MOST_UNITS else ""
            self.axes.text(column[0, 0] + self.side / 2, TOP - 12, f"h{above(layer)}{hidden}", ha="center", **style)
        for x, words, colour, dashes in ((240, "positive", *SIGNS[1]), (350, "negative", *SIGNS[-1])):
            self.axes.plot([x, x + 28], [389, 389], color=colour, lw=2.6, ls=(0, dashes) if dashes else "-")
            self.axes.text(x + 34, 389, words, fontsize=13, va="center")
        self.axes.text(460, 389, "wider: larger", fontsize=13, va="center")

    def _build_grips(self, net):
        lines = [(gid(*entry), ends) for entry, ends in zip(self.entries, self.ends, strict=True)]
        squares = []
        if net.biases != "none":
            for layer, column in enumerate(self.nodes[1:], start=1):
                for unit, (x, y) in enumerate(column):
                    bias = f"b{layer}", (0, unit if net.biases == "each" else 0)
                    squares.append((gid(*bias), (x, y, self.side)))
                    self.picks[gid(*bias)] = Entry(*bias)
        self.picks |= {gid(*entry): entry for entry in self.entries}
        self.axes.add_artist(Grips(lines, squares, 9 if len(lines) < 100 else 5))

    # Reading -------------------------------------------------------------------------------------------------------

    def read(self, run, look):
        net, over = run.problem.net, hovered(run, look)
        told = over or look.chosen
        return Facts(
            problem=run.problem, net=net, when=dated(run, look, f"t = {run.t}. "), lines=look.lines,
            shown=getattr(run, OF_LINES[look.lines]).flat, chosen=look.chosen, hovered=over, told=told,
            numbers=[getattr(run, name)[told.name][told.index] for name in OF_LINES.values()],
            point=looked_at(run, look), target=None if look.spot else run.problem.y[look.sample],
            formula=unit_formula(run.problem, run.params, told),
            maps=self.kept("maps", run.params, partial(self._maps, run)),
            warning=self.kept("still", run.params, partial(idle_units, net, run.trace.h)),
        )  # fmt: skip

    def _maps(self, run):
        """Return the maps of all nodes as one image of whole numbers, 0 where there is no node."""
        net, side = run.problem.net, self.side
        h = answers(run.params, self.grid)
        h = np.concatenate([part[:, :count] for part, count in zip(h, self.units, strict=True)], axis=1)
        names = ["identity", *net.activations]
        each = [name for name, count in zip(names, self.units, strict=True) for _ in range(count)]
        values, _ = shaded(h, each, is_binary(run.problem))
        levels = 128 + LEVELS * np.round(120 / LEVELS * values).astype(int)
        levels = levels.T.reshape(-1, side, side)[:, ::-1].astype(np.uint8)
        image = np.zeros((self.height, self.width), np.uint8)
        for (x, y), part in zip(np.vstack(self.nodes), levels, strict=True):
            image[y : y + side, x : x + side] = part
        return image[TOP - 8 : BOTTOM + 8]

    # Drawing -------------------------------------------------------------------------------------------------------

    def draw(self, facts):
        self._draw_lines(facts)
        if facts.maps is not self.maps.levels:
            self.maps.show(facts.maps, (0, self.width, BOTTOM + 8, TOP - 8))
        self._mark(facts.point)
        self.told.set_text(on_page(entry_said(facts)))
        self.point.set_text(on_page(f"{facts.when}{point_said(facts)}"))
        self.formula.set_text(on_page(facts.formula))
        self.kind.set_text(f"Lines: {facts.lines}")
        self.warning.set_text(facts.warning)
        pointed = None if facts.hovered is None or not facts.hovered.is_bias else facts.hovered
        for (layer, unit), words in self.numbers.items():
            here = pointed is not None and (layer, unit) == (pointed.layer, pointed.unit)
            value = decimal(facts.point.h[layer][unit], 2)
            words.set_text(on_page(value) if self.roomy or here else "")

    def _draw_lines(self, facts):
        values = facts.shown[self.weights]
        size = np.tanh(abs(values) / 2)
        if facts.lines != "weights":
            size = abs(values) / max(abs(values).max(), 1e-300)
        classes, signs = np.searchsorted(EDGES, size), np.sign(values)
        for (sign, which), line in self.lines.items():
            line.show(self.ends[(classes == which) & (signs == sign)])
        self.zeros.show(self.ends[values == 0])
        for name in self.lit:
            self._light(name, facts, classes, signs)

    def _light(self, name, facts, classes, signs):
        """Light the line or the node of what is chosen, or of what the pointer is over."""
        entry = getattr(facts, name)
        here = self.places.get(entry)
        for line in self.lit[name]:
            line.show(self.ends[[]] if here is None else self.ends[[here]])
        if here is not None:
            colour, dashes = SIGNS[1 if signs[here] >= 0 else -1]
            self.lit[name][-1].dress(colour, max(1.4, WIDTHS[classes[here]]), dashes)
        corners = np.reshape([] if entry is None else self._nodes_of(facts.net, entry), (-1, 2))
        around = rectangles(*(corners - 2).T, *(corners + self.side + 2).T) if len(corners) else NOTHING
        self.rings[name].set(path=around, visible=len(corners) > 0)

    def _nodes_of(self, net, entry):
        """Return the corners of the nodes whose bias it is: one, or all of a layer that shares it; none of a weight."""
        units = range(self.units[entry.layer])
        mine = [unit for unit in units if entry.is_bias and (net.biases == "shared" or unit == entry.unit)]
        return [self.nodes[entry.layer][unit] for unit in mine]

    def _mark(self, point):
        """Put a small cross into each map, where the point lies; none for a point beyond the maps."""
        left, right, bottom, top = self.sides
        x, y = (point.where[0] - left) / (right - left), (top - point.where[1]) / (top - bottom)
        inside = 0 <= x <= 1 and 0 <= y <= 1
        arm = 4 if self.side > 20 else 3
        centres = np.round(np.vstack(self.nodes) + self.side * np.array([x, y]))
        arms = arm * np.array([(-1, 0, 1, 0), (0, -1, 0, 1)])  # from left to right, from top to bottom
        ends = np.tile(centres, 2)[:, np.newaxis] + arms
        for mark in self.marks:
            mark.show(ends.reshape(-1, 4)[: None if inside else 0])

    # Saying --------------------------------------------------------------------------------------------------------

    def say(self, facts):
        net, chosen = facts.net, facts.told
        sizes = "-".join(map(str, net.sizes))
        lines = [f"What each unit of the {sizes} network sees; lines show the {facts.lines}"]
        lines.append(f"  {entry_said(facts)} ({meaning(net, *chosen)})")
        lines.append(f"  {facts.formula}")
        lines.append(f"  {facts.when}{point_said(facts)}")
        for layer, h in enumerate(facts.point.h[1:-1], start=1):
            values = " ".join(decimal(value, 2) for value in h[:MOST_UNITS])
            lines.append(f"    h{above(layer)}: {values}")
        return "\n".join([*lines, *([f"  {facts.warning}"] if facts.warning else [])])


def entry_said(facts):
    """Return one line about a parameter: a weight with gradient and velocity, a bias with the z and h of its unit."""
    entry, (value, gradient, velocity) = facts.told, facts.numbers
    if not entry.is_bias or (facts.net.biases == "shared" and facts.net.sizes[entry.layer] > 1):
        return f"{label(*entry)} = {decimal(value)}, gradient {decimal(gradient)}, velocity {decimal(velocity)}"
    layer, unit = entry.layer, entry.unit
    name = symbol(facts.net, "p" if layer == len(facts.net.sizes) - 1 else "h", layer, unit)
    h, z = facts.point.h[layer][unit], facts.point.z[layer - 1][unit]
    return f"{name} = {decimal(h)} from z = {decimal(z)}; bias {decimal(value)}, gradient {decimal(gradient)}"


def unit_formula(problem, params, entry):
    """Return the formula of the unit that a parameter leads to, with its numbers; of many inputs only a few terms."""
    net, layer, unit = params.net, entry.layer, entry.unit
    W, b = params.layers[layer - 1]
    count = len(W)
    terms = range(count) if count <= MOST_TERMS else sorted({0, entry.source, count - 1})
    said, last = "", -1
    for row in terms:
        said += " + …" if row > last + 1 else ""
        said += f"{_signed(W[row, unit])} {_source_named(problem, layer - 1, row)}"
        last = row
    if net.biases != "none":
        said += _signed(np.broadcast_to(b, (1, net.sizes[layer]))[0, unit])
    said = said[3:] if said.startswith(" + ") else said.replace(" - ", "-", 1)
    if layer < len(net.sizes) - 1:
        return f"{symbol(net, 'h', layer, unit)} = {BENDS[net.activations[layer - 1]]}({said})"
    if net.output == "softmax":
        return f"{symbol(net, 'z', layer, unit)} = {said}, then softmax"
    return f"{symbol(net, 'p', layer, unit)} = " + (said if net.output == "identity" else f"{net.output}({said})")


def _signed(value):
    """Return a term of a sum: " + 0.50" or " - 0.50"."""
    said = decimal(value, 2)
    return f" - {said[1:]}" if said.startswith("-") else f" + {said}"


def _source_named(problem, layer, row):
    """Return what a weight of the next layer is multiplied by: h¹₂, x₁²; of a long name the number, x₁."""
    if layer:
        return symbol(problem.net, "h", layer, row)
    name = input_name(problem.features[row])
    return name if len(name) < LONGEST else f"x{below(row + 1)}"


def point_said(facts):
    """Return in words what the network answers for the sample or the spot, and what was wanted."""
    target = ""
    if facts.target is not None:
        y, classes = facts.target, facts.problem.classes
        which = int(np.argmax(y)) if len(y) > 1 else int(y[0]) if classes else 0
        target = f", target {classes[which] if classes else given(y[0]) if len(y) == 1 else which + 1}"
    return capital(f"{facts.point.said}: {answer_said(facts.problem, facts.point.h[-1])}{target}")


def idle_units(net, h):
    """Return in a sentence which hidden units are dead or saturated, by name, given h of each layer; "" if none."""
    said = []
    for words, find in (("dead: 0 for every sample", dead), ("saturated", saturated)):
        found = [(layer, find(net.activations[layer - 1], h[layer])) for layer in range(1, len(net.sizes) - 1)]
        names = [_units_named(net, layer, units) for layer, units in found if units]
        if names:
            several = len(names) > 1 or sum(len(units) for _, units in found) > 1
            said.append(f"{', '.join(names)} {'are' if several else 'is'} {words}")
    return "; ".join(said)


def _units_named(net, layer, units):
    """Return the names of some units of a layer: h²₃; of many, the layer's and their numbers."""
    if len(units) <= 2:
        return " and ".join(symbol(net, "h", layer, unit) for unit in units)
    return f"{named(units)} of layer {layer}"
