"""The slips that everybody makes, each as the numbers it would give, so that a wrong number shows how it came about."""

import numpy as np

from tinymlp.activations import ACTIVATIONS
from tinymlp.params import Params
from tinymlp.teaching.work import gradient, losses_from, right

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
    elif stage == "g":
        yield from _gradient_slips(work, t, true)
    elif stage == "v":
        before, g, eta, gamma = work.values[t - 1, "v"], work.values[t, "g"], problem.eta, problem.gamma
        yield "gamma", before - eta * g
        yield "gamma", -eta * g
        yield "velocity sign", gamma * before + eta * g
        yield "velocity sign", -gamma * before - eta * g
        yield "eta twice", gamma * before - eta * eta * g
        yield "eta", gamma * before - g
        if t > 1:
            yield "stale gradient", gamma * before - eta * work.values[t - 1, "g"]
    elif stage == "w":
        before, v = work.values[t - 1, "w"], work.values[t, "v"]
        yield "velocity sign", before - v
        if t > 1:
            yield "old velocity", before + work.values[t - 1, "v"]
        yield "eta twice", before + problem.eta * v
        yield "gamma", before - problem.eta * work.values[t, "g"]
    yield "sign", -true


def _gradient_slips(work, t, true):
    net, problem = work.net, work.problem
    weights = work.weights(t - 1)
    yield "mean", len(problem.X) * true
    if len(net.sizes) > 2:
        own = set(net.activations[:-1])
        if own != {"identity"}:
            yield "slope", gradient(work, t, weights, lambda z, h: 1.0)
        for name, (f, slope) in ACTIVATIONS.items():
            if name not in (*own, "identity"):
                yield "other slope", gradient(work, t, weights, lambda z, h, f=f, slope=slope: slope(z, f(z)))
        velocity = problem.gamma * work.values[t - 1, "v"] - problem.eta * true
        # The backward pass uses the weights transposed: here they are not.
        turned = [(W.reshape(W.shape[::-1]).T if W.shape[0] != W.shape[1] else W.T, b) for W, b in weights]
        if any(min(W.shape) > 1 for W, _ in weights[1:]):
            yield "transposed", gradient(work, t, turned)
        yield "updated first", gradient(work, t, Params(net, work.values[t - 1, "w"] + velocity).layers)
    if t > 1:
        yield "stale gradient", work.values[t - 1, "g"]
    gradients = Params(net, true)
    swapped = [gradients[name].T.reshape(shape) for name, shape in net.shapes.items()]
    if any(min(array.shape) > 1 for array in swapped):
        yield "transposed", np.array(net.join(swapped).flat)


def name_slips(work, t, stage, index, given, tolerance, written):
    """Return the names of the most likely slips, at most two, for a wrong number: [] if none explains it.

    given: the learner's number at `index` of the stage; tolerance: how exact it is, an array of the stage's shape;
    written: the learner's numbers of the whole stage, NaN where blank. A slip that explains more of them ranks higher.
    """
    scores = {}
    for order, (name, array) in enumerate(slips(work, t, stage)):
        array = np.broadcast_to(array, written.shape)
        if abs(array[index] - given) <= tolerance[index]:
            with np.errstate(invalid="ignore"):
                explained = int((abs(array - written) <= tolerance).sum())
            scores[name] = max(scores.get(name, (0, 0)), (explained, -order))
    true = right(work, t, stage)
    near = abs(true - given) <= tolerance
    near[index] = False
    if near.any():
        scores["neighbour"] = (1, -99)
    ranked = sorted(scores, key=scores.get, reverse=True)
    if not ranked:
        return []
    best = scores[ranked[0]][0]
    return [name for name in ranked if scores[name][0] >= best][:2]
