"""Milliseconds from a key press on a slider to the changed page: each slider of each panel against a bare label.

    python tests/benchmarks/latency.py [LESSON ...]       default: all lessons

Both are pressed in turn, 30 times, in one session of a JupyterLab that our own command started. For each slider it
prints median and 95th percentile, those of the label, and the ratio of the medians. Targets: a ratio of at most 2, and
a 95th percentile under 60 ms on a quiet machine.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from execute_lessons import LESSONS
from get_browser import find
from workbook import CHROMIUM, Lab, Page

PRESSES = 30
LABEL = """
import ipywidgets as w
bare_slider, bare_label = w.IntSlider(50, readout=False), w.Label("50")
bare_slider.observe(lambda change: setattr(bare_label, "value", str(change["new"])), "value")
bare = w.VBox([bare_slider, bare_label])
bare.add_class("bare")
bare
"""
# The clock starts when the browser made the key event, and stops when the watched part of the page has changed.
CLOCK = """element => {
  window.taken = null;
  let started;
  document.addEventListener("keydown", e => { started = e.timeStamp; }, { capture: true, once: true });
  const observer = new MutationObserver(() => {
    if (started === undefined) return;
    window.taken = performance.now() - started;
    observer.disconnect();
  });
  observer.observe(element, { childList: true, subtree: true, characterData: true });
}"""


def press(page, handle, watched, key):
    """Press a key on a slider's handle, and return the milliseconds until what is watched has changed."""
    handle.focus()
    watched.evaluate(CLOCK)
    page.keyboard.press(key)
    page.wait_for_function("window.taken !== null")
    page.wait_for_timeout(60)  # let the page come to rest, as between two presses of a person
    return page.evaluate("window.taken")


def measure(page, panel, handle, bare):
    """Return the times of a panel's slider and of the bare label's, pressed in turn."""
    handle.scroll_into_view_if_needed()
    watched = panel.locator(":has(> .tinymlp-picture)").last  # the picture and its line of status
    bare_handle, bare_label = bare.locator(".noUi-handle"), bare.locator(".widget-label").last
    if handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemin"):
        for _ in range(6):  # away from the end, where a key to the left would change nothing
            press(page, handle, watched, "ArrowRight")
    times, bare_times = [], []
    for n in range(PRESSES + 4):
        key = "ArrowRight" if n % 2 else "ArrowLeft"
        times.append(press(page, handle, watched, key))
        bare_times.append(press(page, bare_handle, bare_label, key))
    return times[4:], bare_times[4:]  # the first presses warm the caches


def percentile95(times):
    """Return the 95th percentile."""
    return statistics.quantiles(times, n=20)[-1]


def main(names):
    """Measure the lessons of these names, or all, and print a table."""
    paths = [path for path in sorted(LESSONS.glob("*.ipynb")) if not names or path.stem in names]
    print(f"{'slider':44}{'median':>9}{'95 %':>9}{'label':>9}{'95 %':>9}{'ratio':>8}   (ms)")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder))
        try:
            browser = playwright.chromium.launch(executable_path=find(), args=CHROMIUM)
            for path in paths:
                measure_lesson(browser, lab, Path(folder) / "my" / path.name)
            browser.close()
        finally:
            lab.stop()


def measure_lesson(browser, lab, copy):
    """Print a line for each slider of each panel of a lesson."""
    notebook = nbformat.read(copy, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(LABEL))
    nbformat.write(notebook, copy)
    opened = Page(browser, lab, copy.name)
    panels = opened.run_all()
    opened.lock_predictions()
    opened.page.wait_for_selector(".bare .noUi-handle", state="attached")
    for n in range(panels.count()):
        panel = panels.nth(n)
        step = panel.get_by_role("button", name="Step", exact=True)
        if step.count():
            for _ in range(3):
                step.click()
                opened.page.wait_for_timeout(200)
        for slider, handle in enumerate(panel.locator(".noUi-handle:visible").all(), start=1):
            times, bare = measure(opened.page, panel, handle, opened.page.locator(".bare"))
            medians = statistics.median(times), statistics.median(bare)
            figures = (medians[0], percentile95(times), medians[1], percentile95(bare))
            name = f"{copy.stem}, panel {n + 1}, slider {slider}"
            print(f"{name:44}" + "".join(f"{f:9.1f}" for f in figures) + f"{medians[0] / medians[1]:8.2f}", flush=True)
    opened.page.close()


if __name__ == "__main__":
    main(sys.argv[1:])
