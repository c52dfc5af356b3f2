"""Self-Attention Guidance."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node

SCALE = Number(min=-2.0, max=5.0, step=0.01, tip="How strongly to guide by it; 0 is off.")
BLUR = Number(min=0.0, max=10.0, step=0.1, advanced=True, tip="How much to blur, in cells of the latent.")


@node(
    "SelfAttentionGuidance",
    category="experimental",
    title="Self-Attention Guidance",
    experimental=True,
    aliases=("SAG",),
)
def self_attention_guidance(
    *, model: Model, scale: Annotated[float, SCALE] = 0.5, blur_sigma: Annotated[float, BLUR] = 2.0
) -> Model:
    """Guide away from what the model makes of a picture that is blurred where it looks most.

    Details become clearer. Each step takes two calls of the model more (SAG: Hong et al. 2022,
    arXiv:2210.00939). It needs guidance other than 1.
    """
    from safelight import diffusion

    return diffusion.overlay.guided(model, "self-attending", amount=scale, blur=blur_sigma)
