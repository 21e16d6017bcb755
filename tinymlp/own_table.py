"""A learner's own table as inputs and targets: what cannot be taken is named, with the call that would take it."""

from __future__ import annotations

import os
import re
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import choice, describe
from tinymlp.csvfile import decoded, split
from tinymlp.numerals import is_missing
from tinymlp.table import Table, TableError, and_more, rows_named
from tinymlp.taken import LEAVE_OUT, Taken
from tinymlp.targets import MOST_CLASSES, as_targets

if TYPE_CHECKING:
    from typing import Any

YES = {"yes", "y", "true", "t", "ja", "j", "oui", "si", "s\u00ed", "wahr", "vrai", "vero"}
DATE = re.compile(r"[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{1,4}([T ].*)?|[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?")
GAPS = 0.2  # the share of missing cells from which a column is the first to be left out
TRIES = 8


def read_table(path: str, target: Any, others: dict[str, Any], **options: Any) -> Taken:
    """Return what is Taken of a CSV file.

    options: features, kind, missing, zero_one, headings, decimal and skip, as `problems.problem` takes them; others:
    its options that matter elsewhere. Raises ValueError, naming row and column, with the calls that would work.
    """
    file = os.path.basename(path)
    try:
        with open(path, "rb") as opened:
            found = split(file, *decoded(file, opened.read()))
    except OSError as error:
        raise ValueError(f"data: expected a CSV file, got {file}: {error.strerror}") from None
    table = cache(partial(Table, file, found, target))  # the calls to be offered mostly need the same one again
    try:
        return _take(table, target, **options)
    except TableError as refused:
        ways = [_working(table, {"target": target} | options, way) for way in refused.ways]
        calls = [f"\n  {words}:\n    {_call(path, working | others)}" for words, working in filter(None, ways)]
        raise ValueError(f"{refused}{''.join(calls)}") from None


def _working(table, options, way):
    """Return (words, options) of a call that works: this way, and what else it takes; None if there is none."""
    words = []
    for _ in range(TRIES):
        words.append(way[0])
        options = _changed(options, way[1])
        try:
            _take(table, **options)
        except TableError as refused:
            if not refused.ways:
                return None
            way = refused.ways[0]
        except ValueError:
            return None
        else:
            return ", ".join([words[0], *(word[0].lower() + word[1:] for word in words[1:])]), options
    return None


def _changed(options, changes):
    """Return options with changes: rows to skip and columns of two words are added to those asked for."""
    more = [name for name in ("skip", "zero_one") if name in changes]
    return options | changes | {name: tuple(sorted({*options.get(name, ()), *changes[name]})) for name in more}


def _call(path, options):
    options = dict(options)
    target = options.pop("target")
    given = [f"{name}={value!r}" for name, value in options.items() if value is not None and value != ()]
    return f"tm.problems.problem({', '.join([repr(path), repr(target), *given])})"


def _take(
    table_of, target, features=(), kind=None, missing=None, zero_one=(), headings=None, decimal=None, skip=()
):  # fmt: skip
    leave_out = missing is not None and choice("missing", missing, (LEAVE_OUT,)) == LEAVE_OUT
    if decimal is not None:
        choice("decimal", decimal, (".", ","))
    table = table_of(headings, skip, decimal)
    if not leave_out:
        table.check_short()
    _check_target(table, target)
    asked = bool(features)
    features = features or tuple(heading for heading in table.own if heading != target)
    for option, names in (("features", features), ("zero_one", zero_one)):
        for name in names:
            choice(option, name, [heading for heading in table.headings if heading != target])
    if not features:
        raise TableError(f"data: expected a column beside {target} to learn from, got none in {table.file}")
    said = [table.said]
    targets, gaps = _targets(table, target, kind)
    if not gaps.any():
        _check_classes(table, target, targets, kind)
    columns = {name: _two_words(table, name, said) for name in features if name in zero_one}
    _check_numbers(table, target, [name for name in features if name not in zero_one])
    X = np.column_stack([columns.get(name, table.values[name]) for name in features])
    kept = _without_gaps(table, target, features, X, gaps, leave_out)
    if not kept.all():
        _check_classes(table, target, targets[kept], kind)
    return Taken(X[kept], targets[kept], features, said, _left_out(table, target, features, asked, kept))


def _left_out(table, target, features, asked, kept):
    """Return in words what was left out: by the table, of its columns, and rows with gaps."""
    left_out = list(table.left_out)
    unused = [name for name in table.headings if name not in features and name != target]
    if asked and unused:
        left_out.append(f"not asked for: {', '.join(unused)}")
    elif unused:
        why = "which {}".format
        left_out += [
            f"{name}, {why('counts the rows' if name in table.named else 'has no heading')}" for name in unused
        ]
    if not kept.all():
        rows = [table.rows[place] for place in np.flatnonzero(~kept)]
        left_out.append(f"{len(rows)} row{'s' * (len(rows) > 1)} with missing cells ({rows_named(rows)})")
    return left_out


# Inputs --------------------------------------------------------------------------------------------------------------


def _two_words(table, heading, said):
    """Return a column of two words as 0 and 1, NaN where one is missing, and say which is which."""
    words = _words(table, heading)
    if len(words) != 2:
        got = f"{len(words)}: {', '.join(map(repr, words[:4]))}{', ...' if len(words) > 4 else ''}"
        raise TableError(f"zero_one: expected a column of two words, got {heading}, which has {got}")
    said.append(f"{heading}: {words[0]} is 0, {words[1]} is 1")
    numbers = dict(zip(words, (0.0, 1.0), strict=True))
    return np.array([numbers.get(cell, np.nan) for cell in table.cells(heading)])


def _words(table, heading):
    """Return the different words of a column, those that mean yes last."""
    return sorted(_found(table, heading), key=lambda word: (word.casefold() in YES, word))


def _found(table, heading):
    return {cell for cell in set(table.cells(heading)) if not is_missing(cell)}


def _few_wrong(table, heading):
    """Return whether a column is one of numbers, but for a few cells."""
    return len(table.wrong[heading]) < np.isfinite(table.values[heading]).sum() / 2 + 1


def _check_numbers(table, target, features):
    """Raise TableError unless the columns hold numbers, whose decimal mark is known."""
    wrong = [name for name in features if table.wrong[name]]
    words = [name for name in wrong if not _few_wrong(table, name)]
    if not wrong:
        for name in features:
            if name in table.open:
                _refuse_open(table, name)
        return
    name = (words or wrong)[0]
    places = table.wrong[name]
    cell = table.cells(name)[places[0]]
    message = f"{table.file}, row {table.rows[places[0]]}, column {name}: expected a number, got {describe(cell)}"
    if not words:
        rows = sorted({table.rows[place] for name in wrong for place in table.wrong[name]})
        ways = [(f"Without {rows_named(rows)}", {"skip": tuple(rows)})] if len(rows) < len(table.rows) / 2 + 1 else []
        raise TableError(f"{message}{and_more(len(places))}", *ways, *_without(table, target, features, wrong))
    message += ", a date" if _is_date(table, name) else f", and words in {len(places)} rows" * (len(places) > 1)
    message += f"; so have {', '.join(words[1:])}" if words[1:] else ""
    two = [name for name in words if len(_found(table, name)) == 2 and not _is_date(table, name)]
    ways = _without(table, target, features, words)
    message += "" if ways or two else "; no other column holds numbers"
    if two:
        kept = tuple(name for name in features if name not in words or name in two)
        ways.append(
            (f"With the two words of {' and '.join(two)} as 0 and 1", {"features": kept, "zero_one": tuple(two)})
        )
    raise TableError(message, *ways)


def _is_date(table, heading):
    cells = [cell for cell in table.cells(heading) if not is_missing(cell)]
    return all(map(DATE.fullmatch, cells[:20]))


def _without(table, target, features, names):
    """Return the way that leaves columns out: a list with none if no other column holds numbers."""
    kept = tuple(name for name in features if name not in names)
    kept = kept or tuple(name for name in table.own if name != target and not table.wrong[name])
    return [("Without the column" + "s" * (len(names) > 1), {"features": kept})] if kept else []


def _refuse_open(table, name):
    cells = table.cells(name)
    place = next(k for k, cell in enumerate(cells) if "." in cell or "," in cell)
    mark, other, named = (".", ",", "point") if "." in cells[place] else (",", ".", "comma")
    raise TableError(
        f"{table.file}, row {table.rows[place]}, column {name}: expected clear numbers, got "
        f"{describe(cells[place])}, whose {named} may be that of decimals or of thousands",
        ("With decimals", {"decimal": mark}),
        ("With thousands", {"decimal": other}),
    )


def _without_gaps(table, target, features, X, gaps, leave_out):
    """Return which rows (N,) have no missing cell. Raises TableError if some have, unless they may be left out."""
    empty = np.column_stack([np.isnan(X), gaps])
    kept = ~empty.any(axis=1)
    if kept.all() or (leave_out and kept.sum() >= 2):
        return kept
    full = tuple(name for name, share in zip(features, empty.mean(axis=0), strict=False) if share <= GAPS)
    fewer = {"features": full} if kept.mean() < 0.5 and full and full != features else {}
    row, count = int(np.flatnonzero(~kept)[0]), int((~kept).sum())
    name = [*features, target][int(np.flatnonzero(empty[row])[0])]
    cell = table.cells(name)[row]
    got = f"got {describe(cell)}, which is missing" if cell else "got an empty cell"
    some = f"; {count} of {len(kept)} rows have missing cells" if count > 1 else ""
    words = f"Without the {count} rows" if count > 1 else f"Without row {table.rows[row]}"
    words = "Without the columns that miss most, and rows with gaps in the others" if fewer else words
    raise TableError(
        f"{table.file}, row {table.rows[row]}, column {name}: expected a {'value' if name == target else 'number'}, "
        f"{got}{some}",
        *([(words, {"missing": LEAVE_OUT} | fewer)] if fewer or not leave_out else []),
    )


# The target ----------------------------------------------------------------------------------------------------------


def _check_target(table, target):
    if target in table.empty:
        raise TableError(f"{table.file}, column {target}: expected values, got empty cells alone")
    if target in table.twice:
        names = [name for name in table.headings if name.startswith(f"{target} (column ")]
        ways = [(f"To predict {name}", {"target": name}) for name in names[:2]]
        raise TableError(f"{table.file}: expected one column {target}, got {len(names)}: {', '.join(names)}", *ways)
    try:
        choice("target", target, table.headings)
    except ValueError as error:
        near = re.search(r"did you mean '(.*)'\?$", str(error))
        name = near[1] if near else table.headings[-1]
        raise TableError(str(error), (f"To predict {name}", {"target": name})) from None


def _targets(table, target, kind):
    """Return (targets, gaps), each (N,): numbers if all are, else words; and where they are missing."""
    cells, wrong = table.cells(target), table.wrong[target]
    if not wrong and np.isfinite(table.values[target]).any():
        if target in table.open and kind != "classes":
            _refuse_open(table, target)
        return table.values[target], np.isnan(table.values[target])
    few = _few_wrong(table, target) and len(cells) > 2 * len(wrong)
    if wrong and (kind == "numbers" or (kind is None and few)):
        rows = [table.rows[place] for place in wrong]
        raise TableError(
            f"{table.file}, row {rows[0]}, column {target}: expected a number, as in the other rows, got "
            f"{describe(cells[wrong[0]])}{and_more(len(rows))}",
            *([(f"Without {rows_named(rows)}", {"skip": tuple(rows)})] if few else []),
            ("As classes", {"kind": "classes"}),
        )
    missing = set(filter(is_missing, set(cells)))
    return np.array(cells), np.array([cell in missing for cell in cells])


def _check_classes(table, target, targets, kind):
    """Raise TableError for fewer than two classes or too many, with the last column that would do."""
    try:
        as_targets(targets, kind)
    except ValueError as error:
        raise TableError(f"{table.file}, column {target}: {error}", *_other_targets(table, target)) from None


def _other_targets(table, target):
    for name in reversed(table.own):
        numbers = not table.wrong[name] and len(np.unique(table.values[name])) > 1
        if name != target and (numbers or 2 <= len(_found(table, name)) <= MOST_CLASSES):
            return [(f"To predict {name}", {"target": name, "kind": None})]
    return []
