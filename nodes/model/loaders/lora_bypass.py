"""Load LoRA (Bypass)."""

from __future__ import annotations

from nodes.model.loaders.lora import Adapted, ClipStrength, LoraName, ModelStrength, load_lora
from safelight import Clip, Context, Model, node


@node(
    "LoraLoaderBypass",
    category="model/loaders",
    title="Load LoRA (Bypass) (For debugging)",
    experimental=True,
    lane="io",
)
def load_lora_bypass(
    ctx: Context,
    *,
    model: Model,
    clip: Clip,
    lora_name: LoraName,
    strength_model: ModelStrength = 1.0,
    strength_clip: ClipStrength = 1.0,
) -> Adapted:
    """The same as Load LoRA (Model and CLIP), for workflows that were saved with this node.

    Elsewhere it runs the LoRA beside the model in place of changing its weights; the result is the same.
    """
    return load_lora(
        ctx,
        model=model,
        clip=clip,
        lora_name=lora_name,
        strength_model=strength_model,
        strength_clip=strength_clip,
    )
