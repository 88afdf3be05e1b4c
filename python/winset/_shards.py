"""A forecast in shards, on any executor.

A shard is a function of (case, seed, range of draws) alone, and tallies add up exactly, so that who
computes which shard, and how often, changes no byte.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from functools import lru_cache
from typing import Any, TypeVar

from winset import _native

Texts = tuple[str, str, list[tuple[str, str, str]], str | None, list[str]]

_DRAWS_A_SHARD = 2_000
_MOST_SHARDS = 256


def spread(
    texts: Texts,
    executor: Executor,
    draws: int,
    seed: int,
    shards: int | None,
    progress: Callable[[int, int], object] | None,
) -> list[bytes]:
    """The shards of all draws, in their order."""
    name, case, beside, as_of, changes = texts
    key = (name, case, tuple(beside), as_of, tuple(changes))
    count = shards or min(-(-draws // _DRAWS_A_SHARD), _MOST_SHARDS)
    edges = [draws * k // count for k in range(count + 1)]
    ranges = list(zip(edges, edges[1:]))
    calls = [(compute, (key, seed, start, stop), stop - start) for start, stop in ranges]
    return gather(executor, calls, progress)


T = TypeVar("T")


def gather(
    executor: Executor,
    calls: Sequence[tuple[Callable[..., T], tuple[Any, ...], int]],
    progress: Callable[[int, int], object] | None,
) -> list[T]:
    """What calls give, in their order; each has its arguments and a size, which progress counts."""
    places: dict[Future[T], int] = {}
    found: list[Any] = [None] * len(calls)
    try:
        for place, (call, arguments, _) in enumerate(calls):
            places[executor.submit(call, *arguments)] = place
        total = sum(size for _, _, size in calls)
        done = 0
        while places:
            # A wait without end would keep Ctrl-C from some executors.
            finished = wait(places, timeout=0.1, return_when=FIRST_COMPLETED).done
            for future in finished:
                place = places[future]
                found[place] = future.result()
                done += calls[place][2]
                # A worker keeps what it computed as long as somebody holds the future.
                del places[future]
            if progress is not None and finished:
                progress(done, total)
        return found
    except BaseException:
        for future in places:
            future.cancel()
        raise


Key = tuple[str, str, tuple[tuple[str, str, str], ...], str | None, tuple[str, ...]]


def compute(key: Key, seed: int, start: int, stop: int) -> bytes:
    """One shard, computed where the executor puts it."""
    return _read(key).shard(seed, start, stop, 1)


@lru_cache(maxsize=4)
def _read(key: Key) -> _native.Case:
    name, text, beside, as_of, changes = key
    case, findings = _native.Case.of_texts(name, text, list(beside), as_of, list(changes))
    if case is None:
        raise RuntimeError(f"a worker cannot read the case: {findings}")
    return case
