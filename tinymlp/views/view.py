"""What every view has: a size, a figure whose artists are made once, a picture in two layers, and a text version."""

from contextlib import contextmanager
from dataclasses import dataclass

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.path import Path

from tinymlp.views import svg

# Each colour has one meaning throughout (Okabe & Ito 2008, Color Universal Design); colour is never the only cue.
INK = "#000000"
GREY = "#595959"  # 7 : 1 on white
PALE = "#d9d9d9"
POSITIVE = "#0072B2"
NEGATIVE = "#B84A00"  # their vermilion, darkened so that text has a contrast of 5 : 1
ADDED = "#00805C"  # what the gradient adds: their bluish green, darkened for text
CARRIED = "#A8498A"  # what momentum carries on: their reddish purple, darkened for text
CHOSEN = "#F0E442"


@dataclass(frozen=True)
class Look:
    """What the learner looks at: the chosen parameter, the sample, and whether the next step is shown.

    epsilon: how far the chosen parameter is nudged; stage: how far through the stages of one iteration,
    None for all of it.
    """

    chosen: tuple[str, tuple[int, int]] = ("W1", (0, 0))
    sample: int = 0
    ahead: bool = False
    epsilon: float = 1.0
    stage: int | None = None


class View:
    """One tile of a panel. Subclasses make their artists in `build`, move them in `update` and describe them in `text`.

    width, height: in pixels at scale 1. `moving`: the artists of the upper layer, in drawing order.
    `picks`: what can be clicked: the parameter that a click chooses, by the gid of the artist.
    """

    width, height = 400, 340
    is_table = False

    def __init__(self, run, look):
        self.moving = []
        self.picks = {}
        self.standing_changed = True
        with plain_style():
            self.figure = Figure(figsize=(self.width / 72, self.height / 72), dpi=72)
            FigureCanvasAgg(self.figure)
            self.build(run, look)
            self.update(run, look)

    def build(self, run, look):
        """Make the axes and artists, once."""

    def update(self, run, look):
        """Move the artists to match the run; set `standing_changed` when the lower layer must be redrawn."""

    def text(self, run, look):
        """Return what the picture shows, in a few lines of rounded numbers."""
        raise NotImplementedError

    def move(self, artist):
        """Put an artist in the upper layer, above those already there, and return it."""
        artist.set(animated=True, zorder=10 + len(self.moving))
        self.moving.append(artist)
        return artist

    def words(self, x, y, axes=None, **style):
        """Put a text in the upper layer, in the data coordinates of the axes, or in fractions of the figure."""
        words = svg.Words(x, y, "", **{"ha": "left", "va": "center", "fontsize": 14, "color": INK} | style)
        if axes is None:
            words.set_transform(self.figure.transFigure)
            self.figure.add_artist(words)
        else:
            words.set_transform(axes.transData)
            axes.add_artist(words)
        return self.move(words)

    def legend_axes(self, bottom):
        """Return the axes of a legend row, 22 pixels high, in pixel units; bottom: as a fraction of the figure."""
        axes = self.figure.add_axes((0, bottom, 1, 22 / self.height))
        axes.set_axis_off()
        axes.set(xlim=(0, self.width), ylim=(0, 22))
        return axes

    def legend(self, bottom, *entries):
        """Put a legend of lines in a row, and return its (line, text) pairs; entries: (x, words, style of the line)."""
        axes = self.legend_axes(bottom)
        return [
            (axes.plot([x, x + 28], [11, 11], **style)[0], axes.text(x + 35, 11, words, fontsize=13, va="center"))
            for x, words, style in entries
        ]

    def pick(self, artist, name, index):
        """Let a click on the artist choose the parameter `name[index]`."""
        artist.set_gid(gid(name, index))
        self.picks[gid(name, index)] = (name, index)

    def lower(self, salt):
        """Return the SVG of the static layer, and note that it was drawn."""
        self.standing_changed = False
        with plain_style():
            return svg.lower(self.figure, salt)

    def upper(self, salt):
        """Return the SVG of the moving layer."""
        return svg.upper(self.figure, self.moving, salt)

    def pixels(self, scale=2):
        """Return the whole picture as an RGBA array, for a page without a kernel."""
        self.figure.set_dpi(72 * scale)
        try:
            canvas = self.figure.canvas
            for artist in self.moving:
                artist.set_animated(False)
            with plain_style():
                canvas.draw()
            return np.array(canvas.buffer_rgba())
        finally:
            for artist in self.moving:
                artist.set_animated(True)
            self.figure.set_dpi(72)


@contextmanager
def plain_style():
    """Draw with matplotlib's default settings, whatever style a learner has chosen for their own plots."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        yield


def gid(name, index):
    """Return the id of the element that stands for a parameter on the page: a click on it chooses that parameter."""
    return f"pick-{name}-{index[0]}-{index[1]}"


def rectangles(left, top, right, bottom):
    """Return one path of rectangles, each argument a number or an array: one artist is cheaper than many."""
    left, top, right, bottom = np.broadcast_arrays(
        *(np.ravel(side).astype(float) for side in (left, top, right, bottom))
    )
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    vertices = np.stack([np.stack(corner, axis=-1) for corner in corners], axis=1).reshape(-1, 2)
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(left)
    return Path(vertices, codes)


def shown_entries(net, chosen, most):
    """Return at most `most` entries: all, or a stretch of them from the array of the chosen one."""
    entries = net.entries
    first = net.slices[chosen[0]].start if len(entries) > most else 0
    if len(entries) > most and entries.index(chosen) >= first + most:
        first = entries.index(chosen) - most + 1
    return entries[min(first, max(0, len(entries) - most)) :][:most]


def round_up(value, digits=(1, 2, 3, 5, 8, 10)):
    """Return the next round number from `value` up: a digit times a power of ten. Axis limits then change in jumps.

    It is never above 1e300: a learner may type any weight, and what lies beyond is not drawn.
    """
    value = min(value, 1e300)
    power = 10.0 ** np.floor(np.log10(max(value, 1e-9)))
    return next((digit * power for digit in digits if digit * power >= value), value)


def leap(limit, wanted, digits=(1, 2, 3, 5, 8, 10)):
    """Return the limit of an axis: the current one while what is wanted fits and fills a third of it, or a new one."""
    rounded = round_up(wanted, digits)
    return rounded if limit is None or wanted > limit or rounded < 0.3 * limit else limit


def plain_axes(figure, rect):
    """Add axes without a frame, in pixels from the top left corner."""
    axes = figure.add_axes(rect)
    axes.set_axis_off()
    width, height = figure.bbox.size
    axes.set_xlim(0, width * rect[2])
    axes.set_ylim(height * rect[3], 0)
    return axes
