"""Tables: rows for plain Python, Arrow for data frames."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, overload

from winset import _native
from winset._shapes import Columns

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

Row = dict[str, Any]

_HEAD = ("schema", "version", "case", "fingerprint", "as_of", "seed", "draws")


class Table:
    """A table of a report, under the names of ``--json``.

    It has a length, rows by number and in turn, and it speaks Arrow's PyCapsule interface, so
    that ``polars.DataFrame(table)``, ``pyarrow.table(table)`` and every other library that knows
    the interface take it as it is. None of them is required.

    Columns and their types are those of the report, whatever the data: every row has every key, an
    empty table has its columns, and days are days everywhere. A value with keys of its own has a
    column for each, as ``block.change``; what holds rows itself is in the rows and in no data frame.
    """

    def __init__(
        self, columns: Columns, rows: Iterable[Mapping[str, Any]], about: Mapping[str, str] = {}
    ) -> None:
        self._kinds = dict(columns)
        self._rows = [_row(self._kinds, row) for row in rows]
        self._about = dict(about)

    @classmethod
    def of_rows(cls, rows: list[Row]) -> Table:
        """A table of any rows; the columns are what the rows hold, and their types too."""
        return cls(read_off(rows), rows)

    @classmethod
    def of_report(cls, columns: Columns, rows: list[Row], values: Mapping[str, Any]) -> Table:
        """A table of a report with these values; keys that the columns do not name come last."""
        known = {name.split(".")[0] for name, _ in columns}
        others = [{k: v for k, v in row.items() if k not in known} for row in rows]
        about = {f"winset.{key}": str(values[key]) for key in _HEAD if key in values}
        return cls((*columns, *read_off(others)), rows, about)

    @cached_property
    def _native(self) -> _native.Table:
        frame = [(name, kind) for name, kind in self._kinds.items() if kind != "rows"]
        rows = [{name: row[name] for name, _ in frame} for row in self._rows]
        text = json.dumps(rows, default=datetime.date.isoformat)
        return _native.Table.of_json(text, frame, list(self._about.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return (Table, (tuple(self._kinds.items()), self._rows, self._about))

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
        """The names of the columns of a data frame."""
        return tuple(name for name, kind in self._kinds.items() if kind != "rows")

    def to_dicts(self) -> list[Row]:
        """The rows; a date is a :class:`datetime.date`, and what is missing is ``None``."""
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

        kinds = {
            "date": "datetime64[s]",
            "number": "float64",
            "whole": "Int64",
            "flag": "boolean",
            # Before 3 pandas kept texts as objects, and one dtype did not fit what is missing.
            "text": "object" if pandas.__version__.startswith(("1.", "2.")) else "str",
        }
        series = {
            name: pandas.Series(
                [row[name] for row in self._rows], dtype=kinds.get(self._kinds[name], "object")
            )
            for name in self.columns
        }
        return pandas.DataFrame(series)

    def to_parquet(self, path: str | os.PathLike[str]) -> None:
        """Writes it to a Parquet file; nothing else need be installed.

        Days, numbers, texts, truths and lists keep their types. The head of the file says what the
        table is of: ``winset.fingerprint``, ``winset.seed`` and others. The file is there in full or
        not at all.

        Raises :class:`OSError` if it cannot be written.
        """
        self._native.to_parquet(os.fspath(path))

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        shown = self._rows[:20]
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(_cell(row[c]))}</td>" for c in self.columns) + "</tr>"
            for row in shown
        )
        rest = len(self) - len(shown)
        more = f"<p>and {rest} more rows</p>" if rest else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def read_off(rows: list[Row]) -> Columns:
    """The columns of rows whose shape nobody wrote down."""
    kinds = dict(_native.kinds(json.dumps(rows, default=str)))
    names = dict.fromkeys(key for row in rows for key in row)
    return tuple((name, kinds.get(name, "rows")) for name in names)


def _row(kinds: dict[str, str], row: Mapping[str, Any]) -> Row:
    return {name: _value(kind, _within(row, name)) for name, kind in kinds.items()}


def _within(row: Mapping[str, Any], name: str) -> Any:
    """The value under a name, or under the names between its dots, from the outside in."""
    if name in row or "." not in name:
        return row.get(name)
    outer, inner = name.split(".", 1)
    inside = row.get(outer)
    return _within(inside, inner) if isinstance(inside, Mapping) else None


def _value(kind: str, value: Any) -> Any:
    if kind == "date" and isinstance(value, str):
        return datetime.date.fromisoformat(value)
    if kind == "number" and isinstance(value, int):
        return float(value)
    return value


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(_cell(item) for item in value)
    return str(value)
