"""Create Hook LoRA (MO)."""

from __future__ import annotations

from typing import Annotated

from nodes.advanced.hooks.create.lora import hook_lora
from nodes.advanced.hooks.value import MORE, Hooks, ModelPart
from nodes.model.loaders.lora import LoraName
from safelight import Context, node


@node(
    "CreateHookLoraModelOnly",
    category="advanced/hooks/create",
    title="Create Hook LoRA (MO)",
    experimental=True,
    aliases=("regional lora", "lora schedule"),
    lane="io",
)
def hook_lora_model_only(
    ctx: Context,
    *,
    lora_name: LoraName,
    strength_model: ModelPart = 1.0,
    prev_hooks: Annotated[Hooks | None, MORE] = None,
) -> Hooks:
    """The same as "Create Hook LoRA", but what the file says about text encoders is not used."""
    return hook_lora(
        ctx, lora_name=lora_name, strength_model=strength_model, strength_clip=0.0, prev_hooks=prev_hooks
    )
