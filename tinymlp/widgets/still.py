"""The still picture of a panel, for pages without a kernel: its tiles side by side in one PNG."""

import io

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from tinymlp.views import style

WIDTH = 1300  # pixels at scale 1: tiles wrap beyond
SCALE = 2
CAPTION = "A picture of the panel. Run this cell to bring it to life."
CAPTION_HEIGHT = 28 * SCALE


# The colours with a meaning, pure and paler at their edges: a palette found on a small picture would lose thin lines.
OWN = [
    tuple(round(255 - share * (255 - int(colour[i : i + 2], 16))) for i in (1, 3, 5))
    for colour in (style.INK, style.GREY, style.POSITIVE, style.NEGATIVE, style.ADDED, style.CARRIED, style.CHOSEN)
    for share in (1, 0.75, 0.5, 0.25)
] + [(255, 255, 255)]


def rows_of(views):
    """Return the views in rows as on the page: side by side while they fit, a table in a row of its own."""
    rows, width = [], WIDTH
    for view in views:
        width += view.width
        if view.is_table or width > WIDTH:
            rows, width = [*rows, []], view.width
        rows[-1].append(view)
        if view.is_table:
            width = WIDTH
    return rows


def png(views, caption=True):
    """Return the picture of the views as PNG bytes. caption: whether a line above says that it is a panel's picture.

    The colours are found on a small picture; then each tile is drawn, given them and pasted before the next one is, as
    all tiles at once would take ten megabytes more than a panel itself.
    """
    rows, top = rows_of(views), CAPTION_HEIGHT if caption else 0
    palette = colours(pasted(rows, "RGB", "white", lambda view: Image.fromarray(view.pixels(SCALE / 4))))
    white = 255
    picture = pasted(rows, "P", white, lambda view: reduced(Image.fromarray(view.pixels(SCALE)), palette), top)
    picture.putpalette(palette.getpalette())
    if caption:
        picture.paste(reduced(_caption(), palette), (0, 0))
    written = io.BytesIO()
    picture.save(written, "png", optimize=True)
    return written.getvalue()


def colours(picture):
    """Return 256 colours for an RGB picture as the palette of an empty one: those it has, and those with a meaning."""
    # Paper stays white: the search for the nearest colour is a rough one.
    room = 256 - len(OWN)
    found = [255 if level > 247 else level for level in picture.quantize(room).getpalette()[: 3 * room]]
    found += [255] * (3 * room - len(found))  # a plain picture has fewer colours
    palette = Image.new("P", (1, 1))
    palette.putpalette([*found, *(level for colour in OWN for level in colour)])
    return palette


def reduced(picture, palette):
    """Return an RGB picture in the colours of a palette."""
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


def width(picture):
    """Return how wide a picture (PNG bytes) stands on the page: as wide as the live panel, which takes its place."""
    return Image.open(io.BytesIO(picture)).width // SCALE


def _caption():
    """Return the line above the tiles that says what the picture is: it looks like a panel, and has no buttons."""
    with style.plain_style():
        figure = Figure(figsize=(6, CAPTION_HEIGHT / SCALE / 72), dpi=72 * SCALE)
        canvas = FigureCanvasAgg(figure)
        figure.text(0.02, 0.45, CAPTION, fontsize=13, va="center")
        canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3].copy())


def pasted(rows, mode, blank, draw, top=0):
    """Return one picture of rows of views, each drawn by `draw(view)`; top: pixels left free above them."""
    strips = [_beside(mode, blank, [draw(view) for view in row]) for row in rows]
    size = max(strip.width for strip in strips), top + sum(strip.height for strip in strips)
    whole = Image.new(mode, size, blank)
    for strip in strips:
        whole.paste(strip, (0, top))
        top += strip.height
    return whole


def _beside(mode, blank, tiles):
    strip = Image.new(mode, (sum(tile.width for tile in tiles), max(tile.height for tile in tiles)), blank)
    left = 0
    for tile in tiles:
        strip.paste(tile, (left, 0))
        left += tile.width
    return strip
