"""The exercises of lesson 10: too much momentum."""

import numpy as np

from tinymlp.teaching.judges import Function
from tinymlp.teaching.task import Task

# Solutions, as a learner may write them


def limit(sharpness, gamma):
    return 2 * (1 + gamma) / sharpness


def rises(losses):
    return int((np.diff(losses) > 0).sum())


# What the judges know


def _draw_limit(rng):
    return float(rng.uniform(0.2, 5)), float(rng.uniform(0.1, 0.95))


LIMIT_SLIPS = (
    ("that is the limit without momentum: gamma is missing.", lambda s, gamma: 2 / s),
    ("divide by the sharpness: that is eta times the sharpness.", lambda s, gamma: 2 * (1 + gamma)),
    ("upside down: a sharper bowl needs a shorter step.", lambda s, gamma: s / (2 * (1 + gamma))),
    ("a sharper bowl needs a shorter step: divide by the sharpness.", lambda s, gamma: 2 * (1 + gamma) * s),
    ("that is half of it: the 2 is missing.", lambda s, gamma: (1 + gamma) / s),
    ("1 - gamma bounds the energy. Wobbles die out further than that.", lambda s, gamma: 2 * (1 - gamma) / s),
    ("momentum moves the limit up, not down: multiply by 1 + gamma.", lambda s, gamma: 2 / (1 + gamma) / s),
    ("that is what the average's rule has.", lambda s, gamma: 2 * (1 + gamma) / (1 - gamma) / s),
    ("multiply by 1 + gamma: 1 - gamma sets how fast a steady push gets.", lambda s, gamma: 2 / (1 - gamma) / s),
    ("that is the limit of Nesterov's method.", lambda s, gamma: 2 * (1 + gamma) / (1 + 2 * gamma) / s),
    (
        "there a run begins to swing past the bottom; its wobbles still die out.",
        lambda s, gamma: (1 - np.sqrt(gamma)) ** 2 / s,
    ),
    ("2 multiplies all of 1 + gamma: brackets are missing.", lambda s, gamma: (2 + gamma) / s),
    ("all of 2 (1 + gamma) is divided: brackets are missing above the line.", lambda s, gamma: 2 * 1 + gamma / s),
    ("all of 1 + gamma is divided by the sharpness.", lambda s, gamma: 2 * (1 + gamma / s)),
    ("the 1 is missing: 1 + gamma.", lambda s, gamma: 2 * gamma / s),
)


def _draw_rises(rng):
    """Return losses of which some steps rise, some fall and some do neither, with at least two rises."""
    while True:
        losses = 1 + rng.integers(-4, 5, size=int(rng.integers(7, 12))) / 8
        if rises(losses) > 1 and losses[-1] > losses[-2]:
            return (losses,)


def _lowest_before(losses):
    return np.minimum.accumulate(losses)[:-1]


def _peaks(losses):
    up = np.diff(losses) > 0
    return (up[:-1] & ~up[1:]).sum() + up[-1]


RISES_SLIPS = (
    ("that says where it rose: count the steps.", lambda losses: np.diff(losses) > 0),
    ("those are the steps in which it fell.", lambda losses: (np.diff(losses) < 0).sum()),
    ("a step in which the loss stays the same is no rise.", lambda losses: (np.diff(losses) >= 0).sum()),
    ("that says whether it rose: in how many steps?", lambda losses: 1),
    ("compare each loss with the one before it, not with the first.", lambda losses: (losses > losses[0]).sum()),
    (
        "compare each loss with the one before it, not with the lowest so far.",
        lambda losses: (losses[1:] > _lowest_before(losses)).sum(),
    ),
    (
        "compare each loss with the one before it, not with the highest so far.",
        lambda losses: (losses[1:] > np.maximum.accumulate(losses)[:-1]).sum(),
    ),
    ("that is how far it rose: in how many steps?", lambda losses: np.maximum(np.diff(losses), 0).sum()),
    ("that is a share of the steps: how many are they?", lambda losses: (np.diff(losses) > 0).mean()),
    ("that is how many losses there are in which nothing rose.", lambda losses: len(losses) - rises(losses)),
    ("those are the steps in which it did not rise.", lambda losses: len(losses) - 1 - rises(losses)),
    ("a climb of several steps counts for each of them: you have counted the peaks.", _peaks),
    ("the last step is missing.", lambda losses: rises(losses[:-1])),
    ("the first step is missing.", lambda losses: rises(losses[1:])),
    ("one too many: n losses have n - 1 steps between them.", lambda losses: rises(losses) + 1),
    ("that is how many steps there are in all.", lambda losses: len(losses) - 1),
)


TASKS = (
    Task(
        "10.limit",
        asked="Write a function limit(sharpness, gamma) that returns the largest eta of our rule with which wobbles "
        "along the sharpest direction still die out.",
        judge=Function(limit, _draw_limit, LIMIT_SLIPS, "sharpness and gamma"),
        hints=(
            "In a bowl it is eta times the sharpness that counts. Without momentum it has to stay below 2.",
            "Momentum moves that limit up, to 2 (1 + gamma).",
            "eta times the sharpness is 2 (1 + gamma) at the limit: divide by the sharpness.",
        ),
        solution=limit,
    ),
    Task(
        "10.rises",
        asked="Write a function rises(losses) that returns in how many steps the loss rose. losses holds the loss at "
        "t = 0, 1, 2, ...",
        judge=Function(rises, _draw_rises, RISES_SLIPS, "losses"),
        hints=(
            "Each step has a loss before it and a loss after it.",
            "`np.diff(losses)` holds the change in each step.",
            "Where is the change larger than 0? True counts as 1 in a sum.",
        ),
        solution=rises,
    ),
)
