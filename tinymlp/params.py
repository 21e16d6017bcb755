"""The names and shapes of a network, and its parameters as one vector with names."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tinymlp.activations import HIDDEN, OUTPUT
from tinymlp.checks import axes, choice, describe, finite_array, whole
from tinymlp.losses import LOSSES


@dataclass(frozen=True)
class MLP:
    """The plan of a fully connected network: layer sizes, activations and loss, but no numbers.

    sizes: inputs, hidden units of each layer, outputs, e.g. (3, 2, 1).
    hidden: "silu", "sigmoid", "tanh", "relu" or "identity".
    (output, loss): ("sigmoid", "cross_entropy"), ("softmax", "cross_entropy"), ("identity", "squared") or
    ("sigmoid", "squared").
    Raises ValueError for anything else.
    """

    sizes: tuple[int, ...]
    hidden: str = "silu"
    output: str = "sigmoid"
    loss: str = "cross_entropy"

    def __post_init__(self):
        try:
            sizes = tuple(self.sizes)
        except TypeError:
            sizes = ()
        if len(sizes) < 2:
            raise ValueError(f"sizes: expected at least inputs and outputs, e.g. (3, 2, 1), got {describe(self.sizes)}")
        object.__setattr__(self, "sizes", tuple(whole("sizes", size, least=1) for size in sizes))
        choice("hidden", self.hidden, HIDDEN)
        choice("output", self.output, OUTPUT)
        choice("loss", self.loss, [loss for _, loss in LOSSES])
        if (self.output, self.loss) not in LOSSES:
            pairs = ", ".join(map(str, LOSSES))
            raise ValueError(f"output and loss: expected one of {pairs}, got {(self.output, self.loss)}")

    @cached_property
    def shapes(self):
        """The core shape of each parameter, by name and in order: W1 (D, H), b1 (1, H), W2, b2, ..."""
        shapes = {}
        for layer, (inputs, units) in enumerate(zip(self.sizes, self.sizes[1:], strict=False), start=1):
            shapes[f"W{layer}"] = (inputs, units)
            shapes[f"b{layer}"] = (1, units)
        return shapes

    @cached_property
    def slices(self):
        """Where each parameter lies in the flat vector, by name and in order."""
        ends = np.cumsum([rows * columns for rows, columns in self.shapes.values()]).tolist()
        return {name: slice(start, end) for name, start, end in zip(self.shapes, [0, *ends], ends, strict=False)}

    @cached_property
    def layout(self):
        """The (slice, shape) of each parameter in the flat vector, in order."""
        return tuple(zip(self.slices.values(), self.shapes.values(), strict=True))

    @cached_property
    def count(self):
        """P, the number of parameters: 11 for sizes (3, 2, 1)."""
        return sum(rows * columns for rows, columns in self.shapes.values())

    @cached_property
    def entries(self):
        """Every single parameter as (name, index), in the order of the flat vector."""
        return tuple((name, index) for name, shape in self.shapes.items() for index in np.ndindex(shape))

    @cached_property
    def activations(self):
        """The function of each layer, the last one the output's."""
        return (HIDDEN[self.hidden][0],) * (len(self.sizes) - 2) + (OUTPUT[self.output],)

    def params(self, **arrays):
        """Return the Params with these arrays: W1 (..., D, H), b1 (..., 1, H), W2, ...; leading axes broadcast.

        Raises ValueError for a missing or unknown name, a wrong shape, or a number that is not finite.
        """
        if set(arrays) != set(self.shapes):
            raise ValueError(f"params: expected {', '.join(self.shapes)}, got {', '.join(arrays) or 'nothing'}")
        arrays = {name: finite_array(name, arrays[name]) for name in self.shapes}
        for name, (rows, columns) in self.shapes.items():
            if arrays[name].shape[-2:] != (rows, columns):
                raise ValueError(f"{name}: expected shape (..., {rows}, {columns}), got {arrays[name].shape}")
        leadings = {name: array.shape[:-2] for name, array in arrays.items()}
        try:
            leading = np.broadcast_shapes(*leadings.values())
        except ValueError:
            raise ValueError(f"params: expected leading axes that broadcast, got {leadings}") from None
        return self.join(np.broadcast_to(array, leading + array.shape[-2:]) for array in arrays.values())

    def join(self, arrays):
        """Return the Params made of these arrays, in order and all with the same leading axes: nothing is checked."""
        return trusted(self, np.concatenate([a.reshape(*a.shape[:-2], -1) for a in arrays], axis=-1))

    def zeros(self, leading=()):
        """Return Params of zeros, e.g. the velocity to begin with."""
        return trusted(self, np.zeros((*axes("leading", leading), self.count)))

    def init(self, rng, leading=()):
        """Return a random start: weights normal with variance 1 / inputs, biases 0.

        Source: LeCun, Bottou, Orr & Mueller 1998, Efficient BackProp, section 4.6.
        rng: a numpy Generator; leading: the leading axes, e.g. (100,) for a hundred starts.
        """
        if not isinstance(rng, np.random.Generator):
            raise ValueError(f"rng: expected a numpy Generator, e.g. np.random.default_rng(0), got {describe(rng)}")
        leading = axes("leading", leading)
        flat = np.zeros((*leading, self.count))
        for name, (inputs, units) in self.shapes.items():
            if name.startswith("W"):
                flat[..., self.slices[name]] = rng.normal(size=(*leading, inputs * units)) / np.sqrt(inputs)
        return trusted(self, flat)


class Params:
    """The parameters of a network, or anything of their shape (gradients, velocities): a vector with names.

    `.flat` (..., P) is the vector, read-only; `.W1` (..., D, H), `.b1` (..., 1, H), `.W2`, ... are views of it.
    Params add, subtract and take a factor: a number, or an array over the leading axes.
    """

    # Numpy must not take `array * params` for an array of products: it then asks Params, which knows its axes.
    __array_ufunc__ = None

    def __init__(self, net, flat):
        """Take a copy of `flat` (..., P). Raises ValueError unless it is finite numbers of that shape."""
        if not isinstance(net, MLP):
            raise ValueError(f"net: expected an MLP, got {describe(net)}")
        flat = np.array(finite_array("flat", flat))
        if flat.ndim == 0 or flat.shape[-1] != net.count:
            raise ValueError(f"flat: expected shape (..., {net.count}), got {flat.shape}")
        flat.setflags(write=False)
        self.__dict__.update(net=net, flat=flat)

    @cached_property
    def layers(self):
        """The pair (W, b) of each layer, first to last."""
        leading = self.flat.shape[:-1]
        arrays = [self.flat[..., part].reshape(leading + shape) for part, shape in self.net.layout]
        return list(zip(arrays[::2], arrays[1::2], strict=True))

    @property
    def leading(self):
        """The leading axes: () for one network."""
        return self.flat.shape[:-1]

    def __getattr__(self, name):
        if name.startswith("_") or name not in self.net.shapes:
            raise AttributeError(f"Params of sizes {self.net.sizes} have no {name!r}, only flat, net, layers, "
                                 f"{', '.join(self.net.shapes)}")  # fmt: skip
        W, b = self.layers[int(name[1:]) - 1]
        return W if name.startswith("W") else b

    def __getitem__(self, name):
        """Return the array called `name`, e.g. params["W1"] for params.W1."""
        choice("name", name, self.net.shapes)
        return getattr(self, name)

    def __setattr__(self, name, value):
        raise AttributeError(
            "Params are values and never change: make new ones, e.g. with .replace(name, index, value)"
        )

    def position(self, name, index):
        """Return where the entry `name[index]` stands in the flat vector; ValueError if there is none."""
        choice("name", name, self.net.shapes)
        shape = self.net.shapes[name]
        try:
            rows_columns = tuple(whole("index", i) for i in index)
            return self.net.slices[name].start + int(np.ravel_multi_index(rows_columns, shape))
        except (TypeError, ValueError):
            raise ValueError(
                f"index: expected two whole numbers, below {shape[0]} and {shape[1]} for {name}, got {describe(index)}"
            ) from None

    def replace(self, name, index, value):
        """Return Params with the entry `name[index]` set to `value`, a number or an array over (new) leading axes."""
        position, value = self.position(name, index), finite_array(name, value)
        try:
            leading = np.broadcast_shapes(self.leading, value.shape)
        except ValueError:
            raise _no_broadcast(name, self.leading, value.shape) from None
        flat = np.broadcast_to(self.flat, (*leading, self.net.count)).copy()
        flat[..., position] = value
        return trusted(self.net, flat)

    def __add__(self, other):
        flat = self._flat_of(other)
        try:
            return trusted(self.net, self.flat + flat)
        except ValueError:
            raise _no_broadcast("Params", self.leading, other.leading) from None

    def __sub__(self, other):
        flat = self._flat_of(other)
        try:
            return trusted(self.net, self.flat - flat)
        except ValueError:
            raise _no_broadcast("Params", self.leading, other.leading) from None

    def __mul__(self, factor):
        if isinstance(factor, Params):
            raise ValueError("factor: expected a number or an array over the leading axes, got Params")
        if type(factor) is not float or not math.isfinite(factor):
            factor = finite_array("factor", factor)[..., np.newaxis]
        try:
            return trusted(self.net, self.flat * factor)
        except ValueError:
            raise _no_broadcast("factor", self.leading, factor.shape[:-1]) from None

    __rmul__ = __mul__

    def __neg__(self):
        return trusted(self.net, -self.flat)

    def _flat_of(self, other):
        if not isinstance(other, Params) or (other.net is not self.net and other.net != self.net):
            raise ValueError(f"Params: expected Params of the network {self.net}, got {describe(other)}")
        return other.flat

    def __eq__(self, other):
        return isinstance(other, Params) and self.net == other.net and np.array_equal(self.flat, other.flat)

    __hash__ = None

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


def trusted(net, flat):
    """Return Params of an array that nobody else holds, unchecked and not copied: for what we computed ourselves."""
    params = object.__new__(Params)
    flat.setflags(write=False)
    params.__dict__.update(net=net, flat=flat)
    return params


def _no_broadcast(name, leading, other):
    return ValueError(f"{name}: expected leading axes that broadcast with {leading}, got {other}")
