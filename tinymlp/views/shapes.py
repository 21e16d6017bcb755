"""What pictures are made of: rectangles as one path, limits of axes that move in leaps, and which entries are shown."""

import numpy as np
from matplotlib.path import Path

NOTHING = Path(np.zeros((1, 2)))


def gid(name, index):
    """Return the id of whatever represents a parameter on the page: a click on it chooses that parameter."""
    return f"pick-{name}-{index[0]}-{index[1]}"


def rectangles(left, top, right, bottom):
    """Return one path of rectangles, each argument a number or an array: one artist costs less than one for each."""
    left, top, right, bottom = np.broadcast_arrays(
        *(np.ravel(side).astype(float) for side in (left, top, right, bottom))
    )
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    vertices = np.stack([np.stack(corner, axis=-1) for corner in corners], axis=1).reshape(-1, 2)
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(left)
    return Path(vertices, codes)


def shown_entries(net, chosen, most):
    """Return at most `most` entries: all, or a run of them that begins with the array of the chosen one."""
    entries = net.entries
    first = net.slices[chosen[0]].start if len(entries) > most else 0
    if len(entries) > most and entries.index(chosen) >= first + most:
        first = entries.index(chosen) - most + 1
    return entries[min(first, max(0, len(entries) - most)) :][:most]


def round_up(value, digits=(1, 2, 3, 5, 8, 10)):
    """Return the next round number from `value` up: a digit times a power of ten. Limits of axes then move in leaps.

    From 1e300 on it is 1e300: a learner may type any weight, and what lies beyond is not drawn.
    """
    value = min(value, 1e300)
    power = 10.0 ** np.floor(np.log10(max(value, 1e-9)))
    return next((digit * power for digit in digits if digit * power >= value), value)


def leap(limit, wanted, digits=(1, 2, 3, 5, 8, 10)):
    """Return the limit of an axis: the present one while what is wanted fits and fills a third of it, or a new one."""
    rounded = round_up(wanted, digits)
    return rounded if limit is None or wanted > limit or rounded < 0.3 * limit else limit
