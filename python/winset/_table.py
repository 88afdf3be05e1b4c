"""Tables: rows for plain Python, Arrow for data frames."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any, overload

from winset import _native

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

Row = dict[str, Any]


class Table:
    """A table of a report, under the names of ``--json``.

    It has a length, rows by number and in turn, and it speaks Arrow's PyCapsule interface, so
    that ``polars.DataFrame(table)``, ``pyarrow.table(table)`` and every other library that knows
    the interface take it as it is. None of them is required.
    """

    def __init__(self, native: _native.Table, rows: list[Row]) -> None:
        self._native = native
        self._rows = [_dated(row) for row in rows]

    @classmethod
    def of_rows(cls, rows: list[Row]) -> Table:
        """A table of the rows of a report; columns that hold objects are left out."""
        return cls(_native.Table.of_json(json.dumps(rows)), rows)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._native.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [dict(row) for row in self._rows[index]]
        return dict(self._rows[index])

    def __iter__(self) -> Iterator[Row]:
        return (dict(row) for row in self._rows)

    def __repr__(self) -> str:
        return f"<winset.Table: {len(self)} rows of {', '.join(self.columns)}>"

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that any row fills."""
        return tuple(dict.fromkeys(key for row in self._rows for key in row))

    def to_dicts(self) -> list[Row]:
        """The rows; a date is a :class:`datetime.date`."""
        return list(self)

    def to_polars(self) -> polars.DataFrame:
        """A data frame of polars, which must be installed."""
        import polars

        return polars.DataFrame(self)

    def to_arrow(self) -> pyarrow.Table:
        """A table of pyarrow, which must be installed."""
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self) -> pandas.DataFrame:
        """A data frame of pandas, which must be installed; pyarrow need not be."""
        import pandas

        columns = {name: [row.get(name) for row in self._rows] for name in self.columns}
        frame = pandas.DataFrame(columns)
        for name in self.columns:
            if any(isinstance(row.get(name), datetime.date) for row in self._rows):
                frame[name] = pandas.to_datetime(frame[name])
        return frame

    def to_parquet(self, path: str | os.PathLike[str]) -> None:
        """Writes it to a Parquet file; nothing else need be installed.

        Days, numbers, texts, truths and lists keep their types. The file is there in full or not
        at all. A column that no row fills is text, and columns that hold objects are left out.

        Raises :class:`OSError` if it cannot be written.
        """
        self._native.to_parquet(os.fspath(path))

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        shown = self._rows[:20]
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(_cell(row.get(c)))}</td>" for c in self.columns) + "</tr>"
            for row in shown
        )
        rest = len(self) - len(shown)
        more = f"<p>and {rest} more rows</p>" if rest else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(_cell(item) for item in value)
    return str(value)


def _dated(row: Row) -> Row:
    day = row.get("date")
    return {**row, "date": datetime.date.fromisoformat(day)} if isinstance(day, str) else row
