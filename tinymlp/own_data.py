"""A learner's own samples in the plane: lines of text read into samples, and samples added or erased one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import describe
from tinymlp.csvfile import split
from tinymlp.numerals import decimals, is_missing, is_number, numbers
from tinymlp.recipes import DRAWN, MOST_SAMPLES, OWN
from tinymlp.targets import class_name, kind_of
from tinymlp.words import capital, on_page, short

if TYPE_CHECKING:
    from typing import Any

    from tinymlp.recipes import Recipe

FITS = 1.5  # numbers up to here lie in the plane as it is drawn
WIDE = 1.3  # where the furthest number of a column comes to lie that did not fit
NAMES = "x1", "x2", "the target"
WANTED = "x1, x2 and the target"


def read(text: str) -> tuple[tuple[tuple[float, float, Any], ...], str]:
    """Return (samples, words) of lines `x1, x2, target`: samples as `Recipe.own` takes them, and what was done to them.

    Columns are split at commas, semicolons, tabs, bars or blanks, whichever fits best, as in a CSV file; numbers may
    have decimal commas where these do not separate. The first line may be a heading; empty lines, and remarks that
    begin with #, are left out. Targets are classes or numbers as `targets.kind_of` has it. A column of numbers beyond
    FITS is standardised and scaled to fit the plane, as the words then say. Raises ValueError, naming the line, for
    what cannot be read.
    """
    found = split("own data", text)
    rows = [(n, [cell.strip("'").strip() for cell in cells]) for n, cells in found.rows]
    if not rows:
        raise ValueError(f"own data: expected a line of {WANTED} for each sample, got no lines")
    if len(rows) > MOST_SAMPLES + 1:
        raise ValueError(f"own data: expected at most {MOST_SAMPLES} lines, got {len(rows)}")
    headed = len(rows[0][1]) == 3 and not any(map(is_number, rows[0][1][:2])) and len(rows) > 1
    rows = rows[headed:]
    for n, cells in rows:
        fault = _fault(cells)
        if fault:
            raise ValueError(f"own data, line {n}: {fault}")
    if len(rows) > MOST_SAMPLES:
        raise ValueError(f"own data: expected at most {MOST_SAMPLES} samples, got {len(rows)}")
    x1, x2, targets = _columns(rows, found.separator)
    words = ["The first line was taken as a heading."] if headed else []
    columns = [_fitted(name, values, words) for name, values in (("x1", x1), ("x2", x2))]
    if kind_of(targets) == "classes":
        classes = [class_name(target) for target in sorted(set(targets.tolist()))]
        columns.append([class_name(target) for target in targets.tolist()])
        taken = f", classes {', '.join(classes[:10])}{', ...' if len(classes) > 10 else ''}"
    else:
        columns.append(_fitted("the target", targets, words))
        taken = " with numbers as targets (for classes, write words)"
    return tuple(zip(*columns, strict=True)), " ".join([f"{len(rows)} samples{taken}.", *words])


def _columns(rows, separator):
    """Return x1, x2 and the targets of rows, each (N,): numbers, or texts for targets that are words."""
    cells = [list(column) for column in zip(*(row for _, row in rows), strict=True)]
    columns = []
    for name, column, mark in zip(NAMES, cells, decimals(cells, separator), strict=True):
        if mark is None and any("," in cell for cell in column):
            n, cell = next((n, row) for (n, _), row in zip(rows, column, strict=True) if "," in row)
            raise ValueError(f"own data, line {n}: expected a number for {name}, got {cell!r}: has it decimals?")
        values, wrong = numbers(column, mark or ".")
        if not wrong:
            columns.append(values)
        elif name == NAMES[2] and not any(np.isinf(values)):
            columns.append(np.array(column))
        else:
            n, cell = rows[wrong[0]][0], column[wrong[0]]
            number = "finite numbers" if np.isinf(values[wrong[0]]) else "a number"
            raise ValueError(f"own data, line {n}: expected {number} for {name}, got {describe(cell)}")
    return columns


def _fault(cells):
    """Return what is wrong with a line, "" if it is a sample."""
    if len(cells) != 3:
        more = f"; keep the three columns {WANTED}" if len(cells) > 3 else ""
        return f"expected {WANTED}, three columns, got {len(cells)}: {describe(' | '.join(cells))}{more}"
    for name, cell in zip(("x1", "x2"), cells, strict=False):
        if not is_number(cell):
            return f"expected a number for {name}, got {describe(cell)}"
    got = describe(cells[2]) if cells[2] else "an empty cell"
    return f"expected a target, a word or a number, got {got}" if is_missing(cells[2]) else ""


def _fitted(name, values, words):
    """Return values as they came if they fit the plane, else with mean 0 and scaled to fit it, and add to the words."""
    if abs(values).max() <= FITS:
        return values.tolist()
    scaled = (values - values.mean()) / (values.std() or 1)
    scaled *= WIDE / (abs(scaled).max() or 1)
    least, most = on_page(short(values.min())), on_page(short(values.max()))
    words.append(f"{capital(name)} went from {least} to {most}: standardised and scaled to fit.")
    return scaled.tolist()


# Samples that are drawn ----------------------------------------------------------------------------------------------


def drawn_so_far(recipe: Recipe) -> tuple[tuple[float, float, Any], ...]:
    """Return the samples that a drawn one is added to: a learner's own, but for those with numbers as targets."""
    own = recipe.own if recipe.data == OWN else ()
    return own if all(isinstance(target, str) for *_, target in own) else ()


def classes_to_add(recipe: Recipe) -> tuple[str, ...]:
    """Return the classes of which a sample can be drawn: A, B and C, or those of a learner's own samples."""
    targets = {target for *_, target in drawn_so_far(recipe)}
    return DRAWN if targets <= set(DRAWN) else tuple(sorted(targets))


def added(recipe: Recipe, point: tuple[float, float], target: str) -> dict[str, Any]:
    """Return what a drawn sample changes in a recipe: the first one begins data of one's own, from nothing.

    Raises ValueError where there are MOST_SAMPLES already, and for a class that cannot be added.
    """
    own = drawn_so_far(recipe)
    if target not in classes_to_add(recipe):
        raise ValueError(f"own data: expected {' or '.join(classes_to_add(recipe))}, got {describe(target)}")
    if len(own) >= MOST_SAMPLES:
        raise ValueError(f"own data: expected at most {MOST_SAMPLES} samples, got one more")
    x1, x2 = point
    return {"data": OWN, "own": (*own, (float(x1), float(x2), target))}


def erased(recipe: Recipe, point: tuple[float, float]) -> dict[str, Any]:
    """Return what erasing the sample nearest to a point changes in a recipe.

    Raises ValueError for the last sample, and where the samples are not the learner's own.
    """
    if recipe.data != OWN:
        raise ValueError(f"own data: expected samples of one's own to erase, got the data set {recipe.data!r}")
    if len(recipe.own) == 1:
        raise ValueError("own data: expected at least one sample to stay, got the last one to erase")
    nearest = int(np.argmin([np.hypot(x1 - point[0], x2 - point[1]) for x1, x2, _ in recipe.own]))
    return {"own": (*recipe.own[:nearest], *recipe.own[nearest + 1 :])}
