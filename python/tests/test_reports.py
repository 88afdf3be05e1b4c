"""Reports are the command's."""

import os
from collections.abc import Callable
from pathlib import Path

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


def test_beliefs_are_the_commands_to_the_byte(command: Command, demo: winset.Case) -> None:
    report = demo.belief(issue="enrichment")
    assert report.json().encode() == command(
        "belief", "us-iran-2025", "--issue", "enrichment", "--json"
    )


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
