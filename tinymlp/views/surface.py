"""The loss as a landscape over two parameters: a map with the run's path and the downhill direction."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from tinymlp.explain import edited, step_from
from tinymlp.momentum import OURS
from tinymlp.network import backward
from tinymlp.sweep import loss_surface
from tinymlp.views.view import ADDED, GREY, INK, View, round_up
from tinymlp.words import decimal, label, on_page

POINTS = 25, 81  # grid points along each side of the map: fewest and most
WORK = 4e6  # units times samples times grid points: more could not keep up with a slider
LEVELS = 10
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

    def build(self, run, look):
        side = 368
        left, low = 66 / self.width, 52 / self.height
        self.axes = self.figure.add_axes((left, low, side / self.width, side / self.height))
        self.axes.tick_params(labelsize=13)
        nothing = {"xdata": [], "ydata": []}
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
        self.coming = self.move(self.axes.plot([], [], color=INK, lw=1.6, ls=(0, (1, 1.4)))[0])
        self.landing = self.move(self.axes.plot([], [], "o", mfc="white", mec=INK, mew=2, ms=10)[0])
        self.point = self.move(self.axes.plot([], [], "o", color=INK, mec="white", mew=1.5, ms=12)[0])
        for line in (self.ray, self.path, self.last, self.coming, self.landing, self.point):
            line.set(**nothing)
        self.headline = self.words(0.02, 0.965, fontsize=15)
        self.downhill = self.words(0.02, 0.915, color=ADDED)
        self.key, self.drawn = None, []

    def numbers(self, run, look):
        """Return (the two parameters, the path on this map (T, 2), which ends where the run is, the gradient (2,))."""
        entries = plane(run, look)
        places = [run.params.position(*entry) for entry in entries]
        others = np.delete(np.arange(run.params.net.count), places)
        now, path = run.params.flat, [run.params.flat[places]]
        for t in range(run.t - 1, max(0, run.t - LONGEST) - 1, -1):
            flat = run.at(t).params.flat
            if (flat[others] != now[others]).any():
                break
            path.append(flat[places])
        g = backward(run.trace, run.problem.y).flat[places]
        return entries, np.array(path[::-1]), g

    def next(self, run, look):
        """Return where the next step would land (2,)."""
        places = [run.params.position(*entry) for entry in plane(run, look)]
        return step_from(run.now).after.flat[places]

    def update(self, run, look):
        entries, path, g = self.numbers(run, look)
        reach = round_up(min(MOST_REACH, max(4.0, 1.02 * abs(path).max())), (1, 2, 3, 4, 6, 8, 10))
        self._draw_map(run, entries, reach)
        here = path[-1]
        self.path.set_data(*path.T)
        self.last.set_data(*path[-2:].T if len(path) > 1 else ([], []))
        self.point.set_data(*here[:, np.newaxis])
        after = self.next(run, look)
        self.coming.set_data(*np.array([here, after]).T if look.ahead else ([], []))
        self.landing.set_data(*after[:, np.newaxis] if look.ahead else ([], []))
        size = np.hypot(*g)
        down = -g / size if size > 1e-12 else 0 * g
        self.ray.set_data(*np.array([here, here + 3 * reach * down]).T)
        self.arrow.set_position(here)
        self.arrow.xy = here + ARROW * reach * down
        self.arrow.set_visible(size > 1e-12)
        names = [label(*entry) for entry in entries]
        self.headline.set_text(f"Loss over {' and '.join(names)}; at t = {run.t}: {decimal(run.loss)}")
        at = ", ".join(decimal(-value) for value in g)
        self.downhill.set_text(on_page(f"arrow: where -g = ({at}) points"))

    def _draw_map(self, run, entries, reach):
        """Redraw the map if the other parameters have moved, or if the path has left it."""
        params = run.params
        for entry in entries:
            params = params.replace(*entry, 0.0)
        key = (entries, params, reach)
        if key == self.key:
            return
        self.key, self.standing_changed = key, True
        for artist in self.drawn:
            artist.remove()
        work = len(run.problem.X) * sum(run.problem.net.sizes)
        along = np.linspace(-reach, reach, int(np.clip(np.sqrt(WORK / work), *POINTS)))
        self.losses = loss_surface(run.problem, *entries, along, along, params=params).T
        self.axes.set(xlim=(-reach, reach), ylim=(-reach, reach))
        heights = np.log(np.maximum(self.losses, 1e-9))
        shades = self.axes.imshow(
            heights, origin="lower", extent=(-reach, reach, -reach, reach), cmap=SHADES, aspect="auto",
            interpolation="bilinear", zorder=0,
        )  # fmt: skip
        self.drawn = [shades]
        levels = np.unique([float(f"{v:.2g}") for v in np.quantile(self.losses, np.linspace(0.02, 0.97, LEVELS))])
        if len(levels) > 1:
            lines = self.axes.contour(along, along, self.losses, levels, colors=GREY, linewidths=0.8, zorder=1)
            style = {"fmt": decimal_short, "fontsize": 11, "colors": INK, "inline": False}
            _thin(self.axes.clabel(lines, levels[::2], **style), APART * reach)
            self.drawn.append(lines)
        row, column = np.unravel_index(self.losses.argmin(), self.losses.shape)
        self.lowest = along[column], along[row]
        style = {"marker": "*", "ms": 19, "mfc": "white", "mec": INK, "mew": 1.5, "ls": "none", "zorder": 3}
        self.drawn += self.axes.plot(*self.lowest, clip_on=False, **style)
        for set_label, entry in zip((self.axes.set_xlabel, self.axes.set_ylabel), entries, strict=True):
            set_label(label(*entry), fontsize=15)

    def text(self, run, look):
        entries, path, g = self.numbers(run, look)
        self.update(run, look)
        names = " and ".join(label(*entry) for entry in entries)
        here, down = (", ".join(decimal(value) for value in pair) for pair in (path[-1], -g))
        lines = [f"Map of the loss over {names}, the others as they are", f"  here: ({here}), loss {decimal(run.loss)}"]
        lines.append(f"  downhill, -g: ({down}){self._step_said(run, entries, g)}")
        if look.ahead:
            lines.append(f"  the next step would land at ({', '.join(map(decimal, self.next(run, look)))})")
        low = ", ".join(decimal(value, 1) for value in self.lowest)
        lines.append(f"  the lowest place on the map (star): ({low}), loss {decimal(self.losses.min(), 3)}")
        steps = len(path) - 1
        if steps:
            start = ", ".join(decimal(value) for value in path[0])
            last = "the last " if steps == LONGEST < run.t else ""
            lines.append(f"  the path: {last}{steps} step{'s' if steps > 1 else ''} on this map, from ({start})")
        elif run.t:
            cause = "a change by hand" if edited(run.at(run.t - 1), run.now) else "the last step"
            lines.append(f"  {cause} moved other parameters as well: the path is not on this map")
        return "\n".join(lines)

    @staticmethod
    def _step_said(run, entries, g):
        """Return how the next step follows from -g, if it does: by our rule, with the gradient of all samples."""
        taken = [run.grads[name][index] for name, index in entries]
        if run.rule is not OURS or not np.array_equal(taken, g):
            return ""
        return "; the step is eta times that" + (", and what momentum carries on" if run.gamma else "")


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
