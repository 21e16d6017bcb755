"""What there is to learn: a network, its data, a start and the settings of a run."""

from dataclasses import dataclass

import numpy as np

from tinymlp.checks import describe, number
from tinymlp.network import forward, loss
from tinymlp.params import MLP, Params


@dataclass(frozen=True, eq=False)
class Problem:
    """A network, its data X (N, D) and y (N, C), the parameters at the start, eta, gamma, and a name for the page.

    Raises ValueError if the parts do not fit together. The data are copied and read-only.
    """

    net: MLP
    X: np.ndarray
    y: np.ndarray
    params: Params
    eta: float
    gamma: float
    name: str = "problem"

    def __post_init__(self):
        if not isinstance(self.params, Params) or self.params.net != self.net or self.params.leading:
            raise ValueError(f"params: expected Params of the network {self.net}, got {describe(self.params)}")
        for name, value in (
            ("X", _read_only("X", self.X)),
            ("y", _read_only("y", self.y)),
            ("eta", float(number("eta", self.eta, least=0))),
            ("gamma", float(number("gamma", self.gamma, least=0, most=1))),
        ):
            object.__setattr__(self, name, value)
        loss(forward(self.params, self.X), self.y)  # raises the errors of data that do not fit the network


def _read_only(name, data):
    try:
        data = np.array(data, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: expected a table of numbers, got {describe(data)} ({error})") from None
    if data.ndim != 2:
        raise ValueError(f"{name}: expected two axes, samples and columns, got shape {data.shape}")
    data.setflags(write=False)
    return data


def worked_example():
    """Return the network of the origin notebook: 3-2-1, three samples, eta 0.8, gamma 0.9."""
    net = MLP(sizes=(3, 2, 1), hidden="silu", output="sigmoid", loss="cross_entropy")
    start = net.params(
        W1=[[0.4, -0.3], [0.2, 0.2], [-0.5, 0.1]],
        b1=[[0, -0.4]],
        W2=[[0.3], [-0.1]],
        b2=[[0.1]],
    )
    X = [[1, 0, 0.5], [0.1, 0.5, 1], [0, 1, 0.7]]
    y = [[1], [0], [0]]
    return Problem(net, X, y, start, eta=0.8, gamma=0.9, name="worked example")
