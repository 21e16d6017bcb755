"""What was taken of a learner's own data, and how it is said: rows and columns, inputs, target, what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tinymlp.checks import choice, describe, finite_array
from tinymlp.targets import FITS, span

if TYPE_CHECKING:
    from typing import Any

LEAVE_OUT = "leave out"


class Taken(NamedTuple):
    """What was taken of a table: X (N, D), targets (N,) or (N, C), names of the inputs, and words that say it."""

    X: np.ndarray
    targets: np.ndarray
    features: tuple[str, ...]
    said: list[str]
    left_out: list[str]


def of_arrays(data: Any, target: Any, features: tuple[str, ...], missing: str | None) -> Taken:
    """Return what is Taken of arrays: X (N, D), and a target for each sample; missing: as `problems.problem` has it.

    Raises ValueError for arrays that are none, and for missing numbers unless they may be left out.
    """
    leave_out = missing is not None and choice("missing", missing, (LEAVE_OUT,)) == LEAVE_OUT
    X = np.asarray(data, dtype=float) if leave_out else finite_array("data", data)
    if X.ndim != 2 or not X.size:
        raise ValueError(f"data: expected two axes, samples and columns, got shape {X.shape}")
    try:
        targets = np.asarray(target)
        if targets.dtype.kind == "O":  # words, or a column of a data frame
            targets = np.array(targets.tolist())
    except ValueError as error:
        raise ValueError(f"target: expected one for each sample, got {describe(target)} ({error})") from None
    if targets.ndim not in (1, 2) or len(targets) != len(X):
        raise ValueError(f"target: expected one for each of the {len(X)} samples, got shape {targets.shape}")
    kept, left_out = np.ones(len(X), dtype=bool), []
    if leave_out:
        kept = np.isfinite(X).all(axis=1)
        if targets.dtype.kind == "f":
            kept &= np.isfinite(targets.reshape(len(X), -1)).all(axis=1)
        left_out = [] if kept.all() else [f"{(~kept).sum()} of {len(X)} rows, with missing numbers"]
    return Taken(X[kept], targets[kept], features, [f"{len(X)} rows, {X.shape[1]} columns"], left_out)


def in_words(taken: Taken, target: str, words: str, standardise: bool | str, classes: bool) -> str:
    """Return in a few lines what was taken.

    target: its heading, "" for none; words: what the targets are; standardise: as `problems.problem` has it.
    """
    inputs = ", ".join(taken.features) or f"{taken.X.shape[1]} columns"
    if standardise is True:
        inputs += ", standardised: mean 0 and spread 1"
    else:
        inputs += f", as they are, {span(taken.X)}"
        if abs(taken.X).max() > FITS:
            inputs += "; a network learns better from mean 0 and spread 1: standardise=True"
    if standardise and not classes:
        words += "; standardised, and predictions are shown in its own units"
    heading = f"target {target}" if target else "target"
    lines = [*taken.said, f"inputs: {inputs}", f"{heading}: {words}"]
    lines += [f"left out: {'; '.join(taken.left_out)}"] if taken.left_out else []
    return "\n".join(f"  {line}" for line in lines)
