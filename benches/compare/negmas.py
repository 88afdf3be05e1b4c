# requires: negmas==0.16.0
"""NegMAS on the work of crates/model/benches/classical.rs; prints the same JSON lines.

    cargo xtask bench negmas
"""

import json
import random
import statistics
import sys
import time

# This file has the package's name: keep its folder out of the way of the import.
sys.path.pop(0)

import negmas  # noqa: E402
from negmas import LinearAdditiveUtilityFunction  # noqa: E402
from negmas.outcomes import make_issue, make_os  # noqa: E402
from negmas.preferences import ops  # noqa: E402
from negmas.preferences.value_fun import TableFun  # noqa: E402


def domain(values, sides, seed=11):
    """Additive utilities of the same shape: random weights and evaluations, reservation 0.3."""
    draw = random.Random(seed)
    issues = [make_issue([str(v) for v in range(n)], name=f"i{k}") for k, n in enumerate(values)]
    space = make_os(issues)
    functions = []
    for _ in range(sides):
        weights = [0.1 + draw.random() for _ in values]
        total = sum(weights)
        tables = []
        for n in values:
            raw = [draw.random() for _ in range(n)]
            tables.append(TableFun({str(v): raw[v] / max(raw) for v in range(n)}))
        functions.append(
            LinearAdditiveUtilityFunction(
                values=tables,
                weights=[w / total for w in weights],
                outcome_space=space,
                reserved_value=0.3,
            )
        )
    return functions, list(space.enumerate_or_sample())


def measure(figure, work, runs):
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    line = {
        "bench": "classical",
        "software": f"NegMAS {negmas.__version__}",
        "figure": figure,
        "value": round(statistics.median(times), 2),
        "min": round(min(times), 2),
        "max": round(max(times), 2),
        "unit": "ms",
        "target": "none",
    }
    print(json.dumps(line), flush=True)


def main():
    functions, outcomes = domain([10] * 5, 3)
    measure(
        "10^5 outcomes x 3 sides, additive: frontier",
        lambda: ops.pareto_frontier(functions, outcomes=outcomes),
        3,
    )
    measure(
        "10^5 outcomes x 3 sides, additive",
        lambda: ops.calc_scenario_stats(functions, outcomes=outcomes),
        1,
    )


if __name__ == "__main__":
    main()
