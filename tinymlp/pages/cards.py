"""A prediction on a page without a kernel: its card as HTML, and what the page tells once a guess is locked."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from tinymlp.teaching.predictions import Prediction

DRAWN = "This guess is drawn on the picture, which the live lesson takes and a page like this cannot."
BEYOND = "(That takes the live lesson; here, press Tell me.)"
WITHOUT = "Without JavaScript this page cannot take a guess."


def card(prediction: Prediction, live: str) -> str:
    """Return the card of a prediction as HTML, before anything was guessed; live: the address of the live lesson.

    What is told later is not in it: see `told`.
    """
    name = escape(prediction.name)
    asked = f"<b>Predict first.</b> {escape(prediction.question)}"
    if prediction.drawn is None:
        body, lock = choices(asked, prediction.options, name), "Lock"
    else:
        link = f'<a href="{escape(live)}">Guess in the live lesson</a>'
        body, lock = f"<p>{asked}</p><p>{DRAWN} {link}, or go on without a guess.</p>", "Go on without"
    buttons = "".join(
        f'<button type="button" data-do="{do}">{words}</button>'
        for do, words in (("lock", lock), ("tell", "Tell me"), ("again", "Ask me again"))
    )
    return (
        f'<section class="tinymlp-prediction tinymlp-card" data-name="{name}" aria-label="Prediction {name}">{body}'
        f'<p class="tinymlp-buttons" hidden>{buttons}</p><div class="tinymlp-outcome" role="status"></div>'
        f'<div class="tinymlp-why" hidden></div><noscript><p>{WITHOUT}</p></noscript></section>'
    )


def choices(asked: str, options: Iterable[str], name: str) -> str:
    """Return a question (HTML) with a list of options, of which one can be chosen."""
    listed = "".join(
        f'<label><input type="radio" name="{name}" value="{escape(option)}"> {escape(option)}</label>'
        for option in options
    )
    return f"<fieldset><legend>{asked}</legend>{listed}</fieldset>"


def told(prediction: Prediction, shows: bool = True) -> dict[str, Any]:
    """Return what the page's script needs of a prediction, for each guess: what is said when it is locked, and told.

    shows: whether the recording can show what happens. It locks each guess in turn and asks again, so that the words
    are those of the live card.
    """
    prediction.reveal = True  # such a page keeps no votes
    drawn = prediction.drawn
    said: dict[str, Any] = {"question": prediction.question, "do": bool(prediction.do), "locked": {}, "told": {}}
    for guess in prediction.options if drawn is None else [(0.0,) * drawn.count]:
        prediction.lock(guess)
        key = guess if drawn is None else ""
        locked = prediction.outcome() if drawn is None else prediction.do
        said["locked"][key] = locked if shows else f"{locked} {BEYOND}"
        prediction.tell()
        said["told"][key] = prediction.outcome() if drawn is None else f"It is {prediction.said(prediction.truth)}."
        said["reasons"] = prediction.explained()
        said["why"] = None if prediction.why is None or drawn is not None else _why(prediction)
        prediction.again()
    return said


def _why(prediction):
    """Return the question on the reason, as HTML, and what is told of each reason."""
    why = prediction.why
    why.lock(why.options[0])
    asked = f"<b>Now say why.</b> {escape(why.question)}"
    return {"asked": choices(asked, why.options, escape(why.name)), "reasons": why.explained()}
