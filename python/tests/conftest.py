"""What the tests share."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

import winset

# Tests write only below the build folder: no database of examples, and the same examples each time.
settings.register_profile("winset", database=None, derandomize=True)
settings.load_profile("winset")

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def command() -> Callable[..., bytes]:
    """Runs the command, which xtask has built, and gives what it prints."""
    binary = os.environ["WINSET_BIN"]

    def run(*args: str) -> bytes:
        done = subprocess.run([binary, *args], capture_output=True, check=True, cwd=ROOT)
        return done.stdout

    return run


@pytest.fixture(scope="session")
def demo() -> winset.Case:
    return winset.Case.demo()


@pytest.fixture(scope="session")
def forecast(demo: winset.Case) -> winset.Forecast:
    return demo.forecast(draws=200)
