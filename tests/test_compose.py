"""docs/compose.md: every example on it runs, and every public way in is named on it."""

import inspect
import re
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

import tinymlp as tm
from tinymlp import problems, widgets
from tinymlp.teaching.predictions import DIRECTIONS
from tinymlp.views import View
from tinymlp.widgets import ExerciseCard, Panel, PredictionCard, panel, predict

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "compose.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Run the blocks of the page one after another, as the cells of one notebook, in a folder of its own.

    Returns what each of them shows, and the names that they leave.
    """
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("compose")
        patch.chdir(folder)
        patch.setenv("TINYMLP_HOME", str(folder / "home"))
        shell, results = InteractiveShell(), []
        for block in BLOCKS:
            with capture_output():
                done = shell.run_cell(block)
            done.raise_error()
            results.append(done.result)
        yield results, shell.user_ns


def test_every_example_runs_and_all_but_the_imports_show_something(shown):
    results, _ = shown
    assert [result is None for result in results] == [True] + [False] * (len(BLOCKS) - 1)
    assert {type(result) for result in results[1:]} == {Panel, PredictionCard, ExerciseCard}


def test_every_panel_on_the_page_shows_its_run_without_trouble(shown):
    results, _ = shown
    for board in (result for result in results if isinstance(result, Panel)):
        if board.waits:
            board.after.lock(board.after.options[0])
        board.run.step(3)
        assert board.alarm() == ""
        assert all(tile.note == "" for tile in board.tiles.values())
        assert "t = 3" in board.describe()


def test_the_view_of_the_page_follows_the_run_by_its_class(shown):
    _, names = shown
    board, kind = names["board"], names["GradientLength"]
    board.run.goto(0)
    assert isinstance(board.views["GradientLength"], kind)
    assert list(board.tiles) == ["GradientLength", "loss"]
    board.run.step(2)
    curve = board.views["GradientLength"].curve
    assert list(curve.get_xdata()) == [0, 1, 2]
    assert curve.get_ydata()[-1] == pytest.approx(float((board.run.grads.flat**2).sum() ** 0.5))
    assert f"The gradient is {curve.get_ydata()[-1]:.3f} long." in board.describe()
    assert panel(board.run, show=kind).describe()


def test_the_control_of_the_page_does_what_it_says(shown):
    results, _ = shown
    (board,) = [result for result in results if isinstance(result, Panel) and "Halve" in result.controls]
    before = board.run.eta
    board.controls["Halve"].widget.click()
    assert board.run.eta == before / 2


def test_the_exercise_of_the_page_has_three_outcomes(shown):
    _, names = shown
    task = names["two_steps"]
    solution = {"tm": tm}
    exec(task.answer, solution)
    outcomes = [task.check(answer).outcome for answer in (None, 0.7, "?", solution["answer"])]
    assert outcomes == ["not tried", "not yet", "not yet", "right"]


def test_the_question_of_the_page_has_the_truth_that_the_run_shows(shown):
    _, names = shown
    losses = tm.Run(tm.problems.overlap()).step(10).losses
    falls = bool((losses[1:] < losses[:-1]).all())
    asked = names["guess"].prediction
    if not asked.locked:
        asked.lock("yes")
    assert asked.truth == ("yes" if falls else "no")


def test_two_classes_of_one_name_are_refused():
    one, two = (type("Same", (View,), {}) for _ in range(2))
    with pytest.raises(ValueError, match="show: expected another name for one of the views, got 'Same' twice"):
        panel(tm.Run(tm.worked_example()), show=(one, two))


WAYS = {
    "widgets": [name for name in widgets.__all__ if name.islower()],
    "arguments of panel": list(inspect.signature(panel).parameters),
    "arguments of predict": [name for name in inspect.signature(predict).parameters if name not in ("question",)],
    "directions": DIRECTIONS,
    "data sets": [*problems.DATASETS, "worked_example", "problem"],
    "what a view must have": ["build", "read", "draw", "say"],
    "what a view may have": ["refuses", "status", "pointed", "nudged", "pick", "move", "answers", "points"],
    "classes to build on": ["View", "Facts", "Control", "Press", "Exercise", "Problem", "MLP", "Run"],
    "what a panel can do": ["describe", "choose", "take", "save"],
}


@pytest.mark.parametrize("what", WAYS)
def test_the_page_names_every_public_way_in(what):
    code = " ".join(BLOCKS + re.findall(r"`([^`\n]+)`", PAGE))
    assert [name for name in WAYS[what] if not re.search(rf"\b{name}\b", code)] == []
