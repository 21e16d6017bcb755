"""The workbook over some days: saved and opened again, several windows, long key presses, kernels that end."""

import re

import pytest
from workbook import READY, SHOWN, Page

pytestmark = pytest.mark.browser
FIRST = "00_start_here.ipynb"
LEFT = '"As you left it: run the cell to go on."'
BROKEN_LINKS = """[...document.querySelectorAll('.jupyter-widgets-disconnected')]
  .map(e => getComputedStyle(e, '::before'))
  .filter(mark => mark.display !== 'none' && mark.content.includes('\\uf127')).length"""
NOTEBOOK = "window.jupyterapp.shell.currentWidget"


def press(panel, word):
    panel.get_by_role("button", name=word, exact=True).click()


def iteration(panel):
    """Return the iteration that a panel's status names."""
    return int(re.match(r"t = (\d+):", panel.locator(".tinymlp-status").inner_text()).group(1))


@pytest.fixture(scope="module")
def lesson(browser, lab):
    """Return the first lesson, opened and run, its prediction locked and one step taken; and its panel."""
    opened = Page(browser, lab, FIRST, 1366, 768)
    panel = opened.run_all().first
    opened.lock_predictions()
    opened.changed(panel, lambda: press(panel, "Step"))
    yield opened, panel
    opened.page.close()


def test_two_windows_on_one_lesson_show_the_same_run(browser, lab, lesson):
    opened, panel = lesson
    opened.save()
    other = Page(browser, lab, FIRST, 1366, 768)
    other.page.wait_for_selector(".tinymlp-picture[data-frame]")
    twin = other.page.locator(".tinymlp-panel").first
    other.changed(twin, lambda: press(panel, "Step"))
    opened.settled(panel, twin.evaluate(SHOWN))
    opened.changed(panel, lambda: press(twin, "Back"))
    other.settled(twin, panel.evaluate(SHOWN))
    assert opened.errors() == other.errors() == []
    other.page.close()


def test_a_reloaded_page_goes_on_where_it_was(lesson):
    opened, panel = lesson
    shown = panel.evaluate(SHOWN)
    opened.save()
    opened.page.reload()
    opened.page.wait_for_function(READY)
    opened.page.wait_for_selector(".tinymlp-picture[data-frame]")
    opened.settled(panel, shown)
    assert opened.left() == opened.errors() == []
    opened.changed(panel, lambda: press(panel, "Step"))


def test_a_view_of_the_output_can_be_closed_and_opened_again(lesson):
    opened, _ = lesson
    inside = opened.page.locator(".jp-Notebook .tinymlp-panel")
    twin = opened.page.locator(".jp-LinkedOutputView .tinymlp-panel")
    for _ in range(2):
        inside.click(position={"x": 2, "y": 2})
        opened.page.evaluate("window.jupyterapp.commands.execute('notebook:create-output-view')")
        twin.locator(".tinymlp-picture[data-frame]").wait_for()
        opened.changed(twin, lambda: press(twin, "Step"))
        opened.settled(inside, twin.evaluate(SHOWN))
        opened.page.locator(".lm-TabBar-tab:has-text('Output View') .lm-TabBar-tabCloseIcon").click()
        twin.wait_for(state="detached")
        opened.changed(inside, lambda: press(inside, "Step"))
    assert opened.errors() == []


def test_sixty_repeats_of_a_held_key_are_sixty_steps(lesson):
    opened, panel = lesson
    before = iteration(panel)
    panel.locator(".tinymlp-picture").focus()
    for _ in range(60):
        opened.page.keyboard.down("ArrowRight")
    opened.page.keyboard.up("ArrowRight")
    panel.locator(f".tinymlp-status:has-text('t = {before + 60}:')").wait_for()
    opened.changed(panel, lambda: opened.page.keyboard.press("ArrowLeft"))
    assert iteration(panel) == before + 59


def test_a_saved_lesson_is_exported_by_the_menu_with_its_picture_as_it_was_left(lab, lesson):
    opened, panel = lesson
    opened.save()
    page = lab.text(f"nbconvert/html/{FIRST}")
    assert page.count('class="tinymlp-picture') == 1
    assert f"t = {iteration(panel)}: loss" in page


def test_what_was_saved_today_stands_there_tomorrow_as_it_was_left(browser, lab, lesson):
    opened, panel = lesson
    shown, ours = panel.evaluate(SHOWN), opened.page.locator(".tinymlp").count()
    opened.save()
    for day in ("tomorrow", "the day after, though nothing was run before it was saved"):
        lab.end_sessions()
        again = Page(browser, lab, FIRST, 1366, 768)
        assert again.wait_for_left(ours) == [LEFT] * ours, day  # cards and panel, one line each
        assert again.errors() == []
        assert again.page.locator(".tinymlp-panel").first.evaluate(SHOWN) == shown
        assert again.page.evaluate(BROKEN_LINKS) == 0
        step = again.page.get_by_role("button", name="Step", exact=True)
        assert step.evaluate("e => getComputedStyle(e).pointerEvents") == "none"
        again.save()
        again.page.close()


@pytest.fixture
def fresh(browser, lab):
    """Return the first lesson, opened and run for a test that ends its kernel."""
    opened = Page(browser, lab, FIRST, 1366, 768)
    opened.run_all()
    yield opened
    opened.page.close()


@pytest.mark.parametrize("end", ["restart", "shutdown", "crash"])
def test_a_panel_whose_kernel_ended_says_so_and_lives_again_when_it_is_run(lab, fresh, end):
    ours = fresh.page.locator(".tinymlp").count()
    if end == "crash":
        lab.kill_kernels()
    else:
        call = {"restart": "session.kernel.restart()", "shutdown": "shutdown()"}[end]
        fresh.page.evaluate(f"{NOTEBOOK}.sessionContext.{call}")
    assert fresh.wait_for_left(ours) == [LEFT] * ours
    if end == "shutdown":
        fresh.page.evaluate(f"{NOTEBOOK}.sessionContext.changeKernel({{name: 'python3'}})")
    if end == "crash":
        fresh.page.locator(".jp-Dialog button").click()  # Jupyter says that the kernel died, and starts it again
    fresh.page.wait_for_function(READY)
    panel = fresh.run_all().first
    assert fresh.left() == []
    fresh.lock_predictions()
    fresh.changed(panel, lambda: press(panel, "Step"))


IN_SIGHT = """ours => {
  const sight = ours.closest(".jp-WindowedPanel-outer").getBoundingClientRect(), box = ours.getBoundingClientRect();
  const whole = box.top >= sight.top && box.bottom <= sight.bottom;
  return whole || (box.height > sight.height && box.top >= sight.top && box.top < sight.top + 40);
}"""


def test_shift_enter_leaves_card_and_panel_in_sight(browser, lab):
    opened = Page(browser, lab, FIRST, 1366, 768)
    opened.page.locator(".jp-Cell").first.click()
    cells = opened.page.evaluate(f"{NOTEBOOK}.content.widgets.map(cell => cell.model.sharedModel.source)")
    wanted = {"predict(": ".tinymlp-prediction", "panel(": ".tinymlp-panel"}
    for n, source in enumerate(cells):
        opened.page.keyboard.press("Shift+Enter")
        for selector in [
            selector for call, selector in wanted.items() if f"\n{call}" in source or f"= {call}" in source
        ]:
            ours = opened.page.locator(".jp-Notebook .jp-Cell").nth(n).locator(selector)
            ours.locator("button").first.wait_for()
            opened.page.wait_for_timeout(800)
            assert ours.evaluate(IN_SIGHT), source
            del wanted[{value: key for key, value in wanted.items()}[selector]]
        if not wanted:
            break
    assert not wanted
    opened.page.close()
