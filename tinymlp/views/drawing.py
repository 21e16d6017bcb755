"""What a learner draws on a view as a prediction: taken by pointer or arrow keys, drawn, and said.

A guess is an open diamond, or a dashed line of them, the truth a cross, and the gap between them a dotted line.
"""

import numpy as np

from tinymlp.views.style import HALO, INK

STEPS = 50  # arrow keys from one end of an axis to the other
TURN = 5  # degrees, by one arrow key
GUESS = {"color": INK, "marker": "D", "ms": 9, "mfc": "white", "mec": INK, "mew": 2, "lw": 1.8, "ls": (0, (4, 2))}
TRUTH = {"color": INK, "marker": "X", "ms": 12, "mec": "white", "mew": 1.2, "ls": "none"}
GAP = {"color": INK, "lw": 2, "ls": (0, (1, 1.2))}
HELD = {"color": INK, "marker": "o", "ms": 19, "mfc": "none", "mew": 1.5}


class Drawing:
    """The guess on one view. `pointed` and `nudged` are as a View's, with the look instead of the facts.

    Subclasses give `taken` and `moved`, what a click at a place of the axes or an arrow key changes; `marks`, the
    places (x, y) of the marks of a guess or of the truth, in data coordinates, `line`, what connects those of a guess,
    and `gaps`, what connects them with the truth; and `name_at`, which puts the words where they
    stand.
    """

    def __init__(self, view, axes):
        self.view, self.axes = view, axes
        lines = [axes.plot([], [], clip_on=False, **style)[0] for style in (GAP, GUESS, TRUTH)]
        self.gap, self.guess, self.truth = map(view.move, lines)
        self.name = view.words(0, 0, axes, fontsize=13, path_effects=HALO)  # it may stand on hatches

    def pointed(self, x, y, look):
        if look.asked.locked:
            return {}
        return self.taken(*self.view.place(self.axes, x, y), look)

    def nudged(self, right, up, look):
        return {} if look.asked.locked else self.moved(right, up, look)

    def draw(self, look):
        """Move the artists to what is drawn, and what is true."""
        guess, truth, asked = look.guess, look.asked.truth, look.asked
        self.guess.set_data(*self.line(guess) if guess else ([], []))
        self.truth.set_data(*self.marks(truth) if truth else ([], []))
        self.gap.set_data(*self.gaps(guess, truth) if truth else ([], []))
        self.name.set_text("" if not guess else asked.apart(guess, truth) if truth else "your guess")
        if guess:
            self.name_at(guess, truth)

    def say(self, look):
        """Return what is drawn in words, and how far it is from the truth; while nothing is, how to draw it."""
        asked, guess = look.asked, look.guess
        if guess is None:
            return f"  your guess: none yet. {asked.asks}"
        text = f"  your guess{asked.where}: {asked.said(guess)}"
        if asked.truth is not None:
            return f"{text}\n  what happened: {asked.said(asked.truth)}, {asked.apart(guess, asked.truth)}"
        return text if asked.locked else text + self.hint(look)

    def hint(self, look):
        """Return what the arrow keys move, where that needs saying."""
        return ""

    def line(self, guess):
        return self.marks(guess)

    def gaps(self, guess, truth):
        """Return a line from each mark of the guess to that of the truth, in data coordinates, with breaks between."""
        pairs = zip(np.transpose(self.marks(guess)), np.transpose(self.marks(truth)), strict=True)
        return np.array([end for pair in pairs for end in (*pair, (np.nan, np.nan))]).T

    def _inside(self, x, y):
        """Return the place, or the nearest one within the axes, with as many digits as can be told apart."""
        limits = np.sort([self.axes.get_xlim(), self.axes.get_ylim()])
        return tuple(float(f"{np.clip(value, *ends):.4g}") for value, ends in zip((x, y), limits, strict=True))

    def _stepped(self, place, right, up):
        """Return the place after an arrow key, at first from the middle: a step is as long on a scale of any kind."""
        data, axes = self.axes.transData, self.axes.transAxes
        along, high = (0.5, 0.5) if place is None else axes.inverted().transform(data.transform(place))
        return self._inside(*data.inverted().transform(axes.transform((along + right / STEPS, high + up / STEPS))))

    def name_at(self, guess, truth):
        """Put the words in the corner at the upper right."""
        x, y = self.axes.transData.inverted().transform(self.axes.transAxes.transform((1, 0.96)))
        self.name.set(x=x, y=y, ha="right")


class PlaceDrawing(Drawing):
    """A place on a map, in the coordinates of its axes."""

    def taken(self, x, y, look):
        return {"guess": self._inside(x, y)}

    def moved(self, right, up, look):
        return {"guess": self._stepped(look.guess, right, up)}

    def marks(self, place):
        return [place[0]], [place[1]]

    def name_at(self, guess, truth):
        data, axes = self.axes.transData, self.axes.transAxes
        along, high = axes.inverted().transform(data.transform(guess))
        left, below = along > 0.6, high > 0.9 or (high > 0.1 and truth is not None and guess[1] < truth[1])
        x, y = data.inverted().transform(data.transform(guess) + np.array([-9 if left else 9, -15 if below else 15]))
        self.name.set(x=x, y=y, ha="right" if left else "left")


class CurveDrawing(Drawing):
    """A curve over the iterations asked for, which begins flat, where the view's line `predicted` does at t = 0."""

    def __init__(self, view, axes):
        super().__init__(view, axes)
        self.held = view.move(axes.plot([], [], clip_on=False, **HELD)[0])
        self.guess.set_markevery(slice(1, None))

    def draw(self, look):
        self.at, self.start = look.asked.at, float(self.view.predicted.get_ydata()[0])
        super().draw(look)
        holds = look.guess and not look.asked.locked
        self.held.set_data([self.at[look.held]] if holds else [], [look.guess[look.held]] if holds else [])

    def taken(self, x, y, look):
        return self._with(look, int(np.argmin(np.abs(np.array(self.at) - x))), self._inside(x, y)[1])

    def moved(self, right, up, look):
        held = min(max(look.held + right, 0), len(self.at) - 1)
        place = self.at[held], self._values(look)[held]
        return self._with(look, held, self._stepped(place, 0, up)[1])

    def _values(self, look):
        return look.guess or (float(f"{self.start:.4g}"),) * len(self.at)

    def _with(self, look, held, value):
        values, value = self._values(look), max(value, 0.0)  # a loss is never below 0
        return {"guess": (*values[:held], value, *values[held + 1 :]), "held": held}

    def marks(self, values):
        return self.at, values

    def line(self, values):
        return (0, *self.at), (self.start, *values)

    def hint(self, look):
        return f"; the keys up and down move the point at t = {look.asked.at[look.held]}"


class AngleDrawing(Drawing):
    """An angle from the way downhill: an arrow from (0, 0), which points straight down at 0 degrees and up at 180."""

    LENGTH = 0.85

    def __init__(self, view, axes):
        super().__init__(view, axes)
        self.guess.set_markevery(slice(1, None))

    def taken(self, x, y, look):
        return {"guess": (float(round(np.degrees(np.arctan2(abs(x), -y)))),)}

    def moved(self, right, up, look):
        degrees = look.guess[0] if look.guess else 0.0
        return {"guess": (min(max(degrees + TURN * (right + up), 0.0), 180.0),)}

    def marks(self, angle):
        way = np.radians(angle)
        return self.LENGTH * np.sin(way), -self.LENGTH * np.cos(way)

    def line(self, angle):
        x, y = self.marks(angle)
        return (0, *x), (0, *y)

    def gaps(self, guess, truth):
        return self.marks(np.linspace(guess[0], truth[0], 61))


DRAWINGS = {"place": PlaceDrawing, "curve": CurveDrawing, "angle": AngleDrawing}
