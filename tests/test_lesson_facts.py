"""The claims in the prose of lessons 00 to 07, and the true answer of each prediction, recomputed."""

import re
from dataclasses import replace
from itertools import groupby

import numpy as np
import pytest
from execute_lessons import LESSONS
from lesson_prose import prose, squeezed
from nbformat import read
from test_drawn import LATER_TRUTHS
from test_penguin_facts import DATA_TRUTHS
from test_playground_facts import PLAYGROUND_TRUTHS

import tinymlp as tm
from tinymlp.activations import sigmoid, silu, silu_slope
from tinymlp.explain import chain_rule
from tinymlp.losses import cross_entropy_slope, squared, squared_sigmoid_slope
from tinymlp.network import deltas
from tinymlp.stages import stages
from tinymlp.sweep import loss_curve, loss_surface
from tinymlp.teaching.questions import QUESTIONS

PROBLEM = tm.worked_example()
PLAIN = replace(PROBLEM, gamma=0.0)
SMALL = np.array(0.01)
TWO = (("W1", (2, 1)), ("W2", (1, 0)))


def after(steps, problem=PROBLEM, **settings):
    return tm.Run(problem).fork(**settings).step(steps)


def of_two(eta):
    return tm.Run(replace(PLAIN, eta=eta), training=tm.Training(free=TWO))


def lowest(entry, reach=15):
    values = np.linspace(-reach, reach, 3001)
    return values[loss_curve(PROBLEM, entry, values).argmin()]


def cost(p):
    return -np.log(p)


def slope_at(z):
    return float(silu_slope(np.array(z), silu(np.array(z))))


def secant(entry, epsilon):
    w = PROBLEM.params[entry[0]][entry[1]]
    before, moved = loss_curve(PROBLEM, entry, [w, w + epsilon])
    return (moved - before) / epsilon


def sample_gradient(value):
    """Return the gradient of sample 1 for w¹₁₂ when that weight has this value."""
    run = tm.Run(PROBLEM).set("W1", (0, 1), value)
    return chain_rule(run.trace, PROBLEM.y, "W1", (0, 1), 0)


DELTAS = deltas(tm.Run(PROBLEM).trace, PROBLEM.y)[0][:, 0]
# The largest error of the backward pass without SiLU's slope.
GAP = abs(
    PROBLEM.X.T @ (deltas(tm.Run(PROBLEM).trace, PROBLEM.y)[1] @ PROBLEM.params.W2.T) - tm.Run(PROBLEM).grads.W1
).max()


sample_1 = chain_rule(tm.Run(PROBLEM).trace, PROBLEM.y, "W1", (0, 0), 0).product


def wrong(run):
    return int(((run.trace.p > 0.5) != PROBLEM.y).sum())


patient = of_two(0.1).step(10_000).losses

# (lesson, words in it with {} for the number, the number, its decimals)
FACTS = [
    ("00", "**loss**, which is {} now", tm.Run(PROBLEM).loss, 4),
    ("00", "With 0.8 the loss was {}", after(10).loss, 4),
    ("03", "the loss grows by the same {}", cost(0.0001) - cost(0.001), 2),
    ("03", "the squared error never costs more than {}", float(squared(None, np.array([0.0]), 1.0)), 1),
    ("03", "Cross-entropy has the slope $-{}$", -cross_entropy_slope(None, 0.01, 1), 2),
    ("03", "The squared error has $-{}$", -squared_sigmoid_slope(0, 0.01, 1), 4),
    ("03", "with $p = {}$ and target 1. At $t = 10$", after(1, PLAIN).trace.p[0, 0], 3),
    ("03", "the loss falls from {} to", after(1, PLAIN).loss, 4),
    ("03", "from 0.6649 to {}, though not one", after(10, PLAIN).loss, 4),
    ("03", "at $t = 5$ its $p$ was {}", after(5, PLAIN).trace.p[0, 0], 3),
    ("04", "with $\\varepsilon = 1$ it is {}", secant(("b2", (0, 0)), 1), 4),
    ("04", "It settles at {}", tm.Run(PROBLEM).grads.b2[0, 0], 4),
    ("04", "it would measure {}. (The field", secant(("b2", (0, 0)), 1e-14), 4),
    ("08", "falls from 0.1 to $-{}$", -after(1).params.b2[0, 0], 4),
    ("08", "it has moved by $-{}$", -after(1).velocity.b2[0, 0], 4),
    ("08", "0.5213) / 3 = {}$", tm.Run(PROBLEM).grads.b2[0, 0], 4),
    ("08", "0.3 \\cdot {} \\cdot 1", slope_at(0.15), 4),
    ("08", "as $0.9^{{10}} = {}$", 0.9**10, 2),
    ("04", "At about $-{}$, the bottom", -lowest(("W1", (1, 0))), 1),
    ("04", "`W1` begins with $-{}$", -tm.Run(PROBLEM).grads.W1[0, 0], 3),
    ("04", "The bias has its lowest point at $-{}$", -lowest(("b2", (0, 0))), 2),
    ("04", "Its lowest point is at {}", lowest(("W1", (0, 0))), 1),
    ("05", "lowest point of\nSiLU's dip is at $z = -{}$", 1.278, 3),
    ("05", "At $z^1_2 = -0.65$ it is {}", slope_at(-0.65), 4),
    (
        "05",
        "$z^1_2$ is then $-2 + 0.05 - 0.4 = -{}$",
        -float(tm.Run(PROBLEM).set("W1", (0, 1), -2.0).trace.z[0][0, 1]),
        2,
    ),
    ("06", "are $-{}$, $0.016723$ and", -DELTAS[0], 6),
    ("06", "$, ${}$ and $0.022170$", DELTAS[1], 6),
    ("06", "$0.016723$ and ${}$. (They", DELTAS[2], 6),
    ("06", "0.022170 = -{}$$", -DELTAS @ PROBLEM.X[:, 0], 6),
    ("06", "their gap, {},", GAP, 3),
    ("06", "largest gradient of all, {}.", abs(tm.Run(PROBLEM).grads.flat).max(), 3),
    ("06", "That is {}, and to one digit", GAP / abs(tm.Run(PROBLEM).grads.flat).max(), 3),
    ("06", "lesson 5 had $-{}$", -sample_1, 4),
    ("06", "/ 3 = -{}$", -sample_1 / 3, 4),
    ("05", "at $-2$ it is $-{}$", -slope_at(-2 + 0.05 - 0.4), 4),
    ("05", "the gradient is $+{}$", sample_gradient(-0.3).product, 4),
    ("07", "the loss goes from 0.6953 to {}", of_two(0.1).step(20).loss, 4),
    ("07", "into the deep hollow: {}", of_two(2.0).step(20).loss, 4),
    ("07", "hollow, and stays: {}", of_two(20.0).step(20).loss, 3),
    ("07", "After 22 steps its loss is {}", of_two(5.0).step(22).loss, 4),
    ("07", "at $t = 27$ the loss is {}", of_two(5.0).step(27).loss, 3),
    ("07", "At $t = {}$ its loss is below", np.argmax(patient < of_two(2.0).step(20).loss), 0),
    ("07", "at $t = 10000$ it is {}, without", patient[10_000], 3),
    ("07", "for the first time in step {},", 1 + np.argmax(np.diff(of_two(2.0).step(300).losses) > 0), 0),
    ("08", "its loss at $t = 20$ is {}. Other", after(20, replace(PLAIN, eta=6.0)).loss, 4),
    ("01", "lowest at $z = -{}$", 1.28, 2),
]


@pytest.mark.parametrize(("lesson", "words", "value", "decimals"), FACTS, ids=[f"{f[0]}: {f[1][:30]}" for f in FACTS])
def test_a_number_in_the_prose_is_the_measured_one(lesson, words, value, decimals):
    text = squeezed(prose(lesson))
    assert squeezed(words.format(f"{value:.{decimals}f}")) in text


def test_a_small_eta_is_safe_and_slow_and_a_larger_one_never_settles():
    assert (np.diff(patient) < 0).all()
    late = of_two(2.0).step(3_000).losses[300:]
    assert (np.diff(late) > 0).mean() > 0.3
    assert late.min() < 0.5 < late.max()


def test_silu_is_below_0_for_every_negative_z():
    z = np.linspace(-30, -1e-6, 10_001)
    assert (silu(z) < 0).all()
    assert z[silu(z).argmin()] == pytest.approx(-1.28, abs=0.005)


def test_the_slope_of_silu_is_0_at_its_dip_and_never_below_a_tenth():
    assert abs(slope_at(-1.278)) < 2e-4
    z = np.linspace(-30, 30, 60001)
    assert -0.1 < silu_slope(z, silu(z)).min() < -0.0998
    assert (silu_slope(z[z < -1.279], silu(z[z < -1.279])) < 0).all()


def reached():
    """Return which numbers of the forward pass of sample 1 change with w¹₁₂."""
    before, now = tm.Run(PROBLEM).trace, tm.Run(PROBLEM).set("W1", (0, 1), 0.5).trace
    return [bool(a != b) for a, b in zip([*before.h[1][0], before.p[0, 0]], [*now.h[1][0], now.p[0, 0]], strict=True)]


def swapped():
    old, order = PROBLEM.params, [1, 0]
    params = PROBLEM.net.params(W1=old.W1[:, order], b1=old.b1[:, order], W2=old.W2[order], b2=old.b2)
    return tm.forward(params, PROBLEM.X).p


def misses_the_star():
    """Return how far from the star the line along -g passes, on the map of lesson 04."""
    entries = (("W1", (1, 0)), ("b2", (0, 0)))
    along = np.linspace(-4, 4, 161)
    losses = loss_surface(PROBLEM, *entries, along, along)
    row, column = np.unravel_index(losses.argmin(), losses.shape)
    run = tm.Run(PROBLEM)
    here = np.array([run.params[n][i] for n, i in entries])
    down = -np.array([run.grads[n][i] for n, i in entries])
    to_star = np.array([along[row], along[column]]) - here
    return abs(down[0] * to_star[1] - down[1] * to_star[0]) / np.hypot(*down)


ends = {eta: of_two(eta).step(20).loss for eta in (0.1, 2.0, 20.0)}
leap = of_two(5.0).step(27).losses
passes = [phase for phase, _ in groupby(stage.phase for stage in stages(tm.Run(PROBLEM).now))]
first, second = (after(t).params for t in (1, 2))
plain_first, plain_second = (after(t, PLAIN).params for t in (1, 2))
TRUTHS = {
    "01.weight": (
        "it becomes steeper",
        sigmoid(3 * SMALL) - sigmoid(-3 * SMALL) > 2 * (sigmoid(SMALL) - sigmoid(-SMALL))
        and sigmoid(np.array(0.0)) == 0.5,
    ),
    "01.bias": ("to the left", sigmoid(np.array(-2.0 + 2.0)) == sigmoid(np.array(0.0)) == 0.5),
    "08.when": ("the second", first == plain_first and second != plain_second),
    "08.bias": ("down", first.b2[0, 0] < PROBLEM.params.b2[0, 0]),
    "00.first": ("less than 0.05", after(10).loss < 0.05),
    "02.reach": ("h of hidden unit 2, and p", reached() == [False, True, True]),
    "02.swap": ("it stays as it was", np.allclose(swapped(), tm.Run(PROBLEM).trace.p, rtol=1e-14)),
    "03.tenth": ("9.2", (round(cost(0.001), 1), round(cost(0.0001), 1)) == (6.9, 9.2)),
    "03.rate": (
        "it falls",
        after(10, PLAIN).loss < after(1, PLAIN).loss and {wrong(after(t, PLAIN)) for t in range(1, 11)} == {1},
    ),
    "04.shrink": ("it settles between 0.1 and 0.3", abs(secant(("b2", (0, 0)), 1e-4) - 0.1914) < 1e-4),
    "04.far": (
        "w¹₁₁, which has the gentler one",
        abs(lowest(("W1", (0, 0))) - 0.4) > 5 * abs(lowest(("b2", (0, 0))) - 0.1)
        and abs(tm.Run(PROBLEM).grads.W1[0, 0]) < abs(tm.Run(PROBLEM).grads.b2[0, 0]),
    ),
    "04.arrow": ("past the star", misses_the_star() > 1),
    "05.sign": ("down", sample_gradient(-0.3).product > 0),
    "05.lower": ("negative", sample_gradient(-2).product < 0),
    "06.passes": ("2", passes == ["forward", "loss", "backward", "update"]),
    "06.changed": ("none", [stage.phase for stage in stages(tm.Run(PROBLEM).now)].index("update") == 13),
    "07.fate": ("2", min(ends, key=ends.get) == 2.0),
    "07.on": ("they rise, to about 0.87", round(leap[27], 2) == 0.87 and leap[22] == leap.min()),
}


@pytest.mark.parametrize("name", TRUTHS)
def test_the_truth_of_a_prediction_is_the_measured_one(name):
    words, holds = TRUTHS[name]
    assert holds
    question = QUESTIONS[name]
    assert question.truth == words
    assert question.truth in question.choices
    assert f'predict("{name}")' in prose(name[:2])


# What would give a question away. It stands in the lesson, but below the question.
GIVEN_AWAY = {
    "00.first": r"0\.0344",
    "01.weight": "becomes steeper",
    "01.bias": r"to the \*\*left",
    "02.reach": "A weight reaches",
    "02.swap": "does not care about order",
    "03.tenth": r"same 2\.30",
    "03.rate": r"0\.5019",
    "04.shrink": r"0\.1914",
    "04.far": r"10\.1",
    "04.arrow": "past the star",
    "05.sign": r"should go \*\*down",
    "05.lower": r"0\.0997",
    "06.passes": "one backward pass",
    "06.changed": "changes no weights",
    "07.fate": r"0\.3329",
    "07.on": r"0\.866",
    "08.when": r"first step is the same|carried on",
    "08.bias": r"0\.1531|0\.1914|db2",
    "04.line": r"0\.07, −0\.70",
    "07.lands": r"2\.30, -2\.71",
    "08.curve": "grows from step to step",
    "09.remember": "After 22",
    "09.friction": r"0\.387|not the quickest rest",
    "09.angle": "124°",
    "10.race": "overtaken",
    "10.rising": "in none",
    "10.first_rise": r"0\.07 at 0\.9",
    "11.zeros": "Only the output's bias",
    "11.curve": r"0\.6365",
    "11.twins": "stay twins",
    "12.curve": "a tenth as far",
    "12.same": "under ours",
    "12.part": r"0\.119|-0\.1190",
    "13.line": "equation of a straight line",
    "13.ring": "No hidden unit has learned a ring",
    "13.noise": "three times as far",
    "13.width": "higher test loss",
    "13.curve": "In ten steps",
    "14.commonest": r"0\.407|0\.434",
    "14.features": r"0\.962",
    "14.held": r"0\.940",
    "14.leak": "in each of the thirty splits",
    "14.best": r"0\.473",
}
ASKED = [name for name in QUESTIONS if [*LESSONS.glob(f"{name[:2]}_*.ipynb")]]  # those whose lesson is written


@pytest.mark.parametrize("name", ASKED)
def test_no_answer_stands_above_its_question(name):
    (path,) = LESSONS.glob(f"{name[:2]}_*.ipynb")
    cells = read(path, as_version=4).cells
    (asked,) = [n for n, cell in enumerate(cells) if f'predict("{name}")' in cell.source]
    pieces = [
        [cell.source, *(o.get("text", o.get("data", {}).get("text/plain", "")) for o in cell.get("outputs", ()))]
        for cell in cells
    ]
    above, below = (
        "\n".join(text for piece in part for text in piece) for part in (pieces[:asked], pieces[asked + 1 :])
    )
    assert not re.search(GIVEN_AWAY[name], above)
    assert re.search(GIVEN_AWAY[name], below)


# (question, words in the reason for a choice with {} for the number, the number, its decimals)
REASONS = [
    ("00.first", "It is {}:", after(10).loss, 4),
    ("03.tenth", "ln 10 = {} more", np.log(10), 2),
    ("03.rate", "From {} to", after(1, PLAIN).loss, 4),
    ("03.rate", "to {}:", after(10, PLAIN).loss, 4),
    ("04.shrink", "At {},", tm.Run(PROBLEM).grads.b2[0, 0], 4),
    ("04.far", "is at {}, 0.8", lowest(("b2", (0, 0))), 2),
    ("04.far", "-0.69, {} away", 0.1 - lowest(("b2", (0, 0))), 1),
    ("04.far", "is at {}, 9.7", lowest(("W1", (0, 0))), 1),
    ("04.far", "the weight {}.", lowest(("W1", (0, 0))) - 0.4, 1),
    ("05.sign", "is +{},", sample_gradient(-0.3).product, 4),
    ("05.lower", "turned negative, {},", slope_at(-2.35), 4),
    ("05.lower", "at z = {},", -1.278, 3),
    ("07.fate", "a loss of {}.", of_two(0.1).step(20).loss, 4),
    ("07.fate", "hollow, to {}.", of_two(2.0).step(20).loss, 4),
    ("07.fate", "hollow, at {}.", of_two(20.0).step(20).loss, 3),
    ("08.bias", "which is {}.", tm.Run(PROBLEM).grads.b2[0, 0], 4),
]


@pytest.mark.parametrize(("name", "words", "value", "digits"), REASONS)
def test_a_number_in_a_reason_is_the_measured_one(name, words, value, digits):
    assert words.format(f"{value:.{digits}f}") in " ".join(QUESTIONS[name].choices.values())


def test_half_the_loss_is_passed_between_the_sixth_and_the_seventh_step():
    losses = after(10).losses
    assert losses[6] > losses[0] / 2 > losses[7]
    assert (np.diff(losses) < 0).all()


def test_every_question_is_measured_here():
    assert set(QUESTIONS) == set(TRUTHS) | set(LATER_TRUTHS) | set(PLAYGROUND_TRUTHS) | set(DATA_TRUTHS)
