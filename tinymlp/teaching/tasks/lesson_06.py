"""The exercises of lesson 6: the backward pass."""

from tinymlp.activations import silu, silu_slope
from tinymlp.teaching.judges import function
from tinymlp.teaching.task import Task

# Solutions, as a learner may write them


def delta(dz2, W2, h1):
    dh1 = dz2 @ W2.T
    return dh1 * h1 * (1 - h1)


def gradients(h, dz):
    return h.T @ dz, dz.sum(axis=0, keepdims=True)


TASKS = (
    Task(
        "06.delta",
        asked="Let the hidden units use a sigmoid in place of SiLU; its slope is h1 (1 - h1). Write a function "
        "delta(dz2, W2, h1) that returns dz1 for all samples: dz2 is (N, 1), W2 (H, 1), h1 (N, H).",
        judge=function(
            delta,
            lambda rng: (rng.normal(size=(4, 1)), rng.normal(size=(3, 1)), rng.uniform(0.1, 0.9, size=(4, 3))),
            (
                ("that is dh1: the activation's slopes are missing.", lambda dz2, W2, h1: dz2 @ W2.T),
                ("multiply by the activation's slope, not by h1.", lambda dz2, W2, h1: dz2 @ W2.T * h1),
                ("half the slope is missing: it is h1 (1 - h1).", lambda dz2, W2, h1: dz2 @ W2.T * (1 - h1)),
                ("the weights W2 are missing.", lambda dz2, W2, h1: dz2 * h1 * (1 - h1)),
                (
                    "that is SiLU's slope, with h1 for its z: here the activation is a sigmoid.",
                    lambda dz2, W2, h1: dz2 @ W2.T * silu_slope(h1, silu(h1)),
                ),
            ),
            "dz2, W2 and h1",
        ),
        hints=(
            "First back through the weights, then through the activation.",
            "dh1 has the shape (N, H): which product of dz2 and W2 has it?",
            "Then multiply by the slopes, entry by entry.",
        ),
        solution=delta,
    ),
    Task(
        "06.gradients",
        asked="Write a function gradients(h, dz) that returns dW and db of a layer: h is (N, H), dz (N, C), and "
        "db (1, C).",
        judge=function(
            gradients,
            lambda rng: (rng.normal(size=(5, 3)), rng.normal(size=(5, 2))),
            (
                (
                    "the sum over the samples, not the mean: the N is already in dz.",
                    lambda h, dz: (h.T @ dz / len(h), dz.mean(axis=0, keepdims=True)),
                ),
                ("the shape should be that of W: turn the product round.", lambda h, dz: (dz.T @ h, None)),
            ),
            "h and dz",
            ("dW", "db"),
        ),
        hints=(
            "dW has the shape of W: as many rows as came in, as many columns as units.",
            "dW = h.T @ dz adds up over the samples.",
            "db = dz.sum(axis=0, keepdims=True).",
        ),
        solution=gradients,
    ),
)
