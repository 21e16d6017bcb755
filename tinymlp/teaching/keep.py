"""The learner's own folder: files of JSON lines that are only ever appended to, so that nothing is lost.

The environment variable TINYMLP_HOME sets the folder; by default it is `.tinymlp` in the learner's home directory. With
the kernel in the page that would be memory, and gone with the page: there it is a folder beside the lessons.
"""

import json
import os
import stat
import sys

DAMAGED = ".damaged"
DRIVE, BESIDE = "/drive", "my guesses"  # in the page: where the browser keeps the lessons, and our folder there


def home():
    """Return the path of the learner's folder."""
    default = os.path.join(DRIVE, BESIDE) if _on_drive() else os.path.join(os.path.expanduser("~"), ".tinymlp")
    return os.environ.get("TINYMLP_HOME") or default


def where():
    """Return a sentence on where guesses and exercises are kept if that is in a page, else an empty text."""
    if not _in_page():
        return ""
    if _on_drive():
        return f'Guesses and solved exercises are kept in this browser, in the folder "{BESIDE}" of the list of files.'
    return "This browser lets the page keep nothing: guesses and exercises are forgotten when it is closed."


def _in_page():
    return sys.platform == "emscripten"


def _on_drive():
    return _in_page() and os.path.isdir(DRIVE)


def _path(name):
    """Return the path of a file: in the page it ends in .txt, as appending to a file of another kind hangs there."""
    return os.path.join(home(), name + ".txt" * _in_page())


def add(name, record):
    """Append a record (a dict) to the file `name`, in one write, so that two notebooks cannot mix up their lines."""
    os.makedirs(home(), exist_ok=True)
    path = _path(name)
    line = json.dumps(record, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    torn = os.path.exists(path) and not _ends_a_line(path)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _mode())
    try:
        os.write(handle, (b"\n" if torn else b"") + line)
    finally:
        os.close(handle)


def _mode():
    """Return who may read a new file: its owner, and the folder's group where new files are meant to belong to it."""
    return 0o640 if os.stat(home()).st_mode & stat.S_ISGID else 0o600


def _ends_a_line(path):
    with open(path, "rb") as kept:
        if not kept.seek(0, os.SEEK_END):
            return True
        kept.seek(-1, os.SEEK_END)
        return kept.read(1) == b"\n"


def read(name, wanted=()):
    """Return (records, message): dicts with strings under the wanted keys; damaged lines are set aside and reported."""
    try:
        with open(_path(name), "rb") as kept:
            lines = kept.read().split(b"\n")
    except FileNotFoundError:
        return [], ""
    records, damaged = [], []
    for line in filter(bytes.strip, lines):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, dict) and all(isinstance(record.get(key), str) for key in wanted):
            records.append(record)
        else:
            damaged.append(line)
    if damaged:
        _set_aside(name + DAMAGED, damaged)
    count = f"{len(damaged)} damaged line{'s' if len(damaged) > 1 else ''}"
    return records, f"{count} of {name} set aside in {name}{DAMAGED}; the rest was read." if damaged else ""


def _set_aside(name, lines):
    path = _path(name)
    try:
        with open(path, "rb") as kept:
            known = set(kept.read().split(b"\n"))
    except FileNotFoundError:
        known = set()
    new = [line for line in lines if line not in known]
    if new:
        with open(path, "ab") as kept:
            kept.write(b"\n".join(new) + b"\n")
