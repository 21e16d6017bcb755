"""The loss on the training set and on the held-out set, step by step, and what the two say of each other."""

import textwrap
from functools import partial

import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator, ScalarFormatter

from tinymlp.explain import is_plateau, mean_alone_said
from tinymlp.network import forward
from tinymlp.record import QUIET
from tinymlp.scores import labels, r2
from tinymlp.views.loss import add_rival, drawn, limits_of, rival_said
from tinymlp.views.own_units import rounded
from tinymlp.views.style import ADDED, GREY, INK, dress, plain_axes
from tinymlp.views.view import Facts, View
from tinymlp.words import capital, decimal, on_page, short

WIDE = 30, 10  # from the lowest loss to the highest: above the first the scale has factors, below the second it has not
LEAST = 1e-12  # a loss below this is drawn here on a scale of factors
RISEN = 1.02  # times its lowest: held-out loss has turned
ROOM = 1.5  # times the highest loss: for a guess that goes up
PLATEAU = "The loss has moved by less than 0.1 % in the last 100 steps: a plateau."
ROWS = 16, 37, 58  # of names and numbers, in pixels from the top
TRAINING = {"color": INK, "lw": 2.6}
HELD = {"color": ADDED, "lw": 2.2, "ls": (0, (3.5, 1.3))}
RIVAL = {"color": GREY, "lw": 2, "ls": (0, (1, 1.4))}


class CurvesView(View):
    """Loss on the training set and on the held-out set up to now; the rival, dotted, where one is asked for.

    The scale has factors where small losses could not be read otherwise. In words: where the held-out loss was lowest
    and whether it has risen since, and a plateau. A curve that is drawn as a guess is that of the held-out loss.
    """

    width, height = 300, 400
    draws = "curve"

    def follows(self, run):
        return True

    def build(self, run, look):
        self.axes = self.figure.add_axes((54 / self.width, 108 / self.height, 236 / self.width, 192 / self.height))
        dress(self.axes, "iteration t")
        self.axes.tick_params(labelsize=12)
        names = plain_axes(self.figure, (0, 0, 1, 1))
        self.keys = [
            (*names.plot([8, 36], [y, y], **style), names.text(43, y, name, fontsize=13, va="center"))
            for y, name, style in zip(ROWS, ("training", "held out", "rival"), (TRAINING, HELD, RIVAL), strict=True)
        ]
        self.values = [self.words(x, 1 - y / self.height, fontsize=13) for y in ROWS for x in (0.37, 0.62)]
        self.rival = self.move(self.axes.plot([], [], **RIVAL)[0])
        self.held = self.move(self.axes.plot([], [], **HELD)[0])
        self.past = self.move(self.axes.plot([], [], **TRAINING)[0])
        self.point = self.move(self.axes.plot([], [], "o", color=INK, ms=8)[0])
        self.lowest = self.move(self.axes.plot([], [], "v", mfc="white", mec=ADDED, mew=2, ms=9)[0])
        self.notes = [self.words(8 / self.width, (59 - 17 * row) / self.height, fontsize=12) for row in range(4)]
        self.predicted = self.past if run.problem.X_held is None else self.held
        self.limits, self.factors, self.shown = None, False, None
        self.extremes, self.shown_end = (), 0
        self.until = 10 if look.asked is None else max(10, *look.asked.at)

    # Reading -------------------------------------------------------------------------------------------------------

    def read(self, run, look):
        losses, held = run.losses, run.held_losses
        facts = Facts(
            t=run.t, end=run.end, losses=losses, held=held, rival=None, rival_losses=np.empty(0), turned=False,
            drawn=look.asked is not None, recorded=run.losses_on_record,
        )  # fmt: skip
        facts.right = self.kept("right", run.params, partial(right_answers, run))
        facts.explained = self.kept("explained", run.params, partial(explained, run))
        facts.off = off_by(run)
        facts.alone = mean_alone_said(run.problem, losses)
        facts.plateau = is_plateau(losses) and not facts.alone
        if len(held):
            facts.lowest = int(np.argmin(held))
            facts.turned = bool(held[-1] > RISEN * held[facts.lowest])
        if look.rival is not None:
            add_rival(facts, run, look)
        return facts

    # Drawing -------------------------------------------------------------------------------------------------------

    def draw(self, facts):
        curves = facts.losses, facts.held, facts.rival_losses
        self._fit(facts, *self._extremes(facts))
        for line, losses in zip((self.past, self.held, self.rival), curves, strict=True):
            line.set_data(*(self._drawn(losses) if len(losses) else ([], [])))
        self.point.set_data([facts.t], [self._readable(facts.losses[-1])])
        low = [facts.lowest] if facts.turned else []
        self.lowest.set_data(low, self._readable(facts.held[low]) if low else [])
        self._name(facts)
        notes = _lines(facts)
        for words, note in zip(self.notes, [*notes, *[""] * 4], strict=False):
            words.set_text(note)

    def _extremes(self, facts):
        """Return the lowest and the highest loss of the record, as far as they have been shown.

        While a learner looks through a record, the axes stand still; they may shrink once it is cut off or replaced.
        """
        if facts.end < self.shown_end:
            self.extremes = ()
        self.shown_end = facts.end
        there = np.concatenate([self.extremes, facts.held, facts.rival_losses, facts.recorded])
        self.extremes = there.min(), there.max()
        return self.extremes

    def _readable(self, losses):
        return np.maximum(losses, LEAST) if self.factors else losses

    def _drawn(self, losses):
        t, values = drawn(losses)
        return t, self._readable(values)

    def _name(self, facts):
        """Write the numbers beside the names of the curves; show those names that have a curve."""
        shown = (True, bool(len(facts.held)), facts.rival is not None)
        if shown != self.shown:
            self.shown, self.standing_changed = shown, True
            for (key, text), visible in zip(self.keys, shown, strict=True):
                key.set_visible(visible)
                text.set_visible(visible)
        rival = ["", ""]
        if facts.rival is not None:
            rival = [decimal(facts.rival_losses[-1]), cut(facts.rival_name)]
        held = decimal(facts.held[-1]) if len(facts.held) else ""
        right = ["" if share is None else f"{share:.1%} right" for share in facts.right]
        right = [
            text if share is None else f"R² {on_page(decimal(share, 3))}"
            for text, share in zip(right, facts.explained, strict=True)
        ]
        texts = [decimal(facts.losses[-1]), right[0], held, right[1], *rival]
        for words, text in zip(self.values, texts, strict=True):
            words.set_text(text)

    def _fit(self, facts, lowest, highest):
        """Fit the axes in leaps: a scale of factors once the losses differ widely, and until they differ little.

        Where a guess is drawn the scale stays plain, with room for it above.
        """
        lowest = max(lowest, LEAST)
        factors = highest > WIDE[1 if self.factors else 0] * lowest and not facts.drawn
        wide, high = limits_of(max(self.until, facts.end), highest * (ROOM if facts.drawn else 1))
        low = 10.0 ** np.floor(np.log10(lowest)) if factors else -0.03 * high
        if (factors, wide, low, high) == self.limits:
            return
        if factors != self.factors:
            self.axes.set_yscale("log" if factors else "linear")
        self.limits, self.factors, self.standing_changed = (factors, wide, low, high), factors, True
        self.axes.set(xlim=(-0.02 * wide, 1.02 * wide), ylim=(low, high))
        self.axes.xaxis.set_major_locator(MaxNLocator(4))
        self.axes.yaxis.set_major_locator(LogLocator(numticks=6) if factors else MaxNLocator(5))
        self.axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: short(y)) if factors else ScalarFormatter())
        self.axes.yaxis.set_minor_locator(NullLocator())

    # Saying --------------------------------------------------------------------------------------------------------

    def say(self, facts):
        lines = [f"Loss at t = {facts.t}: {decimal(facts.losses[-1])} on the training set"]
        if len(facts.held):
            lines[0] += f", {decimal(facts.held[-1])} on the held-out set"
        said = [
            f"{share:.1%} of the {name} set"
            for share, name in zip(facts.right, ("training", "held-out"), strict=True)
            if share is not None
        ]
        if said:
            lines.append(f"  right: {', '.join(said)}")
        for name, share in zip(("training", "held-out"), facts.explained, strict=True):
            lines += [f"  R2 on the {name} set: {decimal(share, 3)}"] if share is not None else []
        lines += [facts.off] if facts.off else []
        if facts.t and facts.rival is not None:
            lines.append(rival_said(facts))
        return "\n".join([*lines, *(f"  {note}" for note in notes(facts))])


def right_answers(run):
    """Return the share of right answers on the training set and on the held-out set; None without classes or set."""
    problem, net = run.problem, run.problem.net
    if net.output == "identity":
        return None, None
    with QUIET:
        held = None if problem.X_held is None else forward(run.params, problem.X_held).p
    return share_right(run.trace.p, problem.y), None if held is None else share_right(held, problem.y_held)


def explained(run):
    """Return R2 on the training set and on the held-out set; None without numbers as targets, or if these are alike."""
    problem = run.problem
    if problem.net.output != "identity":
        return None, None
    held = None
    if problem.X_held is not None and np.ptp(problem.y_held, axis=0).all():
        with QUIET:
            held = float(r2(forward(run.params, problem.X_held), problem.y_held))
    return float(r2(run.trace, problem.y)) if np.ptp(problem.y, axis=0).all() else None, held


def off_by(run):
    """Return in words how far the predictions are off, in the targets' own units; "" if these have none."""
    units = run.problem.units
    if units is None or len(units.spread) > 1:
        return ""
    error = np.sqrt(2 * run.loss) * units.spread[0]
    return f"  {units.name} is off by {rounded(error, units.spread[0])}, root mean square"


def share_right(p, y):
    """Return the share of the samples whose likeliest class is the right one; p and y (N, C)."""
    return float((labels(p) == labels(y)).mean())


def notes(facts):
    """Return sentences about the curves: whether the held-out loss has turned, and whether the loss stands still."""
    said = []
    if facts.turned:
        low = decimal(facts.held[facts.lowest])
        said.append(f"held-out loss was lowest, {low}, at t = {facts.lowest}, and has risen since.")
    return [*said, *([PLATEAU] if facts.plateau else []), *([facts.alone] if facts.alone else [])]


def _lines(facts):
    """Return the notes as lines that fit the tile."""
    said = [capital(note).replace(" = ", "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}") for note in notes(facts)]
    return [line for note in said for line in textwrap.wrap(note, 41)]


def cut(name, most=17):
    """Return the name of a rival without its last settings, as far as there is no room for them: the text has them."""
    parts = name.removeprefix("rival, ").split(", ")
    while len(", ".join(parts)) > most and len(parts) > 1:
        parts.pop()
    return ", ".join(parts)
