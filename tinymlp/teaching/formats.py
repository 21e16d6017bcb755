"""A table that came back, as rows of texts: CSV of any separator and encoding, .xlsx, .ods, and pasted text."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from tinymlp.csvfile import decoded, no_text, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST = 2_000_000  # characters of a filled sheet, and bytes of its file
MOST_UNPACKED = 20_000_000  # bytes of a spreadsheet's file, unpacked
MOST_ROWS, MOST_COLUMNS = 5_000, 50
COLUMNS = ["iteration", "cell", "meaning", "value"]  # as a sheet has them
HEADINGS = ("iteration", "cell", "value")  # those that are needed
ID = re.compile(r"\b(?:tm|own)-[0-9a-f]{6}\b")
ZIP = b"PK\x03\x04"
ODS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
OTHER_ZIPS = {
    "document": "a document or a presentation",
    "numbers": "a table of Numbers: export it as Excel or CSV",
    "zip": "an archive of other files",
}
OPENPYXL = "openpyxl, which reads and writes .xlsx, is not installed (pip install openpyxl)"


class SheetError(ValueError):
    """A sheet or folder that is not there or cannot be read: a notebook shows one plain line, and no traceback."""

    def _render_traceback_(self):
        return [str(self)]


class NoTableError(SheetError):
    """A file that is no table; got: what it is."""

    def __init__(self, name, got):
        super().__init__(f"{name}: expected a table (.xlsx, .ods or CSV), got {got}")
        self.got = got


class Grid(NamedTuple):
    """Rows that hold something, each a number as a spreadsheet counts it and its cells; ids: of sheets named there."""

    rows: list[tuple[int, list[str]]]
    ids: tuple[str, ...]


def read_bytes(name: str, data: bytes) -> Grid:
    """Return the Grid of a file's bytes; what they are is seen from the bytes and not from the name.

    Raises SheetError, naming the file, for what is no table.
    """
    if not data.strip():
        raise NoTableError(name, "an empty file")
    if data.startswith(ZIP):
        return _read_spreadsheet(name, data)
    if words := no_text(data):
        raise NoTableError(name, words)
    if len(data) > MOST:
        raise SheetError(f"{name}: expected a filled sheet of at most {MOST} bytes, got {len(data)}")
    try:
        text, _ = decoded(name, data)
    except ValueError:
        raise NoTableError(name, "a file that is neither text (UTF-8 is best) nor a spreadsheet's") from None
    return read_text(text, name)


def read_text(text: str, name: str = "table") -> Grid:
    """Return the Grid of a pasted table or a CSV file. Raises SheetError for a quotation mark that is never closed."""
    if len(text) > MOST:
        raise SheetError(f"{name}: expected a filled sheet of at most {MOST} characters, got {len(text)}")
    text = text.removeprefix("\ufeff")
    try:
        rows, separator, *_ = split(name, text, separator=_separator(text))
    except ValueError as error:
        raise SheetError(str(error)) from None
    rows = _in_columns(_joined(rows) if separator == "," else rows)
    return Grid(rows, tuple(dict.fromkeys(ID.findall(text))))


def _separator(text):
    """Return what stands between the headings of a table; None where they are not there."""
    one_column = re.search(r",\"?([;\t])", text)  # the CSV was opened as one column, and filled in beside it
    if one_column:
        return one_column[1]
    for line in text.splitlines():
        words = line.lower()
        if all(heading in words for heading in HEADINGS):
            found = re.search(r"(?:iteration|cell|value)[\"' ]*([^\w\"' ])", words)
            return found and found[1]
    return None


def _joined(rows):
    """Return rows in which a decimal comma has cut the last column in two, as the columns have commas between them."""
    width = next((len(cells) for _, cells in rows if heads(cells) and cells[-1].lower() == HEADINGS[-1]), 0)
    joined = []
    for number, cells in rows:
        if len(cells) == width + 1 and re.fullmatch("[+-]?[0-9]+,[0-9]+", ",".join(cells[-2:])):
            cells = [*cells[:-2], ",".join(cells[-2:])]
        joined.append((number, cells))
    return joined


def kind_of_zip(names: Iterable[str]) -> str:
    """Return what a zip with files of these names is: "xlsx", "ods", another "document", "numbers" or "zip"."""
    names = set(names)
    if "xl/workbook.xml" in names:
        return "xlsx"
    if {"mimetype", "content.xml"} <= names:
        return "ods"
    if {"[Content_Types].xml", "mimetype"} & names:
        return "document"
    return "numbers" if any(name.startswith("Index/") for name in names) else "zip"


def _read_spreadsheet(name, data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            size, kind = sum(entry.file_size for entry in opened.infolist()), kind_of_zip(opened.namelist())
            if size > MOST_UNPACKED:
                raise SheetError(f"{name}: expected at most {MOST_UNPACKED} bytes when unpacked, got {size}")
            tables = {"xlsx": _xlsx, "ods": _ods}[kind](data, opened)
            _refuse_entities(opened)
            named = [(title, list(_kept(rows))) for title, rows in tables]
    except KeyError:
        raise NoTableError(name, OTHER_ZIPS[kind]) from None
    except ImportError:
        raise SheetError(f"{name}: {OPENPYXL}: install it, or save the table as CSV") from None
    except SheetError:
        raise
    except Exception as error:  # whatever a damaged file makes of the libraries that read it
        raise NoTableError(name, f"a damaged spreadsheet's file ({error})") from None
    texts = [title for title, _ in named] + [cell for _, rows in named for _, row in rows for cell in row]
    with_headings = [rows for _, rows in named if any(heads(row) for _, row in rows)]
    rows = next((rows for rows in [*with_headings, *(rows for _, rows in named)] if rows), [])
    return Grid(_in_columns(rows), tuple(dict.fromkeys(ID.findall("\n".join(texts)))))


def _in_columns(rows):
    """Return the rows, those of a CSV that was opened as one column, and filled in beside it, in columns again."""
    head = next((cells[0] for _, cells in rows if heads(cells[0].split(","))), None)
    if head is None or not head.count(","):
        return rows
    return [(number, [*cells[0].removesuffix(",").split(","), *cells[1:]]) for number, cells in rows]


def _refuse_entities(opened):
    """Raise ValueError for XML that declares entities, by which a small file swells: no spreadsheet writes any."""
    for entry in opened.infolist():
        content = opened.read(entry) if entry.filename.endswith((".xml", ".rels")) else b""
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise ValueError("it declares entities")


def heads(row: list[str]) -> bool:
    """Return whether a row holds the headings."""
    words = {cell.lower() for cell in row}
    return all(heading in words for heading in HEADINGS)


def _kept(rows):
    """Yield (number, cells) of the rows that hold something."""
    for number, cells in enumerate(rows, start=1):
        if number > MOST_ROWS:
            return
        cells = [cell.strip() for cell in cells]
        if any(cells):
            yield number, cells


def _xlsx(data, _):
    """Return (title, rows of texts) of each worksheet."""
    import openpyxl  # here, as only who reads a spreadsheet's own file needs it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of what it leaves out, such as lists to choose from
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
            yield sheet.title, [[_as_text(value) for value in row] for row in rows]
        book.close()


def _as_text(value):
    """Return a cell's value as a text: of a number the fewest digits that mean it, as those typed are not kept."""
    if isinstance(value, float):
        return f"{value:.15g}"
    return "" if value is None else str(value)


def _ods(_, opened):
    """Return (title, rows of texts) of each table: to read one, the standard library is enough."""
    from xml.etree import ElementTree

    for table in ElementTree.fromstring(opened.read("content.xml")).iter(ODS % "table" + "table"):
        yield table.get(ODS % "table" + "name", ""), _ods_rows(table)


def _ods_rows(table) -> Iterator[list[str]]:
    for row in table.iter(ODS % "table" + "table-row"):
        cells: list[str] = []
        for cell in row:
            often = int(cell.get(ODS % "table" + "number-columns-repeated", 1))
            cells += [_ods_text(cell)] * min(often, MOST_COLUMNS - len(cells))
        often = int(row.get(ODS % "table" + "number-rows-repeated", 1))
        for _ in range(min(often, MOST_ROWS)):
            yield cells


def _ods_text(cell):
    value = cell.get(ODS % "office" + "value") or cell.get(ODS % "office" + "date-value")
    return value or " ".join("".join(line.itertext()) for line in cell.findall(ODS % "text" + "p"))
