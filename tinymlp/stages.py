"""One iteration taken apart: forward, loss, backward and update, one array at a time, with the parts of each."""

from dataclasses import dataclass

import numpy as np

from tinymlp.activations import ACTIVATIONS
from tinymlp.network import SUMMED, deltas, sample_losses
from tinymlp.training import PLAIN
from tinymlp.words import BENDS, above, raised, short


@dataclass(frozen=True)
class Stage:
    """One array of an iteration: its name on the page, the phase it belongs to, its formula and a sentence about it.

    parts: (symbol, array, operator before it) from left to right, e.g. ("W¹", W1, "·"); value: the result.
    uses: the names of the stages whose arrays it needs.
    """

    name: str
    phase: str
    formula: str
    sentence: str
    parts: tuple
    value: np.ndarray
    uses: tuple[str, ...] = ()


def stages(moment):
    """Return the stages of the iteration that starts at a moment of a run, in the order in which they are computed.

    They agree with `forward`, `backward` and the moment's rule, as a test checks. Raises ValueError for a run whose
    steps use any other gradient: of a mini-batch, of some of the weights, or with weight decay.
    """
    if moment.training != PLAIN:
        raise ValueError(f"stages: expected a run that trains on all samples and weights, got {moment.training}")
    return [*_forward(moment), _loss(moment), *_backward(moment), _update(moment)]


def _names(net):
    """Return the names that the page uses for z and h in each layer: h[0] is X, h[-1] is p."""
    count = len(net.sizes)
    z = [f"z{above(layer)}" for layer in range(1, count)]
    return z, ["X", *(f"h{above(layer)}" for layer in range(1, count - 1)), "p"]


def _forward(moment):
    trace, net = moment.trace, moment.params.net
    z, h = _names(net)
    yield Stage("X", "forward", "X", "The inputs: a row for each sample.", (), trace.X)
    for n, (W, b) in enumerate(moment.params.layers):
        W_name, b_name = f"W{above(n + 1)}", f"b{above(n + 1)}"
        biases = ((b_name, b, "+"),) if net.biases != "none" else ()
        yield Stage(
            z[n], "forward", f"{z[n]} = {h[n]} {W_name}" + (f" + {b_name}" if biases else ""),
            "Each unit adds up what comes in, times its weights" + (", and its bias." if biases else "."),
            ((h[n], trace.h[n], ""), (W_name, W, "·"), *biases), trace.z[n], (h[n],),
        )  # fmt: skip
        bend = BENDS[net.activations[n]]
        yield Stage(
            h[n + 1], "forward", f"{h[n + 1]} = {bend}({z[n]})",
            "Each sum is bent separately." if h[n + 1] != "p" else "The prediction of each sample.",
            ((z[n], trace.z[n], bend),), trace.h[n + 1], (z[n],),
        )  # fmt: skip


def _loss(moment):
    y = moment.problem.y
    each = sample_losses(moment.trace, y)[:, np.newaxis]
    return Stage(
        "ℓ", "loss", "ℓ: the loss of each sample", f"Their mean is the loss L = {moment.loss:.4f}.",
        (("p", moment.trace.p, ""), ("y", y, "beside")), each, ("p",),
    )  # fmt: skip


def _backward(moment):
    trace, net, y = moment.trace, moment.params.net, moment.problem.y
    z, h = _names(net)
    all_dz = deltas(trace, y)
    for n in reversed(range(len(z))):
        dz, dz_name = all_dz[n], f"d{z[n]}"
        if n == len(z) - 1:
            yield _output_delta(trace, y, dz, dz_name)
        else:
            W, _ = moment.params.layers[n + 1]
            dh, after, W_name = all_dz[n + 1] @ W.T, f"d{z[n + 1]}", f"W{above(n + 2)}"
            yield Stage(
                f"d{h[n + 1]}", "backward", f"d{h[n + 1]} = {after} {W_name}ᵀ",
                "How the loss feels each h, through the weights that lead out of it.",
                ((after, all_dz[n + 1], ""), (f"{W_name}ᵀ", W.T, "·")), dh, (after,),
            )  # fmt: skip
            slopes = net.slopes[n](trace.z[n], trace.h[n + 1])
            yield Stage(
                dz_name, "backward", f"{dz_name} = d{h[n + 1]} times the slopes at {z[n]}",
                "How the loss feels each sum: entry by entry, times the slope of the bend.",
                ((f"d{h[n + 1]}", dh, ""), (f"slopes at {z[n]}", slopes, "×")), dz, (f"d{h[n + 1]}", z[n]),
            )  # fmt: skip
        dW = trace.h[n].T @ dz
        yield Stage(
            f"dW{above(n + 1)}", "backward", f"dW{above(n + 1)} = {h[n]}ᵀ {dz_name}",
            "For each weight: its input times the delta of its unit, summed over the samples.",
            ((f"{h[n]}ᵀ", trace.h[n].T, ""), (dz_name, dz, "·")), dW, (h[n], dz_name),
        )  # fmt: skip
        if net.biases == "none":
            continue
        shared = net.biases == "shared" and dz.shape[1] > 1
        db = dz.sum(axis=SUMMED[net.biases], keepdims=True)
        yield Stage(
            f"db{above(n + 1)}", "backward",
            f"db{above(n + 1)}: {dz_name} added up over the samples" + (" and units" if shared else ""),
            ("The gradient of the shared bias." if shared else "The gradients of the biases.")
            + " No weight has changed yet.",
            ((dz_name, dz, "sum of"),), db, (dz_name,),
        )  # fmt: skip


def _output_delta(trace, y, dz, name):
    net, count = trace.params.net, len(y)
    if net.loss == "squared" and net.output == "sigmoid":
        parts = (("p − y", trace.p - y, ""), ("p (1 − p)", trace.p * (1 - trace.p), "×"))
        formula = f"{name} = (p − y) p (1 − p) / {count}"
    elif net.loss == "squared" and net.output != "identity":
        _, slope = ACTIVATIONS[net.output]
        slopes = f"slopes at {name[1:]}"
        parts = (("p − y", trace.p - y, ""), (slopes, slope(trace.z[-1], trace.p), "×"))
        formula = f"{name} = (p − y) times the {slopes}, / {count}"
    else:
        parts = (("p", trace.p, ""), ("y", y, "−"))
        formula = f"{name} = (p − y) / {count}"
    words = f"How the loss feels the last sum of each sample. The {count} comes from the mean."
    return Stage(name, "backward", formula, words, (*parts, (str(count), None, "/")), dz, ("p",))


def _update(moment):
    net = moment.params.net
    after = moment.after.params
    with np.errstate(all="ignore"):  # a step that overflows is one that the run will not take
        moved = after - moment.params
    others = [raised(name) for name in list(net.slices)[1:]]
    others = ", ".join(others) if len(others) < 4 else "all the others"
    return Stage(
        "update", "update", f"W¹ moves, with η = {short(moment.eta)}, γ = {short(moment.gamma)}",
        f"And so do {others}, when the step is taken.",
        (("W¹", moment.params["W1"], ""), ("the move", moved["W1"], "+")), after["W1"],
        tuple(f"d{raised(name)}" for name in net.slices),
    )  # fmt: skip
