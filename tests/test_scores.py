"""Scores: the share that is right, the confusion table, and which samples are wrong, for one network or many."""

from dataclasses import replace

import numpy as np
import pytest

import tinymlp as tm
from tinymlp import problems, scores
from tinymlp.views import VIEWS, Look
from tinymlp.views.confusion import MOST_SAID
from tinymlp.widgets import panel

BILL = problems.PENGUIN_FEATURES[:2]


def penguins(t=60, **options):
    return tm.Run(problems.penguins(BILL, **options)).step(t)


def held(run):
    return tm.forward(run.params, run.problem.X_held)


# The numbers ---------------------------------------------------------------------------------------------------------


def test_a_table_counted_by_hand():
    p = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.3, 0.4, 0.3], [0.2, 0.1, 0.7]])
    y = np.eye(3)[[0, 1, 0, 2]]
    net = tm.MLP((3, 3), output="softmax")
    trace = tm.forward(net.params(W1=np.eye(3), b1=np.zeros((1, 3))), np.log(p))
    assert scores.labels(trace.p).tolist() == [0, 1, 1, 2]
    assert scores.wrong(trace, y).tolist() == [False, False, True, False]
    assert scores.accuracy(trace, y) == 0.75
    assert scores.confusion(trace, y).tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 1]]


def test_a_single_output_tells_two_classes():
    example = tm.worked_example()
    trace = tm.forward(example.params, example.X)
    assert scores.labels(trace.p).tolist() == [1, 1, 1]  # p from 0.519 to 0.529
    assert scores.confusion(trace, example.y).tolist() == [[0, 2], [0, 1]]
    assert scores.labels([[0.5]]).tolist() == [0]


def test_a_table_adds_up_to_all_samples_and_its_diagonal_to_the_accuracy():
    run = penguins()
    table = scores.confusion(held(run), run.problem.y_held)
    assert table.sum() == len(run.problem.X_held)
    assert table.sum(axis=1).tolist() == run.problem.y_held.sum(axis=0).tolist()
    assert table.trace() / table.sum() == pytest.approx(scores.accuracy(held(run), run.problem.y_held))


def test_the_ends_of_many_runs_are_scored_in_one_call():
    problem = problems.penguins(BILL, held_out=0.9)
    starts = problem.net.init(np.random.default_rng(0), (4, 3))
    runs = tm.sweep.many_runs(problem, 20, starts=starts)
    trace = tm.forward(runs.params, problem.X_held)
    every, tables = scores.accuracy(trace, problem.y_held), scores.confusion(trace, problem.y_held)
    assert every.shape == (4, 3)
    assert tables.shape == (4, 3, 3, 3)
    for place in np.ndindex(4, 3):
        alone = tm.forward(tm.Params(problem.net, runs.params.flat[place]), problem.X_held)
        assert every[place] == scores.accuracy(alone, problem.y_held)
        assert (tables[place] == scores.confusion(alone, problem.y_held)).all()


@pytest.mark.parametrize(
    ("y", "words"),
    [
        (np.ones((2, 3)), r"y: expected shape \(..., 3, 1\), .* got \(2, 3\)"),
        (np.full((3, 1), 0.4), "y: expected classes"),
        (np.array([[1], [np.nan], [0]]), "y: expected"),
    ],
)
def test_targets_that_are_no_classes_are_told(y, words):
    example = tm.worked_example()
    for score in (scores.wrong, scores.accuracy, scores.confusion):
        with pytest.raises(ValueError, match=words):
            score(tm.forward(example.params, example.X), y)


# The view ------------------------------------------------------------------------------------------------------------


def test_the_table_shows_every_count_and_the_numbers_of_the_wrong_birds():
    run = penguins()
    view = VIEWS["confusion"](run, Look())
    parts = (run.trace, run.problem.y), (held(run), run.problem.y_held)
    for n, part in enumerate(parts):
        table = scores.confusion(*part)
        for (k, j), count in np.ndenumerate(table):
            assert view.cells[n, k, j].get_text() == str(count)
        numbers = ", ".join(str(n + 1) for n in np.flatnonzero(scores.wrong(*part)))
        assert view.lists[n].get_text() == f"wrong, {('training', 'held out')[n]}: {numbers}"
        assert view.rights[n].get_text().endswith(f"{scores.accuracy(*part):.3f} right")
    assert view.status(view.read(run, Look())) == "Right: 249 of 256 in training, 83 of 86 held out."
    assert "15 (Chinstrap, called Gentoo)" in view.text(run, Look())


def test_a_diagonal_is_told_by_a_box_and_not_by_a_colour():
    from matplotlib.colors import to_rgba

    view = VIEWS["confusion"](penguins(), Look())
    boxes = [patch for patch in view.axes.patches if patch.get_linewidth() > 1.5]
    assert len(boxes) == 2  # one path for each table
    assert [len(box.get_path().vertices) // 5 for box in boxes] == [3, 3]
    assert {to_rgba(box.get_edgecolor()) for box in boxes} == {(0, 0, 0, 1)}


def test_a_table_without_held_out_samples_says_so():
    view = VIEWS["confusion"](tm.Run(tm.worked_example()), Look())
    assert "held out" not in view.text(tm.Run(tm.worked_example()), Look())
    assert "no samples\nare held out" in [words.get_text() for words in view.axes.texts]
    assert "training: 1 of 3 right, 0.3333; columns 0, 1" in view.text(tm.Run(tm.worked_example()), Look())


def test_a_long_list_of_wrong_samples_fits_and_counts_the_rest():
    run = tm.Run(problems.penguins())  # at its start most are wrong
    view = VIEWS["confusion"](run, Look())
    count = int(scores.wrong(run.trace, run.problem.y).sum())
    shown = view.lists[0].get_text()
    more = int(shown.split()[-2])
    assert shown.count(",") + more == count  # the word "wrong," brings one of the commas
    text = view.text(run, Look())
    assert f"and {count - MOST_SAID} more" in text
    assert len(text) < 3000


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (problems.plane(), "targets that are classes"),
        (problems.blobs(n=40, classes=6), "at most 5 classes"),
    ],
)
def test_a_table_says_what_it_needs(problem, words):
    assert VIEWS["confusion"].refuses(tm.Run(problem)) == words


@pytest.mark.parametrize("made", [problems.xor, problems.blobs, tm.worked_example], ids=lambda made: made.__name__)
def test_any_problem_with_classes_has_its_table(made):
    run = tm.Run(made()).step(3)
    table = scores.confusion(run.trace, run.problem.y)
    text = VIEWS["confusion"](run, Look()).text(run, Look())
    assert f"{table.trace()} of {len(run.problem.X)} right" in text


# The control ---------------------------------------------------------------------------------------------------------


def test_the_wrong_birds_are_looked_at_one_by_one():
    run = penguins()
    board = panel(run, show=("confusion", "network", "chain"), control=("wrong", "step"))
    choice = board.controls["wrong"].choice
    wrong = np.flatnonzero(scores.wrong(run.trace, run.problem.y))
    assert choice.value is None
    assert choice.options[0] == ("7 of 256 wrong", None)
    assert [sample for _, sample in choice.options[1:]] == wrong.tolist()
    assert choice.options[1][0] == "40: Adelie, called Chinstrap"
    for sample in wrong.tolist():
        choice.value = sample
        assert board.look.sample == sample
        assert f"sample {sample + 1} of 256" in board.describe()
        assert f"Chain rule for sample {sample + 1}," in board.describe()


def test_the_list_follows_the_run_and_the_look():
    board = panel(penguins(), show="network", control=("wrong", "sample", "back", "step"))
    choice = board.controls["wrong"].choice
    board.controls["sample"].choice.value = 39
    assert choice.value == 39
    board.controls["sample"].choice.value = 0
    assert choice.value is None
    board.run.goto(0)
    count = int(scores.wrong(board.run.trace, board.run.problem.y).sum())
    assert choice.options[0] == (f"{count} of 256 wrong, the first 40", None)
    assert len(choice.options) == 41


def test_none_is_wrong_when_all_are_right():
    board = panel(tm.Run(tm.worked_example()).step(10), show="network", control="wrong")
    assert board.controls["wrong"].choice.options == (("none is wrong", None),)


def test_held_out_birds_are_looked_at_in_a_problem_of_their_own():
    run = penguins()
    problem = replace(run.problem, X=run.problem.X_held, y=run.problem.y_held, params=run.params)
    board = panel(tm.Run(problem), show=("network", "chain"), control="wrong")
    assert [sample for _, sample in board.controls["wrong"].choice.options[1:]] == [14, 47, 58]


# Networks with several outputs ---------------------------------------------------------------------------------------


def test_the_diagram_names_the_true_class_and_the_answer():
    run = penguins()
    view = VIEWS["network"](run, Look(sample=39))
    assert view.answer.get_text() == "target Adelie, p₁ = 0.231; answer Chinstrap, p₂ = 0.764"
    view.update(run, Look(sample=0))
    assert view.answer.get_text().endswith("; the answer too")
    assert "target Adelie, p₁ = 0.231; answer" in view.text(run, Look(sample=39))


def test_no_number_is_wider_than_its_node():
    from layouts import words_of

    run = tm.Run(problems.penguins()).step(200)
    view = VIEWS["network"](run, Look(sample=3))
    nodes = {text.get_text() for text in view.values.values()}
    widths = [box[2] for words, box in words_of(view) if words in nodes]
    assert len(widths) >= 15
    assert max(widths) <= 2 * view.radius


def test_the_numbers_below_a_step_stay_within_its_tile():
    from layouts import words_of

    run = tm.Run(problems.penguins()).step(200)
    view = VIEWS["step"](run, Look())
    assert max(left + width for _, (left, _, width, _) in words_of(view)) <= view.width
