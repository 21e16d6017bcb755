"""The views of lessons 02 to 07: what they draw and write is what the package computes."""

import math
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import tinymlp as tm
from tinymlp.params import Entry
from tinymlp.stages import stages
from tinymlp.sweep import loss_surface
from tinymlp.views import VIEWS, Look
from tinymlp.views.network import LABEL, NAME
from tinymlp.views.slope import MOST_REACH
from tinymlp.views.surface import heights_of_lines
from tinymlp.words import label

TWO = (("W1", (2, 1)), ("W2", (1, 0)))


def run_of_two(eta=2.0):
    problem = replace(tm.worked_example(), eta=eta, gamma=0.0)
    return tm.Run(problem, training=tm.Training(free=TWO))


def worked(expression):
    """Return the value of an expression as the page writes it."""
    names = {"SiLU": lambda z: z / (1 + math.exp(-z)), "σ": lambda z: 1 / (1 + math.exp(-z))}
    return eval(expression.replace("·", "*"), names)


# The forward pass as arithmetic --------------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", range(3))
def test_every_line_of_arithmetic_is_true(sample):
    run = tm.Run(tm.worked_example())
    text = VIEWS["sums"](run, Look(sample=sample)).text(run, Look(sample=sample))
    lines = [line.split(" = ") for line in re.findall(r"^  (\S+ = .*)$", text, re.MULTILINE)]
    assert [line[0] for line in lines] == ["h¹₁", "h¹₂", "p", "p"]
    values = [*run.trace.h[1][sample], *run.trace.p[sample], *run.trace.p[sample]]
    for (_, *sides), value in zip(lines, values, strict=True):
        for side in sides:
            assert worked(side) == pytest.approx(value, abs=1.5e-3)


def test_a_number_in_the_arithmetic_can_be_clicked():
    run = tm.Run(tm.worked_example())
    view = VIEWS["sums"](run, Look(chosen=("W1", (0, 1))))
    assert set(view.picks.values()) == set(run.problem.net.entries)
    assert view.upper("s").count('class="chosen"') == 2  # in its unit's line and in the one that holds all
    assert "Marked: w¹₁₂ = -0.3" in view.say(view.facts)


# What a prediction costs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("loss", "curve"), [("cross_entropy", 0), ("squared", 1)])
@pytest.mark.parametrize("sample", range(3))
def test_cost_and_push_are_those_of_the_package(loss, curve, sample):
    given = tm.worked_example()
    net = tm.MLP((3, 2, 1), loss=loss)
    run = tm.Run(replace(given, net=net, params=net.params(**{name: given.params[name] for name in net.slices})))
    look = Look(sample=sample)
    costs = VIEWS["mistake"](run, look).read(run, look).heights
    assert costs[curve] == pytest.approx(tm.sample_losses(run.trace, given.y)[sample])
    assert costs[2] == ((run.trace.p[sample, 0] > 0.5) != given.y[sample, 0])
    slopes = VIEWS["push"](run, look).read(run, look).heights
    bias_alone = tm.backward(tm.forward(run.params, given.X[[sample]]), given.y[[sample]]).b2[0, 0]
    assert slopes[curve] == pytest.approx(bias_alone)


@pytest.mark.parametrize("bias", [40.0, 100.0, -800.0])
def test_the_cost_of_a_prediction_that_rounds_to_0_or_1_is_that_of_its_sum(bias):
    run = tm.Run(tm.worked_example()).set("b2", (0, 0), bias)
    look = Look(sample=0 if bias < 0 else 1)
    costs = VIEWS["mistake"](run, look).read(run, look).heights
    assert costs[0] == pytest.approx(tm.sample_losses(run.trace, run.problem.y)[look.sample])


def test_a_prediction_is_written_and_drawn_where_it_is():
    run, look = tm.Run(tm.worked_example()), Look(sample=1)
    view = VIEWS["mistake"](run, look)
    facts = view.read(run, look)
    p, costs = facts.p, facts.heights
    places, heights = view.points.get_data()
    assert list(places) == [p] * 3
    assert list(heights) == costs
    assert [words.get_text() for words in view.values] == ["cross-entropy 0.727", "squared 0.133", "wrong? 1"]
    assert view.sentence.get_text() == "sample 2: target 0,  p = 0.5164"


# Secant and tangent --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", tm.worked_example().net.entries)
def test_the_secant_turns_into_the_tangent(entry):
    run = tm.Run(tm.worked_example()).step(3)
    look = Look(chosen=entry, epsilon=1e-6)
    facts = VIEWS["slope"](run, look).read(run, look)
    w, now, secant, g = facts.w, facts.now, facts.secant, facts.g
    assert (w, now) == (run.params[entry[0]][entry[1]], run.loss)
    assert secant == pytest.approx(g, abs=1e-5)
    assert g == tm.backward(run.trace, run.problem.y)[entry[0]][entry[1]]


def test_curve_secant_and_tangent_pass_through_the_weight():
    run, look = tm.Run(tm.worked_example()), Look(epsilon=0.5)
    view = VIEWS["slope"](run, look)
    facts = view.read(run, look)
    w, now, after, g = facts.w, facts.now, facts.after, facts.g
    assert np.interp(w, *view.curve.get_data()) == pytest.approx(now, abs=1e-4)
    for line, x, height in ((view.secant, w, now), (view.secant, w + 0.5, after), (view.tangent, w, now)):
        assert np.interp(x, *line.get_data()) == pytest.approx(height)
    x, heights = view.tangent.get_data()
    assert (heights[1] - heights[0]) / (x[1] - x[0]) == pytest.approx(g)


@pytest.mark.parametrize("epsilon", [0.5, 0.1, 0.02, 1e-3, 1e-6])
@pytest.mark.parametrize("entry", [("b2", (0, 0)), ("W1", (1, 0))])
def test_the_picture_zooms_with_the_nudge_and_the_lens_parts_secant_and_tangent(entry, epsilon):
    run, look = tm.Run(tm.worked_example()), Look(chosen=entry, epsilon=epsilon)
    view = VIEWS["slope"](run, look)
    facts = view.read(run, look)
    left, right = view.axes.get_xlim()
    assert (right - left) / epsilon == pytest.approx(6)
    assert view.zoom.get_text() == f"zoomed in {round(1 / epsilon):,} times"
    heights = [np.interp(0, *line.get_data()) for line in (view.lens_secant, view.lens_tangent)]
    assert 4 < abs(heights[0] - heights[1]) <= 48  # pixels
    assert np.sign(heights[0] - heights[1]) == np.sign(facts.after - facts.now - facts.g * epsilon)


def test_where_secant_and_tangent_are_the_same_the_lens_says_so():
    run = tm.Run(tm.worked_example())
    run.set("W1", (0, 0), 1e12)
    view = VIEWS["slope"](run, Look(epsilon=1.0))
    assert [words.get_text() for words in view.gap] == ["secant and tangent", "are the same here"]


@pytest.mark.parametrize(
    ("epsilon", "words"),
    [(1.0, "change 0.30938 / nudge 1 = 0.30938"), (0.01, "change 0.001927 / nudge 0.01 = 0.19268")],
)
def test_the_secant_is_written_as_a_division(epsilon, words):
    run, look = tm.Run(tm.worked_example()), Look(chosen=("b2", (0, 0)), epsilon=epsilon)
    assert VIEWS["slope"](run, look).division.get_text() == f"secant: {words}"


def test_without_a_nudge_there_is_loss_and_slope_and_nothing_of_a_secant():
    run, look = tm.Run(tm.worked_example()), Look(chosen=("b2", (0, 0)))
    view = VIEWS["slope"](run, look)
    facts = view.read(run, look)
    assert view.status(facts) == "Loss 0.6953. Slope for b²₁: 0.19143."
    assert "secant" not in view.say(facts)
    assert "secant" not in view.upper("s")
    of_nudge = view.secant, view.nudged, *view.nudge_keys, view.lens, view.lens_name, view.lens_tangent
    assert not any(artist.get_visible() for artist in of_nudge)
    view.lower("s")
    view.update(run, Look(chosen=("b2", (0, 0)), epsilon=1.0))
    assert all(artist.get_visible() for artist in of_nudge)
    assert view.standing_changed
    assert "secant: change" in view.upper("s")


def test_while_a_prediction_is_open_the_tangent_waits_until_the_nudge_is_small():
    run, g = tm.Run(tm.worked_example()), "0.19143"
    for untold, epsilon, there in ((True, 1.0, False), (True, 0.01, False), (True, 0.001, True), (False, 1.0, True)):
        look = Look(chosen=("b2", (0, 0)), epsilon=epsilon, untold=untold)
        view = VIEWS["slope"](run, look)
        facts = view.read(run, look)
        for said in (view.status(facts), view.say(facts), view.upper("s")):
            assert (g in said) == there
        assert "tangent" in view.say(facts) or not there
        assert view.tangent.get_visible() == view.tangent_keys[0].get_visible() == there


def test_the_curve_stays_while_its_own_weight_moves_and_the_axes_while_the_others_move_a_little():
    run, look = tm.Run(tm.worked_example()), Look()
    view = VIEWS["slope"](run, look)
    view.lower("s")
    before = view.curve.get_ydata()
    run.set("W1", (0, 0), -2.0)
    view.update(run, look)
    assert view.curve.get_ydata() is before
    run.set("W1", (0, 1), -0.5)
    view.update(run, look)
    assert (view.curve.get_ydata() != before).any()
    assert not view.standing_changed
    run.set("b2", (0, 0), 3.0)
    view.update(run, look)
    assert view.standing_changed


def test_a_huge_weight_leaves_the_axes():
    run = tm.Run(tm.worked_example())
    run.set("W1", (0, 0), 1e12)
    view = VIEWS["slope"](run, Look())
    assert view.axes.get_xlim()[1] == MOST_REACH
    assert len(view.point.get_xdata()) == 0
    assert view.beyond.values[0].get_text() == "w¹₁₁ = 1.00e+12"


# The chain rule ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "lit"),
    [
        (("W1", (0, 1)), [("W1", (0, 1)), ("W2", (1, 0))]),
        (("b1", (0, 0)), [("W2", (0, 0))]),
        (("W2", (1, 0)), [("W2", (1, 0))]),
        (("b2", (0, 0)), []),
    ],
)
def test_the_path_to_the_loss_is_lit(chosen, lit):
    view = VIEWS["path"](tm.Run(tm.worked_example()), Look(chosen=chosen))
    drawn = np.array(view.glow.get_data()).T.reshape(-1, 2)
    ends = [view._ends(*edge) for edge in lit]
    expected = np.concatenate([[*pair, [np.nan, np.nan]] for pair in ends])[:-1] if ends else np.empty((0, 2))
    np.testing.assert_array_equal(drawn, expected)


def test_in_a_deeper_network_the_path_fans_out():
    net, rng = tm.MLP((2, 2, 2, 1)), np.random.default_rng(0)
    run = tm.Run(tm.Problem(net, rng.normal(size=(4, 2)), np.ones((4, 1)), net.init(rng), 0.1, 0.9))
    view = VIEWS["path"](run, Look(chosen=("W1", (0, 1))))
    assert set(view.lit(Entry("W1", (0, 1)))) == {
        ("W1", (0, 1)), ("W2", (1, 0)), ("W2", (1, 1)), ("W3", (0, 0)), ("W3", (1, 0))
    }  # fmt: skip


@pytest.mark.parametrize("entry", tm.worked_example().net.entries)
def test_each_factor_is_a_bar_with_its_sign_and_number(entry):
    run, look = tm.Run(tm.worked_example()).step(2), Look(chosen=entry, sample=1)
    view = VIEWS["chain"](run, look)
    chain = view.read(run, look).chain
    values = [*(factor.value for factor in chain.opened), chain.product, chain.mean]
    drawn = [artist.get_path().vertices[1::5, 0] for artist in (view.up, view.down)]
    np.testing.assert_array_equal(drawn[0], [v for v in values if v > 0])
    np.testing.assert_array_equal(drawn[1], [v for v in values if v < 0])
    shown = [row[2].get_text() for row in view.rows if row[0].get_text()]
    assert shown == [f"{v:+.4f}".replace("-", "\N{MINUS SIGN}") if round(v, 4) else "0.0000" for v in values[:-2]]
    alone = tm.backward(tm.forward(run.params, run.problem.X[[1]]), run.problem.y[[1]])
    assert chain.product == pytest.approx(alone[entry[0]][entry[1]])


def test_the_slope_of_silu_flips_the_sign_below_its_dip():
    run, look = tm.Run(tm.worked_example()), Look(chosen=("W1", (0, 1)))
    run.set("W1", (0, 1), -2.0)
    view = VIEWS["chain"](run, look)
    assert view.rows[3][2].get_text() == "\N{MINUS SIGN}0.0997"
    assert "flips the sign" in view.rows[3][3].get_text()
    assert view.results[0][3].get_text() == "3 factors are negative, so it is negative: raise w¹₁₂"


# One iteration, stage by stage ---------------------------------------------------------------------------------------


def test_a_stage_is_drawn_with_its_numbers_and_shapes():
    run = tm.Run(tm.worked_example())
    view = VIEWS["stage"](run, Look(stage=7))
    cells = [words.get_text().replace("\N{MINUS SIGN}", "-") for words in view.cells if words.get_text()]
    dz2 = (run.trace.p - run.problem.y) / 3
    arrays = (run.trace.h[1].T, dz2, run.trace.h[1].T @ dz2)
    assert cells == [f"{v:.3f}" for array in arrays for v in array.ravel()]
    captions = [words.get_text() for words in view.captions if words.get_text()]
    assert captions == ["h¹ᵀ", "2 × 3", "dz²", "3 × 1", "dW²", "2 × 1"]
    assert view.again.get_text() == "Used once more: for update"


@pytest.mark.parametrize("stage", range(14))
def test_the_numbers_of_an_array_do_not_touch(stage):
    view = VIEWS["stage"](tm.Run(tm.worked_example()), Look(stage=stage))
    shown = [words for words in view.cells if words.get_text()]
    renderer = view.figure.canvas.get_renderer()
    boxes = [words.get_window_extent(renderer) for words in shown]
    for n, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[n + 1 :]), shown[n].get_text()


@pytest.mark.parametrize("at", [0, 6, 9, 13])
def test_the_boxes_say_what_is_known_and_what_is_used(at):
    run = tm.Run(tm.worked_example())
    view, every = VIEWS["stage"](run, Look(stage=at)), stages(run.now)
    known, unknown, used = (len(artist.get_path().vertices) // 5 for artist in (view.known, view.unknown, view.used))
    assert (known, unknown, used) == (at, 13 - at, len(every[at].uses))
    places = [8 + view.wide * n + 2 for n, stage in enumerate(every) if stage.name in every[at].uses]
    assert list(view.used.get_path().vertices[::5, 0]) == pytest.approx(places)


@pytest.mark.parametrize("training", [tm.Training(batch=1), tm.Training(l2=0.5), tm.Training(free=TWO)])
def test_stages_of_a_run_that_does_not_train_plainly_are_refused(training):
    run = tm.Run(tm.worked_example(), training=training)
    assert VIEWS["stage"].refuses(run) == "a run that trains on all samples and weights"
    with pytest.raises(ValueError, match="expected a run that trains on all samples and weights, got Training"):
        stages(run.now)


@pytest.mark.parametrize("net", [tm.MLP((2, 3, 3, 2, 1)), tm.MLP((3, 4, 1)), tm.MLP((12, 20, 1))])
def test_the_numbers_of_larger_networks_can_be_read(net):
    rng = np.random.default_rng(0)
    run = tm.Run(tm.Problem(net, rng.normal(size=(6, net.sizes[0])), np.ones((6, 1)), net.init(rng), 0.1, 0.9))
    for n in range(len(stages(run.now))):
        view = VIEWS["stage"](run, Look(stage=n))
        renderer = view.figure.canvas.get_renderer()
        assert view.cells[0].get_fontsize() >= 10
        assert max(words.get_window_extent(renderer).x1 for words in view.moving if hasattr(words, "get_text")) <= 580


def test_a_wrong_gradient_stands_out_in_the_check():
    run = tm.Run(tm.worked_example())
    view = VIEWS["check"](run, Look())
    assert {row[3].get_text() for row in view.rows} == {"0"}
    facts = view.read(run, Look())
    facts.rows = [(entry, 1.1 * given, measured) for entry, given, measured in facts.rows]
    view.draw(facts)
    assert view.rows[-1][3].get_text().replace("\N{MINUS SIGN}", "-") == "2e-02"
    assert view.say(facts).endswith("0.21058    0.19143  2e-02 apart")


def test_the_check_fills_as_the_stages_come():
    run = tm.Run(tm.worked_example())
    filled = []
    for stage in (6, 7, 8, 11, 12, None):
        rows = VIEWS["check"](run, Look(stage=stage)).read(run, Look(stage=stage)).rows
        filled.append(sum(given is not None for _, given, _ in rows))
    assert filled == [0, 2, 3, 9, 11, 11]
    assert all(given == pytest.approx(measured, abs=1e-8) for _, given, measured in rows)


# The loss over two weights -------------------------------------------------------------------------------------------


def test_the_path_lies_on_the_surface():
    run = run_of_two().step(20)
    view = VIEWS["surface"](run, Look())
    path = np.array(view.path.get_data()).T
    assert len(path) == 21
    for (first, second), loss in zip(path, run.losses, strict=True):
        height = loss_surface(run.problem, *TWO, [first], [second], params=run.params)
        assert height[0, 0] == pytest.approx(loss, rel=1e-12)


def test_the_arrow_points_against_the_gradient_and_the_last_step_is_eta_times_it():
    run = run_of_two().step(4)
    view = VIEWS["surface"](run, Look())
    g = np.array([run.grads[name][index] for name, index in TWO])
    arrow = np.array(view.arrow.xy) - view.arrow.get_position()
    assert arrow / np.hypot(*arrow) == pytest.approx(-g / np.hypot(*g))
    assert (
        view.downhill.get_text().replace("\N{MINUS SIGN}", "-")
        == f"arrow, -g: {label(*TWO[0])} {-g[0]:.4f}, {label(*TWO[1])} {-g[1]:.4f}"
    )
    before = run.at(3)
    taken = np.diff(np.array(view.last.get_data()).T, axis=0)[0]
    assert taken == pytest.approx([-2.0 * before.grads[name][index] for name, index in TWO])


def test_of_a_run_that_moves_everything_only_the_present_point_is_on_the_map():
    run = tm.Run(tm.worked_example()).step(5)
    view = VIEWS["surface"](run, Look())
    assert len(view.path.get_xdata()) == 1
    assert "the path is not on this map" in view.text(run, Look())


def test_an_edit_of_a_frozen_weight_begins_a_new_path():
    run = run_of_two().step(5)
    run.set("b1", (0, 0), 0.7)
    assert "a change by hand moved other parameters" in VIEWS["surface"](run, Look()).text(run, Look())
    run.step(3)
    view = VIEWS["surface"](run, Look())
    assert len(view.path.get_xdata()) == 4


@pytest.mark.parametrize(
    ("t", "words"), [(200, "the path: 200 steps on this map"), (250, "the path: the last 200 steps on")]
)
def test_a_long_path_says_where_it_begins(t, words):
    run = run_of_two().step(t)
    view = VIEWS["surface"](run, Look())
    assert words in view.text(run, Look())
    first = run.at(t - 200).params
    assert [view.path.get_xdata()[0], view.path.get_ydata()[0]] == [first.W1[2, 1], first.W2[1, 0]]


def test_the_map_says_that_the_step_follows_the_arrow_only_where_it_does():
    problem = replace(tm.worked_example(), gamma=0.0)
    for training, follows in ((tm.Training(), True), (tm.Training(free=TWO), True), (tm.Training(batch=1), False)):
        run = tm.Run(problem, training=training)
        assert ("the step is eta times that" in VIEWS["surface"](run, Look()).text(run, Look())) == follows


def test_the_map_of_many_samples_is_coarser():
    run = tm.Run(tm.problems.spiral())
    assert len(VIEWS["surface"](run, Look()).drawn_losses) < 40
    assert len(VIEWS["surface"](run_of_two(), Look()).drawn_losses) == 81


def test_the_star_is_the_lowest_place_of_the_map():
    facts = VIEWS["surface"](run_of_two(), Look()).read(run_of_two(), Look())
    assert facts.lowest == pytest.approx((1.4, -4.0))
    assert facts.losses.min() == facts.losses[0, 54]


def test_stepping_leaves_the_map_where_it_is():
    run = run_of_two()
    view = VIEWS["surface"](run, Look())
    view.lower("s")
    view.update(run.step(10), Look())
    assert not view.standing_changed
    with_everything = tm.Run(tm.worked_example())
    view = VIEWS["surface"](with_everything, Look())
    view.lower("s")
    view.update(with_everything.step(), Look())
    assert view.standing_changed


def test_where_the_next_step_would_land_is_shown_on_demand():
    run, ahead = run_of_two().step(3), Look(ahead=True)
    view = VIEWS["surface"](run, Look())
    assert not len(view.landing.get_xdata())
    view.update(run, ahead)
    landing = [float(values[0]) for values in view.landing.get_data()]
    assert "would land at (" in view.text(run, ahead)
    run.step()
    assert landing == [run.params[name][index] for name, index in TWO]


# Axes, lines and values ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["neuron", "slope", "mistake", "push"])
def test_both_axes_have_a_label_that_is_not_cut_off(name):
    view = VIEWS[name](tm.Run(tm.worked_example()), Look())
    view.figure.canvas.draw()
    for axis in (view.axes.xaxis, view.axes.yaxis):
        assert axis.label.get_text()
        assert axis.label.get_window_extent().x0 >= 0
        assert axis.label.get_window_extent().y0 >= 0


@pytest.mark.parametrize("entries", [TWO, (("W1", (1, 0)), ("b2", (0, 0)))])
def test_from_each_line_of_equal_height_to_the_next_the_loss_grows_by_the_same_factor(entries):
    run = tm.Run(tm.worked_example(), training=tm.Training(free=entries))
    facts = VIEWS["surface"](run, Look()).read(run, Look())
    heights, factor = heights_of_lines(facts.losses)
    assert 4 <= len(heights) <= 10
    assert heights[1:] / heights[:-1] == pytest.approx(factor)
    assert facts.losses.min() < heights[0] < heights[-1] < facts.losses.max()
    assert f"each {factor:g} times the one before" in VIEWS["surface"](run, Look()).say(facts)


def test_a_value_beside_a_mark_stands_on_white_where_a_curve_passes():
    run = tm.Run(tm.problems.one_neuron())
    run.set("W1", (0, 0), -4.0)
    view = VIEWS["neuron"](run, Look())
    assert re.search(r'<text[^>]*stroke="#ffffff"[^>]*paint-order="stroke"[^>]*>SiLU', view.upper("s"))


def test_the_nested_line_breaks_before_its_result():
    run = tm.Run(tm.worked_example())
    page = VIEWS["sums"](run, Look()).upper("s")
    assert '<br><span class="tinymlp-result">= 0.537</span>' in page
    assert "In one line:<br>" in page


def test_the_ticks_of_a_step_do_not_run_together():
    view = VIEWS["step"](tm.Run(tm.worked_example()).step(3), Look())
    view.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in view.axes.get_xticklabels() if text.get_text()]
    assert all(left.x1 + 6 < right.x0 for left, right in pairwise(boxes))


def test_each_bar_of_the_chain_has_a_tip_that_tells_its_sign_however_short_it_is():
    run, look = tm.Run(tm.worked_example()), Look(chosen=("W1", (0, 1)))
    view = VIEWS["chain"](run, look)
    chain = view.read(run, look).chain
    values = [*(factor.value for factor in chain.opened), chain.product, chain.mean]
    assert sorted(view.up_tips.get_xdata()) == sorted(value for value in values if value > 0)
    assert sorted(view.down_tips.get_xdata()) == sorted(value for value in values if value < 0)
    assert (view.up_tips.get_marker(), view.down_tips.get_marker()) == (">", "<")


def test_no_number_of_a_weight_touches_the_name_of_the_output():
    run = tm.Run(tm.worked_example())
    view = VIEWS["network"](run, Look())
    wide, high = LABEL
    name = view._name_height(-1, 0)
    for number in view.numbers.values():
        x, y = number.get_position()
        beside = x + wide / 2 < view.width - NAME
        assert beside or abs(y - name) > high / 2 + 8
