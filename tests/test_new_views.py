"""New views, controls and problems, as a later lesson adds them: without touching the panel or its script."""

import base64
import io
import re

import ipywidgets as w
import numpy as np
import pytest
from matplotlib.patches import PathPatch
from PIL import Image

import tinymlp as tm
from tinymlp import problems
from tinymlp.explain import ledger
from tinymlp.views import VIEWS, Facts, Look, View
from tinymlp.views.shapes import NOTHING, rectangles
from tinymlp.views.style import CARRIED, INK, dress
from tinymlp.views.svg import HeatMap
from tinymlp.widgets import panel
from tinymlp.widgets.control import Control
from tinymlp.widgets.controls import CONTROLS
from tinymlp.words import decimal, label

MARKUP = '<b>&"x"</b>'


def fitting(run):
    """Return the controls that can move a run."""
    return tuple(name for name, kind in CONTROLS.items() if not kind.refuses(run))


# The ledger of a velocity, as a lesson would add it ------------------------------------------------------------------


class LedgerView(View):
    """Each past gradient's share of the chosen velocity, a bar for each, the latest on top."""

    width, height = 300, 300

    @classmethod
    def refuses(cls, run):
        return "" if run.rule.gain else "a rule whose velocity adds up gradients"

    def build(self, run, look):
        self.axes = self.figure.add_axes((0.14, 0.16, 0.8, 0.66))
        dress(self.axes, "share of the velocity", grid=False)
        self.axes.set_ylim(10, -0.5)
        self.zero = self.move(self.axes.axvline(0, color=INK, lw=1))
        self.bars = self.move(self.axes.add_patch(PathPatch(NOTHING, fc="white", ec=CARRIED, hatch="////")))
        self.headline = self.words(0.03, 0.93, fontsize=15)

    def read(self, run, look):
        shares = ledger(run, *look.chosen)[::-1]
        return Facts(
            entry=look.chosen, shares=shares, velocity=float(run.velocity[look.chosen.name][look.chosen.index])
        )

    def draw(self, facts):
        values, rows = np.array([share.share for share in facts.shares[:10]]), np.arange(len(facts.shares[:10]))
        self.bars.set_path(rectangles(0, rows, values, rows + 0.8))
        limit = max(1e-6, 1.1 * abs(values).max(initial=0))
        if limit > self.axes.get_xlim()[1] or self.axes.get_xlim()[0] == 0:
            self.axes.set_xlim(-limit, limit)
            self.standing_changed = True
        self.headline.set_text(f"velocity of {label(*facts.entry)}: {decimal(facts.velocity)}")

    def say(self, facts):
        lines = [f"Velocity of {label(*facts.entry)}: {decimal(facts.velocity)}"]
        lines += [f"  from the step to t = {share.t}: {decimal(share.share)}" for share in facts.shares[:3]]
        return "\n".join(lines)


@pytest.fixture
def with_ledger(monkeypatch):
    monkeypatch.setitem(VIEWS, "ledger", LedgerView)


def test_a_ledger_is_a_view_of_a_few_lines(with_ledger):
    run = tm.Run(tm.worked_example()).step(3)
    board = panel(run, show=("ledger", "loss"), control=("step", "weight"))
    shares = [share.share for share in ledger(run, "W1", (0, 0))]
    assert sum(shares) == pytest.approx(run.velocity.W1[0, 0])
    for t, share in enumerate(shares, start=1):
        assert f"from the step to t = {t}: {decimal(share)}" in board.describe()
    board.controls["weight"].choice.value = ("b2", (0, 0))
    assert "Velocity of b²₁" in board.picture.texts["ledger"]
    assert board.picture.notes == {"ledger": "", "loss": ""}


def views_for(run):
    return tuple(name for name, kind in VIEWS.items() if not kind.refuses(run))


# A race, and another problem in the same panel -----------------------------------------------------------------------


def test_a_race_of_two_runs_needs_one_line():
    board = panel(tm.Run(tm.worked_example()), show=("loss",), control=("step", "ten", "rival_eta", "rival_gamma"))
    board.controls["rival_eta"].dial.field.value = 0.2
    board.controls["rival_gamma"].dial.field.value = 0.5
    board.controls["ten"].widget.click()
    rival = tm.Run(tm.worked_example()).fork(eta=0.2, gamma=0.5).step(10)
    assert f"the rival, with eta 0.2 and gamma 0.5: {decimal(rival.loss)}" in board.describe()
    np.testing.assert_array_equal(board.views["loss"].rival.get_ydata(), rival.losses)
    assert "Rival's η = 0.2. Rival's γ = 0.5." in board.picture.status
    assert board.run.eta == 0.8


def test_two_paths_race_on_one_map():
    free = (("W1", (2, 1)), ("W2", (1, 0)))
    run = tm.Run(tm.worked_example(), training=tm.Training(free=free))
    board = panel(run, show=("surface", "loss"), control=("step", "rival_gamma"))
    board.controls["rival_gamma"].dial.field.value = 0.5
    run.step(6)
    theirs = run.fork(t=0, gamma=0.5).step(6)
    assert board.views["surface"].rival.get_xdata()[-1] == theirs.params.W1[2, 1]
    assert "the rival is at (" in board.describe()


def test_another_problem_goes_into_the_same_panel():
    run = tm.Run(tm.worked_example())
    board = panel(run, show=views_for(run), control=fitting(run))
    first = board.run
    board.look = Look(chosen=("W1", (2, 1)), sample=2)
    board.controls["problem"].choice.value = "xor"
    assert board.run.problem.name == "xor"
    assert board.look.chosen == ("W1", (0, 0))
    assert len(board.controls["sample"].choice.options) == 40
    assert len(board.controls["weight"].choice.options) == board.run.problem.net.count
    board.controls["step"].widget.click()
    assert (board.run.t, first.t) == (1, 0)
    assert "Xor: t = 1" in board.describe()
    first.step()  # is not shown any more
    assert "t = 1" in board.picture.status
    board.controls["problem"].choice.value = ""
    assert board.run is first
    assert not any(board.picture.notes.values())


@pytest.mark.parametrize("name", problems.DATASETS)
def test_every_data_set_has_a_name_and_a_panel(name):
    run = tm.Run(problems.named(name))
    assert run.problem.name == name.replace("_", " ")
    assert "t = 0" in panel(run).describe()


def test_a_panel_takes_runs_alone():
    with pytest.raises(ValueError, match=r"run: expected a Run, .* got Problem 'xor'"):
        panel(tm.Run(tm.worked_example())).take(problems.xor())


# What cannot be shown ------------------------------------------------------------------------------------------------


class Fragile(View):
    """Fails from t = 2 on."""

    def build(self, run, look):
        self.number = self.words(0.1, 0.5)

    def read(self, run, look):
        if run.t == 2:
            raise ValueError("t: expected less than 2, got 2")
        if run.t == 3:
            raise KeyError("lost")
        return Facts(t=run.t)

    def draw(self, facts):
        self.number.set_text(f"at {facts.t}")

    def say(self, facts):
        return f"fragile at {facts.t}"


def test_a_view_that_fails_says_so_in_its_tile_and_all_else_goes_on(monkeypatch):
    monkeypatch.setitem(VIEWS, "fragile", Fragile)
    run = tm.Run(tm.worked_example()).step()
    board, other = (
        panel(run, show=("fragile", "loss"), control=("step", "scrub")),
        panel(run, show="loss", control="step"),
    )
    last = board.picture.upper["fragile"]
    board.controls["step"].widget.click()
    assert board.picture.notes["fragile"] == "The view 'fragile' cannot show this: t: expected less than 2, got 2"
    assert board.picture.upper["fragile"] == last
    assert "t = 2" in board.picture.texts["loss"]
    assert "t = 2" in board.picture.status
    assert "t = 2" in other.picture.status
    assert board.controls["scrub"].slider.value == 2
    assert "cannot show this" in board.describe()
    run.step()  # from code: nothing is raised after the fact
    assert board.picture.notes["fragile"] == "The view 'fragile' cannot show this: KeyError: 'lost'"
    run.back(2)
    assert board.picture.notes["fragile"] == ""
    assert board.picture.texts["fragile"] == "fragile at 1"


def test_a_ledger_of_a_rule_without_one_is_told_in_its_tile(with_ledger):
    run = tm.Run(tm.worked_example()).step(2)
    board = panel(run, show=("ledger", "loss"), control=("step", "gamma"))
    run.rule = "rmsprop"
    run.step(2)
    assert "expected one whose velocity adds up gradients, got Rule 'rmsprop'" in board.picture.notes["ledger"]
    assert "t = 4" in board.picture.texts["loss"]


def test_a_run_that_trains_on_batches_can_be_taken_by_a_panel_of_stages():
    board = panel(tm.Run(tm.worked_example()), show=("stage", "loss"), control=("stage", "step"))
    board.take(tm.Run(tm.worked_example(), training=tm.Training(batch=1)))
    assert board.picture.notes["stage"] == (
        "The view 'stage' cannot show this: it needs a run that trains on all samples and weights"
    )
    assert "control 'stage' cannot be used: it needs a run that trains on all" in board.picture.alarm
    assert board.controls["stage"].slider.disabled
    board.controls["step"].widget.click()
    assert "t = 1" in board.picture.texts["loss"]
    board.take(tm.Run(tm.worked_example()))
    assert board.picture.notes["stage"] == board.picture.alarm == ""
    assert not board.controls["stage"].slider.disabled


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"show": "mistake"}, ["show: expected a network with one sigmoid output for the view 'mistake'", "'blobs'"]),
        ({"show": "loss", "control": "p"}, ["control: expected a network with one sigmoid output for the control 'p'"]),
        ({"show": "los"}, ["did you mean 'loss'?"]),
    ],
)
def test_a_view_that_does_not_fit_is_named_with_the_problem_and_what_would_fit(arguments, words):
    with pytest.raises(ValueError, match="expected") as caught:
        panel(tm.Run(problems.blobs()), **{"control": ()} | arguments)
    for word in words:
        assert word in str(caught.value)


# Where one clicked ---------------------------------------------------------------------------------------------------


class SettingsMap(View):
    """A square on which a click chooses eta (to the right) and gamma (upwards)."""

    width, height, points = 200, 200, True

    def build(self, run, look):
        self.axes = self.figure.add_axes((0.1, 0.1, 0.8, 0.8))
        self.axes.set(xlim=(0, 2), ylim=(0, 1))
        self.point = self.move(self.axes.plot([0], [0], "o")[0])

    def read(self, run, look):
        return Facts(eta=run.eta, gamma=run.gamma)

    def draw(self, facts):
        self.point.set_data([facts.eta], [facts.gamma])

    def say(self, facts):
        return f"eta {facts.eta:.2f}, gamma {facts.gamma:.2f}"

    def pointed(self, x, y, facts):
        eta, gamma = self.place(self.axes, x, y)
        return {"eta": round(eta, 2), "gamma": round(min(max(gamma, 0), 1), 2)} if 0 <= eta <= 2 else {}

    def nudged(self, right, up, facts):
        return {"eta": round(facts.eta + 0.1 * right, 2), "gamma": round(facts.gamma + 0.1 * up, 2)}


def test_a_click_a_drag_and_an_arrow_key_on_a_map_choose_settings(monkeypatch):
    monkeypatch.setitem(VIEWS, "map", SettingsMap)
    board = panel(tm.Run(tm.worked_example()), show=("map", "loss"), control=("undo",))
    (tile,) = [tile for tile in board.picture.tiles if tile["name"] == "map"]
    assert tile["points"]
    hear = board.picture._heard
    hear(None, {"pointed": {"tile": "map", "x": 0.5, "y": 0.5, "end": True}}, [])
    assert (board.run.eta, board.run.gamma) == (1.0, 0.5)
    hear(None, {"nudged": {"tile": "map", "right": -1, "up": 0}}, [])
    assert (board.run.eta, board.run.gamma) == (0.9, 0.5)
    hear(None, {"pointed": {"tile": "map", "x": 0.02, "y": 0.5}}, [])  # beside the axes: nothing
    assert board.run.eta == 0.9
    for _ in range(6):
        hear(None, {"nudged": {"tile": "map", "right": 0, "up": -1}}, [])
    assert "gamma: expected" in board.picture.alarm  # no share below 0: told, and nothing changes
    assert board.run.gamma == 0.0


def test_a_guess_can_be_pointed_at_while_the_panel_waits(own_home):
    from tinymlp.widgets import predict

    board = panel(tm.Run(tm.worked_example()), show="loss", control="step", after=predict("t.point", "?", "down"))
    board.change(guess=(3.0, 0.5))
    assert board.look.guess == (3.0, 0.5)
    board.change(eta=0.1)
    assert board.run.eta == 0.8
    with pytest.raises(ValueError, match="change: expected one of 'chosen'"):
        board.change(speed=3)


def test_a_view_may_set_parameters_and_samples():
    board = panel(tm.Run(tm.worked_example()), show="network", control=("weight", "sample"))
    board.change(params=((("W1", (0, 0)), 1.5), (("b2", (0, 0)), -1.0)), sample=2)
    assert (board.run.params.W1[0, 0], board.run.params.b2[0, 0], board.look.sample) == (1.5, -1.0, 2)


# A heat map that moves, and names from a stranger's file -------------------------------------------------------------


class Heat(View):
    """A decision boundary that moves."""

    def build(self, run, look):
        self.axes = self.figure.add_axes((0.1, 0.1, 0.8, 0.8))
        self.map = HeatMap(self.axes, "viridis")
        self.axes.add_image(self.map)
        self.axes.set(xlim=(-1, 1), ylim=(-1, 1))
        self.move(self.map)

    def read(self, run, look):
        return Facts(values=np.outer(np.linspace(0, 1, 30), np.linspace(0.2, 1, 40)))

    def draw(self, facts):
        self.map.show(facts.values, (-1, 1, -1, 1))

    def say(self, facts):
        return self.map.in_words(("x₁", "x₂"), lambda value: f"{value:.2f}")


def test_a_heat_map_goes_in_as_a_small_picture_of_its_own():
    view = Heat(tm.Run(tm.worked_example()), Look())
    (png,) = re.findall(r'href="data:image/png;base64,([^"]+)"', view.upper("s"))
    image = Image.open(io.BytesIO(base64.b64decode(png)))
    assert image.size == (40, 30)
    colours = np.asarray(image.convert("RGB")).astype(int)
    assert (colours[-1, 0] == colours[-1, -1]).all()  # the first row of values, all 0, is at the bottom
    assert colours[0, -1].sum() > colours[-1, 0].sum()  # viridis: bright is high
    assert view.say(None) == "lowest 0.00 at x₁ = -0.97, x₂ = -0.97; highest 1.00 at x₁ = 0.98, x₂ = 0.97"
    assert view.pixels(1).std() > 0


def test_names_from_a_strangers_file_are_written_and_never_obeyed():
    given = problems.worked_example()
    problem = tm.Problem(
        given.net,
        given.X,
        given.y,
        given.params,
        0.8,
        0.9,
        name=MARKUP,
        features=(MARKUP, "a-b", "c"),
        classes=(MARKUP, "no"),
    )
    run = tm.Run(problem)
    board = panel(run, show=views_for(run), control=fitting(run))
    board.controls["step"].widget.click()
    for layer in (*board.picture.lower.values(), *board.picture.upper.values()):
        assert MARKUP not in layer
        assert "<b>&" not in layer
    board.act(lambda: tm.problems.problem([[1.0], [2.0]], [MARKUP, MARKUP]))
    for child in [board, *board.all_widgets(board)]:
        if isinstance(child, w.HTML):
            assert MARKUP not in child.value


def test_a_table_escapes_its_cells_and_leaves_words_alone():
    from tinymlp.views.page import html_table

    made = html_table("kind", MARKUP, [MARKUP, "well-known"], [[MARKUP, "semi-dry", "-0.5", MARKUP]], ["pick-a"])
    assert MARKUP not in made
    assert "<td>semi-dry</td><td>\N{MINUS SIGN}0.5</td>" in made
    assert 'class="tinymlp-kind"' in made


# A control of one's own ----------------------------------------------------------------------------------------------


def test_a_control_of_ones_own_needs_no_change_of_the_panel(monkeypatch):
    class Double(Control):
        """Double the step size."""

        row = "buttons"

        def make(self):
            return self.button("Double", "Double the step size", lambda: setattr(self.run, "eta", 2 * self.run.eta))

        def said(self):
            return f"Doubled to {self.run.eta:g}."

    monkeypatch.setitem(CONTROLS, "double", Double)
    board = panel(tm.Run(tm.worked_example()), show="loss", control=("double", "step"))
    board.controls["double"].widget.click()
    assert board.run.eta == 1.6
    assert "Doubled to 1.6." in board.picture.status


def test_what_one_looks_at_in_a_notebook_has_a_repr_of_a_few_lines():
    run = tm.Run(tm.worked_example()).step(2)
    shown = {
        "problem": tm.worked_example(),
        "panel": panel(run, show="loss"),
        "moment": run.now,
        "past": run.past(),
        "runs": tm.sweep.many_runs(tm.worked_example(), 5, eta=np.array([0.1, 50.0])),
        "rule": run.rule,
        "check": tm.check_gradient(run.params, run.problem.X, run.problem.y),
    }
    for name, value in shown.items():
        lines = repr(value).split("\n")
        assert len(lines) <= 3, name
        assert max(map(len, lines)) <= 160, name
        assert "object at" not in repr(value), name


def test_help_lists_the_views_and_controls_with_a_line_each():
    for name in (*VIEWS, *CONTROLS):
        assert re.search(rf"^ +{name} +\w", panel.__doc__, re.MULTILINE), name
    assert panel.__doc__.index("neuron") < panel.__doc__.index("chain") < panel.__doc__.index("table")


def test_dir_shows_what_a_user_may_use():
    assert {"explain", "sweep", "check_gradient", "schedule"} <= set(dir(tm))
    assert not {"import_module", "checks", "record"} & set(dir(tm))
    assert tm.explain.chain_rule
    assert tm.check_gradient
