"""The loss as a landscape over two parameters: a map with the run's path and the downhill direction."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from tinymlp.explain import edited
from tinymlp.momentum import OURS
from tinymlp.network import backward
from tinymlp.sweep import loss_surface
from tinymlp.views.loss import rival_of, standing
from tinymlp.views.shapes import Beyond, round_up
from tinymlp.views.step import shown_step
from tinymlp.views.style import ADDED, CARRIED, GREY, INK
from tinymlp.views.svg import HeatMap
from tinymlp.views.view import Facts, View, dated
from tinymlp.words import decimal, label, on_page

POINTS = 25, 81  # grid points along each side of the map: fewest and most
WORK = 4e6  # units times samples times grid points: more could not keep up with a slider
LEVELS = 10  # lines of equal height, at the most
FACTORS = 1.1, 1.2, 1.3, 1.5, 2, 3, 5, 10, 100  # from each line to the next
APART = 0.2  # of the reach: contour labels that are closer together than this are hidden
ARROW = 0.34  # of the reach: the length of the arrow, whatever the size of g
MOST_REACH = 1e6  # a path that goes further leaves the map
LONGEST = 200  # steps of the path that are drawn
SHADES = LinearSegmentedColormap.from_list("height", ["white", "#a6a6a6"])


def plane(run, look):
    """Return the two parameters that the map shows: those that the run moves, or the chosen one and its neighbour."""
    free = run.training.free
    if free is not None and len(free) == 2:
        return free
    entries = run.problem.net.entries
    at = min(entries.index(look.chosen), len(entries) - 2)
    return entries[at], entries[at + 1]


class SurfaceView(View):
    """A map of the loss over two parameters, the others as they are now; darker is higher.

    The path is drawn as far back as it lies on this map, i.e. while no other parameter has moved, and for at most
    LONGEST steps. So a run that moves only these two shows its path, and any other run only its current point.
    """

    width, height = 460, 484
    draws = "place"

    @classmethod
    def refuses(cls, run):
        return "" if run.problem.net.count > 1 else "a network of at least two parameters"

    def build(self, run, look):
        side = 368
        left, low = 66 / self.width, 52 / self.height
        self.axes = self.figure.add_axes((left, low, side / self.width, side / self.height))
        self.axes.tick_params(labelsize=13)
        self.shades = HeatMap(self.axes, SHADES)
        self.axes.add_image(self.shades)
        rival = {"color": GREY, "lw": 1.6, "ls": (0, (1, 1.4)), "marker": "s", "ms": 4, "mfc": "white"}
        self.rival = self.move(self.axes.plot([], [], **rival)[0])
        self.ray = self.move(self.axes.plot([], [], color=ADDED, lw=1.6, ls=(0, (2, 2)))[0])
        self.path = self.move(self.axes.plot([], [], color=INK, lw=1.4, marker="o", ms=4)[0])
        self.last = self.move(self.axes.plot([], [], color=INK, lw=3.4)[0])
        arrow = {
            "arrowstyle": "-|>,head_width=0.4,head_length=0.8",
            "color": ADDED,
            "lw": 3,
            "shrinkA": 0,
            "shrinkB": 0,
        }
        self.arrow = self.move(self.axes.annotate("", (0, 0), (0, 0), arrowprops=arrow))
        plain = {"arrowstyle": "-|>,head_width=0.25,head_length=0.5", "lw": 2.4, "shrinkA": 0, "shrinkB": 0}
        dashed = plain | {"color": CARRIED, "ls": (0, (3, 1.2))}
        self.carried = self.move(self.axes.annotate("", (0, 0), (0, 0), arrowprops=dashed))
        self.added = self.move(self.axes.annotate("", (0, 0), (0, 0), arrowprops=plain | {"color": ADDED}))
        self.coming = self.move(self.axes.plot([], [], color=INK, lw=1.6, ls=(0, (1, 1.4)))[0])
        self.landing = self.move(self.axes.plot([], [], "o", mfc="white", mec=INK, mew=2, ms=10)[0])
        self.point = self.move(self.axes.plot([], [], "o", color=INK, mec="white", mew=1.5, ms=12)[0])
        self.beyond = {name: Beyond(self, self.axes) for name in ("here", "would land", "rival")}
        self.headline = self.words(0.02, 0.965, fontsize=15)
        self.downhill = self.words(0.02, 0.915, color=ADDED)
        self.drawn_losses, self.drawn = None, []

    def read(self, run, look):
        net, entries = run.problem.net, plane(run, look)
        places = [net.position(*entry) for entry in entries]
        path = self._path_of(run, run.params, places)
        g = backward(run.trace, run.problem.y).flat[places]
        reach = round_up(min(MOST_REACH, max(4.0, 1.02 * abs(path).max())), (1, 2, 3, 4, 6, 8, 10))
        others = run.params
        for entry in entries:
            others = others.replace(*entry, 0.0)
        along, losses = self.kept("map", (entries, others, reach), lambda: _map(run, entries, reach, others))
        row, column = np.unravel_index(losses.argmin(), losses.shape)
        return Facts(
            t=run.t, when=dated(run, look, f"; at t = {run.t}"), loss=run.loss,
            standing=standing(run, look), stepped=look.steps, entries=entries, path=path, g=g, reach=reach, along=along,
            losses=losses, lowest=(along[column], along[row]),
            after=run.now.after.params.flat[places] if look.ahead else None,
            rival=self._rival_path(run, look, places), follows=self._follows(run, places, g), gamma=run.gamma,
            edited=run.t > 0 and len(path) == 1 and edited(run.at(run.t - 1), run.now),
            parts=self._parts(run, look, path, places),
            downhill=", ".join(f"{label(*entry)} {decimal(-value)}" for entry, value in zip(entries, g, strict=True)),
        )  # fmt: skip

    @staticmethod
    def _parts(run, look, path, places):
        """Return the corners (3, 2) of the step that is shown, if anything is carried on: start, carried, end."""
        if not look.ahead and len(path) < 2:
            return None
        step = shown_step(run, look)
        carried, added = (part.flat[places] for part in (step.carried, step.added))
        start = path[-1] if look.ahead else path[-2]
        return np.array([start, start + carried, start + carried + added]) if carried.any() else None

    @staticmethod
    def _path_of(run, params, places):
        """Return the path of a run that ends where it is (T, 2), as far as the other parameters are these."""
        past = run.past(max(0, run.t - LONGEST), run.t + 1).params.flat
        others = np.delete(np.arange(past.shape[1]), places)
        elsewhere = np.flatnonzero((past[:, others] != params.flat[others]).any(axis=1))
        return past[elsewhere[-1] + 1 if len(elsewhere) else 0 :][:, places]

    def _rival_path(self, run, look, places):
        """Return the path of the rival (T, 2), where one is looked at and lies on this map."""
        if look.rival is None:
            return np.empty((0, 2))
        return self._path_of(rival_of(run, look), run.params, places)

    @staticmethod
    def _follows(run, places, g):
        """Return whether the next step follows from -g: by our rule, with the gradient of all samples."""
        return run.rule is OURS and np.array_equal(run.grads.flat[places], g)

    def draw(self, facts):
        path, g, reach = facts.path, facts.g, facts.reach
        self._draw_map(facts)
        here = path[-1]
        self.path.set_data(*path.T)
        self.rival.set_data(*facts.rival.T)
        self.last.set_data(*path[-2:].T if len(path) > 1 else ([], []))
        after = np.empty((0, 2)) if facts.after is None else facts.after[np.newaxis]
        self.coming.set_data(*np.vstack([here, after]).T)
        self._place(self.point, "here", path[-1:])
        self._place(self.landing, "would land", after, since=here)
        self._place(None, "rival", facts.rival[-1:])
        for artist, corner in ((self.carried, 0), (self.added, 1)):
            artist.set_visible(facts.parts is not None)
            if facts.parts is not None:
                artist.set_position(facts.parts[corner])
                artist.xy = facts.parts[corner + 1]
        size = np.hypot(*g)
        down = -g / size if size > 1e-12 else 0 * g
        self.ray.set_data(*np.array([here, here + 3 * reach * down]).T)
        self.arrow.set_position(here)
        self.arrow.xy = here + min(ARROW * reach, _room(here, down, reach)) * down
        self.arrow.set_visible(size > 1e-12)
        names = [label(*entry) for entry in facts.entries]
        self.headline.set_text(f"Loss over {' and '.join(names)}{facts.when}: {decimal(facts.loss)}")
        self.downhill.set_text(on_page(f"arrow, -g: {facts.downhill}"))

    def _place(self, artist, name, place, since=None):
        """Put an artist at a place (1, 2), or nowhere (0, 2); what lies beyond the map is marked at its edge."""
        words = [on_page(f"{name}: ({', '.join(decimal(value, 1) for value in point)})") for point in place]
        inside = self.beyond[name].inside(*place.T, words, since if len(place) else None)
        if artist:
            artist.set_data(*inside)

    def _draw_map(self, facts):
        """Redraw the map if the other parameters have moved, or if the path has left it."""
        losses, along, reach = facts.losses, facts.along, facts.reach
        if losses is self.drawn_losses:
            return
        self.drawn_losses, self.standing_changed = losses, True
        for artist in self.drawn:
            artist.remove()
        self.axes.set(xlim=(-reach, reach), ylim=(-reach, reach))
        heights = np.log(np.maximum(losses, 1e-9))
        self.shades.show((heights - heights.min()) / max(np.ptp(heights), 1e-12), (-reach, reach, -reach, reach))
        self.drawn = []
        levels, _ = heights_of_lines(losses)
        if len(levels):
            lines = self.axes.contour(along, along, losses, levels, colors=GREY, linewidths=0.8, zorder=1)
            style = {"fmt": decimal_short, "fontsize": 11, "colors": INK, "inline": False}
            _thin(self.axes.clabel(lines, levels[::2], **style), APART * reach)
            self.drawn.append(lines)
        style = {"marker": "*", "ms": 19, "mfc": "white", "mec": INK, "mew": 1.5, "ls": "none", "zorder": 3}
        self.drawn += self.axes.plot(*facts.lowest, clip_on=False, **style)
        for set_label, entry in zip((self.axes.set_xlabel, self.axes.set_ylabel), facts.entries, strict=True):
            set_label(label(*entry), fontsize=15)

    def status(self, facts):
        # Where steps are taken the loss is what counts, and a longer line would wrap and move the picture.
        return facts.standing if facts.stepped else on_page(f"{facts.standing} Downhill, -g: {facts.downhill}.")

    def say(self, facts):
        names = " and ".join(label(*entry) for entry in facts.entries)
        here = ", ".join(decimal(value) for value in facts.path[-1])
        follows = "; the step is eta times that" + (", and what momentum carries on" if facts.gamma else "")
        lines = [
            f"Map of the loss over {names}, the others as they are",
            f"  here: ({here}), loss {decimal(facts.loss)}",
            f"  downhill, -g: {facts.downhill}{follows if facts.follows else ''}",
        ]
        if facts.after is not None:
            lines.append(f"  the next step would land at ({', '.join(map(decimal, facts.after))})")
        low = ", ".join(decimal(value, 1) for value in facts.lowest)
        lines.append(f"  the lowest point on the map (star): ({low}), loss {decimal(facts.losses.min(), 3)}")
        levels, factor = heights_of_lines(facts.losses)
        if len(levels) > 1:
            lines.append(f"  lines of equal height from {levels[0]:.2g} up: each {factor:g} times the one before")
        steps = len(facts.path) - 1
        if steps:
            start = ", ".join(decimal(value) for value in facts.path[0])
            last = "the last " if steps == LONGEST < facts.t else ""
            lines.append(f"  the path: {last}{steps} step{'s' if steps > 1 else ''} on this map, from ({start})")
        if facts.parts is not None:
            carried, added = (", ".join(decimal(x, sign=True) for x in part) for part in np.diff(facts.parts, axis=0))
            which = "the step to come" if facts.after is not None else "the last step"
            lines.append(f"  {which}: carried on ({carried}), dashed, then new ({added})")
        if not steps and facts.t:
            cause = "a change by hand" if facts.edited else "the last step"
            lines.append(f"  {cause} moved other parameters as well: the path is not on this map")
        if len(facts.rival) > 1:
            lines.append(f"  the rival is at ({', '.join(map(decimal, facts.rival[-1]))})")
        return "\n".join(lines)


def _map(run, entries, reach, params):
    """Return (places along each axis, losses): the loss over the two parameters."""
    work = len(run.problem.X) * sum(run.problem.net.sizes)
    along = np.linspace(-reach, reach, int(np.clip(np.sqrt(WORK / work), *POINTS)))
    return along, loss_surface(run.problem, *entries, along, along, params=params).T


def heights_of_lines(losses):
    """Return (heights of the lines of equal height, factor from each to the next): evenly spaced in its logarithm."""
    high = losses.max()
    low = max(losses.min(), 1e-4 * high)
    factor = next((factor for factor in FACTORS if factor ** (LEVELS + 1) >= high / low), FACTORS[-1])
    heights = low * factor ** np.arange(1, LEVELS + 1)
    return heights[heights < high], factor


def _room(here, way, reach):
    """Return how far it is from here to the edge of the map, this way: 0 from beyond it."""
    moving = abs(way) > 1e-9  # along an axis, the other one has no edge to reach
    room = (np.sign(way[moving]) * reach - here[moving]) / way[moving]
    return max(0.0, room.min(initial=np.inf if moving.any() else 0.0))


def _thin(labels, room):
    """Hide each label that stands closer than `room` to one that is shown."""
    shown = []
    for text in labels:
        place = np.array(text.get_position())
        text.set(visible=all(np.hypot(*(place - other)) > room for other in shown), zorder=2)
        text.set_bbox({"fc": "white", "ec": "none", "alpha": 0.75, "pad": 0.8})
        shown += [place] if text.get_visible() else []


def decimal_short(value):
    """Return the height of a contour as short text."""
    return f"{value:.2g}"
