"""Panels without a page: each control does what its word says, and the panel shows it."""

import io
import re
from dataclasses import replace
from pathlib import Path

import ipywidgets as w
import matplotlib.style
import numpy as np
import pytest
from PIL import Image

import tinymlp as tm
from tinymlp.views import VIEWS, style
from tinymlp.widgets import panel, predict
from tinymlp.widgets.controls import CONTROLS


@pytest.fixture
def board():
    run = tm.Run(tm.worked_example())
    return panel(run, show=tuple(name for name, kind in VIEWS.items() if not kind.refuses(run)))


def press(board, name):
    board.controls[name].widget.click()


def test_step_back_undo_and_reset(board):
    press(board, "step")
    press(board, "step")
    assert board.run.t == 2
    press(board, "back")
    assert board.run.t == 1
    board.controls["eta"].dial.slider.value = 0.3
    press(board, "step")
    press(board, "reset")
    assert (board.run.t, board.run.eta) == (0, 0.8)
    press(board, "undo")
    assert (board.run.t, board.run.eta) == (2, 0.3)
    assert "t = 2, eta = 0.3" in board.describe()


def test_ten_steps_are_one_press():
    board = panel(tm.Run(tm.worked_example()), show="loss", control=("ten", "back"))
    board.controls["ten"].widget.click()
    assert board.run.t == 10
    assert "t = 10: loss 0.0344" in board.picture.status


def test_the_status_names_what_can_be_moved():
    def status(show, *control):
        return panel(tm.Run(tm.worked_example()), show=show, control=control).picture.status

    assert status("loss", "step") == "t = 0: loss 0.6953."
    assert status("loss", "step", "weight") == status("network", "step") == "t = 0: loss 0.6953. w¹₁₁ = 0.4000."
    assert status("loss", "eta", "gamma") == "Loss 0.6953. Step size η = 0.8. Momentum γ = 0.9."
    assert status("network", "each") == "Loss 0.6953. w¹₁₁ = 0.4000. w¹₁₂ = \N{MINUS SIGN}0.3000. w¹₂₁ = 0.2000."
    assert status("step", "step") == "t = 0: loss 0.6953. w¹₁₁ = 0.4000."


@pytest.mark.parametrize(
    ("show", "control", "words"),
    [
        (("neuron", "network"), "each", "At x = 1: z = 0.1500, sigmoid 0.5374, SiLU 0.0806. w¹₁₁ = 0.4000."),
        (("network", "sums"), "weight", "Sample 1: h¹₁ = 0.0806, h¹₂ = -0.2229, p = 0.5366. w¹₁₁ = 0.4000."),
        (("mistake", "push"), "p", "Target 1: cross-entropy 0.6226, squared 0.1074. Sample 1: p = 0.5366."),
        (("rate", "mistake"), "step", "t = 0: loss 0.6953. Error rate 2/3. Sample 1: p = 0.5366."),
        ("slope", "epsilon", "Slopes: secant -0.03262, tangent -0.02496. Nudged by ε = 1."),
        ("surface", "eta", "Loss 0.6953. Downhill, -g: w¹₁₁ 0.0250, w¹₁₂ -0.0024. Step size η = 0.8."),
        ("surface", "step", "t = 0: loss 0.6953."),
        (("path", "chain"), "sample", "Sample 1: ∂ℓ/∂w¹₁₁ = -0.0799, mean -0.0250. w¹₁₁ = 0.4000."),
        (("stage", "check"), "stage", "Forward: X. w¹₁₁ = 0.4000. Stage 0 of 13: X."),
    ],
)
def test_the_status_begins_with_what_the_panel_is_about(show, control, words):
    status = panel(tm.Run(tm.worked_example()), show=show, control=control).picture.status
    assert status.replace("\N{MINUS SIGN}", "-").startswith(words)


def test_the_status_does_not_change_where_no_result_does():
    run = tm.Run(tm.worked_example())
    board = panel(run, show=("network", "sums"), control="sample", chosen=("W1", (0, 1)))
    board.glance(sample=2)
    before = board.picture.status
    run.set("W1", (0, 1), 2.0)
    assert board.picture.status == before.replace("\N{MINUS SIGN}0.3000", "2.0000")


def test_buttons_are_off_where_there_is_nothing_to_do(board):
    assert board.controls["back"].widget.disabled
    assert board.controls["undo"].widget.disabled
    press(board, "step")
    assert not board.controls["back"].widget.disabled


def test_the_scrubber_follows_the_run_and_leads_it(board):
    board.run.step(5)
    scrub = board.controls["scrub"]
    assert (scrub.slider.max, scrub.slider.value, scrub.field.value) == (5, 5, 5)
    scrub.slider.value = 3
    assert (board.run.t, board.run.end) == (3, 5)


def test_the_field_of_eta_takes_what_the_slider_cannot(board):
    board.controls["eta"].dial.field.value = 50
    assert board.run.eta == 50
    assert board.controls["eta"].dial.slider.value == 2
    press(board, "step")
    press(board, "step")
    assert "Stopped at t = 1" in board.picture.alarm
    assert "Stopped at t = 1" in board.describe()
    press(board, "back")
    assert board.picture.alarm == ""


def test_a_slider_that_rounds_what_it_is_shown_changes_nothing(board):
    board.run.step(2)
    params = board.run.params
    slider = board.controls["weight"].dial.slider
    slider.value += 0.2 * slider.step  # as a page does that counts its steps from another end
    assert board.run.params == params
    slider.value += 2 * slider.step
    assert board.run.params != params


def test_two_drags_with_a_pause_or_a_glance_between_are_two_changes(board, monkeypatch):
    slider = board.controls["weight"].dial.slider
    slider.value = 1.0
    board.controls["weight"].choice.value = ("W1", (0, 1))
    board.controls["weight"].choice.value = ("W1", (0, 0))
    slider.value = 2.0
    press(board, "undo")
    assert board.run.params.W1[0, 0] == 1.0
    slider.value = 1.5
    monkeypatch.setattr("tinymlp.widgets.controls.PAUSE", -1.0)
    slider.value = 2.0
    press(board, "undo")
    assert board.run.params.W1[0, 0] == 1.5


def test_typed_numbers_are_changes_of_their_own_and_a_drag_is_one(board):
    for typed in (0.1, 0.2, 0.3):
        board.controls["eta"].dial.field.value = typed
        board.controls["weight"].dial.field.value = typed
    assert (board.run.eta, board.run.params.W1[0, 0]) == (0.3, 0.3)
    press(board, "undo")
    assert board.run.params.W1[0, 0] == 0.2
    for _ in range(2):
        press(board, "undo")
    assert (board.run.eta, board.run.params.W1[0, 0]) == (0.2, 0.1)
    for dragged in (1.0, 1.5, 2.0):
        board.controls["weight"].dial.slider.value = dragged
    press(board, "undo")
    assert board.run.params.W1[0, 0] == 0.1


def test_sample_and_ahead_change_what_is_looked_at(board):
    board.controls["sample"].choice.value = 2
    board.controls["ahead"].tick.value = True
    assert (board.look.sample, board.look.ahead) == (2, True)
    assert "sample 3 of 3" in board.describe()
    assert "still to come" in board.describe()


def test_numbers_beyond_a_fields_limits_are_shown_as_they_are(board):
    board.run.eta = 5000.0
    board.run.set("W1", (0, 0), 5e6)
    assert board.controls["eta"].dial.field.value == 5000
    assert board.controls["weight"].dial.field.value == 5e6
    board.run.eta = 1e-7
    assert board.controls["eta"].dial.field.value == 1e-7
    assert "η = 1e-07" in board.picture.status


def test_the_status_says_when_a_change_by_hand_played_a_part(board):
    board.run.step(2)
    assert "by this step." in board.picture.status
    board.run.set("W1", (0, 0), -5.0)
    assert "by this step and a change by hand." in board.picture.status


def test_trouble_is_forgotten_when_the_run_moves(board):
    board.act(lambda: board.run.set("W1", (7, 7), 1.0))
    board.run.step()
    assert board.picture.alarm == ""


def test_a_panel_that_left_the_page_rests_and_one_that_is_closed_is_gone(board):
    picture = board.picture
    picture._heard(None, {"ready": True}, [])
    picture._heard(None, {"gone": True}, [])
    frame = picture.frame
    board.run.step()
    assert picture.frame == frame
    picture._heard(None, {"ready": True}, [])
    assert "t = 1" in picture.status
    before = len(w.widgets.widget._instances)
    board.close()
    assert len(w.widgets.widget._instances) <= before - 20
    assert not board.run._watchers


def test_a_learners_matplotlib_style_leaves_panels_as_they_are():
    plain = panel(tm.Run(tm.worked_example())).image()
    with matplotlib.rc_context():
        matplotlib.style.use("dark_background")
        styled = panel(tm.Run(tm.worked_example()))
        assert styled.image() == plain
        assert matplotlib.rcParams["axes.facecolor"] == "black"


def test_no_layer_brings_a_style_sheet_for_the_whole_page(board):
    for layer in (*board.picture.lower.values(), *board.picture.upper.values()):
        assert "<style" not in layer


def test_a_weight_is_chosen_by_name_or_by_a_click_and_changed(board):
    board.controls["weight"].choice.value = ("W2", (1, 0))
    board.controls["weight"].dial.field.value = 0.75
    assert board.run.params.W2[1, 0] == 0.75
    board.picture._heard(None, {"picked": "pick-b1-0-1"}, [])
    assert board.look.chosen == ("b1", (0, 1))
    assert board.controls["weight"].dial.field.value == -0.4
    assert "chosen: b¹₂" in board.describe()


def test_arrow_keys_step_and_go_back(board):
    board.picture._heard(None, {"go": "step"}, [])
    assert board.run.t == 1
    board.picture._heard(None, {"go": "back"}, [])
    assert board.run.t == 0
    board.picture._heard(None, {"go": "away"}, [])
    board.picture._heard(None, {"picked": "pick-nonsense"}, [])
    assert board.run.t == 0


def test_play_steps_and_its_stop_button_does_not_go_back(board):
    play = board.controls["play"].play
    play.value = 1
    play.value = 2
    play.value = 0
    assert board.run.t == 2


def test_play_stops_when_the_run_stops(board):
    board.run.eta = 50
    play = board.controls["play"].play
    play.playing = True
    for tick in range(1, 5):
        play.value = tick
    assert not play.playing


def test_an_event_leaves_no_widget_behind_and_sets_each_switch_once(board):
    before, said = len(w.widgets.widget._instances), []
    undo = board.controls["undo"].widget
    undo.observe(lambda change: said.append(change["new"]), "disabled")
    for _ in range(5):
        board.run.step()
    assert len(w.widgets.widget._instances) == before
    assert said == []


def test_two_panels_of_one_run_stay_together(board):
    other = panel(board.run, show="loss", control="step")
    press(other, "step")
    assert "t = 1" in board.picture.status
    assert board.controls["scrub"].slider.value == 1


def test_code_that_moves_the_run_moves_the_panel(board):
    board.run.step(3)
    assert "t = 3" in board.picture.status


def test_an_error_is_shown_and_changes_nothing(board):
    params = board.run.params
    board.act(lambda: board.run.set("W1", (7, 7), 1.0))
    assert "index: expected" in board.picture.alarm
    assert board.run.params == params
    press(board, "step")
    assert board.picture.alarm == ""


def test_a_weight_of_any_size_can_be_shown(board):
    board.run.set("W1", (0, 0), 1e308)
    press(board, "step")
    assert "Stopped at t = 0" in board.picture.alarm
    assert "nan" not in board.describe()


def test_a_frame_waits_until_the_last_one_was_painted(board):
    picture = board.picture
    picture._heard(None, {"ready": True}, [])
    board.run.step()
    sent = picture.frame
    for _ in range(12):
        board.run.step()
    assert picture.frame == sent
    picture._heard(None, {"painted": sent}, [])
    assert picture.frame == sent + 1
    assert "t = 13" in picture.status


def test_a_page_that_was_closed_does_not_stop_the_frames(board, monkeypatch):
    picture = board.picture
    picture._heard(None, {"ready": True}, [])
    board.run.step()
    monkeypatch.setattr("tinymlp.widgets.picture.PATIENCE", 0.0)
    board.run.step()
    assert "t = 2" in picture.status


def test_a_panel_is_also_a_text_and_a_picture():
    board = panel(tm.Run(tm.worked_example()))
    bundle, _ = board._repr_mimebundle_()
    assert bundle["text/plain"] == board.describe()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    picture = Image.open(io.BytesIO(bundle["image/png"]))
    assert picture.width > 1000
    assert np.asarray(picture.convert("L")).std() > 10
    assert len(bundle["image/png"]) < 200_000


def test_the_still_picture_keeps_its_colours_and_says_what_it_is():
    board = panel(tm.Run(tm.worked_example()).step(3))
    picture = Image.open(io.BytesIO(board.image())).convert("RGB")
    shown = {colour for _, colour in picture.getcolors(2**24)}
    for colour in (style.POSITIVE, style.NEGATIVE, style.ADDED, style.CARRIED, style.CHOSEN, "#ffffff", "#000000"):
        assert tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5)) in shown, colour
    assert picture.getpixel((2, picture.height - 2)) == (255, 255, 255)
    caption = np.asarray(picture.crop((0, 0, picture.width, 56)).convert("L"))
    assert (caption < 128).sum() > 500


def test_a_plain_picture_of_few_colours_is_black_on_white():
    board = panel(tm.Run(tm.worked_example()), show="table", control=())
    picture = np.asarray(Image.open(io.BytesIO(board.image())).convert("L"))
    assert (picture == 255).mean() > 0.8
    assert picture.min() == 0


def test_only_what_changed_in_the_lower_layers_is_drawn_again(board):
    lower = board.picture.lower
    board.controls["gamma"].dial.slider.value = 0.5
    assert board.picture.lower is lower
    board.run.step(11)
    assert board.picture.lower["loss"] != lower["loss"]
    assert board.picture.lower["network"] is lower["network"]


def leaves(widget):
    return [leaf for child in widget.children for leaf in leaves(child)] if hasattr(widget, "children") else [widget]


def test_every_field_has_a_name_and_every_slider_a_field():
    widgets = leaves(panel(tm.Run(tm.worked_example()), control=tuple(CONTROLS)))
    for widget in widgets:
        if isinstance(widget, w.BoundedFloatText | w.BoundedIntText | w.Dropdown | w.Checkbox | w.Button):
            assert widget.description
    sliders = [x for x in widgets if isinstance(x, w.FloatSlider | w.IntSlider)]
    fields = [x for x in widgets if isinstance(x, w.BoundedFloatText | w.BoundedIntText)]
    assert len(sliders) == len(fields) == 13
    assert not [x for x in widgets if isinstance(x, w.Output)]


@pytest.mark.parametrize("name", CONTROLS)
def test_any_control_stands_alone(name):
    assert panel(tm.Run(tm.worked_example()), show="loss", control=name).describe()


def test_a_slider_for_each_parameter_of_a_small_network():
    board = panel(tm.Run(tm.problems.one_neuron()), show="neuron", control=("each", "undo"))
    weight, bias = board.controls["each"].dials.values()
    weight.slider.value = 2.0
    bias.field.value = -1.5
    assert (board.run.params.W1[0, 0], board.run.params.b1[0, 0]) == (2.0, -1.5)
    press(board, "undo")
    assert bias.field.value == 0


def test_the_sliders_of_a_run_that_moves_two_parameters_are_theirs():
    free = (("W1", (2, 1)), ("b2", (0, 0)))
    board = panel(tm.Run(tm.worked_example(), training=tm.Training(free=free)), show="surface", control="each")
    assert tuple(board.controls["each"].dials) == free
    assert board.look.chosen == free[0]


def test_the_slider_of_p_moves_the_outputs_bias_until_p_is_there():
    board = panel(tm.Run(tm.worked_example()), show="mistake", control=("p", "sample", "undo"))
    dial = board.controls["p"].dial
    for sample in (0, 2):
        board.controls["sample"].widget.value = sample
        for p in (0.01, 0.99, 0.3):
            dial.slider.value = p
            assert board.run.trace.p[sample, 0] == pytest.approx(p, rel=1e-9)
    dial.field.value = 0.0001
    assert "p = 0.0001: cross-entropy 0.0001" in board.describe()
    np.testing.assert_array_equal(board.run.params.flat[:-1], tm.worked_example().params.flat[:-1])
    press(board, "undo")  # of the number that was typed
    press(board, "undo")  # of all that was dragged for sample 3 without a pause
    assert board.run.trace.p[0, 0] == pytest.approx(0.3)


def test_a_network_with_two_outputs_has_no_slider_of_p():
    with pytest.raises(
        ValueError, match="expected a network with one sigmoid output for the control 'p', got the problem 'blobs'"
    ):
        panel(tm.Run(tm.problems.blobs()), show="loss", control="p")


def test_the_nudge_goes_in_steps_of_1_2_5_and_its_field_takes_any():
    board = panel(tm.Run(tm.worked_example()), show="slope", control="epsilon")
    epsilon = board.controls["epsilon"]
    values = []
    for thirds in (1, 0, -1, -2, -3, -12):
        epsilon.slider.value = thirds
        values.append(epsilon.field.value)
    assert values == [2, 1, 0.5, 0.2, 0.1, 0.0001]
    epsilon.field.value = 0.3
    assert board.look.epsilon == 0.3
    assert "Nudged by ε = 0.3." in board.picture.status
    assert "nudged by 0.3" in board.describe()


def test_the_stages_can_be_stepped_through_forward_and_back():
    board = panel(tm.Run(tm.worked_example()), show="stage", control=("stage", "step"))
    stage = board.controls["stage"]
    assert stage.before.disabled
    for _ in range(3):
        stage.after.click()
    stage.before.click()
    assert (board.look.stage, stage.slider.value, stage.field.value) == (2, 2, 2)
    assert "Stage 2 of 13: h¹." in board.picture.status
    stage.slider.value = 13
    assert stage.after.disabled
    assert board.run.t == 0  # looking at the update is not taking it
    press(board, "step")
    assert (board.look.stage, board.run.t) == (0, 1)  # nothing of the next iteration is computed yet


def test_without_its_slider_the_last_stage_is_shown():
    assert "Stage 13 of 13" in panel(tm.Run(tm.worked_example()), show="stage", control=()).describe()


def test_the_slider_of_eta_reaches_to_twice_the_given_one():
    board = panel(tm.Run(replace(tm.worked_example(), eta=5.0)), show="loss", control="eta")
    assert board.controls["eta"].dial.slider.max == 10


def test_the_readme_names_every_view_and_control():
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    for name in (*VIEWS, *CONTROLS):
        assert f"`{name}`" in readme, name


def test_a_covered_picture_opens_with_its_prediction(own_home):
    card = predict("t.cover", "Which way?", "down")
    board = panel(tm.Run(tm.worked_example()), show=("loss", "sums"), control="step", after=card, cover=True)
    assert board.picture.covered
    assert set(board.picture.texts.values()) == {"Covered until your prediction is locked."}
    card.prediction.lock("up")
    assert not board.picture.covered
    assert "0.6953" in board.picture.texts["loss"]


def test_any_views_combine_in_any_order():
    board = panel(tm.Run(tm.worked_example()), show=("table", "loss", "table"), control=())
    assert list(board.views) == ["table", "loss"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"show": ("network", "lost")}, ["show", "'loss'", "lost"]),
        ({"control": "speed"}, ["control", "'eta'", "speed"]),
        ({"chosen": ("W1", (5, 5))}, ["index", "(5, 5)"]),
        ({"run": tm.worked_example()}, ["run", "Problem"]),
        ({"show": ()}, ["show", "'loss'", "none"]),
        ({"show": None}, ["show", "'loss'", "None"]),
        ({"chosen": 5}, ["chosen", "5"]),
        ({"chosen": ("W1",)}, ["chosen", "('W1',)"]),
    ],
)
def test_the_error_for_an_unknown_name_lists_the_known_ones(arguments, words):
    with pytest.raises(ValueError, match="expected") as caught:
        panel(**{"run": tm.Run(tm.worked_example())} | arguments)
    for word in words:
        assert word in str(caught.value)


def test_a_slider_between_two_roundings_of_its_step_is_left_to_the_page():
    board = panel(tm.Run(tm.worked_example()), show="loss", control="weight")
    dial, sent = board.controls["weight"].dial, []
    dial.slider.observe(lambda change: sent.append(change["new"]), "value")
    dial.slider.value = 0.44999999999999996  # as the page reports 0.45
    assert sent == [0.44999999999999996]  # nothing goes back: under a held key it would pull the handle back
    assert board.run.params["W1"][0, 0] == dial.field.value == 0.45


def test_t_is_told_where_a_control_steps_or_the_run_has_gone_on():
    run = tm.Run(tm.worked_example())
    moved, stepped = (panel(run, show=("network", "sums", "surface"), control=c) for c in ("weight", "step"))
    page = re.sub("<[^>]*>", " ", "".join(moved.picture.upper.values()))
    assert "t = 0" not in page
    assert "Loss over" in page
    assert "at t = 0" in "".join(stepped.picture.upper.values())
    run.step()
    assert "at t = 1" in "".join(moved.picture.upper.values())
    assert moved.picture.status.startswith("t = 1") or "Sample 1:" in moved.picture.status


def test_a_step_begins_the_stages_of_the_next_iteration():
    board = panel(tm.Run(tm.worked_example()), show="stage", control=("stage", "step", "back", "weight"))
    board.glance(stage=13)
    assert "when the step is taken" in board.describe()
    board.controls["step"].widget.click()
    assert board.controls["stage"].slider.value == 0
    assert "Stage 0 of 13: X." in board.picture.status
    board.glance(stage=5)
    board.run.set("W1", (0, 0), 1.0)
    assert board.look.stage == 5


def test_a_sheet_has_all_its_rows_and_headings_before_the_first_step():
    board = panel(tm.Run(tm.worked_example()), show="table", control="step")

    def frame():
        page = board.picture.upper["table"]
        return page.count("<tr"), page.count("<td"), re.findall("<caption>.*?</caption>|<th scope=.col.>.*?</th>", page)

    before = frame()
    assert "δ" not in board.describe()
    board.run.step()
    assert frame() == before
    assert "δ" in board.describe()


def test_the_stored_picture_is_as_wide_as_the_live_one():
    board = panel(tm.Run(tm.problems.one_neuron()), show="neuron", control="each")
    data, metadata = board._repr_mimebundle_()
    assert data["image/png"][:4] == b"\x89PNG"
    assert metadata["image/png"] == {"width": board.views["neuron"].width}
