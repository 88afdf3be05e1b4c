"""A forecast, under the names of ``winset forecast --json``."""

from __future__ import annotations

import datetime
import json
import os
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from winset import _native
from winset._table import Table


@dataclass(frozen=True)
class Question:
    """What is asked."""

    text: str
    yes: str
    """What counts as yes."""
    by: datetime.date
    """The last day that counts."""
    counts: tuple[str, ...]
    """The endings that count."""


@dataclass(frozen=True)
class Answer:
    """The answer to the question."""

    p: float
    """The probability, 0 to 1."""
    lo: float
    """5 % of the uncertainty about the odds."""
    hi: float
    """95 % of it."""
    mcse: float
    """The Monte Carlo standard error of :attr:`p`."""
    term: str
    """The ICD 203 term of :attr:`p`."""
    table: float | None
    """The class of past negotiations alone; ``None`` where no class fits."""
    class_: float
    """The class in this calendar; ``class`` in JSON."""
    structure: float
    """The parties' structure alone."""
    if_zone: float | None
    """The structure where there is a zone; ``None`` once the text is passed."""
    if_none: float | None
    """The structure where there is none."""


@dataclass(frozen=True)
class Endings:
    """How the talks have first ended by the question's date; the shares sum to 1."""

    agreement: float
    interim: float
    breakdown: float
    force: float
    suspension: float
    rejected: float
    """A text refused at its last try."""
    lapsed: float
    """Lapsed with a deadline."""
    under_way: float
    """A text still on its way through the stages."""
    open: float


@dataclass(frozen=True)
class Zone:
    """Whether there is a zone of agreement."""

    p: float | None
    """Share of draws with one, as coded; like all of it ``None`` once the text is passed."""
    now: float | None
    """The same given that nothing has ended yet."""
    mcse: float | None
    at_horizon: float | None
    """Share of draws with one at the horizon."""
    room: float | None
    """Mean room where there is one, in utility; ``None`` where there never is."""


@dataclass(frozen=True)
class Chart:
    """A picture as SVG, with its title, its units and its source."""

    svg: str

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes it to a file."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.svg)

    def __repr__(self) -> str:
        return "<winset.Chart>"


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

    def __init__(self, native: _native.Forecast) -> None:
        self._native = native
        values: dict[str, Any] = json.loads(native.json())
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

    def json(self) -> str:
        """The forecast as ``winset forecast --json`` prints it, to the byte."""
        return self._native.json()

    def to_dict(self) -> dict[str, Any]:
        """The values of :meth:`json`."""
        values: dict[str, Any] = json.loads(self._native.json())
        return values

    def _table(self, name: str) -> Table:
        return Table(self._native.table(name), self._values[name])

    @cached_property
    def agreement(self) -> Table:
        """P(the stage asked is passed by a day): ``date, p, lo, hi``, a row a day to the horizon."""
        return self._table("agreement")

    @cached_property
    def curve(self) -> Table:
        """P of what counts as yes by day: as :attr:`agreement` unless other endings count too."""
        rows = self._values.get("counted") or self._values["agreement"]
        return Table(self._native.table("curve"), rows)

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
        """Feasible terms on each issue in its own units: ``issue, q05, q25, q50, q75, q95``."""
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

    def chart(self, kind: str = "agreement", width: float = 760) -> Chart:
        """``agreement`` by day with its band, or ``endings`` by day, as a picture.

        A notebook shows it; :meth:`Chart.save` writes it.
        """
        return Chart(self._native.chart(kind, width))

    def __str__(self) -> str:
        return self._native.text()

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
