"""Losses, gradients and runs against independent references: PyTorch's autograd, and arithmetic with fifty digits."""

import subprocess
import sys
import warnings

import mpmath
import numpy as np
import pytest
import pytorch_cases

import tinymlp as tm
from tinymlp.activations import ACTIVATIONS
from tinymlp.curvature import hessian, sharpness
from tinymlp.losses import LOSSES
from tinymlp.params import BIASES, layers_of

PAIRS = list(LOSSES)


def random_case(seed, scale=1.0, most=6):
    """Return (params, X, y) of a random network: depth, sizes, activation, output and loss follow from the seed."""
    rng = np.random.default_rng(seed)
    output, loss = PAIRS[seed % len(PAIRS)]
    sizes = tuple(rng.integers(1, most, size=rng.integers(2, 6)).tolist())
    if output == "softmax":
        sizes = (*sizes[:-1], int(rng.integers(2, most)))
    hidden = tuple(rng.choice(list(ACTIVATIONS), size=len(sizes) - 2).tolist()) or "silu"
    net = tm.MLP(sizes, hidden=hidden, output=output, loss=loss, biases=str(rng.choice(BIASES)))
    samples = int(rng.integers(1, 8))
    X = rng.normal(size=(samples, sizes[0]))
    if output == "softmax":
        y = np.eye(sizes[-1])[rng.integers(sizes[-1], size=samples)]
    elif loss == "cross_entropy":
        y = rng.integers(2, size=(samples, sizes[-1])).astype(float)
    else:
        y = rng.normal(size=(samples, sizes[-1]))
    return tm.Params(net, scale * rng.uniform(-1, 1, net.count)), X, y


# PyTorch -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def torch():
    """PyTorch, in double precision; without it these proofs are skipped, with a message."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = pytest.importorskip("torch", reason="PyTorch is not installed: pip install -e .[proof]")
    module.set_default_dtype(module.float64)
    return module


def torch_loss(torch, net, arrays, X, y):
    """Return the loss that PyTorch computes for the arrays W1, b1, W2, ..."""
    functions = {
        "silu": torch.nn.functional.silu,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "leaky_relu": torch.nn.functional.leaky_relu,
        "identity": lambda z: z,
    }
    arrays, h = dict(zip(net.shapes, arrays, strict=True)), X
    for layer, name in enumerate(net.activations, start=1):
        z = h @ arrays[f"W{layer}"] + arrays.get(f"b{layer}", 0.0)
        h = functions[name](z) if name in functions else z
    if (net.output, net.loss) == ("sigmoid", "cross_entropy"):
        return torch.nn.functional.binary_cross_entropy_with_logits(z, y, reduction="none").sum(-1).mean()
    if net.output == "softmax":
        return torch.nn.functional.cross_entropy(z, y)
    return ((h - y) ** 2).sum(-1).mean() / 2


def test_losses_and_gradients_agree_with_autograd_on_hundreds_of_networks(torch):
    worst = 0.0
    for seed in range(400):
        params, X, y = random_case(seed, scale=1.0 + seed % 3)
        arrays = [torch.tensor(np.array(params[name]), requires_grad=True) for name in params.net.shapes]
        theirs = torch_loss(torch, params.net, arrays, torch.tensor(X), torch.tensor(y))
        theirs.backward()
        trace = tm.forward(params, X)
        assert tm.loss(trace, y) == pytest.approx(float(theirs.detach()), rel=1e-12)
        flat = np.concatenate([array.grad.numpy().ravel() for array in arrays])
        # Of a tanh near 1 neither knows the slope, 1 - h^2, to more than 1e-16.
        error = abs(tm.backward(trace, y).flat - flat).max() / max(abs(flat).max(), 1e-3)
        worst = max(worst, error)
    assert worst <= 1e-12


def test_the_hessian_agrees_with_autograds_on_a_hundred_networks(torch):
    for seed in range(100):
        params, X, y = random_case(seed, scale=1.0 + seed % 3)
        net, places = params.net, list(params.net.slices.values())

        def loss_of(flat, net=net, places=places, X=X, y=y):
            arrays = [flat[part].reshape(shape) for part, shape in zip(places, net.shapes.values(), strict=True)]
            return torch_loss(torch, net, arrays, torch.tensor(X), torch.tensor(y))

        theirs = torch.autograd.functional.hessian(loss_of, torch.tensor(np.array(params.flat))).numpy()
        largest = abs(theirs).max()
        np.testing.assert_allclose(hessian(params, X, y), theirs, rtol=0, atol=1e-8 * max(1, largest))
        assert float(sharpness(params, X, y)) == pytest.approx(np.linalg.eigvalsh(theirs)[-1], abs=1e-7 * largest)


@pytest.mark.parametrize(("rule", "nesterov"), [("momentum", False), ("pytorch", False), ("nesterov", True)])
@pytest.mark.parametrize("name", ["worked_example", "xor", "blobs", "overlap"])
def test_whole_runs_agree_with_pytorchs_sgd(torch, rule, nesterov, name):
    problem = getattr(tm.problems, name)()
    X, y = torch.tensor(problem.X), torch.tensor(problem.y)
    arrays = [torch.tensor(np.array(problem.params[n]), requires_grad=True) for n in problem.net.shapes]
    sgd = torch.optim.SGD(arrays, lr=0.3, momentum=0.9, nesterov=nesterov)
    theirs = []
    for _ in range(150):
        sgd.zero_grad()
        loss = torch_loss(torch, problem.net, arrays, X, y)
        theirs.append(float(loss.detach()))
        loss.backward()
        sgd.step()
    run = tm.Run(problem, rule=tm.momentum.RULES[rule])
    run.eta, run.gamma = 0.3, 0.9
    np.testing.assert_allclose(run.step(149).losses, theirs, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("rule", ["adam", "rmsprop"])
@pytest.mark.parametrize("name", ["worked_example", "xor", "blobs", "overlap"])
def test_whole_runs_agree_with_pytorchs_adam_and_rmsprop(torch, rule, name):
    problem = getattr(tm.problems, name)()
    X, y = torch.tensor(problem.X), torch.tensor(problem.y)
    arrays = [torch.tensor(np.array(problem.params[n]), requires_grad=True) for n in problem.net.shapes]
    if rule == "adam":
        optimizer = torch.optim.Adam(arrays, lr=0.02, betas=(0.9, 0.999))
    else:
        optimizer = torch.optim.RMSprop(arrays, lr=0.02, momentum=0.9)
    theirs = []
    for _ in range(150):
        optimizer.zero_grad()
        loss = torch_loss(torch, problem.net, arrays, X, y)
        theirs.append(float(loss.detach()))
        loss.backward()
        optimizer.step()
    run = tm.Run(problem, rule=rule)
    run.eta, run.gamma = 0.02, 0.9
    np.testing.assert_allclose(run.step(149).losses, theirs, rtol=1e-10, atol=1e-13)


# Fifty digits --------------------------------------------------------------------------------------------------------


def exactly(params, X, y, place=0, nudge=0):
    """Return (loss, gradients as a flat list, largest activation) with fifty digits, by loops and the chain rule.

    nudge: what is added to the parameter at `place` of the flat vector, however small.
    """
    mp, net = mpmath.mp, params.net
    flat = params.flat.astype(object)
    flat[place] += mp.mpf(nudge)

    def sigmoid(z):
        return 1 / (1 + mp.exp(-z))

    functions = {
        "silu": (lambda z: z * sigmoid(z), lambda z: sigmoid(z) * (1 + z * (1 - sigmoid(z)))),
        "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
        "tanh": (mp.tanh, lambda z: 1 - mp.tanh(z) ** 2),
        "relu": (lambda z: max(z, mp.mpf(0)), lambda z: mp.mpf(z > 0)),
        "leaky_relu": (lambda z: z if z > 0 else z * mp.mpf(0.01), lambda z: mp.mpf(1) if z > 0 else mp.mpf(0.01)),
        "identity": (lambda z: z, lambda z: mp.mpf(1)),
    }
    layers = [(W.tolist(), np.broadcast_to(b, (1, W.shape[1]))[0].tolist()) for W, b in layers_of(net, flat)]
    total, largest = mp.mpf(0), mp.mpf(1)
    grads = [mp.mpf(0)] * net.count
    for x, target in zip(X.tolist(), y.tolist(), strict=True):
        h, z = [[mp.mpf(v) for v in x]], []
        for n, (W, b) in enumerate(layers):
            z.append([sum(a * mp.mpf(W[i][j]) for i, a in enumerate(h[-1])) + mp.mpf(b[j]) for j in range(len(b))])
            if net.activations[n] == "softmax":
                e = [mp.exp(v - max(z[-1])) for v in z[-1]]
                h.append([v / sum(e) for v in e])
            else:
                h.append([functions[net.activations[n]][0](v) for v in z[-1]])
        largest = max(largest, *(abs(v) for row in h for v in row))
        p = h[-1]
        if net.loss == "squared":
            total += sum((a - b) ** 2 for a, b in zip(p, target, strict=True)) / 2
        elif net.output == "softmax":
            shift = max(z[-1])
            total += sum(
                t * (shift + mp.log(sum(mp.exp(v - shift) for v in z[-1])) - w)
                for t, w in zip(target, z[-1], strict=True)
            )
        else:
            total += sum(
                t * mp.log1p(mp.exp(-v)) + (1 - t) * mp.log1p(mp.exp(v)) for t, v in zip(target, z[-1], strict=True)
            )
        dz = [a - b for a, b in zip(p, target, strict=True)]
        if net.loss == "squared":
            dz = [d * functions[net.output][1](v) for d, v in zip(dz, z[-1], strict=True)]
        for n in reversed(range(len(layers))):
            W, b = layers[n]
            start = net.slices[f"W{n + 1}"].start
            for i, a in enumerate(h[n]):
                for j, d in enumerate(dz):
                    grads[start + i * len(b) + j] += a * d
            if net.biases != "none":
                start = net.slices[f"b{n + 1}"].start
                for j, d in enumerate(dz):
                    grads[start + (j if net.biases == "each" else 0)] += d
            if n:
                dz = [
                    sum(d * mp.mpf(w) for d, w in zip(dz, row, strict=True)) * functions[net.activations[n - 1]][1](v)
                    for row, v in zip(W, z[n - 1], strict=True)
                ]
    return total / len(X), [g / len(X) for g in grads], largest


@pytest.mark.parametrize("scale", [1.0, 30.0, 1000.0])
def test_losses_and_gradients_agree_with_fifty_digits(scale):
    with mpmath.workdps(50), warnings.catch_warnings():
        warnings.simplefilter("error")
        for seed in range(60):
            params, X, y = random_case(1000 + seed, scale, most=4)
            loss, grads, activation = exactly(params, X, y)
            trace = tm.forward(params, X)
            room = 1e-12 * float(max(abs(g) for g in grads)) + 1e-15 * float(activation)
            ours = tm.backward(trace, y).flat
            for mine, exact in zip(ours.tolist(), grads, strict=True):
                assert abs(mine - exact) <= room, (seed, params.net, mine, float(exact))
            assert abs(float(tm.loss(trace, y)) - loss) <= 1e-12 * abs(loss) + 1e-15 * activation


def test_the_hessian_agrees_with_fifty_digits():
    with mpmath.workdps(50):
        for seed in range(20):
            params, X, y = random_case(2000 + seed, most=4)
            exact = []
            for place in range(params.net.count):
                _, up, _ = exactly(params, X, y, place, "1e-18")
                _, down, _ = exactly(params, X, y, place, "-1e-18")
                exact.append([float((a - b) / mpmath.mpf("2e-18")) for a, b in zip(up, down, strict=True)])
            room = 1e-9 * max(1.0, abs(np.array(exact)).max())
            np.testing.assert_allclose(hessian(params, X, y), exact, rtol=0, atol=room, err_msg=str(params.net))


# Runs as PyTorch scripts ---------------------------------------------------------------------------------------------


def losses_of(script, capsys):
    """Return the losses that a script prints, read from what it prints."""
    exec(compile(script, "script", "exec"), {"__name__": "__main__"})
    lines = capsys.readouterr().out.splitlines()
    assert [int(line.split()[0]) for line in lines] == list(range(len(lines)))
    return [float(line.split()[1]) for line in lines]


@pytest.mark.parametrize(("name", "run"), [pytest.param(*case, id=case[0]) for case in pytorch_cases.all_runs()])
def test_the_script_of_a_run_gives_every_loss_to_1e_12(torch, name, run, capsys):
    theirs = losses_of(run.as_pytorch(), capsys)
    np.testing.assert_allclose(theirs, run.losses, rtol=0, atol=1e-12)


def test_the_script_of_a_run_is_a_program_of_its_own(torch):
    run = tm.Run(tm.worked_example()).step(20)
    ran = subprocess.run([sys.executable, "-c", run.as_pytorch()], capture_output=True, text=True, check=True)
    theirs = [float(line.split()[1]) for line in ran.stdout.splitlines()]
    np.testing.assert_allclose(theirs, run.losses, rtol=0, atol=1e-12)


# Conventions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "moved"),
    [
        ({"momentum": 0.9}, -0.119),
        ({"momentum": 0.9, "dampening": 0.9}, -0.11),  # not -0.0119: the first step is not dampened
        ({"momentum": 0.9, "nesterov": True}, -0.2171),  # ours is -0.29: they part once eta has moved
    ],
)
def test_sgd_under_a_slope_of_1_at_eta_a_tenth_and_then_a_hundredth(torch, options, moved):
    w = torch.zeros(1, requires_grad=True)
    sgd = torch.optim.SGD([w], lr=0.1, **options)
    for eta in (0.1, 0.01):
        sgd.param_groups[0]["lr"] = eta
        sgd.zero_grad()
        w.sum().backward()
        sgd.step()
    assert float(w.detach()) == pytest.approx(moved, abs=1e-12)


def test_weight_decay_of_pytorch_decays_biases_and_ours_does_not(torch):
    layer = torch.nn.Linear(2, 1)
    before = float(layer.bias.detach()[0])
    sgd = torch.optim.SGD(layer.parameters(), lr=0.1, weight_decay=0.5)
    (0 * layer(torch.zeros(1, 2))).sum().backward()
    sgd.step()
    assert float(layer.bias.detach()[0]) == pytest.approx(before * (1 - 0.1 * 0.5))
    params = tm.MLP((2, 1)).params(W1=[[1.0], [1.0]], b1=[[1.0]])
    decay = tm.training.decayed(0.0 * params, params, l2=0.5)
    assert decay.W1.tolist() == [[0.5], [0.5]]
    assert decay.b1.tolist() == [[0.0]]


def test_mean_squared_error_of_pytorch_has_no_half_and_a_linear_layer_keeps_out_in(torch):
    p, y = torch.tensor([[0.3], [0.9]]), torch.tensor([[1.0], [0.0]])
    net = tm.MLP((1, 1), output="identity", loss="squared")
    trace = tm.forward(net.params(W1=[[1.0]], b1=[[0.0]]), p.numpy())
    assert float(torch.nn.MSELoss()(p, y)) == pytest.approx(2 * tm.loss(trace, y.numpy()))
    assert torch.nn.Linear(3, 2).weight.shape == (2, 3)
    assert tm.worked_example().params.W1.shape == (3, 2)


def test_backward_of_pytorch_accumulates(torch):
    w = torch.ones(1, requires_grad=True)
    for calls in (1, 2, 3):
        (5 * w).sum().backward()
        assert w.grad.tolist() == [5.0 * calls]
