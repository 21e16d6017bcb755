"""Who skips a lesson's first cell is told so in one sentence; other errors are shown as usual."""

import ast
import os

import nbformat
import pytest
from execute_lessons import LESSONS
from jupyter_client.manager import start_new_kernel

from tinymlp.lab import missing


def defined(source):
    """Return the names that a cell defines."""
    nodes = list(ast.walk(ast.parse(source)))
    bound = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    imported = [alias for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names]
    return bound | {alias.asname or alias.name for alias in imported}


def test_the_names_are_those_that_the_set_up_cells_define():
    cells = [cell for path in LESSONS.glob("*.ipynb") for cell in nbformat.read(path, as_version=4).cells]
    sources = [cell.source for cell in cells if "setup" in cell.metadata.get("tags", [])]
    assert set().union(*map(defined, sources)) == missing.NAMES
    for source in sources:
        assert source.startswith("# Run me first")  # as the sentence calls it


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return a function that runs code in a kernel of the workbook: what it printed, and the error it showed."""
    own = tmp_path_factory.mktemp("home") / "own.py"
    own.write_text("mine = 7")
    environment = os.environ | {"PYTHONSTARTUP": str(own)}
    missing.prepare(environment)
    manager, client = start_new_kernel(env=environment)

    def run(code):
        seen = []
        client.execute_interactive(code, output_hook=seen.append, timeout=60)
        printed = "".join(each["content"]["text"] for each in seen if each["msg_type"] == "stream")
        return printed, [each["content"]["ename"] for each in seen if each["msg_type"] == "error"]

    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_a_name_of_the_first_cell_is_answered_in_one_sentence(run):
    printed, _ = run("panel(1)")
    assert printed == missing.MISSING.format("panel") + "\n"
    printed, _ = run("def half():\n    return np.pi / 2\n\nhalf()")
    assert printed == missing.MISSING.format("np") + "\n"


def test_any_other_name_is_an_error_as_usual(run):
    assert run("pannel(1)") == ("", ["NameError"])
    assert run("def late():\n    X = X + 1\n\nlate()") == ("", ["UnboundLocalError"])


def test_the_cells_after_it_are_not_run(run):
    printed, _ = run("tm.Run\nprint('on')")
    assert printed == missing.MISSING.format("tm") + "\n"


def test_the_learners_namespace_has_only_what_their_own_startup_file_puts_there(run):
    assert run("print(mine)") == ("7\n", [])
    assert run("print([name for name in dir() if 'begin' in name or 'tinymlp' in name])") == ("[]\n", [])
