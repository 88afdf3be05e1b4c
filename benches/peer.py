"""What the scripts of `benches/compare/` share: the same numbers, the same answers, the same clock.

`cargo xtask bench` names in `WINSET_FIGURES` a file with the lines that our own benchmarks just printed. Where a line
has an `answer`, other software has to give it, too, before it is timed; without the file nothing is compared.
"""

import json
import os
import statistics
import sys
import time


def ours(bench: str) -> dict:
    """The answers of one of our benchmarks by figure."""
    file = os.environ.get("WINSET_FIGURES")
    if not file:
        print("WINSET_FIGURES is not set: answers are not compared", file=sys.stderr)
        return {}
    with open(file, encoding="utf-8") as lines:
        figures = [json.loads(line) for line in lines]
    return {f["figure"]: f["answer"] for f in figures if f["bench"] == bench and f.get("answer")}


def same(figure: str, theirs: list, answers: dict, tolerance: float) -> None:
    """Ends the comparison unless both answer the same."""
    if not answers:
        return
    if figure not in answers:
        sys.exit(f"{figure}: our benchmark has no such figure")
    own = answers[figure]
    gaps = [abs(float(a) - b) for a, b in zip(theirs, own)]
    if len(theirs) != len(own) or max(gaps) > tolerance:
        sys.exit(f"{figure}: theirs {list(map(float, theirs))}, ours {own}")


def measure(bench: str, software: str, figure: str, work, runs: int, unit="ms", warm=True) -> None:
    """Times the work, after a warm-up unless comparing was one, and prints its line."""
    if warm:
        work()
    per_second = {"ms": 1e3, "us": 1e6}[unit]
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * per_second)
    line = {
        "bench": bench,
        "software": software,
        "figure": figure,
        "value": statistics.median(times),
        "min": min(times),
        "max": max(times),
        "unit": unit,
    }
    print(json.dumps(line), flush=True)


def missing(bench: str, software: str, why: str) -> None:
    """Says that other software was not measured."""
    print(json.dumps({"bench": bench, "software": software, "missing": why}), flush=True)


WORD = (1 << 64) - 1


class Dice:
    """`testing/dice.rs`."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def unit(self) -> float:
        self.state = self.state * 6364136223846793005 + 1442695040888963407 & WORD
        return (self.state >> 11) / 2.0**53


def _mix(x: int) -> int:
    x = x + 0x9E3779B97F4A7C15 & WORD
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & WORD
    x = (x ^ x >> 27) * 0x94D049BB133111EB & WORD
    return x ^ x >> 31


def uniform(seed: int, index: int, stream: int) -> float:
    """`winset_model::uncertain::counter::uniform`, to the bit."""
    word = _mix((_mix(seed ^ 0x9E3779B97F4A7C15) + _mix(index) & WORD) ^ _mix(stream ^ WORD))
    return ((word >> 11) + 0.5) / 2.0**53


def uniforms(seed: int, index, stream):
    """The same of numpy's arrays."""
    import numpy as np

    def mix(x):
        x = x + np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))

    index, stream = np.asarray(index, dtype=np.uint64), np.asarray(stream, dtype=np.uint64)
    start = np.uint64(_mix(seed ^ 0x9E3779B97F4A7C15))
    with np.errstate(over="ignore"):
        word = mix((start + mix(index)) ^ mix(~stream))
    return ((word >> np.uint64(11)).astype(float) + 0.5) / 2.0**53
