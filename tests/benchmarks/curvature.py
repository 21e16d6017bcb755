"""How long the Hessian of the loss takes, beside as many plain gradients as it has rows: ratios within one run.

    python tests/benchmarks/curvature.py

The Hessian needs two gradients for each parameter; all at once they should cost less than twice as many alone. Beyond
300 parameters the sharpness is searched for, and stands beside the largest eigenvalue of the whole Hessian.
"""

import timeit

import numpy as np

import tinymlp as tm
from tinymlp.curvature import FULL, hessian, sharpness

CASES = {
    "worked example": tm.worked_example(),
    "overlap": tm.problems.overlap(),
    "moons, 2-4-1": tm.problems.moons(),
    "moons, 2-16-1": tm.problems.moons(sizes=16),
    "penguins, 4-8-3": tm.problems.penguins(),
    "moons, 2-12-12-1": tm.problems.moons(sizes=(12, 12)),
    "moons, 2-74-1": tm.problems.moons(sizes=74),
    "moons, 2-80-1": tm.problems.moons(sizes=80),
    "spiral, 2-16-16-1": tm.problems.spiral(),
    "blobs, 2-200-3": tm.problems.blobs(sizes=200),
}


def best(call, repeats=5):
    """Return the best time of a call in milliseconds."""
    call()
    return 1000 * min(timeit.repeat(call, number=1, repeat=repeats))


def main():
    """Print a line for each problem."""
    print(f"{'problem':20}{'P':>6}{'N':>5}{'Hessian':>12}{'/ P gradients':>15}{'sharpness':>12}{'relative error':>16}")
    for name, problem in CASES.items():
        params, X, y = problem.params, problem.X, problem.y
        count = problem.net.count

        def gradients(params=params, X=X, y=y, count=count):
            for _ in range(count):
                tm.backward(tm.forward(params, X), y)

        whole = best(lambda params=params, X=X, y=y: hessian(params, X, y))
        largest = best(lambda params=params, X=X, y=y: sharpness(params, X, y))
        ratio = whole / best(gradients)
        line = f"{name:20}{count:6}{len(X):5}{whole:9.2f} ms{ratio:15.2f}{largest:9.2f} ms"
        if count > FULL:
            exact = np.linalg.eigvalsh(hessian(params, X, y))[-1]
            line += f"{abs(float(sharpness(params, X, y)) / exact - 1):16.1e}"
        print(line, flush=True)


if __name__ == "__main__":
    main()
