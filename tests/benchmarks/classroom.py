"""How long a class of thirty takes: sheets handed out, and hand-ins of thirty kinds taken in.

    python tests/benchmarks/classroom.py

The best of five, in seconds, whatever else the machine is doing.
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import hand_ins

from tinymlp.teaching import paper

REPEATS = 5


def best(call):
    """Return the best time of a call in seconds; it gets an empty folder."""
    times = []
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory() as place:
            begin = time.perf_counter()
            call(Path(place))
            times.append(time.perf_counter() - begin)
    return min(times)


def main():
    """Print a line for each task: what, how long, and what it should take at most."""
    print(f"{'work':44}{'seconds':>9}{'at most':>9}")
    out = best(lambda place: paper.class_set(hand_ins.NAMES, place / "sheets", secret="x"))
    print(f"{'30 sheets out: .html, .xlsx, .csv, the key':44}{out:9.2f}{2:9}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        hand_ins.hand_in(home)
        back = best(lambda _: paper.mark(home / "handed in", home / "sheets"))
        print(f"{'30 hand-ins of all kinds, read and marked':44}{back:9.2f}{5:9}", flush=True)


if __name__ == "__main__":
    main()
