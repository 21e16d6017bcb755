"""A learner's own table as inputs and targets: what cannot be taken is named, with the call that would take it."""

from __future__ import annotations

import os
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import axes, choice, describe
from tinymlp.csvfile import decoded, split
from tinymlp.frames import inputs_of, is_frame, rows_of
from tinymlp.own_target import check_classes, check_target, nearest, other_targets, targets_of
from tinymlp.table import Table, TableError, and_more, rows_named
from tinymlp.taken import LEAVE_OUT, Taken, of_arrays

if TYPE_CHECKING:
    from typing import Any

YES = {"yes", "y", "true", "t", "ja", "j", "oui", "si", "s\u00ed", "wahr", "vrai", "vero"}
GAPS = 0.2  # the share of missing cells from which a column is the first to be left out
TRIES = 8


def take(
    data: Any, target: Any, others: dict[str, Any], *, features: Any = (), kind: str | None = None,
    missing: str | None = None, **of_a_table: Any,
) -> tuple[Taken, str, str]:  # fmt: skip
    """Return what is Taken of a learner's own data, the heading of its target and the name of its file, or "" for none.

    data, target and options as `problems.problem` takes them; others: its options that matter elsewhere.
    Raises ValueError, naming row and column of a table, with the calls that would work.
    """
    features = _names("features", features)
    of_a_table = {option: _checked(option, value) for option, value in of_a_table.items()}
    options = {"features": features, "kind": kind, "missing": missing} | of_a_table
    if isinstance(data, str | os.PathLike):
        path = os.fspath(data)
        return _of_file(path, target, others, options), target, os.path.splitext(os.path.basename(path))[0]
    several = np.ndim(target) == 2 and np.shape(target)[1] > 1
    if is_frame(data) and not several and options.get("headings") is None:
        return *_of_frame(data, target, others, options), ""
    for option, value in of_a_table.items():
        if value is not None and value != ():
            raise ValueError(f"{option}: expected the path of a CSV file with it, got {describe(type(data))}")
    if is_frame(data):
        data, features = inputs_of(data, features)
    return of_arrays(data, target, features, missing), "", ""


def _checked(option, value):
    """Return the value of an option of tables as the others expect it."""
    if option == "skip":
        return axes(option, value)
    names = option == "zero_one" or (option == "headings" and value is not None and value is not True)
    return _names(option, value) if names else value


def _names(option, value):
    """Return one name or several as a tuple; ValueError for anything else."""
    names = (value,) if isinstance(value, str) else tuple(value) if np.iterable(value) else (value,)
    if not all(isinstance(name, str) for name in names):
        raise ValueError(f"{option}: expected names, got {describe(value)}")
    return names


def _of_file(path, target, others, options):
    file = os.path.basename(path)
    try:
        with open(path, "rb") as opened:
            found = split(file, *decoded(file, opened.read()))
    except OSError as error:
        raise ValueError(f"data: expected a CSV file, got {file}: {error.strerror}") from None
    table = cache(partial(Table, file, found, target))  # the calls to be offered mostly need the same one again
    return _taken_or_told(table, target, partial(_call, repr(path), {}), others, options)


def _of_frame(data, target, others, options):
    """Return (Taken, heading): rows are counted from 0, as in the frame; an unnamed target has no heading."""
    found, heading = rows_of(data, target)
    table = cache(lambda _, *how: Table("data", found, heading, True, *how))
    given = {heading: "target"} if np.ndim(target) and isinstance(heading, str) else {}
    taken = _taken_or_told(table, heading, partial(_call, "data", given), others, options)
    return taken, "" if given and heading == "target" else heading


def _taken_or_told(table, target, call, others, options):
    try:
        return _take(table, target, **options)
    except TableError as refused:
        ways = [_working(table, {"target": target} | options, way) for way in refused.ways]
        calls = [f"\n  {words}:\n    {call(working | others)}" for words, working in filter(None, ways)]
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


def _call(data, names, options):
    """Return a call in words: data as it is written; names: how a target is written that is no heading."""
    options = dict(options)
    target = options.pop("target")
    given = [f"{name}={value!r}" for name, value in options.items() if value is not None and value != ()]
    return f"tm.problems.problem({', '.join([data, names.get(target, repr(target)), *given])})"


def _take(
    table_of, target, features=(), kind=None, missing=None, zero_one=(), headings=None, decimal=None, skip=()
):  # fmt: skip
    leave_out = missing is not None and choice("missing", missing, (LEAVE_OUT,)) == LEAVE_OUT
    if decimal is not None:
        choice("decimal", decimal, (".", ","))
    table = table_of(headings, skip, decimal)
    if not leave_out:
        table.check_short()
    check_target(table, target)
    asked = bool(features)
    features = features or tuple(heading for heading in table.own if heading != target)
    for option, names in (("features", features), ("zero_one", zero_one)):
        _check_names(option, names, [heading for heading in table.headings if heading != target])
    if not features:
        _refuse_alone(table, target)
    said = [table.said]
    targets, gaps = targets_of(table, target, kind)
    if not gaps.any():
        check_classes(table, target, targets, kind)
    columns = {name: _two_words(table, name, said) for name in features if name in zero_one}
    _check_numbers(table, target, [name for name in features if name not in zero_one])
    X = np.column_stack([columns.get(name, table.values[name]) for name in features])
    kept = _without_gaps(table, target, features, X, gaps, leave_out)
    if not kept.all():
        check_classes(table, target, targets[kept], kind)
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


def _check_names(option, names, headings):
    """Raise TableError for a name that is none of the headings, with the names that would do."""
    for name in names:
        try:
            choice(option, name, headings)
        except ValueError as error:
            near = nearest(error)
            others = tuple(near if other == name else other for other in names if near or other != name)
            words = f"With {near}" if near else f"Without {name}"
            raise TableError(str(error), *([(words, {option: others})] if others else [])) from None


def _refuse_alone(table, target):
    """Raise TableError for a table that has no column beside the target, but for some that are not learnt from."""
    numbers = tuple(name for name in table.headings if name != target and not table.wrong[name])
    raise TableError(
        f"data: expected a column beside {target} to learn from, got none in {table.file}"
        + ("" if numbers else f": nothing can be learnt from {target} alone"),
        *([(f"From {', '.join(numbers)}, which was taken for row numbers", {"features": numbers})] if numbers else []),
    )


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
    return sorted(table.found(heading), key=lambda word: (word.casefold() in YES, word))


def _check_numbers(table, target, features):
    """Raise TableError unless the columns hold numbers, whose decimal mark is known."""
    wrong = [name for name in features if table.wrong[name]]
    words = [name for name in wrong if not table.few_wrong(name)]
    if not wrong:
        for name in features:
            table.check_open(name)
        return
    name = (words or wrong)[0]
    places = table.wrong[name]
    cell = table.cells(name)[places[0]]
    message = f"{table.file}, row {table.rows[places[0]]}, column {name}: expected a number, got {describe(cell)}"
    if not words:
        rows = sorted({table.rows[place] for name in wrong for place in table.wrong[name]})
        words, ways = table.skipping(rows)
        raise TableError(f"{message}{and_more(len(places))}{words}", *ways, *_without(table, target, features, wrong))
    message += ", a date" if table.has_dates(name) else f", and words in {len(places)} rows" * (len(places) > 1)
    message += f"; so have {', '.join(words[1:])}" if words[1:] else ""
    two = [name for name in words if len(table.found(name)) == 2 and not table.has_dates(name)]
    ways = _without(table, target, features, words)
    if not ways and not two:
        message += (
            f"; no other column holds numbers, so there is nothing to predict {target} from: add a column of them, "
        )
        message += (
            "such as the days since the first date"
            if table.has_dates(name)
            else "such as 1 for a word and 0 for others"
        )
        ways = other_targets(table, target)
    if two:
        kept = tuple(name for name in features if name not in words or name in two)
        ways.append(
            (f"With the two words of {' and '.join(two)} as 0 and 1", {"features": kept, "zero_one": tuple(two)})
        )
    raise TableError(message, *ways)


def _without(table, target, features, names):
    """Return the way that leaves columns out: a list with none if no other column holds numbers."""
    kept = tuple(name for name in features if name not in names)
    kept = kept or tuple(name for name in table.own if name != target and not table.wrong[name])
    return [("Without the column" + "s" * (len(names) > 1), {"features": kept})] if kept else []


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
