"""Sheets on paper and in files: to print, to fill in, the answer key, a class set, and marking what comes back."""

from tinymlp.teaching.handin import mark
from tinymlp.teaching.handout import class_set, key, save, template
from tinymlp.teaching.marks import Marks
from tinymlp.teaching.printed import markdown, page, pages

__all__ = ["Marks", "class_set", "key", "mark", "markdown", "page", "pages", "save", "template"]
