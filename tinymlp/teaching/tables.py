"""Reading filled-in sheets, from a file, pasted, or as a dict; and CSV that a spreadsheet opens safely."""

from __future__ import annotations

import csv
import io
import os
import re
from collections import Counter
from typing import TYPE_CHECKING

from tinymlp.checks import describe
from tinymlp.numerals import is_date
from tinymlp.teaching.formats import COLUMNS, HEADINGS, MOST_UNPACKED, Grid, SheetError, heads, read_bytes, read_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    from tinymlp.teaching.cells import Sheet

NUMBER = re.compile(r"[+-]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][+-]?[0-9]{1,3})?")
FILES = (".csv", ".xlsx", ".ods", ".txt")
SEPARATORS = (",", ";", "\t")  # between the columns of a CSV file


def stop(words: str) -> NoReturn:
    """Raise SheetError: what a check does about the first cell that cannot be read."""
    raise SheetError(words)


def read_table(table: Any, sheet: Sheet, trouble: Callable[[str], object] = stop) -> dict[tuple[int, str], str]:
    """Return {(iteration, name): text of a number} of the cells that are filled.

    table: a Grid, a dict, the path of a file, or a pasted table. trouble(words) is told of each cell that cannot be
    read; if it returns, that cell is left blank. Raises SheetError for a table of another sheet, and for no table.
    """
    if isinstance(table, dict):
        given = {key: str(value) for key, value in table.items() if value is not None and str(value).strip()}
        texts = {key: (text, f"cell {key}") for key, text in given.items()}
    else:
        texts = _filled(_grid(table), sheet, trouble)
    known, numbers = {(cell.t, cell.name) for cell in sheet.cells}, {}
    for key, (text, where) in texts.items():
        if key not in known:
            first = sheet.cells[0]
            trouble(f"{where}: expected a cell of this sheet, e.g. {first.t}, {first.name}, got {key}")
        elif wrong := _complaint(text):
            trouble(f"{where}: expected a number{wrong}")
        else:
            numbers[key] = _plain(text)
    return numbers


def _is_path(table):
    """Return whether a table is the path of a file: one line, and no row of a table."""
    if isinstance(table, str):
        return bool(table.strip()) and len(table) < 4_000 and not re.search(r"[\n;\t]", table) and not _is_row(table)
    return isinstance(table, os.PathLike)


def _is_row(line):
    return "," in line and not line.lower().endswith(FILES)


def _grid(table):
    if isinstance(table, Grid):
        return table
    if _is_path(table):
        return _grid_of_file(table)
    if not isinstance(table, str):
        raise SheetError(f"table: expected a file, a pasted table or a dict, got {describe(table)}")
    return read_text(table)


def _grid_of_file(path):
    name = os.path.basename(path)
    if not name.lower().endswith(FILES):
        raise SheetError(f"{name}: expected a file {', '.join(FILES)}, or a pasted table with its headings")
    try:
        if os.path.getsize(path) > MOST_UNPACKED:
            got = os.path.getsize(path)
            raise SheetError(f"{name}: expected a filled sheet of at most {MOST_UNPACKED} bytes, got {got}")
        with open(path, "rb") as opened:
            return read_bytes(name, opened.read())
    except OSError as error:
        place = os.path.dirname(os.path.abspath(path))
        raise SheetError(f"{name}: expected a file, got none: {error.strerror} in {place}") from None


def _filled(grid, sheet, trouble):
    """Return {(iteration, name): (text, where)} of the rows of a table that are filled in."""
    if not grid.rows:
        raise SheetError("table: expected headings and rows, got an empty table")
    if grid.ids and sheet.id not in grid.ids:
        raise SheetError(
            f"table: expected the sheet {sheet.id}, got the sheet {grid.ids[0]}: this is a different sheet"
        )
    rows = [(number, cells) for number, cells in grid.rows if not cells[0].startswith("#")]
    if not rows:
        raise SheetError("table: expected headings and rows, got remarks alone")
    places, texts = _columns(rows, sheet), {}
    for number, cells in rows:
        iteration, name, value = (cells[place] if place < len(cells) else "" for place in places)
        if not value or heads(cells):
            continue
        if not re.fullmatch("[0-9]{1,9}", iteration, re.ASCII):
            trouble(f"row {number}, column iteration: expected a whole number, got {describe(iteration)}")
            continue
        key = int(iteration), " ".join(name.split())
        if texts.setdefault(key, (value, f"row {number}, column value"))[0] != value:
            trouble(f"row {number}, column cell: expected each cell once, got {key[1]!r} again")
    return texts


def _columns(rows, sheet):
    """Return the places of the columns of HEADINGS: by their headings, or as a sheet has them if these are gone."""
    for _, cells in rows:
        if heads(cells):
            words = [cell.lower() for cell in cells]
            return [words.index(heading) for heading in HEADINGS]
    names, others = {cell.name for cell in sheet.cells}, {cell.lower() for _, cells in rows for cell in cells}
    if not others & {*HEADINGS} and 2 * sum(len(cells) > 1 and cells[1] in names for _, cells in rows) > len(rows):
        return [COLUMNS.index(heading) for heading in HEADINGS]
    number, found = rows[0][0], ", ".join(rows[0][1])[:80]
    raise SheetError(f"row {number}: expected the headings {', '.join(HEADINGS)}, got {found!r}")


def _plain(text):
    """Return a number as Python reads it: a true minus sign, blanks and a decimal comma are fine."""
    blanks = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
    return text.strip().translate(str.maketrans("\N{MINUS SIGN},", "-.", blanks))


def _complaint(text):
    """Return what is wrong with a cell as a number, "" if nothing is."""
    plain = _plain(text)
    if plain[:1] in ("=", "@"):
        return f", got the formula {describe(text)}: write its result"
    if not NUMBER.fullmatch(plain):
        return f", got {describe(text)}{_hint(text.strip())}"
    if abs(float(plain)) > 1e100 or len(plain) > 60:
        return f" of ordinary size, got {describe(text)}"
    return ""


def _hint(text):
    if re.fullmatch(r"[-+]?\d+/\d+", text):
        return ": write a fraction as a decimal number"
    return ": a spreadsheet may have made a date of it" * is_date(text)


def with_halves(texts: dict[tuple[int, str], str]) -> dict[tuple[int, str], tuple[float, float]]:
    """Return each number with half a unit in its last digit. A bare 0 or 1 is taken to be as exact as the others."""
    digits = {key: _digits(text) for key, text in texts.items()}
    full = [d for d in digits.values() if d[1] >= 2]
    decimals = Counter(d[0] for d in full).most_common(1)[0][0] if full else 0
    figures = max((d[1] for d in full), default=1)
    out = {}
    for key, text in texts.items():
        value, (places, count) = float(text), digits[key]
        half = 0.5 * 10.0**-places
        if full and count < 2 and places < 2 and abs(value) < 10:
            size = 10.0 ** (len(str(int(abs(value)))) - 1) if abs(value) >= 1 else abs(value)
            half = min(half, 0.5 * max(10.0**-decimals, size * 10.0 ** (1 - figures)))
        elif full and places == 0 and value and value % 10 == 0:  # rounded to significant figures: 11000 for 11001
            half = max(half, 0.5 * 10.0 ** (len(str(int(abs(value)))) - figures))
        out[key] = value, half
    return out


def _digits(text):
    """Return (decimals, significant digits) of a number as it was written."""
    mantissa, _, exponent = text.lower().lstrip("+-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    decimals = len(fraction) - int(exponent or 0)
    figures = (whole + fraction).lstrip("0")
    return decimals, len(figures if fraction else figures.rstrip("0"))


def safe(text):
    """Return a text that a spreadsheet displays but never evaluates, whatever a class list contains."""
    text = " ".join(str(text).split())
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def write_csv(rows, separator=",", newline="\n"):
    """Return rows as CSV text."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=newline).writerows(rows)
    return out.getvalue()
