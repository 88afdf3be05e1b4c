"""One hash, whoever computes the draws."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import distributed
import pytest

import winset

DRAWS = 300


@pytest.fixture(scope="module")
def wanted(demo: winset.Case) -> str:
    return demo.forecast(draws=DRAWS, threads=1).json()


@pytest.fixture
def cluster() -> Iterator[distributed.Client]:
    """Dask with two workers of one thread, on loopback only."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as local,
        distributed.Client(local) as client,
    ):
        yield client


def test_two_threads(demo: winset.Case, wanted: str) -> None:
    assert demo.forecast(draws=DRAWS, threads=2).json() == wanted


@pytest.mark.parametrize("shards", [None, 1, 7, DRAWS])
def test_shards_of_any_size(demo: winset.Case, wanted: str, shards: int | None) -> None:
    with ThreadPoolExecutor(1) as executor:
        assert demo.forecast(draws=DRAWS, executor=executor, shards=shards).json() == wanted


def test_a_process_pool(demo: winset.Case, wanted: str) -> None:
    told: list[tuple[int, int]] = []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        forecast = demo.forecast(
            draws=DRAWS,
            executor=executor,
            shards=4,
            progress=lambda done, total: told.append((done, total)),
        )
    assert forecast.json() == wanted
    assert told == sorted(told) and told[-1] == (DRAWS, DRAWS)


def test_dask_with_two_workers(
    demo: winset.Case, wanted: str, cluster: distributed.Client
) -> None:
    executor = cluster.get_executor()
    assert demo.forecast(draws=DRAWS, executor=executor, shards=6).json() == wanted


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
def test_dask_with_a_worker_killed_midway(
    demo: winset.Case, wanted: str, cluster: distributed.Client
) -> None:
    workers = list(cluster.run(os.getpid).values())
    killed: list[int] = []

    def kill(done: int, total: int) -> None:
        if not killed and done < total:
            os.kill(workers[0], signal.SIGKILL)
            killed.append(workers[0])

    executor = cluster.get_executor(retries=2)
    forecast = demo.forecast(draws=DRAWS, executor=executor, shards=60, progress=kill)
    assert forecast.json() == wanted
    assert killed == workers[:1]
    assert set(cluster.run(os.getpid).values()) != set(workers)


def test_a_shard_of_another_case_is_refused(demo: winset.Case) -> None:
    other = demo.changed({"sides.us.discount": 12})
    shard = other._native.shard(1, 0, 10, 1)
    with pytest.raises(ValueError, match="shard 1 is of another case"):
        demo._native.merged(1, 10, [shard])
    with pytest.raises(ValueError, match="draws from 10 to before 20 are missing"):
        other._native.merged(1, 20, [shard])


def test_an_executor_takes_no_threads(demo: winset.Case) -> None:
    with ThreadPoolExecutor(1) as executor, pytest.raises(ValueError, match="threads"):
        demo.forecast(draws=10, executor=executor, threads=2)
    with pytest.raises(ValueError, match="executor"):
        demo.forecast(draws=10, shards=2)


def test_an_error_in_progress_cancels_the_rest(demo: winset.Case) -> None:
    def refuse(done: int, total: int) -> None:
        raise LookupError(done)

    with ThreadPoolExecutor(1) as executor, pytest.raises(LookupError):
        demo.forecast(draws=1_000_000, executor=executor, shards=50_000, progress=refuse)


def test_what_if_is_the_commands_to_the_byte(
    command: Callable[..., bytes], demo: winset.Case
) -> None:
    change = "sides.us.discount=20"
    report = demo.what_if(set=[change], draws=100)
    printed = command("diff", "us-iran-2025", "--with", change, "--draws", "100", "--json")
    assert report.json().encode() == printed
    assert report.answer.change == pytest.approx(report.answer.b - report.answer.a)


def resident() -> int:
    """The bytes of memory this process holds now."""
    text = Path("/proc/self/statm").read_text(encoding="ascii")
    return int(text.split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read as Linux tells it")
def test_ten_thousand_what_ifs_from_two_threads_neither_leak_nor_lock() -> None:
    # Small, so that there is time for many: an issue, two actors, a month.
    case = winset.Case.from_dict(
        {
            "winset": 1,
            "title": "A shared water main",
            "as_of": "2025-03-01",
            "question": {"text": "Agree?", "yes": "both sign", "by": "2025-03-31"},
            "issues": {"flow": {"now": 60}},
            "sides": {
                "hill": {
                    "ratify": "mayor",
                    "position": {"flow": "10..20..40"},
                    "salience": {"flow": 70},
                    "discount": 10,
                },
                "port": {
                    "ratify": "warden",
                    "position": {"flow": 90},
                    "salience": {"flow": 90},
                    "discount": "5..10..20",
                },
            },
            "actors": {
                "mayor": {"side": "hill", "role": "leader", "capability": 100},
                "warden": {"side": "port", "role": "leader", "capability": 100},
            },
        }
    )
    asked, answers, wrong = [0, 0], set[str](), list[BaseException]()

    def ask(place: int, times: int) -> None:
        try:
            for k in range(times):
                change = {"sides.hill.discount": k % 5 + 5}
                answers.add(case.what_if(change, 2, threads=1).json())
                asked[place] += 1
        except BaseException as error:
            wrong.append(error)

    def both(times: int) -> int:
        threads = [threading.Thread(target=ask, args=(k, times // 2)) for k in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=300)
            assert not thread.is_alive()
        gc.collect()
        return resident()

    warm = both(1_000)
    after = both(9_000)
    assert not wrong and sum(asked) == 10_000 and len(answers) == 5
    # A report that stayed would be 2 kB each time, 19 MB; what the allocator keeps in hand varies.
    assert after - warm < 6_000_000


def test_two_threads_of_what_ifs_of_the_built_in_case_agree(demo: winset.Case) -> None:
    def ask() -> None:
        for k in range(50):
            answers.add(demo.what_if({"sides.us.discount": k % 5 + 5}, 1, threads=1).json())

    answers: set[str] = set()
    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
        assert not thread.is_alive()
    assert len(answers) == 5


def test_a_sweep_on_any_executor_is_the_sweep_here(demo: winset.Case) -> None:
    grid = {"sides.us.discount": [5, 10], "sides.us.cost": ["0..1..3", 2]}
    here = demo.sweep(grid, draws=20)
    told: list[tuple[int, int]] = []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        there = demo.sweep(
            grid, draws=20, executor=executor, progress=lambda done, total: told.append((done, total))
        )
    assert there.json() == here.json() and str(there) == str(here)
    assert there.rows.to_dicts() == here.rows.to_dicts()
    assert told == sorted(told) and told[-1] == (80, 80)


def test_dask_has_its_executor(
    demo: winset.Case, wanted: str, cluster: distributed.Client
) -> None:
    executor = winset.dask.executor(cluster)
    assert demo.forecast(draws=DRAWS, executor=executor, shards=3).json() == wanted


def test_executors_are_of_the_standard_librarys_kind(cluster: distributed.Client) -> None:
    assert isinstance(cluster.get_executor(), Executor)
