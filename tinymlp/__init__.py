"""A tiny neural network to learn from: every number of its training, one step at a time."""

from tinymlp import momentum, problems, sweep
from tinymlp.gradcheck import check_gradient, numerical_gradient
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
