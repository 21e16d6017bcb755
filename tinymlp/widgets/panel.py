"""A panel: controls and a picture of one run. Event -> run -> views -> one frame on the page."""

from __future__ import annotations

import secrets
import time
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import ipywidgets as w

from tinymlp.checks import choice, describe
from tinymlp.run import SETTINGS, Run
from tinymlp.teaching.predictions import Prediction
from tinymlp.views import VIEWS, Look, View
from tinymlp.views.loss import standing
from tinymlp.widgets import still
from tinymlp.widgets.asked import fitting
from tinymlp.widgets.control import Control
from tinymlp.widgets.controls import CONTROLS, parameter_said
from tinymlp.widgets.drawer import WRAP, Drawer
from tinymlp.widgets.minder import Minder
from tinymlp.widgets.picture import Picture, one_at_a_time
from tinymlp.widgets.presenter import Presenter
from tinymlp.widgets.shelf import Shelf
from tinymlp.widgets.tile import Tile
from tinymlp.words import capital, short

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike
    from pathlib import Path

    from tinymlp.widgets.predict import PredictionCard

SHOW = ("network", "loss", "step")
CONTROL = ("step", "back", "undo", "redo", "reset", "play", "scrub", "ahead", "eta", "gamma", "weight", "sample")
COVERED = "Covered until your prediction is locked."
SLOWLY = 0.5  # seconds from one showing of the controls and the text to the next, while a control plays


class Panel(w.VBox):
    """What `panel` returns. `.run` is the run, `.look` what is chosen, `.describe()` the panel in words."""

    def __init__(self, run, show, control, chosen, after, cover, present=False):
        super().__init__()
        self.add_class("tinymlp-panel")
        self.run, self.trouble, self.after, self._cover = run, "", after, cover
        self.look = Look(chosen=chosen)
        self._changing = self._setting = False
        self._shelf = Shelf()
        self._failed, self._as_asked, self._t = {}, None, run.t
        self._hurries, self._showed_at = False, 0.0  # whether controls and text wait, and when they were last shown
        salt = secrets.token_hex(4)
        if after is not None:
            after.leave_open()
            after.ask_of(run)
        self._asked_of = run
        self.tiles = {name: Tile(name, kind, f"{salt}{name}") for name, kind in show.items()}
        with self._controls_are_set():
            self.controls = {name: kind(self) for name, kind in control.items()}
        for made in self.controls.values():
            self.look = replace(self.look, **made.first_look())
        self.look = replace(self.look, steps=any(made.steps for made in self.controls.values()))
        arrows = {made.arrow for made in self.controls.values()}
        self.arrow_keys = {"step", "back"} <= arrows
        self.picture = Picture(self, self._sizes(), self.arrow_keys)
        self.presenter = Presenter(self, present)
        self.children = [*self._rows(), self.presenter, self.picture, Minder(self)]
        run.watch(self.refresh)
        if after is not None:
            after.watch(self.refresh)
        self.refresh()

    def _rows(self):
        rows = {"buttons": [], "settings": []}
        for control in self.controls.values():
            rows.setdefault(control.row, []).append(control.widget)
        always = [rows.pop("buttons"), rows.pop("settings")]
        if len(rows) == 1:  # one group alone need not be folded away
            always[1] += rows.popitem()[1]
        drawer = [Drawer(rows)] if rows else []
        return [*(w.Box(widgets, layout=WRAP) for widgets in always if widgets), *drawer]

    def _sizes(self):
        kinds = {name: tile.kind for name, tile in self.tiles.items()}
        asked = getattr(self.after, "kind", None)
        return [
            {"name": name, "width": kind.width, "height": kind.height, "table": kind.is_table}
            | {"points": kind.points or kind.draws == asked, "hovers": kind.hovers}
            for name, kind in kinds.items()
        ]

    @property
    def views(self):
        """The views by name, those that can show the run."""
        return {name: tile.view for name, tile in self.tiles.items() if tile.view is not None}

    @one_at_a_time
    def take(self, run: Run, keep: bool = True) -> None:
        """Show another run, of any problem: controls and views follow. What does not fit it says so in its place.

        keep: whether undo brings the present one back.
        """
        if not isinstance(run, Run):
            raise ValueError(f"run: expected a Run, e.g. tinymlp.Run(tinymlp.problems.xor()), got {describe(run)}")
        if keep and run is not self.run:
            self._shelf.keep(self.run)
        self.run.unwatch(self.refresh)
        net, chosen = run.problem.net, self.look.chosen
        self.run = run
        run.watch(self.refresh)
        known = chosen in net.entries and (run.training.free is None or chosen in run.training.free)
        chosen = chosen if known else (run.training.free or net.entries)[0]
        sample = min(self.look.sample, len(run.problem.X) - 1)
        self.look = replace(self.look, chosen=chosen, sample=sample, guess=None, hovered=None)
        for tile in self.tiles.values():
            tile.take(run)
        with self._controls_are_set():
            for control in self.controls.values():
                if not control.refuses(run):
                    control.fit()
        self.refresh()

    @one_at_a_time
    def remake(self, **changes):
        """Show the run that the recipe makes with these changes, its settings kept; undo brings the present one back.

        Several in a row of the same fields, as when a slider is dragged, are one undo step. Raises ValueError, and
        changes nothing, for what cannot be made and for a run that no recipe made.
        """
        run, recipe = self.run, self.run.problem.recipe
        if recipe is None:
            raise ValueError(f"recipe: expected a run that a Recipe made, got one of the {run.problem.name!r} problem")
        for name in changes:
            choice("recipe", name, [field.name for field in fields(recipe)])
        changed = recipe.but(**changes)
        if changed == recipe:
            return
        problem = changed.problem(run.now.state.eta, run.gamma)
        training = run.training if problem.net == run.problem.net else run.training.for_any_network()
        made, gesture = Run(problem, run.rule, training, run.schedule), set(changes)
        self.take(made, keep=not self._shelf.drags_on(run, gesture))
        self._shelf.made(made, gesture)

    def undo(self):
        """Undo the last change of the run; where there is none left, show the run again that it replaced."""
        if self.run.can_undo:
            self.run.undo()
        elif self._shelf.before:
            self._shelf.after.append(self.run)
            self.take(self._shelf.before.pop(), keep=False)

    def redo(self):
        """Redo what was last undone."""
        if self.run.can_redo:
            self.run.redo()
        elif self._shelf.after:
            self._shelf.before.append(self.run)
            self.take(self._shelf.after.pop(), keep=False)

    can_undo = property(lambda self: self.run.can_undo or bool(self._shelf.before), doc="Whether undo does anything.")
    can_redo = property(lambda self: self.run.can_redo or bool(self._shelf.after), doc="Whether redo does anything.")

    def end_gesture(self):
        """Start a new undo step, even for the same slider."""
        self.run.end_gesture()
        self._shelf.end_gesture()

    # Events --------------------------------------------------------------------------------------------------------

    @one_at_a_time
    def act(self, call):
        """Do what a control asks for, and show the outcome; an error is shown on the page and changes nothing."""
        if self._setting or self._changing or self.waits:
            return
        self.trouble, self._changing = "", True  # the run's own notification would draw the frame twice
        try:
            call()
        except ValueError as error:
            self.trouble = str(error)
        finally:
            self._changing = False
        self.refresh()

    def choose(self, entry: tuple[str, tuple[int, int]]) -> None:
        """Choose the parameter `entry`, e.g. ("W1", (0, 1)): the controls and views switch to it."""
        self.glance(chosen=self.run.problem.net.entry(entry))

    @one_at_a_time
    def glance(self, **changes):
        """Change what is looked at, any field of the Look: chosen, sample, ahead, ..."""
        self.look = replace(self.look, **changes)
        self.end_gesture()
        self.refresh()

    @one_at_a_time
    def change(self, **what):
        """Change what a view asks for: fields of the Look, settings of the run, or params, pairs of entry and value.

        again: settings with which the run is taken from its start again, and to which t, as `Run.again` takes them;
        recipe: fields of the recipe, as `remake` takes them.
        """
        looks = [field.name for field in fields(Look)]
        for name in what:
            choice("change", name, [*looks, *SETTINGS, "params", "again", "recipe"])
        if what and set(what) <= {"guess", "held"}:  # a learner points or draws before the prediction is locked
            if self.look.asked is None:
                self.glance(**what)
            else:
                self.look = replace(self.look, **what)
                self.after.draw(what["guess"])
            return

        def call():
            for name in set(what) & set(SETTINGS):
                setattr(self.run, name, what[name])
            for entry, value in what.get("params", ()):
                self.run.set(*entry, value)
            if "again" in what:
                self.run.again(**what["again"])
            if "recipe" in what:
                self.remake(**what["recipe"])
            seen = {name: value for name, value in what.items() if name in looks}
            if seen:
                self.look = replace(self.look, **seen)

        self.act(call)

    @one_at_a_time
    def refresh(self, run=None):
        """Show the current state of the run in every control and view. The run itself calls it after each change."""
        if self._changing:
            return
        if run is not None:
            self.trouble = ""
        if self.run.t != self._t:
            self._t = self.run.t
            for control in self.controls.values():
                self.look = replace(self.look, **control.look_at_another_t())
        if self.after is not None:
            self._look_whether_it_happened()
            self.look = replace(self.look, untold=not self.after.told)
            drawn = self.after.drawn if self.run is self._asked_of else None
            if drawn != self.look.asked or drawn is not None:
                self.look = replace(self.look, asked=drawn, guess=self.after.draft if drawn else None)
        if self.picture.wanted_on_page():
            if not self._hurries:
                self._showed_at = time.monotonic()
                self._show_controls()
            self.picture.show()

    # Playing -------------------------------------------------------------------------------------------------------

    @property
    def plays(self):
        """Whether a control takes steps by itself, at the pace of the page."""
        return any(control.plays for control in self.controls.values())

    def go_on(self):
        """Take the next steps of the control that plays, and show them; the picture calls it for each painted frame."""
        self._hurries = time.monotonic() - self._showed_at < SLOWLY
        for control in self.controls.values():
            if control.plays:
                self.act(control.go_on)
        hurried, self._hurries = self._hurries, False
        if hurried and not self.plays:  # the run has stopped
            self.refresh()

    def pause(self):
        """Take no more steps by itself."""
        for control in self.controls.values():
            control.pause()

    def _look_whether_it_happened(self):
        """Let the prediction look, unless all is as it was when it was asked, or asked again: that is no news."""
        run = self.run
        look = replace(self.look, asked=None, guess=None, held=0, untold=False, hovered=None)
        state = run, run.t, run.params.flat.tobytes(), run.eta, run.gamma, look
        if self.waits:
            self._as_asked = state
        elif state != self._as_asked:
            self._as_asked = None
            self.after.look_at(run, self.look)

    def close(self) -> None:
        """Detach the panel from its run and remove it from the page."""
        self.run.unwatch(self.refresh)
        for widget in self.all_widgets(self):
            widget.close()
        super().close()

    @classmethod
    def all_widgets(cls, widget):
        """Return what a widget holds, and what that holds."""
        return [w for child in getattr(widget, "children", ()) for w in (child, *cls.all_widgets(child))]

    @property
    def waits(self):
        """Whether a prediction must be locked first: until then the controls are disabled."""
        return self.after is not None and not self.after.locked

    @contextmanager
    def _controls_are_set(self):
        """Take no notice of what the widgets report while they are given what is."""
        self._setting = True
        try:
            yield
        finally:
            self._setting = False

    def _show_controls(self):
        self._failed = {}
        with self._controls_are_set():
            for name, control in self.controls.items():
                try:
                    missing = control.refuses(self.run)
                    if missing:
                        raise ValueError(f"it needs {missing}")
                    control.show()
                    off = control.off()
                except Exception as error:
                    self._failed[name] = f"The control {name!r} cannot be used: {error}."
                    off = self.all_widgets(control.widget) or [control.widget]
                for widget in (control.widget, *self.all_widgets(control.widget)):
                    if widget.has_trait("disabled"):
                        widget.disabled = self.waits or widget in off

    def picked(self, gid):
        """Choose the parameter that something clicked stands for; the picture calls it."""
        for tile in self.tiles.values():
            if gid in tile.picks:
                self.act(lambda entry=tile.picks[gid]: self.choose(entry))
                return

    def hovered(self, gid):
        """Look at the parameter that something under the pointer stands for, if any; the picture calls it."""
        entry = next((tile.picks[gid] for tile in self.tiles.values() if gid in tile.picks), None)
        if entry != self.look.hovered and not self.waits:
            self.look = replace(self.look, hovered=entry)
            self.refresh()

    def pointed(self, tile, x, y, end=False):
        """Do what a click or drag at a place of a tile means; the picture calls it. end: the pointer was lifted."""
        self._at_place(tile, "pointed", x, y)
        if end:
            self.end_gesture()

    def nudged(self, tile, right, up):
        """Do what an arrow key on a tile means; the picture calls it."""
        self._at_place(tile, "nudged", right, up)

    def _at_place(self, name, method, *place):
        tile = self.tiles.get(name)
        if tile is None or tile.view is None or tile.facts is None:
            return
        try:
            what = getattr(tile, method)(*place, self.look)
            if what:
                self.trouble = ""
                self.change(**what)
        except ValueError as error:
            self.trouble = str(error)
            self.refresh()

    def go(self, word):
        """Step or go back, as an arrow key asks; the picture calls it."""
        for control in self.controls.values():
            if control.arrow == word:
                self.act(control.act)

    # Showing -------------------------------------------------------------------------------------------------------

    def frame(self):
        """Return what the page is to show, as the picture's traits; never an error, whatever a view does."""
        covered, said = self._cover and self.waits, not self._hurries
        traits = {"covered": covered}
        for name, tile in self.tiles.items():
            tile.show(self.run, self.look, whole=False, said=said)
            traits |= {f"lower_{name}": tile.lower, f"upper_{name}": tile.upper, f"note_{name}": tile.note}
            if said:
                traits[f"text_{name}"] = COVERED if covered else tile.said()
        return traits | {"status": self.status(), "alarm": self.alarm()}

    @property
    def unfinished(self):
        """Whether a view has more to draw: the picture asks for the next frame once the last one was painted."""
        return any(tile.unfinished for tile in self.tiles.values())

    def alarm(self) -> str:
        """Return what is wrong, if anything: an invalid input, or a run that had to stop."""
        return " ".join(part for part in (self.trouble, self.run.message, *self._failed.values()) if part)

    def status(self) -> str:
        """Return what the panel is about in a sentence, as its first view with one says it, and what can be moved."""
        run = self.run
        if self.waits:
            guess = "" if self.look.guess is None else f"Your guess: {self.after.said(self.look.guess)}. "
            awaited = "second vote" if self.after.pending else "prediction"
            return f"{guess}The panel opens when your {awaited} is locked, in the card above."
        lead = next((tile.status for tile in self.tiles.values() if tile.status), None) or standing(run, self.look)
        controls = [made for name, made in self.controls.items() if name not in self._failed]
        said = [made.said() for made in sorted(controls, key=lambda made: not made.names_parameters)]
        if not any(made.names_parameters for made in controls) and any(tile.picks for tile in self.tiles.values()):
            said.insert(0, parameter_said(run, self.look.chosen))
        return " ".join([lead, *filter(None, said)])

    def describe(self) -> str:
        """Return the panel in words: the run, its settings, and each view."""
        for tile in self.tiles.values():
            tile.show(self.run, self.look)
        return self.in_words()

    def in_words(self) -> str:
        """Return what `describe` does, given that every view has shown the present state."""
        run = self.run
        head = f"{run.problem.name}: t = {run.t}, eta = {short(run.eta)}, gamma = {short(run.gamma)}"
        parts = [self.alarm(), *(tile.said() for tile in self.tiles.values())]
        return "\n".join([capital(head), *(part for part in parts if part)])

    def image(self) -> bytes:
        """Return the picture as PNG bytes, for pages without a kernel."""
        for tile in self.tiles.values():
            tile.show(self.run, self.look)
        return still.png(list(self.views.values()))

    def save(
        self,
        path: str | PathLike,
        steps: int = 40,
        slider: str | tuple | None = None,
        stops: Sequence[float] | None = None,
    ) -> Path:
        """Save the panel as a file, and return its path: what it is, the ending of the name says.

        .html: a recording, a page in one file that still steps where there is no kernel and no network: back, play,
        weights, samples and stages. steps: how far it goes. slider: what one slider in it moves, from the start on:
        the name of one of the panel's controls, such as "eta", or a parameter such as ("W1", (0, 1)); stops: its
        values. What was not recorded is shown as off. It takes a second for some two hundred frames.
        .png, .svg: the picture as it is now, for a paper or a slide. .gif, .apng: the picture, moving, to t = steps.
        Raises ValueError for another ending, for what the panel does not have, for more than 5,000 frames, and while it
        waits for a prediction.
        """
        from tinymlp.widgets.recordings import save  # imported here, as few panels are saved

        return save(self, path, steps, slider, stops)

    def __repr__(self):
        return f"Panel of {self.run!r}; it shows {', '.join(self.tiles)}"

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        data = data | {"text/plain": self.describe()}
        if self.views:
            picture = self.image()
            data |= {"image/png": picture}
            metadata = metadata | {"image/png": {"width": still.width(picture)}}
        return data, metadata


def panel(
    run: Run,
    show: str | type[View] | Sequence[str | type[View]] = SHOW,
    control: str | type[Control] | Sequence[str | type[Control]] = CONTROL,
    chosen: tuple[str, tuple[int, int]] | None = None,
    after: PredictionCard | Prediction | None = None,
    cover: bool = False,
    present: bool = False,
) -> Panel:
    """Return a live panel of a run.

    show: names of views; control: names of controls; both are listed below. A class of one's own, a subclass of
    `tinymlp.views.View` or of `tinymlp.widgets.control.Control`, can stand in place of a name.
    chosen: the parameter to begin with, by default the first that moves.
    after: a prediction, as `predict` returns it: until it is locked the controls are disabled. cover: whether the
    picture is covered as well until then, where the present state would give the answer away. A guess that is drawn is
    drawn on the panel's picture: a place on a map, a curve on `loss`, an angle on `angle`.
    present: whether it fills the window from the start, for a class, as its button "Present" does; Escape leaves.
    Raises ValueError for another run, name or parameter, and for a view or control that does not fit the run.
    """
    if not isinstance(run, Run):
        raise ValueError(f"run: expected a Run, e.g. tinymlp.Run(tinymlp.worked_example()), got {describe(run)}")
    show = fitting(run, "show", "view", show, VIEWS, View)
    control = fitting(run, "control", "control", control, CONTROLS, Control)
    if not show:
        raise ValueError(f"show: expected at least one of {', '.join(map(repr, VIEWS))}, got none")
    if chosen is None:
        chosen = (run.training.free or run.problem.net.entries)[0]
    chosen = run.problem.net.entry(chosen, "chosen")
    asked = getattr(after, "prediction", after)
    if asked is not None and not isinstance(asked, Prediction):
        raise ValueError(f"after: expected a prediction, as predict(...) returns it, got {describe(after)}")
    if asked is not None and not asked.locked and run.t:
        raise ValueError(f"after: expected a run at its start, as nothing may be seen yet, got one at t = {run.t}")
    if asked is not None and asked.drawn is not None:
        _check_drawing(asked, show, cover)
    return Panel(run, show, control, chosen, asked, cover, bool(present))


def _check_drawing(asked, show, cover):
    """Raise ValueError where there is nothing to draw a guess on."""
    if all(kind.draws != asked.kind for kind in show.values()):
        able = [name for name, kind in VIEWS.items() if kind.draws == asked.kind]
        expected = " or ".join(map(repr, able))
        raise ValueError(f"show: expected {expected}, as the {asked.kind} is drawn there, got {describe(tuple(show))}")
    if cover:
        raise ValueError("cover: expected False, as the guess is drawn on the picture, got True")


def _listed(kinds):
    """Return a line for each view or control: its name, and the first sentence of its own docstring."""
    first = {name: " ".join((kind.__doc__ or "").split("\n\n")[0].split()) for name, kind in kinds.items()}
    width = max(map(len, kinds))
    return "\n".join(f"      {name:{width}}  {words}" for name, words in first.items())


panel.__doc__ = f"""{panel.__doc__}
    Views, in the order of the lessons:
{_listed(VIEWS)}

    Controls:
{_listed(CONTROLS)}
    """
