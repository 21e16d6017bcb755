"""The runs that a panel has replaced by others: undo brings them back, and redo takes that back."""

KEPT = 5


class Shelf:
    """Holds the last runs before the present one, and those after it that undo has put away."""

    def __init__(self):
        self.before, self.after = [], []
        self._made, self._gesture = None, None

    def keep(self, run):
        """Keep a run that is replaced. What was undone is forgotten, as after any change."""
        run.forget_undone()
        self.before, self.after = [*self.before[1 - KEPT :], run], []
        self.end_gesture()

    def drags_on(self, run, gesture):
        """Return whether a run is what the last change of the same drag made, and nothing was done with it since."""
        return run is self._made and gesture == self._gesture and run.end == 0 and not run.can_undo

    def made(self, run, gesture):
        """Remember what a drag has made up to now."""
        self._made, self._gesture = run, gesture

    def end_gesture(self):
        """Start a new undo step, even for the same slider."""
        self._made, self._gesture = None, None
