"""Executes the notebooks of the folder `notebooks` from top to bottom and writes their outputs: `make lessons`.

Timings, widget state and widget views are removed, as a person would do before committing. With them, whoever opened
the page without running it would see an error box in place of each picture.
"""

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

LESSONS = Path(__file__).resolve().parent.parent / "notebooks"
TIMED = "nbval-ignore-output"
VIEW = "application/vnd.jupyter.widget-view+json"


def execute(path):
    """Execute the notebook at `path` in its own folder and return it, tidied."""
    notebook = nbformat.read(path, as_version=4)
    timed = [(cell, cell.outputs) for cell in notebook.cells if TIMED in cell.metadata.get("tags", [])]
    place = {"metadata": {"path": path.parent}}
    # What one cell prints is one output, however it came.
    NotebookClient(notebook, timeout=60, kernel_name="python3", coalesce_streams=True, resources=place).execute()
    for cell, outputs in timed:  # another run gives other timings, which is no reason to change the file
        cell.outputs = outputs or cell.outputs
    return tidy(notebook)


def tidy(notebook):
    """Return the notebook without widget state, widget views and timings."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.language_info = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(VIEW, None)
    return notebook


def main(names):
    """Execute the named notebooks, or all."""
    os.environ["TINYMLP_HOME"] = tempfile.mkdtemp()  # nobody's own guesses should be published
    for path in [Path(name) for name in names] or sorted(LESSONS.glob("*.ipynb")):
        print(path.name, flush=True)
        nbformat.write(execute(path), path)


if __name__ == "__main__":
    main(sys.argv[1:])
