"""Load Checkpoint With Config (DEPRECATED)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from nodes.model.loaders.checkpoint import Loaded, load_checkpoint
from nodes.types import CheckpointName
from safelight import Context, Free, node, socket

if TYPE_CHECKING:
    Config = str
else:
    Config = socket("COMBO")

CONFIG = Free(tip="Kept as old files have it, and ignored.")


@node(
    "CheckpointLoader",
    category="model/loaders",
    title="Load Checkpoint With Config (DEPRECATED)",
    aliases=("model",),
    lane="io",
    deprecated="Use Load Checkpoint, which needs no config.",
)
def load_with_config(
    ctx: Context, *, config_name: Annotated[Config, CONFIG], ckpt_name: CheckpointName
) -> Loaded:
    """Choose a model file, as old workflows do it; what kind of model it is, is read from the file itself."""
    ctx.warn(f"the config '{config_name}' is ignored: what the model is, is read from its own file")
    return load_checkpoint(ctx, ckpt_name=ckpt_name)
