"""Runs one forecast on Dask and on Ray and says what that costs.

Loopback only: Dask with one worker, with two, and with one of two killed midway, then Ray with two
processors. Exit code 1 if any forecast is not the one that a single thread computes. The package must
be installed; `cargo xtask cluster` sees to that.

    python python/cluster/dask_and_ray.py [DRAWS]
"""

# requires: maturin==1.16.0, distributed==2026.8.0, ray==2.60.0

import os
import resource
import secrets
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

import distributed

import winset

DRAWS = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
CASE = winset.Case.demo()


def ask(executor: Executor, **how: Any) -> tuple[str, float]:
    start = time.perf_counter()
    found = CASE.forecast(draws=DRAWS, executor=executor, **how).json()
    return found, time.perf_counter() - start


def processor_seconds() -> float:
    times = os.times()
    return times.user + times.system


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def dask(workers: int, use: Callable[[distributed.Client, Executor], None]) -> None:
    with (
        distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as local,
        distributed.Client(local) as client,
    ):
        executor = client.get_executor(retries=2)
        # The first call imports the package and reads the case.
        CASE.forecast(draws=200, executor=executor, shards=2 * workers)
        use(client, executor)


def main() -> int:
    print(f"load before the start: {os.getloadavg()[0]:.1f}")
    start, began = time.perf_counter(), processor_seconds()
    wanted = CASE.forecast(draws=DRAWS, threads=1).json()
    alone, used = time.perf_counter() - start, processor_seconds() - began
    print(f"one thread: {alone:.2f} s, {used:.2f} s of processor, {DRAWS} draws")
    wrong: list[str] = []
    took: dict[str, float] = {}

    def note(name: str, found: str, seconds: float) -> None:
        same = found == wanted
        took[name] = seconds
        print(f"{name}: {seconds:.2f} s, {'the same bytes' if same else 'OTHER BYTES'}", flush=True)
        if not same:
            wrong.append(name)

    def plain(client: distributed.Client, executor: Executor) -> None:
        workers = len(client.scheduler_info()["workers"])
        before = sum(client.run(processor_seconds).values())
        at_first: list[float] = []

        def look(done: int, total: int) -> None:
            if not at_first and done * 5 > total:
                at_first.append(max(client.run(peak_megabytes).values()))

        note(f"Dask, workers: {workers}", *ask(executor, progress=look))
        used = sum(client.run(processor_seconds).values()) - before
        most = max(client.run(peak_megabytes).values())
        print(f"  {used:.2f} s of processor, at most {most:.0f} MB a worker", end="")
        print(f" ({at_first[0]:.0f} after a fifth)" if at_first else "")

    def killed(client: distributed.Client, executor: Executor) -> None:
        # The cluster's own workers, and only the first of them.
        victims = list(client.run(os.getpid).values())[:1]

        def kill(done: int, total: int) -> None:
            if victims and done * 4 > total:
                os.kill(victims.pop(), signal.SIGKILL)

        note("Dask, one of two workers killed midway", *ask(executor, progress=kill))
        if victims:
            wrong.append("the worker was not killed")

    dask(1, plain)
    dask(2, plain)
    dask(2, killed)
    one, two = took["Dask, workers: 1"], took["Dask, workers: 2"]
    print(f"from one worker to two: {one / two:.2f} times as fast")
    print(f"Dask with one worker over one thread: {one / alone - 1:+.1%}")
    wrong += on_ray(note)
    for name in wrong:
        print(f"error: {name}", file=sys.stderr)
    return 1 if wrong else 0


def on_ray(note: Callable[[str, str, float], None]) -> list[str]:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    # Without a token of its own Ray leaves one in the home folder.
    os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    try:
        import ray
    except ImportError:
        print("skipped: Ray is not installed\nhint: pip install ray")
        return []
    from winset.ray import RayExecutor

    ray.init(
        num_cpus=2, include_dashboard=False, _node_ip_address="127.0.0.1", log_to_driver=False
    )
    try:
        executor = RayExecutor()
        CASE.forecast(draws=200, executor=executor, shards=4)
        note("Ray, two processors", *ask(executor))
    finally:
        ray.shutdown()
    return []


if __name__ == "__main__":
    sys.exit(main())
