"""What one Step costs each view: how often the run is asked for its past, and milliseconds, at t = 120.

    python tests/benchmarks/views.py

The run is then taken on to t = 5,000, where the ledger of one velocity is timed too. Times are medians of nine.
"""

import statistics
import time
from dataclasses import replace

import tinymlp as tm
from tinymlp.explain import ledger
from tinymlp.recipes import Recipe
from tinymlp.run import Run
from tinymlp.views import VIEWS
from tinymlp.widgets import panel

TWO = (("W1", (2, 1)), ("W2", (1, 0)))
ASKED = ("at", "past", "beside")


def run_for(name):
    """Return a run at t = 119.

    For the map it is one of two weights, whose path lies there; where a plane is needed, one of two layers of 8.
    """
    if name == "surface":
        problem = replace(tm.worked_example(), eta=2.0, gamma=0.0)
        return tm.Run(problem, training=tm.Training(free=TWO)).step(119)
    if VIEWS[name].refuses(tm.Run(tm.worked_example())):
        return tm.Run(Recipe(n=400, sizes=(8, 8)).problem()).step(119)
    return tm.Run(tm.worked_example()).step(119)


def count_calls(call):
    """Return how often `call()` asks a run for its past, by the method asked."""
    calls, plain = dict.fromkeys(ASKED, 0), {name: getattr(Run, name) for name in ASKED}

    def counted(name):
        def method(*arguments, **settings):
            calls[name] += 1
            return plain[name](*arguments, **settings)

        return method

    for name in ASKED:
        setattr(Run, name, counted(name))
    try:
        call()
    finally:
        for name in ASKED:
            setattr(Run, name, plain[name])
    return calls


def milliseconds(call, before=lambda: None, times=9):
    """Return the median time of a call; `before` is done before each, and not counted."""
    taken = []
    for _ in range(times):
        before()
        started = time.perf_counter()
        call()
        taken.append(time.perf_counter() - started)
    return 1000 * statistics.median(taken)


def main():
    """Print a line for each view, and one for the ledger."""
    print(f"{'view':10}{'at':>6}{'past':>6}{'beside':>8}{'ms':>8}")
    for name in VIEWS:
        board = panel(run_for(name), show=name, control=("step", "back"))
        step, back = (board.controls[word].widget.click for word in ("step", "back"))
        calls = count_calls(step)
        print(
            f"{name:10}{calls['at']:6}{calls['past']:6}{calls['beside']:8}{milliseconds(step, back):8.1f}", flush=True
        )
    run = tm.Run(tm.worked_example()).step(5_000)
    print(f"ledger of 5,000 steps: {milliseconds(lambda: ledger(run, 'W1', (0, 1))):.0f} ms")


if __name__ == "__main__":
    main()
