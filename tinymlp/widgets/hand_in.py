"""The card that makes one file of a learner's guesses, to hand in where there is no shared folder."""

from __future__ import annotations

from html import escape

import ipywidgets as w

from tinymlp.teaching.collected import file_name, to_hand_in
from tinymlp.widgets.minder import Minder
from tinymlp.widgets.share_controls import link


class HandInCard(w.VBox):
    """What `my_guesses` returns. `.name` is the field for the name, `.save` the button, `.file` the link it makes."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.add_class("tinymlp-hand-in")
        self.name = w.Text(value=name, description="your name", style={"description_width": "initial"})
        self.save = w.Button(description="Save my guesses", layout={"width": "auto"})
        self.file = w.HTML()
        self.save.on_click(lambda _: self._save())
        self.name.observe(lambda _: setattr(self.file, "value", ""), "value")
        row = w.Box([self.name, self.save], layout={"flex_flow": "row wrap"})
        self.children = [w.HTML(f"<b>My guesses.</b> {self._about()}"), row, self.file, Minder(self)]

    def _about(self):
        return "One file with all your guesses, to hand in. It has the name that you write here."

    def _save(self):
        try:
            content = to_hand_in(self.name.value)
        except ValueError:
            self.file.value = "Write your name first."
            return
        except OSError as error:
            self.file.value = escape(str(error))
            return
        self.file.value = link(file_name(self.name.value), "text/plain", content)

    def describe(self) -> str:
        """Return the card in words."""
        return f"My guesses. {self._about()}\nRun this cell to save it."

    def _repr_mimebundle_(self, **kwargs):
        return super()._repr_mimebundle_(**kwargs) | {"text/plain": self.describe()}


def my_guesses(name: str = "") -> HandInCard:
    """Return a card that makes one file of the learner's guesses, to hand in, and later to be read by `votes`.

    name: what the field for the name begins with.
    """
    return HandInCard(name)
