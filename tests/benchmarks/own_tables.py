"""How long a learner waits for a large table of their own: to be taken, or to be told what is wrong with it.

    python tests/benchmarks/own_tables.py [--rows N]

A table of 54,000 rows and 10 columns of numbers, and what people have in such tables. Processor time, the best of
three; beside it, how many times as long as the standard library's `csv` takes to read the good table's rows. Below
1 second it feels like an answer.
"""

import argparse
import csv
import os
import tempfile
import time
from pathlib import Path

import numpy as np

import tinymlp as tm

COLUMNS = 10


def good(rows, rng):
    """Return headings and rows of numbers, the last column a target of three classes."""
    numbers = rng.normal(size=(rows, COLUMNS - 1)) * 10.0 ** np.arange(-2, COLUMNS - 3)
    kinds = np.array(["cat", "dog", "hen"])[rng.integers(3, size=rows)]
    table = [[f"{number:.6g}" for number in row] + [kind] for row, kind in zip(numbers, kinds, strict=True)]
    return [[f"x{k + 1}" for k in range(COLUMNS - 1)] + ["kind"], *table]


def with_column(table, heading, cell):
    """Return the table with another first column: cell(k) stands in row k."""
    return [[heading if k == 0 else cell(k), *row[1:]] for k, row in enumerate(table)]


def but(table, row, column, cell):
    """Return the table with another cell in one row, or in every one that a slice names."""
    changed = [list(cells) for cells in table]
    for cells in changed[row] if isinstance(row, slice) else [changed[row]]:
        cells[column] = cell
    return changed


def cases(rows):
    """Return each table by what is in it: (rows of cells, target, separator, options)."""
    table = good(rows, np.random.default_rng(0))
    names = with_column(table, "name", lambda k: f"animal {k}")
    numbers = [[*row[:-1], "y" if k == 0 else f"{k * 0.37:.2f}"] for k, row in enumerate(table)]
    dates = with_column(table, "seen", lambda k: f"{1 + k % 28:02}/{1 + k % 12:02}/2024")
    words = [[*(f"w{cell}" if k else cell for cell in row[:-1]), row[-1]] for k, row in enumerate(numbers)]
    open_ = [
        [*(f"{1 + k % 9}.{k % 900 + 100}" if k else cell for cell in row[:-1]), row[-1]] for k, row in enumerate(table)
    ]
    german = [[cell.replace(".", ",") for cell in row] for row in table]
    end = len(table) - 1
    return {
        "numbers, taken": (table, "kind", ",", {}),
        "numbers, a number as target, taken": (numbers, "y", ",", {"held_out": 0.25}),
        "decimal commas, taken": (german, "kind", ";", {}),
        "thousands separators, taken": (with_column(table, "pay", lambda k: f"{k + 1000:,}"), "kind", ",", {}),
        "blanks as separators, taken": (table, "kind", " ", {}),
        "every third cell of a column missing, left out": (
            but(table, slice(1, None, 3), 4, "NA"), "kind", ",", {"missing": "leave out"}
        ),
        "names in a column": (names, "kind", ",", {}),
        "names as target": (names, "name", ",", {}),
        "yes and no": (with_column(table, "tame", lambda k: ("no", "yes")[k % 2]), "kind", ",", {}),
        "dates": (dates, "kind", ",", {}),
        "a slip of the finger in the last row": (but(table, end, 3, "2o"), "kind", ",", {}),
        "a slip in every tenth row": (but(table, slice(1, None, 10), 3, "2o"), "kind", ",", {}),
        "an empty cell in every third row": (but(table, slice(1, None, 3), 3, ""), "kind", ",", {}),
        "all of these": (but(but(names, slice(1, None, 3), 3, ""), slice(1, None, 7), 5, "2o"), "kind", ",", {}),
        "a short last row": ([*table, ["1", "2"]], "kind", ",", {}),
        "decimals or thousands": (open_, "kind", ";", {}),
        "dates as target": (dates, "seen", ",", {}),
        "no column of numbers but the target": (words, "y", ",", {}),
        "no headings": (table[1:], "kind", ",", {}),
        "a quotation mark never closed, row 2": (but(table, 1, 0, '"1'), "kind", ",", {}),
        "a quotation mark never closed, last row": (but(table, end, 0, '"1'), "kind", ",", {}),
        "a target that is not there": (table, "kinds", ",", {}),
    }  # fmt: skip


def spent(call, repeats=3):
    """Return the least processor time of a call in seconds."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)


def rows_of(path):
    """Read all rows with the standard library alone."""
    with open(path, encoding="utf-8", newline="") as opened:
        return list(csv.reader(opened))


def outcome(path, target, options):
    """Return whether a file is "taken" or "told", and with how many calls."""
    try:
        tm.problems.problem(path, target, **options)
    except ValueError as error:
        return f"told, {str(error).count('tm.problems.problem(')} calls"
    return "taken"


def main(rows):
    """Print a line for each table."""
    print(f"{'':50}{'outcome':>16}{'time':>10}{'/ csv':>8}")
    reading = None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        for name, (table, target, separator, options) in cases(rows).items():
            path.write_text("\n".join(separator.join(row) for row in table) + "\n", encoding="utf-8")
            reading = reading or spent(lambda: rows_of(path))
            what = outcome(os.fspath(path), target, options)
            seconds = spent(lambda options=options, target=target: outcome(path, target, options))
            print(f"{name:50}{what:>16}{seconds:8.2f} s{seconds / reading:8.1f}", flush=True)
    table = good(rows, np.random.default_rng(0))
    frame = {heading: list(column) for heading, *column in zip(*table, strict=True)}
    seconds = spent(lambda: tm.problems.problem(frame, "kind"))
    print(f"{'a dict of columns, taken':50}{'taken':>16}{seconds:8.2f} s{seconds / reading:8.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=54_000)
    main(parser.parse_args().rows)
