"""What users hold can be kept, sent and read again."""

import copy
import json
import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

import winset


def test_a_forecast_pickles_with_its_words_and_charts(forecast: winset.Forecast) -> None:
    for again in (pickle.loads(pickle.dumps(forecast)), copy.deepcopy(forecast)):
        assert again.json() == forecast.json()
        assert str(again) == str(forecast)
        assert again.chart().svg == forecast.chart().svg
        assert again.terms.to_dicts() == forecast.terms.to_dicts()


def test_methods_go_to_other_processes(demo: winset.Case, forecast: winset.Forecast) -> None:
    change = {"sides.us.discount": 12}
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        far = executor.submit(demo.forecast, draws=200)
        compared = executor.submit(demo.what_if, change, draws=20)
        assert far.result().json() == forecast.json()
        assert str(compared.result()) == str(demo.what_if(change, draws=20))


def test_reports_pickle_and_copy(demo: winset.Case) -> None:
    report = demo.drivers(draws=16, top=1)
    for again in (pickle.loads(pickle.dumps(report)), copy.deepcopy(report)):
        assert again.json() == report.json() and str(again) == str(report)
        assert again.chart() == report.chart()
        assert again.table("tornado").to_dicts() == report.table("tornado").to_dicts()


def test_a_forecast_is_read_from_its_json(forecast: winset.Forecast, tmp_path: Path) -> None:
    forecast.save(tmp_path / "forecast.json")
    assert (tmp_path / "forecast.json").read_bytes() == forecast.json().encode()
    read = winset.Forecast.load(tmp_path / "forecast.json")
    assert read.answer == forecast.answer and read.question == forecast.question
    assert read.agreement.to_dicts() == forecast.agreement.to_dicts()
    assert read.json() == forecast.json() == winset.Forecast.from_json(forecast.json()).json()
    assert f"{read.answer.p:.0%}" in str(read)
    assert pickle.loads(pickle.dumps(read)).answer == read.answer
    with pytest.raises(ValueError, match=r"case\.forecast"):
        read.chart()
    for text in ("[]", "{}", '{"schema": "winset/deals/1"}', '{"schema": "winset/forecast/2"}', "no"):
        with pytest.raises(ValueError):
            winset.Forecast.from_json(text)
        (tmp_path / "other.json").write_text(text)
        with pytest.raises(ValueError, match=r"other\.json holds no forecast"):
            winset.Forecast.load(tmp_path / "other.json")


@pytest.mark.filterwarnings("ignore::winset.CaseWarning")
def test_a_case_is_saved_and_loaded(demo: winset.Case, tmp_path: Path) -> None:
    demo.save(tmp_path / "same")
    again = winset.Case.load(tmp_path / "same")
    assert again.fingerprint == demo.fingerprint
    assert "#" in (tmp_path / "same/case.toml").read_text(encoding="utf-8")
    with pytest.raises(FileExistsError):
        demo.save(tmp_path / "same")
    changed = demo.changed({"sides.us.discount": "5..12..20"}, as_of="2025-04-20")
    changed.save(tmp_path / "changed")
    assert winset.Case.load(tmp_path / "changed").fingerprint == changed.fingerprint


def test_what_a_search_leaves_open_is_read_too(forecast: winset.Forecast) -> None:
    values = json.loads(forecast.json())
    assert 0 <= values["zone"]["shut"] <= 1
    values["zone"]["open"] = {"p": 0.25, "room": 0.5}
    zone = winset.Forecast.from_json(json.dumps(values)).zone
    assert zone.open == {"p": 0.25, "room": 0.5} and zone.shut == forecast.zone.shut
    # What an earlier version wrote has neither.
    del values["zone"]["open"], values["zone"]["shut"]
    assert winset.Forecast.from_json(json.dumps(values)).zone.shut is None
