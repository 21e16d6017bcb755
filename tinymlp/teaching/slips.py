"""The slips that everybody makes, each as the numbers it would give, so that a wrong number shows how it came about."""

from itertools import combinations

import numpy as np

from tinymlp.activations import ACTIVATIONS, sigmoid
from tinymlp.params import Params
from tinymlp.teaching.chain_slips import chain_slips
from tinymlp.teaching.work import losses_from, right

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
    "output slope": "the slope of the output's activation is missing",
    "slopes": "the slopes of all activations are missing",
    "slope at h": "the slope was taken at another number: h and z are exchanged in it",
    "input": "what came in is missing: this is delta alone",
    "other unit": "a factor of a neighbouring unit was used",
    "other sample": "a factor of another sample was used",
    "other layer": "what came in at another layer was used",
    "stale input": "what came in at the previous iteration was used",
    "no target": "the target was not subtracted",
    "exponent": "the exponent has the wrong sign: e^z in place of e^-z",
    "same": "one and the same number stands in several cells: this cannot come from working them out",
    "decimal": "the decimal point is in another place",
    "neighbour": "this number belongs in a neighbouring cell",
}


def slips(work, t, stage):
    """Yield (name, array) for each slip that can happen in a stage: the number it would give in every cell."""
    kind, net = stage[0], work.net
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
        if own == "silu":
            yield "exponent", z * sigmoid(-z)
        elif own == "sigmoid":
            yield "exponent", sigmoid(-z)
    elif stage == "p" and net.output != "identity":
        yield "no activation", work.values[t, f"z{len(net.sizes) - 1}"]
        if net.output in ("sigmoid", "softmax"):
            yield "exponent", net.functions[-1](-work.values[t, f"z{len(net.sizes) - 1}"])
    elif stage == "losses":
        if net.output == "sigmoid":
            other = losses_from(net, work.values[t, "p"], 1 - work.targets(t))
            yield "target", work.conventions.factor(net, "loss") * other
        if net.loss == "cross_entropy":
            yield "logarithm", true / np.log(10)
        elif work.conventions.loss == "half":
            yield "half", 2 * true
    elif stage == "loss":
        yield "mean", work.share(t, "samples") * true
    elif stage in ("old w", "old v"):
        yield "start", work.values[0, stage[-1]]
    elif stage == "e" and net.output == "sigmoid":
        yield "target", work.values[t, "p"] - (1 - work.targets(t))
    elif kind == "s":
        yield from _slope_slips(work, t, int(stage[1:]))
    elif kind == "d":
        yield from chain_slips(work, t, stage)
    elif stage == "g":
        yield from _gradient_slips(work, t, true)
    elif stage == "v":
        yield from _velocity_slips(work, t)
    elif stage == "w":
        yield from _step_slips(work, t, true)
    yield "sign", -true


def _velocity_slips(work, t):
    ours, before, g = work.conventions, work.before(t, "v"), work.values[t, "g"]
    eta, gamma = settings = work.problem.eta, work.problem.gamma
    new = ours.velocity(0 * before, g, *settings)
    yield "gamma", before + new
    yield "gamma", new
    yield "velocity sign", ours.velocity(before, -g, *settings)
    yield "velocity sign", ours.velocity(-before, g, *settings)
    if ours.rule in ("momentum", "nesterov"):
        yield "eta twice", gamma * before - eta * eta * g
        yield "eta", gamma * before - g
    if t > 1:
        yield "stale gradient", ours.velocity(before, work.values[t - 1, "g"], *settings)


def _step_slips(work, t, true):
    ours, before, v, g = work.conventions, work.before(t, "w"), work.values[t, "v"], work.values[t, "g"]
    settings, move = (work.problem.eta, work.problem.gamma), true - before
    yield "velocity sign", before - move
    if t > 1:
        yield "old velocity", ours.moved(before, work.before(t, "v"), g, *settings)
    yield "eta twice", before + work.problem.eta * move
    yield "gamma", ours.moved(before, ours.velocity(0 * v, g, *settings), g, *settings)
    if ours.rule in ("pytorch", "average"):
        yield "eta", before - v
    if t > 1:
        yield "start", work.values[0, "w"] + move


def _slope_slips(work, t, layer):
    net, z = work.net, work.values[t, f"z{layer}"]
    for name, (f, slope) in ACTIVATIONS.items():
        if name not in (net.activations[layer - 1], "identity"):
            yield "other slope", slope(z, f(z))


def _gradient_slips(work, t, true):
    net = work.net
    yield "mean", work.share(t) * true
    yield from chain_slips(work, t, "g")
    if t > 1:
        yield "stale gradient", work.values[t - 1, "g"]
    gradients = Params(net, true)
    swapped = [gradients[name].T.reshape(shape) for name, shape in net.shapes.items()]
    if any(min(array.shape) > 1 for array in swapped):
        yield "transposed", np.array(net.join(swapped).flat)


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
    true, given, scores = right(work, t, stage), written[index], {}
    with np.errstate(invalid="ignore"):
        wrong = abs(written - true) > tolerance
    count = max(1, int(wrong.sum()))

    def add(name, explains, rank):
        """Keep a slip that explains the number, and at least half of the wrong ones in its stage."""
        if explains[index] and 2 * int((explains & wrong).sum()) >= count:
            scores[name] = max(scores.get(name, (0, 0)), (int(explains.sum()), rank))

    for order, (name, array) in enumerate(slips(work, t, stage)):
        array = np.broadcast_to(array, written.shape)
        with np.errstate(invalid="ignore"):
            add(name, abs(array - written) <= tolerance, -order)
    one = np.zeros_like(wrong)
    one[index] = True
    if any(abs(other - true[index]) <= tolerance[index] for other in _exchanged(given, half)):
        add("digits", one, -997)
    with np.errstate(invalid="ignore"):
        shifted = [abs(written - true * 10.0**n) <= 10.0 ** max(n, 0) * tolerance for n in (-2, -1, 1, 2)]
    add("decimal", np.any(shifted, axis=0) & wrong, -998)
    filled = ~np.isnan(written)
    if filled.sum() > 2 and np.ptp(written[filled]) == 0 and np.ptp(true[filled]) > 2 * tolerance.max():
        add("same", filled, -996)
    near = abs(true - given) <= tolerance
    near[index] = False
    if near.any() and count <= 2:
        scores.setdefault("neighbour", (1, -999))
    ranked = sorted(scores, key=scores.get, reverse=True)
    if not ranked:
        return []
    best = scores[ranked[0]][0]
    likely = [name for name in ranked if scores[name][0] >= best][:2]
    # A sign that is flipped changes no other number of the stage: that those are right speaks for it, not against it.
    if "sign" not in likely and scores.get("sign", (0, 0))[0] >= count:
        likely = ["sign", *likely][:2]
    return likely
