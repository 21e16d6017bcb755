"""A panel that is presented, and a code that is copied, in a real browser and from the keyboard alone."""

import pytest
from axe import violations
from nbformat import write
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect
from workbook import Page, kernel

pytestmark = pytest.mark.browser
SIZES = [(1366, 768), (1920, 1080), (820, 1180)]
HEAD = "import tinymlp as tm\nfrom tinymlp.widgets import panel, playground, predict\nrun = tm.Run(tm.worked_example())"
BOXES = """panel => [...panel.querySelectorAll("button, input, select, .noUi-handle, .tinymlp-tile, .tinymlp-status")]
  .filter(e => e.getClientRects().length && !e.matches(".noUi-handle"))
  .map(e => { const b = e.getBoundingClientRect(); return [b.x, b.y, b.width, b.height].map(Math.round); })"""
LETTERS = """panel => [...panel.querySelectorAll(
    ".tinymlp-status, button, label, input, select, .tinymlp-tile:not(.tinymlp-unseen) .tinymlp-lower text")]
  .filter(e => e.getClientRects().length && e.textContent.trim())
  .map(e => parseFloat(getComputedStyle(e).fontSize) * (e.getScreenCTM?.().a ?? 1))"""


def opened_with(browser, lab, name, *cells):
    """Return a notebook of these cells, opened and run, and its panel."""
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in (HEAD, *cells)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    write(notebook, lab.my / name)
    opened = Page(browser, lab, name)
    return opened, opened.run_all().first


def theme(opened, name):
    opened.page.evaluate("t => window.jupyterapp.commands.execute('apputils:change-theme', { theme: t })", name)
    opened.page.wait_for_selector(f"body[data-jp-theme-name='{name}']", state="attached")


@pytest.fixture(scope="module")
def plain(browser, lab):
    """Return a panel as `panel(run)` makes it."""
    opened, shown = opened_with(browser, lab, "presented.ipynb", "board = panel(run)\nboard")
    yield opened, shown
    assert opened.errors() == []
    opened.page.close()


@pytest.fixture
def presented(plain):
    """Give a test the panel while it is presented, at its start, and leave it as it was."""
    opened, shown = plain
    opened.page.set_viewport_size({"width": 1366, "height": 768})
    button = shown.get_by_role("button", name="Present", exact=True)
    button.focus()
    button.press("Enter")
    opened.page.wait_for_selector(".tinymlp-presenting")
    yield opened, shown
    if shown.evaluate("e => e.classList.contains('tinymlp-presenting')"):
        opened.page.keyboard.press("Escape")
    shown.get_by_role("button", name="Reset", exact=True).click()


def at(shown, t):
    """Wait until the panel shows iteration t."""
    expect(shown.locator(".tinymlp-status")).to_contain_text(f"t = {t}:")


def test_it_fills_the_window_and_hides_the_rest_of_the_page(presented):
    opened, shown = presented
    for width, height in SIZES:
        opened.page.set_viewport_size({"width": width, "height": height})
        opened.page.wait_for_timeout(300)
        for x in (2, width // 2, width - 2):
            for y in (2, height // 2, height - 2):
                assert shown.evaluate("(e, [x, y]) => e.contains(document.elementFromPoint(x, y))", [x, y]), (x, y)


def test_letters_can_be_read_in_the_back_row(presented):
    _, shown = presented
    for n, word in enumerate(("network", "loss", "step")):
        shown.locator(".tinymlp-pictures button").nth(n).click()
        expect(shown.locator(f".tinymlp-tile[data-view={word}]")).to_be_visible()
        letters = shown.evaluate(LETTERS)
        assert min(letters) > 21.5
        assert sorted(letters)[len(letters) // 2] >= 23.9
    for place in shown.locator("button:visible, select:visible, input[type=number]:visible").all():
        assert place.bounding_box()["height"] >= 44


def test_nothing_jumps_when_a_step_is_taken_or_taken_back(presented):
    opened, shown = presented
    for width, height in SIZES:
        opened.page.set_viewport_size({"width": width, "height": height})
        opened.page.wait_for_timeout(300)
        before = shown.evaluate(BOXES)
        opened.page.keyboard.press("ArrowRight")
        at(shown, 1)
        assert shown.evaluate(BOXES) == before
        opened.page.keyboard.press("ArrowLeft")
        at(shown, 0)
        assert shown.evaluate(BOXES) == before


@pytest.mark.parametrize(
    "place", ["button:text-is('Reset')", ".noUi-handle", "select", "input[type=number]", ".tinymlp-picture", "body"]
)
def test_the_arrow_keys_step_wherever_the_focus_is(presented, place):
    opened, shown = presented
    if place == "body":
        opened.page.evaluate("document.activeElement.blur()")
    else:
        shown.locator(place).first.focus()
    for key, t in (("ArrowRight", 1), ("PageDown", 2), ("ArrowLeft", 1), ("PageUp", 0)):
        opened.page.keyboard.press(key)
        at(shown, t)
    assert kernel(opened.page, "run.eta") == "0.8"


def test_a_key_that_means_something_to_jupyter_does_nothing_there(presented):
    opened, _ = presented
    cells = "window.jupyterapp.shell.currentWidget.content.widgets.length"
    before = opened.page.evaluate(cells)
    opened.page.evaluate("document.activeElement.blur()")
    for key in "bbddx":
        opened.page.keyboard.press(key)
    assert opened.page.evaluate(cells) == before


def test_the_focus_stays_within_it_and_where_it_was_when_it_is_left(presented):
    opened, shown = presented
    for key in ("Tab", "Shift+Tab"):
        for _ in range(30):
            opened.page.keyboard.press(key)
            assert shown.evaluate("e => e.contains(document.activeElement)")
    field = shown.get_by_role("spinbutton", name="step size η")
    field.focus()
    opened.page.keyboard.press("ArrowRight")
    at(shown, 1)
    opened.page.keyboard.press("Escape")
    expect(shown.get_by_role("button", name="Present", exact=True)).to_be_visible()
    expect(field).to_be_focused()
    at(shown, 1)


def test_entering_and_leaving_moves_nothing_on_the_page_and_is_told(presented):
    opened, shown = presented
    spoken = shown.locator(".tinymlp-presenter .tinymlp-spoken")
    expect(spoken).to_contain_text("Right arrow: step. Left arrow: back. Escape: leave. Answers are hidden.")
    opened.page.keyboard.press("Escape")
    expect(spoken).to_have_text("No longer presenting.")
    before = shown.bounding_box()
    shown.get_by_role("button", name="Present", exact=True).press("Enter")
    shown.get_by_role("button", name="Leave", exact=True).press("Enter")
    assert shown.bounding_box() == before


def test_what_comes_next_waits_for_reveal(plain):
    opened, shown = plain
    tick = shown.get_by_role("checkbox", name="show what comes next")
    tick.check()
    shown.get_by_role("button", name="Present", exact=True).press("Enter")
    expect(tick).not_to_be_checked()
    shown.get_by_role("button", name="Reveal", exact=True).press("Enter")
    expect(tick).to_be_checked()
    shown.get_by_role("button", name="Hide", exact=True).press("Enter")
    expect(tick).not_to_be_checked()
    opened.page.keyboard.press("Escape")
    expect(tick).to_be_checked()
    tick.uncheck()


@pytest.mark.parametrize("name", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_against_it(plain, name):
    opened, shown = plain
    theme(opened, name)
    shown.get_by_role("button", name="Present", exact=True).press("Enter")
    assert violations(opened.page) == []
    shown.get_by_role("button", name="Hide controls").press("Enter")
    assert violations(opened.page) == []
    opened.page.keyboard.press("Escape")
    theme(opened, "JupyterLab Light")


def test_numbers_of_a_check_and_the_truth_of_a_card_wait_for_reveal(browser, lab):
    asked = "guess = predict('a vote', 'Which way?', 'down', do='Take a step.', seen=lambda run, look: run.t > 0)"
    opened, shown = opened_with(
        browser, lab, "asked.ipynb", f"{asked}\npanel(run, show=('check', 'loss'), after=guess)"
    )
    opened.page.set_viewport_size({"width": 1366, "height": 768})
    shown.get_by_role("button", name="Present", exact=True).press("Enter")
    card, check = shown.locator(".tinymlp-prediction"), shown.locator("[data-view=check] .tinymlp-figure")
    card.get_by_label("your guess").select_option("down")
    card.get_by_role("button", name="Lock", exact=True).press("Enter")
    expect(card.get_by_label("your guess")).to_be_disabled()
    opened.page.keyboard.press("ArrowRight")
    at(shown, 1)
    truth = card.locator(".tinymlp-answer")
    expect(truth).to_have_text('You said "down": right.')
    expect(truth).to_be_hidden()
    expect(check).to_be_hidden()
    before = shown.evaluate(BOXES)
    shown.get_by_role("button", name="Reveal", exact=True).press("Enter")
    expect(truth).to_be_visible()
    expect(check).to_be_visible()
    assert shown.evaluate(BOXES) == before, "what is told lies over the picture and pushes nothing"
    assert violations(opened.page) == []
    assert opened.errors() == []
    opened.page.close()


def test_a_panel_can_fill_the_window_as_soon_as_its_cell_has_run(browser, lab):
    opened, shown = opened_with(browser, lab, "opens.ipynb", "panel(run, present=True)")
    opened.page.wait_for_selector(".tinymlp-presenting")
    opened.page.keyboard.press("ArrowRight")
    at(shown, 1)
    opened.page.keyboard.press("Escape")
    assert opened.page.locator(".tinymlp-presenting").count() == 0
    opened.page.close()


@pytest.fixture(scope="module")
def shared(browser, lab):
    """Return a panel with the control `code`."""
    opened, shown = opened_with(
        browser, lab, "shared.ipynb", "run.step(3)\npanel(run, show='loss', control=('step', 'code'))"
    )
    yield opened, shown
    assert opened.errors() == []
    opened.page.close()


def test_one_press_puts_the_code_on_the_clipboard_and_says_so(shared):
    opened, shown = shared
    opened.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown.get_by_role("button", name="Copy code", exact=True).press("Enter")
    expect(shown.locator(".tinymlp-told")).to_have_text(
        "The whole run, exact to the bit. Copied: paste it where you like."
    )
    expect(shown.locator(".tinymlp-spoken[role=status]").filter(has_text="Copied")).to_have_count(1)
    code = opened.page.evaluate("navigator.clipboard.readText()")
    assert kernel(opened.page, f"tm.Run.from_code({code!r}).t") == "3"
    assert violations(opened.page) == []


@pytest.mark.parametrize(("may", "told"), [(True, "Copied: paste it"), (False, "Selected, as this page may not copy")])
def test_where_the_clipboard_is_not_to_be_had_the_field_is_copied_or_selected(shared, may, told):
    opened, shown = shared
    opened.page.evaluate(
        """may => {
          Object.defineProperty(navigator, "clipboard", { value: undefined, configurable: true });
          document.execCommand = () => may;
        }""",
        may,
    )
    field, button = shown.get_by_label("code", exact=True), shown.get_by_role("button", name="Copy code", exact=True)
    button.press("Enter")
    expect(shown.locator(".tinymlp-told")).to_contain_text(told)
    expect(button if may else field).to_be_focused()
    if not may:
        assert field.evaluate("e => e.selectionEnd - e.selectionStart === e.value.length && e.value.length > 20")
    button.focus()
    opened.page.evaluate("delete navigator.clipboard; delete document.execCommand")


def test_a_code_that_is_pasted_brings_its_run_back(shared):
    opened, shown = shared
    code = kernel(opened.page, "tm.Run(tm.worked_example()).step(7).code()")
    shown.get_by_label("code", exact=True).fill(code)
    shown.get_by_role("button", name="Take", exact=True).press("Enter")
    at(shown, 7)
