"""The exercises of lesson 7: gradient descent."""

from tinymlp.teaching.judges import function, number_is
from tinymlp.teaching.task import Task

# Solutions, as a learner may write them


def descend(w, slope, eta, steps):
    for _ in range(steps):
        w = w - eta * slope(w)
    return w


# What the judges know


def _descend(w, slope, eta, steps):
    for _ in range(steps):
        w = w - eta * slope(w)
    return w


def _draw_descent(rng):
    a, b = rng.uniform(0.5, 2), rng.normal()
    return float(rng.normal()), (lambda w: a * w + b), float(rng.uniform(0.05, 0.4)), int(rng.integers(2, 9))


TASKS = (
    Task(
        "07.descend",
        asked="Write a function descend(w, slope, eta, steps) that takes that many steps of gradient descent and "
        "returns "
        "the last w; slope(w) is the gradient at w.",
        judge=function(
            descend,
            _draw_descent,
            (
                ("that is one step.", lambda w, slope, eta, steps: _descend(w, slope, eta, 1)),
                (
                    "the slope changes along the way: compute it again at each step.",
                    lambda w, slope, eta, steps: w - steps * eta * slope(w),
                ),
                ("that goes uphill: check the sign.", lambda w, slope, eta, steps: _descend(w, slope, -eta, steps)),
                ("eta is missing.", lambda w, slope, eta, steps: _descend(w, slope, 1, steps)),
                ("there is one step too many.", lambda w, slope, eta, steps: _descend(w, slope, eta, steps + 1)),
            ),
            "w, slope, eta and steps",
        ),
        hints=("A loop that runs `steps` times.", "In it: w = w - eta * slope(w)."),
        solution=descend,
    ),
    Task(
        "07.eta",
        asked="A loss of one weight, L = 2 w², has the gradient 4 w. With which eta does one step from w = 1 end "
        "at the "
        "lowest point?",
        judge=number_is(
            0.25,
            1e-6,
            (
                ("that lands at w = -1, as high as before.", 0.5),
                ("that goes too far: w = 1 - eta · 4.", 1.0),
                ("that goes only half the way.", 0.125),
            ),
        ),
        hints=("The lowest point is w = 0.", "One step: 1 - eta · 4 · 1. For which eta is it 0?"),
        solution="eta = 1 / 4",
    ),
)
