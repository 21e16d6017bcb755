"""What a learner costs a Hub: memory, processor time of a start, and the time to a first live panel.

    make hub-test                                          once: it makes the Hub's environment, .venv-hub
    sudo .venv/bin/python tests/benchmarks/hub.py          five learners, with our command and with JupyterHub's own
    sudo .venv/bin/python tests/benchmarks/hub.py page     also the time to a first live panel, in a browser

Each learner's server is started through the Hub and runs lesson 00 in one kernel. Memory is the proportional share
(PSS), in MiB, the mean of all learners: what they share counts once. Processor seconds are those of the server and the
kernel from their start until the lesson has run. The page's clock starts at the click that starts the server, and Run
All is pressed as soon as the kernel is idle.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from get_browser import find
from hubs import CONFIG, NAMES, TEACHER, Hub, Learner, lesson_cells, run_all
from workbook import CHROMIUM

COMMANDS = {
    "JupyterHub's own": 'c.Spawner.cmd = ["jupyterhub-singleuser"]\nc.Spawner.environment = {}\n'
    'c.Spawner.notebook_dir = "~"\n',
    "python -m tinymlp lab": "",
}
LESSON = "00_start_here.ipynb"
TICKS = os.sysconf("SC_CLK_TCK")


def share(pid):
    """Return a process's proportional share of memory, in MiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def seconds(pid):
    """Return the processor seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def learn(hub, name):
    """Have a learner log in, start their server and run lesson 00. Return the processes of both."""
    learner = Learner(hub, name)
    assert learner.log_in().ok
    learner.start()
    kernel = learner.kernel()
    for cell in lesson_cells():
        kernel.run(cell)
    return learner.processes()


def figures(hub):
    """Return the mean memory of a server and of a kernel, and the processor seconds of both from start to lesson."""
    started = [learn(hub, name) for name in NAMES]
    used = [(seconds(server), seconds(kernel)) for [server], [kernel] in started]
    held = [(share(server), share(kernel)) for [server], [kernel] in started]
    return [statistics.mean(column) for column in zip(*held, strict=True)] + [
        statistics.mean(column) for column in zip(*used, strict=True)
    ]


def first_panel(hub, name, times=3):
    """Return the seconds from the click that starts a server to a live panel in the browser, the median of several."""
    from playwright.sync_api import sync_playwright

    # For JupyterHub's own command, which lays no lessons.
    shutil.copy(CONFIG.parent.parent.parent / "notebooks" / LESSON, hub.folder / "home" / name)
    shutil.chown(hub.folder / "home" / name / LESSON, name)
    taken = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=CHROMIUM)
        for _ in range(times):
            page = chromium.new_page()
            page.set_default_timeout(120_000)
            page.goto(hub.url("hub/login?next=/hub/home"))
            page.get_by_label("Username").fill(name)
            page.get_by_label("Password").fill(hub.passwords[name])
            page.get_by_role("button", name="Sign in").click()
            page.locator("#start").wait_for()
            began = time.monotonic()
            page.locator("#start").click()
            page.wait_for_url(f"**/user/{name}/lab**")
            run_all(page, hub.url(f"user/{name}/lab/tree/{LESSON}?reset"))
            taken.append(time.monotonic() - began)
            page.close()
            hub.admin("DELETE", f"users/{name}/server")
            while hub.admin("GET", f"users/{name}").json()["servers"]:
                time.sleep(0.2)
        chromium.close()
    return statistics.median(taken)


def main(arguments):
    print(f"{'':24}{'server':>8}{'kernel':>8}{'both':>8}   {'CPU s: server':>13}{'kernel':>8}{'both':>8}")
    waited = ""
    for words, extra in COMMANDS.items():
        with tempfile.TemporaryDirectory(prefix="tinymlp-hub-") as folder:
            hub = Hub(folder, extra=extra)
            try:
                server, kernel, server_used, kernel_used = figures(hub)
                if "page" in arguments:
                    waited = f"   first live panel after {first_panel(hub, TEACHER):.1f} s"
            finally:
                hub.stop()
        print(
            f"{words:24}{server:8.1f}{kernel:8.1f}{server + kernel:8.1f}   "
            f"{server_used:13.2f}{kernel_used:8.2f}{server_used + kernel_used:8.2f}{waited}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
