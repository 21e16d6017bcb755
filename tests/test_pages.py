"""The readable part of the site: the front page, and each lesson with recordings and predictions in the page."""

import base64
import gzip
import json
import re
from html import unescape

import pytest
from axe_playwright_python.sync_playwright import Axe
from execute_lessons import LESSONS
from site_visit import BELOW, Visit, built_once, served

import tinymlp as tm
from tinymlp.pages import Page
from tinymlp.pages.cards import WITHOUT, card, told
from tinymlp.pages.tours import TOURS, Tour, tour
from tinymlp.teaching.questions import QUESTIONS
from tinymlp.widgets import exercise, panel, predict
from tinymlp.widgets.recordings import record

PATHS = sorted(LESSONS.glob("*.ipynb"))
DOCUMENTS = ["read/teaching.html", "read/compose.html", "read/hub/README.html"]
PAGES = ["index.html", *(f"read/{path.stem}.html" for path in PATHS), *DOCUMENTS]
LIVE = "../lab/index.html?path=00_start_here.ipynb"
READY = """document.readyState === 'complete' && !document.querySelector('.tinymlp-recording:not([data-ready])')"""
PROSE = """article => {
  const copy = article.cloneNode(true);
  copy.querySelectorAll('pre, code, script').forEach(part => part.remove());
  return copy.textContent;
}"""
# What a reader is told only after a guess.
ANSWER = "ten small corrections, and most of the mistake is gone"


# Cards, without a site ------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(own_home):
    """Ask the first question."""
    return predict("00.first").prediction


def test_a_card_asks_and_says_nothing_of_the_answer(asked):
    made = card(asked, LIVE)
    assert asked.question in unescape(made)
    assert all(option in unescape(made) for option in asked.options)
    assert not any(reason in unescape(made) for reason in asked.reasons.values())


def test_what_is_told_are_the_words_of_the_live_card(asked):
    said = told(asked)
    assert not asked.locked  # and the question can still be asked
    for guess in asked.options:
        asked.lock(guess)
        assert said["locked"][guess] == asked.outcome()
        asked.tell()
        assert said["told"][guess] == asked.outcome()
        assert said["reasons"] == asked.explained()
        asked.again()


@pytest.mark.parametrize("name", [name for name, question in QUESTIONS.items() if question.kind])
def test_a_guess_that_is_drawn_is_left_to_the_live_lesson(name, own_home):
    made = card(predict(name).prediction, LIVE)
    assert "drawn on the picture" in made
    assert f'href="{LIVE}"' in made
    assert "radio" not in made


def test_a_page_shows_an_exercise_without_its_solution_and_leads_to_the_live_lesson(own_home):
    made = unescape(Page(LIVE).html(exercise("00.loss")))
    task = exercise("00.loss").task
    assert task.task in made
    assert "Not tried:" in made
    assert f'href="{LIVE}"' in made
    assert str(task.solution()) not in made
    assert not any(hint in made for hint in task.hints)


def test_a_page_shows_a_panel_as_a_recording_that_waits_for_its_prediction(own_home):
    guess = predict("08.bias")
    made = Page(LIVE).html(panel(tm.Run(tm.worked_example()), show="loss", control="step", after=guess))
    assert 'class="tinymlp-recording" data-after="08.bias"' in made
    assert "live lesson" not in made


def test_every_tour_is_of_a_question():
    assert set(TOURS) <= set(QUESTIONS)


@pytest.mark.parametrize("name", ["00.first", "08.when"])
def test_the_recording_goes_as_far_as_its_question_asks(name, own_home):
    control = ("step", "eta", "weight") if name == "00.first" else ("step", "back")
    guess = predict(name)
    board = panel(tm.Run(tm.worked_example()), show="loss", control=control, after=guess)
    assert any(record(board, *tour(board)[:3], seen=guess.prediction.seen).seen)


# The pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """Build the site."""
    return built_once(tmp_path_factory)


@pytest.fixture(scope="session")
def address(pages):
    """Serve it below a folder, and return its address."""
    with served(pages.parents[BELOW.count("/")], BELOW) as address:
        yield address


class Reader(Visit):
    """A reader's browser, which notes every script that fails."""

    def __init__(self, browser, address, **options):
        super().__init__(browser, address, **options)
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def read(self, page):
        """Open a page, and wait until its recordings can be played."""
        self.page.goto(f"{self.address}/{page}")
        self.page.wait_for_function(READY)
        return self.page


@pytest.fixture
def reader(browser, address):
    """Give a test a browser at the site, in which no script fails and which asks nothing of elsewhere."""
    opened = Reader(browser, address)
    yield opened
    opened.context.close()
    assert opened.errors == []
    assert opened.elsewhere == []


@pytest.mark.site
def test_every_lesson_has_its_page_and_the_front_page_lists_them_with_their_questions(pages):
    assert all((pages / page).exists() for page in PAGES)
    front = unescape((pages / "index.html").read_text(encoding="utf-8"))
    readme = (LESSONS.parent / "README.md").read_text(encoding="utf-8")
    questions = dict(re.findall(r"\| \[(\w+)\]\(notebooks/.*\) \| (.*) \|", readme))
    for path in PATHS:
        words = re.sub(r"\W+", " ", questions[path.stem].rstrip("?"))[:20]
        assert words in re.sub(r"\W+", " ", front)


@pytest.mark.site
def test_a_page_is_small_and_all_of_them_are_smaller_than_the_kernel_of_a_live_lesson(pages):
    sizes = {page: (pages / page).stat().st_size for page in PAGES}
    assert sizes["index.html"] < 200e3  # JupyterLite reads it whenever it starts
    assert max(sizes.values()) < 4e6
    assert sum(sizes.values()) < 12e6


@pytest.mark.site
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_page_has_its_formulas_asks_nothing_of_elsewhere_and_axe_finds_nothing(browser, address, page, colours):
    opened = Reader(browser, address, color_scheme=colours)
    shown = opened.read(page)
    assert shown.evaluate("document.querySelectorAll('merror').length") == 0
    assert shown.evaluate("[...document.querySelectorAll('math')].every(e => e.getBoundingClientRect().width > 0)")
    assert "$" not in shown.locator("article").evaluate(PROSE)
    for width in (1366, 820):
        shown.set_viewport_size({"width": width, "height": 768})
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(shown).response["violations"]
    assert [(each["id"], node["html"][:200]) for each in found for node in each["nodes"]] == []
    assert (opened.elsewhere, opened.errors) == ([], [])
    opened.context.close()


@pytest.mark.site
def test_what_a_cell_shows_as_markdown_has_its_tables(pages):
    sheet = (pages / "read" / "15_homework.html").read_text(encoding="utf-8")
    assert "| sample |" not in sheet
    assert re.search(r"<th[^>]*><p>sample</p></th>", sheet)


@pytest.mark.site
def test_a_guess_that_is_locked_opens_its_recording_and_is_there_after_a_reload_and_in_the_lesson(reader):
    page = reader.read("index.html")
    step = page.get_by_role("button", name="10 steps")
    first = page.locator(".tinymlp-prediction").first
    assert step.is_disabled()
    assert ANSWER not in page.locator("body").inner_text()
    first.get_by_role("button", name="Lock").click()
    assert "Choose an answer first." in first.inner_text()
    first.get_by_label("about 0.35").check()
    first.get_by_role("button", name="Lock").click()
    assert 'Locked: you said "about 0.35' in first.inner_text()
    assert ANSWER not in page.locator("body").inner_text()
    before = step.bounding_box()
    step.click()
    assert ANSWER in first.inner_text()
    assert step.bounding_box() == before  # nothing has moved away from under the pointer
    for again in ("index.html", "read/00_start_here.html"):
        page = reader.read(again)
        first = page.locator(".tinymlp-prediction").first
        assert "You said" in first.inner_text()
        assert first.get_by_label("about 0.35").is_checked()
        assert first.get_by_label("about 0.7").is_disabled()
        page.locator(".tinymlp-recording").first.get_by_role("button", name="Step", exact=True).and_(
            page.locator(":enabled")
        ).wait_for()


@pytest.mark.site
def test_who_does_not_try_it_out_is_told_and_asked_why_and_can_be_asked_again(reader):
    page = reader.read("read/09_velocity.html")
    name = next(
        name for name, answer in answers(page).items() if answer["why"] and "" not in answer["locked"] and answer["do"]
    )
    first = page.locator(f'.tinymlp-prediction[data-name="{name}"]')
    first.locator("input").first.check()
    first.get_by_role("button", name="Lock").click()
    assert "Now say why" not in first.inner_text()
    first.get_by_role("button", name="Tell me").click()
    assert "You said" in first.inner_text()
    why = first.locator(".tinymlp-why")
    why.locator("input").first.check()
    why.get_by_role("button", name="Answer").click()
    assert all(line in why.inner_text() for line in answers(page)[name]["why"]["reasons"])
    page.reload()
    assert why.locator("input").first.is_checked()
    first.get_by_role("button", name="Ask me again").click()
    assert "You said" not in first.inner_text()
    assert first.locator("input").first.is_enabled()


def answers(page):
    """Return what a page's script tells, by the name of the prediction."""
    return json.loads(page.locator(".tinymlp-answers").text_content())


@pytest.mark.site
def test_without_a_guess_one_can_go_on_where_the_guess_would_be_drawn(reader):
    page = reader.read("read/08_momentum_by_hand.html")
    drawn = page.locator('.tinymlp-prediction[data-name="08.curve"]')
    recording = page.locator('.tinymlp-recording[data-after="08.curve"]')
    ten = recording.get_by_role("button", name="10 steps")
    assert ten.is_disabled()
    drawn.get_by_role("button", name="Go on without").click()
    ten.click()
    assert "It is " in drawn.locator(".tinymlp-outcome").inner_text()


@pytest.mark.site
def test_the_links_lead_from_the_front_page_to_a_lesson_and_from_there_to_the_live_one(reader):
    page = reader.read("index.html")
    page.get_by_role("link", name="5. The chain rule", exact=True).last.click()
    page.wait_for_url("**/a%20school/tinymlp/read/05_chain_rule.html")
    assert page.get_by_role("heading", level=1).inner_text().startswith("5. The chain rule")
    for link in page.get_by_role("link", name="Run this lesson").all():
        assert link.evaluate("e => e.href") == f"{reader.address}/lab/index.html?path=05_chain_rule.ipynb"
    page.get_by_role("link", name="Run this lesson").last.click()
    page.wait_for_selector(".jp-Notebook .jp-MarkdownOutput h1")
    assert "5. The chain rule" in page.locator(".jp-Notebook h1").first.inner_text()
    reader.context.close()
    reader.elsewhere.clear()  # the live lesson of this site takes Pyodide from its own address,
    reader.errors.clear()  # and here in vain


@pytest.mark.site
def test_the_switch_of_the_theme_switches_recordings_as_well(reader):
    page = reader.read("index.html")
    colour = "getComputedStyle(document.querySelector('.tinymlp-panel')).backgroundColor"
    seen = set()
    for _ in range(3):  # its own, dark, light
        seen.add((page.evaluate("document.body.dataset.theme === 'dark'"), page.evaluate(colour)))
        page.locator(".theme-toggle:visible").click()
    assert {dark for dark, _ in seen} == {True, False}
    assert len({colour for _, colour in seen}) == 2


@pytest.mark.site
def test_without_scripts_a_page_still_reads(browser, address):
    opened = Visit(browser, address, java_script_enabled=False)
    opened.page.goto(f"{address}/read/00_start_here.html")
    text = opened.page.locator("article").inner_text()
    assert WITHOUT in text
    assert "What is the loss after ten steps?" in text
    assert ANSWER not in text
    opened.context.close()


@pytest.mark.site
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_what_a_question_tells_one_to_do_happens_in_its_recording_or_it_says_that_it_cannot(pages, path):
    html = (pages / "read" / f"{path.stem}.html").read_text(encoding="utf-8")
    for name, packed in re.findall(
        r'data-after="([\w.]+)".*?<script type="application/gzip">(.*?)</script>', html, re.S
    ):
        seen = json.loads(gzip.decompress(base64.b64decode(packed)))["seen"]
        can = TOURS.get(name, Tour()).shows and QUESTIONS[name].seen is not None
        assert any(seen) == can, name
