"""Pictures."""

from __future__ import annotations

import os
from dataclasses import dataclass


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
