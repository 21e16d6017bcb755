"""The numbers that lesson 13 and its questions quote, recomputed, and the truth of each of its predictions."""

from functools import cache

import numpy as np
import pytest
from lesson_prose import prose, squeezed

import tinymlp as tm
from tinymlp.recipes import Recipe
from tinymlp.scores import accuracy
from tinymlp.teaching.questions import QUESTIONS

FEW = Recipe(data="moons", n=120, held_out=0.9, noise=0.3, sizes=(4,), seed=1)
MANY = FEW.but(n=1000, held_out=0.5)


@cache
def run_of(recipe, eta=0.1, gamma=0.9, steps=400, l2=0.0):
    return tm.Run(recipe.problem(eta=eta, gamma=gamma), training=tm.Training(l2=l2)).step(steps)


def right(run, held=False):
    problem = run.problem
    X, y = (problem.X_held, problem.y_held) if held else (problem.X, problem.y)
    return float(accuracy(tm.forward(run.params, X), y))


def rings(sizes, **recipe):
    return run_of(Recipe(sizes=sizes, **recipe), eta=0.5)


def wide(**settings):
    return run_of(Recipe(sizes=(8, 8)), steps=200, **settings)


def squares():
    return run_of(Recipe(inputs=("x1^2", "x2^2"), sizes=()), eta=0.5, steps=200)


def few(*sizes):
    return run_of(FEW.but(sizes=sizes))


FACTS = [  # (words of the lesson with {} for the number, the number, its decimals)
    ("a loss of {},", lambda: wide(gamma=0.0).loss, 2),
    ("and the rival {}.", lambda: wide().loss, 2),
    ("It comes to {} at", lambda: wide(eta=1.0, gamma=0.0).loss, 3),
    ("come to a test loss of {} in", lambda: run_of(FEW.but(sizes=(8, 8)), l2=0.1).held_losses[-1], 3),
    ("in place of {}.", lambda: few(8, 8).held_losses[-1], 3),
    ("and {} % of the test samples", lambda: 100 * right(few(8, 8), held=True), 0),
]


@pytest.mark.parametrize(("words", "value", "decimals"), FACTS)
def test_a_number_in_the_prose_is_the_measured_one(words, value, decimals):
    assert squeezed(words.format(f"{float(value()):.{decimals}f}")) in squeezed(prose("13"))


def alone(data):
    return right(run_of(Recipe(data=data, sizes=()), eta=0.5, steps=100))


def ring_seen_by(layer, unit):
    """Return whether a unit tells the middle of the plane from all of a circle of radius 1 round it."""
    run = rings((4,))
    angles = np.linspace(0, 2 * np.pi, 60)
    points = np.vstack([[0, 0], np.column_stack([np.cos(angles), np.sin(angles)])])
    middle, *around = tm.forward(run.params, points).h[layer][:, unit]
    apart = middle - np.array(around)
    return bool((apart > 0.3).all() or (apart < -0.3).all())


PLAYGROUND_TRUTHS = {
    "13.line": ("two clouds", alone("two blobs") == 1 and max(alone("circles"), alone("xor")) < 0.7),
    "13.ring": (
        "on the output's alone",
        ring_seen_by(2, 0) and not any(ring_seen_by(1, unit) for unit in range(4)),
    ),
    "13.noise": (
        "three times as much: 0.42",
        round(rings((4,), noise=0.2).held_losses[-1], 2) == 0.42
        and round(rings((4,), noise=0.2).loss, 2) == 0.13
        and round(rings((4,), noise=0.0).loss, 3) == round(rings((4,), noise=0.0).held_losses[-1], 3) == 0.009,
    ),
    "13.width": ("4", few(4).held_losses[-1] < few(8, 8).held_losses[-1] and few(4).loss > few(8, 8).loss),
    "13.curve": (
        tuple(np.round(few(8, 8).held_losses[[10, 20, 40, 60, 100]], 3)),
        few(8, 8).held_losses.argmin() == 10,
    ),
}


@pytest.mark.parametrize("name", PLAYGROUND_TRUTHS)
def test_the_truth_of_a_prediction_is_the_measured_one(name):
    truth, holds = PLAYGROUND_TRUTHS[name]
    assert holds
    question = QUESTIONS[name]
    assert question.truth == truth
    assert question.kind is not None or truth in question.choices
    assert f'predict("{name}")' in prose("13")


REASONS = [  # (question, words with {} for the number, the number, its decimals)
    ("13.width", "noise included. {}.", lambda: few(8, 8).held_losses[-1], 2),
    ("13.width", "{}, and with", lambda: few(4).held_losses[-1], 2),
    ("13.width", "would be {}.", lambda: few().held_losses[-1], 2),
    ("13.width", "training loss is {},", lambda: few(8, 8).loss, 4),
    ("13.curve", "(It starts at {}.)", lambda: few(8, 8).held_losses[0], 2),
    ("13.noise", "It gets {} of its 100", lambda: 100 * right(rings((4,), noise=0.2)), 0),
]


@pytest.mark.parametrize(("name", "words", "value", "decimals"), REASONS)
def test_a_number_in_a_question_is_the_measured_one(name, words, value, decimals):
    question = QUESTIONS[name]
    said = " ".join([question.text, question.because, *question.choices.values(), *question.why.reasons.values()])
    assert words.format(f"{float(value()):.{decimals}f}") in said


def test_the_larger_network_has_the_lower_training_loss_from_the_second_step_on():
    assert (few(8, 8).losses[2:] < few(4).losses[2:]).all()


def test_on_twelve_samples_all_three_networks_get_the_same_share_of_the_test_set_right():
    assert len({right(few(*sizes), held=True) for sizes in ((), (4,), (8, 8))}) == 1


def test_with_twelve_samples_the_smallest_network_is_best_and_with_500_the_largest():
    tests = {
        n: [run_of(r.but(sizes=s)).held_losses[-1] for s in ((), (4,), (8, 8))] for n, r in ((12, FEW), (500, MANY))
    }
    assert tests[12] == sorted(tests[12])
    assert tests[500] == sorted(tests[500], reverse=True)


def test_over_thirty_draws_a_larger_network_has_the_higher_test_loss_on_twelve_samples():
    means = [
        np.mean([run_of(FEW.but(sizes=sizes, seed=seed)).held_losses[-1] for seed in range(30)])
        for sizes in ((), (4,), (8, 8))
    ]
    np.testing.assert_allclose(means, (0.563, 0.937, 1.315), atol=0.002)


def test_squares_of_the_inputs_make_a_circle_between_the_rings():
    w1, w2, b = squares().params.flat
    assert 0.5 < np.sqrt(-2 * b / (w1 + w2)) < 1
    assert right(squares()) == 1
