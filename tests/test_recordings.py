"""A recording is a panel that needs no kernel: it says and shows what the panel does, or says that it cannot."""

import re
import runpy
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

import tinymlp as tm
from tinymlp.recipes import Recipe
from tinymlp.widgets import panel, predict
from tinymlp.widgets.recordings import frames, head, page, record, recorded

STEPS = 3
DOCS = Path(__file__).parents[1] / "docs"


def first(control=("step", "ten", "back", "play", "weight", "sample")):
    """Return the panel that the first lessons have: network and loss."""
    return panel(tm.Run(tm.worked_example()), show=("network", "loss"), control=control)


PANELS = {
    "00": first,
    "05": lambda: panel(tm.Run(tm.worked_example()), show=("network", "path", "chain"), control=("weight", "sample")),
    "06": lambda: panel(tm.Run(tm.worked_example()), show=("stage", "network"), control=("stage", "step", "back")),
    "08": lambda: panel(tm.Run(tm.worked_example()), show=("step", "table"), control=("step", "back", "scrub")),
    "10": lambda: panel(tm.Run(tm.problems.overlap()), show=("loss", "energy"), control=("step", "ten", "eta")),
}


class Player:
    """A recording opened from a disk, in a browser without a network."""

    def __init__(self, browser, path, colours="light"):
        self.context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True, color_scheme=colours)
        self.page, self.errors, self.asked = self.context.new_page(), [], []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("[data-ready]", state="attached")

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def words(self):
        return self.page.locator("pre").text_content()

    def said(self):
        return self.page.locator(".tinymlp-status").inner_text()

    def tiles(self):
        """Return what is drawn, without the names that keep the tiles of a page apart."""
        layers = self.page.locator(".tinymlp-lower, .tinymlp-upper").evaluate_all("all => all.map(e => e.innerHTML)")
        return [drawn(layer) for layer in layers]


def drawn(layer):
    """Return a layer of a picture as a list of its parts, without ids and as a browser writes it or as we do."""
    parts = re.findall(r"<(\w+)|([\d.]+)|>([^<]+)<", re.sub(r'(id|href|clip-path)="[^"]*"|url\([^)]*\)', "", layer))
    return [part for part in parts if part[0] or part[1] or part[2].strip()]


@pytest.fixture(scope="module")
def opened(browser, tmp_path_factory):
    """Return a function that records a panel and opens it; each browser page is closed at the end."""
    players = []

    def open_(board, steps=STEPS, colours="light", **slider):
        path = tmp_path_factory.mktemp("recordings") / "recording.html"
        assert board.save(path, steps=steps, **slider) == path
        players.append(Player(browser, path, colours))
        return players[-1]

    yield open_
    for player in players:
        assert player.errors == []
        assert [url for url in player.asked if not url.startswith(("file:", "data:", "blob:"))] == []
        player.context.close()


def shown_live(board):
    """Return what the panel says and draws in the kernel."""
    layers = [layer for tile in board.tiles.values() for layer in (tile.lower, tile.upper)]
    return board.describe(), board.status(), [drawn(layer) for layer in layers]


@pytest.mark.parametrize("lesson", PANELS)
def test_at_every_t_it_says_and_shows_what_the_panel_does(opened, lesson):
    board = PANELS[lesson]()
    steps = {"05": 0, "06": 1}.get(lesson, STEPS)
    player = opened(board, steps)
    for t in range(steps + 1):
        if t:
            board.run.step()
            player.button("Step").click()
        words, status, layers = shown_live(board)
        assert player.words() == words
        assert player.said() == status
        assert player.tiles() == layers
    assert player.button("Step").count() == (steps > 0)
    if steps:
        assert player.button("Step").is_disabled()
        player.button("Back").click()
        board.run.back()
        assert player.words() == board.describe()


def test_a_weight_is_chosen_by_a_click_or_from_the_list_and_a_sample_too(opened):
    board = first()
    player = opened(board)
    player.page.locator("#pick-W2-1-0").first.dispatch_event("click")
    board.choose(("W2", (1, 0)))
    assert player.words() == board.describe()
    player.page.get_by_label("weight", exact=True).select_option(index=2)
    player.page.get_by_label("sample", exact=True).select_option(index=1)
    player.page.get_by_label("sample", exact=True).press("ArrowRight")  # in a list an arrow key is the list's own
    player.page.get_by_label("sample", exact=True).blur()
    player.page.keyboard.press("ArrowRight")
    player.page.keyboard.press("ArrowRight")
    board.run.step(2)
    board.glance(
        chosen=board.run.problem.net.entries[2],
        sample=player.page.get_by_label("sample", exact=True).evaluate("e => e.selectedIndex"),
    )
    assert player.words() == board.describe()
    player.page.get_by_label("iteration t", exact=True).fill("3")
    board.run.goto(3)
    assert player.words() == board.describe()
    assert player.page.locator(".tinymlp-figure").first.get_attribute("aria-label") is not None


def test_stages_are_gone_through_and_begin_again_with_each_iteration(opened):
    board = PANELS["06"]()
    player = opened(board, steps=1)
    for stage in (3, 13, 0):
        player.page.get_by_label("stage", exact=True).fill(str(stage))
        board.glance(stage=stage)
        assert player.words() == board.describe()
    player.page.get_by_label("stage", exact=True).fill("3")
    player.button("Step").click()
    board.run.step()
    assert board.look.stage == 0
    assert player.words() == board.describe()


def test_it_plays_to_its_end_and_stops_there(opened):
    player = opened(first(), steps=3)
    player.button("Play").click()
    player.button("Pause").wait_for()
    player.page.get_by_text("t = 3 of 3").wait_for()
    player.button("Play").wait_for()


@pytest.mark.parametrize(("slider", "change"), [
    ("eta", lambda run, stop: setattr(run, "eta", stop)),
    (("W1", (0, 1)), lambda run, stop: run.set("W1", (0, 1), stop)),
])  # fmt: skip
def test_its_slider_moves_a_setting_or_a_weight_of_the_whole_run(opened, slider, change):
    board = first(control=("step", "eta", "gamma"))
    player = opened(board, steps=3, slider=slider, stops=(0.1, 0.8, 1.5))
    player.button("Step").click()
    for place, stop in enumerate((0.1, 0.8, 1.5)):
        player.page.locator("input[type=range]").last.fill(str(place))
        run = board.run.fork(0)
        change(run, stop)
        assert (
            player.words() == panel(run.step(), show=("network", "loss"), control=("step", "eta", "gamma")).describe()
        )


def test_a_panel_without_steps_gets_the_first_slider_that_it_has(monkeypatch):
    monkeypatch.setattr(frames, "MOST", 20)
    neuron = panel(tm.Run(tm.problems.one_neuron()), show="neuron", control=("each", "sample"))
    price = panel(tm.Run(tm.problems.one_neuron()), show="mistake", control=("p", "sample"))
    nudge = panel(tm.Run(tm.worked_example()), show="slope", control=("epsilon", "weight"))
    for board, words in ((neuron, "w¹₁₁"), (price, "prediction p"), (nudge, "nudge ε")):
        first = record(board).axes[0]
        assert (first.name, first.words) == ("stop", words)
        assert len(first.places) >= 7


def test_where_a_run_had_to_stop_the_recording_ends(opened):
    board = panel(tm.Run(tm.worked_example()), show="loss", control=("step", "eta"))
    player = opened(board, steps=20, slider="eta", stops=(0.8, 500.0))
    player.page.get_by_label("iteration t", exact=True).fill("20")
    player.page.locator("input[type=range]").last.fill("1")
    board.run.eta = 500.0
    board.run.goto(20)
    assert 0 < board.run.t < 20
    player.page.get_by_text(f"t = {board.run.t} of {board.run.t}", exact=True).wait_for()
    player.page.locator("input[type=range]").last.fill("0")
    player.page.get_by_text("t = 20 of 20", exact=True).wait_for()


def test_what_was_not_recorded_is_shown_as_off_and_says_so(opened, monkeypatch):
    player = opened(panel(tm.Run(tm.worked_example())), steps=2)
    off = player.page.get_by_role("group", name="Not recorded; in the live panel only:")
    assert off.get_by_role("button").all_inner_texts() == [
        "Undo", "Redo", "Reset", "show what comes next", "step size η", "momentum γ", "value",
    ]  # fmt: skip
    assert all(button.is_disabled() for button in off.get_by_role("button").all())
    monkeypatch.setattr(frames, "MOST", 20)
    player = opened(panel(tm.Run(tm.worked_example()), show="network", control="step"), steps=2)
    player.page.locator("#pick-W2-1-0").first.dispatch_event("click")
    player.page.get_by_text("Choosing another weight was not recorded.").wait_for()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_against_a_recording(opened, colours):
    player = opened(panel(tm.Run(tm.worked_example()), show=("network", "loss", "table")), steps=1, colours=colours)
    player.page.locator("summary").click()
    assert [found["id"] for found in Axe().run(player.page).response["violations"]] == []


def test_one_with_a_prediction_opens_when_that_is_locked_and_tells_when_it_has_happened(browser, own_home):
    guess = predict("08.bias")
    board = panel(tm.Run(tm.worked_example()), show="network", control=("step", "back"), after=guess)
    context = browser.new_context(offline=True)
    tab = context.new_page()
    tab.set_content(f"<main>{recorded(board, steps=2)}</main>{head()}")
    tab.wait_for_selector("[data-ready]")
    tab.evaluate(
        "() => { window.seen = []; document.addEventListener('tinymlp:seen', e => seen.push(e.detail.name)); }"
    )
    step = tab.get_by_role("button", name="Step", exact=True)
    assert step.is_disabled()
    assert "t = 1" not in tab.locator(".tinymlp-player").inner_text()
    tab.evaluate("document.dispatchEvent(new CustomEvent('tinymlp:locked', {detail: {name: '08.bias'}}))")
    assert tab.evaluate("window.seen") == []
    step.click()
    step.click()
    assert set(tab.evaluate("window.seen")) == {"08.bias"}
    context.close()
    assert not board.after.locked


def test_the_panel_and_its_run_stay_as_they_are(tmp_path):
    board = first()
    board.run.step(3)
    board.run.eta = 0.1
    board.run.step(2).back()
    before = board.describe(), board.run.losses_on_record.tolist(), board.look, board.run.can_undo
    board.save(tmp_path / "a.html", steps=4, slider=("W1", (0, 0)), stops=(0, 1))
    board.save(tmp_path / "a.gif", steps=2)
    assert before == (board.describe(), board.run.losses_on_record.tolist(), board.look, board.run.can_undo)


def test_a_recording_starts_where_the_panel_stands_and_holds_what_was_changed_on_the_way():
    board = first()
    board.run.step(2).set("W1", (0, 0), 1.0).step()
    made = record(board, steps=1)
    (t,) = [axis for axis in made.axes if axis.name == "t"]
    assert (len(t.places), t.start) == (4, 3)
    assert made.start == 3 * 11 * 3
    assert made.text("words", made.start) == board.describe()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"path": "a.pdf"}, r"path: expected a name that ends in \.html or .*, got 'a\.pdf'"),
        ({"path": "a.html", "steps": 1.5}, "steps: expected a whole number"),
        ({"path": "a.html", "slider": "gamma"}, r"slider: expected 'eta', or a parameter such as .*, got 'gamma'"),
        ({"path": "a.html", "slider": ("W9", (0, 0))}, "expected one of 'W1', 'b1', 'W2', 'b2', got 'W9'"),
        ({"path": "a.html", "stops": (1, 2)}, r"slider: expected what the stops are of, .*, got stops=\(1, 2\)"),
        ({"path": "a.html", "slider": "eta", "stops": "12"}, "stops: expected some numbers"),
        (
            {"path": "a.html", "slider": "eta", "steps": 900},
            r"steps, stops: expected at most 5000 frames, got 8 .* x 901",
        ),
        ({"path": "a.png", "slider": "eta"}, r"slider, stops: expected none, as only a recording \(\.html\) has one"),
    ],
)
def test_what_cannot_be_saved_is_said(given, words):
    board = panel(tm.Run(tm.worked_example()), show="loss", control=("step", "eta"))
    with pytest.raises(ValueError, match=words):
        board.save(**given)


def test_stops_in_an_array_are_taken_and_refused_as_any_others(tmp_path):
    board = panel(tm.Run(tm.worked_example()), show="loss", control=("step", "eta"))
    board.save(tmp_path / "a.html", steps=1, slider="eta", stops=np.array([0.1, 0.8]))
    with pytest.raises(ValueError, match=r"slider, stops: expected none, .*, got an array"):
        board.save(tmp_path / "a.png", stops=np.array([0.1, 0.8]))


def test_a_folder_that_is_not_there_is_said_before_anything_is_recorded(tmp_path):
    with pytest.raises(ValueError, match="path: expected a folder that is there, got"):
        first().save(tmp_path / "nowhere" / "a.html")


def test_a_problem_of_any_name_makes_a_picture_that_can_be_read(tmp_path):
    problem = replace(tm.worked_example(), name="R&D <1>")
    path = panel(tm.Run(problem), show="loss", control="step").save(tmp_path / "a.svg")
    assert ET.parse(path).getroot().find("{http://www.w3.org/2000/svg}title").text == "R&D <1>, t = 0"


def test_a_panel_that_waits_for_a_guess_is_not_saved(tmp_path, own_home):
    board = panel(tm.Run(tm.worked_example()), show="network", after=predict("08.bias"))
    with pytest.raises(ValueError, match=r"waits for the guess '08\.bias'"):
        board.save(tmp_path / "a.html")


def test_a_panel_is_saved_as_a_picture_or_a_moving_one(tmp_path):
    board = panel(tm.Run(tm.worked_example()), show=("network", "loss", "table"), control="step")
    board.run.step()
    root = ET.parse(board.save(tmp_path / "a.svg")).getroot()
    tiles = root.findall("{http://www.w3.org/2000/svg}svg")
    assert len(tiles) == 3
    assert float(root.get("width")) >= max(float(tile.get("x")) + float(tile.get("width")) for tile in tiles)
    with Image.open(board.save(tmp_path / "a.png")) as picture:
        assert picture.width == 2 * (board.views["network"].width + board.views["loss"].width)
    for name in ("a.gif", "a.apng"):
        with Image.open(board.save(tmp_path / name, steps=3)) as picture:
            assert picture.n_frames == 4
            assert np.asarray(picture.convert("RGB")).std() > 10


def test_a_network_of_any_shape_is_saved_with_its_own_weights_as_svg(tmp_path):
    problem = Recipe(sizes=(3, 2), data="circles").problem(eta=0.1, gamma=0.9)
    path = panel(tm.Run(problem), show="network", control=()).save(tmp_path / "net.svg")
    said = path.read_text(encoding="utf-8")
    weight = float(problem.params["W1"][0, 0])
    assert f"{abs(weight):.3f}" in said


def test_a_page_is_one_file_that_names_nothing_elsewhere():
    whole = page(first(), "A title with < in it", steps=1)
    assert "<title>A title with &lt; in it</title>" in whole
    assert not re.findall(
        r"""(?:src|href)=["'](?!#|data:)[^"']+""", re.sub(r"<script type=.application/gzip.*?</script>", "", whole)
    )


def test_the_moving_picture_of_the_readme_is_what_its_script_makes_and_under_a_megabyte(tmp_path):
    script = runpy.run_path(str(DOCS / "picture.py"))
    kept = DOCS / "workbook.gif"
    assert kept.stat().st_size < 1e6
    with Image.open(kept) as old, Image.open(script["make"](tmp_path / "new.gif")) as new:
        assert old.n_frames == new.n_frames == script["STEPS"] + 1
        for frame in (0, script["STEPS"]):
            old.seek(frame)
            new.seek(frame)
            shown, made = (np.asarray(picture.convert("L"), dtype=float) for picture in (old, new))
            assert shown.shape == made.shape
            assert np.abs(shown - made).mean() < 1.0  # of 255: letters may be drawn a little differently elsewhere
