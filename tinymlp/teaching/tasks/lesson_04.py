"""The exercises of lesson 4: slopes."""

from tinymlp.teaching.judges import function, number_is
from tinymlp.teaching.task import Task

# Solutions, as a learner may write them


def middle(f, w, epsilon):
    return (f(w + epsilon) - f(w - epsilon)) / (2 * epsilon)


# What the judges know


def _draw_waves(rng):
    a, b = rng.normal(size=2)
    return (lambda w: a * w * w + b * w), float(rng.normal()), float(rng.uniform(0.01, 1))


TASKS = (
    Task(
        "04.middle",
        asked="Write a function middle(f, w, epsilon): nudge both ways, and return the slope of the line through f at "
        "w - epsilon and f at w + epsilon.",
        judge=function(
            middle,
            _draw_waves,
            (
                ("that is how far f rises: divide by how far w went.", lambda f, w, e: f(w + e) - f(w - e)),
                ("how far is it from w - epsilon to w + epsilon?", lambda f, w, e: (f(w + e) - f(w - e)) / e),
                ("that line begins at w, not at w - epsilon.", lambda f, w, e: (f(w + e) - f(w)) / e),
                ("the sign is flipped: the end minus the start.", lambda f, w, e: (f(w - e) - f(w + e)) / (2 * e)),
            ),
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
        judge=number_is(
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
