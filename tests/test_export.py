"""A lesson exported as a page has the picture of every panel, whether its widgets' state was saved or not."""

import subprocess
import sys

import nbformat
import pytest
from execute_lessons import LESSONS, tidy
from nbclient import NotebookClient

LESSON = "08_momentum_by_hand.ipynb"  # panels with tables, cards and a faded table


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Return the lesson, executed: with the states of its widgets, as a learner's saved copy has them."""
    notebook = nbformat.read(LESSONS / LESSON, as_version=4)
    path = tmp_path_factory.mktemp("executed")
    NotebookClient(notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": path}}).execute()
    return notebook


def exported(notebook, path, *options):
    """Return the page that our command makes of a notebook."""
    nbformat.write(notebook, path / "lesson.ipynb")
    command = [sys.executable, "-m", "tinymlp", "export", *options, str(path / "lesson.ipynb")]
    subprocess.run(command, check=True, capture_output=True)
    return (path / "lesson.html").read_text(encoding="utf-8")


def pictures(page):
    """Return how many pictures of panels a page has: those as they were left, and those stored in the notebook."""
    return page.count('class="tinymlp-picture'), page.count("<img ")


def panels(notebook):
    """Return how many cells of a notebook end in a panel."""
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    count = sum(source.split("\n")[-1].startswith("panel(") for source in cells)
    assert count
    return count


def test_an_executed_lesson_is_exported_with_the_picture_of_every_panel_as_it_was_left(executed, tmp_path):
    page = exported(executed, tmp_path)
    assert pictures(page) == (panels(executed), 0)
    assert page.count('class="tinymlp-figure"') == page.count('role="img"') >= 3
    assert page.count('class="tinymlp-table"') >= 1
    assert "widget-view" not in page


def test_a_lesson_without_saved_state_is_exported_with_the_stored_picture_of_every_panel(executed, tmp_path):
    lesson = tidy(nbformat.from_dict(executed))
    page = exported(lesson, tmp_path)
    assert pictures(page) == (0, panels(lesson))


def test_the_command_executes_as_well(tmp_path):
    cell = nbformat.v4.new_code_cell(
        "import tinymlp as tm\nfrom tinymlp.widgets import panel\npanel(tm.Run(tm.worked_example()))"
    )
    page = exported(nbformat.v4.new_notebook(cells=[cell]), tmp_path, "--execute")
    assert pictures(page) == (1, 0)
