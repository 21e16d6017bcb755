"""A recipe: all that a playground lets a learner choose about data and network, as one value that makes a Problem."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from tinymlp import problems
from tinymlp.checks import axes, choice, describe, finite_array, one_number, whole
from tinymlp.inputs import COORDINATES, checked_inputs

if TYPE_CHECKING:
    from typing import Any

    from tinymlp.problems import Problem

# The data sets in the plane, by name: (maker, what it is called on the page). "own" is the learner's.
CLASSES = {
    "circles": (problems.circles, "circles"),
    "xor": (problems.xor, "xor: four clouds"),
    "two blobs": (problems.blobs, "two clouds"),
    "spiral": (problems.spiral, "spiral"),
    "moons": (problems.moons, "two moons"),
    "curve": (problems.curve, "above or below a curve"),
    "three blobs": (problems.blobs, "three clouds"),
}
NUMBERS = {"plane": (problems.plane, "numbers: a plane"), "hills": (problems.hills, "numbers: hills and hollows")}
DATA = CLASSES | NUMBERS
OWN = "own"
DRAWN = ("A", "B", "C")  # the classes of samples that are drawn
OPTIONS: dict[str, dict[str, Any]] = {"two blobs": {"classes": 2}, "three blobs": {"classes": 3}}
MOST_SAMPLES, MOST_LAYERS, MOST_UNITS = 1000, 6, 16


@dataclass(frozen=True)
class Recipe:
    """What a playground lets one choose of data and network. `problem()` makes it; the same recipe, the same numbers.

    data: a name in DATA, or "own" for the samples in `own`: (x1, x2, target) each, targets words or numbers.
    n: samples, held-out ones included; noise: its standard deviation, in the units of the plane; held_out: the share of
    the samples that makes the test set; seed: of the data and of the weights. inputs: names from `inputs.INPUTS`;
    sizes: of the hidden layers; hidden: their activation; loss: None for the usual one, or "squared".
    Raises ValueError for anything else, also when it is put together.
    """

    data: str = "circles"
    n: int = 200
    noise: float = 0.1
    held_out: float = 0.5
    seed: int = 0
    inputs: tuple[str, ...] = COORDINATES
    sizes: tuple[int, ...] = (4, 2)
    hidden: str = "tanh"
    loss: str | None = None
    own: tuple[tuple[float, float, Any], ...] = field(default=(), repr=False)

    def __post_init__(self):
        choice("data", self.data, [*DATA, OWN])
        if not 4 <= whole("n", self.n) <= MOST_SAMPLES:
            raise ValueError(f"n: expected 4 to {MOST_SAMPLES} samples, got {self.n}")
        whole("seed", self.seed)
        one_number("noise", self.noise, least=0)
        one_number("held_out", self.held_out, least=0, most=0.9)
        object.__setattr__(self, "inputs", checked_inputs(self.inputs))
        object.__setattr__(self, "sizes", axes("sizes", self.sizes))
        if len(self.sizes) > MOST_LAYERS or not all(1 <= size <= MOST_UNITS for size in self.sizes):
            expected = f"at most {MOST_LAYERS} hidden layers of 1 to {MOST_UNITS} units"
            raise ValueError(f"sizes: expected {expected}, got {self.sizes}")
        object.__setattr__(self, "own", tuple(map(tuple, self.own)))

    @property
    def own_classes(self) -> tuple[str, ...]:
        """The classes of drawn samples: A and B, and C once there is one. They need not all be there."""
        return DRAWN if any(target == DRAWN[2] for *_, target in self.own) else DRAWN[:2]

    def but(self, **changes: Any) -> Recipe:
        """Return the recipe with some of its fields changed; ValueError for what cannot be."""
        return replace(self, **changes)

    def problem(self, eta: float = 0.1, gamma: float = 0.9) -> Problem:
        """Return the Problem that this recipe makes, with these settings of the first step."""
        options: dict[str, Any] = {
            "inputs": self.inputs, "sizes": self.sizes, "hidden": self.hidden, "held_out": self.held_out,
            "loss": self.loss, "recipe": self, "eta": eta, "gamma": gamma,
        }  # fmt: skip
        rng = np.random.default_rng(self.seed)
        if self.data == OWN:
            points, targets = _own(self.own)
            drawn = self.own_classes if set(targets) <= set(DRAWN) else ()
            words = isinstance(targets[0], str)
            # Which targets are classes was decided where the samples were read; of older samples, 0 and 1 were.
            kind = "classes" if words or set(targets) == {0, 1} else "numbers"
            options |= {"kind": kind, "classes": drawn, "standardise": False}
            return problems.problem(points, targets, rng=rng, name="own data", **options)
        make, _ = DATA[self.data]
        if self.data in NUMBERS:
            options["loss"] = None  # there is one loss for numbers
        return make(self.n, self.noise, rng, **OPTIONS.get(self.data, {}), **options)


def _own(samples):
    if not samples:
        raise ValueError("own data: expected at least one sample, got none")
    for number, sample in enumerate(samples, start=1):
        if len(sample) != 3:
            raise ValueError(f"own data, sample {number}: expected x1, x2 and a target, got {describe(sample)}")
    points = finite_array("own data", [sample[:2] for sample in samples])
    targets = [target for *_, target in samples]
    words = any(isinstance(target, str) for target in targets)
    return points, list(map(str, targets)) if words else targets
