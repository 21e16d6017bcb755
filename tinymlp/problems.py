"""Learning problems: a network, its data, initial parameters and the settings of a run."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import axes, choice, describe, finite_array, one_number, remember, whole
from tinymlp.network import forward, loss
from tinymlp.params import MLP, Params

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


@dataclass(frozen=True, eq=False)
class Problem:
    """A network, its data X (N, D) and y (N, C), initial parameters, eta, gamma, and a name for the page.

    features and classes name the columns of X and what the targets stand for; X_held and y_held are the held-out test
    set, or None; velocity is that before the first step, or None for zeros. Raises ValueError if the parts do not fit
    together. The data are copied and read-only.
    """

    net: MLP
    X: np.ndarray
    y: np.ndarray
    params: Params
    eta: float
    gamma: float
    name: str = "problem"
    features: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    X_held: np.ndarray | None = None
    y_held: np.ndarray | None = None
    velocity: Params | None = None

    def __post_init__(self):
        if not isinstance(self.net, MLP):
            raise ValueError(f"net: expected an MLP, got {describe(self.net)}")
        for name, value in (("params", self.params), ("velocity", self.first_velocity)):
            if not isinstance(value, Params) or value.net != self.net or value.leading:
                raise ValueError(f"{name}: expected Params of the network {self.net}, got {describe(value)}")
            finite_array(name, value.flat)
        if (self.X_held is None) != (self.y_held is None):
            raise ValueError("X_held and y_held: expected both or neither, got one of them")
        values = {name: _copied(name, getattr(self, name)) for name in ("X", "y")}
        if self.X_held is not None:
            values |= {name: _copied(name, getattr(self, name)) for name in ("X_held", "y_held")}
        values["eta"] = one_number("eta", self.eta, least=0)
        values["gamma"] = one_number("gamma", self.gamma, least=0, most=1)
        values["features"] = tuple(self.features) or tuple(f"x{i + 1}" for i in range(self.net.sizes[0]))
        values["classes"] = tuple(self.classes)
        for name, value in values.items():
            object.__setattr__(self, name, value)
        if len(self.features) != self.net.sizes[0]:
            raise ValueError(f"features: expected {self.net.sizes[0]} names, got {self.features}")
        # These calls raise the errors for data that do not fit the network.
        self._check_start(self.X, self.y)
        if self.X_held is not None:
            self._check_start(self.X_held, self.y_held)

    @property
    def first_velocity(self) -> Params:
        """The velocity before the first step, as Params."""
        return self.net.zeros() if self.velocity is None else self.velocity

    def __repr__(self):
        held = "" if self.X_held is None else f", {len(self.X_held)} held out"
        return (
            f"Problem {self.name!r}: {'-'.join(map(str, self.net.sizes))} network, {len(self.X)} samples{held}, "
            f"eta {self.eta:g}, gamma {self.gamma:g}"
        )

    def _check_start(self, X, y):
        with np.errstate(all="ignore"):
            start = loss(forward(self.params, X), y)
        if not np.isfinite(start):
            raise ValueError(f"X and params: expected numbers that give a finite loss at the start, got {start}")
        remember(X)
        remember(y, self.net.output)


def _copied(name, data):
    data = np.array(finite_array(name, data))
    if data.ndim != 2:
        raise ValueError(f"{name}: expected two axes, samples and columns, got shape {data.shape}")
    return data


def worked_example() -> Problem:
    """Return the network of the original notebook: 3-2-1, three samples, eta 0.8, gamma 0.9."""
    net = MLP(sizes=(3, 2, 1), hidden="silu", output="sigmoid", loss="cross_entropy")
    start = net.params(
        W1=[[0.4, -0.3], [0.2, 0.2], [-0.5, 0.1]],
        b1=[[0, -0.4]],
        W2=[[0.3], [-0.1]],
        b2=[[0.1]],
    )
    X = np.array([[1, 0, 0.5], [0.1, 0.5, 1], [0, 1, 0.7]])
    y = np.array([[1], [0], [0]])
    return Problem(net, X, y, start, eta=0.8, gamma=0.9, name="worked example")


def one_neuron() -> Problem:
    """Return a single neuron with one input and four samples: the target is 0 for small inputs, 1 for large ones."""
    net = MLP(sizes=(1, 1))
    start = net.params(W1=[[1.0]], b1=[[0.0]])
    X, y = np.array([[-2], [0.5], [2], [4]]), np.array([[0], [0], [1], [1]])
    return Problem(net, X, y, start, eta=0.5, gamma=0.0, name="one neuron")


# Synthetic data: each takes the sample count n, the noise, a numpy Generator, and the options of `_problem` ----------


def xor(n: int = 40, noise: float = 0.15, rng: np.random.Generator | None = None, **options: Any) -> Problem:
    """Return four clouds at the corners of a square, opposite corners in one class: no straight line separates them."""
    rng, n, noise = _made(rng, n, noise)
    corners = np.arange(n) % 4
    points = np.column_stack([corners % 2, corners // 2]) * 2.0 - 1 + noise * rng.normal(size=(n, 2))
    return _problem("xor", points, (corners % 2) ^ (corners // 2), ("same", "different"), rng, **options)


def blobs(
    n: int = 60, noise: float = 0.35, rng: np.random.Generator | None = None, classes: int = 3, **options: Any
) -> Problem:
    """Return round clouds, one for each class, their centres on a circle."""
    rng, n, noise = _made(rng, n, noise)
    labels = np.arange(n) % whole("classes", classes, least=2)
    angles = 2 * np.pi * labels / classes
    points = np.column_stack([np.cos(angles), np.sin(angles)]) + noise * rng.normal(size=(n, 2))
    return _problem("blobs", points, labels, tuple(f"blob {k + 1}" for k in range(classes)), rng, **options)


def moons(n: int = 80, noise: float = 0.1, rng: np.random.Generator | None = None, **options: Any) -> Problem:
    """Return two interleaving half circles."""
    rng, n, noise = _made(rng, n, noise)
    labels = np.arange(n) % 2
    angles = np.pi * rng.random(n)
    upper = np.column_stack([np.cos(angles) - 0.5, np.sin(angles) - 0.25])
    points = np.where(labels[:, np.newaxis], -upper, upper) + noise * rng.normal(size=(n, 2))
    return _problem("moons", points, labels, ("upper", "lower"), rng, **options)


def circles(n: int = 80, noise: float = 0.08, rng: np.random.Generator | None = None, **options: Any) -> Problem:
    """Return two concentric rings, the inner one with half the radius."""
    rng, n, noise = _made(rng, n, noise)
    labels = np.arange(n) % 2
    angles, radius = 2 * np.pi * rng.random(n), np.where(labels, 0.5, 1.0)
    points = radius[:, np.newaxis] * np.column_stack([np.cos(angles), np.sin(angles)])
    return _problem("circles", points + noise * rng.normal(size=(n, 2)), labels, ("outer", "inner"), rng, **options)


def spiral(
    n: int = 120, noise: float = 0.03, rng: np.random.Generator | None = None, turns: float = 1.25, **options: Any
) -> Problem:
    """Return two arms of a spiral, wound round each other `turns` times."""
    rng, n, noise = _made(rng, n, noise)
    turns = one_number("turns", turns, least=0)
    labels = np.arange(n) % 2
    along = np.sqrt(rng.uniform(0.02, 1, n))
    angles = 2 * np.pi * turns * along + np.pi * labels
    points = along[:, np.newaxis] * np.column_stack([np.cos(angles), np.sin(angles)])
    options = {"sizes": (16, 16), "eta": 0.1} | options
    return _problem(
        "spiral", points + noise * rng.normal(size=(n, 2)), labels, ("one arm", "other arm"), rng, **options
    )


def overlap(n: int = 12, noise: float = 1.0, rng: np.random.Generator | None = None, **options: Any) -> Problem:
    """Return two clouds that overlap heavily, so that the samples pull against each other.

    For the lessons on momentum: with gamma 0.9 most runs overshoot here, and with gamma 0 hardly any does.
    """
    rng, n, noise = _made(rng, n, noise)
    labels = np.arange(n) % 2
    points = np.where(labels, 0.5, -0.5)[:, np.newaxis] + noise * rng.normal(size=(n, 2))
    options = {"sizes": (2,), "hidden": "silu", "eta": 0.8} | options
    return _problem("overlap", points, labels, ("left", "right"), rng, **options)


PENGUIN_FEATURES = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")


def penguins(
    features: str | Sequence[str] = PENGUIN_FEATURES,
    rng: np.random.Generator | None = None,
    held_out: float = 0.25,
    **options: Any,
) -> Problem:
    """Return the Palmer penguins: predict one of three species from measurements of bill, flipper and body mass.

    features: the input columns, by name. Two birds without measurements are left out; columns are standardised with
    the mean and spread of the training set. Data: Gorman, Williams & Fraser 2014, CC0; source and licence stand in
    the file.
    """
    features = (features,) if isinstance(features, str) else tuple(features)
    for feature in features:
        choice("features", feature, PENGUIN_FEATURES)
    with open(os.path.join(os.path.dirname(__file__), "data", "penguins.csv"), encoding="utf-8") as lines:
        headings, *cells = _split([line for line in lines if not line.startswith("#")], ",")
    rows = [dict(zip(headings, row, strict=True)) for row in cells]
    rows = [row for row in rows if "NA" not in (row[feature] for feature in features)]
    X = np.array([[float(row[feature]) for feature in features] for row in rows])
    species = sorted({row["species"] for row in rows})
    labels = np.array([species.index(row["species"]) for row in rows])
    options = {"sizes": (8,), "eta": 0.2, "standardise": True} | options
    return _problem("penguins", X, labels, species, _generator(rng), features=features, held_out=held_out, **options)


DATASETS = {
    made.__name__: made for made in (worked_example, one_neuron, xor, blobs, moons, circles, spiral, overlap, penguins)
}


def named(name: str, **options: Any) -> Problem:
    """Return the Problem of a data set by its name in DATASETS, with its options; ValueError for another name."""
    return DATASETS[choice("name", name, DATASETS)](**options)


# A learner's own data ------------------------------------------------------------------------------------------------


def problem(
    data: Any,
    target: Any,
    *,
    kind: str | None = None,
    name: str | None = None,
    rng: np.random.Generator | None = None,
    **options: Any,
) -> Problem:
    """Return a Problem made from a learner's own data.

    data: a table X (N, D) with `target` its labels or numbers (N,) or (N, C); or the path of a CSV file with headings,
    with `target` the heading of the column to predict. Columns are split at commas, semicolons or tabs; with the last
    two, decimal commas are read too. kind: "classes" or "numbers"; by default words, and the numbers 0 and 1, are
    treated as classes. Further options: features (of a CSV: the input headings), and sizes, hidden,
    eta, gamma, held_out, standardise and start, as for the data sets above.
    Raises ValueError, naming row and column of a file, for what cannot be read.
    """
    features = options.pop("features", ())
    if isinstance(data, str | os.PathLike):
        X, target, features = _read_csv(os.fspath(data), target, features)
        name = name or os.path.splitext(os.path.basename(data))[0]
    else:
        X = finite_array("data", data)
    if X.ndim != 2 or not X.size:
        raise ValueError(f"data: expected two axes, samples and columns, got shape {X.shape}")
    try:
        values = np.asarray(target)
    except ValueError as error:
        raise ValueError(f"target: expected one for each sample, got {describe(target)} ({error})") from None
    if values.ndim not in (1, 2) or len(values) != len(X):
        raise ValueError(f"target: expected one for each of the {len(X)} samples, got shape {values.shape}")
    found = sorted(set(values.ravel().tolist())) if values.ndim == 1 and values.dtype.kind in "biufUS" else []
    if kind is None:
        kind = "classes" if values.dtype.kind in "bUS" or found in ([0, 1], [0.0, 1.0]) else "numbers"
    if choice("kind", kind, ("classes", "numbers")) == "classes":
        if not 2 <= len(found) <= 50:
            raise ValueError(f"target: expected 2 to 50 classes, got {len(found)}")
        labels, classes = np.array([found.index(value) for value in values.tolist()]), tuple(map(str, found))
    else:
        labels, classes = finite_array("target", values).reshape(len(X), -1), ()
    return _problem(name or "own data", X, labels, classes, _generator(rng), features=features, **options)


def _read_csv(path, target, features):
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
    rows = _split([line for _, line in lines], part)
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


def _split(lines, delimiter):
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


# Shared helpers ------------------------------------------------------------------------------------------------------


def _generator(rng):
    if rng is None:
        return np.random.default_rng(0)
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng: expected a numpy Generator, e.g. np.random.default_rng(0), got {describe(rng)}")
    return rng


def _made(rng, n, noise):
    return _generator(rng), whole("n", n, least=4), one_number("noise", noise, least=0)


def _problem(name, X, labels, classes, rng, **options):
    for option in options:
        if option == "activation":  # its name in earlier versions, where hidden meant the sizes
            raise ValueError("activation: expected hidden= for the activation and sizes= for the layer sizes")
        choice("option", option, _made_problem.__kwdefaults__)
    return _made_problem(name, X, labels, classes, rng, **options)


def _made_problem(
    name, X, labels, classes, rng, *, features=(), sizes=(4,), hidden="tanh", eta=0.5, gamma=0.9, held_out=0.0,
    standardise=False, start="lecun",
):  # fmt: skip
    """Return a Problem with random initial parameters. Labels (whole numbers) or targets (N, C) decide output and loss.

    sizes: of the hidden layers; hidden: their activation, or one for each; held_out: the share of the samples that
    makes the held-out test set; standardise: give each column mean 0 and spread 1 over the samples to learn from;
    start: as for `MLP.init`.
    """
    if not classes:
        y, output, cost = labels, "identity", "squared"
    elif len(classes) == 2:
        y, output, cost = labels[:, np.newaxis].astype(float), "sigmoid", "cross_entropy"
    else:
        y, output, cost = np.eye(len(classes))[labels], "softmax", "cross_entropy"
    order = rng.permutation(len(X))
    held = round(one_number("held_out", held_out, least=0, most=1) * len(X))
    if held >= len(X):
        raise ValueError(f"held_out: expected a share that leaves samples to train on, got {held_out}")
    kept, rest = order[held:], order[:held]
    if standardise:
        spread = X[kept].std(axis=0)
        X = (X - X[kept].mean(axis=0)) / np.where(spread > 0, spread, 1)
    if isinstance(sizes, str):
        raise ValueError(f"sizes: expected the sizes of the hidden layers, e.g. (8, 8), got {sizes!r}")
    net = MLP((X.shape[1], *axes("sizes", sizes), y.shape[1]), hidden=hidden, output=output, loss=cost)
    return Problem(
        net, X[kept], y[kept], net.init(rng, start=start), eta, gamma, name, features, classes,
        *((X[rest], y[rest]) if held else (None, None)),
    )  # fmt: skip
