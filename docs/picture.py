"""Makes the moving picture of the README: `python docs/picture.py`."""

from pathlib import Path

import tinymlp as tm
from tinymlp.widgets import panel

STEPS = 16


def make(path: Path) -> Path:
    """Save the first steps of the worked example as a moving picture."""
    board = panel(tm.Run(tm.worked_example()), show=("network", "loss", "step"), control="step", chosen=("W2", (0, 0)))
    return board.save(path, steps=STEPS)


if __name__ == "__main__":
    made = make(Path(__file__).with_name("workbook.gif"))
    print(f"{made}: {made.stat().st_size / 1000:.0f} kB")
