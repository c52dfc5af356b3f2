"""Create Hook Model as LoRA."""

from __future__ import annotations

from typing import Annotated

from nodes.advanced.hooks.value import MORE, ClipPart, Hooks, ModelPart
from nodes.types import CheckpointName
from safelight import Context, node


@node(
    "CreateHookModelAsLora",
    category="advanced/hooks/create",
    title="Create Hook Model as LoRA",
    experimental=True,
    aliases=("regional model",),
    lane="io",
)
def hook_model(
    ctx: Context,
    *,
    ckpt_name: CheckpointName,
    strength_model: ModelPart = 1.0,
    strength_clip: ClipPart = 1.0,
    prev_hooks: Annotated[Hooks | None, MORE] = None,
) -> Hooks:
    """Use a whole model of the same family as if what it has learned beyond the sampler's were a LoRA.

    Strength 1 is the other model where the prompt acts, 0.5 half way to it. While it acts it takes as much
    memory as a model of its own.
    """
    from safelight import diffusion

    hooks = diffusion.hook.Hooks() if prev_hooks is None else prev_hooks
    if strength_model == 0 and strength_clip == 0:
        return hooks
    file = ctx.open(ctx.folders.find("checkpoints", ckpt_name))
    parts = diffusion.checkpoint.load(file.path, file.digest)
    return hooks.added(diffusion.hook.of_model(parts.model, parts.clip, strength_model, strength_clip))
