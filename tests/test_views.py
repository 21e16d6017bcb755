"""What the pictures show, read off their artists, and that their texts say the same."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import tinymlp
import tinymlp as tm
from tinymlp.explain import step_from
from tinymlp.momentum import RULES
from tinymlp.recipes import Recipe
from tinymlp.views import VIEWS, Look
from tinymlp.views.style import ADDED, CARRIED, GREY, INK, NEGATIVE, POSITIVE
from tinymlp.words import decimal

CHOSEN = Look(chosen=("W1", (0, 1)))


def run_at(t):
    return tm.Run(tm.worked_example()).step(t)


def shown(name, t=6, look=CHOSEN):
    run = run_at(t)
    return run, VIEWS[name](run, look)


def test_the_network_shows_sign_by_colour_and_dash_and_size_by_width():
    run, view = shown("network")
    for (name, index), line in view.lines.items():
        w = run.params[name][index]
        assert line.get_color() == (POSITIVE if w >= 0 else NEGATIVE)
        assert line.is_dashed() == (w < 0)
        assert view.numbers[name, index].get_text().replace("\N{MINUS SIGN}", "-") == f"{w:+.3f}"
    widths = [line.get_linewidth() for line in view.lines.values()]
    sizes = [abs(run.params[name][index]) for name, index in view.lines]
    assert list(np.argsort(widths)) == list(np.argsort(sizes))


def test_another_rival_leaves_what_stands_still_in_the_loss_as_it_is():
    run, view = shown("loss", look=Look(rival=(("gamma", 0.1),)))
    view.lower("")
    view.update(run, Look(rival=(("gamma", 0.15),)))
    assert not view.standing_changed
    assert "rival, η = 0.8, γ = 0.15" in view.upper("")


def test_the_network_shows_the_chosen_sample():
    run, view = shown("network", look=Look(sample=2))
    assert [view.values[0, i].get_text() for i in range(3)] == ["0", "1", "0.7"]
    assert view.values[2, 0].get_text() == f"{run.trace.p[2, 0]:.3f}"
    assert view.target.get_text() == "target 0"
    assert "sample 3 of 3" in view.text(run, Look(sample=2))


def test_the_chosen_weight_is_lit_in_every_view():
    _, network = shown("network")
    assert network.glow.get_xdata() == pytest.approx(network.lines["W1", (0, 1)].get_xdata())
    _, step = shown("step")
    assert step.band.get_y() == 0.5
    _, table = shown("table")
    assert '<tr id="pick-W1-0-1" class="chosen"' in table.upper("s")


def test_a_chosen_bias_is_a_ring_round_its_node():
    _, view = shown("network", look=Look(chosen=("b1", (0, 1))))
    assert view.halo.get_visible()
    assert view.halo.get_path().get_extents().get_points().mean(axis=0) == pytest.approx(view.nodes[1][1])


def test_each_number_keeps_clear_of_every_edge_but_its_own():
    _, view = shown("network")
    for entry, text in view.numbers.items():
        for other in view.lines:
            if other != entry:
                a, b = view._ends(*other)
                along = a + np.linspace(0, 1, 200)[:, np.newaxis] * (b - a)
                box = np.maximum(abs(along - text.get_position()) - (26, 9), 0)
                assert np.hypot(*box.T).min() > 8, (entry, other)


def test_numbers_on_the_edges_do_not_overlap():
    _, view = shown("network")
    places = [text.get_position() for text in view.numbers.values()]
    for n, (x, y) in enumerate(places):
        for u, v in places[n + 1 :]:
            assert abs(x - u) > 45 or abs(y - v) > 15


def test_the_loss_is_drawn_up_to_now_and_the_rest_only_on_demand():
    run = run_at(8).back(3)
    view = VIEWS["loss"](run, Look())
    np.testing.assert_array_equal(view.past.get_ydata(), run.losses)
    assert len(view.future.get_ydata()) == 1
    assert "on record" not in view.text(run, Look())
    ahead = Look(ahead=True)
    view.update(run, ahead)
    np.testing.assert_array_equal(view.future.get_ydata(), run.losses_on_record[5:])
    assert "on record until t = 8" in view.text(run, ahead)


def test_the_ghost_is_plain_descent_from_the_same_start():
    run, view = shown("loss")
    np.testing.assert_array_equal(view.rival.get_ydata(), run.fork(t=0, gamma=0.0).step(6).losses)
    run.goto(0)
    run.set("W1", (0, 0), 2.0)
    run.step(4)
    view.update(run, CHOSEN)
    np.testing.assert_array_equal(view.rival.get_ydata(), run.fork(t=0, gamma=0.0).step(4).losses)


def test_axes_stand_still_until_they_must_move():
    run, view = shown("loss", t=0)
    view.lower("s")
    for _ in range(10):
        run.step()
        view.update(run, CHOSEN)
        assert not view.standing_changed
    run.step()
    view.update(run, CHOSEN)
    assert view.standing_changed
    assert view.axes.get_xlim()[1] >= 11


def test_the_bars_are_what_is_carried_on_and_what_is_new_and_the_tick_is_their_sum():
    run, view = shown("step")
    step = step_from(run.at(5))
    for artist, part in ((view.carried, step.carried), (view.added, step.added)):
        lengths = artist.get_path().vertices[1::5, 0]
        np.testing.assert_array_equal(lengths, part.flat)
    np.testing.assert_array_equal(view.moves.get_xdata(), run.velocity.flat)
    assert view.carried.get_hatch()
    assert view.axes.get_xlim()[1] > abs(run.velocity.flat).max()


def test_before_the_first_step_nothing_of_the_future_is_shown():
    run, view = shown("step", t=0)
    assert not any(artist.get_visible() for artist in (view.carried, view.added, view.moves))
    assert view.text(run, CHOSEN) == "Step: none taken yet"
    _, table = shown("table", t=0)
    assert [row[2:] for row in table.facts.backward[1]] == [["0.00000", *[""] * 5]] * 11
    assert table.facts.deltas[1] == [[sample, *[""] * 5] for sample in "123"]
    view.update(run, Look(ahead=True))
    assert view.added.get_visible()


def test_the_table_has_every_number_of_the_iteration():
    _, view = shown("table", t=2)
    headings, rows = view.facts.forward
    assert headings == ["sample", "x₁", "x₂", "x₃", "z¹₁", "z¹₂", "h¹₁", "h¹₂", "z²", "p", "y", "loss"]
    assert rows[0] == [
        "1",
        "1",
        "0",
        "0.5",
        "0.1526",
        "-0.6388",
        "0.0821",
        "-0.2207",
        "-0.0020",
        "0.4995",
        "1",
        "0.6942",
    ]
    assert rows[-1][-1] == "0.6649"
    headings, rows = view.facts.backward
    assert rows[0] == ["w¹₁₁", "0.41997", "0.01997", "-0.03101", "0.01797", "0.02481", "0.04278", "0.46276"]
    assert "t = 1 to t = 2" in view.facts.heading


def test_a_gradient_can_be_retraced_in_the_table():
    run, view = shown("table", t=2)
    headings, rows = view.facts.deltas
    assert headings == ["sample", "p − y", "slope¹₁", "slope¹₂", "δ¹₁", "δ¹₂"]
    numbers, before = np.array(rows, dtype=float), run.at(1)
    e, slope, delta = numbers[:, 1], numbers[:, 2], numbers[:, 4]
    np.testing.assert_allclose(delta, e * before.params.W2[0, 0] * slope, atol=1e-4)
    np.testing.assert_allclose(np.mean(delta * run.problem.X[:, 0]), before.grads.W1[0, 0], atol=1e-4)
    assert "δ¹₂" in view.say(view.facts)


def test_the_table_of_deltas_leaves_out_what_is_there_already():
    cases = {
        ("identity", "squared", "tanh"): ["p − y", "slope¹₁", "slope¹₂", "δ¹₁", "δ¹₂"],
        ("sigmoid", "squared", "identity"): ["p − y", "slope²", "δ²", "δ¹₁", "δ¹₂"],
    }
    for (output, loss, hidden), wanted in cases.items():
        net = tm.MLP((2, 2, 1), hidden=hidden, output=output, loss=loss)
        problem = tm.Problem(net, [[0.1, 0.4]], [[1.0]], net.init(np.random.default_rng(0)), 0.1, 0.9)
        view = VIEWS["table"](tm.Run(problem).step(), Look())
        assert view.facts.deltas[0][1:] == wanted


def test_the_table_says_when_a_number_was_changed_by_hand():
    run, view = shown("table", t=2)
    run.set("W1", (0, 0), 1.0)
    view.update(run, CHOSEN)
    assert "changed by hand" in view.facts.heading


def test_a_neuron_shows_its_two_curves_and_the_samples_point():
    run = tm.Run(tm.problems.one_neuron())
    run.set("W1", (0, 0), 2.0)
    run.set("b1", (0, 0), -1.5)
    view = VIEWS["neuron"](run, Look(sample=2))
    x, heights = view.points.get_data()
    assert list(x) == [2, 2]
    z = 2.0 * 2 - 1.5
    assert heights == pytest.approx([1 / (1 + np.exp(-z)), z / (1 + np.exp(-z))])
    middle = np.interp(0.5, view.squeezed.get_ydata(), view.squeezed.get_xdata())
    assert middle == pytest.approx(1.5 / 2, abs=0.01)
    assert view.headline.get_text() == "z = 2.00 x \N{MINUS SIGN} 1.50"
    assert "at x = 2: z = 2.5000, sigmoid 0.9241, SiLU 2.3104" in view.text(run, Look(sample=2))


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_draws_and_speaks_after_every_event(name):
    run = run_at(6)
    if VIEWS[name].refuses(run):
        run = tm.Run(Recipe().problem()).step(6)
    view = VIEWS[name](run, CHOSEN)
    for act in (run.step, run.back, lambda: run.set("W1", (0, 0), 2e4), lambda: setattr(run, "eta", 1000.0), run.step):
        act()
        view.update(run, CHOSEN)
        text, drawn = view.text(run, CHOSEN), re.sub('base64,[^"]*', "", view.upper("s"))
        for word in ("nan", "inf", "-0.0000 "):
            assert word not in text.lower()
            assert word not in drawn.lower().replace("info", "")
    assert view.pixels(1).std() > 0


@pytest.mark.parametrize("net", [tm.MLP((1, 1)), tm.MLP((2, 3, 3, 2), output="softmax"), tm.MLP((12, 20, 1))])
@pytest.mark.parametrize("name", VIEWS)
def test_a_view_can_show_other_networks(name, net):
    rng = np.random.default_rng(0)
    y = np.eye(net.sizes[-1])[[0] * 9] if net.output == "softmax" else np.ones((9, 1))
    run = tm.Run(tm.Problem(net, rng.normal(size=(9, net.sizes[0])), y, net.init(rng), 0.1, 0.9)).step(2)
    if name in ("mistake", "push") and net.output == "softmax":
        assert VIEWS[name].refuses(run) == "a network with one sigmoid output"
        return
    if name in ("sees", "boundary") and net.sizes[0] != 2:
        assert VIEWS[name].refuses(run) == "a problem with two inputs, or inputs made from two"
        return
    view = VIEWS[name](run, Look())
    assert view.text(run, Look())
    assert view.upper("s")
    assert view.pixels(1).std() > 0


def test_a_table_of_many_samples_and_parameters_says_what_is_left_out():
    net = tm.MLP((12, 20, 3), output="softmax")
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 12)), np.eye(3)[rng.integers(3, size=20)]
    run = tm.Run(tm.Problem(net, X, y, net.init(rng), 0.1, 0.9)).step(2)
    look = Look(chosen=("W2", (19, 2)))
    text = VIEWS["table"](run, look).text(run, look)
    for words in ("mean of 20", "8 more", "16 more", "w²₂₀,₃", f"and {net.count - 24} more parameters"):
        assert words in text
    assert max(map(len, text.split("\n"))) < 220
    step = VIEWS["step"](run, look)
    assert ("W2", (19, 2)) in step.entries
    assert "w²₂₀,₃" in step.text(run, look)
    step.update(run, Look(chosen=("W1", (0, 0))))
    assert step.standing_changed
    assert step.picks["pick-W1-0-0"] == ("W1", (0, 0))


@pytest.mark.parametrize("rule", RULES.values())
def test_bars_and_table_show_the_move_of_any_rule(rule):
    run = tm.Run(tm.worked_example(), rule=rule).step(3)
    step, table = VIEWS["step"](run, CHOSEN), VIEWS["table"](run, CHOSEN)
    moved = run.params.flat - run.at(2).params.flat
    np.testing.assert_allclose(step.moves.get_xdata(), moved, rtol=1e-12, atol=1e-15)
    assert [row[-1] for row in table.facts.backward[1]] == [decimal(value, 5) for value in run.params.flat]
    assert "by hand" not in table.facts.heading


def test_a_step_is_described_by_the_rule_that_it_was_taken_with():
    run = tm.Run(tm.worked_example(), rule=RULES["pytorch"]).step(3)
    run.rule = tm.momentum_step
    step, table = VIEWS["step"](run, CHOSEN), VIEWS["table"](run, CHOSEN)
    assert [words.get_text() for words in step.names] == ["carried on", "new", "the move"]
    assert "gamma v" not in step.text(run, CHOSEN)
    assert table.facts.backward[0][4:7] == ["carried", "new", "move"]
    run.step()
    step.update(run, CHOSEN)
    assert step.standing_changed
    assert step.names[0].get_text() == "carried on γv"


@pytest.mark.parametrize("rule", RULES.values())
@pytest.mark.parametrize("ahead", [False, True])
def test_headline_and_rule_of_a_step_do_not_touch(rule, ahead):
    run, look = tm.Run(tm.worked_example(), rule=rule).step(120), Look(ahead=ahead)
    view = VIEWS["step"](run, look)
    headline, formula = (
        words.get_window_extent(view.figure.canvas.get_renderer()) for words in (view.headline, view.rule)
    )
    assert not headline.overlaps(formula)


def test_the_hatches_of_two_panels_on_one_page_have_different_ids():
    _, view = shown("step")
    hatches = [set(re.findall(r'<pattern id="(\w+)"', view.upper(salt))) for salt in ("one", "two")]
    assert hatches[0]
    assert not hatches[0] & hatches[1]


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


@pytest.mark.parametrize("colour", [ADDED, CARRIED, GREY, INK, NEGATIVE, POSITIVE])
def test_every_colour_of_a_text_or_line_has_contrast_on_white(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def in_the_dark(colour):
    """Return a colour as the style sheet's filter makes it in a dark theme: inverted, and its hue turned back."""
    css = (Path(tinymlp.__file__).parent / "widgets" / "picture.css").read_text(encoding="utf-8")
    inverted = float(re.search(r"filter: invert\(([\d.]+)\) hue-rotate\(180deg\)", css).group(1))
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    channels = channels * (1 - 2 * inverted) + inverted
    grey = np.array([0.213, 0.715, 0.072])  # hue-rotate of half a turn: twice the grey, minus the colour
    turned = np.clip(2 * grey @ channels - channels, 0, 1)
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in turned)


@pytest.mark.parametrize("colour", [ADDED, CARRIED, GREY, INK, NEGATIVE, POSITIVE])
def test_every_colour_has_contrast_in_the_dark_theme_and_keeps_its_meaning(colour):
    shown, paper = in_the_dark(colour), luminance(in_the_dark("#ffffff"))
    assert (luminance(shown) + 0.05) / (paper + 0.05) >= 4.5
    before, after = ([int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (colour, shown))
    if len(set(before)) > 1:
        assert np.argmax(before) == np.argmax(after)
        assert np.argmin(before) == np.argmin(after)


@pytest.mark.parametrize("t", [0, 1, 9, 10, 40])
def test_the_number_of_the_loss_stands_above_the_axes_clear_of_ticks_and_curves(t):
    run, view = shown("loss", t)
    assert view.value.get_text() == decimal(run.loss)
    renderer = view.figure.canvas.get_renderer()
    number, title = view.value.get_window_extent(renderer), view.figure.texts[0].get_window_extent(renderer)
    assert number.y0 > view.axes.get_tightbbox(renderer).y1
    assert not number.overlaps(title)


# What does not fit its axes ------------------------------------------------------------------------------------------


def marked(beyond):
    """Return what is written beside the marks at the edge, and where each mark's tip is, in fractions of the axes."""
    heads = beyond.heads.get_path().vertices[::4] if beyond.heads.get_visible() else []
    return [words.get_text() for words in beyond.values if words.get_text()], [list(tip) for tip in heads]


def test_a_neurons_point_above_the_axes_is_a_mark_with_its_value_and_no_point_on_the_edge():
    run = tm.Run(tm.problems.one_neuron())
    run.set("W1", (0, 0), 2.0)
    view = VIEWS["neuron"](run, Look(sample=3))
    assert list(view.points.get_ydata()) == pytest.approx([1 / (1 + np.exp(-8))])
    words, tips = marked(view.beyond)
    assert words == ["SiLU 7.997"]
    assert tips == [pytest.approx([10 / 12, 1])]
    view.update(run, Look(sample=1))
    assert marked(view.beyond) == ([], [])
    assert len(view.points.get_ydata()) == 2


def test_the_neurons_axis_reaches_every_sample():
    problem = tm.problems.one_neuron()
    run = tm.Run(replace(problem, X=10 * problem.X))
    view = VIEWS["neuron"](run, Look(sample=3))
    assert view.axes.get_xlim() == (-40, 40)
    assert view.points.get_xdata()[0] == 40


@pytest.mark.parametrize(
    ("p", "cost", "most"), [(0.5, 0.693, 5), (0.001, 6.908, 8), (0.0001, 9.210, 10), (1e-9, 20.723, 30)]
)
def test_the_axis_follows_what_a_prediction_costs(p, cost, most):
    run = tm.Run(tm.worked_example())
    run.set("b2", (0, 0), 0.1 - run.trace.z[-1][0, 0] + np.log(p / (1 - p)))
    view = VIEWS["mistake"](run, Look())
    assert view.points.get_ydata()[0] == pytest.approx(cost, abs=1e-3)
    assert view.axes.get_ylim()[1] == most
    height = view.drawn[0].get_ydata()
    assert height.max() > most  # the curve leaves the axes at the top, and does not end in between
    assert marked(view.beyond) == ([], [])


def test_a_cost_beyond_any_use_is_marked_with_its_value():
    run = tm.Run(tm.worked_example()).set("b2", (0, 0), -300.0)
    view = VIEWS["mistake"](run, Look())
    assert marked(view.beyond)[0] == ["300.0"]
    assert len(view.points.get_ydata()) == 2


@pytest.mark.parametrize("t", [3, 4])
def test_a_landing_beyond_the_map_is_marked_where_the_step_leaves_it(t):
    two = (("W1", (2, 1)), ("W2", (1, 0)))
    run = tm.Run(replace(tm.worked_example(), eta=20.0, gamma=0.0), training=tm.Training(free=two)).step(3)
    look = Look(ahead=True)
    view = VIEWS["surface"](run, look)
    assert len(view.landing.get_xdata()) == 0
    words, ((left, height),) = marked(view.beyond["would land"])
    assert words == ["would land: (\N{MINUS SIGN}5.0, 1.9)"]
    (x0, x1), (y0, y1) = view.coming.get_data()
    assert left == pytest.approx(0)
    assert -4 + 8 * height == pytest.approx(y0 + (y1 - y0) * (-4 - x0) / (x1 - x0))
    view.update(run.step(), look)
    assert marked(view.beyond["here"]) == ([], [])  # the map has grown to show it


# Losses and the error rate ------------------------------------------------------------------------------------------


def test_the_error_rate_is_drawn_in_steps_beside_the_losses():
    run, look = tm.Run(replace(tm.worked_example(), gamma=0.0)).step(20), Look()
    view = VIEWS["rate"](run, look)
    rates = view.rate.get_ydata()
    assert view.rate.get_drawstyle() == "steps-post"
    assert [round(3 * rates[t]) for t in (0, 1, 5, 10, 20)] == [2, 1, 1, 1, 0]
    for t in range(21):
        assert rates[t] == pytest.approx(((run.at(t).trace.p > 0.5) != run.problem.y).mean())
    assert view.text(run, look).endswith("error rate 0/3, from 2/3 at the start")
    assert view.share.get_text() == "error rate 0/3"


def test_the_error_rate_follows_an_edit_in_the_past_and_is_not_worked_out_twice(monkeypatch):
    run = tm.Run(replace(tm.worked_example(), gamma=0.0)).step(20)
    view = VIEWS["rate"](run, Look())
    asked = []
    past = tm.Run.past
    monkeypatch.setattr(tm.Run, "past", lambda run, *span: asked.append(span) or past(run, *span))
    view.update(run.back(5), Look())
    assert asked == []
    view.update(run.step(6), Look())
    assert asked == [(21, 22)]
    run.goto(3)
    run.set("b2", (0, 0), 5.0)
    view.update(run.step(), Look())
    assert view.rate.get_ydata()[3] == pytest.approx(2 / 3)
