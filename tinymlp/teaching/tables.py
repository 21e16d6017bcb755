"""Reading filled-in sheets, from a spreadsheet, pasted, or as a dict; and CSV that a spreadsheet opens safely."""

import csv
import io
import os
import re
from collections import Counter

from tinymlp.checks import describe

MOST = 2_000_000  # characters of a filled sheet
HEADINGS = ("iteration", "cell", "value")
NUMBER = re.compile(r"[+-]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][+-]?[0-9]{1,3})?")


class SheetError(ValueError):
    """A sheet or folder that is not there or cannot be read: a notebook shows one plain line, and no traceback."""

    def _render_traceback_(self):
        return [str(self)]


def read_table(table, sheet):
    """Return {(iteration, name): (number, half a unit of its last digit)} of the cells that are filled."""
    if isinstance(table, dict):
        texts = {
            key: (str(value), f"cell {key}") for key, value in table.items() if value is not None and str(value).strip()
        }
    else:
        texts = _read_text(_text_of(table), sheet)
    known = {(cell.t, cell.name) for cell in sheet.cells}
    for key, (_, where) in texts.items():
        if key not in known:
            raise SheetError(
                f"{where}: expected a cell of this sheet, e.g. {sheet.cells[0].t}, {sheet.cells[0].name}, got {key}"
            )
    numbers = {key: (_number(text, where), text) for key, (text, where) in texts.items()}
    return _with_halves(numbers)


def _is_path(table):
    """Return whether a table is the path of a file: one line, and no row of a table."""
    if isinstance(table, str):
        return bool(table.strip()) and len(table) < 4_000 and not re.search(r"[\n;\t]", table) and not _is_row(table)
    return isinstance(table, os.PathLike)


def _is_row(line):
    return "," in line and not line.lower().endswith(".csv")


def _text_of(table):
    if _is_path(table):
        name = os.path.basename(table)
        if not name.lower().endswith(".csv"):
            raise SheetError(
                f"{name}: expected a CSV file (save it as 'CSV UTF-8'), or a pasted table with its headings"
            )
        try:
            if os.path.getsize(table) > MOST:
                raise SheetError(
                    f"{name}: expected a filled sheet of at most {MOST} bytes, got {os.path.getsize(table)}"
                )
            with open(table, encoding="utf-8-sig", newline="") as opened:
                return opened.read()
        except OSError as error:
            place = os.path.dirname(os.path.abspath(table))
            raise SheetError(f"{name}: expected a CSV file, got none: {error.strerror} in {place}") from None
        except UnicodeDecodeError:
            raise SheetError(
                f"{name}: expected a text file in UTF-8 (save it as 'CSV UTF-8'), got some other encoding"
            ) from None
    if not isinstance(table, str):
        raise SheetError(f"table: expected a CSV file, a pasted table or a dict, got {describe(table)}")
    if len(table) > MOST:
        raise SheetError(f"table: expected a filled sheet of at most {MOST} characters, got {len(table)}")
    return table.removeprefix("\ufeff")


def _read_text(text, sheet):
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    filled = [(number, line) for number, line in enumerate(lines, start=1) if line.strip(" ;,\t\"'")]
    if not filled:
        raise SheetError("table: expected headings and rows, got an empty table")
    ids = re.findall(
        r"\b(?:tm|own)-[0-9a-f]{6}\b", "\n".join(line for _, line in filled if line.lstrip("\"' ").startswith("#"))
    )
    if ids and sheet.id not in ids:
        raise SheetError(f"table: expected the sheet {sheet.id}, got the sheet {ids[0]}: this is a different sheet")
    rows = [(number, line) for number, line in filled if not line.lstrip("\"' ").startswith("#")]
    if not rows:
        raise SheetError("table: expected headings and rows, got only comments")
    part = max(";\t,", key=rows[0][1].count)
    split, reader = [], csv.reader([line for _, line in rows], delimiter=part, strict=True)
    try:
        for row in reader:
            split.append((rows[reader.line_num - 1][0], row))
    except csv.Error as error:
        place = f"row {rows[min(reader.line_num, len(rows)) - 1][0]}"
        raise SheetError(f"{place}: expected a CSV table, got something else ({error})") from None
    headings = [heading.strip().lower() for heading in split[0][1]]
    for heading in HEADINGS:
        if heading not in headings:
            found = ", ".join(headings)[:80]
            raise SheetError(f"row {rows[0][0]}: expected the headings {', '.join(HEADINGS)}, got {found!r}")
    t_at, cell_at, value_at = (headings.index(heading) for heading in HEADINGS)
    texts = {}
    for number, row in split[1:]:
        filled_in = [cell for cell in row if cell.strip()]
        if not filled_in:
            continue
        if len(row) < len(headings) or any(cell.strip() for cell in row[len(headings) :]):
            hint = (
                ": decimal commas need semicolons between the columns"
                if len(row) > len(headings) and part == ","
                else ""
            )
            raise SheetError(f"row {number}: expected {len(headings)} columns, got {len(row)}{hint}")
        value, where = row[value_at].strip(), f"row {number}, column value"
        if not value:
            continue
        iteration = row[t_at].strip()
        if not re.fullmatch("[0-9]{1,9}", iteration):
            raise SheetError(f"row {number}, column iteration: expected a whole number, got {describe(iteration)}")
        key = int(iteration), " ".join(row[cell_at].split())
        if key in texts:
            raise SheetError(f"row {number}, column cell: expected each cell once, got {key[1]!r} again")
        texts[key] = (value, where)
    return texts


def _number(text, where):
    plain = text.strip().replace("\N{MINUS SIGN}", "-").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if plain[:1] in ("=", "@"):
        raise SheetError(f"{where}: expected a number, got the formula {describe(text)}: write its result")
    if not NUMBER.fullmatch(plain):
        raise SheetError(f"{where}: expected a number, got {describe(text)}")
    value = float(plain.replace(",", "."))
    if abs(value) > 1e100 or len(plain) > 60:
        raise SheetError(f"{where}: expected a number of ordinary size, got {describe(text)}")
    return value


def _with_halves(numbers):
    """Return each number with half a unit in its last digit. A bare 0 or 1 is taken to be as exact as the others."""
    digits = {key: _digits(text) for key, (_, text) in numbers.items()}
    full = [d for d in digits.values() if d[1] >= 2]
    decimals = Counter(d[0] for d in full).most_common(1)[0][0] if full else 0
    figures = max((d[1] for d in full), default=1)
    out = {}
    for key, (value, _) in numbers.items():
        places, count = digits[key]
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
    mantissa, _, exponent = "".join(text.split()).lower().replace(",", ".").lstrip("+-\N{MINUS SIGN}").partition("e")
    whole, _, fraction = mantissa.partition(".")
    decimals = len(fraction) - int(exponent or 0)
    figures = (whole + fraction).lstrip("0")
    return decimals, len(figures if fraction else figures.rstrip("0"))


def safe(text):
    """Return a text that a spreadsheet displays but never evaluates, whatever a class list contains."""
    text = " ".join(str(text).split())
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def write_csv(rows):
    """Return rows as CSV text."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
