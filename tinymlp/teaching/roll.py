"""The roll of a class: who has which sheet, in which files, made with which options. It is kept as `class.json`."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from tinymlp.checks import describe
from tinymlp.teaching.conventions import Conventions
from tinymlp.teaching.formats import SheetError
from tinymlp.teaching.homework import Sheet, sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

FILE = "class.json"
WINDOWS_OWN = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "123456789¹²³")}


@dataclass(frozen=True)
class Roll:
    """What a class's sheets are made from, and where they are.

    files: of each name, what its files are called; ids: of each name, that of its sheet; folder: the name of the folder
    that is handed out.
    """

    secret: str
    options: dict[str, Any]
    files: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    folder: str = ""

    def sheets(self, progress: Callable[[int, int], object] | None = None) -> dict[str, Sheet]:
        """Return the Sheet of each name. Raises SheetError if one is not the one that was handed out."""
        made = {}
        for done, name in enumerate(self.files, start=1):
            made[name] = sheet(name, secret=self.secret, **self.options)
            if made[name].id != self.ids.get(name, made[name].id):
                raise SheetError(
                    f"{FILE}: expected the sheet {self.ids[name]} of {name}, got {made[name].id}: was the file edited?"
                )
            if progress:
                progress(done, len(self.files))
        return made

    def with_names(self, names: list[str]) -> Roll:
        """Return the roll with more names, each with a name of its own for its files, whatever the system."""
        return replace(self, files=files_of(names, self.files))

    def text(self) -> str:
        """Return it as JSON."""
        return json.dumps({"class": 1, **asdict(self)}, ensure_ascii=False, indent=1, default=_as_json)

    def is_like(self, other: Roll) -> bool:
        """Return whether another roll has the same secret and options, as they are written down."""
        mine, theirs = (json.loads(replace(roll, files={}, ids={}, folder="").text()) for roll in (self, other))
        return mine == theirs


def _as_json(value):
    if hasattr(value, "tolist"):  # NumPy's numbers and arrays
        return value.tolist()
    raise ValueError(f"options: expected numbers and names, got {describe(value)}")


def read_roll(place: Any) -> Roll:
    """Return the roll of a class: place is the folder that it was handed out in, the teacher's one, or class.json.

    Raises SheetError if there is none.
    """
    place = os.path.abspath(place)
    path = next(filter(os.path.isfile, _places(place)), None)
    if path is None:
        raise SheetError(
            f"sheets: expected the folder that `class_set` wrote, with {FILE} in it or in the teacher's folder beside "
            f"it, got {place}"
        )
    try:
        with open(path, encoding="utf-8") as opened:
            return parsed(opened.read())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SheetError(f"{FILE}: expected the file that `class_set` wrote, got something else: {error}") from None


def parsed(text: str) -> Roll:
    """Return the roll of what `Roll.text` wrote."""
    known = json.loads(text)
    options: dict[str, Any] = known["options"]
    options = {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}
    if isinstance(options.get("conventions"), dict):
        options["conventions"] = Conventions(**options["conventions"])
    return Roll(known["secret"], options, known["files"], known["ids"], known["folder"])


def _places(place):
    return [place, os.path.join(place, FILE), os.path.join(teachers_folder(place), FILE)]


def teachers_folder(folder: Any) -> str:
    """Return where the teacher's files of a class go by default: beside its folder, and never in it."""
    return f"{os.path.abspath(folder)} for the teacher"


# Names ---------------------------------------------------------------------------------------------------------------


def clean_names(names: Iterable[Any]) -> list[str]:
    """Return names that differ: composed letters, single blanks, and a number for each one that came before.

    Raises ValueError for what is no list of names.
    """
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise ValueError(f"names: expected a list of names, got {describe(names)}")
    clean = [" ".join(unicodedata.normalize("NFC", str(name)).split()) for name in names]
    if not clean or "" in clean:
        raise ValueError("names: expected at least one name and no empty one")
    taken, different = set(clean), []
    for name in clean:
        different.append(_free(name, taken, " ") if name in different else name)
        taken.add(different[-1])
    return different


def _free(name, taken, between):
    """Return a name that is not taken: itself, or with a number from 2."""
    number, free = 1, name
    while free.casefold() in taken if between == "_" else free in taken:
        number += 1
        free = f"{name}{between}{number}"
    return free


def files_of(names: Iterable[str], known: dict[str, str] | None = None) -> dict[str, str]:
    """Return {name: what its files are called}, numbered where two are alike; known: those that there are already."""
    files = dict(known or {})
    for name in names:
        if name not in files:
            files[name] = _free(file_name(name), {file.casefold() for file in files.values()}, "_")
    return files


def file_name(name: str) -> str:
    """Return what a learner's files are called, on any system: letters and digits, and no name that Windows keeps."""
    letters = unicodedata.normalize("NFC", name)
    file = "".join(letter if letter.isalnum() else "_" for letter in letters)[:60].strip("_") or "sheet"
    return f"{file}_" if file.casefold() in WINDOWS_OWN else file
