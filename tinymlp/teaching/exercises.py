"""Exercises: a question, a check with three outcomes, hints, and a solution for those who ask."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import choice, whole
from tinymlp.teaching import keep
from tinymlp.teaching.tasks import TASKS
from tinymlp.words import wrapped

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

FILE = "exercises.jsonl"


class Lines(str):
    """A text that a notebook shows line by line."""

    def __repr__(self):
        return str(self)


@dataclass(frozen=True)
class Verdict:
    """What a check says: outcome is "right", "not yet" or "not tried"; words say what differs."""

    outcome: str
    words: str

    def __bool__(self):
        return self.outcome == "right"

    def __repr__(self):
        return wrapped(f"{self.outcome.capitalize()}: {self.words}")


@dataclass(frozen=True)
class Exercise:
    """One exercise. check(answer) -> Verdict, hint(n), solution(): none raises, whatever the answer is."""

    name: str
    task: str
    judge: Callable
    hints: tuple[str, ...]
    answer: str
    untried: str = "there is no answer yet. Replace None with yours."

    def check(self, answer: Any = None) -> Verdict:
        """Return the Verdict on an answer; None means not tried. A right answer is recorded in the learner's folder."""
        if answer is None:
            return Verdict("not tried", self.untried)
        try:
            with np.errstate(all="ignore"):
                words = self.judge(answer)
        except Exception as error:
            words = f"your answer raised {type(error).__name__}: {_plain(str(error))}"
        if words:
            return Verdict("not yet", words)
        try:
            if self.name not in kept_names():
                keep.add(FILE, {"name": self.name})
        except OSError as error:
            return Verdict("right", f"well done. (It could not be saved: {error.strerror}.)")
        return Verdict("right", "well done.")

    def hint(self, n: int = 1) -> Lines:
        """Return hint n, which begins with the exercise's name: the later ones say more."""
        whole("n", n, least=1)
        n, count = min(n, len(self.hints)), len(self.hints)
        return Lines(wrapped(f"{self.name}, hint {n} of {count}: {self.hints[n - 1]}"))

    def solution(self) -> Lines:
        """Return a solution."""
        return Lines(self.answer)

    def __repr__(self):
        return wrapped(f"Exercise {self.name}. {self.task}")


def _plain(error):
    """Return the message of an error, with some of NumPy's put in plain words for a learner."""
    if sizes := re.search(r"size (\d+) is different from (\d+)", error):
        rows, columns = sizes.groups()
        return f"in a product a @ b, a has {columns} columns and b has {rows} rows. These two numbers must be equal."
    if shapes := re.search(r"broadcast together with shapes \((.*?)\) \((.*?)\)", error):
        pair = " and ".join(f"({', '.join(filter(None, shape.split(',')))})" for shape in shapes.groups())
        return f"the shapes {pair} do not fit an entry-by-entry operation: they must be the same."
    if re.search("only .* arrays can be converted", error):
        return "a function of `math` takes one number. Those of `np` take arrays as well."
    if re.search("math domain error|expected a positive input", error):
        return "a logarithm was taken of 0 or of a negative number."
    return error


EXERCISES = {task.name: Exercise(task.name, task.asked, task.judge, task.hints, task.solution_shown) for task in TASKS}


def exercise(name: str) -> Exercise:
    """Return the Exercise of this name; ValueError, listing the known names, if there is none."""
    return EXERCISES[choice("name", name, EXERCISES)]


def done() -> set[str]:
    """Return the names of the exercises that were answered correctly."""
    return kept_names() & set(EXERCISES)


def kept_names() -> set[str]:
    """Return all names on file, those of repairs in the bug hunt among them."""
    records, _ = keep.read(FILE, ("name",))
    return {record["name"] for record in records}


def progress() -> str:
    """Return the exercises as text, one line per lesson, with those done ticked."""
    ticked, rows = done(), {}
    for name in EXERCISES:
        lesson, title = name.split(".")
        rows.setdefault(lesson, f"lesson {lesson}")
        rows[lesson] += f"   [{'x' if name in ticked else ' '}] {title:<9}"
    return "\n".join([f"{len(ticked)} of {len(EXERCISES)} exercises done", *map(str.rstrip, rows.values())])
