"""The native part."""

import os
from collections.abc import Callable
from typing import final

__all__ = [
    "VERSION",
    "Case",
    "Forecast",
    "Table",
    "backtest",
    "brief",
    "class_",
    "classes",
    "kinds",
    "points",
    "score",
    "shapes",
    "sweep_report",
    "swept",
]

VERSION: str

_Read = tuple["Case | None", str]
_Printed = tuple[str, str, str | None]
_Point = tuple[int, list[float], list[float | None]]

@final
class Table:
    @staticmethod
    def of_json(
        text: str, columns: list[tuple[str, str]], about: list[tuple[str, str]]
    ) -> Table: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def to_parquet(self, path: str | os.PathLike[str]) -> None: ...

@final
class Forecast:
    def json(self) -> str: ...
    def text(self) -> str: ...
    def shard(self) -> bytes: ...
    def chart(self, kind: str, width: float) -> str: ...

@final
class Case:
    @staticmethod
    def load(path: str | os.PathLike[str], as_of: str | None, set: list[str]) -> _Read: ...
    @staticmethod
    def demo(name: str, as_of: str | None, set: list[str]) -> _Read | None: ...
    @staticmethod
    def demos() -> list[str]: ...
    @staticmethod
    def of_texts(
        name: str,
        case: str,
        beside: list[tuple[str, str, str]],
        as_of: str | None,
        set: list[str],
    ) -> _Read: ...
    def texts(self) -> tuple[str, str, list[tuple[str, str, str]], str | None, list[str]]: ...
    @property
    def title(self) -> str: ...
    @property
    def as_of(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    def inputs(self) -> str: ...
    def forecast(
        self,
        draws: int,
        seed: int,
        threads: int | None,
        progress: Callable[[int, int], object] | None,
    ) -> Forecast: ...
    def answers(
        self,
        draws: int,
        seed: int,
        threads: int | None,
        progress: Callable[[int, int], object] | None,
    ) -> list[float]: ...
    def shard(self, seed: int, start: int, stop: int, threads: int) -> bytes: ...
    def merged(self, seed: int, draws: int, shards: list[bytes]) -> Forecast: ...
    def diff(
        self,
        other: Case,
        draws: int,
        seed: int,
        threads: int | None,
        progress: Callable[[int, int], object] | None,
    ) -> _Printed: ...
    def deals(self, draws: int, seed: int) -> _Printed: ...
    def spatial(self, model: str | None, rounds: int, draws: int) -> _Printed: ...
    def moved(
        self,
        from_: str | None,
        to: str | None,
        draws: int,
        seed: int,
        threads: int | None,
    ) -> _Printed: ...
    def history(
        self,
        from_: str | None,
        to: str | None,
        every: int,
        draws: int,
        seed: int,
        threads: int | None,
        progress: Callable[[int, int], object] | None,
    ) -> _Printed: ...
    def drivers(
        self,
        by: str,
        draws: int,
        top: int,
        seed: int,
        threads: int | None,
        progress: Callable[[int, int], object] | None,
    ) -> _Printed: ...
    def stability(
        self,
        responses: str,
        draws: int,
        seed: int,
        threads: int | None,
        progress: Callable[[int, int], object] | None,
    ) -> _Printed: ...
    def flip(
        self,
        p: float,
        draws: int,
        top: int,
        joint: int,
        seed: int,
        threads: int | None,
        progress: Callable[[int, int], object] | None,
    ) -> _Printed: ...
    def belief(self, actor: str | None, issue: str | None) -> _Printed: ...

def brief(
    case: Case,
    draws: int,
    seed: int,
    compared: int,
    since: str | None,
    redact: bool,
    threads: int | None,
) -> tuple[str, str, str]: ...
def points(case: Case, spec: str) -> int: ...
def swept(
    case: Case,
    spec: str,
    points: list[int],
    threads: int | None,
    progress: Callable[[int, int], object] | None,
) -> list[_Point]: ...
def sweep_report(
    case: Case, spec: str, rows: list[_Point]
) -> tuple[str, str, list[tuple[str, str]]]: ...
def shapes() -> str: ...
def kinds(text: str) -> list[tuple[str, str]]: ...
def backtest(folder: str | os.PathLike[str], split: str, model: str | None) -> _Printed: ...
def score(folders: list[str], by: str | None, replayed: bool) -> _Printed: ...
def classes() -> str: ...
def class_(name: str, group: str | None, elapsed: int) -> _Printed: ...
