"""A panel as a file: a recording, a picture, or a moving picture, by the ending of its name."""

import io
import re
from html import escape
from pathlib import Path

from PIL import Image

from tinymlp.checks import describe, whole
from tinymlp.views.svg import SIZE
from tinymlp.widgets import still
from tinymlp.widgets.recordings.frames import copied
from tinymlp.widgets.recordings.page import page
from tinymlp.words import capital

PACE = 400  # milliseconds a frame
TIMES = 3  # a moving picture is shown, and then it rests: what moves for ever keeps one from reading
LAST = 2000  # milliseconds that its last frame stays


def save(panel, path, steps=40, slider=None, stops=None) -> Path:
    """Write a panel as a file, and return its path; for the arguments see `Panel.save`."""
    path = Path(path)
    kinds = {".html": _recording, ".png": _png, ".svg": _svg, ".gif": _moving, ".apng": _moving}
    if path.suffix.lower() not in kinds:
        raise ValueError(f"path: expected a name that ends in {' or '.join(kinds)}, got {describe(str(path))}")
    if panel.waits:
        raise ValueError(f"save: expected a panel that is open, got one that waits for the guess {panel.after.name!r}")
    if path.suffix.lower() != ".html" and not (slider is None and stops is None):
        got = slider if stops is None else stops
        raise ValueError(f"slider, stops: expected none, as only a recording (.html) has one, got {describe(got)}")
    if not path.parent.is_dir():  # said before the recording is made, which takes its time
        raise ValueError(f"path: expected a folder that is there, got {describe(str(path.parent))}")
    written = kinds[path.suffix.lower()](panel, path.suffix.lower(), steps, slider, stops)
    path.write_bytes(written)
    return path


def _recording(panel, kind, steps, slider, stops):
    return page(panel, capital(panel.run.problem.name), steps, slider, stops).encode()


def _shown(panel):
    """Return the views of a panel, brought up to date; ValueError for one that cannot show the run."""
    for tile in panel.tiles.values():
        tile.show(panel.run, panel.look)
        if tile.note:
            raise ValueError(tile.note)
    return [tile.view for tile in panel.tiles.values()]


def _png(panel, *_):
    return still.png(_shown(panel), caption=False)


def _svg(panel, *_):
    """Return the picture as one SVG: each tile is an SVG of its own in it."""
    parts, top, width = [], 0.0, 0.0
    for row in still.rows_of(_shown(panel)):
        left = bottom = 0.0
        for view in row:
            drawn = view.standalone(f"tile{len(parts)}")
            w, h = map(float, SIZE.search(drawn).groups())
            parts.append(re.sub(r"<svg ", f'<svg x="{left:g}" y="{top:g}" ', drawn[drawn.index("<svg") :], count=1))
            left, bottom = left + w, max(bottom, h)
        top, width = top + bottom, max(width, left)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{top:g}" viewBox="0 0 {width:g} {top:g}">
<title>{escape(capital(panel.run.problem.name))}, t = {panel.run.t}</title>
<rect width="{width:g}" height="{top:g}" fill="#ffffff"/>
{"".join(parts)}</svg>
""".encode()


def _moving(panel, kind, steps, *_):
    """Return the panel's picture from the start of its run to iteration `steps`, frame by frame, shown three times."""
    copy, frames = copied(panel), []
    try:
        for t in range(whole("steps", steps) + 1):
            if copy.run.goto(t).t < t:
                break  # the run had to stop
            rows = still.rows_of(_shown(copy))
            frames.append(still.pasted(rows, "RGB", "white", lambda view: Image.fromarray(view.pixels(1))))
    finally:
        copy.close()
    size = max(frame.width for frame in frames), max(frame.height for frame in frames)
    palette = still.colours(frames[-1])
    first, *rest = [still.reduced(_padded(frame, size), palette) for frame in frames]
    written = io.BytesIO()
    pace = [PACE] * len(rest) + [LAST]
    plays = {".gif": TIMES - 1, ".apng": TIMES}[kind]  # a GIF counts how often it is repeated
    first.save(
        written, {".gif": "gif", ".apng": "png"}[kind], save_all=True, append_images=rest, duration=pace, loop=plays
    )
    return written.getvalue()


def _padded(picture, size):
    padded = Image.new("RGB", size, "white")
    padded.paste(picture, (0, 0))
    return padded
