"""What a lesson says, for the tests that recompute its numbers."""

import re

from execute_lessons import LESSONS
from nbformat import read


def prose(lesson):
    """Return the sources of all cells of a lesson, by its number as text."""
    (path,) = LESSONS.glob(f"{lesson}_*.ipynb")
    return "\n".join(cell.source for cell in read(path, as_version=4).cells)


def squeezed(text):
    """Return the text on one line, with single blanks."""
    return re.sub(r"\s+", " ", text)
