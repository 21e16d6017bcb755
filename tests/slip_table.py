"""How well the homework check finds slips: every slip, injected into hundreds of random sheets of all kinds.

    python tests/slip_table.py [SHEETS]        default: 300 sheets for each slip

A slip is made in a whole stage of one iteration (a neighbour's number, two digits: in one cell), and the rest is worked
out from there, as a learner would. Only sheets in which it moves a number by more than rounding explains count.
"""

import sys
from dataclasses import replace

import numpy as np

from tinymlp.activations import ACTIVATIONS
from tinymlp.losses import LOSSES
from tinymlp.teaching import homework
from tinymlp.teaching.conventions import OURS, Conventions
from tinymlp.teaching.slips import SAYINGS, slips
from tinymlp.teaching.work import Work, is_optional, right, room, stage_names

ONE_CELL = ("neighbour", "digits", "decimal", "same")  # slips that are made in one cell, whatever is in it


CONVENTIONS = {
    "ours": Conventions(),
    "no 1/2": Conventions(loss="whole"),
    "1/2 in the loss alone": Conventions(slope="whole"),
    "sums over samples": Conventions(samples="sum"),
    "mean loss, summed g": Conventions(gradients="sum"),
    "means over outputs": Conventions(outputs="mean"),
    "one bias a layer": Conventions(biases="shared"),
    "PyTorch's velocity": Conventions(rule="pytorch"),
    "an average": Conventions(rule="average"),
    "Nesterov's": Conventions(rule="nesterov"),
    "no 1/2, PyTorch's": Conventions(loss="whole", rule="pytorch"),
    "sums, an average": Conventions(samples="sum", rule="average"),
    "one sample a step": Conventions(update="sample"),
    "one sample, PyTorch's": Conventions(update="sample", rule="pytorch"),
}


def random_sheet(seed, conventions=OURS):
    """Return a sheet whose network, activation and loss follow from the seed."""
    rng = np.random.default_rng(seed)
    output, loss = list(LOSSES)[seed % 4]
    hidden = list(ACTIVATIONS)[seed // 4 % 5]
    outputs = int(rng.integers(2, 4)) if output == "softmax" else 1
    sizes = [(3, 2, outputs), (2, 2, outputs), (2, 3, outputs), (2, 2, 2, outputs)][seed // 20 % 4]
    made = homework.sheet(seed, sizes=sizes, hidden=hidden, output=output, loss=loss, samples=int(rng.integers(2, 4)))
    return replace(made, conventions=conventions)


def stages_of(sheet, t, steps):
    """Return the stages of iteration t that a learner writes down: with the steps in between, or without them."""
    names = stage_names(sheet.problem.net)[2 if t == 1 else 0 :]
    return [name for name in names if steps or not is_optional(name)]


def work_out(sheet, digits, carried, slip=None, rng=None, steps=False):
    """Return (table, (t, stage)) of a sheet worked by hand, its numbers rounded to `digits` decimals as written.

    carried: later numbers are worked from the rounded ones, else from all digits. slip: its name; made once, at a
    random stage where it can happen. steps: write down what is optional too. The second value is None if the slip can
    happen nowhere.
    """
    work, made, written = Work(sheet.problem, sheet.conventions), None, {}
    places = []
    if slip:
        trial = Work(sheet.problem, sheet.conventions)
        for t in range(1, sheet.iterations + 1):
            for stage in stages_of(sheet, t, steps):
                trial.values[t, stage] = right(trial, t, stage)
                if slip in ONE_CELL or slip in dict(slips(trial, t, stage)):
                    places.append((t, stage))
    place = places[rng.integers(len(places))] if places else None
    for t in range(1, sheet.iterations + 1):
        for stage in stages_of(sheet, t, steps):
            values = true = right(work, t, stage)
            if (t, stage) == place:
                if slip == "neighbour":
                    values = true.copy()
                    if values.size > 1:
                        n = int(rng.integers(1, values.size))
                        values.flat[n] = values.flat[n - 1]
                elif slip == "same":
                    values = np.full_like(true, true.flat[0]) if true.size > 3 else true
                elif slip == "decimal":
                    values = true.copy()
                    values.flat[int(rng.integers(values.size))] *= 10.0 ** int(rng.choice([-1, 1]))
                elif slip != "digits":
                    kinds = [array for name, array in slips(work, t, stage) if name == slip]
                    values = np.array(np.broadcast_to(kinds[rng.integers(len(kinds))], true.shape))
                made = (t, stage)
            rounded = np.round(values, digits)
            if slip == "digits" and (t, stage) == place:
                values = rounded = exchanged(rounded, digits, rng)
            work.values[t, stage] = rounded if carried else values
            written[t, stage] = rounded
    cells = [c for c in sheet.cells if (c.t, c.stage) in written]
    return {(c.t, c.name): f"{written[c.t, c.stage][c.index] + 0.0:.{digits}f}" for c in cells}, made


def exchanged(rounded, digits, rng):
    """Return the numbers with two neighbouring digits of one of them exchanged."""
    values, n = rounded.copy(), int(rng.integers(rounded.size))
    text = f"{values.flat[n]:.{digits}f}"
    pairs = [m for m in range(len(text) - 1) if text[m : m + 2].isdigit() and text[m] != text[m + 1]]
    if pairs:
        m = int(rng.choice(pairs))
        values.flat[n] = float(text[:m] + text[m + 1] + text[m] + text[m + 2 :])
    return values


def first_moved(sheet, table, made):
    """Return the first cell that the slip moves by more than rounding explains, given the numbers written before it."""
    t, stage = made
    work, half = Work(sheet.problem, sheet.conventions), None
    for u in range(1, t + 1):
        for s in stage_names(sheet.problem.net):
            cells = [c for c in sheet.cells if (c.t, c.stage) == (u, s) and (u, c.name) in table]
            if not cells:
                continue
            true = right(work, u, s)
            text = np.empty(true.shape, dtype=float)
            for c in cells:
                text[c.index] = float(table[u, c.name])
                half = 0.5 * 10.0 ** -len(table[u, c.name].partition(".")[2])
            if (u, s) == (t, stage):
                tolerance = 1.05 * (half + room(work, u, s)) + 1e-9 * abs(true) + 1e-12
                cells.sort(key=lambda cell: homework.order(sheet, cell))
                return next((c for c in cells if abs(text[c.index] - true[c.index]) > tolerance[c.index]), None)
            work.values[u, s], work.halves[u, s] = text, np.full(true.shape, half)
    return None


def measure(slip, sheets, seed=0, steps=False, conventions=OURS):
    """Return how often it (could be seen, was found in the right cell, was named)."""
    seen = found = named = 0
    for n in range(sheets):
        rng = np.random.default_rng([seed, n])
        sheet = random_sheet(n, conventions)
        table, made = work_out(sheet, int(rng.integers(3, 6)), bool(n % 2), slip, rng, steps)
        cell = first_moved(sheet, table, made) if made else None
        if cell is None:
            continue
        outcome = homework.check(sheet, table)
        seen += 1
        found += outcome.wrong == cell
        named += slip in outcome.slips
    return seen, found, named


def false_alarms(sheets, steps=False, conventions=OURS):
    """Return how many correct sheets, rounded to 3, 4 and 5 digits with and without carrying, are called wrong."""
    alarms = 0
    for n in range(sheets):
        sheet = random_sheet(n, conventions)
        for digits in (3, 4, 5):
            for carried in (False, True):
                table, _ = work_out(sheet, digits, carried, steps=steps)
                alarms += not homework.check(sheet, table).right
    return alarms


def recognised(conventions, sheets):
    """Return (seen, right): of sheets that show it, how often right work in a convention is called that, and right.

    The sheets themselves are written in the workbook's own way.
    """
    seen = right = 0
    for n in range(sheets):
        sheet = random_sheet(n)
        table, _ = work_out(replace(sheet, conventions=conventions), 3 + n % 3, bool(n % 2))
        plain, _ = work_out(sheet, 3 + n % 3, bool(n % 2))
        if table == plain:
            continue
        outcome = homework.check(sheet, table)
        seen += 1
        right += outcome.wrong is None and bool(outcome.conventions)
    return seen, right


def main(sheets):
    """Print what becomes of right work in each convention, and of each slip in sheets of each; then with every step."""
    print(f"{'right work by':24}{'seen in':>9}{'recognised':>12}{'called wrong where the sheet says so':>40}")
    for name, conventions in CONVENTIONS.items():
        seen, right = recognised(conventions, sheets)
        share = f"{right / seen:.1%}" if seen else "-"
        alarms = f"{false_alarms(sheets // 6, False, conventions)} of {sheets // 6 * 6}"
        print(f"{name:24}{seen:>9}{share:>12}{alarms:>40}", flush=True)
    print_slips("ours", sheets)
    for name, conventions in CONVENTIONS.items():
        if name != "ours":
            print_slips(name, max(1, sheets // 10), conventions=conventions)
    print_slips("ours, with every step in between", sheets, steps=True)


def print_slips(title, sheets, steps=False, conventions=OURS):
    """Print how often each slip is found and named, in sheets of these conventions, and all of them together."""
    print(f"\n{title:18}{'seen in':>9}{'found':>9}{'named':>9}")
    total = np.zeros(3, dtype=int)
    for slip in SAYINGS:
        counts = measure(slip, sheets, steps=steps, conventions=conventions)
        if counts[0]:
            print(_row(slip, counts), flush=True)
            total += counts
    print(_row("all of them", total), flush=True)
    print(f"right sheets called wrong: {false_alarms(sheets, steps, conventions)} of {6 * sheets}", flush=True)


def _row(name, counts):
    seen, found, named = counts
    return f"{name:18}{seen:>9}{found / seen:>9.1%}{named / seen:>9.1%}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
