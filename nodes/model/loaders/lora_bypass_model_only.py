"""Load LoRA (Bypass, Model Only)."""

from __future__ import annotations

from nodes.model.loaders.lora import LoraName, ModelStrength
from nodes.model.loaders.lora_model_only import load_lora_model_only
from safelight import Context, Model, node


@node(
    "LoraLoaderBypassModelOnly",
    category="model/loaders",
    title="Load LoRA (Bypass, Model Only) (for debugging)",
    experimental=True,
    lane="io",
)
def load_lora_bypass_model_only(
    ctx: Context, *, model: Model, lora_name: LoraName, strength_model: ModelStrength = 1.0
) -> Model:
    """The same as Load LoRA, for workflows that were saved with this node."""
    return load_lora_model_only(ctx, model=model, lora_name=lora_name, strength_model=strength_model)
