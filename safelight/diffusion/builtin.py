"""The models that ship with the package, so that a first run needs no download. Imports no torch."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parent / "data"


def builtin() -> dict[str, Path]:
    """Each shipped model's name, as it is chosen in a loader, and its folder."""
    return {"emoji": DATA / "emoji"}
