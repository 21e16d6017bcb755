"""Layouts held as text, a file for each view and each lesson in the folder `layouts`: `make layouts` writes them anew.

A line is a box and what stands in it: left, top, width and height in pixels. A change of layout is seen in review.
"""

from pathlib import Path

from matplotlib.backends.backend_agg import RendererAgg

from tinymlp.views.style import plain_style

FOLDER = Path(__file__).resolve().parent / "layouts"
TOLERANCE = 4  # pixels: fonts are hinted differently from one version of matplotlib or Chromium to the next


class Recorder(RendererAgg):
    """Draws as usual, and keeps the box of each text."""

    def __init__(self, *size):
        super().__init__(*size)
        self.boxes = []

    def draw_text(self, gc, x, y, s, prop, angle, *args, **kwargs):
        width, height, descent = self.get_text_width_height_descent(s, prop, ismath=False)
        box = (x, y - height + descent, width, height) if not angle else (x - height, y - width, height, width)
        self.boxes.append((" ".join(s.split()), box))
        super().draw_text(gc, x, y, s, prop, angle, *args, **kwargs)


def words_of(view):
    """Return the size of a view and the box of each text in it, as (what, box) pairs from top to bottom."""
    recorder = Recorder(view.width, view.height, 72)
    with plain_style():
        for artist in (view.figure, *view.moving):
            artist.draw(recorder)
    words = sorted(recorder.boxes, key=lambda each: (round(each[1][1]), each[1][0], each[0]))
    return [("the tile", (0, 0, view.width, view.height)), *words]


def held(name, boxes, write):
    """Return what differs from the layout on file, a line each: nothing, if all stands where it stood.

    boxes: (what, box) pairs. write: put them on file in place of what is there.
    """
    path = FOLDER / f"{name}.txt"
    if write:
        FOLDER.mkdir(exist_ok=True)
        path.write_text("".join(f"{_line(what, box)}\n" for what, box in boxes), encoding="utf-8")
    old = [_parsed(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    left, said = list(old), []
    for what, box in boxes:
        near = [each for each in left if each[0] == what]
        same = [each for each in near if all(abs(a - b) <= TOLERANCE for a, b in zip(each[1], box, strict=True))]
        if same:
            left.remove(same[0])
        elif near:
            left.remove(near[0])
            said.append(f"{what!r} was at {_numbers(near[0][1])}, is at {_numbers(box)}")
        else:
            said.append(f"{what!r} is new, at {_numbers(box)}")
    return said + [f"{what!r} is gone, from {_numbers(box)}" for what, box in left]


def _numbers(box):
    return " ".join(f"{round(number):4}" for number in box)


def _line(what, box):
    return f"{_numbers(box)}  {what}"


def _parsed(line):
    return line[21:], [int(number) for number in line[:19].split()]
