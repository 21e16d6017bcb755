"""The exercises of lesson 6: the backward pass."""

from tinymlp.activations import silu, silu_slope
from tinymlp.teaching.judges import Function
from tinymlp.teaching.task import Task
from tinymlp.teaching.tasks.common import divided

# Solutions, as a learner may write them


def delta(dz2, W2, h1):
    dh1 = dz2 @ W2.T
    return dh1 * h1 * (1 - h1)


def gradients(h, p, y, c):
    dz = c * (p - y) / c.sum()
    return h.T @ dz, dz.sum(axis=0, keepdims=True)


# What the judges know


def _draw_delta(rng):
    n = int(rng.integers(2, 7))
    return rng.normal(size=(n, 1)), rng.normal(size=(3, 1)), rng.uniform(0.1, 0.9, size=(n, 3))


DELTA_SLIPS = (
    ("that is dh1: the activation's slopes are missing.", lambda dz2, W2, h1: dz2 @ W2.T),
    ("multiply by the activation's slope, not by h1.", lambda dz2, W2, h1: dz2 @ W2.T * h1),
    ("half the slope is missing: it is h1 (1 - h1).", lambda dz2, W2, h1: dz2 @ W2.T * (1 - h1)),
    ("the slope is h1 (1 - h1), not h1 (1 + h1).", lambda dz2, W2, h1: dz2 @ W2.T * h1 * (1 + h1)),
    ("brackets are missing: all of 1 - h1 is a factor.", lambda dz2, W2, h1: dz2 @ W2.T * h1 * 1 - h1),
    ("the weights W2 are missing.", lambda dz2, W2, h1: dz2 * h1 * (1 - h1)),
    (
        "that is SiLU's slope, with h1 for its z: here the activation is a sigmoid.",
        lambda dz2, W2, h1: dz2 @ W2.T * silu_slope(h1, silu(h1)),
    ),
    ("divided by the number of samples: that N is in dz2 already.", lambda dz2, W2, h1: delta(dz2, W2, h1) / len(h1)),
    *divided(delta, "divided, though the N is in dz2 already."),
)


def _draw_counted(rng):
    n = int(rng.integers(2, 7))
    y, c = rng.integers(2, size=(n, 1)).astype(float), rng.integers(1, 6, size=(n, 1)).astype(float)
    return rng.normal(size=(n, 3)), rng.uniform(0.05, 0.95, size=(n, 1)), y, c


def _with_dz(dz):
    """Return the exercise's function with another delta: dz(p, y, c)."""

    def both(h, p, y, c):
        delta = dz(p, y, c)
        return h.T @ delta, delta.sum(axis=0, keepdims=True)

    return both


GRADIENTS_SLIPS = (
    (
        "the sum over the samples, not the mean: the division is in dz already.",
        lambda h, p, y, c: (None, (c * (p - y) / c.sum()).mean(axis=0, keepdims=True)),
    ),
    (
        "the sum over the samples, not the mean: the division is in dz already.",
        lambda h, p, y, c: (gradients(h, p, y, c)[0] / len(h), None),
    ),
    ("c is missing: each sample is counted once.", _with_dz(lambda p, y, c: (p - y) / len(y))),
    ("c is missing above the line: each sample pulls c times.", _with_dz(lambda p, y, c: (p - y) / c.sum())),
    ("c is missing, and so is the mean.", _with_dz(lambda p, y, c: p - y)),
    ("that is the sum: divide it by the sum of all c.", _with_dz(lambda p, y, c: c * (p - y))),
    ("divide by the sum of all c, not by the number of samples.", _with_dz(lambda p, y, c: c * (p - y) / len(y))),
    ("divide by the sum of all c, not by their mean.", _with_dz(lambda p, y, c: c * (p - y) / c.mean())),
    ("c is there twice.", _with_dz(lambda p, y, c: c * c * (p - y) / c.sum())),
    ("c should multiply, not divide: it was on the wrong side of the line.", _with_dz(lambda p, y, c: (p - y) / c)),
    ("brackets are missing: all of p - y is divided.", _with_dz(lambda p, y, c: c * (p - y / c.sum()))),
    ("brackets are missing: c multiplies all of p - y.", _with_dz(lambda p, y, c: (c * p - y) / c.sum())),
    ("brackets are missing around p - y.", _with_dz(lambda p, y, c: c * p - y / c.sum())),
    ("y is added: it is p - y.", _with_dz(lambda p, y, c: c * (p + y) / c.sum())),
    ("the sigmoid's slope is in p - y already.", _with_dz(lambda p, y, c: c * (p - y) * p * (1 - p) / c.sum())),
    *(
        (f"that divides by {n}: divide by the sum of all c.", _with_dz(lambda p, y, c, n=n: c * (p - y) / n))
        for n in (2, 3)
    ),
    *(
        (f"c is missing, and {n} is not always the number of samples.", _with_dz(lambda p, y, c, n=n: (p - y) / n))
        for n in (2, 3)
    ),
    ("the shape should be that of W: turn the product round.", lambda h, p, y, c: (gradients(h, p, y, c)[0].T, None)),
)


TASKS = (
    Task(
        "06.delta",
        asked="Let the hidden units use a sigmoid in place of SiLU; its slope is h1 (1 - h1). Write a function "
        "delta(dz2, W2, h1) that returns dz1 for all samples: dz2 is (N, 1), W2 (H, 1), h1 (N, H).",
        judge=Function(delta, _draw_delta, DELTA_SLIPS, "dz2, W2 and h1"),
        hints=(
            "First back through the weights, then through the activation.",
            "dh1 has the shape (N, H): which product of dz2 and W2 has it?",
            "Then multiply by the slopes, entry by entry.",
        ),
        solution=delta,
    ),
    Task(
        "06.gradients",
        asked="Some samples count more than others: sample n counts c_n times, so L is the sum of all c_n times its "
        "loss, divided by the sum of all c_n. Write a function gradients(h, p, y, c) that returns dW and db of the "
        "output's layer, a sigmoid with cross-entropy: h is (N, H); p, y and c are (N, 1).",
        judge=Function(gradients, _draw_counted, GRADIENTS_SLIPS, "h, p, y and c", ("dW", "db")),
        hints=(
            "If every c is 1, it is the layer of this lesson. Where in it are the samples averaged?",
            "They are averaged in the delta, (p - y) / N. Now each row pulls c times. How many were counted in all?",
            "dz = c * (p - y) / c.sum(). From there on nothing changes.",
        ),
        solution=gradients,
    ),
)
