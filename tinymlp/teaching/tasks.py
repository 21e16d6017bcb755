"""The exercises of the lessons: (name, what is asked, its judge, hints from small to large, a solution)."""

import numpy as np

from tinymlp.activations import sigmoid, sigmoid_slope, silu, silu_slope
from tinymlp.checks import describe
from tinymlp.losses import binary_cross_entropy
from tinymlp.momentum import momentum_step
from tinymlp.problems import worked_example
from tinymlp.run import Run
from tinymlp.teaching.judges import function, one_number


def _draw_step(rng):
    w, v, g = rng.normal(size=(3, 4))
    return w, v, g, rng.uniform(0.1, 2), rng.uniform(0.1, 1)


STEP_SLIPS = (
    ("gamma is missing.", lambda w, v, g, eta, gamma: (None, v - eta * g)),
    ("the old velocity is missing.", lambda w, v, g, eta, gamma: (None, -eta * g)),
    ("eta is missing.", lambda w, v, g, eta, gamma: (None, gamma * v - g)),
    (
        "the step should go against the gradient: check its sign.",
        lambda w, v, g, eta, gamma: (None, gamma * v + eta * g),
    ),
    ("it looks as if w and v are swapped.", lambda w, v, g, eta, gamma: (None, w + gamma * v - eta * g)),
    ("w moves by the new velocity, not by the old one.", lambda w, v, g, eta, gamma: (w + v, None)),
    ("the velocity is added, not subtracted.", lambda w, v, g, eta, gamma: (w - gamma * v + eta * g, None)),
)


def _draw_delta(rng):
    return rng.normal(scale=3, size=(5, 1)), rng.integers(2, size=(5, 1)).astype(float)


def _third_slips():
    """The bias b2 after the third step, as some slips give it."""
    run = Run(worked_example()).step(3)
    before = run.at(2)
    plain, _ = momentum_step(before.params, before.params.net.zeros(), before.grads, before.eta, 0.0)
    return (
        ("that is plain descent: what momentum carries on is missing.", plain.b2[0, 0]),
        ("that is the velocity of the third step. Where does it take the bias?", run.velocity.b2[0, 0]),
        ("that is the bias after the second step.", before.params.b2[0, 0]),
        ("the velocity is added, not subtracted.", (before.params - run.velocity).b2[0, 0]),
    )


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
        "" if steep > 0.9 else f"the crossing is right, but at x = 4 it is {steep:.3g}, not above 0.9: make it steeper."
    )


def _loss_after(steps, **settings):
    return Run(worked_example()).fork(**settings).step(steps).loss


def _forward(x, W1, b1, W2, b2, bend=silu, squeeze=sigmoid):
    return squeeze(bend(x @ W1 + b1) @ W2 + b2)


def _draw_forward(rng):
    return rng.normal(size=3), rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal(size=2), float(rng.normal())


def _half():
    """The weight from hidden unit 1 with which sample 1 of the worked example gets p = 0.5."""
    run = Run(worked_example())
    h, W2, b2 = run.trace.h[1][0], run.params.W2[:, 0], run.params.b2[0, 0]
    return float(-(h[1] * W2[1] + b2) / h[0])


def _cost(p, y):
    return float(binary_cross_entropy(np.array([np.log(p / (1 - p))]), np.array([p]), np.array([y])))


def _at(z):
    return float(sigmoid(np.array(z)))


def _off(v, w, x, y):
    """The slope of the loss for the last sum of two neurons in a row: p - y."""
    return _at(w * _at(v * x)) - y


def _two_in_a_row(v, w, x, y):
    return _off(v, w, x, y) * w * float(sigmoid_slope(0, _at(v * x))) * x


def _draw_waves(rng):
    a, b = rng.normal(size=2)
    return (lambda w: a * w * w + b * w), float(rng.normal()), float(rng.uniform(0.01, 1))


def _descend(w, slope, eta, steps):
    for _ in range(steps):
        w = w - eta * slope(w)
    return w


def _draw_descent(rng):
    a, b = rng.uniform(0.5, 2), rng.normal()
    return float(rng.normal()), (lambda w: a * w + b), float(rng.uniform(0.05, 0.4)), int(rng.integers(2, 9))


TASKS = (
    (
        "00.weight",
        "What is the weight from input 3 to hidden unit 2 at the start? Read it off the diagram at t = 0.",
        one_number(
            0.1,
            0.004,
            (
                ("that weight leads to hidden unit 1.", -0.5),
                ("that weight comes from input 2.", 0.2),
                ("that weight leads from hidden unit 2 to the output.", -0.1),
            ),
        ),
        ("Inputs are on the left; the lowest one is input 3.", "Its label is w¹₃₂: choose it in the list of weights."),
        "weight = 0.1",
    ),
    (
        "00.loss",
        "Press Reset, set eta to 2 and take 5 steps. What is the loss then? Four decimals.",
        one_number(
            lambda: _loss_after(5, eta=2.0),
            6e-5,
            lambda: (
                ("that is the loss with eta = 0.8.", _loss_after(5)),
                ("that is the loss after 4 steps.", _loss_after(4, eta=2.0)),
                ("that is the loss after 6 steps.", _loss_after(6, eta=2.0)),
            ),
        ),
        ("Set eta before the first step.", "The line under the buttons shows t and the loss: t should be 5."),
        "run = tm.Run(tm.worked_example())\nrun.eta = 2.0\nloss = run.step(5).loss",
    ),
    (
        "01.neuron",
        "Write a function neuron(w, b, x) that returns sigmoid(w x + b).",
        function(
            lambda w, b, x: sigmoid(np.array(w * x + b)),
            lambda rng: tuple(map(float, rng.normal(scale=2, size=3))),
            (
                ("the bias is missing.", lambda w, b, x: sigmoid(np.array(w * x))),
                ("that is z: the sigmoid is missing.", lambda w, b, x: w * x + b),
                ("e^z and e^-z are mixed up: check its sign.", lambda w, b, x: sigmoid(np.array(-w * x - b))),
                ("w is added, not multiplied.", lambda w, b, x: sigmoid(np.array(w + x + b))),
            ),
            "w, b and x",
        ),
        ("First z, then the sigmoid of z.", "z = w x + b.", "The sigmoid is 1 / (1 + e^-z)."),
        "def neuron(w, b, x):\n    z = w * x + b\n    return 1 / (1 + np.exp(-z))",
    ),
    (
        "01.threshold",
        "Find (w, b) such that the sigmoid is 0.5 at x = 3, and above 0.9 at x = 4.",
        _judge_threshold,
        (
            "Where is the sigmoid 0.5?",
            "Where z is 0: w times 3 plus b.",
            "Choose w first, then b = -3 w. How large must w be?",
        ),
        "threshold = (3.0, -9.0)",
    ),
    (
        "02.forward",
        "Write a function forward(x, W1, b1, W2, b2) that returns p for one sample x of three numbers. "
        "W1 is (3, 2), b1 (2,), W2 (2,) and b2 a number; SiLU in the hidden units, a sigmoid at the end.",
        function(
            _forward,
            _draw_forward,
            (
                ("the hidden units have no activation: SiLU is missing.", lambda *a: _forward(*a, bend=lambda z: z)),
                ("the hidden units should use SiLU, not a sigmoid.", lambda *a: _forward(*a, bend=sigmoid)),
                ("that is the output's z: the last sigmoid is missing.", lambda *a: _forward(*a, squeeze=lambda z: z)),
                ("the output's bias b2 is missing.", lambda x, W1, b1, W2, b2: _forward(x, W1, b1, W2, 0.0)),
                ("the hidden units' biases b1 are missing.", lambda x, W1, b1, W2, b2: _forward(x, W1, 0 * b1, W2, b2)),
            ),
            "x, W1, b1, W2 and b2",
        ),
        (
            "First z of both hidden units: x @ W1 + b1.",
            "Then h = SiLU(z), and the same again with h, W2 and b2.",
            "At the end, a sigmoid in place of SiLU.",
        ),
        "def forward(x, W1, b1, W2, b2):\n    z1 = x @ W1 + b1\n    h1 = z1 / (1 + np.exp(-z1))\n"
        "    z2 = h1 @ W2 + b2\n    return 1 / (1 + np.exp(-z2))",
    ),
    (
        "02.half",
        "Which weight from hidden unit 1 to the output makes p = 0.5 for sample 1? The others keep their first values. "
        "One decimal is enough.",
        one_number(
            _half,
            0.03,
            lambda: (
                ("the size is right: check its sign.", -_half()),
                ("the bias of the output is missing.", _half() + 0.1 / float(Run(worked_example()).trace.h[1][0, 0])),
                (
                    "the bias alone is not enough: hidden unit 2 adds to z as well.",
                    -0.1 / float(Run(worked_example()).trace.h[1][0, 0]),
                ),
            ),
        ),
        (
            "The sigmoid is 0.5 where its z is 0.",
            "So w · 0.0806 - 0.1 · (-0.2229) + 0.1 must be 0.",
            "Solve for w, then try it in the panel.",
        ),
        "half = -(0.1 + 0.1 * 0.2229) / 0.0806",
    ),
    (
        "03.cost",
        "Write a function cost(p, y) that returns the cross-entropy of one prediction; y is 1 or 0.",
        function(
            _cost,
            lambda rng: (float(rng.uniform(0.05, 0.95)), int(rng.integers(2))),
            (
                ("right where y is 1. Where y is 0, the truth was given 1 - p.", lambda p, y: -np.log(p)),
                ("that is the probability's logarithm: the minus is missing.", lambda p, y: -_cost(p, y)),
                ("that is the squared error.", lambda p, y: (p - y) ** 2),
                ("that is half the squared error.", lambda p, y: (p - y) ** 2 / 2),
                ("that is the logarithm to base 10: np.log is the natural one.", lambda p, y: _cost(p, y) / np.log(10)),
                ("y and 1 - y are swapped.", lambda p, y: _cost(p, 1 - y)),
            ),
            "p and y",
        ),
        (
            "What probability did the truth get? p if y is 1, else 1 - p.",
            "The cost is minus its natural logarithm, np.log.",
            "In one line: -(y np.log(p) + (1 - y) np.log(1 - p)).",
        ),
        "def cost(p, y):\n    return -(y * np.log(p) + (1 - y) * np.log(1 - p))",
    ),
    (
        "03.mean",
        "Three targets are all 1; the predictions are 0.9, 0.9 and 0.01. What is the mean cross-entropy? Two decimals.",
        one_number(
            (2 * _cost(0.9, 1) + _cost(0.01, 1)) / 3,
            0.006,
            (
                ("that is the sum: divide by the number of samples.", 2 * _cost(0.9, 1) + _cost(0.01, 1)),
                ("that is the error rate: one wrong out of three.", 1 / 3),
                ("that is the cost of the mean prediction: take each cost first, then their mean.", _cost(1.81 / 3, 1)),
                ("that is the cost of the wrong sample alone.", _cost(0.01, 1)),
            ),
        ),
        ("One cost for each prediction, then their mean.", "-ln 0.9 is 0.105, and -ln 0.01 is 4.605."),
        "mean = (0.105 + 0.105 + 4.605) / 3",
    ),
    (
        "04.middle",
        "Write a function middle(f, w, epsilon): nudge both ways, and return the slope of the line through f at "
        "w - epsilon and f at w + epsilon.",
        function(
            lambda f, w, epsilon: (f(w + epsilon) - f(w - epsilon)) / (2 * epsilon),
            _draw_waves,
            (
                ("that is how far f rises: divide by how far w went.", lambda f, w, e: f(w + e) - f(w - e)),
                ("how far is it from w - epsilon to w + epsilon?", lambda f, w, e: (f(w + e) - f(w - e)) / e),
                ("that line begins at w, not at w - epsilon.", lambda f, w, e: (f(w + e) - f(w)) / e),
                ("the sign is flipped: the end minus the start.", lambda f, w, e: (f(w - e) - f(w + e)) / (2 * e)),
            ),
            "f, w and epsilon",
        ),
        ("How far does f rise from one point to the other?", "How far does w go from one to the other?"),
        "def middle(f, w, epsilon):\n    return (f(w + epsilon) - f(w - epsilon)) / (2 * epsilon)",
    ),
    (
        "04.nudge",
        "The gradient of the output's bias is 0.1914. You lower that bias by 0.01. By about how much does the loss "
        "change? Four decimals.",
        one_number(
            -0.001914,
            6e-5,
            (
                ("is it higher or lower afterwards?", 0.001914),
                ("that is the gradient. How far did the bias go?", 0.1914),
                ("check the decimal point: 0.1914 times 0.01.", -0.01914),
                ("a gradient is the change per unit of bias: multiply.", -19.14),
            ),
        ),
        ("For a small nudge: change in the loss = gradient times nudge.", "The nudge is -0.01."),
        "nudge = 0.1914 * -0.01",
    ),
    (
        "05.gradient",
        "One neuron, p = sigmoid(w x + b), one sample, cross-entropy. Write a function gradient(w, b, x, y) that "
        "returns the slope of the loss for w.",
        function(
            lambda w, b, x, y: (_at(w * x + b) - y) * x,
            lambda rng: (*map(float, rng.normal(scale=2, size=3)), int(rng.integers(2))),
            (
                (
                    "that is the slope for z, and so for b: one factor is missing.",
                    lambda w, b, x, y: _at(w * x + b) - y,
                ),
                (
                    "the last factor is what w is multiplied by: x, not w.",
                    lambda w, b, x, y: (_at(w * x + b) - y) * w,
                ),
                (
                    "the sigmoid's slope is already in p - y: you have it twice.",
                    lambda w, b, x, y: (_at(w * x + b) - y) * x * float(sigmoid_slope(0, _at(w * x + b))),
                ),
                (
                    "right where y is 1. Where y is 0 the first factor is p.",
                    lambda w, b, x, y: (_at(w * x + b) - 1) * x,
                ),
            ),
            "w, b, x and y",
        ),
        (
            "Two factors: from the loss to z, and from z to w.",
            "From the loss to z it is p - y.",
            "z = w x + b: how far does it move with w?",
        ),
        "def gradient(w, b, x, y):\n    p = 1 / (1 + np.exp(-(w * x + b)))\n    return (p - y) * x",
    ),
    (
        "05.chain",
        "Two neurons in a row, without biases: h = sigmoid(v x), then p = sigmoid(w h), cross-entropy. Write a "
        "function chain(v, w, x, y) that returns the slope of the loss for v, the weight of the first one.",
        function(
            _two_in_a_row,
            lambda rng: (*map(float, rng.normal(scale=1.5, size=3)), int(rng.integers(2))),
            (
                ("what the output hears of h is missing: w.", lambda v, w, x, y: _two_in_a_row(v, w, x, y) / w),
                (
                    "the slope of the first sigmoid is missing.",
                    lambda v, w, x, y: _two_in_a_row(v, w, x, y) / sigmoid_slope(0, _at(v * x)),
                ),
                ("what v is multiplied by is missing: x.", lambda v, w, x, y: _two_in_a_row(v, w, x, y) / x),
                ("that is the slope for w. The path to v is longer.", lambda v, w, x, y: _off(v, w, x, y) * _at(v * x)),
                (
                    "p - y already holds the last sigmoid's slope: you have it twice.",
                    lambda v, w, x, y: _two_in_a_row(v, w, x, y) * sigmoid_slope(0, _at(w * _at(v * x))),
                ),
                (
                    "that is SiLU's slope: here the activation is a sigmoid.",
                    lambda v, w, x, y: _off(v, w, x, y) * w * silu_slope(v * x, silu(np.array(v * x))) * x,
                ),
                (
                    "the first sigmoid's slope is h (1 - h), not p (1 - p).",
                    lambda v, w, x, y: _off(v, w, x, y) * w * sigmoid_slope(0, _at(w * _at(v * x))) * x,
                ),
                (
                    "right where y is 1. Where y is 0 the first factor is p.",
                    lambda v, w, x, y: _two_in_a_row(v, w, x, 1),
                ),
            ),
            "v, w, x and y",
        ),
        (
            "The gear train: v to v x to h to w h to the loss. One factor for each step.",
            "From the loss to w h it is p - y, as in this lesson.",
            "A sigmoid's slope is s (1 - s). For the first one, s is h.",
        ),
        "def chain(v, w, x, y):\n    h = 1 / (1 + np.exp(-v * x))\n    p = 1 / (1 + np.exp(-w * h))\n"
        "    return (p - y) * w * h * (1 - h) * x",
    ),
    (
        "06.delta",
        "Let the hidden units use a sigmoid in place of SiLU; its slope is h1 (1 - h1). Write a function "
        "delta(dz2, W2, h1) that returns dz1 for all samples: dz2 is (N, 1), W2 (H, 1), h1 (N, H).",
        function(
            lambda dz2, W2, h1: dz2 @ W2.T * h1 * (1 - h1),
            lambda rng: (rng.normal(size=(4, 1)), rng.normal(size=(3, 1)), rng.uniform(0.1, 0.9, size=(4, 3))),
            (
                ("that is dh1: the activation's slopes are missing.", lambda dz2, W2, h1: dz2 @ W2.T),
                ("multiply by the activation's slope, not by h1.", lambda dz2, W2, h1: dz2 @ W2.T * h1),
                ("half the slope is missing: it is h1 (1 - h1).", lambda dz2, W2, h1: dz2 @ W2.T * (1 - h1)),
                ("the weights W2 are missing.", lambda dz2, W2, h1: dz2 * h1 * (1 - h1)),
                (
                    "that is SiLU's slope, with h1 for its z: here the activation is a sigmoid.",
                    lambda dz2, W2, h1: dz2 @ W2.T * silu_slope(h1, silu(h1)),
                ),
            ),
            "dz2, W2 and h1",
        ),
        (
            "First back through the weights, then through the activation.",
            "dh1 has the shape (N, H): which product of dz2 and W2 has it?",
            "Then multiply by the slopes, entry by entry.",
        ),
        "def delta(dz2, W2, h1):\n    dh1 = dz2 @ W2.T\n    return dh1 * h1 * (1 - h1)",
    ),
    (
        "06.gradients",
        "Write a function gradients(h, dz) that returns dW and db of a layer: h is (N, H), dz (N, C), and db (1, C).",
        function(
            lambda h, dz: (h.T @ dz, dz.sum(axis=0, keepdims=True)),
            lambda rng: (rng.normal(size=(5, 3)), rng.normal(size=(5, 2))),
            (
                (
                    "the sum over the samples, not the mean: the N is already in dz.",
                    lambda h, dz: (h.T @ dz / len(h), dz.mean(axis=0, keepdims=True)),
                ),
                ("the shape should be that of W: turn the product round.", lambda h, dz: (dz.T @ h, None)),
            ),
            "h and dz",
            ("dW", "db"),
        ),
        (
            "dW has the shape of W: as many rows as came in, as many columns as units.",
            "dW = h.T @ dz adds up over the samples.",
            "db = dz.sum(axis=0, keepdims=True).",
        ),
        "def gradients(h, dz):\n    return h.T @ dz, dz.sum(axis=0, keepdims=True)",
    ),
    (
        "07.descend",
        "Write a function descend(w, slope, eta, steps) that takes that many steps of gradient descent and returns "
        "the last w; slope(w) is the gradient at w.",
        function(
            _descend,
            _draw_descent,
            (
                ("that is one step.", lambda w, slope, eta, steps: _descend(w, slope, eta, 1)),
                (
                    "the slope changes along the way: compute it again at each step.",
                    lambda w, slope, eta, steps: w - steps * eta * slope(w),
                ),
                ("that goes uphill: check the sign.", lambda w, slope, eta, steps: _descend(w, slope, -eta, steps)),
                ("eta is missing.", lambda w, slope, eta, steps: _descend(w, slope, 1, steps)),
                ("there is one step too many.", lambda w, slope, eta, steps: _descend(w, slope, eta, steps + 1)),
            ),
            "w, slope, eta and steps",
        ),
        ("A loop that runs `steps` times.", "In it: w = w - eta * slope(w)."),
        "def descend(w, slope, eta, steps):\n    for _ in range(steps):\n        w = w - eta * slope(w)\n    return w",
    ),
    (
        "07.eta",
        "A loss of one weight, L = 2 w², has the gradient 4 w. With which eta does one step from w = 1 end at the "
        "lowest point?",
        one_number(
            0.25,
            1e-6,
            (
                ("that lands at w = -1, as high as before.", 0.5),
                ("that goes too far: w = 1 - eta · 4.", 1.0),
                ("that goes only half the way.", 0.125),
            ),
        ),
        ("The lowest point is w = 0.", "One step: 1 - eta · 4 · 1. For which eta is it 0?"),
        "eta = 1 / 4",
    ),
    (
        "08.step",
        "Write a function step(w, v, g, eta, gamma) that returns the new w and the new v.",
        function(
            lambda w, v, g, eta, gamma: (w + gamma * v - eta * g, gamma * v - eta * g),
            _draw_step,
            STEP_SLIPS,
            "w, v, g, eta and gamma",
            ("the new w", "the new v"),
        ),
        ("First the velocity, then the weight.", "v <- gamma v - eta g.", "Then w <- w + v, with the new v."),
        "def step(w, v, g, eta, gamma):\n    v = gamma * v - eta * g\n    return w + v, v",
    ),
    (
        "08.delta",
        "Write a function delta(z, y): the slope of the mean cross-entropy for each z of the output, (N, 1).",
        function(
            lambda z, y: (sigmoid(z) - y) / len(y),
            _draw_delta,
            (
                ("all are 5 times too large: is the mean over the samples missing?", lambda z, y: sigmoid(z) - y),
                ("y is missing: it is p - y.", lambda z, y: sigmoid(z) / len(y)),
            ),
            "z and y",
        ),
        (
            "Two awkward fractions collapse into one difference.",
            "It is p - y for one sample, with p = sigmoid(z).",
            "Divide by N.",
        ),
        "def delta(z, y):\n    p = 1 / (1 + np.exp(-z))\n    return (p - y) / len(y)",
    ),
    (
        "08.third",
        "What is the output's bias after the third step of the worked example? Three decimals.",
        one_number(lambda: float(Run(worked_example()).step(3).params.b2[0, 0]), 6e-4, _third_slips),
        (
            "After the second step it is -0.3125, and its velocity is -0.2594.",
            "You need its gradient there: the mean of p - y at t = 2.",
            "The panel shows p of each sample at t = 2; then v <- 0.9 v - 0.8 g.",
        ),
        "third = tm.Run(tm.worked_example()).step(3).params.b2[0, 0]",
    ),
)
