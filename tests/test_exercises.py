"""Exercises: three outcomes, the usual slips named, hints and a solution by button, a card for each in its lesson."""

import math
import re

import nbformat
import numpy as np
import pytest
from execute_lessons import LESSONS

import tinymlp as tm
from tinymlp.teaching import exercises, keep
from tinymlp.teaching.judges import Function, Number
from tinymlp.widgets import exercise

pytestmark = pytest.mark.usefixtures("own_home")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def silu(z):
    return z * sigmoid(z)


def ahead(x, W1, b1, W2, b2, bend=silu):
    return bend(x @ W1 + b1) @ W2 + b2


def slope(s):
    return s * (1 - s)


def silu_slope(z):
    return sigmoid(z) + z * slope(sigmoid(z))


def in_a_row(v, w_, x_, y, **changed):
    h = sigmoid(v * x_)
    factors = {"w": w_, "slope": h * (1 - h), "x": x_} | changed
    return (sigmoid(w_ * h) - y) * factors["w"] * factors["slope"] * factors["x"]


def uphill(w, slope, eta, steps):
    for _ in range(steps):
        w = w + eta * slope(w)
    return w


def overwritten(z, y):
    z[:] = (sigmoid(z) - y) / len(y)
    return z


def in_place(before, w, g, eta, gamma):
    w += gamma * (w - before) - eta * g
    return w


def stepped(grads, eta, gamma):
    velocities = [0.0]
    for g in grads:
        velocities.append(gamma * velocities[-1] - eta * g)
    return np.array(velocities[1:])


def weighted(dz):
    return lambda h, p, y, c: (h.T @ dz(p, y, c), dz(p, y, c).sum(axis=0, keepdims=True))


WRONG = {
    "00.weight": [
        (-0.5, "leads to hidden unit 1"),
        (0.2, "comes from input 2"),
        (-0.1, "from hidden unit 2 to the output"),
        (0.3, "from hidden unit 1 to the output"),
        (-0.3, "comes from input 1"),
        (7, "should be smaller"),
        ("low", "expected one number"),
    ],
    "00.loss": [
        (0.5273, "eta = 0.8"),
        (0.2673, "after 4 steps"),
        (0.0300, "after 6 steps"),
        (0.4393, "without momentum"),
        (1.0, "should be smaller"),
        ("low", "expected one number"),
    ],
    "01.neuron": [
        (lambda w, b, x: sigmoid(w * x), "the bias is missing"),
        (lambda w, b, x: w * x + b, "the sigmoid is missing"),
        (lambda w, b, x: sigmoid(w * x + b + b), "the bias is taken twice"),
        (lambda w, b, x: sigmoid(w * x) + b, "not to its sigmoid"),
        (lambda w, b, x: sigmoid(w * (x + b)), "w multiplies x alone"),
        (lambda w, b, x: 1 / (1 + np.exp(-w * x + b)), "the minus belongs to all of z"),
        (lambda w, b, x: 1 / (1 + np.exp(w * x + b)), "check its sign"),
        (lambda w, b, x: 1 / (1 + np.exp(0 - -(w * x + b))), "check its sign"),
        (lambda w, b, x: 1 / (1 - np.exp(-(w * x + b))), "1 + e^-z, not 1 - e^-z"),
        (lambda w, b, x: 1 / 1 + np.exp(-(w * x + b)), "brackets are missing in the sigmoid"),
        (lambda w, b, x: 1 / np.exp(-(w * x + b)), "the 1 is missing"),
        (lambda w, b, x: silu(w * x + b), "that is SiLU"),
        (lambda w, b, x: sigmoid(w * x + b) / 3, "nothing is to be divided"),
        (lambda b, w, x: sigmoid(w * x + b), "w and b are exchanged"),
        (lambda w, b, x: sigmoid(w + x + b), "added, not multiplied"),
        (lambda w, b, x: [0.5], "shape"),
        (0.5, "expected a function"),
    ],
    "01.threshold": [
        ((3, 9), "crosses 0.5 at x = -3"),
        ((3, -3), "further left"),
        ((1, -5), "further right"),
        ((-3, 9), "must be positive"),
        ((1, -3), "steeper"),
        (7, "expected two numbers"),
        ((3, 0, -9, 0), "write (3.0, ...), with points"),
    ],
    "02.forward": [
        (lambda *a: sigmoid(ahead(*a, bend=lambda z: z)), "no activation"),
        (lambda *a: sigmoid(ahead(*a, bend=sigmoid)), "not a sigmoid"),
        (ahead, "the last sigmoid is missing"),
        (lambda x, W1, b1, W2, b2: sigmoid(ahead(x, W1, b1, W2, 0)), "bias b2 is missing"),
        (lambda x, W1, b1, W2, b2: sigmoid(ahead(x, W1, 0, W2, b2)), "biases b1 are missing"),
        (lambda x, W1, b1, W2, b2: sigmoid(ahead(x, W1, 0, W2, 0)), "both biases"),
        (lambda x, W1, b1, W2, b2: sigmoid((silu(x @ W1 + b1) * W2 + b2).sum()), "bias b2 is taken twice"),
        (lambda x, W1, b1, W2, b2: sigmoid(ahead(x, W1, b1 + b1, W2, b2)), "biases b1 are taken twice"),
        (lambda x, W1, b1, W2, b2: sigmoid(ahead(x, W1, 3 * b1, W2, b2)), "not for every input"),
        (lambda x, W1, b1, W2, b2: 1 / (1 + np.exp(-silu(x @ W1 + b1) @ W2 + b2)), "the minus belongs to all of z"),
        (lambda x, W1, b1, W2, b2: sigmoid(ahead(x, W1, b1, W2, 0)) + b2, "not to its sigmoid"),
        (lambda *a: silu(ahead(*a)), "a sigmoid, not SiLU"),
        (lambda *a: 1 / (1 + np.exp(ahead(*a))), "check its sign"),
        (lambda *a: 1 / 1 + np.exp(-ahead(*a)), "brackets are missing in the sigmoid"),
        (lambda *a: sigmoid(ahead(*a, bend=lambda z: z / (1 + np.exp(z)))), "in SiLU: e^z and e^-z are mixed up"),
        (lambda *a: sigmoid(ahead(*a, bend=lambda z: z / 1 + np.exp(-z))), "brackets are missing in SiLU"),
        (lambda *a: sigmoid(ahead(*a)) / 3, "nothing is to be divided"),
        (lambda x, W1, b1, W2, b2: [0.5, 0.5], "expected one number, got an array"),
    ],
    "02.half": [(1.52, "check its sign"), (-1.24, "hidden unit 2 adds"), (-0.28, "bias of the output"), (5, "smaller")],
    "03.cost": [
        (lambda p, y: -np.log(1 - p), "Where y is 1, the truth was given p"),
        (lambda p, y: -(y * np.log(p)), "the second half is missing"),
        (lambda p, y: -((1 - y) * np.log(1 - p)), "the first half is missing"),
        (lambda p, y: -y * np.log(p) + (1 - y) * np.log(1 - p), "before the first alone"),
        (lambda p, y: -(y * np.log(p)) - -(1 - y) * np.log(1 - p), "before the first alone"),
        (lambda p, y: -(y * np.log(p) + 1 - y * np.log(1 - p)), "1 - y as a whole"),
        (lambda p, y: -(y * np.log2(p) + (1 - y) * np.log2(1 - p)), "base 2"),
        (lambda p, y: -(p * np.log(y) + (1 - p) * np.log(1 - y)), "of p, not of y"),
        (lambda p, y: -(y * np.log(p) + (1 - y) * np.log(1 - p)) / 3, "the cost of one sample, divided"),
        (lambda p, y: abs(p - y), "the distance"),
        (lambda p, y: math.log(y), "a logarithm was taken of 0"),
        (lambda p, y: -np.log(p), "1 - p"),
        (lambda p, y: y * np.log(p) + (1 - y) * np.log(1 - p), "the minus is missing"),
        (lambda p, y: (p - y) ** 2, "squared error"),
        (lambda p, y: (p - y) ** 2 / 2, "half the squared"),
        (lambda p, y: -y * np.log10(p) - (1 - y) * np.log10(1 - p), "base 10"),
        (lambda p, y: -np.log(p if y == 0 else 1 - p), "are swapped"),
    ],
    "03.mean": [
        (4.82, "divide by the number"),
        (0.33, "error rate"),
        (0.51, "each cost first"),
        (4.61, "alone"),
        (0.70, "base 10"),
        (2.32, "base 2"),
        (2.41, "number of samples, 3"),
        (1.54, "logarithm of 1 - p"),
    ],
    "04.middle": [
        (lambda f, w, epsilon: f(w + epsilon) - f(w - epsilon), "divide by how far"),
        (lambda f, w, epsilon: (f(w - epsilon) - f(w + epsilon)) / (2 * epsilon), "sign is flipped"),
        (lambda f, w, epsilon: (f(w + epsilon) - f(w - epsilon)) / epsilon, "how far is it from"),
        (lambda f, w, epsilon: (f(w + epsilon) - f(w)) / epsilon, "begins at w"),
        (lambda f, w, epsilon: (f(w) - f(w - epsilon)) / epsilon, "ends at w"),
        (lambda f, w, epsilon: (f(w + epsilon) - f(w - epsilon)) / 2 * epsilon, "`/2*epsilon` multiplies"),
        (lambda f, w, epsilon: f(w + epsilon) - f(w - epsilon) / (2 * epsilon), "missing above the line"),
        (lambda f, w, epsilon: f(w + epsilon) - f(w - epsilon) / 2 * epsilon, "above and below"),
        (lambda f, w, epsilon: (f(w + epsilon) - f(w - epsilon)) / 2, "divides by 2 alone"),
        (lambda f, w, epsilon: (f(w + epsilon) - -f(w - epsilon)) / (2 * epsilon), "are added"),
        (lambda f, w, epsilon: (f(w + epsilon) - f(w - -epsilon)) / (2 * epsilon), "both ends"),
        (lambda f, w, epsilon: (f(w + epsilon / 2) - f(w - epsilon / 2)) / epsilon, "half an epsilon"),
        (lambda f, epsilon, w: (f(w + epsilon) - f(w - epsilon)) / (2 * epsilon), "w and epsilon are exchanged"),
    ],
    "04.nudge": [
        (0.0019, "higher or lower"),
        (0.1914, "that is the gradient"),
        (-0.0191, "decimal point"),
        (-1, "larger"),
        (-19.14, "multiply"),
    ],
    "05.gradient": [
        (lambda w, b, x, y: sigmoid(w * x + b) - y, "one factor is missing"),
        (lambda w, b, x, y: (sigmoid(w * x + b) - y) * w, "x, not w"),
        (lambda w, b, x, y: (y - sigmoid(w * x + b)) * x, "sign is flipped"),
        (lambda w, b, x, y: (sigmoid(w * x + b) - 1) * x, "right where y is 1"),
        (lambda w, b, x, y: (sigmoid(w * x + b) - y) * x * sigmoid(w * x + b) * sigmoid(-w * x - b), "twice"),
        (lambda w, b, x, y: (sigmoid(w * x) - y) * x, "the bias is missing in p"),
        (lambda w, b, x, y: (sigmoid(w * x + 2 * b) - y) * x, "the bias is taken twice in p"),
        (lambda w, b, x, y: (1 / (1 + np.exp(-w * x + b)) - y) * x, "the minus belongs to all of z"),
        (lambda w, b, x, y: (1 / (1 + np.exp(w * x + b)) - y) * x, "check its sign"),
        (lambda w, b, x, y: (1 / 1 + np.exp(-(w * x + b)) - y) * x, "brackets are missing in the sigmoid"),
        (lambda w, b, x, y: sigmoid(w * x + b) - y * x, "all of p - y is a factor"),
        (lambda w, b, x, y: (sigmoid(w * x + b) - -y) * x, "y is added"),
        (lambda w, b, x, y: slope(sigmoid(w * x + b)) * x, "how p moves with w"),
        (lambda w, b, x, y: sigmoid(w * x + b) * x, "right where y is 0"),
        (lambda w, b, x, y: (sigmoid(w * x + b) - y) * x / 3, "nothing is to be divided"),
        (lambda w, b, x, y: -np.log(sigmoid(w * x + b) if y else 1 - sigmoid(w * x + b)), "the loss, not its slope"),
        (lambda b, w, x, y: (sigmoid(w * x + b) - y) * x, "w and b are exchanged"),
    ],
    "05.chain": [
        (lambda v, w, x, y: in_a_row(v, w, x, y, w=1), "of h is missing: w"),
        (lambda v, w, x, y: in_a_row(v, w, x, y, slope=1), "the slope of the first sigmoid is missing"),
        (lambda v, w, x, y: in_a_row(v, w, x, y, x=1), "is missing: x"),
        (lambda v, w, x, y: (sigmoid(w * sigmoid(v * x)) - y) * sigmoid(v * x), "that is the slope for w"),
        (lambda v, w, x, y: in_a_row(v, w, x, 1), "right where y is 1"),
        (lambda v, w, x, y: in_a_row(v, w, x, y) * slope(sigmoid(w * sigmoid(v * x))), "you have it twice"),
        (lambda v, w, x, y: in_a_row(v, w, x, y, slope=silu_slope(v * x)), "that is SiLU's slope"),
        (lambda v, w, x, y: -in_a_row(v, w, x, y), "sign is flipped"),
        (lambda v, w, x, y: in_a_row(v, w, x, -y), "y is added"),
        (lambda v, w, x, y: in_a_row(v, w, x, y, slope=sigmoid(v * x)), "half the slope"),
        (
            lambda v, w, x, y: in_a_row(v, w, x, y, w=w * sigmoid(v * x), slope=1, x=1) - sigmoid(v * x) * x,
            "all of 1 - h",
        ),
        (lambda v, w, x, y: in_a_row(v, w, x, y) / 3, "nothing is to be divided"),
        (lambda v, w, x, y: in_a_row(-v, w, x, y), "for h: e^z and e^-z are mixed up"),
        (lambda v, w, x, y: (sigmoid(-w * sigmoid(v * x)) - y) * w * slope(sigmoid(v * x)) * x, "for p: e^z"),
        (lambda w, v, x, y: in_a_row(v, w, x, y), "u and w are exchanged"),
    ],
    "06.delta": [
        (lambda dz2, W2, h1: dz2 @ W2.T, "activation's slopes are missing"),
        (lambda dz2, W2, h1: dz2 @ W2.T * h1, "not by h1"),
        (lambda dz2, W2, h1: dz2 @ W2.T * (1 - h1), "half the slope"),
        (lambda dz2, W2, h1: dz2 * h1 * (1 - h1), "the weights W2 are missing"),
        (lambda dz2, W2, h1: dz2 @ W2.T * silu_slope(h1), "that is SiLU's slope"),
        (lambda dz2, W2, h1: dz2 @ W2.T * h1 * 1 - h1, "all of 1 - h1 is a factor"),
        (lambda dz2, W2, h1: dz2 @ W2.T * h1 * (1 - -h1), "not h1 (1 + h1)"),
        (lambda dz2, W2, h1: dz2 @ W2.T * h1 * (1 - h1) / len(h1), "that N is in dz2 already"),
        (lambda dz2, W2, h1: dz2 @ W2.T * h1 * (1 - h1) / 3, "the N is in dz2 already"),
        (lambda dz2, W2, h1: dz2 @ W2.T * h1 * (h1 - 1), "sign is flipped"),
        (lambda dz2, W2, h1: dz2 * W2 * h1 * (1 - h1), "(6, 1) and (3, 1)"),
        (lambda dz2, W2, h1: dz2 * h1 @ W2, "shape should be (6, 3)"),
        (lambda dz2, W2, h1: dz2 @ W2, "a has 1 columns and b has 3 rows"),
    ],
    "06.gradients": [
        (weighted(lambda p, y, c: (p - y) / len(y)), "c is missing"),
        (weighted(lambda p, y, c: (p - y) / 3), "c is missing, and 3 is not always"),
        (weighted(lambda p, y, c: (p - y) / c.sum()), "missing above the line"),
        (weighted(lambda p, y, c: c * (p - y)), "that is the sum"),
        (weighted(lambda p, y, c: c * (p - y) / len(y)), "not by the number of samples"),
        (weighted(lambda p, y, c: c * (p - y) / 3), "that divides by 3"),
        (weighted(lambda p, y, c: c * (p - y) / 2), "that divides by 2"),
        (weighted(lambda p, y, c: c * (p - y) / c.mean()), "not by their mean"),
        (weighted(lambda p, y, c: (c * p - y) / c.sum()), "c multiplies all of p - y"),
        (weighted(lambda p, y, c: c * (p - y / c.sum())), "all of p - y is divided"),
        (weighted(lambda p, y, c: c * p - y / c.sum()), "around p - y"),
        (weighted(lambda p, y, c: c * (p - -y) / c.sum()), "y is added"),
        (weighted(lambda p, y, c: c * (y - p) / c.sum()), "sign is flipped"),
        (lambda h, y, p, c: weighted(lambda p, y, c: c * (p - y) / c.sum())(h, p, y, c), "sign is flipped"),
        (
            lambda h, p, y, c: (h.T @ (c * (p - y) / c.sum()), (c * (p - y) / c.sum()).mean(axis=0, keepdims=True)),
            "db: the sum",
        ),
        (
            lambda h, p, y, c: ((p - y).T @ h, (c * (p - y)).sum(axis=0, keepdims=True) / c.sum()),
            "dW: the shape should be (3, 1)",
        ),
        (
            lambda h, p, y, c: ((c * (p - y) / c.sum()).T @ h, (c * (p - y)).sum(axis=0, keepdims=True) / c.sum()),
            "turn the product round",
        ),
        (lambda h, p, y, c: (h.T @ (p - y), (c * (p - y) / c.sum()).sum(axis=0)), "db: the shape should be (1, 1)"),
        (lambda h, p, y, c: h.T @ (c * (p - y)), "two results: dW and db"),
    ],
    "07.descend": [
        (lambda w, slope, eta, steps: w - eta * slope(w), "one step"),
        (lambda w, slope, eta, steps: w - steps * eta * slope(w), "again at each step"),
        (lambda w, slope, eta, steps: uphill(w, slope, eta, steps), "uphill"),
        (lambda w, slope, eta, steps: uphill(w, slope, -1, steps), "eta is missing"),
        (lambda w, slope, eta, steps: uphill(w, slope, -eta, steps + 1), "one step too many"),
        (lambda w, slope, eta, steps: uphill(w, slope, -eta, steps - 1), "one step too few"),
        (lambda w, slope, eta, steps: uphill(w, slope, -eta, 3), "3 steps, whatever `steps` says"),
        (lambda w, slope, eta, steps: uphill(w, slope, -1 / eta, steps), "not divide it"),
        (lambda slope, w, eta, steps: uphill(w, slope, -eta, steps), "raised TypeError"),
    ],
    "07.eta": [
        (lambda a: 1 / a, "as high as before"),
        (lambda a: 1 / (4 * a), "half the way"),
        (lambda a: 1 / 2 * a, "brackets are missing below the line"),
        (lambda a: -1 / (2 * a), "sign is flipped"),
        (lambda a: 2 * a, "upside down"),
        (lambda a: 0.5, "fits a = 1 alone"),
        (lambda a: 0.25, "fits a = 2 alone"),
        (0.25, "expected a function of a"),
    ],
    "08.step": [
        (lambda before, w, g, eta, gamma: w - eta * g, "plain descent"),
        (lambda before, w, g, eta, gamma: w + (w - before) - eta * g, "gamma is missing"),
        (lambda before, w, g, eta, gamma: w + gamma * (w - before) - g, "eta is missing"),
        (lambda before, w, g, eta, gamma: w + eta * (w - before) - gamma * g, "eta and gamma are exchanged"),
        (lambda w, before, g, eta, gamma: w + gamma * (w - before) - eta * g, "before and w are exchanged"),
        (lambda before, w, g, eta, gamma: w + gamma * (w - before) - -eta * g, "check its sign"),
        (lambda before, w, g, eta, gamma: w + gamma * (before - w) - eta * g, "turned round"),
        (lambda before, w, g, eta, gamma: w - (gamma * (w - before) - eta * g), "added, not subtracted"),
        (lambda before, w, g, eta, gamma: gamma * (w - before) - eta * g, "that is the new velocity"),
        (lambda before, w, g, eta, gamma: before + gamma * (w - before) - eta * g, "begins at w"),
        (lambda before, w, g, eta, gamma: w + gamma * w - before - eta * g, "brackets are missing"),
        (lambda before, w, g, eta, gamma: w + gamma * (w - before - eta * g), "brackets where none belong"),
        (lambda before, w, g, eta, gamma: w + gamma * w - eta * g, "not its velocity"),
        (lambda before, w, g, eta, gamma: (w, g), "shape should be (4,)"),
        (in_place, "changed an array"),
        (lambda w, v: w, "raised TypeError"),
        (5, "expected a function"),
    ],
    "08.delta": [
        (lambda z, y: sigmoid(z) - y, "each sample's own slope"),
        (lambda z, y: (y - sigmoid(z)) / len(y), "sign is flipped"),
        (lambda z, y: (2 * sigmoid(z) - 2 * y) / len(y), "same factor, 2"),
        (lambda z, y: ((sigmoid(z) - y) / len(y)).ravel(), "shape should be (6, 1), yours is (6,)"),
        (lambda z, y: (sigmoid(z) - y) / 3, "that divides by 3"),
        (lambda z, y: (sigmoid(z) - y) / 2, "that divides by 2"),
        (lambda z, y: sigmoid(z) - y / len(y), "all of p - y is divided"),
        (lambda z, y: (1 / (1 + np.exp(z)) - y) / len(y), "check its sign"),
        (lambda z, y: (1 / 1 + np.exp(-z) - y) / len(y), "brackets are missing in the sigmoid"),
        (lambda z, y: (sigmoid(z) - -y) / len(y), "y is added"),
        (lambda z, y: (z - y) / len(y), "the sigmoid is missing"),
        (lambda y, z: (sigmoid(z) - y) / len(y), "z and y are exchanged"),
        (lambda z, y: sigmoid(z) / len(y), "y is missing"),
        (lambda z, y: "p - y", "expected numbers"),
        (lambda z, y: None, "is `return` missing?"),
        (lambda z, y: overwritten(z, y), "changed an array"),
        (lambda z, y: np.full_like(z, np.nan), "not finite"),
        ("p - y", "expected a function"),
    ],
    "08.third": [
        (0.5, "plain descent"),
        (0.14, "forgets the velocity of the second"),
        (-0.353, "gamma and eta are exchanged"),
        (-0.5, "gamma is missing"),
        (-0.63, "eta is missing"),
        (0.596, "begins at the start's weight"),
        (-0.104, "the velocity of the third step"),
        (-0.26, "after the second step"),
        (-0.964, "uses the gradient of the second"),
        (-1.164, "minus times minus"),
        (1.764, "goes uphill"),
        (0.3453, "nothing is to be divided by 3"),
        (-2.492, "nothing is to be multiplied by 3"),
        (0.364, "check its sign"),
        (-0.36, "give 3 decimals"),
        (9.0, "it should be smaller"),
        (-9.0, "it should be larger"),
        ("minus", "expected one number"),
        ([1, 2], "expected one number"),
        (np.nan, "not a finite number"),
    ],
    "09.ledger": [
        (lambda grads, eta, gamma: stepped(grads, eta, gamma)[-1], "that is the whole velocity"),
        (lambda grads, eta, gamma: stepped(grads, eta, gamma), "the velocities after each step"),
        (lambda grads, eta, gamma: -eta * gamma ** np.arange(len(grads)) * grads, "run the other way"),
        (lambda grads, eta, gamma: -eta * gamma ** np.arange(len(grads)) * grads[::-1], "the newest comes first"),
        (lambda grads, eta, gamma: -eta * gamma ** np.arange(len(grads), 0, -1) * grads, "one power too many"),
        (lambda grads, eta, gamma: -eta * grads, "gamma is missing"),
        (lambda grads, eta, gamma: -eta * gamma * grads, "has not faded at all"),
        (lambda grads, eta, gamma: eta * gamma ** np.arange(len(grads))[::-1] * grads, "check the sign"),
        (lambda grads, eta, gamma: -(gamma ** np.arange(len(grads))[::-1]) * grads, "eta is missing"),
        (lambda grads, gamma, eta: -eta * gamma ** np.arange(len(grads))[::-1] * grads, "eta and gamma are exchanged"),
        (lambda grads, eta, gamma: gamma * grads, "all entries differ. One of them: with grads = ["),
        (0.5, "expected a function"),
    ],
    "09.terminal": [
        (2, "check its sign"),
        (-0.2, "that is the first step"),
        (-0.38, "after two steps"),
        (-1.8, "carries on"),
        (-0.22, "divides by gamma"),
        (-0.11, "divides by 1 + gamma"),
        (-0.02, "does not multiply"),
        (-2.5, "eta is missing"),
        (-1.125, "eta and gamma are exchanged"),
        (0, "never stops"),
        (-6, "3 times the right number"),
        (-np.inf, "not a finite number"),
        (-40, "it should be larger"),
    ],
    "10.limit": [
        (lambda sharpness, gamma: 2 / sharpness, "without momentum"),
        (lambda sharpness, gamma: 2 * (1 + gamma), "divide by the sharpness"),
        (lambda sharpness, gamma: (1 + gamma) / sharpness, "the 2 is missing"),
        (lambda sharpness, gamma: 2 * (1 - gamma) / sharpness, "bounds the energy"),
        (lambda sharpness, gamma: 2 * (1 + gamma) * sharpness, "needs a shorter step"),
        (lambda sharpness, gamma: 2 * 1 + gamma / sharpness, "above the line"),
        (lambda sharpness, gamma: (1 - gamma**0.5) ** 2 / sharpness, "begins to swing past"),
        (lambda gamma, sharpness: 2 * (1 + gamma) / sharpness, "sharpness and gamma are exchanged"),
        (lambda sharpness, gamma: -2 * (1 + gamma) / sharpness, "sign is flipped"),
        (6.5, "expected a function of sharpness and gamma"),
    ],
    "10.rises": [
        (lambda losses: losses[1:] > losses[:-1], "that says where it rose"),
        (lambda losses: sum(losses[1:] < losses[:-1]), "in which it fell"),
        (lambda losses: sum(losses[1:] >= losses[:-1]), "stays the same is no rise"),
        (lambda losses: any(losses[1:] > losses[:-1]), "whether it rose"),
        (lambda losses: sum(losses > losses[0]), "not with the first"),
        (lambda losses: np.mean(np.diff(losses) > 0), "a share of the steps"),
        (
            lambda losses: sum(losses[n] > losses[n - 1] for n in range(len(losses) - 1)),
            "of 20 tries come out different",
        ),
        (lambda losses: sum(losses[n] > losses[n - 1] for n in range(1, len(losses) - 1)), "the last step is missing"),
        (lambda losses: sum(losses[n] > losses[n - 1] for n in range(1, len(losses) + 1)), "raised IndexError"),
        (13, "expected a function of losses"),
    ],
    "11.zeros": [
        (lambda y: 0.5 - y, "each sample's own slope"),
        (lambda y: (0.5 - y).sum(), "that is the sum"),
        (lambda y: (0.5 - y).sum() / 3, "that divides by 3"),
        (lambda y: (y - 0.5).mean(), "sign is flipped"),
        (lambda y: -y.mean(), "p is not 0"),
        (lambda y: 1 - y.mean(), "p is not 1"),
        (lambda y: 0, "does the output's bias need h"),
        (lambda y: 0.1667, "of 20 tries come out different"),
        (lambda y: 1 / 6, "the worked example alone"),
        (lambda y: 0.25 * (0.5 - y).mean(), "it cancels in cross-entropy"),
        (lambda y: None, "is `return` missing?"),
        (0.1667, "expected a function of y"),
    ],
    "11.he": [
        (lambda inputs: 2 / inputs, "that is the variance"),
        (lambda inputs: 1 / np.sqrt(inputs), "that is LeCun's"),
        (lambda inputs: np.sqrt(2) / inputs, "of `inputs` as well"),
        (lambda inputs: 2 / np.sqrt(inputs), "of the 2 as well"),
        (lambda inputs: (2 / inputs) ** 1 / 2, "`** 0.5` is a square root"),
        (lambda inputs: np.sqrt(inputs / 2), "upside down"),
        (lambda inputs: math.sqrt(6 / inputs), "bound of a uniform start"),
        (lambda inputs: 2 * np.sqrt(2 / inputs), "same factor, 2"),
        (0.5, "expected a function of inputs"),
    ],
    "12.convert": [
        (lambda buffer, eta: eta * buffer, "check its sign"),
        (lambda buffer, eta: -buffer, "eta is missing"),
        (lambda buffer, eta: -buffer / eta, "not divided by it"),
        (lambda buffer, eta: -eta * eta * buffer, "eta is there twice"),
        (lambda buffer, eta: -eta * buffer / (1 - 0.9), "that is for the average"),
        (-0.1, "expected a function"),
    ],
    "12.average": [
        (lambda eta, gamma: eta * (1 - gamma), "the other way round"),
        (lambda eta, gamma: eta / 1 - gamma, "brackets are missing"),
        (lambda eta, gamma: eta / gamma, "divide by 1 - gamma"),
        (lambda eta, gamma: 10 * eta, "0.9 for every gamma"),
        (lambda eta, gamma: eta, "the same eta"),
        (lambda gamma, eta: eta / (1 - gamma), "eta and gamma are exchanged"),
    ],
    "12.repair": [
        (lambda w, v, g, eta, gamma: (w + v, (1 - gamma) * v - eta * g), "the velocity: gamma is what is kept of it"),
        (lambda w, v, g, eta, gamma: (w + v, gamma * v - eta * g), "the weight: it moves by the new velocity"),
        (lambda w, v, g, eta, gamma: (w + gamma * v - eta * g, v), "the new one has to be returned"),
        (lambda w, v, g, eta, gamma: (w - eta * (gamma * v + g), gamma * v + g), "PyTorch's buffer"),
        (lambda w, v, g, eta, gamma: w + gamma * v - eta * g, "expected two results"),
    ],
    "13.count": [
        (88, "each unit has a bias"),
        (128, "the layers themselves are added up"),
        (19, "that counts the units"),
        (107, "the inputs have no biases"),
        ("many", "expected one number"),
    ],
    "13.best": [
        (lambda test_losses: min(test_losses), "the lowest loss itself"),
        (lambda test_losses: len(test_losses) - 1, "the last iteration"),
        (lambda test_losses: int(np.argmax(np.diff(test_losses) > 0)), "where it first rises"),
        (lambda test_losses: int(np.argmin(test_losses)) + 1, "one iteration too late"),
        (12, "expected a function"),
    ],
    "13.sure": [
        (0.001, "what it costs if y = 0"),
        (3.0, "to base 10"),
        (-0.999, "the slope"),
        (4.605, "for p = 0.01"),
        (-6.908, "check its sign"),
    ],
    "14.standardise": [
        (1.0835, "in the mean and the spread"),
        (1.2027, "in the mean"),
        (1.4446, "in the spread"),
        (1.3093, "divides by N - 1"),
        (0.4286, "divides by the variance"),
        (6, "nothing is divided"),
        (13.363, "the mean is not taken away"),
        (11 / 9, "by the range"),
        (1.8, "mean distance from the mean"),
        (1.6, "right as far as it goes: give 3 decimals"),
        (-1.604, "check its sign"),
        ("far", "expected one number"),
    ],
    "14.accuracy": [
        (0.1, "the share that is wrong"),
        (54, "that is a count"),
        (90, "in percent"),
        (0.886, "one for each species"),
        (0.8889, "share of the Adelies"),
        (0.45, "the commonest species"),
        (9, "divide by all"),
        (0.95, "none of the usual slips"),
    ],
    "14.commonest": [
        (0.4, "chooses the species by the held-out birds"),
        (0.45, "its accuracy in training"),
        (0.3333, "equally common"),
        (0.4167, "over all 60 birds"),
        (0.65, "the share that is wrong"),
        (0.3438, "the same for all"),
        (7, "that is a count"),
    ],
    "14.predict": [
        (lambda params, X: (X @ params.W1 @ params.W2).argmax(axis=1), "of 20 tries come out different"),
        (
            lambda params, X: ((X @ params.W1 + params.b1) @ params.W2 + params.b2).argmax(axis=1),
            "tanh is missing",
        ),
        (lambda params, X: (np.tanh(X @ params.W1) @ params.W2).argmax(axis=1), "both biases are missing"),
        (lambda params, X: tm.forward(params, X).p, "those are the probabilities"),
        (lambda params, X: tm.forward(params, X).p.max(axis=1), "the largest probability"),
        (lambda params, X: tm.forward(params, X).p.argmax(axis=1) + 1, "counted from 0"),
        (lambda params, X: tm.forward(params, X).p.argmax(), "in the whole table"),
        (lambda params, X: tm.forward(params, X).p.argmax(axis=0), "look along each row"),
        (lambda X, params: tm.forward(params, X).p.argmax(axis=1), "raised"),
        (lambda params, X: None, "is `return` missing?"),
        (2, "expected a function of params and X"),
    ],
}


def solution(exercise):
    """Run the solution's text and return its answer, the last thing that it names."""
    space = {"np": np, "tm": tm}
    exec(exercise.solution(), space)
    return list(space.values())[-1]


@pytest.mark.parametrize("name", exercises.EXERCISES)
def test_an_exercise_has_all_three_outcomes(name):
    exercise = exercises.exercise(name)
    assert exercise.check().outcome == exercise.check(None).outcome == "not tried"
    verdict = exercise.check(solution(exercise))
    assert verdict, verdict
    assert len(WRONG[name]) >= 3
    for answer, words in WRONG[name]:
        verdict = exercise.check(answer)
        assert verdict.outcome == "not yet", words
        assert words in verdict.words
    assert exercise.hint() != exercise.hint(2)
    assert exercise.hint(99) == exercise.hint(len(exercise.hints))


def test_every_lesson_from_00_to_10_has_two_exercises_or_more():
    lessons = [name.partition(".")[0] for name in exercises.EXERCISES]
    assert all(lessons.count(f"{n:02}") >= 2 for n in range(11))


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("01.neuron", lambda w, b, x: sigmoid(w * x + b) + 0.1, "all of 20 tries come out different"),
        ("03.cost", lambda p, y: -np.log(p) if p > 0.5 else 1.0, "of 20 tries come out different"),
        ("05.gradient", lambda w, b, x, y: 2 * (sigmoid(w * x + b) - y) * x, "off by the same factor, 2"),
        ("04.middle", lambda f, w, epsilon: None, "is `return` missing?"),
        ("04.middle", lambda f, w, epsilon: [f(w)], "expected one number, got an array of shape (1,)"),
        ("06.delta", lambda dz2, W2, h1: np.nan * h1, "not finite"),
        ("06.delta", lambda dz2, W2, h1: math.exp(h1), "one number. Those of `np`"),
    ],
)
def test_a_factor_or_a_sign_is_reported_only_if_every_try_shows_it(name, answer, words):
    assert words in exercises.exercise(name).check(answer).words


def test_a_species_may_be_predicted_by_the_package_too():
    assert exercises.exercise("14.predict").check(lambda params, X: tm.forward(params, X).p.argmax(axis=1))


def test_a_slope_that_was_measured_by_a_nudge_is_right():
    def cost(w, b, x, y):
        p = sigmoid(w * x + b)
        return -y * np.log(p) - (1 - y) * np.log(1 - p)

    def measured(w, b, x, y):
        return (cost(w + 1e-5, b, x, y) - cost(w - 1e-5, b, x, y)) / 2e-5

    assert exercises.exercise("05.gradient").check(measured)


def test_a_solution_and_its_hints_are_shown_line_by_line():
    assert repr(exercises.exercise("01.neuron").solution()).startswith("def neuron(w, b, x):\n    z = ")
    assert repr(exercises.exercise("01.neuron").hint(2)) == "01.neuron, hint 2 of 3: z = w x + b."


@pytest.mark.parametrize("name", exercises.EXERCISES)
def test_a_hint_begins_with_the_name_of_its_exercise(name):
    task = exercises.exercise(name)
    for n in range(1, len(task.hints) + 1):
        assert task.hint(n).startswith(f"{name}, hint {n} of {len(task.hints)}: ")


@pytest.mark.parametrize("name", exercises.EXERCISES)
def test_a_task_is_broken_between_words(name):
    task = exercises.exercise(name)
    assert max(map(len, repr(task).split("\n"))) <= 96
    assert repr(task).replace("\n", " ") == f"Exercise {name}. {task.task}"


def test_progress_is_kept():
    assert exercises.progress().startswith(f"0 of {len(exercises.EXERCISES)}")
    exercises.exercise("08.step").check(solution(exercises.exercise("08.step")))
    exercises.exercise("08.step").check(solution(exercises.exercise("08.step")))
    exercises.exercise("08.third").check(99)
    assert exercises.progress().startswith(f"1 of {len(exercises.EXERCISES)}")
    assert "[x] step" in exercises.progress()
    assert len(keep.read(exercises.FILE)[0]) == 1


def whole(judge, slip):
    """Return a slip with the right results where it leaves them alone."""
    if not judge.results:
        return slip
    return lambda *args: tuple(r if s is None else s for r, s in zip(judge.right(*args), slip(*args), strict=True))


NUMBERS = [task for task in exercises.TASKS if isinstance(task.judge, Number)]
FUNCTIONS = [task for task in exercises.TASKS if isinstance(task.judge, Function)]
SLIPS = [(task, said, number) for task in NUMBERS for said, number in task.judge.named()]
SLIPS += [(task, said, whole(task.judge, slip)) for task in FUNCTIONS for said, slip in task.judge.slips]


# Numbers that are nearly right ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (0.16, "right as far as it goes: give 4 decimals."),
        (0.159, "right as far as it goes: give 4 decimals."),
        (0.15, "right as far as it goes: give 4 decimals."),  # cut off
        (-0.1591, "the size is right: check its sign."),
        ((0, 1591), "Python reads 0,1591 as two numbers: write a point, 0.1591."),
        (0.2, "right as far as it goes: give 4 decimals."),
        (0.17, "that is not it, and it is none of the usual slips: go through your steps again."),
        (0.4, "it should be smaller."),
        (0.47727, "that is 3 times the right number: a mean is the sum divided by the number of samples."),
        (0.05303, "that is the right number divided by 3: there is nothing to divide by the samples."),
        ("0,1591", "that is a text: write a number without quotation marks, 0.1591."),
        (0.1591, ""),
        (0.15914, ""),
    ],
)
def test_a_number_that_is_nearly_right_is_told_what_is_missing(answer, words):
    assert Number(0.15909, 6e-5)(answer) == words


def test_an_answer_that_is_exact_is_not_asked_for_more_decimals():
    assert "decimals" not in Number(0.25, 1e-6)(0.2)


def test_a_number_cannot_be_closed_in_on_by_halving():
    judge, low, high = Number(0.3137, 6e-5), 0.0, 10.0
    for _ in range(50):
        middle = (low + high) / 2
        words = judge(middle)
        if words not in ("it should be smaller.", "it should be larger."):
            break
        low, high = (low, middle) if "smaller" in words else (middle, high)
    assert words.startswith("that is not it")
    assert high - low > 0.3


@pytest.mark.parametrize("task", NUMBERS, ids=lambda task: task.name)
def test_every_number_is_told_its_sign_its_samples_and_its_decimal_comma(task):
    right, check = task.judge.wanted(), exercises.exercise(task.name).check
    assert not re.search("should be|not it", check(-right).words)
    for wrong, said in ((3 * right, "3 times|the sum|hidden unit 1 to the output"), (right / 3, "divided by 3")):
        assert re.search(said, check(wrong).words)
    assert "write a point, 0.25" in check((0, 25)).words
    assert "without quotation marks, 0.25" in check("0,25").words


@pytest.mark.parametrize(("task", "said", "wrong"), SLIPS, ids=lambda value: getattr(value, "name", ""))
def test_every_slip_is_named_and_none_is_taken_for_another(task, said, wrong):
    verdict = exercises.exercise(task.name).check(wrong)
    assert verdict.outcome == "not yet"
    assert said in verdict.words
    assert len(said) <= 110


# Functions that are nearly right --------------------------------------------------------------------------------------


def test_the_right_formula_with_its_arguments_in_another_order_is_told_as_that():
    check = exercises.exercise("01.neuron").check
    assert "b and x are exchanged" in check(lambda w, x, b: 1 / (1 + np.exp(-(w * x + b)))).words
    check = exercises.exercise("08.step").check
    assert "before and w are exchanged" in check(lambda w, before, g, e, c: w + c * (w - before) - e * g).words
    assert "in another order" in check(lambda w, g, before, e, c: w + c * (w - before) - e * g).words
    check = exercises.exercise("08.delta").check
    assert "z and y are exchanged" in check(lambda y, z: (sigmoid(z) - y) / len(y)).words


def test_another_function_is_shown_one_try():
    words = exercises.exercise("01.neuron").check(lambda w, b, x: w + 0.5 * b * x * x).words
    assert re.search(
        r"all of 20 tries come out different\. One of them: with w = \S+, b = \S+, x = \S+ it gives", words
    )


def test_a_missing_return_is_named_only_if_it_is_missing():
    def without(w, b, x):
        w * x + b

    def sometimes(w, b, x):
        if x > 0:
            return w * x + b
        return None

    check = exercises.exercise("01.neuron").check
    assert "is `return` missing?" in check(without).words
    assert "a way through it without `return`" in check(sometimes).words


# What an exercise asks of its learner ---------------------------------------------------------------------------------

# The lines of the lessons that used to be the whole answer.
COPIED = {
    "06.gradients": lambda h, p, y, c: (h.T @ (p - y), (p - y).sum(axis=0, keepdims=True)),
    "08.step": lambda before, w, g, eta, gamma: w + (gamma * 0 - eta * g),
}


@pytest.mark.parametrize("name", COPIED)
def test_lines_copied_from_the_lesson_do_not_pass(name):
    assert exercises.exercise(name).check(COPIED[name]).outcome == "not yet"


def test_the_third_step_cannot_be_read_off_a_panel():
    run = tm.Run(tm.worked_example()).step(3)
    shown = [getattr(run.at(t), kind).flat for t in range(4) for kind in ("params", "velocity")]
    assert not any((abs(numbers - -0.364) < 6e-4).any() for numbers in shown)


def test_an_eta_for_one_slope_alone_does_not_pass():
    assert exercises.exercise("07.eta").check(lambda a: 0.25).outcome == "not yet"


# The card -------------------------------------------------------------------------------------------------------------


def test_a_card_checks_its_answer_and_gives_hints_and_the_solution_of_its_own_exercise():
    card = exercise("01.neuron", lambda w, b, x: sigmoid(w * x))
    assert card.describe().endswith("Not yet: the bias is missing.")
    other = exercise("02.half")
    for shown in (1, 2, 3, 3):
        card.hint.click()
        assert card.said.value.count("01.neuron, hint") == shown
    card.solution.click()
    assert "01.neuron, a solution:\ndef neuron(w, b, x):" in card.said.value
    assert other.said.value == ""
    assert exercise("01.neuron", solution(card.task)).verdict


def test_a_card_says_as_text_what_is_asked_and_that_nothing_was_tried_yet():
    said = exercise("00.weight")._repr_mimebundle_()["text/plain"]
    assert said.startswith("Exercise 00.weight. What is the weight")
    assert said.endswith("Not tried: there is no answer yet. Replace None with yours.")


def test_a_card_of_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"name: expected one of .*01\.neuron"):
        exercise("99.no")


def test_every_exercise_has_its_cell_in_its_lesson_and_asks_by_its_own_name():
    for path in sorted(LESSONS.glob("0*.ipynb")):
        sources = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        stubs = [source for source in sources if "answer = None" in source]
        for stub in stubs:
            assert re.fullmatch(r'answer = None  # .+\nexercise\("\d\d\.\w+", answer\)', stub), stub
        asked = [re.search(r'exercise\("(.+)",', stub)[1] for stub in stubs]
        assert asked == [name for name in exercises.EXERCISES if name.startswith(path.name[:2])]
