"""The map of settings: thousands of runs from one start, over eta and gamma, by what became of each."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, ListedColormap
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.ticker import FixedLocator, FuncFormatter

from tinymlp.curvature import FULL, sharpness
from tinymlp.fates import FATES, settings_maps
from tinymlp.schedules import CONSTANT
from tinymlp.views.shapes import NOTHING, Beyond, rectangles
from tinymlp.views.style import GREY, GROWING, INK, RINGING
from tinymlp.views.svg import HeatMap
from tinymlp.views.view import Facts, View
from tinymlp.words import decimal, short

# A cell is a setting of few digits, so that a click on it takes the very run that it shows.
PER_DECADE = 15
ETAS = np.array([float(f"{10 ** (n / PER_DECADE - 2):.2g}") for n in range(51)])
GAMMAS = np.round(np.linspace(0, 1, 51), 2)
HALF = 10 ** (0.5 / PER_DECADE), 0.01  # half a cell: a factor of eta, a difference of gamma
SPAN = 0.01 / HALF[0], 10 ** (50 / PER_DECADE - 2) * HALF[0]
PORTION = 16e6  # samples times parameters times steps worked out for one frame: about a tenth of a second
MOST_WORK = 3000  # samples times parameters: more would take too long, however many frames

# Of each fate: what the legend says, the hatch with its colour, and the colours from the lowest to the highest loss.
LOOKS = {
    "settled": ("settled: the loss never rises", "", GREY, ("#ffffff", "#a6a6a6")),
    "rang": ("rang: it rises and comes down", "//", "#2a6d93", ("#e3f3fc", RINGING)),
    "grew": ("grew: it rises more and more", "xx", "#7a5200", ("#fbe7bd", GROWING)),
    "stopped": ("stopped: it diverges", "\\\\", "#ffffff", ("#4d4d4d", "#4d4d4d")),
}
SHADES = 64  # of each fate: together the 256 that a heat map has
DEPTH = 100  # from the loss at the start, the darkest shade, to the lightest: a loss lower by this factor
LIMITS = {"at the start": (0, (5, 1.5)), "at the sharpest so far": (0, (1, 1))}


def shades():
    """Return the colours of all fates, one after the other."""
    ramps = [
        LinearSegmentedColormap.from_list(name, ends)(np.linspace(0, 1, SHADES)) for name, *_, ends in LOOKS.values()
    ]
    return ListedColormap(np.concatenate(ramps))


def sharpest(run, known):
    """Return the largest sharpness from the start to the present, and what is known by now: (flat, values)."""
    flat = run.past(0, run.t + 1).params.flat
    before, values = known
    count = min(len(before), len(flat))
    same = int(np.argmin([*(before[:count] == flat[:count]).all(axis=1), False]))
    if same < len(flat):
        problem = run.problem
        some = type(run.params)(problem.net, flat[same:])
        new = sharpness(some, problem.X, problem.y, run.training.free).value
        values = np.concatenate([values[:same], new])
    return values[: len(flat)].max(), (flat, values[: len(flat)])


def edge(column):
    """Return the eta at the left edge of a column of cells."""
    return 10 ** ((column - 0.5) / PER_DECADE - 2)


def stretches(where):
    """Return the stretches of cells (rows, columns) that are True, row by row: (row, first column, column after it)."""
    ends = np.diff(np.pad(where, ((0, 0), (1, 1))).astype(int), axis=1)
    (rows, first), (_, after) = np.nonzero(ends == 1), np.nonzero(ends == -1)
    return rows, first, after


def nearest(eta, gamma):
    """Return (row, column) of the cell that is nearest to the settings."""
    column = np.abs(np.log(ETAS) - np.log(max(eta, 1e-12))).argmin()
    return int(np.abs(GAMMAS - gamma).argmin()), int(column)


class SettingsView(View):
    """Thousands of runs from this run's start, over eta and gamma: settled, rang, grew or stopped.

    A click, a drag or an arrow key takes the run of a cell, from the start to the horizon. A stronger shade is a higher
    loss at the end; the line is where the loss first rises. A change of the start or the rule draws the map anew,
    coarse at first; a change of eta or gamma moves the mark.
    """

    width, height, points = 540, 446, True
    draws = "place"

    @classmethod
    def refuses(cls, run):
        problem = run.problem
        if len(problem.X) * problem.net.count > MOST_WORK:
            return "a network and data small enough for thousands of runs"
        return "" if run.at(0).state.schedule is CONSTANT else "a step size without a schedule"

    def build(self, run, look):
        left, low, wide, high = 58, 52, 466, 284
        size = self.width, self.height, self.width, self.height
        place = np.divide((left, low, wide, high), size)
        behind = self.figure.add_axes(place)  # an image needs axes that are not logarithmic
        behind.set_axis_off()
        self.cells = behind.add_image(HeatMap(behind, shades(), "nearest"))
        self.axes = self.figure.add_axes(place, facecolor="none")
        self.axes.set_xscale("log")
        self.axes.set(xlim=SPAN, ylim=(-HALF[1], 1 + HALF[1]))
        self.axes.xaxis.set_major_locator(FixedLocator([0.01, 0.1, 1, 10]))
        self.axes.xaxis.set_major_formatter(FuncFormatter(lambda eta, _: short(eta)))
        self.axes.tick_params(labelsize=13)
        self.axes.set_xlabel("step size η", fontsize=14)
        self.axes.set_ylabel("momentum γ", fontsize=14)
        self.hatches = [
            self.axes.add_patch(PathPatch(NOTHING, fc="none", ec=colour, lw=0, hatch=hatch))
            for _, hatch, colour, _ in LOOKS.values()
        ]
        self.border = [self.axes.plot([], [], color=colour, lw=lw)[0] for colour, lw in (("white", 5), (INK, 2.4))]
        self._build_legend()
        self.limits = {}
        for name, dashes in LIMITS.items():
            casing = self.move(self.axes.plot([], [], color="white", lw=4.5)[0])
            self.limits[name] = casing, self.move(self.axes.plot([], [], color=INK, lw=1.8, ls=dashes)[0])
        self.gap = self.move(self.axes.plot([], [], color=INK, lw=2, ls=(0, (1, 1.2)))[0])
        self.truth = self.move(self.axes.plot([], [], "X", color=INK, mec="white", ms=12, clip_on=False)[0])
        self.guess = self.move(self.axes.plot([], [], "D", mfc="white", mec=INK, mew=2, ms=9, clip_on=False)[0])
        self.cross = self.move(self.axes.plot([], [], color=INK, lw=0.8)[0])
        style = {"color": INK, "mec": "white", "mew": 1.8, "ms": 12, "clip_on": False}
        self.here = self.move(self.axes.plot([], [], "o", **style)[0])
        self.beyond = Beyond(self, self.axes)
        self.headline = self.words(0.02, 1 - 16 / self.height, fontsize=15)
        self.drawn, self.known = None, (np.empty((0, run.problem.net.count)), np.empty(0))

    def _build_legend(self):
        for n, (words, hatch, colour, ends) in enumerate(LOOKS.values()):
            axes = self.legend_axes(1 - (52 + 22 * (n // 2)) / self.height)
            x = 10 + 270 * (n % 2)
            axes.add_patch(Rectangle((x, 4), 28, 14, fc=ends[1], ec=colour, lw=0, hatch=hatch))
            axes.add_patch(Rectangle((x, 4), 28, 14, fc="none", ec=INK, lw=0.8))
            axes.text(x + 35, 11, words, fontsize=13, va="center")
        bottom = 1 - 96 / self.height
        self.legend(bottom, (10, "first rise", {"color": INK, "lw": 2.4}))
        dashed = [
            (x, "", {"color": INK, "lw": 1.8, "ls": ls}) for x, ls in zip((125, 322), LIMITS.values(), strict=True)
        ]
        self.of_limits = self.legend(bottom, *dashed)
        for line, _ in self.of_limits:
            line.set_visible(False)

    def read(self, run, look):
        start, asked = run.at(0), getattr(look, "asked", None)
        facts = Facts(
            eta=run.eta, gamma=run.gamma, steps=look.horizon, guess=look.guess if asked is None else None,
            hidden=asked is not None and not asked.locked, limits=None, rule=start.rule,
        )  # fmt: skip
        facts.map = None if facts.hidden else self._next_map(run, look, start)
        if look.limits and not facts.hidden and start.rule.limit is not None:
            facts.limits = self._limits(run, start)
        return facts

    def _next_map(self, run, look, start):
        """Return the map of the runs from the start, by one portion finer than in the frame before."""
        steps, work = look.horizon, len(run.problem.X) * run.problem.net.count
        how = {"starts": start.params, "rule": start.rule, "training": run.training}
        at_once = max(36, int(PORTION / (work * steps)))
        key = start.params, start.rule, steps
        maps = self.kept("maps", key, lambda: [settings_maps(run.problem, steps, ETAS, GAMMAS, at_once, **how), None])
        maps[1] = next(maps[0], maps[1])
        self.unfinished = not maps[1].finished
        return maps[1]

    def _limits(self, run, start):
        """Return the sharpness at the start and the largest since, by the names in LIMITS, where it is positive."""
        problem, free = run.problem, run.training.free
        at_start = self.kept("start", start.params, lambda: float(sharpness(start.params, problem.X, problem.y, free)))
        found = {"at the start": at_start}
        if len(free or problem.net.entries) <= FULL:
            found["at the sharpest so far"], self.known = sharpest(run, self.known)
        return {name: float(value) for name, value in found.items() if value > 0}

    def draw(self, facts):
        if facts.map is not self.drawn:
            self._draw_map(facts.map)
        title = f"{ETAS.size * GAMMAS.size:,} runs of {facts.steps} steps; stronger shade: higher final loss"
        self.headline.set_text(title if not self.unfinished else f"{title} …")
        place = f"here: η = {short(facts.eta)}"
        x, y = self.beyond.inside(max(facts.eta, 1e-12), facts.gamma, [place])
        self.here.set_data(x, y)
        eta = np.clip(facts.eta, *SPAN)
        self.cross.set_data([eta, eta, np.nan, *SPAN], [-HALF[1], 1 + HALF[1], np.nan, facts.gamma, facts.gamma])
        self._draw_limits(facts)
        self._draw_guess(facts)

    def _draw_map(self, made):
        self.drawn, self.standing_changed = made, True
        if made is None:
            for artist in (self.cells, *self.hatches, *self.border):
                artist.set_visible(False)
            return
        least = max(made.losses.min(), made.first / DEPTH, 1e-12)
        height = np.log(np.maximum(made.losses, least) / least) / max(np.log(made.first / least), 1e-12)
        levels = SHADES * made.fates + np.round((SHADES - 1) * np.minimum(height, 1))
        self.cells.show(levels / (len(FATES) * SHADES - 1), (0, 1, 0, 1))
        self.cells.set_visible(True)
        for fate, patch in enumerate(self.hatches):
            rows, first, last = stretches(made.fates == fate)
            low, high = GAMMAS[rows] - HALF[1], GAMMAS[rows] + HALF[1]
            patch.set(path=rectangles(edge(first), low, edge(last), high), visible=len(rows) > 0)
        columns = np.where(np.isnan(made.border), np.nan, (made.fates != 0).argmax(axis=1))
        edges = np.repeat(edge(columns), 2)
        gammas = np.column_stack([GAMMAS - HALF[1], GAMMAS + HALF[1]]).ravel()
        for line in self.border:
            line.set(data=(edges, gammas), visible=True)

    def _draw_limits(self, facts):
        gammas = np.linspace(0, 1, 101)
        for (name, lines), (line, text) in zip(self.limits.items(), self.of_limits, strict=True):
            shown = facts.limits is not None and name in facts.limits
            for artist in lines:
                artist.set_visible(shown)
                if shown:
                    artist.set_data([facts.rule.limit(gamma) / facts.limits[name] for gamma in gammas], gammas)
            words = f"limit {name}" if shown else ""
            if words != text.get_text():
                self.standing_changed = True
                text.set_text(words)
                line.set_visible(shown)

    def _draw_guess(self, facts):
        guess, truth = facts.guess, _truth(facts)
        self.guess.set_data(*([[part] for part in guess] if guess else ([], [])))
        self.truth.set_data([truth], [guess[1]]) if truth else self.truth.set_data([], [])
        self.gap.set_data([guess[0], truth], [guess[1]] * 2) if truth else self.gap.set_data([], [])

    def status(self, facts):
        if facts.map is None:
            return ""
        fate, loss = self._cell(facts)
        return f"This cell {fate}: loss {decimal(loss)} at the end of {facts.steps} steps."

    @staticmethod
    def _cell(facts):
        cell = nearest(facts.eta, facts.gamma)
        return FATES[facts.map.fates[cell]], facts.map.losses[cell]

    def say(self, facts):
        grid = f"eta from {short(ETAS[0])} to {short(ETAS[-1])} across, gamma from 0 to 1 upwards"
        lines = [f"Map of settings: {ETAS.size * GAMMAS.size:,} runs of {facts.steps} steps from this start, {grid}"]
        if facts.map is None:
            return "\n".join([*lines, "  not shown until your guess is locked"])
        made = facts.map
        counts = [f"{int((made.fates == n).sum()):,} {name}" for n, name in enumerate(FATES)]
        lines[0] += "" if made.finished else f" ({made.done:,} done)"
        lines.append(f"  {', '.join(counts)} (settled: the loss never rises; rang: it rises and comes down again)")
        borders = dict(zip(GAMMAS, made.border, strict=True))
        rises = [f"{_between(borders[gamma])} with gamma {short(gamma)}" for gamma in (0, 0.5, 0.7, 0.9)]
        lines.append(f"  the loss first rises {', '.join(rises)}")
        fate, loss = self._cell(facts)
        row, column = nearest(facts.eta, facts.gamma)
        cell = (
            f"its cell (eta {short(ETAS[column])}, gamma {short(GAMMAS[row])}) {fate}, loss {decimal(loss)} at the end"
        )
        lines.append(f"  here, eta {short(facts.eta)} and gamma {short(facts.gamma)}: {cell}")
        lines += self._limits_said(facts)
        if facts.guess:
            lines.append(_guess_said(facts))
        return "\n".join(lines)

    @staticmethod
    def _limits_said(facts):
        for name, value in (facts.limits or {}).items():
            ends = " and ".join(f"{facts.rule.limit(g) / value:.3g} with gamma {g}" for g in (0, 0.9))
            yield f"  limit on eta {name} (sharpness {decimal(value, 3)}): {ends}"

    def pointed(self, x, y, facts):
        eta, gamma = self.place(self.axes, x, y)
        if not (SPAN[0] <= eta <= SPAN[1] and -HALF[1] <= gamma <= 1 + HALF[1]):
            return {}
        return _taken(*nearest(eta, gamma), facts)

    def nudged(self, right, up, facts):
        row, column = nearest(facts.eta, facts.gamma)
        return _taken(np.clip(row + up, 0, len(GAMMAS) - 1), np.clip(column + right, 0, len(ETAS) - 1), facts)


def _taken(row, column, facts):
    """Return the change that takes the run of a cell from the start to the horizon."""
    return {"again": {"eta": float(ETAS[column]), "gamma": float(GAMMAS[row]), "t": facts.steps}}


def _between(eta):
    """Return in words between which two columns of cells the loss first rises, given the later one."""
    if np.isnan(eta):
        return "nowhere"
    column = int(ETAS.searchsorted(eta))
    return f"between eta {short(ETAS[column - 1])} and {short(eta)}" if column else f"from eta {short(eta)} on"


def _truth(facts):
    """Return the eta at which the loss first rises, for the gamma that was pointed at; None where it does not."""
    if facts.guess is None or facts.map is None:
        return None
    eta = facts.map.border[nearest(*facts.guess)[0]]
    return None if np.isnan(eta) else float(eta)


def _guess_said(facts):
    """Return the guess beside the truth: on an axis of factors the gap is a factor."""
    (eta, gamma), truth = facts.guess, _truth(facts)
    said = f"  your guess: eta {short(float(f'{eta:.3g}'))} with gamma {short(round(gamma, 2))}"
    if truth is None:
        return f"{said}; the loss does not rise there"
    factor = max(eta / truth, truth / eta)
    way = "too high" if eta > truth else "too low"
    gap = f"{factor:.2g} times {way}" if factor > HALF[0] ** 2 else "the same cell"
    return f"{said}; the loss first rises at {short(truth)}: {gap}"
