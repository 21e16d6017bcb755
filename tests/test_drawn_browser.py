"""A guess that is drawn, in a real JupyterLab: with the pointer, and with the keyboard alone."""

import pytest
from axe import violations
from nbformat import write
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect
from workbook import Page

pytestmark = pytest.mark.browser
ASKED = """
from dataclasses import replace
import tinymlp as tm
from tinymlp.widgets import panel, predict
card = predict("{name}")
card
"""
PANELS = {  # name: (its panel, keys on the picture, the guess in words)
    "07.lands": (
        """two = (("W1", (2, 1)), ("W2", (1, 0)))
start = tm.worked_example().params.replace(*two[0], 3.0).replace(*two[1], -3.0)
problem = replace(tm.worked_example(), eta=2.0, gamma=0.0, params=start)
panel(tm.Run(problem, training=tm.Training(free=two)), show="surface", control=("step", "back"), after=card)""",
        "RRRDDDDDD",
        "your guess: (0.48, -0.96)",
    ),
    "08.curve": (
        'panel(tm.Run(tm.worked_example()), show="loss", control=("step", "ten"), after=card)',
        "DRDDRRDDDDD",
        "your guess at t = 2, 4, 6, 8, 10: 0.68, 0.66, 0.70, 0.61, 0.70",
    ),
    "09.angle": (
        'panel(tm.Run(replace(tm.problems.overlap(), eta=1.0, gamma=0.9)), show="angle", control="step", after=card)',
        "UUUURRL",
        "your guess: 25°",
    ),
}
KEYS = {"R": "ArrowRight", "L": "ArrowLeft", "U": "ArrowUp", "D": "ArrowDown"}


@pytest.fixture(params=PANELS)
def drawn(request, browser, lab):
    """Return (page, card, panel, keys, guess) of a question that is drawn, asked afresh."""
    (lab.my.parent / "tinymlp_home" / "predictions.jsonl").unlink(missing_ok=True)
    code, keys, guess = PANELS[request.param]
    notebook = new_notebook(cells=[new_code_cell(ASKED.format(name=request.param)), new_code_cell(code)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    write(notebook, lab.my / "drawn.ipynb")
    opened = Page(browser, lab, "drawn.ipynb")
    panel = opened.run_all().first
    yield opened, opened.page.locator(".tinymlp-prediction"), panel, keys, guess
    assert opened.errors() == []
    opened.page.close()


def tab_to(page, holds, key="Tab"):
    for _ in range(20):
        page.keyboard.press(key)
        if page.evaluate(f"document.activeElement.{holds}"):
            return
    raise AssertionError(f"{key} leads nowhere where {holds}")


def test_a_guess_is_drawn_and_locked_with_the_keyboard_alone(drawn):
    opened, card, panel, keys, guess = drawn
    page = opened.page
    card.get_by_role("combobox").first.focus()
    tab_to(page, "classList.contains('tinymlp-points')")
    for key in keys:
        page.keyboard.press(KEYS[key])
    card.get_by_text(guess).wait_for()
    assert violations(page) == []
    tab_to(page, "innerText === 'Lock'", "Shift+Tab")
    page.keyboard.press("Enter")
    card.get_by_text("Locked: you said").wait_for()
    expect(panel.get_by_role("button", name="Step", exact=True)).to_be_enabled()  # the panel's frame may come later


def test_a_guess_is_drawn_with_the_pointer_and_told_beside_the_truth(drawn):
    opened, card, panel, _, _ = drawn
    figure = panel.locator(".tinymlp-points")
    figure.scroll_into_view_if_needed()
    box, mouse = figure.bounding_box(), opened.page.mouse
    mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.4 * box["height"])
    mouse.down()
    for n in range(10):
        mouse.move(box["x"] + (0.4 + 0.03 * n) * box["width"], box["y"] + (0.4 + 0.02 * n) * box["height"])
    mouse.up()
    card.get_by_text("your guess").wait_for()
    card.get_by_role("button", name="Lock", exact=True).click()
    card.get_by_text("Locked: you said").wait_for()
    for t in range(1, 11):
        panel.get_by_role("button", name="Step", exact=True).click()
        panel.locator(f".tinymlp-status:has-text('t = {t}: loss')").wait_for()
    card.get_by_text("You said").wait_for()
    card.get_by_text("Now say why").wait_for()
    assert "apart" in figure.inner_text()
    assert violations(opened.page) == []
