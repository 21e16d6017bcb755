"""A progress bar for long work that reports to a callback, such as `class_set` and the sweeps."""

import ipywidgets as w

from tinymlp.widgets.minder import Minder


class ProgressBar(w.HBox):
    """Call it with (done, of_all), as the long work does: the bar moves, and the text next to it says how far it is."""

    def __init__(self, what="done"):
        self.what, self.bar, self.words = what, w.IntProgress(max=1), w.Label(f"0 {what}")
        super().__init__()
        self.children = [self.bar, self.words, Minder(self)]

    def __call__(self, done, of_all):
        self.bar.max, self.bar.value = max(1, of_all), done
        self.words.value = f"{done} of {of_all} {self.what}"

    def _repr_mimebundle_(self, **kwargs):
        return super()._repr_mimebundle_(**kwargs) | {"text/plain": self.words.value}
