"""One iteration as a homework sheet: the way forward for each sample, then gradient, velocity and new value."""

from html import escape

import numpy as np

from tinymlp.explain import above, below, decimal, label, on_page, short, step_from
from tinymlp.views.step import shown_step
from tinymlp.views.view import View

MOST_SAMPLES = 6
MOST_PARAMETERS = 24


class TableView(View):
    """Two HTML tables in the layout of a sheet worked by hand; a click on a row chooses its parameter."""

    title = "Table"
    is_table = True
    width, height = 660, 560

    def build(self, run, look):
        for name, index in run.problem.net.entries[:MOST_PARAMETERS]:
            self.picks[f"pick-{name}-{index[0]}-{index[1]}"] = (name, index)
        lines = 5 + min(len(run.problem.X), MOST_SAMPLES) + len(self.picks)
        self.figure.set_size_inches(self.width / 72, (14 * lines + 20) / 72)
        self.page = self.figure.text(0.02, 1, "", fontsize=12, linespacing=1.15, family="monospace", va="top")

    def update(self, run, look):
        # At the start of a run the sheet is that of the step to come: its way forward is known.
        taken = shown_step(run, look)
        self.forward = forward_table(run.problem, taken or step_from(run.now))
        self.backward = backward_table(run.problem.net, run.now, taken)
        self.heading = heading(run, look, taken)
        self.chosen = look.chosen
        self.page.set_text(self.text(run, look))

    def text(self, run, look):
        return "\n".join([self.heading, *_lines(*self.forward), "", *_lines(*self.backward)])

    def lower(self, salt):
        self.standing_changed = False
        return ""

    def upper(self, salt):
        """Return the tables as HTML."""
        rows = [f"pick-{name}-{index[0]}-{index[1]}" for name, index in self.picks.values()]
        chosen = f"pick-{self.chosen[0]}-{self.chosen[1][0]}-{self.chosen[1][1]}"
        return (
            f"<p><b>{escape(self.heading)}</b></p>"
            + _html("Forward: one row for each sample", *self.forward)
            + _html("Backward and update: one row for each parameter", *self.backward, rows, chosen)
        )


def heading(run, look, step):
    """Return the line above the tables."""
    if step is None:
        return "Iteration 1, not taken yet: press Step to fill in the rest"
    what = "Iteration to come" if look.ahead else "Iteration"
    text = f"{what} {step.t}: from t = {step.t - 1} to t = {step.t} with η = {short(step.eta)}, γ = {short(step.gamma)}"
    edited = not look.ahead and not np.array_equal(step.after.flat, run.params.flat)
    return text + ("; changed by hand since" if edited else "")


def forward_table(problem, step):
    """Return (headings, rows): for each sample its x, then z and h of every layer, target and loss; last the mean."""
    net, trace = problem.net, step.trace
    headings = ["sample", *(f"x{below(i + 1)}" for i in range(net.sizes[0]))]
    for layer, size in enumerate(net.sizes[1:], start=1):
        last = layer == len(net.sizes) - 1
        for symbol in ("z", "p" if last else "h"):
            raised = "" if symbol == "p" else above(layer)
            headings += [f"{symbol}{raised}{below(u + 1) if size > 1 else ''}" for u in range(size)]
    headings += [f"y{below(c + 1) if net.sizes[-1] > 1 else ''}" for c in range(net.sizes[-1])] + ["loss"]
    rows = []
    for n in range(min(len(problem.X), MOST_SAMPLES)):
        cells = [str(n + 1), *map(short, problem.X[n])]
        for z, h in zip(trace.z, trace.h[1:], strict=True):
            cells += [decimal(v) for v in (*z[n], *h[n])]
        rows.append([*cells, *map(short, problem.y[n]), decimal(step.sample_losses[n])])
    rows.append(["mean", *[""] * (len(headings) - 2), decimal(step.loss)])
    return headings, rows


def backward_table(net, now, step):
    """Return (headings, rows): for each parameter its value, gradient, gamma v, -eta g, velocity and new value."""
    headings = ["", "old value", "gradient g", "γ·v", "−η·g", "new v", "new value"]
    rows = []
    for name, index in net.entries[:MOST_PARAMETERS]:
        if step is None:
            rows.append([label(name, index), decimal(now.params[name][index], 5), *[""] * 5])
            continue
        parts = (step.before, step.grads, step.carried, step.added, step.velocity, step.after)
        rows.append([label(name, index), *(decimal(part[name][index], 5) for part in parts)])
    return headings, rows


def _lines(headings, rows):
    widths = [max(len(row[column]) for row in [headings, *rows]) for column in range(len(headings))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in [headings, *rows]]


def _html(caption, headings, rows, gids=(), chosen=None):
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in headings)
    body = []
    for number, (first, *cells) in enumerate(rows):
        gid = gids[number] if number < len(gids) else ""
        mark = (f' id="{gid}"' if gid else "") + (
            ' class="chosen" aria-current="true"' if gid and gid == chosen else ""
        )
        cells = "".join(f"<td>{on_page(cell)}</td>" for cell in cells)
        body.append(f'<tr{mark}><th scope="row">{escape(first)}</th>{cells}</tr>')
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
