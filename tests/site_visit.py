"""The site as a learner meets it: built, served as any web server would, and visited by a new browser."""

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from get_pyodide import FOLDER, LOCK
from workbook import Page

ROOT = Path(__file__).resolve().parent.parent
BUILDER = ROOT / ".venv-site" / "bin" / "python"
WAIT = 300_000  # ms: on a busy machine two kernels may start at once
IDLE = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
RAN = "[...document.querySelectorAll('.jp-InputPrompt')].every(e => !/\\*/.test(e.innerText))"
OUTPUTS = "window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.outputArea?.model.toJSON() ?? [])"
PROBLEMS = (
    """[...document.querySelectorAll('[data-mime-type*="error"], [data-mime-type*="stderr"]')].map(e => e.innerText)"""
)
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True, "is_mobile": True}
LOOK_AWAY = """() => {
  Object.defineProperty(document, "hidden", { value: true, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
KERNEL_SAYS = """async code => {
  const request = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({ code });
  let said = "";
  request.onIOPub = ({ content }) => { said += content.text ?? content.traceback?.join("") ?? ""; };
  await request.done;
  return said;
}"""


BELOW = "a school/tinymlp"  # the site is not at the top of its server


def build(out, *options):
    """Build the site in the folder `out`, or skip loudly."""
    if not BUILDER.exists():
        pytest.skip("SITE TESTS SKIPPED: there is no .venv-site to build it with; `make site-test` makes it")
    subprocess.run([BUILDER, "-m", "tinymlp", "site", f"--out={out}", *options], cwd=ROOT, check=True)
    return out


def built_once(tmp_path_factory):
    """Build the site with the Pyodide of the tests beside it, where there is one; all test processes share it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    out, done = shared / "www" / BELOW, shared / "www.done"
    try:
        (shared / "www").mkdir()
    except FileExistsError:  # another process builds it
        while not done.exists():
            time.sleep(0.5)
        assert done.read_text() == "", done.read_text()
        return out
    said = "the site could not be built: see the other process"
    try:
        build(out, *([f"--pyodide={FOLDER}"] if (FOLDER / LOCK).exists() else []))
        said = ""
    finally:
        done.write_text(said)
    return out


@contextmanager
def served(root, below=""):
    """Serve a folder as any web server would, and give the address of what is `below` it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "http.server", str(port), "--bind=127.0.0.1", f"--directory={root}"],
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}/{below}".rstrip("/").replace(" ", "%20")
    for _ in range(100):
        try:
            urlopen(f"{address}/packages.json", timeout=5).close()
            break
        except OSError:
            time.sleep(0.1)
    try:
        yield address
    finally:
        server.terminate()
        server.wait()


class Visit(Page):
    """A learner's browser at the site, new and empty. Whatever it asks of another machine is refused and noted."""

    def __init__(self, browser, address, **options):
        self.address, self.elsewhere = address, []
        self.context = browser.new_context(**{"viewport": {"width": 1366, "height": 768}} | options)
        self.context.route(re.compile(r"^(?!http://localhost:|blob:|data:)"), self._refuse)
        self.page = self.context.new_page()
        self.page.set_default_timeout(WAIT)

    def _refuse(self, route):
        self.elsewhere.append(route.request.url)
        route.abort()

    def open(self, name):
        """Open a lesson, and wait for its kernel."""
        self.page.goto(f"{self.address}/lab/index.html?path={name}")
        self.page.wait_for_function(IDLE)

    def reload(self):
        """Look away from the page until the lesson is saved, then reload it and wait for its kernel."""
        self.page.evaluate(LOOK_AWAY)
        self.page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty")
        self.page.reload()
        self.page.wait_for_function(IDLE)

    def run_all(self):
        """Run all cells, and wait for every panel's first frame."""
        self.page.evaluate("void window.jupyterapp.commands.execute('notebook:run-all-cells')")
        self.page.wait_for_function(RAN)
        self.page.wait_for_selector(".tinymlp-picture[data-frame]", state="attached")
        return self.page.locator(".tinymlp-panel")

    def says(self, code):
        """Return what the kernel prints for a piece of code."""
        return self.page.evaluate(KERNEL_SAYS, code)

    def drag(self, place, right=0, down=0):
        """Put a finger on the middle of what is at `place`, and drag it by so many pixels."""
        touch = self.context.new_cdp_session(self.page)
        place.evaluate("e => e.scrollIntoView({ block: 'center' })")
        box = place.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        for part in range(11):
            at = {"x": x + right * part / 10, "y": y + down * part / 10}
            kind = "touchMove" if part else "touchStart"
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
            self.page.wait_for_timeout(20)
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
