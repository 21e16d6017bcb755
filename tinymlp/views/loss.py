"""The loss, iteration by iteration, with a rival for comparison: plain descent, or any other settings."""

from tinymlp.explain import edited, mean_alone_said
from tinymlp.views.shapes import round_up, thinned
from tinymlp.views.style import GREY, INK, dress
from tinymlp.views.view import Facts, View, dated
from tinymlp.words import RULES, capital, decimal, short

PLAIN = (("gamma", 0.0),)


def has_rival(run, look):
    """Return whether there is a run to compare with: one was asked for, or momentum is used and plain descent is."""
    return look.rival is not None or run.at(0).gamma > 0 or run.gamma > 0


def rival_of(run, look):
    """Return the rival: the same start with the settings that are looked at, by default those of plain descent."""
    return run.beside(**dict(PLAIN if look.rival is None else look.rival))


def settings_said(rival, look):
    """Return in words what a rival does: (for the legend, for the text)."""
    if look.rival is None:
        return "plain descent, γ = 0", f"plain descent, with eta {short(rival.eta)} and gamma 0"
    eta, gamma = short(rival.eta), short(rival.gamma)
    if "rule" not in dict(look.rival):
        return f"rival, η = {eta}, γ = {gamma}", f"the rival, with eta {eta} and gamma {gamma}"
    rule = RULES.get(rival.rule.name, rival.rule.name)
    return f"{rule}, η {eta}, γ {gamma}", f"the rival, with the rule {rule}, eta {eta} and gamma {gamma}"


def add_rival(facts, run, look):
    """Add to the facts of a view what it tells of the rival."""
    facts.rival = rival_of(run, look)
    facts.rival_t, facts.rival_losses = facts.rival.t, facts.rival.losses
    facts.rival_name, facts.rival_words = settings_said(facts.rival, look)


def rival_said(facts):
    """Return a line about the rival: its settings, its loss, and where it had to stop."""
    stopped = "" if facts.rival_t == facts.t else f" (stopped at t = {facts.rival_t})"
    return f"  {facts.rival_words}: {decimal(facts.rival_losses[-1])}{stopped}"


def limits_of(until, highest):
    """Return how far the axes of a loss reach, to iteration `until` and up to `highest`: rounded, to move in leaps."""
    return round_up(until), round_up(max(0.01, 1.03 * highest))


def drawn(losses, since=0):
    """Return the points (t, loss) of a curve that begins at iteration `since`: of a long one those that it needs."""
    kept = thinned(losses)
    return since + kept, losses[kept]


def standing(run, look):
    """Return in a sentence where a run stands: t, the loss, and how far the step that led there moved it."""
    when, text = dated(run, look, f"t = {run.t}: "), f"loss {decimal(run.loss)}"
    if run.t:
        before = run.at(run.t - 1)
        change = run.loss - before.loss
        cause = "and a change by hand" if edited(before, run.now) else ""
        text += f", {'down' if change <= 0 else 'up'} {decimal(abs(change))} by this step {cause}".rstrip()
    said = f"{when}{text if when else capital(text)}."
    return f"{said} No better than the mean of the targets alone." if mean_alone_said(run.problem, run.losses) else said


class LossView(View):
    """The loss up to now; plain descent, or the rival, as a dotted line; what came later only on demand."""

    width, height = 310, 370
    draws = "curve"

    def follows(self, run):
        return True

    def build(self, run, look):
        self.axes = self.figure.add_axes((0.15, 0.15, 0.82, 0.68))
        self.figure.text(0.03, 0.95, "Loss, mean over samples:", fontsize=15, va="center")
        self.value = self.words(0.985, 0.95, fontsize=15, ha="right")
        dotted = {"color": GREY, "lw": 2, "ls": (0, (1, 1.4))}
        entries = (10, "this run", {"color": INK, "lw": 2.6}), (110, "", dotted)
        _, (self.rival_key, _) = self.legend(0.845, *entries)
        # It moves: as a part of what stands still, it would have all of that drawn anew at each change of the rival.
        self.rival_name = self.words(145 / self.width, 0.845 + 11 / self.height, fontsize=13)
        dress(self.axes, "iteration t")
        self.rival = self.move(self.axes.plot([], [], **dotted)[0])
        self.future = self.move(self.axes.plot([], [], color=GREY, lw=1.2)[0])
        self.predicted = self.past = self.move(self.axes.plot([], [], color=INK, lw=2.6)[0])
        self.point = self.move(self.axes.plot([], [], "o", color=INK, ms=10)[0])
        self.limits, self.until = None, 10 if look.asked is None else max(10, *look.asked.at, 0)

    def read(self, run, look):
        shown = run.losses_on_record if look.ahead else run.losses
        facts = Facts(
            t=run.t, end=run.end, losses=shown[: run.t + 1], shown=shown, ahead=look.ahead, rival=None,
            highest=shown.max(), standing=standing(run, look), alone=mean_alone_said(run.problem, run.losses),
        )  # fmt: skip
        if has_rival(run, look):
            add_rival(facts, run, look)
            facts.highest = max(facts.highest, facts.rival_losses.max())
        return facts

    def draw(self, facts):
        t, losses, shown = facts.t, facts.losses, facts.shown
        theirs = losses[:1] if facts.rival is None else facts.rival_losses
        self._name_rival("" if facts.rival is None else facts.rival_name)
        self.past.set_data(*drawn(losses))
        self.point.set_data([t], [losses[-1]])
        self.future.set_data(*drawn(shown[t:], t))
        self.rival.set_data(*drawn(theirs))
        self._fit(facts.end, facts.highest)
        self.value.set_text(decimal(losses[-1]))

    def _name_rival(self, name):
        self.rival_name.set_text(name)
        if self.rival_key.get_visible() != bool(name):
            self.standing_changed = True
        for artist in (self.rival, self.rival_key):
            artist.set_visible(bool(name))

    def _fit(self, end, highest):
        """Let the limits grow in leaps, so that the axes stand still as long as they can."""
        limits = limits_of(max(self.until, end), highest)
        if limits != self.limits:
            self.limits = wide, high = limits
            self.axes.set_xlim(-0.02 * wide, 1.02 * wide)
            self.axes.set_ylim(-0.03 * high, high)  # what is near 0 does not lie on the frame
            self.standing_changed = True

    def status(self, facts):
        return facts.standing

    def say(self, facts):
        losses = facts.losses
        lines = [f"Loss at t = {facts.t}: {decimal(losses[-1])}"]
        if facts.t:
            lines[0] += f", from {decimal(losses[0])} at the start"
        if facts.t and facts.rival is not None:
            lines.append(rival_said(facts))
        if facts.ahead and facts.end > facts.t:
            lines.append(f"  on record until t = {facts.end}, where it is {decimal(facts.shown[-1])}")
        lines += [f"  {facts.alone}"] if facts.alone else []
        return "\n".join(lines)
