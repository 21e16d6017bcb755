"""The penguins beside scikit-learn's MLPClassifier of the same size, on the same thirty splits."""

import warnings

import numpy as np
import penguin_figures as figures
import pytest


@pytest.fixture(scope="module", autouse=True)
def sklearn():
    """scikit-learn; without it these proofs are skipped, with a message."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("sklearn", reason="scikit-learn is not installed: pip install -e .[proof]")


def fitted(model, problem):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of steps that were all taken, and have not converged
        return model.fit(problem.X, problem.y.argmax(axis=1))


@pytest.mark.parametrize("nesterov", [False, True])
def test_from_the_same_start_it_comes_to_the_same_weights(nesterov):
    problem = next(figures.splits())
    model = fitted(figures.classifier(256, max_iter=1, warm_start=True, nesterovs_momentum=nesterov), problem)
    model.coefs_ = [np.array(problem.params[name]) for name in ("W1", "W2")]
    model.intercepts_ = [np.array(problem.params[name][0]) for name in ("b1", "b2")]
    model.max_iter = figures.STEPS
    fitted(model, problem)
    params = figures.trained(problem, rule="nesterov" if nesterov else "momentum")
    for layer in (0, 1):
        np.testing.assert_allclose(model.coefs_[layer], params[f"W{layer + 1}"], rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(model.intercepts_[layer], params[f"b{layer + 1}"][0], rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_it_has_the_same_score_within_noise_over_thirty_splits(solver):
    """The mean of the paired differences is within two standard errors of 0, and within a bird of 86 in any case."""
    mean, sd, se = figures.compared(figures.scores()[1], figures.of_scikit_learn(solver))
    assert abs(mean) <= 2 * se
    assert abs(mean) < 1 / 86
    assert sd < 1.5 / 86


def test_the_table_has_a_line_for_each_of_the_two():
    said = figures.table([(solver, figures.of_scikit_learn(solver)) for solver in ("sgd", "adam")])
    print(said)  # pytest -s shows it; `python tests/penguin_figures.py` prints it with the others
    assert [line.split()[0] for line in said.split("\n")[1:]] == ["4-8-3,", "sgd", "adam"]
