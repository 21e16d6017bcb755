"""Predictions: a question, a guess that is locked, something to make happen, and only then the true answer."""

from __future__ import annotations

import weakref
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tinymlp.checks import choice, describe, one_number
from tinymlp.teaching import keep
from tinymlp.teaching.askings import FILE, WANTED, askings, is_guess
from tinymlp.teaching.askings import calibration as calibration  # the lessons find it here
from tinymlp.teaching.drawn import DRAWN, Drawn
from tinymlp.teaching.outcome import outcome
from tinymlp.words import short

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from tinymlp.teaching.question import Why

DIRECTIONS = ("up", "down", "stays")
ANYTHING = "Now make it happen in the panel."
_ASKED: weakref.WeakValueDictionary[tuple, Prediction] = weakref.WeakValueDictionary()


def has_changed(run, look=None):
    """Return whether anything has happened in a run since its start: a step, or a change by hand."""
    return run.t > 0 or bool((run.params.flat != run.problem.params.flat).any())


class Prediction:
    """A question with one guess. `.locked`, `.guess`, `.sure` and, once locked, `.truth`, `.right` and `.outcome()`.

    name: of the question, e.g. "08.bias"; the guess is stored under it, so that it survives a kernel restart. kind:
    "number", "direction" (up, down, stays) or "choice" among options; or a guess that is drawn on the panel's picture:
    "place" (two numbers), "curve" (one for each of the iterations `at`) or "angle" (degrees), which is right to
    `within`. truth: the true answer, or a function that gives it on demand; for a drawn guess a function of a copy of
    the panel's run, called when the guess is locked, at the run's start; its result is kept with the guess.
    do: what the learner does to see the truth happen; without it the truth is told when the guess is locked.
    seen(run, look): whether it has happened. reasons: why each option is right or wrong. because: a sentence on the
    truth. why: a question on the reason, asked when the truth is told; its answer is stored as name + ".why".
    reveal: False for a vote before and a vote after a discussion. The first `lock` is then kept as `.first`, a pair
    (guess, sure), and locks nothing; the second one, or `open()`, does.
    Raises ValueError for what does not fit together.
    """

    def __init__(
        self,
        name: str,
        question: str,
        truth: Any,
        *,
        kind: str | None = None,
        options: Sequence[str] = (),
        unit: str = "",
        do: str = "",
        seen: Callable | None = None,
        reasons: Mapping[str, str] | None = None,
        within: float | tuple[float, ...] = 0.0,
        at: Sequence[int] = (),
        because: str = "",
        why: Why | None = None,
        reveal: bool = True,
    ) -> None:
        options = tuple(options)
        if kind is None:
            kind = "choice" if options else "direction" if isinstance(truth, str) and truth in DIRECTIONS else "number"
        self.name, self.question, self.unit = name, question, unit
        self.kind = choice("kind", kind, ("number", "direction", "choice", *DRAWN))
        self._draws = DRAWN[kind](within, tuple(at)) if kind in DRAWN else None
        self.options = DIRECTIONS if kind == "direction" else options
        if self.kind == "choice" and (len(self.options) < 2 or not all(isinstance(o, str) for o in self.options)):
            raise ValueError(f"options: expected at least two texts to choose from, got {describe(options)}")
        self.do, self.seen, self.reasons, self.because = do, seen, dict(reasons or {}), because
        self.reveal = reveal
        if self.reasons and set(self.reasons) != set(self.options):
            raise ValueError(f"reasons: expected one for each of {self.options}, got {describe(tuple(self.reasons))}")
        self._truth, self._watchers, self._told = truth, [], False
        self._truth_kept: Any = None
        self._draft: tuple[float, ...] | None = None
        self._run: Any = None
        self.why = (
            Prediction(f"{name}.why", why.text, why.right, options=tuple(why.reasons), reasons=why.reasons)
            if why
            else None
        )
        self.guess: float | str | tuple[float, ...] | None = None
        self.sure: float | None = None
        self.first: Any = None
        self.message = ""
        self._recall()

    def shared(self) -> Prediction:
        """Return the one that cards and panels already hold for this question, brought up to date; else this one.

        A card that is drawn again, or in another cell, is then one with the old card and with the panel that waits.
        """
        key = keep.home(), self.name, self.question, self.kind, self.options
        held = _ASKED.setdefault(key, self)
        if held is not self:
            held._take(self)
        return held

    def _take(self, other):
        """Take over what another prediction says of the same question, and its state on file."""
        self.unit, self.reasons, self.because, self.reveal = other.unit, other.reasons, other.because, other.reveal
        self._truth, self._draws = other._truth, other._draws
        if other.do:
            self.do, self.seen = other.do, other.seen
        if self.why is None or other.why is None:
            self.why = other.why
        else:
            self.why._take(other.why)
        self._recall()
        self._tell()

    def _recall(self):
        """Read the stored guesses: the first one, and a second vote, count until the question is asked again."""
        records, self.message = keep.read(FILE, WANTED)
        own = [record for record in records if (record["name"], record["question"]) == (self.name, self.question)]
        asking = askings(record for record in own if not is_guess(record) or self._can_read(record))[-1]
        votes = [self._checked(vote["guess"], vote.get("sure")) for vote in asking.votes]
        self.first = votes[0] if votes and asking.votes[0].get("vote") == 1 else None
        self.guess, self.sure = votes[-1] if votes and not asking.pending else (None, None)
        self._told = asking.told and self.locked
        self._truth_kept = self._read_truth(asking.votes[0]) if votes else None

    def _can_read(self, record):
        try:
            self._checked(record["guess"], record.get("sure"))
            self._read_truth(record)
        except (KeyError, ValueError):
            self.message = "An earlier guess could not be read; the rest was."
            return False
        return True

    def _read_truth(self, record):
        """Return the truth that was worked out when a guess was locked; None where it is known anyway."""
        return self._draws.checked(record["truth"]) if self._draws and callable(self._truth) else None

    def _checked(self, guess, sure):
        if self._draws is not None:
            guess = self._draws.checked(guess)
        else:
            guess = one_number("guess", guess) if self.kind == "number" else choice("guess", guess, self.options)
        return guess, None if sure is None else one_number("sure", sure, least=0, most=100)

    @property
    def locked(self) -> bool:
        """Whether a guess was made, after which it cannot be changed; a first of two votes can."""
        return self.guess is not None

    @property
    def pending(self) -> bool:
        """Whether the first of two votes is kept, and the second still to come."""
        return self.first is not None and not self.locked

    @property
    def chance(self) -> int | None:
        """The certainty of a blind guess, in percent; None for a number."""
        return round(100 / len(self.options)) if self.options else None

    @property
    def told(self) -> bool:
        """Whether the truth may be shown: the guess is locked, and what it is about has happened."""
        return self.locked and (self._told or not self.do)

    @property
    def truth(self) -> Any:
        """The true answer. ValueError before the guess is locked."""
        if not self.locked:
            raise ValueError("truth: expected a locked guess first, got none")
        return self._worked_out()

    def _worked_out(self):
        if self._draws is None:
            return self._truth() if callable(self._truth) else self._truth
        truth = self._truth if self._truth_kept is None else self._truth_kept
        if callable(truth):
            if self._run is None:
                raise ValueError(
                    "truth: expected a panel whose run gives it, got none; run the cell of the panel first"
                )
            truth = truth(self._run.fork(0))
        return self._draws.checked(truth, "truth")

    @property
    def drawn(self) -> Drawn | None:
        """What is to be drawn on the picture, with the truth once that is told; None for other kinds."""
        if self._draws is None:
            return None
        return replace(self._draws, truth=self.truth if self.told else None, locked=self.locked)

    @property
    def draft(self) -> Any:
        """What is drawn so far; the guess itself once it is locked."""
        return self.guess if self.locked else self._draft

    def ask_of(self, run: Any) -> None:
        """Take the run of a panel, from which a truth that is a function is worked out."""
        self._run = run

    def draw(self, guess: tuple[float, ...]) -> None:
        """Take what the learner has drawn so far; nothing is kept before it is locked. ValueError for other kinds."""
        if self._draws is None:
            raise ValueError(f"guess: expected a {self.kind}, got one that is drawn: {describe(guess)}")
        if not self.locked:
            self._draft = self._draws.checked(guess)
            self._tell()

    @property
    def right(self) -> bool:
        """Whether the guess was right; a number to within a tenth, what is drawn to `within`."""
        return self._is_right(self.guess, self.truth)

    def _is_right(self, guess, truth):
        if self._draws is not None:
            return self._draws.is_close(guess, truth)
        if self.kind != "number":
            return guess == truth
        return bool(abs(guess - truth) <= 0.1 * abs(truth) + 1e-12)

    def lock(self, guess: float | str | tuple[float, ...], sure: float | None = None) -> None:
        """Lock a guess and store it; sure: how sure you are, in percent. ValueError if one is already locked.

        Without `reveal` the first call keeps the first vote only, and the next one locks.
        """
        guess, sure = self._checked(guess, sure)
        self._recall_unchanged(guess)
        vote = 2 if self.pending else None if self.reveal else 1
        truth = self._worked_out()
        right = self._is_right(guess, truth)
        when = datetime.now(UTC).isoformat(timespec="seconds")
        kept = {"name": self.name, "question": self.question, "guess": guess, "sure": sure}
        if self._draws is not None and callable(self._truth):
            kept["truth"] = self._truth_kept = truth
        keep.add(FILE, kept | {"right": right, "when": when} | ({"vote": vote} if vote else {}))
        if vote == 1:
            self.first, self._draft = (guess, sure), None
        else:
            self.guess, self.sure = guess, sure
        self._tell()

    def _recall_unchanged(self, guess):
        """Read what is stored; ValueError if no guess can be locked, or a first vote was kept elsewhere meanwhile."""
        first = self.first
        self._recall()
        if self.locked:
            self._tell()
            raise ValueError(f"guess: expected none, as {self.guess!r} is already locked, got {describe(guess)}")
        if self.first != first:
            self._tell()
            raise ValueError(f"guess: expected a second vote, as the first one is kept by now, got {describe(guess)}")

    def open(self) -> None:
        """Do without a second vote: the first one is locked. ValueError unless there is one, and no second."""
        self._recall()
        if not self.pending:
            raise ValueError("open: expected a first vote that waits for a second one, got none")
        keep.add(FILE, {"name": self.name, "question": self.question, "opened": True})
        self._recall()
        self._tell()

    def tell(self) -> None:
        """Tell the truth: it has happened, or the learner asks for it. ValueError if no guess is locked."""
        if not self.locked:
            raise ValueError("tell: expected a locked guess first, got none")
        if not self.told:
            keep.add(FILE, {"name": self.name, "question": self.question, "told": True})
            self._told = True
            self._tell()

    def leave_open(self) -> None:
        """Tell nothing before something has changed in the panel, if the question does not say what is to be done."""
        if not self.do:
            self.do, self.seen = ANYTHING, has_changed

    def look_at(self, run, look=None) -> None:
        """Look whether it has happened in the run, as it is looked at, and if so tell."""
        if self.locked and not self.told and self.seen is not None and self.seen(run, look):
            self.tell()

    def again(self) -> None:
        """Ask the question again. Earlier guesses stay on file."""
        if self.locked:
            self.guess, self.sure, self._told, self._truth_kept, self._draft = None, None, False, None, None
            self.first = None
            if self.why is not None:
                self.why.again()
            keep.add(FILE, {"name": self.name, "question": self.question, "again": True})
            self._tell()

    def outcome(self) -> str:
        """Return the guess and what is to be done now; once that has happened, the guess, the truth and the gap."""
        return outcome(self)

    def said(self, guess: Any) -> str:
        """Return a guess, or the truth, in words."""
        if self._draws is not None:
            return self._draws.said(guess)
        return f"{short(guess)}{self.unit}" if self.kind == "number" else f'"{guess}"'

    def explained(self) -> list[str]:
        """Return a line for each option once the truth is told: whether it is right, and why."""
        if not self.told:
            return []
        marks = {True: "right", False: "not so"}
        return [self.because] * bool(self.because) + [
            f"{option}: {marks[option == self.truth]}. {why}" for option, why in self.reasons.items()
        ]

    def watch(self, method):
        """Call the bound method when a guess is locked, told or asked for again, as long as its object lives."""
        self._watchers.append(weakref.WeakMethod(method))

    def _tell(self):
        for watcher in [w for w in self._watchers if w() is not None]:
            watcher()()
