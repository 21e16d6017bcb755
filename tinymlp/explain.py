"""Numbers and words for what a run does: the parts of a step, of a gradient and of a velocity. No drawing here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.activations import ACTIVATIONS
from tinymlp.checks import finite_array, whole
from tinymlp.momentum import Rule
from tinymlp.network import Trace, backward, deltas, forward, sample_losses
from tinymlp.params import Params
from tinymlp.scores import loss_of_the_mean
from tinymlp.targets import FITS
from tinymlp.words import BENDS, decimal, given, label, meaning, raised, short, symbol, unit

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import ArrayLike

    from tinymlp.problems import Problem
    from tinymlp.record import Moment


def formula(moment: Moment) -> str:
    """Return the formula of the next step, with today's settings in it."""
    return moment.rule.in_numbers(short(moment.eta), short(moment.gamma))


@dataclass(frozen=True)
class Step:
    """One step of a run in its parts, each as Params: before, velocity_before, grads, carried + added = move, after.

    carried is what the last velocity adds, gamma v by our rule; added is what the gradient adds, -eta g by our rule;
    velocity is the one after the step, by our rule the move itself. t is the iteration that the step leads to.
    """

    t: int
    rule: Rule
    eta: float
    gamma: float
    before: Params
    velocity_before: Params
    grads: Params
    carried: Params
    added: Params
    move: Params
    velocity: Params
    after: Params
    trace: Trace
    sample_losses: np.ndarray
    loss: float


def edited(before: Moment, now: Moment) -> bool:
    """Return whether the parameters of a moment were changed by hand after the step that led to it."""
    return before.after.params != now.params


def step_from(moment: Moment) -> Step:
    """Return the Step that starts at a moment of a run, whether or not it has been taken."""
    rule, eta, gamma, velocity, grads = moment.rule, moment.eta, moment.gamma, moment.velocity, moment.grads
    nothing, after = moment.params.net.zeros(), moment.after
    memory = (after.memory,) if after.memory else ()
    with np.errstate(all="ignore"):  # a step that overflows is one that the run will not take
        # With its memory fixed every rule is linear in velocity and gradient: from nothing it shows its parts.
        carried, _ = rule(nothing, velocity, nothing, eta, gamma, *memory)
        added, _ = rule(nothing, nothing, grads, eta, gamma, *memory)
        move, _ = rule(nothing, velocity, grads, eta, gamma, *memory)
    return Step(
        t=moment.t + 1,
        rule=rule,
        eta=eta,
        gamma=gamma,
        before=moment.params,
        velocity_before=velocity,
        grads=grads,
        carried=carried,
        added=added,
        move=move,
        velocity=after.velocity,
        after=after.params,
        trace=moment.trace,
        sample_losses=sample_losses(moment.trace, moment.problem.y),
        loss=moment.loss,
    )


def is_plateau(losses: np.ndarray, steps: int = 100, share: float = 0.001, small: float = 0.1) -> bool:
    """Return whether a loss (T,) stands still while it is not yet small, so that one may wonder whether it ever falls.

    It stands still if over the last `steps` steps it stayed within `share` of its present value; it is small below
    `small` times the first loss.
    """
    if len(losses) <= steps or losses[-1] < small * losses[0]:
        return False
    return bool(np.ptp(losses[-steps - 1 :]) < share * losses[-1])


def is_the_mean_alone(losses: np.ndarray, y: np.ndarray, steps: int = 100, share: float = 0.02) -> bool:
    """Return whether a squared loss (T,) has stayed where the mean of the targets y (N, C) alone would have it.

    It has if over the last `steps` steps it was within `share` of that: the network answers alike whatever it is given.
    """
    alone = loss_of_the_mean(y)
    return len(losses) > steps and bool((abs(losses[-steps - 1 :] - alone) < share * alone).all())


def mean_alone_said(problem: Problem, losses: np.ndarray) -> str:
    """Return in words that a network with numbers as targets has come no further than their mean; "" if it has."""
    if problem.net.output != "identity" or not is_the_mean_alone(losses, problem.y):
        return ""
    scaled = ", or standardise=True" if abs(problem.X).max() > FITS else ""
    return f"The loss has stayed where the mean of the targets alone would have it. Try another eta{scaled}."


# The chain rule of one weight ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Factor:
    """One factor of a gradient: its symbol, value and one sentence; and its own parts, where it can be broken down.

    The parts multiply or add up to the value: `joined` is "times" or "plus", and empty where there are none.
    """

    symbol: str
    value: float
    sentence: str
    parts: tuple = ()
    joined: str = ""


@dataclass(frozen=True)
class ChainRule:
    """The gradient of one sample's loss for one parameter: `factors` in order, from the loss to the parameter.

    product: their product, the gradient of that sample; opened: the factors, the first one replaced by its parts where
    that is possible, as one writes them by hand; samples (N,): the gradient of each sample; mean: that of the loss.
    """

    name: str
    index: tuple[int, int]
    sample: int
    symbol: str
    factors: tuple[Factor, ...]
    samples: np.ndarray
    mean: float

    @property
    def product(self) -> float:
        """The product of the factors."""
        return math.prod(factor.value for factor in self.factors)

    @property
    def opened(self) -> tuple[Factor, ...]:
        """The factors, with the first one replaced by its parts if it is a product."""
        first, *others = self.factors
        return (*first.parts, *others) if first.joined == "times" else self.factors

    def __str__(self):
        count = len(self.samples)
        rows = [(factor.symbol, factor.value, factor.sentence) for factor in self.opened]
        rows.append((f"∂ℓ/∂{self.symbol}", self.product, f"the product: sample {self.sample + 1} alone"))
        rows.append((f"∂L/∂{self.symbol}", self.mean, f"the mean over all {count} samples"))
        width = max(len(symbol) for symbol, _, _ in rows)
        return "\n".join(f"{symbol:{width}} {decimal(value):>10}  {words}" for symbol, value, words in rows)


def chain_rule(trace: Trace, y: ArrayLike, name: str, index: tuple[int, int], sample: int) -> ChainRule:
    """Return the ChainRule of the parameter `name[index]` for one sample (from 0) of a trace without leading axes.

    The gradient is delta, the slope of the loss for the unit's sum z, times the input of the weight. In the last layer
    delta is the slope of the loss; before that, the sum over all paths back from there, times the activation's slope.
    Raises ValueError for a name, index or sample that does not exist.
    """
    params, net = trace.params, trace.params.net
    position = params.position(name, index)
    if params.leading or trace.X.ndim != 2:
        raise ValueError(f"trace: expected the trace of one network, without leading axes, got {params}")
    if whole("sample", sample) >= len(trace.X):
        raise ValueError(f"sample: expected a whole number below {len(trace.X)}, got {sample}")
    targets = finite_array("y", y)
    alone = forward(params, trace.X[sample : sample + 1])
    dz = [each[0] for each in deltas(alone, targets[sample : sample + 1])]
    entry = net.entries[position]
    factors = [*_factors_of(alone, targets[sample], dz, entry), _incoming(net, alone, entry)]
    # Each sample on its own: the samples become a leading axis of networks with one sample each.
    each = forward(params, trace.X[:, np.newaxis])
    samples = backward(each, targets[:, np.newaxis]).flat[:, position]
    mean = float(backward(trace, targets).flat[position])
    return ChainRule(entry.name, entry.index, sample, label(*entry), tuple(factors), samples, mean)


def _factors_of(trace, y, dz, entry):
    """Return the factors of the slope for the sum that a parameter goes into; a shared bias goes into several."""
    net = trace.params.net
    if not (entry.is_bias and net.biases == "shared" and net.sizes[entry.layer] > 1):
        return _factors_of_delta(trace, y, dz, entry.layer, entry.unit)
    units = range(net.sizes[entry.layer])
    parts = [
        Factor(
            f"∂ℓ/∂{symbol(net, 'z', entry.layer, k)}",
            float(dz[entry.layer - 1][k]),
            f"how the loss feels {unit(net, entry.layer, k)}",
        )
        for k in units
    ]
    words = f"the bias reaches all {len(parts)} units of the layer: their slopes add up"
    total = math.fsum(part.value for part in parts)
    return [Factor(f"Σ ∂ℓ/∂{raised('z' + str(entry.layer))}", total, words, tuple(parts), "plus")]


def _factors_of_delta(trace, y, dz, layer, column):
    """Return the factors of delta, the slope of the sample's loss for the sum z of a unit."""
    net, last = trace.params.net, len(trace.z)
    if layer == last:
        return [_output_delta(net, trace, y, dz[-1], column)]
    W, _ = trace.params.layers[layer]
    h = symbol(net, "h", layer, column)
    value = float((dz[layer] @ W.T)[column])
    if net.sizes[layer + 1] == 1:
        back = [*_factors_of_delta(trace, y, dz, layer + 1, 0), _weight_factor(net, W, layer, column, 0)]
    else:
        paths = []
        for k in range(net.sizes[layer + 1]):
            z = symbol(net, "z", layer + 1, k)
            delta = Factor(f"∂ℓ/∂{z}", float(dz[layer][k]), f"how the loss feels {unit(net, layer + 1, k)}")
            parts = (delta, _weight_factor(net, W, layer, column, k))
            words = f"the path through {unit(net, layer + 1, k)}"
            paths.append(Factor(f"∂ℓ/∂{z} · ∂{z}/∂{h}", parts[0].value * parts[1].value, words, parts, "times"))
        words = f"all {len(paths)} paths from {unit(net, layer, column)} to the loss, added up"
        back = [Factor(f"∂ℓ/∂{h}", value, words, tuple(paths), "plus")]
    slope = net.slopes[layer - 1]
    z_value, h_value = trace.z[layer - 1][0, column], trace.h[layer][0, column]
    slope_value = float(slope(np.array([z_value]), np.array([h_value]))[0])
    z = symbol(net, "z", layer, column)
    return [
        *back,
        Factor(f"∂{h}/∂{z}", slope_value, _slope_sentence(net.activations[layer - 1], z, z_value, slope_value)),
    ]


def _output_delta(net, trace, y, dz, column):
    """Return delta of an output as a factor; where p depends on its own z alone it opens into dL/dp times dp/dz."""
    z, p = symbol(net, "z", len(trace.z), column), symbol(net, "p", len(trace.z), column)
    value, target, delta = float(trace.p[0, column]), float(y[column]), float(dz[column])
    how = "right" if value == target else "too high" if value > target else "too low"
    sentence = f"{p} = {decimal(value)} is {how}, the target is {given(target)}"
    parts = ()
    if net.output not in ("softmax", "identity"):
        slope = float(ACTIVATIONS[net.output][1](trace.z[-1], trace.p)[0, column])
        if net.loss == "squared":
            at_p = value - target
        else:
            with np.errstate(all="ignore"):  # where p is 0 or 1 the parts are not finite, and delta alone is shown
                at_p = float(-np.divide(target, value) + np.divide(1 - target, 1 - value))
        if np.isfinite(at_p) and (slope > 0 or net.loss == "squared"):
            toward = "already right" if at_p == 0 else "lower it" if at_p > 0 else "raise it"
            z_value = trace.z[-1][0, column]
            logistic = f"the sigmoid's slope, {p} (1 - {p})"
            words = logistic if net.output == "sigmoid" else _slope_sentence(net.output, z, z_value, slope)
            parts = (Factor(f"∂ℓ/∂{p}", at_p, f"{sentence}: {toward}"), Factor(f"∂{p}/∂{z}", slope, words))
    return Factor(f"∂ℓ/∂{z}", delta, sentence, parts, "times" if parts else "")


def _weight_factor(net, W, layer, row, column):
    words = f"the weight {meaning(net, f'W{layer + 1}', (row, column))}"
    symbols = symbol(net, "z", layer + 1, column), symbol(net, "h", layer, row)
    return Factor(f"∂{symbols[0]}/∂{symbols[1]}", float(W[row, column]), words)


def _incoming(net, trace, entry):
    factor = f"∂{symbol(net, 'z', entry.layer, entry.unit)}/∂{label(*entry)}"
    if entry.is_bias:
        return Factor(factor, 1.0, "a bias is added as it is")
    came_in = float(trace.h[entry.layer - 1][0, entry.source])
    return Factor(factor, came_in, f"what comes in from {unit(net, entry.layer - 1, entry.source)}")


def _slope_sentence(hidden, z, z_value, slope):
    turned = ": it flips the sign" if slope < 0 else ": nothing gets through" if slope == 0 else ""
    article = "the " if hidden in ("sigmoid", "identity") else ""
    return f"{article}{BENDS[hidden]}'s slope at {z} = {decimal(z_value)}{turned}"


# The ledger of a velocity --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """What one past gradient still contributes to a velocity: step, gradient, settings then, factor kept, and share.

    share = kept * gain * gradient, where kept is the product of the gammas of all later steps.
    """

    t: int
    gradient: float
    eta: float
    gamma: float
    gain: float
    kept: float
    share: float


def ledger(run: Any, name: str, index: tuple[int, int], since: int = 0) -> list[Share]:
    """Return the Share of each past gradient in the current velocity of `name[index]`, oldest first: they sum to it.

    run: a Run; eta and gamma may have changed on the way. since: leave out the steps before this iteration. Unrolls
    v <- gamma v - eta g, as Goh 2017 does in "Why momentum really works", Distill, doi:10.23915/distill.00006. A first
    velocity that was given counts as no gradient.
    Raises ValueError for a rule whose velocity is no sum of gradients.
    """
    position, past = run.problem.net.position(name, index), run.past(since)
    for rule in past.rules:
        if rule.gain is None:
            raise ValueError(f"rule: expected one whose velocity adds up gradients, got {rule}")
    kept = np.append(np.cumprod(past.gamma[:0:-1])[::-1], 1.0)[: len(past)]
    gains = [rule.gain(eta, gamma) for rule, eta, gamma in zip(past.rules, past.eta, past.gamma, strict=True)]
    rows = zip(past.t, past.grads.flat[:, position], past.eta, past.gamma, gains, kept, strict=True)
    return [
        Share(int(t) + 1, float(g), float(eta), float(gamma), float(gain), float(k), float(k * gain * g))
        for t, g, eta, gamma, gain, k in rows
    ]
