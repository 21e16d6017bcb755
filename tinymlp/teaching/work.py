"""A worked sheet, stage by stage: what each number should be, given the learner's own numbers before it.

A stage is one kind of number in one iteration, an array: z1, h1, ..., p, losses, loss, g (gradients), v (velocities)
and w (new values). g, v and w are flat vectors in the order of the network's entries. Iteration 0 has only w, the
start, and v.
"""

import numpy as np

from tinymlp.activations import ACTIVATIONS
from tinymlp.network import SUMMED
from tinymlp.params import Params


def stage_names(net):
    """Return the names of the stages of an iteration, in the order in which they are worked out by hand."""
    names = []
    for layer in range(1, len(net.sizes)):
        names += [f"z{layer}", f"h{layer}" if layer < len(net.sizes) - 1 else "p"]
    return (*names, "losses", "loss", "g", "v", "w")


class Work:
    """Numbers of a sheet by (iteration, stage): `values`, and `halves`, half a unit of the last digit that was written.

    A number left blank is filled in with what it should be; its half is the rounding error it inherits.
    """

    def __init__(self, problem):
        self.problem, self.net = problem, problem.net
        start = np.array(problem.params.flat)
        self.values = {(0, "w"): start, (0, "v"): np.array(problem.first_velocity.flat)}
        self.halves = {key: np.zeros_like(value) for key, value in self.values.items()}

    def copy(self):
        """Return a copy that can be changed."""
        twin = object.__new__(Work)
        twin.problem, twin.net = self.problem, self.net
        twin.values, twin.halves = dict(self.values), dict(self.halves)
        return twin

    def weights(self, t):
        """Return the (W, b) of each layer after iteration t."""
        return Params(self.net, self.values[t, "w"]).layers

    def incoming(self, t, layer):
        """Return the input of a layer (counted from 1) in iteration t: X, or h of the layer before."""
        return self.problem.X if layer == 1 else self.values[t, f"h{layer - 1}"]


def right(work, t, stage):
    """Return what a stage should be, as an array, given the numbers of the stages before it."""
    problem, net, values = work.problem, work.net, work.values
    kind, layer = stage[0], int(stage[1:] or 0) if stage[1:].isdigit() else 0
    if kind == "z":
        W, b = work.weights(t - 1)[layer - 1]
        return work.incoming(t, layer) @ W + b
    if kind == "h":
        return net.functions[layer - 1](values[t, f"z{layer}"])
    if stage == "p":
        return net.functions[-1](values[t, f"z{len(net.sizes) - 1}"])
    if stage == "losses":
        return losses_from(net, values[t, "p"], problem.y)
    if stage == "loss":
        return values[t, "losses"].mean(keepdims=True)
    if stage == "g":
        return gradient(work, t, work.weights(t - 1))
    if stage == "v":
        return problem.gamma * values[t - 1, "v"] - problem.eta * values[t, "g"]
    return values[t - 1, "w"] + values[t, "v"]


def losses_from(net, p, y):
    """Return the loss of each sample from p, as by hand; where p or 1 - p is 0, its logarithm is that of 1e-300."""
    if net.loss == "squared":
        return ((p - y) ** 2).sum(axis=-1) / 2
    log = np.log(np.maximum(p, 1e-300))
    if net.output == "softmax":
        return -(y * log).sum(axis=-1)
    return -(y * log + (1 - y) * np.log(np.maximum(1 - p, 1e-300))).sum(axis=-1)


def gradient(work, t, weights, slope=None):
    """Return the flat gradient from the numbers of the forward pass; `slope` in place of the hidden units' own."""
    problem, net, values = work.problem, work.net, work.values
    p, last, grads = values[t, "p"], len(net.sizes) - 1, []
    dz = (p - problem.y) / len(p)
    if net.loss == "squared":
        dz = dz * ACTIVATIONS[net.output][1](values[t, f"z{last}"], p)
    for layer in range(last, 0, -1):
        dW = work.incoming(t, layer).T @ dz
        biases = [] if net.biases == "none" else [dz.sum(axis=SUMMED[net.biases], keepdims=True)]
        grads = [dW, *biases, *grads]
        if layer > 1:
            z, h = values[t, f"z{layer - 1}"], values[t, f"h{layer - 1}"]
            dz = (dz @ weights[layer - 1][0].T) * (slope or net.slopes[layer - 2])(z, h)
    return np.array(net.join(grads).flat)


def sources(net, t, stage):
    """Return the (iteration, stage) that a stage is computed from."""
    kind, last = stage[0], len(net.sizes) - 1
    if kind == "z":
        layer = int(stage[1:])
        return [(t - 1, "w")] + ([(t, f"h{layer - 1}")] if layer > 1 else [])
    if kind == "h":
        return [(t, f"z{stage[1:]}")]
    if stage == "g":
        inner = [(t, f"{letter}{layer}") for layer in range(1, last) for letter in "zh"]
        # The slopes of the sigmoid and tanh are taken from p, those of the others from z.
        of_z = net.loss == "squared" and net.output not in ("sigmoid", "tanh", "identity")
        return [(t - 1, "w"), (t, "p"), *inner, *([(t, f"z{last}")] if of_z else [])]
    return {
        "p": [(t, f"z{last}")],
        "losses": [(t, "p")],
        "loss": [(t, "losses")],
        "v": [(t - 1, "v"), (t, "g")],
        "w": [(t - 1, "w"), (t, "v")],
    }[stage]


def room(work, t, stage, compute=right):
    """Return how far off a stage may be because the numbers it is computed from were rounded when written down."""
    base, total = compute(work, t, stage), 0.0
    for key in sources(work.net, t, stage):
        for index in np.argwhere(work.halves[key] > 0):
            moved, spread = work.copy(), []
            for sign in (1, -1):
                changed = work.values[key].copy()
                changed[tuple(index)] += sign * work.halves[key][tuple(index)]
                moved.values[key] = changed
                spread.append(abs(compute(moved, t, stage) - base))
            total = total + np.maximum(*spread)
    return total + np.zeros_like(base)
