"""The card for a prediction: the question, a guess, a lock, what is to be done, and then the truth beside the guess."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import ipywidgets as w

from tinymlp.checks import choice
from tinymlp.teaching import keep
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


def _list_of(options, words):
    """Return a list to choose from that asks for a choice first."""
    return w.Dropdown(
        options=[("choose ...", ""), *((option, option) for option in options)],
        description=words,
        style=STEADY,
        layout={"width": "auto", "max_width": "98%"},
    )


def _listed(lines):
    """Return lines as a list, "" for none."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<ul style="margin: 0; line-height: 1.5">{items}</ul>' if items else ""


class WhyRow(w.VBox):
    """The question on the reason, below the truth: a list of reasons, and once one is chosen a sentence on each."""

    def __init__(self, why):
        super().__init__()
        self.add_class("tinymlp-why")
        self.asked = why
        self.text = w.HTML(f"<b>Now say why.</b> {escape(why.question)}")
        self.reason = _list_of(why.options, "because")
        self.answer = w.Button(description="Answer", tooltip="Choose this reason", layout=NARROW)
        self.answer.on_click(lambda _: self._answer())
        self.outcome = w.HTML()
        row = w.Box([self.reason, self.answer], layout={"flex_flow": "row wrap"})
        self.children = [self.text, row, self.outcome]
        why.watch(self.refresh)
        self.refresh()

    def _answer(self):
        if self.reason.value:
            self.asked.lock(self.reason.value)
        else:
            self.outcome.value = "Choose a reason first."

    def appear(self, locked, told):
        """Show the row once the truth is told; room for it is kept from the lock on."""
        self.layout.display = None if locked else "none"
        self.layout.visibility = None if told else "hidden"

    def refresh(self):
        """Show the state of the answer."""
        locked = self.asked.locked
        self.reason.disabled = self.answer.disabled = locked
        self.reason.value = self.asked.guess if locked else ""
        self.outcome.value = _listed(self.asked.explained())

    def describe(self) -> str:
        """Return the row in words."""
        if not self.asked.locked:
            return wrapped(f"Now say why: {self.asked.question} ({' / '.join(self.asked.options)})")
        said = wrapped(f'{self.asked.question} You said "{self.asked.guess}".')
        return "\n".join([said, *map(wrapped, self.asked.explained())])


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
        elif prediction.drawn is not None:
            self.guess = w.Label(layout={"width": "auto", "max_width": "98%", "margin": "2px 18px 2px 2px"})
        else:
            self.guess = _list_of(prediction.options, "your guess")
        sure = [("how sure?", UNSAID), *certainties(prediction.chance)]
        self.sure = w.Dropdown(options=sure, description="certainty", style=STEADY, layout={"width": "220px"})
        self.lock = w.Button(
            description="Lock", tooltip="Lock the guess: after that it cannot be changed", layout=NARROW
        )
        self.tell = w.Button(description="Tell me", tooltip="Show the answer without trying it out", layout=NARROW)
        self.again = w.Button(
            description="Ask me again", tooltip="Make a new guess; the old one is kept", layout=NARROW
        )
        self.go_on = w.Button(description="Go on", tooltip="Open without a second vote", layout=NARROW)
        self.outcome = w.HTML()
        self.why = None if prediction.why is None else WhyRow(prediction.why)
        self.lock.on_click(lambda _: self._lock())
        self.tell.on_click(lambda _: prediction.tell())
        self.again.on_click(lambda _: prediction.again())
        self.go_on.on_click(lambda _: self._go_on())
        buttons = [self.lock, self.go_on, self.tell, self.again]
        row = w.Box([self.guess, self.sure, *buttons], layout={"flex_flow": "row wrap"})
        kept = [w.Label(line, layout={"width": "auto"}) for line in [keep.where()] if line]
        self.children = [question, row, self.outcome, *([self.why] if self.why else []), *kept, Minder(self)]
        prediction.watch(self.refresh)
        self.refresh()

    def _lock(self):
        drawn = self.prediction.drawn
        guess = self.guess.value.strip() if drawn is None else self.prediction.draft
        if not guess:
            self.outcome.value = "Choose an answer first." if drawn is None else f"Nothing yet. {escape(drawn.asks)}"
            return
        try:
            if self.prediction.kind == "number":
                guess = float(guess.replace(",", "."))
            self.prediction.lock(guess, None if self.sure.value == UNSAID else self.sure.value)
        except (ValueError, OSError) as error:
            self.outcome.value = escape(str(error))

    def _go_on(self):
        if self.prediction.pending:
            self.prediction.open()

    def refresh(self):
        """Show the state of the prediction."""
        locked, pending = self.prediction.locked, self.prediction.pending
        self.go_on.layout.display = "none" if self.prediction.reveal and not pending else None
        self.go_on.disabled = not pending
        for widget in (self.guess, self.sure, self.lock):
            if widget.has_trait("disabled"):
                widget.disabled = locked
        self.tell.disabled = not locked or self.prediction.told
        self.again.disabled = not locked
        guess = sure = UNSAID
        if locked:
            guess = short(self.prediction.guess) if self.prediction.kind == "number" else self.prediction.guess
            sure = UNSAID if self.prediction.sure is None else self.prediction.sure
            if sure not in (value for _, value in self.sure.options):
                self.sure.options = (*self.sure.options, (f"{sure:g} % sure", sure))
        drawn = self.prediction.drawn
        if drawn is not None:
            draft = self.prediction.draft
            guess = drawn.asks if draft is None else f"your guess{drawn.where}: {drawn.said(draft)}"
        self.guess.value = guess
        if locked or drawn is None or (pending and draft is None):
            self.sure.value = sure  # while one draws, the certainty that was said before stays
        says = locked or pending or not self.prediction.reveal
        said = self.prediction.outcome() if says else self.prediction.message
        self.outcome.value = (f"<b>{escape(said)}</b>" if said else "") + _listed(self.prediction.explained())
        # Of a locked guess it tells the truth: a panel that is presented hides it until it is asked for.
        (self.outcome.add_class if locked else self.outcome.remove_class)("tinymlp-answer")
        # Room for the reasons is kept from the lock on, so that the panel below does not jump when the card tells.
        lines = len(self.prediction.reasons) + bool(self.prediction.because)
        self.outcome.layout.min_height = f"{28 + 22 * lines}px" if locked else None
        if self.why is not None:
            self.why.appear(locked, self.prediction.told)

    def describe(self) -> str:
        """Return the card in words."""
        options = f" ({' / '.join(self.prediction.options)})" if self.prediction.options else ""
        asked = wrapped(f"Predict first: {self.prediction.question}{options}")
        do = "choose and lock one" if self.prediction.drawn is None else "draw one in its panel and lock it"
        more = "" if self.prediction.locked else f" Run this cell to {do}."
        lines = [asked, wrapped(self.prediction.outcome() + more), *map(wrapped, self.prediction.explained())]
        if self.why is not None and self.prediction.told:
            lines.append(self.why.describe())
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
    within: float | tuple[float, ...] = 0.0,
    at: Sequence[int] = (),
    reveal: bool = True,
) -> PredictionCard:
    """Return a card that asks for a prediction, for `panel(run, after=card)`. Arguments as for `Prediction`.

    A name alone asks the question of that name from the lessons. reveal: False for a class that votes, discusses and
    votes again: the first guess is kept and nothing told, the second one locked and opened; `votes` shows both. A card
    drawn again is one with the first, and with the panel that waits for it. Raises ValueError for any other name alone.
    """
    if question is not None:
        made = Prediction(
            name,
            question,
            truth,
            kind=kind,
            options=options,
            unit=unit,
            do=do,
            seen=seen,
            within=within,
            at=at,
            reveal=reveal,
        )
        return PredictionCard(made.shared())
    asked = QUESTIONS[choice("name", name, QUESTIONS)]
    given = asked._asdict() | {"options": tuple(asked.choices), "reasons": asked.choices}
    text, truth = given.pop("text"), given.pop("truth")
    del given["choices"]
    return PredictionCard(Prediction(name, text, truth, **given, reveal=reveal).shared())
