"""The architecture of a network, and its parameters as one flat vector with named parts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tinymlp.activations import ACTIVATIONS, softmax
from tinymlp.checks import axes, choice, describe, finite_array, one_number, whole
from tinymlp.losses import LOSSES
from tinymlp.starts import STARTS, drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from numpy.typing import ArrayLike


class made_once:  # noqa: N801, a decorator
    """A property that is worked out when it is first asked for, and then kept in the object's own `__dict__`.

    As functools.cached_property, without the lock that it has in Python 3.11: a microsecond at every step counts.
    """

    def __init__(self, method):
        self.method, self.name, self.__doc__ = method, method.__name__, method.__doc__

    def __get__(self, owner, kind=None):
        if owner is None:
            return self
        value = owner.__dict__[self.name] = self.method(owner)
        return value


BIASES = ("each", "shared", "none")


class Entry(NamedTuple):
    """One parameter: the array that holds it, and its place there. Entry("W1", (0, 1)) equals ("W1", (0, 1))."""

    name: str
    index: tuple[int, int]  # type: ignore[assignment]  # in place of a method of tuples that nobody needs here

    @property
    def layer(self) -> int:
        """The layer it belongs to, counted from 1."""
        return int(self.name[1:])

    @property
    def is_bias(self) -> bool:
        """Whether it is a bias, and not a weight."""
        return self.name[0] == "b"

    @property
    def source(self) -> int:
        """The unit of the layer before that a weight comes from, counted from 0."""
        return self.index[0]

    @property
    def unit(self) -> int:
        """The unit of its own layer that it leads to, counted from 0."""
        return self.index[1]


@dataclass(frozen=True)
class MLP:
    """The architecture of a fully connected network: layer sizes, activations and loss, but no parameter values.

    sizes: the numbers of inputs, of units in each hidden layer, and of outputs, e.g. (3, 2, 1).
    hidden: the activation of the hidden layers, "silu", "sigmoid", "tanh", "relu", "leaky_relu" or "identity"; or one
    of them for each hidden layer, e.g. ("tanh", "relu").
    (output, loss): ("sigmoid", "cross_entropy"), ("softmax", "cross_entropy"), or any activation with "squared".
    biases: "each" unit has its own, all units of a layer have one that is "shared", or there are "none".
    Raises ValueError for anything else.
    """

    sizes: tuple[int, ...]
    hidden: str | tuple[str, ...] = "silu"
    output: str = "sigmoid"
    loss: str = "cross_entropy"
    biases: str = "each"

    def __post_init__(self):
        object.__setattr__(self, "sizes", _sizes(self.sizes))
        object.__setattr__(self, "hidden", _hidden(self.hidden, len(self.sizes) - 2))
        choice("output", self.output, [*ACTIVATIONS, "softmax"])
        choice("loss", self.loss, dict.fromkeys(loss for _, loss in LOSSES))
        choice("biases", self.biases, BIASES)
        if (self.output, self.loss) not in LOSSES:
            pairs = ", ".join(map(str, LOSSES))
            raise ValueError(f"output and loss: expected one of {pairs}, got {(self.output, self.loss)}")

    def __repr__(self):
        # A sheet of homework is drawn from this text: what is as usual stays unsaid, so that old sheets stay the same.
        biases = "" if self.biases == "each" else f", biases={self.biases!r}"
        return f"MLP(sizes={self.sizes}, hidden={self.hidden!r}, output={self.output!r}, loss={self.loss!r}{biases})"

    @made_once
    def shapes(self) -> dict[str, tuple[int, int]]:
        """The core shape of each parameter, by name and in order: W1 (D, H), b1 (1, H) or (1, 1), W2, b2, ..."""
        shapes = {}
        for layer, (inputs, units) in enumerate(zip(self.sizes, self.sizes[1:], strict=False), start=1):
            shapes[f"W{layer}"] = (inputs, units)
            if self.biases != "none":
                shapes[f"b{layer}"] = (1, units if self.biases == "each" else 1)
        return shapes

    @made_once
    def slices(self) -> dict[str, slice]:
        """The slice of the flat vector that holds each parameter, by name and in order."""
        ends = np.cumsum([rows * columns for rows, columns in self.shapes.values()]).tolist()
        return {name: slice(start, end) for name, start, end in zip(self.shapes, [0, *ends], ends, strict=False)}

    @made_once
    def layout(self) -> tuple[tuple[slice, tuple[int, int]], ...]:
        """The (slice, shape) of each parameter in the flat vector, in order."""
        return tuple(zip(self.slices.values(), self.shapes.values(), strict=True))

    @made_once
    def count(self) -> int:
        """P, the number of parameters: 11 for sizes (3, 2, 1)."""
        return sum(rows * columns for rows, columns in self.shapes.values())

    @made_once
    def entries(self) -> tuple[Entry, ...]:
        """Every single parameter as an Entry (name, index), in the order of the flat vector."""
        return tuple(Entry(name, index) for name, shape in self.shapes.items() for index in np.ndindex(shape))

    @made_once
    def activations(self) -> tuple[str, ...]:
        """The name of each layer's activation, the last one the output's: ("silu", "sigmoid")."""
        hidden = (self.hidden,) * (len(self.sizes) - 2) if isinstance(self.hidden, str) else self.hidden
        return (*hidden, self.output)

    @made_once
    def functions(self) -> tuple[Callable, ...]:
        """The function of each layer's activation."""
        return tuple(softmax if name == "softmax" else ACTIVATIONS[name][0] for name in self.activations)

    @made_once
    def costs(self) -> tuple[Callable, Callable]:
        """The loss of each sample, and its slope at the output: see `losses`."""
        return LOSSES[self.output, self.loss]

    @made_once
    def slopes(self) -> tuple[Callable, ...]:
        """The slope of each hidden layer's activation."""
        return tuple(ACTIVATIONS[name][1] for name in self.activations[:-1])

    def position(self, name: str, index: tuple[int, int]) -> int:
        """Return where the entry `name[index]` stands in the flat vector; ValueError if there is none."""
        choice("name", name, self.shapes)
        shape = self.shapes[name]
        try:
            rows_columns = tuple(whole("index", i) for i in index)
            return self.slices[name].start + int(np.ravel_multi_index(rows_columns, shape))
        except (TypeError, ValueError):
            raise ValueError(
                f"index: expected two whole numbers, below {shape[0]} and {shape[1]} for {name}, got {describe(index)}"
            ) from None

    def entry(self, given: Any, argument: str = "entry") -> Entry:
        """Return `given`, a pair such as ("W1", (0, 1)), as an Entry of this network; ValueError if it is none."""
        try:
            name, index = () if isinstance(given, str) else given  # type: ignore[misc]
        except (TypeError, ValueError):
            expected = 'expected a name and an index, as ("W1", (0, 0))'
            raise ValueError(f"{argument}: {expected}, got {describe(given)}") from None
        return self.entries[self.position(name, index)]

    def params(self, **arrays: ArrayLike) -> Params:
        """Return the Params with these arrays: W1 (..., D, H), b1 (..., 1, H), W2, ...; leading axes broadcast.

        Raises ValueError for a missing or unknown name, a wrong shape, or a number that is not finite.
        """
        if set(arrays) != set(self.shapes):
            raise ValueError(f"params: expected {', '.join(self.shapes)}, got {', '.join(arrays) or 'nothing'}")
        given = {name: finite_array(name, arrays[name]) for name in self.shapes}
        for name, (rows, columns) in self.shapes.items():
            if given[name].shape[-2:] != (rows, columns):
                raise ValueError(f"{name}: expected shape (..., {rows}, {columns}), got {given[name].shape}")
        leadings = {name: array.shape[:-2] for name, array in given.items()}
        try:
            leading = np.broadcast_shapes(*leadings.values())
        except ValueError:
            raise ValueError(f"params: expected leading axes that broadcast, got {leadings}") from None
        flat = np.empty((*leading, self.count))
        for name, part in self.slices.items():
            flat[..., part] = given[name].reshape(*given[name].shape[:-2], -1)
        return trusted(self, flat)

    def join(self, arrays: Iterable[np.ndarray]) -> Params:
        """Return the Params made of these arrays, in order and all with the same leading axes: nothing is checked."""
        return trusted(self, np.concatenate([a.reshape(*a.shape[:-2], -1) for a in arrays], axis=-1))

    def zeros(self, leading: int | tuple[int, ...] = ()) -> Params:
        """Return Params of zeros, e.g. the initial velocity."""
        return trusted(self, np.zeros((*axes("leading", leading), self.count)))

    def init(self, rng: np.random.Generator, leading: int | tuple[int, ...] = (), start: str = "lecun") -> Params:
        """Return a start: biases 0, and weights as `start` names them, random in most; 0.1 * net.init(rng) is smaller.

        start: "zeros", "equal", "small", "large", "lecun", "glorot" or "he": `starts` gives the sources. rng:
        a numpy Generator; leading: the leading axes, e.g. (100,) for a hundred starts.
        Raises ValueError for anything else.
        """
        if not isinstance(rng, np.random.Generator):
            raise ValueError(f"rng: expected a numpy Generator, e.g. np.random.default_rng(0), got {describe(rng)}")
        before = axes("leading", leading)
        weights = drawn(STARTS[choice("start", start, STARTS)], rng, self.sizes, before)
        flat = np.zeros((*before, self.count))
        for layer, W in enumerate(weights, start=1):
            flat[..., self.slices[f"W{layer}"]] = W.reshape(*before, -1)
        return trusted(self, flat)


def _sizes(given):
    try:
        sizes = tuple(given)
    except TypeError:
        sizes = ()
    if len(sizes) < 2 or isinstance(given, str):
        raise ValueError(f"sizes: expected at least inputs and outputs, e.g. (3, 2, 1), got {describe(given)}")
    return tuple(whole("sizes", size, least=1) for size in sizes)


def _hidden(given, layers):
    """Return the activation of the hidden layers: one name, or a tuple of names where they differ."""
    if isinstance(given, str):
        return choice("hidden", given, ACTIVATIONS)
    names = tuple(given) if isinstance(given, tuple | list) else ()
    if not all(isinstance(name, str) for name in names) or not isinstance(given, tuple | list):
        raise ValueError(
            f'hidden: expected the activation of the hidden layers, e.g. "tanh", got {describe(given)}; '
            "layer sizes go into sizes"
        )
    names = tuple(choice("hidden", name, ACTIVATIONS) for name in names)
    if len(names) != layers:
        raise ValueError(f"hidden: expected one activation, or one for each of {layers} hidden layers, got {names}")
    return names[0] if len(set(names)) == 1 else names or "silu"


class Params:
    """The parameters of a network, or anything of the same shape (gradients, velocities): a vector with named parts.

    `.flat` (..., P) is the vector, read-only; `.W1` (..., D, H), `.b1` (..., 1, H), `.W2`, ... are views of it.
    Params can be added, subtracted, and multiplied by a number or by an array over the leading axes.
    """

    # Numpy must not turn `array * params` into an array of products: it defers to Params, which knows its axes.
    __array_ufunc__ = None

    def __init__(self, net: MLP, flat: ArrayLike) -> None:
        """Copy `flat` (..., P). Raises ValueError unless it holds finite numbers in that shape."""
        if not isinstance(net, MLP):
            raise ValueError(f"net: expected an MLP, got {describe(net)}")
        flat = np.array(finite_array("flat", flat))
        if flat.ndim == 0 or flat.shape[-1] != net.count:
            raise ValueError(f"flat: expected shape (..., {net.count}), got {flat.shape}")
        flat.setflags(write=False)
        self.__dict__.update(net=net, flat=flat)

    @made_once
    def layers(self) -> list[tuple[np.ndarray, Any]]:
        """The pair (W, b) of each layer, first to last; b is 0.0 in a network without biases."""
        return layers_of(self.net, self.flat)

    @property
    def leading(self) -> tuple[int, ...]:
        """The leading axes: () for one network."""
        return self.flat.shape[:-1]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self.net.shapes:
            raise AttributeError(f"Params of sizes {self.net.sizes} have no {name!r}, only flat, net, layers, "
                                 f"{', '.join(self.net.shapes)}")  # fmt: skip
        return self.layers[int(name[1:]) - 1][name[0] == "b"]

    def __getitem__(self, name: str) -> np.ndarray:
        """Return the array called `name`, e.g. params["W1"] for params.W1."""
        choice("name", name, self.net.shapes)
        return getattr(self, name)

    def __setattr__(self, name, value):
        raise AttributeError(
            "Params are values and never change: make new ones, e.g. with .replace(name, index, value)"
        )

    def position(self, name: str, index: tuple[int, int]) -> int:
        """Return where the entry `name[index]` stands in the flat vector; ValueError if there is none."""
        return self.net.position(name, index)

    def replace(self, name: str, index: tuple[int, int], value: ArrayLike) -> Params:
        """Return Params with the entry `name[index]` set to `value`, a number or an array over (new) leading axes."""
        position, values = self.net.position(name, index), finite_array(name, value)
        try:
            leading = np.broadcast_shapes(self.leading, values.shape)
        except ValueError:
            raise _no_broadcast(name, self.leading, values.shape) from None
        flat = np.broadcast_to(self.flat, (*leading, self.net.count)).copy()
        flat[..., position] = values
        return trusted(self.net, flat)

    def scaled(self, factor: float) -> Params:
        """Return Params with every weight times a number, and the biases as they are."""
        flat, factor = self.flat.copy(), one_number("factor", factor)
        for name, part in self.net.slices.items():
            if name[0] == "W":
                flat[..., part] *= factor
        return trusted(self.net, flat + 0.0)  # + 0.0 turns -0.0 into 0.0

    def __add__(self, other: Params) -> Params:
        flat = self._flat_of(other)
        try:
            return trusted(self.net, self.flat + flat)
        except ValueError:
            raise _no_broadcast("Params", self.leading, other.leading) from None

    def __sub__(self, other: Params) -> Params:
        flat = self._flat_of(other)
        try:
            return trusted(self.net, self.flat - flat)
        except ValueError:
            raise _no_broadcast("Params", self.leading, other.leading) from None

    def __mul__(self, factor: Any) -> Params:
        if isinstance(factor, Params):
            raise ValueError("factor: expected a number or an array over the leading axes, got Params")
        if type(factor) is not float or not math.isfinite(factor):
            factor = finite_array("factor", factor)[..., np.newaxis]
        try:
            return trusted(self.net, self.flat * factor)
        except ValueError:
            raise _no_broadcast("factor", self.leading, factor.shape[:-1]) from None

    __rmul__ = __mul__

    def __neg__(self) -> Params:
        return trusted(self.net, -self.flat)

    def _flat_of(self, other):
        if not isinstance(other, Params) or (other.net is not self.net and other.net != self.net):
            raise ValueError(f"Params: expected Params of the network {self.net}, got {describe(other)}")
        return other.flat

    def __eq__(self, other):
        return isinstance(other, Params) and self.net == other.net and np.array_equal(self.flat, other.flat)

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self):
        return trusted, (self.net, self.flat)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __repr__(self):
        if self.leading:
            return f"Params of sizes {self.net.sizes} with leading axes {self.leading}"
        if self.net.count > 60:
            return f"Params of sizes {self.net.sizes}, {self.net.count} numbers"
        rounded = (np.round(self[name], 4) + 0.0 for name in self.net.shapes)  # + 0.0 turns -0.0 into 0.0
        return "\n".join(f"{name} = {array.tolist()}" for name, array in zip(self.net.shapes, rounded, strict=True))


_new = object.__new__


def trusted(net: MLP, flat: np.ndarray) -> Params:
    """Return Params that take over an array without checks or a copy: only for arrays that we have just computed."""
    flat.setflags(write=False)
    params = _new(Params)
    values = params.__dict__
    values["net"] = net
    values["flat"] = flat
    return params


def layers_of(net: MLP, flat: np.ndarray) -> list[tuple[np.ndarray, Any]]:
    """Return the pair (W, b) of each layer, first to last, as views of `flat` (..., P); b is 0.0 without biases."""
    if flat.ndim == 1:
        arrays = [flat[part].reshape(shape) for part, shape in net.layout]
    else:
        arrays = [flat[..., part].reshape(flat.shape[:-1] + shape) for part, shape in net.layout]
    return [(W, 0.0) for W in arrays] if net.biases == "none" else list(zip(arrays[::2], arrays[1::2], strict=True))


def _no_broadcast(name, leading, other):
    return ValueError(f"{name}: expected leading axes that broadcast with {leading}, got {other}")
