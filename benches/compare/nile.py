# requires: statsmodels==0.15.0, numpy==2.4.6, scipy==1.17.1, pandas==3.1.1
# beside: belief
"""The Nile's local level fitted and smoothed by statsmodels, on the data of crates/model/benches/belief.rs.

    cargo xtask bench nile

The likelihood reached has to be ours within 0.001. Not the same: statsmodels fits any model in state space by the
same code and gives standard errors of its estimates, too; ours knows this one.
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])

import statsmodels  # noqa: E402
from peer import measure, ours, same  # noqa: E402
from statsmodels.tsa.statespace.structural import UnobservedComponents  # noqa: E402

DATA = Path(__file__).parents[2] / "crates/model/tests/data/nile.csv"
FIGURE = "Nile: maximum likelihood and smoother"


def main():
    nile = [float(line) for line in DATA.read_text().split()[1:]]

    def run():
        return UnobservedComponents(nile, "llevel", use_exact_diffuse=True).fit(disp=False)

    same(FIGURE, [run().llf], ours("belief"), 1e-3)
    measure("belief", f"statsmodels {statsmodels.__version__}", FIGURE, run, 11, "us")


if __name__ == "__main__":
    main()
