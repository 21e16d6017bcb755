"""A panel: controls and a picture of one run. Event -> run -> views -> one frame on the page."""

import io
import secrets
from dataclasses import replace

import ipywidgets as w
import numpy as np
from PIL import Image

from tinymlp.checks import choice, describe
from tinymlp.explain import edited
from tinymlp.run import Run
from tinymlp.teaching.predictions import Prediction
from tinymlp.views import VIEWS, Look
from tinymlp.widgets.controls import CONTROLS, parameter_said
from tinymlp.widgets.picture import Picture
from tinymlp.words import decimal, short

SHOW = ("network", "loss", "step")
CONTROL = ("step", "back", "undo", "reset", "play", "scrub", "ahead", "eta", "gamma", "weight", "sample")
BUTTONS = ("step", "ten", "back", "undo", "reset", "play", "scrub", "ahead")
COVERED = "Covered until your prediction is locked."
PNG_WIDTH = 1300  # pixels at scale 1: tiles wrap beyond this


class Panel(w.VBox):
    """What `panel` returns. `.run` is the run, `.look` what is chosen, `.describe()` the panel in words."""

    def __init__(self, run, show, control, chosen, after, cover):
        super().__init__()
        self.add_class("tinymlp-panel")
        self.run, self.trouble, self.after, self._cover = run, "", after, cover
        self.look = Look(chosen=chosen, stage=0 if "stage" in control else None)
        self.views = {name: VIEWS[name](run, self.look) for name in show}
        self._salt, self._lower = secrets.token_hex(4), {}
        self._busy = True
        keys = "step" in control and "back" in control
        self.controls = {name: CONTROLS[name](self) for name in control}
        self.picture = Picture(self._tiles(), keys, self._frame, self._picked, self._go, self.refresh)
        self._busy = False
        rows = [[name for name in control if name in BUTTONS], [name for name in control if name not in BUTTONS]]
        boxes = [self._row([self.controls[name].widget for name in row]) for row in rows if row]
        self.children = [*boxes, self.picture]
        run.watch(self.refresh)
        if after is not None:
            after.watch(self.refresh)
        self._show_controls()

    @staticmethod
    def _row(widgets):
        return w.Box(widgets, layout={"flex_flow": "row wrap", "align_items": "center", "overflow": "visible"})

    def _tiles(self):
        return [
            {"name": name, "width": view.width, "height": view.height, "table": view.is_table}
            for name, view in self.views.items()
        ]

    # Events --------------------------------------------------------------------------------------------------------

    def act(self, call):
        """Do what a control asks for, and show the outcome; an error is shown on the page and changes nothing."""
        if self._busy or self.waits:
            return
        self.trouble, self._busy = "", True  # busy: the run's own notification would draw the frame twice
        try:
            call()
        except ValueError as error:
            self.trouble = str(error)
        finally:
            self._busy = False
        self.refresh()

    def choose(self, entry):
        """Choose the parameter `entry`, e.g. ("W1", (0, 1)): the controls and views switch to it."""
        name, index = entry
        self.run.params.position(name, index)
        self.glance(chosen=(name, tuple(index)))

    def glance(self, **changes):
        """Change what is looked at: chosen, sample or ahead."""
        self.look = replace(self.look, **changes)
        self.run.end_gesture()
        self.refresh()

    def refresh(self, run=None):
        """Show the current state of the run in every control and view. The run itself calls it after each change."""
        if self._busy:
            return
        if run is not None:
            self.trouble = ""
        if self.picture.wanted_on_page():
            self._show_controls()
            self.picture.show()

    def close(self):
        """Detach the panel from its run and remove it from the page."""
        self.run.unwatch(self.refresh)
        for widget in self._all_widgets(self):
            widget.close()
        super().close()

    @classmethod
    def _all_widgets(cls, widget):
        return [w for child in getattr(widget, "children", ()) for w in (child, *cls._all_widgets(child))]

    @property
    def waits(self):
        """Whether a prediction must be locked first: until then the controls are disabled."""
        return self.after is not None and not self.after.locked

    def _show_controls(self):
        self._busy = True
        try:
            for control in self.controls.values():
                control.show()
                off = control.off()
                for widget in (control.widget, *self._all_widgets(control.widget)):
                    if widget.has_trait("disabled"):
                        widget.disabled = self.waits or widget in off
        finally:
            self._busy = False

    def _picked(self, gid):
        for view in self.views.values():
            if gid in view.picks:
                self.act(lambda entry=view.picks[gid]: self.choose(entry))
                return

    def _go(self, word):
        if word in self.controls:
            self.act({"step": self.run.step, "back": self.run.back}[word])

    # Showing -------------------------------------------------------------------------------------------------------

    def _frame(self):
        for name, view in self.views.items():
            view.update(self.run, self.look)
            if view.standing_changed:
                self._lower = self._lower | {name: view.lower(f"{self._salt}{name}")}
        return {
            "lower": self._lower,
            "upper": {name: view.upper(f"{self._salt}{name}") for name, view in self.views.items()},
            "texts": {name: self._spoken(view) for name, view in self.views.items()},
            "covered": self._cover and self.waits,
            "status": self.status(),
            "alarm": self.alarm(),
        }

    def _spoken(self, view):
        return COVERED if self._cover and self.waits else view.text(self.run, self.look)

    def alarm(self):
        """Return what is wrong, if anything: invalid input, or a run that had to stop."""
        return " ".join(part for part in (self.trouble, self.run.message) if part)

    def status(self):
        """Return in two or three sentences where the run stands."""
        run = self.run
        if self.waits:
            return f"t = {run.t}: loss {decimal(run.loss)}. The panel opens when your prediction is locked."
        text = f"t = {run.t}: loss {decimal(run.loss)}"
        if run.t:
            change = run.loss - run.at(run.t - 1).loss
            cause = "and a change by hand" if edited(run.at(run.t - 1), run.now) else ""
            text += f", {'down' if change <= 0 else 'up'} {decimal(abs(change))} by this step {cause}".rstrip()
        parts = [f"{text}."]
        if "weight" in self.controls or ("each" not in self.controls and any(v.picks for v in self.views.values())):
            parts.append(parameter_said(run, self.look.chosen))
        return " ".join([*parts, *(said for control in self.controls.values() if (said := control.said()))])

    def describe(self):
        """Return the panel in words: the run, its settings, and each view."""
        run = self.run
        head = f"{run.problem.name}: t = {run.t}, eta = {short(run.eta)}, gamma = {short(run.gamma)}"
        parts = [self.alarm(), *(view.text(run, self.look) for view in self.views.values())]
        return "\n".join([head[0].upper() + head[1:], *(part for part in parts if part)])

    def image(self):
        """Return the picture as PNG bytes, for pages without a kernel."""
        rows, width = [[]], 0
        for view in self.views.values():
            view.update(self.run, self.look)
            width += view.width
            if rows[-1] and (view.is_table or width > PNG_WIDTH):
                rows, width = [*rows, []], view.width
            rows[-1].append(view.pixels())
            if view.is_table:  # as on the page, it has a row of its own
                width = PNG_WIDTH
        pasted = _beneath([_beside(row) for row in rows])
        png = io.BytesIO()
        Image.fromarray(pasted).quantize(256).save(png, "png", optimize=True)
        return png.getvalue()

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, *metadata = bundle if isinstance(bundle, tuple) else (bundle,)
        data = data | {"text/plain": self.describe(), "image/png": self.image()}
        return (data, *metadata) if metadata else data


def _beside(pictures):
    height = max(picture.shape[0] for picture in pictures)
    return np.concatenate([_padded(picture, height, picture.shape[1]) for picture in pictures], axis=1)


def _beneath(pictures):
    width = max(picture.shape[1] for picture in pictures)
    return np.concatenate([_padded(picture, picture.shape[0], width) for picture in pictures], axis=0)


def _padded(picture, height, width):
    white = np.full((height, width, 3), 255, dtype=np.uint8)
    white[: picture.shape[0], : picture.shape[1]] = picture[..., :3]
    return white


def panel(run, show=SHOW, control=CONTROL, chosen=None, after=None, cover=False):
    """Return a live panel of a run.

    show: names of views, any of `views.VIEWS`; control: names of controls, any of `controls.CONTROLS`.
    chosen: the parameter chosen at first, by default the first that can move.
    after: a prediction, as `predict` returns it: until it is locked the controls are off. cover: whether the picture is
    covered as well until then, where the current state would give the answer away.
    Raises ValueError for an invalid run, name or parameter.
    """
    if not isinstance(run, Run):
        raise ValueError(f"run: expected a Run, e.g. tinymlp.Run(tinymlp.worked_example()), got {describe(run)}")
    show, control = (_names(*given) for given in (("show", show, VIEWS), ("control", control, CONTROLS)))
    if not show:
        raise ValueError(f"show: expected at least one of {', '.join(map(repr, VIEWS))}, got none")
    if chosen is None:
        chosen = (run.training.free or run.problem.net.entries)[0]
    try:
        name, index = chosen
    except (TypeError, ValueError):
        raise ValueError(f'chosen: expected a name and an index, e.g. ("W1", (0, 0)), got {describe(chosen)}') from None
    run.params.position(name, index)
    after = getattr(after, "prediction", after)
    if after is not None and not isinstance(after, Prediction):
        raise ValueError(f"after: expected a prediction, as predict(...) returns it, got {describe(after)}")
    if after is not None and not after.locked and run.t:
        raise ValueError(f"after: expected a run at its start, as nothing may be revealed yet, got one at t = {run.t}")
    return Panel(run, show, control, (name, tuple(index)), after, cover)


def _names(argument, names, known):
    names = (names,) if isinstance(names, str) else names
    if not isinstance(names, tuple | list):
        raise ValueError(f"{argument}: expected names from {', '.join(map(repr, known))}, got {describe(names)}")
    for name in names:
        choice(argument, name, known)
    return tuple(dict.fromkeys(names))
