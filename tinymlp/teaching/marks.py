"""The marks of a class: what came back from each learner, and what was not used and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tinymlp.teaching import giveback, gradebook
from tinymlp.teaching.slips import SAYINGS

if TYPE_CHECKING:
    from typing import Any

    from tinymlp.teaching.cells import Sheet
    from tinymlp.teaching.checking import Outcome
    from tinymlp.teaching.exercises import Lines


@dataclass(frozen=True)
class Marks:
    """What `mark` returns: the Outcome for each name, and the problem with each sheet that could not be read.

    sheets: the Sheet of each name; files: the file that an outcome is from; notes: by name, which of several files
    counts, and what else is to be known of them; earlier: by name, the Outcomes of files handed in before the one that
    counts, oldest first; unused: each file that was not used, with the reason.
    """

    outcomes: dict[str, Outcome]
    trouble: dict[str, str]
    sheets: dict[str, Sheet] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    earlier: dict[str, tuple[Outcome, ...]] = field(default_factory=dict)
    unused: dict[str, str] = field(default_factory=dict)

    @property
    def slips(self) -> list[tuple[str, int]]:
        """How often each slip was the most likely cause of a first wrong number, most common first."""
        return Counter(outcome.slips[0] for outcome in self.outcomes.values() if outcome.slips).most_common()

    def save(self, folder: Any, points: float = 20, **options: Any) -> Lines:
        """Write the grades, a page for each learner and a picture of the class: see `giveback.save`."""
        return giveback.save(self, folder, points, **options)

    def fill(self, path: Any, column: str | None = None, **options: Any) -> Lines:
        """Fill the points into a copy of a learning platform's own CSV export: see `gradebook.fill`."""
        return gradebook.fill(self, path, column, **options)

    def describe(self) -> Lines:
        """Return in words what the picture of the class shows: see `giveback.describe`."""
        return giveback.describe(self)

    def __str__(self):
        width = max(map(len, [*self.outcomes, *self.trouble, "name"]))
        lines = [f"{'name':{width}}  filled  first wrong number"]
        for name, outcome in self.outcomes.items():
            lines.append(f"{name:{width}}  {outcome.filled:>3}/{outcome.cells:<3} {_said(outcome)}")
            lines += [f"{'':{width}}  {note}" for note in (*outcome.notes, *self.notes.get(name, ()))]
        lines += [f"{name:{width}}  not read: {words}" for name, words in self.trouble.items()]
        if self.slips:
            lines += ["", "common slips:", *(f"  {count} x {SAYINGS[name]}" for name, count in self.slips)]
        if self.unused:
            lines += ["", "not used:", *(f"  {file}: {reason}" for file, reason in self.unused.items())]
        return "\n".join(lines)


def _said(outcome):
    """Return in one line where an outcome first went wrong, why, and in what other way it is written."""
    wrong = "" if outcome.wrong is None else f"iteration {outcome.wrong.t}, {outcome.wrong.name}: "
    fine = "all right" if outcome.right else "right so far" if outcome.filled else "nothing filled in"
    said = SAYINGS[outcome.slips[0]] if outcome.slips else ("none of the usual slips" if wrong else fine)
    return wrong + said + "".join(f"; {way}" for way in outcome.conventions)
