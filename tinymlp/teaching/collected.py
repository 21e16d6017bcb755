"""A class's guesses as files: the one that a learner hands in, and all that lie in a folder.

Such a folder holds, for each learner, a folder named after them with the file of guesses (theirs on a Hub or on a
shared drive, or their home), or a file that was handed in, which says itself whose it is. Nothing in it is changed.
"""

from __future__ import annotations

import codecs
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from tinymlp.checks import describe
from tinymlp.teaching import keep, roll
from tinymlp.teaching.askings import FILE, WANTED, is_guess
from tinymlp.teaching.known import known

if TYPE_CHECKING:
    from os import PathLike

HEAD = {"tinymlp": "guesses"}  # what the first line of a file to hand in has, beside the name
NAMES = (FILE, FILE + ".txt")  # the second one was kept in a page
INSIDE = ("", ".tinymlp", keep.BESIDE)  # where it lies in a learner's folder
ENDINGS = (".txt", ".jsonl", ".json")


class Handed(NamedTuple):
    """The guesses of one learner: the name, the lines of the file, and which file that is."""

    name: str
    records: list[dict]
    path: str


def to_hand_in(name: str) -> bytes:
    """Return the learner's own guesses as the content of a file to hand in, with a name of their choice in it.

    Whether a guess to one of the lessons' questions is right is not in it. ValueError for an empty name.
    """
    name = " ".join(name.split()) if isinstance(name, str) else name
    if not isinstance(name, str) or not name:
        raise ValueError(f"name: expected a name to hand the guesses in under, got {describe(name)}")
    records, _ = keep.read(FILE, WANTED)
    lines: list[dict] = [HEAD | {"name": name, "when": datetime.now(UTC).isoformat(timespec="seconds")}]
    for record in records:
        untold = is_guess(record) and (known(record["name"], record["question"]) or record.get("vote"))
        lines.append({k: v for k, v in record.items() if not (untold and k in ("right", "truth"))})
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def file_name(name: str) -> str:
    """Return the name of the file that a learner of this name hands in."""
    return f"guesses-{roll.file_name(name)}.txt"


def collect(folder: str | PathLike) -> tuple[list[Handed], list[str]]:
    """Return (what each learner guessed, notes on what was not read and why). ValueError if it is not a folder."""
    top = Path(folder).expanduser()
    if not top.is_dir():
        raise ValueError(f"folder: expected a folder with the guesses of a class, got {describe(str(folder))}")
    handed: list[Handed] = []
    notes: list[str] = []
    for path, owner in _files(top, notes):
        where = path.relative_to(top).as_posix()
        try:
            content = path.read_bytes()
        except OSError as error:
            notes.append(f"{where}: could not be opened ({error.strerror}).")
            continue
        name, records, said = _read(content, owner)
        notes += [f"{where}: {line}" for line in said]
        if name:
            handed.append(Handed(normalize("NFC", name), records, where))
    return _told_apart(_once(handed, notes), notes), notes


def _files(top, notes):
    """Return [(path, the learner's name)], with no name where the file has to say it."""
    own = _kept(top)
    if own:
        return [(own, top.resolve().name)]
    found = []
    for path in sorted(top.iterdir()):
        try:
            inside = _inside(path)
        except OSError as error:
            notes.append(f"{path.name}: could not be opened ({error.strerror}).")
            continue
        if inside:
            found += inside
        elif path.is_dir() and not path.name.startswith("."):
            notes.append(f"{path.name}: no guesses yet.")
    return found


def _inside(path):
    if not path.is_dir():
        return [(path, "")] if path.suffix.lower() in ENDINGS else []
    kept = _kept(path)
    if kept:
        return [(kept, path.name)]
    return [(file, "") for file in sorted(path.iterdir()) if file.suffix.lower() in ENDINGS]


def _kept(folder):
    """Return the file of guesses in a learner's folder, or None."""
    places = (folder / inner / name for inner in INSIDE for name in NAMES)
    return next((place for place in places if place.exists()), None)


def _read(content, owner):
    """Return (whose guesses, the lines, what is to be said of them), with no name for a file that is of no use."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content = content.decode("utf-16", "replace").encode()
    lines, damaged = keep.parsed(content)
    if lines and HEAD.items() <= lines[0].items():
        owner = str(lines.pop(0).get("name") or "no name")
    if not owner:
        return "", [], ["not a file of guesses: it was not counted."]
    records = [line for line in lines if all(isinstance(line.get(key), str) for key in WANTED)]
    damaged += [b"a line without its question"] * (len(lines) - len(records))
    said = [f"{keep.lines(damaged)} not counted; the rest was read."] if damaged and records else []
    if damaged and not records:
        return "", [], ["damaged: no guess in it could be read."]
    return owner, records, said


def _once(handed, notes):
    """Return each learner's guesses once: of two files with one name, one of which holds all of the other, the longer.

    Guesses are only ever added to a file, so that these are two copies of one learner's.
    """
    left = []
    for one in sorted(handed, key=lambda one: -len(one.records)):
        longer = next((o for o in left if o.name == one.name and o.records[: len(one.records)] == one.records), None)
        if longer and one.records:
            notes.append(f"{one.path}: the same learner's as {longer.path}, which has all of it; that one counts.")
        else:
            left.append(one)
    return sorted(left, key=lambda one: (one.name, one.path))


def _told_apart(handed, notes):
    """Return them with a number behind each name that another learner has as well."""
    alike, seen, apart = Counter(one.name for one in handed), Counter(), []
    for one in handed:
        seen[one.name] += 1
        number = f" ({seen[one.name]})" if alike[one.name] > 1 else ""
        apart.append(one._replace(name=one.name + number))
    notes += [f"{count} learners are called {name}: numbered." for name, count in alike.items() if count > 1]
    return apart
