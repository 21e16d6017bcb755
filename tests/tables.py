"""A hundred tables as spreadsheets and other programs write them. Run it to see what becomes of each.

All hold the same animals, in another form: separators, encodings, decimals, quotation marks, line ends, blanks,
headings, and what people leave in a table.
"""

import csv
import io
import itertools
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import tinymlp as tm

HEADINGS = ["length", "mass", "kind"]
LENGTHS = [0.5, 12.25, 3.125, 7.5, 20.0, 1.75, 9.0, 4.5, 15.5, 2.25]
MASSES = [3750, 812, 12400, 4675.5, 950, 27, 3300, 18250, 640, 5100]
KINDS = ["Bär", "Käfer", "Bär", "Käfer", "Käfer", "Bär", "Bär", "Käfer", "Bär", "Käfer"]
ROWS = list(zip(LENGTHS, MASSES, KINDS, strict=True))
CALL = re.compile(r"tm\.problems\.problem\(.*\)")


@dataclass
class Table:
    """A file and what is to become of it: the inputs and targets of all rows, or words that the refusal holds."""

    name: str
    data: bytes
    separator: str = ","
    target: str = "kind"
    X: np.ndarray = field(default_factory=lambda: np.array([LENGTHS, MASSES]).T)
    targets: list = field(default_factory=lambda: KINDS)
    told: tuple = ()
    calls: int = 0  # how many calls the refusal offers
    options: dict = field(default_factory=dict)

    def load(self, folder):
        path = Path(folder) / "animals.csv"
        path.write_bytes(self.data)
        return tm.problems.problem(path, self.target, **self.options)


def figure(value, decimal=".", group=""):
    """Return a number as a program with these marks writes it."""
    text = f"{value:{',' if group else ''}}" if value != int(value) else f"{int(value):{',' if group else ''}}"
    return text.translate({ord(","): group, ord("."): decimal})


def written(rows, separator=",", decimal=".", group="", quotes=csv.QUOTE_MINIMAL, end="\n", encoding="utf-8"):
    """Return the bytes of a file with these rows."""
    opened = io.StringIO()
    writer = csv.writer(opened, delimiter=separator, quoting=quotes, lineterminator=end)
    for row in rows:
        writer.writerow([cell if isinstance(cell, str) else figure(cell, decimal, group) for cell in row])
    return opened.getvalue().encode(encoding)


def formats():
    """Return 60 tables that differ in form alone: all of them are to be read."""
    forms = [
        *itertools.product(",", ".", ("",), (csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)),
        *itertools.product(";", ",", ("", ".", " ", "\N{NO-BREAK SPACE}"), (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
        *itertools.product("\t", ".,", ("", "'"), (csv.QUOTE_MINIMAL,)),
        (";", ".", "", csv.QUOTE_MINIMAL),
        (";", ".", ",", csv.QUOTE_MINIMAL),
        (",", ".", ",", csv.QUOTE_MINIMAL),
        (",", ",", "", csv.QUOTE_MINIMAL),
        ("|", ".", "", csv.QUOTE_MINIMAL),
        ("|", ",", ".", csv.QUOTE_ALL),
        (" ", ".", "", csv.QUOTE_MINIMAL),
        (" ", ",", "", csv.QUOTE_ALL),
    ]
    around = itertools.cycle(
        itertools.product(("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"), ("\n", "\r\n", "\r"))
    )
    for n in range(60):
        separator, decimal, group, quotes = forms[n % len(forms)]
        encoding, end = next(around)
        data = written([HEADINGS, *ROWS], separator, decimal, group, quotes, end, encoding)
        name = f"{separator!r} {decimal!r} {group!r} quotes {quotes} {encoding} {end!r}"
        yield Table(name, data, separator)


def with_column(heading, cells, place=0):
    """Return the rows of the animals with one more column."""
    rows = [HEADINGS, *ROWS]
    return [[*row[:place], cell, *row[place:]] for row, cell in zip(rows, [heading, *cells], strict=True)]


def but(place, column, cell):
    """Return the rows of the animals with another cell."""
    rows = [list(row) for row in [HEADINGS, *ROWS]]
    rows[place][column] = cell
    return rows


def mended():
    """Return 20 tables with something that is left out or made good, in words."""
    plain = [HEADINGS, *ROWS]
    german = {"separator": ";", "decimal": ","}
    counted = [str(n) for n in range(1, 11)]

    def read(name, rows, **others):
        form = {key: others.pop(key) for key in ("separator", "decimal", "end", "encoding") if key in others}
        return Table(name, written(rows, **form), form.get("separator", ","), **others)

    long_heading = [["length,\nof the body", "mass", "kind"], *ROWS]
    yield read("empty columns at the end", [[*row, "", ""] for row in plain], **german)
    yield read("rows of separators alone", [*plain[:4], ["", "", ""], *plain[4:], ["", "", ""], ["", "", ""]], **german)
    yield Table("blank lines", written(plain).replace(b"\n", b"\n\n"))
    yield Table("sep= for a spreadsheet", b"sep=;\r\n" + written(plain, ";", ",", end="\r\n"), ";")
    yield Table("remarks above the headings", b"# animals, all of them\n# by hand\n" + written(plain))
    yield Table("headings behind #, as numpy writes them", b"# " + written(plain))
    yield read("a title and an empty row", [["Animals of our class", "", ""], ["", "", ""], *plain], **german)
    yield read("row numbers without a heading", with_column("", counted))
    yield read("row numbers from 0, of pandas", with_column("Unnamed: 0", [str(n) for n in range(10)]))
    yield read("an Id that counts", with_column("Id", counted))
    yield Table("names of rows, of R", written([HEADINGS, *[(f"animal {n}", *row) for n, row in enumerate(ROWS)]]))
    yield read("line breaks and separators in a heading", long_heading)
    yield read("headings again in the middle", [*plain[:5], HEADINGS, *plain[5:]])
    yield read("an empty column with a heading", with_column("notes", [""] * 10, 3))
    yield Table("blanks around the cells", written(plain).replace(b",", b" , "))
    yield Table("the end of a file of DOS", written(plain, end="\r\n", encoding="cp1252") + b"\x1a")
    yield Table("a last line without an end", written(plain).rstrip())
    yield read("$ and %", [HEADINGS, *((f"{a}%", f"${b}", c) for a, b, c in ROWS)])
    minus = np.array([LENGTHS, MASSES]).T * (-1, 1)
    dashes = [HEADINGS, *((f"\N{MINUS SIGN}{a}", b, c) for a, b, c in ROWS)]
    yield read("true minus signs", dashes, X=minus)
    twice = np.array([LENGTHS, LENGTHS[::-1], MASSES]).T
    yield read("a heading that is there twice", with_column("length", map(str, LENGTHS[::-1]), 1), X=twice)


def refused():
    """Return 20 tables that need a word of their owner: row, column and calls that work are told."""

    def tell(name, rows, *told, calls=1, **others):
        target = others.pop("target", "kind")
        return Table(name, written(rows, **others), others.get("separator", ","), target, told=told, calls=calls)

    numbers = [["length", "mass"], *((a, b) for a, b, _ in ROWS)]
    yield tell("no headings", ROWS, "row 1, column 1", "'0.5'", "headings=", calls=2)
    yield tell(
        "no headings, all words",
        [[("no", "yes")[k % 2], kind] for k, kind in enumerate(KINDS)],
        "row 1",
        "headings=",
        calls=2,
    )
    yield tell("years as headings", [["2001", "2002", "kind"], *ROWS], "row 1, column 1", "headings=True", calls=2)
    yield tell("NA in a number", but(3, 1, "NA"), "row 4, column mass", "'NA'", "leave out")
    yield tell("NA in the target", but(3, 2, "NA"), "row 4, column kind", "'NA'")
    yield tell("NA in a target of numbers", [*numbers, ("3", "NA")], "row 12, column mass", "'NA'", target="mass")
    yield tell("an empty cell", but(5, 0, ""), "row 6, column length", "an empty cell")
    yield tell("an error of a spreadsheet", but(5, 0, "#DIV/0!"), "row 6, column length", "'#DIV/0!'")
    yield tell("a slip of the finger", but(5, 0, "2o"), "row 6, column length", "'2o'", "skip=(6,)", calls=2)
    yield tell("a slip in the target", [*numbers, ("3", "4l")], "row 12, column mass", "'4l'", target="mass", calls=2)
    yield tell(
        "a row of units", [HEADINGS, ("cm", "g", ""), *ROWS], "row 2, column length", "'cm'", "skip=(2,)", calls=1
    )
    yield tell("a column of words", with_column("name", [f"animal {k}" for k in "abcdefghij"]), "row 2, column name",
               "features=('length', 'mass')")  # fmt: skip
    yield tell(
        "yes and no", with_column("tame", ["yes", "no"] * 5), "row 2, column tame", "zero_one=('tame',)", calls=2
    )
    yield tell("TRUE and FALSE", with_column("tame", ["TRUE", "FALSE"] * 5), "column tame", "zero_one", calls=2)
    yield tell("dates", with_column("seen", [f"2024-05-{k:02}" for k in range(1, 11)]), "column seen", "a date")
    yield tell("a short row", [*but(5, 0, "1"), ["3", "4"]], "row 12", "3 columns, got 2")
    yield tell("a long row", [*but(5, 0, "1"), ["3", "4", "x", "y"]], "row 12", "3 columns, got 4", "skip=(12,)")
    thousands = [["length", "mass", "kind"], *(("1", f"{n}.125", kind) for n, kind in enumerate(KINDS, start=1))]
    yield tell(
        "decimals or thousands", thousands, "row 2, column mass", "'1.125'", "decimal=',')", separator=";", calls=2
    )
    yield tell("a target that is not there", [HEADINGS, *ROWS], "'kinds'", "did you mean 'kind'", target="kinds")
    several = with_column("name", [f"animal {k}" for k in "abcdefghij"])
    several[4][1], several[5][3] = "?", "NA"
    yield tell("all at once", several, "row 2, column name", "features=", "missing='leave out'")


def tables():
    """Return the hundred tables."""
    return [*formats(), *mended(), *refused()]


def fate(table, folder):
    """Return what became of a table: "read" or "told", or what is wrong with it."""
    try:
        problem = table.load(folder)
    except ValueError as error:
        message = str(error)
        if not table.told:
            return f"refused: {message}"
        missing = [word for word in table.told if word not in message]
        calls = CALL.findall(message)
        if missing or len(calls) != table.calls:
            return f"not told {missing}, {len(calls)} calls: {message}"
        for call in calls:
            assert len(eval(call, {"tm": tm}).X) >= 2
        return "told"
    if table.told:
        return f"taken without a word: {problem}"
    found = sorted(zip(problem.X.tolist(), (problem.classes[int(k)] for k in problem.y[:, 0]), strict=True))
    return "read" if found == sorted(zip(table.X.tolist(), table.targets, strict=True)) else f"read wrong: {found}"


def sniffed(table):
    """Return whether the standard library's Sniffer finds the separator of a table."""
    encoding = "utf-16" if table.data[:2] == b"\xff\xfe" else "utf-16-le" if table.data[1:2] == b"\0" else "latin-1"
    try:
        return csv.Sniffer().sniff(table.data.decode(encoding)).delimiter == table.separator
    except csv.Error:
        return False


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        fates = [(table, fate(table, folder)) for table in tables()]
    for table, what in fates:
        if what not in ("read", "told"):
            print(f"{table.name}: {what}\n")
    counts = [sum(what == wanted for _, what in fates) for wanted in ("read", "told")]
    print(f"{len(fates)} tables: {counts[0]} read, {counts[1]} told with a call that works.")
    print(f"The standard library's Sniffer finds the separator of {sum(map(sniffed, tables()))}.")
