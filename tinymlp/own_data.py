"""A learner's own samples in the plane: lines of text read into samples, and samples added or erased one by one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import describe
from tinymlp.recipes import DRAWN, MOST_SAMPLES, OWN
from tinymlp.words import capital, on_page, short

if TYPE_CHECKING:
    from typing import Any

    from tinymlp.recipes import Recipe

FITS = 1.5  # numbers up to here lie in the plane as it is drawn
WIDE = 1.3  # where the furthest number of a column comes to lie that did not fit
NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)?|[.,]\d+)([eE][+-]?\d+)?")
SEPARATORS = ("\t", ";", ",", None)  # None: any blanks
WANTED = "x1, x2 and the target"


def read(text: str) -> tuple[tuple[tuple[float, float, Any], ...], str]:
    """Return (samples, words) of lines `x1, x2, target`: samples as `Recipe.own` takes them, and what was done to them.

    Columns are split at commas, semicolons, tabs or blanks, whichever reads the most lines; numbers may have decimal
    commas where these do not separate. The first line may be a heading; empty lines, and those that begin with #, are
    left out. Targets are numbers if all are, else words. A column of numbers beyond FITS is standardised and scaled to
    fit the plane, as the words then say. Raises ValueError, naming the line, for what cannot be read.
    """
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), start=1)]
    lines = [(n, line) for n, line in lines if line and not line.startswith("#")]
    if not lines:
        raise ValueError(f"own data: expected a line of {WANTED} for each sample, got no lines")
    if len(lines) > MOST_SAMPLES + 1:
        raise ValueError(f"own data: expected at most {MOST_SAMPLES} lines, got {len(lines)}")
    tables = [[(n, _cells(line, separator)) for n, line in lines] for separator in SEPARATORS]
    rows = max(tables, key=_how_well)
    headed = len(rows[0][1]) == 3 and not any(map(_is_number, rows[0][1][:2])) and len(rows) > 1
    rows = rows[headed:]
    for n, cells in rows:
        fault = _fault(cells)
        if fault:
            raise ValueError(f"own data, line {n}: {fault}")
    if len(rows) > MOST_SAMPLES:
        raise ValueError(f"own data: expected at most {MOST_SAMPLES} samples, got {len(rows)}")
    columns, words = list(zip(*(cells for _, cells in rows), strict=True)), []
    if headed:
        words.append("The first line was taken as a heading.")
    numbers = all(map(_is_number, columns[2]))
    for place, name in enumerate(("x1", "x2", "the target")[: 3 if numbers else 2]):
        columns[place], said = _fitted(name, [float(cell.replace(",", ".")) for cell in columns[place]])
        words += said
    return tuple(zip(*columns, strict=True)), " ".join([_said(columns[2], numbers), *words])


def _cells(line, separator):
    return [cell.strip().strip("\"'").strip() for cell in line.split(separator)]


def _how_well(rows):
    """Return how many lines are samples; then, to choose between what reads none: of three columns, and of several."""
    counts = [len(cells) for _, cells in rows]
    return sum(not _fault(cells) for _, cells in rows), counts.count(3), sum(count > 1 for count in counts)


def _is_number(cell):
    return NUMBER.fullmatch(cell) is not None


def _fault(cells):
    """Return what is wrong with a line, "" if it is a sample."""
    if len(cells) != 3:
        more = f"; keep the three columns {WANTED}" if len(cells) > 3 else ""
        return f"expected {WANTED}, three columns, got {len(cells)}: {describe(' | '.join(cells))}{more}"
    for name, cell in zip(("x1", "x2"), cells, strict=False):
        if not _is_number(cell):
            return f"expected a number for {name}, got {describe(cell)}"
    return "" if cells[2] else "expected a target, a word or a number, got an empty cell"


def _fitted(name, values):
    """Return (values, words): as they came if they fit the plane, else with mean 0 and scaled to fit it."""
    array = np.array(values)
    if not np.isfinite(array).all():
        raise ValueError(f"own data: expected finite numbers for {name}, got one that is too large")
    if abs(array).max() <= FITS:
        return values, []
    scaled = (array - array.mean()) / (array.std() or 1)
    scaled *= WIDE / (abs(scaled).max() or 1)
    least, most = on_page(short(array.min())), on_page(short(array.max()))
    return scaled.tolist(), [f"{capital(name)} went from {least} to {most}: standardised and scaled to fit."]


def _said(targets, numbers):
    classes = sorted(set(targets))
    if numbers and classes != [0.0, 1.0]:
        return f"{len(targets)} samples with numbers as targets (for classes, write words)."
    named = [f"{target:g}" if numbers else target for target in classes]
    return f"{len(targets)} samples, classes {', '.join(named[:10])}{', ...' if len(named) > 10 else ''}."


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
