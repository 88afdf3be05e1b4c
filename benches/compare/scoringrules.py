# requires: scoringrules==0.10.0, numpy==2.4.6, numba==0.68.1
# beside: scores
"""scoringrules on the forecasts of crates/methods/benches/scores.rs; prints the same JSON lines.

    cargo xtask bench scoringrules

Draws are unsorted and the score is that of their own distribution (not the fair one), in scoringrules by the estimator
`qd`, its default and, like ours, one that sorts. Not the same: ours also looks for numbers that are not finite; theirs
takes one array of all draws, with numpy alone or through functions that numba compiles, which is not timed.
"""

import sys
from pathlib import Path

# This file has the package's name: keep its folder out of the way of the import.
sys.path[0] = str(Path(__file__).parents[1])

import numpy as np  # noqa: E402
import scoringrules  # noqa: E402
from peer import measure, ours, same, uniforms  # noqa: E402

SEED = 11
CAME = 1 << 20
RUNS = 7


def main():
    answers = ours("scores")
    work = {}
    for forecasts, draws in ((10_000, 100), (1_000, 1_000)):
        i = np.arange(forecasts)
        x, y = uniforms(SEED, i[:, None], np.arange(draws)), uniforms(SEED, i, CAME)
        work[f"CRPS of {forecasts} forecasts, {draws} draws each"] = (
            lambda backend, x=x, y=y: scoringrules.crps_ensemble(y, x, estimator="qd", backend=backend)
        )
    i = np.arange(1_000_000)
    p, came = uniforms(SEED, i, 0), uniforms(SEED, i, CAME)
    came = (came < p).astype(float)
    work["Brier score of 1000000 forecasts"] = (
        lambda backend: scoringrules.brier_score(came, p, backend=backend)
    )
    # Our logarithmic score clips what it is told.
    work["log score of 1000000 forecasts"] = (
        lambda backend: scoringrules.log_score(came, np.clip(p, 0.001, 0.999), backend=backend)
    )
    for backend in ("numpy", "numba"):
        software = f"scoringrules {scoringrules.__version__}, {backend}"
        for figure, score in work.items():
            same(figure, [np.mean(score(backend))], answers, 1e-9)
            measure("scores", software, figure, lambda: score(backend), RUNS)


if __name__ == "__main__":
    main()
