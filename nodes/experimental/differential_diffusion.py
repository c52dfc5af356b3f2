"""Differential Diffusion."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node

STRENGTH = Number(
    min=0.0,
    max=1.0,
    step=0.01,
    tip="1 lets each place wait for its moment; less mixes in the grey mask as it is, for softer edges.",
)


@node(
    "DifferentialDiffusion",
    category="experimental",
    title="Differential Diffusion",
    aliases=("soft inpainting", "inpaint gradient"),
    experimental=True,
)
def differential_diffusion(*, model: Model, strength: Annotated[float, STRENGTH] = 1.0) -> Model:
    """Read the greys of a noise mask as moments: the darker a place, the later it may begin to change.

    So a soft mask changes the picture by degrees: white is made anew, dark grey only in its last details,
    black at most in the very last step. Sample a latent that has a noise mask.
    """
    from safelight import diffusion

    return diffusion.inpaint.differential(model, strength)
