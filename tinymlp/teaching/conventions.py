"""What texts write in different ways: the factor of the loss, means and sums, biases, momentum, when one updates."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import choice
from tinymlp.momentum import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tinymlp.params import MLP

RULE_NAMES = tuple(name for name, rule in RULES.items() if rule.remember is None)
CHOICES = {
    "loss": ("half", "whole"),
    "slope": ("half", "whole"),
    "samples": ("mean", "sum"),
    "gradients": ("mean", "sum"),
    "outputs": ("sum", "mean"),
    "biases": ("each", "shared"),
    "rule": RULE_NAMES,
    "update": ("batch", "sample"),
}


@dataclass(frozen=True)
class Conventions:
    """How a text does what others do otherwise. The first value of each is the workbook's own way.

    loss: of squared error, "half" of it, (p - y)^2 / 2, or the "whole", (p - y)^2. slope: the same for its slope, where
    a text does not do what its loss says. samples: the "mean" over the samples, or the "sum". gradients: the same for
    the gradients, where a text averages its loss and sums its gradients. outputs: the "sum" over the outputs, or the
    "mean". biases: "each" unit's own, or one "shared" by the units of a layer, whose gradient is the sum of theirs.
    rule: of momentum, "momentum", "pytorch", "average" or "nesterov", as in `tinymlp.momentum`. update: once for the
    whole "batch", or after each "sample", one in each iteration, in their order. Raises ValueError for another value.
    """

    loss: str = "half"
    slope: str = ""
    samples: str = "mean"
    gradients: str = ""
    outputs: str = "sum"
    biases: str = "each"
    rule: str = "momentum"
    update: str = "batch"

    def __post_init__(self):
        object.__setattr__(self, "slope", self.slope or self.loss)
        object.__setattr__(self, "gradients", self.gradients or self.samples)
        for name, known in CHOICES.items():
            choice(name, getattr(self, name), known)

    def __repr__(self):
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in OURS.differing(self))
        return f"Conventions({shown})"

    def factor(self, net: MLP, of: str = "slope") -> float:
        """Return what a loss, or its slope, is multiplied by, beside the workbook's own; a softmax has one loss."""
        doubled = 2.0 if net.loss == "squared" and getattr(self, of) == "whole" else 1.0
        return doubled / (net.sizes[-1] if self.outputs == "mean" and net.output != "softmax" else 1)

    def share(self, samples: int, of: str = "gradients") -> float:
        """Return what the sum over so many samples is divided by; of: the "gradients", or the loss, "samples"."""
        return samples if getattr(self, of) == "mean" else 1

    def rows(self, t: int, samples: int) -> slice:
        """Return the samples that iteration t looks at."""
        return slice(None) if self.update == "batch" else slice((t - 1) % samples, (t - 1) % samples + 1)

    def differing(self, other: Conventions) -> list[str]:
        """Return the names of what is done in another way there."""
        return [field.name for field in fields(self) if getattr(self, field.name) != getattr(other, field.name)]

    def includes(self, other: Conventions, base: Conventions) -> bool:
        """Return whether all that another set of conventions changes of a base is changed in the same way here."""
        return not set(base.differing(other)) & set(self.differing(other))

    def velocity(self, before: np.ndarray, g: np.ndarray, eta: float, gamma: float) -> np.ndarray:
        """Return the velocity after a gradient g, from the one before it; all flat."""
        gain = RULES[self.rule].gain
        assert gain is not None  # every rule without a memory has one
        return gamma * before + gain(eta, gamma) * g

    def moved(self, w: np.ndarray, v: np.ndarray, g: np.ndarray, eta: float, gamma: float) -> np.ndarray:
        """Return the parameters after a step, from those before it, the new velocity and the gradient; all flat."""
        if self.rule == "nesterov":
            return w + gamma * v - eta * g
        return w + v if self.rule == "momentum" else w - eta * v


OURS = Conventions()

# What a learner is told of a convention: what differs, and what their text seems to do.
TOLD = {
    ("loss", "whole"): "your losses are all twice ours: your text leaves the 1/2 out of the squared error",
    ("loss", "half"): "your losses are all half of ours: your text puts a 1/2 before the squared error",
    ("slope", "whole"): "your gradients are all twice ours: your text leaves the 1/2 out of the squared error",
    ("slope", "half"): "your gradients are all half of ours: your text puts a 1/2 before the squared error",
    ("samples", "sum"): "your text sums over the samples, where ours takes the mean",
    ("samples", "mean"): "your text takes the mean over the samples, where ours sums",
    ("gradients", "sum"): "your text sums its gradients over the samples, where ours takes their mean",
    ("gradients", "mean"): "your text takes the mean of its gradients over the samples, where ours sums them",
    ("outputs", "mean"): "your text takes the mean over the outputs, where ours sums",
    ("outputs", "sum"): "your text sums over the outputs, where ours takes the mean",
    ("biases", "shared"): "your text has one bias for all units of a layer, and its gradient is the sum of theirs",
    ("biases", "each"): "your text has a bias for each unit, where ours shares one in a layer",
    ("update", "sample"): "your text updates after each sample, one in each iteration, where ours takes all at once",
    ("rule", "momentum"): "your velocity is the step itself: v ← γ v − η g, then w ← w + v",
    ("rule", "pytorch"): "your velocity is PyTorch's, without η: v ← γ v + g, then w ← w − η v",
    ("rule", "average"): "your velocity is an average of gradients: v ← γ v + (1 − γ) g, then w ← w − η v",
    ("rule", "nesterov"): "your step is Nesterov's: v ← γ v − η g, then w ← w + γ v − η g",
}


def told(ours: Conventions, theirs: Conventions) -> list[str]:
    """Return in words how a learner's conventions differ from those of a sheet."""
    names = ours.differing(theirs)
    for part, both in (("loss", "slope"), ("gradients", "samples")):
        if part in names and both in names:
            names.remove(part)  # one sentence says both
    return [TOLD[name, getattr(theirs, name)] for name in names]


def alternatives(own: Conventions, net: MLP, samples: int) -> Iterator[Conventions]:
    """Yield other conventions for a sheet of this network, those that change least first.

    What cannot be seen in the numbers is left out: sums of one sample, or of one output.
    """
    changes = []
    if net.loss == "squared":
        changes += [
            {"loss": loss, "slope": slope}
            for loss in CHOICES["loss"]
            for slope in CHOICES["slope"]
            if (loss, slope) != (own.loss, own.slope)
        ]
    if samples > 1 and own.update == "batch":
        changes += [
            {"samples": loss, "gradients": gradients}
            for loss, gradients in (("sum", "sum"), ("mean", "mean"), ("mean", "sum"), ("sum", "mean"))
            if (loss, gradients) != (own.samples, own.gradients)
        ]
        changes += [{"update": "sample"}]
    if net.sizes[-1] > 1 and net.output != "softmax":
        changes += [{"outputs": other} for other in CHOICES["outputs"] if other != own.outputs]
    if net.biases == "each" and max(net.sizes[1:]) > 1:
        changes += [{"biases": other} for other in CHOICES["biases"] if other != own.biases]
    changes += [{"rule": other} for other in CHOICES["rule"] if other != own.rule]
    for count in (1, 2):
        for chosen in combinations(changes, count):
            if len({name for change in chosen for name in change}) == sum(map(len, chosen)):
                yield replace(own, **{name: value for change in chosen for name, value in change.items()})
