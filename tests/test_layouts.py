"""The words of every view stand where the file says; `make layouts` writes it anew after an intended change."""

from dataclasses import replace

import pytest
from layouts import FOLDER, held, words_of

import tinymlp as tm
from tinymlp.recipes import Recipe
from tinymlp.views import VIEWS, Look

WORKED = tm.Run(tm.worked_example()).step(2)
TWO = (("W1", (2, 1)), ("W2", (1, 0)))
PLANE = tm.Run(replace(tm.worked_example(), gamma=0.0), training=tm.Training(free=TWO)).step(2)
PLAYGROUND = tm.Run(Recipe(sizes=(4, 2), inputs=("x1", "x2", "x1^2")).problem()).step(2)
DRAWN = [name for name, kind in VIEWS.items() if not kind.is_table]


def shown(name):
    """Return a view of the worked example after two steps, of two of its weights or of samples in the plane."""
    kind = VIEWS[name]
    run = next((run for run in (WORKED, PLANE, PLAYGROUND) if not kind.refuses(run)), None)
    if run is None:
        pytest.skip(f"{name} shows another kind of run")
    return kind(run, Look(chosen=TWO[0]))


@pytest.mark.parametrize("name", DRAWN)
def test_the_words_of_a_view_stand_where_they_stood(name, write_layouts):
    assert held(f"view_{name}", words_of(shown(name)), write_layouts) == []


def test_a_word_that_moved_or_is_new_or_gone_is_named():
    boxes = words_of(shown("loss"))
    (first, box), (second, other) = boxes[1:3]
    moved = [boxes[0], (first, (box[0] + 9, *box[1:])), *boxes[3:], ("new word", other)]
    said = held("view_loss", moved, write=False)
    assert [line.split("'")[1] for line in said] == [first, "new word", second]
    assert "was at" in said[0]
    assert "is new" in said[1]
    assert "is gone" in said[2]


def test_every_layout_on_file_belongs_to_a_view_or_a_lesson():
    from execute_lessons import LESSONS

    known = {f"view_{name}" for name in DRAWN} | {f"lesson_{path.stem[:2]}" for path in LESSONS.glob("*.ipynb")}
    assert {path.stem for path in FOLDER.glob("*.txt")} <= known
