"""A text of rows and columns as spreadsheets and other programs write it: bytes into text, text into rows of cells.

The rows are read by the standard library's `csv`; not so the separator, which its Sniffer misses in 9 of the 100 tables
of `tests/tables.py`.
"""

import codecs
import io
import re
from collections import Counter
from typing import NamedTuple

from tinymlp.checks import describe

SEPARATORS = {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "vertical bars", " ": "blanks"}
NO_TEXT = {
    b"PK\x03\x04": "a spreadsheet's own file (or an archive): save the table as CSV there",
    b"\xd0\xcf\x11\xe0": "a file of an old spreadsheet: save the table as CSV there",
    b"\xff\xd8\xff": "a picture",
    b"\x89PNG": "a picture",
    b"%PDF": "a PDF file: get the table as CSV",
    b"<": "a web page: download the table itself",
    b"{": "a file in JSON: get the table as CSV",
    b"GIF8": "a picture",
    b"Rar!": "an archive of another kind than zip: unpack it first",
    b"7z\xbc\xaf": "an archive of another kind than zip: unpack it first",
}
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
FIGURES = re.compile(r"\W{0,2}[0-9][0-9.,' \u00a0\u202f]*([eE][+-]?[0-9]+)?\W?")  # a number, in whatever notation
ENOUGH = 50_000  # characters to find the separator from
END = "\x00end"


class Rows(NamedTuple):
    """Rows that hold something, each a number, counted from 1, and its cells; and how they were read.

    empty, remarks: how many rows of separators alone, and how many remarks, were left out.
    """

    rows: list
    separator: str
    empty: int
    remarks: int
    encoding: str


def no_text(data: bytes) -> str:
    """Return what a file is that is no text, "" if its first bytes do not tell."""
    begins = data[:1_000].lstrip()
    if begins[4:8] == b"ftyp":  # behind a length: HEIC, as telephones take photos, and MP4
        return "a picture or a film"
    return next((words for beginning, words in NO_TEXT.items() if begins.startswith(beginning)), "")


def decoded(name: str, data: bytes) -> tuple[str, str]:
    """Return (text, encoding) of a file's bytes: UTF-8, UTF-16 if it begins so, else Windows-1252 or Latin-1.

    Raises ValueError, naming the file, for what is no text.
    """
    if words := no_text(data):
        raise ValueError(f"data: expected a text file in UTF-8, got {name}, {words}")
    encodings: tuple[str, ...] = ("utf-8-sig", "cp1252", "latin-1")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ("utf-16",)
    elif 3 * data[1::2].count(0) > len(data):
        encodings = ("utf-16-le",)
    for encoding in encodings:
        try:
            text = data.decode(encoding).rstrip("\x1a")  # how files of DOS end
        except UnicodeDecodeError:
            continue
        if not CONTROL.search(text):
            return text, {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "latin-1": "Latin-1"}.get(encoding, "UTF-16")
    raise ValueError(f"data: expected a text file in UTF-8, got {name}, which is not one")


def split(name: str, text: str, encoding: str = "UTF-8", separator: str | None = None) -> Rows:
    """Return the Rows of a text: split at the separator, quotation marks and line breaks kept.

    separator: as it is known, or None for the one that fits best. A first line `sep=;`, as spreadsheets read it, names
    it. Lines that begin with # and have not as many columns as the others are remarks, and so are those above the
    headings. Raises ValueError, naming file, row and column, for a quotation mark that is never closed.
    """
    given = re.match(r'"?sep=(.)"?[ \t]*\r?\n', text)
    if given:
        text = text[given.end() :]
    separator = given[1] if given else separator or _separator(text)
    numbered = list(enumerate(_parsed(name, text, separator), start=1))
    blank = [cells for _, cells in numbered if not any(cells)]
    rows = [(n, cells) for n, cells in numbered if any(cells)] if blank else numbered
    kept = _without_remarks(rows)
    return Rows(kept, separator, sum(len(cells) > 1 for cells in blank), len(rows) - len(kept), encoding)


def is_figures(cell: str) -> bool:
    """Return whether a cell looks like a number, in whatever notation."""
    return FIGURES.fullmatch(cell) is not None


def _separator(text):
    end = 1 + max(text.rfind("\n", 0, ENOUGH), text.rfind("\r", 0, ENOUGH)) if len(text) > ENOUGH else 0
    return max(SEPARATORS, key=lambda separator: _how_well(text[: end or None], separator))


def _how_well(text, separator):
    """Return how well a separator fits: the share of rows that have as many columns as most, plus that of numbers."""
    import csv

    try:
        rows = [row for row in _cells(_lines(text, separator), separator) if any(row)]
    except csv.Error:
        return 0.0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0.0
    width, count = widths.most_common(1)[0]
    cells = [cell for row in rows if len(row) == width for cell in row]
    return count / len(rows) + sum(map(is_figures, cells)) / len(cells)


def _parsed(name, text, separator):
    import csv

    lines, rows = _lines(f"{text}\n{END}", separator), []
    try:
        rows.extend(_cells(lines, separator))
        closed = rows.pop() == [END]  # a mark that is never closed takes the end with it
    except csv.Error:  # a cell of more than 100,000 characters
        closed = False
    if not closed or (len(rows) < len(lines) - 1 and _takes_rows_in(lines, rows, separator)):
        number, column, line = _opening(lines, separator)
        raise ValueError(
            f"{name}, row {number}, column {column}: expected quotation marks in pairs, got one in "
            f"{describe(line.strip())} that opens a cell and never closes it: delete it in the file, or write a second "
            "one where the cell ends"
        )
    return rows


def _takes_rows_in(lines, rows, separator):
    """Return whether a mark is closed by one that belongs to a later row: the rows between are one cell then."""
    import csv

    if not any(_holds_rows(cell, separator) for row in rows for cell in row):
        return False
    try:
        list(_reader(lines, separator, strict=True))
    except csv.Error:  # a mark that closes a cell has something behind it
        return True
    return False


def _holds_rows(cell, separator):
    return any(separator in line for line in cell.splitlines()[1:])


def _opening(lines, separator):
    """Return (row, column, line) of a quotation mark that opens a cell and takes the rows below it in."""
    import csv

    reader, number, start = _reader(lines, separator), 0, 0
    try:
        for row in reader:
            number += 1
            if any(END in cell or _holds_rows(cell, separator) for cell in row):
                break
            start = reader.line_num
    except csv.Error:
        number += 1
    return number, len(next(_reader(lines[start : start + 1], separator))), lines[start]


def _cells(lines, separator):
    for row in _reader(lines, separator):
        yield list(map(str.strip, row))


def _reader(lines, separator, **options):
    import csv  # imported here, since few programs read files: `import tinymlp` stays as cheap as numpy

    return csv.reader(lines, delimiter=separator, skipinitialspace=True, **options)


def _lines(text, separator):
    if separator == " ":
        text = re.sub(r"(?m)^ | $", "", re.sub(r"[ \t]+", " ", text.replace("\r\n", "\n").replace("\r", "\n")))
    return list(io.StringIO(text, newline=""))


def _without_remarks(rows):
    """Leave out remarks: a line that begins with # and has the columns of the others is a row, or the headings."""
    if not any(cells[0].startswith("#") for _, cells in rows):
        return rows
    width = Counter(len(cells) for _, cells in rows).most_common(1)[0][0]
    kept = []
    for place, (n, cells) in enumerate(rows):
        remark = cells[0].startswith("#") and len(cells) != width
        if cells[0].startswith("#") and not kept and place + 1 < len(rows):  # above the headings, or these themselves
            remark = remark or not any(map(is_figures, rows[place + 1][1]))
        if not remark:
            kept.append((n, cells))
    return kept
