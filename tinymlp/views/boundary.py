"""The plane of the inputs with the samples on it, and what the network, or one of its units, says of each point."""

from functools import partial

import numpy as np
from contourpy import contour_generator
from matplotlib.colors import to_rgb
from matplotlib.patches import PathPatch

from tinymlp.own_data import added, erased
from tinymlp.views.own_units import amounts
from tinymlp.views.plane import (
    answer_said,
    answers,
    axis_names,
    grid,
    hovered,
    is_binary,
    looked_at,
    needs_plane,
    reach,
    shaded,
    sign_colours,
)
from tinymlp.views.shapes import markers, round_up
from tinymlp.views.style import CLASS_COLOURS, CLASS_MARKERS, GREY, INK, dress, plain_axes
from tinymlp.views.svg import HeatMap, Mosaic, Stencil
from tinymlp.views.view import Facts, View, dated
from tinymlp.words import capital, decimal, on_page, short, symbol

LEFT, TOP, SIDE = 52, 48, 264  # the map, in pixels from the upper left corner
POINTS = 50  # of the grid, along each side
STRONGEST = 0.75  # of a colour on the map: the samples lie on it
SHADES = 31  # of each class, from unsure to sure
KEYS = 20  # presses of an arrow key from one side to the other
SIZE = {100: 8.5, 300: 7, 10_000: 5.5}  # of a marker in pixels, up to so many samples
MOST_CLASSES = len(CLASS_MARKERS)


class BoundaryView(View):
    """The plane, coloured by what the network says of each point, or by what the pointed-at or chosen unit sees.

    Samples to learn from are filled, held-out ones hollow. A click, a drag or an arrow key moves the spot that is sent
    through the network; with a brush, a click adds a sample of that class, or takes the nearest one away.
    """

    width, height, points = 330, 400, True

    @classmethod
    def refuses(cls, run):
        net = run.problem.net
        if needs_plane(run):
            return needs_plane(run)
        if net.sizes[-1] > 1 and net.output == "identity":
            return "one output for a number, or an output for each class"
        return "" if net.sizes[-1] <= MOST_CLASSES else f"at most {MOST_CLASSES} classes"

    def build(self, run, look):
        problem = run.problem
        self.binary, self.several = is_binary(problem), problem.net.sizes[-1] > 1
        self.names = self._names(problem)
        self.sides = reach(problem)
        self.grid = grid(problem, self.sides, POINTS)
        place = LEFT / self.width, 1 - (TOP + SIDE) / self.height, SIDE / self.width, SIDE / self.height
        self.ticks = self.figure.add_axes(place)
        dress(self.ticks, *axis_names(problem), grid=False)
        self.ticks.tick_params(labelsize=12)
        self.ticks.set(xlim=self.sides[:2], ylim=self.sides[2:])
        self.ticks.xaxis.labelpad = 0
        self.axes = plain_axes(self.figure, (0, 0, 1, 1))  # all that moves: in pixels
        self.box = LEFT, LEFT + SIDE, TOP + SIDE, TOP
        self.signs = self.move(self.axes.add_image(HeatMap(self.axes, sign_colours(STRONGEST))))
        self.classes = self.move(self.axes.add_image(Mosaic(self.axes, class_colours())))
        self.classes.set_interpolation("bilinear")
        self.border = [self.move(self.axes.plot([], [], color=c, lw=w)[0]) for c, w in (("white", 4), (INK, 1.8))]
        samples = self._samples(problem)
        stencil = Stencil("samples", samples)
        self.axes.add_artist(stencil)
        self.axes.add_artist(self.move(stencil.stamp))
        ring = {"ls": "none", "marker": "o", "ms": 15, "mfc": "none"}
        self.ring = [self.move(self.axes.plot([], [], mec=c, mew=w, **ring)[0]) for c, w in (("white", 4), (INK, 1.8))]
        cross = {"ls": "none", "marker": "+", "ms": 18}
        self.spot = [self.move(self.axes.plot([], [], mec=c, mew=w, **cross)[0]) for c, w in (("white", 6), (INK, 2.4))]
        self.headline = self.words(8, 15, self.axes)
        self.answer = self.words(8, 33, self.axes, fontsize=13)
        self.limit = None
        if self.binary or self.several:
            self._build_legend(problem)
        else:
            self._build_scale(problem)

    def _names(self, problem):
        count = problem.net.sizes[-1] if self.several else 2 if self.binary else 0
        return problem.classes or tuple(f"class {k + 1}" if self.several else f"y = {k}" for k in range(count))

    def _samples(self, problem):
        """Return the artists of all samples: one for each class, of those to learn from and of those held out.

        They are added as artists and not as patches, whose limits would take longer to find than all else.
        """
        made = []
        held = problem.plane_held is not None
        count = len(problem.X) + (len(problem.X_held) if held else 0)
        size = next(pixels for most, pixels in SIZE.items() if count <= most)
        sets = [(problem.plane_held, problem.y_held, False)] if held else []
        for points, y, filled in [*sets, (problem.plane, problem.y, True)]:
            pixels = self._pixels(points)
            if not self.binary and not self.several:
                made += self._values(pixels, y[:, 0], size, filled)
                continue
            labels = y.argmax(axis=1) if self.several else (y[:, 0] > 0.5).astype(int)
            for label in np.unique(labels):
                colour = CLASS_COLOURS[label]
                style = {"fc": colour, "ec": "white", "lw": 0.8} if filled else {"fc": "white", "ec": colour, "lw": 1.4}
                path = markers(pixels[labels == label], CLASS_MARKERS[label], size)
                made.append(self.axes.add_artist(PathPatch(path, clip_on=False, **style)))
        return self._hidden_in_axes(made)

    def _values(self, pixels, y, size, filled):
        """Return the artists of samples with numbers: a few shades from the least to the largest, outlined."""
        most = max(abs(y).max(), 1e-9)
        levels = np.round(4 * y / most).astype(int)
        for level in np.unique(levels):
            colour = sign_colours(1.0)(0.5 + level / 8)
            here, marker = pixels[levels == level], "o" if level >= 0 else "s"
            yield self.axes.add_artist(PathPatch(markers(here, marker, size), fc=colour, ec=INK, lw=0.8, clip_on=False))
            if not filled:
                yield self.axes.add_artist(PathPatch(markers(here, marker, 0.5 * size), fc="white", clip_on=False))

    @staticmethod
    def _hidden_in_axes(artists):
        """Leave the artists to the stencil: the axes do not draw them, but keep their transforms."""
        for artist in artists:
            artist.set_animated(True)
        return artists

    def _pixels(self, points):
        """Return the places in pixels (..., 2) of points in the plane."""
        left, right, bottom, top = self.sides
        x = LEFT + SIDE * (points[..., 0] - left) / (right - left)
        return np.stack([x, TOP + SIDE * (top - points[..., 1]) / (top - bottom)], axis=-1)

    def _build_legend(self, problem):
        columns = 4 if len(self.names) > 4 else max(2, len(self.names))
        letters = 24 if columns == 2 else 12 if columns == 3 else 7
        for k, name in enumerate(self.names):
            x, y = 10 + 320 / columns * (k % columns), 358 + 17 * (k // columns)
            style = {"mfc": CLASS_COLOURS[k], "mec": CLASS_COLOURS[k], "ms": 8, "ls": "none"}
            self.axes.plot([x], [y], marker=CLASS_MARKERS[k], **style)
            name = name if len(name) <= letters else f"{name[: letters - 1]}…"
            self.axes.text(x + 10, y, name, fontsize=12, va="center")
        if problem.plane_held is not None:
            self.axes.text(8, 392, "filled: training set; hollow: held out", fontsize=12, va="center", color=GREY)

    def _build_scale(self, problem):
        """Build the scale of a number: from negative to positive, with its ends named."""
        bar = HeatMap(self.axes, sign_colours(STRONGEST))
        bar.show(np.linspace(0, 1, 64)[np.newaxis].repeat(2, axis=0), (LEFT + 40, LEFT + SIDE - 40, 366, 354))
        self.axes.add_image(bar)
        self.ends = [
            self.axes.text(x, 360, "", fontsize=12, va="center", ha=ha)
            for x, ha in ((LEFT + 34, "right"), (LEFT + SIDE - 34, "left"))
        ]
        middle = "0" if problem.units is None else f"the mean, {amounts(problem, [0.0])}"
        self.axes.text(LEFT + SIDE / 2, 377, on_page(middle), fontsize=12, va="center", ha="center")
        held = "; hollow: held out" if problem.plane_held is not None else ""
        marks = "circles: 0 and above; squares: below" if problem.units is None else "circles above, squares below it"
        self.axes.text(8, 392, f"{marks}{held}", fontsize=12, va="center", color=GREY)

    # Reading -------------------------------------------------------------------------------------------------------

    def read(self, run, look):
        problem, net = run.problem, run.problem.net
        unit = self._unit(net, hovered(run, look) or look.chosen)
        point = looked_at(run, look)
        return Facts(
            problem=problem, net=net, unit=unit, brush=look.brush, spot=look.spot, point=point,
            when=dated(run, look, f"t = {run.t}. "),
            map=self.kept("map", (run.params, unit), partial(self._map, run, unit)),
            right=None if look.spot else problem.y[look.sample],
        )  # fmt: skip

    @staticmethod
    def _unit(net, entry):
        """Return (layer, number) of the hidden unit whose bias this is; None for any other entry."""
        hidden = entry.is_bias and entry.layer < len(net.sizes) - 1
        return (entry.layer, entry.unit) if hidden else None

    def _map(self, run, unit):
        """Return the Facts of the map: levels over the plane, largest size, lowest and highest, and its borders."""
        h, net = answers(run.params, self.grid), run.problem.net
        values = h[-1] if unit is None else h[unit[0]][:, unit[1], np.newaxis]
        facts = Facts(low=float(values.min()), high=float(values.max()), shares=None)
        if self.several and unit is None:
            facts.levels, lines, facts.shares = _winners(values)
        else:
            kind = net.output if unit is None else net.activations[unit[0] - 1]
            binary = self.binary and unit is None
            shades, most = shaded(values, [kind], binary)
            if not binary:
                wanted = 0 if unit else abs(run.problem.y).max()
                facts.most = round_up(float(max(most[0], wanted)))
                shades = values / facts.most
            facts.levels = (0.5 + shades / 2).reshape(POINTS, POINTS)
            lines = [facts.levels - 0.5]
            facts.shares = [float((values <= 0.5).mean())] if binary else None
        facts.borders = _borders(lines)
        return facts

    # Drawing -------------------------------------------------------------------------------------------------------

    def draw(self, facts):
        made, classes = facts.map, self.several and facts.unit is None
        self.signs.set_visible(not classes)
        self.classes.set_visible(classes)
        if classes:
            self.classes.show(made.levels, self.box)
        else:
            self.signs.show(made.levels, self.box)
        for line in self.border:
            line.set_data(*made.borders)
        pixels = self._pixels(facts.point.where)
        inside = bool((abs(pixels - (LEFT + SIDE / 2, TOP + SIDE / 2)) <= SIDE / 2 + 1e-6).all())
        for marks, shown in ((self.spot, facts.spot is not None), (self.ring, facts.spot is None)):
            for mark in marks:
                mark.set_data(*([[pixels[0]], [pixels[1]]] if shown and inside else ([], [])))
        self.headline.set_text(on_page(self._title(facts)))
        self.answer.set_text(on_page(capital(f"{facts.point.name}: {self._said(facts)}")))
        if not self.binary and not self.several:
            self._name_ends(made.most, facts.problem)

    def _name_ends(self, most, problem):
        if most != self.limit:
            self.limit, self.standing_changed = most, True
            for text, value in zip(self.ends, (-most, most), strict=True):
                text.set_text(on_page(short(value) if problem.units is None else amounts(problem, [value])))

    def _title(self, facts):
        if facts.unit is not None:
            return f"What {symbol(facts.net, 'h', *facts.unit)} sees (line: 0)"
        if self.several:
            return "The likeliest class; paler: less sure"
        if self.binary:
            return f"p: how likely is {_cut(self.names[1])}? (line: 0.5)"
        units = facts.problem.units
        return "The output p (line: 0)" if units is None else f"The answer: {_cut(units.name)} (line: the mean)"

    def _said(self, facts):
        if facts.unit is None:
            return answer_said(facts.problem, facts.point.h[-1], 2)
        layer, unit = facts.unit
        return f"{symbol(facts.net, 'h', layer, unit)} = {decimal(facts.point.h[layer][unit], 2)}"

    # Pointing ------------------------------------------------------------------------------------------------------

    def pointed(self, x, y, facts):
        left, right, bottom, top = self.sides
        x1, x2 = self.place(self.ticks, x, y)
        if not (left <= x1 <= right and bottom <= x2 <= top):
            return {}
        spot = float(f"{x1:.3g}"), float(f"{x2:.3g}")
        if facts.brush is None:
            return {"spot": spot}
        recipe = facts.problem.recipe
        if recipe is None:
            return {}
        return {"recipe": erased(recipe, spot) if facts.brush == "erase" else added(recipe, spot, facts.brush)}

    def nudged(self, right, up, facts):
        ends = np.reshape(self.sides, (2, 2))
        place = np.clip(facts.point.where + np.array([right, up]) * (ends[:, 1] - ends[:, 0]) / KEYS, *ends.T)
        return {"spot": tuple(float(f"{value:.3g}") for value in place)}

    # Saying --------------------------------------------------------------------------------------------------------

    def say(self, facts):
        made, names = facts.map, axis_names(facts.problem)
        across, upwards = (f"{short(low)} to {short(high)}" for low, high in np.reshape(self.sides, (2, 2)))
        lines = [f"The plane, {names[0]} from {across} across, {names[1]} from {upwards} upwards"]
        if facts.unit is not None or made.shares is None:
            what = symbol(facts.net, "h", *facts.unit) if facts.unit else "the output p"
            lines.append(f"  {what} goes from {decimal(made.low, 2)} to {decimal(made.high, 2)} over it")
            if facts.unit is None and facts.problem.units is not None:
                low, high = (amounts(facts.problem, [value]) for value in (made.low, made.high))
                lines[-1] += f", {facts.problem.units.name} from {low} to {high}"
        elif self.several:
            shares = ", ".join(f"{name} on {share:.0%}" for name, share in zip(self.names, made.shares, strict=True))
            lines.append(f"  the likeliest class: {shares} of it")
        else:
            lines.append(f"  p, of {self.names[1]}, is above 0.5 on {1 - made.shares[0]:.0%} of it")
        lines.append(f"  {facts.when}{capital(f'{facts.point.said}: {self._said(facts)}')}")
        return "\n".join(lines)


def class_colours():
    """Return the colours (256, 3) of a map of classes: of each class SHADES from white on; the first is not used."""
    shares = STRONGEST * (0.2 + 0.8 * np.arange(SHADES) / (SHADES - 1))
    ramps = [1 - shares[:, np.newaxis] * (1 - np.array(to_rgb(colour))) for colour in CLASS_COLOURS]
    colours = np.ones((256, 3))
    colours[1 : 1 + SHADES * len(ramps)] = np.concatenate(ramps)
    return colours


def _winners(p):
    """Return the levels of a map of classes, its first row at the top; what is 0 on its borders; each class's share."""
    count = p.shape[1]
    best, most = p.argmax(axis=1), p.max(axis=1)
    sure = np.clip((most / np.maximum(p.sum(axis=1), 1e-12) - 1 / count) / (1 - 1 / count), 0, 1)
    levels = (1 + SHADES * best + np.round((SHADES - 1) * sure)).astype(np.uint8).reshape(POINTS, POINTS)[::-1]
    leads = [(p[:, k] - np.delete(p, k, axis=1).max(axis=1)).reshape(POINTS, POINTS) for k in range(count - 1)]
    return levels, leads, np.bincount(best, minlength=count) / len(p)


def _borders(fields):
    """Return the lines (2, K) in pixels where one of the fields (rows, columns) is 0, with breaks between."""
    cell = SIDE / POINTS
    x, y = LEFT + cell * (np.arange(POINTS) + 0.5), TOP + SIDE - cell * (np.arange(POINTS) + 0.5)
    found = []
    for field in fields:
        (lines,), *_ = contour_generator(x, y, field, line_type="ChunkCombinedNan").lines(0.0)
        if lines is not None:
            found += [lines, [(np.nan, np.nan)]]
    return np.round(np.vstack(found), 1).T if found else np.empty((2, 0))


def _cut(name):
    return name if len(name) < 13 else f"{name[:11]}…"
