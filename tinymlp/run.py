"""A run: a network that learns step by step, and a learner who steps back, edits, undoes and forks."""

import weakref
from dataclasses import replace

import numpy as np

from tinymlp.checks import choice, describe, one_number, whole
from tinymlp.momentum import momentum_step
from tinymlp.problems import Problem
from tinymlp.record import Moment, Record, State, loss_ceiling, state_after
from tinymlp.training import PLAIN, Training

KEPT_STATES = 2_000  # above this every second state is dropped, and computed again when it is asked for
KEPT_NUMBERS = 2_000_000  # the same bound for large networks, in numbers kept: 16 MB
KEPT_UNDOS = 30


class Run:
    """Gradient descent on a problem, one step at a time, with its whole past.

    `.t`, `.params`, `.velocity`, `.grads`, `.trace`, `.loss`, `.eta` and `.gamma` are those of the present iteration;
    eta and gamma are the settings of the next step, and may be set. `.losses` has shape (t + 1,). `.end` is the last
    iteration on record: after going back it is later than t, and stepping forward replays the record, edits included.
    An edit or a new setting in the past cuts the rest off; `undo` brings it back. A step that would diverge is not
    taken: `.message` then says why, and is empty otherwise.

    rule: a function with the signature of `momentum_step`. training: a Training, for mini-batches, decay and frozen
    weights; plain by default. Raises ValueError for anything else.
    """

    def __init__(self, problem, rule=momentum_step, training=PLAIN):
        if not isinstance(problem, Problem):
            raise ValueError(f"problem: expected a Problem, e.g. tinymlp.worked_example(), got {describe(problem)}")
        if not isinstance(training, Training):
            raise ValueError(f"training: expected a Training, e.g. tinymlp.Training(batch=4), got {describe(training)}")
        for entry in training.free or ():
            problem.params.position(*entry)
        self.problem, self.training, self._first_rule = problem, training, _checked_rule(rule)
        self.t, self.message = 0, ""
        self._record = self._fresh_record()
        self._most = max(64, min(KEPT_STATES, KEPT_NUMBERS // (2 * problem.net.count)))
        self._undos, self._redos, self._gesture = [], [], None
        self._moments = {}
        self._watchers = []

    def _fresh_record(self):
        problem = self.problem
        first = self._moment(0, State(problem.params, problem.net.zeros(), 0, 0, self._first_rule, np.inf)).loss
        start = State(
            problem.params,
            problem.net.zeros(),
            problem.eta,
            problem.gamma,
            self._first_rule,
            float(loss_ceiling(first)),
        )
        return Record({0: start}, [first], {0})

    # What the present iteration is ---------------------------------------------------------------------------------

    def at(self, t):
        """Return the Moment of iteration t; ValueError unless it is on record."""
        if whole("t", t) > self.end:
            raise ValueError(f"t: expected an iteration on record, from 0 to {self.end}, got {t}")
        if t not in self._moments:
            if len(self._moments) > 3:
                self._moments.clear()
            self._moments[t] = self._moment(t, self._state(t))
        return self._moments[t]

    def _moment(self, t, state):
        return Moment(t, state, self.problem, self.training)

    def _state(self, t):
        kept = self._record.nearest(t)
        state = self._record.states[kept]
        for u in range(kept, t):
            state = state_after(state, self._moment(u, state).grads)
        return state

    @property
    def now(self):
        """The Moment of the present iteration."""
        return self.at(self.t)

    params = property(lambda self: self.now.params, doc="The parameters, as Params.")
    velocity = property(lambda self: self.now.velocity, doc="The velocity that led here, as Params.")
    trace = property(lambda self: self.now.trace, doc="The forward pass of the present parameters.")
    grads = property(lambda self: self.now.grads, doc="The gradients that the next step takes, as Params.")
    loss = property(lambda self: self._record.losses[self.t], doc="The loss at the present parameters.")
    end = property(lambda self: self._record.end, doc="The last iteration on record.")

    @property
    def losses(self):
        """The losses from the start to the present iteration (t + 1,)."""
        return np.array(self._record.losses[: self.t + 1])

    @property
    def losses_on_record(self):
        """The losses of the whole record (end + 1,), the iterations after t included."""
        return np.array(self._record.losses)

    @property
    def eta(self):
        """The step size of the next step; setting it in the past cuts the rest off."""
        return self.now.eta

    @eta.setter
    def eta(self, value):
        self._change("eta", eta=one_number("eta", value, least=0))

    @property
    def gamma(self):
        """The share of the velocity that the next step carries on; setting it in the past cuts the rest off."""
        return self.now.gamma

    @gamma.setter
    def gamma(self, value):
        self._change("gamma", gamma=one_number("gamma", value, least=0, most=1))

    @property
    def rule(self):
        """The rule of the next step, a function such as `momentum_step`; setting it in the past cuts the rest off."""
        return self.now.rule

    @rule.setter
    def rule(self, value):
        self._change("rule", rule=_checked_rule(value))

    def __repr__(self):
        settings = f"eta {self.eta:g}, gamma {self.gamma:g}"
        return f"Run of the {self.problem.name}: t = {self.t}, loss {self.loss:.4f}, {settings}" + (
            f"\n{self.message}" if self.message else ""
        )

    # Moving in time ------------------------------------------------------------------------------------------------

    def step(self, n=1):
        """Take n steps: along the record as long as it lasts, then new ones. Returns the run."""
        self.message = ""
        for _ in range(whole("n", n)):
            if self.t == self.end and not self._extend():
                break
            self.t += 1
        return self._moved()

    def _extend(self):
        """Compute the next state and put it on record, unless it diverges. Returns whether it did."""
        now, state = self.now, self._state(self.t)
        after = state_after(state, now.grads)
        following = self._moment(self.t + 1, after)
        finite = np.isfinite(after.params.flat).all() and np.isfinite(after.velocity.flat).all()
        if not (finite and following.loss <= state.ceiling):
            reached = (
                f"{following.loss:.4g}" if finite and np.isfinite(following.loss) else "a number too large to hold"
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

    def back(self, n=1):
        """Go n iterations back, at most to the start; the record stays. Returns the run."""
        self.t, self.message = max(0, self.t - whole("n", n)), ""
        return self._moved()

    def goto(self, t):
        """Go to iteration t; beyond the record, step on until there. Returns the run."""
        t = whole("t", t)
        if t > self.end:
            return self.step(t - self.t)
        self.t, self.message = t, ""
        return self._moved()

    # Changing what is ----------------------------------------------------------------------------------------------

    def set(self, name, index, value):
        """Set one parameter at the present iteration, as in run.set("W1", (0, 1), 0.5). Returns the run.

        The velocity stays. Setting the same entry again, with nothing in between, is one change to undo: so a slider is
        dragged. Raises ValueError for a name, index or value that does not fit.
        """
        params = self.params.replace(name, index, one_number(name, value))
        return self._change((name, params.position(name, index)), params=params)

    def _change(self, gesture, **changes):
        """Put the present state on record with these changes, unless they change nothing."""
        old = self._state(self.t)
        new, value = replace(old, **changes), self.loss
        if new == old:
            return self
        if "params" in changes:
            value = self._moment(self.t, new).loss
            if not np.isfinite(value):
                raise ValueError(f"{gesture[0]}: expected a value with a finite loss, got one too large")
            new = replace(new, ceiling=float(loss_ceiling(max(self._record.losses[0], value))))
        if gesture != self._gesture:
            self._remember()
        return self._replaced(self._record.until(self.t, new, value, edited=True), self.t, gesture)

    def end_gesture(self):
        """Let the next change be one of its own to undo, though it be of the same entry as the last."""
        self._gesture = None

    def reset(self):
        """Start again as the problem was given, settings included; `undo` brings the run back. Returns the run."""
        self._remember()
        return self._replaced(self._fresh_record(), 0)

    def undo(self):
        """Take back the last change or reset: the record and the iteration are as they were before. Returns the run."""
        return self._swap(self._undos, self._redos)

    def redo(self):
        """Take back the last undo. Returns the run."""
        return self._swap(self._redos, self._undos)

    can_undo = property(lambda self: bool(self._undos), doc="Whether there is a change to undo.")

    def _remember(self):
        self._undos = [*self._undos[-KEPT_UNDOS + 1 :], (self._record, self.t)]
        self._redos = []

    def _swap(self, source, target):
        if not source:
            return self
        target.append((self._record, self.t))
        return self._replaced(*source.pop())

    def _replaced(self, record, t, gesture=None):
        self._record, self.t, self._moments, self.message = record, t, {}, ""
        return self._moved(gesture)

    def fork(self, t=None, **settings):
        """Return a new Run with the same past up to t (default: here), and other settings from there on.

        For example run.fork(eta=0.2), or run.fork(t=0, gamma=0) for plain descent from the same start.
        """
        for name in settings:
            choice("fork", name, ("eta", "gamma", "rule"))
        t = self.t if t is None else t
        moment = self.at(t)
        fork = Run(self.problem, self._first_rule, self.training)
        fork._record, fork.t = self._record.until(t, self._state(t), moment.loss), t
        for name, value in settings.items():
            setattr(fork, name, value)
        fork._undos, fork._gesture = [], None
        return fork

    # Sharing -------------------------------------------------------------------------------------------------------

    def code(self):
        """Return a short text with network, data, start, edits, settings and the present state, exact to the bit.

        `Run.from_code` restores the run from it. Raises ValueError for a run that is too long or too large to share, or
        whose rule is not in `tinymlp.momentum.RULES`.
        """
        from tinymlp import codes  # here, as json and its kin cost a tenth of numpy's import: who shares pays

        return codes.encode(codes.run_to_data(self, self._record, self._first_rule))

    @classmethod
    def from_code(cls, code):
        """Return the Run of a text that `code` made; ValueError for any other text, however it was made.

        It takes the steps again, which is at most half a second of work by the bounds that a code must keep.
        """
        from tinymlp import codes

        return codes.run_from_data(cls, codes.decode(code))

    def restore(self, t, state):
        """Step to iteration t, the end of the record then, and put this state on record there: for `codes`."""
        self.goto(t)
        if not self.t == t == self.end:
            raise ValueError(f"code: expected a run that goes on to t = {t}, got one that stops at t = {self.end}")
        value = self._moment(t, state).loss
        if not np.isfinite(value):
            raise ValueError("code: expected states with a finite loss, got another")
        # In place, as nobody else holds the record of a new run: a copy for each of thousands would take seconds.
        self._record.states[t], self._record.losses[t] = state, value
        self._record.edited.add(t)
        self._moments = {}

    # Telling those who show it -------------------------------------------------------------------------------------

    def watch(self, method):
        """Call the bound method `method(run)` after each change, until `unwatch`, or as long as its object lives."""
        self._watchers.append(weakref.WeakMethod(method))

    def unwatch(self, method):
        """Do not call the bound method any more."""
        self._watchers = [watcher for watcher in self._watchers if watcher() != method]

    def _moved(self, gesture=None):
        self._gesture = gesture
        self._watchers = [watcher for watcher in self._watchers if watcher() is not None]
        for watcher in self._watchers:
            watcher()(self)
        return self


def _checked_rule(rule):
    if not callable(rule):
        raise ValueError(f"rule: expected a function such as tinymlp.momentum_step, got {describe(rule)}")
    return rule
