"""Compares winset's Sobol' indices with SALib's on the Ishigami and the g-function.

Needs the packages of `requirements.txt` beside this file. Run from the project's root:

    python python/crosscheck/sobol.py [PROGRAM]

PROGRAM reads `{"rows": …, "seed": …}` on stdin and prints our numbers; the default builds and runs
`crates/model/examples/sobol.rs`. Both are estimates: they must agree within the sum of twice our
half width (90 %) and SALib's (95 %). Exit code 1 names every number that differs.
"""

# requires: SALib==1.6.0, numpy==2.4.6

import json
import subprocess
import sys

import numpy as np
from SALib.analyze import sobol as analyze
from SALib.sample import sobol as sample
from SALib.test_functions import Ishigami, Sobol_G

ROWS = 16_384
DEFAULT = ["cargo", "run", "--quiet", "--package", "winset-model", "--example", "sobol"]


def salib(k: int, bounds: list, function) -> dict:
    """SALib's indices and their confidence half widths."""
    problem = {"num_vars": k, "names": [f"x{j}" for j in range(k)], "bounds": [bounds] * k}
    x = sample.sample(problem, ROWS, calc_second_order=False, seed=20250612)
    found = analyze.analyze(problem, function(x), calc_second_order=False, seed=20250612)
    return {"first": (found["S1"], found["S1_conf"]), "total": (found["ST"], found["ST_conf"])}


def main() -> int:
    """Runs the comparison and returns the exit code."""
    given = json.dumps({"rows": ROWS, "seed": 5})
    program = sys.argv[1:] or DEFAULT
    run = subprocess.run(program, input=given, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        print(run.stderr, file=sys.stderr)
        return 1
    ours = json.loads(run.stdout)
    a = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    theirs = {
        "ishigami": salib(3, [-np.pi, np.pi], lambda x: Ishigami.evaluate(x, 7, 0.1)),
        "g": salib(8, [0, 1], lambda x: Sobol_G.evaluate(x, a)),
    }
    checks, failed, worst = 0, [], 0.0
    for name, orders in theirs.items():
        for order, (value, conf) in orders.items():
            got = np.array(ours[name][order])
            gap = np.abs(got[:, 0] - value)
            # Effects of 1e-4 are below the resolution of either.
            allowed = (got[:, 2] - got[:, 1]) + conf + 1e-6
            checks += gap.size
            worst = max(worst, float(gap.max()))
            for j in np.flatnonzero(gap > allowed):
                failed.append(f"{name} {order}[{j}]: {got[j, 0]}, expected {value[j]} ± {allowed[j]}")
    for line in failed:
        print(f"differs: {line}", file=sys.stderr)
    print(f"{checks} indices compared, the largest gap {worst:.4f}, {len(failed)} differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
