"""Dask as an executor: ``case.forecast(executor=winset.dask.executor(client))``. Dask must be installed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Protocol


class Client(Protocol):
    """What :class:`distributed.Client` can do."""

    @property
    def get_executor(self) -> Callable[..., Executor]: ...


def executor(client: Client, retries: int = 2) -> Executor:
    """The workers of a client; what one that died was computing is computed again by another."""
    return client.get_executor(retries=retries)
