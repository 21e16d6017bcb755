"""What a run keeps: states, the moments derived from them, and the record of the run, thinned when it is long."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tinymlp.momentum import Rule
from tinymlp.network import backward, forward, loss
from tinymlp.params import Params, made_once, trusted
from tinymlp.schedules import CONSTANT
from tinymlp.starts import Origin
from tinymlp.training import PLAIN, Training

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tinymlp.network import Trace
    from tinymlp.problems import Problem

AT_ONCE = 200_000  # numbers of a layer's samples worked out in one call
GIVEN = Origin()
TOO_HIGH = 100  # a loss above this many times the loss at the start, or above this number, counts as diverged


class Quiet:
    """A context in which numpy gives no warnings: a run that diverges is stopped with a message.

    As np.errstate, but entering it again inside costs nothing: a step of a run does so four times.
    """

    def __init__(self):
        self.depth = 0

    def __enter__(self):
        if not self.depth:
            self.before = np.seterr(all="ignore")
        self.depth += 1

    def __exit__(self, *error):
        self.depth -= 1
        if not self.depth:
            np.seterr(**self.before)


QUIET = Quiet()


class State(NamedTuple):
    """Where a run stands: parameters, velocity, and the settings of the next step.

    eta was set at iteration `since`, and `schedule` says what it is now; ceiling is the loss above which the run counts
    as diverged; memory is what the rule keeps beside the velocity; training says which gradient the step takes.
    """

    params: Params
    velocity: Params
    eta: float
    gamma: float
    rule: Rule
    ceiling: float
    memory: tuple = ()
    schedule: Callable = CONSTANT
    since: int = 0
    training: Training = PLAIN


class Moment:
    """One iteration of a run: t, params, velocity, trace, grads and loss; eta, gamma and rule of the next step.

    grads are those that the next step takes: of all samples, unless the run's training says otherwise. `after` is the
    State that the next step leads to.
    """

    def __init__(self, t: int, state: State, problem: Problem) -> None:
        self.t, self.state, self.problem, self.training = t, state, problem, state.training
        self.params, self.velocity, self.gamma, self.rule = state.params, state.velocity, state.gamma, state.rule
        self.eta = state.eta if state.schedule is CONSTANT else float(state.schedule(state.eta, t - state.since))

    def __repr__(self):
        settings = f"eta {self.eta:g}, gamma {self.gamma:g}"
        return f"Moment t = {self.t} of the {self.problem.name}: loss {self.loss:.4f}, {settings}"

    @made_once
    def trace(self) -> Trace:
        with QUIET:
            return forward(self.params, self.problem.X)

    @made_once
    def grads(self) -> Params:
        with QUIET:
            if self.training is PLAIN:
                return backward(self.trace, self.problem.y)
            return self.training.gradient(self.trace, self.problem.y, self.t)

    @made_once
    def loss(self) -> float:
        with QUIET:
            return float(loss(self.trace, self.problem.y))

    @made_once
    def after(self) -> State:
        state, grads = self.state, self.grads
        with QUIET:
            params, velocity, memory = self.rule.advance(
                self.params, self.velocity, grads, self.eta, self.gamma, state.memory
            )
        return State(params, velocity, state.eta, state.gamma, state.rule, state.ceiling, memory, *state[7:])


class Past:
    """A stretch of a run's past, iteration by iteration, each array with the axis of time (T,) first.

    t; params and velocity, as Params with the leading axis (T,); eta, gamma (T,); rules and trainings (T,), tuples;
    grads, worked out when they are asked for: those that the step from each iteration took.
    """

    def __init__(self, times, moments, net):
        self.t, self._moments, self._net = np.array(times, dtype=int), moments, net
        self.eta = np.array([moment.eta for moment in moments])
        self.gamma = np.array([moment.gamma for moment in moments])
        self.rules = tuple(moment.rule for moment in moments)
        self.trainings = tuple(moment.training for moment in moments)

    def __len__(self):
        return len(self.t)

    def __repr__(self):
        span = f", t = {self.t[0]} to {self.t[-1]}" if len(self) else ""
        return f"Past of {len(self)} iterations{span}"

    @made_once
    def params(self) -> Params:
        return self._stacked([moment.params.flat for moment in self._moments])

    @made_once
    def velocity(self) -> Params:
        return self._stacked([moment.velocity.flat for moment in self._moments])

    @made_once
    def grads(self) -> Params:
        if not self._moments or any(training != PLAIN for training in self.trainings):
            return self._stacked([moment.grads.flat for moment in self._moments])
        problem = self._moments[0].problem
        with QUIET:
            slopes = [backward(forward(some, problem.X), problem.y).flat for some in self._portions(problem.X)]
        return trusted(self._net, np.concatenate(slopes))

    def losses_on(self, X: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return the mean loss (T,) at each iteration on other samples: X (N, D), y (N, C)."""
        with QUIET:
            return np.concatenate([[], *(loss(forward(some, X), y) for some in self._portions(X))])

    def _portions(self, X) -> Iterator[Params]:
        """Yield the parameters in portions that do not need too much memory at once for these samples."""
        at_once = max(1, AT_ONCE // (len(X) * sum(self._net.sizes)))
        for start in range(0, len(self), at_once):
            yield trusted(self._net, self.params.flat[start : start + at_once].copy())

    def _stacked(self, flats):
        return trusted(self._net, np.array(flats).reshape(len(flats), self._net.count))


class Record:
    """The states and losses of a run from 0 to `end`. A long run keeps every `stride`-th state and the edited ones.

    origin: where the run began; held: the losses on the held-out set as far as they have been asked for.
    """

    def __init__(self, states, losses, edited, stride=1, origin=GIVEN, held=()):
        self.states, self.edited, self.stride, self.origin = states, edited, stride, origin
        self.losses, self.held = array("d", losses), array("d", held)

    @property
    def end(self):
        return len(self.losses) - 1

    def add(self, state, loss_value, most):
        """Add the state after a step; thin the states out once there are more than `most`."""
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
        """Return a copy that ends at `t` with this state. An edited state is always kept, since no step leads to it."""
        states = {u: s for u, s in self.states.items() if u < t} | {t: state}
        edits = {u for u in self.edited if u <= t} | ({t} if edited else set())
        losses = self.losses[:t]
        losses.append(loss_value)
        return Record(states, losses, edits, self.stride, self.origin, self.held[:t])


def loss_ceiling(first: Any) -> Any:
    """Return the loss (...) above which a run that started at the loss `first` (...) counts as diverged."""
    return TOO_HIGH * np.maximum(1, first)
