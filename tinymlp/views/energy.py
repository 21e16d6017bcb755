"""The loss beside its energy, which tells ringing from growth: a loss may rise while the energy falls."""

import numpy as np

from tinymlp.views.shapes import leap, round_up
from tinymlp.views.sharpness import takes_all
from tinymlp.views.style import CARRIED, INK, dress
from tinymlp.views.view import Facts, View
from tinymlp.words import decimal

LONGEST = 1_000  # steps back to which the energy is worked out
NOISE = 1e-12  # of the value: a smaller rise is rounding


class EnergyView(View):
    """The loss, and the energy: the loss plus what the velocity holds, gamma |v|^2 / (2 eta); ticks where each rose.

    The energy never rises in a step along which the curvature stays below 2 (1 - gamma) / eta: the velocity is the
    move, so the loss after it is at most L + g v + curvature |v|^2 / 2, with g = (gamma v_before - v) / eta.
    """

    width, height = 400, 370

    @classmethod
    def refuses(cls, run):
        return "" if takes_all(run) else "a run whose steps take all samples, without a penalty"

    def build(self, run, look):
        self.axes = self.figure.add_axes((0.13, 0.15, 0.84, 0.56))
        dress(self.axes, "iteration t; ticks: where it rose")
        style = {"color": CARRIED, "lw": 2.2, "ls": (0, (5, 1.5))}
        self.legend(0.725, (10, "loss", {"color": INK, "lw": 2.6}), (100, "energy: loss + γ |v|² / 2η", style))
        self.energy = self.move(self.axes.plot([], [], **style)[0])
        self.loss = self.move(self.axes.plot([], [], color=INK, lw=2.6)[0])
        self.point = self.move(self.axes.plot([], [], "o", color=INK, ms=10)[0])
        ticks = {"ls": "none", "marker": "|", "ms": 11, "mew": 1.6, "transform": self.axes.get_xaxis_transform()}
        self.rose = [self.move(self.axes.plot([], [], color=color, **ticks)[0]) for color in (INK, CARRIED)]
        self.headline = self.words(0.02, 0.95, fontsize=15)
        self.verdict = [self.words(0.02, y, fontsize=13) for y in (0.885, 0.83)]
        self.high, self.limits = None, None

    def read(self, run, look):
        since = max(0, run.t - LONGEST)
        past, losses = run.past(since, run.t + 1), run.losses
        facts = Facts(t=run.t, end=run.end, losses=losses, since=since, times=past.t, energy=None, rule=run.rule.name)
        steps, eta, gamma = past.t[1:], past.eta, past.gamma
        flat, velocity = past.params.flat, past.velocity.flat
        moved = flat[1:] - flat[:-1]
        taken = np.ones(len(steps), dtype=bool)
        if all(rule.velocity_is_move for rule in past.rules) and eta.all():
            # The energy of a step has the settings of that step at both of its ends.
            squares, weight = (velocity**2).sum(axis=-1), gamma / (2 * eta)
            facts.energy = losses[since:] + weight * squares
            after = losses[since + 1 :] + weight[:-1] * squares[1:]
            # A weight that was set by hand did not move by its velocity.
            taken = (abs(moved - velocity[1:]) <= NOISE * (1 + abs(flat[1:]) + abs(flat[:-1]))).all(axis=-1)
            facts.energy_rose = steps[taken & _rises(facts.energy[:-1], after)]
        facts.loss_rose = steps[taken & _rises(losses[since:-1], losses[since + 1 :])]
        facts.eta, facts.plain = eta[-1], not gamma.any()
        return facts

    def draw(self, facts):
        shown = facts.energy is not None
        self._fit(facts)
        self.loss.set_data(np.arange(facts.t + 1), facts.losses)
        self.point.set_data([facts.t], [facts.losses[-1]])
        self.energy.set_data(*((facts.times, facts.energy) if shown else ([], [])))
        rose = facts.loss_rose, facts.energy_rose if shown else []
        for ticks, times, height in zip(self.rose, rose, (0.03, 0.09), strict=True):
            ticks.set_data(times, np.full(len(times), height))
        self.headline.set_text(headline(facts))
        for text, line in zip(self.verdict, verdict(facts), strict=True):
            text.set_text(line)

    def _fit(self, facts):
        """Let the limits grow in leaps, so that the axes stand still as long as they can."""
        highest = max(facts.losses.max(), 0.01 if facts.energy is None else facts.energy.max())
        self.high = leap(self.high, 1.05 * highest)
        limits = round_up(max(10, facts.end)), self.high
        if limits != self.limits:
            self.limits = wide, high = limits
            self.axes.set(xlim=(-0.02 * wide, 1.02 * wide), ylim=(-0.12 * high, high))
            self.standing_changed = True

    def say(self, facts):
        return "\n".join([headline(facts), *(f"  {line}" for line in verdict(facts) if line)]).replace("η", "eta")


def _rises(before, after):
    return after - before > NOISE * abs(before)


def headline(facts):
    """Return the loss and the energy, in a line."""
    energy = "" if facts.energy is None else f", energy {decimal(facts.energy[-1])}"
    return f"Loss {decimal(facts.losses[-1])} at t = {facts.t}{energy}"


def verdict(facts):
    """Return in two lines how often the loss rose, how often the energy did, and what that tells."""
    span = "so far" if not facts.since else f"of the last {LONGEST:,}"
    rose = len(facts.loss_rose)
    counted = f"the loss rose in {_steps(rose)} {span}"
    if facts.energy is None:
        why = "with η = 0" if not facts.eta else f"for the rule {facts.rule}"
        return f"{counted};", f"there is no such energy {why}"
    if not facts.t:
        return "no step taken yet", ""
    also = len(facts.energy_rose)
    if facts.plain:
        return counted + ";", "without momentum the energy is the loss"
    if not rose and not also:
        return counted + ",", "and the energy in none either"
    if not also:
        return f"{counted}, the energy in none:", "ringing, not growth"
    return f"{counted}, the energy in {also}:", "more than ringing: these steps are long for the curvature"


def _steps(number):
    return "no step" if not number else f"{number} step{'' if number == 1 else 's'}"
