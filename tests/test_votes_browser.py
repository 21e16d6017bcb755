"""Vote, discuss, vote again, in a real JupyterLab: a learner's card by the keyboard alone, and the teacher's view."""

import shutil

import pytest
from axe import violations
from nbformat import write
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect
from workbook import Page, kernel

pytestmark = pytest.mark.browser
CARD = """
import tinymlp as tm
from tinymlp.widgets import hands, my_guesses, panel, predict, votes
card = predict("08.when", reveal=False)
card
"""
PANEL = 'panel(tm.Run(tm.worked_example()), show="step", control=("step", "back"), after=card)'
KEPT = "Your first vote is kept. Talk with a neighbour, then vote again."


@pytest.fixture
def classroom(browser, lab):
    """Return a page with a learner's card and panel, and a teacher's view of the class, before any vote."""
    home = lab.my.parent / "tinymlp_home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    cells = [
        CARD,
        PANEL,
        f'view = votes("{home}")\nview',
        'hands("08.bias", [6, 17, 5], [2, 25, 1])',
        'my_guesses("Ada")',
    ]
    notebook = new_notebook(cells=list(map(new_code_cell, cells)))
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    write(notebook, lab.my / "votes.ipynb")
    opened = Page(browser, lab, "votes.ipynb", width=1366, height=768)
    opened.run_all()
    yield opened
    assert opened.errors() == []
    opened.page.close()
    shutil.rmtree(home)


def press_to(page, words, key="Tab"):
    """Press a key until the button with these words has the focus."""
    for _ in range(12):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.innerText") == words:
            return
    raise AssertionError(f"{key} does not lead to {words}")


def vote(page, card, downs):
    """Choose the answer so far down the list, with a certainty, and lock it: with the keyboard."""
    answer = card.get_by_label("your guess")
    answer.focus()
    for n in range(1, downs + 1):
        page.keyboard.press("ArrowDown")
        while kernel(page, "card.guess.index") != str(n):  # nobody presses keys faster than a kernel hears of them
            page.wait_for_timeout(50)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    press_to(page, "Lock")
    page.keyboard.press("Enter")


def test_a_learner_votes_twice_with_the_keyboard_and_the_teacher_sees_it(classroom):
    page = classroom.page
    card, view = page.locator(".tinymlp-prediction"), page.locator(".tinymlp-votes").first
    step = page.locator(".tinymlp-panel").get_by_role("button", name="Step", exact=True)
    card.get_by_text("You vote twice").wait_for()
    vote(page, card, 3)
    card.get_by_text(KEPT).wait_for()
    expect(card.get_by_label("your guess")).to_have_value("choose ...")
    expect(step).to_be_disabled()
    assert violations(page) == []
    view.get_by_role("button", name="Refresh").press("Enter")
    view.get_by_text("1 first vote.").wait_for()
    vote(page, card, 2)
    card.get_by_text("Locked: you said").wait_for()
    expect(step).to_be_enabled()
    view.get_by_role("button", name="Play").press("Enter")  # by itself, until it is stopped
    view.get_by_text("1 first vote, 1 second vote.").wait_for()
    view.get_by_role("button", name="Play").press("Enter")
    view.get_by_text('1 moved from "the tenth" to "the second"').wait_for()
    for _ in range(2):
        step.press("Enter")
    card.get_by_text('You said "the second": right. At first you said "the tenth".').wait_for()


def test_the_answer_is_nowhere_on_the_page_before_it_is_asked_for(classroom):
    page, raised = classroom.page, classroom.page.locator(".tinymlp-votes").last
    told, marked = "The right answer: down.", "\N{CHECK MARK}"
    bars = raised.locator(".tinymlp-figure")
    before = bars.inner_html()
    assert told not in page.content()
    assert told not in str(classroom.page.evaluate("window.jupyterapp.shell.currentWidget.context.model.toJSON()"))
    raised.get_by_role("button", name="Advice").press("Enter")
    raised.get_by_text("Go on: more than 70 % are right.").wait_for()
    assert told not in page.content()
    raised.get_by_role("button", name="Show the right answer").press("Enter")
    raised.get_by_text(told).wait_for()
    assert bars.inner_html() != before
    assert marked not in before
    raised.get_by_role("button", name="Hide the right answer").press("Enter")
    expect(raised.get_by_text(told)).to_have_count(0)
    assert bars.inner_html() == before


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (820, 1180)])
def test_axe_finds_nothing_and_nothing_is_cut_off(classroom, theme, width, height):
    page = classroom.page
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    page.wait_for_selector(f"body[data-jp-theme-light={str(theme.endswith('Light')).lower()}]", state="attached")
    vote(page, page.locator(".tinymlp-prediction"), 1)
    page.get_by_text(KEPT).wait_for()
    raised = page.locator(".tinymlp-votes").last
    for name in ("Advice", "Show the right answer"):
        raised.get_by_role("button", name=name).click()
    raised.get_by_text("The right answer: down.").wait_for()
    page.get_by_role("button", name="Save my guesses").click()
    page.get_by_text("Download guesses-Ada.txt").wait_for()
    assert violations(page) == []
    for ours in page.locator(".tinymlp-votes, .tinymlp-prediction, .tinymlp-hand-in").all():
        assert ours.evaluate("e => e.scrollWidth <= e.clientWidth + 1")


def test_the_file_to_hand_in_is_downloaded_and_read_again(classroom, tmp_path):
    from tinymlp.teaching.votes import read

    page = classroom.page
    vote(page, page.locator(".tinymlp-prediction"), 2)
    page.get_by_text(KEPT).wait_for()
    page.get_by_role("button", name="Save my guesses").press("Enter")
    with page.expect_download() as download:
        page.get_by_text("Download guesses-Ada.txt").click()
    download.value.save_as(tmp_path / download.value.suggested_filename)
    assert read(tmp_path).tallies["08.when"].first == (0, 1, 0)
