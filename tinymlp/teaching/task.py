"""One exercise as a lesson writes it down: what is asked, its judge, hints, and the solution."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """What a lesson asks. judge(answer) -> what is wrong with it, "" if nothing; hints: from small to large.

    solution: the lines of one, as text; or a function, which is shown as it is written and is what the judge compares
    with, so that the two cannot drift apart.
    """

    name: str
    asked: str
    judge: Callable
    hints: tuple[str, ...]
    solution: str | Callable

    @property
    def solution_shown(self):
        """The solution as text."""
        return self.solution if isinstance(self.solution, str) else inspect.getsource(self.solution).rstrip()
