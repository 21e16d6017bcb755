"""The card for a prediction: the question, a guess, a lock, what is to be done, and then the truth beside the guess."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import ipywidgets as w

from tinymlp.checks import choice
from tinymlp.teaching.predictions import Prediction
from tinymlp.teaching.questions import QUESTIONS
from tinymlp.widgets.minder import Minder
from tinymlp.words import short, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

STEADY = {"description_width": "initial"}
NARROW = {"width": "110px"}
UNSAID = ""  # a dropdown shows nothing at all for the value None


def certainties(chance):
    """Return what a learner may say about being sure, from a blind guess upwards: pairs of words and percent."""
    known = [(f"{share} % sure", share) for share in (50, 60, 70, 80, 90, 100) if share > (chance or 0)]
    return known if chance is None else [(f"{chance} % sure: a blind guess", chance), *known]


class PredictionCard(w.VBox):
    """What `predict` returns. `.prediction` holds the guess; `.describe()` gives the card in words."""

    def __init__(self, prediction):
        super().__init__()
        self.add_class("tinymlp-prediction")
        self.prediction = prediction
        question = w.HTML(f"<b>Predict first.</b> {escape(prediction.question)}")
        if prediction.kind == "number":
            self.guess = w.Text(
                description="your guess", placeholder="a number", style=STEADY, layout={"width": "200px"}
            )
        else:
            self.guess = w.Dropdown(
                options=[("choose ...", ""), *((option, option) for option in prediction.options)],
                description="your guess",
                style=STEADY,
                layout={"width": "auto", "max_width": "98%"},
            )
        sure = [("how sure?", UNSAID), *certainties(prediction.chance)]
        self.sure = w.Dropdown(options=sure, description="certainty", style=STEADY, layout={"width": "220px"})
        self.lock = w.Button(
            description="Lock", tooltip="Lock the guess: after that it cannot be changed", layout=NARROW
        )
        self.tell = w.Button(description="Tell me", tooltip="Show the answer without trying it out", layout=NARROW)
        self.again = w.Button(
            description="Ask me again", tooltip="Make a new guess; the old one is kept", layout=NARROW
        )
        self.outcome = w.HTML()
        self.lock.on_click(lambda _: self._lock())
        self.tell.on_click(lambda _: prediction.tell())
        self.again.on_click(lambda _: prediction.again())
        row = w.Box([self.guess, self.sure, self.lock, self.tell, self.again], layout={"flex_flow": "row wrap"})
        self.children = [question, row, self.outcome, Minder(self)]
        prediction.watch(self.refresh)
        self.refresh()

    def _lock(self):
        guess = self.guess.value
        if not guess.strip():
            self.outcome.value = "Choose an answer first."
            return
        try:
            if self.prediction.kind == "number":
                guess = float(guess.strip().replace(",", "."))
            self.prediction.lock(guess, None if self.sure.value == UNSAID else self.sure.value)
        except (ValueError, OSError) as error:
            self.outcome.value = escape(str(error))

    def refresh(self):
        """Show the state of the prediction."""
        locked = self.prediction.locked
        for widget in (self.guess, self.sure, self.lock):
            widget.disabled = locked
        self.tell.disabled = not locked or self.prediction.told
        self.again.disabled = not locked
        guess = sure = UNSAID
        if locked:
            guess = short(self.prediction.guess) if self.prediction.kind == "number" else self.prediction.guess
            sure = UNSAID if self.prediction.sure is None else self.prediction.sure
            if sure not in (value for _, value in self.sure.options):
                self.sure.options = (*self.sure.options, (f"{sure:g} % sure", sure))
        self.guess.value, self.sure.value = guess, sure
        said = self.prediction.outcome() if locked else self.prediction.message
        reasons = "".join(f"<li>{escape(line)}</li>" for line in self.prediction.explained())
        listed = f'<ul style="margin: 0; line-height: 1.5">{reasons}</ul>' if reasons else ""
        self.outcome.value = (f"<b>{escape(said)}</b>" if said else "") + listed
        # Room for the reasons is kept from the lock on, so that the panel below does not jump when the card tells.
        self.outcome.layout.min_height = f"{28 + 22 * len(self.prediction.reasons)}px" if locked else None

    def describe(self) -> str:
        """Return the card in words."""
        options = "" if self.prediction.kind == "number" else f" ({' / '.join(self.prediction.options)})"
        asked = wrapped(f"Predict first: {self.prediction.question}{options}")
        more = "" if self.prediction.locked else " Run this cell to choose and lock one."
        lines = [asked, wrapped(self.prediction.outcome() + more), *map(wrapped, self.prediction.explained())]
        return "\n".join(lines)

    def _repr_mimebundle_(self, **kwargs):
        return super()._repr_mimebundle_(**kwargs) | {"text/plain": self.describe()}


def predict(
    name: str,
    question: str | None = None,
    truth: Any = None,
    *,
    kind: str | None = None,
    options: Sequence[str] = (),
    unit: str = "",
    do: str = "",
    seen: Callable | None = None,
) -> PredictionCard:
    """Return a card that asks for a prediction, for `panel(run, after=card)`. Arguments as for `Prediction`.

    A name alone asks the question of that name from the lessons. Raises ValueError for any other name alone.
    """
    if question is not None:
        return PredictionCard(
            Prediction(name, question, truth, kind=kind, options=options, unit=unit, do=do, seen=seen)
        )
    text, choices, truth, do, seen = QUESTIONS[choice("name", name, QUESTIONS)]
    return PredictionCard(Prediction(name, text, truth, options=tuple(choices), do=do, seen=seen, reasons=choices))
