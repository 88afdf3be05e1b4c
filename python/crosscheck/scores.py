"""Compares winset's scores with scoringrules, properscoring and scikit-learn, to 1e-12.

Needs the packages of `requirements.txt` beside this file. Run from the project's root:

    python python/crosscheck/scores.py [PROGRAM]

PROGRAM reads inputs as JSON on stdin and prints our numbers; the default builds and runs
`crates/methods/examples/scores.rs`. Exit code 1 names every number that differs.
"""

# requires: numpy==2.4.6, properscoring==0.1, scikit-learn==1.9.1, scipy==1.17.1, scoringrules==0.10.0

import json
import subprocess
import sys

import numpy as np
import properscoring
import scoringrules
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, log_loss

TOLERANCE = 1e-12
DEFAULT = ["cargo", "run", "--quiet", "--package", "winset-methods", "--example", "scores"]


def inputs(rng: np.random.Generator) -> dict:
    """Forecasts with repeated and extreme values, draws with ties, bins and weighted series."""
    forecasts = np.concatenate([
        rng.beta(0.7, 0.7, 400),
        rng.integers(0, 21, 200) / 20,
        [0.0, 1.0, 0.0, 1.0, 0.001, 0.999],
    ])
    outcomes = rng.uniform(size=forecasts.size) < 0.15 + 0.6 * forecasts
    draws = []
    for m in (1, 2, 7, 100, 2000):
        for scale in (1e-3, 1.0, 100.0):
            x = rng.normal(0.3, 1.0, m) * scale
            if m == 100:
                x = np.round(x / scale, 1) * scale
            draws += [{"x": x.tolist(), "y": y} for y in (0.0, float(x[0]), 2.5 * scale, -9 * scale)]
    ranked = []
    for k in (2, 3, 6, 12):
        for _ in range(10):
            ranked.append({"bins": rng.dirichlet(np.ones(k)).tolist(), "came": int(rng.integers(k))})
    isotonic = []
    for n in (1, 2, 10, 500):
        y = np.linspace(0, 1, n) + rng.normal(0, 0.4, n)
        isotonic.append({"y": y.tolist(), "w": rng.integers(1, 9, n).astype(float).tolist()})
    return {
        "forecasts": forecasts.tolist(),
        "outcomes": outcomes.tolist(),
        "crps": draws,
        "rps": ranked,
        "isotonic": isotonic,
    }


def stratified_parts(f: np.ndarray, o: np.ndarray, bins: int) -> dict:
    """Murphy's parts from numpy's own variances and covariances of each bin."""
    k = np.minimum(np.searchsorted(np.arange(1, bins) / bins, f, side="right"), bins - 1)
    rel = res = wbv = wbc = 0.0
    for b in np.unique(k):
        fb, ob = f[k == b], o[k == b]
        rel += fb.size * (fb.mean() - ob.mean()) ** 2
        res += fb.size * (ob.mean() - o.mean()) ** 2
        cov = np.cov(fb, ob, bias=True)
        wbv += fb.size * cov[0, 0]
        wbc += 2 * fb.size * cov[0, 1]
    return {
        "reliability": rel / f.size,
        "resolution": res / f.size,
        "uncertainty": o.var(),
        "within_variance": wbv / f.size,
        "within_covariance": wbc / f.size,
        "sum": np.mean((f - o) ** 2),
    }


def main() -> int:
    """Runs the comparison and returns the exit code."""
    given = inputs(np.random.default_rng(20250612))
    program = sys.argv[1:] or DEFAULT
    run = subprocess.run(program, input=json.dumps(given), capture_output=True, text=True, check=False)
    if run.returncode != 0:
        print(run.stderr, file=sys.stderr)
        return 1
    ours = json.loads(run.stdout)

    f, o = np.array(given["forecasts"]), np.array(given["outcomes"], dtype=float)
    clipped = np.clip(f, 0.001, 0.999)
    checks = 0
    failed = []

    def check(name: str, got, expected) -> None:
        nonlocal checks
        got, expected = np.atleast_1d(got).astype(float), np.atleast_1d(expected).astype(float)
        if got.shape != expected.shape:
            failed.append(f"{name}: shape {got.shape}, expected {expected.shape}")
            return
        checks += got.size
        # Values above 1 (CRPS of wide draws) are compared in units of their size.
        gap = np.abs(got - expected) / np.maximum(1.0, np.abs(expected))
        if not np.all(gap <= TOLERANCE):
            worst = int(np.nanargmax(np.where(np.isnan(gap), np.inf, gap)))
            failed.append(f"{name}[{worst}]: {got[worst]!r}, expected {expected[worst]!r}")

    check("brier, scoringrules", ours["brier"], scoringrules.brier_score(o, f))
    check("brier, properscoring", ours["brier"], properscoring.brier_score(o, f))
    check("brier, scikit-learn", ours["mean_brier"], brier_score_loss(o, f, scale_by_half=True))
    check("two-category brier, scikit-learn", np.mean(ours["brier_two_category"]),
          brier_score_loss(o, f, scale_by_half=False))
    check("log, scoringrules", ours["log"], scoringrules.log_score(o, clipped))
    check("log, scikit-learn", np.mean(ours["log"]), log_loss(o, clipped))

    for case, got in zip(given["crps"], ours["crps"], strict=True):
        x, y = np.array(case["x"]), case["y"]
        label = f"crps of {x.size} draws"
        check(f"{label}, properscoring", got, properscoring.crps_ensemble(y, x))
        for estimator in ("nrg", "qd", "int"):
            check(f"{label}, scoringrules {estimator}", got,
                  scoringrules.crps_ensemble(y, x, estimator=estimator))
    for case, got in zip(given["rps"], ours["rps"], strict=True):
        check("rps, scoringrules", got,
              scoringrules.rps_score(np.array(case["came"] + 1), np.array(case["bins"])))

    for name, value in stratified_parts(f, o, 10).items():
        check(f"murphy {name}, numpy", ours["murphy"][name], value)

    for case, got in zip(given["isotonic"], ours["isotonic"], strict=True):
        y = np.array(case["y"])
        model = IsotonicRegression().fit(np.arange(y.size), y, sample_weight=case["w"])
        check("isotonic, scikit-learn", got, model.predict(np.arange(y.size)))
    recalibrated = IsotonicRegression(y_min=0, y_max=1).fit(f, o).predict(f)
    base = np.full_like(o, o.mean())
    score = lambda p: brier_score_loss(o, p, scale_by_half=True)  # noqa: E731
    check("corp miscalibration, scikit-learn", ours["corp"]["miscalibration"],
          score(f) - score(recalibrated))
    check("corp discrimination, scikit-learn", ours["corp"]["discrimination"],
          score(base) - score(recalibrated))
    check("corp uncertainty, scikit-learn", ours["corp"]["uncertainty"], score(base))
    curve = ours["corp"]["curve"]
    at = np.searchsorted([point["to"] for point in curve], f)
    check("corp curve, scikit-learn", [curve[i]["recalibrated"] for i in at], recalibrated)

    for line in failed:
        print(f"differs: {line}", file=sys.stderr)
    print(f"{checks} numbers compared to {TOLERANCE:g}, {len(failed)} comparisons differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
