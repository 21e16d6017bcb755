"""What a learner sees and touches on a page: `panel(run)`."""

from tinymlp.widgets.panel import Panel, panel

__all__ = ["Panel", "panel"]
