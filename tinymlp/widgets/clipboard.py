"""What puts a text on the clipboard of whoever looks at the page, and tells how it went."""

from pathlib import Path

import anywidget
import traitlets


class Clipboard(anywidget.AnyWidget):
    """An unseen neighbour of a field with a text. `copy(text)` copies it, and told(how) is called once that is done.

    how: "copied"; "selected", where the page may not copy and the text stands selected in the field; or "left", where
    the field is not on the page. Several pages that show it each copy, and each tell.
    said: what a screen reader is told of it.
    """

    _esm = Path(__file__).with_name("clipboard.js")
    said = traitlets.Unicode().tag(sync=True)

    def __init__(self, told):
        super().__init__()
        self._told = told
        self.on_msg(lambda widget, content, buffers: self._heard(content))

    def copy(self, text: str) -> None:
        """Ask the page to copy a text that was just written to the field."""
        self.said = ""
        self.send({"copy": text})

    def _heard(self, content):
        if content.get("became") in ("copied", "selected", "left"):
            self._told(content["became"])
