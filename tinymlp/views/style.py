"""How every picture looks: colours with one meaning each, matplotlib's own settings, and axes dressed alike."""

from contextlib import contextmanager

import matplotlib
from matplotlib.patheffects import withStroke

# One meaning for each colour in the whole workbook, and never colour alone: after Okabe & Ito 2008, Color Universal
# Design.
INK = "#000000"
GREY = "#595959"  # 7 : 1 on white
PALE = "#d9d9d9"
POSITIVE = "#0072B2"
NEGATIVE = "#B84A00"  # their vermilion, darkened until text in it reads at 5 : 1
ADDED = "#00805C"  # what the gradient adds: their bluish green, darkened for text
CARRIED = "#A8498A"  # what momentum carries on: their reddish purple, darkened for text
CHOSEN = "#F0E442"
HALO = [withStroke(linewidth=4, foreground="white")]  # for words that may stand on lines or hatches
RINGING = "#56B4E9"  # a loss that rose and came down again
GROWING = "#E69F00"  # a loss that rose and kept rising

# Of classes, each a colour and a marker: of two classes the first is that of p = 0, negative, and the second of p = 1.
CLASS_COLOURS = (NEGATIVE, POSITIVE, ADDED, CARRIED, "#6B5B00", "#2A6D93", "#7A1F3D", GREY)
CLASS_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")


@contextmanager
def plain_style():
    """Draw with matplotlib's own settings, whatever style a learner has chosen for their own plots."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        yield


def dress(axes, x="", y="", *, grid=True, sides=("top", "right"), ticks="both"):
    """Dress axes as all pictures have them: large ticks, no frame on these sides, faint lines across, and labels."""
    axes.tick_params(axis=ticks, labelsize=13)
    axes.spines[list(sides)].set_visible(False)
    axes.set_xlabel(x, fontsize=14)
    axes.set_ylabel(y, fontsize=14, labelpad=2)
    if grid:
        axes.grid(axis="y", color="#e6e6e6")
    axes.set_axisbelow(True)


def plain_axes(figure, rect):
    """Add axes without a frame, with coordinates in pixels from the top left corner."""
    axes = figure.add_axes(rect)
    axes.set_axis_off()
    width, height = figure.bbox.size
    axes.set_xlim(0, width * rect[2])
    axes.set_ylim(height * rect[3], 0)
    return axes
