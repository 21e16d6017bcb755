"""The still picture of a panel, for pages without a kernel: its tiles side by side in one PNG."""

import io

from PIL import Image

WIDTH = 1300  # pixels at scale 1: tiles wrap beyond
SCALE = 2


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


def png(views):
    """Return the picture of the views as PNG bytes.

    The colours are found on a small picture; then each tile is drawn, given them and pasted before the next one is, as
    all tiles at once would take ten megabytes more than a panel itself.
    """
    rows = rows_of(views)
    small = _pasted(rows, "RGB", "white", lambda view: Image.fromarray(view.pixels(SCALE / 4)))
    found = [0 if level < 8 else 255 if level > 247 else level for level in small.quantize(256).getpalette()]
    colours = Image.new("P", (1, 1))
    colours.putpalette(found)  # with ink and paper as they are: the search for the nearest colour is a rough one

    def reduced(picture):
        return picture.quantize(palette=colours, dither=Image.Dither.NONE)

    white = reduced(Image.new("RGB", (1, 1), "white")).getpixel((0, 0))
    picture = _pasted(rows, "P", white, lambda view: reduced(Image.fromarray(view.pixels(SCALE))))
    picture.putpalette(colours.getpalette())
    written = io.BytesIO()
    picture.save(written, "png", optimize=True)
    return written.getvalue()


def _pasted(rows, mode, blank, draw):
    """Return one picture of rows of views, each drawn by `draw(view)`."""
    strips = []
    for row in rows:
        tiles = [draw(view) for view in row]
        strip = Image.new(mode, (sum(tile.width for tile in tiles), max(tile.height for tile in tiles)), blank)
        left = 0
        for tile in tiles:
            strip.paste(tile, (left, 0))
            left += tile.width
        strips.append(strip)
    whole = Image.new(mode, (max(strip.width for strip in strips), sum(strip.height for strip in strips)), blank)
    top = 0
    for strip in strips:
        whole.paste(strip, (0, top))
        top += strip.height
    return whole
