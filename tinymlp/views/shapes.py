"""What pictures are made of: rectangles as one path, axes that move in leaps or say what lies beyond, entries shown."""

import numpy as np
from matplotlib.markers import MarkerStyle
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from tinymlp.views.style import HALO, INK

NOTHING = Path(np.zeros((1, 2)))


def gid(name, index):
    """Return the id of whatever represents a parameter on the page: a click on it chooses that parameter."""
    return f"pick-{name}-{index[0]}-{index[1]}"


def rectangles(left, top, right, bottom):
    """Return one path of rectangles, each argument a number or an array: one artist costs less than one for each."""
    left, top, right, bottom = np.broadcast_arrays(
        *(np.ravel(side).astype(float) for side in (left, top, right, bottom))
    )
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    vertices = np.stack([np.stack(corner, axis=-1) for corner in corners], axis=1).reshape(-1, 2)
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(left)
    return Path(vertices, codes)


def segments(ends):
    """Return one path of straight lines; ends: (K, 4), x and y where each starts and where it ends."""
    codes = np.tile(np.array([Path.MOVETO, Path.LINETO], Path.code_type), len(ends))
    return Path(np.reshape(ends, (-1, 2)), codes) if len(ends) else NOTHING


def markers(points, marker, size):
    """Return one path of markers at the points (K, 2), in pixels counted downwards; size: of each, across."""
    style = MarkerStyle(marker)
    # Ten corners serve for a circle of a few pixels, in a third of the bytes of its curves.
    outline = Path.unit_regular_polygon(10) if marker == "o" else style.get_path().transformed(style.get_transform())
    scale = 1 if marker != "o" else 0.5
    corners = np.round(size * scale * outline.vertices * (1, -1) + np.reshape(points, (-1, 1, 2)), 1)
    codes = np.full(len(outline), Path.LINETO, Path.code_type) if outline.codes is None else outline.codes
    codes = np.concatenate([[Path.MOVETO], codes[1:]]).astype(Path.code_type)
    return Path(corners.reshape(-1, 2), np.tile(codes, len(corners))) if len(corners) else NOTHING


def thinned(values, most=300):
    """Return the places (K,) of the values that a line must keep, K at most about `most`: spikes stay.

    Of each bucket of neighbours the lowest and the highest stay, and the last value of all. Buckets double in size when
    there are too many, and do not move as values are added: what is drawn of the past stands still.
    """
    size = 1
    while 2 * len(values) > size * most:
        size *= 2
    if size <= 2:
        return np.arange(len(values))
    whole = len(values) // size * size
    buckets = np.reshape(values[:whole], (-1, size))
    first = np.arange(0, whole, size)
    rest = whole + np.array([np.argmin(values[whole:]), np.argmax(values[whole:])]) if whole < len(values) else []
    kept = [first + buckets.argmin(axis=1), first + buckets.argmax(axis=1), rest, [0, len(values) - 1]]
    return np.unique(np.concatenate(kept).astype(int))


def shown_entries(net, chosen, most):
    """Return at most `most` entries: all, or a run of them that begins with the array of the chosen one."""
    entries = net.entries
    first = net.slices[chosen[0]].start if len(entries) > most else 0
    if len(entries) > most and entries.index(chosen) >= first + most:
        first = entries.index(chosen) - most + 1
    return entries[min(first, max(0, len(entries) - most)) :][:most]


def round_up(value, digits=(1, 2, 3, 5, 8, 10)):
    """Return the next round number from `value` up: a digit times a power of ten. Limits of axes then move in leaps.

    From 1e300 on it is 1e300: a learner may type any weight, and what lies beyond is not drawn.
    """
    value = min(value, 1e300)
    power = 10.0 ** np.floor(np.log10(max(value, 1e-9)))
    return next((digit * power for digit in digits if digit * power >= value), value)


def leap(limit, wanted, digits=(1, 2, 3, 5, 8, 10)):
    """Return the limit of an axis: the present one while what is wanted fits and fills a third of it, or a new one."""
    rounded = round_up(wanted, digits)
    return rounded if limit is None or wanted > limit or rounded < 0.3 * limit else limit


class Beyond:
    """Marks at the edge of axes for points that lie beyond it, each with its value, so that none seems to lie there.

    view, axes: where the marks are drawn; count: how many points there are. All marks are one artist.
    """

    HEAD, HALF = 11, 6.5  # pixels: how long a mark is, and half its width

    def __init__(self, view, axes, count=1):
        self.axes, self.pixel = axes, 1 / axes.bbox.size
        self.heads = view.move(axes.add_patch(PathPatch(NOTHING, fc=INK, ec="none", clip_on=False)))
        self.values = [view.words(0, 0, axes, fontsize=13) for _ in range(count)]
        for words in self.values:  # a curve that passes must not strike the value through
            words.set_path_effects(HALO)
        for artist in (self.heads, *self.values):
            artist.set_transform(axes.transAxes)

    def inside(self, x, y, values, since=None):
        """Mark the points beyond the axes, and return the others as arrays (x, y).

        x, y: arrays (K,) in data coordinates, K up to `count`; values: what is written beside each that lies beyond;
        since: (x, y) from which a straight line leads to it, so that its mark stands where that line leaves the axes.
        """
        x, y = np.atleast_1d(x), np.atleast_1d(y)
        place = self._in_axes(x, y)
        edge = np.clip(place, 0, 1)
        if since is not None:
            start = np.clip(self._in_axes(*np.atleast_2d(since).T), 0, 1)
            share = np.divide(edge - start, place - start, out=np.ones_like(place), where=place != edge)
            edge = start + share.min(axis=1, keepdims=True) * (place - start)
        outward = np.sign(place - np.clip(place, 0, 1))
        fits = (abs(outward) * abs(place - edge) < 1e-6).all(axis=1)
        heads = [self._head(*pair) for pair in zip(edge[~fits], outward[~fits], strict=True)]
        self.heads.set(path=Path.make_compound_path(*heads) if heads else NOTHING, visible=bool(heads))
        for words in self.values:
            words.set_text("")
        for n in np.flatnonzero(~fits):
            across, up = outward[n]
            side = -across or (-1 if edge[n, 0] > 0.7 else 1)  # the side on which there is room for the value
            x0, y0 = edge[n] + self.pixel * (side * (self.HEAD + 5), -up * self.HEAD)
            self.values[n].set(text=values[n], x=x0, y=y0, ha="left" if side > 0 else "right")
        return x[fits], y[fits]

    def _in_axes(self, x, y):
        """Return places in fractions of the axes (K, 2), on scales of any kind."""
        in_axes = self.axes.transData + self.axes.transAxes.inverted()
        return in_axes.transform(np.column_stack([x, y]).astype(float))

    def _head(self, tip, outward):
        """Return a triangle whose tip is on the edge and points outward."""
        outward = outward / np.hypot(*outward)
        aside = self.HALF * np.array([-outward[1], outward[0]])
        corners = tip + self.pixel * [(0, 0), aside - self.HEAD * outward, -aside - self.HEAD * outward, (0, 0)]
        return Path(corners, [Path.MOVETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY])
