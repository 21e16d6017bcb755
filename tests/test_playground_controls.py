"""The controls of the playground: each changes what it says; what users of another playground asked for is there."""

import re
import xml.etree.ElementTree as ET
from base64 import b64decode
from datetime import UTC, datetime

import ipywidgets as w
import numpy as np
import pytest

import tinymlp as tm
from tinymlp.recipes import DATA, Recipe
from tinymlp.views import VIEWS
from tinymlp.views.curves import cut
from tinymlp.views.loss import LossView
from tinymlp.widgets import panel, playground
from tinymlp.widgets.controls import CONTROLS
from tinymlp.widgets.playground import CONTROL
from tinymlp.widgets.recipe_controls import with_layers

CAT = "x1; x2; kind\n0,5; -1; cat\n1; 0,25; dog\n0; 0; dog\n-1; 1; cat"


@pytest.fixture
def board():
    return playground(n=40, show="loss")


def leaves(widget):
    return [leaf for child in widget.children for leaf in leaves(child)] if hasattr(widget, "children") else [widget]


def recipe(board):
    return board.run.problem.recipe


# The house -----------------------------------------------------------------------------------------------------------


def test_a_playground_is_one_call():
    board = playground(data="spiral", sizes=(8, 8), rule="adam", eta=0.01)
    assert board.run.problem.net.sizes == (2, 8, 8, 1)
    assert (board.run.rule.name, board.run.eta) == ("adam", 0.01)
    assert playground(Recipe(n=12), seed=3, show="loss").run.problem.recipe == Recipe(n=12, seed=3)
    assert board.describe().startswith("Spiral: t = 0, eta = 0.01")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"recipe": "spiral"}, "recipe: expected a Recipe"),
        ({"colour": "red"}, "playground: expected one of 'data', 'n'"),
        ({"data": "spirals"}, "did you mean 'spiral'?"),
        ({"rule": "adams"}, "did you mean 'adam'?"),
        ({"control": "noises"}, "did you mean 'noise'?"),
    ],
)
def test_what_no_playground_can_be_is_refused(wrong, message):
    with pytest.raises(ValueError, match="expected") as error:
        playground(**wrong)
    assert message in str(error.value)


def test_every_field_of_a_playground_has_a_name_and_every_slider_a_field(board):
    widgets = leaves(board)
    for widget in widgets:
        named = w.BoundedFloatText | w.BoundedIntText | w.Dropdown | w.Checkbox | w.Button | w.Textarea | w.FileUpload
        if isinstance(widget, named):
            assert widget.description, widget
    sliders = [x for x in widgets if isinstance(x, w.FloatSlider | w.IntSlider)]
    assert len(sliders) == 10
    assert all(slider.layout.width for slider in sliders)


def test_controls_know_their_group(board):
    assert board.controls["noise"].row == "Data"
    assert board.controls["start"].row == "Network"
    assert board.controls["weight"].row == "Look"
    assert panel(tm.Run(tm.worked_example()), control="weight").controls["weight"].row == "settings"
    groups = {"buttons", "settings", "Data", "Network", "Training", "Look", "Own data", "Race", "Share"}
    assert {control.row for control in board.controls.values()} == groups


def test_controls_of_a_recipe_say_what_they_need():
    needy = [name for name, kind in CONTROLS.items() if kind.refuses(tm.Run(tm.worked_example()))]
    assert {"dataset", "noise", "inputs", "layers", "brush", "paste"} <= set(needy)
    with pytest.raises(ValueError, match="expected a playground's run for the control 'noise'"):
        panel(tm.Run(tm.worked_example()), control="noise")


def test_a_playground_goes_on_whatever_is_touched(board):
    for widget in leaves(board):
        if isinstance(widget, w.Dropdown):
            for words in [words for words, _ in widget._options_full]:
                if words in widget._options_labels:
                    widget.label = words
        elif isinstance(widget, w.Checkbox):
            widget.value = not widget.value
        elif isinstance(widget, w.FloatSlider | w.IntSlider | w.BoundedFloatText | w.BoundedIntText):
            widget.value = widget.max
            widget.value = widget.min
        elif isinstance(widget, w.Button):
            widget.click()
        assert "cannot be used" not in board.alarm()
    assert board.describe()


# Data and network ----------------------------------------------------------------------------------------------------


def test_every_data_set_is_on_the_list(board):
    data = board.controls["dataset"].list
    assert [name for _, name in data.options] == list(DATA)
    for name in DATA:
        data.value = name
        assert recipe(board).data == name
        assert not board.alarm()


def test_issue_252_there_is_data_above_and_below_a_curve(board):
    board.controls["dataset"].list.value = "curve"
    assert board.controls["dataset"].list.label == "above or below a curve"
    assert board.run.problem.classes == ("above", "below")
    assert board.run.step(50).loss < board.run.losses[0]


def test_noise_samples_test_share_and_new_data(board):
    board.controls["noise"].dial.slider.value = 0.3
    board.controls["samples"].list.value = 100
    board.controls["held_out"].dial.field.value = 0.2
    before = board.run.problem
    assert (recipe(board).noise, recipe(board).n, recipe(board).held_out) == (0.3, 100, 0.2)
    assert (len(before.X), len(before.X_held)) == (80, 20)
    board.controls["new_data"].widget.click()
    assert recipe(board).seed == 1
    assert not np.array_equal(board.run.problem.X, before.X)
    assert board.run.problem.params != before.params
    assert board.controls["noise"].dial.field.value == 0.3


def test_a_number_of_samples_that_is_not_on_the_list_is_shown():
    board = playground(n=37, control=("samples", "dataset"))
    assert board.controls["samples"].list.label == "37"


def test_settings_stay_when_the_data_change(board):
    board.run.eta, board.run.gamma, board.run.rule = 0.03, 0.5, "nesterov"
    board.controls["l2"].field.value = 0.01
    board.controls["dataset"].list.value = "moons"
    run = board.run
    assert (run.eta, run.gamma, run.rule.name, run.training.l2) == (0.03, 0.5, "nesterov", 0.01)


def test_inputs_are_ticked_and_the_last_one_stays(board):
    ticks = board.controls["inputs"].ticks
    assert [tick.description for tick in ticks.values()] == ["x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin πx₁", "sin πx₂"]
    ticks["sin pi x1"].value = True
    assert recipe(board).inputs == ("x1", "x2", "sin pi x1")
    ticks["x1"].value = False
    ticks["x2"].value = False
    assert board.run.problem.features == ("sin pi x1",)
    assert ticks["sin pi x1"].disabled
    assert board.controls["inputs"].note.value == "The last one stays."
    ticks["x1^2"].value = True
    assert not ticks["sin pi x1"].disabled
    assert recipe(board).inputs == ("x1^2", "sin pi x1")


def test_layers_and_their_units_are_numbers(board):
    layers = board.controls["layers"]
    assert (layers.count.value, [field.value for field in layers.units[:2]]) == (2, [4, 2])
    layers.units[1].value = 7
    assert board.run.problem.net.sizes == (2, 4, 7, 1)
    layers.count.value = 4
    assert recipe(board).sizes == (4, 7, 7, 7)
    layers.count.value = 0
    assert board.run.problem.net.sizes == (2, 1)
    assert all(field.disabled and field.layout.visibility == "hidden" for field in layers.units)
    assert with_layers((), 2) == (4, 4)
    assert with_layers((3, 2), 1) == (3,)


def test_activation_and_loss(board):
    board.controls["hidden"].list.value = "leaky_relu"
    assert board.run.problem.net.hidden == "leaky_relu"
    cost = board.controls["cost"].list
    cost.value = "squared"
    assert board.run.problem.net.loss == "squared"
    cost.index = 0
    assert board.run.problem.net.loss == "cross_entropy"
    board.controls["dataset"].list.value = "plane"
    assert (cost.disabled, cost.label) == (True, "squared error")


def test_every_change_of_the_recipe_is_undone_alone(board):
    first, undo = board.run, board.controls["undo"].widget
    board.run.step(3)
    board.controls["new_data"].widget.click()
    board.controls["new_data"].widget.click()
    board.controls["hidden"].list.value = "relu"
    for value in (0.2, 0.3, 0.4):
        board.controls["noise"].dial.slider.value = value
    assert (recipe(board).seed, recipe(board).noise) == (2, 0.4)
    undo.click()
    assert (recipe(board).noise, recipe(board).hidden) == (0.1, "relu")
    undo.click()
    assert (recipe(board).seed, recipe(board).hidden) == (2, "tanh")
    undo.click()
    assert recipe(board).seed == 1
    undo.click()
    assert board.run is first
    assert board.run.t == 3
    board.controls["redo"].widget.click()
    assert recipe(board).seed == 1


# How it learns -------------------------------------------------------------------------------------------------------


def test_training_is_changed_in_mid_run_and_back(board):
    board.run.step(5)
    board.controls["rule"].list.value = "adam"
    board.controls["batch"].list.value = 10
    board.controls["schedule"].list.index = 2
    board.controls["l1"].slider.value = 3
    board.controls["l2"].field.value = 0.02
    run = board.run
    assert (run.rule.name, run.training.batch, run.training.l1, run.training.l2) == ("adam", 10, 0.01, 0.02)
    assert run.schedule == tm.schedule("inverse", 100)
    assert (run.t, run.at(4).training) == (5, tm.Training())
    for _ in range(5):
        board.controls["undo"].widget.click()
    assert (run.rule.name, run.training, run.t) == ("momentum", tm.Training(), 5)
    assert board.controls["l1"].slider.value == 0
    assert board.controls["batch"].list.label == "all"


def test_issue_123_weights_can_be_frozen(board):
    freeze = board.controls["freeze"]
    chosen = ("W2", (1, 0))
    board.choose(chosen)
    freeze.one.click()
    before = board.run.params
    board.run.step(3)
    moved = [a != b for a, b in zip(before.flat, board.run.params.flat, strict=True)]
    assert moved.count(False) == 1
    assert board.run.params.W2[1, 0] == before.W2[1, 0]
    assert freeze.words.value == "w²₂₁: 1 of 25 are frozen"
    assert freeze.one.description == "Free this weight"
    freeze.layer.click()
    assert freeze.words.value == "w²₂₁: 10 of 25 are frozen"
    freeze.one.click()
    assert freeze.words.value == "w²₂₁: 9 of 25 are frozen"
    freeze.all.click()
    assert board.run.training.free is None
    assert freeze.all.disabled


def test_issue_25_reset_goes_back_to_the_same_start(board):
    board.controls["layers"].count.value = 3
    first = board.run.params, board.run.problem.X
    for _ in range(2):
        board.run.step(5)
        board.controls["reset"].widget.click()
        assert board.run.params == first[0]
        assert board.run.problem.X is first[1]


def test_issue_38_two_runs_side_by_side(board):
    race = board.controls["race"]
    assert board.look.rival is None
    assert race.rule.disabled
    race.tick.value = True
    race.dials["eta"].field.value = 0.02
    race.dials["gamma"].slider.value = 0.5
    race.rule.value = "adam"
    assert dict(board.look.rival) == {"eta": 0.02, "gamma": 0.5, "rule": "adam"}
    board.run.step(4)
    assert "the rival, with the rule Adam, eta 0.02 and gamma 0.5: " in board.describe()
    assert not board.alarm()
    race.tick.value = False
    assert board.look.rival is None


def test_the_name_of_a_rival_with_a_rule_fits_the_legend():
    run = tm.Run(tm.worked_example()).step(3)
    view = LossView(run, tm.views.Look(rival=(("eta", 0.05), ("rule", "nesterov"))))
    words = view.rival_name
    assert words.get_text() == "Nesterov, η 0.05, γ 0.9"
    assert words.get_window_extent(view.figure.canvas.get_renderer()).x1 <= view.width


def test_the_curves_name_a_rival_as_far_as_there_is_room():
    assert cut("rival, η = 0.1, γ = 0") == "η = 0.1, γ = 0"
    assert cut("rival, η = 0.0125, γ = 0.95") == "η = 0.0125"
    assert cut("Nesterov, η 0.05, γ 0.9") == "Nesterov, η 0.05"


def test_the_lines_show_what_is_chosen(board):
    board.controls["lines"].list.value = "velocities"
    assert board.look.lines == "velocities"


# Data of one's own ---------------------------------------------------------------------------------------------------


def test_issue_111_own_data_can_be_pasted(board):
    paste = board.controls["paste"]
    paste.text.value = CAT
    paste.use.click()
    assert board.run.problem.classes == ("cat", "dog")
    assert paste.note.value == "4 samples, classes cat, dog. The first line was taken as a heading."
    assert paste.text.value == CAT
    assert board.controls["dataset"].list.label == "own data"
    assert board.controls["noise"].dial.slider.disabled
    assert board.controls["samples"].list.disabled
    board.controls["dataset"].list.value = "xor"
    assert not board.controls["noise"].dial.slider.disabled
    board.controls["dataset"].list.value = "own"
    assert board.run.problem.classes == ("cat", "dog")


def test_issue_20_own_data_to_train_and_to_test_on(board):
    paste = board.controls["paste"]
    paste.text.value = CAT
    paste.use.click()
    board.controls["held_out"].dial.field.value = 0.25
    assert (len(board.run.problem.X), len(board.run.problem.X_held)) == (3, 1)
    assert board.run.step(2).held_losses.shape == (3,)


def test_lines_that_cannot_be_read_are_named_and_change_nothing(board):
    paste, run = board.controls["paste"], board.run
    paste.text.value = "0, 0, A\n1, one, B"
    paste.use.click()
    assert "line 2: expected a number for x2, got 'one'" in board.alarm()
    assert board.run is run
    assert paste.text.value == "0, 0, A\n1, one, B"


def test_issue_102_a_csv_file_can_be_loaded(board):
    paste = board.controls["paste"]
    file = {"name": "own.csv", "type": "text/csv", "size": 1, "last_modified": datetime(2026, 1, 1, tzinfo=UTC)}
    paste.file.value = (file | {"content": memoryview(b"\xef\xbb\xbf" + CAT.encode())},)
    assert board.run.problem.classes == ("cat", "dog")
    assert paste.text.value == CAT
    paste.file.value = (file | {"content": memoryview(CAT.encode("utf-16"))},)
    assert paste.text.value == CAT
    paste.file.value = (file | {"content": memoryview(b"\xff\xd8\xff\xe0")},)
    assert "expected a text file in UTF-8, got own.csv, a picture" in board.alarm()


def test_issue_72_samples_can_be_drawn(board):
    brush = board.controls["brush"]
    assert brush.here.disabled
    brush.list.value = "B"
    assert board.look.brush == "B"
    board.glance(spot=(0.5, -0.25))
    assert brush.here.description == "Add B here"
    brush.here.click()
    assert recipe(board).own == ((0.5, -0.25, "B"),)
    assert board.run.problem.classes == ("A", "B")
    board.glance(spot=(-1.0, 1.0), brush="C")
    brush.here.click()
    assert board.run.problem.net.sizes[-1] == 3
    brush.list.value = "erase"
    brush.here.click()
    assert recipe(board).own == ((0.5, -0.25, "B"),)
    brush.here.click()
    assert "expected at least one sample to stay" in board.alarm()


# Sharing -------------------------------------------------------------------------------------------------------------


def test_issue_39_the_code_brings_back_every_weight(board):
    board.controls["inputs"].ticks["sin pi x1"].value = True
    board.run.step(7)
    board.run.set("W1", (2, 1), 0.123)
    code = board.controls["code"]
    code.give.click()
    other = playground(show="loss")
    other.controls["code"].text.value = code.text.value
    other.controls["code"].take.click()
    assert other.run.params == board.run.params
    assert other.run.t == 7
    assert other.controls["inputs"].ticks["sin pi x1"].value
    other.controls["layers"].count.value = 1
    assert recipe(other).inputs == ("x1", "x2", "sin pi x1")
    assert not other.alarm()
    for _ in range(2):
        other.controls["undo"].widget.click()
    assert other.run.t == 0
    assert recipe(other) == Recipe()


def test_a_run_too_long_to_share_is_shared_from_where_it_stands(board):
    board.run.rule = "adam"
    board.run.step(4000)
    code = board.controls["code"]
    code.give.click()
    assert code.note.value == (
        "Too long to share whole: a run that starts from t = 4000, without what the rule remembers. "
        "Copy it from the field."
    )
    there = tm.Run.from_code(code.text.value)
    assert (there.params, there.velocity, there.t) == (board.run.params, board.run.velocity, 0)
    assert there.problem.recipe == recipe(board)
    assert there.rule.name == "adam"


def test_a_code_that_is_none_or_of_another_kind_of_run_is_told(board):
    run, code = board.run, board.controls["code"]
    code.text.value = "tm1.hello"
    code.take.click()
    assert "code: expected" in board.alarm()
    code.text.value = tm.Run(tm.worked_example()).code()
    code.take.click()
    assert "expected a playground's run, got one of the worked example" in board.alarm()
    assert board.run is run


def downloaded(link):
    name, kind, data = re.fullmatch(
        r'<a download="(.*?)" style=".*?" href="data:(.*?);base64,(.*?)">.*</a>', link
    ).groups()
    return name, kind, b64decode(data)


def test_issue_39_the_network_as_code_of_a_framework(board):
    board.controls["inputs"].ticks["x1 x2"].value = True
    board.run.step(3)
    script = board.controls["script"]
    script.give.click()
    assert script.text.value == board.run.as_pytorch()
    assert "nn.Linear(3, 4)" in script.text.value
    assert downloaded(script.link.value) == ("run.py", "text/x-python", board.run.as_pytorch().encode())
    board.run.set("W1", (0, 0), 1.0).step()
    script.give.click()
    assert "expected weights that only steps have moved" in board.alarm()
    assert (script.text.value, script.link.value) == ("", "")


def test_the_picture_can_be_taken_for_a_slide():
    board = playground(n=40, show=("network", "loss"))
    board.run.step(2)
    picture = board.controls["picture"]
    picture.give.click()
    name, kind, content = downloaded(picture.link.value)
    assert (name, kind) == ("network-t2.svg", "image/svg+xml")
    assert ET.fromstring(content).tag == "{http://www.w3.org/2000/svg}svg"
    picture.view.value, picture.kind.value = "loss", "PNG"
    assert picture.link.value == ""
    picture.give.click()
    name, _, content = downloaded(picture.link.value)
    assert name == "loss-t2.png"
    assert content.startswith(b"\x89PNG")


@pytest.mark.parametrize("name", [name for name, kind in VIEWS.items() if not kind.is_table])
def test_a_picture_of_its_own_is_one_well_formed_file_with_what_moves(name):
    problem = Recipe(n=12).problem()
    run = tm.Run(problem if not VIEWS[name].refuses(tm.Run(problem)) else tm.worked_example())
    if VIEWS[name].refuses(run):
        pytest.skip("it needs another kind of run")
    view = VIEWS[name](run, tm.views.Look())
    changed = view.standing_changed
    picture = view.standalone()
    assert view.standing_changed == changed
    root = ET.fromstring(picture)
    ids = [part.get("id") for part in root.iter() if part.get("id")]
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:url\(|href=")#([^)"]+)', picture)) <= set(ids)
    words = {part.text for part in root.iter("{http://www.w3.org/2000/svg}text")}
    texts = {artist.get_text() for artist in view.moving if hasattr(artist, "get_text") and artist.get_visible()}
    assert {text for text in texts if text} <= words


def test_every_new_control_is_in_the_playground():
    assert set(CONTROL) <= set(CONTROLS)
    assert {name for name, kind in CONTROLS.items() if kind.row not in ("buttons", "settings")} <= set(CONTROL)


def test_a_button_without_a_place_on_the_map_is_told_and_changes_nothing():
    board = playground()
    board.controls["brush"].here.click()
    assert "expected a place on the map" in board.picture.alarm
    assert board.run.problem.recipe.data == "circles"
