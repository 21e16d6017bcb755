"""The notebooks as committed: complete, honest and well-mannered. nbval compares their outputs separately."""

import ast
import inspect
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from execute_lessons import LESSONS, VIEW
from nbclient import NotebookClient

import tinymlp as tm
from tinymlp import activations, losses

PATHS = sorted(LESSONS.glob("*.ipynb"))
SMOKE = Path(__file__).with_name("smoke_cell.py").read_text(encoding="utf-8")
UNKIND = re.compile(r"\b(simply|just|obviously|trivial|trivially|of course|easy|easily)\b", re.IGNORECASE)

lessons = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def source_lines(cells):
    return [line for cell in cells for line in cell.source.splitlines() if line.strip()]


def test_there_are_lessons():
    assert {"00_start_here", "08_momentum_by_hand"} <= {path.stem for path in PATHS}


@lessons
def test_every_code_cell_was_executed_in_order(path):
    counts = [cell.execution_count for cell in code_cells(read(path))]
    assert counts == list(range(1, len(counts) + 1))


@lessons
def test_no_widget_state_no_warning_and_no_error_is_committed(path):
    notebook = read(path)
    assert "widgets" not in notebook.metadata
    for cell in code_cells(notebook):
        for output in cell.outputs:
            assert output.output_type in ("stream", "execute_result", "display_data")
            assert output.get("name") != "stderr"
            assert VIEW not in output.get("data", {})


@lessons
def test_every_panel_is_committed_with_its_text_and_its_picture(path):
    cells = [
        cell for cell in code_cells(read(path)) if re.search(r"^(?:panel|playground)\(", cell.source, re.MULTILINE)
    ]
    assert cells
    for cell in cells:
        data = cell.outputs[-1]["data"]
        assert "t = " in data["text/plain"]
        assert "Panel(" not in data["text/plain"]
        assert len(data["image/png"]) > 1000


@lessons
def test_set_up_is_one_short_hidden_cell(path):
    first, *others = code_cells(read(path))
    assert {"setup", "hide-input"} <= set(first.metadata.tags)
    assert first.metadata.jupyter.source_hidden
    said, *lines = source_lines([first])
    assert said == "# Run me first: click here, then press Shift + Enter."  # all that is seen of a folded cell
    assert len(lines) <= 6
    assert not any("setup" in cell.metadata.get("tags", []) for cell in others)


@lessons
def test_a_lesson_has_its_parts_and_enough_prose(path):
    notebook = read(path)
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert prose[0].startswith("# ")
    assert "**The question:**" in prose[0]
    assert "**By the end you can**" in prose[0]
    assert re.search(r"About \d+ minutes", prose[0])
    assert "## In three lines" in prose[-1]
    assert "**You can now**" in prose[-1]
    assert ".ipynb)" in prose[-1]
    words = sum(len(text.split()) for text in prose)
    assert words >= 8 * len(source_lines(code_cells(notebook)))
    assert all(len(source_lines([cell])) <= 10 for cell in code_cells(notebook))


@lessons
def test_a_prediction_is_asked_for_before_each_panel_at_its_start(path):
    for before, cell in pairwise(read(path).cells):
        data = cell.outputs[-1].get("data", {}) if cell.cell_type == "code" and cell.outputs else {}
        if "image/png" in data and "t = 0" in data["text/plain"]:
            assert "after=" in cell.source or re.search(r"Before you|Guess", before.source), cell.source


@lessons
def test_the_voice_is_kind(path):
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            assert not (found := UNKIND.search(cell.source)), found


@lessons
def test_links_lead_to_lessons_that_are_there(path):
    for cell in read(path).cells:
        for target in re.findall(r"\]\(([^)#]+\.ipynb)\)", cell.source):
            assert (LESSONS / target).exists(), target


@lessons
def test_a_definition_shown_is_the_packages_own(path):
    own = {
        name: f for module in (activations, losses, tm) for name, f in inspect.getmembers(module, inspect.isfunction)
    }
    for cell in code_cells(read(path)):
        for node in ast.parse(cell.source).body:
            if isinstance(node, ast.FunctionDef) and node.name in own:
                assert body(node) == body(ast.parse(inspect.getsource(own[node.name])).body[0]), node.name


def body(function):
    """Return a function's arguments and body as text, without its docstring."""
    statements = function.body[1:] if ast.get_docstring(function) else function.body
    return ast.dump(function.args) + "".join(map(ast.dump, statements))


def test_lesson_08_shows_definitions_of_the_package():
    names = re.findall(
        r"^def (\w+)",
        "\n".join(c.source for c in code_cells(read(LESSONS / "08_momentum_by_hand.ipynb"))),
        re.MULTILINE,
    )
    assert {"sigmoid", "silu"} <= set(names)


def test_nbval_notices_a_single_wrong_digit(tmp_path):
    notebook = read(PATHS[0])
    (data,) = [
        o.data for c in code_cells(notebook) for o in c.outputs if "Run of" in o.get("data", {}).get("text/plain", "")
    ]
    data["text/plain"] = data["text/plain"].replace("0.6953", "0.6954")
    nbformat.write(notebook, tmp_path / "tampered.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert "0.6954" in done.stdout
    assert "1 failed" in done.stdout


@lessons
@pytest.mark.skipif(sys.platform == "win32", reason="nbclient needs another event loop there")
def test_every_control_of_every_panel_works(path, own_home):
    notebook = read(path)
    notebook.cells.append(nbformat.v4.new_code_cell(SMOKE))
    NotebookClient(notebook, timeout=240, resources={"metadata": {"path": path.parent}}).execute()
    outputs = notebook.cells[-1].outputs
    # A button callback that raises does not fail the cell: it shows up as one more output.
    # (What is printed may arrive in two pieces, where the machine is slow.)
    assert {output.output_type for output in outputs} == {"stream"}, outputs
    assert {output.name for output in outputs} == {"stdout"}, outputs
    panels, events = map(int, re.findall(r"\d+", "".join(output.text for output in outputs)))
    assert panels == sum(
        len(re.findall(r"^(?:panel|hunt|playground)\(", c.source, re.MULTILINE)) for c in code_cells(notebook)
    )
    assert events >= 10 * panels
