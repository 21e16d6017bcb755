"""Handing out: a sheet for each learner of a class, to print and to fill in, and a folder apart for the teacher."""

from __future__ import annotations

import os
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

from tinymlp.checks import choice, describe
from tinymlp.teaching.exercises import Lines
from tinymlp.teaching.files import make_folder, write_file
from tinymlp.teaching.formats import COLUMNS, ID, OPENPYXL, SheetError
from tinymlp.teaching.printed import page, pages
from tinymlp.teaching.roll import FILE, Roll, clean_names, parsed, read_roll, teachers_folder
from tinymlp.teaching.spreadsheet import can_write, workbook
from tinymlp.teaching.tables import SEPARATORS, safe, write_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from tinymlp.teaching.cells import Sheet

JOINED, SOLVED, KEY = "all sheets.html", "solved sheets.html", "key.csv"
MARK = "\ufeff"  # the byte-order mark, without which a spreadsheet takes UTF-8 for something else


class ClassSet(dict):
    """The Sheet of each name of a class, as `class_set` returns them; printed, it says what lies where."""

    said = ""

    def __repr__(self):
        return self.said


def template(sheet: Sheet, name: str = "", separator: str = ",") -> str:
    """Return a CSV table to fill in with a spreadsheet: one row for each number."""
    rows = [[f"# sheet {sheet.id}" + (f" for {' '.join(str(name).split())}" if name else "")], COLUMNS]
    rows += [[str(cell.t), cell.name, cell.words, ""] for cell in sheet.cells]
    return write_csv(rows, separator)


def key(sheets: Mapping[str, Sheet], separator: str = ",") -> str:
    """Return the teacher's key as CSV: `sheets` is a dict of a Sheet for each name."""
    rows: list[list[Any]] = [["name", "sheet", "iteration", "cell", "value"]]
    for name, made in sheets.items():
        for (t, cell), value in made.solution.items():
            number = f"{value:.6f}"
            rows.append([safe(name), made.id, t, cell, number.replace(".", ",") if separator == ";" else number])
    return write_csv(rows, separator)


def save(sheet: Sheet, path: Any, name: str = "", separator: str = ",") -> Lines:
    """Write a sheet as `path`.html, to print, and as `path`.xlsx and `path`.csv, to fill in; old files are overwritten.

    The .xlsx is left out where openpyxl is not installed. separator: between the columns of the CSV; ";" where commas
    are decimal. Returns in words where they are. Raises ValueError if they cannot be written there.
    """
    folder, file = os.path.split(os.fspath(path))
    write_file(folder, f"{file}.html", page(sheet, name))
    write_file(folder, f"{file}.csv", MARK + template(sheet, name, choice("separator", separator, SEPARATORS)))
    tables = f"{file}.csv"
    if can_write():
        write_file(folder, f"{file}.xlsx", workbook(sheet, name))
        tables = f"{file}.xlsx or {tables}"
    return Lines(f"{file}.html, to print, and {tables}, to fill in, are in the folder {os.path.abspath(folder)}.")


def class_set(
    names: Iterable[str],
    folder: Any,
    *,
    secret: str,
    teacher: Any = None,
    separator: str = ",",
    progress: Callable[[int, int], object] | None = None,
    **options: Any,
) -> ClassSet:
    """Write a sheet for each name into a folder, and what only the teacher may see into another one beside it.

    For each name: a page to print, and a table to fill in, as .xlsx and as .csv; "all sheets.html" has all pages. The
    teacher's folder, "<folder> for the teacher" unless `teacher` names one, has the key, the solved pages and
    class.json, by which `mark` knows the class again. Of two names alike the second is numbered.
    separator: between the columns of the CSV, ";" where commas are decimal. secret: the teacher's own text, which goes
    into every seed. options: those of `homework.sheet`. progress(done, all) is called after each.
    Called again for a folder with the same secret and options, it adds the names that are new, and leaves the tables
    that are there alone, as they may be filled in. Returns the sheets of the whole class by name. Raises SheetError,
    before anything is written, for a folder with sheets of another secret or other options.
    """
    if not str(secret).strip():
        raise ValueError(
            "secret: expected a text of your own, as otherwise anyone with the package can print the key, got none"
        )
    choice("separator", separator, SEPARATORS)
    asked = parsed(Roll(str(secret), options, folder=_base(folder)).text())  # as it will be read again
    names, apart = clean_names(names), teachers_folder(folder) if teacher is None else os.path.abspath(teacher)
    if _is_within(apart, folder):
        raise ValueError(
            f"teacher: expected a folder outside the one to hand out, as it holds the key, got {describe(teacher)}"
        )
    roll = _known(asked, apart, folder, teacher).with_names(names)
    sheets = roll.sheets()
    _no_strangers(roll, sheets, folder)
    for place in (folder, apart):
        make_folder(place)
    there = sum(os.path.exists(os.path.join(folder, f"{roll.files[name]}.csv")) for name in sheets)
    for done, (name, made) in enumerate(sheets.items(), start=1):
        _hand_out(made, name, os.path.join(folder, roll.files[name]), separator)
        if progress:
            progress(done, len(sheets))
    write_file(folder, JOINED, pages(sheets))
    write_file(apart, SOLVED, pages(sheets, solved=True))
    write_file(apart, KEY, MARK + key(sheets, separator))
    write_file(apart, FILE, replace(roll, ids={name: made.id for name, made in sheets.items()}).text())
    written = ClassSet(sheets)
    written.said = _said(written, folder, apart, there)
    return written


def _base(folder):
    return os.path.basename(os.path.abspath(folder))


def _known(asked, apart, folder, teacher):
    """Return the roll of the class that is in a folder already, else the one that is asked for."""
    if not os.path.exists(os.path.join(apart, FILE)):
        return asked
    known = read_roll(apart)
    if teacher is not None and known.folder != asked.folder:
        raise SheetError(
            f"teacher: {os.fspath(teacher)!r} is that of the class in {known.folder!r}: name another folder for the "
            f"one in {asked.folder!r}; nothing was written"
        )
    if not asked.is_like(known):
        what = "another secret" if asked.secret != known.secret else "other options"
        raise SheetError(
            f"folder: {os.fspath(folder)!r} has the sheets of a class made with {what}: give the same again to add "
            f"names to it, or name another folder; nothing was written"
        )
    return known


def _no_strangers(roll, sheets, folder):
    """Raise SheetError if a table that would be kept is of another sheet, or if two sheets have one id."""
    if len({made.id for made in sheets.values()}) < len(sheets):
        raise SheetError("secret: expected one that gives every name an id of its own, got two alike: change a letter")
    for name, made in sheets.items():
        path = os.path.join(folder, f"{roll.files[name]}.csv")
        if os.path.isfile(path):
            with open(path, "rb") as opened:
                found = ID.findall(opened.read(4_000).replace(b"\0", b"").decode("latin-1"))
            if found and made.id not in found:
                raise SheetError(
                    f"folder: {os.path.basename(path)} in {os.fspath(folder)!r} is the sheet {found[0]}, made with "
                    f"another secret or other options: name another folder; nothing was written"
                )


def _hand_out(made, name, path, separator):
    """Write the files of one learner; a table that is there stays, as it may be filled in."""
    folder, file = os.path.split(path)
    write_file(folder, f"{file}.html", page(made, name))
    if not os.path.exists(f"{path}.csv"):
        write_file(folder, f"{file}.csv", MARK + template(made, name, separator))
    if can_write() and not os.path.exists(f"{path}.xlsx"):
        write_file(folder, f"{file}.xlsx", workbook(made, name))


def _said(sheets, folder, apart, there):
    tables = ".xlsx and .csv"
    if not can_write():
        tables = ".csv alone"
        warnings.warn(f"the tables to fill in are written as .csv alone: {OPENPYXL}", stacklevel=3)
    return (
        f"{len(sheets)} sheets are in {os.path.abspath(folder)}: a page to print (all of them: {JOINED!r}) and a table "
        f"to fill in ({tables}) for each name.\n"
        + f"The tables of {there} of them were there before and were left as they are.\n" * bool(there)
        + f"The key, the solved sheets and {FILE} are in {apart}: keep this folder to yourself."
    )


def _is_within(place, folder):
    top = os.path.abspath(folder)
    return os.path.abspath(place) == top or os.path.abspath(place).startswith(top + os.sep)
