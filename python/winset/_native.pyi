"""The native part."""

import os
from collections.abc import Callable
from typing import final

VERSION: str

_Read = tuple["Case | None", str]

@final
class Table:
    @staticmethod
    def of_json(text: str) -> Table: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __len__(self) -> int: ...

@final
class Forecast:
    def json(self) -> str: ...
    def text(self) -> str: ...
    def table(self, name: str) -> Table: ...

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
