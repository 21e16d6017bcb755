"""What a learner sees and touches on a page: `panel(run)`."""

from tinymlp.widgets.exercise import ExerciseCard, exercise
from tinymlp.widgets.faded import FadedTable, faded
from tinymlp.widgets.flawed import FlawedCard, flawed
from tinymlp.widgets.hunt import HuntCard, hunt
from tinymlp.widgets.panel import Panel, panel
from tinymlp.widgets.playground import playground
from tinymlp.widgets.predict import PredictionCard, predict
from tinymlp.widgets.progress import ProgressBar

__all__ = [
    "ExerciseCard",
    "FadedTable",
    "FlawedCard",
    "HuntCard",
    "Panel",
    "PredictionCard",
    "ProgressBar",
    "exercise",
    "faded",
    "flawed",
    "hunt",
    "panel",
    "playground",
    "predict",
]
