"""An hour of play on one panel: thousands of random events as a page sends them, with the data changed on the way.

    python tests/benchmarks/soak.py [events] [seed]        by default 10,000 events
    python tests/benchmarks/soak.py page [events] [seed]   by default 2,000, with mouse and keyboard in a real browser

Each event is a message such as the page sends: a button pressed, a slider moved, a word chosen, a weight or a place
clicked, a key, the pointer over a line, a frame painted. An exception ends the soak, and the event is named. After each
hundred events the page must show the last state: the frame that was sent is what the panel says now. The
memory is told after every tenth of the events; from the first 500 on it should be flat.
Then a run of 100,000 steps is scrubbed, beside one of 10: the ratio of the two is what one jump costs.
"""

import contextlib
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import ipywidgets as w

import tinymlp as tm
from tinymlp.recipes import Recipe
from tinymlp.widgets import panel, playground

MOST_T = 3_000  # a run that has gone on for so long is reset: else the soak is one long run


def resident():
    """Return what the process holds now, in MB."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() / 2**20


def leaves(widget):
    """Return the widgets without children, as they are now: a control may make new ones."""
    return [leaf for child in widget.children for leaf in leaves(child)] if hasattr(widget, "children") else [widget]


class Player:
    """Plays at random on one panel. `event()` does one thing and returns what it was."""

    def __init__(self, shown, seed):
        self.panel, self.rng = shown, random.Random(seed)
        self.picture = shown.picture
        self.heard({"ready": True})

    def heard(self, content):
        """Bring the picture one message of the page."""
        self.picture._heard(self.picture, content, [])

    def event(self):
        """Do one thing that a learner or the page does."""
        kind = self.rng.choices(("widget", "key", "pick", "point", "hover", "painted"), (6, 2, 1, 2, 2, 6))[0]
        said = getattr(self, kind)() or kind
        if self.panel.run.t > MOST_T:
            self.panel.run.reset()
        return said

    def widget(self):
        """Use one of the widgets that are not disabled."""
        usable = [x for x in leaves(self.panel) if not getattr(x, "disabled", False) and self.use_of(x)]
        widget = self.rng.choice(usable)
        self.use_of(widget)(widget)
        return f"{type(widget).__name__} {getattr(widget, 'description', '')!r}"

    def use_of(self, widget):
        """Return how such a widget is used; None for what only shows something."""
        uses = (
            (w.Button, self.press),
            (w.ToggleButton, self.toggle),
            (w.Checkbox, self.toggle),
            (w.Dropdown, self.choose),
            (w.ToggleButtons, self.choose),
            (w.Textarea, self.write),
            ((w.FloatSlider, w.IntSlider, w.BoundedFloatText, w.BoundedIntText, w.FloatLogSlider), self.slide),
            (w.SelectionSlider, self.choose),
        )
        return next((use for kind, use in uses if isinstance(widget, kind)), None)

    def press(self, button):
        button._handle_button_msg(button, {"event": "click"}, [])

    def toggle(self, widget):
        self.send(widget, value=not widget.value)

    def choose(self, widget):
        if widget.options:
            self.send(widget, index=self.rng.randrange(len(widget.options)))

    def write(self, widget):
        self.send(widget, value=self.rng.choice(("", "0,5; 1; A\n1; 0; B\n0; 0; A", "x1 x2 y\n1 2 3", widget.value)))

    def slide(self, widget):
        value = widget.min + (widget.max - widget.min) * self.rng.random() ** 3
        whole = isinstance(widget, w.IntSlider | w.BoundedIntText)
        self.send(widget, value=round(value) if whole else round(value, 3))

    def send(self, widget, **state):
        widget.set_state(state)

    def key(self):
        self.heard({"go": self.rng.choice(("step", "step", "back"))})

    def pick(self):
        gids = [gid for tile in self.panel.tiles.values() for gid in tile.picks]
        if gids:
            self.heard({"picked": self.rng.choice(gids)})

    def hover(self):
        gids = [gid for tile in self.panel.tiles.values() for gid in tile.picks]
        self.heard({"hovered": self.rng.choice([*gids, ""]) if gids else ""})

    def point(self):
        tile = self.rng.choice([name for name, tile in self.panel.tiles.items() if tile.kind.points] or [None])
        if tile is not None:
            place = {"tile": tile, "x": self.rng.random(), "y": self.rng.random(), "end": self.rng.random() < 0.3}
            self.heard({"pointed": place})

    def painted(self):
        self.heard({"painted": self.picture.frame})

    def settle(self):
        """Let the page paint until nothing is left to show, and check that it shows the last state."""
        for _ in range(20):
            self.painted()
        shown, now = self.picture, self.panel.frame()
        for name in ("status", "alarm"):
            assert getattr(shown, name) == now[name], f"the page shows {getattr(shown, name)!r}, and not {now[name]!r}"
        assert "nan" not in self.panel.describe().lower()


def soak(events, seed=0):
    """Play at random, and return how many exceptions there were: none, or the soak has ended with one."""
    player = Player(playground(), seed)
    start, base, peak = time.perf_counter(), None, 0.0
    for count in range(1, events + 1):
        try:
            said = player.event()
            if count % 100 == 0:
                player.settle()
        except Exception as error:
            raise AssertionError(f"event {count} of seed {seed}: {error!r}") from error
        if count == min(500, events):
            base = resident()
        peak = max(peak, resident()) if base and count % 50 == 0 else peak
        if count % max(1, events // 10) == 0:
            run = player.panel.run
            print(f"{count:6} events  {resident():6.1f} MB  {run.problem.name}, t = {run.t}; last: {said}", flush=True)
    seconds = time.perf_counter() - start
    print(f"{events} events in {seconds:.0f} s; {base:.1f} MB after the first 500, at most {peak:.1f} MB since")


def scrub(steps, jumps=60):
    """Return the milliseconds of a jump to a random iteration of a run of so many steps, the frame made: the median."""
    run = tm.Run(Recipe(sizes=(4, 2), n=100).problem(eta=0.01)).step(steps)
    shown = panel(run, show=("sees", "curves"), control=("step", "back", "scrub"))
    shown.picture._heard(shown.picture, {"ready": True}, [])
    rng, taken = random.Random(0), []
    for _ in range(jumps):
        shown.picture._heard(shown.picture, {"painted": shown.picture.frame}, [])
        before, t = shown.picture.frame, rng.randrange(steps + 1)
        start = time.perf_counter()
        run.goto(t)
        taken.append(1000 * (time.perf_counter() - start))
        assert shown.picture.frame == before + 1
    return statistics.median(taken)


def on_a_page(events=2_000, seed=0):
    """Play with mouse and keyboard in JupyterLab, and print what came of it."""
    from nbformat import write
    from nbformat.v4 import new_code_cell, new_notebook
    from playwright.sync_api import TimeoutError as TookTooLong
    from playwright.sync_api import sync_playwright

    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from get_browser import find
    from workbook import CHROMIUM, Lab, Page, kernel

    made = "from tinymlp.widgets import playground\nboard = playground()\nboard"
    notebook = new_notebook(cells=[new_code_cell(made), new_code_cell("")])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder))
        browser = playwright.chromium.launch(executable_path=find(), args=CHROMIUM)
        try:
            write(notebook, lab.my / "soak.ipynb")
            opened = Page(browser, lab, "soak.ipynb", 1366, 768)
            shown, rng = opened.run_all().first, random.Random(seed)
            memory = "__import__('psutil').Process().memory_info().rss // 2**20"
            base = 0
            for count in range(1, events + 1):
                with contextlib.suppress(TookTooLong):  # what was there a moment ago may be folded away by now
                    use_something(opened.page, shown, rng)
                if count % 200 == 0:
                    opened.page.wait_for_timeout(1500)  # whatever is still on its way arrives
                    told = kernel(opened.page, "board.status()")
                    seen = shown.locator(".tinymlp-status").inner_text()
                    base = base or int(kernel(opened.page, memory))
                    print(f"{count:6} events  {kernel(opened.page, memory)} MB in the kernel, at first {base}; {seen}")
                    assert seen == told, f"the page says {seen!r}, the kernel {told!r}"
                    assert opened.errors() == [], opened.errors()
        finally:
            browser.close()
            lab.stop()


def use_something(page, shown, rng):
    """Click, press or choose one thing of the panel, as a learner in a hurry does."""
    kind = rng.choice(("button", "button", "key", "key", "slider", "list", "place", "tick", "line"))
    names = {
        "button": "button:enabled",
        "slider": "[role=slider]:not([disabled])",
        "list": "select:enabled",
        "tick": "input[type=checkbox]:enabled",
        "place": ".tinymlp-points",
        "line": "[id^=pick-]",
    }
    if kind == "key":
        shown.locator(".tinymlp-picture").first.focus()
        page.keyboard.press(rng.choice(("ArrowRight", "ArrowRight", "ArrowLeft")))
        return
    found = [one for one in shown.locator(names[kind]).all() if one.is_visible()]
    if not found:
        return
    one = rng.choice(found)
    if kind == "slider":
        one.focus()
        for _ in range(rng.randrange(1, 6)):
            page.keyboard.press(rng.choice(("ArrowRight", "ArrowLeft")))
    elif kind == "list":
        one.select_option(index=rng.randrange(one.evaluate("e => e.options.length")), timeout=1_000)
    elif kind == "place":
        box = one.bounding_box()
        page.mouse.click(box["x"] + box["width"] * rng.random(), box["y"] + box["height"] * rng.random())
    elif kind == "button" and one.inner_text() == "From a file":
        return
    else:
        one.dispatch_event("click") if kind == "line" else one.click(timeout=1_000)


if __name__ == "__main__":
    given = sys.argv[1:]
    if given[:1] == ["page"]:
        on_a_page(*map(int, given[1:]))
    else:
        soak(*(map(int, given) if given else [10_000]))
        short, long = scrub(10), scrub(100_000)
        print(f"a jump in 10 steps {short:.1f} ms, in 100,000 steps {long:.1f} ms: {long / short:.2f} times")
