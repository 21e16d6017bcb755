"""Predictions and targets in the units of a learner's own data, where these were standardised to be learnt."""

import numpy as np


def value_said(problem, p):
    """Return in words what outputs p (C,) are in the targets' own units, e.g. "salary 53210"; "" if they have none."""
    return f"{problem.units.name} {amounts(problem, p)}" if problem.units is not None else ""


def answer_and_target(problem, p, y):
    """Return in words what a network answers and what it should, in the targets' own units; "" if they have none."""
    return f"{value_said(problem, p)}, target {amounts(problem, y)}" if problem.units is not None else ""


def amounts(problem, p):
    """Return outputs p (C,) in their own units as text: as many digits as tell a hundredth of their spread."""
    return ", ".join(
        rounded(value, spread) for value, spread in zip(problem.in_units(p), problem.units.spread, strict=True)
    )


def rounded(value, spread):
    """Return a number with the digits that matter where numbers are spread so far."""
    digits = int(np.clip(2 - np.floor(np.log10(spread)), 0, 12))
    return f"{round(float(value), digits) + 0.0:.{digits}f}"
