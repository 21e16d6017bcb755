"""The workbook as a site: every lesson in a page that has its kernel in it, with all but this machine out of reach."""

import json
import re
import sys
from itertools import groupby
from zipfile import ZipFile

import pytest
from axe import violations
from execute_lessons import LESSONS, TIMED
from get_pyodide import FOLDER, LOCK, MISSING, known
from site_visit import BELOW, IDLE, OUTPUTS, PROBLEMS, TABLET, Visit, build, built_once, served
from test_second_day import LEFT

from tinymlp.teaching import exercises, keep, predictions
from tinymlp.teaching.questions import QUESTIONS
from tinymlp.widgets import predict

PATHS = sorted(LESSONS.glob("*.ipynb"))
FIRST = "00_start_here.ipynb"
UNCOUNTED = {"pyodide.js", "pyodide.asm.js"}  # scripts, whose bytes no script can count


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Build the site with the Pyodide of the tests beside it."""
    if not (FOLDER / LOCK).exists():
        pytest.skip(MISSING)
    return built_once(tmp_path_factory)


@pytest.fixture(scope="session")
def address(site):
    """Serve it as any web server would, and return its address."""
    with served(site.parents[BELOW.count("/")], BELOW) as address:
        yield address


@pytest.fixture
def visit(browser, address):
    """Give a test a browser at the site."""
    opened = Visit(browser, address)
    yield opened
    opened.context.close()


def texts(lesson, outputs):
    """Return the text of each cell's outputs, given a list of these; of a cell whose outputs are timings, no text."""
    timed = [TIMED in cell["metadata"].get("tags", []) for cell in lesson]
    return ["" if skip else _text(each) for skip, each in zip(timed, outputs, strict=True)]


def _text(outputs):
    """Return outputs as one text: whether printed lines are one output or many is the front end's own affair."""
    parts = []
    for kind, together in groupby(outputs, key=lambda output: output["output_type"] == "stream"):
        texts = ["".join(each.get("text") or each.get("data", {}).get("text/plain", "")) for each in together]
        parts += ["".join(texts)] if kind else texts
    return "".join(text.rstrip("\n") + "\n" for text in parts)


def step(page):
    return page.locator(".tinymlp-panel button:text-is('Step'):enabled").first


@pytest.mark.site
@pytest.mark.parametrize("lesson", PATHS, ids=lambda path: path.stem)
def test_a_lesson_runs_in_the_page_and_says_what_it_says_elsewhere(lesson, visit):
    visit.open(lesson.name)
    cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    for cell, outputs in zip(cells, visit.page.evaluate(OUTPUTS), strict=True):
        if cell["cell_type"] == "code" and "cover=True" in "".join(cell["source"]):
            assert not any("image/png" in output.get("data", {}) for output in outputs)
    visit.run_all()
    assert visit.page.evaluate(PROBLEMS) == []
    assert texts(cells, visit.page.evaluate(OUTPUTS)) == texts(cells, [cell.get("outputs", []) for cell in cells])
    assert visit.elsewhere == []


@pytest.mark.site
def test_ten_steps_a_locked_guess_and_a_solved_exercise_are_there_again_when_the_page_is_reloaded(visit):
    visit.open(FIRST)
    visit.run_all()
    page = visit.page
    card = page.locator(".tinymlp-prediction").first
    card.locator("select").first.select_option(index=1)
    card.get_by_role("button", name="Lock", exact=True).click()
    said = card.get_by_text("you said").first
    said.wait_for()
    locked = card.locator("select").first.input_value()
    assert keep.BESIDE in card.inner_text()
    status = page.locator(".tinymlp-panel:has(button:text-is('Step'))").first.locator(".tinymlp-status")
    for t in range(1, 11):
        step(page).click()
        status.get_by_text(re.compile(rf"\bt = {t}\b|\bStep {t}\b|\bstep {t}\b")).first.wait_for()
    solved = "from tinymlp.teaching import exercises; print(exercises.exercise('01.threshold').check((3.0, -9.0)))"
    assert "well done" in visit.says(solved)

    visit.reload()
    page.wait_for_selector(".tinymlp-panel.jupyter-widgets-disconnected .tinymlp-picture[data-frame]")
    assert not page.locator("#filebrowser").is_visible()
    assert set(visit.left()) == {LEFT}
    visit.run_all()
    assert card.locator("select").first.input_value() == locked
    assert not card.get_by_role("button", name="Lock", exact=True).is_enabled()
    assert visit.says("from tinymlp.teaching import exercises; print(exercises.done())") == "{'01.threshold'}\n"
    page.get_by_text(keep.BESIDE, exact=True).first.wait_for(state="attached")  # in the list of files, to be downloaded
    assert visit.elsewhere == []


VOTES = """
from pathlib import Path
from tinymlp.widgets import my_guesses, predict, votes
card = predict("08.when", reveal=False)
card.prediction.lock("the first", 50)
card.prediction.lock("the second", 90)
file = my_guesses("Ada")
file.save.click()
from tinymlp.teaching.collected import to_hand_in
Path("class").mkdir(exist_ok=True)
Path("class/Ada.txt").write_bytes(to_hand_in("Ada"))
view = votes("class")
view.answer.click()
print('download="guesses-Ada.txt"' in file.file.value, len(view.notes))
print(view.describe())
"""


@pytest.mark.site
def test_in_the_page_one_votes_twice_makes_the_file_to_hand_in_and_reads_those_of_a_class(visit):
    visit.open(FIRST)
    said = visit.says(VOTES)
    assert said.startswith("True 0\n1 learner, 1 question\n  08.when: 1 first vote and 1 second vote\n"), said
    assert "wrong to right: 1" in said
    assert visit.elsewhere == []


@pytest.fixture
def tablet(browser, address):
    """Give a test a tablet at the site."""
    opened = Visit(browser, address, **TABLET)
    yield opened
    opened.context.close()


SMALL = """all => all.filter(e => e.offsetHeight).map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
  .filter(([_, box]) => box.width < 24 || box.height < 24).map(([html]) => html)"""


@pytest.mark.site
@pytest.mark.parametrize("lesson", ["00_start_here", "05_chain_rule", "08_momentum_by_hand", "10_too_much_momentum",
                                    "13_playground"])  # fmt: skip
def test_on_a_tablet_a_lesson_is_whole_a_finger_can_hit_each_control_and_axe_finds_nothing(lesson, tablet):
    tablet.open(f"{lesson}.ipynb")
    panels = tablet.run_all()
    tablet.lock_predictions()
    tablet.page.wait_for_timeout(600)
    assert not tablet.page.locator("#filebrowser").is_visible()
    assert panels.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length") == 0
    controls = ".tinymlp :is(button, select, input, .noUi-handle)"
    assert tablet.page.locator(controls).evaluate_all(SMALL) == []
    assert violations(tablet.page) == []


@pytest.mark.site
def test_a_finger_moves_a_slider_chooses_a_weight_and_scrolls_the_page(tablet):
    tablet.open(FIRST)
    panel = tablet.run_all().first
    tablet.lock_predictions()
    handle = panel.get_by_role("slider", name="step size η")
    tablet.changed(panel, lambda: tablet.drag(handle, right=40))
    assert float(handle.get_attribute("aria-valuetext")) > 0.8
    edge = panel.locator(".tinymlp-lower #pick-W2-0-0 path").first
    tablet.changed(panel, edge.tap)
    assert "w²₁₁ =" in panel.locator(".tinymlp-status").inner_text()
    scrolled = "document.querySelector('.jp-WindowedPanel-outer').scrollTop"
    picture = panel.locator("[data-view=network]")
    picture.evaluate("e => e.scrollIntoView({ block: 'center' })")
    before = tablet.page.evaluate(scrolled)
    tablet.drag(picture, down=-150)
    tablet.page.wait_for_function(f"before => {scrolled} > before + 80", arg=before)


@pytest.mark.site
def test_a_finger_drags_a_point_over_a_map(tablet):
    tablet.open("10_too_much_momentum.ipynb")
    panels = tablet.run_all()
    tablet.lock_predictions()
    panel = panels.filter(has=tablet.page.locator("[data-view=map]")).first
    tablet.changed(panel, lambda: tablet.drag(panel.locator(".tinymlp-points"), right=60, down=40))


@pytest.mark.site
def test_the_kernel_in_the_page_helps_whoever_skips_the_first_cell_and_knows_all_fonts(visit):
    visit.page.goto(f"{visit.address}/")
    visit.page.get_by_role("link", name="Run Start here").click()
    visit.page.wait_for_function(IDLE)
    assert 'The name "panel" is not known yet' in visit.says("panel")
    fonts = """
from os.path import basename
from matplotlib.font_manager import FontManager, fontManager
def listed(manager): return {(basename(each.fname), each.name, each.style, each.weight) for each in manager.ttflist}
print(listed(fontManager) == listed(FontManager()) or listed(fontManager) ^ listed(FontManager()))
"""
    assert visit.says(fonts).endswith("True\n")


LISTEN = """new MutationObserver(() => {
  const line = document.querySelector("#tinymlp-loading");
  if (line) (window.said ??= []).push([...line.children].map(e => e.textContent));
}).observe(document, { childList: true, subtree: true })"""


@pytest.mark.site
def test_the_page_says_how_far_it_is_until_python_is_ready_and_a_screen_reader_hears_each_stage_once(visit):
    visit.page.add_init_script(LISTEN)
    visit.open(FIRST)
    visit.page.locator("#tinymlp-loading").wait_for(state="detached")
    said = visit.page.evaluate("window.said")
    stages = [spoken for n, (_, spoken) in enumerate(said) if spoken and spoken != said[n - 1][1]]
    loading = "Loading Python, the first time only. You can read meanwhile."
    assert stages == ["Loading the workbook.", loading, "Starting Python.", "Python is ready."]
    shown = [re.fullmatch(re.escape(loading) + r" (\d+) of (\d+) MB", words) for words, _ in said if loading in words]
    assert len({match[1] for match in shown}) > 3
    assert visit.page.get_attribute("html", "lang") == "en"


@pytest.mark.site
def test_who_has_no_network_or_too_old_a_browser_is_told_so(browser, tmp_path):
    build(tmp_path / "site")  # whose Pyodide is elsewhere
    with served(tmp_path / "site") as address:
        for script, words in (("", "did not arrive"), ("delete window.structuredClone", "This browser is too old")):
            visit = Visit(browser, address, service_workers="block")  # what one fetches, cannot be refused here
            visit.page.add_init_script(script)
            visit.page.goto(f"{address}/lab/index.html?path={FIRST}")
            line = visit.page.locator("#tinymlp-loading")
            line.get_by_text(words).first.wait_for()
            assert line.get_by_role("button", name="Reload the page").is_visible()
            visit.context.close()


@pytest.mark.site
def test_the_page_knows_how_much_there_is_to_load(site):
    laid = [path.stat().st_size for path in (site / "pyodide").iterdir() if path.name not in UNCOUNTED]
    own = [path.stat().st_size for path in site.rglob("*.whl") if path.parent.name == "wheels"]
    assert json.loads((site / "packages.json").read_text())["bytes"] == pytest.approx(sum(laid) + sum(own), rel=0.01)


@pytest.mark.site
def test_the_site_carries_no_package_that_no_lesson_needs_and_every_wheel_has_its_licence(site):
    live = [path for path in site.rglob("*") if path.is_file() and path.parent != site / "read"]
    assert sum(path.stat().st_size for path in live) < 60e6
    laid = {path.name for path in (site / "pyodide").iterdir()}
    assert laid - {LOCK} < set(known())
    assert not [name for name in laid if re.match("scipy|pandas|jedi|openssl|fonttools", name)]
    for path in (site / "wheels").iterdir():
        names = ZipFile(path).namelist()
        assert any("LICENSE" in name for name in names), path.name
        assert not [name for name in names if name.endswith(".so")]


@pytest.mark.site
def test_the_published_site_takes_pyodide_from_its_own_address_and_in_the_version_that_is_tested(tmp_path):
    facts = json.loads((build(tmp_path / "site", "--no-pages") / "packages.json").read_text())
    assert facts["pyodide"].startswith("https://")
    assert facts["pyodide"].endswith("/v0.27.7/full/")
    assert not (tmp_path / "site" / "pyodide").exists()
    assert "?path=00_start_here.ipynb" in (tmp_path / "site" / "index.html").read_text()  # without pages to read


def test_in_a_page_guesses_are_kept_beside_the_lessons_in_text_files(tmp_path, monkeypatch):
    monkeypatch.delenv("TINYMLP_HOME")
    assert keep.where() == ""
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert "keep nothing" in keep.where()
    monkeypatch.setattr(keep, "DRIVE", str(tmp_path))
    keep.add(predictions.FILE, {"name": "a", "question": "b"})
    keep.add(exercises.FILE, {"name": "c"})
    assert {path.name for path in (tmp_path / keep.BESIDE).iterdir()} == {
        "predictions.jsonl.txt",
        "exercises.jsonl.txt",
    }
    assert keep.read(predictions.FILE) == ([{"name": "a", "question": "b"}], "")
    assert keep.BESIDE in keep.where()


def test_the_cards_say_where_guesses_are_kept_in_a_page_alone(monkeypatch):
    def lines(card):
        return [child.value for child in card.children if hasattr(child, "value")]

    name = next(iter(QUESTIONS))
    assert keep.BESIDE not in str(lines(predict(name)))
    monkeypatch.setattr(keep, "where", lambda: f"kept in {keep.BESIDE}")
    card = predict(name)
    assert f"kept in {keep.BESIDE}" in lines(card)
    assert keep.BESIDE not in card.describe()
