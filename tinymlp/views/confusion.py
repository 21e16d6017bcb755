"""The confusion table: how often samples of each class are given which answer, in training and held out."""

import numpy as np
from matplotlib.patches import PathPatch

from tinymlp import scores
from tinymlp.network import forward
from tinymlp.views.shapes import rectangles
from tinymlp.views.style import GREY, INK, plain_axes
from tinymlp.views.view import Facts, View, dated
from tinymlp.words import decimal

MOST_CLASSES = 5
MOST_LETTERS = 11  # of the name of a class
ROOM = 36  # letters, for the numbers of the samples that are wrong
MOST_SAID = 12  # of those samples, in words
LEFT, TOP, SIZE = (112, 262), 140, (128, 118)  # pixels: where the two tables are, and how large
WHERE = "training", "held out"


def class_names(problem):
    """Return the names of the classes (K,), or their numbers where they have none."""
    count = max(2, problem.y.shape[1])
    first = 0 if problem.y.shape[1] == 1 else 1  # a single target is 0 or 1
    return problem.classes or tuple(str(n + first) for n in range(count))


class ConfusionView(View):
    """A table of true class by answer, for the training and the held-out set, and which samples are wrong."""

    width, height = 400, 340

    @classmethod
    def refuses(cls, run):
        if not scores.are_classes(run.problem.y) or run.problem.net.output not in ("sigmoid", "softmax"):
            return "targets that are classes"
        return "" if run.problem.y.shape[1] <= MOST_CLASSES else f"at most {MOST_CLASSES} classes"

    def build(self, run, look):
        names = class_names(run.problem)
        self.numbers = [str(n + 1) for n in range(len(names))] if run.problem.classes else names
        self.sets = 1 if run.problem.X_held is None else 2
        self.axes = plain_axes(self.figure, (0, 0, 1, 1))
        self.column, self.row = np.divide(SIZE, len(names))
        grey = {"va": "center", "fontsize": 13, "color": GREY}
        self.axes.text(8, TOP - 18, "true class", **grey)
        for k, name in enumerate(names):
            words = f"{k + 1} {name}" if run.problem.classes else f"class {name}"
            words = words if len(words) <= MOST_LETTERS + 2 else f"{words[: MOST_LETTERS + 1]}…"
            self.axes.text(8, self._middle(k), words, va="center", fontsize=13)
        for left in LEFT[: self.sets]:
            self._build_table(left, grey)
        if self.sets == 1:
            self.axes.text(LEFT[1] + 4, TOP + SIZE[1] / 2, "no samples\nare held out", **grey)
        places = [(n, k, j) for n in range(self.sets) for k in range(len(names)) for j in range(len(names))]
        self.cells = {place: self.words(*self._place(*place), self.axes, ha="center") for place in places}
        self.headline = self.words(0.02, 0.95, fontsize=15)
        self.rights = [self.words(left, 66, self.axes, fontsize=13) for left in (LEFT[0] - 6, LEFT[1] - 6)[: self.sets]]
        self.lists = [self.words(8, 290 + 28 * n, self.axes, fontsize=13) for n in range(self.sets)]

    def _middle(self, k):
        return TOP + (k + 0.5) * self.row

    def _place(self, which, k, j):
        return LEFT[which] + (j + 0.5) * self.column, self._middle(k)

    def _build_table(self, left, grey):
        """Draw what stands still of a table: its headings, its frame, and a box round each count on the diagonal."""
        self.axes.text(left + SIZE[0] / 2, TOP - 38, "the answer", ha="center", **grey)
        for k, number in enumerate(self.numbers):
            self.axes.text(left + (k + 0.5) * self.column, TOP - 18, number, ha="center", va="center", fontsize=13)
        frame = rectangles(left, TOP, left + SIZE[0], TOP + SIZE[1])
        self.axes.add_patch(PathPatch(frame, fc="none", ec=GREY, lw=0.8))
        corner = np.arange(len(self.numbers))
        sides = left + corner * self.column + 2, TOP + corner * self.row + 2
        boxes = rectangles(*sides, sides[0] + self.column - 4, sides[1] + self.row - 4)
        self.axes.add_patch(PathPatch(boxes, fc="none", ec=INK, lw=1.8))

    def read(self, run, look):
        problem = run.problem
        parts = [(run.trace, problem.y)]
        if problem.X_held is not None:
            parts.append((forward(run.params, problem.X_held), problem.y_held))
        wrong = [np.flatnonzero(scores.wrong(*part)) for part in parts]
        return Facts(
            when=dated(run, look, f" at t = {run.t}"),
            names=class_names(problem),
            tables=[scores.confusion(*part) for part in parts],
            sizes=[len(y) for _, y in parts],
            wrong=wrong,
            answers=[scores.labels(trace.p)[which] for (trace, _), which in zip(parts, wrong, strict=True)],
            truths=[scores.labels(y)[which] for (_, y), which in zip(parts, wrong, strict=True)],
        )

    def draw(self, facts):
        for (which, k, j), cell in self.cells.items():
            count = facts.tables[which][k, j]
            cell.set(text=str(count), color=INK if count else GREY)
        self.headline.set_text(f"True class and answer{facts.when}")
        for n, (where, right) in enumerate(zip(WHERE, self.rights, strict=False)):
            right.set_text(f"{where}: {decimal(_share(facts, n), 3)} right")
            self.lists[n].set_text(f"wrong, {where}: {_listed(facts.wrong[n])}")

    def status(self, facts):
        rights = [
            f"{size - len(wrong)} of {size} {where}"
            for where, size, wrong in zip(("in training", WHERE[1]), facts.sizes, facts.wrong, strict=False)
        ]
        return f"Right: {', '.join(rights)}."

    def say(self, facts):
        lines = [f"Confusion table{facts.when}: a row for each true class, a column for each answer"]
        names = ", ".join(facts.names)
        for n, (where, table) in enumerate(zip(WHERE, facts.tables, strict=False)):
            size, count = facts.sizes[n], len(facts.wrong[n])
            share = decimal(_share(facts, n), 4)
            lines.append(f"  {where}: {size - count} of {size} right, {share}; columns {names}")
            lines += [f"    {name}: {', '.join(map(str, row))}" for name, row in zip(facts.names, table, strict=True)]
            told = [
                f"{number + 1} ({facts.names[truth]}, called {facts.names[answer]})"
                for number, truth, answer in zip(facts.wrong[n], facts.truths[n], facts.answers[n], strict=True)
            ]
            more = f" and {count - MOST_SAID} more" if count > MOST_SAID else ""
            lines.append(f"    wrong: {', '.join(told[:MOST_SAID])}{more}" if told else "    none is wrong")
        return "\n".join(lines)


def _share(facts, n):
    return 1 - len(facts.wrong[n]) / facts.sizes[n]


def _listed(wrong):
    """Return the numbers of samples, counted from 1, as text: as many as there is room for, and how many more."""
    numbers = [str(n + 1) for n in wrong]
    for shown in range(len(numbers), 0, -1):
        more = f" and {len(numbers) - shown} more" if shown < len(numbers) else ""
        text = ", ".join(numbers[:shown]) + more
        if len(text) <= ROOM:
            return text
    return "none"
