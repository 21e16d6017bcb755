"""A tiny neural network to learn from: every number of its training, one step at a time."""

from tinymlp import momentum, problems
from tinymlp.momentum import momentum_step
from tinymlp.network import MLP, Params, Trace, backward, forward, loss, sample_losses
from tinymlp.problems import Problem, worked_example
from tinymlp.run import Run
from tinymlp.schedules import schedule
from tinymlp.training import Training

__version__ = "1.0.0"

# What most programs do not need is imported when it is first asked for: `import tinymlp` costs what numpy costs.
_LATER = {
    "curvature": "curvature",
    "explain": "explain",
    "scores": "scores",
    "sweep": "sweep",
    "check_gradient": "gradcheck",
    "numerical_gradient": "gradcheck",
}

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


def __getattr__(name):
    from importlib import import_module

    if name in _LATER:
        module = import_module(f"tinymlp.{_LATER[name]}")
        return module if name == _LATER[name] else getattr(module, name)
    raise AttributeError(f"module 'tinymlp' has no attribute {name!r}")


def __dir__():
    """Show what a user may use, and nothing else."""
    return sorted([*__all__, "__version__"])
