"""What a card says of a prediction: what to do now, and in the end the guess beside the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tinymlp.teaching.predictions import Prediction

TWICE = "You vote twice: lock a first vote; nothing is told before the second."
TALK = "Your first vote is kept. Talk with a neighbour, then vote again."


def outcome(asked: Prediction) -> str:
    """Return in words how far a prediction is; the truth is in them once it may be told."""
    if asked.pending:
        return f"{TALK} You said {asked.said(asked.first[0])}."
    if not asked.locked:
        return "No guess is locked yet." if asked.reveal else TWICE
    compared = _compared(asked, asked.truth)  # a truth that cannot be worked out is an error now, and not only later
    at_first = _at_first(asked)
    if not asked.told:
        return f"Locked: you said {asked.said(asked.guess)}. {at_first}{asked.do}"
    return f"{compared} {at_first}".rstrip()


def _at_first(asked):
    """Return what the first of two votes was, if the second is another one."""
    changed = asked.first is not None and asked.first[0] != asked.guess
    return f"At first you said {asked.said(asked.first[0])}. " if changed else ""


def _compared(asked, truth):
    said = f"You said {asked.said(asked.guess)}"
    if asked.drawn is not None:
        close = ", close enough" if asked.right else ""
        return f"{said}. It is {asked.said(truth)}: {asked.drawn.apart(asked.guess, truth)}{close}."
    if asked.kind == "number":
        return f"{said}. It is {asked.said(truth)}: {asked.said(abs(asked.guess - truth))} apart."
    return f"{said}: right." if asked.right else f"{said}. The answer is {asked.said(truth)}: not what you expected."
