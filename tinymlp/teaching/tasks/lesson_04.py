"""The exercises of lesson 4: slopes."""

from tinymlp.teaching.judges import Function, Number
from tinymlp.teaching.task import Task

# Solutions, as a learner may write them


def middle(f, w, epsilon):
    return (f(w + epsilon) - f(w - epsilon)) / (2 * epsilon)


# What the judges know


def _draw_cubic(rng):
    a, b, c = rng.normal(size=3)  # a parabola would have the same slope for every epsilon
    return (lambda w: a * w**3 + b * w * w + c * w), float(rng.normal()), float(rng.uniform(0.1, 1))


MIDDLE_SLIPS = (
    ("that is how far f rises: divide by how far w went.", lambda f, w, e: f(w + e) - f(w - e)),
    ("how far is it from w - epsilon to w + epsilon?", lambda f, w, e: (f(w + e) - f(w - e)) / e),
    (
        "that divides by 2 alone: how far is it from w - epsilon to w + epsilon?",
        lambda f, w, e: (f(w + e) - f(w - e)) / 2,
    ),
    ("brackets are missing below the line: `/2*epsilon` multiplies.", lambda f, w, e: (f(w + e) - f(w - e)) / 2 * e),
    ("brackets are missing above the line.", lambda f, w, e: f(w + e) - f(w - e) / (2 * e)),
    ("brackets are missing above and below the line.", lambda f, w, e: f(w + e) - f(w - e) / 2 * e),
    ("that line begins at w, not at w - epsilon.", lambda f, w, e: (f(w + e) - f(w)) / e),
    ("that line ends at w, not at w + epsilon.", lambda f, w, e: (f(w) - f(w - e)) / e),
    ("that line begins at w, and is not as long as 2 epsilon.", lambda f, w, e: (f(w + e) - f(w)) / (2 * e)),
    ("that is half an epsilon each way.", lambda f, w, e: (f(w + e / 2) - f(w - e / 2)) / e),
    ("the sign is flipped: the end minus the start.", lambda f, w, e: (f(w - e) - f(w + e)) / (2 * e)),
    ("the two values are added: the end minus the start.", lambda f, w, e: (f(w + e) + f(w - e)) / (2 * e)),
    ("both ends are at w + epsilon: one of them is w - epsilon.", lambda f, w, e: 0 * f(w)),
)


TASKS = (
    Task(
        "04.middle",
        asked="Write a function middle(f, w, epsilon): nudge both ways, and return the slope of the line through f at "
        "w - epsilon and f at w + epsilon.",
        judge=Function(
            middle,
            _draw_cubic,
            MIDDLE_SLIPS,
            "f, w and epsilon",
        ),
        hints=("How far does f rise from one point to the other?", "How far does w go from one to the other?"),
        solution=middle,
    ),
    Task(
        "04.nudge",
        asked="The gradient of the output's bias is 0.1914. You lower that bias by 0.01. By about how much does "
        "the loss "
        "change? Four decimals.",
        judge=Number(
            -0.001914,
            6e-5,
            (
                ("is it higher or lower afterwards?", 0.001914),
                ("that is the gradient. How far did the bias go?", 0.1914),
                ("check the decimal point: 0.1914 times 0.01.", -0.01914),
                ("a gradient is the change per unit of bias: multiply.", -19.14),
            ),
        ),
        hints=("For a small nudge: change in the loss = gradient times nudge.", "The nudge is -0.01."),
        solution="nudge = 0.1914 * -0.01",
    ),
)
