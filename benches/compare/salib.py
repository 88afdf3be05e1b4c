# requires: SALib==1.6.0, numpy==2.4.6, scipy==1.17.1
# beside: sobol
"""SALib on the work of crates/model/benches/sobol.rs; prints the same JSON lines.

    cargo xtask bench salib

Timed is all from the function to its indices with intervals: scrambled points, evaluations, estimates. Not the same:
the points are scrambled otherwise, so that both are estimates and have to agree within 0.03; ours takes its intervals
from eight scramblings, SALib from a bootstrap of a hundred resamples (its default) or, beside it, of eight; SALib's
estimator of the first order is Saltelli's, normalised; the function is evaluated by numpy all rows at once, by us row by row.
"""

import importlib.metadata
import sys
from pathlib import Path

# This file has the package's name on a disk that does not tell a from A.
sys.path[0] = str(Path(__file__).parents[1])

import numpy as np  # noqa: E402
from SALib.analyze import sobol as analyze  # noqa: E402
from SALib.sample import sobol as sample  # noqa: E402
from SALib.test_functions import Ishigami  # noqa: E402
from peer import measure, ours, same  # noqa: E402

ROWS = 16_384
RUNS = 3
A = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])


def g(x):
    """`SALib.test_functions.Sobol_G` goes through its rows in Python: a second of nothing but that."""
    return np.prod((np.abs(4 * x - 2) + A) / (1 + A), axis=1)


def indices(k, bounds, function, resamples):
    problem = {"num_vars": k, "names": [f"x{j}" for j in range(k)], "bounds": [bounds] * k}
    x = sample.sample(problem, ROWS, calc_second_order=False, seed=5)
    return analyze.analyze(
        problem, function(x), calc_second_order=False, num_resamples=resamples, seed=5
    )


def main():
    answers = ours("sobol")
    version = importlib.metadata.version("SALib")
    for name, k, bounds, function in (
        ("Ishigami", 3, [-np.pi, np.pi], lambda x: Ishigami.evaluate(x, 7, 0.1)),
        ("g-function", 8, [0, 1], g),
    ):
        figure = f"{name}, {k} inputs, {ROWS} rows: first and total indices"
        for resamples in (100, 8):
            found = indices(k, bounds, function, resamples)
            same(figure, [*found["S1"], *found["ST"]], answers, 0.03)
            measure(
                "sobol",
                f"SALib {version}, {resamples} resamples",
                figure,
                lambda: indices(k, bounds, function, resamples),
                RUNS,
            )


if __name__ == "__main__":
    main()
