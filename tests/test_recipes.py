"""Recipes: what a playground lets one choose, as a value; and inputs made from a point in the plane."""

import numpy as np
import pytest

import tinymlp as tm
from tinymlp.inputs import INPUTS, of_points
from tinymlp.recipes import CLASSES, DATA, NUMBERS, Recipe

OWN = ((0, 0, "a"), (1, 1, "b"), (0, 1, "b"), (0.3, 0.4, "a"), (0.2, 0.1, "a"))


@pytest.mark.parametrize("data", DATA)
def test_every_data_set_can_be_learnt_from(data):
    problem = Recipe(data=data).problem()
    run = tm.Run(problem).step(100)
    assert run.loss < 0.7 * run.losses[0]
    assert len(problem.X) == len(problem.X_held) == 100
    assert bool(problem.classes) == (data in CLASSES) != (data in NUMBERS)


def test_the_same_recipe_makes_the_same_numbers():
    one, other = Recipe(seed=3).problem(), Recipe(seed=3).problem()
    assert np.array_equal(one.X, other.X)
    assert one.params == other.params


def test_another_network_or_input_leaves_the_samples_where_they_are():
    plain = Recipe().problem()
    for recipe in (
        Recipe(sizes=(8, 8)),
        Recipe(inputs=("x1^2", "x2^2")),
        Recipe(hidden="relu"),
        Recipe(loss="squared"),
    ):
        assert np.array_equal(recipe.problem().plane, plain.plane)
        assert np.array_equal(recipe.problem().plane_held, plain.plane_held)


def test_more_noise_moves_each_sample_a_little_and_no_other_way():
    still, some, more = (Recipe(noise=noise).problem().plane for noise in (0.0, 0.1, 0.2))
    np.testing.assert_allclose(more - still, 2 * (some - still), atol=1e-12)


def test_inputs_are_made_from_the_point_by_their_names():
    X = of_points([[0.5, -2.0]], tuple(INPUTS))
    np.testing.assert_allclose(X, [[0.5, -2.0, 0.25, 4.0, -1.0, 1.0, 0.0]], atol=1e-12)


def test_a_problem_with_other_inputs_knows_where_its_samples_lie():
    problem = Recipe(inputs=("x1", "x1 x2")).problem()
    assert problem.features == ("x1", "x1 x2")
    np.testing.assert_array_equal(problem.from_plane(problem.plane), problem.X)


def test_two_inputs_of_any_kind_are_a_plane_and_four_are_none():
    two = tm.problems.penguins(features=("bill_length_mm", "body_mass_g"))
    assert two.plane is two.X
    four = tm.problems.penguins()
    assert four.plane is None
    with pytest.raises(ValueError, match="expected a problem with two inputs, got 4"):
        four.from_plane(np.zeros((1, 2)))


def test_with_squares_as_inputs_one_neuron_sees_the_ring():
    run = tm.Run(Recipe(inputs=("x1^2", "x2^2"), sizes=()).problem(eta=1.0)).step(300)
    assert ((run.trace.p > 0.5) == run.problem.y).mean() > 0.95


def test_own_samples_are_words_or_numbers():
    assert Recipe(data="own", own=OWN).problem().classes == ("a", "b")
    numbers = tuple((x1, x2, x1 + x2) for x1, x2, _ in OWN)
    assert Recipe(data="own", own=numbers).problem().classes == ()


def test_drawn_samples_make_a_problem_from_the_first_one_on():
    first = Recipe(data="own", own=((0.5, 0.5, "B"),)).problem()
    assert first.classes == ("A", "B")
    assert first.y.tolist() == [[1.0]]
    assert Recipe(data="own", own=((0.5, 0.5, "C"), (0, 0, "A"))).problem().classes == ("A", "B", "C")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"data": "rings"}, "data: expected one of 'circles'"),
        ({"n": 2}, "n: expected 4 to 1000 samples, got 2"),
        ({"sizes": (4, 0)}, "expected at most 6 hidden layers of 1 to 16 units, got (4, 0)"),
        ({"inputs": ()}, "inputs: expected one or more of 'x1'"),
        ({"inputs": ("x1", "x3")}, "inputs: expected one of 'x1'"),
        ({"noise": -1}, "noise: expected a finite number at least 0"),
        ({"data": "own"}, "own data: expected at least one sample, got none"),
        ({"data": "own", "own": ((0, 0, "cat"), (1, 1, "cat"))}, "target: expected 2 to 50 classes, got 1"),
        ({"data": "own", "own": (*OWN, (1, 2))}, "own data, sample 6: expected x1, x2 and a target, got (1, 2)"),
    ],
)
def test_a_recipe_that_cannot_be_made_is_refused_with_what_came(wrong, message):
    with pytest.raises(ValueError, match="expected") as error:
        Recipe(**wrong).problem()
    assert message in str(error.value)


def test_points_that_do_not_make_the_inputs_are_refused():
    problem = Recipe(inputs=("x1^2",)).problem()
    with pytest.raises(ValueError, match="points: expected the points that the inputs are made from"):
        tm.Problem(problem.net, problem.X, problem.y, problem.params, 0.1, 0.9, features=("x1",), points=problem.plane)
