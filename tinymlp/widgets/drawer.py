"""A drawer of controls that are rarely needed: a row of words, of which one at most has its group below it."""

import ipywidgets as w

HEIGHT = 102  # pixels: three rows of controls; it is kept when all is closed, so that nothing below ever moves
WRAP = {"flex_flow": "row wrap", "align_items": "center", "overflow": "visible"}


class Drawer(w.VBox):
    """Groups of widgets by name: {"Data": [...], ...}. The first is open at first; `show_group(name)` opens another."""

    def __init__(self, groups):
        self.words = {name: w.ToggleButton(description=name, layout={"width": "auto"}) for name in groups}
        self.boxes = {name: w.Box(widgets, layout=WRAP) for name, widgets in groups.items()}
        self.hint = w.Label("Each word opens a group of controls here.")
        place = w.Box(
            [self.hint, *self.boxes.values()],
            layout={"height": f"{HEIGHT}px", "overflow": "auto", "align_items": "flex-start"},
        )
        super().__init__([w.Box(list(self.words.values()), layout=WRAP), place])
        self.add_class("tinymlp-drawer")
        self._setting = False
        for name, toggle in self.words.items():
            toggle.observe(lambda change, name=name: self._pressed(name, change["new"]), "value")
        self.show_group(next(iter(groups)))

    def _pressed(self, name, down):
        if not self._setting:
            self.show_group(name if down else None)

    def show_group(self, name: str | None) -> None:
        """Show one group and no other; None: none."""
        self._setting = True
        for word, toggle in self.words.items():
            shown = word == name
            toggle.value, toggle.tooltip = shown, f"{'Close' if shown else 'Open'} the controls of this group"
            self.boxes[word].layout.display = None if shown else "none"
        self.hint.layout.display = "none" if name in self.words else None
        self._setting = False
