"""Create Hook Model as LoRA (MO)."""

from __future__ import annotations

from typing import Annotated

from nodes.advanced.hooks.create.model import hook_model
from nodes.advanced.hooks.value import MORE, Hooks, ModelPart
from nodes.types import CheckpointName
from safelight import Context, node


@node(
    "CreateHookModelAsLoraModelOnly",
    category="advanced/hooks/create",
    title="Create Hook Model as LoRA (MO)",
    experimental=True,
    aliases=("regional model",),
    lane="io",
)
def hook_model_only(
    ctx: Context,
    *,
    ckpt_name: CheckpointName,
    strength_model: ModelPart = 1.0,
    prev_hooks: Annotated[Hooks | None, MORE] = None,
) -> Hooks:
    """The same as "Create Hook Model as LoRA", but the other model's text encoder is not used."""
    return hook_model(
        ctx, ckpt_name=ckpt_name, strength_model=strength_model, strength_clip=0.0, prev_hooks=prev_hooks
    )
