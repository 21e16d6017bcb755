"""A run: a network trained step by step, which a learner can step back, edit, undo and fork."""

from __future__ import annotations

import warnings
import weakref
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import choice, describe, one_number, whole
from tinymlp.momentum import rule_of
from tinymlp.problems import Problem
from tinymlp.record import GIVEN, QUIET, Moment, Past, Record, State, loss_ceiling
from tinymlp.schedules import CONSTANT, checked_schedule
from tinymlp.starts import STARTS, Origin
from tinymlp.training import PLAIN, Training, checked_training, only

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

KEPT_STATES = 8_000  # beyond this every second state is dropped, and recomputed on demand
KEPT_NUMBERS = 2_000_000  # the same bound for large networks, in numbers kept: 16 MB
KEPT_UNDOS = 30
KEPT_RIVALS = 8
SETTINGS = ("eta", "gamma", "rule", "schedule", "training")


class Run:
    """Gradient descent on a problem, one step at a time, with its whole history.

    `.t`, `.params`, `.velocity`, `.grads`, `.trace`, `.loss`, `.eta`, `.gamma`, `.rule`, `.schedule` and `.training`
    are those of the present iteration; the last five are the settings of the next step, and may be set. `.losses` is
    (t + 1,), and so is `.held_losses` where the problem has a held-out test set.
    `.end` is the last iteration on record: after going back it is later than t, and stepping forward replays the
    record, edits included. An edit or a new setting in the past discards the old future; `undo` brings it back. A step
    that would diverge is not taken: `.message` then says why, and is empty otherwise.

    rule: the name of one of `momentum.RULES`, a Rule, or a function with the signature of `momentum_step`. training: a
    Training, for mini-batches, penalties and frozen weights; plain by default. schedule: how eta changes by itself, as
    `schedules.schedule` returns it. Raises ValueError for anything else.
    """

    def __init__(
        self,
        problem: Problem,
        rule: str | Callable = "momentum",
        training: Training = PLAIN,
        schedule: Callable[[float, int], float] = CONSTANT,
    ) -> None:
        if not isinstance(problem, Problem):
            raise ValueError(f"problem: expected a Problem, e.g. tinymlp.worked_example(), got {describe(problem)}")
        self.problem = problem
        self._first = rule_of(rule), checked_training(training, problem.net), checked_schedule(schedule)
        self.t, self.message = 0, ""
        self._record = self._fresh_record()
        self._most = max(64, min(KEPT_STATES, KEPT_NUMBERS // (2 * problem.net.count)))
        self._undos, self._redos, self._gesture = [], [], None
        self._moments, self._rivals = {}, {}
        self._watchers = []

    def _fresh_record(self):
        problem, (rule, training, schedule) = self.problem, self._first
        settings = problem.eta, problem.gamma, rule, np.inf
        first = State(problem.params, problem.first_velocity, *settings, schedule=schedule, training=training)
        return self._record_from(first)

    def _record_from(self, start, origin=GIVEN):
        """Return a Record that begins with this state, which has a finite loss."""
        first = self._moment(0, start).loss
        return Record({0: start._replace(ceiling=float(loss_ceiling(first)))}, [first], {0}, origin=origin)

    # The current iteration -----------------------------------------------------------------------------------------

    def at(self, t: int) -> Moment:
        """Return the Moment of iteration t; ValueError unless it is on record."""
        if whole("t", t) > self.end:
            raise ValueError(f"t: expected an iteration on record, from 0 to {self.end}, got {t}")
        if t not in self._moments:
            if len(self._moments) > 3:
                self._moments.clear()
            self._moments[t] = self._moment(t, self._state(t))
        return self._moments[t]

    def _moment(self, t, state):
        return Moment(t, state, self.problem)

    def _state(self, t):
        *_, (_, state) = self._states(t, t)
        return state

    def _states(self, first, last):
        """Yield (t, State) from `first` to `last`: as they are kept, or computed again from the last one that is."""
        t = self._record.nearest(first)
        state = self._record.states[t]
        while True:
            if t >= first:
                yield t, state
            if t >= last:
                return
            kept = self._record.states.get(t + 1)
            state = self._moment(t, state).after if kept is None else kept
            t += 1

    def past(self, since: int = 0, until: int | None = None) -> Past:
        """Return the Past from iteration `since` up to `until`, without that one; by default up to the present."""
        until = self.t if until is None else whole("until", until)
        if not 0 <= whole("since", since) <= until <= self.end + 1:
            raise ValueError(f"since, until: expected iterations on record, up to {self.end}, got {since}, {until}")
        times = [] if since == until else list(self._states(since, until - 1))
        return Past([t for t, _ in times], [self._moment(t, state) for t, state in times], self.problem.net)

    @property
    def now(self) -> Moment:
        """The Moment of the current iteration."""
        return self.at(self.t)

    params = property(lambda self: self.now.params, doc="The parameters, as Params.")
    velocity = property(lambda self: self.now.velocity, doc="The velocity that led here, as Params.")
    trace = property(lambda self: self.now.trace, doc="The forward pass with the current parameters.")
    grads = property(lambda self: self.now.grads, doc="The gradients that the next step uses, as Params.")
    loss = property(lambda self: self._record.losses[self.t], doc="The loss at the current parameters.")
    end = property(lambda self: self._record.end, doc="The last iteration on record.")
    origin = property(lambda self: self._record.origin, doc="Where the run began, an Origin: start, scale and seed.")

    @property
    def losses(self) -> np.ndarray:
        """The losses from the start to the current iteration (t + 1,)."""
        return np.array(self._record.losses[: self.t + 1])

    @property
    def losses_on_record(self) -> np.ndarray:
        """The losses of the whole record (end + 1,), including the iterations after t."""
        return np.array(self._record.losses)

    @property
    def held_losses(self) -> np.ndarray:
        """The losses on the held-out test set, from the start to the current iteration (t + 1,); (0,) without one."""
        X, y, held = self.problem.X_held, self.problem.y_held, self._record.held
        if X is None or y is None:
            return np.empty(0)
        if len(held) <= self.t:
            held.extend(self.past(len(held), self.t + 1).losses_on(X, y))
        return np.array(held[: self.t + 1])

    @property
    def eta(self):
        """The step size of the next step; setting it in the past discards the old future."""
        return self.now.eta

    @eta.setter
    def eta(self, value):
        value = one_number("eta", value, least=0)
        if value != self.eta:
            self._change("eta", eta=value, since=self.t)

    @property
    def gamma(self):
        """The share of the velocity that the next step carries on; setting it in the past discards the old future."""
        return self.now.gamma

    @gamma.setter
    def gamma(self, value):
        self._change("gamma", gamma=one_number("gamma", value, least=0, most=1))

    @property
    def rule(self):
        """The Rule of the next step; it may be set by name. In the past that discards the old future."""
        return self.now.rule

    @rule.setter
    def rule(self, value):
        if rule_of(value) != self.rule:
            self._change("rule", rule=rule_of(value), memory=())

    @property
    def schedule(self):
        """How eta changes by itself; a new schedule begins at the present eta, and in the past discards the future."""
        return self.now.state.schedule

    @schedule.setter
    def schedule(self, value):
        if checked_schedule(value) != self.schedule:
            self._change("schedule", schedule=value, eta=self.eta, since=self.t)

    @property
    def training(self):
        """Which gradient a step takes, a Training; setting it in the past discards the old future."""
        return self.now.training

    @training.setter
    def training(self, value):
        if checked_training(value, self.problem.net) != self.training:
            # What is frozen stands still at once: it loses the velocity that it had.
            still = self.velocity if value.free is None else only(self.velocity, value.free)
            self._change("training", training=value, velocity=still)

    @property
    def epochs(self) -> int:
        """How many whole epochs the steps up to now are: how often each sample was looked at."""
        samples = len(self.problem.X)
        changes = [*sorted(t for t in self._record.edited if t < self.t), self.t]
        parts = [self.at(start).training.epochs(samples, end - start) for start, end in pairwise(changes)]
        return int(round(sum(parts), 9))

    def __repr__(self):
        settings = f"eta {self.eta:g}, gamma {self.gamma:g}"
        from tinymlp.explain import mean_alone_said  # here: `import tinymlp` need not pay for it

        said = self.message or mean_alone_said(self.problem, self.losses)
        return f"Run of the {self.problem.name}: t = {self.t}, loss {self.loss:.4f}, {settings}" + (
            f"\n{said}" if said else ""
        )

    # Moving in time ------------------------------------------------------------------------------------------------

    def step(self, n: int = 1) -> Run:
        """Take n steps: replay the record as far as it goes, then compute new ones. Returns the run."""
        self.message = ""
        for _ in range(whole("n", n)):
            if self.t == self.end and not self._extend():
                break
            self.t += 1
        return self._moved()

    def _extend(self):
        """Compute the next state and record it, unless it diverges. Returns whether it was recorded."""
        now = self.now
        with QUIET:
            after = now.after
            following, ceiling = self._moment(self.t + 1, after), now.state.ceiling
            finite = _is_finite(after.params.flat) and _is_finite(after.velocity.flat)
            fine = finite and following.loss <= ceiling
        if not fine:
            reached = (
                f"{following.loss:.4g}" if finite and np.isfinite(following.loss) else "a number too large to represent"
            )
            self.message = (
                f"Stopped at t = {self.t}: the next step would take the loss from {self.loss:.4g} to {reached}. "
                f"With eta = {self.eta:g} and gamma = {self.gamma:g} the steps are too long. "
                "Go back and try smaller ones."
            )
            return False
        self._record.add(after, following.loss, self._most)
        if len(self._moments) > 3:
            self._moments = {self.t: now}
        self._moments[self.t + 1] = following
        return True

    def back(self, n: int = 1) -> Run:
        """Go n iterations back, at most to the start; the record stays. Returns the run."""
        self.t, self.message = max(0, self.t - whole("n", n)), ""
        return self._moved()

    def goto(self, t: int) -> Run:
        """Go to iteration t, taking new steps if it is beyond the record. Returns the run."""
        t = whole("t", t)
        if t > self.end:
            return self.step(t - self.t)
        self.t, self.message = t, ""
        return self._moved()

    # Changing the run ----------------------------------------------------------------------------------------------

    def set(self, name: str, index: tuple[int, int], value: float) -> Run:
        """Set one parameter at the present iteration, as in run.set("W1", (0, 1), 0.5). Returns the run.

        The velocity stays. Setting the same entry again, with nothing in between, is one undo step, as when a slider is
        dragged. Raises ValueError for a name, index or value that does not fit.
        """
        params = self.params.replace(name, index, one_number(name, value))
        return self._change((name, params.position(name, index)), params=params)

    def _change(self, gesture, **changes):
        """Record the current state with these changes, unless they change nothing."""
        old = self.now.state
        new, value = old._replace(**changes), self.loss
        if new == old:
            return self
        if "params" in changes:
            value = self._moment(self.t, new).loss
            if not np.isfinite(value):
                raise ValueError(f"{gesture[0]}: expected a value with a finite loss, got one too large")
            new = new._replace(ceiling=float(loss_ceiling(max(self._record.losses[0], value))))
        if gesture != self._gesture:
            self._remember()
        return self._replaced(self._record.until(self.t, new, value, edited=True), self.t, gesture)

    def end_gesture(self) -> None:
        """Start a new undo step, even for the same entry."""
        self._gesture = None

    def reset(self) -> Run:
        """Start over from the problem as given, settings included; `undo` brings the run back. Returns the run."""
        self._remember()
        return self._replaced(self._fresh_record(), 0)

    def restart(self, start: str = "given", scale: float = 1.0, seed: int = 0) -> Run:
        """Start over from other weights, the present settings kept; `undo` brings the run back. Returns the run.

        start: a name as `MLP.init` takes it, drawn with this seed, or "given" for the problem's own start; scale: what
        all its weights are multiplied by; biases stay. Starting over again and again, with nothing in between, is one
        undo step, as when a slider is dragged. Raises ValueError for anything else.
        """
        net, now = self.problem.net, self.now.state
        choice("start", start, [GIVEN.start, *STARTS])
        origin = Origin(start, one_number("scale", scale, least=0), whole("seed", seed))
        drawn = start != GIVEN.start
        params = net.init(np.random.default_rng(seed), start=start) if drawn else self.problem.params
        first = now._replace(
            params=params.scaled(origin.scale), velocity=self.problem.first_velocity, memory=(), since=0
        )
        record = self._record_from(first, origin)
        if not np.isfinite(record.losses[0]):
            raise ValueError(f"scale: expected a start with a finite loss, got {scale:g}, which is too large")
        if self._gesture != "restart":
            self._remember()
        return self._replaced(record, 0, "restart")

    def again(self, t: int | None = None, **settings: Any) -> Run:
        """Take the same start with other settings to iteration t (default: the present one). Returns the run.

        settings: as for `fork`; they replace those of the whole run, and edits after the start are gone. `undo` brings
        the run back; several in a row, as when a learner drags over a map of settings, are one undo step.
        """
        following = self.fork(0, **settings).goto(self.t if t is None else t)
        if self._gesture != "again":
            self._remember()
        return self._replaced(following._record, following.t, "again", following.message)

    def undo(self) -> Run:
        """Undo the last change or reset: the record and the iteration are restored. Returns the run."""
        return self._swap(self._undos, self._redos)

    def redo(self) -> Run:
        """Redo what was last undone. Returns the run."""
        return self._swap(self._redos, self._undos)

    can_undo = property(lambda self: bool(self._undos), doc="Whether there is a change to undo.")
    can_redo = property(lambda self: bool(self._redos), doc="Whether there is an undo to take back.")

    def forget_undone(self) -> None:
        """Let `redo` bring nothing back, as after any change: for a panel that goes on with another run."""
        self._redos = []

    def _remember(self):
        self._undos = [*self._undos[-KEPT_UNDOS + 1 :], (self._record, self.t)]
        self._redos = []

    def _swap(self, source, target):
        if not source:
            return self
        target.append((self._record, self.t))
        return self._replaced(*source.pop())

    def _replaced(self, record, t, gesture=None, message=""):
        self._record, self.t, self._moments, self.message = record, t, {}, message
        return self._moved(gesture)

    def fork(self, t: int | None = None, **settings: Any) -> Run:
        """Return a new Run with the same past up to t (default: here), and other settings from there on.

        settings: any of eta, gamma, rule and schedule: run.fork(eta=0.2), or run.fork(t=0, gamma=0) for plain descent
        from the same start.
        """
        for name in settings:
            choice("fork", name, SETTINGS)
        t = self.t if t is None else t
        moment = self.at(t)
        fork = Run(self.problem, *self._first)
        fork._record, fork.t = self._record.until(t, moment.state, moment.loss), t
        for name, value in settings.items():
            setattr(fork, name, value)
        fork._undos, fork._gesture = [], None
        return fork

    def beside(self, since: int = 0, follow: bool = False, **settings: Any) -> Run:
        """Return a rival: a run that shares the state at iteration `since`, with other settings, taken to the same t.

        It may stand at an earlier t: where it had to stop, or at `since`. It is kept, and taken on from where it is
        when it is asked for again; do not change it. follow: whether it also makes the changes of eta and gamma that
        were made in this run on the way. Settings as for `fork`: run.beside(gamma=0).
        """
        start, key = self.at(whole("since", since)).state, (since, follow, *sorted(settings.items(), key=str))
        known, rival = self._rivals.pop(key, (None, None))
        if known != start:
            rival = self.fork(since, **settings)
        while len(self._rivals) >= KEPT_RIVALS:
            self._rivals.pop(next(iter(self._rivals)))
        self._rivals[key] = start, rival
        if follow:
            self._lead(rival, since, settings)
        return rival.goto(max(self.t, since))

    def _lead(self, rival, since, settings):
        """Make the changes of eta and gamma in the rival that were made in this run after `since`."""
        for t in sorted(self._record.edited | rival._record.edited):
            if since < t <= self.t and rival.goto(t).t == t:
                for name in {"eta", "gamma"} - set(settings):
                    setattr(rival, name, getattr(self.at(t), name))

    # Sharing -------------------------------------------------------------------------------------------------------

    def code(self) -> str:
        """Return a short text with network, data, start, edits, settings and the current state, exact to the bit.

        `Run.from_code` restores the run from it. Raises ValueError for a run that is too long or too large to share, or
        whose rule is not in `tinymlp.momentum.RULES`.
        """
        from tinymlp import codes  # imported here, since json and the like add a tenth to numpy's import time

        return codes.encode(codes.run_to_data(self, self._record, *self._first))

    @classmethod
    def from_code(cls, code: str) -> Run:
        """Return the Run of a text that `code` made; ValueError for any other text, even a forged one.

        It takes all the steps again; the limits on a code keep that to half a second of work at most.
        """
        from tinymlp import codes

        return codes.run_from_data(cls, codes.decode(code))

    def as_pytorch(self) -> str:
        """Return a PyTorch script with the same start, data, settings and steps: it prints every loss up to now.

        For whoever goes on to PyTorch: each line is commented. The losses agree to 1e-12 in double precision, as
        `make proof` checks. Raises ValueError for what the script cannot say: a rule of one's own, a change of rule or
        a weight set by hand on the way, and settings of Adam and RMSProp that torch does not take.
        """
        from tinymlp import pytorch_script  # imported here, as few runs need it

        return pytorch_script.pytorch_script(self, self._record.edited)

    def restore(self, t: int, state: State) -> None:
        """Step to iteration t, which must be the end of the record, and store this state there: for `codes`."""
        self.goto(t)
        if not self.t == t == self.end:
            raise ValueError(f"code: expected a run that goes on to t = {t}, got one that stops at t = {self.end}")
        value = self._moment(t, state).loss
        if not np.isfinite(value):
            raise ValueError("code: expected states with a finite loss, got another")
        # In place, since nobody else holds a new run's record: thousands of copies would take seconds.
        self._record.states[t], self._record.losses[t] = state, value
        del self._record.held[t:]
        self._record.edited.add(t)
        self._moments = {}

    # Notifying the views -------------------------------------------------------------------------------------------

    def watch(self, method: Callable) -> None:
        """Call the bound method `method(run)` after each change, until `unwatch` or until its object is gone."""
        self._watchers.append(weakref.WeakMethod(method))

    def unwatch(self, method: Callable) -> None:
        """Stop calling the bound method."""
        self._watchers = [watcher for watcher in self._watchers if watcher() != method]

    def _moved(self, gesture=None):
        self._gesture = gesture
        self._watchers = [watcher for watcher in self._watchers if watcher() is not None]
        failed = []
        for watcher in self._watchers:
            try:
                watcher()(self)
            except Exception as error:  # the change is made, and the others are to be told of it
                failed.append(error)
        for trouble in failed:
            warnings.warn(f"a watcher of the run failed: {type(trouble).__name__}: {trouble}", stacklevel=2)
        return self


def _is_finite(array):
    """Return whether all numbers of an array are finite: their sum says so, but for huge ones."""
    return isfinite(array.sum()) or bool(np.isfinite(array).all())
