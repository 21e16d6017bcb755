"""Presenting a panel: it fills the window, in letters for the back row, and its answers wait to be revealed."""

from pathlib import Path

import anywidget
import traitlets

from tinymlp.widgets.predict import PredictionCard

HERE = Path(__file__).parent


class Presenter(anywidget.AnyWidget):
    """The button "Present" of a panel, and what the panel does while it is presented.

    What fills the window is the panel itself, where it stands: nothing is made anew, so neither the run nor the focus
    is lost. Here it is only kept in mind what is hidden until "Reveal" is pressed: what comes next, a view whose
    numbers are the answers to something, and the truth of the prediction that the panel waits for.
    opens: whether the page is to present the panel as soon as it is there; the page sets it back.
    """

    _esm, _css = HERE / "presenter.js", HERE / "presenter.css"
    pictures = traitlets.List().tag(sync=True)  # not `tiles`: a saved panel is known by its picture that has those
    arrow_keys = traitlets.Bool().tag(sync=True)
    hides = traitlets.Bool().tag(sync=True)
    opens = traitlets.Bool().tag(sync=True)
    presenting = traitlets.Bool().tag(sync=True)
    revealed = traitlets.Bool().tag(sync=True)

    def __init__(self, panel, opens=False):
        kinds = {name: tile.kind for name, tile in panel.tiles.items()}
        pictures = [
            {"name": name, "width": kind.width, "height": kind.height, "table": kind.is_table, "answers": kind.answers}
            for name, kind in kinds.items()
        ]
        hides = "ahead" in panel.controls or panel.after is not None or any(kind.answers for kind in kinds.values())
        super().__init__(pictures=pictures, arrow_keys=panel.arrow_keys, hides=hides, opens=opens)
        self._panel, self._card, self._ahead = panel, None, False
        self.observe(self._changed, ["presenting", "revealed"])
        self.on_msg(lambda widget, content, buffers: self._heard(content))

    def _heard(self, content):
        if content.get("go") in ("step", "back"):
            self._panel.go(content["go"])

    def _changed(self, change):
        panel = self._panel
        if self.presenting and self._card is None and panel.after is not None:
            self._card = PredictionCard(panel.after)  # one with the card that the learners see
            panel.children = [*panel.children, self._card]
        if not self.presenting:
            self.revealed = False
        hidden = self.presenting and not self.revealed
        if hidden and panel.look.ahead:
            self._ahead = True
            panel.glance(ahead=False)
        elif not hidden and self._ahead:
            self._ahead = False
            panel.glance(ahead=True)
        if self.revealed and panel.after is not None and panel.after.locked and not panel.after.told:
            panel.after.tell()
