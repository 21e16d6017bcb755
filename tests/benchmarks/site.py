"""The site beside a JupyterLab with a local kernel: seconds to the kernel and to the first panel, a step, megabytes.

    python tests/benchmarks/site.py SITE [MBIT ...]       SITE: what `make site PYODIDE=folder` built

Lesson 00, visited twice by the same browser, in one session. With numbers of Mbit/s, the site again on lines as slow as
that; they share the line among all that a page asks for at once, as a real one does. Packed is nothing: a web server
that packs what it sends (most do) needs about half the time on a slow line.
"""

import statistics
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from get_browser import find
from latency import press
from site_visit import IDLE, WAIT, Visit
from workbook import CHROMIUM, READY, Lab

LESSON = "00_start_here.ipynb"
STEPS = 20
PIECE = 16_384


class Line(SimpleHTTPRequestHandler):
    """A web server at the other end of a line: it sends at most `rate` bytes a second, and counts them."""

    rate, sent, free, lock = None, 0, 0.0, threading.Lock()

    def copyfile(self, source, outputfile):
        """Send a file piece by piece, each when the line is free."""
        while piece := source.read(PIECE):
            self._wait(len(piece))
            outputfile.write(piece)

    def _wait(self, size):
        with Line.lock:
            Line.sent += size
            if not Line.rate:
                return
            Line.free = max(Line.free, time.monotonic()) + size / Line.rate
            until = Line.free
        time.sleep(max(0, until - time.monotonic()))

    def log_message(self, *args):
        """Say nothing."""


@contextmanager
def line(folder):
    """Serve a folder over the line, and give its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Line, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


def visit(context, url, ready):
    """Open the lesson in a new page, and return seconds to the kernel and on to the first panel, and ms for a step."""
    opened = Visit.__new__(Visit)
    opened.page = page = context.new_page()
    page.set_default_timeout(2 * WAIT)
    began = time.monotonic()
    page.goto(url)
    page.wait_for_function(ready)
    kernel = time.monotonic()
    page.evaluate("void window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_selector(".tinymlp-picture[data-frame]", state="attached")
    panel = time.monotonic()
    opened.run_all()
    opened.lock_predictions()
    picture = page.locator(".tinymlp-panel:has(button:text-is('Step')) .tinymlp-picture").first
    watched = page.locator(".tinymlp-panel :has(> .tinymlp-picture)").first
    steps = [press(page, picture, watched, "ArrowRight") for _ in range(STEPS)]
    page.close()
    return kernel - began, panel - kernel, statistics.median(steps)


def visit_twice(chromium, name, url, ready, count):
    """Print a line for each of two visits of a new browser; `count` gives the bytes that came so far."""
    with tempfile.TemporaryDirectory() as profile:  # on a disk: what is kept in memory alone keeps no large file
        context = chromium.launch_persistent_context(profile, executable_path=find(), args=CHROMIUM)
        _visit_twice(context, name, url, ready, count or watch(context))
        context.close()


def _visit_twice(context, name, url, ready, received):
    for nth in ("first", "second"):
        before = received()
        kernel, panel, step = visit(context, url, ready)
        megabytes = (received() - before) / 1e6
        print(f"{name + ', ' + nth + ' visit':40}{kernel:10.1f}{panel:10.1f}{step:10.0f}{megabytes:10.1f}", flush=True)


def watch(context):
    """Return a function that gives the bytes that the pages of a context received so far; none of them has a worker."""
    sizes = []

    def listen(page):
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        session.on("Network.webSocketFrameReceived", lambda event: sizes.append(len(event["response"]["payloadData"])))

    context.on("page", listen)
    return lambda: sum(sizes)


def main(folder, *rates):
    """Measure and print a table."""
    print(f"{'':40}{'kernel s':>10}{'panel s':>10}{'step ms':>10}{'MB':>10}")
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright, line(folder) as address:
        lab = Lab(Path(place))
        try:
            visit_twice(playwright.chromium, "JupyterLab", lab.url(LESSON), READY, None)
        finally:
            lab.stop()
        for rate in (None, *map(float, rates)):
            Line.rate = rate and rate * 1e6 / 8
            name = f"site, {rate:g} Mbit/s" if rate else "site"
            visit_twice(playwright.chromium, name, f"{address}/lab/index.html?path={LESSON}", IDLE, lambda: Line.sent)


if __name__ == "__main__":
    main(*sys.argv[1:])
