"""Whether every sheet is worth working: thousands of names, and what would make a sheet of one of them a bad one.

python tests/friendly_sheets.py [NAMES]        default: 10,000 names for each kind of sheet
"""

import sys

import numpy as np

import tinymlp as tm
from tinymlp.teaching import homework

KINDS = {
    "as printed": {},
    "with ReLU": {"hidden": "relu"},
    "softmax": {"output": "softmax", "sizes": (2, 2, 3)},
    "squared error": {"output": "identity", "loss": "squared"},
}
FAULTS = ("equal targets", "a zero gradient", "a dead unit")
SMALLEST = 5e-5  # below it a number is 0.0000 on paper


def faults(sheet):
    """Return which of FAULTS a sheet has, in any iteration."""
    found, problem = set(), sheet.problem
    if (np.ptp(problem.y, axis=0) == 0).any():
        found.add("equal targets")
    run = tm.Run(problem).step(sheet.iterations)
    for t in range(sheet.iterations):
        moment = run.at(t)
        if abs(moment.grads.flat).min() < SMALLEST:
            found.add("a zero gradient")
        # A dead unit passes nothing on and lets nothing back, whatever the sample.
        for z, h, slope in zip(moment.trace.z, moment.trace.h[1:-1], problem.net.slopes, strict=False):
            if (np.maximum(abs(h), abs(slope(z, h))) < SMALLEST).all(axis=0).any():
                found.add("a dead unit")
    return found


def count(names, options):
    """Return how many sheets of these names have each of FAULTS."""
    counts = dict.fromkeys(FAULTS, 0)
    for name in names:
        for fault in faults(homework.sheet(f"name {name}", **options)):
            counts[fault] += 1
    return counts


def main(names):
    """Print a table."""
    print(f"{'sheets':16}{'names':>8}" + "".join(f"{fault:>18}" for fault in FAULTS))
    for kind, options in KINDS.items():
        counts = count(range(names), options)
        print(f"{kind:16}{names:>8}" + "".join(f"{counts[fault]:>18}" for fault in FAULTS), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
