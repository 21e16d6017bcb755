"""A CSV file of a learner's own, read into numbers: every error names the file, row and column."""

import os
from contextlib import suppress

import numpy as np

from tinymlp.checks import choice, describe


def read_csv(path, target, features):
    """Return (X, targets, features) of a CSV file with headings."""
    file = os.path.basename(path)
    try:
        with open(path, encoding="utf-8-sig") as opened:
            text = opened.read()
    except OSError as error:
        raise ValueError(f"data: expected a CSV file, got {file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"data: expected a text file in UTF-8, got {file}, which is not one") from None
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip() and line[0] != "#"]
    if len(lines) < 2:
        raise ValueError(f"data: expected headings and rows, got {len(lines)} lines in {file}")
    part = max(",;\t", key=lines[0][1].count)
    rows = split([line for _, line in lines], part)
    headings = rows[0]
    choice("target", target, headings)
    features = tuple(features) or tuple(heading for heading in headings if heading != target)
    for feature in features:
        choice("features", feature, headings)
    columns = [headings.index(feature) for feature in features]
    X, targets, mark = [], [], "," if part != "," else None
    for (line, _), row in zip(lines[1:], rows[1:], strict=True):
        if len(row) != len(headings):
            raise ValueError(f"{file}, row {line}: expected {len(headings)} columns, got {len(row)}")
        X.append([_cell(file, line, headings[c], row[c], mark) for c in columns])
        targets.append(row[headings.index(target)])
        if not targets[-1]:
            raise ValueError(f"{file}, row {line}, column {target}: expected a value, got an empty cell")
    with suppress(ValueError):  # words stay as they are: they are class labels
        targets = [float(value.replace(mark or ".", ".")) for value in targets]
    return np.array(X), targets, features


def split(lines, delimiter):
    import csv  # imported here, since few programs read files: `import tinymlp` stays as cheap as numpy

    return [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=delimiter)]


def _cell(file, line, heading, text, mark):
    try:
        value = float(text.replace(mark, ".") if mark else text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        got = f"got {describe(text)}" if text else "got an empty cell"
        raise ValueError(f"{file}, row {line}, column {heading}: expected a number, {got}")
    return value
