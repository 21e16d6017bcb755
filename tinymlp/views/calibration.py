"""A calibration chart of predictions: how sure someone was against how often they were right."""

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tinymlp.views.style import GREY, POSITIVE, plain_style


class CalibrationChart:
    """Shown on a page as a picture, and in words. rows: as `teaching.predictions.calibration` returns them."""

    def __init__(self, rows, title="Your predictions"):
        self.rows, self.title = rows, title

    def describe(self):
        """Return the chart in words."""
        lines = [f"{self.title}: {sum(count for _, count, _ in self.rows)} with a stated certainty"]
        lines += [f"  {sure:g} % sure: {round(100 * share)} % right of {count}" for sure, count, share in self.rows]
        return "\n".join(lines)

    def png(self):
        """Return the chart as PNG bytes: certainty along, share of right guesses up."""
        with plain_style():
            figure = Figure(figsize=(6, 4), dpi=100, layout="tight")
            FigureCanvasAgg(figure)
            axes = figure.subplots()
            axes.plot([0, 100], [0, 100], color=GREY, ls=":", lw=2)
            axes.text(4, 12, "as right as sure", color=GREY, fontsize=12, rotation=28)
            axes.plot(
                [sure for sure, *_ in self.rows], [100 * share for *_, share in self.rows], "o-", color=POSITIVE, ms=11
            )
            for sure, count, share in self.rows:
                words = f"of {count}"
                axes.annotate(words, (sure, 100 * share), (0, 11), textcoords="offset points", ha="center", fontsize=12)
            axes.set(xlim=(0, 103), ylim=(-3, 112))
            axes.set_xlabel("how sure you were, %", fontsize=13)
            axes.set_ylabel("how often you were right, %", fontsize=13)
            axes.set_title(self.title, fontsize=14, loc="left")
            axes.tick_params(labelsize=12)
            axes.spines[["top", "right"]].set_visible(False)
            png = io.BytesIO()
            figure.savefig(png, format="png")
        return png.getvalue()

    def _repr_mimebundle_(self, **kwargs):
        return {"text/plain": self.describe(), "image/png": self.png()}
