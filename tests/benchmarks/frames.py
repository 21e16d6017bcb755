"""Frames a second of a panel that plays, and where the time of a frame goes, in JupyterLab with a real browser.

    python tests/benchmarks/frames.py [--show VIEW ...] [--sizes N ...] [--samples N] [--seconds N] [--data NAME]

The panel's "run" control plays 1, 5 and 25 steps a frame. The page's own clock counts: a frame is one that was there
when the browser painted; "sent" counts those too that another one overtook. The other figures are processor time for
each frame that was sent, which depends little on what else the machine does. In the kernel: the steps, the views' read,
draw and SVG (upper, lower), the whole `frame`, and `all` with messages and controls. On the page's main thread: tasks
of any kind, and of these scripts, layout and styles, as the browser counts them. At last all processes together: by two
cores, no more frames a second can be had than 2000 over that figure.
"""

import argparse
import contextlib
import os
import sys
import tempfile
from pathlib import Path

import psutil
from nbformat import write
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from get_browser import find
from workbook import CHROMIUM, Lab, Page, kernel

MADE = """
import tinymlp as tm
from tinymlp.recipes import Recipe
from tinymlp.widgets import panel
recipe = Recipe(data={data!r}, n={samples}, sizes={sizes}, held_out=0.0)
run = tm.Run(recipe.problem(eta=0.01, gamma=0.9))
board = panel(run, show={show}, control=("run", "back", "scrub", "eta", "gamma"))
board
"""
# What the kernel does for a frame, by the clock; the names of our own classes stand here and nowhere else.
CLOCK = """
import time
from collections import Counter
from tinymlp.views.view import View
spent = Counter()
def timed(holder, method, name):
    call = getattr(holder, method)
    def wrapped(*args, **kwargs):
        start = time.thread_time()
        try:
            return call(*args, **kwargs)
        finally:
            spent[name] += time.thread_time() - start
    setattr(holder, method, wrapped)
timed(tm.Run, "step", "steps")
for view in board.views.values():
    for name in ("read", "draw", "say", "lower", "upper"):
        timed(view, name, name)
timed(board, "frame", "frame")
timed(board, "go_on", "all")
send = board.picture.comm.send
def sent(data=None, *args, **kwargs):
    import json
    spent["bytes"] += len(json.dumps(data))
    return send(data, *args, **kwargs)
board.picture.comm.send = sent
"""
COUNT = """seconds => new Promise(resolve => {
  const root = document.querySelector(".tinymlp-picture");
  let frames = 0, paints = 0, last = root.dataset.frame, start = performance.now();
  const first = Number(last), tick = () => {
    paints++;
    if (root.dataset.frame !== last) { frames++; last = root.dataset.frame; }
    if (performance.now() - start < 1000 * seconds) return requestAnimationFrame(tick);
    resolve({ frames, paints, sent: Number(last) - first, seconds: (performance.now() - start) / 1000 });
  };
  requestAnimationFrame(tick);
})"""
BUSY = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")


def asked():
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--show", nargs="+", default=["network", "loss", "surface"])
    parser.add_argument("--sizes", nargs="+", type=int, default=[8, 8])
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--data", default="circles")
    parser.add_argument("--seconds", type=float, default=5)
    return parser.parse_args()


def main(options):
    """Print a line for each pace."""
    code = MADE.format(data=options.data, samples=options.samples, sizes=tuple(options.sizes), show=tuple(options.show))
    notebook = new_notebook(cells=[new_code_cell(code), new_code_cell(CLOCK), new_code_cell("")])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder))
        try:
            write(notebook, lab.my / "frames.ipynb")
            browser = playwright.chromium.launch(executable_path=find(), args=CHROMIUM)
            measure(Page(browser, lab, "frames.ipynb", 1366, 768), options.seconds)
            browser.close()
        finally:
            lab.stop()


def measure(opened, seconds):
    """Play at each pace, and print what the page and the kernel counted."""
    page, panel = opened.page, opened.run_all().first
    page.evaluate("window.jupyterapp.shell.collapseLeft()")
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})
    print(f"{'steps a frame':>14}{'frames/s':>10}{'sent/s':>8}{'paints/s':>10}   per frame")
    for pace in ("1", "5", "25"):
        panel.get_by_label("steps a frame").select_option(label=pace)
        panel.get_by_role("button", name="Play", exact=True).click()
        page.wait_for_timeout(1000)  # let it come to speed
        kernel(page, "spent.clear(), board.picture.frame")
        before, worked = busy(client), processor()
        counted = page.evaluate(COUNT, seconds)
        after, worked = busy(client), processor() - worked
        panel.get_by_role("button", name="Pause", exact=True).click()
        panel.get_by_role("button", name="Play", exact=True).wait_for()
        each = max(1, counted["sent"])
        spent = "  ".join(f"{name} {1000 * (after[name] - before[name]) / each:.1f}" for name in BUSY)
        told = kernel(page, "{n: round(s, 4) for n, s in spent.items()}")
        rates = (counted["frames"], counted["sent"], counted["paints"])
        figures = "".join(f"{rate / counted['seconds']:{w}.1f}" for rate, w in zip(rates, (10, 8, 10), strict=True))
        print(f"{pace:>14}{figures}   page ms: {spent}")
        print(" " * 42 + f"   kernel ms: {per_frame(told, each)}")
        load = os.getloadavg()[0]
        print(
            " " * 42 + f"   all processes ms: {1000 * worked / each:.1f}   load of the machine: {load:.1f}", flush=True
        )


def processor():
    """Return the seconds of processor time that all that was started here has used: server, kernel, browser."""
    spent = 0.0
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            spent += sum(process.cpu_times()[:2])
    return spent


def busy(client):
    """Return the seconds that the page's main thread has worked, as the browser counts them."""
    return {entry["name"]: entry["value"] for entry in client.send("Performance.getMetrics")["metrics"]}


def per_frame(told, frames):
    """Return the kernel's figures for a frame, in words."""
    spent = eval(told)  # a dict that our own code printed
    size = spent.pop("bytes", 0)
    return "  ".join(f"{name} {1000 * value / frames:.1f}" for name, value in spent.items()) + (
        f"  kilobytes {size / frames / 1000:.1f}"
    )


if __name__ == "__main__":
    main(asked())
