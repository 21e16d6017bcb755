"""What every view has: a size, a figure whose artists are made once, a picture in two layers, and itself in words."""

from dataclasses import dataclass
from types import SimpleNamespace as Facts

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tinymlp.params import Entry
from tinymlp.teaching.drawn import Drawn
from tinymlp.views import svg
from tinymlp.views.drawing import DRAWINGS
from tinymlp.views.shapes import gid
from tinymlp.views.style import INK, plain_style

__all__ = ["Facts", "Look", "View", "dated"]


@dataclass(frozen=True)
class Look:
    """What the learner looks at: the chosen parameter, the sample, and whether the next step is shown.

    epsilon: how far the chosen parameter is nudged, None for not at all; untold: whether a prediction about the panel
    is still open, so that a view leaves out what would give its answer away; steps: whether a control takes steps;
    stage: how far through the stages of one iteration, None for all of it; rival: the settings of the run that is
    shown beside this one, as `Run.beside` takes them, None for a view's own choice; asked: what a prediction asks to
    be drawn, a `teaching.drawn.Drawn`, None for nothing; guess: what has been drawn, in the view's own coordinates;
    held: which point of a drawn curve the arrow keys move; horizon: the steps that views of many runs take; limits:
    whether the limit on eta is drawn over a map of settings; lines: what the lines of `sees` show, "weights",
    "gradients" or "velocities"; hovered: the parameter that the pointer is over, None for none (a bias stands for its
    unit); spot: a point (x1, x2) of the plane that is sent through the network in place of the sample, None for none;
    brush: what a click on `boundary` does, None to choose the spot, "erase", or the class that it adds a sample of.
    """

    chosen: tuple[str, tuple[int, int]] = ("W1", (0, 0))
    sample: int = 0
    ahead: bool = False
    epsilon: float | None = None
    untold: bool = False
    steps: bool = True
    stage: int | None = None
    rival: tuple | None = None
    asked: Drawn | None = None
    guess: tuple | None = None
    horizon: int = 200
    limits: bool = False
    held: int = 0
    lines: str = "weights"
    hovered: tuple[str, tuple[int, int]] | None = None
    spot: tuple[float, float] | None = None
    brush: str | None = None

    def __post_init__(self):
        object.__setattr__(self, "chosen", Entry(*self.chosen))
        if self.hovered is not None:
            object.__setattr__(self, "hovered", Entry(*self.hovered))


def dated(run, look, words):
    """Return words that tell the iteration; "" where the run stands at its start and no control takes a step."""
    return words if look.steps or run.t else ""


class View:
    """One tile of a panel. Subclasses make their artists in `build`; then each frame has three parts.

    read(run, look) -> facts: all arithmetic, and all that is asked of the run.
    draw(facts): move the artists.
    say(facts) -> text: what the picture shows, without touching an artist; status(facts) -> the gist of it.

    width, height: in pixels at scale 1. `moving`: the artists of the upper layer, in drawing order. `picks`: the
    parameter that a click chooses, by the gid of the artist. A view with `points` answers a click, a drag or an arrow
    key at a place: see `pointed`; one that `hovers` shows `look.hovered`, and the page reports it. answers: whether its
    numbers are what a class is asked for: a panel that is presented hides them until they are revealed. draws: the kind
    of prediction that can be drawn on its `axes`, if any; while one is asked for, `drawing` answers in its place, and
    `look.asked.locked` is False: what gives the truth away is left out. A view that takes its time sets `unfinished`
    when it has drawn something coarse: each `update` is then one more portion of the work, and the page asks for the
    next one when it has painted the last.
    """

    width, height = 400, 340
    is_table = False
    points = False
    hovers = False
    answers = False
    unfinished = False
    draws = ""

    def __init__(self, run, look):
        self.moving, self.picks, self._kept = [], {}, {}
        self.standing_changed = True
        with plain_style():
            self.figure = Figure(figsize=(self.width / 72, self.height / 72), dpi=72)
            FigureCanvasAgg(self.figure)
            self.build(run, look)
            asks = look.asked is not None and look.asked.kind == self.draws
            self.drawing = DRAWINGS[self.draws](self, self.axes) if asks else None
            self.update(run, look)

    @classmethod
    def refuses(cls, run):
        """Return what a run would need so that this view can show it, e.g. "one sigmoid output"; "" if it can."""
        return ""

    def follows(self, run):
        """Return whether it can show this run too as it is; otherwise it is made anew, at many times the cost."""
        return False

    def build(self, run, look):
        """Make the axes and artists, once."""

    def read(self, run, look):
        """Return the facts of this frame, for `draw` and `say`."""
        raise NotImplementedError

    def draw(self, facts):
        """Move the artists; set `standing_changed` when the lower layer must be redrawn."""

    def say(self, facts):
        """Return what the picture shows, in a few lines of rounded numbers."""
        raise NotImplementedError

    def status(self, facts):
        """Return what a line of status begins with, in a short sentence; "" where t and the loss serve best."""
        return ""

    def update(self, run, look):
        """Read the facts and draw them. Returns the facts."""
        facts = self.read(run, look)
        self.draw(facts)
        if self.drawing is not None:
            self.drawing.draw(look)
        return facts

    def text(self, run, look):
        """Return what the picture shows now, in words."""
        return self.say(self.read(run, look))

    def pointed(self, x, y, facts):
        """Return what a click or drag at a place changes, as `Panel.change` takes it; {} for nothing.

        x, y: the place in fractions of the tile, from the lower left corner, as matplotlib counts.
        """
        return {}

    def nudged(self, right, up, facts):
        """Return what an arrow key changes, as `pointed`: right and up are -1, 0 or 1. The keyboard's way to point."""
        return {}

    def kept(self, name, key, make):
        """Return make(), worked out again only when the key is another one: for facts that rarely change."""
        if name not in self._kept or self._kept[name][0] != key:
            self._kept[name] = key, make()
        return self._kept[name][1]

    def forget(self):
        """Keep no facts of the run that was shown up to now."""
        self._kept = {}

    def place(self, axes, x, y):
        """Return the data coordinates in the axes of a place in fractions of the tile."""
        return tuple(map(float, axes.transData.inverted().transform(self.figure.transFigure.transform((x, y)))))

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
        """Return a row for a legend, 22 pixels high, in pixel units; bottom: as a fraction of the figure."""
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
        self.picks[gid(name, index)] = Entry(name, index)

    def lower(self, salt):
        """Return the SVG of what stands still, and remember that it was drawn."""
        self.standing_changed = False
        with plain_style():
            return svg.lower(self.figure, salt)

    def upper(self, salt):
        """Return the SVG of what moves."""
        return svg.upper(self.figure, self.moving, salt)

    def standalone(self, salt="alone"):
        """Return the whole picture as one SVG file; salt: for its ids, where several are to be put in one."""
        changed = self.standing_changed
        layers = self.lower(salt), self.upper(salt)
        self.standing_changed = changed  # the page has not seen this lower layer
        return svg.standalone(*layers)

    def pixels(self, scale=2):
        """Return the whole picture as an RGB array (rows, columns, 3), for a page without a kernel."""
        self.figure.set_dpi(72 * scale)
        canvas = FigureCanvasAgg(self.figure)
        try:
            for artist in self.moving:
                artist.set_animated(False)
            with plain_style():
                canvas.draw()
            return np.asarray(canvas.buffer_rgba())[..., :3].copy()
        finally:
            for artist in self.moving:
                artist.set_animated(True)
            self.figure.set_dpi(72)
            FigureCanvasAgg(self.figure)  # a new canvas: the old one would keep its megabytes of pixels
