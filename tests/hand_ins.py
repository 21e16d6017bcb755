"""Thirty hand-ins as a class sends them: formats, machines, encodings, names and slips of all kinds; all are marked.

    python tests/hand_ins.py [CLASSES]        default: 20 classes, each with other numbers and slips

A third of the tables hold a slip, made as in `slip_table`, the others are right. What must be read is read whatever the
file is called; a photo and an empty file are the two of thirty that cannot be.
"""

import io
import os
import random
import sys
import tempfile
import zipfile
from collections import Counter
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import openpyxl
import slip_table

from tinymlp.teaching import homework, paper
from tinymlp.teaching.slips import SAYINGS

PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 40
ONE_CLASS = ["Ada", "Ben", "Cleo", "Émile", "Çağla", "Jürgen", "Zoë", "O'Neill", "Ada", "Łukasz"]
NAMES = [f"{first} {last}" for last in ("Ash", "Birch", "Cole") for first in ONE_CLASS]
# The file as written, and what must come of it.
WHOLE, HALF, ONE_BLANK, LOST = "every number", "what is left of it", "all but one number", "nothing"


class Hand:
    """What one learner hands in: the rows of their table, and where to put the file."""

    def __init__(self, folder, stem, made, numbers, handed_out):
        self.folder, self.stem, self.numbers, self.handed_out = folder, stem, numbers, handed_out
        self.head = [[f"# sheet {made.id} for {stem}"], ["iteration", "cell", "meaning", "value"]]
        self.rows = [[str(c.t), c.name, c.words, numbers.get((c.t, c.name), "")] for c in made.cells]

    def commas(self):
        """Return the rows with decimal commas."""
        return [[*row[:3], row[3].replace(".", ",")] for row in self.rows]

    def text(self, rows=None, separator=",", head=None):
        """Return the table as the text of a CSV file, quoted where a cell needs it."""
        lines = [*(self.head if head is None else head), *(self.rows if rows is None else rows)]
        quoted = [[f'"{cell}"' if separator in cell else cell for cell in line] for line in lines]
        return "\n".join(separator.join(line) for line in quoted) + "\n"

    def put(self, name, content, encoding="utf-8"):
        """Write a file of the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode(encoding, errors="replace") if isinstance(content, str) else content)
        return path

    def workbook(self, value=str):
        """Return the bytes of the file that was handed out, with each value as `value` makes it, typed in."""
        book = openpyxl.load_workbook(self.handed_out)
        for row in book.active.iter_rows(min_row=3):
            text = self.numbers.get((row[0].value, row[1].value), "")
            if text:
                row[3].value = value(text)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def ods(self, numbers):
        """Return the table as the bytes of an .ods file; numbers: whether values are numbers, else texts."""
        office, table, words = (f"urn:oasis:names:tc:opendocument:xmlns:{n}:1.0" for n in ("office", "table", "text"))
        lines = []
        for row in [*self.head, *self.rows]:
            cells = []
            for place, cell in enumerate(row):
                kind = 'office:value-type="string"'
                if numbers and place == 3 and cell[-1:].isdigit():
                    kind = f'office:value-type="float" office:value="{float(cell):.15g}"'
                cells.append(f"<table:table-cell {kind}><text:p>{escape(cell)}</text:p></table:table-cell>")
            lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
        lines.append('<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>')
        content = (
            f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{words}"><office:body>'
            f'<office:spreadsheet><table:table table:name="Sheet1">{"".join(lines)}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>"
        )
        return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def zipped(files):
    """Return the bytes of a zip with these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(zipfile.ZipInfo(name, datetime.now().timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_cell(hand, text, value=str):
    """Return a hand-in in which one cell, in the middle, is as given."""
    key = list(hand.numbers)[len(hand.numbers) // 2]
    hand.numbers = hand.numbers | {key: text}
    hand.rows = [[*row[:3], text if (int(row[0]), row[1]) == key else row[3]] for row in hand.rows]
    return hand


def as_date(text):
    return datetime(2026, 1, 3) if text == "a date" else text


def without_points(hand):
    """Return the rows as a spreadsheet saves them that takes a point for a separator of thousands."""
    for row in hand.rows:
        if row[3]:
            row[3] = str(round(1000 * float(row[3])))
    return hand.text(separator=";")


def one_column(hand):
    """Return the text of a CSV that was opened as one column and filled in beside it."""
    lines = [",".join(line) for line in hand.head]
    lines += [f"{','.join([*row[:3], ''])};{row[3]}".rstrip(";") for row in hand.commas()]
    return "\n".join(lines)


def two_attempts(hand):
    """Hand in a first try with a wrong number, and the table itself an hour later."""
    key, *_ = hand.numbers
    first = [[*row[:3], "7.7777" if (int(row[0]), row[1]) == key else row[3]] for row in hand.rows]
    early = hand.put(f"{hand.stem} (2).csv", hand.text(first)).stat().st_mtime - 3600
    os.utime(hand.folder / f"{hand.stem} (2).csv", (early, early))
    hand.put(f"{hand.stem}.csv", hand.text())


WAYS = [
    ("filled in with an editor", WHOLE, lambda h: h.put(f"{h.stem}.csv", "\ufeff" + h.text())),
    ("German Excel", WHOLE, lambda h: h.put(f"Kopie von {h.stem}.csv", h.text(h.commas(), ";"), "cp1252")),
    ("Unicode text", WHOLE, lambda h: h.put(f"{h.stem}.txt", h.text(separator="\t"), "utf-16")),
    ("no byte-order mark, (1)", WHOLE, lambda h: h.put(f"{h.stem} (1).csv", h.text())),
    ("the handed-out .xlsx", WHOLE, lambda h: h.put("homework.xlsx", h.workbook())),
    (".xlsx, commas", WHOLE, lambda h: h.put(f"{h.stem} fertig.xlsx", h.workbook(lambda t: t.replace(".", ",")))),
    (".xlsx, numbers", WHOLE, lambda h: h.put(f"{h.stem}.final.xlsx", h.workbook(float))),
    (".ods, texts", WHOLE, lambda h: h.put(f"{h.stem}.ods", h.ods(numbers=False))),
    (".ods, numbers", WHOLE, lambda h: h.put("Untitled 1.ods", h.ods(numbers=True))),
    ("pasted", WHOLE, lambda h: h.put("from my mail.txt", h.text(separator="\t").replace("\n", "\r\n"))),
    ("vertical bars", WHOLE, lambda h: h.put(f"{h.stem}.csv", h.text(separator="|"))),
    ("an old Mac", WHOLE, lambda h: h.put(f"{h.stem}.csv", h.text().replace("\n", "\r"), "mac_roman")),
    ("sorted by cell", WHOLE, lambda h: h.put("a.csv", h.text(sorted(h.head + h.rows, key=lambda r: r[1:]), head=[]))),
    ("rows deleted", HALF, lambda h: h.put("b.csv", h.text(h.rows[::2]))),
    ("a column of remarks", WHOLE, lambda h: h.put("c.csv", h.text([[*r, "?!"] for r in h.rows], head=[
        h.head[0], [*h.head[1], "remarks"]]))),
    ("remarks, no heading", WHOLE, lambda h: h.put("d.csv", h.text([[*r, "easy"] for r in h.rows], ";"))),
    ("no meanings", WHOLE, lambda h: h.put("e.csv", h.text([[*r[:2], r[3]] for r in h.rows], head=[
        h.head[0], ["iteration", "cell", "value"]]))),
    ("no headings", WHOLE, lambda h: h.put("f.csv", h.text(h.commas(), ";", head=h.head[:1]))),
    ("no id", WHOLE, lambda h: h.put(f"{h.stem}.csv", h.text(head=h.head[1:]))),
    ("0,1300?", ONE_BLANK, lambda h: h.put("g.csv", with_cell(h, "0,1300?").text(separator=";"))),
    ("65.64%", ONE_BLANK, lambda h: h.put("h.xlsx", with_cell(h, "65.64%").workbook())),
    ("a date", ONE_BLANK, lambda h: h.put("i.xlsx", with_cell(h, "a date").workbook(as_date))),
    ("points dropped", WHOLE, lambda h: h.put("j.csv", without_points(h), "cp1252")),
    ("opened as one column", WHOLE, lambda h: h.put("k.csv", one_column(h))),
    ("in a platform's zip", WHOLE, lambda h: h.put("all.zip", zipped({
        f"{h.stem}_4711_file/k.csv": h.text(), f"__MACOSX/._{h.stem}": b"\0\0"}))),
    ("a zip in a zip", WHOLE, lambda h: h.put("more.zip", zipped({"my homework.zip": zipped({"x.ods": h.ods(True)})}))),
    ("two attempts", WHOLE, two_attempts),
    ("commas in commas", WHOLE, lambda h: h.put(f"{h.stem}.csv", h.text(h.commas()).replace('"', ""))),
    ("a photo", LOST, lambda h: h.put(f"{h.stem}.jpg", PHOTO)),
    ("an empty file", LOST, lambda h: h.put(f"{h.stem}.csv", b"")),
]  # fmt: skip


def hand_in(folder, seed=0):
    """Write a class's sheets and thirty hand-ins; return {name: (way, what must come, slip, its cell)}."""
    rng, expected = np.random.default_rng(seed), {}
    sheets = paper.class_set(NAMES, folder / "sheets", secret=f"class {seed}")
    slips = [slip for slip in SAYINGS if slip != "same"]
    back = folder / "handed in"
    for n, ((name, made), (way, kept, write)) in enumerate(zip(sheets.items(), WAYS, strict=True)):
        digits = 3 if way == "points dropped" else 4
        table, slip, cell = slip_table.work_out(made, digits, bool(n % 2))[0], None, None
        if n % 3 == seed % 3 and kept == WHOLE:
            for slip in random.Random(seed * 100 + n).sample(slips, len(slips)):
                if (slip, way) == ("decimal", "points dropped"):  # -2500: -0.2500, or -2.500 with a point misplaced
                    continue
                spoilt, place = slip_table.work_out(made, digits, bool(n % 2), slip, rng)
                cell = slip_table.first_moved(made, spoilt, place) if place else None
                if cell is not None:
                    table = spoilt
                    break
        stem = name.replace(" ", "_").replace("'", "_")
        write(Hand(back, stem, made, table, folder / "sheets" / f"{stem}.xlsx"))
        expected[name] = way, kept, slip if cell else None, cell
    noise(back)
    return expected


def noise(folder):
    """Put beside the hand-ins what lies in such folders as well."""
    (folder / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0")
    (folder / "~$homework.xlsx").write_bytes(b"\x00lock")
    (folder / "essay.docx").write_bytes(zipped({"[Content_Types].xml": "<t/>", "word/document.xml": "<w/>"}))
    (folder / "of another class.csv").write_text(paper.template(homework.sheet("stranger")), encoding="utf-8")


def faults(expected, marks):
    """Return what came out otherwise than it must, as texts: a name, its way, and what is wrong."""
    found = []
    for name, (way, kept, slip, cell) in expected.items():
        outcome = marks.outcomes.get(name)
        if kept == LOST:
            if outcome or name not in marks.trouble:
                found.append(f"{name}, {way}: expected trouble")
        elif outcome is None:
            found.append(f"{name}, {way}: not read: {marks.trouble[name]}")
        elif slip is None and outcome.wrong is not None:
            found.append(f"{name}, {way}: right, and called wrong: {outcome}")
        elif slip is None and (kept == WHOLE) != outcome.right:
            found.append(f"{name}, {way}: {outcome.filled} of {outcome.cells} read")
        elif kept == ONE_BLANK and (outcome.filled != outcome.cells - 1 or "left blank: row" not in str(outcome)):
            found.append(f"{name}, {way}: expected one blank cell, and told: {outcome}")
        elif slip and outcome.wrong != cell:
            found.append(f"{name}, {way}: {slip} at {cell.name}, got {outcome}")
    return found


def main(classes):
    """Print what of so many classes of thirty was read, what was called wrong, and how many slips were named."""
    counts, faulty = Counter(), []
    for seed in range(classes):
        with tempfile.TemporaryDirectory() as place, suppress(KeyboardInterrupt):
            expected = hand_in(Path(place), seed)
            marks = paper.mark(Path(place) / "handed in", Path(place) / "sheets")
            faulty += [f"class {seed}: {fault}" for fault in faults(expected, marks)]
            for name, (_, _, slip, _) in expected.items():
                outcome = marks.outcomes.get(name)
                counts.update({"read": outcome is not None, "not read": outcome is None, "slips": bool(slip)})
                counts.update({"named": bool(slip and outcome is not None and slip in outcome.slips)})
    print(*faulty, dict(counts), sep="\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
