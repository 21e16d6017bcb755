"""The forward pass as arithmetic: what each unit adds up, in numbers, and all of it in one line."""

from html import escape

from tinymlp.views.page import PageView
from tinymlp.views.view import gid
from tinymlp.words import BENDS, decimal, given, label, meaning, on_page, symbol

MOST_TERMS = 6  # of a sum
MOST_LINES = 8
MOST_NESTED = 12  # parameters: beyond this, one line would be unreadable
BEND = BENDS | {"sigmoid": "σ", "identity": ""}


class SumsView(PageView):
    """One line for each unit: weights times inputs, plus the bias. A click on a number chooses its parameter."""

    def update(self, run, look):
        net, trace, self.chosen = run.problem.net, run.trace, look.chosen
        units = [(layer, u) for layer in range(1, len(net.sizes)) for u in range(net.sizes[layer])]
        name, index = look.chosen
        chosen = units.index((int(name[1:]), index[1]))  # its unit is among those shown
        first = max(0, chosen - MOST_LINES + 1)
        self.lines = [self._line(run, look.sample, *unit) for unit in units[first : first + MOST_LINES]]
        self.nested = len(net.sizes) > 2 and net.sizes[-1] == 1 and net.count <= MOST_NESTED
        if self.nested:
            whole = self._nested(run, look.sample, len(net.sizes) - 1, 0)
            self.lines.append([("p = ", None), *whole, (f" = {decimal(trace.p[look.sample, 0], 3)}", None)])
        self.picks = {gid(*entry): entry for line in self.lines for _, entry in line if entry}
        self.heading = f"Sample {look.sample + 1} of {len(run.problem.X)} at t = {run.t}"
        self.more = len(units) - MOST_LINES
        value = given(run.params[name][index])
        self.marked = f"Marked: {label(name, index)} = {value}, {meaning(net, name, index)}"
        texts = ["".join(text for text, _ in line) for line in self.lines]
        if self.nested:
            texts.insert(-1, "In one line:")
        self.said = "\n".join([self.heading, *("  " + text for text in texts), *self._left_out(), self.marked])

    def _left_out(self):
        return [f"and {self.more} more units"] if self.more > 0 else []

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
            tokens += self._signed(W[i, u], (f"W{layer}", (i, u)), first=not i)
            negative = len(tokens_in) == 1 and tokens_in[0][0].startswith("-")
            tokens += [(" · (" if negative else " · ", None), *tokens_in, *([(")", None)] if negative else [])]
        if len(came_in) > MOST_TERMS:
            tokens.append((f" + … {len(came_in) - MOST_TERMS} more", None))
        if run.problem.net.biases == "none":
            return tokens
        own = u if b.shape[1] > 1 else 0  # a shared bias is that of every unit
        return tokens + self._signed(b[0, own], (f"b{layer}", (0, own)), first=False)

    def _signed(self, value, entry, first):
        text = given(value)
        if first:
            return [(text, entry)]
        if text.startswith("-"):  # the minus sign belongs to the number and is marked with it
            return [(" ", None), (f"- {text[1:]}", entry)]
        return [(" + ", None), (text, entry)]

    def html(self):
        rows = [f'<p class="tinymlp-sum">{"".join(map(self._token, line))}</p>' for line in self.lines]
        if self.nested:
            whole = "".join(map(self._token, self.lines[-1]))
            rows[-1] = f'<p class="tinymlp-sum tinymlp-whole"><small>In one line:</small><br>{whole}</p>'
        rows += [f"<p>{escape(words)}</p>" for words in [*self._left_out(), on_page(self.marked)]]
        return f"<p><b>{escape(self.heading)}</b></p>{''.join(rows)}"

    def _token(self, token):
        text, entry = token
        text = escape(on_page(text))
        if entry is None:
            return text
        mark = ' class="chosen"' if entry == self.chosen else ""
        return f'<span id="{gid(*entry)}"{mark}>{text}</span>'
