"""The slips that everybody makes, each as the numbers it would give, so that a wrong number shows how it came about."""

from itertools import combinations

import numpy as np

from tinymlp.activations import ACTIVATIONS
from tinymlp.params import Params
from tinymlp.teaching.work import delta, gradient, losses_from, right

# What a learner is told, keyed by the slip's short name.
SAYINGS = {
    "sign": "the sign is flipped",
    "mean": "the sum over the samples was taken, and not divided by their number",
    "slope": "the slope of the activation is missing",
    "other slope": "the slope of another activation was used",
    "other activation": "another activation was used",
    "no activation": "the activation is missing: this is still z",
    "stale gradient": "this uses the gradient of the previous step",
    "gamma": "gamma is missing",
    "velocity sign": "the sign of the velocity is flipped",
    "eta twice": "eta was applied twice",
    "eta": "eta is missing",
    "updated first": "the later weights were already updated: the gradient needs the old ones",
    "transposed": "rows and columns of a weight matrix are swapped",
    "bias": "the bias was left out",
    "target": "the opposite target was used",
    "logarithm": "the logarithm was taken to base 10",
    "half": "the factor 1/2 is missing",
    "old weights": "the weights of the previous step were used",
    "old velocity": "the velocity of the previous step was used",
    "start": "the value from the start was used, and not the last one",
    "weight": "the weight that leads on from the unit is missing",
    "digits": "two digits are exchanged",
    "neighbour": "this number belongs in a neighbouring cell",
}


def slips(work, t, stage):
    """Yield (name, array) for each slip that can happen in a stage: the number it would give in every cell."""
    kind, net, problem = stage[0], work.net, work.problem
    true = right(work, t, stage)
    if kind == "z":
        layer = int(stage[1:])
        W, b = work.weights(t - 1)[layer - 1]
        came_in = work.incoming(t, layer)
        if net.biases != "none":
            yield "bias", came_in @ W
        if t > 1:
            W_before, b_before = work.weights(t - 2)[layer - 1]
            yield "old weights", came_in @ W_before + b_before
        if min(W.shape) > 1:
            yield "transposed", came_in @ W.reshape(W.shape[::-1]).T + b
            if W.shape[0] == W.shape[1]:
                yield "transposed", came_in @ W.T + b
    elif kind == "h":
        z = work.values[t, f"z{stage[1:]}"]
        own = net.activations[int(stage[1:]) - 1]
        yield from (("other activation", f(z)) for name, (f, _) in ACTIVATIONS.items() if name not in (own, "identity"))
        if own != "identity":
            yield "no activation", z
    elif stage == "p" and net.output != "identity":
        yield "no activation", work.values[t, f"z{len(net.sizes) - 1}"]
    elif stage == "losses":
        if net.output == "sigmoid":
            yield "target", losses_from(net, work.values[t, "p"], 1 - problem.y)
        yield ("half", 2 * true) if net.loss == "squared" else ("logarithm", true / np.log(10))
    elif stage == "loss":
        yield "mean", len(problem.X) * true
    elif stage in ("old w", "old v"):
        yield "start", work.values[0, stage[-1]]
    elif stage == "e" and net.output == "sigmoid":
        yield "target", work.values[t, "p"] - (1 - problem.y)
    elif kind == "s":
        yield from _slope_slips(work, t, int(stage[1:]))
    elif kind == "d" and int(stage[1:]) < len(net.sizes) - 1:
        layer = int(stage[1:])
        yield from (
            (name, delta(work, t, layer, *other)) for name, other in _backward_slips(work, t, right(work, t, "g"))
        )
        yield "weight", delta(work, t, layer, [(np.ones_like(W), b) for W, b in work.weights(t - 1)])
    elif stage == "g":
        yield from _gradient_slips(work, t, true)
    elif stage == "v":
        before, g, eta, gamma = work.before(t, "v"), work.values[t, "g"], problem.eta, problem.gamma
        yield "gamma", before - eta * g
        yield "gamma", -eta * g
        yield "velocity sign", gamma * before + eta * g
        yield "velocity sign", -gamma * before - eta * g
        yield "eta twice", gamma * before - eta * eta * g
        yield "eta", gamma * before - g
        if t > 1:
            yield "stale gradient", gamma * before - eta * work.values[t - 1, "g"]
    elif stage == "w":
        before, v = work.before(t, "w"), work.values[t, "v"]
        yield "velocity sign", before - v
        if t > 1:
            yield "old velocity", before + work.before(t, "v")
        yield "eta twice", before + problem.eta * v
        yield "gamma", before - problem.eta * work.values[t, "g"]
        if t > 1:
            yield "start", work.values[0, "w"] + v
    yield "sign", -true


def _slope_slips(work, t, layer):
    net, z = work.net, work.values[t, f"z{layer}"]
    for name, (f, slope) in ACTIVATIONS.items():
        if name not in (net.activations[layer - 1], "identity"):
            yield "other slope", slope(z, f(z))


def _gradient_slips(work, t, true):
    net, problem = work.net, work.problem
    yield "mean", len(problem.X) * true
    yield from ((name, gradient(work, t, *other)) for name, other in _backward_slips(work, t, true))
    if t > 1:
        yield "stale gradient", work.values[t - 1, "g"]
    gradients = Params(net, true)
    swapped = [gradients[name].T.reshape(shape) for name, shape in net.shapes.items()]
    if any(min(array.shape) > 1 for array in swapped):
        yield "transposed", np.array(net.join(swapped).flat)


def _backward_slips(work, t, true):
    """Yield (name, (weights, slope)) for each slip in going back through the layers: what was used in their place."""
    net, problem, weights = work.net, work.problem, work.weights(t - 1)
    if len(net.sizes) == 2:
        return
    own = set(net.activations[:-1])
    if own != {"identity"}:
        yield "slope", (weights, lambda z, h: 1.0)
    for name, (f, slope) in ACTIVATIONS.items():
        if name not in (*own, "identity"):
            yield "other slope", (weights, lambda z, h, f=f, slope=slope: slope(z, f(z)))
    # The backward pass uses the weights transposed: here they are not.
    turned = [(W.reshape(W.shape[::-1]).T if W.shape[0] != W.shape[1] else W.T, b) for W, b in weights]
    if any(min(W.shape) > 1 for W, _ in weights[1:]):
        yield "transposed", (turned, None)
    velocity = problem.gamma * work.before(t, "v") - problem.eta * true
    yield "updated first", (Params(net, work.before(t, "w") + velocity).layers, None)


def _exchanged(given, half):
    """Yield the numbers that a number may have been before two of its digits were exchanged."""
    places = max(0, round(-np.log10(2 * half))) if half else 0
    digits = list(f"{abs(given):.{places}f}")
    at = [n for n, digit in enumerate(digits) if digit != "."]
    for first, second in combinations(at, 2):
        if digits[first] != digits[second]:
            other = digits.copy()
            other[first], other[second] = other[second], other[first]
            yield np.copysign(float("".join(other)), given)


def name_slips(work, t, stage, index, tolerance, written, half):
    """Return the names of the most likely slips, at most two, for a wrong number: [] if none explains it.

    written: the learner's numbers of the stage, NaN where blank, the wrong one at `index`; tolerance: how exact they
    are, an array of the same shape; half: half a unit of the wrong one's last digit. A slip that explains more of the
    stage ranks higher.
    """
    scores, given = {}, written[index]
    for order, (name, array) in enumerate(slips(work, t, stage)):
        array = np.broadcast_to(array, written.shape)
        if abs(array[index] - given) <= tolerance[index]:
            with np.errstate(invalid="ignore"):
                explained = int((abs(array - written) <= tolerance).sum())
            scores[name] = max(scores.get(name, (0, 0)), (explained, -order))
    true = right(work, t, stage)
    if any(abs(other - true[index]) <= tolerance[index] for other in _exchanged(given, half)):
        scores["digits"] = (1, -98)
    near = abs(true - given) <= tolerance
    near[index] = False
    if near.any():
        scores["neighbour"] = (1, -99)
    ranked = sorted(scores, key=scores.get, reverse=True)
    if not ranked:
        return []
    best = scores[ranked[0]][0]
    return [name for name in ranked if scores[name][0] >= best][:2]
