"""How eta changes by itself: a schedule is a pure function of the eta that was set and of the steps since then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinymlp.checks import choice, describe, one_number, whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


@dataclass(frozen=True)
class Constant:
    """eta stays as it was set."""

    def __call__(self, eta, steps):
        return eta


@dataclass(frozen=True)
class StepDecay:
    """Every `every` steps eta is multiplied by `factor`."""

    every: int
    factor: float = 0.5

    def __post_init__(self):
        whole("every", self.every, least=1)
        one_number("factor", self.factor, least=0)

    def __call__(self, eta, steps):
        return eta * self.factor ** (steps // self.every)


@dataclass(frozen=True)
class InverseDecay:
    """eta / (1 + steps / every): after `every` steps a half, after twice as many a third.

    Decreasing like 1 / t is what stochastic descent needs to settle: Robbins & Monro 1951, Ann. Math. Stat. 22(3).
    """

    every: int

    def __post_init__(self):
        whole("every", self.every, least=1)

    def __call__(self, eta, steps):
        return eta / (1 + steps / self.every)


KINDS = {"constant": Constant, "step": StepDecay, "inverse": InverseDecay}
CONSTANT = Constant()


def schedule(kind: str, *numbers: float) -> Callable[[float, int], float]:
    """Return a schedule by its name, for example ("inverse", 100).

    kind: "constant", "step" (with every and factor) or "inverse" (with every).
    Raises ValueError for another kind or numbers that do not fit.
    """
    make = KINDS[choice("kind", kind, KINDS)]
    try:
        return make(*numbers)
    except TypeError:
        raise ValueError(f"schedule: expected the numbers of a {kind!r} schedule, got {numbers}") from None


def checked_schedule(given: Any) -> Callable[[float, int], float]:
    """Return `given`, a function of (eta, steps); ValueError for what cannot be called."""
    if not callable(given):
        raise ValueError(f'schedule: expected a schedule, e.g. schedule("inverse", 100), got {describe(given)}')
    return given
