"""Homework: sheets of friendly numbers, and a check that finds the first wrong cell and names the likely slip."""

from __future__ import annotations

import zlib
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import axes, describe, whole
from tinymlp.network import sample_losses
from tinymlp.params import MLP
from tinymlp.problems import Problem
from tinymlp.run import Run
from tinymlp.teaching.cells import Cell, Sheet
from tinymlp.teaching.checking import Outcome, check, judged, order
from tinymlp.teaching.conventions import OURS, Conventions
from tinymlp.teaching.typed import layers_of, samples_of, targets_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

__all__ = ["Cell", "Conventions", "Outcome", "Sheet", "check", "judged", "order", "sheet", "sheet_of"]

TRIES = 2_000


def sheet(
    seed: int | str,
    *,
    secret: str = "",
    sizes: Sequence[int] = (3, 2, 1),
    hidden: str | tuple[str, ...] = "silu",
    output: str = "sigmoid",
    loss: str = "cross_entropy",
    samples: int = 3,
    eta: float | None = None,
    gamma: float | None = None,
    iterations: int = 2,
    conventions: Conventions = OURS,
) -> Sheet:
    """Return a Sheet of friendly one-decimal numbers: the same for the same seed, secret and options.

    seed: a whole number, or a text such as a learner's name; secret: a teacher's own text, without which nobody can
    make the same sheet. No unit is dead, no gradient is 0, and targets and losses differ. conventions: how the class's
    book does what others do otherwise, as for `sheet_of`. Raises ValueError for bad options.
    """
    conventions = _checked(conventions)
    net = MLP(axes("sizes", sizes), hidden, output, loss)
    if output == "softmax" and net.sizes[-1] == 1:
        raise ValueError(f"sizes: expected two outputs or more, as the softmax of one is always 1, got {net.sizes}")
    options = (
        str(seed),
        str(secret),
        net,
        whole("samples", samples, least=1),
        eta,
        gamma,
        whole("iterations", iterations, least=1),
        *([conventions] if conventions != OURS else []),  # old sheets stay the same
    )
    digest = sha256(repr(options).encode()).digest()
    rng = np.random.default_rng(list(digest))
    for _ in range(TRIES):
        made = Sheet(_friendly(net, samples, eta, gamma, rng), iterations, "tm-" + digest.hex()[:6], conventions)
        if _worth_working(made):
            return made
    raise ValueError(f"sheet: expected options with which no number is 0, got {net} with {samples} samples")


def _checked(conventions):
    if not isinstance(conventions, Conventions):
        raise ValueError(f"conventions: expected homework.Conventions(...), got {describe(conventions)}")
    return conventions


def _friendly(net, samples, eta, gamma, rng):
    def tenths(low, high, shape):
        return rng.integers(low, high + 1, size=shape) / 10

    flat = tenths(1, 9, net.count) * rng.choice([-1, 1], net.count)
    X = tenths(0, 10, (samples, net.sizes[0]))
    if net.output == "softmax":
        y = np.eye(net.sizes[-1])[(np.arange(samples) + rng.integers(net.sizes[-1])) % net.sizes[-1]]
    elif net.loss == "cross_entropy":
        y = np.array([(n + rng.integers(2, size=net.sizes[-1])) % 2 for n in range(samples)], dtype=float)
    else:
        y = tenths(0, 10, (samples, net.sizes[-1]))
    eta = float(rng.choice([0.2, 0.4, 0.5, 0.8])) if eta is None else eta
    gamma = float(rng.choice([0.5, 0.8, 0.9])) if gamma is None else gamma
    return Problem(net, X, y, net.params(**_named(net, flat)), eta, gamma, "homework")


def _named(net, flat):
    return {name: flat[net.slices[name]].reshape(shape) for name, shape in net.shapes.items()}


def _one_sided(problem):
    """Return whether all targets of an output are equal, so that one half of the loss would never be used."""
    same = (problem.y == problem.y[0]).all(axis=0)
    return len(problem.y) > 1 and bool(same.all() if problem.net.output == "softmax" else same.any())


def _worth_working(made):
    """Return whether every number is worth working out: none is 0, no unit is dead, losses and targets differ."""
    if _one_sided(made.problem):
        return False
    run = Run(made.problem).step(made.iterations)
    if run.t < made.iterations:
        return False
    for t in range(made.iterations):
        moment = run.at(t)
        sums = np.concatenate([z.ravel() for z in moment.trace.z])
        hidden = zip(made.problem.net.activations, moment.trace.h[1:-1], strict=False)
        alive = all((h > 0).any(axis=0).all() for name, h in hidden if name == "relu")
        if abs(moment.grads.flat).min() < 1e-3 or abs(sums).min() < 1e-3 or not alive:
            return False
    return np.ptp(run.losses) > 1e-3 and sample_losses(run.at(0).trace, made.problem.y).min() > 1e-3


def sheet_of(
    X: ArrayLike,
    y: ArrayLike,
    start: dict[str, ArrayLike],
    *,
    eta: float,
    gamma: float,
    iterations: int = 2,
    hidden: str | tuple[str, ...] = "silu",
    output: str = "sigmoid",
    loss: str = "cross_entropy",
    velocity: dict[str, ArrayLike] | None = None,
    conventions: Conventions = OURS,
) -> Sheet:
    """Return a Sheet of any homework from elsewhere: data X (N, D) and y (N, C), and start, a dict of W1, b1, W2, ...

    The sizes follow from the weights; without b1, b2, ... the network has no biases. Other shapes are taken where they
    can be meant in one way only, and `notes` says how: see `teaching.typed`. velocity: the one before the first
    iteration, typed as the start is. conventions: how the text does what others do otherwise, e.g.
    homework.Conventions(loss="whole", rule="pytorch"). Raises ValueError for what does not fit.
    """
    conventions = _checked(conventions)
    arrays, shared, notes = layers_of(start, X)
    weights = [array for name, array in arrays.items() if name.startswith("W")]
    sizes, biases = (weights[0].shape[0], *(W.shape[1] for W in weights)), "each" if "b1" in arrays else "none"
    net = MLP(sizes, hidden, output, loss, biases)
    data = samples_of(X, net.sizes[0])
    targets, said = targets_of(y, len(data), net.sizes[-1], output == "softmax")
    first = None if velocity is None else net.params(**layers_of(velocity, X)[0])
    problem = Problem(net, data, targets, net.params(**arrays), eta, gamma, "own homework", velocity=first)
    conventions = replace(conventions, biases="shared") if shared else conventions
    numbers = [problem.X, problem.y, problem.params.flat, np.array([problem.eta, problem.gamma, iterations])]
    numbers += [] if first is None else [first.flat]
    known = repr(net) + (repr(conventions) if conventions != OURS else "")
    checksum = zlib.crc32(b"".join(array.tobytes() for array in numbers) + known.encode())
    made = Sheet(problem, whole("iterations", iterations, least=1), f"own-{checksum:08x}"[:10], conventions)
    return replace(made, notes=(*notes, *said))
