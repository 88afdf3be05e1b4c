# beside: spatial
"""Times the Python package `schelling` on 10,000 draws of a ten-actor challenge model.

The package is AGPL: it is run in a virtual environment under target/, never copied or linked.

    python3.12 -m venv target/venv-schelling
    target/venv-schelling/bin/pip install schelling
    target/venv-schelling/bin/python benches/compare/schelling.py MODULE:FUNCTION

MODULE:FUNCTION names a callable of the package that takes (actors, draws) -> anything, where actors
is a list of (name, capability, position, salience); wrap the package's own entry point if its
signature differs. Prints one JSON line as our own benchmarks do.
"""

import importlib
import json
import statistics
import sys
import time
from pathlib import Path

# This file has the package's name: keep its folder out of the way of the import.
sys.path[0] = str(Path(__file__).parents[1])

from peer import missing  # noqa: E402

DRAWS = 10_000
RUNS = 3
ACTORS = [(f"a{i}", 1 + (37 * i) % 100, (61 * i) % 101, 10 + (23 * i) % 91) for i in range(10)]


def main():
    if len(sys.argv) != 2 or ":" not in sys.argv[1]:
        # `cargo xtask bench` names no function, and so has no figure to report.
        missing("spatial", "schelling", "it needs a function that wraps it; `benches/compare/schelling.py` says which")
        return
    module, function = sys.argv[1].split(":", 1)
    run = getattr(importlib.import_module(module), function)
    run(ACTORS, 100)
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run(ACTORS, DRAWS)
        times.append((time.perf_counter() - start) * 1e3)
    print(
        json.dumps(
            {
                "bench": "spatial",
                "software": module,
                "figure": "challenge-10-actors-10000-draws",
                "value": statistics.median(times),
                "min": min(times),
                "max": max(times),
                "unit": "ms",
                "target": "",
            }
        )
    )


if __name__ == "__main__":
    main()
