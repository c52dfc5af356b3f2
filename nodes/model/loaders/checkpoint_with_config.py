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

USUAL = (
    "anything_v3.yaml",
    "v1-inference.yaml",
    "v1-inference_clip_skip_2.yaml",
    "v1-inference_clip_skip_2_fp16.yaml",
    "v1-inference_fp16.yaml",
    "v1-inpainting-inference.yaml",
    "v2-inference-v.yaml",
    "v2-inference-v_fp32.yaml",
    "v2-inference.yaml",
    "v2-inference_fp32.yaml",
    "v2-inpainting-inference.yaml",
)
"""What ComfyUI comes with; files also name others."""
CONFIG = Free(usual=USUAL, tip="Kept as old files have it, and ignored.")


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
