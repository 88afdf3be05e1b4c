# requires: statsmodels
"""The Nile's local level fitted and smoothed by statsmodels; one JSON line.

    python3 -m venv target/venv && target/venv/bin/pip install statsmodels
    target/venv/bin/python benches/compare/nile.py
"""

import json
import pathlib
import time

import statsmodels
from statsmodels.tsa.statespace.structural import UnobservedComponents

DATA = pathlib.Path(__file__).parents[2] / "crates/model/tests/data/nile.csv"
nile = [float(line) for line in DATA.read_text().split()[1:]]


def run():
    model = UnobservedComponents(nile, "llevel", use_exact_diffuse=True)
    return model.fit(disp=False)


result = run()
times = []
for _ in range(11):
    start = time.perf_counter()
    run()
    times.append(1e6 * (time.perf_counter() - start))
times.sort()
print(json.dumps({
    "bench": "belief",
    "figure": "Nile: maximum likelihood and smoother",
    "software": f"statsmodels {statsmodels.__version__}",
    "value": round(times[len(times) // 2], 1), "min": round(times[0], 1),
    "max": round(times[-1], 1), "unit": "us", "target": "",
    "estimates": [round(float(p), 4) for p in result.params],
}))
