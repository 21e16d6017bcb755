"""How a class voted on each question: from the files in a folder, or from hands raised."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tinymlp.checks import choice, describe, one_number, whole
from tinymlp.teaching.askings import askings, calibration, is_guess
from tinymlp.teaching.bins import Bins
from tinymlp.teaching.collected import collect
from tinymlp.teaching.drawn import DRAWN
from tinymlp.teaching.known import answer, is_right, known
from tinymlp.teaching.predictions import DIRECTIONS
from tinymlp.teaching.questions import QUESTIONS
from tinymlp.teaching.tally import ROUNDS, Tally
from tinymlp.words import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from os import PathLike
    from typing import Any

HIT, MISS = "right", "not right"  # what a drawn guess is counted as


class Vote(NamedTuple):
    """One vote. guess: as it is on file; right: None where nothing says so."""

    guess: Any
    sure: float | None
    right: bool | None


@dataclass(frozen=True)
class Votes:
    """The votes of a class. tallies: by the question's name; latest: where the last vote was cast.

    learners: how many have a file; notes: a line on each file that could not be read, or not all of it.
    """

    tallies: dict[str, Tally]
    latest: str = ""
    learners: int | None = None
    notes: tuple[str, ...] = ()

    def describe(self) -> str:
        """Return how many voted on each question, and no answer."""
        lines = [f"{_many(self.learners, 'learner')}, {_many(len(self.tallies), 'question')}"]
        lines += [
            f"  {name}: {' and '.join(_many(sum(n), vote) for n, vote in zip(tally.rounds, ROUNDS, strict=False))}"
            for name, tally in self.tallies.items()
        ]
        return "\n".join(lines + ([f"{_many(len(self.notes), 'note')} on files: see .notes"] if self.notes else []))

    def __repr__(self):
        return self.describe()


def _many(count, what):
    """Return a count with its noun in the right number."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def read(folder: str | PathLike) -> Votes:
    """Return the votes of all learners whose guesses lie in a folder, as `collect` finds them.

    Of each question the first asking counts: once the answer was told, a guess is no vote. A plain guess counts as a
    first vote. ValueError if there is no such folder.
    """
    handed, notes = collect(folder)
    cast: dict[tuple[str, str], dict[str, tuple[Vote, ...]]] = {}
    last, latest = "", ("", "")
    for one in handed:
        lines: dict[tuple[str, str], list[dict]] = {}
        for record in one.records:
            lines.setdefault((record["name"], record["question"]), []).append(record)
        strange = 0
        for key, records in lines.items():
            votes = _first_votes(records)
            if votes is None:
                strange += 1
            elif votes:
                cast.setdefault(key, {})[one.name] = votes
            when = max((r["when"] for r in records if isinstance(r.get("when"), str)), default="")
            if votes and when >= last:
                last, latest = when, key
        if strange:
            notes.append(f"{one.path}: {_many(strange, 'question')} not counted, with no answer that fits.")
    tallies = {_key(key, cast): tally(*key, cast[key]) for key in sorted(cast, key=_place)}
    return Votes(tallies, _key(latest, cast) if last else next(iter(tallies), ""), len(handed), tuple(notes))


def _place(key):
    """Return where a question stands in the list: the lessons' own in their order, and then the others."""
    order = list(QUESTIONS)
    return (order.index(key[0]) if key[0] in QUESTIONS else len(order), *key)


def _key(key, cast):
    """Return a question's name, with its text if it was also asked in another wording."""
    return key[0] if sum(name == key[0] for name, _ in cast) == 1 else f"{key[0]}: {key[1]}"


def _first_votes(records):
    """Return the votes of the first asking in which there are any; None if one is not an answer to the question."""
    asked = next((a for a in askings(r for r in records if not is_guess(r) or "guess" in r) if a.votes), None)
    if asked is None:
        return None if any(map(is_guess, records)) else ()
    try:
        return tuple(_vote(record) for record in asked.votes)
    except ValueError:
        return None


def _vote(record):
    guess, sure, right = record["guess"], record.get("sure"), record.get("right")
    question = known(record["name"], record["question"])
    if not isinstance(guess, str | list):
        guess = one_number("guess", guess)
    return Vote(
        guess,
        sure if isinstance(sure, int | float) and 0 <= sure <= 100 else None,
        is_right(question, guess) if question else right if isinstance(right, bool) else None,
    )


def tally(name: str, text: str, cast: dict[str, tuple[Vote, ...]]) -> Tally:
    """Return the tally of a question from the one or two votes of each learner, by name."""
    question = known(name, text)
    every = [vote for votes in cast.values() for vote in votes]
    bars, bar = _bars(question, every)
    rounds = [[votes[n] for votes in cast.values() if len(votes) > n] for n in (0, 1)]
    rounds = rounds if rounds[1] else rounds[:1]
    counts = [Counter(map(bar, votes)) for votes in rounds]
    moves: dict[tuple[str, str], tuple[str, ...]] = {}
    turned: Counter[tuple[bool, bool]] = Counter()
    for who, votes in cast.items():
        if len(votes) == 2:
            pair = bar(votes[0]), bar(votes[1])
            moves[pair] = (*moves.get(pair, ()), who)
            if None not in (votes[0].right, votes[1].right):
                turned[bool(votes[0].right), bool(votes[1].right)] += 1
    right = tuple(sorted({bar(vote) for vote in every if vote.right}, key=bars.index))
    if question and question.truth in bars:
        right = (str(question.truth),)
    sure = calibration(vote._asdict() for vote in rounds[0] if vote.right is not None)
    return Tally(
        name,
        text,
        bars,
        tuple(counts[0][b] for b in bars),
        tuple(counts[1][b] for b in bars) if len(counts) == 2 else None,
        tuple(_rights(votes) for votes in rounds),
        right,
        answer(question) if question else _answer(every),
        moves,
        dict(turned),
        tuple(sure),
    )


def _rights(votes):
    return None if any(vote.right is None for vote in votes) else sum(vote.right for vote in votes)


def _answer(votes):
    """Return the right answer to a question of which only the votes are known, if one of these had it."""
    right = [vote.guess for vote in votes if vote.right]
    numbers = sorted(guess for guess in right if isinstance(guess, float))
    if numbers:
        return f"close to {short(numbers[len(numbers) // 2])}"
    return " or ".join(sorted({guess for guess in right if isinstance(guess, str)}))


def _bars(question, votes):
    """Return (what the bars stand for, the bar of a vote)."""
    guesses = [vote.guess for vote in votes]
    if (question and question.kind in DRAWN) or any(isinstance(guess, list) for guess in guesses):
        return (HIT, MISS), lambda vote: HIT if vote.right else MISS
    if question:
        return tuple(question.choices), lambda vote: vote.guess
    if all(isinstance(guess, float) for guess in guesses):
        bins = Bins(guesses)
        return bins.words, lambda vote: bins.of(vote.guess)
    found = {str(guess) for guess in guesses}
    order = DIRECTIONS if found <= set(DIRECTIONS) else sorted(found)
    return tuple(order), lambda vote: str(vote.guess)


def hands(name: str, first: Sequence[int], second: Sequence[int] | None = None) -> Tally:
    """Return the tally of one of the lessons' questions from hands raised: a count for each choice, in their order.

    A guess that is drawn has two counts: right, and not right. ValueError for another name or other counts.
    """
    question = known(choice("name", name, _names()))
    assert question is not None
    bars = (HIT, MISS) if question.kind in DRAWN else tuple(question.choices)
    right = HIT if question.kind in DRAWN else str(question.truth)
    given = [("first", first)] + ([] if second is None else [("second", second)])
    rounds = [_counts(argument, counts, bars) for argument, counts in given]
    rights = tuple(counts[bars.index(right)] for counts in rounds)
    last = rounds[1] if len(rounds) == 2 else None
    return Tally(name, question.text, bars, rounds[0], last, rights, (right,), answer(question))


def _names() -> Iterable[str]:
    whys = [f"{name}.why" for name, question in QUESTIONS.items() if question.why]
    return [*QUESTIONS, *whys]


def _counts(argument, counts, bars):
    if not isinstance(counts, list | tuple) or len(counts) != len(bars):
        expected = ", ".join(map(repr, bars))
        raise ValueError(f"{argument}: expected {len(bars)} counts, of {expected}; got {describe(counts)}")
    return tuple(whole(argument, count) for count in counts)
