"""What a file of guesses says of one question: each time that it was asked, the one or two votes, and what was told.

A line of the file is a guess, or one of the marks "told", "opened" (no second vote is wanted) and "again" (asked anew).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tinymlp.teaching import keep

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE = "predictions.jsonl"
WANTED = ("name", "question")  # what each line has
MARKS = ("told", "opened", "again")


@dataclass
class Asking:
    """One asking. votes: the lines of the guess, or of both votes; told, opened: whether it was."""

    votes: list[dict] = field(default_factory=list)
    told: bool = False
    opened: bool = False

    @property
    def pending(self) -> bool:
        """Whether a first vote is kept, and the second still to come."""
        return len(self.votes) == 1 and self.votes[0].get("vote") == 1 and not self.opened

    def add(self, record: dict) -> None:
        """Take in the next line. Of several guesses the first counts, and one more after a first vote."""
        if record.get("told"):
            self.told = True
        elif record.get("opened"):
            self.opened = True
        elif not self.votes or (self.pending and record.get("vote") == 2):
            self.votes.append(record)


def is_guess(record: dict) -> bool:
    """Return whether a line is a guess, and not a mark."""
    return not any(record.get(mark) for mark in MARKS)


def askings(records: Iterable[dict]) -> list[Asking]:
    """Return each asking of a question, the last one last, from the lines on it in their order."""
    found = [Asking()]
    for record in records:
        if record.get("again"):
            found.append(Asking())
        else:
            found[-1].add(record)
    return found


def calibration(records: Iterable[dict] | None = None) -> list[tuple[float, int, float]]:
    """Return [(certainty in percent, guesses, share right)] of guesses with a certainty; by default the learner's.

    Of a learner's own guesses the first at each question counts, and of two votes the one before the discussion: after
    that the answer was known, or a neighbour's was.
    """
    if records is None:
        kept, first = keep.read(FILE, WANTED)[0], {}
        for record in kept:
            if "right" in record:
                first.setdefault((record["name"], record["question"]), record)
        records = first.values()
    rights: dict[float, list[bool]] = {}
    for record in records:
        if isinstance(record.get("sure"), int | float):
            rights.setdefault(record["sure"], []).append(bool(record["right"]))
    return [(sure, len(found), sum(found) / len(found)) for sure, found in sorted(rights.items())]
