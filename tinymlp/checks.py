"""Input checks: every error names the argument, what was expected and what it got."""

import sys
import weakref

import numpy as np

LARGEST = sys.float_info.max
_KNOWN = {}  # the id of a read-only array: (weak reference to it, what it was checked for)


def remember(array, *found):
    """Make an array read-only, remember that its numbers are finite and what else was `found` to hold, and return it.

    It is not checked again then, at each of ten thousand steps.
    """
    array.flags.writeable = False
    key = id(array)
    _KNOWN[key] = (weakref.ref(array, lambda _: _KNOWN.pop(key, None)), {"finite", *found})
    return array


def is_known(value, found="finite"):
    """Return whether `value` is an array that `remember` was told this of."""
    known = _KNOWN.get(id(value))
    return known is not None and known[0]() is value and found in known[1] and not value.flags.writeable


def finite_array(name, value):
    """Return `value` as a float64 array; ValueError unless it is an array of finite real numbers."""
    if is_known(value):
        return value
    if type(value) is not np.ndarray or value.dtype != np.float64:
        value = _as_float_array(name, value)
    if not np.isfinite(value).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(value))[0])
        raise ValueError(f"{name}: expected finite numbers, got {value[where]} at index {where}")
    return value


def _as_float_array(name, value):
    expected = f"{name}: expected an array of real numbers"
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise ValueError(f"{expected}, got a masked array with missing entries")
    try:
        array = np.asarray(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{expected}, got {describe(value)} ({error})") from None
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{expected}, got {describe(value)}")
    return array.astype(np.float64)


def number(name, value, least, most=LARGEST):
    """Return `value`, a finite real number or array of them, at least `least` and at most `most`; else ValueError."""
    if type(value) is not float:
        value = finite_array(name, value)
        value = float(value) if value.ndim == 0 else value
    low, high = (value, value) if type(value) is float else (value.min(initial=least), value.max(initial=least))
    # A comparison with NaN is false, so `not (a <= b)` catches it.
    if not (least <= low and high <= most):
        limits = f"at least {least:g}" if most == LARGEST else f"from {least:g} to {most:g}"
        raise ValueError(f"{name}: expected a finite number {limits}, got {describe(value)}")
    return value


def one_number(name, value, least=-LARGEST, most=LARGEST):
    """Return `value` as a float; ValueError unless it is one finite number, at least `least` and at most `most`."""
    given = value if isinstance(value, str) else number(name, value, least, most)
    if not isinstance(given, float):
        raise ValueError(f"{name}: expected one number, got {describe(value)}")
    return given


def axes(name, value):
    """Return `value`, a whole number or several, as a tuple of axis lengths; ValueError for anything else."""
    value = tuple(value) if np.iterable(value) else (value,)
    return tuple(whole(name, length) for length in value)


def whole(name, value, least=0):
    """Return `value` as an int; ValueError unless it is a whole number, at least `least`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name}: expected a whole number, at least {least}, got {describe(value)}")
    return int(value)


def choice(name, value, options):
    """Return `value`; ValueError unless it is one of `options`, with the nearest of them."""
    if not isinstance(value, str) or value not in options:
        nearest = _nearest(value, options)
        hint = f"; did you mean {nearest!r}?" if nearest else ""
        raise ValueError(f"{name}: expected one of {', '.join(map(repr, options))}, got {describe(value)}{hint}")
    return value


def _nearest(value, options):
    from difflib import get_close_matches  # here: who makes no mistake need not pay for it

    found = get_close_matches(value.lower(), options, n=1, cutoff=0.5) if isinstance(value, str) else []
    return found[0] if found else ""


def describe(value):
    """Return a short text for an error message: an array by shape and type, all else by repr, cut to 60 characters."""
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape} and type {value.dtype}"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
