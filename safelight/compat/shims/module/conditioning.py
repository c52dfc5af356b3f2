"""`node_helpers`: small things that nodes share."""

from __future__ import annotations

import hashlib
from typing import Any

import torch


def conditioning_set_values(
    conditioning: Any, values: dict[str, Any] | None = None, append: bool = False
) -> list[Any]:
    made = []
    for tensor, options, *rest in conditioning:
        new = {**options}
        for name, value in (values or {}).items():
            new[name] = [*new[name], *value] if append and new.get(name) is not None else value
        made.append([tensor, new, *rest])
    return made


def pillow(fn: Any, arg: Any) -> Any:
    return fn(arg)


def hasher() -> Any:
    return hashlib.sha256


def string_to_torch_dtype(string: str) -> Any:
    return {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}.get(string)


def image_alpha_fix(destination: Any, source: Any) -> tuple[Any, Any]:
    if destination.shape[-1] < source.shape[-1]:
        source = source[..., : destination.shape[-1]]
    elif destination.shape[-1] > source.shape[-1]:
        destination = torch.nn.functional.pad(destination, (0, 1))
        destination[..., -1] = 1.0
    return destination, source
