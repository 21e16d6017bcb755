"""What the questions of lesson 14 tell, and what its figures rest on, measured afresh: see `penguin_figures`."""

from functools import cache

import numpy as np
import penguin_figures as figures
import pytest
from lesson_prose import prose, squeezed

import tinymlp as tm
from tinymlp.problems import PENGUIN_FEATURES as FEATURES
from tinymlp.problems import penguins
from tinymlp.scores import accuracy, wrong
from tinymlp.teaching.questions import QUESTIONS
from tinymlp.widgets import panel

BILL, LENGTHS = FEATURES[:2], (FEATURES[0], FEATURES[2])


@cache
def forty():
    """The run of the question: forty birds, two features, 100 steps."""
    return tm.Run(penguins(LENGTHS, held_out=1 - figures.FEW / 342)).step(2000).goto(100)


def held(run):
    return float(figures.held(run.problem, run.params))


def mean_score(*features):
    return figures.scores(features)[1].mean()


def on_average(figure):
    quoted, honest = figure
    return quoted.mean(), honest.mean()


DATA_TRUTHS = {
    "14.commonest": (
        "right for about four in ten",
        lambda: penguins().y_held[:, 0].mean().round(1) == figures.commonest().mean().round(1) == 0.4,
    ),
    "14.features": (
        "length and depth of the bill",
        lambda: (
            mean_score(*BILL) > 0.95
            and max(mean_score(*FEATURES[1:3]), mean_score(*FEATURES[2:]), mean_score(FEATURES[1], FEATURES[3])) < 0.85
        ),
    ),
    "14.held": (
        "about 0.94",
        lambda: accuracy(forty().goto(100).trace, forty().problem.y) == 1 and round(held(forty()), 2) == 0.94,
    ),
    "14.leak": ("nothing", lambda: np.array_equal(*figures.standardised_by_all())),
    "14.best": ("about 0.47", lambda: round(on_average(figures.best_of_sixty(True))[0], 2) == 0.47),
}


@pytest.mark.parametrize("name", DATA_TRUTHS)
def test_the_truth_of_a_question_is_the_measured_one(name):
    truth, holds = DATA_TRUTHS[name]
    assert QUESTIONS[name].truth == truth
    assert truth in QUESTIONS[name].choices
    assert holds()


def sentences(name):
    question = QUESTIONS[name]
    return " ".join([*question.choices.values(), *question.why.reasons.values()])


# (question, words of a reason with {} for the number, the number as a function, its decimals)
REASONS = [
    ("14.commonest", "151 of the 342", lambda: penguins(held_out=0.0).y[:, 0].sum() - 151, None),
    ("14.commonest", "these 86 are Adelies, {}.", lambda: penguins().y_held[:, 0].mean(), 3),
    ("14.commonest", "thirty splits it is {}.", lambda: figures.commonest().mean(), 3),
    ("14.features", "{} of the held-out birds", lambda: mean_score(*BILL), 3),
    ("14.features", "{}: they tell the large Gentoos", lambda: mean_score(*FEATURES[2:]), 3),
    ("14.features", "{}: Adelies and Chinstraps", lambda: mean_score(*FEATURES[1:3]), 3),
    ("14.features", "the flipper is best, {}.", lambda: mean_score(FEATURES[2]), 3),
    ("14.features", "come to {}.", lambda: mean_score(*FEATURES), 3),
    ("14.held", "gets {} of them wrong", lambda: round(302 * (1 - held(forty().goto(100)))), 0),
    ("14.held", "{}, while the training", lambda: held(forty().goto(100)), 3),
    ("14.held", "training loss is {}.", lambda: forty().goto(100).loss, 3),
    ("14.held", "lowest at t = {},", lambda: forty().goto(2000).held_losses.argmin(), 0),
    ("14.held", "it was {} already", lambda: held(forty().goto(9)), 3),
    ("14.held", "t = 9, {}.", lambda: forty().goto(9).held_losses[-1], 3),
    ("14.held", "it is {}, and rising", lambda: forty().goto(100).held_losses[-1], 3),
    ("14.held", "held-out loss is {},", lambda: forty().goto(2000).held_losses[-1], 3),
    ("14.held", "the accuracy {}.", lambda: held(forty().goto(2000)), 3),
    ("14.leak", "{} on average", lambda: figures.scores()[1].mean(), 3),
    ("14.best", "{}. Of sixty", lambda: on_average(figures.best_of_sixty(True))[0], 3),
    ("14.best", "one has {} on", lambda: on_average(figures.best_of_sixty(True))[1], 3),
]


@pytest.mark.parametrize(("name", "words", "value", "decimals"), REASONS, ids=[f"{r[0]}: {r[1][:24]}" for r in REASONS])
def test_a_number_in_a_reason_is_the_measured_one(name, words, value, decimals):
    number = float(value())
    if decimals is None:
        assert number == 0
    assert (words if decimals is None else words.format(f"{number:.{decimals}f}")) in sentences(name)


def test_flipper_is_the_best_feature_alone_and_the_bills_length_the_only_one_in_every_good_pair():
    assert max(FEATURES, key=lambda feature: mean_score(feature)) == FEATURES[2]
    for other in FEATURES[1:]:
        assert mean_score(FEATURES[0], other) > 0.94


def test_from_t_9_on_the_training_loss_falls_and_the_held_out_loss_rises():
    run = forty().goto(100)
    assert run.losses[100] < run.losses[9]
    assert run.held_losses[100] > 1.4 * run.held_losses[9]


def test_a_learner_reaches_the_commonest_species_with_the_slider():
    run = tm.Run(penguins())
    board = panel(run, show="confusion", control="weight", chosen=("b2", (0, 0)))
    board.controls["weight"].dial.slider.value = 3.0
    assert "held out: 35 of 86 right, 0.4070" in board.describe()


# What the lesson says beside its questions ----------------------------------------------------------------------------


def test_one_linear_layer_does_as_well_and_the_commonest_species_does_not():
    ours = figures.scores()[1]
    linear, baseline = figures.scores(sizes=())[1], figures.commonest()
    mean, _, se = figures.compared(ours, linear)
    assert abs(mean) < 2 * se
    assert (ours.mean().round(3), linear.mean().round(3), baseline.mean().round(3)) == (0.992, 0.993, 0.434)
    assert (ours > baseline).all()


def test_in_training_the_network_is_right_for_every_bird_of_every_split():
    assert (figures.scores()[0] == 1).all()


def test_choosing_by_the_test_birds_quotes_too_high_a_score_with_true_species_too():
    quoted, honest = figures.best_of_sixty()
    assert (quoted.mean().round(3), honest.mean().round(3)) == (0.993, 0.976)
    assert (quoted > honest).sum() == 25


def test_birds_on_both_sides_of_the_split_quote_too_high_a_score():
    quoted, honest = figures.each_bird_twice()
    assert (quoted.mean().round(3), honest.mean().round(3)) == (0.992, 0.949)
    assert (quoted > honest).sum() == 28


def test_stopping_at_the_lowest_validation_loss_pays_with_forty_birds():
    found = figures.stopped()
    assert (found["loss_stop"] < found["loss_end"]).all()
    apart = found["accuracy_stop"] - found["accuracy_end"]
    assert (np.sum(apart > 0), np.sum(apart < 0)) == (21, 4)
    means = [found[name].mean().round(3) for name in ("accuracy_stop", "accuracy_end", "loss_stop", "loss_end")]
    assert means == [0.947, 0.92, 0.187, 0.582]
    assert np.median(found["t"]) == 20


def test_the_loss_that_one_stopped_by_is_lower_than_that_of_fresh_birds():
    found = figures.stopped()
    assert (found["validation"].mean().round(3), found["loss_stop"].mean().round(3)) == (0.14, 0.187)


def test_sixty_starts_differ_less_than_thirty_splits():
    starts = figures.sixty_starts(3)
    assert [round(float(number), 3) for number in np.percentile(starts, (0, 50, 100))] == [0.965, 0.988, 0.988]
    assert starts.std() < figures.scores()[1].std()


def test_the_wrong_birds_of_the_lesson_are_those():
    run = tm.Run(penguins(BILL)).step(60)
    held_out = tm.forward(run.params, run.problem.X_held)
    assert (np.flatnonzero(wrong(run.trace, run.problem.y)) + 1).tolist() == [40, 52, 115, 140, 155, 201, 218]
    assert (np.flatnonzero(wrong(held_out, run.problem.y_held)) + 1).tolist() == [15, 48, 59]


# The lesson's own words ----------------------------------------------------------------------------------------------


def gain(others):
    """Return (mean, standard error) of the paired differences, 4-8-3 minus the others."""
    mean, _, error = figures.compared(figures.scores()[1], others)
    return f"{mean:+.3f} ± {error:.3f}".replace("-", "−")


PROSE = [  # words of the lesson with {} for the figure, and the figure as it is written there
    ("| ours, 4-8-3 | {} |", lambda: f"{mean_score(*FEATURES):.3f}"),
    ("| the commonest species | {} |", lambda: f"{figures.commonest().mean():.3f} | {gain(figures.commonest())}"),
    ("| no hidden layer | {} |", lambda: f"{linear().mean():.3f} | {gain(linear())}"),
    ("So {} is what you get", lambda: f"{penguins().y_held[:, 0].mean():.3f}"),
    ("All forty are right, and {} of the others", lambda: f"{held(forty().goto(100)):.3f}"),
    ("gets {} on the first four splits", lambda: f"{min(bare()):.3f} to {max(bare()):.3f}"),
    ("lowest at $t = {}$", lambda: f"{forty().goto(2000).held_losses.argmin()}"),
    (
        "the chosen network gets {} on the others",
        lambda: "{:.3f} on the birds that chose it, and {:.3f}".format(*on_average(figures.best_of_sixty(True))),
    ),
]


@cache
def bare():
    """The held-out accuracies of the first four splits without standardising."""
    made = (penguins(rng=np.random.default_rng(n), standardise=False) for n in range(4))
    return [figures.held(problem, figures.trained(problem)) for problem in made]


def linear():
    return figures.scores(sizes=())[1]


@pytest.mark.parametrize(("words", "figure"), PROSE)
def test_a_number_in_the_prose_is_the_measured_one(words, figure):
    assert squeezed(words.format(figure())) in squeezed(prose("14"))


def test_at_t_60_seven_training_birds_are_wrong_by_the_bill_alone():
    run = tm.Run(penguins(BILL)).step(60)
    assert wrong(run.trace, run.problem.y).sum() == 7


def test_after_200_steps_the_first_split_has_no_bird_wrong():
    run = tm.Run(penguins()).step(200)
    assert held(run) == accuracy(run.trace, run.problem.y) == 1


def test_stopping_early_is_worth_two_or_three_birds_in_a_hundred():
    found = figures.stopped(steps=1000)
    assert 0.02 < np.mean(found["accuracy_stop"] - found["accuracy_end"]) < 0.03
