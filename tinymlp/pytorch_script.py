"""A run as a PyTorch script: the same start, data and settings, and so the same losses, for whoever goes on from here.

The script needs only torch, and numpy where samples are shuffled. Each line that a learner of PyTorch meets for the
first time has the workbook's own beside it. See `Run.as_pytorch`.
"""

import textwrap
from itertools import pairwise

from tinymlp.explain import edited
from tinymlp.momentum import RULES, SHARE_ADAM, SHARE_RMSPROP, TINY
from tinymlp.training import steps_per_epoch

WIDTH = 110  # characters in a line of the script, but for those of the learner's own data

MODULES = {
    "silu": "nn.SiLU()",
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU(0.01)",
    "identity": "nn.Identity()",
}

# The rules that need no memory beside the velocity, written out: for settings that no torch.optim.SGD could follow.
WRITTEN = {
    "momentum": ("v[:] = gamma * v - eta * w.grad", "w += v"),
    "pytorch": ("v[:] = gamma * v + w.grad", "w -= eta * v"),
    "average": ("v[:] = gamma * v + (1 - gamma) * w.grad", "w -= eta * v"),
    "nesterov": ("v[:] = gamma * v - eta * w.grad", "w += gamma * v - eta * w.grad"),
}

SHARED = '''
class Shared(nn.Module):
    """A layer whose units share one bias: nn.Linear has one for each unit, or none."""

    def __init__(self, inputs, units):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(units, inputs))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, h):
        return h @ self.weight.T + self.bias
'''


def pytorch_script(run, changed_at):
    """Return the script for the steps that a run has taken up to now: see `Run.as_pytorch`.

    changed_at: the iterations at which anything was changed by hand, weights or settings.
    """
    past = run.past(0, max(1, run.t))  # the settings of each step; of the first one if there is none yet
    etas, gammas = past.eta.tolist(), past.gamma.tolist()
    rule = _rule(run, past)
    _check_training(run, past)
    _check_weights(run, changed_at)
    by_hand = rule in WRITTEN and _is_by_hand(run, rule, etas, gammas)
    if not by_hand:
        _check_optimizer(run, rule, gammas)
    decay = run.training.l2 > 0 and not by_hand and run.training.free is None  # by the optimizer, not by the loss
    parts = [
        _head(run),
        _data(run.problem),
        _model(run),
        _loss(run.problem.net),
        _by_hand(run, rule, etas, gammas) if by_hand else _optimizer(run, rule, etas, gammas[0], decay),
        _masks(run),
        _loop(run, rule, by_hand, decay, len(set(etas)) > 1),
    ]
    return _joined([part.strip("\n") for part in parts if part])


# What cannot be said in PyTorch --------------------------------------------------------------------------------------


def _check_training(run, past):
    if any(training != run.training for training in past.trainings):
        raise ValueError("training: expected the same batch, penalties and frozen weights for all steps, got a change")


def _rule(run, past):
    """Return the name of the run's rule; ValueError if it has none of ours, or more than one."""
    names = dict.fromkeys(rule.name for rule in past.rules)
    unknown = [rule.name for rule in past.rules if RULES.get(rule.name) is not rule]
    if len(names) > 1 or unknown:
        expected = f"expected one of {', '.join(RULES)} from the start to the end"
        raise ValueError(f"rule: {expected}, got {', then '.join(unknown[:1] or names)}")
    return next(iter(names))


def _check_weights(run, changed_at):
    """Raise ValueError if a weight was set by hand between two steps."""
    for t in sorted(changed_at):
        if 0 < t <= run.t and edited(run.at(t - 1), run.at(t)):
            raise ValueError(
                f"as_pytorch: expected weights that only steps have moved since the start, got a change by hand at "
                f"t = {t}; dataclasses.replace(run.problem, params=run.params) makes a problem that starts from here"
            )


def _is_by_hand(run, rule, etas, gammas):
    """Return whether a rule is to be written out, as torch.optim.SGD would take another path."""
    if len(set(gammas)) > 1 or run.at(0).velocity.flat.any():
        return True
    return len(set(etas)) > 1 and rule in ("momentum", "nesterov")


def _check_optimizer(run, rule, gammas):
    """Raise ValueError for settings that the optimizer of torch does not take."""
    own = f"torch's own {rule}"
    if len(set(gammas)) > 1:
        raise ValueError(f"gamma: expected one value from the start to the end for {own}, got {gammas[0]}, then others")
    if run.at(0).velocity.flat.any():
        raise ValueError(f"velocity: expected a start at 0 for {own}, got another")
    if rule == "adam" and gammas[0] == 1:
        raise ValueError(f"gamma: expected a number below 1 for {own}, got 1")
    if rule in ("adam", "rmsprop") and run.t and run.at(run.t - 1).after.memory[1] != run.t:
        raise ValueError(f"rule: expected {rule} from the start to the end, got it taken up again on the way")


# The parts of the script ---------------------------------------------------------------------------------------------


def _head(run):
    imports = "import torch\nfrom torch import nn"
    if _batched(run) and run.training.shuffle:
        imports = f"import numpy as np\n{imports}"
    return f"""
# {run.problem.name.splitlines()[0] if run.problem.name else "A run"}, from t = 0 to t = {run.t}, in PyTorch: \
the same weights, data and settings, and so the same losses.
# Written by run.as_pytorch(). "Ours" is the line of tinymlp (tm) that does the same.

{imports}

torch.set_default_dtype(torch.float64)  # as NumPy; PyTorch's own default, float32, has seven digits
STEPS = {run.t}
"""


def _data(problem):
    words = []
    if problem.points is not None:
        words.append(f"# The columns of X, made from a point (x1, x2): {', '.join(problem.features)}.\n")
    if problem.X_held is not None:
        words.append(f"# The {len(problem.X_held)} samples of the held-out test set are left out.\n")
    return f"{''.join(words)}X = torch.tensor({_listed(problem.X)})\ny = torch.tensor({_listed(problem.y)})"


def _model(run):
    net, params = run.problem.net, run.at(0).params
    bias = ", bias=False" if net.biases == "none" else ""
    kind = "Shared" if net.biases == "shared" else "nn.Linear"
    last = len(net.activations) - 1
    lines, copies = [], []
    for n, name in enumerate(net.activations):
        lines.append(f"    {kind}({net.sizes[n]}, {net.sizes[n + 1]}{bias}),")
        if n < last or (net.loss == "squared" and name != "identity"):
            lines.append(f"    {MODULES[name]},")
        copies.append(f"    model[{2 * n}].weight.copy_(torch.tensor({_listed(params[f'W{n + 1}'], '    ')}).T)")
        if net.biases != "none":
            copies.append(f"    model[{2 * n}].bias.copy_(torch.tensor({params[f'b{n + 1}'][0].tolist()}))")
    logits = "# It ends with the logits, the last z: the loss takes the " + net.output + " itself.\n"
    return "\n".join(
        [
            *([SHARED.strip("\n"), ""] if net.biases == "shared" else []),
            (logits if net.loss == "cross_entropy" else "") + "model = nn.Sequential(",
            *lines,
            ")",
            "# The start. A layer of PyTorch keeps its weights as (out, in), ours is (in, out): each W is turned, .T.",
            "with torch.no_grad():",
            *copies,
        ]
    )


def _loss(net):
    """Return the function of the loss: a mean over samples of a sum over outputs, as ours is."""
    if net.loss == "squared":
        return """
def loss_of(output, y):
    # Ours is half the squared error, summed over outputs. nn.MSELoss() has no 1/2, and divides by the outputs too.
    return nn.functional.mse_loss(output, y, reduction="sum") / (2 * len(y))
"""
    if net.output == "softmax":
        return "loss_of = nn.CrossEntropyLoss()  # from the logits; its mean is over samples, as ours"
    if net.sizes[-1] == 1:
        return "loss_of = nn.BCEWithLogitsLoss()  # from the logits; its mean is over samples, as ours"
    return """
def loss_of(output, y):
    # Ours adds up over outputs. nn.BCEWithLogitsLoss() would divide by their number too.
    return nn.functional.binary_cross_entropy_with_logits(output, y, reduction="sum") / len(y)
"""


def _optimizer(run, rule, etas, gamma, decay):
    """Return the optimizer of torch that takes the run's path."""
    lr, words = _rate(rule, etas, gamma)
    first = f"{etas[0]!r} * (1 - {gamma!r})" if rule == "average" else repr(lr[0])
    options = {
        "adam": f"betas=({gamma!r}, {SHARE_ADAM!r}), eps={TINY!r}",
        "rmsprop": f"alpha={SHARE_RMSPROP!r}, eps={TINY!r}, momentum={gamma!r}",
    }.get(rule, f"momentum={gamma!r}" + (", nesterov=True" if rule == "nesterov" and gamma else ""))
    name = {"adam": "Adam", "rmsprop": "RMSprop"}.get(rule, "SGD")
    lines, params = [words] if words else [], "model.parameters()"
    if decay:
        lines += [
            "# weight_decay for all parameters would decay biases too: ours leaves them alone.",
            "weights = [w for w in model.parameters() if w.dim() == 2]",
            "biases = [w for w in model.parameters() if w.dim() == 1]",
            f'groups = [{{"params": weights, "weight_decay": {run.training.l2!r}}}, {{"params": biases}}]',
        ]
        params = "groups" if run.problem.net.biases != "none" else "groups[:1]"
    lines.append(f"optimizer = torch.optim.{name}({params}, lr={first}, {options})")
    if len(set(lr)) > 1:
        lines += ["# The step size, from the step at t on:", _filled("etas", _changes(lr))]
    return "\n".join(lines)


def _rate(rule, etas, gamma):
    """Return the lr of each step, and what is to be said of it."""
    if rule == "average":
        words = "# Ours averages the gradients: SGD adds them up, and so takes eta * (1 - gamma) for the same path."
        return [eta * (1 - gamma) for eta in etas], words
    if rule == "momentum":
        return etas, "# SGD keeps gamma * v + g and steps by -lr times that. With one lr throughout, it is our path."
    return etas, ""


def _by_hand(run, rule, etas, gammas):
    """Return the rule written out, with the settings of each step."""
    velocity = run.at(0).velocity
    lines = ["# The rule by hand: torch.optim.SGD, with these settings, would take another path."]
    if velocity.flat.any():
        lines.append(_filled("velocity", [f"torch.tensor({values})" for values in _tensors(velocity)]))
    else:
        lines.append("velocity = [torch.zeros_like(w) for w in model.parameters()]")
    move, change = WRITTEN[rule]
    pairs = _changes(list(zip(etas, gammas, strict=True)))
    return "\n".join(
        [
            *lines,
            "# (eta, gamma), from the step at t on:",
            _filled("settings", pairs),
            "",
            "",
            "def take_step(eta, gamma):",
            "    with torch.no_grad():  # a step is no part of the graph",
            "        for w, v in zip(model.parameters(), velocity):",
            f"            {move}",
            f"            {change}",
        ]
    )


def _masks(run):
    """Return which parameters may move, if not all of them do."""
    free = run.training.free
    if free is None:
        return ""
    kept = 0.0 * run.params
    for name, index in free:
        kept = kept.replace(name, index, 1.0)
    masks = [f"torch.tensor({values})" for values in _tensors(kept)]
    words = "# 1 for what may move. PyTorch freezes whole tensors, w.requires_grad_(False); single weights need a mask."
    return f"{words}\n{_filled('free', masks)}"


def _loop(run, rule, by_hand, decay, eta_changes):
    training, samples = run.training, len(run.problem.X)
    name = "logits" if run.problem.net.loss == "cross_entropy" else "output"
    lines = [
        "losses = []",
        "for t in range(STEPS + 1):",
        "    # Ours: trace = tm.forward(params, X). PyTorch also keeps the graph of all operations, to walk it back.",
        f"    {name} = model(X)",
        f"    loss = loss_of({name}, y)  # ours: tm.loss(trace, y)",
        "    losses.append(loss.item())",
        "    if t == STEPS:",
        "        break",
        *_batch(training, samples),
        *_penalties(training, decay),
        "    # .backward() accumulates: it adds to what .grad holds. Without zero_grad the last step's would stay in.",
        "    model.zero_grad()" if by_hand else "    optimizer.zero_grad()",
        "    loss.backward()  # ours: grads = tm.backward(trace, y)",
    ]
    if training.free is not None:
        lines += ["    for w, may_move in zip(model.parameters(), free):", "        w.grad *= may_move"]
    ours = f"# ours: params, velocity = tm.momentum.{RULES[rule].step.__name__}(params, velocity, grads, eta, gamma"
    ours += ", memory)" if RULES[rule].remember else ")"
    if by_hand:
        lines += ["    eta, gamma = settings.get(t) or (eta, gamma)", "    take_step(eta, gamma)"]
    else:
        if eta_changes:
            lines += ["    for group in optimizer.param_groups:", '        group["lr"] = etas.get(t, group["lr"])']
        lines += [f"    {ours}", "    optimizer.step()"]
    return "\n".join([*lines, "", "for t, loss in enumerate(losses):", '    print(f"{t:5d}  {loss:.16g}")'])


def _batch(training, samples):
    """Return the lines that choose the samples of a step."""
    if training.batch is None or training.batch >= samples:
        return ["    # The batch is all samples: each step is one epoch, and there is nothing to shuffle."]
    size, steps = training.batch, steps_per_epoch(samples, training.batch)
    lines = [
        f"    # A mini-batch of {size}: {steps} steps are one epoch, in which each sample is looked at once.",
        f"    epoch, batch = divmod(t, {steps})",
    ]
    if training.shuffle:
        lines += [
            "    # Shuffled anew in each epoch, as ours: DataLoader(shuffle=True) would do it in an order of its own.",
            f"    order = torch.tensor(np.random.default_rng([{training.seed}, epoch]).permutation({samples}))",
        ]
    else:
        lines += [f"    order = torch.arange({samples})  # as they come: not shuffled"]
    return [
        *lines,
        f"    now = order[{size} * batch : {size} * (batch + 1)]",
        "    loss = loss_of(model(X[now]), y[now])",
    ]


def _penalties(training, decay):
    """Return the lines that add to the loss what keeps weights small, where the optimizer does not see to it."""
    wanted = [(f"{training.l2!r} / 2 * (w**2)", training.l2 and not decay), (f"{training.l1!r} * w.abs()", training.l1)]
    terms = " + ".join(term for term, is_wanted in wanted if is_wanted)
    if not terms:
        return []
    return [
        "    # A penalty on the weights, not on the biases:",
        f"    loss = loss + sum(({terms}).sum() for w in model.parameters() if w.dim() == 2)",
    ]


# Helpers -------------------------------------------------------------------------------------------------------------


def _joined(parts):
    """Return the parts of a script with an empty line between them, and two around the definition of a function."""
    text = parts[0]
    for before, part in pairwise(parts):
        is_apart = part.startswith(("def ", "class ")) or before.splitlines()[-1].startswith(" ")
        text += ("\n\n\n" if is_apart else "\n\n") + part
    return text + "\n"


def _batched(run):
    return run.training.batch is not None and run.training.batch < len(run.problem.X)


def _tensors(params):
    """Return Params as nested lists in the order and the shapes of model.parameters(): weights turned, biases flat."""
    for name in params.net.shapes:
        yield params[name].T.tolist() if name[0] == "W" else params[name][0].tolist()


def _changes(values):
    """Return {t: value} for each t at which the value is another one than before."""
    return {t: value for t, value in enumerate(values) if not t or value != values[t - 1]}


def _listed(array, indent=""):
    """Return an array as the text of nested lists, a row in each line if it is a long one."""
    text = repr(array.tolist())
    if len(text) <= 70:
        return text
    return "[\n" + "".join(f"{indent}    {row!r},\n" for row in array.tolist()) + f"{indent}]"


def _filled(name, values):
    """Return an assignment of a list or dict, in lines of at most WIDTH characters; a list of texts is of code."""
    if isinstance(values, list):
        return f"{name} = [\n" + "".join(f"    {value},\n" for value in values) + "]"
    return textwrap.fill(f"{name} = {values!r}", WIDTH, subsequent_indent="    ", break_long_words=False)
