"""A lesson exported as a page has the picture of every panel, whether its widgets' state was saved or not."""

import re
import subprocess
import sys

import nbformat
import pytest
from execute_lessons import LESSONS, tidy
from nbclient import NotebookClient
from nbconvert.filters.markdown_mistune import MarkdownWithMath

from tinymlp.lab.formulas import WithFormulas

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


def tiles(page):
    """Return the HTML of each figure and of each table of the panels on a page."""
    body = page.partition("<body")[2]
    found = [part.partition('class="tinymlp-panel"')[0] for part in body.split('<div class="tinymlp-tile"')[1:]]
    return tuple([part for part in found if f'class="tinymlp-{kind}"' in part] for kind in ("figure", "table"))


def one_cell(code="panel(run)"):
    """Return a notebook of one cell, in which `run` is a run of the worked example."""
    before = "import tinymlp as tm\nfrom tinymlp.widgets import panel\nrun = tm.Run(tm.worked_example())"
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"{before}\n{code}")])


def panels(notebook):
    """Return how many cells of a notebook end in a panel."""
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    count = sum(source.split("\n")[-1].startswith("panel(") for source in cells)
    assert count
    return count


def test_an_executed_lesson_is_exported_with_the_picture_of_every_panel_as_it_was_left(executed, tmp_path):
    page = exported(executed, tmp_path)
    assert pictures(page) == (panels(executed), 0)
    figures, tables = tiles(page)
    assert len(figures) == page.count('role="img"') >= 3
    assert all(figure.count("<svg") == 2 and "<text" in figure for figure in figures)
    assert len(tables) >= 1
    assert all("<td>" in table for table in tables)
    assert "widget-view" not in page


def test_a_panel_is_exported_as_it_was_left_and_says_what_it_could_not_show(tmp_path):
    board = 'board = panel(tm.Run(tm.problems.xor()), show=("network", "boundary", "table"))'
    page = exported(one_cell(f"{board}\nboard.take(run.step(3))\nboard"), tmp_path, "--execute")
    figures, tables = tiles(page)
    assert ['class="tinymlp-note"' in figure for figure in figures] == [False, True]
    assert "Iteration 3" in tables[0]


def test_a_lesson_without_saved_state_is_exported_with_the_stored_picture_of_every_panel(executed, tmp_path):
    lesson = tidy(nbformat.from_dict(executed))
    page = exported(lesson, tmp_path)
    assert pictures(page) == (0, panels(lesson))


def test_the_command_executes_as_well(tmp_path):
    page = exported(one_cell(), tmp_path, "--execute")
    assert pictures(page) == (1, 0)


def test_formulas_are_part_of_the_page_and_one_that_cannot_be_read_stays_as_it_was_written(tmp_path):
    words = r"Cost $y \ln p$, and $$\frac{1}{n}$$ but `$x$` costs \$2, and $\frac{1}{$ is no formula."
    page = exported(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(words)]), tmp_path)
    formulas = re.findall("<math.*?</math>", page)
    assert len(formulas) == 2
    assert ">ln<" in formulas[0]
    assert "<mfrac>" in formulas[1]
    assert "<code>$x$</code> costs $2, and $\\frac{1}{$ is no formula" in page


def test_every_formula_of_the_lessons_can_be_read():
    for path in LESSONS.glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                page = MarkdownWithMath(renderer=WithFormulas(escape=False)).render(cell.source)
                assert not re.search(r"\\[a-z]|\$", re.sub("<code>.*?</code>", "", page)), (path.name, page)
