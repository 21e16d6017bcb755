"""The data sets: what they promise, and how a learner's own data are read."""

import numpy as np
import pytest

import tinymlp as tm
from tinymlp import problems

MADE = ["xor", "blobs", "moons", "circles", "spiral", "overlap"]
EXACT = {"classes": ("same", "different")}


@pytest.mark.parametrize("name", MADE)
def test_made_data_have_the_size_names_and_noise_that_were_asked_for(name):
    make = getattr(problems, name)
    problem = make(n=30, noise=0.05, rng=np.random.default_rng(3), held_out=0.2)
    assert len(problem.X) == 24
    assert len(problem.X_held) == len(problem.y_held) == 6
    assert len(problem.features) == 2
    assert len(problem.classes) >= 2
    assert problem.net.sizes[-1] == (1 if len(problem.classes) == 2 else len(problem.classes))
    again = make(n=30, noise=0.05, rng=np.random.default_rng(3), held_out=0.2)
    np.testing.assert_array_equal(problem.X, again.X)
    assert problem.params == again.params
    assert abs(make(n=30, noise=9.0).X).max() > 3 * abs(problem.X).max()


@pytest.mark.parametrize("name", MADE)
def test_a_network_learns_most_of_it(name):
    run = tm.Run(getattr(problems, name)()).step(400)
    assert run.message == ""
    right = ((run.trace.p > 0.5) == (run.problem.y > 0.5)).all(axis=-1).mean()
    assert right >= 0.75


def test_no_straight_line_separates_xor():
    problem = problems.xor(n=40, noise=0.05, sizes=())
    run = tm.Run(problem).step(500)
    assert ((run.trace.p > 0.5) == (problem.y > 0.5)).mean() < 0.8


def test_on_overlapping_samples_momentum_overshoots_and_plain_descent_hardly_ever():
    shares = {}
    for gamma in (0.9, 0.0):
        runs = [tm.Run(problems.overlap(rng=np.random.default_rng(s), gamma=gamma)).step(100) for s in range(40)]
        shares[gamma] = np.mean([(np.diff(run.losses) > 1e-9).any() for run in runs])
    assert shares[0.9] > 0.6
    assert shares[0.0] < 0.1


def test_penguins_are_342_birds_of_three_species_standardised_over_the_training_set():
    problem = problems.penguins()
    assert len(problem.X) + len(problem.X_held) == 342
    assert problem.classes == ("Adelie", "Chinstrap", "Gentoo")
    assert problem.features == problems.PENGUIN_FEATURES
    np.testing.assert_allclose(problem.X.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(problem.X.std(axis=0), 1)
    assert abs(problem.X_held.mean(axis=0)).max() > 1e-3
    run = tm.Run(problem).step(200)
    held = tm.forward(run.params, problem.X_held).p
    assert (held.argmax(axis=-1) == problem.y_held.argmax(axis=-1)).mean() > 0.95


def test_penguins_by_two_measurements():
    problem = problems.penguins(features=("bill_length_mm", "body_mass_g"), held_out=0)
    assert problem.net.sizes[0] == 2
    assert problem.X_held is None
    with pytest.raises(ValueError, match=r"features: expected one of 'bill_length_mm'.*'beak'"):
        problems.penguins(features="beak")


def test_a_learners_arrays_become_a_problem():
    X = [[0.0, 1], [1, 0], [2, 2], [3, 1]]
    words = problems.problem(X, ["cat", "dog", "cat", "dog"], sizes=(3,), features=("size", "age"))
    assert words.classes == ("cat", "dog")
    assert words.features == ("size", "age")
    assert words.net == tm.MLP((2, 3, 1), hidden="tanh")
    three = problems.problem(X, [0, 1, 2, 2], kind="classes")
    assert three.net.output == "softmax"
    numbers = problems.problem(X, [0.5, 1.5, 2.5, 9], held_out=0.25)
    assert (numbers.net.output, numbers.net.loss, len(numbers.X_held)) == ("identity", "squared", 1)
    several = problems.problem(X, np.ones((4, 2)))
    assert several.net.sizes[-1] == 2


CSV = "size,age,kind\n1.5,2,cat\n\n2.5,3,dog\n3.5,1,dog\n"


def test_a_learners_csv_file_becomes_a_problem(tmp_path):
    path = tmp_path / "pets.csv"
    path.write_text("\ufeff# my pets\n" + CSV, encoding="utf-8")
    problem = problems.problem(path, "kind")
    assert (problem.name, problem.features, problem.classes) == ("pets", ("size", "age"), ("cat", "dog"))
    assert sorted(problem.X[:, 0]) == [1.5, 2.5, 3.5]
    assert problems.problem(str(path), "kind", features=("age",)).net.sizes[0] == 1
    path.write_text(CSV.replace(",", ";").replace(".", ","), encoding="utf-8")
    assert sorted(problems.problem(path, "kind").X[:, 0]) == [1.5, 2.5, 3.5]
    path.write_text("a,y\n1,0.5\n2,0.25\n", encoding="utf-8")
    assert problems.problem(path, "y").net.loss == "squared"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CSV.replace("2.5", "big"), ["pets.csv", "row 4", "column size", "a number", "'big'"]),
        (CSV.replace("2.5", ""), ["row 4", "column size", "an empty cell"]),
        (CSV.replace("2.5", "nan"), ["row 4", "column size", "'nan'"]),
        (CSV.replace("3,dog", "3"), ["row 4", "3 columns", "got 2"]),
        (CSV.replace("2,cat", "2,"), ["row 2", "column kind", "an empty cell"]),
        (CSV.replace("kind", "sort"), ["target", "'sort'", "'kind'"]),
        ("size,kind\n", ["headings and rows", "1 lines"]),
        ("", ["headings and rows", "0 lines"]),
    ],
)
def test_the_error_for_a_bad_csv_file_names_row_and_column(tmp_path, text, words):
    path = tmp_path / "pets.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="expected") as caught:
        problems.problem(path, "kind")
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("call", "beginning"),
    [
        (lambda: problems.moons(n=2), "n: expected a whole number, at least 4"),
        (lambda: problems.moons(noise=-1), "noise: expected"),
        (lambda: problems.moons(rng=5), "rng: expected a numpy Generator"),
        (lambda: problems.moons(held_out=1.0), "held_out: expected a share that leaves"),
        (lambda: problems.moons(layers=3), "option: expected one of"),
        (lambda: problems.moons(hidden=(8,), activation="tanh"), "activation: expected hidden= for the activation"),
        (lambda: problems.moons(hidden=(8, 8)), "hidden: expected the activation of the hidden layers"),
        (lambda: problems.moons(sizes="tanh"), "sizes: expected the sizes of the hidden layers"),
        (lambda: problems.moons(hidden="swosh"), "hidden: expected one of"),
        (lambda: problems.problem("nowhere.csv", "y"), "data: expected a CSV file, got nowhere.csv"),
        (lambda: problems.problem([[1.0], [2.0]], [1]), "target: expected one for each of the 2 samples"),
        (lambda: problems.problem([[1.0], [2.0]], ["a", "a"]), "target: expected 2 to 50 classes, got 1"),
        (lambda: problems.problem([[1.0], [2.0]], [1, 2], kind="words"), "kind: expected one of"),
        (lambda: problems.problem([1.0, 2.0], [1, 2]), "data: expected two axes"),
    ],
)
def test_the_error_for_a_bad_request_says_what_was_expected(call, beginning):
    with pytest.raises(ValueError, match="expected") as caught:
        call()
    assert str(caught.value).startswith(beginning)


def test_a_binary_file_is_refused(tmp_path):
    path = tmp_path / "photo.csv"
    path.write_bytes(b"\xff\xd8\xff\xe0" * 50)
    with pytest.raises(ValueError, match=r"text file in UTF-8, got photo\.csv"):
        problems.problem(path, "y")
