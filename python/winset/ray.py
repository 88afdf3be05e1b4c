"""Ray as an executor: ``case.forecast(executor=winset.ray.RayExecutor())``. Ray must be installed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class RayExecutor(Executor):
    """Submits every call as a task of one processor to the Ray that ``ray.init`` reaches.

    ``options`` are those of ``ray.remote``, such as ``max_retries`` or ``memory``.
    """

    def __init__(self, **options: Any) -> None:
        import ray

        if not ray.is_initialized():
            ray.init()
        self._call = ray.remote(_call).options(**{"num_cpus": 1, **options})

    def submit(
        self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """The call as a future; cancelling it before it ends only forgets its result."""
        future: Future[T] = self._call.remote(fn, args, kwargs).future()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Nothing: Ray goes on for whoever started it."""


def _call(fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
    return fn(*args, **kwargs)
