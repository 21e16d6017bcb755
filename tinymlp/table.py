"""A table with headings, made from rows of cells: what is no sample is left out, and said."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import describe
from tinymlp.csvfile import SEPARATORS, Rows
from tinymlp.numerals import decimals, is_date, is_missing, is_number, numbers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

COUNTERS = {"id", "index", "idx", "row", "rownames", "no", "no.", "nr", "nr.", "number", "#", "obs"}
MOST_SKIPPED = 20  # a call that names more rows than these is no help


class TableError(ValueError):
    """What could not be taken; ways: the options of a call that would take it, each (what it does, options)."""

    def __init__(self, message: str, *ways: tuple[str, dict[str, Any]]) -> None:
        super().__init__(message)
        self.ways = ways


class Table:
    """A table of a file or a data frame: headings (D,), columns (D,) of cells (N,), and `rows` (N,), where each was.

    values[heading] and wrong[heading]: each column as numbers, NaN where there is none, and the places of cells that
    are no number and not missing. own: the headings that stand in the file, of columns that are no mere row numbers;
    said and left_out: what was read and what was left out, in words.

    headings: names for the columns of a file that has none; True says that the first row holds them, whatever it is.
    skip: rows to leave out, by number; decimal: "." or ","; target: what is to be predicted, which may stand in the
    first row of a file without headings. Rows with too few cells are left out: `check_short` refuses them.
    Raises TableError, naming row and column, for what cannot be read.
    """

    def __init__(
        self, file: str, found: Rows, target: Any, headings: Any = None, skip: Sequence[int] = (),
        decimal: str | None = None,
    ) -> None:  # fmt: skip
        self.file, self.left_out, self.target = file, [], target
        self._leave_out(found.remarks, "remark")
        self._leave_out(found.empty, "empty row")
        skipped = set(skip)
        kept = [row for row in found.rows if row[0] not in skipped] if skipped else found.rows
        rows = self._without_titles(list(kept))
        if skipped:
            self.left_out.append(f"{rows_named(sorted(skipped))}, as asked")
        self._name(rows, headings)
        self._fill(rows)
        self._find_empty()
        self._read(decimal, found.separator)
        self.said = f"{len(self.rows)} rows, {len(self.headings)} columns"
        self.said += f", split at {SEPARATORS.get(found.separator, found.separator)}" if found.separator else ""
        self.said += f", text in {found.encoding}" if found.encoding != "UTF-8" else ""
        self.said += "".join(f"; several columns are called {name}: told apart by their place" for name in self.twice)

    # Headings --------------------------------------------------------------------------------------------------------

    def _without_titles(self, rows):
        """Leave out rows above the headings that have words in one cell alone: titles."""
        width = _usual_width(rows)
        while len(rows) > 2 and width > 1 and len([cell for cell in rows[0][1] if cell]) == 1:
            number, cells = rows.pop(0)
            self.left_out.append(f"row {number}, a title: {describe(''.join(cells))}")
        return rows

    def _name(self, rows, headings):
        """Find the headings and take them off the rows."""
        if len(rows) < (2 if headings is None or headings is True else 1):
            raise TableError(f"data: expected headings and rows, got {len(rows)} lines in {self.file}")
        first = rows[0][1][: _width(rows[0][1])]
        width = max(len(first), _usual_width(rows[1:] or rows))
        if first and first[0].startswith("# "):
            first[0] = first[0].removeprefix("# ")
        wrong = _no_heading(first, rows[1:])
        if headings is None or headings is True:
            if wrong is not None and headings is None:
                self._refuse_headings(rows[0][0], first, wrong)
            if len(first) == width - 1 and len(first) > 1 and all(len(cells) == width for _, cells in rows[1:]):
                first = ["", *first]  # names of rows, as R writes them, have no heading
            names = first
            rows.pop(0)
        else:
            names = list(headings)
            if len(names) != width:
                raise TableError(
                    f"headings: expected {width} names, one for each column of {self.file}, got {len(names)}"
                )
            if wrong is None:
                rows.pop(0)
        most = max(len(names), width)
        self.nameless = {k for k in range(most) if k >= len(names) or not names[k]}
        names = [f"column {k + 1}" if k in self.nameless else names[k] for k in range(most)]
        counts = Counter(names)
        self.headings = [f"{name} (column {k + 1})" if counts[name] > 1 else name for k, name in enumerate(names)]
        self.twice = [name for name, count in counts.items() if count > 1]

    def _refuse_headings(self, row, first, wrong):
        last = len(first) - 1
        place = first.index(self.target) if self.target in first else last
        names = [f"x{k + 1}" for k in range(last)]
        names.insert(place, "y")
        raise TableError(
            f"{self.file}, row {row}, column {wrong + 1}: expected a row of headings, got {describe(first[wrong])}, "
            "which looks like a sample",
            ("With headings, y the column to predict", {"headings": tuple(names), "target": "y", "features": ()}),
            ("If these are the headings", {"headings": True}),
        )

    # Cells -----------------------------------------------------------------------------------------------------------

    def _fill(self, rows):
        """Make columns of the rows: each must have a cell for each heading."""
        self.width, kept, repeated, self.short = len(self.headings), [], [], []
        for row in rows:
            number, cells = row
            if len(cells) < self.width:
                self.short.append((number, len(cells)))
            elif len(cells) > self.width < _width(cells):
                raise TableError(
                    f"{self.file}, row {number}: expected {self.width} columns, got {_width(cells)}; a cell that holds "
                    "the separator needs quotation marks",
                    ("Without this row", {"skip": (number,)}),
                )
            elif cells[0] == self.headings[0] and cells[: self.width] == self.headings:
                repeated.append(number)
            else:
                kept.append(row)
        if not kept:
            self.check_short()
        if self.short:
            self.left_out.append(f"{rows_named([n for n, _ in self.short])}, which had too few cells")
        if repeated:
            self.left_out.append(f"{rows_named(repeated)}, the headings again")
        if not kept:
            raise TableError(f"data: expected headings and rows, got no rows in {self.file}")
        self.rows = [number for number, _ in kept]
        self.columns = [[cells[place] for _, cells in kept] for place in range(self.width)]

    def check_short(self) -> None:
        """Raise TableError for the first row that had too few cells, unless there is none."""
        if self.short:
            number, count = self.short[0]
            raise TableError(
                f"{self.file}, row {number}: expected {self.width} columns, got {count}{and_more(len(self.short))}",
                (f"Without {rows_named([n for n, _ in self.short])}", {"missing": "leave out"}),
            )

    def _find_empty(self):
        """Take out columns without a single value."""
        empty = {k for k, column in enumerate(self.columns) if all(map(is_missing, column))}
        names = [self.headings[k] for k in sorted(empty - self.nameless)]
        self.left_out += [f"{name}, which is empty" for name in names]
        self._leave_out(len(empty & self.nameless), "empty column")
        kept = [k for k in range(len(self.columns)) if k not in empty]
        self.empty, self.named = names, {self.headings[k] for k in kept if k not in self.nameless}
        self.nameless = {place for place, k in enumerate(kept) if k in self.nameless}
        self.headings, self.columns = ([values[k] for k in kept] for values in (self.headings, self.columns))

    def _read(self, decimal, separator):
        """Read each column as numbers; `open` are those whose decimal mark cannot be told."""
        marks = [decimal] * len(self.columns) if decimal else decimals(self.columns, separator or ",")
        self.values, self.wrong, self.open, self.own = {}, {}, [], []
        for place, (heading, cells, mark) in enumerate(zip(self.headings, self.columns, marks, strict=True)):
            self.values[heading], self.wrong[heading] = numbers(cells, mark or ".")
            if mark is None:
                self.open.append(heading)
            if not self._is_label(place, heading):
                self.own.append(heading)

    def _is_label(self, place, heading):
        """Return whether a column has no heading, or counts the rows: it is left out unless it is asked for."""
        counts = not self.wrong[heading] and len(self.rows) > 1 and bool((np.diff(self.values[heading]) == 1).all())
        name = heading.casefold().replace("_", " ").strip()
        return place in self.nameless or (
            counts and (name in COUNTERS or name.startswith("unnamed") or name.endswith("id"))
        )

    def cells(self, heading: str) -> list[str]:
        """Return the cells (N,) of a column as they were written."""
        return self.columns[self.headings.index(heading)]

    def _leave_out(self, count, what):
        if count:
            self.left_out.append(f"{count} {what}{'s' if count > 1 else ''}")

    # What is in a column ---------------------------------------------------------------------------------------------

    def found(self, heading: str) -> set[str]:
        """Return the different cells of a column that are not missing."""
        return {cell for cell in set(self.cells(heading)) if not is_missing(cell)}

    def few_wrong(self, heading: str) -> bool:
        """Return whether a column is one of numbers, but for a few cells."""
        return len(self.wrong[heading]) < np.isfinite(self.values[heading]).sum() / 2 + 1

    def has_dates(self, heading: str) -> bool:
        """Return whether a column holds dates, as its first cells tell."""
        return all(map(is_date, [cell for cell in self.cells(heading) if not is_missing(cell)][:20]))

    def skipping(self, rows: list[int]) -> tuple[str, list]:
        """Return (words, ways) to go without rows: in a call if they are few, else by a mark in their cells."""
        if len(rows) > MOST_SKIPPED:
            return "; write NA in these cells, and missing='leave out' leaves their rows out", []
        few = len(rows) < len(self.rows) / 2 + 1
        return "", [(f"Without {rows_named(rows)}", {"skip": tuple(rows)})] if few else []

    def check_open(self, heading: str) -> None:
        """Raise TableError for a column of numbers whose decimal mark cannot be told."""
        if heading not in self.open:
            return
        cells = self.cells(heading)
        place = next(k for k, cell in enumerate(cells) if "." in cell or "," in cell)
        mark, other, named = (".", ",", "point") if "." in cells[place] else (",", ".", "comma")
        raise TableError(
            f"{self.file}, row {self.rows[place]}, column {heading}: expected clear numbers, got "
            f"{describe(cells[place])}, whose {named} may be that of decimals or of thousands",
            ("With decimals", {"decimal": mark}),
            ("With thousands", {"decimal": other}),
        )


def _width(cells):
    """Return how many cells there are, without empty ones at the end."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return end


def _usual_width(rows):
    """Return how many columns most rows have, as the first thousand tell."""
    return Counter(_width(cells) for _, cells in rows[:1000]).most_common(1)[0][0] if rows else 0


def _no_heading(first, below):
    """Return the place of a cell that is no heading, a number or a word that stands below it again; else None."""
    names = set(filter(None, first))
    others = [cells for _, cells in below if not names.isdisjoint(cells) and cells[: len(first)] != first]
    for place, cell in enumerate(first):
        if cell and (is_number(cell) or any(cells[place : place + 1] == [cell] for cells in others)):
            return place
    return None


def rows_named(numbers):
    """Return rows by their numbers: "rows 2, 5 and 9 more"."""
    named = ", ".join(map(str, numbers[:5]))
    more = f" and {len(numbers) - 5} more" if len(numbers) > 5 else ""
    return f"row{'s' if len(numbers) > 1 else ''} {named}{more}"


def and_more(count):
    return f" (and so {count - 1} more rows)" if count > 1 else ""
