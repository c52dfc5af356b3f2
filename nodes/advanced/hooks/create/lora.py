"""Create Hook LoRA."""

from __future__ import annotations

from typing import Annotated

from nodes.advanced.hooks.value import MORE, ClipPart, Hooks, ModelPart
from nodes.model.loaders.lora import LoraName
from safelight import Context, node


@node(
    "CreateHookLora",
    category="advanced/hooks/create",
    title="Create Hook LoRA",
    experimental=True,
    aliases=("regional lora", "lora schedule", "scheduled lora"),
    lane="io",
)
def hook_lora(
    ctx: Context,
    *,
    lora_name: LoraName,
    strength_model: ModelPart = 1.0,
    strength_clip: ClipPart = 1.0,
    prev_hooks: Annotated[Hooks | None, MORE] = None,
) -> Hooks:
    """Let a LoRA belong to a prompt, in place of changing the model for the whole picture.

    Bind it to a prompt with "Cond Set Props" (and a mask, say) or "Set CLIP Hooks": where and when that
    prompt acts, the LoRA does. So two characters can stand side by side in one picture, each with a LoRA of
    its own, or a LoRA can fade out ("Set Hook Keyframes"). Bound to all prompts of a sampler at a constant
    strength it gives the very picture of "Load LoRA", and at strength 0 that of the model alone.
    """
    from safelight import diffusion

    hooks = diffusion.hook.Hooks() if prev_hooks is None else prev_hooks
    if strength_model == 0 and strength_clip == 0:
        return hooks
    file = ctx.open(ctx.folders.find("loras", lora_name))
    return hooks.added(diffusion.hook.of_lora(file.path, file.digest, strength_model, strength_clip))
