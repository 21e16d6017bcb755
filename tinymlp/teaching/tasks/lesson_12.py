"""The exercises of lesson 12: conventions and bugs."""

from tinymlp.teaching.judges import Function
from tinymlp.teaching.task import Task

# Solutions, as a learner may write them


def convert(buffer, eta):
    return -eta * buffer


def average(eta, gamma):
    return eta / (1 - gamma)


def repair(w, v, g, eta, gamma):
    v = gamma * v - eta * g
    w = w + v
    return w, v


# What the judges know


def _draw_buffer(rng):
    return rng.normal(size=3), rng.uniform(0.1, 2)


CONVERT_SLIPS = (
    ("the size is right, but our velocity points the way the weight moves: check its sign.", lambda b, eta: eta * b),
    ("eta is missing: PyTorch multiplies by it when the weight moves, ours before.", lambda b, eta: -b),
    ("eta is missing, and so is the sign.", lambda b, eta: b),
    ("it is times eta, not divided by it.", lambda b, eta: -b / eta),
    ("it is times eta, not divided by it, and the sign is flipped.", lambda b, eta: b / eta),
    ("eta is there twice.", lambda b, eta: -eta * eta * b),
    ("gamma has done its work in the buffer already.", lambda b, eta: -eta * 0.9 * b),
    ("that is for the average: PyTorch's buffer adds gradients up.", lambda b, eta: -eta * b / 0.1),
    ("it is a product, not a sum.", lambda b, eta: b - eta),
)


def _draw_settings(rng):
    return rng.uniform(0.01, 2), rng.uniform(0.1, 0.95)


ETA_SLIPS = (
    (
        "the other way round: an average takes shorter steps than ours, so it needs a larger eta.",
        lambda e, g: e * (1 - g),
    ),
    ("divide by 1 - gamma, not by gamma.", lambda e, g: e / g),
    ("multiplying by gamma does not make up for it: each gradient counts 1 - gamma.", lambda e, g: e * g),
    ("1 - gamma, not 1 + gamma.", lambda e, g: e / (1 + g)),
    ("brackets are missing: all of 1 - gamma is below the line.", lambda e, g: e / 1 - g),
    ("that is how many steps add up. How large must eta be?", lambda e, g: 1 / (1 - g)),
    ("that is the same eta: an average gives each gradient only 1 - gamma of its weight.", lambda e, g: e),
    ("once is enough: 1 - gamma stands in the average once.", lambda e, g: e / (1 - g) ** 2),
    ("that is 0.9 for every gamma: it has to hold for others too.", lambda e, g: e / 0.1),
    ("that is the same path for a gradient that has stayed, not from the start.", lambda e, g: e * (1 + g)),
)


def _draw_step(rng):
    w, v, g = rng.normal(size=(3, 4))
    return w, v, g, rng.uniform(0.1, 2), rng.uniform(0.1, 0.95)


def _velocity(v, g, eta, gamma):
    return gamma * v - eta * g


# Slips of the velocity leave the weight alone (None), and those of the weight the velocity.
REPAIR_SLIPS = (
    (
        "gamma is what is kept of it, and 1 - gamma what is lost.",
        lambda w, v, g, eta, gamma: (None, (1 - gamma) * v - eta * g),
    ),
    ("the gradient should push downhill: -eta g.", lambda w, v, g, eta, gamma: (None, gamma * v + eta * g)),
    ("nothing of the old one is kept: that is plain descent.", lambda w, v, g, eta, gamma: (None, -eta * g)),
    ("gamma is missing: all of the old one is kept.", lambda w, v, g, eta, gamma: (None, v - eta * g)),
    ("the new one has to be returned, not the old one.", lambda w, v, g, eta, gamma: (None, v)),
    (
        "that is PyTorch's buffer. Here the velocity is the move itself, with eta in it.",
        lambda w, v, g, eta, gamma: (None, gamma * v + g),
    ),
    ("it moves by the new velocity, not by the old one.", lambda w, v, g, eta, gamma: (w + v, None)),
    (
        "it moves once, by the new velocity: the old one is in it already.",
        lambda w, v, g, eta, gamma: (w + v + _velocity(v, g, eta, gamma), None),
    ),
    ("it moves with the velocity: +, not -.", lambda w, v, g, eta, gamma: (w - _velocity(v, g, eta, gamma), None)),
    (
        "eta is in the velocity already, and here once more.",
        lambda w, v, g, eta, gamma: (w + eta * _velocity(v, g, eta, gamma), None),
    ),
    (
        "that is the velocity. Where does it take the weight?",
        lambda w, v, g, eta, gamma: (_velocity(v, g, eta, gamma), None),
    ),
)


TASKS = (
    Task(
        "12.convert",
        asked="PyTorch keeps a buffer, b <- gamma b + g, and moves by -eta b. Write a function convert(buffer, eta) "
        "that returns our velocity after the same step, if eta has not changed so far.",
        judge=Function(convert, _draw_buffer, CONVERT_SLIPS, "buffer and eta"),
        hints=(
            "With a constant eta both walk the same path: the move of this step is the same number.",
            "Our velocity is the move itself, w <- w + v. Which number does PyTorch add to w?",
            "It adds -eta times the buffer.",
        ),
        solution=convert,
    ),
    Task(
        "12.average",
        asked="The average keeps a <- gamma a + (1 - gamma) g, and moves by its own eta times -a. Write a function "
        "average(eta, gamma) that returns the eta it must be given to walk the path of our rule with eta and gamma.",
        judge=Function(average, _draw_settings, ETA_SLIPS, "eta and gamma"),
        hints=(
            "Take one step from rest: ours moves by -eta g. How far does the average move with the same eta?",
            "By -eta (1 - gamma) g: at gamma = 0.9 a tenth of it. What makes up for that?",
            "A larger eta: divide it by what the gradient was multiplied with.",
        ),
        solution=average,
    ),
    Task(
        "12.repair",
        asked="A step of one weight has two bugs. Its lines are: w = w + v, then v = (1 - gamma) * v - eta * g, then "
        "return w, v. Write the function repair(w, v, g, eta, gamma) that does it right: v is the velocity before.",
        judge=Function(repair, _draw_step, REPAIR_SLIPS, "w, v, g, eta and gamma", ("the weight", "the velocity")),
        hints=(
            "One bug is in a line, the other in the order of the lines.",
            "Try w = 0, v = 0, g = 1: where should the first step take w, and where does this one?",
            "gamma is the share of the velocity that is kept, and the weight moves by the velocity that comes out.",
        ),
        solution=repair,
    ),
)
