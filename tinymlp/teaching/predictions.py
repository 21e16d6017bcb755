"""Predictions: a question, a guess that is locked, something to make happen, and only then the true answer."""

from __future__ import annotations

import weakref
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tinymlp.checks import choice, describe, one_number
from tinymlp.teaching import keep
from tinymlp.words import short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

FILE = "predictions.jsonl"
DIRECTIONS = ("up", "down", "stays")
ANYTHING = "Now make it happen in the panel."


def has_changed(run, look=None):
    """Return whether anything has happened in a run since its start: a step, or a change by hand."""
    return run.t > 0 or bool((run.params.flat != run.problem.params.flat).any())


class Prediction:
    """A question with one guess. `.locked`, `.guess`, `.sure` and, once locked, `.truth`, `.right` and `.outcome()`.

    name: of the question, e.g. "08.bias"; the guess is stored under it, so that it survives a kernel restart. kind:
    "number", "direction" (up, down, stays) or "choice" among options. truth: the true answer, or a function that gives
    it on demand. do: what the learner does to see the truth happen; without it the truth is told when the guess is
    locked. seen(run, look): whether it has happened. reasons: why each option is right or wrong.
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
    ) -> None:
        options = tuple(options)
        if kind is None:
            kind = "choice" if options else "direction" if isinstance(truth, str) and truth in DIRECTIONS else "number"
        self.name, self.question, self.unit = name, question, unit
        self.kind = choice("kind", kind, ("number", "direction", "choice"))
        self.options = DIRECTIONS if kind == "direction" else options
        if self.kind == "choice" and (len(self.options) < 2 or not all(isinstance(o, str) for o in self.options)):
            raise ValueError(f"options: expected at least two texts to choose from, got {describe(options)}")
        self.do, self.seen, self.reasons = do, seen, dict(reasons or {})
        if self.reasons and set(self.reasons) != set(self.options):
            raise ValueError(f"reasons: expected one for each of {self.options}, got {describe(tuple(self.reasons))}")
        self._truth, self._watchers, self._told = truth, [], False
        self.guess: float | str | None = None
        self.sure: float | None = None
        self.message = ""
        self._recall()

    def _recall(self):
        """Read the stored guesses: the first one counts until the question is asked again."""
        records, message = keep.read(FILE, ("name", "question"))
        self.message = message
        guess = sure = None
        told = False
        for record in records:
            if (record["name"], record["question"]) != (self.name, self.question):
                continue
            if record.get("again"):
                guess = sure = None
                told = False
            elif record.get("told"):
                told = True
            elif guess is None:
                try:
                    guess, sure = self._checked(record["guess"], record.get("sure"))
                except (KeyError, ValueError):
                    self.message = "An earlier guess could not be read; the rest was."
        self.guess, self.sure, self._told = guess, sure, told

    def _checked(self, guess, sure):
        guess = one_number("guess", guess) if self.kind == "number" else choice("guess", guess, self.options)
        return guess, None if sure is None else one_number("sure", sure, least=0, most=100)

    @property
    def locked(self) -> bool:
        """Whether a guess was made, after which it cannot be changed."""
        return self.guess is not None

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
        return self._truth() if callable(self._truth) else self._truth

    @property
    def right(self) -> bool:
        """Whether the guess was right; a number is right to within a tenth."""
        return self._is_right(self.guess, self.truth)

    def _is_right(self, guess, truth):
        if self.kind != "number":
            return guess == truth
        return bool(abs(guess - truth) <= 0.1 * abs(truth) + 1e-12)

    def lock(self, guess: float | str, sure: float | None = None) -> None:
        """Lock a guess and store it; sure: how sure you are, in percent. ValueError if one is already locked."""
        guess, sure = self._checked(guess, sure)
        self._recall()  # another notebook may have locked one meanwhile
        if self.locked:
            self._tell()
            raise ValueError(f"guess: expected none, as {self.guess!r} is already locked, got {describe(guess)}")
        right = self._is_right(guess, self._truth() if callable(self._truth) else self._truth)
        when = datetime.now(UTC).isoformat(timespec="seconds")
        kept = {"name": self.name, "question": self.question, "guess": guess, "sure": sure}
        keep.add(FILE, kept | {"right": right, "when": when})
        self.guess, self.sure = guess, sure
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
            self.guess, self.sure, self._told = None, None, False
            keep.add(FILE, {"name": self.name, "question": self.question, "again": True})
            self._tell()

    def outcome(self) -> str:
        """Return the guess and what is to be done now; once that has happened, the guess, the truth and the gap."""
        if not self.locked:
            return "No guess is locked yet."
        truth, guess = self.truth, self.guess
        if not self.told:
            said = f"{short(guess)}{self.unit}" if self.kind == "number" else f'"{guess}"'
            return f"Locked: you said {said}. {self.do}"
        if self.kind == "number":
            gap = abs(guess - truth)
            return (
                f"You said {short(guess)}{self.unit}. It is {short(truth)}{self.unit}: {short(gap)}{self.unit} apart."
            )
        if self.right:
            return f'You said "{guess}": right.'
        return f'You said "{guess}". The answer is "{truth}": not what you expected.'

    def explained(self) -> list[str]:
        """Return a line for each option once the truth is told: whether it is right, and why."""
        if not self.told:
            return []
        marks = {True: "right", False: "not so"}
        return [f"{option}: {marks[option == self.truth]}. {why}" for option, why in self.reasons.items()]

    def watch(self, method):
        """Call the bound method when a guess is locked, told or asked for again, as long as its object lives."""
        self._watchers.append(weakref.WeakMethod(method))

    def _tell(self):
        for watcher in [w for w in self._watchers if w() is not None]:
            watcher()()


def calibration(records: Iterable[dict] | None = None) -> list[tuple[float, int, float]]:
    """Return [(certainty in percent, guesses, share right)] of guesses with a certainty; by default the learner's."""
    if records is None:
        kept, first = keep.read(FILE, ("name", "question"))[0], {}
        for record in kept:  # only the first guess counts: after that the answer was known
            if "right" in record:
                first.setdefault((record["name"], record["question"]), record)
        records = first.values()
    rights = {}
    for record in records:
        if isinstance(record.get("sure"), int | float):
            rights.setdefault(record["sure"], []).append(bool(record["right"]))
    return [(sure, len(found), sum(found) / len(found)) for sure, found in sorted(rights.items())]
