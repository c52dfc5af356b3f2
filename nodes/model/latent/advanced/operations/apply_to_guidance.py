"""LatentApplyOperationCFG."""

from __future__ import annotations

from nodes.model.latent.advanced.operations.tonemap import LatentOperation
from safelight import Model, node


@node("LatentApplyOperationCFG", category="model/latent/advanced/operations", experimental=True)
def apply_to_guidance(*, model: Model, operation: LatentOperation) -> Model:
    """Do an operation, such as sharpening, to the difference between the prompts at each step.

    Tone mapping tames strong guidance so.
    """
    from safelight import diffusion

    return diffusion.overlay.guided(model, "operated", **diffusion.correction.described(operation))
