"""A class's votes on a page: bars before and after the discussion, who moved, and the answer once it is asked for."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import ipywidgets as w

from tinymlp.checks import choice
from tinymlp.teaching import votes as counting
from tinymlp.views import VotesChart
from tinymlp.widgets.minder import Minder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from os import PathLike

    from tinymlp.teaching.tally import Tally
    from tinymlp.teaching.votes import Votes

EVERY = 3  # seconds, while it refreshes by itself
NONE_YET = "No votes yet."
ASK, HIDE = "Show the right answer", "Hide the right answer"
WIDE = {"width": "auto"}
LARGE, MIDDLE = "font-size: 24px; line-height: 1.3", "font-size: 18px; line-height: 1.5"
SURE = "How sure, and how often right, at the first vote"
ROW = {"flex_flow": "row wrap", "align_items": "center"}


class VotesView(w.VBox):
    """What `votes` and `hands` return. `.votes` holds the counts, `.shown` whether the answer is.

    `.choose(name)` goes to a question, and `.describe()` gives what is seen in words.
    """

    def __init__(self, read: Callable[[], Votes], name: str | None = None, names: bool = False, live: bool = True):
        super().__init__()
        self.add_class("tinymlp-votes")
        self._read, self._names, self._live = read, names, live
        self.votes = read()
        self.shown = self.advises = False
        self.trouble = ""
        self.question = w.Dropdown(
            description="question", style={"description_width": "initial"}, layout=WIDE | {"max_width": "98%"}
        )
        self.renew = self._button("Refresh", "Read the folder again", self.refresh)
        self.by_itself = w.Play(interval=1000 * EVERY, max=10**9, show_repeat=False)
        self.answer = self._button(ASK, "What is right, and how many were", self._show)
        tip = "What to do next: it lets the class guess which answer is right"
        self.advise = self._button("Advice", tip, self._advise)
        self.status, self.picture, self.words = w.HTML(), w.HTML(), w.HTML()
        self.by_itself.observe(lambda _: self.refresh(), "value")
        by_itself = w.HBox([self.by_itself, w.Label(f"refresh every {EVERY} s")])
        buttons = [*([self.renew, by_itself] if live else []), self.advise, self.answer]
        parts = [self.question, w.Box(buttons, layout=ROW), self.status, self.picture, self.words, Minder(self)]
        self.children = parts
        self._list()
        self.choose(self.votes.latest if name is None else name)
        self.question.observe(lambda _: self._turn(), "value")
        self._draw()

    def _button(self, words, tip, call):
        made = w.Button(description=words, tooltip=tip, layout=WIDE)
        made.on_click(lambda _: call())
        return made

    @property
    def tally(self) -> Tally | None:
        """The votes on the question that is shown; None before there are any."""
        return self.votes.tallies.get(self.question.value)

    def choose(self, name: str) -> None:
        """Go to another question, whose answer is hidden. ValueError if nobody has voted on it."""
        if self.votes.tallies:
            self.question.value = choice("name", name, list(self.votes.tallies))

    def refresh(self) -> None:
        """Read the votes again, and show what is new."""
        before, now, trouble = (self.votes, self.trouble), self.votes, ""
        try:
            now = self._read()
        except (ValueError, OSError) as error:
            trouble = str(error)
        if (now, trouble) != before:
            self.votes, self.trouble = now, trouble
            self._list()
            self._draw()

    def _list(self):
        """List the questions that were voted on, and stay with the one that is shown."""
        options = [(f"{name}: {tally.question}", name) for name, tally in self.votes.tallies.items()]
        if options != list(self.question.options):
            stays, seen = self.question.value, (self.shown, self.advises)
            self.question.options = options  # which goes to the first one
            self.question.value = stays if stays in self.votes.tallies else self.votes.latest or None
            if stays == self.question.value:
                self.shown, self.advises = seen

    def _turn(self):
        self.shown = self.advises = False
        self._draw()

    def _show(self):
        self.shown = not self.shown
        self._draw()

    def _advise(self):
        self.advises = not self.advises
        self._draw()

    def _draw(self):
        tally = self.tally
        self.answer.disabled = self.advise.disabled = tally is None
        self.answer.description = HIDE if self.shown else ASK
        self.advise.description = "Hide the advice" if self.advises else "Advice"
        asked = "" if tally is None else f'<div style="{LARGE}"><b>{escape(tally.question)}</b></div>'
        self.status.value = f'{asked}<div role="status" style="{MIDDLE}">{escape(self._status())}</div>'
        self.picture.value = "" if tally is None else _figure(VotesChart(tally, self.shown))
        self.words.value = "" if tally is None else self._words(tally)

    def _status(self):
        if self.trouble:
            return self.trouble
        if self.tally is None:
            return NONE_YET
        counts = [
            f"{sum(n)} {words}{'' if sum(n) == 1 else 's'}"
            for n, words in zip(self.tally.rounds, counting.ROUNDS, strict=False)
        ]
        notes = len(self.votes.notes)
        files = f" {notes} note{'' if notes == 1 else 's'} on files: see votes(...).notes." if notes else ""
        return f"{', '.join(counts)}.{files}"

    def _words(self, tally):
        parts = [f"<div><b>{escape(tally.advice())}</b></div>"] if self.advises else []
        parts += [_listed("The answer", tally.told()), _listed(SURE, tally.calibrated())] if self.shown else []
        return f'<div style="{MIDDLE}">{"".join(parts)}{_listed("Who moved", tally.moved(self._names))}</div>'

    @property
    def notes(self) -> tuple[str, ...]:
        """A line on each file that could not be read, or not all of it."""
        return self.votes.notes

    def describe(self) -> str:
        """Return in words what is seen; the right answer only if it is shown."""
        lines = [self.votes.describe()] if self._live else []
        if self.tally is None:
            return "\n".join([*lines, NONE_YET])
        lines.append(self.tally.describe(self.shown, self._names))
        return "\n".join(lines + ([self.tally.advice()] if self.advises else []))

    def _repr_mimebundle_(self, **kwargs):
        shown = {"text/plain": self.describe()}
        if self.tally is not None:
            shown["image/png"] = VotesChart(self.tally, self.shown).png()
        return super()._repr_mimebundle_(**kwargs) | shown


def _figure(chart):
    words = escape(chart.describe())
    return f'<div class="tinymlp-figure" style="max-width: 1000px" role="img" aria-label="{words}">{chart.svg()}</div>'


def _listed(heading, lines):
    """Return lines as a list under a heading, "" for none."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<b>{heading}</b><ul style="margin: 0">{items}</ul>' if items else ""


def votes(folder: str | PathLike, name: str | None = None, names: bool = False) -> VotesView:
    """Return the votes of a class, live: the files of guesses of all learners in a folder, read again on demand.

    folder: holds for each learner a folder with their file of guesses, or the file that `my_guesses` made. name: of the
    question to begin with, by default the last one that was voted on. names: whether those who moved are named: not on
    a projector. The right answer is hidden until it is asked for. ValueError for what is not a folder, and for a
    question without votes.
    """
    return VotesView(lambda: counting.read(folder), name, names)


def hands(name: str, first: Sequence[int], second: Sequence[int] | None = None) -> VotesView:
    """Return the same picture from hands raised, with no file and no network.

    An example is hands("08.when", [6, 17, 5]), and with a second vote hands("08.when", [6, 17, 5], [2, 25, 1]).
    first, second: how many hands for each choice, in the order of the card; second: after the discussion. For a guess
    that is drawn: how many were right, and how many not. ValueError for another name or other counts.
    """
    counted = counting.Votes({name: counting.hands(name, first, second)}, name)
    return VotesView(lambda: counted, live=False)
