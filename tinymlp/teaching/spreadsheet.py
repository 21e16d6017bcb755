"""A sheet as an .xlsx file to fill in: numbers come back as they were typed, and nothing else can be changed."""

from __future__ import annotations

import io
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from tinymlp.teaching.formats import COLUMNS
from tinymlp.teaching.tables import safe

if TYPE_CHECKING:
    from tinymlp.teaching.cells import Sheet

WIDTHS = (10, 16, 36, 16)  # of the columns, in letters
LAST = len(COLUMNS)


def can_write() -> bool:
    """Return whether openpyxl, which writes the files, is installed."""
    return find_spec("openpyxl") is not None


def workbook(sheet: Sheet, name: str = "") -> bytes:
    """Return a sheet as the bytes of an .xlsx file.

    The column of values is formatted as text: whatever is typed, 0.3000 or 0,3000, stays as it is, in every country.
    All else is locked, without a password. The sheet's id stands in the first row, and is the worksheet's name.
    """
    book = _blank(sheet.cells)
    page = book.active
    page.title = sheet.id
    page["A1"] = f"# sheet {sheet.id}" + (f" for {safe(name)}" if name else "")
    book.properties.title, book.properties.creator = f"Sheet {sheet.id}", "tinymlp"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@lru_cache(maxsize=1)
def _blank(cells):
    """Return the workbook of all sheets that have these cells: to make it takes as long as to save it."""
    from openpyxl import Workbook  # here, as few need it
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
    from openpyxl.worksheet.properties import PageSetupProperties

    book = Workbook()
    page = book.active
    page.append([""])  # the sheet's id
    page.append(COLUMNS)
    for cell in cells:
        page.append([cell.t, cell.name, cell.words, None])
    line, right = Side(style="thin", color="FF777777"), Alignment(horizontal="right")
    frame, open_to_all = Border(line, line, line, line), Protection(locked=False)
    for (number,) in page.iter_rows(min_row=2, max_col=1):
        number.alignment = Alignment(horizontal="center")
    for (box,) in page.iter_rows(min_row=3, min_col=LAST, max_col=LAST):
        box.number_format, box.protection, box.border, box.alignment = "@", open_to_all, frame, right
    for head in (page["A1"], *page[2]):
        head.font = Font(bold=True)
    for head in page[2]:
        head.fill = PatternFill("solid", fgColor="FFE8E8E8")
    page.cell(2, LAST).alignment = right
    for letter, width in zip("ABCD", WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "A3"
    page.print_title_rows = "1:2"
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToHeight = 0  # as many pages as it takes, all columns on each
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = False  # False: allowed
    return book
