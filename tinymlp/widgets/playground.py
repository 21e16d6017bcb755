"""The playground: a panel in which data, network and training can be chosen, in one call."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from tinymlp.checks import choice, describe
from tinymlp.recipes import Recipe
from tinymlp.run import Run
from tinymlp.widgets.panel import panel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tinymlp.teaching.predictions import Prediction
    from tinymlp.widgets.panel import Panel
    from tinymlp.widgets.predict import PredictionCard

SHOW = ("sees", "boundary", "curves")
CONTROL = (
    *("run", "step", "back", "undo", "redo", "reset", "scrub"),
    *("dataset", "eta", "gamma"),
    *("noise", "samples", "held_out", "new_data"),
    *("inputs", "hidden", "cost", "layers", "start"),
    *("rule", "schedule", "batch", "l1", "l2", "freeze"),
    *("lines", "weight", "sample"),
    *("brush", "paste"),
    "race",
    *("code", "script", "picture"),
)


def playground(
    recipe: Recipe | None = None,
    *,
    show: str | Sequence[str] = SHOW,
    control: str | Sequence[str] = CONTROL,
    rule: str = "momentum",
    eta: float = 0.1,
    gamma: float = 0.9,
    after: PredictionCard | Prediction | None = None,
    **changes: Any,
) -> Panel:
    """Return a playground: a panel whose controls change data, inputs, network and training.

    recipe: the data and the network to begin with, a `tinymlp.recipes.Recipe`; by default two rings and a network with
    4 and 2 hidden units. changes: fields of the recipe that are to be others: data, n, noise, held_out, seed, inputs,
    sizes, hidden, loss. show, control, after: as for `panel`; rule, eta, gamma: the settings of the first step.

        playground(data="spiral", sizes=(8, 8), eta=0.05)
        playground(data="curve", inputs=("x1", "x2", "sin pi x1"), rule="adam", eta=0.01)

    Raises ValueError for a recipe, a name or a setting that cannot be.
    """
    if recipe is not None and not isinstance(recipe, Recipe):
        raise ValueError(f"recipe: expected a Recipe, e.g. tinymlp.recipes.Recipe(), got {describe(recipe)}")
    for name in changes:
        choice("playground", name, [field.name for field in fields(Recipe)])
    made = (recipe or Recipe()).but(**changes)
    return panel(Run(made.problem(eta, gamma), rule=rule), show=show, control=control, after=after)
