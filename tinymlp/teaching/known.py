"""What is known of a question from its name alone: its choices and its answer, if it is one of the lessons'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tinymlp.teaching.drawn import DRAWN
from tinymlp.teaching.question import Question
from tinymlp.teaching.questions import QUESTIONS

if TYPE_CHECKING:
    from typing import Any

WHY = ".why"


def known(name: str, text: str | None = None) -> Question | None:
    """Return the lessons' question of this name, a question on a reason too; None if none is, or in another wording."""
    found = QUESTIONS.get(name)
    base = QUESTIONS.get(name.removesuffix(WHY)) if name.endswith(WHY) else None
    if base is not None and base.why is not None:
        found = Question(base.why.text, base.why.reasons, base.why.right, "")
    return found if found is not None and text in (None, found.text) else None


def answer(question: Question) -> str:
    """Return the right answer in words."""
    if question.kind in DRAWN:
        drawn = DRAWN[question.kind](question.within, question.at)
        return drawn.said(drawn.checked(question.truth)) + drawn.where
    return str(question.truth)


def is_right(question: Question, guess: Any) -> bool:
    """Return whether a guess is right. ValueError for one that does not fit the question."""
    if question.kind in DRAWN:
        drawn = DRAWN[question.kind](question.within, question.at)
        return drawn.is_close(drawn.checked(guess), drawn.checked(question.truth))
    if not isinstance(guess, str) or guess not in question.choices:
        raise ValueError(f"guess: expected one of {tuple(question.choices)}, got {guess!r}")
    return guess == question.truth
