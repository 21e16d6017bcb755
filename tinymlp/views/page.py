"""Views that are read rather than drawn: HTML on the page, and a picture of their text elsewhere."""

import re
from html import escape

from tinymlp.views import svg
from tinymlp.views.style import plain_style
from tinymlp.views.view import View
from tinymlp.words import on_page

NUMBER = re.compile(r"[-+]?[\d.]")


class PageView(View):
    """A view in HTML. Subclasses have `page(facts)`, which returns it, beside `read` and `say`."""

    is_table = True
    width, height = 660, 560

    def build(self, run, look):
        self.paper = self.figure.text(0, 1, "", fontsize=12, linespacing=1.15, family="monospace", va="top")

    def page(self, facts):
        """Return the HTML."""
        raise NotImplementedError

    def draw(self, facts):
        self.facts = facts

    def _lay_out(self):
        """Write the page's text on the figure, which becomes as large as that needs."""
        said = self.say(self.facts)
        lines = said.split("\n")
        self.paper.set_text(said)
        self.figure.set_size_inches((20 + 7.3 * max(map(len, lines))) / 72, (16 + 14.5 * len(lines)) / 72)

    def pixels(self, scale=2):
        """Return the page as a picture of its text, as large as it needs to be."""
        self._lay_out()
        return super().pixels(scale)

    def standalone(self, salt="alone"):
        """Return the page's text as one SVG file."""
        self._lay_out()
        with plain_style():
            return svg.standalone(svg.lower(self.figure, salt), svg.upper(self.figure, [], salt))

    def lower(self, salt):
        self.standing_changed = False
        return ""

    def upper(self, salt):
        return self.page(self.facts)


def text_table(headings, rows):
    """Return a table as lines of text."""
    widths = [max(len(row[column]) for row in [headings, *rows]) for column in range(len(headings))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in [headings, *rows]]


def html_table(kind, caption, headings, rows, gids=(), chosen=None):
    """Return a table as HTML, every text in it escaped; kind: its own name for the style sheet.

    The first rows can be clicked by these gids, and the chosen one is marked.
    """
    head = "".join(f'<th scope="col">{escape(h)}</th>' if h else "<td></td>" for h in headings)
    body = []
    for number, (first, *cells) in enumerate(rows):
        gid = gids[number] if number < len(gids) else ""
        mark = (f' id="{escape(gid)}"' if gid else "") + (
            ' class="chosen" aria-current="true"' if gid and gid == chosen else ""
        )
        cells = "".join(f"<td>{escape(_written(cell))}</td>" for cell in cells)
        body.append(f'<tr{mark}><th scope="row">{escape(first)}</th>{cells}</tr>')
    return (
        f'<table class="tinymlp-{kind}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def _written(cell):
    """Return a number with a true minus sign; words keep their hyphens."""
    return on_page(cell) if NUMBER.match(cell) else cell
