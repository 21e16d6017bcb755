"""A panel that plays, in a real JupyterLab: frames, pause, the pointer, the drawer, and all of it with the keyboard."""

import pytest
from axe import violations
from nbformat import write
from nbformat.v4 import new_code_cell, new_notebook
from workbook import Page, kernel

pytestmark = pytest.mark.browser
MADE = """
import tinymlp as tm
from tinymlp.recipes import Recipe
from tinymlp.views import VIEWS
from tinymlp.widgets import panel
VIEWS["network"].hovers = True
control = ("run", "step", "back", "undo", "redo", "reset", "scrub", "eta", "noise", "samples", "l2", "rival_eta")
board = panel(tm.Run(Recipe(sizes=(3,)).problem(eta=0.01)), show=("network", "loss"), control=control)
board
"""
FRAME = "e => Number(e.querySelector('.tinymlp-picture').dataset.frame)"


@pytest.fixture(scope="module")
def played(browser, lab):
    """Return (page, panel) of a panel that can play."""
    notebook = new_notebook(cells=[new_code_cell(MADE), new_code_cell("")])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    write(notebook, lab.my / "played.ipynb")
    opened = Page(browser, lab, "played.ipynb", 1366, 768)
    panel = opened.run_all().first
    yield opened, panel
    assert opened.errors() == []
    opened.page.close()


def until(page, expression):
    """Wait until an expression is true in the kernel."""
    for _ in range(100):
        if kernel(page, expression) == "True":
            return
        page.wait_for_timeout(100)
    raise AssertionError(expression)


def button(panel, name):
    return panel.get_by_role("button", name=name, exact=True)


def wait_for_frames(opened, panel, count):
    opened.page.wait_for_function(
        f"([e, least]) => ({FRAME})(e) >= least", arg=[panel.element_handle(), panel.evaluate(FRAME) + count]
    )


def test_play_moves_t_frame_by_frame_and_pause_stops_it(played):
    opened, panel = played
    panel.get_by_label("steps a frame").select_option(label="5")
    button(panel, "Play").click()
    button(panel, "Pause").wait_for()
    wait_for_frames(opened, panel, 10)
    button(panel, "Pause").click()
    button(panel, "Play").wait_for()
    opened.page.wait_for_timeout(300)
    t, frame = kernel(opened.page, "board.run.t"), panel.evaluate(FRAME)
    assert int(t) >= 50
    assert int(t) % 5 == 0
    opened.page.wait_for_timeout(300)
    assert (kernel(opened.page, "board.run.t"), panel.evaluate(FRAME)) == (t, frame)
    assert f"t = {t}: loss" in panel.locator(".tinymlp-status").inner_text()
    assert panel.get_by_role("spinbutton", name="iteration t").input_value() == t
    assert f"t = {t}" in panel.locator("[data-view=loss] .tinymlp-figure").get_attribute("aria-label")


def test_the_other_buttons_and_sliders_work_while_it_plays(played):
    opened, panel = played
    button(panel, "Play").click()
    wait_for_frames(opened, panel, 5)
    panel.get_by_role("slider", name="step size η").press("ArrowRight")
    wait_for_frames(opened, panel, 5)
    until(opened.page, "board.run.eta > 0.01 and board.plays")
    button(panel, "Reset").click()
    button(panel, "Play").wait_for()
    until(opened.page, "board.run.t == 0 and not board.plays")


def test_the_pointer_over_a_weight_is_told_until_it_leaves(played):
    opened, panel = played
    opened.page.wait_for_timeout(500)  # the frame of the reset puts a new line under a pointer that rests
    box = panel.locator(".tinymlp-lower #pick-W2-0-0 path").first.bounding_box()
    for aside in (0, 1, 2):  # and a pointer that moves on along the line is seen by it
        opened.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + aside / 2)
        opened.page.wait_for_timeout(100)
    until(opened.page, "board.look.hovered == ('W2', (0, 0))")
    opened.page.mouse.move(5, 5)
    until(opened.page, "board.look.hovered is None")


def test_the_drawer_opens_and_the_picture_does_not_move_by_a_pixel(played):
    opened, panel = played
    place = "e => { const box = e.querySelector('.tinymlp-picture').getBoundingClientRect(); return [box.x, box.y]; }"
    before = panel.evaluate(place)
    noise = panel.get_by_role("spinbutton", name="noise", exact=True)
    assert noise.is_visible()
    assert button(panel, "Data").get_attribute("aria-pressed") == "true"
    assert panel.evaluate(place) == before
    assert violations(opened.page) == []
    button(panel, "Race").click()
    panel.get_by_role("spinbutton", name="rival's η").wait_for(state="visible")
    assert not noise.is_visible()
    assert button(panel, "Data").get_attribute("aria-pressed") == "false"
    assert panel.evaluate(place) == before
    button(panel, "Race").click()
    panel.get_by_role("spinbutton", name="rival's η").wait_for(state="hidden")
    assert panel.evaluate(place) == before
    small = panel.locator(".tinymlp-drawer button").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).filter(box => box.width < 24 || box.height < 24).length"
    )
    assert small == 0


def test_the_keyboard_plays_pauses_and_opens_the_drawer(played):
    opened, panel = played
    page = opened.page
    button(panel, "Play").focus()
    page.keyboard.press("Enter")
    wait_for_frames(opened, panel, 3)
    page.wait_for_function("document.activeElement.innerText === 'Pause'")
    page.keyboard.press("Enter")
    button(panel, "Play").wait_for()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "Race":
            break
    page.keyboard.press("Space")
    rival = panel.get_by_role("spinbutton", name="rival's η")
    rival.wait_for(state="visible")
    button(panel, "Data").press("Space")
    noise = panel.get_by_role("spinbutton", name="noise", exact=True)
    noise.wait_for(state="visible")
    while not noise.evaluate("e => e === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.type("0.3")
    page.keyboard.press("Enter")
    until(page, "board.run.problem.recipe.noise == 0.3")
    button(panel, "Undo").press("Enter")
    until(page, "board.run.problem.recipe.noise == 0.1")


def test_a_dragged_slider_of_the_data_shows_its_last_value_and_is_one_undo_step(played):
    opened, panel = played
    page = opened.page
    if not panel.get_by_role("slider", name="noise").is_visible():
        button(panel, "Data").click()
    handle = panel.get_by_role("slider", name="noise")
    handle.wait_for(state="visible")
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    kept = kernel(page, "len(board._shelf.before)")
    page.mouse.move(x, y)
    page.mouse.down()
    for n in range(30):
        page.mouse.move(x + 3 * n, y)
    page.mouse.up()
    page.wait_for_timeout(2000)
    shown = panel.get_by_role("spinbutton", name="noise", exact=True).input_value()
    assert float(shown) == float(kernel(page, "board.run.problem.recipe.noise")) > 0.1
    assert int(kernel(page, "len(board._shelf.before)")) == int(kept) + 1
