"""Points into a learning platform's own export: the same table, with one column filled.

The headings are those of Moodle's grading worksheet (Moodle docs, "Offline grading worksheet"; its importer asks for
Identifier, Grade and Last modified), of Canvas's gradebook (Canvas guides, "How do I import grades in the Gradebook?"),
of nbgrader's export (nbgrader docs, "nbgrader export") and of otter's final_grades.csv (Otter-Grader docs, "Grading
Locally"). In another table or another language, `column` says which one to fill: who is who is found in the cells.
"""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinymlp import csvfile
from tinymlp.checks import describe, one_number
from tinymlp.teaching.exercises import Lines
from tinymlp.teaching.files import write_file
from tinymlp.teaching.grades import in_short, points_of
from tinymlp.teaching.tables import SEPARATORS, SheetError, write_csv
from tinymlp.words import short

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tinymlp.teaching.marks import Marks

CODECS = {"UTF-8": "utf-8", "UTF-16": "utf-16", "Windows-1252": "cp1252", "Latin-1": "latin-1"}


@dataclass(frozen=True)
class Platform:
    """The headings of a platform's export: those it is known by, and what is in which column ("" where there is none).

    grade: a pattern of the heading to fill; most: of the column with the greatest mark; changeable: of the one that
    says "No" where a mark is fixed.
    """

    name: str
    known_by: frozenset[str]
    grade: str
    feedback: str = ""
    most: str = ""
    changeable: str = ""


PLATFORMS = (
    Platform(
        "Moodle's grading worksheet",
        frozenset({"identifier", "grade"}),
        "grade",
        "feedback comments",
        "maximum grade",
        "grade can be changed",
    ),
    Platform("Canvas's gradebook", frozenset({"id", "section"}), r".*\(\d+\)"),
    Platform("nbgrader's export", frozenset({"student_id", "max_score"}), "score", most="max_score"),
    Platform("otter's export", frozenset({"percent_correct"}), "total_points_earned"),
)
NOBODY = {"points possible", "points-per-question"}  # what a row is called that is nobody's, in Canvas and in otter's
UNKNOWN = Platform("the table", frozenset(), "")


def fill(
    marks: Marks,
    path: Any,
    column: str | None = None,
    *,
    points: float = 20,
    ids: Mapping[str, str] | None = None,
    feedback: str | None = None,
) -> Lines:
    """Write the points of a class into a copy of a platform's CSV export, "NAME filled.csv" beside it.

    column: the heading of the column to fill, where it does not follow from the platform; a Canvas assignment may be
    named without the number behind it. ids: {name: id}, where names are not in the table or not enough. feedback: the
    heading of a column for words, in Moodle's worksheet the one of the comments; words that stand there are left.
    All else is kept as it is. Returns in words what was filled, and who was not found. Raises ValueError for a
    column that is not there, and for a file that is no table.
    """
    one_number("points", points, least=0.5)
    table = _read(path)
    platform = next((each for each in PLATFORMS if each.known_by <= set(map(_plain, table.headings))), UNKNOWN)
    at = _column(table.headings, column, platform)
    words_at = _exactly("feedback", table.headings, feedback) if feedback else _index(table.headings, platform.feedback)
    fixed_at = _index(table.headings, platform.changeable)
    found, said = _match(marks, table, ids or {}, {at, words_at})
    fixed = {name for name, row in found.items() if _is_fixed(table.rows[row], at, fixed_at)}
    for name in (name for name in found if name not in fixed):
        row, outcome = table.rows[found[name]], marks.outcomes[name]
        row[at] = _as_there(points_of(outcome, points), table, at, platform)
        if words_at is not None and not row[words_at].strip():
            row[words_at] = in_short(outcome)
    written = _write(path, table)
    lines = [
        f"{written}: {len(found) - len(fixed)} of {len(marks.outcomes)} marks are in the column "
        f"{table.headings[at].strip()!r} of {platform.name}.",
        *_of_another_size(table, at, platform, points),
        *said,
    ]
    lines += [f"Not filled, as the platform holds their mark fixed: {', '.join(sorted(fixed))}."] if fixed else []
    return Lines("\n".join(lines))


# Reading and writing --------------------------------------------------------------------------------------------------


@dataclass
class Table:
    """A CSV file as it is: its first row, the others, and how it was written."""

    headings: list[str]
    rows: list[list[str]]
    separator: str
    newline: str
    encoding: str


def _read(path):
    name = os.path.basename(os.fspath(path))
    try:
        with open(path, "rb") as opened:
            data = opened.read()
    except OSError as error:
        raise SheetError(f"{name}: expected a platform's CSV export, got none: {error.strerror}") from None
    try:
        text, encoding = csvfile.decoded(name, data)
        separator = csvfile.split(name, text, separator=_separator(text)).separator
    except ValueError as error:
        raise SheetError(str(error).removeprefix("data: ")) from None
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    if len(rows) < 2:
        raise SheetError(f"{name}: expected headings and a row for each learner, got {len(rows)} rows")
    for row in rows[1:]:
        row += [""] * (len(rows[0]) - len(row) if row else 0)
    codec = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else CODECS[encoding]
    return Table(rows[0], rows[1:], separator, "\r\n" if "\r\n" in text else "\n", codec)


def _separator(text):
    """Return what makes most columns of the headings: no platform writes blanks, and names and headings have them."""
    headings = text[:50_000].splitlines()[:1]
    return max(SEPARATORS, key=lambda separator: len(next(csv.reader(headings, delimiter=separator), [])))


def _write(path, table):
    folder, file = os.path.split(os.fspath(path))
    stem, ending = os.path.splitext(file)
    name = f"{stem} filled{ending}"
    text = write_csv([table.headings, *table.rows], table.separator, table.newline)
    write_file(folder, name, text, table.encoding)
    return name


# Columns --------------------------------------------------------------------------------------------------------------


def _plain(text):
    """Return a text to compare by: composed letters, no capitals, single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _index(headings, pattern):
    """Return the one column whose heading is as this pattern says, or None."""
    fitting = [n for n, heading in enumerate(headings) if pattern and re.fullmatch(pattern, _plain(heading))]
    return fitting[0] if len(fitting) == 1 else None


def _exactly(argument, headings, wanted):
    """Return the column of this heading, which may leave out a number in brackets behind it, or raise ValueError."""
    plain = list(map(_plain, headings))
    for names in (plain, [re.sub(r" \(\d+\)$", "", name) for name in plain]):
        if names.count(_plain(str(wanted))) == 1:
            return names.index(_plain(str(wanted)))
    listed = ", ".join(heading.strip() for heading in headings)
    raise SheetError(f"{argument}: expected the heading of one column, got {describe(wanted)}; there are {listed}")


def _column(headings, column, platform):
    if column is not None:
        return _exactly("column", headings, column)
    at = _index(headings, platform.grade)
    if at is None:
        listed = ", ".join(heading.strip() for heading in headings)
        raise SheetError(f"column: expected the heading of the column to fill in {platform.name}, one of {listed}")
    return at


def _is_fixed(row, at, fixed_at):
    """Return whether a platform would not take a mark: it says so, or it excuses the learner ("EX" in Canvas)."""
    return _plain(row[at]) == "ex" or (fixed_at is not None and _plain(row[fixed_at]) == "no")


def _as_there(value, table, at, platform):
    """Return points as the table writes numbers: with a decimal comma where its greatest marks, or others, have one."""
    columns = [n for n in (at, _index(table.headings, platform.most)) if n is not None]
    comma = any(re.fullmatch(r"\d+,\d+", row[n].strip()) for row in table.rows if row for n in columns)
    return short(value).replace(".", ",") if comma else short(value)


def _of_another_size(table, at, platform, points):
    """Return a line if the platform's greatest mark is another than the points, which are not scaled to it."""
    most_at = _index(table.headings, platform.most)
    if most_at is not None:
        texts = {row[most_at].strip() for row in table.rows if row}
    else:
        texts = {row[at].strip() for row in table.rows if row and _plain(row[0]) == "points possible"}
    sizes = {float(text.replace(",", ".")) for text in texts if re.fullmatch(r"\d+([.,]\d+)?", text)}
    if sizes - {float(points)}:
        listed = ", ".join(map(short, sorted(sizes)))
        return [f"Mind that {platform.name} gives at most {listed}, and these are of {short(points)}: use points=."]
    return []


# Who is who -----------------------------------------------------------------------------------------------------------


def _name(text):
    """Return a name to compare by: "Lovelace, Ada" is Ada Lovelace."""
    last, comma, first = _plain(text).partition(",")
    return " ".join(f"{first} {last}".split()) if comma else last


def _match(marks, table, ids, others):
    """Return ({name: row}, lines): where each learner stands, by id or by name, and who is not or not only once."""
    for name in ids:
        if name not in {**marks.outcomes, **marks.trouble}:
            raise SheetError(f"ids: expected names of the class, got {describe(name)}")
    wanted = {name: _plain(str(ids[name])) for name in marks.outcomes if name in ids}
    by_id = _keys(table, set(wanted.values()), others, _id_keys)
    by_name = _keys(table, {_name(name) for name in marks.outcomes if name not in ids}, others, _name_keys)
    found, missing, several = {}, [], []
    alike = Counter(wanted.get(name, _name(name)) for name in marks.outcomes)
    for name in marks.outcomes:
        key = wanted.get(name, _name(name))
        rows = [n for n, keys in enumerate(by_id if name in ids else by_name) if key in keys]
        if not rows:
            missing.append(name)
        elif len(rows) > 1 or alike[key] > 1:
            several.append(f"{name} ({len(rows)} rows)" if len(rows) > 1 else name)
        else:
            found[name] = rows[0]
    for row, count in Counter(found.values()).items():  # one by name and one by id
        if count > 1:
            twice = [name for name in found if found[name] == row]
            several += twice
            found = {name: n for name, n in found.items() if n != row}
    said = [f"Not in the table: {', '.join(missing)}. If need be, give ids={{name: id}}."] if missing else []
    said += [f"More than one with the same name or id, so not filled: {', '.join(several)}."] if several else []
    unread = [f"{name} (not read: {why})" for name, why in marks.trouble.items()]
    said += [f"Without a mark: {'; '.join(unread)}."] if unread else []
    return found, said + _left(table, found, by_name, by_id)


def _left(table, found, by_name, by_id):
    """Return a line on the rows of people who got nothing."""
    rows = [n for n in range(len(table.rows)) if n not in found.values()]
    left = [_who(table, n) for n in rows if (by_name[n] or by_id[n]) and not NOBODY & {_plain(table.rows[n][0])}]
    return [f"Rows that got nothing: {'; '.join(left)}."] if left else []


def _who(table, n):
    """Return how a row is called: its first cells that hold a letter."""
    return f"row {n + 2} ({', '.join([cell.strip() for cell in table.rows[n] if re.search('[^0-9. ]', cell)][:2])})"


def _name_keys(row, n):
    """Yield by what names a row may be known from its column n: alone, or with the next one, in either order."""
    yield _name(row[n])
    if n + 1 < len(row) and row[n].strip() and row[n + 1].strip():
        yield _plain(f"{row[n]} {row[n + 1]}")
        yield _plain(f"{row[n + 1]} {row[n]}")


def _id_keys(row, n):
    """Yield by what ids a row may be known from its column n: all of it, or the number in "Participant 123"."""
    yield _plain(row[n])
    if number := re.fullmatch(r"\D+ (\d+)", row[n].strip()):
        yield number[1]


def _keys(table, wanted, others, keys_of):
    """Return the keys of each row, from that column in which most of those that are wanted stand."""

    def keys(n):
        return [set(keys_of(row, n)) - {""} if n < len(row) else set() for row in table.rows]

    columns = [n for n in range(len(table.headings)) if n not in others]
    best = max(columns, key=lambda n: sum(bool(wanted & each) for each in keys(n)), default=0)
    return keys(best) if wanted else [set() for _ in table.rows]
