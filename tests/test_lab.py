"""Working copies: a learner's work is never overwritten, and a new lesson is never withheld."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from jupyterlab_server.workspaces_handler import WorkspacesManager

from tinymlp.lab.copies import COVERED, lay_copies
from tinymlp.lab.saved import STATE, VIEW, take_over
from tinymlp.lab.workspace import lay_workspace


@pytest.fixture
def house(tmp_path):
    lessons = tmp_path / "notebooks"
    lessons.mkdir()
    (lessons / "01_one.ipynb").write_text("first edition")
    return lessons, tmp_path / "my"


def test_lessons_are_copied_once_and_nothing_is_said(house):
    lessons, my = house
    assert lay_copies(lessons, my) == []
    assert (my / "01_one.ipynb").read_text() == "first edition"
    assert lay_copies(lessons, my) == []


def test_an_untouched_copy_follows_its_lesson(house):
    lessons, my = house
    lay_copies(lessons, my)
    (lessons / "01_one.ipynb").write_text("second edition")
    assert lay_copies(lessons, my) == []
    assert (my / "01_one.ipynb").read_text() == "second edition"


def test_a_changed_copy_stays_and_the_new_lesson_is_laid_beside_it(house):
    lessons, my = house
    lay_copies(lessons, my)
    (my / "01_one.ipynb").write_text("my work")
    assert lay_copies(lessons, my) == []
    (lessons / "01_one.ipynb").write_text("second edition")
    (line,) = lay_copies(lessons, my)
    assert "01_one_new.ipynb" in line
    assert lay_copies(lessons, my) == []
    assert (my / "01_one.ipynb").read_text() == "my work"
    assert (my / "01_one_new.ipynb").read_text() == "second edition"


def test_work_in_the_new_copy_is_kept_as_well(house):
    lessons, my = house
    lay_copies(lessons, my)
    (my / "01_one.ipynb").write_text("my work")
    (lessons / "01_one.ipynb").write_text("second edition")
    lay_copies(lessons, my)
    (my / "01_one_new.ipynb").write_text("more work")
    (lessons / "01_one.ipynb").write_text("third edition")
    lay_copies(lessons, my)
    assert {path.name: path.read_text() for path in my.glob("*.ipynb")} == {
        "01_one.ipynb": "my work",
        "01_one_new.ipynb": "more work",
        "01_one_new2.ipynb": "third edition",
    }


@pytest.mark.parametrize("record", ["", "{broken", "[1, 2]"])
def test_without_its_record_every_copy_counts_as_the_learners(house, record):
    lessons, my = house
    lay_copies(lessons, my)
    (my / "01_one.ipynb").write_text("my work")
    (my / ".laid.json").write_text(record)
    lay_copies(lessons, my)
    assert (my / "01_one.ipynb").read_text() == "my work"


def test_a_copy_shows_no_kept_picture_that_would_answer_its_question(house):
    lessons, my = house
    source = Path(__file__).parent.parent / "notebooks" / "04_slopes.ipynb"
    shutil.copy(source, lessons / "04.ipynb")
    lay_copies(lessons, my)
    kept, laid = (nbformat.read(path, as_version=4).cells for path in (source, my / "04.ipynb"))
    assert [cell.source for cell in kept] == [cell.source for cell in laid]
    changed = [new for old, new in zip(kept, laid, strict=True) if old != new]
    assert len(changed) == 2
    for cell in changed:
        assert "cover=True" in cell.source
        assert [output.data for output in cell.outputs] == [{"text/plain": COVERED}]
    assert lay_copies(lessons, my) == []


def test_what_a_covered_cell_prints_stays_as_it_is(house):
    lessons, my = house
    printed = nbformat.v4.new_output("stream", text="hello")
    cell = nbformat.v4.new_code_cell("panel(run, cover=True)", outputs=[printed])
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), lessons / "05.ipynb")
    lay_copies(lessons, my)
    laid = nbformat.read(my / "05.ipynb", as_version=4)
    nbformat.validate(laid)
    assert laid.cells[0].outputs == [printed]


def test_no_lessons_is_an_error_that_says_where(tmp_path):
    with pytest.raises(FileNotFoundError, match="expected notebooks"):
        lay_copies(tmp_path, tmp_path / "my")


def test_the_command_explains_itself():
    done = subprocess.run([sys.executable, "-m", "tinymlp", "lab", "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    assert "--my" in done.stdout
    wrong = subprocess.run([sys.executable, "-m", "tinymlp", "lob"], capture_output=True, text=True)
    assert wrong.returncode == 2
    assert "lab" in wrong.stderr


def test_a_first_layout_is_written_and_a_learners_own_is_kept(tmp_path):
    lay_workspace(tmp_path / "w")
    manager = WorkspacesManager(str(tmp_path / "w"))
    assert manager.load("default")["data"]["layout-restorer:data"]["left"]["collapsed"]
    manager.save("default", '{"data": {"mine": 1}, "metadata": {"id": "default"}}')
    lay_workspace(tmp_path / "w")
    assert manager.load("default")["data"] == {"mine": 1}


def saved_with(shown, states):
    """Return a notebook whose outputs show the widgets of these ids, with the states of those ids."""
    outputs = [{"data": {VIEW: {"model_id": name}, "image/png": name}} for name in shown]
    saved = {name: {"state": {"children": [f"IPY_MODEL_{each}" for each in parts]}} for name, parts in states.items()}
    return {"cells": [{"outputs": outputs}, {"source": "text"}], "metadata": {"widgets": {STATE: {"state": saved}}}}


def test_a_notebook_saved_before_it_is_run_keeps_what_its_outputs_show():
    old = saved_with(["panel"], {"panel": ["row"], "row": ["slider"], "slider": [], "gone": []})
    new = saved_with(["panel"], {})
    take_over(new, old)
    assert new["metadata"]["widgets"][STATE]["state"].keys() == {"panel", "row", "slider"}
    assert VIEW in new["cells"][0]["outputs"][0]["data"]


def test_what_is_running_is_saved_as_it_is_now():
    old, new = saved_with(["panel"], {"panel": ["row"], "row": []}), saved_with(["panel"], {"panel": []})
    take_over(new, old)
    assert new["metadata"]["widgets"][STATE]["state"] == {"panel": {"state": {"children": []}}}


def test_a_view_whose_widget_is_lost_gives_way_to_its_picture():
    new = saved_with(["lost", "here"], {"here": []})
    take_over(new, {})
    lost, here = (output["data"] for output in new["cells"][0]["outputs"])
    assert lost == {"image/png": "lost"}
    assert VIEW in here


def test_a_notebook_without_widgets_stays_as_it_is():
    new = {"cells": [{"outputs": [{"name": "stdout", "text": "1"}]}], "metadata": {}}
    take_over(new, {})
    assert new == {"cells": [{"outputs": [{"name": "stdout", "text": "1"}]}], "metadata": {}}
