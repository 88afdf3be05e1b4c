"""What is wrong with a case, as values."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, where it stands, and how to mend it.

    - ``code``: a stable code such as ``unknown-key``.
    - ``severity``: ``error`` or ``warning``.
    - ``file``, ``line``, ``column``: where; counted from 1, and ``None`` where it is not about a place.
    - ``field``: the key or column it is about, if about one.
    - ``message``: what is wrong, and ``hint`` how to mend it, where that is known.
    """

    code: str
    severity: str
    file: str
    line: int | None
    column: int | None
    field: str | None
    message: str
    hint: str | None

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f":{self.line}:{self.column}"
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{place}: {self.severity}[{self.code}]: {self.message}{hint}"


class CaseError(ValueError):
    """A case cannot be used; :attr:`findings` says why."""

    findings: tuple[Finding, ...]
    """Everything that was found, errors and warnings, in the order of the files."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(findings)
        self.findings = findings

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


class CaseWarning(UserWarning):
    """A case can be used, but somebody should look."""


def findings_of(text: str) -> tuple[Finding, ...]:
    """The findings of a JSON list."""
    return tuple(Finding(**row) for row in json.loads(text))
