"""What came back from a class: every file of a folder and its zips, read, told whose it is, and marked."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, NamedTuple

from tinymlp.checks import describe
from tinymlp.teaching.cells import Sheet
from tinymlp.teaching.checking import Outcome, judged
from tinymlp.teaching.formats import MOST_UNPACKED, ZIP, SheetError, kind_of_zip, read_bytes
from tinymlp.teaching.marks import Marks
from tinymlp.teaching.roll import file_name, files_of, read_roll
from tinymlp.teaching.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

MOST_FILES = 5_000
MOST_FILE, MOST_IN_ALL = 500_000_000, 3_000_000_000  # bytes of one file (a zip of a class), and of all, unpacked
DEEPEST = 3  # zips in zips
MINUTE = "%Y-%m-%d %H:%M"
SYSTEMS = ("thumbs.db", "desktop.ini")
UNSET = datetime(1980, 1, 1)  # what a zip says of a file whose date it does not know


class Came(NamedTuple):
    """A file that came back: its place in the folder, when it was last changed, its bytes, or why it has none."""

    place: str
    date: datetime
    data: bytes
    reason: str = ""


@dataclass(frozen=True)
class Attempt:
    """A table of one learner that was read and marked."""

    place: str
    date: datetime
    outcome: Outcome
    texts: dict[tuple[int, str], str]
    notes: tuple[str, ...] = ()
    named_after: str = ""


def mark(folder: Any, sheets: Any, *, before: datetime | str | None = None) -> Marks:
    """Mark the tables that came back, in a folder with its folders and zips; one bad file does not stop the others.

    sheets: the folder that `class_set` wrote, or the teacher's one beside it, or what it returned: {name: Sheet}. A
    table is a learner's by the id inside it, whatever the file is called. before: a deadline, e.g. "2026-11-30 18:00";
    a date alone is until the end of that day, and a file that was changed later is listed and not marked. Of several
    tables of one learner the latest counts, unless it is blank or named after another learner. A cell that cannot be
    read is left blank and noted.
    Raises SheetError for a folder that is not there.
    """
    made = _sheets(sheets)
    deadline = _deadline(before)
    attempts: dict[str, list[Attempt]] = {name: [] for name in made}
    unused: dict[str, str] = {}
    late: dict[str, str] = {}
    for came in _walk(folder):
        base = came.place.rsplit("/", 1)[-1]
        try:
            name, attempt = _attempt(base, came, made)
        except SheetError as error:
            unused[came.place] = getattr(error, "got", str(error).removeprefix(f"{base}: "))
        except Exception as error:  # whatever one file holds, the others are marked
            unused[came.place] = f"not read: {error or type(error).__name__}"
        else:
            if deadline is None or came.date <= deadline:
                attempts[name].append(attempt)
            else:
                unused[came.place] = f"late: changed at {came.date:{MINUTE}}, after {deadline:{MINUTE}}"
                late[name] = f"{came.place}: {unused[came.place]}"
    return _marks(made, attempts, unused, late)


def _sheets(sheets):
    """Return {name: Sheet} of the mapping itself, or of the class that was written to a folder."""
    if isinstance(sheets, dict) and sheets and all(isinstance(made, Sheet) for made in sheets.values()):
        return {str(name): made for name, made in sheets.items()}
    if isinstance(sheets, str | os.PathLike):
        return read_roll(sheets).sheets()
    raise ValueError(
        "sheets: expected the folder that `class_set` wrote, or a dict of a Sheet for each name, "
        f"got {describe(sheets)}"
    )


def _deadline(before):
    """Return a deadline as a local time, None for none."""
    if before is None:
        return None
    try:
        given = datetime.fromisoformat(before) if isinstance(before, str) else before
        day = isinstance(before, str) and len(before.strip()) <= len("2026-11-30")
        moment = datetime.combine(given, time.max) if day or not isinstance(given, datetime) else given
        return moment.astimezone().replace(tzinfo=None)  # as the dates of files are read
    except (TypeError, ValueError, AttributeError):
        raise ValueError(
            f'before: expected a datetime or a text such as "2026-11-30 18:00", got {describe(before)}'
        ) from None


# Files ---------------------------------------------------------------------------------------------------------------


def _walk(folder) -> Iterator[Came]:
    """Yield every file of a folder (or of a zip), in the order of their places."""
    top = os.path.abspath(folder)
    if not os.path.exists(top):
        raise SheetError(f"folder: expected the one with the filled-in tables, got none at {top}")
    left = Left()
    if os.path.isfile(top):
        yield from _opened(_came(os.path.basename(top), top), left)
        return
    for place, folders, files in os.walk(top):
        folders.sort()
        for file in sorted(files):
            path = os.path.join(place, file)
            yield from _opened(_came(os.path.relpath(path, top).replace(os.sep, "/"), path), left)


class Left:
    """How many files and bytes may still be read: a folder of anything, or a zip made to swell, stops at a bound."""

    def __init__(self):
        self.files, self.bytes = MOST_FILES, MOST_IN_ALL

    def refusal(self, size: int) -> str:
        """Return why a file of this size is not read, "" if it is; it is counted then."""
        if size > MOST_UNPACKED:
            return f"too large: {size} bytes, where a filled table has at most {MOST_UNPACKED}"
        if self.files < 1 or size > self.bytes:
            return f"not looked at: {MOST_FILES} files or {MOST_IN_ALL} bytes were read before it"
        self.files, self.bytes = self.files - 1, self.bytes - size
        return ""


def _came(place, path):
    try:
        known = os.stat(path)
        date = datetime.fromtimestamp(known.st_mtime)
        if not stat.S_ISREG(known.st_mode):  # a pipe would be waited for
            return Came(place, date, b"", "not a file")
        if known.st_size > MOST_FILE:
            return Came(place, date, b"", f"too large: {known.st_size} bytes")
        with open(path, "rb") as opened:
            return Came(place, date, opened.read())
    except OSError as error:
        return Came(place, UNSET, b"", f"it cannot be opened: {error.strerror}")


def _opened(came, left, depth=0) -> Iterator[Came]:
    """Yield a file, or what is in it if it is a zip of other files."""
    name = came.place.rsplit("/", 1)[-1]
    if name.startswith((".", "~$")) or name.lower() in SYSTEMS or "__MACOSX/" in came.place:
        yield came._replace(reason="made by the computer itself, and not handed in")
    elif came.reason or not came.data.startswith(ZIP):
        yield came._replace(reason=came.reason or left.refusal(len(came.data)))
    else:
        try:
            with zipfile.ZipFile(io.BytesIO(came.data)) as opened:
                if kind_of_zip(opened.namelist()) != "zip":
                    yield came._replace(reason=left.refusal(len(came.data)))
                elif depth == DEEPEST:
                    yield came._replace(reason=f"a zip in more than {DEEPEST} zips")
                else:
                    yield from _entries(came, opened, left, depth)
        except Exception as error:  # whatever a damaged one makes of zipfile
            yield came._replace(reason=f"a damaged zip: {error}")


def _entries(came, opened, left, depth):
    for entry in opened.infolist():
        if entry.is_dir():
            continue
        date = max(UNSET, datetime(*entry.date_time)) if _is_date(entry.date_time) else UNSET
        inside = Came(f"{came.place}/{entry.filename}", came.date if date == UNSET else date, b"")
        reason = "locked with a password" if entry.flag_bits & 1 else left.refusal(entry.file_size)
        if reason:
            yield inside._replace(reason=reason)
            continue
        try:
            data = opened.read(entry)
        except Exception as error:  # what a damaged zip makes of zlib and its kin
            yield inside._replace(reason=f"damaged in the zip: {error}")
            continue
        yield from _opened(inside._replace(data=data), left, depth + 1)


def _is_date(numbers):
    try:
        datetime(*numbers)
    except ValueError:
        return False
    return True


# Whose it is, and what it is worth ------------------------------------------------------------------------------------


def _attempt(base, came, made):
    """Return (name, Attempt) of a file. Raises SheetError, with the reason, if it is no sheet of this class."""
    if came.reason:
        raise SheetError(came.reason)
    grid = read_bytes(base, came.data)
    name, other = _whose(base, grid, made)
    bad = []
    texts = read_table(grid, made[name], bad.append)
    notes = () if grid.ids else (f"{came.place}: no sheet's id is inside, so it was taken by the file's name",)
    if other:
        notes = (f"{came.place}: named after {other}, but this is the sheet of {name}",)
    outcome = judged(made[name], texts, [f"left blank: {words}" for words in bad])
    return name, Attempt(came.place, came.date, outcome, texts, notes, other)


def _whose(base, grid, made):
    """Return (name, other): whose sheet it is by the id inside, and whom else the file is named after, "" if no one."""
    by_id, by_name = {sheet.id: name for name, sheet in made.items()}, _named(base, made)
    for known in grid.ids:
        if known in by_id:
            name = by_id[known]
            return name, by_name if by_name and by_name != name else ""
    if grid.ids:
        raise SheetError(f"the sheet {grid.ids[0]}, which is none of this class")
    if by_name is None:
        raise SheetError("no sheet's id is inside, and the file has no name of this class")
    return by_name, ""


def _named(base, made):
    """Return the learner that a file is named after, None if there is none."""
    stem = file_name(os.path.splitext(base)[0]).casefold()
    return next((name for name, file in files_of(made).items() if file.casefold() == stem), None)


def _marks(made, attempts, unused, late):
    outcomes, trouble, files, notes, earlier = ({} for _ in range(5))
    for name in made:
        came = sorted(attempts[name], key=_counts)
        if not came:
            continue
        *before, last = came
        for one in before:
            if reason := _useless(one, last):
                unused[one.place] = reason
        kept = [one for one in before if one.place not in unused]
        outcomes[name], files[name] = last.outcome, last.place
        said = [note for one in (*kept, last) for note in one.notes]
        if kept:
            earlier[name] = tuple(one.outcome for one in kept)
            others = ", ".join(f"{one.place} of {one.date:{MINUTE}}" for one in kept)
            said.append(f"{last.place} of {last.date:{MINUTE}} counts; earlier: {others}")
        if said:
            notes[name] = tuple(said)
    others = {one.named_after: note for came in attempts.values() for one in came for note in one.notes}
    for name in made:
        if name not in outcomes:
            trouble[name] = late.get(name) or others.get(name) or _missing(name, made, unused)
    return Marks(outcomes, trouble, made, files, notes, earlier, unused)


def _counts(one):
    """Return what attempts are sorted by, the one that counts last."""
    return one.outcome.filled > 0, not one.named_after, one.date, one.outcome.filled


def _useless(one, last):
    """Return why an attempt is nothing to a learner, beside the one that counts; "" if it is an earlier one."""
    if not one.outcome.filled:
        return "nothing is filled in"
    if one.texts == last.texts:
        return f"the same numbers as {last.place}"
    return one.notes[0].partition(": ")[2] if one.named_after else ""


def _missing(name, made, unused):
    """Return why there is nothing to mark: no table came, or one named so that could not be used."""
    theirs = [f"{place}: {reason}" for place, reason in unused.items() if name in _names_on(place, made)]
    return "; ".join(theirs) or f"no table of the sheet {made[name].id} came back"


def _names_on(place, made):
    """Return who a file is named after, and the folders that it is in: a platform puts each learner's into one."""
    *folders, base = place.split("/")
    return {_named(base, made), *(_named(folder.partition("_")[0], made) for folder in folders)}
