"""What a learner sees and touches on a page: `panel(run)`."""

from tinymlp.widgets.exercise import ExerciseCard, exercise
from tinymlp.widgets.faded import FadedTable, faded
from tinymlp.widgets.flawed import FlawedCard, flawed
from tinymlp.widgets.hand_in import HandInCard, my_guesses
from tinymlp.widgets.hunt import HuntCard, hunt
from tinymlp.widgets.panel import Panel, panel
from tinymlp.widgets.playground import playground
from tinymlp.widgets.predict import PredictionCard, predict
from tinymlp.widgets.progress import ProgressBar
from tinymlp.widgets.votes import VotesView, hands, votes

__all__ = [
    "ExerciseCard",
    "FadedTable",
    "FlawedCard",
    "HandInCard",
    "HuntCard",
    "Panel",
    "PredictionCard",
    "ProgressBar",
    "VotesView",
    "exercise",
    "faded",
    "flawed",
    "hands",
    "hunt",
    "my_guesses",
    "panel",
    "playground",
    "predict",
    "votes",
]
