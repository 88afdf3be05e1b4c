"""A case: load it, change it, ask it."""

from __future__ import annotations

import datetime
import json
import os
import tomllib
import warnings
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from functools import cached_property
from typing import Any, SupportsFloat, SupportsIndex

from winset import _native, _scalars, _shards, _toml
from winset._errors import CaseError, CaseWarning, Finding, findings_of
from winset._forecast import Forecast
from winset._report import Brief, Report, Sweep, WhatIf
from winset._scalars import Day, whole
from winset._scalars import day as _day
from winset._table import Table

Progress = Callable[[int, int], object]
Changes = Iterable[str] | Mapping[str, object]

_LARGEST = 1_000_000_000

_INPUTS = (
    ("path", "text"),
    ("q05", "number"),
    ("q50", "number"),
    ("q95", "number"),
    ("rests_on", "texts"),
    ("written", "flag"),
)


def demos() -> list[str]:
    """The names of the cases that come with the package; the first is the default."""
    return _native.Case.demos()


def backtest(
    folder: str | os.PathLike[str], split: str = "train", model: str | None = None
) -> Report:
    """How the position models do on the decisions of the DEU data in a folder.

    What ``winset backtest`` reports. ``split`` is ``train``, ``holdout`` or ``all``.
    """
    return Report(*_native.backtest(os.fspath(folder), split, model))


def score(
    folders: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    by: str | None = None,
    replayed: bool = False,
) -> Report:
    """How far the logged forecasts of resolved questions were from what happened.

    What ``winset score`` reports of the logs in ``folders``, with or without their cases, or of logs
    themselves. ``by`` divides by
    ``tag``, ``horizon`` or ``period``; ``replayed`` counts each forecast from the day it is told
    from, not from the day it was made.
    """
    if isinstance(folders, (str, os.PathLike)):
        folders = [folders]
    return Report(*_native.score([os.fspath(f) for f in folders], by, replayed))


class Case:
    """A negotiation as it is described in a ``case.toml``, told from a day.

    Make one with :meth:`load`, :meth:`demo` or :meth:`from_dict`. A case never changes:
    :meth:`changed` gives another.
    """

    def __init__(self, native: _native.Case, findings: tuple[Finding, ...] = ()) -> None:
        if not isinstance(native, _native.Case):
            raise TypeError(
                f"Case is not made of {native!r}\n\nhint: winset.Case.load('folder') reads one, "
                "Case.demo() is one that comes with the package, Case.from_dict({...}) makes one"
            )
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
        about = {"fingerprint": self.fingerprint, "as_of": self.as_of}
        return Table.of_report(_INPUTS, json.loads(self._native.inputs()), about)

    def forecast(
        self,
        draws: SupportsIndex = 10_000,
        seed: SupportsIndex = 1,
        threads: SupportsIndex | None = None,
        executor: Executor | None = None,
        progress: Progress | None = None,
        shards: SupportsIndex | None = None,
    ) -> Forecast:
        """Is there a deal, on which terms, by when, who blocks?

        The same seed gives the same bytes on any number of ``threads`` (all processors by default)
        and on any ``executor``. The interpreter is free meanwhile; ``progress(done, total)`` is
        called a few times a second, and Ctrl-C or an error raised there ends it.

        ``executor`` is anything with the interface of :class:`concurrent.futures.Executor`: a
        process pool, Dask's ``client.get_executor()``, :class:`winset.ray.RayExecutor`. It gets the
        draws in ``shards`` parts, each computed by one thread.
        """
        draws = whole("draws", draws, 1, _LARGEST)
        seed = whole("seed", seed, 0, 2**64 - 1)
        threads = _scalars.threads(threads)
        if executor is None:
            if shards is not None:
                raise ValueError("shards need an executor\n\nhint: threads=n uses this machine")
            native = self._native.forecast(draws, seed, threads, progress)
            return Forecast.of_case(native, self._native.texts())
        if threads is not None:
            raise ValueError("an executor decides itself how many workers there are; drop threads")
        if shards is not None:
            shards = whole("shards", shards, 1, draws)
        parts = _shards.spread(self._native.texts(), executor, draws, seed, shards, progress)
        return Forecast.of_case(self._native.merged(seed, draws, parts), self._native.texts())

    def answers(
        self,
        draws: SupportsIndex = 10_000,
        seed: SupportsIndex = 1,
        threads: SupportsIndex | None = None,
        progress: Progress | None = None,
    ) -> Table:
        """What each draw says of the answer: ``draw, p``, whose mean is ``forecast().answer.p``.

        A draw that explains better that nothing has ended yet weighs more, and its ``p`` with it, so
        that a single one may lie outside 0 to 1.
        """
        draws = whole("draws", draws, 1, 10_000_000)
        seed = whole("seed", seed, 0, 2**64 - 1)
        threads = _scalars.threads(threads)
        found = self._native.answers(draws, seed, threads, progress)
        rows = [{"draw": draw, "p": p} for draw, p in enumerate(found)]
        about = {"fingerprint": self.fingerprint, "as_of": self.as_of, "seed": seed, "draws": draws}
        return Table.of_report((("draw", "whole"), ("p", "number")), rows, about)

    def what_if(
        self,
        set: Changes,
        draws: SupportsIndex = 10_000,
        seed: SupportsIndex = 1,
        threads: SupportsIndex | None = None,
        progress: Progress | None = None,
    ) -> WhatIf:
        """What a change of inputs does to the answer, on the same random numbers.

        The difference is paired draw by draw, and so is its error: ``what_if(...).answer`` has
        ``a``, ``b``, ``change`` and ``error``. It reports what ``winset diff --with`` does.
        """
        draws = whole("draws", draws, 1, _LARGEST)
        seed = whole("seed", seed, 0, 2**64 - 1)
        threads = _scalars.threads(threads)
        return self.diff(self.changed(set), draws, seed, threads, progress)

    def diff(
        self,
        other: Case,
        draws: SupportsIndex = 10_000,
        seed: SupportsIndex = 1,
        threads: SupportsIndex | None = None,
        progress: Progress | None = None,
    ) -> WhatIf:
        """This case (``a``) and another (``b``) on the same random numbers, as ``winset diff`` does.

        The other may be the same case as of another day: ``case.diff(case.changed(as_of=day))``.
        ``chart()`` lays the chance by each day of both over each other.
        """
        draws = whole("draws", draws, 1, _LARGEST)
        seed = whole("seed", seed, 0, 2**64 - 1)
        threads = _scalars.threads(threads)
        return WhatIf(*self._native.diff(other._native, draws, seed, threads, progress))

    def sweep(
        self,
        grid: Mapping[str, Iterable[object]],
        draws: SupportsIndex = 2_000,
        seed: SupportsIndex = 1,
        threads: SupportsIndex | None = None,
        executor: Executor | None = None,
        progress: Progress | None = None,
    ) -> Sweep:
        """Every combination of the values of some inputs, a row each: what ``winset sweep`` reports.

        ``case.sweep({"sides.us.discount": [2, 5, 10, 20]}).rows`` is the table. All rows have the
        same random numbers. An ``executor``, as in :meth:`forecast`, gets a row at a time.
        """
        draws = whole("draws", draws, 1, _LARGEST)
        seed = whole("seed", seed, 0, 2**63 - 1)
        threads = _scalars.threads(threads)
        if executor is not None and threads is not None:
            raise ValueError("an executor decides itself how many workers there are; drop threads")
        lines = [f"draws = {draws}", f"seed = {seed}", "[grid]"]
        for path, values in grid.items():
            if isinstance(values, str) or not isinstance(values, Iterable):
                raise TypeError(f"`{path}` is {values!r}; write a list of values, as [{values!r}]")
            key = ".".join(_toml.text(part) for part in path.split("."))
            lines.append(f"{key} = {_toml.literal(list(values), path)}")
        spec = "\n".join(lines) + "\n"
        points = list(range(_native.points(self._native, spec)))
        if executor is None:
            rows = _native.swept(self._native, spec, points, threads, progress)
        else:
            texts = self._native.texts()
            calls = [(_swept, (texts, spec, point), draws) for point in points]
            rows = _shards.gather(executor, calls, progress)
        return Sweep(*_native.sweep_report(self._native, spec, rows))

    def deals(self, draws: SupportsIndex = 1_000, seed: SupportsIndex = 1) -> Report:
        """Which packages would be ratified, which trades pay: what ``winset deals`` reports."""
        draws = whole("draws", draws, 1, 1_000_000)
        seed = whole("seed", seed, 0, 2**64 - 1)
        return Report(*self._native.deals(draws, seed))

    def spatial(
        self, model: str | None = None, rounds: SupportsIndex = 1, draws: SupportsIndex = 1_000
    ) -> Report:
        """Where every position model sees each issue end: what ``winset spatial`` reports.

        ``draws`` of the case's own forecast are set beside; 0 leaves them out.
        """
        rounds = whole("rounds", rounds, 1, 1_000)
        draws = whole("draws", draws, 0, 1_000_000)
        return Report(*self._native.spatial(model, rounds, draws))

    def moved(
        self,
        from_: Day | None = None,
        to: Day | None = None,
        draws: SupportsIndex = 1_000,
        seed: SupportsIndex = 1,
        threads: SupportsIndex | None = None,
    ) -> Report:
        """What moved the number between two days: what ``winset moved`` reports.

        ``to`` is the case's own ``as_of`` unless given, ``from_`` the day before ``to``.
        ``report.table("entries")`` has the news, each with its part.
        """
        draws = whole("draws", draws, 1, _LARGEST)
        seed = whole("seed", seed, 0, 2**64 - 1)
        threads = _scalars.threads(threads)
        return Report(*self._native.moved(_day(from_), _day(to), draws, seed, threads))

    def history(
        self,
        from_: Day | None = None,
        to: Day | None = None,
        every: SupportsIndex = 1,
        draws: SupportsIndex = 2_000,
        seed: SupportsIndex = 1,
        threads: SupportsIndex | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """The number as told from each day, ``every`` so many: what ``winset history`` reports.

        ``from_`` is the start of the talks unless given, ``to`` the case's own ``as_of``;
        ``report.table("days")`` is the table, ``report.chart()`` the course of the number.
        """
        draws = whole("draws", draws, 1, _LARGEST)
        every = whole("every", every, 1, 25_550)
        seed = whole("seed", seed, 0, 2**64 - 1)
        threads = _scalars.threads(threads)
        days = (_day(from_), _day(to), every)
        return Report(*self._native.history(*days, draws, seed, threads, progress))

    def brief(
        self,
        draws: SupportsIndex = 10_000,
        seed: SupportsIndex = 1,
        compared: SupportsIndex = 2_000,
        since: Day | None = None,
        redact: bool = False,
        threads: SupportsIndex | None = None,
    ) -> Brief:
        """The case on a page or two to send: what ``winset brief`` writes of a case without a log.

        ``compared`` are the draws of each forecast that is only compared; ``since`` adds what changed
        since that day; ``redact`` hides sources and the names of actors.
        """
        draws = whole("draws", draws, 1, _LARGEST)
        seed = whole("seed", seed, 0, 2**64 - 1)
        compared = whole("compared", compared, 1, 10_000_000)
        threads = _scalars.threads(threads)
        told = _native.brief(self._native, draws, seed, compared, _day(since), bool(redact), threads)
        return Brief(*told)

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Writes the case into a folder, from which :meth:`load` reads the same case.

        Files are as they were read. If inputs were changed or the day is another, ``case.toml`` is
        written anew with them, without its comments.

        Raises :class:`FileExistsError` if the folder has a case.
        """
        _, text, *_ = texts = self._native.texts()
        *_, as_of, changes = texts
        if as_of is not None or changes:
            values = tomllib.loads(text)
            for change in changes:
                _put(values, *change.split("=", 1))
            text = _toml.document({**values, "as_of": self.as_of})
        files = _beside(texts)
        native, _ = _native.Case.of_texts(self._native.texts()[0], text, texts[2], None, [])
        if native is None or native.fingerprint != self.fingerprint:
            raise ValueError(
                f"these changes have no place in a case.toml: {', '.join(changes)}\n\nhint: pickle it"
            )
        os.makedirs(folder, exist_ok=True)
        for name, content in {"case.toml": text, **files}.items():
            with open(os.path.join(folder, name), "x", encoding="utf-8", newline="") as file:
                file.write(content)

    def drivers(
        self,
        by: str = "input",
        draws: SupportsIndex = 1_024,
        top: SupportsIndex = 20,
        seed: SupportsIndex = 1,
        threads: SupportsIndex | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """What drives the answer: what ``winset drivers`` reports.

        ``by`` is ``input``, ``actor``, ``side``, ``issue`` or ``kind``; ``report.table("tornado")``
        and ``report.table("sobol")`` are its tables.
        """
        draws = whole("draws", draws, 16, 10_000_000)
        top = whole("top", top, 1, 1_000)
        seed = whole("seed", seed, 0, 2**64 - 1)
        threads = _scalars.threads(threads)
        return Report(*self._native.drivers(by, draws, top, seed, threads, progress))

    def flip(
        self,
        p: SupportsFloat,
        draws: SupportsIndex = 128,
        top: SupportsIndex = 20,
        joint: SupportsIndex = 6,
        seed: SupportsIndex = 1,
        threads: SupportsIndex | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """The smallest change that takes the answer across ``p``: what ``winset flip`` reports."""
        p = float(p)
        if not 0 < p < 1:
            raise ValueError(f"p is {p}; it is a probability between 0 and 1, such as 0.5")
        draws = whole("draws", draws, 16, 1_000_000)
        top = whole("top", top, 1, 1_000)
        joint = whole("joint", joint, 1, 100)
        seed = whole("seed", seed, 0, 2**64 - 1)
        threads = _scalars.threads(threads)
        return Report(*self._native.flip(p, draws, top, joint, seed, threads, progress))

    def stability(
        self,
        responses: str = "legal-sequences",
        draws: SupportsIndex = 10_000,
        seed: SupportsIndex = 1,
        threads: SupportsIndex | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """What would hold without a deal: what ``winset stability`` reports.

        ``responses`` is ``one-step``, ``each-once`` or ``legal-sequences``;
        ``report.table("robustness")`` and ``report.table("reasons")`` are its tables.
        """
        draws = whole("draws", draws, 1, 1_000_000_000)
        seed = whole("seed", seed, 0, 2**64 - 1)
        threads = _scalars.threads(threads)
        return Report(*self._native.stability(responses, draws, seed, threads, progress))

    def belief(self, actor: str | None = None, issue: str | None = None) -> Report:
        """Where everyone stands and stood by the record: what ``winset belief`` reports."""
        return Report(*self._native.belief(actor, issue))

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


def _changes(changes: Changes) -> list[str]:
    if isinstance(changes, str):
        raise TypeError(f"set is the text {changes!r}; write a list, as set=[{changes!r}]")
    if isinstance(changes, Mapping):
        return [f"{path}={_toml.literal(value, path)}" for path, value in changes.items()]
    return list(changes)


def _swept(texts: _shards.Texts, spec: str, point: int) -> Any:
    """A row of a sweep, computed where the executor puts it."""
    native, findings = _native.Case.of_texts(*texts)
    if native is None:
        raise RuntimeError(f"a worker cannot read the case: {findings}")
    (row,) = _native.swept(native, spec, [point], 1, None)
    return row


def _beside(texts: _shards.Texts) -> dict[str, str]:
    """The files beside a case, by name."""
    return {name: text for name, _, text in texts[2]}


def _put(values: dict[str, Any], path: str, value: str) -> None:
    """Sets what a change sets: TOML where it is that, else text."""
    try:
        read = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        read = value
    *outer, last = path.strip().split(".")
    for key in outer:
        inside = values.setdefault(key, {})
        if not isinstance(inside, dict):
            return
        values = inside
    values[last] = read
