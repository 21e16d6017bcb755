"""Views that are read rather than drawn: HTML on the page, and a picture of their text elsewhere."""

from html import escape

from tinymlp.views.view import View
from tinymlp.words import on_page


class PageView(View):
    """A view in HTML. Subclasses set `said`, its lines of text, in `update`, and return `html()`."""

    is_table = True
    width, height = 660, 560

    def build(self, run, look):
        self.page = self.figure.text(0, 1, "", fontsize=12, linespacing=1.15, family="monospace", va="top")

    def html(self):
        """Return the page."""
        raise NotImplementedError

    def text(self, run, look):
        self.update(run, look)
        return self.said

    def pixels(self, scale=2):
        """Return the page as a picture of its text, as large as it needs to be."""
        lines = self.said.split("\n")
        self.page.set_text(self.said)
        self.figure.set_size_inches((20 + 7.3 * max(map(len, lines))) / 72, (16 + 14.5 * len(lines)) / 72)
        return super().pixels(scale)

    def lower(self, salt):
        self.standing_changed = False
        return ""

    def upper(self, salt):
        return self.html()


def text_table(headings, rows):
    """Return a table as lines of text."""
    widths = [max(len(row[column]) for row in [headings, *rows]) for column in range(len(headings))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in [headings, *rows]]


def html_table(caption, headings, rows, gids=(), chosen=None):
    """Return a table as HTML; the first rows can be picked by these gids, and the chosen one is marked."""
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in headings)
    body = []
    for number, (first, *cells) in enumerate(rows):
        gid = gids[number] if number < len(gids) else ""
        mark = (f' id="{gid}"' if gid else "") + (
            ' class="chosen" aria-current="true"' if gid and gid == chosen else ""
        )
        cells = "".join(f"<td>{on_page(cell)}</td>" for cell in cells)
        body.append(f'<tr{mark}><th scope="row">{escape(first)}</th>{cells}</tr>')
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
