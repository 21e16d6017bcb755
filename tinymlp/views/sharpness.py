"""The sharpness of the loss over t, beside the limit that eta, gamma and the rule set for it: theory beside fact."""

import numpy as np

from tinymlp.curvature import hessian
from tinymlp.params import trusted
from tinymlp.views.shapes import leap, round_up
from tinymlp.views.style import GREY, INK, dress
from tinymlp.views.view import Facts, View
from tinymlp.words import decimal, on_page, short

POINTS = 500  # iterations at which the sharpness is worked out: beyond, every second one, every fourth, ...
MOST_WORK = 300_000  # parameters times samples times units: one Hessian then takes about ten milliseconds
IN_ALL = 4_000_000  # the same, for all points of a course together
IN_SIGHT = 20  # a limit of more than this many times the sharpness is above the picture
NONE = 0.0005  # a curvature below this is written as 0.000


def takes_all(run):
    """Return whether the steps of a run follow the loss itself: of all samples, without a penalty."""
    training = run.training
    batches = training.batch is not None and training.batch < len(run.problem.X)
    return not (batches or training.l1 or training.l2)


def work_of(problem):
    """Return about how many numbers a Hessian takes to work out, in units of its own."""
    return problem.net.count * len(problem.X) * sum(problem.net.sizes)


def limit_at(moment):
    """Return the curvature at which wobbles neither grow nor die out in the step from a Moment; NaN where none is."""
    if moment.rule.limit is None or not moment.eta:
        return np.nan
    return moment.rule.limit(moment.gamma) / moment.eta


class SharpnessView(View):
    """The sharpness up to now, the largest curvature of the loss, beside the limit that eta and gamma set for it."""

    width, height = 460, 400

    @classmethod
    def refuses(cls, run):
        if not takes_all(run):
            return "a run whose steps take all samples, without a penalty"
        if work_of(run.problem) > MOST_WORK:
            return f"a smaller network or fewer samples: parameters x samples x units up to {MOST_WORK:,}"
        return ""

    def build(self, run, look):
        self.axes = self.figure.add_axes((0.12, 0.14, 0.85, 0.56))
        dress(self.axes, "iteration t")
        dashed = {"color": GREY, "lw": 2, "ls": (0, (5, 2))}
        self.legend(
            0.715,
            (14, "sharpness", {"color": INK, "lw": 2.6}),
            (140, "limit for it, set by η, γ and the rule", dashed),
        )
        self.zero = self.move(self.axes.axhline(0, color=INK, lw=0.8))
        self.limit = self.move(self.axes.plot([], [], drawstyle="steps-post", **dashed)[0])
        self.course = self.move(self.axes.plot([], [], color=INK, lw=2.6)[0])
        self.point = self.move(self.axes.plot([], [], "o", color=INK, ms=10)[0])
        self.headline = self.words(0.02, 0.955, fontsize=15)
        self.verdict = [self.words(0.02, y, fontsize=13) for y in (0.895, 0.845, 0.795)]
        beyond = {"axes": self.axes, "ha": "right", "va": "top", "fontsize": 13, "color": GREY}
        self.beyond = self.words(0, 0, **beyond)
        self.known, self.high, self.limits = {}, None, None

    def read(self, run, look):
        times, stride = self._times(run)
        moments = [run.at(t) for t in times]
        self._work_out(run, [m for m in moments if self.known.get(m.t, (None,))[0] is not m.params])
        lowest, values = np.array([self.known[t][1:] for t in times]).T
        self.known = {t: found for t, found in self.known.items() if not t % stride and t <= run.end}
        limits = np.array([limit_at(moment) for moment in moments])
        with np.errstate(invalid="ignore"):
            above = values > limits
        return Facts(
            t=run.t, end=run.end, times=times, values=values, lowest=lowest[-1], limits=limits, rule=run.rule.name,
            eta=run.eta, gamma=run.gamma, stretch=last_stretch(times, above), above=bool(above[-1]),
            about="about " if stride > 1 else "", free=run.training.free,
        )  # fmt: skip

    @staticmethod
    def _times(run):
        """Return the iterations of the course, and how far they lie apart: a power of 2, and those that a run keeps."""
        most, stride = int(np.clip(IN_ALL // work_of(run.problem), 32, POINTS)), 1
        while run.end > most * stride:
            stride *= 2
        times = list(range(0, run.t + 1, stride))
        return (times if times[-1] == run.t else [*times, run.t]), stride

    def _work_out(self, run, moments):
        """Work out the lowest and the highest curvature at these moments, all at once, and keep them."""
        if not moments:
            return
        problem = run.problem
        params = trusted(problem.net, np.array([moment.params.flat for moment in moments]))
        curvatures = np.linalg.eigvalsh(hessian(params, problem.X, problem.y, run.training.free))[:, [0, -1]]
        for moment, ends in zip(moments, curvatures.tolist(), strict=True):
            self.known[moment.t] = moment.params, *ends

    def draw(self, facts):
        limit = facts.limits[-1]
        self._fit(facts)
        wide, _, high = self.limits
        # The limit of a small eta may be too large to draw.
        self.limit.set_data([*facts.times, 1.02 * wide], np.minimum([*facts.limits, limit], 2 * high))
        self.beyond.set(x=wide, y=high)
        self.beyond.set_text(f"limit {_number(limit)} ↑" if limit > high else "")
        self.course.set_data(facts.times, facts.values)
        self.point.set_data([facts.t], [facts.values[-1]])
        self.point.set_marker("^" if facts.above else "o")
        self.headline.set_text(on_page(headline(facts)))
        lines = [*verdict(facts), *downwards(facts), "", ""]
        for text, line in zip(self.verdict, lines, strict=False):
            text.set_text(on_page(line))

    def _fit(self, facts):
        """Let the axes grow in leaps, with the limits in sight unless they are far above."""
        highest = max(facts.values.max(), 0.01)
        in_sight = facts.limits[facts.limits <= IN_SIGHT * highest]
        self.high = leap(self.high, 1.1 * max(highest, in_sight.max(initial=0)))
        low = facts.values.min()
        limits = round_up(max(10, facts.end)), -round_up(-1.05 * low) if low < 0 else 0.0, self.high
        if limits != self.limits:
            self.limits = wide, low, high = limits
            self.axes.set(xlim=(-0.02 * wide, 1.02 * wide), ylim=(low, high))
            self.standing_changed = True

    def say(self, facts):
        over = "" if facts.free is None else f", over the {len(facts.free)} parameters that move"
        lines = [f"{headline(facts)}{over}", *(f"  {line}" for line in verdict(facts))]
        if facts.t:
            top = facts.values.argmax()
            lines.append(
                f"  so far from {decimal(facts.values.min(), 3)} to {decimal(facts.values[top], 3)}, "
                f"the most at {facts.about}t = {facts.times[top]}"
            )
        lines += [f"  {line}" for line in downwards(facts)]
        return "\n".join(lines).replace("η", "eta")


def last_stretch(times, above):
    """Return (first, last) of the latest iterations in a row at which the sharpness is above; None if it never was."""
    if not above.any():
        return None
    last = len(above) - 1 - int(above[::-1].argmax())
    breaks = np.flatnonzero(~above[:last])
    return times[int(breaks[-1]) + 1 if len(breaks) else 0], times[last]


def headline(facts):
    """Return the sharpness and its limit, in a line."""
    limit = facts.limits[-1]
    words = "" if np.isnan(limit) else f", limit {_number(limit)}"
    return f"Sharpness {decimal(facts.values[-1], 3)} at t = {facts.t}{words}"


def verdict(facts):
    """Return in one or two lines what that means for the steps from here, and no forecast of the loss."""
    if not facts.eta:
        return ("with η = 0 no gradient moves anything: there is no limit",)
    if np.isnan(facts.limits[-1]):
        return (f"no such limit is known for the rule {facts.rule}",)
    if facts.values[-1] < NONE:
        return ("no direction bends up: there is nothing to wobble in",)
    if facts.above:
        return (
            f"above since {facts.about}t = {facts.stretch[0]}: wobbles along the sharpest direction",
            "grow; the loss may rise later, or not at all",
        )
    fate = "die out" if facts.gamma < 1 else "do not grow"
    first = f"below: wobbles along the sharpest direction {fate}"
    if facts.stretch is None:
        return (first,)
    since, until = facts.stretch
    when = f"at {facts.about}t = {since}" if since == until else f"from {facts.about}t = {since} to {until}"
    return first, f"it was above {when}"


def downwards(facts):
    """Return what there is to say of a direction in which the loss bends down, in no line or in one."""
    if facts.lowest > -NONE:
        return ()
    return (f"another direction bends down, {decimal(facts.lowest, 3)}: no η makes that one settle",)


def _number(limit):
    return "none" if np.isinf(limit) else short(round(limit, 3))
