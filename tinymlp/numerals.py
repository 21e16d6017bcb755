"""Cells into numbers: decimal points and commas, thousands separators, and what stands where a number is missing."""

import re

import numpy as np

ERRORS = {"#n/a", "#na", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!"}  # as spreadsheets write them
MISSING = {"", "na", "n/a", "nan", "<na>", "null", "?", *ERRORS}
MISSING_NUMBER = MISSING | {"-", "--", ".", "..", "...", "none", "nil", "missing", "\N{EN DASH}", "\N{EM DASH}"}
SIGNS = "$%€£¥"
OTHER = {".": ",", ",": "."}
BLANKS = " '\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{RIGHT SINGLE QUOTATION MARK}"

# By the decimal mark: a number without thousands separators, and one with them, the same one throughout.
DIGITS = {mark: re.compile(rf"[0-9+\-eE\n{mark}]*") for mark in OTHER}
PLAIN = {mark: re.compile(rf"[+-]?(?:\d+[{mark}]?\d*|[{mark}]\d+)(?:[eE][+-]?\d+)?", re.ASCII) for mark in OTHER}
GROUPED = {
    mark: re.compile(rf"[+-]?\d{{1,3}}([{other}{BLANKS}])\d{{3}}(?:\1\d{{3}})*(?:[{mark}]\d+)?", re.ASCII)
    for mark, other in OTHER.items()
}

MONTH = r"(jan|feb|m[aä]r|mrz|apr|avr|abr|ma[iy]|ju[inl]|jul|aug|a[gu]o|sep|o[ck]t|nov|de[cz])[^\W\d]*"
DATE = re.compile(
    r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([T ].*)?"  # 31/12/2024, 2024-12-31T12:00
    r"|(0?[1-9]|[12]\d|3[01])[-/.](0?[1-9]|[12]\d|3[01])\.?|\d{4}[-/.]\d\d?|\d\d?[-/.]\d{4}"  # 31/12, 2024-12
    rf"|(\d{{1,4}}[-/.\s]*)?{MONTH}[-/.,\s]*(\d{{1,2}})?[-/.,\s]*(\d{{2,4}})?"  # 31 Dec 2024, Dec 31, 2024
    r"|\d{1,2}:\d{2}(:\d{2})?",
    re.IGNORECASE,
)


def is_date(cell: str) -> bool:
    """Return whether a cell looks like a date, with or without a year or a day, or like a time of day."""
    return DATE.fullmatch(cell) is not None and any(map(str.isdigit, cell))


def is_missing(cell: str, number: bool = False) -> bool:
    """Return whether a cell says that its value is missing: NA and its like, and in a column of numbers a dash too."""
    return cell.casefold() in (MISSING_NUMBER if number else MISSING)


def is_number(cell: str) -> bool:
    """Return whether a cell is a number, with a decimal point or a decimal comma."""
    cell = _with_minus(cell)
    return any(form.fullmatch(cell) for forms in (PLAIN, GROUPED) for form in forms.values())


def numbers(cells: list, decimal: str = ".") -> tuple[np.ndarray, list]:
    """Return (values (N,), wrong): NaN where a number is missing or wrong, and the places of the wrong ones.

    A sign such as $ or % is left out if all numbers of the column have the same.
    """
    quick = _all_plain(cells, decimal)
    if quick is not None:
        return quick, []
    there = {cell for cell in set(cells) if not is_missing(cell, number=True)}
    sign = _common_sign(there)
    known = {cell: _number(_unsigned(cell, sign) if sign else cell, decimal) for cell in there}
    values = np.array([known.get(cell, np.nan) for cell in cells], dtype=float)
    wrong = [place for place in np.flatnonzero(~np.isfinite(values)).tolist() if cells[place] in there]
    return values, wrong


def _common_sign(cells):
    """Return the one sign, such as $, that each of the cells has once; "" if there is none."""
    for sign in SIGNS:
        if cells and all(sign in cell and sum(map(cell.count, SIGNS)) == 1 for cell in cells):
            return sign
    return ""


def _unsigned(cell, sign):
    """Return a cell without the one sign that its number has, before or after it."""
    return re.sub(rf"(?<![^+-]) *[{sign}] *| *[{sign}]$", "", cell, count=1)


def _with_minus(cell):
    return cell.replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-")


def _number(cell, decimal):
    """Return the value of a cell; NaN if it is no number in this notation."""
    if cell[:1].isalpha():  # as most words do: no number begins so
        return np.nan
    cell = _with_minus(cell)
    if PLAIN[decimal].fullmatch(cell):
        return float(cell.replace(",", "."))
    found = GROUPED[decimal].fullmatch(cell)
    return float(cell.replace(found[1], "").replace(",", ".")) if found else np.nan


def _all_plain(cells, decimal):
    """Return the values of a column of plain numbers, ten times as fast; None if there is anything else in it."""
    text = "\n".join(cells)
    if not DIGITS[decimal].fullmatch(text):
        return None
    try:
        values = np.array(text.replace(",", ".").split("\n"), dtype=float)
    except ValueError:
        return None
    return values if len(values) == len(cells) and np.isfinite(values).all() else None


def decimals(columns: list, separator: str) -> list:
    """Return for each column of cells its decimal mark; None where a number may have decimals or thousands.

    1.5, 0.125 and 1,234.5 have decimal points, 1.234.567 has none. What a column leaves open is as elsewhere in the
    file, and a point in a file that is separated by commas is a decimal point. Then 1.234 may be two numbers.
    """
    found = [_mark(column) for column in columns]
    seen = set(found) - {None, ""}
    fallback = seen.pop() if len(seen) == 1 else None
    return [_settled(mark, column, fallback, separator) for mark, column in zip(found, columns, strict=True)]


def _settled(mark, column, fallback, separator):
    if mark is not None:
        return mark or "."
    if fallback is None and separator == "," and not any("," in cell and is_number(cell) for cell in column):
        return "."
    return fallback


def _mark(column):
    """Return the decimal mark that a column tells; "" if there is none in it; None if it leaves it open."""
    open_ = False
    for cell in dict.fromkeys(column):
        if "." in cell or "," in cell:
            told = _told(cell)
            if told:
                return told
            open_ = open_ or told is None
    return None if open_ else ""


def _told(cell):
    """Return the decimal mark that one cell tells; None if it leaves it open; "" if it is no number."""
    if cell[:1].isalpha():
        return ""
    cell = _with_minus(cell).strip(SIGNS + " ")
    readings = [mark for mark in OTHER if PLAIN[mark].fullmatch(cell) or GROUPED[mark].fullmatch(cell)]
    if len(readings) < 2:
        return readings[0] if readings else ""
    if not cell.lstrip("+-").startswith("0"):  # 0,125 has no thousands
        return None
    return "." if "." in cell else ","
