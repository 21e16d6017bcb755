"""The card of an exercise: what is asked, what the check says of the answer, and buttons for hints and the solution."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import ipywidgets as w

from tinymlp.teaching import exercises
from tinymlp.widgets.minder import Minder

if TYPE_CHECKING:
    from typing import Any


class ExerciseCard(w.VBox):
    """What `exercise` returns. `.task` is the Exercise, `.verdict` its check; `.describe()` gives the card in words."""

    def __init__(self, task, answer=None):
        super().__init__()
        self.add_class("tinymlp-exercise")
        self.task, self.verdict, self.hints_shown = task, task.check(answer), 0
        self.hint = w.Button(description="Hint", tooltip=f"A hint for {task.name}; press again for the next one")
        self.solution = w.Button(description="Solution", tooltip=f"One way to solve {task.name}")
        self.said = w.HTML()
        self.hint.on_click(lambda _: self._hint())
        self.solution.on_click(lambda _: self._say(f"{task.name}, a solution:\n{task.solution()}"))
        self.children = [
            w.HTML(f"<b>Exercise {task.name}.</b> {escape(task.task)}"),
            w.HTML(f"<b>{self.verdict.outcome.capitalize()}:</b> {escape(self.verdict.words)}"),
            w.Box([self.hint, self.solution], layout={"flex_flow": "row wrap"}),
            self.said,
            Minder(self),
        ]

    def _hint(self):
        self.hints_shown = min(self.hints_shown + 1, len(self.task.hints))
        self._say("\n".join(self.task.hint(n) for n in range(1, self.hints_shown + 1)))

    def _say(self, lines):
        self.said.value = f'<pre style="white-space: pre-wrap">{escape(lines)}</pre>'

    def describe(self) -> str:
        """Return the card in words."""
        return f"{self.task!r}\n{self.verdict!r}"

    def _repr_mimebundle_(self, **kwargs):
        return super()._repr_mimebundle_(**kwargs) | {"text/plain": self.describe()}


def exercise(name: str | exercises.Exercise, answer: Any = None) -> ExerciseCard:
    """Return the card of an exercise, with the check of an answer; None means not tried.

    name: of an exercise of the lessons, or one of one's own, a `tinymlp.teaching.exercises.Exercise`.
    Raises ValueError, listing the known names, if there is none of this name; never because of an answer.
    """
    return ExerciseCard(name if isinstance(name, exercises.Exercise) else exercises.exercise(name), answer)
