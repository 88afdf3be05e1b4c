# requires: negmas==0.16.0
# beside: classical
"""NegMAS on the domain of crates/model/benches/classical.rs; prints the same JSON lines.

    cargo xtask bench negmas

The frontier has to be as large as ours, and the utilities of the Nash and of the utilitarian outcome the same. Not the
same: of solutions, ours finds nine, NegMAS five and the share of rational outcomes.
"""

import sys
from pathlib import Path

# This file has the package's name: keep its folder out of the way of the import.
sys.path[0] = str(Path(__file__).parents[1])

import negmas  # noqa: E402
from negmas import LinearAdditiveUtilityFunction  # noqa: E402
from negmas.outcomes import make_issue, make_os  # noqa: E402
from negmas.preferences import ops  # noqa: E402
from negmas.preferences.value_fun import TableFun  # noqa: E402
from peer import Dice, measure, ours, same  # noqa: E402


def domain(values, sides, seed=11):
    """The same additive utilities: drawn weights and evaluations, reservation 0.3."""
    draw = Dice(seed)
    issues = [make_issue([str(v) for v in range(n)], name=f"i{k}") for k, n in enumerate(values)]
    space = make_os(issues)
    functions = []
    for _ in range(sides):
        weights = [0.1 + draw.unit() for _ in values]
        total = sum(weights)
        tables = []
        for n in values:
            raw = [draw.unit() for _ in range(n)]
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


def main():
    answers, software = ours("classical"), f"NegMAS {negmas.__version__}"
    functions, outcomes = domain([10] * 5, 3)
    figure = "10^5 outcomes x 3 sides, additive: frontier"

    def frontier():
        return ops.pareto_frontier(functions, outcomes=outcomes)[0]

    same(figure, [len(frontier())], answers, 0.0)
    measure("classical", software, figure, frontier, 3)
    figure = "10^5 outcomes x 3 sides, additive"

    def stats():
        return ops.calc_scenario_stats(functions, outcomes=outcomes)

    found = stats()
    best = [*found.nash_utils[0], *found.max_welfare_utils[0]]
    same(figure, [len(found.pareto_utils), *best], answers, 1e-12)
    measure("classical", software, figure, stats, 1, warm=False)


if __name__ == "__main__":
    main()
