"""How a gradient becomes a step: two conventions of momentum, an average, Nesterov's method, RMSProp and Adam.

All steps have one signature. params, velocity, grads: Params of one network; eta >= 0 and 0 <= gamma <= 1: numbers, or
arrays over leading axes. All return (params, velocity), take a first velocity of `net.zeros()`, and raise ValueError
for anything else. RMSProp and Adam take their memory as well: see `Rule`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tinymlp.checks import choice, describe, number
from tinymlp.params import Params, trusted

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Setting: TypeAlias = Any  # a number, or an array over leading axes

TINY = 1e-8  # the epsilon of RMSProp and Adam: it keeps them from dividing by 0
SHARE_RMSPROP, SHARE_ADAM = 0.99, 0.999  # how much of the mean square is kept, as torch.optim has it by default


def momentum_step(
    params: Params, velocity: Params, grads: Params, eta: Setting, gamma: Setting
) -> tuple[Params, Params]:
    """Return the next params and velocity: v <- gamma v - eta g, w <- w + v. The workbook's own convention.

    Source: Polyak 1964, USSR Comp. Math. and Math. Phys. 4(5), 1-17, in the form of Sutskever, Martens, Dahl & Hinton
    2013, ICML, equations 1 and 2.
    """
    eta, gamma = _settings(params, velocity, grads, eta, gamma)
    velocity = gamma * velocity - eta * grads
    return params + velocity, velocity


def pytorch_step(
    params: Params, velocity: Params, grads: Params, eta: Setting, gamma: Setting
) -> tuple[Params, Params]:
    """Return the next params and velocity: v <- gamma v + g, w <- w - eta v, as torch.optim.SGD does (PyTorch 2).

    With a constant eta it follows the same path as `momentum_step`. A change of eta also rescales what is carried on.
    """
    eta, gamma = _settings(params, velocity, grads, eta, gamma)
    velocity = gamma * velocity + grads
    return params - eta * velocity, velocity


def average_step(
    params: Params, velocity: Params, grads: Params, eta: Setting, gamma: Setting
) -> tuple[Params, Params]:
    """Return the next params and velocity: v <- gamma v + (1 - gamma) g, w <- w - eta v: v is an average of gradients.

    With constant settings and gamma below 1, it follows `momentum_step` with eta times (1 - gamma). It is the first
    moment of Adam without the bias correction (Kingma & Ba 2015, arXiv:1412.6980).
    """
    eta, gamma = _settings(params, velocity, grads, eta, gamma)
    velocity = gamma * velocity + (1 - gamma) * grads
    return params - eta * velocity, velocity


def nesterov_step(
    params: Params, velocity: Params, grads: Params, eta: Setting, gamma: Setting
) -> tuple[Params, Params]:
    """Return the next params and velocity: v <- gamma v - eta g, w <- w + gamma v - eta g.

    Nesterov's method in the look-ahead form: w is the look-ahead point, so the gradient is taken at w itself
    (after Bengio, Boulanger-Lewandowski & Pascanu 2013, arXiv:1212.0901, equations 6 and 7: equal to theirs for a
    constant gamma).
    """
    eta, gamma = _settings(params, velocity, grads, eta, gamma)
    velocity = gamma * velocity - eta * grads
    return params + gamma * velocity - eta * grads, velocity


def rmsprop_step(
    params: Params, velocity: Params, grads: Params, eta: Setting, gamma: Setting, memory: tuple
) -> tuple[Params, Params]:
    """Return the next params and velocity: v <- gamma v + g / (sqrt(s) + TINY), w <- w - eta v.

    memory: (s, t), s the mean square of each gradient, this one included. Source: Tieleman & Hinton 2012, Neural
    Networks for Machine Learning, lecture 6.5, with momentum as torch.optim.RMSprop adds it.
    """
    eta, gamma = _settings(params, velocity, grads, eta, gamma)
    squares, _ = memory
    velocity = gamma * velocity + trusted(grads.net, grads.flat / (np.sqrt(squares.flat) + TINY))
    return params - eta * velocity, velocity


def adam_step(
    params: Params, velocity: Params, grads: Params, eta: Setting, gamma: Setting, memory: tuple
) -> tuple[Params, Params]:
    """Return the next params and velocity: v <- gamma v + (1 - gamma) g, w <- w - eta v' / (sqrt(s') + TINY).

    memory: (s, t), the mean square of each gradient and how many it has seen, this one included. v' and s' are v and s
    corrected for their start at 0: v / (1 - gamma^t) and s / (1 - SHARE_ADAM^t). gamma is Adam's first beta.
    Source: Kingma & Ba 2015, arXiv:1412.6980, algorithm 1.
    """
    eta, gamma = _settings(params, velocity, grads, eta, gamma)
    squares, t = memory
    velocity = gamma * velocity + (1 - gamma) * grads
    corrected = 1 / np.maximum(1 - gamma**t, np.finfo(float).tiny) * velocity  # with gamma = 1 the velocity stays 0
    spread = np.sqrt(squares.flat / (1 - SHARE_ADAM**t)) + TINY
    return params - eta * trusted(params.net, corrected.flat / spread), velocity


def remember_squares(share: float) -> Callable:
    """Return the function that keeps the mean square of each gradient in a memory (s, t)."""

    def remember(memory, grads):
        squares, t = memory or (0.0 * grads, 0)
        return share * squares + (1 - share) * trusted(grads.net, grads.flat**2), t + 1

    return remember


@dataclass(frozen=True)
class Rule:
    """One way to make a step of a gradient, with all that the workbook says of it.

    step: a function such as `momentum_step`. formula: of the step, with {eta}, {gamma} and {rest} = 1 - gamma for
    today's numbers. gain(eta, gamma): what a gradient gives to the velocity at its own step; None where that is no
    number. velocity_is_move: whether the velocity after a step is the step itself. carried, added: what the page calls
    the two parts of a move. limit(gamma): in a bowl of curvature lambda a run settles while eta lambda is below it;
    None where there is no such number (Goh 2017, Distill, doi:10.23915/distill.00006, for the first).
    remember(memory, grads) -> memory: what a rule keeps beside the velocity, brought up to date before the step; the
    first memory is ().
    """

    name: str
    step: Callable
    formula: str = "η = {eta}, γ = {gamma}"
    gain: Callable | None = None
    velocity_is_move: bool = False
    carried: str = ""
    added: str = ""
    limit: Callable | None = None
    remember: Callable | None = None

    def __call__(
        self,
        params: Params,
        velocity: Params,
        grads: Params,
        eta: Setting,
        gamma: Setting,
        *memory: Any,
    ) -> tuple[Params, Params]:
        """Take the step: (params, velocity). memory: for a rule that keeps one, with these gradients in it."""
        return self.step(params, velocity, grads, eta, gamma, *memory)

    def advance(
        self,
        params: Params,
        velocity: Params,
        grads: Params,
        eta: Setting,
        gamma: Setting,
        memory: tuple = (),
    ) -> tuple[Params, Params, tuple]:
        """Return the next params, velocity and memory: a whole step of any rule."""
        if self.remember is None:
            return (*self.step(params, velocity, grads, eta, gamma), ())
        memory = self.remember(memory, grads)
        return (*self.step(params, velocity, grads, eta, gamma, memory), memory)

    def in_numbers(self, eta: float | str, gamma: float | str) -> str:
        """Return the formula with these settings in it, as texts."""
        return self.formula.format(eta=eta, gamma=gamma, rest=f"{1 - float(gamma):.6g}")

    def __repr__(self):
        return f"Rule {self.name!r}: {self.formula.format(eta='η', gamma='γ', rest='(1 − γ)')}"


RULES = {
    rule.name: rule
    for rule in (
        Rule(
            "momentum",
            momentum_step,
            "v ← {gamma} v − {eta} g",
            gain=lambda eta, gamma: -eta,
            velocity_is_move=True,
            carried="γv",
            added="−ηg",
            limit=lambda gamma: 2 * (1 + gamma),
        ),
        Rule(
            "pytorch",
            pytorch_step,
            "v ← {gamma} v + g, w ← w − {eta} v",
            gain=lambda eta, gamma: 1.0,
            limit=lambda gamma: 2 * (1 + gamma),
        ),
        Rule(
            "average",
            average_step,
            "v ← {gamma} v + {rest} g, w ← w − {eta} v",
            gain=lambda eta, gamma: 1 - gamma,
            limit=lambda gamma: 2 * (1 + gamma) / (1 - gamma) if gamma < 1 else np.inf,
        ),
        Rule(
            "nesterov",
            nesterov_step,
            "v ← {gamma} v − {eta} g, w ← w + {gamma} v − {eta} g",
            gain=lambda eta, gamma: -eta,
            limit=lambda gamma: 2 * (1 + gamma) / (1 + 2 * gamma),
        ),
        Rule(
            "rmsprop",
            rmsprop_step,
            "v ← {gamma} v + g / √s, w ← w − {eta} v",
            remember=remember_squares(SHARE_RMSPROP),
        ),
        Rule(
            "adam",
            adam_step,
            "v ← {gamma} v + {rest} g, w ← w − {eta} v′ / √s′",
            gain=lambda eta, gamma: 1 - gamma,
            remember=remember_squares(SHARE_ADAM),
        ),
    )
}
OURS = RULES["momentum"]


def rule_of(given: str | Callable) -> Rule:
    """Return the Rule of a name in RULES, of a function with the signature of `momentum_step`, or of a Rule itself.

    Raises ValueError for anything else.
    """
    if isinstance(given, Rule):
        return given
    if isinstance(given, str):
        return RULES[choice("rule", given, RULES)]
    if not callable(given):
        names = ", ".join(map(repr, RULES))
        raise ValueError(f"rule: expected one of {names}, or a function such as momentum_step, got {describe(given)}")
    known = (rule for rule in RULES.values() if rule.step is given)
    return next(known, None) or Rule(getattr(given, "__name__", "a rule of one's own"), given)


def _settings(params, velocity, grads, eta, gamma):
    if not (isinstance(params, Params) and isinstance(velocity, Params) and isinstance(grads, Params)):
        for name, value in (("params", params), ("velocity", velocity), ("grads", grads)):
            if not isinstance(value, Params):
                raise ValueError(f"{name}: expected Params, e.g. net.zeros() for a velocity, got {describe(value)}")
    return number("eta", eta, least=0), number("gamma", gamma, least=0, most=1)
