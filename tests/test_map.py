"""Many runs at once: what becomes of each, the map of settings that shows it, and the starts whose loss rises."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import tinymlp as tm
from tinymlp.curvature import sharpness
from tinymlp.fates import FATES, count_overshoots, fates, first_rise, rises, settings_maps
from tinymlp.momentum import OURS, RULES
from tinymlp.sweep import many_runs
from tinymlp.views import VIEWS, Look
from tinymlp.views.map import ETAS, GAMMAS, nearest
from tinymlp.views.starts import sixty_starts
from tinymlp.widgets import panel

OVERLAP = tm.problems.overlap()
SHORT = Look(horizon=20)


def became(*losses, stopped=False):
    """Return the fate of one run with these losses."""
    history = np.array(losses, dtype=float)
    return FATES[fates(SimpleNamespace(history=history, first=history[0], stopped=np.array(stopped)))]


# Fates ---------------------------------------------------------------------------------------------------------------


def test_a_run_settles_rings_grows_or_stops():
    assert became(9, 8, 7, 6, 5, 4, 3, 2, 1) == "settled"
    assert became(9, 1, 4, 2, 3, 2, 2.5, 2, 2.2) == "rang"  # each swing is smaller than the one before
    assert became(9, 4, 3, 2, 1, 2, 1, 3, 1) == "grew"  # and here larger
    assert became(1, 0.5, 3, 2.5, 2, 1.9, 1.8, 1.7, 1.6) == "grew"  # falls again, but ends above its start
    assert became(9, 8, 7, 7, 7, stopped=True) == "stopped"
    assert became(9) == became(9, 8) == "settled"
    assert became(1, 1 + 1e-12, 1) == "settled"  # rounding


def test_fates_need_the_losses_of_each_step():
    with pytest.raises(ValueError, match=r"runs: expected Runs with history=True"):
        fates(many_runs(OVERLAP, 3))


def test_the_first_rise_is_at_the_smallest_eta_whose_loss_rose():
    rose = np.array([[False, True, False], [False, False, False], [True, True, True]])
    np.testing.assert_array_equal(first_rise(np.array([1.0, 2, 3]), rose), [2, np.nan, 1])


def first_eta(gamma, steps, etas):
    runs = many_runs(OVERLAP, steps, eta=etas, gamma=gamma, history=True)
    return first_rise(etas, fates(runs) != FATES.index("settled"))


@pytest.mark.parametrize(("gamma", "eta"), [(0, 4.03), (0.5, 3.1), (0.7, 0.76), (0.9, 0.072)])
def test_within_200_steps_more_momentum_lets_the_loss_rise_at_a_smaller_eta(gamma, eta):
    assert first_eta(gamma, 200, eta * np.linspace(0.8, 1.2, 41)) == pytest.approx(eta, rel=0.011)


@pytest.mark.parametrize(("steps", "eta"), [(200, 4.05), (400, 3.1), (1000, 2.2)])
def test_where_the_loss_first_rises_is_true_of_a_horizon_alone(steps, eta):
    assert first_eta(0, steps, eta * np.linspace(0.8, 1.2, 41)) == pytest.approx(eta, rel=0.02)


def test_the_limit_at_the_start_runs_the_opposite_way():
    value = float(sharpness(OVERLAP.params, OVERLAP.X, OVERLAP.y))
    limits = [OURS.limit(gamma) / value for gamma in (0, 0.5, 0.7, 0.9)]
    assert limits == pytest.approx([6.5, 9.7, 11, 12.3], abs=0.05)


def test_momentum_overshoots_in_most_starts_and_plain_descent_in_none():
    starts = sixty_starts(OVERLAP.net)
    assert count_overshoots(OVERLAP, 200, starts, eta=0.8, gamma=0.9) == 57
    assert count_overshoots(OVERLAP, 200, starts, eta=0.8, gamma=0.0) == 0
    for seed in (0, 1, 2):  # and not by the luck of one seed
        others = OVERLAP.net.init(np.random.default_rng(seed), (60,))
        assert count_overshoots(OVERLAP, 200, others, eta=0.8, gamma=0.9) >= 54
        assert count_overshoots(OVERLAP, 200, others, eta=0.8, gamma=0.0) == 0


def test_momentum_overshoots_on_four_of_five_data_sets_and_plain_descent_on_one_in_fifty():
    shares = {0.9: 0, 0.0: 0}
    for seed in range(200):
        problem = tm.problems.overlap(rng=np.random.default_rng(seed))
        runs = many_runs(problem, 200, eta=0.8, gamma=np.array(list(shares)), history=True)
        for gamma, rose in zip(shares, rises(runs.history).any(axis=0), strict=True):
            shares[gamma] += rose / 200
    assert shares == pytest.approx({0.9: 0.795, 0.0: 0.02})


def test_many_runs_train_as_one_run_does():
    training = tm.Training(batch=4, l2=0.1, free=(("W1", (0, 1)), ("b2", (0, 0))))
    runs = many_runs(OVERLAP, 12, eta=np.array([0.2, 0.8]), training=training)
    run = tm.Run(OVERLAP, training=training).step(12)
    assert runs.losses[1] == pytest.approx(run.loss, rel=1e-12)


def test_a_map_is_coarse_at_first_and_ends_as_one_call_would_give_it():
    etas, gammas = np.geomspace(0.1, 20, 9), np.linspace(0, 1, 7)
    maps = list(settings_maps(OVERLAP, 20, etas, gammas, at_once=18))
    whole = many_runs(OVERLAP, 20, eta=etas, gamma=gammas[:, np.newaxis], history=True)
    assert [made.done for made in maps] == sorted({made.done for made in maps})
    assert len(maps) > 2
    assert [made.finished for made in maps] == [False] * (len(maps) - 1) + [True]
    np.testing.assert_array_equal(maps[-1].fates, fates(whole))
    np.testing.assert_allclose(maps[-1].losses, whole.losses, rtol=1e-9)
    assert maps[0].losses[1, 1] == maps[0].losses[0, 0]
    assert maps[-1].losses[1, 1] != maps[-1].losses[0, 0]


# The map in a panel --------------------------------------------------------------------------------------------------


def board_of(run=None, **options):
    board = panel(run or tm.Run(OVERLAP), show=("map", "loss"), control=("undo", "eta", "gamma", "weight", "limits"))
    board.look = replace(board.look, horizon=20, **options)
    return board


def hear(board, **message):
    board.picture._heard(None, message, [])


def place_of(view, eta, gamma):
    """Return a place of the map in fractions of its tile."""
    return view.figure.transFigure.inverted().transform(view.axes.transData.transform((eta, gamma)))


def test_the_map_shows_the_very_run_that_a_click_on_it_takes():
    board = board_of()
    board.describe()
    view = board.views["map"]
    x, y = place_of(view, 1.25, 0.503)
    hear(board, pointed={"tile": "map", "x": x, "y": y, "end": True})
    run = board.run
    assert (run.eta, run.gamma, run.t) == (1.2, 0.5, 20)
    board.describe()
    assert view.drawn.losses[nearest(1.2, 0.5)] == pytest.approx(run.loss, rel=1e-9)
    assert len(board.views["loss"].past.get_xdata()) == 21
    alone = tm.Run(replace(OVERLAP, eta=1.2, gamma=0.5)).step(20)
    np.testing.assert_array_equal(run.losses, alone.losses)


def test_undo_takes_a_drag_over_the_map_back_in_one_step():
    run = tm.Run(OVERLAP).step(3)
    run.set("b2", (0, 0), 0.25)
    run.step(2)
    board = board_of(run)
    before, undos = run.losses, len(run._undos)
    for eta in (1.0, 2.0, 4.0):
        x, y = place_of(board.views["map"], eta, 0.2)
        hear(board, pointed={"tile": "map", "x": x, "y": y, "end": eta == 4.0})
    assert (run.eta, run.t) == (4.0, 20)
    assert len(run._undos) == undos + 1
    board.controls["undo"].widget.click()
    np.testing.assert_array_equal(run.losses, before)
    assert run.params.b2[0, 0] != OVERLAP.params.b2[0, 0]


def test_arrow_keys_move_by_one_cell_and_stop_at_the_edge():
    board = board_of()
    row, column = nearest(0.8, 0.9)
    for right, up in ((1, 0), (0, 1), (-1, 0), (0, -1), (-1, 0)):
        hear(board, nudged={"tile": "map", "right": right, "up": up})
        row, column = row + up, column + right
        assert (board.run.eta, board.run.gamma) == (ETAS[column], GAMMAS[row])
    board.run.gamma = 1.0
    hear(board, nudged={"tile": "map", "right": 0, "up": 1})
    assert board.run.gamma == 1.0
    assert not board.picture.alarm


def test_a_place_beside_the_map_takes_nothing():
    board = board_of()
    hear(board, pointed={"tile": "map", "x": 0.5, "y": 0.99, "end": True})
    assert board.run.t == 0


def test_a_run_taken_from_a_map_may_diverge_and_says_so():
    board = board_of()
    x, y = place_of(board.views["map"], 20, 0.98)
    hear(board, pointed={"tile": "map", "x": x, "y": y, "end": True})
    assert board.run.t < 20
    assert "Stopped at t" in board.picture.alarm


def test_a_change_of_eta_or_gamma_moves_the_mark_and_a_change_of_the_start_makes_the_map_anew():
    board = board_of()
    board.describe()
    board.refresh()
    view = board.views["map"]
    first, lower = view.drawn, board.picture.lower["map"]
    board.controls["eta"].dial.field.value = 0.3
    board.controls["gamma"].dial.field.value = 0.4
    assert view.drawn is first
    assert board.picture.lower["map"] == lower
    assert (view.here.get_xdata()[0], view.here.get_ydata()[0]) == pytest.approx((0.3, 0.4))
    board.run.set("W1", (0, 0), 2.0)
    board.describe()
    assert view.drawn is not first
    second = view.drawn
    board.run.step(3)
    board.run.set("W1", (0, 0), 1.0)  # later: the runs of the map begin at the start
    assert view.drawn is second


def test_the_page_gets_a_coarse_map_and_asks_for_more_until_it_is_whole(monkeypatch):
    monkeypatch.setattr("tinymlp.views.map.PORTION", 2e6)
    board = board_of()
    hear(board, ready=True)
    view, done = board.views["map"], []
    hear(board, painted=board.picture.frame)
    board.run.set("W1", (0, 0), 2.0)
    hear(board, painted=board.picture.frame)
    while view.unfinished:
        done.append(view.drawn.done)
        assert f"({view.drawn.done:,} done)" in board.picture.texts["map"]
        hear(board, painted=board.picture.frame)
        assert len(done) < 100
    assert done == sorted(set(done))
    frame = board.picture.frame
    hear(board, painted=frame)
    assert board.picture.frame == frame
    assert "done)" not in board.picture.texts["map"]


def test_a_text_is_always_that_of_the_whole_map():
    text = board_of().describe()
    assert "Map of settings: 2,601 runs of 20 steps from this start, eta from 0.01 to 22 across, gamma from 0" in text
    counts = {name: int((board_of_map().fates == n).sum()) for n, name in enumerate(FATES)}
    assert ", ".join(f"{count:,} {name}" for name, count in counts.items()) in text
    assert "done)" not in text


def board_of_map():
    return list(settings_maps(OVERLAP, 20, ETAS, GAMMAS, at_once=3000))[-1]


def test_each_fate_has_a_colour_and_a_hatch_of_its_own():
    view = VIEWS["map"](tm.Run(OVERLAP), SHORT)
    while view.unfinished:
        view.update(tm.Run(OVERLAP), SHORT)
    assert len({patch.get_hatch() for patch in view.hatches}) == len(FATES)
    levels = np.asarray(view.cells.get_array()) * 255
    np.testing.assert_array_equal(levels.round().astype(int) // 64, view.drawn.fates)


def test_the_limits_are_those_of_the_rule_at_the_start_and_at_the_sharpest_so_far():
    run = tm.Run(OVERLAP, rule="nesterov").step(60)
    look = Look(horizon=20, limits=True)
    view = VIEWS["map"](run, look)
    values = sharpness(run.past(0, 61).params, OVERLAP.X, OVERLAP.y).value
    for name, value in (("at the start", values[0]), ("at the sharpest so far", values.max())):
        xs, gammas = view.limits[name][1].get_data()
        assert xs == pytest.approx([RULES["nesterov"].limit(gamma) / value for gamma in gammas], rel=1e-6)
        assert f"limit on eta {name} (sharpness {value:.3f})" in view.text(run, look)
    run.back(60)
    assert view.read(run, look).limits["at the sharpest so far"] == pytest.approx(values[0])
    view.update(run, Look(horizon=20))
    assert not view.limits["at the start"][1].get_visible()
    adam = tm.Run(OVERLAP, rule="adam")
    assert VIEWS["map"](adam, look).read(adam, look).limits is None


def test_the_legend_shows_no_line_of_a_limit_before_the_limits_are_asked_for():
    run = tm.Run(OVERLAP)
    view = VIEWS["map"](run, Look(horizon=20))
    assert not any(line.get_visible() for line, _ in view.of_limits)
    view.update(run, Look(horizon=20, limits=True))
    assert all(line.get_visible() for line, _ in view.of_limits)


def test_the_limits_are_drawn_when_the_learner_asks_for_them():
    board = board_of()
    assert "limit on eta" not in board.describe()
    board.controls["limits"].tick.value = True
    assert "limit on eta at the start (sharpness 0.309): 6.47 with gamma 0 and 12.3 with gamma 0.9" in board.describe()


def test_a_guess_stands_beside_the_place_where_the_loss_first_rises():
    run, look = tm.Run(OVERLAP), Look(horizon=200, guess=(3.0, 0.9))
    view = VIEWS["map"](run, look)
    while view.unfinished:
        facts = view.update(run, look)
    assert "your guess: eta 3 with gamma 0.9; the loss first rises at 0.074: 41 times too high" in view.say(facts)
    assert (view.guess.get_xdata()[0], view.truth.get_xdata()[0]) == (3.0, 0.074)
    assert list(view.gap.get_xdata()) == [3.0, 0.074]
    assert "between eta 4 and 4.6 with gamma 0, between eta 2.9 and 3.4 with gamma 0.5" in view.say(facts)


def test_what_cannot_be_a_map_is_told():
    big = tm.problems.spiral()
    with pytest.raises(ValueError, match="expected a network and data small enough for thousands of runs for the view"):
        panel(tm.Run(big), show="map")
    with pytest.raises(ValueError, match="expected a step size without a schedule"):
        panel(tm.Run(OVERLAP, schedule=tm.schedule("inverse", 10)), show="map")


def test_settings_beyond_the_map_are_marked_at_its_edge():
    run = tm.Run(replace(OVERLAP, eta=0.0))
    view = VIEWS["map"](run, SHORT)
    assert len(view.here.get_xdata()) == 0
    assert "here: η = 0" in [words.get_text() for words in view.beyond.values]
    assert view.pixels(1).std() > 0


# Many starts ---------------------------------------------------------------------------------------------------------


def test_the_starts_view_counts_and_follows_the_settings():
    board = panel(tm.Run(OVERLAP), show="starts", control=("eta", "gamma", "horizon"))
    assert board.picture.status.startswith("The loss rises in 57 of 60 starts.")
    assert "with eta 0.8, gamma 0.9 the loss rises in 57 of 60 starts within 200 steps" in board.describe()
    assert len(board.views["starts"].first.get_xdata()) == 57
    board.controls["gamma"].dial.field.value = 0.0
    assert "rises in 0 of 60 starts" in board.describe()
    board.controls["horizon"].choice.value = 50
    assert "within 50 steps" in board.describe()


def test_the_starts_answer_a_slider_at_once_and_are_counted_in_the_next_frame():
    board = panel(tm.Run(OVERLAP), show="starts", control=("eta", "gamma"))
    hear(board, ready=True)
    hear(board, painted=board.picture.frame)
    for gamma, said in ((0.5, "Counting the 60 starts."), (0.0, "The loss rises in 0 of 60 starts.")):
        board.controls["gamma"].dial.slider.value = gamma
        assert board.picture.status.startswith(said)  # and a slider that keeps moving does not keep it from counting
        board.picture._sent_at = 0.0
