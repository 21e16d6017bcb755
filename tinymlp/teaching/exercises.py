"""Exercises: a question, a check with three outcomes, hints, and a solution for those who ask."""

from dataclasses import dataclass

import numpy as np

from tinymlp.activations import sigmoid
from tinymlp.checks import choice, describe, whole
from tinymlp.losses import softplus
from tinymlp.momentum import momentum_step
from tinymlp.problems import worked_example
from tinymlp.run import Run
from tinymlp.teaching import keep

FILE = "exercises.jsonl"


@dataclass(frozen=True)
class Verdict:
    """What a check says: outcome is "right", "not yet" or "not tried"; words say what differs."""

    outcome: str
    words: str

    def __bool__(self):
        return self.outcome == "right"

    def __repr__(self):
        return f"{self.outcome.capitalize()}: {self.words}"


@dataclass(frozen=True)
class Exercise:
    """One exercise. check(answer) -> Verdict, hint(n), solution(): never an error, whatever the answer is."""

    name: str
    task: str
    judge: object
    hints: tuple[str, ...]
    answer: str

    def check(self, answer=None):
        """Return the Verdict on an answer; None has not been tried. A right answer is noted in the learner's folder."""
        if answer is None:
            return Verdict("not tried", "there is no answer yet. Replace None by yours.")
        try:
            with np.errstate(all="ignore"):
                words = self.judge(answer)
        except Exception as error:
            words = f"your answer raised {type(error).__name__}: {error}"
        if words:
            return Verdict("not yet", words)
        try:
            if self.name not in done():
                keep.add(FILE, {"name": self.name})
        except OSError as error:
            return Verdict("right", f"well done. (It could not be noted: {error.strerror}.)")
        return Verdict("right", "well done.")

    def hint(self, n=1):
        """Return hint n: the later ones say more."""
        whole("n", n, least=1)
        return self.hints[min(n, len(self.hints)) - 1] + (
            f" (hint {min(n, len(self.hints))} of {len(self.hints)})" if len(self.hints) > 1 else ""
        )

    def solution(self):
        """Return a solution."""
        return self.answer

    def __repr__(self):
        return f"Exercise {self.name}. {self.task}"


def compare(given, right, samples=1):
    """Return what differs between a given array and the right one, in words; "" if nothing does."""
    try:
        given = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        return f"expected numbers, got {describe(given)}."
    right = np.asarray(right, dtype=float)
    if given.shape != right.shape:
        return f"the shape should be {right.shape}, yours is {given.shape}."
    if not np.isfinite(given).all():
        return "there is a number that is not finite."
    room = 1e-6 * abs(right).max() + 1e-12
    wrong = abs(given - right) > room
    if not wrong.any():
        return ""
    if (abs(given + right) <= room).all():
        return "the size is right and the sign is turned."
    if samples > 1 and (abs(given - samples * right) <= samples * room).all():
        return f"all are {samples} times too large: is the mean over the samples missing?"
    factor = float((given * right).sum() / (right * right).sum())
    if abs(factor) > 1e-9 and (abs(given - factor * right) <= abs(factor) * room).all():
        return f"all are off by the same factor, {factor:.4g}."
    places = [tuple(map(int, place)) for place in np.argwhere(wrong)]
    which = (
        "all entries" if wrong.all() else f"entry {places[0]}" + (f" and {len(places) - 1} more" if places[1:] else "")
    )
    return f"{which} differ{'' if wrong.all() or places[1:] else 's'}."


def _judge_step(answer):
    if not callable(answer):
        return f"expected a function of w, v, g, eta and gamma, got {describe(answer)}."
    rng = np.random.default_rng(0)
    for _ in range(20):
        w, v, g = rng.normal(size=(3, 4))
        eta, gamma = rng.uniform(0.1, 2), rng.uniform(0.1, 1)
        kept = [a.copy() for a in (w, v, g)]
        got = answer(w, v, g, eta, gamma)
        if any((a != b).any() for a, b in zip(kept, (w, v, g), strict=True)):
            return "your function changed an array that it was given: make new ones."
        if not isinstance(got, tuple | list) or len(got) != 2:
            return "expected two results: the new w and the new v."
        new_v = gamma * v - eta * g
        if words := compare(got[1], new_v):
            known = {
                "gamma is missing.": v - eta * g,
                "the old velocity is missing.": -eta * g,
                "eta is missing.": gamma * v - g,
                "the gradient should push against itself: check its sign.": gamma * v + eta * g,
                "it looks as if w and v came in the other order.": w + new_v,
            }
            for said, values in known.items():
                if np.shape(got[1]) == values.shape and np.allclose(got[1], values):
                    return f"the new v: {said}"
            return f"the new v: {words}"
        if words := compare(got[0], w + new_v):
            if np.shape(got[0]) == w.shape and np.allclose(got[0], w + v):
                return "the new w: it moves by the new velocity, and not by the old one."
            if np.shape(got[0]) == w.shape and np.allclose(got[0], w - new_v):
                return "the new w: the velocity is added, and not taken away."
            return f"the new w: {words}"
    return ""


def _judge_delta(answer):
    if not callable(answer):
        return f"expected a function of z and y, got {describe(answer)}."
    rng = np.random.default_rng(1)
    for _ in range(20):
        z, y = rng.normal(scale=3, size=(5, 1)), rng.integers(2, size=(5, 1)).astype(float)

        def mean_loss(z, y=y):
            return (y * softplus(-z) + (1 - y) * softplus(z)).mean()

        nudge = 1e-6 * np.eye(5)[:, :, np.newaxis]
        measured = np.array([[(mean_loss(z + n) - mean_loss(z - n)) / 2e-6] for n in nudge])
        got = answer(z, y)
        if words := compare(np.round(np.asarray(got, dtype=float), 7), np.round(measured, 7), samples=5):
            return f"measured by nudging each z: {words}"
    return ""


def _judge_third(answer):
    """The bias b2 after the third step: by hand, with the run's own numbers."""
    run = Run(worked_example()).step(3)
    right = float(run.params.b2[0, 0])
    try:
        value = float(np.asarray(answer, dtype=float).reshape(()))
    except (TypeError, ValueError):
        return f"expected one number, got {describe(answer)}."
    if abs(value - right) <= 6e-4:
        return ""
    before = run.at(2)
    plain, _ = momentum_step(before.params, before.params.net.zeros(), before.grads, before.eta, 0.0)
    for said, other in (
        ("that is plain descent: what momentum carries on is missing.", plain.b2[0, 0]),
        ("that is the velocity of the third step. Where does it take the bias?", run.velocity.b2[0, 0]),
        ("that is the bias after the second step.", before.params.b2[0, 0]),
        ("the velocity is added, and not taken away.", (before.params - run.velocity).b2[0, 0]),
    ):
        if abs(value - float(other)) <= 6e-4:
            return said
    return f"it should be {'smaller' if value > right else 'larger'}."


def _judge_neuron(answer):
    if not callable(answer):
        return f"expected a function of w, b and x, got {describe(answer)}."
    rng = np.random.default_rng(2)
    for _ in range(20):
        w, b, x = map(float, rng.normal(scale=2, size=3))
        z = w * x + b
        right, got = float(sigmoid(np.array(z))), answer(w, b, x)
        if words := compare(got, right):
            known = {
                "the bias is missing.": sigmoid(np.array(w * x)),
                "that is z: the sigmoid is missing.": z,
                "e^z and e^-z are mixed up: check its sign.": 1 - right,
                "w is added and not multiplied.": sigmoid(np.array(w + x + b)),
            }
            for said, value in known.items():
                if np.shape(got) == () and np.isclose(got, value):
                    return said
            return words
    return ""


def _judge_threshold(answer):
    try:
        w, b = (float(value) for value in answer)
    except (TypeError, ValueError):
        return f"expected two numbers, w and b, got {describe(answer)}."
    if not w > 0:
        return "the output should rise with x, so the weight must be positive."
    if abs(w * 3 + b) > 0.01 * max(1.0, w):
        side = "left" if w * 3 + b > 0 else "right"
        return (
            f"at x = 3 the output is not 0.5: it crosses 0.5 at x = {-b / w:.4g}, further {side}. What must z be there?"
        )
    steep = float(sigmoid(np.array(w * 4 + b)))
    return (
        "" if steep > 0.9 else f"the crossing is right; at x = 4 it should be above 0.9, and is {steep:.3g}: steeper."
    )


EXERCISES = {
    exercise.name: exercise
    for exercise in (
        Exercise(
            "01.neuron",
            "Write a function neuron(w, b, x) that returns sigmoid(w x + b).",
            _judge_neuron,
            ("First z, then the sigmoid of z.", "z = w x + b.", "The sigmoid is 1 / (1 + e^-z)."),
            "def neuron(w, b, x):\n    z = w * x + b\n    return 1 / (1 + np.exp(-z))",
        ),
        Exercise(
            "01.threshold",
            "Find (w, b) with which the sigmoid is 0.5 at x = 3, and above 0.9 at x = 4.",
            _judge_threshold,
            (
                "Where is the sigmoid 0.5?",
                "Where z is 0: w times 3 plus b.",
                "Choose w first, then b = -3 w. How large must w be?",
            ),
            "w, b = 3.0, -9.0",
        ),
        Exercise(
            "08.step",
            "Write a function step(w, v, g, eta, gamma) that returns the new w and the new v.",
            _judge_step,
            ("First the velocity, then the weight.", "v <- gamma v - eta g.", "Then w <- w + v, with the new v."),
            "def step(w, v, g, eta, gamma):\n    v = gamma * v - eta * g\n    return w + v, v",
        ),
        Exercise(
            "08.delta",
            "Write a function delta(z, y): the slope of the mean cross-entropy for each z of the output, (N, 1).",
            _judge_delta,
            (
                "Two awkward fractions collapse into one difference.",
                "It is p - y for one sample, with p = sigmoid(z).",
                "Divide by N.",
            ),
            "def delta(z, y):\n    p = 1 / (1 + np.exp(-z))\n    return (p - y) / len(y)",
        ),
        Exercise(
            "08.third",
            "What is the output's bias after the third step of the worked example? Three decimals.",
            _judge_third,
            (
                "After the second step it is -0.3125, and its velocity is -0.2594.",
                "You need its gradient there: the mean of p - y at t = 2.",
                "The panel shows p of each sample at t = 2; then v <- 0.9 v - 0.8 g.",
            ),
            "run = tm.Run(problem).step(3)\nrun.params.b2",
        ),
    )
}


def exercise(name):
    """Return the Exercise of this name; ValueError with the names there are."""
    return EXERCISES[choice("name", name, EXERCISES)]


def done():
    """Return the names of the exercises that were answered rightly."""
    records, _ = keep.read(FILE, ("name",))
    return {record["name"] for record in records if record["name"] in EXERCISES}


def progress():
    """Return a list of all exercises as text, those done ticked."""
    ticked = done()
    lines = [f"[{'x' if name in ticked else ' '}] {name}: {e.task}" for name, e in EXERCISES.items()]
    return "\n".join([f"{len(ticked)} of {len(EXERCISES)} exercises done", *lines])
