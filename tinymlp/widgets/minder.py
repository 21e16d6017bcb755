"""What a panel or a card needs of the page around it: names, decimal commas, a place in sight. It shows nothing."""

from pathlib import Path

import anywidget


class Minder(anywidget.AnyWidget):
    """A hidden child of whatever a learner is shown, its `host`, which it marks as ours; it brings the styles along."""

    _esm = Path(__file__).with_name("minder.js")
    _css = Path(__file__).with_name("picture.css")

    def __init__(self, host):
        host.add_class("tinymlp")
        super().__init__(layout={"display": "none"})
