"""One iteration as a homework sheet: forward and backward for each sample, then gradient, velocity and new value."""

from html import escape

from tinymlp.activations import ACTIVATIONS
from tinymlp.explain import edited, step_from
from tinymlp.network import deltas
from tinymlp.training import PLAIN
from tinymlp.views.page import PageView, html_table, text_table
from tinymlp.views.shapes import gid, shown_entries
from tinymlp.views.step import shown_step
from tinymlp.views.view import Facts
from tinymlp.words import above, below, decimal, given, label, short

MOST_SAMPLES = 6
MOST_UNITS = 4  # of a layer, in the forward table
MOST_PARAMETERS = 24
UPDATE = "Gradient and update: one row for each number"
PLAIN_UPDATE = "Update: g is the mean over the samples of δ times what came in (1 for a bias)"


class TableView(PageView):
    """Three HTML tables in the layout of a sheet worked by hand; a click on a row chooses its parameter."""

    def read(self, run, look):
        # At the start of a run the table is for the next step: its forward pass is known.
        taken = shown_step(run, look)
        entries = shown_entries(run.problem.net, look.chosen, MOST_PARAMETERS)
        step = taken or step_from(run.now)
        return Facts(
            entries=entries,
            forward=forward_table(run.problem, step),
            deltas=delta_table(run.problem, step) if taken else _emptied(*delta_table(run.problem, step)),
            taken=taken is not None,
            backward=backward_table(run, taken, entries),
            retraced=run.training == PLAIN,
            heading=heading(run, look, taken),
            chosen=look.chosen,
            more=run.problem.net.count - len(entries),
        )

    def draw(self, facts):
        super().draw(facts)
        self.picks = {gid(*entry): entry for entry in facts.entries}

    def say(self, facts):
        more = [f"and {facts.more} more parameters"] if facts.more else []
        deltas = ["", *text_table(*facts.deltas)] if facts.taken else []
        forward, backward = text_table(*facts.forward), text_table(*facts.backward)
        return "\n".join([facts.heading, *forward, *deltas, "", *backward, *more])

    def page(self, facts):
        return (
            f"<p><b>{escape(facts.heading)}</b></p>"
            + html_table("forward", "Forward: one row for each sample", *facts.forward)
            + html_table("deltas", "Backward: one row for each sample", *facts.deltas)
            + html_table(
                "update",
                PLAIN_UPDATE if facts.retraced else UPDATE,
                *facts.backward,
                list(self.picks),
                gid(*facts.chosen),
            )
            + (f"<p>and {facts.more} more parameters</p>" if facts.more else "")
        )


def heading(run, look, step):
    """Return the line above the tables."""
    if step is None:
        return "Iteration 1, not taken yet: press Step to fill in the rest"
    what = "Upcoming iteration" if look.ahead else "Iteration"
    text = f"{what} {step.t}: from t = {step.t - 1} to t = {step.t} with η = {short(step.eta)}, γ = {short(step.gamma)}"
    by_hand = not look.ahead and edited(run.at(run.t - 1), run.now)
    return text + ("; changed by hand since" if by_hand else "")


def forward_table(problem, step):
    """Return (headings, rows): for each sample its x, then z and h of every layer, target and loss; last the mean.

    Only the first units of a wide layer and the first of many samples are shown: headings and last row say so.
    """
    trace = step.trace
    count, shown = len(problem.X), min(len(problem.X), MOST_SAMPLES)
    columns = _samples(shown)
    columns += _columns("x", problem.X[:shown], given, always=True)
    for layer, (z, h) in enumerate(zip(trace.z, trace.h[1:], strict=True), start=1):
        columns += _columns(f"z{above(layer)}", z[:shown], decimal)
        columns += _columns("p" if h is trace.p else f"h{above(layer)}", h[:shown], decimal)
    columns += _columns("y", problem.y[:shown], given)
    columns.append(("loss", [decimal(value) for value in step.sample_losses[:shown]]))
    mean = "mean" if count == shown else f"mean of {count}"
    rows = [list(row) for row in zip(*(cells for _, cells in columns), strict=True)]
    if count > shown:
        rows.append(["…", *[""] * (len(columns) - 1)])
    return [heading for heading, _ in columns], [*rows, [mean, *[""] * (len(columns) - 2), decimal(step.loss)]]


def delta_table(problem, step):
    """Return (headings, rows): for each sample p - y, then from the output back the slope at each z and delta.

    delta is the slope of the sample's own loss for z: not yet divided by the number of samples. A delta that is p - y
    itself and slopes that are all 1 are left out.
    """
    trace, net = step.trace, problem.net
    count, last = min(len(problem.X), MOST_SAMPLES), len(net.sizes) - 1
    columns = _samples(count) + _columns("p − y", (trace.p - problem.y)[:count], decimal)
    for layer, dz in reversed(list(enumerate(deltas(trace, problem.y), start=1))):
        if layer == last and (net.loss == "cross_entropy" or net.output == "identity"):
            continue
        if net.activations[layer - 1] != "identity":
            slopes = ACTIVATIONS[net.activations[layer - 1]][1](trace.z[layer - 1], trace.h[layer])
            columns += _columns(f"slope{above(layer)}", slopes[:count], decimal)
        columns += _columns(f"δ{above(layer)}", len(problem.X) * dz[:count], decimal)
    return [heading for heading, _ in columns], [
        list(row) for row in zip(*(cells for _, cells in columns), strict=True)
    ]


def _emptied(headings, rows):
    """Return a table of which only the samples are known yet, so that it does not grow when the step is taken."""
    return headings, [[sample, *[""] * len(cells)] for sample, *cells in rows]


def _samples(count):
    return [("sample", [str(n + 1) for n in range(count)])]


def _columns(symbol, values, write, always=False):
    """Return (heading, cells) for each column of values, at most MOST_UNITS, and one of dots where there are more."""
    size = values.shape[1]
    numbered = size > 1 or always
    columns = [
        (f"{symbol}{below(u + 1) if numbered else ''}", [write(value) for value in values[:, u]])
        for u in range(min(size, MOST_UNITS))
    ]
    return columns + ([("…", [f"{size - MOST_UNITS} more"] * len(values))] if size > MOST_UNITS else [])


def backward_table(run, step, entries):
    """Return (headings, rows): for each parameter its value and velocity, gradient, parts of its move, new value."""
    rule = (step or run).rule
    parts = rule.carried or "carried", rule.added or "new", "new v" if rule.velocity_is_move else "move"
    headings = ["", "old value", "old v", "gradient g", *parts]
    rows = []
    for name, index in entries:
        parts = (run.params, run.velocity) if step is None else (
            step.before, step.velocity_before, step.grads, step.carried, step.added, step.move, step.after
        )  # fmt: skip
        cells = [decimal(part[name][index], 5) for part in parts]
        rows.append([label(name, index), *cells, *[""] * (7 - len(cells))])
    return [*headings, "new value"], rows
