"""ManualSigmas."""

from __future__ import annotations

from typing import Annotated

from safelight import Sigmas, Text, node

LEVELS = Text(
    tip="The noise levels from the highest to the lowest, with a comma between; end in 0 for a full run."
)


@node("ManualSigmas", category="model/sampling/sigmas", aliases=("custom schedule",))
def manual_sigmas(*, sigmas: Annotated[str, LEVELS] = "1, 0.5") -> Sigmas:
    """Write a schedule down, level by level."""
    from safelight import diffusion

    return diffusion.level.written(sigmas)
