"""Data and weights in the shapes in which people type them: what can be meant in one way only is taken, and said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import describe, finite_array

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

FORM = "W1 (inputs, units), b1 (units,), W2, ..., or no biases at all"


def layers_of(start: dict[str, ArrayLike], X: ArrayLike) -> tuple[dict[str, np.ndarray], bool, list[str]]:
    """Return (arrays, shared, notes): weights W1 (D, H), ... and biases b1 (1, H), ..., none if none was typed.

    start: as typed, a dict. Weights may be (units, inputs), which is found out from their neighbours; a flat list
    stands for the weights of one unit, or of one input; a number for one bias. shared: whether a number stands for the
    bias of a whole layer. notes: what was turned or filled in, in words. Raises ValueError for what fits in no way.
    """
    if not isinstance(start, dict) or not all(isinstance(name, str) for name in start):
        raise ValueError(f"start: expected a dict with W1, b1, W2, ..., got {describe(start)}")
    count = sum(name.startswith("W") for name in start)
    names = [f"W{n}" for n in range(1, count + 1)]
    biases = [f"b{n}" for n in range(1, count + 1)]
    given = {name for name in start if name.startswith("b")}
    if not count or set(start) - {*names, *biases} or given not in (set(), set(biases)):
        expected = ", ".join(name for pair in zip(names or ["W1"], biases or ["b1"], strict=True) for name in pair)
        raise ValueError(f"start: expected {expected}, or no biases at all, got {', '.join(start) or 'an empty dict'}")
    typed = {name: finite_array(name, start[name]) for name in start}
    first = _inputs(X, typed["W1"])
    arrays, notes = _as_typed([typed[name] for name in names], first), []
    if arrays is None:
        arrays = _as_typed([W.T if W.ndim == 2 else W for W in (typed[name] for name in names)], first)
        if arrays is None:
            shapes = ", ".join(f"{name} {typed[name].shape}" for name in names)
            raise ValueError(f"start: expected {FORM}, for {first} inputs, got {shapes}")
        notes.append("The weights were turned: yours are (units, inputs), ours (inputs, units).")
    made, shared = dict(zip(names, arrays, strict=True)), False
    for name, W in zip(biases, arrays, strict=True) if given else ():
        b, units = typed[name], W.shape[1]
        if b.size == 1 and units > 1:
            shared = True
        elif b.size != units:
            raise ValueError(f"{name}: expected {units} biases, or one that all units share, got shape {b.shape}")
        made[name] = np.broadcast_to(b.reshape(1, -1), (1, units))
    if shared:
        notes.append("One bias was typed for all units of a layer: its gradient is the sum of theirs.")
    return made, shared, notes


def _inputs(X, W):
    """Return how many inputs a sample has; a flat X is one sample, or a column of samples with one input each."""
    data = finite_array("X", X)
    if data.ndim == 2:
        return data.shape[1]
    if data.ndim != 1:
        raise ValueError(f"X: expected a row for each sample, or the inputs of one sample, got shape {data.shape}")
    return 1 if W.ndim == 2 and 1 in W.shape and len(data) not in W.shape else len(data)


def _as_typed(weights, first):
    """Return the weights as a chain of (inputs, units) arrays that begins with `first` inputs, or None."""
    arrays, came_in = [], first
    for W in weights:
        if W.ndim < 2:  # the weights of one unit; or, of one input, those of many
            W = W.reshape((-1, 1) if W.size == came_in else (1, -1))
        if W.ndim != 2 or W.shape[0] != came_in:
            return None
        arrays.append(W)
        came_in = W.shape[1]
    return arrays


def samples_of(X: ArrayLike, inputs: int) -> np.ndarray:
    """Return X as (N, inputs): a flat list is one sample, or, with one input, a column of them."""
    data = finite_array("X", X)
    return data if data.ndim == 2 else data.reshape(-1, inputs)


def targets_of(y: ArrayLike, samples: int, outputs: int, softmax: bool) -> tuple[np.ndarray, list[str]]:
    """Return (y, notes): the targets as (samples, outputs), and what was filled in, in words.

    A flat list is one number for each sample, or those of one sample; of a softmax, where it has one whole number for
    each sample, these are classes, counted from 0. Raises ValueError for what fits in no way.
    """
    given = finite_array("y", y)
    wanted = f"a row of {outputs} for each sample, e.g. {[0] * (outputs - 1) + [1]}"
    if given.ndim == 2 and given.shape == (samples, outputs):
        return given, []
    if softmax and given.size == samples and given.ndim < 3:
        labels = given.ravel()
        if not (labels == labels.round()).all() or not ((labels >= 0) & (labels < outputs)).all():
            classes = f"classes from 0 to {outputs - 1}, counted from 0"
            raise ValueError(f"y: expected {classes}, or {wanted}, got {describe(given.tolist())}")
        said = ", ".join(f"{label:.0f}" for label in labels)
        note = f"The targets are classes, counted from 0: {said}, so class {labels[0] + 1:.0f} of {outputs} first."
        return np.eye(outputs)[labels.astype(int)], [note]
    if given.size == samples * outputs and (outputs == 1 or samples == 1) and given.ndim < 3:
        return given.reshape(samples, outputs), []
    raise ValueError(f"y: expected {wanted if outputs > 1 else 'a number for each sample'}, got shape {given.shape}")
