"""Judges of answers: they say what is wrong without giving the answer away, or return "" if nothing is."""

import inspect
import re
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


def number_is(right, room, slips=()):
    """Return a judge of one number, to within `room`. slips: (what to say, the number that slip gives), in order.

    A number that is right as far as it goes is told how many decimals are wanted; a decimal comma, which Python reads
    as a pair, is named.
    """
    decimals = max(0, int(np.ceil(-np.log10(2 * room)))) if room < 0.05 else 1

    def judge(answer):
        if is_decimal_comma(answer):
            whole, rest = answer
            return f"Python reads {whole},{rest} as two numbers: write a point, {whole}.{rest}."
        try:
            value = float(np.asarray(answer, dtype=float).reshape(()))
        except (TypeError, ValueError):
            return f"expected one number, got {describe(answer)}."
        if not np.isfinite(value):
            return "that is not a finite number."
        wanted = right() if callable(right) else right
        if abs(value - wanted) <= room:
            return ""
        for said, other in slips() if callable(slips) else slips:
            if abs(value - other) <= room:
                return said
        if abs(value + wanted) <= room:
            return "the size is right: check its sign."
        exact = abs(wanted - np.round(wanted, decimals - 1)) < 1e-9
        nearly = (cut(wanted, places) for places in range(1, decimals) for cut in (np.round, _cut_off))
        if not exact and any(value == short for short in nearly):
            return f"right as far as it goes: give {decimals} decimals."
        return f"it should be {'smaller' if value > wanted else 'larger'}."

    return judge


def _cut_off(value, places):
    """Return a number cut off, and not rounded, after so many decimals."""
    return np.trunc(value * 10**places) / 10**places


def is_decimal_comma(answer):
    """Return whether an answer is what Python makes of a number with a decimal comma: a pair of whole numbers."""
    return (
        isinstance(answer, tuple)
        and len(answer) == 2
        and all(isinstance(part, int) and not isinstance(part, bool) for part in answer)
        and answer[1] >= 0
    )


def function(right, draw, slips, arguments, results=()):
    """Return a judge of a function, tried with many arguments.

    right(*args) -> an array, or a tuple of those named in `results`, of which the last is judged first; draw(rng) ->
    args; slips: (what to say, a function that makes that slip). A slip of one result returns None for the others.
    """

    def judge(answer):
        if not callable(answer):
            return f"expected a function of {arguments}, got {describe(answer)}."
        rng = np.random.default_rng(0)
        tries = [draw(rng) for _ in range(DRAWS)]
        answers = []
        for args in tries:
            kept = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
            answers.append(answer(*args))
            if any(np.any(a != b) for a, b in zip(kept, args, strict=True)):
                return "your function changed an array that it was given: make new ones."
        if any(got is None for got in answers):
            return _no_result(answer)
        if any(not isinstance(got, tuple | list) or len(got) != len(results) for got in answers if results):
            return f"expected two results: {' and '.join(results)}."
        for n in reversed(range(max(1, len(results)))):
            part = (lambda got, n=n: got[n]) if results else (lambda got: got)
            rights = [part(right(*args)) for args in tries]
            wrongs = [([part(slip(*args)) for args in tries], said) for said, slip in slips]
            if words := _differs([part(got) for got in answers], rights, wrongs):
                if words.endswith((DIFFERENT, " differ.", " differs.")):
                    words = _in_another_order(right, tries, answers) or words + _one_try(arguments, tries, answers)
                return f"{results[n]}: {words}" if results else words
        return ""

    return judge


def _differs(answers, rights, wrongs):
    """Return what differs; a sign, a factor or a known slip only if all tries show it."""
    found = [compare(got, right) for got, right in zip(answers, rights, strict=True)]
    if not any(found):
        return ""
    first = next(n for n, words in enumerate(found) if words)
    if not _finite(answers[first]):
        return found[first]
    for slipped, said in wrongs:
        if all(
            other is not None and np.shape(got) == np.shape(other) and np.allclose(got, other)
            for got, other in zip(answers, slipped, strict=True)
        ):
            return said
    if np.shape(answers[first]) != np.shape(rights[first]) or len(set(found)) == 1:
        return found[first]
    wrong = sum(map(bool, found))
    return f"{'all' if wrong == len(found) else wrong} of {len(found)} tries {DIFFERENT}"


def _no_result(answer):
    """Return what to say of a function that returns None: the word may be missing, or one way through it."""
    try:
        says_return = answer.__name__ != "<lambda>" and re.search(r"\breturn\b", inspect.getsource(answer))
    except (OSError, TypeError, AttributeError):
        says_return = None
    if says_return:
        return "your function returns None in some tries: is there a way through it without `return`?"
    return "your function returns nothing: is `return` missing?"


def _in_another_order(right, tries, answers):
    """Return what to say if the answers are right but for the order of the arguments; "" if they are not."""
    for order in permutations(range(len(tries[0]))):
        try:
            swapped = [right(*(args[n] for n in order)) for args in tries]
            same = all(map(_all_finite, swapped)) and not any(
                compare(part, wanted)
                for got, wanted_parts in zip(answers, swapped, strict=True)
                for part, wanted in zip(_parts(got), _parts(wanted_parts), strict=True)
            )
        except Exception:  # arguments that do not fit one another: it is not this order
            same = False
        if same and order != tuple(range(len(order))):
            return "the formula is right, but its arguments come in another order than was asked for."
    return ""


def _parts(result):
    """Return the results of a function as a tuple: one of several, or all."""
    return result if isinstance(result, tuple | list) else (result,)


def _all_finite(result):
    return all(map(_finite, _parts(result)))


def _one_try(arguments, tries, answers):
    """Return one of the tries in words: what came in, and what the function made of it."""
    names = re.split(", | and ", arguments)
    came_in = ", ".join(
        f"{name} = {_short(value)}" for name, value in zip(names, tries[0], strict=False) if not callable(value)
    )
    return f" One of them: with {came_in} it gives {_short(answers[0])}."


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
