"""What `import winset` costs: the time in a new process, and the memory.

# requires: maturin==1.16.0

`cargo xtask bench import` builds the package and runs this in an environment that has nothing else.
"""

import json
import statistics
import subprocess
import sys

TIMED = """
import time
start = time.perf_counter()
import winset
print((time.perf_counter() - start) * 1e3)
"""
HELD = """
import re
def held():
    return int(re.search(r"VmRSS:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
before = held()
import winset
print(held() - before)
"""


def figure(name: str, code: str, runs: int, unit: str, target: str) -> None:
    def once() -> float:
        done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        return float(done.stdout)

    once()  # The first reads the files from the disk.
    values = sorted(once() for _ in range(runs))
    print(
        json.dumps(
            {
                "bench": "import",
                "figure": name,
                "value": statistics.median(values),
                "min": values[0],
                "max": values[-1],
                "unit": unit,
                "target": target,
            }
        )
    )


figure("import winset, in a new process", TIMED, 25, "ms", "<= 100 ms")
if sys.platform == "linux":
    figure("memory it takes", HELD, 5, "MB", "")
