"""One tile of a panel: a view of the present run, its last picture and words, and what it could not show."""


class Tile:
    """Holds a view by name. `show` never raises: where the view fails, its last picture stays and `note` says why."""

    def __init__(self, name, kind, salt):
        self.name, self.kind, self.salt = name, kind, salt
        self.view, self.facts = None, None
        self.lower, self.upper, self.text, self.status, self.note = "", "", "", "", ""

    def take(self):
        """Make the view anew at the next `show`: for another run."""
        self.view, self.facts = None, None

    def show(self, run, look):
        """Read the facts, draw them and say them."""
        try:
            if self.view is None:
                self.view = self._made(run, look)
            self.facts = self.view.update(run, look)
            text, status = self.view.say(self.facts), self.view.status(self.facts)
            lower = self.view.lower(self.salt) if self.view.standing_changed or not self.lower else self.lower
            upper = self.view.upper(self.salt)
        except Exception as error:
            said = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
            self.note, self.status = f"The view {self.name!r} cannot show this: {said}", ""
        else:
            self.lower, self.upper, self.text, self.status, self.note = lower, upper, text, status, ""

    def _made(self, run, look):
        missing = self.kind.refuses(run)
        if missing:
            raise ValueError(f"it needs {missing}")
        self.lower = ""
        return self.kind(run, look)

    @property
    def picks(self):
        """What can be clicked, as the view says."""
        return {} if self.view is None else self.view.picks

    def said(self):
        """Return the tile in words: what it shows, or why it cannot."""
        return self.note or self.text
