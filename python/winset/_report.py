"""Reports that have no class of their own."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from winset._chart import Chart
from winset._shapes import Columns, columns
from winset._table import Table


_WITH_CHARTS = "history, diff, what_if, moved, drivers and stability"


class Report:
    """What a command reports, under the names of its ``--json``.

    ``print`` shows it in words, as the command does. ``report["zone"]`` is a value,
    ``report.table("ranked")`` a list of rows as a :class:`~winset.Table`, and :meth:`json` what the
    command prints, to the byte.
    """

    def __init__(self, text: str, said: str = "", chart: str | None = None) -> None:
        self._text = text
        self._values: dict[str, Any] = json.loads(text)
        self._said = said
        self._chart = chart

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
        """A list of rows, with the same columns whatever it holds."""
        rows = self._values[key]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise TypeError(f"`{key}` is no list of rows")
        return Table.of_report(self._columns(key), rows, self._values)

    def _columns(self, key: str) -> Columns:
        return columns(self._values.get("schema", ""), key)

    def chart(self) -> Chart:
        """Its picture, as the workbench draws it.

        The number from day to day of :meth:`Case.history`, both curves of :meth:`Case.diff` and
        :meth:`Case.what_if`, the waterfall of :meth:`Case.moved`, the tornado of
        :meth:`Case.drivers`, the graph of :meth:`Case.stability`. Raises :class:`ValueError` if it
        has none.
        """
        if self._chart is None:
            schema = self._values.get("schema")
            raise ValueError(f"{schema} has no chart; {_WITH_CHARTS} have one")
        return Chart(self._chart)

    def __str__(self) -> str:
        return self._said or repr(self)

    def __repr__(self) -> str:
        return f"<winset.Report {self._values.get('schema')}: {', '.join(self._values)}>"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


@dataclass(frozen=True)
class Measured:
    """A probability in two variants, on the same random numbers.

    ``a`` and ``b`` are the two, 0 to 1; ``change`` is ``b - a``; ``error`` is the paired Monte Carlo
    standard error of the change.
    """

    a: float
    b: float
    change: float
    error: float


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


class Sweep(Report):
    """Variants of a case, a row each; :attr:`rows` is the table."""

    def __init__(self, text: str, said: str, kinds: list[tuple[str, str]]) -> None:
        super().__init__(text, said)
        self._kinds = tuple(kinds)

    def _columns(self, key: str) -> Columns:
        return self._kinds if key == "rows" else super()._columns(key)

    @property
    def rows(self) -> Table:
        """``point``, the paths that vary, ``p, lo, hi, mcse, zone, closed``, ``terms.ISSUE``."""
        return self.table("rows")


class Brief(Report):
    """A case on a page or two to send: values, Markdown and HTML."""

    def __init__(self, text: str, markdown: str, html: str) -> None:
        super().__init__(text, markdown)
        self._html = html

    def markdown(self) -> str:
        """The brief as Markdown, which ``print`` shows."""
        return self._said

    def html(self) -> str:
        """The brief as one HTML page that needs nothing else."""
        return self._html

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes it to a file whose name ends in ``.html``, ``.md`` or ``.json``."""
        name = os.fspath(path)
        forms = {".html": self._html, ".md": self._said, ".json": self._text}
        ending = os.path.splitext(name)[1].lower()
        if ending not in forms:
            raise ValueError(f"{name} ends in none of {', '.join(forms)}")
        with open(name, "w", encoding="utf-8", newline="\n") as file:
            file.write(forms[ending])

    def _repr_html_(self) -> str:
        return f'<iframe style="width: 100%; height: 40em" srcdoc="{escape(self._html)}"></iframe>'
