"""One iteration, stage by stage: which arrays are known, how the current one is computed, and the shapes involved."""

import numpy as np
from matplotlib.patches import PathPatch

from tinymlp.stages import stages
from tinymlp.training import PLAIN
from tinymlp.views.shapes import NOTHING, rectangles
from tinymlp.views.style import ADDED, CHOSEN, GREY, INK, PALE, plain_axes
from tinymlp.views.view import Facts, View, dated
from tinymlp.words import capital, decimal, on_page

CHIP_TOP, CHIP = 66, 30
ROWS, COLUMNS = 4, 4  # of an array: the rest is cut off, as its shape shows; fewer columns if they would be unreadable
NARROWEST = 46  # pixels of a cell
CELL = (58, 27)
MIDDLE = 236
MOST_ARRAYS = 4
PHASES = ("forward", "loss", "backward", "update")


class StageView(View):
    """A row of chips, one for each array of the iteration, and the current one as an equation of arrays."""

    width, height = 580, 400

    @classmethod
    def refuses(cls, run):
        return "" if run.training == PLAIN else "a run that trains on all samples and weights"

    def build(self, run, look):
        self.axes = plain_axes(self.figure, (0, 0, 1, 1))
        self.known = self.move(self.axes.add_patch(PathPatch(NOTHING, fc=PALE, ec=GREY, lw=1)))
        self.unknown = self.move(self.axes.add_patch(PathPatch(NOTHING, fc="white", ec=GREY, lw=1)))
        self.used = self.move(self.axes.add_patch(PathPatch(NOTHING, fc="none", ec=ADDED, lw=3.2)))
        self.lit = self.move(self.axes.add_patch(PathPatch(NOTHING, fc=CHOSEN, ec=INK, lw=2.2)))
        self.boxes = self.move(self.axes.add_patch(PathPatch(NOTHING, fc="none", ec=GREY, lw=1.2)))
        self.result = self.move(self.axes.add_patch(PathPatch(NOTHING, fc="none", ec=INK, lw=2.4)))
        middle = {"axes": self.axes, "ha": "center"}
        names = stages(run.now)
        self.wide = (self.width - 16) / len(names)
        size = 14 if self.wide > 38 else 10
        self.chips = [self.words(0, 0, fontsize=size, **middle) for _ in names]
        self.phases = [self.words(0, CHIP_TOP - 12, self.axes, fontsize=13, color=GREY) for _ in PHASES]
        self.formula = self.words(12, 128, self.axes, fontsize=17)
        self.sentence = self.words(12, 344, self.axes)
        self.again = self.words(12, 370, self.axes, fontsize=13, color=ADDED)
        self.headline = self.words(0.016, 0.955, fontsize=15)
        self.cells = [self.words(0, 0, fontsize=14, **middle) for _ in range(MOST_ARRAYS * ROWS * COLUMNS)]
        self.captions = [self.words(0, 0, fontsize=14, **middle) for _ in range(2 * MOST_ARRAYS)]
        self.signs = [self.words(0, MIDDLE, fontsize=16, **middle) for _ in range(MOST_ARRAYS)]

    def read(self, run, look):
        every = stages(run.now)
        at = len(every) - 1 if look.stage is None else min(look.stage, len(every) - 1)
        when = dated(run, look, f"from t = {run.t}, ")
        return Facts(t=run.t, when=when, every=every, at=at, last=len(every) - 1, now=every[at])

    def draw(self, facts):
        every, at, now = facts.every, facts.at, facts.now
        self._draw_chips(every, at)
        when = facts.when and f"iteration {facts.when}"
        self.headline.set_text(capital(f"{when}stage {at} of {facts.last}: {now.phase}"))
        self.formula.set_text(now.formula)
        self.sentence.set_text(now.sentence)
        self.again.set_text(used_by(every, now))
        self._draw_equation(now)

    def _draw_chips(self, every, at):
        places = [8 + n * self.wide for n in range(len(every))]
        chips = [(x + 2, CHIP_TOP, x + self.wide - 2, CHIP_TOP + CHIP) for x in places]
        used = [n for n, stage in enumerate(every) if stage.name in every[at].uses]
        self.known.set_path(_boxes(chips[:at]))
        self.unknown.set_path(_boxes(chips[at + 1 :]))
        self.used.set_path(_boxes([chips[n] for n in used]))
        self.lit.set_path(_boxes([chips[at]]))
        for words, x, stage in zip(self.chips, places, every, strict=True):
            name = "w" if stage.phase == "update" else stage.name
            words.set(x=x + self.wide / 2, y=CHIP_TOP + CHIP / 2, text=name if self.wide > 24 else "")
        for words, phase in zip(self.phases, PHASES, strict=True):
            first = next(n for n, stage in enumerate(every) if stage.phase == phase)
            words.set(x=places[first] + 2, text=phase)
        self.phases[-1].set(x=self.width - 8, ha="right")

    def _draw_equation(self, now):
        """Draw the parts, the equals sign and the value from left to right, with symbols above and shapes below."""
        arrays = [*now.parts, (now.name if now.phase != "update" else "new W¹", now.value, "=" if now.parts else "")]
        signs = [self._room_of_sign(sign) for _, _, sign in arrays]
        room = self.width - 24 - sum(signs)
        for most in range(COLUMNS, 1, -1):
            wide = min(CELL[0], room / sum(min(array.shape[1], most) for _, array, _ in arrays if array is not None))
            if wide >= NARROWEST:
                break
        x, boxes, texts, captions = 12, [], [], []
        for (symbol, array, sign), words, room in zip(arrays, self.signs, signs, strict=False):
            words.set(x=x + room / 2, text=sign if array is not None else f"{sign} {symbol}")
            x += room
            if array is None:
                continue
            shown = array[:ROWS, :most]
            high = len(shown) * CELL[1]
            top = MIDDLE - high / 2
            boxes.append((x, top, x + shown.shape[1] * wide, top + high))
            texts += [
                (x + (j + 0.5) * wide, top + (i + 0.5) * CELL[1], decimal(value, 3))
                for (i, j), value in np.ndenumerate(shown)
            ]
            center = x + shown.shape[1] * wide / 2
            captions += [(center, top - 12, symbol), (center, top + high + 13, f"{len(array)} × {array.shape[1]}")]
            x += shown.shape[1] * wide
        for words in self.signs[len(arrays) :]:
            words.set_text("")
        self.boxes.set_path(_boxes(boxes[:-1]))
        self.result.set_path(_boxes(boxes[-1:]))
        longest = max(len(text) for _, _, text in texts)
        for words in self.cells:
            words.set_fontsize(min(14, 1.6 * (wide - 4) / longest))
        for pool, wanted in ((self.cells, texts), (self.captions, captions)):
            for n, words in enumerate(pool):
                place = wanted[n] if n < len(wanted) else (0, 0, "")
                words.set(x=place[0], y=place[1], text=on_page(place[2]))

    @staticmethod
    def _room_of_sign(sign):
        return 0 if not sign else 30 if len(sign) < 3 else 12 + 9 * len(sign)

    def status(self, facts):
        return capital(f"{facts.when}{facts.now.phase}: {facts.now.formula}.")

    def say(self, facts):
        every, now = facts.every, facts.now
        shapes = ", ".join(f"{symbol} {len(a)} × {a.shape[1]}" for symbol, a, _ in now.parts if a is not None)
        rows = ["  ".join(f"{decimal(value):>8}" for value in row[:COLUMNS]) for row in now.value[:ROWS]]
        lines = [f"Stage {facts.at} of {facts.last}, {now.phase}: {now.formula}", *(f"    {row}" for row in rows)]
        lines.append(f"  {now.value.shape[0]} × {now.value.shape[1]}" + (f", from {shapes}" if shapes else ""))
        return "\n".join([*lines, *(f"  {words}" for words in (now.sentence, used_by(every, now)) if words)])


def used_by(every, now):
    """Return in words which later stages need this one's array."""
    later = [stage.name for stage in every if now.name in stage.uses]
    if len(later) < 2:
        return f"Used once more: for {later[0]}" if later else ""
    return f"Used {len(later)} times from here: for {', '.join(later[:-1])} and {later[-1]}"


def _boxes(boxes):
    """Return one path of boxes (left, top, right, bottom)."""
    return rectangles(*np.reshape(boxes, (-1, 4)).T)
