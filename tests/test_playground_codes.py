"""Share codes of a playground's runs: recipe and points come back with every weight, and a forged recipe is refused."""

import numpy as np
import pytest

import tinymlp as tm
from tinymlp.codes import decode, encode
from tinymlp.recipes import DATA, Recipe

OWN = ((0, 0, "cat"), (1, 1, "dog"), (0, 1, "dog"), (0.3, 0.4, "cat"), (0.2, 0.1, "cat"))
RECIPES = [
    *(Recipe(data=data, n=20) for data in DATA),
    Recipe(n=20, inputs=("x1", "x2", "sin pi x1", "x1 x2"), held_out=0.0, seed=4),
    Recipe(n=20, inputs=("x1^2",), own=OWN),
    Recipe(n=20, sizes=(), loss="squared"),
    Recipe(data="own", own=OWN, held_out=0.2),
    Recipe(data="own", own=((0, 0, 1.5), (1, 1, -1)), held_out=0.0),
    Recipe(data="own", own=((0.5, 0.5, "B"),)),
]


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_playgrounds_run_comes_back_with_its_recipe(recipe):
    run = tm.Run(recipe.problem(eta=0.05)).step(5)
    there = tm.Run.from_code(run.code())
    assert there.problem.recipe == recipe
    assert there.params == run.params
    np.testing.assert_array_equal(there.problem.plane, run.problem.plane)
    np.testing.assert_array_equal(there.problem.from_plane(run.problem.plane), run.problem.X)
    np.testing.assert_array_equal(there.held_losses, run.held_losses)
    assert there.step().params == run.step().params


def test_inputs_that_differ_in_the_last_bit_are_made_anew():
    data = decode(tm.Run(Recipe(n=8, held_out=0.0, inputs=("sin pi x1",)).problem()).code())
    given = data["data"][0][0][0]
    data["data"][0][0][0] = float(np.nextafter(given, 2))
    assert tm.Run.from_code(encode(data)).problem.X[0, 0] == given


CODE = tm.Run(Recipe(n=20).problem()).code()
SMALL = tm.Run(Recipe(n=20, inputs=("x1^2",), sizes=(2,)).problem()).code()


@pytest.mark.parametrize(
    "forged",
    [
        {"recipe": 3},
        {"recipe": {}},
        {"recipe": {"data": "circles"}},
        {"recipe": decode(CODE)["recipe"] | {"n": 10**9}},
        {"recipe": decode(CODE)["recipe"] | {"n": 21}},
        {"recipe": decode(CODE)["recipe"] | {"held_out": 0.1}},
        {"recipe": decode(CODE)["recipe"] | {"data": "plane"}},
        {"recipe": decode(CODE)["recipe"] | {"data": "three blobs"}},
        {"recipe": decode(CODE)["recipe"] | {"data": "__class__"}},
        {"recipe": decode(CODE)["recipe"] | {"hidden": ["tanh"]}},
        {"recipe": decode(CODE)["recipe"] | {"hidden": "relu"}},
        {"recipe": decode(CODE)["recipe"] | {"sizes": [4, 3]}},
        {"recipe": decode(CODE)["recipe"] | {"sizes": "42"}},
        {"recipe": decode(CODE)["recipe"] | {"inputs": ["x1", "x1"]}},
        {"recipe": decode(CODE)["recipe"] | {"noise": 1e308}},
        {"recipe": decode(CODE)["recipe"] | {"loss": "hinge"}},
        {"recipe": decode(CODE)["recipe"] | {"seed": -1}},
        {"recipe": decode(CODE)["recipe"] | {"own": [[0, 0, {"a": 1}]]}},
        {"recipe": decode(CODE)["recipe"] | {"own": [[0, 0]]}},
        {"recipe": decode(CODE)["recipe"] | {"own": [[]]}},
        {"recipe": decode(CODE)["recipe"] | {"own": [[0, 0, "A"]] * 1001}},
        {"recipe": decode(CODE)["recipe"] | {"own": None}},
        {"recipe": decode(CODE)["recipe"] | {"more": 1}},
        {"recipe": decode(SMALL)["recipe"]},
        {"points": [1, 2]},
        {"points": [[[0, 0]], None]},
        {"points": None},
    ],
)
def test_a_forged_recipe_or_point_is_refused(forged):
    with pytest.raises(ValueError, match="expected"):
        tm.Run.from_code(encode(decode(CODE) | forged))


@pytest.mark.parametrize("points", [[[[0, 0]] * 10, None], [[[0, 0]] * 10, [[0, 0]] * 9], [None, None]])
def test_points_must_make_the_inputs(points):
    with pytest.raises(ValueError, match="expected"):
        tm.Run.from_code(encode(decode(SMALL) | {"points": points, "recipe": decode(CODE)["recipe"]}))


def test_a_code_without_a_recipe_is_read():
    data = decode(CODE)
    del data["recipe"], data["points"]
    assert tm.Run.from_code(encode(data)).problem.recipe is None
