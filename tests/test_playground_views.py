"""The three views of the playground: what each unit sees, the plane with its samples, and the curves of the loss."""

import re

import numpy as np
import pytest

import tinymlp as tm
from tinymlp import problems
from tinymlp.explain import is_plateau
from tinymlp.recipes import Recipe
from tinymlp.views import VIEWS, Look
from tinymlp.views.curves import CurvesView
from tinymlp.views.plane import answers, input_name, reach
from tinymlp.views.shapes import markers, thinned
from tinymlp.views.style import NEGATIVE, POSITIVE
from tinymlp.words import decimal

SPOT = (0.3, -0.5)


def run_of(steps=5, eta=0.1, **recipe):
    return tm.Run(Recipe(**recipe).problem(eta=eta)).step(steps)


def shown(name, run, **look):
    look = Look(**look)
    view = VIEWS[name](run, look)
    return view, view.read(run, look)


def node_map(view, layer, unit):
    """Return the whole numbers of one node's map, its first row at the top."""
    x, y = view.nodes[layer][unit]
    top = view.maps.get_extent()[3]
    return view.maps.levels[y - int(top) : y - int(top) + view.side, x : x + view.side].astype(int)


# What each unit sees -------------------------------------------------------------------------------------------------


def test_each_node_has_a_map_of_what_its_unit_sees():
    run = run_of(sizes=(4, 2), inputs=("x1", "x2", "x1^2"))
    view, _ = shown("sees", run)
    rows, columns = node_map(view, 0, 1), node_map(view, 0, 0)
    assert (np.diff(columns, axis=1) >= 0).all()  # x1 grows to the right
    assert (np.diff(rows, axis=0) <= 0).all()  # x2 grows upwards
    assert node_map(view, 0, 2).min() >= 128  # a square is never negative
    left, right, bottom, top = view.sides
    at = (np.arange(view.side) + 0.5) / view.side
    points = np.stack(np.meshgrid(left + (right - left) * at, top - (top - bottom) * at), axis=-1).reshape(-1, 2)
    h = tm.forward(run.params, run.problem.from_plane(points)).h[2][:, 1].reshape(view.side, view.side)
    assert abs((node_map(view, 2, 1) - 128) / 120 - h).max() < 0.05


def test_a_unit_that_sees_little_is_pale_and_a_binary_output_is_white_at_one_half():
    run = run_of(0, sizes=(2,))
    for entry in run.problem.net.entries:
        if entry.name != "W1":
            run.set(*entry, 0.0)
        else:
            run.set(*entry, 1e-3)
    view, _ = shown("sees", run)
    assert abs(node_map(view, 1, 0) - 128).max() <= 8
    assert (node_map(view, 2, 0) == 128).all()


def test_each_output_of_softmax_shows_its_own_probability():
    run = run_of(60, data="three blobs", n=90, eta=0.5)
    view, _ = shown("sees", run)
    maps = [node_map(view, len(view.nodes) - 1, unit) - 128 for unit in range(3)]
    assert min(map(np.min, maps)) >= 0
    assert abs(sum(maps) - 120).max() <= 12


@pytest.mark.parametrize("lines", ["weights", "gradients", "velocities"])
def test_lines_show_sign_by_colour_and_dash_and_size_by_width(lines):
    run = run_of(sizes=(3,))
    view, _ = shown("sees", run, lines=lines)
    source = {"weights": run.params, "gradients": run.grads, "velocities": run.velocity}[lines]
    drawn = {}
    for (sign, size), line in view.lines.items():
        assert (line.get_linestyle() == "-") == (sign > 0)
        assert line.get_edgecolor()[:3] == pytest.approx(_rgb(POSITIVE if sign > 0 else NEGATIVE))
        if line.get_visible():
            drawn |= {tuple(ends): (sign, size) for ends in line.get_path().vertices.reshape(-1, 4)}
    for entry, ends in zip(view.entries, view.ends, strict=True):
        assert drawn[tuple(ends)][0] == np.sign(source[entry.name][entry.index])
    values = [abs(source[entry.name][entry.index]) for entry in view.entries]
    sizes = [drawn[tuple(ends)][1] for ends in view.ends]
    assert (np.diff(np.take(sizes, np.argsort(values))) >= 0).all()
    assert f"Lines: {lines}" in view.upper("s")


def _rgb(colour):
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def test_a_large_network_is_drawn_with_a_few_artists():
    view, _ = shown("sees", run_of(1, sizes=(16,) * 6))
    assert len(view.entries) == 2 * 16 + 5 * 256 + 16
    assert len(view.moving) - len(view.numbers) < 35
    assert len(view.upper("s")) < 100_000


def test_issue_198_the_value_behind_every_line_and_node_is_told():
    run = run_of(sizes=(4, 2))
    view, _ = shown("sees", run, hovered=("W1", (1, 2)))
    w, g, v = (array.W1[1, 2] for array in (run.params, run.grads, run.velocity))
    words = f"w¹₂₃ = {decimal(w)}, gradient {decimal(g)}, velocity {decimal(v)}"
    assert view.told.get_text().replace("\N{MINUS SIGN}", "-") == words
    look = Look(hovered=("b2", (0, 1)), sample=7)
    view.update(run, look)
    z, h, b = run.trace.z[1][7, 1], run.trace.h[2][7, 1], run.params.b2[0, 1]
    said = f"h²₂ = {decimal(h)} from z = {decimal(z)}; bias {decimal(b)}"
    assert view.told.get_text().replace("\N{MINUS SIGN}", "-").startswith(said)
    assert said in view.text(run, look)


def test_where_nothing_is_pointed_at_the_line_tells_of_what_is_chosen():
    run = run_of(sizes=(4, 2))
    view, _ = shown("sees", run, chosen=("W2", (0, 1)))
    assert view.told.get_text().startswith("w²₁₂ = ")
    here = view.places["W2", (0, 1)]
    np.testing.assert_array_equal(view.lit["chosen"][0].get_path().vertices.ravel(), view.ends[here])
    view.update(run, Look(chosen=("W2", (0, 1)), hovered=("W1", (0, 0))))
    assert view.told.get_text().startswith("w¹₁₁ = ")
    here = view.places["W1", (0, 0)]
    np.testing.assert_array_equal(view.lit["hovered"][0].get_path().vertices.ravel(), view.ends[here])


@pytest.mark.parametrize("name", ["sees", "boundary"])
def test_what_was_pointed_at_in_a_larger_network_is_forgotten(name):
    view, facts = shown(name, run_of(sizes=(2,)), hovered=("b2", (0, 3)))
    assert view.say(facts) == view.text(run_of(sizes=(2,)), Look())


def test_a_click_chooses_the_weight_of_a_line_or_the_bias_of_a_node():
    run = run_of(sizes=(4, 2))
    view, _ = shown("sees", run)
    assert set(view.picks.values()) == set(run.problem.net.entries)
    lower = view.lower("s")
    for gid in view.picks:
        assert f'id="{gid}"' in lower
        assert gid not in view.upper("s")


def test_nothing_that_stands_still_covers_what_can_be_clicked():
    view, _ = shown("sees", run_of())
    after = view.lower("s").rpartition('id="pick-')[2]
    assert "<path" not in after
    assert "<use" not in after


@pytest.mark.parametrize("biases", ["shared", "none"])
def test_a_shared_bias_lights_all_its_units_and_none_is_picked_where_there_is_none(biases):
    net = tm.MLP((2, 3, 1), hidden="tanh", biases=biases)
    rng = np.random.default_rng(0)
    problem = tm.Problem(net, rng.normal(size=(6, 2)), np.ones((6, 1)), net.init(rng), 0.1, 0.9)
    chosen = ("b1", (0, 0)) if biases == "shared" else ("W1", (0, 0))
    view, _ = shown("sees", tm.Run(problem), chosen=chosen)
    path = view.rings["chosen"].get_path()
    assert len(path.vertices) == (15 if biases == "shared" else 1)
    assert set(view.picks.values()) == set(net.entries)


def test_a_spot_is_sent_through_in_place_of_the_sample_and_each_node_shows_its_h():
    run = run_of(sizes=(4, 2), inputs=("x1", "x1 x2"))
    view, _ = shown("sees", run, spot=SPOT)
    h = tm.forward(run.params, run.problem.from_plane(np.array([SPOT]))).h
    for (layer, unit), words in view.numbers.items():
        assert words.get_text().replace("\N{MINUS SIGN}", "-") == decimal(h[layer][0, unit], 2)
    assert "At (0.30, \N{MINUS SIGN}0.50): p = " in view.point.get_text()
    cross = view.marks[0].get_path().vertices.reshape(-1, 2, 2).mean(axis=1)
    where = (SPOT[0] + 1.5) / 3, (1.5 - SPOT[1]) / 3
    np.testing.assert_allclose(cross[0], view.nodes[0][0] + view.side * np.array(where), atol=1)
    assert len(np.unique(cross, axis=0)) == len(view.numbers)


def test_issue_126_the_formula_of_a_unit_is_written_with_its_numbers():
    run = run_of(0, sizes=(6, 2), inputs=("x1", "x2^2"))
    for entry, value in ((("W1", (0, 1)), -0.5), (("W1", (1, 1)), 2.0), (("b1", (0, 1)), -0.25)):
        run.set(*entry, value)
    view, facts = shown("sees", run, chosen=("W1", (0, 1)))
    assert facts.formula == "h¹₂ = tanh(-0.50 x₁ + 2.00 x₂² - 0.25)"
    assert view.formula.get_text() == facts.formula.replace("-", "\N{MINUS SIGN}")
    assert facts.formula in view.text(run, Look(chosen=("W1", (0, 1))))
    for entry, value in ((("W2", (0, 0)), 1.0), (("W2", (2, 0)), 3.0), (("W2", (5, 0)), -6.0)):
        run.set(*entry, value)
    _, facts = shown("sees", run, chosen=("W2", (2, 0)))
    assert facts.formula == "h²₁ = tanh(1.00 h¹₁ + … + 3.00 h¹₃ + … - 6.00 h¹₆ + 0.00)"
    formula = shown("sees", run_of(1, data="three blobs", sizes=()), chosen=("b1", (0, 2)))[1].formula
    assert formula.startswith("z¹₃ = ")
    assert formula.endswith(", then softmax")
    assert shown("sees", run_of(1, data="plane", sizes=()), chosen=("b1", (0, 0)))[1].formula.startswith("p = ")


def test_dead_and_saturated_units_are_told_by_name():
    run = run_of(0, sizes=(3,), hidden="relu")
    run.set("b1", (0, 2), -100.0)
    view, _ = shown("sees", run)
    assert "h¹₃ is dead: 0 for every sample" in view.warning.get_text()
    assert "h¹₃ is dead: 0 for every sample" in view.text(run, Look())
    run = run_of(0, sizes=(3, 2))
    run.set("b1", (0, 0), 50.0)
    assert "h¹₁ is saturated" in shown("sees", run)[0].text(run, Look())


def test_headlines_stand_where_they_stood_however_large_the_network():
    small, large = (shown("sees", run_of(1, sizes=sizes))[0] for sizes in ((1,), (16,) * 6))
    for name in ("told", "point", "formula", "kind", "warning"):
        assert getattr(small, name).get_position() == getattr(large, name).get_position()
    for view in (small, large):
        corners = np.vstack(view.nodes)
        assert (corners > 40).all()
        assert (corners + view.side < (view.width - 20, 360)).all()


@pytest.mark.parametrize("name", ["sees", "boundary"])
def test_maps_are_worked_out_anew_only_when_the_parameters_move(name, monkeypatch):
    run = run_of()
    view, _ = shown(name, run)
    module = f"tinymlp.views.{name}.answers"
    monkeypatch.setattr(module, None)
    view.update(run, Look(hovered=("W1", (0, 1)), lines="gradients", sample=3))
    run.step()
    with pytest.raises(TypeError):
        view.update(run, Look())


@pytest.mark.parametrize("name", ["sees", "boundary"])
def test_a_step_leaves_what_stands_still_as_it_is(name):
    run = run_of()
    view, _ = shown(name, run)
    view.lower("s")
    for _ in range(20):
        run.step()
        view.update(run, Look(spot=SPOT))
        assert not view.standing_changed


def test_names_of_inputs_are_written_as_mathematics():
    names = {"x1^2": "x₁²", "x1 x2": "x₁ x₂", "sin pi x2": "sin πx₂", "bill_length_mm": "bill length mm"}
    for name, written in names.items():
        assert input_name(name) == written


# The plane ------------------------------------------------------------------------------------------------------------


def test_the_plane_reaches_round_numbers_and_does_not_move_when_a_sample_is_drawn():
    one = Recipe(data="own", own=((0.1, 0.2, "A"),))
    two = one.but(own=(*one.own, (-1.2, 1.3, "B")))
    assert reach(one.problem()) == reach(two.problem()) == (-1.5, 1.5, -1.5, 1.5)
    far = problems.problem(np.array([[170.0, 60.0], [185.0, 90.0], [177.0, 72.0]]), [0.1, 0.5, 0.9])
    left, right, bottom, top = reach(far)
    assert 160 <= left < 170
    assert 185 < right <= 195
    assert 50 <= bottom < 60
    assert 90 < top <= 100


def test_the_map_is_the_probability_and_the_line_is_where_it_is_one_half():
    run = run_of(200, n=200)
    view, facts = shown("boundary", run)
    left, right, bottom, top = view.sides
    p = tm.forward(run.params, view.grid).p
    np.testing.assert_allclose(view.signs.get_array().ravel(), p[:, 0])
    x, y = facts.map.borders
    inside = ~np.isnan(x)
    x1 = left + (right - left) * (x[inside] - 52) / 264
    x2 = top - (top - bottom) * (y[inside] - 48) / 264
    on_line = tm.forward(run.params, np.column_stack([x1, x2])).p
    assert len(on_line) > 20
    assert abs(on_line - 0.5).max() < 0.1


def test_of_several_classes_the_winner_has_its_colour_and_borders_are_lines():
    run = run_of(60, data="three blobs", n=90, eta=0.5)
    view, facts = shown("boundary", run)
    p = tm.forward(run.params, view.grid).p
    winners = (view.classes.levels[::-1].astype(int).ravel() - 1) // 31
    np.testing.assert_array_equal(winners, p.argmax(axis=1))
    assert facts.map.borders.shape[1] > 20
    assert view.classes.get_visible()
    assert not view.signs.get_visible()
    assert "the likeliest class: blob 1 on" in view.text(run, Look())


def test_a_hidden_units_bias_shows_what_that_unit_sees_and_the_headline_says_so():
    run = run_of(sizes=(4, 2))
    view, _ = shown("boundary", run, chosen=("b1", (0, 2)))
    assert view.headline.get_text() == "What h¹₃ sees (line: 0)"
    h = tm.forward(run.params, view.grid).h[1][:, 2]
    np.testing.assert_allclose(view.signs.get_array().ravel(), 0.5 + h / 2)
    view.update(run, Look(chosen=("b1", (0, 2)), hovered=("W1", (0, 0))))
    assert "how likely is inner" in view.headline.get_text()
    assert "h¹₃ = " in view.text(run, Look(hovered=("b1", (0, 2))))


def test_samples_are_drawn_once_and_lie_over_the_map():
    run = run_of(n=200)
    view, _ = shown("boundary", run)
    lower, upper = view.lower("salt"), view.upper("salt")
    assert '<g id="salt-samples"' in lower
    assert upper.index("<image") < upper.index('href="#salt-samples"')
    assert len(upper) < 15_000
    view.update(run.step(), Look())
    assert not view.standing_changed


def test_samples_have_the_marker_of_their_class_and_held_out_ones_are_hollow():
    run = run_of(n=40, data="three blobs")
    view, _ = shown("boundary", run)
    stencil = next(artist for artist in view.moving if hasattr(artist, "stencil")).stencil
    filled = [artist.get_facecolor()[:3] for artist in stencil.artists]
    assert len(filled) == 6
    assert filled[:3] == [(1.0, 1.0, 1.0)] * 3  # held out
    assert len(set(filled[3:])) == 3
    shapes = {len(artist.get_path().vertices) / n for artist, n in zip(stencil.artists[3:], _counts(run), strict=True)}
    assert len(shapes) >= 2


def _counts(run):
    return run.problem.y.sum(axis=0)


def test_a_triangle_points_upwards_where_pixels_are_counted_downwards():
    corners = markers(np.array([[10.0, 20.0]]), "^", 6).vertices[:3]
    assert (corners[:, 1] < 20).sum() == 1


def test_a_click_sends_a_point_through_and_arrow_keys_move_it():
    run = run_of()
    view, facts = shown("boundary", run, spot=SPOT)
    middle = (52 + 132) / 330, 1 - (48 + 132) / 400
    assert view.pointed(*middle, facts)["spot"] == pytest.approx((0, 0), abs=0.01)
    assert view.pointed(0.02, 0.5, facts) == {}
    assert view.nudged(1, 0, facts) == {"spot": pytest.approx((0.45, -0.5))}
    assert view.nudged(0, -1, facts) == {"spot": pytest.approx((0.3, -0.65))}
    _, facts = shown("boundary", run, spot=(1.5, 1.5))
    assert view.nudged(1, 1, facts) == {"spot": (1.5, 1.5)}
    assert "At (0.30, \N{MINUS SIGN}0.50): p = " in shown("boundary", run, spot=SPOT)[0].answer.get_text()


def test_issues_20_and_102_samples_are_drawn_and_erased_by_clicks():
    middle = (52 + 132) / 330, 1 - (48 + 132) / 400
    view, facts = shown("boundary", run_of(), brush="A")
    (change,) = view.pointed(*middle, facts).values()
    assert change["data"] == "own"
    ((x1, x2, kind),) = change["own"]  # nothing of the circles stays
    assert (x1, x2) == pytest.approx((0, 0), abs=0.01)
    assert kind == "A"
    first = Recipe().but(**change)
    view, facts = shown("boundary", tm.Run(first.problem()), brush="C")
    second = first.but(**view.pointed(0.4, 0.7, facts)["recipe"])
    assert [target for *_, target in second.own] == ["A", "C"]
    view, facts = shown("boundary", tm.Run(second.problem()), brush="erase")
    assert view.pointed(*middle, facts)["recipe"]["own"] == second.own[1:]
    view, facts = shown("boundary", tm.Run(first.problem()), brush="erase")
    with pytest.raises(ValueError, match="expected at least one sample to stay"):
        view.pointed(*middle, facts)
    view, facts = shown("boundary", run_of(), brush="erase")
    with pytest.raises(ValueError, match="expected samples of one's own to erase"):
        view.pointed(*middle, facts)


@pytest.mark.parametrize("data", ["plane", "hills"])
def test_numbers_have_a_scale_with_its_ends_named(data):
    run = run_of(20, data=data, n=60)
    view, _ = shown("boundary", run)
    ends = [text.get_text() for text in view.ends]
    assert ends[0] == f"\N{MINUS SIGN}{ends[1]}"
    assert float(ends[1]) >= abs(run.problem.y).max()
    assert "the output p goes from" in view.text(run, Look())


def test_axes_have_the_names_of_the_features():
    run = tm.Run(problems.penguins(features=("bill_length_mm", "body_mass_g")))
    view, _ = shown("boundary", run)
    assert view.ticks.get_xlabel() == "bill length mm"
    assert view.ticks.get_ylabel() == "body mass g"


def test_what_cannot_be_shown_says_what_it_needs():
    assert VIEWS["boundary"].refuses(tm.Run(problems.penguins())) == (
        "a problem with two inputs, or inputs made from two"
    )
    rng = np.random.default_rng(0)
    nine = problems.problem(rng.normal(size=(18, 2)), [f"kind {k % 9}" for k in range(18)])
    assert VIEWS["boundary"].refuses(tm.Run(nine)) == "at most 8 classes"
    two = problems.problem(rng.normal(size=(18, 2)), rng.normal(size=(18, 2)))
    assert "one output" in VIEWS["boundary"].refuses(tm.Run(two))
    deep = problems.problem(rng.normal(size=(18, 2)), [0, 1] * 9, sizes=(2,) * 7)
    assert VIEWS["sees"].refuses(tm.Run(deep)) == "at most 6 hidden layers"


def test_names_from_a_strangers_file_are_written_and_never_obeyed():
    strange = "<b>&"
    points = np.random.default_rng(0).normal(size=(8, 2))
    for names in (("no", strange), ("a", "b", strange)):
        targets = [names[k % len(names)] for k in range(8)]
        run = tm.Run(problems.problem(points, targets, features=(strange, "x<y")))
        for name in ("sees", "boundary", "curves"):
            view, _ = shown(name, run)
            assert not re.search("<b>|x<y", view.lower("s") + view.upper("s"))


# The curves of the loss -----------------------------------------------------------------------------------------------


def test_issue_47_both_losses_and_the_share_of_right_answers_are_shown():
    run = run_of(30, n=80)
    view, _ = shown("curves", run)
    np.testing.assert_array_equal(view.past.get_ydata(), run.losses)
    np.testing.assert_array_equal(view.held.get_ydata(), run.held_losses)
    right = ((tm.forward(run.params, run.problem.X_held).p > 0.5) == run.problem.y_held).mean()
    text = view.text(run, Look())
    assert f"{decimal(run.loss)} on the training set, {decimal(run.held_losses[-1])} on the held-out set" in text
    assert f"{right:.1%} of the held-out set" in text


def test_issue_38_a_rival_is_drawn_only_when_one_was_asked_for():
    run = run_of(30)
    view, _ = shown("curves", run)
    assert not len(view.rival.get_ydata())
    look = Look(rival=(("gamma", 0.0),))
    view.update(run, look)
    np.testing.assert_array_equal(view.rival.get_ydata(), run.beside(gamma=0.0).losses)
    assert "plain" not in view.upper("s")
    assert "gamma 0: " in view.text(run, look)


def test_overfitting_is_told_with_the_step_at_which_the_held_out_loss_was_lowest():
    run = run_of(400, 0.3, data="moons", n=24, noise=0.4, sizes=(8, 8))
    view, _ = shown("curves", run)
    low = int(run.held_losses.argmin())
    said = f"lowest, {decimal(run.held_losses.min())}, at t = {low}, and has risen since."
    assert f"held-out loss was {said}" in view.text(run, Look())
    assert list(view.lowest.get_xdata()) == [low]
    run.goto(low)
    view.update(run, Look())
    assert "risen" not in view.text(run, Look())
    assert not len(view.lowest.get_xdata())


def test_a_plateau_is_told_while_the_loss_is_not_yet_small():
    flat, falling = np.full(200, 0.7), np.linspace(0.7, 0.3, 200)
    assert is_plateau(flat)
    assert not is_plateau(flat[:100])  # too short to say
    assert not is_plateau(falling)
    assert not is_plateau(np.concatenate([falling, np.full(150, 0.01)]))  # there is nothing left to learn
    assert is_plateau(np.concatenate([falling, np.full(150, 0.3)]))
    wave = 0.7 + 0.01 * np.sin(np.arange(200) / 5)
    assert not is_plateau(wave)
    run = run_of(600, data="xor", sizes=(), noise=0.3)
    assert "a plateau" in shown("curves", run)[0].text(run, Look())


def test_small_losses_get_a_scale_of_factors_and_the_axes_move_in_leaps():
    run = run_of(0, 0.3, n=60)
    view, _ = shown("curves", run)
    assert view.axes.get_yscale() == "linear"
    leaps = 0
    for _ in range(40):
        view.lower("s")
        view.update(run.step(10), Look())
        leaps += view.standing_changed
    assert run.loss < run.losses[0] / 30
    assert view.axes.get_yscale() == "log"
    low, _ = view.axes.get_ylim()
    assert low <= min(run.losses.min(), run.held_losses.min()) <= 10 * low
    assert leaps < 12


@pytest.mark.parametrize("name", ["curves", "loss"])
def test_a_long_run_is_drawn_with_a_few_points_and_its_spikes_stay(name):
    run = run_of(3000, sizes=(2,), n=10)
    run.set("b1", (0, 0), 4.0)
    run.step(400)
    view, _ = shown(name, run)
    assert len(view.past.get_xdata()) <= 310
    assert view.past.get_ydata().max() == run.losses.max()
    assert view.past.get_xdata()[-1] == run.t


@pytest.mark.parametrize("count", [1, 2, 3, 299, 300, 301, 1000, 100_000])
def test_thinning_keeps_the_ends_and_each_buckets_extremes(count):
    values = np.random.default_rng(count).normal(size=count)
    kept = thinned(values)
    assert len(kept) <= 310
    assert (kept[0], kept[-1]) == (0, count - 1)
    assert {values.argmin(), values.argmax()} <= set(kept)
    if count <= 300:
        assert len(kept) == count


def test_what_was_drawn_of_the_past_stands_still_as_a_run_goes_on():
    values = np.random.default_rng(0).normal(size=1000)
    before, after = set(thinned(values[:900])), set(thinned(values[:960]))
    assert {t for t in before if t < 890} == {t for t in after if t < 890}


def test_numbers_too_large_for_the_map_are_cut_without_a_warning():
    net = tm.MLP((2, 1, 1), hidden="relu", output="identity", loss="squared")
    huge = net.params(W1=[[1e200], [0]], b1=[[0]], W2=[[1e200]], b2=[[0]])
    h = answers(huge, np.array([[1.0, 0.0], [-1.0, 0.0]]))
    assert h[-1].tolist() == [[1e300], [0.0]]


def test_the_axes_stand_still_while_a_learner_looks_through_the_record():
    run = tm.Run(Recipe(sizes=(4,)).problem(eta=0.5)).step(400)
    view = CurvesView(run, Look())
    view.lower("salt")
    for t in (0, 3, 50, 200, 399):
        view.update(run.goto(t), Look())
        assert not view.standing_changed
