"""The plane of a problem's inputs: how far it reaches, a grid over it, the point that is looked at, and its colours."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from tinymlp.checks import remember
from tinymlp.network import forward
from tinymlp.record import QUIET
from tinymlp.views.own_units import value_said
from tinymlp.views.shapes import round_up
from tinymlp.views.style import NEGATIVE, POSITIVE
from tinymlp.views.view import Facts
from tinymlp.words import decimal, symbol

LARGEST = 1e300
LEAPS = 1, 1.5, 2, 3, 5, 8, 10
LEAST = 1.5  # a recipe's plane reaches at least as far: drawing a sample must not move the others
BOUNDED = "tanh", "sigmoid", "softmax"
SUBSCRIPTS = str.maketrans("12", "₁₂")


def needs_plane(run):
    """Return what a run lacks for a map of its inputs: "" if nothing."""
    return "" if run.problem.plane is not None else "a problem with two inputs, or inputs made from two"


def sign_colours(strongest):
    """Return 256 colours (256, 3) from negative through white to positive; strongest: how far the ends go, 0 to 1."""
    ends = [1 - strongest * (1 - np.array(to_rgb(colour))) for colour in (NEGATIVE, POSITIVE)]
    return LinearSegmentedColormap.from_list("sign", [ends[0], (1, 1, 1), ends[1]])


def reach(problem):
    """Return how far the plane is shown: left, right, bottom, top. Each side is a round number beyond the samples."""
    held = problem.plane_held
    points = problem.plane if held is None else np.vstack([problem.plane, held])
    sides = [_sides(column, 0.0 if problem.recipe is None else LEAST) for column in points.T]
    if all(low == -high for low, high in sides):
        sides = [max(sides, key=lambda side: side[1])] * 2
    return (*sides[0], *sides[1])


def _sides(values, least):
    low, high = float(values.min()), float(values.max())
    if low <= 0 <= high or least:
        most = round_up(max(least, 1.03 * max(-low, high)), LEAPS)
        return -most, most
    spare = max(0.05 * (high - low), 1e-3 * max(abs(low), abs(high)))
    unit = round_up((high - low + 2 * spare) / 10, (1, 2, 5))
    return unit * np.floor((low - spare) / unit), unit * np.ceil((high + spare) / unit)


def grid(problem, sides, count):
    """Return the inputs (count * count, D) at the middles of a grid's cells: row by row from the bottom."""
    x1, x2 = (low + (high - low) * (np.arange(count) + 0.5) / count for low, high in (sides[:2], sides[2:]))
    points = np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2)
    return remember(np.ascontiguousarray(problem.from_plane(points)))


def answers(params, X):
    """Return h of each layer, inputs first, each (N, units); what is too large for a number is cut.

    The samples of a run have a finite loss; with weights of a million other points of the plane need not.
    """
    with QUIET:
        return [np.nan_to_num(h, nan=0.0, posinf=LARGEST, neginf=-LARGEST) for h in forward(params, X).h]


def looked_at(run, look):
    """Return the Facts of the point that is sent through, the spot or else the sample: where (2,), z and h, and words.

    z and h: a row for each layer; name: what it is in a few words; said: the same, with the place.
    """
    problem = run.problem
    if look.spot is None:
        trace, row, point = run.trace, look.sample, problem.plane[look.sample]
        name = f"Sample {look.sample + 1} of {len(problem.X)}"
        said = f"{name}, {place_said(point)}"
    else:
        point = np.array(look.spot, dtype=float)
        with QUIET:
            trace, row = forward(run.params, problem.from_plane(point[np.newaxis])), 0
        name = said = place_said(point)
    return Facts(where=point, name=name, said=said, z=[z[row] for z in trace.z], h=[h[row] for h in trace.h])


def hovered(run, look):
    """Return the parameter that the pointer is over; None for none, and for one of a network that was shown before."""
    return look.hovered if look.hovered in run.problem.net.entries else None


def place_said(point):
    """Return a place in words: at (0.30, -0.50)."""
    return f"at ({', '.join(decimal(value, 2) for value in point)})"


def answer_said(problem, p, digits=3):
    """Return in words what the network answers, given its outputs p (C,)."""
    if len(p) == 1:
        own = value_said(problem, p)
        return f"p = {decimal(p[0], digits)}{f', {own}' if own else ''}"
    best = int(np.argmax(p))
    name = problem.classes[best] if problem.classes else f"class {best + 1}"
    return f"{name}, {symbol(problem.net, 'p', len(problem.net.sizes) - 1, best)} = {decimal(p[best], digits)}"


def axis_names(problem):
    """Return the names of the two axes, as the page writes them."""
    names = problem.features if problem.points is None else ("x1", "x2")
    return [input_name(name) for name in names]


def input_name(name):
    """Return the name of an input as the page writes it: x1^2 as x₁², sin pi x1 as sin πx₁; others as they are."""
    if set(name) <= set("x12^ sinp") and "x" in name:
        name = name.replace("^2", "²").replace("sin pi ", "sin π").translate(SUBSCRIPTS)
    return name.replace("_", " ")


def shaded(h, activations, binary):
    """Return h (N, units) from -1 to 1, for colours, and the number that 1 stands for, of each unit.

    A unit counts as far as it goes on these points, but a bounded one at least 1: what sees little is pale.
    activations: of each unit; binary: whether the last one is a probability, to be shown from p = 0 (-1) to p = 1 (1).
    """
    if binary:
        h = h.copy()
        h[:, -1] = 2 * h[:, -1] - 1
    least = [1.0 if name in BOUNDED else 1e-9 for name in activations]
    most = np.maximum(np.maximum(h.max(axis=0), -h.min(axis=0)), least)
    return h / most, most


def is_binary(problem):
    """Return whether the output is the probability of the second of two classes."""
    return problem.net.sizes[-1] == 1 and problem.net.output == "sigmoid"
