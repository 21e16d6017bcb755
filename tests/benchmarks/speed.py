"""How long the numerics take, each task next to what people use instead: ratios within one run.

    python tests/benchmarks/speed.py

Peers are optional (pip install -e .[peers]): one that is not installed is left out, and the table says so. A time is
the best of several, whatever else the machine is doing: compare the ratios, not the times of two runs.
"""

import os
import subprocess
import sys
import time
import timeit
import warnings
from importlib.util import find_spec
from itertools import pairwise

import numpy as np

import tinymlp as tm
from tinymlp import sweep
from tinymlp.codes import encode
from tinymlp.sweep import laid_out

warnings.simplefilter("ignore")


def best(call, seconds=1.0, repeats=9):
    """Return the best time of a call in seconds: what the machine can do when undisturbed."""
    call()
    timer = timeit.Timer(call)
    number, taken = timer.autorange()
    number = max(1, int(number * seconds / repeats / max(taken, 1e-9)))
    return min(timer.repeat(repeats, number)) / number


class Table:
    """Prints rows as they come: task, library, time, and our time over theirs."""

    def __init__(self):
        print(f"{'work':42}{'who':24}{'time':>11}{'ours / theirs':>15}{'to reach':>10}")

    def ours(self, work, call, **options):
        self.time = best(call, **options)
        print(f"{work:42}{'tinymlp':24}{_text(self.time):>11}", flush=True)

    def peer(self, who, module, make, limit=""):
        if module and not find_spec(module):
            print(f"{'':42}{who:24}{'not installed':>15}")
            return
        theirs = best(make())
        print(f"{'':42}{who:24}{_text(theirs):>11}{self.time / theirs:15.2f}{limit:>10}", flush=True)

    def limit(self, most):
        print(f"{'':42}{'to reach':24}{_text(most):>11}{self.time / most:15.2f}{1.0:>10}")


def _text(seconds):
    return f"{seconds * 1e6:.1f} us" if seconds < 1e-3 else f"{seconds * 1e3:.2f} ms"


# The same step, by everyone ------------------------------------------------------------------------------------------


def our_step(problem, params=None, eta=None, gamma=None):
    """Return a call that takes one step of momentum with tinymlp."""
    params = problem.params if params is None else params
    eta, gamma = problem.eta if eta is None else eta, problem.gamma if gamma is None else gamma
    state = [params, 0.0 * params]

    def step():
        params, velocity = state
        grads = tm.backward(tm.forward(params, problem.X), problem.y)
        state[:] = tm.momentum_step(params, velocity, grads, eta, gamma)

    return step


def torch_step(problem):
    """Return a call that takes the step with PyTorch, eagerly."""
    import torch

    torch.set_default_dtype(torch.float64)
    X, y, sizes = torch.tensor(problem.X), torch.tensor(problem.y), problem.net.sizes
    layers = [torch.nn.Linear(a, b) for a, b in pairwise(sizes)]
    model = torch.nn.Sequential(*[m for layer in layers for m in (layer, torch.nn.SiLU())][:-1])
    loss = torch.nn.BCEWithLogitsLoss() if sizes[-1] == 1 else torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=problem.eta, momentum=problem.gamma)

    def step():
        optimizer.zero_grad()
        loss(model(X), y).backward()
        optimizer.step()

    return step


def loss_of(xp, silu, logistic, problem):
    """Return the loss as a function of (W1, b1, W2, b2), computed with the array module `xp`."""
    X, y = xp.array(problem.X), xp.array(problem.y)

    def loss(params):
        W1, b1, W2, b2 = params
        z = silu(X @ W1 + b1) @ W2 + b2
        if y.shape[-1] == 1:
            return xp.mean(xp.sum(y * logistic(-z) + (1 - y) * logistic(z), axis=-1))
        z = z - xp.max(z, axis=-1, keepdims=True)
        return xp.mean(xp.log(xp.sum(xp.exp(z), axis=-1)) - xp.sum(y * z, axis=-1))

    return loss


def jax_step(problem, params=None, eta=None, gamma=None):
    """Return a call that takes the step with JAX, compiled; with leading axes, mapped over them."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    gradient = jax.grad(loss_of(jnp, jax.nn.silu, jax.nn.softplus, problem))

    def update(params, velocity, eta, gamma):
        grads = gradient(params)
        velocity = [gamma * v - eta * g for v, g in zip(velocity, grads, strict=True)]
        return [p + v for p, v in zip(params, velocity, strict=True)], velocity

    many = params is not None
    params = problem.params if params is None else params
    settings = (problem.eta, problem.gamma) if eta is None else (jnp.array(eta), jnp.array(gamma))
    start = [jnp.array(np.array(a)) for pair in params.layers for a in pair]
    state = [start, [jnp.zeros_like(a) for a in start]]
    update = jax.jit(jax.vmap(update) if many else update)

    def step():
        state[:] = update(*state, *settings)
        jax.block_until_ready(state)

    return step


def autograd_step(problem):
    """Return a call that takes the step with HIPS autograd."""
    import autograd
    import autograd.numpy as anp

    def softplus(z):
        return anp.logaddexp(0, z)

    gradient = autograd.grad(loss_of(anp, lambda z: z / (1 + anp.exp(-z)), softplus, problem))
    state = [[np.array(a) for pair in problem.params.layers for a in pair]]
    state.append([0 * a for a in state[0]])

    def step():
        grads = gradient(state[0])
        state[1] = [problem.gamma * v - problem.eta * g for v, g in zip(state[1], grads, strict=True)]
        state[0] = [p + v for p, v in zip(*state, strict=True)]

    return step


def sklearn_step(problem):
    """Return a call that takes a step with scikit-learn's network (of logistic units: it has no SiLU)."""
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(problem.net.sizes[1:-1], activation="logistic", solver="sgd", momentum=problem.gamma,
                          learning_rate_init=problem.eta, batch_size=len(problem.X))  # fmt: skip
    X, y = problem.X, problem.y.ravel()
    model.partial_fit(X, y, classes=[0, 1])
    return lambda: model.partial_fit(X, y)


def loop_step(problem):
    """Return a call that takes the step as a beginner would write it: a loop over samples, units and inputs."""
    W1, b1, W2, b2 = (np.array(a) for pair in problem.params.layers for a in pair)
    velocity = [np.zeros(11)]

    def step():
        grads = np.zeros(11)
        for x, target in zip(problem.X, problem.y[:, 0], strict=True):
            z = x @ W1 + b1[0]
            s = 1 / (1 + np.exp(-z))
            h = z * s
            p = 1 / (1 + np.exp(-(h @ W2[:, 0] + b2[0, 0])))
            for j in range(2):
                delta = (p - target) * W2[j, 0] * (s[j] + h[j] * (1 - s[j]))
                for i in range(3):
                    grads[2 * i + j] += delta * x[i] / 3
                grads[6 + j] += delta / 3
                grads[8 + j] += (p - target) * h[j] / 3
            grads[10] += (p - target) / 3
        velocity[0] = problem.gamma * velocity[0] - problem.eta * grads

    return step


def bare_products(problem):
    """Return a call that does nothing but the five matrix products of a step."""
    (W1, _), (W2, _) = problem.params.layers
    X, h, dz = problem.X, np.ones((len(problem.X), W1.shape[1])), np.ones((len(problem.X), W2.shape[1]))

    def products():
        X @ W1
        h @ W2
        h.T @ dz
        dz @ W2.T
        X.T @ h

    return products


# The table -----------------------------------------------------------------------------------------------------------


def large_problem():
    """Return 256 samples for a 784-256-10 network."""
    rng = np.random.default_rng(0)
    net = tm.MLP((784, 256, 10), output="softmax")
    return tm.Problem(net, rng.random((256, 784)), np.eye(10)[rng.integers(10, size=256)], net.init(rng), 0.1, 0.9)


def main():
    """Measure and print the tables."""
    problem, table = tm.worked_example(), Table()
    table.ours("one step, 3-2-1, three samples", our_step(problem))
    table.peer("JAX, jit", "jax", lambda: jax_step(problem), "1.4")
    table.peer("PyTorch, eager", "torch", lambda: torch_step(problem), "0.33")
    table.peer("autograd", "autograd", lambda: autograd_step(problem))
    table.peer("scikit-learn", "sklearn", lambda: sklearn_step(problem))
    table.peer("loops, as by hand", "", lambda: loop_step(problem))
    table.ours("Run.step, with all that a run keeps", tm.Run(problem).step, seconds=0.2)
    table.limit(60e-6)

    etas, gammas = (a.ravel() for a in np.meshgrid(np.linspace(0.01, 2, 50), np.linspace(0, 0.98, 50)))
    starts = laid_out(problem, np.broadcast_to(problem.params.flat, (2500, 11)))
    table.ours("one iteration of 2,500 such runs", our_step(problem, starts, etas, gammas))
    table.peer("JAX, vmap and jit", "jax", lambda: jax_step(problem, starts, etas, gammas), "1.4")

    large = large_problem()
    table.ours("forward and backward, 784-256-10", lambda: tm.backward(tm.forward(large.params, large.X), large.y))
    table.peer("five bare products", "", lambda: bare_products(large))
    table.ours("one step, 784-256-10, 256 samples", our_step(large))
    table.peer("five bare products", "", lambda: bare_products(large), "1.25")
    table.peer("PyTorch, eager", "torch", lambda: torch_step(large), "1")
    table.peer("JAX, jit", "jax", lambda: jax_step(large))

    entries, values = (("W1", (0, 0)), ("W2", (0, 0))), np.linspace(-5, 5, 101)
    table.ours("loss surface, 101 x 101", lambda: sweep.loss_surface(problem, *entries, values, values))
    table.limit(0.020)
    grid = np.linspace(0.01, 2, 50)[:, np.newaxis], np.linspace(0, 0.98, 50)
    table.ours("map of 50 x 50 runs, 100 steps", lambda: sweep.many_runs(problem, 100, eta=grid[0], gamma=grid[1]))
    table.limit(0.3)
    code = tm.Run(problem).step(4_000).code()
    table.ours("from a share code, 4,000 steps", lambda: tm.Run.from_code(code), repeats=3)
    table.limit(1.0)
    edited = tm.Run(tm.problems.one_neuron())
    for n in range(3_000):
        edited.step().set("W1", (0, 0), n / 3_000)
    many = edited.code()
    table.ours("from a share code, 3,000 edits", lambda: tm.Run.from_code(many), repeats=3)
    table.limit(1.0)
    bomb = encode([[]] * 300_000)  # its checksum is valid: it is unpacked, then refused for its content
    table.ours("a hostile share code", lambda: refuse(bomb), repeats=3)
    table.limit(1.0)
    imports = {name: import_time(name) for name in ("tinymlp", "numpy")}
    print(f"{'import':42}{'tinymlp':24}{_text(imports['tinymlp']):>11}")
    print(f"{'':42}{'numpy':24}{_text(imports['numpy']):>11}{imports['tinymlp'] / imports['numpy']:15.2f}{1.1:>10}")
    growth()


def refuse(code):
    """Try to load a code that is not a run."""
    try:
        tm.Run.from_code(code)
    except ValueError:
        return


def import_time(name, times=9):
    """Return the best time of an import in a fresh Python, less Python's own start-up time."""
    # With cached byte code, as in every import but the first.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    taken = []
    for _ in range(times):
        for code in ("pass", f"import {name}"):
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, env=environment)
            taken.append(time.perf_counter() - started)
    return min(taken[1::2]) - min(taken[::2])


def growth():
    """Print steps per second against samples, width, depth and runs."""
    rng = np.random.default_rng(0)

    def rate(samples=3, width=2, depth=2, runs=1):
        net = tm.MLP((3, *[width] * (depth - 1), 1))
        X, y = rng.normal(size=(samples, 3)), rng.integers(2, size=(samples, 1)).astype(float)
        problem = tm.Problem(net, X, y, net.init(rng), 0.1, 0.9)
        if runs == 1:
            return 1 / best(our_step(problem), seconds=0.2, repeats=3)
        starts = laid_out(problem, np.broadcast_to(problem.params.flat, (runs, net.count)))
        return runs / best(our_step(problem, starts), seconds=0.2, repeats=3)

    print("\nsteps per second, as one thing grows (3-2-1, three samples, one run otherwise)")
    for name, sizes in (
        ("samples", (3, 30, 300, 3_000, 30_000)),
        ("width", (2, 8, 32, 128, 512)),
        ("depth", (2, 3, 5, 9, 17)),
        ("runs", (1, 10, 100, 1_000, 10_000)),
    ):
        print(f"{name:10}" + "".join(f"{size:>10,}{rate(**{name: size}):>11,.0f}/s" for size in sizes), flush=True)


if __name__ == "__main__":
    main()
