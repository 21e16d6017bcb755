"""A data frame, or a dict of columns, as rows of cells: what is told of a file's table is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import describe
from tinymlp.csvfile import Rows

if TYPE_CHECKING:
    from typing import Any

MISSING = {"None", "nan", "<NA>", "NaT"}  # as the values that stand for a missing one are written


def is_frame(data: Any) -> bool:
    """Return whether data is a dict of columns, or has `columns` and `to_numpy()` as a data frame has."""
    return isinstance(data, Mapping) or (hasattr(data, "columns") and hasattr(data, "to_numpy"))


def rows_of(data: Any, target: Any) -> tuple[Rows, Any]:
    """Return (Rows, heading of the target) of a frame: the headings, row -1, and its rows, counted from 0.

    target: a heading or several, or a value for each row (N,) or (N, 1), which becomes a column unless it is one.
    Raises ValueError for columns or a target that are not as long as the others.
    """
    columns = _columns(data)
    headings, cells = [heading for heading, _ in columns], [column for _, column in columns]
    count = len(cells[0]) if cells else 0
    if np.ndim(target) == 0:
        target = str(target)
    elif np.ndim(target) > 1 or len(target) == count or not set(map(str, target)) <= set(headings):
        if len(target) != count:
            raise ValueError(f"target: expected a heading, or one for each of the {count} rows, got {describe(target)}")
        values, target = _cells(np.asarray(target).reshape(count)), str(getattr(target, "name", None) or "target")
        if (target, values) not in columns:
            target += " (target)" * (target in headings)
            headings, cells = [*headings, target], [*cells, values]
    rows = [(n, list(row)) for n, row in enumerate(zip(*cells, strict=True))]
    return Rows([(-1, headings), *rows], "", 0, 0, "UTF-8"), target


def inputs_of(data: Any, features: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
    """Return (X (N, D), headings) of a frame, all of its columns or those asked for; ValueError for other headings."""
    columns = dict(_columns(data))
    names = features or tuple(columns)
    for name in names:
        if name not in columns:
            raise ValueError(f"features: expected headings of the data, got {name!r}")
    values = data if isinstance(data, Mapping) else dict(zip(columns, np.asarray(data.to_numpy()).T, strict=True))
    return np.column_stack([np.array(np.asarray(values[name]).tolist()) for name in names]), names


def _columns(data):
    """Return (heading, cells) of each column."""
    if isinstance(data, Mapping):
        headings, values = list(data), [np.asarray(column) for column in data.values()]
    else:
        headings, values = list(data.columns), list(np.asarray(data.to_numpy()).T)
    shapes = {str(heading): column.shape for heading, column in zip(headings, values, strict=True)}
    if len(set(shapes.values())) > 1 or any(column.ndim != 1 for column in values):
        raise ValueError(f"data: expected columns of one length, got the shapes {describe(shapes)}")
    return [(str(heading), _cells(column)) for heading, column in zip(headings, values, strict=True)]


def _cells(values):
    texts = values.astype(str) if values.dtype.kind in "mM" else values
    return ["" if text in MISSING else text.strip() for text in map(str, texts.tolist())]
