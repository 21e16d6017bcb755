"""The panels of a lesson, as its cells make them, without a notebook."""

import json
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from tinymlp.widgets.panel import Panel

LESSONS = Path(__file__).parents[1] / "notebooks"


def panels_of(lesson):
    """Return the panels of a lesson in order, each as its cell leaves it; lesson: how its name begins, e.g. "08"."""
    (path,) = LESSONS.glob(f"{lesson}_*.ipynb")
    shell, found = InteractiveShell(), []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            with capture_output():  # a cell that is run in silence has no result
                shown = shell.run_cell("".join(cell["source"]))
            shown.raise_error()
            if isinstance(shown.result, Panel):
                found.append(shown.result)
    return found
