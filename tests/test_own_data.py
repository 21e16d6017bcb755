"""A learner's own samples: lines are read, or the one that cannot be is named; samples are drawn and erased."""

import numpy as np
import pytest

from tinymlp.own_data import added, classes_to_add, erased, read
from tinymlp.recipes import MOST_SAMPLES, Recipe

SAMPLES = ((0.5, -1.0, "cat"), (1.0, 0.25, "dog"))


@pytest.mark.parametrize(
    "text",
    [
        "0.5, -1, cat\n1, 0.25, dog",
        "0.5,-1,cat\n1,.25,dog\n",
        "0.5; -1; cat\n1; 0.25; dog",
        "0,5; -1; cat\n1; 0,25; dog",
        "0.5\t-1\tcat\r\n1\t0.25\tdog",
        "0,5\t-1,0\tcat\n1\t,25\tdog",
        "0.5 -1 cat\n1   2.5e-1 dog",
        "0,5 -1 cat\n1 0,25 dog",
        '# a remark\n\n"0.5","-1","cat"\n\n"1","0.25","dog"',
    ],
)
def test_lines_are_read_however_their_columns_are_split(text):
    assert read(text)[0] == SAMPLES


def test_a_heading_is_left_out_and_said():
    samples, words = read("length; width; kind\n0,5; -1; cat\n1; 0,25; dog")
    assert samples == SAMPLES
    assert words == "2 samples, classes cat, dog. The first line was taken as a heading."


def test_targets_are_numbers_if_all_are_and_words_if_one_is_not():
    assert read("0 0 0,5\n1 1 -1")[0] == ((0, 0, 0.5), (1, 1, -1))
    assert [target for *_, target in read("0 0 1\n1 1 one")[0]] == ["1", "one"]
    assert read("0 0 0.5\n1 1 -1")[1] == "2 samples with numbers as targets (for classes, write words)."
    assert read("0 0 0\n1 1 1")[1] == "2 samples, classes 0, 1."


def test_columns_that_do_not_fit_the_plane_are_scaled_and_the_words_say_so():
    samples, words = read("10, 0.2, a\n20, 0.4, b\n60, 0.9, b")
    x1, x2, _ = zip(*samples, strict=True)
    assert x2 == (0.2, 0.4, 0.9)
    np.testing.assert_allclose(x1, [-20 / 30 * 1.3, -10 / 30 * 1.3, 1.3])
    assert "X1 went from 10 to 60: standardised and scaled to fit." in words
    assert "X2" not in words
    assert read("7, 0, a\n7, 1, b")[0] == ((0, 0, "a"), (0, 1, "b"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a line of x1, x2 and the target for each sample, got no lines"),
        ("0, 0, a\n\n1, one, b", "line 3: expected a number for x2, got 'one'"),
        ("0, 0, a\n1, 1", "line 2: expected x1, x2 and the target, three columns, got 2: '1 | 1'"),
        ("1, 2, 3, 4, a\n1, 2, 3, 4, b", "line 1: expected x1, x2 and the target, three columns, got 5"),
        ("1, 2, 3, 4, a\n1, 2, 3, 4, b", "keep the three columns x1, x2 and the target"),
        ("0, 0, a\n1, 1,", "line 2: expected a target, a word or a number, got an empty cell"),
        ("0, 0, a\n1e999, 1, b", "expected finite numbers for x1"),
        ("0, 0, a\n" * 1200, "expected at most 1000 lines, got 1200"),
        ("0, 0, a\n" * 1001, "expected at most 1000 samples, got 1001"),
        ("nan, 0, a\n", "line 1: expected a number for x1, got 'nan'"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text, message):
    with pytest.raises(ValueError, match="expected") as error:
        read(text)
    assert message in str(error.value)


def test_what_was_read_makes_a_problem():
    samples, _ = read("0 0 cat\n1 1 dog\n0 1 cat\n1 0 dog")
    problem = Recipe(data="own", own=samples, held_out=0.25).problem()
    assert problem.classes == ("cat", "dog")


def test_the_first_drawn_sample_begins_data_of_ones_own():
    first = added(Recipe(), (0.5, 0.25), "B")
    assert first == {"data": "own", "own": ((0.5, 0.25, "B"),)}
    recipe = Recipe().but(**first)
    assert recipe.but(**added(recipe, (0, 0), "A")).own == ((0.5, 0.25, "B"), (0.0, 0.0, "A"))


def test_pasted_classes_can_be_drawn_and_in_place_of_numbers_a_b_and_c():
    assert classes_to_add(Recipe()) == ("A", "B", "C")
    pasted = Recipe(data="own", own=SAMPLES)
    assert classes_to_add(pasted) == ("cat", "dog")
    assert len(added(pasted, (0, 0), "dog")["own"]) == 3
    with pytest.raises(ValueError, match="expected cat or dog, got 'A'"):
        added(pasted, (0, 0), "A")
    numbers = Recipe(data="own", own=((0, 0, 0.5), (1, 1, 2.0)))
    assert added(numbers, (0, 0), "A")["own"] == ((0, 0, "A"),)
    full = Recipe(data="own", own=((0, 0, "A"),) * MOST_SAMPLES)
    with pytest.raises(ValueError, match="expected at most 1000 samples"):
        added(full, (0, 0), "A")


def test_the_nearest_sample_is_erased_and_the_last_one_stays():
    recipe = Recipe(data="own", own=SAMPLES)
    assert erased(recipe, (0.4, -0.9)) == {"own": SAMPLES[1:]}
    with pytest.raises(ValueError, match="expected at least one sample to stay"):
        erased(recipe.but(own=SAMPLES[:1]), (0.5, -1))
    with pytest.raises(ValueError, match="expected samples of one's own to erase, got the data set 'circles'"):
        erased(Recipe(), (0, 0))
