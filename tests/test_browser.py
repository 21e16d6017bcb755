"""The lessons in a real JupyterLab with a real browser, as a learner uses them."""

import ast
import re

import pytest
from axe import violations
from execute_lessons import LESSONS
from layouts import held
from nbformat import read, write
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect
from workbook import READY, SHOWN, Lab, Page

from tinymlp.teaching import homework, paper
from tinymlp.widgets.panel import CONTROL, SHOW

pytestmark = pytest.mark.browser
STEP = "button:text-is('Step')"
PATHS = sorted(LESSONS.glob("*.ipynb"))


def names_in(path):
    """Return the names of views and controls that a lesson's code asks for, those of a plain `panel(run)` included."""
    cells = [cell.source for cell in read(path, as_version=4).cells if cell.cell_type == "code"]
    nodes = [node for source in cells for node in ast.walk(ast.parse(source))]
    found = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    for call in (node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "panel"):
        asked = {keyword.arg for keyword in call.keywords}
        found |= set() if "show" in asked else set(SHOW)
        found |= set() if "control" in asked else set(CONTROL)
    return found


def with_panel(*wanted):
    """Give a test the lessons with one of these views or controls: those alone, so that none is skipped."""
    paths = [path for path in PATHS if set(wanted) & names_in(path)]
    assert paths, wanted
    return pytest.mark.parametrize("notebook", paths, ids=lambda path: path.stem, indirect=True)


def press(panel, word):
    panel.get_by_role("button", name=word, exact=True).click()


@pytest.fixture(scope="module", params=PATHS, ids=lambda path: path.stem)
def notebook(request, browser, lab):
    """Return a lesson, opened and run."""
    opened = Page(browser, lab, request.param.name)
    opened.name = request.param.name
    shown = opened.page.locator(".jp-OutputArea img, .jp-OutputArea pre:has-text('covered until')")
    opened.before_run = opened.errors(), shown.count()
    opened.panels = opened.run_all()
    opened.waiting = opened.page.locator(".tinymlp-panel:has(.tinymlp-status:has-text('prediction is locked'))").count()
    opened.lock_predictions()
    yield opened
    opened.page.close()


def test_a_lesson_opens_without_an_error_and_with_its_pictures(notebook):
    errors, pictures = notebook.before_run
    assert errors == []
    assert pictures >= notebook.panels.count() > 0


def test_a_lesson_runs_whole(notebook):
    assert notebook.errors() == []
    assert notebook.panels.count() >= 1
    for n in range(notebook.panels.count()):
        frames = notebook.panels.nth(n).locator(".tinymlp-figure svg, .tinymlp-table table")
        assert frames.count() >= 2
    for name in notebook.page.locator(".tinymlp-figure").all():
        assert re.search(r"\d|none taken|no step taken", name.get_attribute("aria-label") or "")


def test_a_panel_that_waited_for_a_prediction_opens_when_it_is_locked(notebook):
    asked = read(LESSONS / notebook.name, as_version=4).cells
    assert notebook.waiting == sum("after=" in cell.source for cell in asked if cell.cell_type == "code")
    notebook.page.wait_for_function(
        "![...document.querySelectorAll('.tinymlp-status')].some(e => e.innerText.includes('prediction is locked'))"
    )
    for button in notebook.page.get_by_role("button", name="Step", exact=True).all():
        assert button.is_enabled()


def test_no_pop_up_about_news_or_updates(notebook):
    assert notebook.page.locator(".Toastify__toast").count() == 0


def test_nothing_is_cut_off_and_no_figure_scrolls(notebook):
    for width, height in ((1400, 900), (1024, 768), (933, 600)):  # the last is 1400 x 900 at a zoom of 150 %
        notebook.page.set_viewport_size({"width": width, "height": height})
        notebook.page.wait_for_timeout(300)
        cut = notebook.page.evaluate(
            """() => ['.tinymlp-panel', '.tinymlp-table', '.tinymlp-picture', '.tinymlp-flawed']
               .flatMap(name => [...document.querySelectorAll(name)])
               .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => [e.className, e.scrollWidth, e.clientWidth])"""
        )
        assert cut == []
    notebook.page.set_viewport_size({"width": 1400, "height": 900})


def test_no_panel_is_taller_than_the_window_and_its_buttons_stand_in_one_row(notebook):
    notebook.page.set_viewport_size({"width": 1366, "height": 768})
    notebook.page.evaluate("window.jupyterapp.shell.collapseLeft()")
    notebook.page.wait_for_timeout(300)
    room = notebook.page.evaluate("document.querySelector('.jp-WindowedPanel-outer').clientHeight")
    for panel in notebook.panels.all():
        assert panel.bounding_box()["height"] <= room
        buttons = panel.evaluate("panel => panel.children[0].clientHeight")
        assert buttons < 50 or not panel.locator(STEP).count()
    notebook.page.set_viewport_size({"width": 1400, "height": 900})


def handles(panel):
    """Yield the handle of each slider that can be used; the groups of a drawer are opened one by one."""
    inside = ".tinymlp-drawer .noUi-handle"
    seen = ":visible:not([disabled] *):not([disabled])"
    yield from panel.locator(f".noUi-handle{seen}:not({inside})").element_handles()
    for word in panel.locator(".tinymlp-drawer button[aria-pressed]").all():
        if word.get_attribute("aria-pressed") == "false":
            before = panel.locator(f"{inside}:visible").element_handles()
            word.click()
            for handle in before:
                handle.wait_for_element_state("hidden")
            panel.page.wait_for_timeout(300)
        yield from panel.locator(f"{inside}{seen}").element_handles()


def test_the_arrow_keys_on_each_slider_change_the_picture_and_the_text(notebook):
    for panel in notebook.panels.all():
        if panel.get_by_role("button", name="Step", exact=True).count():
            notebook.changed(panel, lambda panel=panel: press(panel, "Step"))
        for handle in handles(panel):
            status = panel.locator(".tinymlp-status").inner_text()
            least = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemin")
            handle.focus()
            key = "ArrowRight" if least else "ArrowLeft"
            notebook.changed(panel, lambda key=key: notebook.page.keyboard.press(key))
            expect(panel.locator(".tinymlp-status")).not_to_have_text(status)


@with_panel("network", "path")
def test_a_click_on_an_edge_chooses_that_weight(notebook):
    panel = notebook.panels.filter(has=notebook.page.locator(".tinymlp-lower [id^=pick-W] path")).first
    last = 2 if panel.locator(".tinymlp-lower #pick-W2-0-0 path").count() else 1  # the edge that no other one crosses
    edge = panel.locator(f".tinymlp-lower #pick-W{last}-0-0 path").first
    edge.scroll_into_view_if_needed()
    box = edge.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    symbol = {1: "w¹₁₁ =", 2: "w²₁₁ ="}[last]
    if last == 2:
        notebook.changed(panel, lambda: notebook.page.mouse.click(*middle))
    else:
        notebook.page.mouse.click(*middle)
    assert symbol in panel.locator(".tinymlp-status").inner_text()


@with_panel("step")
def test_step_then_back_restores_all_that_is_shown(notebook):
    panel = notebook.panels.filter(has=notebook.page.locator(STEP)).first
    for word in ("Step", "Back"):  # a step leaves the stages at the first one, wherever they were
        notebook.changed(panel, lambda word=word: press(panel, word))
    first = panel.evaluate(SHOWN)
    notebook.changed(panel, lambda: press(panel, "Step"))
    press(panel, "Back")
    notebook.settled(panel, first)


@with_panel("step")
def test_a_picture_stays_where_it_is_when_a_step_is_taken(notebook):
    panel = notebook.panels.filter(has=notebook.page.locator(STEP)).first
    places = """panel => [...panel.querySelectorAll(".tinymlp-tile")].map(e => {
      const [tile, all] = [e.getBoundingClientRect(), panel.getBoundingClientRect()];
      return [tile.top - all.top, tile.left, tile.width, tile.height].map(Math.round);
    })"""
    for width, height in ((1400, 900), (1024, 768), (933, 600)):
        notebook.page.set_viewport_size({"width": width, "height": height})
        notebook.page.wait_for_timeout(300)
        before = panel.evaluate(places)
        notebook.changed(panel, lambda: press(panel, "Step"))
        assert panel.evaluate(places) == before
        notebook.changed(panel, lambda: press(panel, "Back"))
        assert panel.evaluate(places) == before
    notebook.page.set_viewport_size({"width": 1400, "height": 900})


TILES = """panels => panels.flatMap((panel, n) => [...panel.querySelectorAll(".tinymlp-tile")].map(e => {
  const [tile, all] = [e.getBoundingClientRect(), panel.getBoundingClientRect()];
  return [`panel ${n + 1}, ${e.dataset.view}`, [tile.left - all.left, tile.top - all.top, tile.width, tile.height]];
}))"""


def test_the_tiles_of_every_panel_stand_where_they_stood(notebook, write_layouts):
    boxes = []
    for width, height in ((1366, 768), (1024, 768), (933, 600)):
        notebook.page.set_viewport_size({"width": width, "height": height})
        notebook.page.wait_for_timeout(300)
        boxes += [(f"{width}: {what}", box) for what, box in notebook.panels.evaluate_all(TILES)]
    notebook.page.set_viewport_size({"width": 1400, "height": 900})
    assert held(f"lesson_{notebook.name[:2]}", boxes, write_layouts) == []


@with_panel("step")
def test_the_arrow_keys_on_the_picture_step_and_go_back(notebook):
    panel = notebook.panels.filter(has=notebook.page.locator(STEP)).first
    panel.locator(".tinymlp-picture").focus()
    first = notebook.changed(panel, lambda: notebook.page.keyboard.press("ArrowRight"))
    notebook.page.keyboard.press("ArrowLeft")
    notebook.settled(panel, first)


@with_panel("gamma")
def test_a_dozen_fast_drags_leave_the_last_value_shown(notebook):
    panel = notebook.panels.filter(has=notebook.page.get_by_label("momentum γ")).first
    handle = panel.get_by_role("slider", name="momentum γ")
    handle.scroll_into_view_if_needed()
    start, mouse = handle.bounding_box(), notebook.page.mouse
    x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
    mouse.move(x, y)
    mouse.down()
    for n in range(12):
        mouse.move(x - 120 + 15 * (n % 7), y)
    mouse.move(x - 60, y)
    mouse.up()
    notebook.page.wait_for_timeout(1500)
    slider = float(handle.get_attribute("aria-valuetext"))
    field = float(panel.get_by_role("spinbutton", name="momentum γ").input_value())
    status = re.search(r"γ = ([\d.]+)\.", panel.locator(".tinymlp-status").inner_text()).group(1)
    assert slider == field == float(status) != 0.9
    rules = panel.locator("[data-view=step] .tinymlp-upper").all_text_contents()
    assert all(f"v ← {status} v" in text for text in rules)
    assert rules or not notebook.name.startswith("08")


def test_the_list_of_files_is_closed_when_the_workbook_is_first_opened(browser, tmp_path):
    lab = Lab(tmp_path)  # of its own: the other tests leave a layout behind
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(lab.url("00_start_here.ipynb").replace("reset&", ""))
    page.wait_for_function(READY)
    assert not page.locator("#filebrowser").is_visible()
    page.keyboard.press("Control+b")
    page.locator("#filebrowser, .jp-FileBrowser").first.wait_for(state="visible")
    page.close()
    lab.stop()


# What axe-core finds outside of our widgets: the rule, the element, and the issue in which it is known upstream.
UPSTREAM = [
    ("aria-allowed-attr", "<jp-button ", "jupyterlab/jupyterlab#16891: aria-pressed on a button of the toolbar"),
    ("aria-input-field-name", "<div spellcheck=", "jupyter/notebook#6671: the editor of a cell has no name"),
    ("aria-required-children", '<div role="feed"', "jupyterlab/jupyterlab#14765: cells in a feed are no articles"),
    ("button-name", 'class="jp-Button jp-collapseHeadingButton"', "none found: the button that folds a heading"),
    ("image-alt", '<img src="data:image/png', "jupyter/enhancement-proposals#120: no alternative text for an output"),
    ("region", "jp-skiplink-wrapper", "none found: the link that skips to the main panel is in no landmark"),
    ("empty-table-header", '<th align="right"></th>', "none found: Markdown makes a heading of a table's corner"),
]


def test_axe_finds_nothing_against_our_panels_and_cards(notebook):
    notebook.page.wait_for_timeout(600)
    assert violations(notebook.page) == []


def test_what_axe_finds_elsewhere_on_the_page_is_known_upstream(notebook):
    known = [(rule, element) for rule, element, _ in UPSTREAM]
    found = violations(notebook.page, inside=False)
    assert [(rule, html) for rule, html in found if not any(rule == r and e in html for r, e in known)] == []


@with_panel("gamma")
def test_axe_would_find_a_slider_without_a_name(notebook):
    handle = notebook.panels.locator(".noUi-handle").first
    name = handle.get_attribute("aria-label")
    handle.evaluate("e => e.removeAttribute('aria-label')")
    assert "aria-input-field-name" in [kind for kind, _ in violations(notebook.page)]
    handle.evaluate("(e, name) => e.setAttribute('aria-label', name)", name)


def test_every_slider_and_button_has_a_name(notebook):
    notebook.page.wait_for_timeout(600)
    unnamed = notebook.page.evaluate(
        """() => [...document.querySelectorAll(
             '.tinymlp-panel .noUi-handle, .tinymlp-faded .noUi-handle, .tinymlp-panel button, .tinymlp-faded button')]
           .filter(e => !(e.getAttribute('aria-label') || e.innerText.trim())).map(e => e.outerHTML)"""
    )
    assert unnamed == []


@with_panel("gamma", "epsilon")
def test_a_decimal_comma_is_read_as_a_point(notebook):
    field = notebook.page.get_by_label(re.compile("^(momentum γ|nudge ε)$")).first
    panel = notebook.panels.filter(has=notebook.page.get_by_label(re.compile("^(momentum γ|nudge ε)$"))).first
    field.scroll_into_view_if_needed()
    field.fill("")
    field.press_sequentially("0,25")
    notebook.changed(panel, lambda: field.press("Enter"))
    assert float(field.input_value()) == 0.25


@pytest.mark.parametrize("notebook", [path for path in PATHS if "faded(" in path.read_text()], indirect=True)
def test_a_faded_sheet_shows_its_verdict_beside_check_and_cuts_no_label(notebook):
    notebook.page.set_viewport_size({"width": 1366, "height": 768})
    table = notebook.page.locator(".tinymlp-faded").first
    check, verdict = table.get_by_role("button", name="Check", exact=True), table.locator(".tinymlp-verdict")
    for field in table.locator(".widget-gridbox input:enabled").all():
        field.fill("7")
        field.press("Tab")
    check.click()
    verdict.get_by_text("The first wrong number").wait_for()
    below = verdict.bounding_box()["y"] - (check.bounding_box()["y"] + check.bounding_box()["height"])
    assert 0 <= below < 60
    assert table.get_by_role("slider", name="blank numbers", exact=True).count() == 1
    part = table.locator("select")
    for option in part.locator("option").all_inner_texts():
        part.select_option(label=option)
        notebook.page.wait_for_timeout(300)
        labels = table.locator(".widget-gridbox .widget-label")
        assert labels.count()
        assert labels.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.innerText)") == []
    notebook.page.set_viewport_size({"width": 1400, "height": 900})


SMALL = [{"iterations": 1}, {}, {"iterations": 3}, {"sizes": (2, 2, 3), "output": "softmax"}, {"sizes": (3, 3, 1)}]


@pytest.mark.parametrize("options", SMALL, ids=str)
@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_a_class_is_printed_on_one_page_for_each_iteration_and_nothing_is_cut(browser, options, size):
    sheets = {name: homework.sheet(name, **options) for name in ("Ada", "Elisabeth von und zu Ahrenberg-Lindau")}
    page = browser.new_page()
    for solved in (False, True):
        page.set_content(paper.pages(sheets, solved))
        printed = page.pdf(format=size, prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2 * sheets["Ada"].iterations
        page.set_viewport_size({"width": 688, "height": 1000})  # 182 mm, what is printable of A4
        assert page.evaluate("document.documentElement.scrollWidth") <= 688
    page.close()


def opened_alone(browser, lab, name, source):
    """Return a notebook of one cell, opened, and its panel."""
    notebook = new_notebook(cells=[new_code_cell(source)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    write(notebook, lab.my / name)
    opened = Page(browser, lab, name)
    return opened, opened.run_all().first


HELD = """
import tinymlp as tm
from tinymlp.widgets import panel
panel(tm.Run(tm.worked_example()), show=("network", "units", "loss"), control="weight")
"""


def test_no_press_of_a_held_arrow_key_is_lost_and_handle_field_and_run_end_equal(browser, lab):
    opened, panel = opened_alone(browser, lab, "held.ipynb", HELD)
    handle = panel.locator(".noUi-handle").first
    handle.focus()
    for key, end in (("ArrowLeft", -1.6), ("ArrowRight", 0.4)):
        for _ in range(40):
            opened.page.keyboard.press(key)
            opened.page.wait_for_timeout(33)
        opened.page.wait_for_timeout(1500)
        status = re.search(r"w¹₁₁ = ([−\d.]+)\.", panel.locator(".tinymlp-status").inner_text()).group(1)
        shown = handle.get_attribute("aria-valuetext"), panel.get_by_role("spinbutton", name="value").input_value()
        assert [round(float(number), 9) for number in (*shown, status.replace("−", "-"))] == [end] * 3
    opened.page.close()


POINTED = """
import tinymlp as tm
from tinymlp.views import VIEWS, Facts, View
from tinymlp.widgets import panel

class SettingsMap(View):
    width, height, points = 300, 300, True

    def build(self, run, look):
        self.axes = self.figure.add_axes((0.1, 0.1, 0.8, 0.8))
        self.axes.set(xlim=(0, 2), ylim=(0, 1))
        self.point = self.move(self.axes.plot([0], [0], "o")[0])

    def read(self, run, look):
        if run.t == 1:
            raise ValueError("t: expected another iteration, got 1")
        return Facts(eta=run.eta, gamma=run.gamma)

    def draw(self, facts):
        self.point.set_data([facts.eta], [facts.gamma])

    def say(self, facts):
        return f"eta {facts.eta:.2f}, gamma {facts.gamma:.2f}"

    def pointed(self, x, y, facts):
        eta, gamma = self.place(self.axes, x, y)
        return {"eta": round(min(max(eta, 0), 2), 1), "gamma": round(min(max(gamma, 0), 1), 1)}

    def nudged(self, right, up, facts):
        return {"eta": round(facts.eta + 0.1 * right, 1), "gamma": round(facts.gamma + 0.1 * up, 1)}

VIEWS["map"] = SettingsMap
panel(tm.Run(tm.worked_example()), show=("map", "loss"), control=("step", "back", "eta", "gamma", "undo"))
"""


@pytest.fixture(scope="module")
def pointed(browser, lab):
    """Return the panel of a view of one's own on which one may point."""
    opened, panel = opened_alone(browser, lab, "pointed.ipynb", POINTED)
    yield opened, panel
    assert opened.errors() == []
    opened.page.close()


def test_a_click_a_drag_and_arrow_keys_at_a_place_reach_the_view(pointed):
    opened, panel = pointed
    figure = panel.locator(".tinymlp-points")
    figure.scroll_into_view_if_needed()
    box = figure.bounding_box()
    mouse, status = opened.page.mouse, panel.locator(".tinymlp-status")
    opened.changed(panel, lambda: mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    assert "η = 1. Momentum γ = 0.5." in status.inner_text()
    for key, said in (("ArrowRight", "η = 1.1. Momentum γ = 0.5."), ("ArrowUp", "η = 1.1. Momentum γ = 0.6.")):
        opened.changed(panel, lambda key=key: figure.press(key))
        assert said in status.inner_text()
    mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    mouse.down()
    for n in range(20):
        mouse.move(box["x"] + box["width"] * (0.3 + 0.02 * n), box["y"] + box["height"] * 0.3)
    mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.1)
    mouse.up()
    opened.page.wait_for_function(
        "e => e.innerText.includes('η = 2. Momentum γ = 1.')", arg=status.element_handle(), timeout=5_000
    )


def test_a_view_that_fails_says_so_in_its_tile_and_the_others_go_on(pointed):
    opened, panel = pointed
    opened.changed(panel, lambda: press(panel, "Step"))
    note = panel.locator(".tinymlp-note").first
    assert note.inner_text() == "The view 'map' cannot show this: t: expected another iteration, got 1"
    assert "t = 1" in panel.locator(".tinymlp-status").inner_text()
    assert panel.locator(".tinymlp-points svg").count() >= 2  # its last picture
    opened.changed(panel, lambda: press(panel, "Back"))
    assert note.inner_text() == ""
