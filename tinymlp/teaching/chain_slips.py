"""Slips in the chain of factors that makes a gradient: in every layer each factor left out, or another in its place.

A gradient is the mean over the samples of delta times what came in; delta is slope times the sum of weight times the
deltas of the layer after, and at the output the slope times p - y. So a slip is a factor of one layer, or of all,
replaced: by 1, by one taken at another number, a neighbouring unit's, another sample's, another layer's, or that of
the iteration before.
"""

import numpy as np

from tinymlp.activations import ACTIVATIONS
from tinymlp.params import Params
from tinymlp.teaching.work import bends_p, delta, gradient_of, right, slope_at


class Chain:
    """The factors of a gradient, layer by layer, as they should be: slopes and inputs by layer, weights, and p - y."""

    def __init__(self, work, t):
        self.work, self.t, self.net, self.last = work, t, work.net, len(work.net.sizes) - 1
        self.layers = range(1, self.last + 1)
        self.e = work.values.get((t, "e"), right(work, t, "e"))
        # Of a layer without a bend the slope is 1, and so it is at an output whose delta is p - y itself.
        self.bent = {
            n: net_bends for n in self.layers
            if (net_bends := bends_p(self.net) if n == self.last else self.net.activations[n - 1] != "identity")
        }  # fmt: skip
        self.slopes = {n: slope_at(work, t, n) if n in self.bent else np.ones(1) for n in self.layers}
        self.inputs = {n: work.incoming(t, n) for n in self.layers}
        self.weights = {n: W for n, (W, _) in zip(self.layers, work.weights(t - 1), strict=True)}

    def deltas(self, slopes=None, weights=None, e=None):
        """Return the deltas by layer, with these factors in place of the right ones; slopes, weights: by layer."""
        slopes, weights = self.slopes | (slopes or {}), self.weights | (weights or {})
        factor = self.work.conventions.factor(self.net)
        found = {self.last: factor * (self.e if e is None else e) * slopes[self.last]}
        for n in range(self.last - 1, 0, -1):
            found[n] = (found[n + 1] @ weights[n + 1].T) * slopes[n]
        return found

    def gradient(self, inputs=None, written=False, **others):
        """Return the flat gradient with these factors in place of the right ones; inputs: by layer, as the others.

        written: go on from the deltas as the learner wrote them down.
        """
        deltas = {n: delta(self.work, self.t, n) for n in self.layers} if written else self.deltas(**others)
        return gradient_of(self.work, self.t, deltas, self.inputs | (inputs or {}))


def chain_slips(work, t, stage):
    """Yield (name, array) for each slip in the chain that shows in a stage: "g", or the delta of a layer, "d1", ..."""
    chain = Chain(work, t)
    for name, changed in _replaced(chain):
        if stage == "g":
            yield name, chain.gradient(**changed)
        elif "inputs" not in changed:
            yield name, chain.deltas(**changed)[int(stage[1:])]
    if stage == "g":
        for name, inputs in _inputs(chain):
            yield name, chain.gradient(inputs=inputs, written=True)


def _replaced(chain):
    """Yield (name, factors in place of the right ones) for slopes, weights and p - y."""
    net, last, hidden = chain.net, chain.last, [n for n in chain.bent if n < chain.last]
    ones = {n: np.ones_like(chain.slopes[n]) for n in chain.bent}
    if last in ones:
        yield "output slope", {"slopes": {last: ones[last]}}
        if hidden:
            yield "slopes", {"slopes": ones}
    if hidden:
        yield "slope", {"slopes": {n: ones[n] for n in hidden}}
    for n in hidden if len(hidden) > 1 else ():
        yield "slope", {"slopes": {n: ones[n]}}
    own = {net.activations[n - 1] for n in hidden}
    for name, (f, slope) in ACTIVATIONS.items():
        if name not in (*own, "identity") and hidden:
            yield "other slope", {"slopes": {n: _slope_of(chain, n, f, slope) for n in hidden}}
    for n in chain.bent:
        yield from (("slope at h", {"slopes": {n: other}}) for other in _taken_elsewhere(chain, n))
        for name, other in _moved(chain.slopes[n]):
            yield name, {"slopes": {n: other}}
    for n in range(2, last + 1):
        W = chain.weights[n]
        yield "weight", {"weights": {n: np.ones_like(W)}}
        if W.shape[0] == W.shape[1] > 1:
            yield "transposed", {"weights": {n: W.T}}
        elif min(W.shape) > 1:
            yield "transposed", {"weights": {n: W.reshape(W.shape[::-1]).T}}
        if W.shape[0] > 1:
            yield "other unit", {"weights": {n: np.roll(W, 1, axis=0)}}
    yield "no target", {"e": chain.e + chain.work.targets(chain.t)}
    if len(chain.e) > 1:
        yield "other sample", {"e": np.roll(chain.e, 1, axis=0)}
    if chain.t > 1 and last > 1:
        yield "old weights", {"weights": {n: W for n, (W, _) in enumerate(chain.work.weights(chain.t - 2), start=1)}}
    if last > 1:
        yield "updated first", {"weights": _updated(chain)}


def _updated(chain):
    """Return the weights by layer after the step that the right gradient makes."""
    work, t, problem = chain.work, chain.t, chain.work.problem
    g, settings, before = chain.gradient(), (problem.eta, problem.gamma), work.before(t, "w")
    after = work.conventions.moved(before, work.conventions.velocity(work.before(t, "v"), g, *settings), g, *settings)
    return {n: W for n, (W, _) in enumerate(Params(chain.net, after).layers, start=1)}


def _slope_of(chain, n, f, slope):
    z = chain.work.values[chain.t, f"z{n}"]
    return slope(z, f(z))


def _taken_elsewhere(chain, n):
    """Yield the slopes of a layer taken at another number than they belong to: at h for z, and at z for h."""
    values, t, net = chain.work.values, chain.t, chain.net
    f, slope = ACTIVATIONS[net.output if n == chain.last else net.activations[n - 1]]
    z, h = values[t, f"z{n}"], values[t, "p" if n == chain.last else f"h{n}"]
    yield slope(h, f(h))
    if not np.array_equal(slope(z, h), slope(h, h)):  # one that is taken from z
        return
    yield slope(z, z)


def _inputs(chain):
    """Yield (name, inputs by layer) for what came in."""
    values, t = chain.work.values, chain.t
    yield "input", {n: np.ones_like(chain.inputs[n]) for n in chain.layers}
    for n in chain.layers:
        came = chain.inputs[n]
        yield "input", {n: np.ones_like(came)}
        yield from ((name, {n: other}) for name, other in _moved(came))
        if n > 1:
            yield "no activation", {n: values[t, f"z{n - 1}"]}
        for m in chain.layers:
            if m != n and chain.inputs[m].shape == came.shape:
                yield "other layer", {n: chain.inputs[m]}
        if n > 1 and t > 1 and values[t - 1, f"h{n - 1}"].shape == came.shape:
            yield "stale input", {n: values[t - 1, f"h{n - 1}"]}


def _moved(array):
    """Yield (name, array) with each number in the place of a neighbouring unit's, or of another sample's."""
    if array.ndim == 2 and array.shape[1] > 1:
        yield "other unit", np.roll(array, 1, axis=1)
    if array.ndim == 2 and len(array) > 1:
        yield "other sample", np.roll(array, 1, axis=0)
