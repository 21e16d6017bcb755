"""What a saved notebook keeps of its widgets: each one as it was left, or else the picture that is in its output.

Jupyter saves the state of the widgets whose kernel is running, and of no others: a notebook that is opened and saved
before its cells were run would lose them, and show an error in place of each.
"""

import json
from pathlib import Path

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
MODEL = "IPY_MODEL_"  # before the id, where a widget's state names another widget


class KeepingContents(AsyncLargeFileManager):
    """Jupyter's own manager of files, which keeps in a notebook what its outputs still show."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.register_pre_save_hook(keep)


def keep(model, path, contents_manager):
    """Before a notebook is saved: take the state of widgets it still shows over from the file."""
    if model.get("type") == "notebook" and model.get("content"):
        file = Path(contents_manager._get_os_path(path))
        take_over(model["content"], json.loads(file.read_text(encoding="utf-8")) if file.exists() else {})


def take_over(new, old):
    """Give the notebook `new` the states that only `old` has, and drop each view that neither has the state of."""
    kept, known = states(old), states(new)
    for data in outputs(new):
        name = data.get(VIEW, {}).get("model_id")
        if name in known:
            continue
        if name in kept:
            known |= {part: kept[part] for part in reached(name, kept)}
        else:
            data.pop(VIEW, None)
    if known:
        saved = {"state": known, "version_major": 2, "version_minor": 0}
        new["metadata"].setdefault("widgets", {})[STATE] = saved


def states(notebook):
    """Return the widgets' states in a notebook, by the id of the widget."""
    return notebook.get("metadata", {}).get("widgets", {}).get(STATE, {}).get("state", {})


def outputs(notebook):
    """Return the data of each output of a notebook, by mime type."""
    return [output["data"] for cell in notebook["cells"] for output in cell.get("outputs", []) if "data" in output]


def reached(name, known):
    """Return the ids of a widget and of all that belong to it, as far as their states are known."""
    found, names = set(), {name}
    while names:
        found |= names
        words = [part for each in names for part in json.dumps(known[each]).split('"')]
        names = {word.removeprefix(MODEL) for word in words if word.startswith(MODEL)} & known.keys() - found
    return found
