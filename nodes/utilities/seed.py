"""Seed."""

from __future__ import annotations

from typing import Annotated

from safelight import Out, Seed, node

SEED = Seed(max=2**63 - 1, tip="A number to draw noise from, for several nodes at once.")


@node("SeedNode", category="utilities", title="Seed", aliases=("random", "noise"))
def seed(*, seed: Annotated[int, SEED]) -> Annotated[int, Out("The same number.", name="seed")]:
    """Hold one seed for several nodes."""
    return seed
