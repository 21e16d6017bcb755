"""A tiny neural network to learn from: every number of its training, one step at a time."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tinymlp import curvature, explain, momentum, problems, scores, sweep
    from tinymlp.gradcheck import check_gradient, numerical_gradient
    from tinymlp.momentum import momentum_step
    from tinymlp.network import MLP, Params, Trace, backward, forward, loss, sample_losses
    from tinymlp.problems import Problem, worked_example
    from tinymlp.run import Run
    from tinymlp.schedules import schedule
    from tinymlp.training import Training

__version__ = "1.0.0"

__all__ = [
    "MLP",
    "Params",
    "Problem",
    "Run",
    "Trace",
    "Training",
    "backward",
    "check_gradient",
    "curvature",
    "explain",
    "forward",
    "loss",
    "momentum",
    "momentum_step",
    "numerical_gradient",
    "problems",
    "sample_losses",
    "schedule",
    "scores",
    "sweep",
    "worked_example",
]

# Where each name is from. It is imported when it is first asked for: the server of the lessons computes nothing, and
# needs no numpy.
_FROM = {
    "check_gradient": "gradcheck",
    "momentum_step": "momentum",
    "numerical_gradient": "gradcheck",
    "schedule": "schedules",
    **dict.fromkeys(("MLP", "Params", "Trace", "backward", "forward", "loss", "sample_losses"), "network"),
    **dict.fromkeys(("Problem", "worked_example"), "problems"),
    "Run": "run",
    "Training": "training",
}


def __getattr__(name):
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module 'tinymlp' has no attribute {name!r}")
    module = import_module(f"tinymlp.{_FROM.get(name, name)}")
    found = globals()[name] = getattr(module, name) if name in _FROM else module
    return found


def __dir__():
    """Show what a user may use, and nothing else."""
    return sorted([*__all__, "__version__"])
