"""The options of a model: callbacks and patches, copied before they are changed."""

from __future__ import annotations

from typing import Any

from safelight.compat.shims.module.extension import copy_nested_dicts


def create_model_options_clone(orig_model_options: dict[str, Any]) -> dict[str, Any]:
    return copy_nested_dicts(orig_model_options)


def set_model_options_patch_replace(
    model_options: Any, patch: Any, name: str, block_name: str, number: int, transformer_index: Any = None
) -> Any:
    options = model_options["transformer_options"] = dict(model_options.get("transformer_options", {}))
    replaced = options["patches_replace"] = dict(options.get("patches_replace", {}))
    block = (block_name, number) if transformer_index is None else (block_name, number, transformer_index)
    replaced[name] = {**replaced.get(name, {}), block: patch}
    return model_options


def set_model_options_post_cfg_function(
    model_options: Any, post_cfg_function: Any, disable_cfg1_optimization: bool = False
) -> Any:
    model_options["sampler_post_cfg_function"] = [
        *model_options.get("sampler_post_cfg_function", []),
        post_cfg_function,
    ]
    if disable_cfg1_optimization:
        model_options["disable_cfg1_optimization"] = True
    return model_options


def set_model_options_pre_cfg_function(
    model_options: Any, pre_cfg_function: Any, disable_cfg1_optimization: bool = False
) -> Any:
    model_options["sampler_pre_cfg_function"] = [
        *model_options.get("sampler_pre_cfg_function", []),
        pre_cfg_function,
    ]
    if disable_cfg1_optimization:
        model_options["disable_cfg1_optimization"] = True
    return model_options
