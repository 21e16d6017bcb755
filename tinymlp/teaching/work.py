"""A worked sheet, stage by stage: what each number should be, given the learner's own numbers before it.

A stage is one kind of number in one iteration, an array: z1, h1, ..., p, losses, loss, g (gradients), v (velocities)
and w (new values). g, v and w are flat vectors in the order of the network's entries. Iteration 0 has only w, the
start, and v.

Between them are stages that a learner may write down as well, or leave out: "old w" and "old v", copied from the
iteration before; e (p - y); s1, s2, ... (the slope at each z) and d1, d2, ... (delta, the slope of a sample's own loss
for each z, so that a gradient is a mean over the samples). What is left out is not in the way: the stages after it are
then worked out from those before.
"""

import numpy as np

from tinymlp.activations import ACTIVATIONS
from tinymlp.network import SUMMED
from tinymlp.params import Params
from tinymlp.teaching.conventions import OURS


def stage_names(net):
    """Return the names of the stages of an iteration, in the order in which they are worked out by hand."""
    names = ["old w", "old v"]
    for layer in range(1, len(net.sizes)):
        names += [f"z{layer}", f"h{layer}" if layer < len(net.sizes) - 1 else "p"]
    return (*names, "losses", "loss", *backward_names(net), "g", "v", "w")


def is_optional(stage):
    """Return whether a stage may be left out."""
    return stage[0] in "oesd"


def backward_names(net):
    """Return the names of the stages between the loss and the gradients: e, then slopes and deltas, from the output."""
    names, last = ["e"], len(net.sizes) - 1
    if bends_p(net):
        names += [f"s{last}", f"d{last}"]
    for layer in range(last - 1, 0, -1):
        names += [f"s{layer}"] * (net.activations[layer - 1] != "identity") + [f"d{layer}"]
    return tuple(names)


def bends_p(net):
    """Return whether the slope of the output takes part in a gradient: with cross-entropy delta is p - y itself."""
    return net.loss == "squared" and net.output != "identity"


class Work:
    """Numbers of a sheet by (iteration, stage): `values`, and `halves`, half a unit of the last digit that was written.

    A number left blank is filled in with what it should be; its half is the rounding error it inherits.
    """

    def __init__(self, problem, conventions=OURS):
        self.problem, self.net, self.conventions = problem, problem.net, conventions
        start = np.array(problem.params.flat)
        self.values = {(0, "w"): start, (0, "v"): np.array(problem.first_velocity.flat)}
        self.halves = {key: np.zeros_like(value) for key, value in self.values.items()}

    def copy(self):
        """Return a copy that can be changed."""
        twin = object.__new__(Work)
        twin.problem, twin.net, twin.conventions = self.problem, self.net, self.conventions
        twin.values, twin.halves = dict(self.values), dict(self.halves)
        return twin

    def key_before(self, t, kind):
        """Return the key of the values ("w") or velocities ("v") that iteration t starts from: copied, or as left."""
        return (t, f"old {kind}") if (t, f"old {kind}") in self.values else (t - 1, kind)

    def before(self, t, kind):
        """Return the values ("w") or velocities ("v") that iteration t starts from."""
        return self.values[self.key_before(t, kind)]

    def weights(self, t):
        """Return the (W, b) of each layer after iteration t."""
        return Params(self.net, self.before(t + 1, "w")).layers

    def rows(self, t):
        """Return the samples that iteration t looks at, as a slice."""
        return self.conventions.rows(t, len(self.problem.X))

    def targets(self, t):
        """Return the targets of the samples that iteration t looks at."""
        return self.problem.y[self.rows(t)]

    def share(self, t, of="gradients"):
        """Return what the sum over the samples of iteration t is divided by: their number, or 1 for a sum.

        of: the "gradients", or the loss, "samples".
        """
        return self.conventions.share(len(self.targets(t)), of)

    def incoming(self, t, layer):
        """Return the input of a layer (counted from 1) in iteration t: X, or h of the layer before."""
        return self.problem.X[self.rows(t)] if layer == 1 else self.values[t, f"h{layer - 1}"]


def right(work, t, stage):
    """Return what a stage should be, as an array, given the numbers of the stages before it."""
    problem, net, values = work.problem, work.net, work.values
    kind, layer = stage[0], int(stage[1:] or 0) if stage[1:].isdigit() else 0
    if stage in ("old w", "old v"):
        return values[t - 1, stage[-1]]
    if kind == "z":
        W, b = work.weights(t - 1)[layer - 1]
        return work.incoming(t, layer) @ W + b
    if kind == "h":
        return net.functions[layer - 1](values[t, f"z{layer}"])
    if stage == "p":
        return net.functions[-1](values[t, f"z{len(net.sizes) - 1}"])
    if stage == "losses":
        return work.conventions.factor(net, "loss") * losses_from(net, values[t, "p"], work.targets(t))
    if stage == "loss":
        return values[t, "losses"].sum(keepdims=True) / work.share(t, "samples")
    if stage == "e":
        return values[t, "p"] - work.targets(t)
    if kind == "s":
        return slope_at(work, t, layer)
    if kind == "d":
        return delta(work, t, layer)
    if stage == "g":
        return gradient(work, t)
    g, settings = values[t, "g"], (problem.eta, problem.gamma)
    if stage == "v":
        return work.conventions.velocity(work.before(t, "v"), g, *settings)
    return work.conventions.moved(work.before(t, "w"), values[t, "v"], g, *settings)


def losses_from(net, p, y):
    """Return the loss of each sample from p, as by hand; where p or 1 - p is 0, its logarithm is that of 1e-300."""
    if net.loss == "squared":
        return ((p - y) ** 2).sum(axis=-1) / 2
    log = np.log(np.maximum(p, 1e-300))
    if net.output == "softmax":
        return -(y * log).sum(axis=-1)
    return -(y * log + (1 - y) * np.log(np.maximum(1 - p, 1e-300))).sum(axis=-1)


def slope_at(work, t, layer):
    """Return the slope of a layer's activation at each z."""
    net, z = work.net, work.values[t, f"z{layer}"]
    if layer == len(net.sizes) - 1:
        return ACTIVATIONS[net.output][1](z, work.values[t, "p"])
    return net.slopes[layer - 1](z, work.values[t, f"h{layer}"])


def delta(work, t, layer):
    """Return the slope of each sample's loss for the z of a layer, an array (N, units).

    The learner's own slopes and later deltas are used, where they are written down.
    """
    net, values = work.net, work.values
    if layer == len(net.sizes) - 1:
        e = work.conventions.factor(net) * values.get((t, "e"), right(work, t, "e"))
        return e * _slopes(work, t, layer) if bends_p(net) else e
    later = values.get((t, f"d{layer + 1}"))
    W, _ = work.weights(t - 1)[layer]
    return ((delta(work, t, layer + 1) if later is None else later) @ W.T) * _slopes(work, t, layer)


def _slopes(work, t, layer):
    """Return the slopes of a layer as the learner wrote them down, or as they should be if they were left out."""
    written = work.values.get((t, f"s{layer}"))
    return slope_at(work, t, layer) if written is None else written


def gradient(work, t):
    """Return the flat gradient, the mean or sum over the samples of delta times what came in."""
    layers = range(1, len(work.net.sizes))
    deltas = {n: work.values.get((t, f"d{n}")) for n in layers}
    deltas = {n: delta(work, t, n) if written is None else written for n, written in deltas.items()}
    return gradient_of(work, t, deltas, {n: work.incoming(t, n) for n in layers})


def gradient_of(work, t, deltas, inputs):
    """Return the flat gradient that these deltas and inputs give, each a dict by layer."""
    net, arrays = work.net, []
    for layer, d in sorted(deltas.items()):
        dz = d / work.share(t)
        biases = [] if net.biases == "none" else [dz.sum(axis=SUMMED[net.biases], keepdims=True)]
        if biases and work.conventions.biases == "shared":
            biases = [np.full_like(biases[0], biases[0].sum())]
        arrays += [inputs[layer].T @ dz, *biases]
    return np.array(net.join(arrays).flat)


def sources(work, t, stage):
    """Return the keys (iteration, stage) of the numbers that a stage is computed from."""
    net, kind, last = work.net, stage[0], len(work.net.sizes) - 1
    before = work.key_before(t, "w")
    if kind == "z":
        layer = int(stage[1:])
        return [before] + ([(t, f"h{layer - 1}")] if layer > 1 else [])
    if kind == "h":
        return [(t, f"z{stage[1:]}")]
    if kind == "s":
        layer = int(stage[1:])
        return [(t, f"z{layer}"), (t, "p" if layer == last else f"h{layer}")]
    if kind in "dg":
        inner = [(t, f"{letter}{layer}") for layer in range(1, last) for letter in "zh"]
        # The slopes of the sigmoid and tanh are taken from p, those of the others from z.
        of_z = net.loss == "squared" and net.output not in ("sigmoid", "tanh", "identity")
        between = [(t, name) for name in backward_names(net) if name != stage and (t, name) in work.values]
        return [before, (t, "p"), *inner, *([(t, f"z{last}")] if of_z else []), *between]
    return {
        "old w": [(t - 1, "w")],
        "old v": [(t - 1, "v")],
        "p": [(t, f"z{last}")],
        "losses": [(t, "p")],
        "loss": [(t, "losses")],
        "e": [(t, "p")],
        "v": [work.key_before(t, "v"), (t, "g")],
        "w": [before, (t, "v"), *([(t, "g")] if work.conventions.rule == "nesterov" else [])],
    }[stage]


def room(work, t, stage, compute=right):
    """Return how far off a stage may be because the numbers it is computed from were rounded when written down."""
    base, total = compute(work, t, stage), 0.0
    for key in sources(work, t, stage):
        for index in np.argwhere(work.halves[key] > 0):
            moved, spread = work.copy(), []
            for sign in (1, -1):
                changed = work.values[key].copy()
                changed[tuple(index)] += sign * work.halves[key][tuple(index)]
                moved.values[key] = changed
                spread.append(abs(compute(moved, t, stage) - base))
            total = total + np.maximum(*spread)
    return total + np.zeros_like(base)
