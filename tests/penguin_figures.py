"""The figures of lesson 14, each averaged over thirty splits of the penguins: `python penguin_figures.py` prints them.

Unless a function says otherwise: split n is `penguins(rng=default_rng(n))`, 256 birds to learn from and 86 held out, a
4-8-3 network of tanh units, 200 steps of all birds at once with eta 0.2 and gamma 0.9.
"""

import warnings
from dataclasses import replace
from functools import cache

import numpy as np

import tinymlp as tm
from tinymlp.problems import PENGUIN_FEATURES as FEATURES
from tinymlp.problems import penguins
from tinymlp.scores import accuracy
from tinymlp.sweep import many_runs

SPLITS, STEPS, STARTS = 30, 200, 60
FEW = 40  # birds to learn from where overfitting is to be seen, and as many to stop by


def splits(**options):
    """Yield the thirty problems."""
    return (penguins(rng=np.random.default_rng(seed), **options) for seed in range(SPLITS))


def score(params, X, y):
    return accuracy(tm.forward(params, X), y)


def held(problem, params):
    return score(params, problem.X_held, problem.y_held)


def trained(problem, steps=STEPS, **how):
    return many_runs(problem, steps, **how).params


@cache
def scores(features=FEATURES, sizes=(8,), steps=STEPS):
    """Return (training, held out): the accuracies of each split (30,)."""
    both = []
    for problem in splits(features=features, sizes=sizes):
        params = trained(problem, steps)
        both.append((score(params, problem.X, problem.y), held(problem, params)))
    return np.array(both).T


@cache
def commonest():
    """Return the held-out accuracies (30,) of the commonest species of the training birds, as an answer for all."""
    return np.array([problem.y_held[:, problem.y.sum(axis=0).argmax()].mean() for problem in splits()])


@cache
def sixty_starts(seed=0):
    """Return the held-out accuracies (60,) of as many starts on one split."""
    problem = penguins(rng=np.random.default_rng(seed))
    starts = problem.net.init(np.random.default_rng(3), (STARTS,))
    return held(problem, trained(problem, starts=starts))


# Leakage: each returns (quoted, honest), the accuracies of each split (30,) ------------------------------------------


@cache
def standardised_by_all():
    """Standardise with the mean and spread of all birds, or of the training birds alone."""
    both = []
    for problem in splits(standardise=False):
        every = np.vstack([problem.X, problem.X_held])
        pair = []
        for known in (every, problem.X):
            mean, spread = known.mean(axis=0), known.std(axis=0)
            one = replace(problem, X=(problem.X - mean) / spread, X_held=(problem.X_held - mean) / spread)
            pair.append(held(one, trained(one)))
        both.append(pair)
    return np.array(both).T


@cache
def best_of_sixty(shuffled=False):
    """Train sixty starts on 30 birds, choose by 30 test birds; the honest score of that one is on the other 282.

    shuffled: whether the species are dealt out at random, so that there is nothing to learn.
    """
    both = []
    for seed in range(SPLITS):
        rng = np.random.default_rng(seed)
        problem = penguins(rng=rng, held_out=1 - 30 / 342)
        if shuffled:
            y = rng.permutation(np.vstack([problem.y, problem.y_held]))
            problem = replace(problem, y=y[:30], y_held=y[30:])
        params = trained(problem, starts=problem.net.init(rng, (STARTS,)))
        test = score(params, problem.X_held[:30], problem.y_held[:30])
        fresh = score(params, problem.X_held[30:], problem.y_held[30:])
        both.append((test.max(), fresh[test.argmax()]))
    return np.array(both).T


@cache
def each_bird_twice(features=FEATURES[:2], birds=40, steps=500):
    """Enter forty birds twice before the split into three quarters and one; the honest score is that on all others."""
    both = []
    for seed in range(SPLITS):
        rng = np.random.default_rng(seed)
        problem = penguins(features, rng=rng, held_out=0.0)
        twice = rng.permutation(np.repeat(np.arange(birds), 2))
        test, train = twice[: birds // 2], twice[birds // 2 :]
        params = trained(replace(problem, X=problem.X[train], y=problem.y[train]), steps)
        both.append(
            (
                score(params, problem.X[test], problem.y[test]),
                score(params, problem.X[birds:], problem.y[birds:]),
            )
        )
    return np.array(both).T


# Stopping early ------------------------------------------------------------------------------------------------------


@cache
def stopped(features=(FEATURES[0], FEATURES[2]), steps=2000):
    """Train on 40 birds, stop by 40 others, and score on the other 262: at the lowest validation loss, and at the end.

    Returns {name: (30,)}: t, accuracy and loss of both on the test birds, and the validation loss at the stop.
    """
    rows = []
    for problem in splits(features=features, held_out=1 - FEW / 342):
        X_test, y_test = problem.X_held[FEW:], problem.y_held[FEW:]
        run = tm.Run(replace(problem, X_held=problem.X_held[:FEW], y_held=problem.y_held[:FEW])).step(steps)
        t = int(run.held_losses.argmin())
        early, late = run.at(t).params, run.params
        row = {"t": t, "validation": run.held_losses[t], "training_end": run.loss}
        for name, params in (("stop", early), ("end", late)):
            trace = tm.forward(params, X_test)
            row |= {f"accuracy_{name}": accuracy(trace, y_test), f"loss_{name}": tm.loss(trace, y_test)}
        rows.append(row)
    return {name: np.array([row[name] for row in rows], dtype=float) for name in rows[0]}


# scikit-learn --------------------------------------------------------------------------------------------------------


def classifier(samples, solver="sgd", **options):
    """Return scikit-learn's MLPClassifier of the same size: sgd with our rule and settings, or adam as it comes."""
    from sklearn.neural_network import MLPClassifier

    ours = {
        "learning_rate_init": 0.2,
        "momentum": 0.9,
        "nesterovs_momentum": False,
        "batch_size": samples,
        "max_iter": STEPS,
        "n_iter_no_change": 10**6,
        "shuffle": False,
    }
    how = {"max_iter": 2000} if solver == "adam" else ours
    return MLPClassifier((8,), activation="tanh", solver=solver, alpha=0, **how | options)


@cache
def of_scikit_learn(solver):
    """Return the held-out accuracies (30,) of scikit-learn's network on the same splits."""
    found = []
    for seed, problem in enumerate(splits()):
        model = classifier(len(problem.X), solver, random_state=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # sgd is to take all its steps, and is then said not to have converged
            model.fit(problem.X, problem.y.argmax(axis=1))
        found.append(model.score(problem.X_held, problem.y_held.argmax(axis=1)))
    return np.array(found)


# The tables ----------------------------------------------------------------------------------------------------------


def compared(ours, theirs):
    """Return (mean, standard deviation, standard error) of the paired differences."""
    apart = ours - theirs
    return apart.mean(), apart.std(ddof=1), apart.std(ddof=1) / np.sqrt(len(apart))


def table(others):
    """Return the table of accuracies: others, pairs of a name and accuracies (30,), each compared with ours."""
    ours = scores()[1]
    lines = [f"{'held-out accuracy, thirty splits':34} mean   sd     4-8-3 minus it: mean, sd, se"]
    lines.append(f"{'4-8-3, tanh':34} {ours.mean():.3f}  {ours.std(ddof=1):.3f}")
    for name, theirs in others:
        mean, sd, se = compared(ours, theirs)
        lines.append(f"{name:34} {theirs.mean():.3f}  {theirs.std(ddof=1):.3f}  {mean:+.4f}  {sd:.4f}  {se:.4f}")
    return "\n".join(lines)


def main():
    others = [("the commonest species", commonest()), ("one linear layer", scores(sizes=())[1])]
    for name, features in (("bill length alone", FEATURES[:1]), ("the bill's two", FEATURES[:2])):
        others.append((name, scores(features)[1]))
    try:
        others += [(f"scikit-learn, {solver}", of_scikit_learn(solver)) for solver in ("sgd", "adam")]
    except ImportError:
        print("scikit-learn is not installed: pip install -e .[proof]")
    print(table(others))
    print("\nleakage: quoted, honest, mean of the differences, sd, se")
    for name, (quoted, honest) in (
        ("standardised with all birds", standardised_by_all()),
        ("best of 60 starts by the test", best_of_sixty()),
        ("the same, species shuffled", best_of_sixty(True)),
        ("each bird twice", each_bird_twice()),
    ):
        mean, sd, se = compared(quoted, honest)
        print(f"{name:32} {quoted.mean():.3f}  {honest.mean():.3f}  {mean:+.4f}  {sd:.4f}  {se:.4f}")
    print("\nstopping early: means", {name: round(float(values.mean()), 3) for name, values in stopped().items()})


if __name__ == "__main__":
    main()
