"""A tiny neural network to learn from: every number of its training, one step at a time."""

from tinymlp import problems
from tinymlp.gradcheck import check_gradient, numerical_gradient
from tinymlp.momentum import momentum_step
from tinymlp.network import MLP, Params, Trace, backward, forward, loss, sample_losses
from tinymlp.problems import Problem, worked_example
from tinymlp.run import Run

__version__ = "0.1.0"
__all__ = [
    "MLP",
    "Params",
    "Problem",
    "Run",
    "Trace",
    "backward",
    "check_gradient",
    "forward",
    "loss",
    "momentum_step",
    "numerical_gradient",
    "problems",
    "sample_losses",
    "worked_example",
]
