"""Extract and Save Lora."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import FilePrefix
from safelight import BadInput, Choice, Clip, Context, Model, Number, Toggle, node

RANK = Number(min=1, max=4096, step=1, advanced=True, tip="How much of a difference is kept; more is larger.")
KIND = Choice(advanced=True, tip="standard is a LoRA of that rank; full_diff keeps all of each difference.")
BIASES = Toggle(advanced=True, tip="Keep the differences of biases and norms, too, which are small.")


@node(
    "LoraSave",
    category="experimental",
    title="Extract and Save Lora",
    aliases=("extract lora", "svd", "difference"),
    experimental=True,
    effect=True,
)
def extract_lora(
    ctx: Context,
    *,
    filename_prefix: FilePrefix = "loras/ComfyUI_extracted_lora",
    rank: Annotated[int, RANK] = 8,
    lora_type: Annotated[Literal["standard", "full_diff"], KIND] = "standard",
    bias_diff: Annotated[bool, BIASES] = True,
    model_diff: Model | None = None,
    text_encoder_diff: Clip | None = None,
) -> None:
    """Save what one model has learned beyond another as a LoRA, in the output folder.

    Connect what Subtract Models (or CLIPs) makes of the two. Loaded with the second model, the LoRA gives
    nearly the first; the higher the rank, the nearer. To use it here, move it to models/loras.
    """
    from safelight import diffusion

    if model_diff is None and text_encoder_diff is None:
        raise BadInput("model_diff", "there is no difference to save", "Connect what Subtract Models makes.")
    path = ctx.reserve(filename_prefix, ".safetensors")
    diffusion.extraction.lora(
        path,
        model_diff,
        text_encoder_diff,
        rank,
        whole=lora_type == "full_diff",
        biases=bias_diff,
        plan=ctx.plan,
        watch=ctx,
        prompt=ctx.prompt,
        workflow=ctx.workflow,
    )
