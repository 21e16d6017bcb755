"""The target of a learner's own table: which column it is, what it holds, and what else could be predicted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import choice, describe
from tinymlp.numerals import is_missing
from tinymlp.table import Table, TableError, and_more
from tinymlp.targets import MOST_CLASSES, as_targets

if TYPE_CHECKING:
    from typing import Any


def check_target(table: Table, target: Any) -> None:
    """Raise TableError unless the target is the heading of one column that is not empty."""
    if target in table.empty:
        raise TableError(f"{table.file}, column {target}: expected values, got empty cells alone")
    if target in table.twice:
        names = [name for name in table.headings if name.startswith(f"{target} (column ")]
        ways = [(f"To predict {name}", {"target": name}) for name in names[:2]]
        raise TableError(f"{table.file}: expected one column {target}, got {len(names)}: {', '.join(names)}", *ways)
    if not isinstance(target, str) and np.iterable(target):
        _refuse_several(table, list(target))
    try:
        choice("target", target, table.headings)
    except ValueError as error:
        name = nearest(error) or table.headings[-1]
        also = "; if another sign splits the columns, write it as the first line: sep=:" * (len(table.headings) == 1)
        raise TableError(f"{error}{also}", (f"To predict {name}", {"target": name})) from None


def _refuse_several(table, targets):
    features = tuple(heading for heading in table.own if heading not in targets)
    raise TableError(
        f"target: expected the heading of one column of {table.file}, got {describe(targets)}; "
        "several targets need arrays",
        *[(f"To predict {name}", {"target": name, "features": features}) for name in targets if name in table.own],
    )


def nearest(error: ValueError) -> str:
    """Return the name that an error of `choice` takes to be meant, "" if there is none."""
    near = re.search(r"did you mean '(.*)'\?$", str(error))
    return near[1] if near else ""


def targets_of(table: Table, target: str, kind: str | None) -> tuple[np.ndarray, np.ndarray]:
    """Return (targets, gaps), each (N,): numbers if all are, else words; and where they are missing.

    Raises TableError for a few words among numbers, and for dates, unless kind says what they are.
    """
    cells, wrong = table.cells(target), table.wrong[target]
    if not wrong and np.isfinite(table.values[target]).any():
        if kind != "classes":
            table.check_open(target)
        return table.values[target], np.isnan(table.values[target])
    few = table.few_wrong(target) and len(cells) > 2 * len(wrong)
    if wrong and (kind == "numbers" or (kind is None and few)):
        rows = [table.rows[place] for place in wrong]
        words, ways = table.skipping(rows) if few else ("", [])
        raise TableError(
            f"{table.file}, row {rows[0]}, column {target}: expected a number, as in the other rows, got "
            f"{describe(cells[wrong[0]])}{and_more(len(rows))}{words}",
            *ways,
            ("As classes", {"kind": "classes"}),
        )
    if wrong and kind is None and table.has_dates(target):
        raise TableError(
            f"{table.file}, row {table.rows[wrong[0]]}, column {target}: expected numbers or classes to predict, got "
            f"{describe(cells[wrong[0]])}, a date; the days since the first date are numbers",
            *other_targets(table, target),
            ("Each date as a class", {"kind": "classes"}),
        )
    missing = set(filter(is_missing, set(cells)))
    return np.array(cells), np.array([cell in missing for cell in cells])


def check_classes(table: Table, target: str, targets: np.ndarray, kind: str | None) -> None:
    """Raise TableError for fewer than two classes or too many, with the last column that would do."""
    try:
        as_targets(targets, kind)
    except ValueError as error:
        raise TableError(f"{table.file}, column {target}: {error}", *other_targets(table, target)) from None


def other_targets(table: Table, target: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the way to predict the last other column of numbers or classes; none if there is no such column."""
    for name in reversed(table.own):
        numbers = not table.wrong[name] and len(np.unique(table.values[name])) > 1
        if name != target and (numbers or 2 <= len(table.found(name)) <= min(MOST_CLASSES, len(table.rows) / 2)):
            return [(f"To predict {name}", {"target": name, "kind": None})]
    return []
