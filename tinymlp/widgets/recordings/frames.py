"""What a recording holds: the frames of a panel for every iteration, stop of a slider, weight, sample and stage."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import describe, one_number, whole
from tinymlp.params import Entry
from tinymlp.stages import stages
from tinymlp.words import label, meaning, short

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from tinymlp.widgets.panel import Panel

MOST = 5000  # frames: as many take half a minute or more to record
LISTED = 120  # places on an axis, at most, to choose from a list
ALWAYS = {"step", "ten", "back", "play", "run", "scrub"}  # controls that every recording with steps has
_PIECES = re.compile(r"(?=<)|(?<=\n)")


@dataclass(frozen=True)
class Axis:
    """One thing that can be moved in a recording: its name, what it is called, the words for each place, the first."""

    name: str
    words: str
    places: tuple[str, ...]
    start: int = 0


@dataclass
class Recording:
    """The frames of a panel. `columns` has for each part of a frame the number of its text, frame by frame.

    axes: what can be moved; a frame's number is that of its places, the last axis counting fastest. entries: the
    parameters that can be chosen. texts: each as the numbers of its pieces. A frame beyond the end of a run that had to
    stop is -1. seen: whether a frame shows what was predicted. missing: what can be moved in the live panel alone.
    """

    axes: list[Axis]
    entries: list[Entry]
    tiles: list[dict]
    picks: dict[str, int]
    missing: list[str]
    columns: dict[str, list[int]] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)
    texts: list[list[int]] = field(default_factory=list)
    seen: list[bool] = field(default_factory=list)

    @property
    def start(self) -> int:
        """The number of the frame that is shown first."""
        number = 0
        for axis in self.axes:
            number = number * len(axis.places) + axis.start
        return number

    def text(self, part: str, number: int) -> str:
        """Return a part of a frame, e.g. "status"; KeyError and IndexError for what there is not."""
        return "".join(self.pieces[piece] for piece in self.texts[self.columns[part][number]])


class _Writer:
    """Keeps each text, and each piece of one, once: from frame to frame most of a picture stays."""

    def __init__(self, recording):
        self.recording, self._pieces, self._texts = recording, {}, {}

    def add(self, frame):
        """Add a frame, as a dict of texts; None for one that there is not."""
        columns = self.recording.columns
        if frame is None:
            for column in columns.values():
                column.append(-1)
        else:
            for part, text in frame.items():
                columns.setdefault(part, []).append(self._number(text))

    def _number(self, text):
        if text not in self._texts:
            self._texts[text] = len(self._texts)
            self.recording.texts.append([self._piece(piece) for piece in _PIECES.split(text)])
        return self._texts[text]

    def _piece(self, piece):
        if piece not in self._pieces:
            self._pieces[piece] = len(self._pieces)
            self.recording.pieces.append(piece)
        return self._pieces[piece]


@dataclass(frozen=True)
class Slider:
    """What the slider of a recording moves: its words, its stops, which is the first, and how a panel is set to one."""

    words: str
    stops: tuple[float, ...]
    start: int
    set: Callable[[Panel, float], Any]


def record(
    panel: Panel,
    steps: int = 40,
    slider: str | tuple | None = None,
    stops: Sequence[float] | None = None,
    seen: Callable | None = None,
) -> Recording:
    """Return a recording of a panel from its start to iteration `steps`; the panel and its run stay as they are.

    slider: what one slider moves, from the start on: the name of one of the panel's controls that has a slider, such as
    "eta", or a parameter such as ("W1", (0, 1)); stops: its values, by default some ten of those on the panel's slider.
    By default there is none, but for a panel that takes no steps: then it is the first that the panel has.
    seen(run, look): whether a frame shows what was predicted. Weights, samples and stages are recorded where the panel
    lets one choose them, unless that makes too many frames.
    Raises ValueError for what the panel does not have, and for more than 5,000 frames.
    """
    steps = whole("steps", steps)
    if not _steps(panel):
        steps = 0
    moved = _slider(panel, slider, stops)
    made = _empty(panel, max(steps, panel.run.t), moved)
    writer = _Writer(made)
    for stop in moved.stops if moved else (None,):
        copy = copied(panel)
        try:
            if stop is not None:
                moved.set(copy, stop)
            for frame, shown in _frames(copy, made, seen):
                writer.add(frame)
                made.seen.append(shown)
        finally:
            copy.close()
    return made


def copied(panel):
    """Return a panel with a copy of the run, at its start, that waits for no prediction."""
    run = panel.run.fork(panel.run.end).goto(0)
    show = {name: tile.kind for name, tile in panel.tiles.items()}
    control = {name: type(made) for name, made in panel.controls.items()}
    copy = type(panel)(run, show, control, panel.look.chosen, None, False)
    run.unwatch(copy.refresh)  # each frame is drawn when it is recorded, and once
    copy.look = replace(panel.look, asked=None, guess=None, untold=False, hovered=None)
    return copy


def _slider(panel, slider, stops):
    """Return what the slider moves, None for no slider."""
    able = {name: made for name, made in panel.controls.items() if _field(made) and name != "weight"}
    if slider is None and stops is not None:
        raise ValueError(f"slider: expected what the stops are of, e.g. slider='eta', got stops={describe(stops)}")
    if slider is None and not _steps(panel):
        slider = next(iter([*getattr(panel.controls.get("each"), "dials", ()), *able]), None)
    if slider is None:
        return None
    if isinstance(slider, str):
        if slider not in able:
            names = " or ".join(map(repr, able))
            expected = f"{names}, or a parameter" if names else "a parameter, as no control of the panel has a slider,"
            raise ValueError(f"slider: expected {expected} such as ('W1', (0, 1)), got {describe(slider)}")
        words, now, usual = _field(able[slider]).description, _field(able[slider]).value, _usual(able[slider])

        def move(panel, value):
            _field(panel.controls[slider]).value = value
    else:
        name, index = panel.run.problem.net.entry(slider, "slider")
        words, now, usual = label(name, index), float(panel.run.params[name][index]), np.linspace(-3, 3, 7)

        def move(panel, value):
            panel.run.set(name, index, value)

    if stops is None:
        stops = {*(float(f"{stop:.4g}") for stop in usual), now}
    elif isinstance(stops, str) or not hasattr(stops, "__iter__") or not list(stops):
        raise ValueError(f"stops: expected some numbers, e.g. (0.1, 0.5, 1.0), got {describe(stops)}")
    stops = tuple(sorted({one_number("stops", stop) for stop in stops}))
    return Slider(words, stops, int(np.argmin([abs(stop - now) for stop in stops])), move)


def _steps(panel):
    return any(made.steps for made in panel.controls.values())


def _field(control):
    """Return the field for the number that a control moves, None if it moves none."""
    return getattr(getattr(control, "dial", control), "field", None) if _usual(control) is not None else None


def _usual(control):
    """Return the usual stops of the number that a control moves, None if it moves none."""
    if hasattr(control, "dial"):
        slider = control.dial.slider
        return np.linspace(slider.min, slider.max, 11 if slider.max == 1 else 7)
    return control.stops if hasattr(control, "stops") else None


def _empty(panel, steps, moved):
    """Return the recording without its frames: what can be moved, as far as that makes no more than MOST frames."""
    run, look, net = panel.run, panel.look, panel.run.problem.net
    axes = [Axis("stop", moved.words, tuple(map(short, moved.stops)), moved.start)] if moved else []
    axes.append(Axis("t", "iteration t", tuple(map(str, range(steps + 1))), run.t))
    frames = math.prod(len(axis.places) for axis in axes)
    if frames > MOST:
        sizes = " x ".join(f"{len(axis.places)} ({axis.words})" for axis in axes)
        raise ValueError(f"steps, stops: expected at most {MOST} frames, got {sizes}: take fewer")
    picks = {gid: entry for tile in panel.tiles.values() for gid, entry in tile.picks.items()}
    entries = [entry for entry in net.entries if entry in {*picks.values(), look.chosen} or "weight" in panel.controls]
    samples = len(run.problem.X) if "sample" in panel.controls else 0
    names = [stage.name for stage in stages(run.now)] if "stage" in panel.controls else []
    for axis in (
        Axis("stage", "stage", tuple(f"{n}: {name}" for n, name in enumerate(names)), look.stage or 0),
        Axis(
            "chosen", "weight", tuple(f"{label(*e)}  {meaning(net, *e)}" for e in entries), entries.index(look.chosen)
        ),
        Axis("sample", "sample", tuple(f"{n + 1} of {samples}" for n in range(samples)), look.sample),
    ):
        if len(axis.places) > 1 and frames * len(axis.places) <= MOST and len(axis.places) <= LISTED:
            axes.append(axis)
            frames *= len(axis.places)
    names = [axis.name for axis in axes]
    places = {gid: entries.index(entry) for gid, entry in picks.items()} if "chosen" in names else {}
    tiles = [tile | {"points": False, "hovers": False} for tile in panel.picture.tiles]
    return Recording(axes, entries, tiles, places, _missing(panel, axes))


def _missing(panel, axes):
    """Return the words for what the panel's controls move and the recording does not."""
    names, words = {*ALWAYS, *(axis.name for axis in axes)}, {axis.words for axis in axes}
    parts = [
        getattr(widget, "description", "")
        for name, control in panel.controls.items()
        if name not in names
        for widget in (control.widget, *panel.all_widgets(control.widget))
    ]
    return list(dict.fromkeys(said for said in parts if said and said not in words))


def _frames(panel, recording, seen):
    """Yield each frame of the panel's run, and whether it shows what was predicted; None where the run had stopped."""
    axes = {axis.name: axis for axis in recording.axes}
    rest = [range(len(axis.places)) for axis in recording.axes if axis.name not in ("stop", "t")]
    names = [axis.name for axis in recording.axes if axis.name not in ("stop", "t")]
    for t in range(len(axes["t"].places)):
        there = panel.run.goto(t).t == t
        for places in itertools.product(*rest):
            if there:
                at = dict(zip(names, places, strict=True))
                if "chosen" in at:
                    at["chosen"] = recording.entries[at["chosen"]]
                panel.look = replace(panel.look, **at)
                yield _frame(panel), bool(seen and seen(panel.run, panel.look))
            else:
                yield None, False


def _frame(panel):
    """Return the parts of a frame by name: those of each tile, the status, the alarm, and the panel in words."""
    frame = panel.frame()
    while panel.unfinished:
        frame = panel.frame()
    del frame["covered"]
    return frame | {"words": panel.in_words()}
