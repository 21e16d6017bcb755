"""One tile of a panel: a view of the present run, its last picture and words, and what it could not show."""


class Tile:
    """Holds a view by name. `show` never raises: where the view fails, its last picture stays and `note` says why."""

    def __init__(self, name, kind, salt):
        self.name, self.kind, self.salt = name, kind, salt
        self.view, self.facts = None, None
        self.lower, self.upper, self.text, self.status, self.note = "", "", "", "", ""
        self.look = None

    def take(self, run):
        """Go on with another run: with the same view where it follows, else with one made anew at the next `show`."""
        if self.view is None or self.kind.refuses(run) or self.drawing is not None or not self.view.follows(run):
            self.view, self.facts = None, None
        else:
            self.view.forget()

    def show(self, run, look, whole=True, said=True):
        """Read the facts, draw them and say them.

        whole: finish a view that takes its time, and not one portion. said: whether the text is wanted as well.
        """
        self.look = look
        try:
            if self.view is None:
                self.view = self._made(run, look)
            self.facts = self.view.update(run, look)
            while whole and self.view.unfinished:
                self.facts = self.view.update(run, look)
            text = self.view.say(self.facts) if said else self.text
            status = self.view.status(self.facts)
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

    @property
    def unfinished(self):
        """Whether the view has more to draw of what it shows."""
        return self.view is not None and self.view.unfinished

    def said(self):
        """Return the tile in words: what it shows, or why it cannot."""
        drawn = self.drawing.say(self.look) if self.drawing else ""
        return self.note or "\n".join(filter(None, [self.text, drawn]))

    @property
    def drawing(self):
        """What takes the drawn guess on this view, if one is asked for."""
        return None if self.view is None else self.view.drawing

    def _asks(self, look):
        """Whether a guess is still to be drawn on this view. Once it is locked, pointing means what the view says."""
        return self.drawing is not None and look.asked is not None and not look.asked.locked

    def pointed(self, x, y, look):
        """Return what a click or drag at a place changes; look: the present one, of which no frame may show yet."""
        if self._asks(look):
            return self.drawing.pointed(x, y, look)
        return self.view.pointed(x, y, self.facts)

    def nudged(self, right, up, look):
        """Return what an arrow key changes, as `pointed`."""
        if self._asks(look):
            return self.drawing.nudged(right, up, look)
        return self.view.nudged(right, up, self.facts)
