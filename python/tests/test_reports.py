"""Reports are the command's."""

import datetime
import os
import pickle
import shutil
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest

import winset

Command = Callable[..., bytes]


@pytest.mark.parametrize("name", winset.demos())
def test_deals_are_the_commands_to_the_byte(command: Command, name: str) -> None:
    report = winset.Case.demo(name).deals(draws=50, seed=3)
    printed = command("deals", name, "--draws", "50", "--seed", "3", "--json")
    assert report.json().encode() == printed
    assert len(report.table("ranked")) == len(report["ranked"])


def test_position_models_are_the_commands_to_the_byte(command: Command) -> None:
    report = winset.Case.demo("emission-standards-1994").spatial(rounds=2, draws=50)
    args = ["spatial", "emission-standards-1994", "--rounds", "2", "--draws", "50", "--json"]
    assert report.json().encode() == command(*args)


def test_what_would_hold_is_the_commands_to_the_byte(
    command: Command, demo: winset.Case
) -> None:
    report = demo.stability("one-step", draws=50, seed=2)
    args = ["--responses", "one-step", "--draws", "50", "--seed", "2", "--json"]
    assert report.json().encode() == command("stability", "us-iran-2025", *args)
    assert len(report.table("robustness")) == len(report["robustness"])
    assert "<svg" in report.chart().svg
    with pytest.raises(ValueError, match="rule of responses"):
        demo.stability("twice", draws=10)


def test_beliefs_are_the_commands_to_the_byte(command: Command, demo: winset.Case) -> None:
    report = demo.belief(issue="enrichment")
    assert report.json().encode() == command(
        "belief", "us-iran-2025", "--issue", "enrichment", "--json"
    )


def test_what_moved_the_number_is_the_commands_to_the_byte(
    command: Command, demo: winset.Case
) -> None:
    report = demo.moved("2025-04-20", datetime.date(2025, 4, 22), draws=20)
    days = ["--from", "2025-04-20", "--to", "2025-04-22"]
    assert report.json().encode() == command(
        "moved", "us-iran-2025", *days, "--draws", "20", "--json"
    )
    with pytest.raises(ValueError, match="comes after"):
        demo.moved("2025-04-22", "2025-04-20", draws=20)


@pytest.mark.parametrize(
    ("as_of", "days", "options"),
    [
        (None, {}, []),
        (None, {"from_": "2025-04-20"}, ["--from", "2025-04-20"]),
        (None, {"to": "2025-04-18"}, ["--to", "2025-04-18"]),
        ("2025-04-20", {}, ["--to", "2025-04-20"]),
        ("2025-04-20", {"from_": "2025-04-18"}, ["--from", "2025-04-18", "--to", "2025-04-20"]),
        # A day that is given counts, whatever the case is told from.
        ("2025-04-16", {"to": "2025-04-21"}, ["--to", "2025-04-21"]),
    ],
)
def test_the_days_of_moved_default_to_those_of_the_command(
    command: Command, as_of: str | None, days: dict[str, str], options: list[str]
) -> None:
    change = "sides.us.discount=12"
    case = winset.Case.demo(as_of=as_of, set=[change])
    printed = command(
        "moved", "us-iran-2025", *options, "--set", change, "--draws", "10", "--json"
    )
    assert case.moved(**days, draws=10).json().encode() == printed  # type: ignore[arg-type]


def test_moved_asks_as_many_draws_as_the_command(command: Command) -> None:
    # A day with little news, since each piece doubles the forecasts.
    printed = command("moved", "us-iran-2025", "--to", "2025-04-21", "--json")
    report = winset.Case.demo().moved(to="2025-04-21")
    assert report["draws"] == 1_000 and report.json().encode() == printed


def test_drivers_and_flip_are_the_commands_to_the_byte(command: Command) -> None:
    name = "emission-standards-1994"
    case = winset.Case.demo(name)
    few = ["--draws", "16", "--top", "2", "--json"]
    told: list[int] = []
    report = case.drivers(
        by="actor", draws=16, top=2, progress=lambda done, total: told.append(total - done)
    )
    assert report.json().encode() == command("drivers", name, "--by", "actor", *few)
    assert told[-1] == 0 and len(report.table("tornado")) == len(report["tornado"])
    report = case.flip(0.5, draws=16, top=2, joint=1)
    assert report.json().encode() == command("flip", name, "--p", "0.5", "--joint", "1", *few)
    with pytest.raises(ValueError, match="actor"):
        case.drivers(by="actors")


def test_an_unknown_name_gets_a_hint(demo: winset.Case) -> None:
    with pytest.raises(ValueError, match="enrichment"):
        demo.belief(issue="enrichmnt")
    with pytest.raises(ValueError, match="median"):
        demo.spatial(model="no-such-model", draws=0)


def test_a_backtest_is_the_commands_to_the_byte(command: Command) -> None:
    folder = os.environ.get("WINSET_DATA")
    if folder is None or not (Path(folder) / "deu").is_dir():
        how = "set WINSET_DATA to a folder with the data"
        with open(os.environ["WINSET_SKIPPED"], "a", encoding="utf-8") as skipped:
            skipped.write(f"test_a_backtest_is_the_commands_to_the_byte ({how})\n")
        return
    report = winset.backtest(Path(folder) / "deu", model="median")
    printed = command("backtest", "deu", str(Path(folder) / "deu"), "--model", "median", "--json")
    assert report.json().encode() == printed


def test_scores_are_the_commands_to_the_byte(command: Command, tmp_path: Path) -> None:
    case = tmp_path / "talks"
    command("new", str(case), "--from", "us-iran-2025")
    command("log", "add", str(case), "--draws", "50", "--as-of", "2025-04-20")
    question = "agreement-by-2025-06-30"
    command("resolve", question, "no", "--on", "2025-07-01", "--case", str(case))
    for options, kwargs in ([], {}), (["--by", "period", "--replayed"], {"by": "period", "replayed": True}):
        printed = command("score", str(case), *options, "--json")
        assert winset.score(case, **kwargs).json().encode() == printed  # type: ignore[arg-type]
    assert winset.score([case], replayed=True)["questions"][0]["id"] == question
    with pytest.raises(ValueError, match="tag, horizon or period"):
        winset.score(case, by="week")
    with pytest.raises(ValueError, match="case.toml"):
        winset.score(tmp_path / "nowhere")
    # A log is read without its case, and counts once.
    alone = tmp_path / "alone"
    alone.mkdir()
    log = shutil.copy(case / "log.jsonl", alone)
    shutil.copy(case / "log.jsonl.head", alone)
    expected = winset.score(case, replayed=True).json()
    assert winset.score(alone, replayed=True).json() == expected
    assert winset.score(log, replayed=True).json() == expected
    with pytest.raises(ValueError, match="one log"):
        winset.score([case, alone])


def test_what_is_printed_is_what_the_command_prints(command: Command, demo: winset.Case) -> None:
    name = "us-iran-2025"
    few = ["--draws", "20"]
    change = "sides.us.discount=20"
    for report, args in (
        (demo.deals(draws=20), ["deals", name, *few]),
        (demo.what_if([change], draws=20), ["diff", name, "--with", change, *few]),
        (demo.moved("2025-04-21", draws=20), ["moved", name, "--from", "2025-04-21", *few]),
        (demo.flip(0.5, draws=16, top=1, joint=1),
         ["flip", name, "--p", "0.5", "--draws", "16", "--top", "1", "--joint", "1"]),
        (demo.drivers(draws=16, top=1), ["drivers", name, "--draws", "16", "--top", "1"]),
        (demo.belief(), ["belief", name]),
        (demo.spatial(draws=20), ["spatial", name, *few]),
        (demo.stability(draws=20), ["stability", name, *few]),
        (winset.class_("mediated"), ["class", "show", "mediated"]),
    ):  # fmt: skip
        assert str(report).encode() == command(*args), args
        assert report["schema"] in repr(report)


def test_a_history_is_the_commands_to_the_byte(command: Command, demo: winset.Case) -> None:
    told: list[tuple[int, int]] = []
    report = demo.history(
        "2025-04-18", every=2, draws=20, progress=lambda done, total: told.append((done, total))
    )
    args = ["history", "us-iran-2025", "--from", "2025-04-18", "--every", "2d", "--draws", "20"]
    assert report.json().encode() == command(*args, "--json")
    assert str(report).encode() == command(*args)
    assert told == sorted(told) and told[-1][0] == told[-1][1] == 60
    assert [row["date"].day for row in report.table("days")] == [18, 20, 22]


def test_two_days_of_a_case_differ_as_the_command_says(
    command: Command, demo: winset.Case
) -> None:
    report = demo.changed(as_of="2025-04-15").diff(demo, draws=20)
    days = ["--a-as-of", "2025-04-15"]
    assert report.json().encode() == command(
        "diff", "us-iran-2025", *days, "--draws", "20", "--json"
    )


def test_a_sweep_is_the_commands_to_the_byte(
    command: Command, demo: winset.Case, tmp_path: Path
) -> None:
    spec = tmp_path / "spec.toml"
    spec.write_text(
        'case = "us-iran-2025"\ndraws = 20\n[grid]\n'
        'sides.us.discount = [5, 10.5]\nsides.us.cost = ["0..1..3", 2]\n'
    )
    grid = {"sides.us.discount": [5, 10.5], "sides.us.cost": ["0..1..3", 2]}
    report = demo.sweep(grid, draws=20)
    assert report.json().encode() == command("sweep", str(spec), "--json")
    assert str(report).encode() == command("sweep", str(spec))
    assert report.rows.columns[:3] == ("point", "sides.us.discount", "sides.us.cost")
    assert [row["sides.us.cost"] for row in report.rows] == ["0..1..3", "2"] * 2
    assert report.rows[1]["p"] == report["rows"][1]["p"]
    with pytest.raises(ValueError, match="discont"):
        demo.sweep({"sides.us.discont": [5]})
    # A text is no list of its letters.
    for values in ("12", 12):
        with pytest.raises(TypeError, match="a list of values"):
            demo.sweep({"sides.us.cost": values})  # type: ignore[dict-item]


def test_a_brief_is_the_commands_to_the_byte(
    command: Command, demo: winset.Case, tmp_path: Path
) -> None:
    brief = demo.brief(draws=20, compared=20, since="2025-04-21")
    args = ["brief", "us-iran-2025", "--draws", "20", "--compared", "20", "--since", "2025-04-21"]
    assert brief.json().encode() == command(*args, "--json")
    assert str(brief).encode() == brief.markdown().encode() == command(*args)
    brief.save(tmp_path / "brief.html")
    assert (tmp_path / "brief.html").read_bytes() == command(*args, "--format", "html")
    with pytest.raises(ValueError, match=r"\.html, \.md, \.json"):
        brief.save(tmp_path / "brief.pdf")
    with pytest.raises(ValueError, match="2025-04-22 is not before"):
        demo.brief(since="2025-04-22")


def _words(chart: winset.Chart) -> str:
    root = ElementTree.fromstring(chart.svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    # Blanks that do not break are blanks here.
    return " ".join("".join(root.itertext()).split())


def _percent(p: float) -> str:
    return f"{100 * p:.0f} %"


def test_a_history_is_drawn_from_its_first_day_to_its_last(demo: winset.Case) -> None:
    report = demo.history("2025-04-20", draws=50)
    first, *_, last = report.table("days")
    words = _words(report.chart())
    for row in (first, last):
        assert _percent(row["p"]) in words
    assert "20 April" in words and "22 April" in words and "50 draws a day" in words


def test_both_sides_of_a_difference_are_drawn(demo: winset.Case) -> None:
    change = ["actors.trump.red_max.enrichment=60"]
    other = demo.changed(change)
    for report in (demo.diff(other, draws=50), demo.what_if(change, draws=50)):
        words = _words(report.chart())
        for p in (report.answer.a, report.answer.b):
            assert _percent(p) in words
        assert demo.fingerprint[:12] in words and other.fingerprint[:12] in words


def test_drivers_and_moves_have_charts(demo: winset.Case) -> None:
    tornado = demo.drivers(draws=16, top=1)
    for report, words in ((tornado, "draws"), (demo.moved(draws=10), "2025")):
        root = ElementTree.fromstring(report.chart().svg)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert words in "".join(root.itertext())
    assert tornado["fingerprint"][:12] in "".join(ElementTree.fromstring(tornado.chart().svg).itertext())
    with pytest.raises(ValueError, match="no chart"):
        demo.belief().chart()


def test_ctrl_c_ends_the_search_for_deals(demo: winset.Case) -> None:
    # A shell that starts a job in the background has it ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    took: list[float] = []

    def interrupt() -> None:
        took.append(time.perf_counter())
        signal.raise_signal(signal.SIGINT)

    timer = threading.Timer(0.3, interrupt)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        demo.deals(draws=1_000_000)
    assert time.perf_counter() - took[0] < 1
    timer.join()


def test_classes_are_tables_with_a_row_a_day() -> None:
    rows = winset.classes()
    assert "mediated" in [row["name"] for row in rows]
    past = winset.class_("mediated")
    assert past.cif.columns == ("day", "agreement", "other")
    assert [row["day"] for row in past.cif] == list(range(1, 731))
    assert past["agreed"] + past["others"] + past["open"] == past["n"]
    later = winset.class_("mediated", elapsed=30).cif
    assert later[29]["agreement"] == 0.0
    gone = past.cif[29]
    left = 1 - gone["agreement"] - gone["other"]
    expected = (past.cif[89]["agreement"] - gone["agreement"]) / left
    assert abs(later[89]["agreement"] - expected) < 1e-12
    with pytest.raises(ValueError, match="did you mean `strike`"):
        winset.class_("strke")


def test_a_case_with_a_table_of_its_own_is_the_same_wherever_it_is_read() -> None:
    case = winset.Case.load("cases/water")
    again = pickle.loads(pickle.dumps(case))
    assert again.fingerprint == case.fingerprint
    with ThreadPoolExecutor(2) as pool:
        spread = case.forecast(draws=60, executor=pool, shards=3)
    assert spread.json() == case.forecast(draws=60).json()
    assert case.changed(["clock.pool=100"]).forecast(draws=60).answer.p != spread.answer.p
