"""The network as a diagram: numbers on the edges and in the nodes, for one sample at the current iteration."""

import numpy as np
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path

from tinymlp.params import Entry
from tinymlp.views.own_units import answer_and_target
from tinymlp.views.shapes import NOTHING, rectangles
from tinymlp.views.style import CHOSEN, GREY, INK, NEGATIVE, POSITIVE, plain_axes
from tinymlp.views.view import Facts, View, dated
from tinymlp.words import below, decimal, given, label, meaning, on_page, short, symbol

RADIUS = 35
LABEL = np.array([52, 18])  # the space for a number on an edge
NAME = 118  # the room for an output's name and bias, from the right edge
READABLE = 12  # edges: above this many, numbers would overlap, and only the chosen one is shown
TIGHT = 17  # pixels: in a smaller node a number has one decimal
MOST_UNITS = 8  # of a layer: above this, the diagram shows the first ones and says so


class NetworkView(View):
    """Weights as edges (sign by colour and dash, size by width), z and h in the nodes. A click chooses a weight."""

    width, height = 460, 370

    def build(self, run, look):
        net = run.problem.net
        self.shared = net.biases == "shared"
        self.axes = plain_axes(self.figure, (0, 0, 1, 1))
        self.units = [min(size, MOST_UNITS) for size in net.sizes]
        # More edges between two layers take more room: their numbers must keep clear of one another.
        gaps = np.concatenate([[0], 1 + np.sqrt(np.multiply(self.units[:-1], self.units[1:]))]).cumsum()
        self.across = 46 + (self.width - 102) * gaps / gaps[-1]
        self.nodes = [self._column(layer) for layer in range(len(net.sizes))]
        self.radius = min(RADIUS, 0.36 * (self.height - 60) / max(self.units), 0.23 * self.width / len(self.units))
        edges = [entry for entry in net.entries if not entry.is_bias and self._visible(entry)]
        self.roomy = len(edges) <= READABLE and self.radius > 30

        self.glow = self.move(self.axes.plot([], [], color=CHOSEN, lw=17, solid_capstyle="round")[0])
        self.halo = self.move(self.axes.add_patch(PathPatch(NOTHING, fc="none", ec=CHOSEN, lw=8)))
        self.lines = {e: self.move(self.axes.plot(*self._ends(*e).T, solid_capstyle="butt")[0]) for e in edges}
        places = _label_places([self._ends(*e) for e in edges], self._taken()) if self.roomy else []
        self.boxes = self.move(self.axes.add_patch(PathPatch(_boxes(places), fc="white", ec="none")))
        self.numbers = {e: self.words(*place, self.axes, ha="center") for e, place in zip(edges, places, strict=False)}
        for name, index in edges:
            grip = self.axes.plot(*self._ends(name, index).T, lw=18, color="white", alpha=0)[0]
            self.pick(grip, name, index)
        self.alone = self.words(0, 0, self.axes, ha="center")
        self._build_nodes(net)
        self.headline = self.words(0.02, 0.95, fontsize=15)
        answers = net.output == "softmax" or run.problem.units is not None
        self.answer = self.words(0.02, 0.885, fontsize=13) if answers else None

    def _column(self, layer):
        """Return the centres of a layer's nodes, one row each."""
        count = self.units[layer]
        top, bottom = 104, self.height - 62
        return np.column_stack(
            [np.full(count, self.across[layer]), (top + bottom) / 2 + (bottom - top) * _centred(count)]
        )

    def _visible(self, edge):
        return edge.source < self.units[edge.layer - 1] and edge.unit < self.units[edge.layer]

    def _ends(self, name, index):
        """Return where the edge of a weight starts and ends, at the rims of its nodes."""
        edge = Entry(name, index)
        a, b = self.nodes[edge.layer - 1][edge.source], self.nodes[edge.layer][edge.unit]
        rim = self.radius * (b - a) / np.linalg.norm(b - a)
        return np.array([a + rim, b - rim])

    def _name_height(self, layer, number):
        """Return the height of a unit's name: on the outer side of its node, where no edge passes."""
        column = self.nodes[layer]
        return column[number, 1] + (-1 if number < len(column) / 2 else 1) * (self.radius + 16)

    def _taken(self):
        """Return points (K, 2) where no number may stand: the rims of the nodes, and the names of the outputs."""
        angles = np.linspace(0, 2 * np.pi, 24)
        rim = self.radius * np.column_stack([np.cos(angles), np.sin(angles)])
        right = np.linspace(self.width - NAME, self.width, 12)
        heights = [self._name_height(-1, number) for number in range(self.units[-1])]
        names = [np.column_stack([right, np.full(12, y)]) for y in heights]
        return np.vstack([*(node + rim for column in self.nodes for node in column), *names])

    def _build_nodes(self, net):
        last, roomy = len(net.sizes) - 1, self.roomy
        self.values, self.sums, self.biases = {}, {}, {}
        middle = {"ha": "center"}
        for layer, column in enumerate(self.nodes):
            for number, (x, y) in enumerate(column):
                circle = self.axes.add_patch(Circle((x, y), self.radius, fc="white", ec=INK, lw=1.6, zorder=3))
                low = y + (8 if layer and roomy else 0)
                self.values[layer, number] = self.words(x, low, self.axes, fontsize=15 if roomy else 11, **middle)
                if not layer:  # the name goes beside a small node, and above a larger one
                    roomy_above = self.radius > 20
                    place = (x, y - self.radius - 13) if roomy_above else (x - self.radius - 4, y)
                    style = {"ha": "center" if roomy_above else "right", "fontsize": 14 if roomy_above else 12}
                    self.axes.text(*place, f"x{below(number + 1)}", va="center", color=GREY, **style)
                    continue
                if net.biases != "none":
                    self.pick(circle, *self._bias(net, layer, number))
                if roomy:
                    self.sums[layer, number] = self.words(x, y - 12, self.axes, fontsize=12, color=GREY, **middle)
                if roomy and net.biases != "none":
                    style = {"ha": "right", "x": self.width - 6} if layer == last else {"ha": "center", "x": x}
                    style |= {"y": self._name_height(layer, number), "fontsize": 13.5, "color": GREY}
                    self.biases[layer, number] = self.words(axes=self.axes, **style)
        x, y = self.nodes[-1][-1]
        self.target = self.words(x, y + self.radius + 15, self.axes, **middle) if net.sizes[-1] == 1 else None

    def read(self, run, look):
        problem, params, trace, sample = run.problem, run.params, run.trace, look.sample
        return Facts(
            net=problem.net,
            params=params,
            when=dated(run, look, f" at t = {run.t}"),
            sample=sample,
            samples=len(problem.X),
            x=problem.X[sample],
            z=[z[sample] for z in trace.z],
            h=[h[sample] for h in trace.h],
            y=problem.y[sample],
            names=problem.classes,
            chosen=look.chosen,
            own=answer_and_target(problem, trace.p[sample], problem.y[sample]),
        )

    def draw(self, facts):
        net, params, chosen = facts.net, facts.params, facts.chosen
        for (name, index), line in self.lines.items():
            w = params[name][index]
            colour = POSITIVE if w >= 0 else NEGATIVE
            line.set(color=colour, linewidth=1.4 + 8 * np.tanh(abs(w) / 2), linestyle="-" if w >= 0 else (0, (2.2, 1)))
            if self.roomy:
                self.numbers[name, index].set(text=on_page(decimal(w, 3, sign=True)), color=colour)
            elif (name, index) == chosen:
                self._number_alone(name, index, on_page(decimal(w, 3, sign=True)), colour)
        for (layer, number), text in self.values.items():
            digits = 3 if self.roomy else 2 if self.radius > TIGHT else 1
            value = facts.h[layer][number]
            text.set_text(on_page(decimal(value, digits) if layer else given(value, digits)))
        for (layer, number), text in self.sums.items():
            text.set_text("z " + on_page(decimal(facts.z[layer - 1][number], 3)))
        for (layer, number), text in self.biases.items():
            name, index = self._bias(net, layer, number)
            bias = on_page(decimal(params[name][index], 3, sign=True))
            text.set_text(f"{self._symbol(net, layer, number)}, bias {bias}")
        if self.target is not None:
            self.target.set_text(on_page(f"target {given(facts.y[0]) if facts.own else short(facts.y[0])}"))
        if self.answer is not None:
            self.answer.set_text(on_page(facts.own) if facts.own else _answered(facts))
        self._light(chosen)
        hidden = "" if self.units == list(net.sizes) else f", first {MOST_UNITS} units of a layer"
        self.headline.set_text(f"Sample {facts.sample + 1} of {facts.samples}{facts.when}{hidden}")

    @staticmethod
    def _bias(net, layer, number):
        """Return the bias of a unit: its own, or the one that all units of the layer share."""
        return Entry(f"b{layer}", (0, number if net.biases == "each" else 0))

    def _number_alone(self, name, index, number, colour):
        """Show the number of the chosen edge alone, where there is no room for all of them."""
        place = self._ends(name, index).mean(axis=0)
        self.alone.set(text=number, color=colour, x=place[0], y=place[1])
        self.boxes.set_path(_boxes([place]))

    @staticmethod
    def _symbol(net, layer, number):
        return symbol(net, "p" if layer == len(net.sizes) - 1 else "h", layer, number)

    def _light(self, chosen):
        if chosen not in self.lines and not self.roomy:
            self.alone.set_text("")
            self.boxes.set_path(_boxes([]))
        lit = [self._ends(*edge) for edge in self.lit(chosen) if edge in self.lines]
        gap = [(np.nan, np.nan)]
        lit = np.concatenate([[*gap, *ends] for ends in lit])[1:].T if lit else ([], [])
        self.glow.set_data(*lit)
        rings = [Path.circle(self.nodes[chosen.layer][unit], self.radius + 6) for unit in self._ringed(chosen)]
        self.halo.set_path(Path.make_compound_path(*rings) if rings else NOTHING)
        self.halo.set_visible(bool(rings))

    def _ringed(self, chosen):
        """Return the units whose bias is chosen: one, or all of the layer if they share it."""
        units = range(self.units[chosen.layer])
        return [unit for unit in units if chosen.is_bias and (self.shared or unit == chosen.unit)]

    def lit(self, chosen):
        """Return the edges that are lit when this parameter is chosen."""
        return [chosen]

    def say(self, facts):
        net, chosen = facts.net, facts.chosen
        x = ", ".join(given(v) for v in facts.x)
        lines = [f"Network{facts.when}, sample {facts.sample + 1} of {facts.samples}: x = ({x})"]
        for layer, (z, h) in enumerate(zip(facts.z, facts.h[1:], strict=True), start=1):
            for number in range(self.units[layer]):
                name = self._symbol(net, layer, number)
                lines.append(f"  {name} = {decimal(h[number])} from z = {decimal(z[number])}")
        target = ", ".join(short(v) for v in facts.y)
        lines[-1] += f", target {target}"
        if facts.own:
            lines.append(f"  in its own units: {facts.own}")
        if facts.net.output == "softmax":
            lines.append(f"  {_answered(facts)}")
        value = decimal(facts.params[chosen.name][chosen.index])
        lines.append(f"  chosen: {label(*chosen)} = {value}, {meaning(net, *chosen)}")
        return "\n".join(lines)


class PathView(NetworkView):
    """The network with every edge lit through which the chosen parameter reaches the loss."""

    def lit(self, chosen):
        after = [edge for edge in self.lines if edge.layer > chosen.layer]
        into = self._ringed(chosen) if chosen.is_bias else [chosen.unit]
        return [chosen, *(edge for edge in after if edge.layer > chosen.layer + 1 or edge.source in into)]

    def say(self, facts):
        edges = [label(*edge) for edge in self.lit(facts.chosen)[1:]]
        more = f" and {len(edges) - READABLE} more" if len(edges) > READABLE else ""
        way = f", then {', '.join(edges[:READABLE])}{more}" if edges else ""
        return f"{super().say(facts)}\n  path to the loss: {label(*facts.chosen)}{way}"


def _answered(facts):
    """Return the true class of the sample and the network's answer in words, each with its probability."""
    true, said = (_probability(facts, int(row.argmax())) for row in (facts.y, facts.h[-1]))
    return f"target {true}; the answer too" if true == said else f"target {true}; answer {said}"


def _probability(facts, k):
    name = f"{facts.names[k]}, " if facts.names else ""
    return f"{name}p{below(k + 1)} = {decimal(facts.h[-1][k], 3)}"


def _centred(count):
    """Return `count` evenly spaced numbers from -1/2 to 1/2; 0 if there is one."""
    return np.linspace(-0.5, 0.5, count) if count > 1 else np.zeros(1)


def _boxes(centres):
    """Return the path of boxes, one behind each number."""
    low, high = (np.reshape(centres, (-1, 2)) + side * LABEL / 2 for side in (-1, 1))
    return rectangles(low[:, 0], low[:, 1], high[:, 0], high[:, 1])


def _label_places(ends, taken):
    """Return a place on each edge for its number: near the middle, but clear of the other numbers and edges.

    ends: where each edge starts and ends; taken: points (K, 2) that it keeps clear of as well.
    """
    along = np.linspace(0.24, 0.8, 29)[:, np.newaxis]
    edges = [a + np.linspace(0, 1, 60)[:, np.newaxis] * (b - a) for a, b in ends]
    candidates = [a + along * (b - a) for a, b in ends]
    places = [points[len(points) // 2] for points in candidates]
    for _ in range(8):  # each number moves in turn to its best place given the others: a few rounds settle it
        for n, points in enumerate(candidates):
            cost = 0.1 * abs(along[:, 0] - 0.5)
            for other, weight, room in (
                (places[:n] + places[n + 1 :], 3.0, 1.5),
                (edges[:n] + edges[n + 1 :], 0.5, 1.0),
                ([taken], 3.0, 1.0),
            ):
                if other:
                    gaps = (abs(points[:, np.newaxis] - np.vstack(other)) / LABEL).max(axis=-1)
                    cost = cost + weight * np.clip(room - gaps, 0, None).sum(axis=-1)
            places[n] = points[cost.argmin()]
    return places
