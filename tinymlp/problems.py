"""Learning problems: a network, its data, initial parameters and the settings of a run."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import axes, choice, describe, finite_array, one_number, remember, whole
from tinymlp.csvfile import split
from tinymlp.inputs import COORDINATES, checked_inputs, of_points
from tinymlp.network import forward, loss
from tinymlp.own_table import take
from tinymlp.params import MLP, Params
from tinymlp.taken import in_words
from tinymlp.targets import FITS, Units, as_targets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False)
class Problem:
    """A network, its data X (N, D) and y (N, C), initial parameters, eta, gamma, and a name for the page.

    features and classes name the columns of X and what the targets stand for; X_held and y_held are the held-out test
    set, or None; velocity is that before the first step, or None for zeros. points (N, 2) and points_held: where the
    samples lie in the plane, if X is made from that by the functions of `inputs.INPUTS` that the features name. recipe:
    what made the problem, a `recipes.Recipe`, or None. units: those of the targets, if these were standardised; taken:
    what was taken of a learner's own data, in a few lines. Raises ValueError if the parts do not fit together. The data
    are copied and read-only.
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
    points: np.ndarray | None = None
    points_held: np.ndarray | None = None
    recipe: Any = None
    units: Units | None = None
    taken: str = ""

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
        for name, X in (("points", self.X), ("points_held", self.X_held)):
            self._check_points(name, X)
        # These calls raise the errors for data that do not fit the network.
        self._check_start(self.X, self.y)
        if self.X_held is not None:
            self._check_start(self.X_held, self.y_held)

    def _check_points(self, name, X):
        points = getattr(self, name)
        if points is None:
            return
        points = _copied(name, points)
        if X is None or points.shape != (len(X), 2) or not np.array_equal(of_points(points, self.features), X):
            raise ValueError(f"{name}: expected the points that the inputs are made from, got {describe(points)}")
        object.__setattr__(self, name, remember(points))

    @property
    def plane(self) -> np.ndarray | None:
        """Where the samples lie in the plane (N, 2); None if there are more than two inputs of another kind."""
        return self.X if self.points is None and self.net.sizes[0] == 2 else self.points

    @property
    def plane_held(self) -> np.ndarray | None:
        """Where the held-out samples lie in the plane; None if there are none, or no plane."""
        return self.X_held if self.points is None and self.net.sizes[0] == 2 else self.points_held

    def from_plane(self, points: np.ndarray) -> np.ndarray:
        """Return the inputs X (..., N, D) of points (..., N, 2) in the plane; ValueError if there is no such plane."""
        if self.plane is None:
            raise ValueError(f"points: expected a problem with two inputs, got {self.net.sizes[0]}: {self.features}")
        return points if self.points is None else of_points(points, self.features)

    def in_units(self, p: ArrayLike) -> np.ndarray:
        """Return predictions or targets (..., C) in the units that they had before they were standardised."""
        return np.asarray(p) if self.units is None else self.units.of(p)

    @property
    def first_velocity(self) -> Params:
        """The velocity before the first step, as Params."""
        return self.net.zeros() if self.velocity is None else self.velocity

    def __repr__(self):
        held = "" if self.X_held is None else f", {len(self.X_held)} held out"
        return (
            f"Problem {self.name!r}: {'-'.join(map(str, self.net.sizes))} network, {len(self.X)} samples{held}, "
            f"eta {self.eta:g}, gamma {self.gamma:g}"
        ) + (f"\n{self.taken}" if self.taken else "")

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


SHAPES = {  # of the line between two classes
    "sine": lambda x: 0.7 * np.sin(2.5 * x),
    "cubic": lambda x: x**3 - x,
    "v": lambda x: 1.2 * abs(x) - 0.7,
    "parabola": lambda x: 0.8 * x**2 - 0.6,
}


def curve(
    n: int = 80, noise: float = 0.05, rng: np.random.Generator | None = None, shape: str = "sine", **options: Any
) -> Problem:
    """Return points above and below a curve: a sine, a cubic, a V or a parabola (shape)."""
    rng, n, noise = _made(rng, n, noise)
    points = rng.uniform(-1.3, 1.3, (n, 2))
    line = SHAPES[choice("shape", shape, SHAPES)](points[:, 0])
    labels = (points[:, 1] + noise * rng.normal(size=n) < line).astype(int)
    labels[:2] = 0, 1  # in a small sample each class has one
    points[:2, 1] = line[:2] + np.array([0.3, -0.3])
    return _problem("curve", points, labels, ("above", "below"), rng, **options)


def plane(n: int = 80, noise: float = 0.1, rng: np.random.Generator | None = None, **options: Any) -> Problem:
    """Return points with a number each that rises evenly from one corner of the square to the other: regression."""
    rng, n, noise = _made(rng, n, noise)
    points = rng.uniform(-1.3, 1.3, (n, 2))
    values = points.sum(axis=1, keepdims=True) / 2 + noise * rng.normal(size=(n, 1))
    return _problem("plane", points, values, (), rng, **{"eta": 0.1} | options)


HILLS = np.array([[-0.7, 0.7], [0.7, 0.7], [0.7, -0.7], [-0.7, -0.7]])  # two hills and two hollows, by turns


def hills(n: int = 160, noise: float = 0.1, rng: np.random.Generator | None = None, **options: Any) -> Problem:
    """Return points with a number each: the height of a land with two hills and two hollows. Regression."""
    rng, n, noise = _made(rng, n, noise)
    points = rng.uniform(-1.3, 1.3, (n, 2))
    distances = np.linalg.norm(points[:, np.newaxis] - HILLS, axis=-1)
    values = (np.exp(-((distances / 0.45) ** 2)) * (1, -1, 1, -1)).sum(axis=1, keepdims=True)
    return _problem("hills", points, values + noise * rng.normal(size=(n, 1)), (), rng, **{"eta": 0.1} | options)


PENGUIN_FILE = os.path.join(os.path.dirname(__file__), "data", "penguins.csv")
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
    with open(PENGUIN_FILE, encoding="utf-8") as opened:
        (_, headings), *cells = split("penguins.csv", opened.read()).rows
    rows = [dict(zip(headings, row, strict=True)) for _, row in cells]
    rows = [row for row in rows if "NA" not in (row[feature] for feature in features)]
    X = np.array([[float(row[feature]) for feature in features] for row in rows])
    species = sorted({row["species"] for row in rows})
    labels = np.array([species.index(row["species"]) for row in rows])
    options = {"sizes": (8,), "eta": 0.2, "standardise": True} | options
    return _problem("penguins", X, labels, species, _generator(rng), features=features, held_out=held_out, **options)


DATASETS = {
    made.__name__: made
    for made in (
        worked_example, one_neuron, xor, blobs, moons, circles, spiral, overlap, curve, plane, hills, penguins,
    )
}  # fmt: skip


def named(name: str, **options: Any) -> Problem:
    """Return the Problem of a data set by its name in DATASETS, with its options; ValueError for another name."""
    return DATASETS[choice("name", name, DATASETS)](**options)


# A learner's own data ------------------------------------------------------------------------------------------------


def problem(
    data: Any,
    target: Any,
    *,
    kind: str | None = None,
    classes: Sequence[str] = (),
    name: str | None = None,
    rng: np.random.Generator | None = None,
    features: str | Sequence[str] = (),
    missing: str | None = None,
    standardise: bool | str | None = None,
    zero_one: str | Sequence[str] = (),
    headings: Any = None,
    decimal: str | None = None,
    skip: Sequence[int] = (),
    **options: Any,
) -> Problem:
    """Return a Problem made from a learner's own data. What was taken stands in its repr, and in `taken`.

    data: a table X (N, D) with `target` its labels or numbers (N,) or (N, C); the path of a CSV file, with `target` the
    heading of the column to predict; or a data frame or a dict of columns, with either of these. kind: "classes" or
    "numbers"; by default words are classes, and so are whole numbers of at most ten different values, each there at
    least twice. classes: their names in order, where some may be missing from the data. features: the names of the
    inputs; of a table with headings those of the columns to learn from, by default all but row numbers. missing: "leave
    out" leaves out rows with missing cells. standardise: True gives the inputs, and a target of numbers, mean 0 and
    spread 1 over the samples to learn from; "target" the target alone, as is done by default with numbers beyond 10;
    False neither.

    Of a table with headings only: zero_one, headings of columns of two words (no and yes) to take as 0 and 1; decimal,
    "." or ",", where it cannot be told; skip, rows to leave out, numbered as in the file, or from 0 as in a data frame.
    Of a file only: headings, names for the columns of a file without, or True if its first row holds them though it
    looks like a sample.

    Further options: sizes, hidden, eta, gamma, held_out and start, as for the data sets above.
    Raises ValueError for what cannot be read, naming row and column of a file, and the call that would work.
    """
    others = {"classes": classes, "name": name, "standardise": standardise} | options
    taken, heading, file = take(
        data, target, others, features=features, kind=kind, missing=missing, zero_one=zero_one, headings=headings,
        decimal=decimal, skip=skip,
    )  # fmt: skip
    labels, names, words = as_targets(taken.targets, kind, classes)
    if standardise is None:
        standardise = "target" if not names and abs(labels).max() > FITS else False
    options |= {
        "features": taken.features, "standardise": standardise, "target": heading or "prediction",
        "taken": in_words(taken, heading, words, standardise, bool(names)),
    }  # fmt: skip
    return _problem(name or file or "own data", taken.X, labels, names, _generator(rng), **options)


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
    standardise=False, start="lecun", inputs=COORDINATES, loss=None, recipe=None, target="prediction", taken="",
):  # fmt: skip
    """Return a Problem with random initial parameters. Labels (whole numbers) or targets (N, C) decide output and loss.

    sizes: of the hidden layers; hidden: their activation, or one for each; held_out: the share of the samples that
    makes the held-out test set; standardise: give each column mean 0 and spread 1 over the samples to learn from, and
    targets that are numbers too ("target": these alone); target: the name of these; start: as for `MLP.init`; inputs:
    names from `inputs.INPUTS`, what the network is given of points in the plane;
    loss: "squared" in place of the cross-entropy that classes have.
    """
    if not classes:
        y, output, cost = labels, "identity", "squared"
    elif len(classes) == 2:
        y, output, cost = labels[:, np.newaxis].astype(float), "sigmoid", "cross_entropy"
    else:
        y, output, cost = np.eye(len(classes))[labels], "softmax", "cross_entropy"
    if loss is not None and choice("loss", loss, ("cross_entropy", "squared")) != cost:
        if not classes:
            raise ValueError(f"loss: expected 'squared', as the targets are numbers and no classes, got {loss!r}")
        output, cost = "sigmoid", "squared"
    order = rng.permutation(len(X))
    held = round(one_number("held_out", held_out, least=0, most=1) * len(X))
    if held >= len(X):
        raise ValueError(f"held_out: expected a share that leaves samples to train on, got {held_out}")
    kept, rest = order[held:], order[:held]
    if standardise not in (True, False):
        choice("standardise", standardise, ("target",))
    units = None
    if standardise and not classes:
        units = Units(target, *_mean_and_spread(y[kept]))
        y = (y - units.mean) / units.spread
    if standardise and standardise != "target":
        mean, spread = _mean_and_spread(X[kept])
        X = (X - mean) / spread
    points, inputs = None, checked_inputs(inputs)
    if inputs != COORDINATES:
        points, X = X, of_points(X, inputs)
        features = inputs
    if isinstance(sizes, str):
        raise ValueError(f"sizes: expected the sizes of the hidden layers, e.g. (8, 8), got {sizes!r}")
    net = MLP((X.shape[1], *axes("sizes", sizes), y.shape[1]), hidden=hidden, output=output, loss=cost)
    where = {} if points is None else {"points": points[kept], "points_held": points[rest] if held else None}
    return Problem(
        net, X[kept], y[kept], net.init(rng, start=start), eta, gamma, name, features, classes,
        *((X[rest], y[rest]) if held else (None, None)), recipe=recipe, units=units, taken=taken, **where,
    )  # fmt: skip


def _mean_and_spread(values):
    """Return mean and standard deviation of each column; 1 for the spread of one that does not vary."""
    with np.errstate(over="ignore", invalid="ignore"):
        spread = values.std(axis=0)
    if not np.isfinite(spread).all():
        raise ValueError("standardise: expected numbers with a finite standard deviation, got some that are too large")
    return values.mean(axis=0), np.where(spread > 0, spread, 1)
