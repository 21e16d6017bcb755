"""A figure as two layers of SVG: the static part, drawn when it changes, and the moving part, drawn at each event."""

import base64
import io
import re
from contextlib import contextmanager

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_hex
from matplotlib.image import AxesImage
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from PIL import Image

from tinymlp.views.shapes import NOTHING, segments

# The renderer's own style sheet would apply to the whole page around the SVG; ours has the same two rules.
_STYLE = re.compile(r"<style.*?</style>", re.DOTALL)
FONTS = "DejaVu Sans, Bitstream Vera Sans, Verdana, Geneva, sans-serif"  # as the page's style sheet has them
_OPENED = re.compile(r'(<\w+[^<>]*?) id="([^"]*)"')
SIZE = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


@contextmanager
def _settings(**values):
    """Change a few of matplotlib's settings while drawing; its own context manager copies all three hundred."""
    names = {name.replace("_", "."): value for name, value in values.items()}
    before = {name: matplotlib.rcParams[name] for name in names}
    matplotlib.rcParams.update(names)
    try:
        yield
    finally:
        matplotlib.rcParams.update(before)


class Words(Text):
    """A text that moves or changes. In SVG the browser lays it out, at a tenth of the cost of measuring it here.

    Path effects are drawn as one: a white halo.
    """

    # How far below its anchor the baseline is, in font sizes: digits are 0.73 high.
    BASELINE = {"center": 0.36, "top": 0.76, "bottom": -0.24, "baseline": 0.0, "center_baseline": 0.36}  # noqa: RUF012
    ANCHOR = {"left": "start", "center": "middle", "right": "end"}  # noqa: RUF012

    def draw(self, renderer):
        """Draw the text; with any renderer but SVG's, draw it as matplotlib does."""
        if not isinstance(renderer, RendererSVG):
            super().draw(renderer)
        elif self.get_visible() and self.get_text():
            x, y = self.get_transform().transform(self.get_unitless_position())
            size = self.get_fontsize()
            attributes = {
                "x": f"{x:.1f}",
                "y": f"{renderer.height - y + self.BASELINE[self.get_va()] * size:.1f}",
                "font-size": f"{size:g}",
                "fill": to_hex(self.get_color()),
                "text-anchor": self.ANCHOR[self.get_ha()],
            }
            if self.get_path_effects():  # a halo: white round the letters, below them
                attributes |= {"stroke": "#ffffff", "stroke-width": "4", "paint-order": "stroke"}
            renderer.writer.element("text", self.get_text(), attrib=attributes)


class HeatMap(AxesImage):
    """An image of numbers from 0 to 1 that moves: in SVG it goes in as a small PNG of its own, unscaled.

    A tenth of what it costs as matplotlib draws it. `show(values, extent)` sets it: values (rows, columns), the first
    row at the bottom; extent: left, right, bottom, top in data coordinates. interpolation: "nearest" where each number
    is a cell of its own.
    """

    def __init__(self, axes, cmap, interpolation="bilinear"):
        super().__init__(axes, cmap=cmap, origin="lower", interpolation=interpolation)
        self.set_clim(0, 1)
        self._colours = (255 * self.get_cmap()(np.linspace(0, 1, 256))[:, :3]).round().astype(np.uint8)
        self.show(np.zeros((2, 2)), (0, 1, 0, 1))

    def show(self, values, extent):
        """Set the numbers and where they lie."""
        self.set_data(values)
        self._extent = tuple(map(float, extent))  # not set_extent, which would move the limits of the axes

    def draw(self, renderer):
        """Draw the image; any renderer but SVG's draws it as matplotlib does."""
        if not isinstance(renderer, RendererSVG):
            super().draw(renderer)
        elif self.get_visible():
            levels = (255 * np.clip(self.get_array(), 0, 1)).round().astype(np.uint8)[::-1]
            _write_image(renderer, self, self._extent, _png(levels, self._colours))

    def in_words(self, names, write):
        """Return what the map shows: its lowest and highest values, and where; names: of the two axes."""
        values, (left, right, bottom, top) = np.asarray(self.get_array()), self._extent
        rows, columns = values.shape

        def where(flat):
            row, column = np.unravel_index(flat, values.shape)
            place = left + (right - left) * (column + 0.5) / columns, bottom + (top - bottom) * (row + 0.5) / rows
            return f"{write(values.flat[flat])} at {names[0]} = {write(place[0])}, {names[1]} = {write(place[1])}"

        return f"lowest {where(values.argmin())}; highest {where(values.argmax())}"


class Mosaic(AxesImage):
    """An image of whole numbers from 0 to 255, each standing for one of 256 colours, and 0 for none: many small maps.

    colours: (256, 3), from 0 to 1. `show(levels, extent)` sets it, as for a HeatMap, but the first row is at the top.
    The same array is not encoded a second time: give a new one for another picture.
    """

    def __init__(self, axes, colours):
        super().__init__(axes, origin="upper", interpolation="nearest")
        clear = np.arange(256)[:, np.newaxis] > 0
        self._colours = (255 * np.hstack([colours, clear])).round().astype(np.uint8)
        self.levels, self._encoded, self._png = None, None, b""
        self.show(np.zeros((2, 2), np.uint8), (0, 1, 0, 1))
        self.set_data(self._colours[self.levels])  # matplotlib 3.8 takes no image without data into its axes

    def show(self, levels, extent):
        """Set the numbers and where they lie."""
        self.levels, self._extent = levels, tuple(map(float, extent))

    def draw(self, renderer):
        """Draw the image; any renderer but SVG's draws it as matplotlib does."""
        if not isinstance(renderer, RendererSVG):
            self.set_data(self._colours[self.levels])
            super().draw(renderer)
        elif self.get_visible():
            if self._encoded is not self.levels:
                self._encoded, self._png = self.levels, _png(self.levels, self._colours[:, :3], transparency=0)
            _write_image(renderer, self, self._extent, self._png)


class Strokes(PathPatch):
    """Straight lines that move, in axes of `style.plain_axes`: in SVG they are written in whole pixels, as they are.

    That costs a fifth of what a path does. `show(ends)` sets them: (K, 4), x and y where each starts and where it ends.
    """

    def __init__(self, colour, width, dashes=None):
        super().__init__(NOTHING, fill=False)
        self.dress(colour, width, dashes)

    def dress(self, colour, width, dashes=None):
        """Set the colour, the width in pixels, and the dashes in widths, None for none."""
        self.set(edgecolor=colour, linewidth=width, linestyle=(0, dashes) if dashes else "-", capstyle="butt")
        dashed = f"; stroke-dasharray: {' '.join(f'{width * part:.3g}' for part in dashes)}" if dashes else ""
        self._css = f"fill: none; stroke: {to_hex(colour)}; stroke-width: {width:.3g}{dashed}"

    def show(self, ends):
        """Set the lines; none for an empty array."""
        self.set_path(segments(ends))
        self.set_visible(len(ends) > 0)

    def draw(self, renderer):
        """Draw the lines; any renderer but SVG's draws them as matplotlib does."""
        if not isinstance(renderer, RendererSVG):
            super().draw(renderer)
        elif self.get_visible():
            places = self.get_path().vertices.ravel()
            d = "M%d %dL%d %d" * (len(places) // 4) % tuple(places.tolist())
            renderer.writer.element("path", attrib={"d": d, "style": self._css})


class Grips(Artist):
    """What can be clicked and is not seen, in the lower layer: wide lines and squares, written as they are.

    lines: (gid, (x0, y0, x1, y1)) pairs; squares: (gid, (left, top, side)) pairs; all in pixels from the upper left
    corner. Those later in the list lie above the others.
    """

    def __init__(self, lines, squares, width):
        super().__init__()
        self.lines, self.squares, self.width = lines, squares, width
        self.set_zorder(9)  # above all else that stands still

    def draw(self, renderer):
        """Write the grips; with any renderer but SVG's there is nothing to be seen."""
        if not isinstance(renderer, RendererSVG):
            return
        for gid, (x0, y0, x1, y1) in self.lines:
            line = {"id": gid, "d": f"M{x0:g} {y0:g}L{x1:g} {y1:g}", "stroke": "#fff", "stroke-opacity": "0"}
            renderer.writer.element("path", attrib=line | {"stroke-width": f"{self.width:g}", "fill": "none"})
        for gid, (left, top, side) in self.squares:
            square = {"id": gid, "x": f"{left:g}", "y": f"{top:g}", "width": f"{side:g}", "height": f"{side:g}"}
            renderer.writer.element("rect", attrib=square | {"fill": "#fff", "fill-opacity": "0"})


class Stencil(Artist):
    """Artists that stand still and yet lie over what moves: in the lower layer they are only defined, under a name.

    `stamp` is an artist for the upper layer that shows them there by that name, at the cost of a few bytes a frame.
    """

    def __init__(self, name, artists):
        super().__init__()
        self.name, self.artists = name, artists
        self.stamp = Stamp(self)

    def id(self, renderer):
        return f"{renderer.salt}-{self.name}"

    def draw(self, renderer):
        """Define the artists; with any renderer but SVG's that is nothing."""
        if isinstance(renderer, RendererSVG):
            renderer.writer.start("defs")
            renderer.writer.start("g", attrib={"id": self.id(renderer)})
            for artist in self.artists:
                artist.draw(renderer)
            renderer.writer.end("g")
            renderer.writer.end("defs")


class Stamp(Artist):
    """The artists of a Stencil, shown in the upper layer."""

    def __init__(self, stencil):
        super().__init__()
        self.stencil = stencil

    def draw(self, renderer):
        """Refer to the artists; any renderer but SVG's draws them."""
        if isinstance(renderer, RendererSVG):
            renderer.writer.element("use", attrib={"href": f"#{self.stencil.id(renderer)}"})
        else:
            for artist in self.stencil.artists:
                artist.draw(renderer)


def _write_image(renderer, image, extent, png):
    """Write a PNG as an element; extent: left, right, bottom, top in the data coordinates of the image's axes."""
    left, right, bottom, top = extent
    (x0, y0), (x1, y1) = image.axes.transData.transform([(left, bottom), (right, top)])
    attributes = {
        "x": f"{x0:.1f}",
        "y": f"{renderer.height - y1:.1f}",
        "width": f"{x1 - x0:.1f}",
        "height": f"{y1 - y0:.1f}",
        "preserveAspectRatio": "none",
        "style": "image-rendering: " + ("pixelated" if image.get_interpolation() == "nearest" else "auto"),
        "href": "data:image/png;base64," + base64.b64encode(png).decode(),
    }
    renderer.writer.element("image", attrib=attributes)


def _png(levels, colours, **options):
    """Return a PNG of whole numbers (rows, columns) from 0 to 255, each standing for one of 256 colours."""
    image, png = Image.fromarray(levels), io.BytesIO()
    image.putpalette(colours.tobytes())
    image.save(png, "png", compress_level=1, **options)
    return png.getvalue()


def _draw(figure, artists, salt, layer, fonttype):
    text = io.StringIO()
    with _settings(svg_hashsalt=salt + layer, svg_fonttype=fonttype):
        width, height = figure.bbox.size
        renderer = RendererSVG(width, height, text, image_dpi=72, metadata=_NO_METADATA)
        renderer.salt = salt
        for artist in artists:
            artist.draw(renderer)
        renderer.finalize()
    return _STYLE.sub("", text.getvalue()[text.getvalue().index("<svg") :])


def lower(figure, salt):
    """Return the SVG of everything in the figure that does not move; its text as paths, the same on every machine.

    salt: a text that is unique to each figure on a page, for the ids of its clips and hatches.
    """
    return _draw(figure, [figure], salt, "l", "path")


def upper(figure, artists, salt):
    """Return the SVG of the moving artists, in this order; its text as text, sharp at any zoom."""
    return _draw(figure, artists, salt, "u", "none")


def standalone(lower, upper):
    """Return one SVG file of the two layers of a picture, made with the same salt: it needs nothing else to be seen.

    It has a white background, its text names its fonts, and of the ids of its parts those stay that are referred to.
    """
    width, height = SIZE.search(lower).groups()
    parts = "".join(layer[layer.index(">") + 1 : layer.rindex("</svg>")] for layer in (lower, upper))
    used = set(re.findall(r"#([\w-]+)", parts))
    parts = _OPENED.sub(lambda found: found[0] if found[2] in used else found[1], parts)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}" font-family="{FONTS}" stroke-linejoin="round">
<rect width="{width}" height="{height}" fill="#ffffff"/>
{parts}
</svg>
"""
