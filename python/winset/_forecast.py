"""A forecast, under the names of ``winset forecast --json``."""

from __future__ import annotations

import datetime
import json
import os
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any, SupportsFloat

from winset import _native
from winset._chart import Chart
from winset._shapes import columns
from winset._shards import Texts
from winset._table import Table

SCHEMA = "winset/forecast/2"


@dataclass(frozen=True)
class Question:
    """What is asked.

    ``text`` is the question, ``yes`` what counts as yes, ``by`` the last day that counts, and
    ``counts`` are the endings that count.
    """

    text: str
    yes: str
    by: datetime.date
    counts: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """The answer to the question, in probabilities from 0 to 1.

    - ``p``: the probability of yes.
    - ``lo``, ``hi``: 5 % and 95 % of the uncertainty about the odds.
    - ``mcse``: the Monte Carlo standard error of ``p``.
    - ``term``: the ICD 203 term of ``p``, in words.
    - ``table``: the class of past negotiations alone; ``None`` where no class fits.
    - ``class_``: the class in this calendar; ``class`` in JSON.
    - ``structure``: the parties' structure alone.
    - ``if_zone``: the structure where there is a zone of agreement; ``None`` once the text is passed.
    - ``if_none``: the structure where there is none.
    """

    p: float
    lo: float
    hi: float
    mcse: float
    term: str
    table: float | None
    class_: float
    structure: float
    if_zone: float | None
    if_none: float | None


@dataclass(frozen=True)
class Endings:
    """How the talks have first ended by the question's date; the shares sum to 1.

    ``rejected`` is a text refused at its last try, ``lapsed`` one that lapsed with a deadline,
    ``under_way`` a text still on its way through the stages, and ``open`` no ending yet.
    """

    agreement: float
    interim: float
    breakdown: float
    force: float
    suspension: float
    rejected: float
    lapsed: float
    under_way: float
    open: float


@dataclass(frozen=True)
class Zone:
    """Whether there is a zone of agreement.

    - ``p``: share of draws with one, as coded; like all of it ``None`` once the text is passed.
    - ``now``: the same given that nothing has ended yet.
    - ``mcse``: the Monte Carlo standard error of ``p``.
    - ``at_horizon``: share of draws with one at the horizon.
    - ``room``: mean room where there is one, in utility; ``None`` where there never is.
    - ``shut``: share of draws with none, now or at the horizon, counted as ``p`` is.
    - ``open``: what the search for packages leaves open, ``p`` and ``room``; ``None`` where that is nothing.
    """

    p: float | None
    now: float | None
    mcse: float | None
    at_horizon: float | None
    room: float | None
    shut: float | None = None
    open: dict[str, float] | None = None


class Forecast:
    """A finished forecast.

    Its attributes have the names of ``winset forecast --json``; its lists are
    :class:`~winset.Table`. :meth:`json` is what the command prints, to the byte.
    """

    schema: str
    version: str
    """The version of the formulas."""
    case: str
    """The title of the case."""
    fingerprint: str
    as_of: datetime.date
    seed: int
    draws: int
    question: Question
    answer: Answer
    endings: Endings
    closed: float
    """Share of draws in which no package would be ratified, now or at the horizon."""
    zone: Zone

    def __init__(self, text: str, native: _native.Forecast | None, texts: Texts | None) -> None:
        self._text = text
        self._native = native
        self._texts = texts
        values: dict[str, Any] = json.loads(text)
        self._values = values
        self.schema = values["schema"]
        self.version = values["version"]
        self.case = values["case"]
        self.fingerprint = values["fingerprint"]
        self.as_of = datetime.date.fromisoformat(values["as_of"])
        self.seed = values["seed"]
        self.draws = values["draws"]
        asked = values["question"]
        self.question = Question(
            text=asked["text"],
            yes=asked["yes"],
            by=datetime.date.fromisoformat(asked["by"]),
            counts=tuple(asked["counts"]),
        )
        answer = dict(values["answer"])
        self.answer = Answer(class_=answer.pop("class"), **answer)
        self.endings = Endings(**values["endings"])
        self.closed = values["closed"]
        self.zone = Zone(**values["zone"])

    @classmethod
    def of_case(cls, native: _native.Forecast, texts: Texts) -> Forecast:
        """What a case of these texts has computed."""
        return cls(native.json(), native, texts)

    @classmethod
    def from_json(cls, text: str | bytes) -> Forecast:
        """A forecast from what :meth:`json` gives or ``winset forecast --json`` prints.

        It has every value and table. The words of the command and its charts need the case; they
        are those of :meth:`Case.forecast`.

        Raises :class:`ValueError` if it is something else.
        """
        text = text.decode() if isinstance(text, bytes) else text
        values = json.loads(text)
        schema = values.get("schema") if isinstance(values, dict) else None
        if schema != SCHEMA:
            raise ValueError(f"schema is {schema!r}; a forecast has {SCHEMA!r}")
        try:
            return cls(text, None, None)
        except (KeyError, TypeError) as error:
            raise ValueError(f"it is no whole forecast: {error}") from error

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Forecast:
        """A forecast from a file of :meth:`save`, or of ``winset forecast --json``.

        Raises :class:`ValueError`, which names the file, if it holds something else.
        """
        with open(path, encoding="utf-8") as file:
            try:
                return cls.from_json(file.read())
            except ValueError as error:
                raise ValueError(f"{os.fspath(path)} holds no forecast: {error}") from error

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes :meth:`json` to a file."""
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(self._text)

    def __reduce__(self) -> tuple[Any, ...]:
        if self._native is None or self._texts is None:
            return (Forecast.from_json, (self._text,))
        return (_again, (self._texts, self.seed, self.draws, self._native.shard()))

    def json(self) -> str:
        """The forecast as ``winset forecast --json`` prints it, to the byte."""
        return self._text

    def to_dict(self) -> dict[str, Any]:
        """The values of :meth:`json`."""
        values: dict[str, Any] = json.loads(self._text)
        return values

    def _table(self, name: str) -> Table:
        return Table.of_report(columns(SCHEMA, name), self._values[name], self._values)

    @cached_property
    def agreement(self) -> Table:
        """P(the stage asked is passed by a day): ``date, p, lo, hi``, a row a day to the horizon."""
        return self._table("agreement")

    @cached_property
    def curve(self) -> Table:
        """P of what counts as yes by day: as :attr:`agreement` unless other endings count too."""
        rows = self._values.get("counted") or self._values["agreement"]
        return Table.of_report(columns(SCHEMA, "agreement"), rows, self._values)

    @property
    def stages(self) -> list[dict[str, Any]]:
        """The stages of a text with the chance of each by day: ``id, by``; none without stages."""
        return list(self._values.get("stages", []))

    @cached_property
    def endings_by_day(self) -> Table:
        """First endings by day, as in :attr:`endings`; a row a day, from the day after ``as_of``."""
        return self._table("endings_by_day")

    @cached_property
    def events(self) -> Table:
        """The part of ``endings.force`` that each uncontrolled event makes up: ``event, p``."""
        return self._table("events")

    @cached_property
    def terms(self) -> Table:
        """Feasible terms on each issue in its own units: ``issue, q05, q25, q50, q75, q95``.

        ``q50_reason`` says why there is no median, where there is none.
        """
        return self._table("terms")

    @cached_property
    def blockers(self) -> Table:
        """Who blocks: ``actor, side, block, walk, banzhaf, shapley``."""
        return self._table("blockers")

    @cached_property
    def conflicts(self) -> Table:
        """The smallest sets of constraints that cannot hold together: ``constraints, share``."""
        return self._table("conflicts")

    @cached_property
    def opens(self) -> Table:
        """What would open the zone: ``path, from, to, zone, zone_without``."""
        return self._table("opens")

    @cached_property
    def force(self) -> Table:
        """How often each use of force is credible: ``option, credible``."""
        return self._table("force")

    @cached_property
    def coefficients(self) -> Table:
        """The coefficients: ``name, value, range, unit, source, effect``."""
        return self._table("coefficients")

    def chart(self, kind: str = "agreement", width: SupportsFloat = 760) -> Chart:
        """``agreement`` by day with its band, or ``endings`` by day, as a picture.

        A notebook shows it; :meth:`Chart.save` writes it.
        """
        if self._native is None:
            raise ValueError("a forecast read from JSON has no chart; case.forecast() gives one that has")
        width = float(width)
        if not 100 <= width <= 10_000:
            raise ValueError(f"width is {width:g}; it lies from 100 to 10000")
        return Chart(self._native.chart(kind, width))

    def __str__(self) -> str:
        if self._native is not None:
            return self._native.text()
        a, by = self.answer, self.question.by
        return (
            f"{self.case}, as of {self.as_of}\n{self.question.text}\n"
            f"{a.p:.0%} by {by} ({a.term}; {a.lo:.0%} to {a.hi:.0%} over the uncertain odds)\n"
        )

    def __repr__(self) -> str:
        a = self.answer
        return f"<winset.Forecast: {a.p:.3f} ± {a.mcse:.3f}, {a.term}, by {self.question.by}>"

    def _repr_html_(self) -> str:
        a = self.answer
        endings = "".join(
            f"<tr><td>{escape(name)}</td><td>{share:.1%}</td></tr>"
            for name, share in vars(self.endings).items()
        )
        return (
            f"<p><b>{escape(self.case)}</b>, as of {self.as_of}</p>"
            f"<p>{escape(self.question.text)}</p>"
            f"<p><b>{a.p:.0%}</b> ({escape(a.term)}; {a.lo:.0%} to {a.hi:.0%} over the uncertain "
            f"odds; Monte Carlo error {a.mcse:.1%})</p>"
            f"<table><thead><tr><th>first ending by {self.question.by}</th><th>share</th></tr>"
            f"</thead><tbody>{endings}</tbody></table>"
        )


def _again(texts: Texts, seed: int, draws: int, shard: bytes) -> Forecast:
    """A forecast from what it was pickled as: its case, and its draws as a shard."""
    case, findings = _native.Case.of_texts(*texts)
    if case is None:
        raise ValueError(f"the case of a forecast cannot be read: {findings}")
    return Forecast.of_case(case.merged(seed, draws, [shard]), texts)
