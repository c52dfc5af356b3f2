"""PerturbedAttentionGuidance."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node

SCALE = Number(min=0.0, max=100.0, step=0.01, round=0.01, tip="How strongly to guide by it; 0 is off.")


@node("PerturbedAttentionGuidance", category="model/patch/unet", aliases=("PAG",))
def perturbed_attention_guidance(*, model: Model, scale: Annotated[float, SCALE] = 3.0) -> Model:
    """Guide away from what the model sees with its attention blinded, which straightens structure.

    Each step takes one call of the model more (PAG: Ahn et al. 2024, arXiv:2403.17377).
    """
    from safelight import diffusion

    return diffusion.overlay.guided(
        model, "perturbed", amount=scale, perturbation="identity", start=0.0, end=1.0
    )
