"""Is there a deal both capitals would ratify, on which terms, by when, and who blocks it.

>>> import winset
>>> case = winset.Case.demo()
>>> forecast = case.forecast(draws=200)
>>> 0 <= forecast.answer.p <= 1
True
"""

from winset._case import Case, backtest, demos, score
from winset._class import PastClass, class_, classes
from winset._errors import CaseError, CaseWarning, Finding
from winset._forecast import Answer, Chart, Endings, Forecast, Question, Zone
from winset._native import VERSION as __version__
from winset._report import Measured, Report, WhatIf
from winset._table import Table

__all__ = [
    "Answer",
    "Case",
    "CaseError",
    "CaseWarning",
    "Chart",
    "Endings",
    "Finding",
    "Forecast",
    "Measured",
    "PastClass",
    "Question",
    "Report",
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
