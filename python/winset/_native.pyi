"""The native part."""

import os
from collections.abc import Callable
from typing import final

__all__ = ["VERSION", "Case", "Forecast", "Table", "backtest", "score"]

VERSION: str

_Read = tuple["Case | None", str]

@final
class Table:
    @staticmethod
    def of_json(text: str) -> Table: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __len__(self) -> int: ...
    def to_parquet(self, path: str | os.PathLike[str]) -> None: ...

@final
class Forecast:
    def json(self) -> str: ...
    def text(self) -> str: ...
    def table(self, name: str) -> Table: ...
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
        record: tuple[str, str] | None,
        as_of: str | None,
        set: list[str],
    ) -> _Read: ...
    def texts(self) -> tuple[str, str, tuple[str, str] | None, str | None, list[str]]: ...
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
    def shard(self, seed: int, start: int, stop: int, threads: int) -> bytes: ...
    def merged(self, seed: int, draws: int, shards: list[bytes]) -> Forecast: ...
    def diff(
        self,
        other: Case,
        draws: int,
        seed: int,
        threads: int | None,
        progress: Callable[[int, int], object] | None,
    ) -> str: ...
    def deals(self, draws: int, seed: int) -> str: ...
    def spatial(self, model: str | None, rounds: int, draws: int) -> str: ...
    def moved(
        self,
        from_: str | None,
        to: str | None,
        draws: int,
        seed: int,
        threads: int | None,
    ) -> str: ...
    def drivers(
        self,
        by: str,
        draws: int,
        top: int,
        seed: int,
        threads: int | None,
        progress: Callable[[int, int], object] | None,
    ) -> str: ...
    def flip(
        self,
        p: float,
        draws: int,
        top: int,
        joint: int,
        seed: int,
        threads: int | None,
        progress: Callable[[int, int], object] | None,
    ) -> str: ...
    def belief(self, actor: str | None, issue: str | None) -> str: ...

def backtest(folder: str | os.PathLike[str], split: str, model: str | None) -> str: ...
def score(folders: list[str], by: str | None, replayed: bool) -> str: ...
