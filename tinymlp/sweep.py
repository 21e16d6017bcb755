"""Many networks at once: loss curves and surfaces, and thousands of runs side by side.

A leading axis for the networks, and the same functions as for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import describe, finite_array, number, one_number, whole
from tinymlp.momentum import rule_of
from tinymlp.network import forward, loss
from tinymlp.params import Params, trusted
from tinymlp.record import loss_ceiling
from tinymlp.training import PLAIN, Training

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from tinymlp.problems import Problem

SMALL = 64  # multiplications of a matrix product: above this a stack of them is worth a call for each
BUDGET = 64 * 2**20  # bytes per slice: more networks take several slices


def loss_curve(
    problem: Problem,
    entry: tuple[str, tuple[int, int]],
    values: ArrayLike,
    *,
    params: Params | None = None,
    budget: float = BUDGET,
    progress: Callable[[int, int], object] | None = None,
) -> np.ndarray:
    """Return the losses (V,) with one parameter set to each of the values (V,) and the others fixed.

    entry: (name, index), e.g. ("W1", (0, 1)); params: the others' values, default the problem's start.
    budget: bytes; progress(done, of_all) is called after each slice. Raises ValueError for what does not fit.
    """
    return _losses(problem, params, [entry], [_axis("values", values)], budget, progress)


def loss_surface(
    problem: Problem,
    first: tuple[str, tuple[int, int]],
    second: tuple[str, tuple[int, int]],
    first_values: ArrayLike,
    second_values: ArrayLike,
    *,
    params: Params | None = None,
    budget: float = BUDGET,
    progress: Callable[[int, int], object] | None = None,
) -> np.ndarray:
    """Return the losses (A, B) with two parameters set to each pair of values (A,) and (B,), the others fixed.

    Arguments as for `loss_curve`; the first parameter varies down the rows, the second across the columns.
    """
    if problem.params.position(*first) == problem.params.position(*second):
        raise ValueError(f"second: expected a different parameter from the first, got {second} twice")
    grid = np.broadcast_arrays(
        _axis("first_values", first_values)[:, np.newaxis], _axis("second_values", second_values)
    )
    return _losses(problem, params, [first, second], grid, budget, progress)


def _axis(name, values):
    values = finite_array(name, values)
    if values.ndim != 1 or not values.size:
        raise ValueError(f"{name}: expected one axis of values, got shape {values.shape}")
    return values


def _losses(problem, params, entries, values, budget, progress):
    """Return the losses with the entries set to the values, arrays of the same shape, slice by slice."""
    params = problem.params if params is None else params
    if not isinstance(params, Params) or params.net != problem.net or params.leading:
        raise ValueError(f"params: expected Params of the network {problem.net}, got {describe(params)}")
    losses = np.empty(values[0].size)
    for part in _slices(problem, losses.size, budget):
        flat = np.repeat(params.flat[np.newaxis], part.stop - part.start, axis=0)
        for entry, column in zip(entries, values, strict=True):
            flat[:, params.position(*entry)] = column.flat[part]
        losses[part] = loss(forward(laid_out(problem, flat), problem.X), problem.y)
        if progress:
            progress(part.stop, losses.size)
    return losses.reshape(values[0].shape)


def _slices(problem, count, budget):
    """Return slices of `count` networks, each of which takes at most about `budget` bytes."""
    sizes = problem.net.sizes
    each = 8 * (6 * problem.net.count + 4 * len(problem.X) * sum(sizes))
    at_once = max(1, int(one_number("budget", budget, least=1)) // each)
    return [slice(start, min(start + at_once, count)) for start in range(0, count, at_once)]


def laid_out(problem: Problem, flat: np.ndarray) -> Params:
    """Return Params (R, P) in the order in memory with which numpy's arithmetic on them is fastest.

    Many small networks lie side by side, each number next to the same one of the next network; large ones one after
    another, as their matrix products are worth the call.
    """
    net = problem.net
    largest = len(problem.X) * max(inputs * units for inputs, units in zip(net.sizes, net.sizes[1:], strict=False))
    if largest > SMALL:
        return trusted(net, np.ascontiguousarray(flat))
    return trusted(net, np.ascontiguousarray(flat.T).T)


@dataclass(frozen=True)
class Runs:
    """What `many_runs` returns, each with the runs' leading axes: where they ended, and which had to be stopped.

    losses (...): the last finite loss; first (...): the loss at the start; history (steps + 1, ...): all losses, frozen
    after a stop, or None; params, velocity: of the last step that was taken; stopped (...): whether the run diverged;
    t (...): the steps taken.
    """

    losses: np.ndarray
    first: np.ndarray
    history: np.ndarray | None
    params: Params
    velocity: Params
    stopped: np.ndarray
    t: np.ndarray

    def __repr__(self):
        low, high = self.losses.min(initial=np.inf), self.losses.max(initial=-np.inf)
        return (
            f"Runs, {self.losses.shape or 'one'}: losses from {low:.4g} to {high:.4g}, "
            f"{int(self.stopped.sum())} stopped as they diverged"
        )


def many_runs(
    problem: Problem,
    steps: int,
    *,
    eta: ArrayLike | None = None,
    gamma: ArrayLike | None = None,
    starts: Params | None = None,
    rule: str | Callable = "momentum",
    training: Training = PLAIN,
    history: bool = False,
    budget: float = BUDGET,
    progress: Callable[[int, int], object] | None = None,
) -> Runs:
    """Return the Runs of a problem with many settings or starts at once, `steps` steps each.

    eta, gamma: numbers or arrays, default the problem's; starts: Params with leading axes, default the problem's start.
    Their leading axes broadcast: eta (50, 1) and gamma (50,) make 2,500 runs. A run whose next step would diverge, as
    in `Run`, is frozen where it is and flagged; the others go on. training: which gradient a step takes, as for `Run`.
    history: keep every loss. progress(done, of_all) is called after each slice. Raises ValueError for what does not
    fit.
    """
    steps, net, rule = whole("steps", steps), problem.net, rule_of(rule)
    starts = problem.params if starts is None else starts
    if not isinstance(starts, Params) or starts.net != net:
        raise ValueError(f"starts: expected Params of the network {net}, got {describe(starts)}")
    eta = np.asarray(number("eta", problem.eta if eta is None else eta, least=0))
    gamma = np.asarray(number("gamma", problem.gamma if gamma is None else gamma, least=0, most=1))
    shapes = eta.shape, gamma.shape, starts.leading
    try:
        leading = np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(f"eta, gamma, starts: expected leading axes that broadcast, got {shapes}") from None
    etas, gammas = (np.broadcast_to(setting, leading).ravel() for setting in (eta, gamma))
    flat = starts.flat.reshape(-1, net.count)
    start_of = np.broadcast_to(np.arange(len(flat)).reshape(starts.leading), leading).ravel()
    count = len(start_of)
    ends, velocities = np.empty((count, net.count)), np.empty((count, net.count))
    losses, first = np.empty(count), np.empty(count)
    t, all_losses = np.empty(count, dtype=int), np.empty((steps + 1, count)) if history else None
    with np.errstate(all="ignore"):  # runs that diverge are flagged
        for part in _slices(problem, count, budget):
            record = None if all_losses is None else all_losses[:, part]
            outcome = _run_slice(
                problem,
                training,
                steps,
                laid_out(problem, flat[start_of[part]]),
                etas[part],
                gammas[part],
                rule,
                record,
            )
            ends[part], velocities[part], losses[part], first[part], t[part] = outcome
            if progress:
                progress(part.stop, count)
    return Runs(
        losses.reshape(leading),
        first.reshape(leading),
        None if all_losses is None else all_losses.reshape(steps + 1, *leading),
        trusted(net, ends.reshape(*leading, -1)),
        trusted(net, velocities.reshape(*leading, -1)),
        (t < steps).reshape(leading),
        t.reshape(leading),
    )


def _run_slice(problem, training, steps, params, eta, gamma, rule, record):
    """Return (params, velocity, losses, first losses, steps taken) of a slice of runs, as arrays."""
    X, y = problem.X, problem.y
    velocity = laid_out(problem, np.broadcast_to(problem.first_velocity.flat, params.flat.shape))
    ends, velocities, memory = params.flat.copy(), velocity.flat.copy(), ()
    trace = forward(params, X)
    first = loss(trace, y)
    losses, t = first.copy(), np.zeros(len(first), dtype=int)
    going, ceiling, now = np.arange(len(first)), loss_ceiling(first), first
    if record is not None:
        record[:] = first
    for step in range(steps):
        grads = training.gradient(trace, y, step)
        next_params, next_velocity, memory = rule.advance(params, velocity, grads, eta, gamma, memory)
        next_trace = forward(next_params, X)
        next_losses = loss(next_trace, y)
        fine = (next_losses <= ceiling) & np.isfinite(next_velocity.flat.sum(axis=-1))
        if not fine.all():
            # Runs that diverge stop here with their last values; the others go on without them.
            out = going[~fine]
            ends[out], velocities[out] = params.flat[~fine], velocity.flat[~fine]
            losses[out], t[out] = now[~fine], step
            going, ceiling, eta, gamma = going[fine], ceiling[fine], eta[fine], gamma[fine]
            next_params, next_velocity, *memory = (
                laid_out(problem, part.flat[fine]) if isinstance(part, Params) else part
                for part in (next_params, next_velocity, *memory)
            )
            if not len(going):
                break
            next_trace = forward(next_params, X)
            next_losses = next_losses[fine]
        params, velocity, trace, now = next_params, next_velocity, next_trace, next_losses
        if record is not None:
            record[step + 1 :, going] = now
    if len(going):
        ends[going], velocities[going], losses[going], t[going] = params.flat, velocity.flat, now, steps
    return ends, velocities, losses, first, t
