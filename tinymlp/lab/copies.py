"""Working copies of the lessons: what a learner edits is theirs, and is never overwritten."""

import json
import os
from hashlib import sha256
from pathlib import Path

LAID = ".laid.json"  # in the folder of copies: the digest of each lesson as it was laid there
COVER = "cover=True"  # in a cell: its picture is covered until a guess is locked
COVERED = "Run this cell. Its picture is covered until your prediction is locked."


def lay_copies(lessons, folder):
    """Copy the notebooks of the folder `lessons` into `folder`, and return a message for each one not updated.

    An untouched copy is updated with its lesson. One that the learner has changed is left alone; if its lesson has
    changed too, the new version is put next to it. Raises FileNotFoundError if there are no lessons.
    """
    lessons, folder = Path(lessons), Path(folder)
    sources = sorted(lessons.glob("*.ipynb"))
    if not sources:
        raise FileNotFoundError(f"expected notebooks in {lessons}, found none")
    folder.mkdir(parents=True, exist_ok=True)
    laid, said = _read(folder / LAID), []
    for source in sources:
        new = covered(source.read_bytes())
        name = _place(folder, source, new, laid)
        if name != source.name and laid.get(name) != _digest(new):
            said.append(f"{source.name} has a new version. Yours is kept; the new one is {name}.")
        if not (folder / name).exists() or _digest((folder / name).read_bytes()) == laid.get(name):
            _write(folder / name, new)
            laid[name] = _digest(new)
    _write(folder / LAID, json.dumps(laid, indent=1).encode())
    return said


def _place(folder, source, new, laid):
    """Return the file name for a copy of a lesson: its own, or a new one where the learner's work would be lost."""
    name, number = source.name, 0
    while (folder / name).exists():
        now, then = _digest((folder / name).read_bytes()), laid.get(name)
        if now == then or then == _digest(new) or now == _digest(new):
            break  # untouched, or changed by the learner while the lesson stayed as it was
        number += 1
        name = f"{source.stem}_new{'' if number == 1 else number}.ipynb"
    return name


def covered(lesson):
    """Return a lesson (bytes) without the saved pictures that would give away the answer to a question.

    Those pictures are for readers elsewhere, where panels do not run.
    """
    if COVER.encode() not in lesson:
        return lesson
    notebook = json.loads(lesson)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and COVER in "".join(cell["source"]):
            for output in cell["outputs"]:
                if "data" in output:  # printed output has none
                    output["data"] = {"text/plain": [COVERED]}
    return json.dumps(notebook, ensure_ascii=False, indent=1).encode()


def _digest(content):
    return sha256(content).hexdigest()


def _read(path):
    try:
        laid = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}  # without the record every copy counts as the learner's own
    return laid if isinstance(laid, dict) else {}


def _write(path, content):
    """Write all or nothing: a crash must not leave half a notebook behind."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    os.replace(part, path)
