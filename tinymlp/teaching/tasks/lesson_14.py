"""The exercises of lesson 14: penguins."""

import numpy as np

from tinymlp.params import MLP
from tinymlp.teaching.judges import Function, Number
from tinymlp.teaching.task import Task

TRAINING, HELD = np.array([39.0, 45.0, 48.0]), 50.0  # millimetres
TABLE = np.array([[24, 3, 0], [2, 10, 1], [0, 0, 20]])  # a row for each true species

# Solutions, as a learner may write them


def predict_species(params, X):
    h = np.tanh(X @ params.W1 + params.b1)
    z = h @ params.W2 + params.b2
    return z.argmax(axis=1)


STANDARDISED = """\
train = np.array([39, 45, 48])
answer = (50 - train.mean()) / train.std()  # 6 / 3.742"""

ACCURACY = """\
right = 24 + 10 + 20
birds = 24 + 3 + 2 + 10 + 1 + 20
answer = right / birds  # 54 / 60"""

COMMONEST = """\
answer = 7 / 20  # the commonest training species is Adelie, and 7 of the 20 held-out birds are Adelies"""


# What the judges know


def _standardised(known=TRAINING, spread=None):
    return (HELD - np.mean(known)) / (np.std(known) if spread is None else spread)


EVERY = np.append(TRAINING, HELD)

STANDARDISE_SLIPS = (
    (
        "the held-out bird is in the mean and the spread: they are to be those of the training rows.",
        _standardised(EVERY),
    ),
    ("the held-out bird is in the mean: it is to be that of the training rows.", _standardised(EVERY, TRAINING.std())),
    ("the held-out bird is in the spread: it is to be that of the training rows.", _standardised(spread=EVERY.std())),
    (
        "that spread divides by N - 1: here it is the root of the mean square, divided by N.",
        _standardised(spread=21**0.5),
    ),
    ("that divides by the variance: the spread is its square root.", _standardised(spread=14.0)),
    ("the mean is taken away, but nothing is divided.", HELD - TRAINING.mean()),
    ("it is divided, but the mean is not taken away.", HELD / TRAINING.std()),
    ("that takes the smallest away and divides by the range: another way of scaling.", (HELD - 39) / 9),
    ("that divides by the range, not by the spread.", _standardised(spread=9.0)),
    (
        "that divides by the mean distance from the mean: the spread is the root of the mean square.",
        _standardised(spread=10 / 3),
    ),
    ("that is the median, not the mean.", (HELD - 45) / TRAINING.std()),
    ("that is the mean of the training rows.", TRAINING.mean()),
    ("that is the spread of the training rows.", TRAINING.std()),
)

ACCURACY_SLIPS = (
    ("that is the share that is wrong.", 0.1),
    ("that is a count: divide by all birds of the table.", 54),
    ("that is in percent: give a share between 0 and 1.", 90),
    (
        "that is the mean of three shares, one for each species: here each bird counts the same.",
        np.mean([24 / 27, 10 / 13, 1]),
    ),
    ("that is the mean over the answers, and not over the birds.", np.mean([24 / 26, 10 / 13, 20 / 21])),
    ("that is the share of the Adelies that are told right, not of all birds.", 24 / 27),
    ("that is the share of the Chinstraps that are told right, not of all birds.", 10 / 13),
    ("that is right divided by wrong: divide by all.", 9),
    ("that is the share of the commonest species.", 27 / 60),
    ("that is how many are wrong.", 6),
)

GUESSED = np.dot([18, 9, 13], [7, 5, 8]) / (40 * 20)  # right by guessing in proportion

COMMONEST_SLIPS = (
    ("that chooses the species by the held-out birds: it is to be chosen before they are seen.", 8 / 20),
    ("that is its accuracy in training.", 18 / 40),
    ("that is chance with three species that are equally common: here they are not.", 1 / 3),
    ("that is over all 60 birds: the training birds do not count here.", 25 / 60),
    ("that is the share that is wrong.", 13 / 20),
    ("that is a count: divide by the held-out birds.", 7),
    ("that is in percent: give a share between 0 and 1.", 35),
    ("that is the Chinstraps' share: which species is the commonest in training?", 5 / 20),
    ("that divides by the training birds.", 7 / 40),
    ("that guesses each species as often as it occurs. Here the answer is the same for all.", GUESSED),
)  # fmt: skip


def _draw_birds(rng):
    net = MLP((4, 8, 3), hidden="tanh", output="softmax")
    return net.init(rng) + 0.7 * net.init(rng, start="large") + _biases(net, rng), rng.normal(size=(25, 4))


def _biases(net, rng):
    return net.params(
        W1=np.zeros((4, 8)), b1=rng.normal(size=(1, 8)), W2=np.zeros((8, 3)), b2=1.5 * rng.normal(size=(1, 3))
    )


def _z(params, X, bend=np.tanh, b1=1.0, b2=1.0):
    return bend(X @ params.W1 + b1 * params.b1) @ params.W2 + b2 * params.b2


def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _along(said, axis):
    """Return the slips of another axis, of z and of the probabilities: there the place may be another."""
    return (
        (said, lambda p, X: _z(p, X).argmax(axis=axis)),
        (said, lambda p, X: _softmax(_z(p, X)).argmax(axis=axis)),
    )


PREDICT_SLIPS = (
    ("the hidden units have no activation: tanh is missing.", lambda p, X: _z(p, X, lambda z: z).argmax(axis=1)),
    ("the hidden units are tanh units, not sigmoids.", lambda p, X: _z(p, X, lambda z: 1 / (1 + np.exp(-z))).argmax(1)),
    ("the hidden units are tanh units, not ReLU.", lambda p, X: _z(p, X, lambda z: z * (z > 0)).argmax(axis=1)),
    (
        "the hidden units are tanh units, not SiLU.",
        lambda p, X: _z(p, X, lambda z: z / (1 + np.exp(-z))).argmax(axis=1),
    ),
    ("both biases are missing.", lambda p, X: _z(p, X, b1=0, b2=0).argmax(axis=1)),
    ("the biases b1 are missing.", lambda p, X: _z(p, X, b1=0).argmax(axis=1)),
    ("the biases b2 are missing.", lambda p, X: _z(p, X, b2=0).argmax(axis=1)),
    ("that is the species that it believes least.", lambda p, X: _z(p, X).argmin(axis=1)),
    ("the species are counted from 0, and yours from 1.", lambda p, X: _z(p, X).argmax(axis=1) + 1),
    ("that is the largest z, not which output has it.", lambda p, X: _z(p, X).max(axis=1)),
    ("that is the largest probability, not which output has it.", lambda p, X: _softmax(_z(p, X)).max(axis=1)),
    ("those are the probabilities: which of the three is the largest?", lambda p, X: _softmax(_z(p, X))),
    ("those are the sums z: which of the three is the largest?", lambda p, X: _z(p, X)),
    ("there is a 1 in each row: give the place where it stands.", lambda p, X: np.eye(3)[_z(p, X).argmax(axis=1)]),
    *_along("that goes down the columns, bird by bird: look along each row, axis=1.", 0),
    *_along("that is one place in the whole table: look along each row, axis=1.", None),
)

TASKS = (
    Task(
        "14.standardise",
        asked="Three training birds have bills of 39, 45 and 48 mm, and a held-out bird has one of 50 mm. Which number "
        "does the network get for the held-out bird, once the column is standardised? Give three decimals.",
        judge=Number(_standardised(), 6e-4, STANDARDISE_SLIPS),
        hints=(
            "Take a mean away, and divide by a spread. Of which rows?",
            "Of the training rows alone: nothing may be known of a held-out bird before it is scored.",
            "The mean is 44. The spread is the root of the mean of 25, 1 and 16.",
        ),
        solution=STANDARDISED,
    ),
    Task(
        "14.accuracy",
        asked="A confusion table has the rows 24 3 0, 2 10 1 and 0 0 20, one for each true species: Adelie, Chinstrap, "
        "Gentoo. What is the accuracy?",
        judge=Number(float(TABLE.trace() / TABLE.sum()), 5e-4, ACCURACY_SLIPS),
        hints=(
            "Where in the table do the birds stand that were told right?",
            "On the diagonal: true species and answer are the same there.",
            "Divide their number by that of all birds in the table, 60.",
        ),
        solution=ACCURACY,
    ),
    Task(
        "14.commonest",
        asked="Of 40 training birds 18 are Adelies, 9 Chinstraps and 13 Gentoos. Of 20 held-out birds 7 are Adelies, 5 "
        "Chinstraps and 8 Gentoos. What is the held-out accuracy of answering the commonest species for every bird?",
        judge=Number(0.35, 5e-4, COMMONEST_SLIPS),
        hints=(
            "Which birds may be looked at before the answer is chosen?",
            "The training birds: their commonest species is the answer for all.",
            "How many of the 20 held-out birds are Adelies?",
        ),
        solution=COMMONEST,
    ),
    Task(
        "14.predict",
        asked="Write a function predict_species(params, X) that returns the species of each bird, an array of 0, 1 and "
        "2. params has W1, b1, W2 and b2 of a network of tanh units; X holds the standardised features, a row a bird.",
        judge=Function(predict_species, _draw_birds, PREDICT_SLIPS, "params and X"),
        hints=(
            "It is a forward pass: z and h of the hidden layer, then z of the outputs.",
            "Softmax keeps the order: the largest z has the largest probability.",
            "z.argmax(axis=1) is the place of the largest number in each row.",
        ),
        solution=predict_species,
    ),
)
