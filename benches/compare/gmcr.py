# beside: stability
"""gmcr-py, or another program of the graph model, on crates/methods/benches/stability.rs.

gmcr-py is in no package index, so `cargo xtask bench` says that it was not measured and goes on. Who has a copy names in
WINSET_GMCR=MODULE:FUNCTION, importable through PYTHONPATH, a function that hands the conflict over to it:

    PYTHONPATH=FOLDER WINSET_GMCR=adapter:stable cargo xtask bench gmcr

FUNCTION takes (moves, levels): `moves[p][s]`, the states that party p reaches from state s alone, and `levels[p][s]`,
larger is better. It gives for each of "nash", "gmr", "smr", "seq" and "sim" the set of states that are stable for each
party in turn; other parties answer by legal sequences, nobody twice in a row. What it does not know it leaves out, and
that software is not on the same work: all that is asked is counted before it is timed. Handing over is timed, too.
"""

import importlib
import os
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])

from peer import measure, missing, ours, same, uniform  # noqa: E402

CONCEPTS = ("nash", "gmr", "smr", "seq", "sim")
SEED = 3
RUNS = 1


def model(parties, options):
    """Every pattern of so many options, owned in turns, with random preferences."""
    states = 1 << options
    moves = []
    for p in range(parties):
        own = [k for k in range(options) if k % parties == p]
        mask = sum(1 << k for k in own)
        taken = [sum(1 << k for j, k in enumerate(own) if c >> j & 1) for c in range(1 << len(own))]
        moves.append([[s & ~mask | t for t in taken if s & mask != t] for s in range(states)])
    worth = [[uniform(SEED, p, s) for s in range(states)] for p in range(parties)]
    levels = []
    for own in worth:
        place = {w: 1 + at for at, w in enumerate(sorted(set(own)))}
        levels.append([place[w] for w in own])
    return moves, levels


def main():
    named = os.environ.get("WINSET_GMCR", "")
    if ":" not in named:
        missing("stability", "gmcr-py", "it is in no package index; `benches/compare/gmcr.py` times a copy")
        return
    module, function = named.split(":", 1)
    stable = getattr(importlib.import_module(module), function)
    answers = ours("stability")
    for parties, options in ((2, 12), (5, 10)):
        figure = f"{1 << options}-states-{parties}-parties-5-concepts"
        moves, levels = model(parties, options)
        found = stable(moves, levels)
        same(figure, [sum(map(len, found.get(c, []))) for c in CONCEPTS], answers, 0.0)
        measure("stability", module, figure, lambda: stable(moves, levels), RUNS)


if __name__ == "__main__":
    main()
