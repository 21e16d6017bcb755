"""Writing what a class is given: folders and files, with one plain line where that cannot be done."""

import os

from tinymlp.teaching.formats import SheetError


def make_folder(folder):
    """Make a folder if there is none. Raises SheetError if it cannot be made."""
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise SheetError(
            f"folder: expected one that can be made, got {os.fspath(folder)!r}: {error.strerror}"
        ) from None


def write_file(folder, name, content, encoding="utf-8"):
    """Write a text or bytes as a file, in place of what is there. Raises SheetError if that cannot be done."""
    data = content.encode(encoding) if isinstance(content, str) else content
    try:
        with open(os.path.join(folder, name), "wb") as opened:
            opened.write(data)
    except OSError as error:
        raise SheetError(
            f"{name}: expected a folder that it can be written to, got {os.fspath(folder) or '.'!r}: {error.strerror}"
        ) from None
