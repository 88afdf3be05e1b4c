"""Numbers and days as users hold them: of Python, of numpy, of pandas; neither is imported."""

from __future__ import annotations

import datetime
import operator
from typing import Any, Protocol, SupportsIndex


class Datetime64(Protocol):
    """What :class:`numpy.datetime64` can do."""

    def astype(self, dtype: Any, /) -> Any: ...


Day = str | datetime.date | Datetime64


def whole(name: str, value: SupportsIndex, least: int, most: int) -> int:
    """A whole number within bounds; ``name`` is what errors call it."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} is {value!r}; it is a whole number")
    number = operator.index(value)
    if not least <= number <= most:
        raise ValueError(f"{name} is {number}; it lies from {least} to {most}")
    return number


def threads(value: SupportsIndex | None) -> int | None:
    """How many threads, or as many as there are."""
    return None if value is None else whole("threads", value, 1, 1024)


def is_datetime64(value: object) -> bool:
    """Whether it is numpy's kind of a day."""
    kind = type(value)
    return kind.__module__ == "numpy" and kind.__name__ == "datetime64"


def day(value: Day | None) -> str | None:
    """A day as ``2025-04-22``; of a time, the day it lies on."""
    if value is None:
        return None
    # A time of pandas is one of Python, which is a day of Python.
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    if is_datetime64(value):
        return str(value.astype("datetime64[D]"))
    raise TypeError(f"{value!r} is no day; write it as 2025-04-22 or as a datetime.date")
