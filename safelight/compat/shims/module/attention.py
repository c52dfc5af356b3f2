"""`comfy.ldm.modules.attention`: attention as a function; the classes around it are names to be known by."""

from __future__ import annotations

import inspect
from typing import Any

import torch
from torch import Tensor

from safelight.compat.shims.absent import absent, refusal


def optimized_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    heads: int,
    mask: Any = None,
    attn_precision: Any = None,
    skip_reshape: bool = False,
    skip_output_reshape: bool = False,
    **more: Any,
) -> Tensor:
    if not skip_reshape:
        q, k, v = (one.unflatten(-1, (heads, -1)).transpose(1, 2) for one in (q, k, v))
    if mask is not None:
        while mask.ndim < 4:
            mask = mask.unsqueeze(0 if mask.ndim == 2 else 1)
    out = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return out if skip_output_reshape else out.transpose(1, 2).flatten(2)


attention_pytorch = attention_basic = attention_sub_quad = attention_split = optimized_attention
optimized_attention_masked = optimized_attention
_ATTN_PRECISION = "fp32"


class BasicTransformerBlock:
    """What blocks of transformers in our models are known as."""

    def forward(self, *given: Any, **named: Any) -> Any:
        raise refusal("BasicTransformerBlock.forward")


class CrossAttention:
    """What their attention is known as."""

    def forward(self, *given: Any, **named: Any) -> Any:
        raise refusal("CrossAttention.forward")


def optimized_attention_for_device(device: Any, mask: bool = False, small_input: bool = False) -> Any:
    return optimized_attention


def default(val: Any, d: Any) -> Any:
    return val if val is not None else d() if inspect.isfunction(d) else d


def exists(val: Any) -> bool:
    return val is not None


def get_attn_precision(attn_precision: Any = None, current_dtype: Any = None) -> Any:
    return attn_precision


def pad_to_patch_size(img: Tensor, patch_size: Any = (2, 2), padding_mode: str = "circular") -> Tensor:
    pad: tuple[int, ...] = ()
    for place in range(img.ndim - 2):
        pad = (0, (patch_size[place] - img.shape[place + 2] % patch_size[place]) % patch_size[place], *pad)
    return torch.nn.functional.pad(img, pad, mode=padding_mode)


def rms_norm(x: Tensor, weight: Any = None, eps: float = 1e-6) -> Tensor:
    return torch.nn.functional.rms_norm(x, (x.shape[-1],), weight, eps)


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return absent(f"comfy.ldm.modules.attention.{name}")
