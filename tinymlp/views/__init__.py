"""What a learner sees: each view by its name."""

from tinymlp.views.angle import AngleView
from tinymlp.views.boundary import BoundaryView
from tinymlp.views.calibration import CalibrationChart
from tinymlp.views.chain import ChainView
from tinymlp.views.check import CheckView
from tinymlp.views.confusion import ConfusionView
from tinymlp.views.curves import CurvesView
from tinymlp.views.energy import EnergyView
from tinymlp.views.ledger import LedgerView
from tinymlp.views.loss import LossView
from tinymlp.views.map import SettingsView
from tinymlp.views.mistake import MistakeView, PushView, RateView
from tinymlp.views.network import NetworkView, PathView
from tinymlp.views.neuron import NeuronView
from tinymlp.views.rules import RulesView
from tinymlp.views.sees import SeesView
from tinymlp.views.sharpness import SharpnessView
from tinymlp.views.slope import SlopeView
from tinymlp.views.spread import SpreadView
from tinymlp.views.stage import StageView
from tinymlp.views.starts import StartsView
from tinymlp.views.step import StepView
from tinymlp.views.sums import SumsView
from tinymlp.views.surface import SurfaceView
from tinymlp.views.symptom import SymptomView
from tinymlp.views.table import TableView
from tinymlp.views.units import UnitsView
from tinymlp.views.view import Facts, Look, View
from tinymlp.views.votes import VotesChart

VIEWS = {  # in the order of the lessons
    "network": NetworkView,
    "loss": LossView,
    "step": StepView,
    "neuron": NeuronView,
    "sums": SumsView,
    "mistake": MistakeView,
    "rate": RateView,
    "push": PushView,
    "slope": SlopeView,
    "surface": SurfaceView,
    "path": PathView,
    "chain": ChainView,
    "stage": StageView,
    "check": CheckView,
    "table": TableView,
    "ledger": LedgerView,
    "angle": AngleView,
    "sharpness": SharpnessView,
    "energy": EnergyView,
    "map": SettingsView,
    "starts": StartsView,
    "units": UnitsView,
    "spread": SpreadView,
    "rules": RulesView,
    "symptom": SymptomView,
    "sees": SeesView,
    "boundary": BoundaryView,
    "curves": CurvesView,
    "confusion": ConfusionView,
}

__all__ = ["VIEWS", "CalibrationChart", "Facts", "Look", "View", "VotesChart"]
