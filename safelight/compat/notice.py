"""Notice: something that was read with tolerance. It is told to the person, and stops nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from safelight.core.error import NOWHERE, Where


@dataclass(frozen=True, slots=True)
class Notice:
    """What was taken otherwise than it stands in the file, where, and for a value the old and the new."""

    problem: str
    where: Where = NOWHERE
    old: Any = None
    new: Any = None

    def __str__(self) -> str:
        place = str(self.where)
        return f"{place}: {self.problem}." if place else f"{self.problem}."

    def as_dict(self) -> dict[str, Any]:
        """The fields, for the wire."""
        return {
            "node": self.where.node,
            "type": self.where.type,
            "input": self.where.input,
            "problem": self.problem,
            "old": self.old,
            "new": self.new,
            "text": str(self),
        }
