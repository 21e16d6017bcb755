"""The picture of a panel on the page: tiles of two SVG layers each. The frames come from the panel."""

import threading
import time
from functools import wraps
from pathlib import Path

import anywidget
import traitlets

PATIENCE = 1.0  # seconds to wait for the page to report a painted frame; then the next one is sent anyway
AHEAD = 2  # frames on their way at most while a control plays: one is painted as the next is made
PARTS = ("lower", "upper", "text", "note")  # of a tile


TURN = threading.RLock()  # one for all panels: two may show the same run


def one_at_a_time(method):
    """Let a method wait until what another thread does with a panel is done.

    JupyterLab has a kernel handle the messages of some widgets in one thread and those of others in another: a click
    that came while a frame was being made would be taken for an echo of that frame, and be lost.
    """

    @wraps(method)
    def waiting(*args, **kwargs):
        with TURN:
            return method(*args, **kwargs)

    return waiting


class Picture(anywidget.AnyWidget):
    """Shows frames, one at a time: while the page still paints the last one, only the newest request is kept.

    `panel` is whoever has something to show. It answers for the page: frame() -> dict of the traits of a frame, picked
    (gid) for a click on something with a gid, hovered(gid) for the pointer over it, pointed(tile, x, y, end) for a
    click or drag at a place, nudged(tile, right, up) for an arrow key there, go(word) for "step" or "back", and
    refresh() when it appears on a page. While it is `unfinished`, each painted frame is followed by another. While it
    `plays`, go_on() makes the next frame, and the page paints one while the kernel makes another; pause() ends that.

    Each part of each tile is a trait of its own, "upper_loss" for one, so that a frame carries what changed and no
    more, and a page that opens later is still given all of it.
    """

    _esm = Path(__file__).with_name("picture.js")
    tiles = traitlets.List().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    alarm = traitlets.Unicode().tag(sync=True)
    covered = traitlets.Bool().tag(sync=True)
    frame = traitlets.Int(0).tag(sync=True)
    arrow_keys = traitlets.Bool().tag(sync=True)

    def __init__(self, panel, tiles, arrow_keys):
        parts = [f"{part}_{tile['name']}" for tile in tiles for part in PARTS]
        self.add_traits(**{name: traitlets.Unicode().tag(sync=True) for name in parts})
        type(self).__module__ = __name__  # of the class that add_traits made: the page knows our script by it
        super().__init__(tiles=tiles, arrow_keys=arrow_keys)
        self._panel = panel
        self._pages = None  # how many places show it; None: none yet, and nobody will report a painted frame
        self._painted, self._sent_at = 0, 0.0  # the last frame that a page reported; when the last one was sent
        self._wanted = False
        self.on_msg(self._heard)

    def _of_each(self, part):
        return {tile["name"]: getattr(self, f"{part}_{tile['name']}") for tile in self.tiles}

    lower = property(lambda self: self._of_each("lower"), doc="The layer of each tile that stands still, by its name.")
    upper = property(lambda self: self._of_each("upper"), doc="The layer of each tile that moves, by its name.")
    texts = property(lambda self: self._of_each("text"), doc="Each tile in words, by its name.")
    notes = property(lambda self: self._of_each("note"), doc="What each tile could not show, by its name.")

    @property
    def _on_its_way(self):
        """How many frames were sent that no page has painted yet."""
        return self.frame - self._painted if self._pages else 0

    def show(self):
        """Show the current state: at once, or as soon as the page has painted the last frame."""
        most = AHEAD if self._panel.plays else 1
        if self._on_its_way >= most and time.monotonic() - self._sent_at < PATIENCE:
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

    @one_at_a_time
    def _heard(self, widget, content, buffers):
        if "ready" in content:
            self._pages, self._painted = (self._pages or 0) + 1, self.frame
            self._panel.pause()  # a page that is loaded anew has not said that the old one is gone
            self._panel.refresh()
        elif "gone" in content:
            self._pages = max(0, (self._pages or 0) - 1)
            if not self._pages:
                self._panel.pause()
        elif "painted" in content:
            self._was_painted(content["painted"])
        elif "picked" in content:
            self._panel.picked(content["picked"])
        elif "hovered" in content:
            self._panel.hovered(content["hovered"])
        elif "pointed" in content:
            self._panel.pointed(**content["pointed"])
        elif "nudged" in content:
            self._panel.nudged(**content["nudged"])
        elif content.get("go") in ("step", "back"):
            self._panel.go(content["go"])

    def _was_painted(self, frame):
        """Send what is to follow a frame; nothing if another page has reported the same one before."""
        if frame <= self._painted or not self._pages:
            return
        self._painted = frame
        if self._panel.plays:
            while self._panel.plays and self._on_its_way < AHEAD:
                self._panel.go_on()
        elif self._wanted or self._panel.unfinished:
            self.show()
