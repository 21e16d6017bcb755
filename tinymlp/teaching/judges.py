"""Judges of answers: they say what is wrong without giving the answer away, or return "" if nothing is."""

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from tinymlp.checks import describe

CLOSE = 1e-5  # relative: a slope measured with a nudge counts as right
DIFFERENT = "come out different."
DRAWS = 20  # how many times a function is tried, each time with different numbers


def compare(given, right):
    """Return in words how a given array differs from the right one; "" if it does not."""
    try:
        given = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        return f"expected numbers, got {describe(given)}."
    right = np.asarray(right, dtype=float)
    if given.shape != right.shape and not right.shape:
        return f"expected one number, got an array of shape {given.shape}."
    if given.shape != right.shape:
        return f"the shape should be {right.shape}, yours is {given.shape}."
    if not np.isfinite(given).all():
        return "there is a number that is not finite."
    room = CLOSE * abs(right).max() + 1e-12
    wrong = abs(given - right) > room
    if not wrong.any():
        return ""
    if (abs(given + right) <= room).all():
        return "the size is right, but the sign is flipped."
    factor = float((given * right).sum() / (right * right).sum())
    if abs(factor) > 1e-9 and (abs(given - factor * right) <= abs(factor) * room).all():
        return f"all are off by the same factor, {factor:.4g}."
    places = [tuple(map(int, place)) for place in np.argwhere(wrong)]
    which = (
        "all entries" if wrong.all() else f"entry {places[0]}" + (f" and {len(places) - 1} more" if places[1:] else "")
    )
    return f"{which} differ{'' if wrong.all() or places[1:] else 's'}."


@dataclass(frozen=True)
class Number:
    """A judge of one number, to within `room`.

    right: the number, or a function that returns it; slips: pairs of what to say and the number which that slip gives,
    in order, or a function that returns them. A sign, a sum in place of a mean over `samples`, too few decimals and a
    decimal comma are named for every number. Which way to go is told only from far off: else the answer could be
    closed in on without a thought.
    """

    right: float | Callable
    room: float
    slips: Sequence | Callable = ()
    samples: int = 3

    def __call__(self, answer):
        if words := _comma(answer):
            return words
        try:
            value = float(np.asarray(answer, dtype=float).reshape(()))
        except (TypeError, ValueError):
            return f"expected one number, got {describe(answer)}."
        if not np.isfinite(value):
            return "that is not a finite number."
        wanted = self.wanted()
        if abs(value - wanted) <= self.room:
            return ""
        for said, other in (*self.named(), *self._usual(wanted)):
            if abs(value - other) <= self.room:
                return said
        if self._is_short_of_decimals(value, wanted):
            return f"right as far as it goes: give {self._decimals()} decimals."
        if abs(value - wanted) > abs(wanted):
            return f"it should be {'smaller' if value > wanted else 'larger'}."
        return "that is not it, and it is none of the usual slips: go through your steps again."

    def wanted(self):
        """Return the right number."""
        return self.right() if callable(self.right) else self.right

    def named(self):
        """Return the slips of this exercise."""
        return self.slips() if callable(self.slips) else self.slips

    def _usual(self, wanted):
        """Return the slips that can happen with any number."""
        n = self.samples
        return (
            ("the size is right: check its sign.", -wanted),
            (f"that is {n} times the right number: a mean is the sum divided by the number of samples.", n * wanted),
            (f"that is the right number divided by {n}: there is nothing to divide by the samples.", wanted / n),
        )

    def _decimals(self):
        return max(0, int(np.ceil(-np.log10(2 * self.room)))) if self.room < 0.05 else 1

    def _is_short_of_decimals(self, value, wanted):
        """Return whether a number is the right one, rounded or cut off too early."""
        places = range(1, self._decimals())
        exact = abs(wanted - np.round(wanted, self._decimals() - 1)) < 1e-9
        return not exact and any(value in (np.round(wanted, n), _cut_off(wanted, n)) for n in places)


def _comma(answer):
    """Return what to say of a number with a decimal comma, or in quotation marks; "" if it is neither."""
    if is_decimal_comma(answer):
        whole, rest = answer
        return f"Python reads {whole},{rest} as two numbers: write a point, {whole}.{rest}."
    if not isinstance(answer, str):
        return ""
    try:
        return f"that is a text: write a number without quotation marks, {float(answer.replace(',', '.')):g}."
    except ValueError:
        return ""


def _cut_off(value, places):
    """Return a number cut off, and not rounded, after so many decimals."""
    return np.trunc(value * 10**places) / 10**places


def is_decimal_comma(answer, numbers=1):
    """Return whether an answer is what Python makes of numbers with a decimal comma: a tuple of pairs of whole ones."""
    return (
        isinstance(answer, tuple)
        and len(answer) == 2 * numbers
        and all(isinstance(part, int) and not isinstance(part, bool) for part in answer)
        and all(part >= 0 for part in answer[1::2])
    )


@dataclass(frozen=True)
class Function:
    """A judge of a function, tried with many arguments.

    right(*args) -> an array, or a tuple of those named in `results`, of which the last is judged first; draw(rng) ->
    args; slips: pairs of what to say and a function that makes that slip, in order: the first that gives the learner's
    answer in all tries is named. A slip of one result returns None for the others.
    """

    right: Callable
    draw: Callable
    slips: Sequence
    arguments: str
    results: Sequence[str] = ()

    def __call__(self, answer):
        if not callable(answer):
            return f"expected a function of {self.arguments}, got {describe(answer)}."
        tries = self.tries()
        answers = []
        for args in tries:
            kept = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
            answers.append(answer(*args))
            if any(np.any(a != b) for a, b in zip(kept, args, strict=True)):
                return "your function changed an array that it was given: make new ones."
        if any(got is None for got in answers):
            return _no_result(answer)
        if any(not isinstance(got, tuple | list) or len(got) != len(self.results) for got in answers if self.results):
            return f"expected two results: {' and '.join(self.results)}."
        for n in reversed(range(max(1, len(self.results)))):
            part = (lambda got, n=n: got[n]) if self.results else (lambda got: got)
            rights = [part(self.right(*args)) for args in tries]
            wrongs = [([part(slip(*args)) for args in tries], said) for said, slip in self.slips]
            if words := _differs([part(got) for got in answers], rights, wrongs):
                if words.endswith((DIFFERENT, " differ.", " differs.")):
                    words = self._exchanged(tries, answers) or words + _one_try(self.arguments, tries, answers)
                return f"{self.results[n]}: {words}" if self.results else words
        return ""

    def tries(self):
        """Return the arguments of all tries: the same ones each time."""
        rng = np.random.default_rng(0)
        return [self.draw(rng) for _ in range(DRAWS)]

    def _exchanged(self, tries, answers):
        """Return what to say if the answers are right but for the order of the arguments; "" if they are not."""
        names = re.split(", | and ", self.arguments)
        for order in permutations(range(len(names))):
            moved = [name for n, name in enumerate(names) if order[n] != n]
            if moved and _same(self.right, [[args[n] for n in order] for args in tries], answers):
                if len(moved) == 2:
                    return f"the formula is right, but {' and '.join(moved)} are exchanged."
                return "the formula is right, but its arguments come in another order than was asked for."
        return ""


def _differs(answers, rights, wrongs):
    """Return what differs; a sign, a factor or a known slip only if all tries show it."""
    found = [compare(got, right) for got, right in zip(answers, rights, strict=True)]
    if not any(found):
        return ""
    first = next(n for n, words in enumerate(found) if words)
    for slipped, said in wrongs:
        if all(_alike(got, other) for got, other in zip(answers, slipped, strict=True)):
            return said
    if not _finite(answers[first]) or np.shape(answers[first]) != np.shape(rights[first]) or len(set(found)) == 1:
        return found[first]
    wrong = sum(map(bool, found))
    return f"{'all' if wrong == len(found) else wrong} of {len(found)} tries {DIFFERENT}"


def _alike(got, other):
    """Return whether an answer is what a slip gives; None is what a slip gives for the results it leaves alone."""
    try:
        return other is not None and np.shape(got) == np.shape(other) and np.allclose(got, other)
    except TypeError:  # it is not a number at all
        return False


def _no_result(answer):
    """Return what to say of a function that returns None: the word may be missing, or one way through it."""
    try:
        says_return = answer.__name__ != "<lambda>" and re.search(r"\breturn\b", inspect.getsource(answer))
    except (OSError, TypeError, AttributeError):
        says_return = None
    if says_return:
        return "your function returns None in some tries: is there a way through it without `return`?"
    return "your function returns nothing: is `return` missing?"


def _same(right, tries, answers):
    """Return whether the right function gives these answers in these tries."""
    try:
        rights = [right(*args) for args in tries]
        return all(map(_all_finite, rights)) and not any(
            compare(part, wanted)
            for got, wanted_parts in zip(answers, rights, strict=True)
            for part, wanted in zip(_parts(got), _parts(wanted_parts), strict=True)
        )
    except Exception:  # arguments that do not fit one another
        return False


def _parts(result):
    """Return the results of a function as a tuple: one of several, or all."""
    return result if isinstance(result, tuple | list) else (result,)


def _all_finite(result):
    return all(map(_finite, _parts(result)))


def _one_try(arguments, tries, answers):
    """Return one of the tries in words: what came in, and what the function made of it."""
    names = re.split(", | and ", arguments)
    came_in = ", ".join(
        f"{name} = {_short(value)}" for name, value in zip(names, tries[0], strict=False) if _are_numbers(value)
    )
    if not came_in:  # a function or a trace has no short text
        return ""
    return f" One of them: with {came_in} it gives {_short(answers[0])}."


def _are_numbers(value):
    return not callable(value) and np.asarray(value).dtype.kind in "biuf"


def _short(value):
    """Return a number or a small array as short text; of a large array its shape."""
    if isinstance(value, tuple | list):
        return " and ".join(map(_short, value))
    array = np.round(np.asarray(value, dtype=float), 4)
    return str(array.tolist()) if array.size <= 6 else f"an array of shape {array.shape}"


def _finite(given):
    try:
        return bool(np.isfinite(np.asarray(given, dtype=float)).all())
    except (TypeError, ValueError):
        return False
