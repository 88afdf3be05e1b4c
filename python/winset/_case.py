"""A case: load it, change it, ask it."""

from __future__ import annotations

import datetime
import json
import os
import warnings
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from functools import cached_property
from typing import Any

from winset import _native, _shards, _toml
from winset._errors import CaseError, CaseWarning, Finding, findings_of
from winset._forecast import Forecast
from winset._report import Report, WhatIf
from winset._table import Table

Day = str | datetime.date
Progress = Callable[[int, int], object]
Changes = Iterable[str] | Mapping[str, object]

_LARGEST = 1_000_000_000


def demos() -> list[str]:
    """The names of the cases that come with the package; the first is the default."""
    return _native.Case.demos()


def backtest(
    folder: str | os.PathLike[str], split: str = "train", model: str | None = None
) -> Report:
    """How the position models do on the decisions of the DEU data in a folder.

    What ``winset backtest`` reports. ``split`` is ``train``, ``holdout`` or ``all``.
    """
    return Report(_native.backtest(os.fspath(folder), split, model))


def score(
    folders: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    by: str | None = None,
    replayed: bool = False,
) -> Report:
    """How far the logged forecasts of resolved questions were from what happened.

    What ``winset score`` reports of the logs beside the cases in ``folders``. ``by`` divides by
    ``tag``, ``horizon`` or ``period``; ``replayed`` counts each forecast from the day it is told
    from, not from the day it was made.
    """
    if isinstance(folders, (str, os.PathLike)):
        folders = [folders]
    return Report(_native.score([os.fspath(f) for f in folders], by, replayed))


class Case:
    """A negotiation as it is described in a ``case.toml``, told from a day.

    Make one with :meth:`load`, :meth:`demo` or :meth:`from_dict`. A case never changes:
    :meth:`changed` gives another.
    """

    def __init__(self, native: _native.Case, findings: tuple[Finding, ...] = ()) -> None:
        self._native = native
        self.findings = findings
        """What is worth a look although the case can be used."""

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], as_of: Day | None = None, set: Changes = ()
    ) -> Case:
        """Reads a folder with a ``case.toml`` (and a ``record.csv``), or the file itself.

        ``as_of`` tells it from that day: later entries are not seen. ``set`` changes inputs for
        this case: ``["sides.us.discount=5..10..30"]`` or ``{"sides.us.discount": "5..10..30"}``.

        Raises :class:`CaseError` if the case cannot be used, :class:`OSError` if it cannot be read.
        """
        return cls._made(_native.Case.load(os.fspath(path), _day(as_of), _changes(set)))

    @classmethod
    def demo(
        cls, name: str | None = None, as_of: Day | None = None, set: Changes = ()
    ) -> Case:
        """A case that comes with the package; :func:`demos` names them."""
        known = demos()
        read = _native.Case.demo(known[0] if name is None else name, _day(as_of), _changes(set))
        if read is None:
            raise ValueError(f"no case `{name}` comes with winset\n\nhint: one of {', '.join(known)}")
        return cls._made(read)

    @classmethod
    def from_dict(
        cls,
        values: Mapping[str, object],
        record: str | None = None,
        as_of: Day | None = None,
        set: Changes = (),
    ) -> Case:
        """A case from the keys of a ``case.toml`` and the text of a ``record.csv``.

        Dates are :class:`datetime.date` or text. Lines in errors count the keys of ``values``.
        """
        text = _toml.document(values)
        beside = [] if record is None else [("record.csv", "record", record)]
        read = _native.Case.of_texts("from_dict", text, beside, _day(as_of), _changes(set))
        return cls._made(read)

    @classmethod
    def _made(cls, read: tuple[_native.Case | None, str]) -> Case:
        native, text = read
        findings = findings_of(text)
        if native is None:
            raise CaseError(findings)
        for finding in findings:
            warnings.warn(str(finding), CaseWarning, stacklevel=3)
        return cls(native, findings)

    def changed(self, set: Changes = (), as_of: Day | None = None) -> Case:
        """The same case with other inputs, or as of another day."""
        name, case, beside, day, had = self._native.texts()
        read = _native.Case.of_texts(
            name, case, beside, day if as_of is None else _day(as_of), had + _changes(set)
        )
        return self._made(read)

    @property
    def title(self) -> str:
        """What the case is called."""
        return self._native.title

    @property
    def as_of(self) -> datetime.date:
        """The day it is told from."""
        return datetime.date.fromisoformat(self._native.as_of)

    @property
    def fingerprint(self) -> str:
        """The BLAKE3 hash of everything that decides a forecast."""
        return self._native.fingerprint

    @cached_property
    def inputs(self) -> Table:
        """Every number: ``path, q05, q50, q95, rests_on, written``, in the units of the file."""
        return Table.of_rows(json.loads(self._native.inputs()))

    def forecast(
        self,
        draws: int = 10_000,
        seed: int = 1,
        threads: int | None = None,
        executor: Executor | None = None,
        progress: Progress | None = None,
        shards: int | None = None,
    ) -> Forecast:
        """Is there a deal, on which terms, by when, who blocks?

        The same seed gives the same bytes on any number of ``threads`` (all processors by default)
        and on any ``executor``. The interpreter is free meanwhile; ``progress(done, total)`` is
        called a few times a second, and Ctrl-C or an error raised there ends it.

        ``executor`` is anything with the interface of :class:`concurrent.futures.Executor`: a
        process pool, Dask's ``client.get_executor()``, :class:`winset.ray.RayExecutor`. It gets the
        draws in ``shards`` parts, each computed by one thread.
        """
        _whole("draws", draws, 1, _LARGEST)
        _whole("seed", seed, 0, 2**64 - 1)
        _threads(threads)
        if executor is None:
            if shards is not None:
                raise ValueError("shards need an executor\n\nhint: threads=n uses this machine")
            return Forecast(self._native.forecast(draws, seed, threads, progress))
        if threads is not None:
            raise ValueError("an executor decides itself how many workers there are; drop threads")
        if shards is not None:
            _whole("shards", shards, 1, draws)
        parts = _shards.spread(self._native.texts(), executor, draws, seed, shards, progress)
        return Forecast(self._native.merged(seed, draws, parts))

    def what_if(
        self,
        set: Changes,
        draws: int = 10_000,
        seed: int = 1,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> WhatIf:
        """What a change of inputs does to the answer, on the same random numbers.

        The difference is paired draw by draw, and so is its error: ``what_if(...).answer`` has
        ``a``, ``b``, ``change`` and ``error``. It reports what ``winset diff --with`` does.
        """
        _whole("draws", draws, 1, _LARGEST)
        _whole("seed", seed, 0, 2**64 - 1)
        _threads(threads)
        other = self.changed(set)
        return WhatIf(self._native.diff(other._native, draws, seed, threads, progress))

    def deals(self, draws: int = 1_000, seed: int = 1) -> Report:
        """Which packages would be ratified, which trades pay: what ``winset deals`` reports."""
        _whole("draws", draws, 1, 1_000_000)
        _whole("seed", seed, 0, 2**64 - 1)
        return Report(self._native.deals(draws, seed))

    def spatial(
        self, model: str | None = None, rounds: int = 1, draws: int = 1_000
    ) -> Report:
        """Where every position model sees each issue end: what ``winset spatial`` reports.

        ``draws`` of the case's own forecast are set beside; 0 leaves them out.
        """
        _whole("rounds", rounds, 1, 1_000)
        _whole("draws", draws, 0, 1_000_000)
        return Report(self._native.spatial(model, rounds, draws))

    def moved(
        self,
        from_: Day | None = None,
        to: Day | None = None,
        draws: int = 1_000,
        seed: int = 1,
        threads: int | None = None,
    ) -> Report:
        """What moved the number between two days: what ``winset moved`` reports.

        ``to`` is the case's own ``as_of`` unless given, ``from_`` the day before ``to``.
        ``report.table("entries")`` has the news, each with its part.
        """
        _whole("draws", draws, 1, _LARGEST)
        _whole("seed", seed, 0, 2**64 - 1)
        _threads(threads)
        return Report(self._native.moved(_day(from_), _day(to), draws, seed, threads))

    def drivers(
        self,
        by: str = "input",
        draws: int = 1_024,
        top: int = 20,
        seed: int = 1,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """What drives the answer: what ``winset drivers`` reports.

        ``by`` is ``input``, ``actor``, ``side``, ``issue`` or ``kind``; ``report.table("tornado")``
        and ``report.table("sobol")`` are its tables.
        """
        _whole("draws", draws, 16, 10_000_000)
        _whole("top", top, 1, 1_000)
        _whole("seed", seed, 0, 2**64 - 1)
        _threads(threads)
        return Report(self._native.drivers(by, draws, top, seed, threads, progress))

    def flip(
        self,
        p: float,
        draws: int = 512,
        top: int = 20,
        joint: int = 6,
        seed: int = 1,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """The smallest change that takes the answer across ``p``: what ``winset flip`` reports."""
        if not 0 < p < 1:
            raise ValueError(f"p is {p}; it is a probability between 0 and 1, such as 0.5")
        _whole("draws", draws, 16, 1_000_000)
        _whole("top", top, 1, 1_000)
        _whole("joint", joint, 1, 100)
        _whole("seed", seed, 0, 2**64 - 1)
        _threads(threads)
        return Report(self._native.flip(p, draws, top, joint, seed, threads, progress))

    def belief(self, actor: str | None = None, issue: str | None = None) -> Report:
        """Where everyone stands and stood by the record: what ``winset belief`` reports."""
        return Report(self._native.belief(actor, issue))

    def __repr__(self) -> str:
        return f"<winset.Case: {self.title}, as of {self.as_of}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_again, self._native.texts())


def _again(
    name: str,
    case: str,
    beside: list[tuple[str, str, str]],
    as_of: str | None,
    set: list[str],
) -> Case:
    """A case from what it was pickled as; its warnings were told before."""
    native, text = _native.Case.of_texts(name, case, beside, as_of, set)
    findings = findings_of(text)
    if native is None:
        raise CaseError(findings)
    return Case(native, findings)


def _day(day: Day | None) -> str | None:
    return day.isoformat() if isinstance(day, datetime.date) else day


def _changes(changes: Changes) -> list[str]:
    if isinstance(changes, str):
        raise TypeError(f"set is the text {changes!r}; write a list, as set=[{changes!r}]")
    if isinstance(changes, Mapping):
        return [f"{path}={_toml.literal(value, path)}" for path, value in changes.items()]
    return list(changes)


def _whole(name: str, value: int, least: int, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} is {value!r}; it is a whole number")
    if not least <= value <= most:
        raise ValueError(f"{name} is {value}; it lies from {least} to {most}")


def _threads(threads: int | None) -> None:
    if threads is not None:
        _whole("threads", threads, 1, 1024)
