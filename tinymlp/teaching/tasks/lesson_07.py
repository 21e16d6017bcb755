"""The exercises of lesson 7: gradient descent."""

from tinymlp.teaching.judges import Function
from tinymlp.teaching.task import Task

# Solutions, as a learner may write them


def descend(w, slope, eta, steps):
    for _ in range(steps):
        w = w - eta * slope(w)
    return w


def eta(a):
    return 1 / (2 * a)


# What the judges know


def _repeated(one, times=lambda steps: steps):
    """Return the exercise's function with another step, one(w, g, eta), or another number of them."""

    def run(w, slope, eta, steps):
        for _ in range(times(steps)):
            w = one(w, slope(w), eta)
        return w

    return run


def _down(w, g, eta):
    return w - eta * g


def _draw_descent(rng):
    a, b = rng.uniform(0.5, 2), rng.normal()
    return float(rng.normal()), (lambda w: a * w + b), float(rng.uniform(0.05, 0.4)), int(rng.integers(2, 9))


DESCEND_SLIPS = (
    ("that is one step.", _repeated(_down, lambda steps: 1)),
    *((f"that is {n} steps, whatever `steps` says.", _repeated(_down, lambda steps, n=n: n)) for n in (2, 3)),
    ("there is one step too many.", _repeated(_down, lambda steps: steps + 1)),
    ("there is one step too few.", _repeated(_down, lambda steps: steps - 1)),
    (
        "the slope changes along the way: compute it again at each step.",
        lambda w, slope, eta, steps: w - steps * eta * slope(w),
    ),
    ("that goes uphill: check the sign.", _repeated(lambda w, g, eta: w + eta * g)),
    ("eta is missing.", _repeated(lambda w, g, eta: w - g)),
    ("eta multiplies the slope; it is not subtracted.", _repeated(lambda w, g, eta: w - eta - g)),
    ("brackets where none belong: eta multiplies the slope alone.", _repeated(lambda w, g, eta: (w - eta) * g)),
    ("the old w is missing: a step begins at w.", _repeated(lambda w, g, eta: -eta * g)),
    ("eta should multiply the slope, not divide it.", _repeated(lambda w, g, eta: w - g / eta)),
)

ETA_SLIPS = (
    ("that lands at -w, as high as before.", lambda a: 1 / a),
    ("that goes only half the way.", lambda a: 1 / (4 * a)),
    ("brackets are missing below the line: `1 / 2 * a` multiplies by a.", lambda a: 1 / 2 * a),
    ("upside down: a larger a makes a steeper loss. Does that need a longer or a shorter step?", lambda a: 2 * a),
    ("a larger a makes a steeper loss. Does that need a longer or a shorter step?", lambda a: a),
    ("that is the slope at w = 1, turned round: one step is w - eta 2 a w.", lambda a: -2 * a),
    ("that fits a = 1 alone: what if the loss is steeper?", lambda a: 0.5),
    ("that fits a = 2 alone: what if the loss is gentler?", lambda a: 0.25),
    ("the 2 belongs below the line, with a.", lambda a: 2 / a),
)


TASKS = (
    Task(
        "07.descend",
        asked="Write a function descend(w, slope, eta, steps) that takes that many steps of gradient descent and "
        "returns the last w; slope(w) is the gradient at w.",
        judge=Function(descend, _draw_descent, DESCEND_SLIPS, "w, slope, eta and steps"),
        hints=("A loop that runs `steps` times.", "In it: w = w - eta * slope(w)."),
        solution=descend,
    ),
    Task(
        "07.eta",
        asked="A loss of one weight, L = a w², has the gradient 2 a w. Write a function eta(a) that returns the eta "
        "with which a single step, from any w, ends at the lowest point.",
        judge=Function(eta, lambda rng: (float(rng.uniform(0.2, 5)),), ETA_SLIPS, "a"),
        hints=(
            "The lowest point is w = 0. Begin with numbers: a = 2, w = 1. Which eta takes you to 0?",
            "One step goes to w - eta · 2 a w, which is w (1 - 2 a eta).",
            "For which eta is 1 - 2 a eta equal to 0?",
        ),
        solution=eta,
    ),
)
