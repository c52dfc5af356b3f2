"""The document by name: the JSON that every other program gets and returns (see `docs/document.md`)."""

from __future__ import annotations

from safelight.compat.named.take import take
from safelight.compat.named.tell import tell

__all__ = ["take", "tell"]
