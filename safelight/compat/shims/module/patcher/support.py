"""Which of a model's patches can be heeded here."""

from __future__ import annotations

from typing import Any

_KINDS = {
    "set_model_attn1_patch": "attn1_patch",
    "set_model_attn2_patch": "attn2_patch",
    "set_model_attn1_output_patch": "attn1_output_patch",
    "set_model_attn2_output_patch": "attn2_output_patch",
    "set_model_input_block_patch": "input_block_patch",
    "set_model_input_block_patch_after_skip": "input_block_patch_after_skip",
    "set_model_output_block_patch": "output_block_patch",
    "set_model_middle_block_patch": "middle_patch",
    "set_model_middle_block_after_patch": "middle_block_after_patch",
    "set_model_emb_patch": "emb_patch",
    "set_model_forward_timestep_embed_patch": "forward_timestep_embed_patch",
    "set_model_double_block_patch": "double_block",
    "set_model_post_input_patch": "post_input",
}


def _patch_kind(name: str) -> str | None:
    return _KINDS.get(name)


def unsupported(patcher: Any) -> str | None:
    """What of the things around a model reaches into it, and cannot be had; None if all of it can."""
    from safelight.compat.shims.module.patched import unheeded

    why = unheeded(patcher.model_options.get("transformer_options", {}))
    if why is not None:
        return why
    odd = next((name for name in patcher.object_patches if name != "model_sampling"), None)
    if odd is not None:
        return f"add_object_patch({odd!r})"
    if patcher.get_all_wrappers("diffusion_model"):
        return "a wrapper around diffusion_model"
    if any(patcher.injections.values()):
        return "injections into the model"
    return None
