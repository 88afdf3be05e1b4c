"""Reports that have no class of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from winset._table import Table


class Report:
    """What a command reports, under the names of its ``--json``.

    ``report["zone"]`` is a value, ``report.table("ranked")`` a list of rows as a
    :class:`~winset.Table`, and :meth:`json` what the command prints, to the byte.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._values: dict[str, Any] = json.loads(text)

    def json(self) -> str:
        """The report as the command prints it with ``--json``, to the byte."""
        return self._text

    def to_dict(self) -> dict[str, Any]:
        """The values of :meth:`json`."""
        values: dict[str, Any] = json.loads(self._text)
        return values

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def keys(self) -> list[str]:
        """What there is."""
        return list(self._values)

    def table(self, key: str) -> Table:
        """A list of rows; columns that hold rows themselves are left out of data frames."""
        rows = self._values[key]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise TypeError(f"`{key}` is no list of rows")
        return Table.of_rows(rows)

    def __repr__(self) -> str:
        return f"<winset.Report {self._values['schema']}: {', '.join(self._values)}>"


@dataclass(frozen=True)
class Measured:
    """A probability in two variants, on the same random numbers."""

    a: float
    b: float
    change: float
    """``b - a``."""
    error: float
    """The paired Monte Carlo standard error of the change."""


class WhatIf(Report):
    """Two variants of a case on the same random numbers: ``a`` as it was, ``b`` changed."""

    @property
    def answer(self) -> Measured:
        """The answer to the question."""
        return Measured(**self._values["answer"])

    @property
    def zone(self) -> Measured:
        """The share of draws with a zone of agreement."""
        return Measured(**self._values["zone"])
