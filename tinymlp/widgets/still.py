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
    """Return the picture of the views as PNG bytes."""
    rows = [[Image.fromarray(view.pixels(SCALE)) for view in row] for row in rows_of(views)]
    sizes = [(sum(tile.width for tile in row), max(tile.height for tile in row)) for row in rows]
    canvas = Image.new("RGB", (max(width for width, _ in sizes), sum(height for _, height in sizes)), "white")
    top = 0
    for row, (_, height) in zip(rows, sizes, strict=True):
        left = 0
        for tile in row:
            canvas.paste(tile, (left, top))
            left += tile.width
        top += height
    written = io.BytesIO()
    canvas.quantize(256).save(written, "png", optimize=True)
    return written.getvalue()
