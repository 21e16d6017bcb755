"""What a run keeps: states, the moments made of them, and the record of all that happened, thinned where it is long."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tinymlp.network import backward, forward, loss
from tinymlp.params import Params
from tinymlp.training import PLAIN

TOO_HIGH = 100  # a loss above this many times the loss at the start, or above this number, counts as diverged


@dataclass(frozen=True)
class State:
    """Where a run stands: parameters, velocity, the settings and rule of the step to come, and the loss not to pass."""

    params: Params
    velocity: Params
    eta: float
    gamma: float
    rule: Callable
    ceiling: float


class Moment:
    """One iteration of a run: t, params, velocity, trace, grads and loss; eta, gamma and rule of the step to come.

    grads are those that the step to come takes: of all samples, unless the run's training says otherwise.
    """

    def __init__(self, t, state, problem, training=PLAIN):
        self.t, self.problem, self.training = t, problem, training
        self.params, self.velocity = state.params, state.velocity
        self.eta, self.gamma, self.rule = state.eta, state.gamma, state.rule

    # A run that diverges is stopped with a message, not with a warning.

    @cached_property
    def trace(self):
        with np.errstate(all="ignore"):
            return forward(self.params, self.problem.X)

    @cached_property
    def grads(self):
        with np.errstate(all="ignore"):
            if self.training is PLAIN:
                return backward(self.trace, self.problem.y)
            return self.training.gradient(self.trace, self.problem.y, self.t)

    @cached_property
    def loss(self):
        with np.errstate(all="ignore"):
            return float(loss(self.trace, self.problem.y))


class Record:
    """The states and losses of a run from 0 to `end`. A long run keeps every `stride`-th state, and those edited."""

    def __init__(self, states, losses, edited, stride=1):
        self.states, self.losses, self.edited, self.stride = states, losses, edited, stride

    @property
    def end(self):
        return len(self.losses) - 1

    def add(self, state, loss_value, most):
        """Add the state after a step; when more than `most` are held, thin them out."""
        last = self.end
        if last % self.stride and last not in self.edited:
            del self.states[last]
        self.losses.append(loss_value)
        self.states[self.end] = state
        if len(self.states) - len(self.edited) > most:
            self.stride *= 2
            keep = {t for t in self.states if t % self.stride == 0} | self.edited | {self.end}
            self.states = {t: self.states[t] for t in sorted(keep)}

    def nearest(self, t):
        """Return the latest t at or before `t` whose state is kept."""
        while t not in self.states:
            t -= 1
        return t

    def until(self, t, state, loss_value, edited=False):
        """Return a copy that ends at `t` with this state. An edited state is kept for good: no step leads to it."""
        states = {u: s for u, s in self.states.items() if u < t} | {t: state}
        edits = {u for u in self.edited if u <= t} | ({t} if edited else set())
        return Record(states, [*self.losses[:t], loss_value], edits, self.stride)


def state_after(state, grads):
    """Return the state after a step."""
    with np.errstate(all="ignore"):
        params, velocity = state.rule(state.params, state.velocity, grads, state.eta, state.gamma)
    return replace(state, params=params, velocity=velocity)


def loss_ceiling(first):
    """Return the loss (...) above which a run that started at the loss `first` (...) counts as diverged."""
    return TOO_HIGH * np.maximum(1, first)
