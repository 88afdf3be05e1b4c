"""Is there a deal both capitals would ratify, on which terms, by when, and who blocks it.

>>> import winset
>>> case = winset.Case.demo()
>>> forecast = case.forecast(draws=200)
>>> 0 <= forecast.answer.p <= 1
True
"""

import importlib
from typing import Any

from winset._case import Case, backtest, demos, score
from winset._chart import Chart
from winset._class import PastClass, class_, classes
from winset._errors import CaseError, CaseWarning, Finding
from winset._forecast import Answer, Endings, Forecast, Question, Zone
from winset._native import VERSION as __version__
from winset._report import Brief, Measured, Report, Sweep, WhatIf
from winset._scalars import Day
from winset._table import Table

__all__ = [
    "Answer",
    "Brief",
    "Case",
    "CaseError",
    "CaseWarning",
    "Chart",
    "Day",
    "Endings",
    "Finding",
    "Forecast",
    "Measured",
    "PastClass",
    "Question",
    "Report",
    "Sweep",
    "Table",
    "WhatIf",
    "Zone",
    "__version__",
    "backtest",
    "class_",
    "classes",
    "demos",
    "score",
]


def __getattr__(name: str) -> Any:
    """``winset.ray`` and ``winset.dask``, read when they are first named."""
    if name in ("dask", "ray"):
        return importlib.import_module(f"winset.{name}")
    raise AttributeError(f"module 'winset' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), "dask", "ray"})
