"""The bug hunt: runs that a broken function drives, the two questions about it, and the judge of its repair."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import describe
from tinymlp.momentum import OURS
from tinymlp.network import Trace, backward, forward
from tinymlp.params import MLP, Params
from tinymlp.run import Run
from tinymlp.stages import stages
from tinymlp.teaching.bugs import BUGS, FAULTS, three_layers
from tinymlp.teaching.exercises import Exercise, kept_names
from tinymlp.teaching.judges import Function
from tinymlp.teaching.predictions import Prediction
from tinymlp.training import Training
from tinymlp.words import raised

if TYPE_CHECKING:
    from collections.abc import Callable

    from tinymlp.teaching.bugs import Bug

STEPS = 6  # how far the run with a bug has gone when it is shown: the gradients are not yet 0 there
OF_STEP = ("v", "w")  # the arrays of a step, after those of the backward pass
NAMES = {"v": "v: the new velocity", "w": "w: the new weights"}
UNCHANGED = "that is the function as it was: the bug is still in it."


# A run with a bug -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Broken(Training):
    """Training on all samples whose backward pass is a broken one."""

    function: Callable = field(default=backward, compare=False)

    def backward(self, trace: Trace, y: np.ndarray) -> Params:
        """Return the gradients of the broken function; it is given arrays of its own, as it may write into them."""
        return self.function(forward(trace.params, trace.X), y)


class BuggyRun(Run):
    """A run that a broken function drives; `healthy` is the same run without the bug, taken to the same t."""

    def __init__(self, bug: Bug) -> None:
        if bug.is_step:
            super().__init__(bug.problem, rule=bug.function)
        else:
            super().__init__(bug.problem, training=Broken(function=bug.function))
        self.bug, self._healthy = bug, Run(bug.problem, rule=OURS)

    @property
    def healthy(self) -> Run:
        """The run without the bug, at the same t or where it had to stop."""
        return self._healthy.goto(self.t)


def where_names(bug: Bug) -> tuple[str, ...]:
    """Return the arrays that may be the first wrong one: those of the backward pass on the stages, and of the step."""
    names = [stage.name for stage in stages(Run(bug.problem).now) if stage.phase == "backward"]
    return (*names, *(NAMES[name] for name in OF_STEP))


def questions(bug: Bug) -> tuple[Prediction, Prediction]:
    """Return the two questions of a hunt: which bug it is, and which array is the first wrong one.

    Neither tells before both are locked.
    """
    which = Prediction(
        f"{bug.name}.which", f"{bug.name}: what is wrong?", bug.truth, options=tuple(bug.choices),
        do="Lock the first wrong array as well.", reasons=bug.choices,
    )  # fmt: skip
    where = Prediction(
        f"{bug.name}.where", f"{bug.name}: which array is the first wrong one, in working order?",
        NAMES.get(bug.where, bug.where), options=where_names(bug), do="Lock what is wrong as well.",
    )  # fmt: skip
    return which, where


# The judge of a repair ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Repair:
    """A judge of a repaired function: tried on networks of other sizes with other weights, samples and targets."""

    bug: Bug

    def __call__(self, answer):
        if not callable(answer):
            return f"expected a function, {self.bug.shown_name}, got {describe(answer)}."
        if _is_same(answer, self.bug.function):
            return UNCHANGED
        judge = self._judge()
        words = self._of_another_kind(answer, judge.tries()[0]) or judge(_in_parts(answer))
        return words or ("" if self.bug.is_step else _overwritten(answer, judge.tries()))

    def _of_another_kind(self, answer, args):
        """Return what to say of a function whose results are no Params of the network; "" if they are, or None."""
        result, net = _in_its_own_trace(answer)(*args), args[0].net if self.bug.is_step else args[0].params.net
        parts = result if self.bug.is_step and isinstance(result, tuple) else (result,)
        if result is None or all(isinstance(part, Params) and part.net == net for part in parts):
            return ""
        wanted = "a pair of Params, params and velocity" if self.bug.is_step else "Params of the network, all gradients"
        return f"expected {wanted}, got {describe(result)}."

    def _judge(self):
        """Return the Function that judges; its slips are the other bugs of functions like this one."""
        bug = self.bug
        slips = [
            (f"another bug has come in: {FAULTS[other.fault][0]}.", _or_none(_in_parts(other.function)))
            for other in BUGS.values()
            if other.right is bug.right and other is not bug and other.fault != "stale"
        ]
        if bug.is_step:
            arguments, results = "params, velocity, grads, eta and gamma", ("the new weights", "the new velocity")
            return Function(_in_parts(bug.right), _draw_step, slips, arguments, results)
        layers = 3 if bug.right is three_layers else 2
        results = tuple(f"d{raised(letter + str(layer))}" for layer in range(1, layers + 1) for letter in "bW")
        draw = _draw_deeper if layers == 3 else _draw_trace
        return Function(_in_parts(bug.right), draw, slips, "trace and y", results)


def _in_parts(function):
    """Return a function with the same arguments that gives its Params as a tuple of arrays, the last layer last."""
    called = _in_its_own_trace(function)

    def in_parts(*args):
        result = called(*args)
        if isinstance(result, Params):
            return tuple(result[f"{letter}{layer}"] for layer in _layers(result) for letter in "bW")
        if isinstance(result, tuple) and all(isinstance(part, Params) for part in result):
            return tuple(part.flat for part in result)
        return result

    in_parts.__name__, in_parts.__wrapped__ = getattr(function, "__name__", "a function"), function
    return in_parts


def _in_its_own_trace(function):
    """Return the function, given a trace of its own at each call: it may write into it."""
    return lambda *args: function(*(forward(arg.params, arg.X) if isinstance(arg, Trace) else arg for arg in args))


def _layers(params):
    return range(1, len(params.net.sizes))


def _or_none(function):
    """Return a function that gives None for each result where it fails: a bug may fail on other shapes."""

    def or_none(*args):
        try:
            return function(*args)
        except ValueError:
            return (None,) * 6

    return or_none


def _is_same(answer, broken):
    """Return whether a function is the broken one, perhaps under another name."""
    code, other = getattr(answer, "__code__", None), broken.__code__
    return code is not None and (code.co_code, code.co_consts, code.co_names) == (
        other.co_code,
        other.co_consts,
        other.co_names,
    )


def _overwritten(answer, tries):
    """Return what to say of a function that writes into the trace that it was given; "" if it does not."""
    for trace, y in tries:
        answer(trace, y)
        fresh = forward(trace.params, trace.X)
        for letter, used, right in (("z", trace.z, fresh.z), ("h", trace.h[1:], fresh.h[1:])):
            for layer, (array, wanted) in enumerate(zip(used, right, strict=True), start=1):
                if not np.array_equal(array, wanted):
                    return f"your function overwrites {raised(f'{letter}{layer}')} of the trace: make a new array."
    return ""


def _draw_trace(rng, hidden=1):
    """Return (trace, y) of a random network with SiLU units: one sigmoid output, or several with softmax."""
    outputs = int(rng.integers(1, 4))
    sizes = (*rng.integers(2, 5, size=1 + hidden).tolist(), outputs)
    net = MLP(sizes, hidden="silu", output="softmax" if outputs > 1 else "sigmoid", loss="cross_entropy")
    params, samples = Params(net, rng.normal(size=net.count)), int(rng.integers(2, 7))
    y = rng.integers(2, size=(samples, 1)).astype(float)
    if outputs > 1:
        y = np.eye(outputs)[rng.integers(outputs, size=samples)]
    return forward(params, rng.normal(size=(samples, sizes[0]))), y


def _draw_deeper(rng):
    return _draw_trace(rng, hidden=2)


def _draw_step(rng):
    net = MLP(tuple(rng.integers(1, 4, size=3).tolist()))
    params, velocity, grads = (Params(net, rng.normal(size=net.count)) for _ in range(3))
    return params, velocity, grads, float(rng.uniform(0.1, 2)), float(rng.uniform(0.1, 1))


def as_exercise(bug: Bug) -> Exercise:
    """Return the repair of a bug as an Exercise: `check(repaired)`, hints and a solution."""
    array = {"v": "the new velocity", "w": "the new weights"}.get(bug.where, bug.where)
    hints = (
        f"The first wrong array is {array}: look for the line that makes it.",
        f"What is wrong with it: {bug.truth}.",
        bug.why,
    )
    task = (
        f"Repair the function: it should return what the package's own {bug.shown_name} does, for other networks too."
    )
    untried = f'nothing is handed in yet. With your function in a cell: hunt("{bug.name}", {bug.shown_name}).'
    return Exercise(bug.name, task, Repair(bug), hints, bug.solution, untried)


def repaired() -> set[str]:
    """Return the names of the bugs that the learner has repaired."""
    return kept_names() & set(BUGS)
