"""Numbers and days of numpy and pandas are numbers and days."""

import datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas
import pytest

import winset


def test_whole_numbers_of_numpy(demo: winset.Case) -> None:
    for kind in (np.int64, np.int32, np.uint8):
        found = demo.forecast(draws=kind(20), seed=kind(3), threads=kind(1))
        assert found.json() == demo.forecast(draws=20, seed=3).json()
    for wrong in (np.float64(20), np.bool_(True), "20", 20.0):
        with pytest.raises(TypeError, match="whole number"):
            demo.forecast(draws=wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    [np.float64(12.5), np.float32(12.5), np.longdouble(12.5), Decimal("12.5"), Fraction(25, 2)],
)
def test_numbers_of_all_kinds_change_an_input(demo: winset.Case, value: object) -> None:
    change = demo.changed({"sides.us.discount": value})
    assert change.fingerprint == demo.changed({"sides.us.discount": 12.5}).fingerprint
    told = demo.what_if({"sides.us.discount": value}, draws=np.int64(10))
    assert told.json() == demo.what_if({"sides.us.discount": 12.5}, draws=10).json()


def test_a_range_of_numpy_is_swept(demo: winset.Case) -> None:
    found = demo.sweep({"sides.us.discount": np.arange(5, 20, 5)}, draws=10).rows
    assert [row["sides.us.discount"] for row in found] == [5, 10, 15]


def test_whole_numbers_and_texts_of_numpy_change_an_input(demo: winset.Case) -> None:
    wanted = demo.changed({"sides.us.discount": 12}).fingerprint
    assert demo.changed({"sides.us.discount": np.int16(12)}).fingerprint == wanted
    wanted = demo.changed({"sides.us.discount": "5..12..20"}).fingerprint
    assert demo.changed({"sides.us.discount": np.str_("5..12..20")}).fingerprint == wanted


def test_percentages_of_numpy(demo: winset.Case) -> None:
    found = demo.flip(np.float32(0.5), draws=np.int64(16), top=np.int8(1), joint=np.int8(1))
    assert found.json() == demo.flip(0.5, draws=16, top=1, joint=1).json()


DAYS = [
    datetime.date(2025, 4, 20),
    datetime.datetime(2025, 4, 20, 17, 30),
    datetime.datetime(2025, 4, 20, tzinfo=datetime.UTC),
    pandas.Timestamp("2025-04-20"),
    pandas.Timestamp("2025-04-20 09:00", tz="Asia/Tehran"),
    np.datetime64("2025-04-20"),
    np.datetime64("2025-04-20T09:00:00", "ns"),
    np.str_("2025-04-20"),
]


@pytest.mark.parametrize("day", DAYS, ids=repr)
def test_days_of_all_kinds(demo: winset.Case, day: winset.Day) -> None:
    assert winset.Case.demo(as_of=day).as_of == datetime.date(2025, 4, 20)
    assert demo.changed(as_of=day).as_of == datetime.date(2025, 4, 20)


@pytest.mark.parametrize("day", [20250420, np.datetime64("NaT"), pandas.NaT, 1.5], ids=repr)
def test_what_is_no_day_is_refused(day: winset.Day) -> None:
    with pytest.raises((TypeError, ValueError)):
        winset.Case.demo(as_of=day)


def test_days_in_a_dictionary(demo: winset.Case) -> None:
    wanted = demo.changed({"question.by": datetime.date(2025, 5, 31)}).fingerprint
    for day in (pandas.Timestamp("2025-05-31"), np.datetime64("2025-05-31")):
        assert demo.changed({"question.by": day}).fingerprint == wanted
    for time in (pandas.Timestamp("2025-05-31 08:00"), pandas.NaT):
        with pytest.raises(TypeError, match="write a day"):
            demo.changed({"question.by": time})
