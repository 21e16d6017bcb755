"""A figure as two layers of SVG: the static part, drawn when it changes, and the moving part, drawn at each event."""

import io
import re
from contextlib import contextmanager

import matplotlib
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_hex
from matplotlib.text import Text

# The renderer's own style sheet would apply to the whole page around the SVG; ours has the same two rules.
_STYLE = re.compile(r"<style.*?</style>", re.DOTALL)
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
    """A text that moves or changes. In SVG the browser lays it out, at a tenth of the cost of measuring it here."""

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
            renderer.writer.element("text", self.get_text(), attrib=attributes)


def _draw(figure, artists, salt, fonttype):
    text = io.StringIO()
    with _settings(svg_hashsalt=salt, svg_fonttype=fonttype):
        width, height = figure.bbox.size
        renderer = RendererSVG(width, height, text, image_dpi=72, metadata=_NO_METADATA)
        for artist in artists:
            artist.draw(renderer)
        renderer.finalize()
    return _STYLE.sub("", text.getvalue()[text.getvalue().index("<svg") :])


def lower(figure, salt):
    """Return the SVG of everything in the figure that does not move; its text as paths, the same on every machine.

    salt: a text that is unique to each figure on a page, for the ids of its clips and hatches.
    """
    return _draw(figure, [figure], salt + "l", "path")


def upper(figure, artists, salt):
    """Return the SVG of the moving artists, in this order; its text as text, sharp at any zoom."""
    return _draw(figure, artists, salt + "u", "none")
