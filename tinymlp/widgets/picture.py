"""The picture of a panel on the page: tiles of two SVG layers each. Its script is the only one we write."""

import time
from pathlib import Path

import anywidget
import traitlets

PATIENCE = 1.0  # seconds to wait for a page that does not say that it painted, before the next frame goes out anyway


class Picture(anywidget.AnyWidget):
    """Shows frames, one at a time: while the page still paints the last one, only the newest wish is kept.

    draw() -> dict of the traits of a frame: `lower`, `upper`, `texts`, `status`, `alarm`. picked(gid) is called for a
    click on something with a gid, go(word) for an arrow key: "step" or "back".
    """

    _esm = Path(__file__).with_name("picture.js")
    _css = Path(__file__).with_name("picture.css")
    tiles = traitlets.List().tag(sync=True)
    lower = traitlets.Dict().tag(sync=True)
    upper = traitlets.Dict().tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    alarm = traitlets.Unicode().tag(sync=True)
    frame = traitlets.Int(0).tag(sync=True)

    def __init__(self, tiles, draw, picked, go):
        super().__init__(tiles=tiles)
        self._draw, self._picked, self._go = draw, picked, go
        self._on_page = False  # no page has shown it yet: nobody will say that a frame was painted
        self._sent_at = None
        self._wanted = False
        self.on_msg(self._heard)
        self.show()

    def show(self):
        """Show the present state: at once, or as soon as the page has painted the last frame."""
        if self._on_page and self._sent_at is not None and time.monotonic() - self._sent_at < PATIENCE:
            self._wanted = True
            return
        self._wanted, self._sent_at = False, time.monotonic()
        with self.hold_sync():
            for name, value in self._draw().items():
                setattr(self, name, value)
            self.frame += 1

    def _heard(self, widget, content, buffers):
        if "ready" in content:
            self._on_page = True
        elif "painted" in content:
            self._sent_at = None
            if self._wanted:
                self.show()
        elif "picked" in content:
            self._picked(content["picked"])
        elif content.get("go") in ("step", "back"):
            self._go(content["go"])
