"""The picture of a panel on the page: tiles of two SVG layers each. The frames come from the panel."""

import time
from pathlib import Path

import anywidget
import traitlets

PATIENCE = 1.0  # seconds to wait for the page to report a painted frame; then the next one is sent anyway


class Picture(anywidget.AnyWidget):
    """Shows frames, one at a time: while the page still paints the last one, only the newest request is kept.

    `panel` is whoever has something to show. It answers for the page: frame() -> dict of the traits of a frame, picked
    (gid) for a click on something with a gid, pointed(tile, x, y, end) for a click or drag at a place, nudged(tile,
    right, up) for an arrow key there, go(word) for "step" or "back", and refresh() when it appears on a page.
    """

    _esm = Path(__file__).with_name("picture.js")
    tiles = traitlets.List().tag(sync=True)
    lower = traitlets.Dict().tag(sync=True)
    upper = traitlets.Dict().tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)
    notes = traitlets.Dict().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    alarm = traitlets.Unicode().tag(sync=True)
    covered = traitlets.Bool().tag(sync=True)
    frame = traitlets.Int(0).tag(sync=True)
    arrow_keys = traitlets.Bool().tag(sync=True)

    def __init__(self, panel, tiles, arrow_keys):
        super().__init__(tiles=tiles, arrow_keys=arrow_keys)
        self._panel = panel
        self._pages = None  # how many places show it; None: none yet, and nobody will report a painted frame
        self._sent_at = None
        self._wanted = False
        self.on_msg(self._heard)

    def show(self):
        """Show the current state: at once, or as soon as the page has painted the last frame."""
        if self._pages and self._sent_at is not None and time.monotonic() - self._sent_at < PATIENCE:
            self._wanted = True
            return
        self._wanted, self._sent_at = False, time.monotonic()
        with self.hold_sync():
            for name, value in self._panel.frame().items():
                setattr(self, name, value)
            self.frame += 1

    def wanted_on_page(self):
        """Return whether frames are worth drawing: not once every place that showed the picture is gone."""
        return self._pages != 0

    def _heard(self, widget, content, buffers):
        if "ready" in content:
            self._pages, self._sent_at = (self._pages or 0) + 1, None
            if self._pages == 1:
                self._panel.refresh()
        elif "gone" in content:
            self._pages = max(0, (self._pages or 0) - 1)
        elif "painted" in content:
            self._sent_at = None
            if self._wanted:
                self.show()
        elif "picked" in content:
            self._panel.picked(content["picked"])
        elif "pointed" in content:
            self._panel.pointed(**content["pointed"])
        elif "nudged" in content:
            self._panel.nudged(**content["nudged"])
        elif content.get("go") in ("step", "back"):
            self._panel.go(content["go"])
