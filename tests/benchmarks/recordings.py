"""What recordings of lessons' panels cost: seconds to record, size of the file, and milliseconds to the first step.

    python tests/benchmarks/recordings.py 00 05 08 10

Each panel is recorded for 40 steps, and opened from the disk in a browser without a network, five times. The last two
columns are medians: from opening the file until it can be used, and from a press on Step to the changed picture. The
whole is one run, so that the rows can be compared; beside them stands an empty page.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from get_browser import find
from lesson_panels import panels_of
from playwright.sync_api import sync_playwright
from workbook import CHROMIUM

from tinymlp.widgets.recordings import page, record

ROUNDS, STEPS = 5, 40
STEPPED = """() => new Promise(done => {
  const picture = document.querySelector(".tinymlp-picture"), start = performance.now();
  const step = [...document.querySelectorAll("button")].find(button => button.textContent === "Step");
  if (!step) return done(NaN);
  step.click();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""


def opened(context, path):
    """Return milliseconds from opening a page until its recording can be used, and from Step to the painted picture."""
    tab = context.new_page()
    tab.goto(path.as_uri())
    if path.name != "empty.html":
        tab.wait_for_selector("[data-ready]", state="attached")
        ready = tab.evaluate("performance.now()")
        stepped = tab.evaluate(STEPPED)
    else:
        ready, stepped = tab.evaluate("performance.now()"), float("nan")
    tab.close()
    return ready, stepped


def main(lessons):
    """Print a row for each panel."""
    print(f"{'panel':22}{'frames':>8}{'record s':>10}{'file kB':>9}{'open ms':>9}{'step ms':>9}")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=CHROMIUM)
        context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
        empty = Path(folder, "empty.html")
        empty.write_text("<!doctype html><title>empty</title>")
        rows = [("an empty page", 0, 0.0, empty)]
        for lesson in lessons:
            for number, board in enumerate(panels_of(lesson), 1):
                start = time.perf_counter()
                path = Path(folder, f"{lesson}-{number}.html")
                path.write_text(page(board, path.stem, STEPS), encoding="utf-8")
                taken = time.perf_counter() - start
                times = STEPS + 1 if any(made.steps for made in board.controls.values()) else 1
                frames = len(record(board, steps=0).seen) * times
                rows.append((f"{lesson}, {number}: {' '.join(board.tiles)}", frames, taken, path))
        for words, frames, taken, path in rows:
            times = [opened(context, path) for _ in range(ROUNDS)]
            ready, stepped = (statistics.median(column) for column in zip(*times, strict=True))
            size = path.stat().st_size / 1000
            print(f"{words:22}{frames:8}{taken:10.1f}{size:9.0f}{ready:9.0f}{stepped:9.0f}", flush=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:] or ["00", "05", "08", "10"])
