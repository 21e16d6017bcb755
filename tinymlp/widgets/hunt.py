"""The bug hunt: how a broken function shows, what is wrong and where, and then its source, to be repaired."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import ipywidgets as w

from tinymlp.checks import choice
from tinymlp.teaching import hunts
from tinymlp.teaching.bugs import BUGS
from tinymlp.widgets import still
from tinymlp.widgets.exercise import ExerciseCard
from tinymlp.widgets.minder import Minder
from tinymlp.widgets.panel import panel
from tinymlp.widgets.predict import PredictionCard
from tinymlp.words import wrapped

if TYPE_CHECKING:
    from typing import Any

    from tinymlp.teaching.bugs import Bug


class HuntCard(w.VBox):
    """What `hunt` returns. `.bug` is the Bug, `.board` the panel of its run, `.which` and `.where` the two questions.

    `.repair` is the card of the repair, there once both questions are locked; `.describe()` gives all of it in words.
    """

    def __init__(self, bug: Bug, repaired: Any = None) -> None:
        super().__init__()
        self.add_class("tinymlp-hunt")
        self.bug, self._repaired = bug, repaired
        run = hunts.BuggyRun(bug).step(hunts.STEPS)
        self.board = panel(run, show=("check", "symptom"), control=("step", "ten", "back", "scrub"))
        self.which, self.where = map(PredictionCard, hunts.questions(bug))
        self.source = w.HTML(
            f"<b>The function.</b> {escape(self._asked())}"
            f'<pre style="overflow-x: auto; padding: 6px; line-height: 1.3">{escape(bug.source)}</pre>'
        )
        self.repair: ExerciseCard | None = None
        self._minder = Minder(self)
        self._head = w.HTML(f"<b>Bug hunt {bug.name}.</b> {escape(self._about())}")
        for card in (self.which, self.where):
            card.prediction.watch(self.refresh)
        self.refresh()

    @property
    def is_open(self) -> bool:
        """Whether both questions are locked, and the source may be seen."""
        return self.which.prediction.locked and self.where.prediction.locked

    def refresh(self) -> None:
        """Tell once both questions are locked, and show the source then."""
        cards = (self.which, self.where)
        if self.is_open:
            for card in cards:
                card.prediction.tell()
            if self.repair is None:
                self.repair = ExerciseCard(hunts.as_exercise(self.bug), self._repaired)
        repair = [self.source, self.repair] if self.is_open else []
        self.children = [self._head, self.board, *cards, *repair, self._minder]

    def _about(self):
        return (
            "The run below is driven by a backward pass and a step, and in one of them there is one bug. Look at the "
            "gradient check and at the loss, step on and back, and say what is wrong and where. The source is shown "
            "once both are locked."
        )

    def _asked(self):
        name = self.bug.shown_name
        return f'Copy it into a cell, repair it, and hand it in: hunt("{self.bug.name}", {name}).'

    def describe(self) -> str:
        """Return the hunt in words: how the bug shows, the two questions and, once they are locked, the source."""
        parts = [wrapped(f"Bug hunt {self.bug.name}. {self._about()}"), self.board.describe()]
        parts += [self.which.describe(), self.where.describe()]
        if self.is_open and self.repair is not None:
            parts += [wrapped(f"The function. {self._asked()}"), self.bug.source, self.repair.describe()]
        return "\n".join(parts)

    def _repr_mimebundle_(self, **kwargs):
        picture = self.board.image()
        shown = {"text/plain": self.describe(), "image/png": picture}
        return super()._repr_mimebundle_(**kwargs) | shown, {"image/png": {"width": still.width(picture)}}


def hunt(name: str, repaired: Any = None) -> HuntCard:
    """Return the card of a bug hunt, with the check of a repaired function; None means not tried.

    name: "12.bug1" to "12.bug12". Raises ValueError, listing the names, for any other; never because of a repair.
    """
    return HuntCard(BUGS[choice("name", name, BUGS)], repaired)
