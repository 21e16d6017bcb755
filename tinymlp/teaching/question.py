"""One question of a lesson, as plain data, and the usual conditions for its truth to have been seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Why(NamedTuple):
    """What is asked once the truth is told. reasons: each one, with a sentence on why it does or does not hold."""

    text: str
    reasons: dict[str, str]
    right: str


class Question(NamedTuple):
    """One question. choices: each option, and why it is right or wrong, told once the learner has seen it happen.

    do: what the learner does to see it happen. seen(run, look): whether it has happened in the panel; None where the
    learner is the judge of that, and asks to be told. why: what is asked then. For a guess that is drawn there are no
    choices: kind, within and at are as for `Prediction`, and because is the sentence that explains the truth.
    """

    text: str
    choices: dict[str, str]
    truth: str | float | tuple[float, ...]
    do: str
    seen: Callable | None = None
    why: Why | None = None
    kind: str | None = None
    within: float | tuple[float, ...] = 0.0
    at: tuple[int, ...] = ()
    because: str = ""


def taken(steps):
    """Return a condition: at least so many steps were taken."""
    return lambda run, look: run.t >= steps


def moved(name, place, holds):
    """Return a condition on one parameter: holds(its value)."""
    return lambda run, look: bool(holds(run.params[name][place]))
