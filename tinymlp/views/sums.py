"""The forward pass as arithmetic: what each unit adds up, in numbers, and all of it in one line."""

from html import escape

from tinymlp.params import Entry
from tinymlp.views.page import PageView
from tinymlp.views.shapes import gid
from tinymlp.views.view import Facts, dated
from tinymlp.words import BENDS, decimal, given, label, meaning, on_page, symbol

MOST_TERMS = 6  # of a sum
MOST_LINES = 8
MOST_NESTED = 12  # parameters: beyond this, one line would be unreadable
BEND = BENDS | {"sigmoid": "σ", "identity": ""}


class SumsView(PageView):
    """One line for each unit: weights times inputs, plus the bias. A click on a number chooses its parameter."""

    def read(self, run, look):
        net, trace = run.problem.net, run.trace
        units = [(layer, u) for layer in range(1, len(net.sizes)) for u in range(net.sizes[layer])]
        chosen = units.index((look.chosen.layer, look.chosen.unit))  # its unit is among those shown
        first = max(0, chosen - MOST_LINES + 1)
        lines = [self._line(run, look.sample, *unit) for unit in units[first : first + MOST_LINES]]
        nested = len(net.sizes) > 2 and net.sizes[-1] == 1 and net.count <= MOST_NESTED
        if nested:
            whole = self._nested(run, look.sample, len(net.sizes) - 1, 0)
            lines.append([("p = ", None), *whole, (" ", None), (f"= {decimal(trace.p[look.sample, 0], 3)}", None)])
        value, more = given(run.params[look.chosen.name][look.chosen.index]), len(units) - MOST_LINES
        return Facts(
            lines=lines,
            nested=nested,
            sample=f"Sample {look.sample + 1}",
            results=", ".join(
                self._result(run, look.sample, *unit) for unit in (units if nested else units[-net.sizes[-1] :][:4])
            ),
            chosen=look.chosen,
            heading=f"Sample {look.sample + 1} of {len(run.problem.X)}{dated(run, look, f' at t = {run.t}')}",
            left_out=[f"and {more} more units"] if more > 0 else [],
            marked=f"Marked: {label(*look.chosen)} = {value}, {meaning(net, *look.chosen)}",
        )

    def status(self, facts):
        return on_page(f"{facts.sample}: {facts.results}.")

    def draw(self, facts):
        super().draw(facts)
        self.picks = {gid(*entry): entry for line in facts.lines for _, entry in line if entry}

    def say(self, facts):
        texts = ["".join(text for text, _ in line) for line in facts.lines]
        if facts.nested:
            texts.insert(-1, "In one line:")
        return "\n".join([facts.heading, *("  " + text for text in texts), *facts.left_out, facts.marked])

    @staticmethod
    def _result(run, sample, layer, u):
        """Return what a unit passes on, e.g. h¹₁ = 0.0806."""
        net = run.problem.net
        name = symbol(net, "p" if layer == len(net.sizes) - 1 else "h", layer, u)
        return f"{name} = {decimal(run.trace.h[layer][sample, u])}"

    def _line(self, run, sample, layer, u):
        """Return the tokens of one unit's line: (text, the parameter it stands for or None)."""
        net, trace = run.problem.net, run.trace
        last = layer == len(net.sizes) - 1
        name = symbol(net, "p" if last else "h", layer, u)
        bend = BEND[net.activations[layer - 1]]
        came_in = [[(given(h), None)] for h in trace.h[layer - 1][sample]]
        z, h = decimal(trace.z[layer - 1][sample, u], 3), decimal(trace.h[layer][sample, u], 3)
        if bend == "softmax":  # softmax takes all outputs together, so the line shows z first
            name, bend, result = symbol(net, "z", layer, u), "", f" = {z}, and with softmax over all z {name} = {h}"
        else:
            result = f" = {bend}({z}) = {h}" if bend else f" = {z}"
        return [(f"{name} = {bend}(", None), *self._sum(run, layer, u, came_in), (")" + result, None)]

    def _nested(self, run, sample, layer, u):
        """Return the tokens of a unit's value as one nested expression."""
        net = run.problem.net
        bend = BEND[net.activations[layer - 1]]
        if layer == 1:
            came_in = [[(given(x), None)] for x in run.problem.X[sample]]
        else:
            came_in = [self._nested(run, sample, layer - 1, i) for i in range(net.sizes[layer - 1])]
        return [(f"{bend}(", None), *self._sum(run, layer, u, came_in), (")", None)]

    def _sum(self, run, layer, u, came_in):
        """Return the tokens of w h + w h + ... + b, where `came_in` holds the tokens of each h."""
        W, b = run.params.layers[layer - 1]
        tokens = []
        for i, tokens_in in enumerate(came_in[:MOST_TERMS]):
            tokens += self._signed(W[i, u], Entry(f"W{layer}", (i, u)), first=not i)
            negative = len(tokens_in) == 1 and tokens_in[0][0].startswith("-")
            tokens += [(" · (" if negative else " · ", None), *tokens_in, *([(")", None)] if negative else [])]
        if len(came_in) > MOST_TERMS:
            tokens.append((f" + … {len(came_in) - MOST_TERMS} more", None))
        if run.problem.net.biases == "none":
            return tokens
        own = u if b.shape[1] > 1 else 0  # a shared bias is that of every unit
        return tokens + self._signed(b[0, own], Entry(f"b{layer}", (0, own)), first=False)

    def _signed(self, value, entry, first):
        text = given(value)
        if first:
            return [(text, entry)]
        if text.startswith("-"):  # the minus sign belongs to the number and is marked with it
            return [(" ", None), (f"- {text[1:]}", entry)]
        return [(" + ", None), (text, entry)]

    def page(self, facts):
        lines = ["".join(_token(token, facts.chosen) for token in line) for line in facts.lines]
        rows = [f'<p class="tinymlp-sum">{line}</p>' for line in lines]
        if facts.nested:
            whole, result = lines[-1].rsplit("= ", 1)  # the line breaks before its result, however long it is
            whole = f'{whole}<br><span class="tinymlp-result">= {result}</span>'
            rows[-1] = f'<p class="tinymlp-sum tinymlp-whole">In one line:<br>{whole}</p>'
        rows += [f"<p>{escape(words)}</p>" for words in [*facts.left_out, on_page(facts.marked)]]
        return f"<p><b>{escape(facts.heading)}</b></p>{''.join(rows)}"


def _token(token, chosen):
    text, entry = token
    text = escape(on_page(text))
    if entry is None:
        return text
    mark = ' class="chosen"' if entry == chosen else ""
    return f'<span id="{gid(*entry)}"{mark}>{text}</span>'
