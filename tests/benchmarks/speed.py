"""How long the numerics take, each work beside what people use instead: ratios within one run.

    python tests/benchmarks/speed.py

PyTorch, JAX and others are optional: a peer that is not installed is left out, and the table says so.
"""

import timeit
from importlib.util import find_spec

import tinymlp as tm


def best(call, seconds=0.5, repeats=7):
    """Return the best time of a call in seconds: what the machine can do when nobody disturbs it."""
    timer = timeit.Timer(call)
    number, taken = timer.autorange()
    number = max(1, int(number * seconds / repeats / max(taken, 1e-9)))
    return min(timer.repeat(repeats, number)) / number


def our_step(problem):
    """Return a call that takes one step of momentum with tinymlp."""
    state = [problem.params, problem.net.zeros()]

    def step():
        params, velocity = state
        grads = tm.backward(tm.forward(params, problem.X), problem.y)
        state[:] = tm.momentum_step(params, velocity, grads, problem.eta, problem.gamma)

    return step


def torch_step(problem):
    """Return a call that takes the same step with PyTorch, eagerly."""
    import torch

    torch.set_default_dtype(torch.float64)
    X, y = torch.tensor(problem.X), torch.tensor(problem.y)
    sizes = problem.net.sizes
    model = torch.nn.Sequential(torch.nn.Linear(*sizes[:2]), torch.nn.SiLU(), torch.nn.Linear(*sizes[1:]))
    loss = torch.nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=problem.eta, momentum=problem.gamma)

    def step():
        optimizer.zero_grad()
        loss(model(X), y).backward()
        optimizer.step()

    return step


def jax_step(problem):
    """Return a call that takes the same step with JAX, compiled."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    X, y = jnp.array(problem.X), jnp.array(problem.y)

    def loss(params):
        W1, b1, W2, b2 = params
        z = jax.nn.silu(X @ W1 + b1) @ W2 + b2
        return (y * jax.nn.softplus(-z) + (1 - y) * jax.nn.softplus(z)).sum(-1).mean()

    @jax.jit
    def update(params, velocity):
        grads = jax.grad(loss)(params)
        velocity = [problem.gamma * v - problem.eta * g for v, g in zip(velocity, grads, strict=True)]
        return [p + v for p, v in zip(params, velocity, strict=True)], velocity

    start = [jnp.array(a) for pair in problem.params.layers for a in pair]
    state = [start, [jnp.zeros_like(a) for a in start]]

    def step():
        state[:] = update(*state)
        state[0][0].block_until_ready()

    return step


def main():
    """Measure and print the table."""
    problem = tm.worked_example()
    ours = best(our_step(problem))
    print(f"{'work':38}{'who':16}{'us':>10}{'ours / theirs':>15}")
    print(f"{'one step, 3-2-1, three samples':38}{'tinymlp':16}{ours * 1e6:10.1f}")
    for module, name, make in (("torch", "PyTorch eager", torch_step), ("jax", "JAX jit", jax_step)):
        if not find_spec(module):
            print(f"{'':38}{name:16}{'not installed':>10}")
            continue
        theirs = best(make(problem))
        print(f"{'':38}{name:16}{theirs * 1e6:10.1f}{ours / theirs:15.2f}")


if __name__ == "__main__":
    main()
