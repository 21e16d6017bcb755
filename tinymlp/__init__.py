"""A tiny neural network to learn from: every number of its training, one step at a time."""

from importlib import import_module

from tinymlp import momentum, problems
from tinymlp.momentum import momentum_step
from tinymlp.network import MLP, Params, Trace, backward, forward, loss, sample_losses
from tinymlp.problems import Problem, worked_example
from tinymlp.run import Run
from tinymlp.training import Training

__version__ = "0.1.0"
__all__ = [
    "MLP",
    "Params",
    "Problem",
    "Run",
    "Trace",
    "Training",
    "backward",
    "check_gradient",
    "explain",
    "forward",
    "loss",
    "momentum",
    "momentum_step",
    "numerical_gradient",
    "problems",
    "sample_losses",
    "sweep",
    "worked_example",
]


def __getattr__(name):
    """Import what most programs do not need when it is first asked for: `import tinymlp` costs what numpy costs."""
    if name in ("explain", "sweep"):
        return import_module(f"tinymlp.{name}")
    if name in ("check_gradient", "numerical_gradient"):
        return getattr(import_module("tinymlp.gradcheck"), name)
    raise AttributeError(f"module 'tinymlp' has no attribute {name!r}")
