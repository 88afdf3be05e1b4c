"""Tables go into every library that speaks Arrow, with the numbers of the JSON."""

import datetime
import os
import struct
from pathlib import Path

import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest

import winset

NAMES = [
    "agreement", "endings_by_day", "events", "terms", "blockers", "conflicts", "opens", "force",
    "coefficients",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_arrow_holds_the_rows(forecast: winset.Forecast, name: str) -> None:
    table: winset.Table = getattr(forecast, name)
    arrow = pyarrow.table(table)
    arrow.validate(full=True)
    rows = [{k: v for k, v in row.items() if v is not None} for row in arrow.to_pylist()]
    assert rows == [{k: v for k, v in row.items() if v is not None} for row in table]
    assert polars.DataFrame(table).to_dicts() == arrow.to_pylist()
    assert table.to_polars().equals(polars.DataFrame(table))
    assert table.to_arrow().equals(arrow)


def bits(value: object) -> object:
    """A value in which numbers differ if any bit does."""
    if isinstance(value, float):
        return struct.pack("<d", value)
    return [bits(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", NAMES)
def test_parquet_holds_the_rows_to_the_bit(
    forecast: winset.Forecast, name: str, tmp_path: Path
) -> None:
    table: winset.Table = getattr(forecast, name)
    table.to_parquet(tmp_path / "table.parquet")
    read = pyarrow.parquet.read_table(tmp_path / "table.parquet")
    read.validate(full=True)
    arrow = pyarrow.table(table)
    # A list's item is called `element` in the one format and `item` in the other.
    assert read.schema.names == arrow.schema.names
    assert read.cast(arrow.schema).equals(arrow)
    rows = [{k: bits(v) for k, v in row.items() if v is not None} for row in read.to_pylist()]
    assert rows == [{k: bits(v) for k, v in row.items() if v is not None} for row in table]
    assert polars.read_parquet(tmp_path / "table.parquet").equals(table.to_polars())


def test_parquet_keeps_numbers_that_are_hard_to_write(tmp_path: Path) -> None:
    values = [0.1 + 0.2, -0.0, 5e-324, -1.7976931348623157e308, 1 / 3, None, 123456789.0]
    texts = ["", "ä😀", 'a,"b"\n', None, "\x00", "2025-04-22x", "x" * 10_000]
    rows = [
        {"x": x, "t": t, "b": k % 2 == 0, "l": [x] if k and x is not None else []}
        for k, (x, t) in enumerate(zip(values, texts, strict=True))
    ]
    winset.Table.of_rows(rows).to_parquet(tmp_path / "table.parquet")
    read = pyarrow.parquet.read_table(tmp_path / "table.parquet").to_pylist()
    assert [{k: bits(v) for k, v in row.items()} for row in read] == [
        {k: bits(v) for k, v in row.items()} for row in rows
    ]


def test_a_parquet_file_replaces_another_or_is_not_there(
    forecast: winset.Forecast, tmp_path: Path
) -> None:
    path = tmp_path / "table.parquet"
    forecast.terms.to_parquet(path)
    forecast.agreement.to_parquet(str(path))
    assert pyarrow.parquet.read_table(path).num_rows == len(forecast.agreement)
    with pytest.raises(FileNotFoundError, match=r"cannot write .*no-such-folder"):
        forecast.terms.to_parquet(tmp_path / "no-such-folder" / "table.parquet")
    with pytest.raises(TypeError):
        forecast.terms.to_parquet(7)  # type: ignore[arg-type]
    empty = winset.Table.of_rows([])
    empty.to_parquet(path)
    assert pyarrow.parquet.read_table(path).shape == (0, 0)
    assert os.listdir(tmp_path) == ["table.parquet"]


def test_a_column_of_days_is_a_date_everywhere(forecast: winset.Forecast) -> None:
    first = forecast.agreement[0]["date"]
    assert isinstance(first, datetime.date)
    assert pyarrow.table(forecast.agreement).schema.field("date").type == pyarrow.date32()
    assert forecast.agreement.to_polars()["date"][0] == first
    assert forecast.agreement.to_pandas()["date"][0] == pandas.Timestamp(first)


def test_pandas_has_the_rows(forecast: winset.Forecast) -> None:
    frame = forecast.blockers.to_pandas()
    assert frame.to_dict("records") == forecast.blockers.to_dicts()


def test_a_table_can_be_read_twice_and_outlives_its_forecast(demo: winset.Case) -> None:
    table = demo.forecast(draws=10).terms
    first = pyarrow.table(table)
    del demo
    assert pyarrow.table(table).equals(first)


def test_a_stream_nobody_reads_is_released(forecast: winset.Forecast) -> None:
    for _ in range(100):
        forecast.agreement.__arrow_c_stream__()


def test_a_row_is_a_copy(forecast: winset.Forecast) -> None:
    row = forecast.terms[0]
    row["issue"] = "changed"
    assert forecast.terms[0]["issue"] != "changed"
    assert [dict(r) for r in forecast.terms[:2]] == forecast.terms.to_dicts()[:2]


def test_inputs_are_a_table(demo: winset.Case) -> None:
    rows = {row["path"]: row for row in demo.inputs}
    changed = {row["path"]: row for row in demo.changed({"sides.us.discount": "20..30"}).inputs}
    # A uniform number has its median in the middle, and 5 % of it below a twentieth of its range.
    assert changed["sides.us.discount"]["q50"] == pytest.approx(25)
    assert changed["sides.us.discount"]["q05"] == pytest.approx(20.5)
    assert changed.keys() == rows.keys()
    assert polars.DataFrame(demo.inputs).height == len(rows)


def test_html_is_escaped() -> None:
    table = winset.Table.of_rows([{"a": "<b>", "x": 0.123456}])
    assert "&lt;b&gt;" in table._repr_html_() and "0.1235" in table._repr_html_()
