"""What a learner sees: each view by its name."""

from tinymlp.views.calibration import CalibrationChart
from tinymlp.views.loss import LossView
from tinymlp.views.network import NetworkView
from tinymlp.views.neuron import NeuronView
from tinymlp.views.step import StepView
from tinymlp.views.table import TableView
from tinymlp.views.view import Look, View

VIEWS = {"network": NetworkView, "loss": LossView, "step": StepView, "table": TableView, "neuron": NeuronView}

__all__ = ["VIEWS", "CalibrationChart", "Look", "View"]
