"""Share codes: a run as a short text to paste into a mail or a chat, and back. Nothing in a code is ever executed.

A code is `tm1.`, the run's data as compressed JSON in URL-safe base64, and a checksum. JSON writes a float with enough
digits to restore every bit.
"""

import base64
import json
import zlib
from dataclasses import asdict, astuple

import numpy as np

from tinymlp.activations import ACTIVATIONS
from tinymlp.checks import choice, describe, finite_array, one_number, whole
from tinymlp.inputs import of_points
from tinymlp.momentum import RULES
from tinymlp.params import MLP, Params
from tinymlp.problems import Problem
from tinymlp.recipes import MOST_SAMPLES, Recipe
from tinymlp.record import State
from tinymlp.schedules import KINDS, schedule
from tinymlp.targets import Units
from tinymlp.training import Training, checked_training

PREFIX = "tm1."
MOST_TEXT = 400_000  # characters
MOST_JSON = 1_000_000  # bytes: nothing is unpacked beyond this


def encode(data):
    """Return the code for data made of dicts, lists, strings, ints and finite floats; ValueError if it is too large."""
    plain = json.dumps(data, separators=(",", ":"), allow_nan=False).encode()
    text = base64.urlsafe_b64encode(zlib.compress(plain, 9)).decode().rstrip("=")
    if len(plain) > MOST_JSON or len(text) > MOST_TEXT:
        raise ValueError(f"code: expected at most {MOST_JSON} bytes to share, got {len(plain)}: the data are too large")
    return f"{PREFIX}{text}.{_checksum(text)}"


def decode(code):
    """Return the data of a code; ValueError if damaged, cut short, too large, or not a code. Whitespace is ignored."""
    if not isinstance(code, str):
        raise ValueError(f"code: expected a text that begins with {PREFIX}, got {type(code).__name__}")
    if len(code) > 2 * MOST_TEXT:
        raise ValueError(f"code: expected at most {MOST_TEXT} characters, got {len(code)}")
    code = "".join(code.split())
    if not code.startswith(PREFIX):
        raise ValueError(f"code: expected a text that begins with {PREFIX}, got {code[:20]!r}")
    text, _, checksum = code.removeprefix(PREFIX).rpartition(".")
    if not text or checksum != _checksum(text):
        raise ValueError("code: expected the checksum at its end to match, got a code that is damaged or cut short")
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(packed, MOST_JSON + 1)
        if len(plain) > MOST_JSON or not unpacker.eof:
            raise ValueError(f"expected at most {MOST_JSON} bytes")
        return json.loads(plain, parse_constant=_no_constant)
    except (ValueError, zlib.error, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(f"code: expected compressed JSON, got something else ({error})") from None


def _checksum(text):
    return f"{zlib.crc32(text.encode('ascii', 'replace')):08x}"


def _no_constant(name):
    raise ValueError(f"expected finite numbers, got {name}")


# A run as plain data, and back ---------------------------------------------------------------------------------------


def run_to_data(run, record, rule, training, schedule):
    """Return a run as data for `encode`: how it started, the edited states and the current one."""
    problem, net = run.problem, run.problem.net
    held = 0 if problem.X_held is None else len(problem.X_held)
    _check_size(net, len(problem.X) + held, record.end)
    states = []
    for t in sorted(record.edited | {run.t}):
        state = run.at(t).state
        memory = [part.flat.tolist() if isinstance(part, Params) else part for part in state.memory]
        settings = [state.eta, state.gamma, _rule_name(state.rule), state.ceiling]
        since = [memory, _schedule_data(state.schedule), state.since, list(astuple(state.training))]
        states.append([t, state.params.flat.tolist(), state.velocity.flat.tolist(), *settings, *since])
    return {
        "net": [net.sizes, net.hidden, net.output, net.loss, net.biases],
        "data": [_listed(a) for a in (problem.X, problem.y, problem.X_held, problem.y_held)],
        "start": problem.params.flat.tolist(),
        "velocity": None if problem.velocity is None else problem.velocity.flat.tolist(),
        "problem": [problem.eta, problem.gamma, problem.name, problem.features, problem.classes],
        "points": [_listed(a) for a in (problem.points, problem.points_held)],
        "units": None if problem.units is None else [problem.units.name, *map(_listed, astuple(problem.units)[1:])],
        "taken": problem.taken,
        "recipe": None if problem.recipe is None else asdict(problem.recipe),
        "training": list(astuple(training)),  # of the start; each state has its own
        "rule": _rule_name(rule),
        "schedule": _schedule_data(schedule),
        "states": states,
        "t": run.t,
        "end": record.end,
    }


def run_from_data(make, data):
    """Return the run that `run_to_data` described, by `make(...)`, a Run's arguments; ValueError for other data."""
    try:
        sizes, hidden, *others = _listed_in(data["net"], 4, 5)
        net = MLP(tuple(sizes), hidden if isinstance(hidden, str) else tuple(hidden), *others)
        X, y, X_held, y_held = _listed_in(data["data"], 4)
        eta, gamma, name, features, classes = _listed_in(data["problem"], 5)
        end, t = whole("end", data["end"]), whole("t", data["t"])
        _check_size(net, len(X) + len(X_held or ()), end)
        if not all(isinstance(text, str) for text in (name, *features, *classes)):
            raise ValueError("code: expected texts as names, got something else")
        start = Params(net, data["start"])
        velocity = Params(net, data["velocity"]) if data.get("velocity") else None
        points, points_held = _listed_in(data.get("points", [None, None]), 2)
        X, X_held = _of_points(points, features, X), _of_points(points_held, features, X_held)
        problem = Problem(
            net, X, y, start, eta, gamma, name, tuple(features), tuple(classes), X_held, y_held, velocity, points,
            points_held, _recipe(data.get("recipe"), net, X, X_held), _units(data.get("units"), net),
            _text(data.get("taken", "")),
        )  # fmt: skip
        training = Training(*_listed_in(data["training"], 5, 6))
        run = make(problem, data["rule"], training, _schedule(data.get("schedule", ["constant"])))
        last = -1
        for state in data["states"]:
            when, *rest = _listed_in(state, 7, 11)
            if max(whole("t", when), t) > end:
                raise ValueError(f"code: expected states up to t = {end}, got one at t = {max(when, t)}")
            if when <= last:  # else two states could send the run back and forth, its steps redone each time
                raise ValueError(f"code: expected states in chronological order, got t = {when} after {last}")
            last = when
            run.restore(when, _state(net, training, when, *rest))
    except (KeyError, TypeError, AttributeError, IndexError, OverflowError) as error:
        raise ValueError(f"code: expected what Run.code writes, got other data ({error!r})") from None
    run.goto(end).goto(min(t, end))
    if (run.t, run.end) != (t, end):
        raise ValueError(f"code: expected a run of {end} steps at t = {t}, got one that stops at t = {run.end}")
    return run


def _units(data, net):
    """Return the Units that a code describes, or None; ValueError for others."""
    if data is None:
        return None
    name, *numbers = _listed_in(data, 3)
    mean, spread = (finite_array("units", values) for values in numbers)
    if mean.shape != (net.sizes[-1],) or spread.shape != mean.shape or not (spread > 0).all():
        raise ValueError(f"code: expected units of {net.sizes[-1]} outputs, got others")
    return Units(_text(name), mean, spread)


def _text(value):
    if not isinstance(value, str):
        raise ValueError(f"code: expected a text, got {describe(value)}")
    return value


def _of_points(points, features, X):
    """Return X (N, D), made anew where it is made from points: a sine may differ in its last bit on another machine."""
    if points is None:
        return X
    made = of_points(points, features)
    if made.shape != np.shape(X) or not np.allclose(made, finite_array("X", X), rtol=1e-12, atol=1e-12):
        raise ValueError("code: expected inputs that are made from the points, got others")
    return made


def _recipe(data, net, X, X_held):
    """Return the Recipe that a code describes, or None; ValueError unless it makes this network and as many samples."""
    if data is None:
        return None
    if not isinstance(data, dict) or set(data) != set(asdict(Recipe())):
        raise ValueError(f"code: expected the fields of a recipe, got {describe(data)}")
    own = _listed_in(data["own"], 0, MOST_SAMPLES)
    for sample in own:
        x1, x2, target = _listed_in(sample, 3)
        finite_array("own", [x1, x2, 0 if isinstance(target, str) else target])
    choice("hidden", data["hidden"], ACTIVATIONS)
    recipe = Recipe(**data | {name: tuple(_listed_in(data[name], 0, 7)) for name in ("inputs", "sizes")} | {"own": own})
    with np.errstate(all="ignore"):
        made = recipe.problem()
    held = None if made.X_held is None else made.X_held.shape
    if made.net != net or made.X.shape != np.shape(X) or held != (None if X_held is None else np.shape(X_held)):
        raise ValueError(f"code: expected a recipe of the network and the samples it comes with, got {recipe}")
    return recipe


def _listed_in(values, least, most=None):
    """Return `values`; ValueError unless it is a list of `least` (up to `most`: earlier versions wrote fewer)."""
    if not isinstance(values, list) or not least <= len(values) <= (most or least):
        raise ValueError(f"code: expected a list of {least}, got {describe(values)}")
    return values


def _state(
    net, first, when, params, velocity, eta, gamma, rule, ceiling, memory=(), schedule=("constant",), since=0,
    training=None,
):  # fmt: skip
    """Return the State that a code describes; first: the Training of the start, for codes that know no other."""
    eta, gamma = one_number("eta", eta, least=0), one_number("gamma", gamma, least=0, most=1)
    ceiling = one_number("ceiling", ceiling, least=0)
    rule = RULES[choice("rule", rule, RULES)]
    if whole("since", since) > when:
        raise ValueError(f"code: expected settings from before t = {when}, got some of t = {since}")
    if memory and rule.remember is not None:
        squares, steps = memory
        squares = Params(net, squares)
        if squares.flat.min() < 0:
            raise ValueError("code: expected squares of at least 0, got others")
        memory = (squares, whole("steps", steps, least=1))
    elif memory:
        raise ValueError(f"code: expected no memory for the rule {rule.name}, got {describe(memory)}")
    training = first if training is None else checked_training(Training(*_listed_in(training, 5, 6)), net)
    return State(
        Params(net, params), Params(net, velocity), eta, gamma, rule, ceiling, tuple(memory), _schedule(schedule),
        since, training,
    )  # fmt: skip


def _rule_name(rule):
    if RULES.get(rule.name) is not rule:
        raise ValueError(f"rule: expected one of {', '.join(RULES)} to share, got {rule}")
    return rule.name


def _schedule_data(schedule):
    for kind, made in KINDS.items():
        if type(schedule) is made:
            return [kind, *astuple(schedule)]
    raise ValueError(f"schedule: expected one of {', '.join(KINDS)} to share, got {describe(schedule)}")


def _schedule(data):
    kind, *numbers = data
    return schedule(kind, *numbers)


def _listed(array):
    return None if array is None else array.tolist()


def _check_size(net, samples, steps):
    """Raise ValueError if a run is too large to share: whoever loads its code must recompute its steps."""
    numbers = samples * sum(net.sizes) + 2 * net.count
    seconds = steps * (1e-4 + 1e-8 * (samples * net.count + 10 * numbers))
    if numbers > 500_000 or seconds > 0.5:
        raise ValueError(
            f"code: expected a run that can be recomputed in half a second, got {steps} steps of {net.count} "
            f"parameters with {samples} samples; dataclasses.replace(run.problem, params=run.params) makes a problem "
            "that starts from here"
        )
