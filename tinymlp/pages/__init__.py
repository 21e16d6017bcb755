"""What a readable page shows of our widgets, where there is no kernel: `show` in a notebook that makes the page."""

from tinymlp.pages.shown import Page, show

__all__ = ["Page", "show"]
