"""The control that plays at the pace of the page: each painted frame is followed by the next steps and the next one."""

import ipywidgets as w

from tinymlp.widgets.control import LABEL, ROW, Control

PACES = (1, 5, 25)


class PlayOn(Control):
    """Play and Pause: some steps, a frame, and so on, as fast as the page can paint, 1, 5 or 25 steps a frame.

    It knows where it left the run. A run that is found elsewhere was moved by someone else, and it plays no longer.
    """

    row, steps = "buttons", True

    def make(self):
        self._left_at = None
        self.toggle = self.button("Play", "Take steps until Pause is pressed", self._press)
        self.pace = w.Dropdown(options=PACES, description="steps a frame", style=LABEL, layout={"width": "150px"})
        return w.HBox([self.toggle, self.pace], layout=ROW)

    @property
    def plays(self):
        return self._left_at == (self.run, self.run.t) and not self.run.message and not self.panel.waits

    def _press(self):
        if self.plays:
            self.pause()
        else:
            self.go_on()

    def go_on(self):
        self._left_at = None  # an error on the way ends it
        self.run.step(self.pace.value)
        self._left_at = self.run, self.run.t

    def pause(self):
        self._left_at = None

    def show(self):
        if not self.plays:
            self._left_at = None  # for good, even if the run comes back to where it was
        self.toggle.description = "Pause" if self.plays else "Play"
