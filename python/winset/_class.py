"""Classes of past negotiations."""

from __future__ import annotations

import operator

from winset import _native
from winset._report import Report
from winset._table import Table


class PastClass(Report):
    """What became of past negotiations of a kind, by elapsed days."""

    @property
    def cif(self) -> Table:
        """The shares ended by each day from the start of the clock: ``day, agreement, other``."""
        return self.table("cif")

    @property
    def groups(self) -> Table:
        """Groups within the class: ``name, n, agreed, times``, where it has any."""
        return self.table("groups")


def classes() -> Table:
    """The classes that come with winset: ``name, title, n, agreed, others, open, period``."""
    return Report(_native.classes()).table("classes")


def class_(name: str, *, group: str | None = None, elapsed: int = 0) -> PastClass:
    """One of them, of a group of it, among those still open after some elapsed days.

    >>> import winset
    >>> winset.class_("strike").cif[29]["day"]
    30

    Raises :class:`ValueError` if there is no such class.
    """
    return PastClass(*_native.class_(name, group, operator.index(elapsed)))
