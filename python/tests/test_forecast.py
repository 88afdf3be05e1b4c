"""A forecast from Python is the command's."""

import datetime
import pickle
import threading
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

import winset

Command = Callable[..., bytes]


@pytest.mark.parametrize("name", winset.demos())
def test_json_and_text_are_the_commands_to_the_byte(command: Command, name: str) -> None:
    forecast = winset.Case.demo(name).forecast(draws=100, seed=7)
    args = ["forecast", name, "--draws", "100", "--seed", "7"]
    assert forecast.json().encode() == command(*args, "--json")
    assert str(forecast).encode() == command(*args)


def test_a_folder_a_day_and_changes_are_the_commands_too(command: Command) -> None:
    path, change = "cases/us-iran-2025", "sides.us.discount=5..10..20"
    case = winset.Case.load(path, as_of="2025-04-20", set=[change])
    by_mapping = winset.Case.load(
        path, as_of=datetime.date(2025, 4, 20), set={"sides.us.discount": "5..10..20"}
    )
    assert case.fingerprint == by_mapping.fingerprint
    printed = command(
        "forecast", path, "--as-of", "2025-04-20", "--set", change, "--draws", "50", "--json"
    )
    assert case.forecast(draws=50).json().encode() == printed


def test_threads_change_no_byte(demo: winset.Case, forecast: winset.Forecast) -> None:
    assert {demo.forecast(draws=200, threads=n).json() for n in (1, 2, 3)} == {forecast.json()}


def test_attributes_are_those_of_the_json(forecast: winset.Forecast) -> None:
    values = forecast.to_dict()
    assert forecast.answer.p == values["answer"]["p"]
    assert sum(vars(forecast.endings).values()) == pytest.approx(1, abs=1e-9)
    assert forecast.question.by == datetime.date(2025, 6, 30)
    assert forecast.agreement[0]["date"] == forecast.as_of + datetime.timedelta(days=1)
    tables = {name for name, value in values.items() if isinstance(value, list)}
    for name in tables:
        assert len(getattr(forecast, name)) == len(values[name])
    assert tables == {
        "agreement", "endings_by_day", "events", "terms", "blockers", "conflicts", "opens",
        "force", "coefficients",
    }  # fmt: skip


def test_a_changed_case_is_the_case_with_the_change(demo: winset.Case) -> None:
    change = {"sides.us.discount": 12}
    changed = demo.changed(change)
    assert changed.fingerprint == winset.Case.demo(set=change).fingerprint
    assert changed.fingerprint != demo.fingerprint
    assert changed.changed(as_of="2025-04-20").as_of == datetime.date(2025, 4, 20)


def test_a_case_survives_pickling(demo: winset.Case) -> None:
    case = demo.changed({"sides.us.discount": 12}, as_of="2025-04-20")
    again = pickle.loads(pickle.dumps(case))
    assert again.fingerprint == case.fingerprint


def test_progress_rises_to_the_total(demo: winset.Case) -> None:
    told: list[tuple[int, int]] = []
    demo.forecast(draws=300, progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (300, 300)


def test_an_error_in_progress_ends_the_forecast(demo: winset.Case) -> None:
    def refuse(done: int, total: int) -> None:
        raise LookupError(done)

    with pytest.raises(LookupError):
        demo.forecast(draws=1_000_000_000, progress=refuse)


def test_ctrl_c_ends_the_forecast(demo: winset.Case) -> None:
    import signal

    # A shell that starts a job in the background has it ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.3, signal.raise_signal, (signal.SIGINT,))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        demo.forecast(draws=1_000_000_000)
    timer.join()


def test_others_run_while_a_forecast_computes(demo: winset.Case) -> None:
    counted = 0
    over = threading.Event()

    def count() -> None:
        nonlocal counted
        while not over.is_set():
            counted += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    before = counted
    demo.forecast(draws=300, threads=1)
    during = counted - before
    over.set()
    thread.join()
    assert during > 5


def test_html_is_escaped() -> None:
    case = winset.Case.demo("emission-standards-1994", set={"title": "<b>&", "question.text": "<i>"})
    html = case.forecast(draws=10)._repr_html_()
    assert "&lt;b&gt;&amp;" in html and "<i>" not in html


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"draws": 0}, ValueError),
        ({"draws": 1.5}, TypeError),
        ({"draws": True}, TypeError),
        ({"seed": -1}, ValueError),
        ({"threads": 0}, ValueError),
    ],
)
def test_wrong_numbers_are_refused(
    demo: winset.Case, arguments: dict[str, int], error: type[Exception]
) -> None:
    with pytest.raises(error):
        demo.forecast(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["agreement", "endings"])
def test_a_chart_is_a_picture_of_its_own(
    forecast: winset.Forecast, kind: str, tmp_path: Path
) -> None:
    chart = forecast.chart(kind)
    chart.save(tmp_path / "chart.svg")
    root = ElementTree.parse(tmp_path / "chart.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert forecast.fingerprint[:12] in "".join(root.itertext())
    with pytest.raises(ValueError, match="endings"):
        forecast.chart("ending")
    for width in (0, -5, float("nan"), 1e9):
        with pytest.raises(ValueError, match="width"):
            forecast.chart(kind, width=width)
