"""Memory of a kernel with one panel shown, beside what its libraries alone take, and the time to a first live panel.

    python tests/benchmarks/memory.py          memory alone
    python tests/benchmarks/memory.py page     also lesson 00 in a real JupyterLab, beside an empty notebook

Each line is a fresh Python: resident is what it holds afterwards, peak the most it ever held (MB). To reach: a peak of
105 and 92 resident. On the page the clock starts when the notebook is open and its kernel idle, Run All is pressed at
once, and it stops when the panel (in the empty notebook: the output of `1 + 1`) is painted.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIBRARIES = (
    "import numpy, matplotlib.figure, matplotlib.backends.backend_agg, ipywidgets, ipykernel.kernelapp, anywidget"
)
PANEL = """
import tinymlp as tm
from tinymlp.widgets import panel
shown = panel(tm.Run(tm.worked_example()))
{}
"""
CASES = {
    "the libraries alone": LIBRARIES,
    "and a panel, live": LIBRARIES + PANEL.format(""),
    "and its saved picture": LIBRARIES + PANEL.format("shown._repr_mimebundle_()"),
    "and ten steps on the page": LIBRARIES + PANEL.format("shown._repr_mimebundle_(); shown.run.step(10)"),
}
MEASURE = """
import resource
with open("/proc/self/statm") as statm:
    resident = int(statm.read().split()[1]) * resource.getpagesize()
print(resident / 2**20, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10)
"""


def megabytes(code, times=3):
    """Return (resident, peak) of a fresh Python that runs the code, each the median of several."""
    taken = []
    for _ in range(times):
        done = subprocess.run([sys.executable, "-c", code + MEASURE], capture_output=True, text=True, check=True)
        taken.append([float(number) for number in done.stdout.split()])
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def first_panel():
    """Print the seconds from an open page to the first live panel, and to the first output of an empty notebook."""
    import nbformat
    from playwright.sync_api import sync_playwright

    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from get_browser import find
    from workbook import CHROMIUM, READY, Lab

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder))
        try:
            empty = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
            empty.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
            nbformat.write(empty, Path(folder) / "my" / "empty.ipynb")
            browser = playwright.chromium.launch(executable_path=find(), args=CHROMIUM)
            waits = {
                "empty.ipynb": ".jp-OutputArea-output",
                "00_start_here.ipynb": ".tinymlp-picture[data-frame] .tinymlp-upper svg",
            }
            for name, shown in waits.items():
                taken = []
                for _ in range(5):
                    page = browser.new_page(viewport={"width": 1366, "height": 768})
                    page.goto(lab.url(name))
                    page.wait_for_function(READY, timeout=60_000)
                    started = time.perf_counter()
                    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
                    page.wait_for_selector(shown, state="attached")
                    taken.append(time.perf_counter() - started)
                    page.evaluate("window.jupyterapp.commands.execute('kernelmenu:shutdown')")
                    page.close()
                print(f"{name:30}{statistics.median(taken):8.2f} s, from {min(taken):.2f} to {max(taken):.2f}")
            browser.close()
        finally:
            lab.stop()


def main(what):
    """Print the table."""
    print(f"{'':30}{'resident':>10}{'peak':>8}   (MB)")
    for name, code in CASES.items():
        resident, peak = megabytes(code)
        print(f"{name:30}{resident:10.1f}{peak:8.1f}", flush=True)
    if "page" in what:
        first_panel()


if __name__ == "__main__":
    main(sys.argv[1:])
