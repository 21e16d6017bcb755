"""The workbook outside our JupyterLab: Notebook 7, a plain JupyterLab, Voila, a page from a disk, papermill, Binder.

What docs/front_ends.md says is tested is tested here.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from execute_lessons import LESSONS
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import expect
from test_site import texts
from workbook import TOKEN, Lab, Page

from tinymlp.lab.copies import COVERED

ROOT = LESSONS.parent
FIRST, PLAYGROUND = "00_start_here.ipynb", "13_playground.ipynb"
PICTURE = ".tinymlp-picture[data-frame]"
CLEAR = "rgba(0, 0, 0, 0)"
DEMO = "from tinymlp.widgets import playground\n\nplayground()"


class Notebook7(Lab):
    """The workbook as `python -m tinymlp notebook` opens it."""

    def __init__(self, folder):
        super().__init__(folder, command="notebook")

    def url(self, notebook):
        return f"http://localhost:{self.port}/notebooks/{notebook}?token={TOKEN}"


@pytest.fixture(scope="module")
def notebook7(tmp_path_factory):
    server = Notebook7(tmp_path_factory.mktemp("notebook7"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def plain_lab(tmp_path_factory):
    """Start JupyterLab as anybody does, in a folder with a lesson."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "my").mkdir()
    shutil.copy(LESSONS / FIRST, folder / "my")
    server = Lab(folder, module="jupyter")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def voila(tmp_path_factory):
    """Start Voila in a folder with lesson 13 and a notebook of one cell, in the dark; return its address."""
    folder = tmp_path_factory.mktemp("voila")
    shutil.copy(LESSONS / PLAYGROUND, folder)
    nbformat.write(new_notebook(cells=[new_code_cell(DEMO)]), folder / "demo.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "voila", str(folder), "--no-browser", f"--port={port}", "--theme=dark"]
    with (folder / "log.txt").open("w") as log:
        own = os.environ | {"TINYMLP_HOME": str(folder / "home")}
        server = subprocess.Popen(command, env=own, stdout=log, stderr=log)
    address = f"http://localhost:{port}/voila"
    for _ in range(300):
        assert server.poll() is None, (folder / "log.txt").read_text()
        try:
            urlopen(address.removesuffix("voila"), timeout=5).close()
            break
        except OSError:
            time.sleep(0.1)
    yield f"{address}/render"
    server.terminate()
    server.wait(20)


def use(panel):
    """Step a panel on by its button and by a key, and back by a key: what it says is to follow."""
    status = panel.locator(".tinymlp-status")
    panel.get_by_role("button", name="Step", exact=True).click()
    expect(status).to_contain_text("t = 1")
    panel.locator(".tinymlp-picture").press("ArrowRight")
    expect(status).to_contain_text("t = 2")
    panel.locator(".tinymlp-picture").press("ArrowLeft")
    expect(status).to_contain_text("t = 1")


def present(panel):
    """Present a panel: it is to fill the window, to step, and to be as it was when it is left."""
    before, status, page = panel.bounding_box(), panel.locator(".tinymlp-status").inner_text(), panel.page
    panel.get_by_role("button", name="Present", exact=True).press("Enter")
    sizes = page.viewport_size
    for x, y in ((2, 2), (sizes["width"] - 2, sizes["height"] - 2)):
        assert panel.evaluate("(e, [x, y]) => e.contains(document.elementFromPoint(x, y))", [x, y])
    page.keyboard.press("ArrowRight")
    expect(panel.locator(".tinymlp-status")).not_to_have_text(status)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    assert panel.bounding_box() == before
    assert panel.get_by_role("button", name="Present", exact=True).is_visible()


def looks_right(panel, paper):
    """Find the styles of ours in force: tiles with their layers one over the other, on paper of this colour."""
    assert panel.evaluate("panel => getComputedStyle(panel).backgroundColor") == f"rgb({paper}, {paper}, {paper})"
    lower, upper = (
        panel.locator(f".tinymlp-figure .tinymlp-{layer}").first.bounding_box() for layer in ("lower", "upper")
    )
    assert lower == upper
    assert lower["width"] > 300
    assert panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth")


def used(browser, server):
    """Open the first lesson, find it right and use it as a learner would; return the page and its panel."""
    opened = Page(browser, server, FIRST)
    panel = opened.run_all().first
    looks_right(panel, 255)
    opened.lock_predictions()
    use(panel)
    assert opened.errors() == []
    return opened, panel


@pytest.mark.browser
def test_a_lesson_in_notebook_7_runs_and_its_card_locks_and_its_panel_steps_by_button_and_key(browser, notebook7):
    opened, panel = used(browser, notebook7)
    assert opened.page.locator(".Toastify__toast").count() == 0
    opened.page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })")
    opened.page.wait_for_selector("body[data-jp-theme-light=false]", state="attached")
    looks_right(panel, 18)
    present(panel)
    opened.page.close()


@pytest.mark.browser
def test_notebook_7_shows_no_stored_picture_that_answers_a_question_and_brings_back_what_was_saved(browser, notebook7):
    covered = Page(browser, notebook7, "04_slopes.ipynb")
    assert covered.page.get_by_text(COVERED).count() == (LESSONS / "04_slopes.ipynb").read_text().count("cover=True")
    covered.page.close()
    opened = Page(browser, notebook7, FIRST)
    opened.run_all()
    opened.lock_predictions()
    opened.save()
    opened.page.close()
    notebook7.end_sessions()
    again = Page(browser, notebook7, FIRST)
    again.wait_for_left(1)
    assert again.errors() == []
    again.page.close()


@pytest.mark.browser
def test_a_lesson_works_in_a_jupyterlab_that_was_not_started_by_our_command(browser, plain_lab):
    opened, _ = used(browser, plain_lab)
    opened.page.close()


@pytest.mark.browser
def test_voila_shows_lesson_13_with_its_words_and_without_its_code_and_its_panels_play(browser, voila):
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(60_000)
    page.goto(f"{voila}/{PLAYGROUND}")
    panel = page.locator(f".tinymlp-panel:has({PICTURE})").nth(6)
    panel.wait_for()
    assert page.get_by_role("heading", name="13. The playground").is_visible()
    assert page.get_by_text("Things to try.").is_visible()
    assert page.locator(".mjx-chtml, .MathJax, mjx-container").count() > 10
    assert page.get_by_text("import tinymlp").count() == 0
    card = page.locator(".tinymlp-prediction").first
    card.locator("select").first.select_option(index=1)
    card.get_by_role("button", name="Lock", exact=True).click()
    card.get_by_text("you said").first.wait_for()
    use(page.locator(".tinymlp-panel").first)
    page.close()


@pytest.mark.browser
def test_voila_makes_a_demo_of_a_notebook_of_one_cell(browser, voila):
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(60_000)
    page.goto(f"{voila}/demo.ipynb")
    panel = page.locator(f".tinymlp-panel:has({PICTURE})")
    panel.wait_for()
    looks_right(panel, 18)
    assert panel.bounding_box()["width"] > 1300
    assert panel.bounding_box()["height"] <= 768
    use(panel)
    present(panel)
    handle = panel.locator(".noUi-handle[aria-label='step size η']")
    before = panel.locator(".tinymlp-status").inner_text()
    handle.press("ArrowRight")
    expect(panel.locator(".tinymlp-status")).not_to_have_text(before)
    panel.get_by_role("button", name="Play", exact=True).click()
    expect(panel.locator(".tinymlp-status")).to_contain_text(re.compile(r"t = [1-9]\d"))
    panel.get_by_role("button", name="Pause", exact=True).click()
    page.close()


@pytest.mark.browser
def test_an_exported_page_opened_from_a_disk_shows_everything_and_asks_for_nothing(browser, tmp_path):
    words = new_markdown_cell("The step is $-\\eta g$, and $$\\frac{\\partial L}{\\partial w} = g$$")
    setup = "import tinymlp as tm\nfrom tinymlp.widgets import panel\nrun = tm.Run(tm.worked_example()).step(3)"
    board = new_code_cell(f'{setup}\npanel(run, show=("network", "loss", "table"))')
    nbformat.write(new_notebook(cells=[words, board]), tmp_path / "page.ipynb")
    command = [sys.executable, "-m", "tinymlp", "export", "--execute", str(tmp_path / "page.ipynb")]
    subprocess.run(command, check=True, capture_output=True)
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    file = (tmp_path / "page.html").as_uri()
    page.goto(file)
    panel = page.locator(".tinymlp-panel")
    looks_right(panel, 255)
    for picture in panel.locator(".tinymlp-figure").all():
        assert picture.get_by_text(re.compile(r"\d")).first.is_visible()
    assert panel.locator(".tinymlp-figure[role=img][aria-label*='3']").count() == 2
    rows = panel.locator("tbody tr:not(.chosen)")
    assert set(rows.evaluate_all("rows => rows.map(row => getComputedStyle(row).backgroundColor)")) == {CLEAR}
    assert panel.get_by_text("Iteration 3").is_visible()
    assert [each.bounding_box()["height"] > 10 for each in page.locator("math").all()] == [True, True]
    assert [url for url in asked if url != file and not url.startswith("data:")] == []
    assert said == []
    ours = [each["id"] for each in Axe().run(page, context=".tinymlp-panel").response["violations"]]
    assert ours == []
    context.close()


def papermill(source, target, *options):
    """Execute a notebook with papermill in the folder of its target, and return the result."""
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", f"--cwd={target.parent}", *options]
    subprocess.run([*command, str(source), str(target)], check=True, capture_output=True)
    return nbformat.read(target, as_version=4)


def said(notebook):
    """Return the text of each cell's outputs; printed lines may be one output or many."""
    outputs = [cell.get("outputs", []) for cell in notebook.cells]
    return [re.sub(r"\n+", "\n", text) for text in texts(notebook.cells, outputs)]


def test_papermill_executes_a_lesson_and_its_outputs_are_those_on_file(tmp_path):
    lesson = LESSONS / "09_velocity.ipynb"
    done = papermill(lesson, tmp_path / "done.ipynb")
    assert said(done) == said(nbformat.read(lesson, as_version=4))


def test_papermill_gives_a_teachers_notebook_other_numbers(tmp_path):
    chosen = new_code_cell("eta = 0.8\ngamma = 0.9", metadata={"tags": ["parameters"]})
    setup = "from dataclasses import replace\nimport tinymlp as tm\nfrom tinymlp.widgets import panel\n"
    board = new_code_cell(f"{setup}panel(tm.Run(replace(tm.worked_example(), eta=eta, gamma=gamma)).step(10))")
    python = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
    }  # as saved by Jupyter
    nbformat.write(new_notebook(cells=[chosen, board], metadata=python), tmp_path / "mine.ipynb")
    done = papermill(tmp_path / "mine.ipynb", tmp_path / "slow.ipynb", "-p", "eta", "0.1")
    said = done.cells[-1].outputs[0].data
    assert "t = 10, eta = 0.1, gamma = 0.9" in said["text/plain"]
    assert "image/png" in said


def test_binder_would_install_the_package_and_lay_the_lessons(tmp_path):
    # The builder knows versions of Python in this form alone, and copies the whole folder first where it sees `-e .`.
    recipe = (ROOT / "environment.yml").read_text()
    assert re.search(r"^  - python=3\.\d+$", recipe, re.M)
    assert re.search(r"^      - -e \.$", recipe, re.M)
    assert not any((ROOT / name).exists() for name in ("binder", ".binder"))  # either would hide environment.yml
    shutil.copytree(LESSONS, tmp_path / "notebooks")
    shutil.copytree(ROOT / "tinymlp" / "lab" / "settings", tmp_path / "tinymlp" / "lab" / "settings")
    places = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "NB_PYTHON_PREFIX": str(tmp_path / "env")}
    subprocess.run([ROOT / "postBuild"], cwd=tmp_path, env=places, check=True)
    assert COVERED in (tmp_path / "my" / "04_slopes.ipynb").read_text()
    assert (tmp_path / "env" / "share" / "jupyter" / "lab" / "settings" / "overrides.json").exists()


def test_the_page_on_front_ends_names_tests_that_there_are():
    named = re.findall(r"`(test_\w+)`", (ROOT / "docs" / "front_ends.md").read_text(encoding="utf-8"))
    written = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    assert len(named) >= 7
    assert [name for name in named if f"def {name}(" not in written] == []
