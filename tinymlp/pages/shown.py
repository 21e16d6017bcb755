"""What a page shows of each of our widgets: panels as recordings, predictions as cards, and all else as its words."""

from __future__ import annotations

import json
from base64 import b64encode
from functools import singledispatch
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets as w

from tinymlp.pages.cards import card, told
from tinymlp.pages.tours import TOURS, Tour, tour
from tinymlp.views import CalibrationChart
from tinymlp.widgets import ExerciseCard, FadedTable, FlawedCard, HuntCard, Panel, PredictionCard, ProgressBar
from tinymlp.widgets.recordings import head, recorded

if TYPE_CHECKING:
    from typing import Any

    from IPython.core.formatters import DisplayFormatter

    from tinymlp.teaching.predictions import Prediction

HERE = Path(__file__).parent
# What the live lesson is for.
LIVE: dict[type, str] = {
    ExerciseCard: "Solve it in the live lesson",
    FadedTable: "Fill it in, in the live lesson",
    FlawedCard: "Look for it in the live lesson",
    HuntCard: "See the source and repair it, in the live lesson",
    ProgressBar: "Run it in the live lesson",
}
CHANGED = {"dataset", "layers", "rule"}  # the controls of a whole playground
CHANGES = "In the live lesson you can change the data, the network and the way it learns."


class Page:
    """A page in the making. live: the address of its live lesson; `.asked` has the predictions that it shows."""

    def __init__(self, live: str) -> None:
        self.live = live
        self.asked: dict[str, Prediction] = {}

    def html(self, ours: Any) -> str:
        """Return one of our widgets as HTML."""
        words = next((words for kind, words in LIVE.items() if isinstance(ours, kind)), "")
        if not words:
            return part(ours, self)
        return f'<section class="tinymlp-card">{part(ours, self)}<p>{self.link(words)}</p></section>'

    def link(self, words: str) -> str:
        """Return a link to the live lesson."""
        return f'<a class="tinymlp-live" href="{escape(self.live)}">{words}</a>'

    def head(self) -> str:
        """Return what the head of the page needs: styles and scripts, and what these tell when a guess is locked."""
        styles = (HERE / "pages.css").read_text(encoding="utf-8")
        script = (HERE / "cards.js").read_text(encoding="utf-8")
        data = json.dumps(
            {name: told(asked, TOURS.get(name, Tour()).shows) for name, asked in self.asked.items()}
        ).replace("<", "\\u003c")
        answers = f'<script type="application/json" class="tinymlp-answers">{data}</script>'
        return f"{head()}<style>{styles}</style><script>{script}</script>{answers}"


@singledispatch
def part(ours, page):
    """Return one of our widgets, or a part of one, as HTML; "" for a control, which does nothing without a kernel."""
    return ""


@part.register
def _(box: w.Box, page):
    return "".join(part(child, page) for child in box.children if child.layout.display != "none")


@part.register
def _(words: w.HTML, page):
    return f"<div>{words.value}</div>" if words.value else ""


@part.register
def _(words: w.Label, page):
    return f"<p>{escape(words.value)}</p>" if words.value else ""


@part.register
def _(field: w.Text, page):
    return f"<p><span>{escape(field.description)}</span> <b>{escape(field.value) or '…'}</b></p>"


@part.register
def _(grid: w.GridBox, page):
    columns = grid.layout.grid_template_columns or "none"
    cells = "".join(part(child, page) for child in grid.children)
    return f'<div class="tinymlp-grid" style="grid-template-columns:{columns}">{cells}</div>'


@part.register
def _(asked: PredictionCard, page):
    page.asked[asked.prediction.name] = asked.prediction
    return card(asked.prediction, page.live)


@part.register
def _(board: Panel, page):
    more = f"<p>{CHANGES} {page.link('Run the lesson')}</p>" if board.controls.keys() >= CHANGED else ""
    return recorded(board, *tour(board)[:3]) + more


@part.register
def _(chart: CalibrationChart, page):
    return picture(chart.png(), chart.describe())


def picture(png, words):
    """Return a picture (PNG bytes) with its words as HTML."""
    return f'<img alt="{escape(words)}" src="data:image/png;base64,{b64encode(png).decode()}">'


def show(formatter: DisplayFormatter, live: str) -> Page:
    """Have a kernel's display formatter show our widgets as a page does, and return that Page."""
    page = Page(live)
    for kind in (w.Widget, CalibrationChart):
        formatter.mimebundle_formatter.for_type(kind, lambda ours: {"text/html": page.html(ours)})
    return page
