"""A sheet as a page to print, one for each iteration, and as Markdown."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from tinymlp.momentum import RULES
from tinymlp.teaching.work import backward_names, is_optional
from tinymlp.words import label, short

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tinymlp.teaching.cells import Sheet

STYLE = """
@page { margin: 11mm 14mm; }
body { font: 10.5pt/1.3 Georgia, "DejaVu Serif", serif; color: #000; max-width: 182mm; margin: 0 auto; }
h1 { font-size: 15pt; margin: 0; } h2 { font-size: 12.5pt; margin: 2.5mm 0 0.5mm; } p { margin: 1mm 0; }
sup { line-height: 0; }
.who { display: flex; gap: 4mm; margin-bottom: 2mm; align-items: baseline; }
.who > * { flex: none; } .who span { flex: 1; border-bottom: 0.3mm solid #000; } .who .long { font-size: 8pt; }
table { border-collapse: collapse; margin: 0.5mm 0 1.5mm; break-inside: avoid; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: #333; font-size: 9.5pt; white-space: nowrap; }
th, td { border: 0.2mm solid #777; padding: 0.6mm 1.6mm; text-align: right; font-weight: normal; white-space: nowrap; }
th { background: #f0f0f0; } td.blank { min-width: 15mm; height: 5mm; }
table.wide { font-size: 9pt; } .wide td.blank { min-width: 11mm; } .wide th, .wide td { padding: 0.5mm 0.8mm; }
.working { flex: 1; align-self: stretch; min-width: 40mm; min-height: 14mm; margin: 1mm 0; border: 0.2mm dashed #999;
  color: #666; padding: 1mm 2mm; font-size: 9.5pt; }
.side { display: flex; gap: 0 6mm; flex-wrap: wrap; align-items: flex-start; }
section { display: flex; flex-direction: column; min-height: 254mm; } section + section { break-before: page; }
.room { min-height: 0; overflow: hidden; } .wide-ruled td.blank { height: 6.5mm; }
.narrow-ruled td.blank { height: 4.2mm; } .narrow-ruled :is(th, td) { padding-block: 0.25mm; }
.narrow-ruled .working { min-width: 18mm; min-height: 0; } .narrow-ruled .wide { font-size: 8pt; }
.wide.widest { font-size: 7pt; } .widest td.blank { min-width: 8.5mm; } .widest :is(th, td) { padding-inline: 0.4mm; }
.narrow-ruled h2 { font-size: 11pt; margin: 1mm 0 0; }
/* What is printable of A4 is taller than that of Letter. */
@media print and (min-height: 285mm) { section { min-height: 272mm; } }
"""
MOST_WIDE, MOST_RULED = 19, 18  # rows of the tables of an iteration, without headings, for which a page has the room
WIDE, WIDEST = 9, 13  # columns, beyond which a table is set in smaller type
LONG = 24  # letters of a name
FORMULAS = {  # of each activation, and of its slope
    "silu": ("h = z s", "s + z s (1 − s)"),
    "sigmoid": ("h = σ(z)", "h (1 − h)"),
    "tanh": ("h = tanh z", "1 − h²"),
    "relu": ("h = z if z > 0, else 0", "1 or 0"),
    "leaky_relu": ("h = z if z > 0, else 0.01 z", "1 or 0.01"),
    "identity": ("h = z", "1"),
}
CROSS_ENTROPY = {
    "sigmoid": "p = σ(z), loss −ln p if y = 1, −ln (1 − p) if y = 0",
    "softmax": "p = e^z over the sum of e^z, loss −ln p of the right class",
}
P_Y = "p − y"
BIASES = {"each": "", "shared": "All units of a layer share one bias.", "none": "There are no biases."}


def _hidden(net):
    """Return the formulas of the hidden layers: one for all, or one for each where they differ."""
    formulas = [", slope ".join(FORMULAS[name]) for name in net.activations[:-1]]
    if isinstance(net.hidden, str):
        return f"Hidden units: {formulas[0]}"
    return "; ".join(f"Hidden layer {n}: {formula}" for n, formula in enumerate(formulas, start=1))


def _output(net, ours):
    """Return the formula of the output and its loss."""
    if net.loss == "cross_entropy":
        formula = CROSS_ENTROPY[net.output]
    else:
        half = " / 2" if ours.loss == "half" else ""
        formula = f"{FORMULAS[net.output][0].replace('h =', 'p =')}, loss (p − y)²{half}"
    if ours.outputs == "mean" and net.sizes[-1] > 1 and net.output != "softmax":
        formula += f", and the mean of that over the {net.sizes[-1]} outputs"
    return formula


def _task(sheet):
    """Return the task, as a list of sentences."""
    problem, net, ours = sheet.problem, sheet.problem.net, sheet.conventions
    shared = BIASES["shared"] if ours.biases == "shared" else BIASES[net.biases]
    return [
        f"Work {sheet.iterations} iterations of gradient descent with momentum for a {_sizes(net)} network.",
        "Each iteration looks at one sample: the first, then the next, and then from the first again."
        if ours.update == "sample"
        else "",
        f"{_hidden(net)}, with {'s = ' * ('silu' in net.activations)}σ(z) = 1 / (1 + e^−z)."
        if len(net.sizes) > 2
        else "",
        f"Output: {_output(net, ours)}. The loss is the {ours.samples} over the samples.",
        shared,
        *_backward(net, ours),
        f"Step: {_step(problem, ours)}. "
        + ("The first velocities are given." if problem.first_velocity.flat.any() else "All velocities start at 0.")
        + " Write four decimals.",
    ]


def _step(problem, ours):
    """Return the formulas of a step with its numbers."""
    formula = RULES[ours.rule].in_numbers(short(problem.eta), short(problem.gamma))
    return formula + (", then w ← w + v" if ours.rule == "momentum" else "")


def _backward(net, ours):
    """Return how a gradient is worked out, as sentences."""
    bent, factor = net.loss == "squared" and net.output != "identity", ours.factor(net)
    times = "" if factor == 1 else f"{short(factor)} · "
    delta = f"Of each sample: at the output δ = {times}{'(p − y) · slope' if bent else f'({P_Y})' if times else P_Y}"
    before = "; before it δ = slope · the sum of (w · δ) over where a unit leads"
    if len(net.sizes) == 3 and net.sizes[-1] == 1:
        before = "; for a hidden unit δ = slope · w · (the output's δ)"
    yield delta + (before if len(net.sizes) > 2 else "") + "."
    bias = "" if net.biases == "none" else "; for a bias, of δ"
    yield f"Gradient g: the {ours.gradients} over the samples of δ · what came in{bias}."


def _raised(text):
    """Return the text with its powers of e as superscripts, in HTML; Markdown takes it too."""
    return re.sub(r"e\^(−?z)", r"e<sup>\1</sup>", text)


def _sizes(net):
    return "-".join(map(str, net.sizes))


def _given(sheet):
    """Return the given tables as (heading, rows) pairs, the first row of each its headings."""
    problem, net = sheet.problem, sheet.problem.net
    inputs = [f"x{i + 1}" for i in range(net.sizes[0])]
    targets = [f"y{c + 1}" if net.sizes[-1] > 1 else "y" for c in range(net.sizes[-1])]
    data = [["sample", *inputs, *targets]]
    for n, (x, y) in enumerate(zip(problem.X, problem.y, strict=True)):
        data.append([str(n + 1), *map(short, x), *map(short, y)])
    # Horizontal: a column of eleven rows would push the first iteration to the next page.
    labels = [label(*entry) for entry in net.entries]
    return [("Data", data), ("Start", [labels, [short(problem.params[name][index]) for name, index in net.entries]])]


def _to_fill(sheet, t):
    """Yield the tables of iteration t as (heading, rows): the first row and the first of each row are headings.

    Where there is something to fill in, a row holds a Cell; numbers that are given are texts, and "" is no box at all.
    """
    problem, net, stages = sheet.problem, sheet.problem.net, {}
    for cell in sheet.cells:
        if cell.t == t:
            stages.setdefault(cell.stage, []).append(cell)
    forward = [name for name in stages if not is_optional(name) and name not in ("loss", "g", "v", "w")]
    for heading, names in (("Forward", forward), ("Backward", backward_names(net))):
        cells = [cell for name in names for cell in stages[name]]
        samples = dict.fromkeys(cell.sample for cell in cells)
        rows = [[f"sample {n}", *(cell for cell in cells if cell.sample == n)] for n in samples]
        symbols = [cell.symbol for cell in rows[0][1:]]
        title = stages["loss"][0].title
        mean = [[title, *[""] * (len(symbols) - 1), *stages["loss"]]] if heading == "Forward" else []
        yield heading, [["", *symbols], *rows, *mean]
    start = {"old w": problem.params.flat, "old v": problem.first_velocity.flat}
    old = [stages.get(name) or list(map(short, values)) for name, values in start.items()]
    labels = [label(*entry) for entry in net.entries]
    rows = zip(labels, *old, *(stages[name] for name in "gvw"), strict=True)
    yield "Update", [["", "old value", "old v", "gradient g", "velocity v", "new value"], *map(list, rows)]


def markdown(sheet: Sheet, name: str = "") -> str:
    """Return a sheet as Markdown, for a notebook or a wiki."""
    lines = ["## Homework" + (f": {name}" if name else ""), ""]
    lines += [
        f"Sheet {sheet.id}: its name is made from {'its numbers' if sheet.id.startswith('own') else 'the seed'}.",
        "",
        *map(_raised, filter(None, _task(sheet))),
    ]
    for heading, rows in _given(sheet):
        lines += ["", f"**{heading}**", "", *_markdown_table(rows)]
    for t in range(1, sheet.iterations + 1):
        for heading, (columns, *rows) in _to_fill(sheet, t):
            texts = [[(cell or "–") if isinstance(cell, str) else " " for cell in row] for row in rows]
            columns[0] = "of"  # a heading for the rows' own names: an empty one says nothing to a screen reader
            lines += ["", f"**Iteration {t}: {heading.lower()}**", "", *_markdown_table([columns, *texts])]
    return "\n".join(lines) + "\n"


def _markdown_table(rows):
    first, *others = (f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)
    return [first, "|" + "---:|" * len(rows[0]), *others]


def page(sheet: Sheet, name: str = "", solved: bool = False) -> str:
    """Return a sheet as an HTML page that a browser prints well, on A4 and Letter; solved: with the answers."""
    return pages({name: sheet}, solved)


def pages(sheets: Mapping[str, Sheet], solved: bool = False) -> str:
    """Return the pages of all sheets as one HTML page to print, a learner's after the other's; sheets: by name."""
    title = f"Homework {' '.join(sheet.id for sheet in sheets.values())}" if len(sheets) == 1 else "Homework"
    head = f'<meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    body = "".join(section for name, sheet in sheets.items() for section in _sections(sheet, name, solved))
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'


def _sections(sheet, name, solved):
    """Yield each printed page of a sheet: the task with the first iteration, then one for each iteration."""
    numbers = sheet.solution if solved else {}
    who = f"<b>Name:</b><span>{escape(name)}</span><b>Sheet {sheet.id}</b>{'<b>KEY</b>' if solved else ''}"
    for t in range(1, sheet.iterations + 1):
        parts = [f'<div class="who">{who}</div>', *_iteration(sheet, t, numbers)]
        if t == 1:
            parts[:1] = [f'<div class="who"><h1>Momentum, by hand</h1>{who}</div>', *_given_parts(sheet)]
        yield f'<section class="{_ruling(sheet, t)}">{"".join(parts)}</section>'


def _ruling(sheet, t):
    """Return how far apart the lines of iteration t may be, so that it fits on one page of Letter, the lower one."""
    rows = 2 * len(sheet.problem.X) + sheet.problem.net.count
    if t > 1:
        return "wide-ruled" if rows <= MOST_WIDE else "ruled"
    return "ruled" if rows <= MOST_RULED else "narrow-ruled"


def _given_parts(sheet):
    """Yield the task and what is given as pieces of HTML."""
    yield f"<p>{'<br>'.join(_raised(escape(line)) for line in _task(sheet) if line)}</p>"
    tables = [f"<div><h2>{heading}</h2>{_html_table(rows, heading == 'Data')}</div>" for heading, rows in _given(sheet)]
    yield f'<div class="side">{"".join(tables)}</div>'


def _iteration(sheet, t, numbers):
    """Return one iteration as pieces of HTML: its tables, and all the room that is left on the page to work in."""
    working, parts = '<div class="working">Working</div>', [f"<h2>Iteration {t}</h2>"]
    for heading, rows in _to_fill(sheet, t):
        table = _html_table([[_answer(numbers, cell) for cell in row] for row in rows], caption=heading)
        parts.append(f'<div class="side">{table}{working if heading != "Forward" else ""}</div>')
    return [*parts, '<div class="working room">Working</div>']


def _answer(numbers, cell):
    """Return the text of a cell: what is given, its number in the key, and None where there is something to fill in."""
    if isinstance(cell, str):
        return cell
    return f"{numbers[cell.t, cell.name]:.4f}" if numbers else None


def _html_table(rows, named=True, caption=""):
    """Return an HTML table; the first row holds headings, and so does the first column where rows are named.

    None is a box to fill in; "" below the headings is none: the cell before it reaches over it.
    """
    lines = []
    for n, row in enumerate(rows):
        cells = []
        for m, cell in enumerate(row):
            if cell is None:
                cells.append('<td class="blank"></td>')
            elif cell or n == 0:
                tag = "th" if n == 0 or (named and m == 0) else "td"
                over = f' colspan="{1 + row.count("")}"' if n and m == 0 and "" in row else ""
                cells.append(f"<{tag}{over}>{escape(cell)}</{tag}>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    columns = len(rows[0])
    wide = f' class="wide{" widest" if columns > WIDEST else ""}"' if columns > WIDE else ""
    return f"<table{wide}>{f'<caption>{caption}</caption>' if caption else ''}{''.join(lines)}</table>"
