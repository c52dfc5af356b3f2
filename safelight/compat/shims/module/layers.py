"""`comfy.ops`: torch's layers without their random filling, and ones that cast their weights when called."""

from __future__ import annotations

from typing import Any

import torch

from safelight.compat.shims.absent import absent


def cast_to(
    weight: Any, dtype: Any = None, device: Any = None, non_blocking: bool = False, copy: bool = False
) -> Any:
    return weight.to(device=device or weight.device, dtype=dtype or weight.dtype, copy=copy)


cast_to_input_weight = cast_to


def cast_to_input(weight: Any, input: Any, non_blocking: bool = False, copy: bool = True) -> Any:
    return cast_to(weight, input.dtype, input.device, non_blocking, copy)


def cast_bias_weight(
    s: Any, input: Any = None, dtype: Any = None, device: Any = None, bias_dtype: Any = None, **more: Any
) -> Any:
    dtype, device = dtype or input.dtype, device or input.device
    bias = None if getattr(s, "bias", None) is None else cast_to(s.bias, bias_dtype or dtype, device)
    return cast_to(s.weight, dtype, device), bias


class CastWeightBiasOp:
    comfy_cast_weights = False
    weight_function: Any = ()
    bias_function: Any = ()


NAMES = (
    "Linear",
    "Conv1d",
    "Conv2d",
    "Conv3d",
    "GroupNorm",
    "LayerNorm",
    "ConvTranspose2d",
    "ConvTranspose1d",
    "Embedding",
    "RMSNorm",
)


def _cast(name: str) -> Any:
    base = getattr(torch.nn, name)

    def forward(self: Any, input: Any, *given: Any, **named: Any) -> Any:
        kept = {key: one for key, one in self._parameters.items() if one is not None}
        wanted = input.dtype if input.is_floating_point() else None
        try:
            for key, one in kept.items():
                self._parameters[key] = torch.nn.Parameter(
                    cast_to(one, wanted, input.device), requires_grad=False
                )
            return base.forward(self, input, *given, **named)
        finally:
            self._parameters.update(kept)

    return forward


def _family(name: str, casts: bool) -> type:
    members: dict[str, Any] = {}
    for layer in NAMES:
        body: dict[str, Any] = {"reset_parameters": lambda self: None, "comfy_cast_weights": casts}
        if casts:
            body["forward"] = _cast(layer)
        members[layer] = type(layer, (getattr(torch.nn, layer), CastWeightBiasOp), body)

    def conv_nd(cls: Any, dims: int, *given: Any, **named: Any) -> Any:
        return getattr(cls, f"Conv{dims}d")(*given, **named)

    return type(name, (), {**members, "conv_nd": classmethod(conv_nd)})


disable_weight_init: Any = _family("disable_weight_init", casts=False)
manual_cast: Any = _family("manual_cast", casts=True)
skip_init = torch.nn.utils.skip_init


def pick_operations(weight_dtype: Any, compute_dtype: Any, *given: Any, **named: Any) -> Any:
    return disable_weight_init if compute_dtype is None or weight_dtype == compute_dtype else manual_cast


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return absent(f"comfy.ops.{name}")
