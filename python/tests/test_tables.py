"""Tables go into every library that speaks Arrow, with the numbers of the JSON."""

import copy
import datetime
import os
import pickle
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
    frame = forecast.conflicts.to_pandas()
    assert frame.to_dict("records") == forecast.conflicts.to_dicts()


def test_columns_and_types_do_not_depend_on_the_data(demo: winset.Case) -> None:
    days = [("2025-04-15", "2025-04-16"), ("2025-04-20", "2025-04-22"), ("2025-04-22", "2025-04-22")]
    tables = [demo.moved(a, b, draws=10).table("entries") for a, b in days]
    assert len(tables[1]) > 0 and len(tables[2]) == 0
    assert len({pyarrow.table(table).schema for table in tables}) == 1
    assert len({str(table.to_pandas().dtypes) for table in tables}) == 1
    pyarrow.concat_tables([pyarrow.table(table) for table in tables])
    assert polars.concat([table.to_polars() for table in tables]).height == sum(map(len, tables))
    frame = pandas.concat([table.to_pandas() for table in tables])
    assert frame["seen"].dtype == "datetime64[s]" and frame["part"].dtype == "float64"
    assert {tuple(row) for table in tables for row in table} == {tables[2].columns}


def test_every_list_of_every_report_has_declared_columns(demo: winset.Case) -> None:
    from winset._shapes import columns

    reports = [
        demo.belief(),
        demo.deals(draws=10),
        demo.what_if({"sides.us.discount": 12}, draws=10),
        demo.drivers(draws=16, top=1),
        demo.flip(0.5, draws=16, top=1, joint=1),
        demo.spatial(draws=0),
        demo.history("2025-04-21", draws=10),
    ]
    seen = 0
    for report in reports:
        for key in report:
            rows = report[key]
            if isinstance(rows, list) and rows and isinstance(rows[0], dict):
                declared = {name.split(".")[0] for name, _ in columns(report["schema"], key)}
                assert {name for row in rows for name in row} <= declared, (report["schema"], key)
                table = report.table(key)
                arrow = pyarrow.table(table)
                assert arrow.schema.names == list(table.columns) == list(table.to_pandas().columns)
                assert not any(pyarrow.types.is_null(field.type) for field in arrow.schema)
                seen += 1
    assert seen >= 15


def test_what_is_missing_everywhere_still_has_a_type() -> None:
    rows = winset.Case.demo("emission-standards-1994").forecast(draws=10).blockers
    assert rows[0]["banzhaf_error"] is None
    assert pyarrow.table(rows).schema.field("banzhaf_error").type == pyarrow.float64()
    assert rows.to_pandas()["banzhaf_error"].dtype == "float64"


def test_one_table_has_one_shape_in_every_library(demo: winset.Case) -> None:
    forecast = demo.forecast(draws=10)
    # What holds rows itself is in the rows and in no data frame.
    columns = forecast.terms.columns
    assert columns[-1] == "q50_reason" and list(forecast.terms[0]) == [*columns, "options"]
    statements = demo.belief().table("statements")
    day = statements[0]["said"]
    assert isinstance(day, datetime.date)
    assert statements.to_polars()["said"][0] == day
    assert statements.to_pandas()["said"][0] == pandas.Timestamp(day)
    report = demo.what_if({"sides.us.discount": 12}, draws=10)
    table = report.table("blockers")
    assert [row["walk.change"] for row in table] == [r["walk"]["change"] for r in report["blockers"]]
    for names in (table.columns, table.to_polars().columns, tuple(table.to_pandas().columns), table[0]):
        assert {"block.a", "block.b", "block.change", "walk.a"} < set(names)


def test_tables_pickle_and_copy(forecast: winset.Forecast) -> None:
    for table in (forecast.agreement, forecast.conflicts, winset.Table.of_rows([])):
        for again in (pickle.loads(pickle.dumps(table)), copy.deepcopy(table)):
            assert again.to_dicts() == table.to_dicts()
            assert pyarrow.table(again).equals(pyarrow.table(table))


def test_a_parquet_file_says_what_it_is_of(forecast: winset.Forecast, tmp_path: Path) -> None:
    forecast.terms.to_parquet(tmp_path / "terms.parquet")
    head = pyarrow.parquet.read_metadata(tmp_path / "terms.parquet").metadata
    assert head[b"winset.fingerprint"].decode() == forecast.fingerprint
    assert head[b"winset.seed"] == b"1" and head[b"winset.draws"] == b"200"


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


def test_what_the_draws_say_has_the_answer_as_its_mean(
    demo: winset.Case, forecast: winset.Forecast
) -> None:
    table = demo.answers(draws=200, threads=2)
    assert [row["draw"] for row in table] == list(range(200))
    p = table.to_polars()["p"]
    assert p.mean() == pytest.approx(forecast.answer.p, abs=1e-9)
    assert p.n_unique() > 10
    assert table.to_dicts() == demo.answers(draws=200, threads=1).to_dicts()
    assert table.to_pandas()["draw"].dtype == "Int64"
