"""Attention that packs change: what goes into it, how it is computed, what comes out of it.

A pack's functions get queries, keys and values [B, L, heads x width] with a dictionary that says where they
are: `block`, `block_index`, `transformer_index`, `n_heads`, `dim_head`, `cond_or_uncond`, `sigmas` and what
else is in the model's transformer options.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from torch import Tensor

from safelight.compat.shims.module.attention import optimized_attention
from safelight.compat.shims.module.patched.place import Place

REPLACED = ("attn1", "attn2")
"""Attention of a picture to itself, and to the text."""
PATCHES = frozenset(f"{kind}_{end}" for kind in REPLACED for end in ("patch", "output_patch"))


@contextmanager
def changed(part: Any, place: Place, options: Mapping[str, Any]) -> Iterator[None]:
    """While open, the attention of one transformer block is what packs made of it."""
    before = []
    for kind in REPLACED:
        attention = getattr(part, kind, None)
        functions = Functions(kind, place, options)
        if attention is not None and functions.any:
            before.append((attention, attention.processor))
            attention.processor = Attending(functions)
    try:
        yield
    finally:
        for attention, processor in before:
            attention.processor = processor


class Functions:
    """What packs want called at one attention."""

    def __init__(self, kind: str, place: Place, options: Mapping[str, Any]) -> None:
        patches = options.get("patches", {})
        replaced = options.get("patches_replace", {}).get(kind, {})
        self.place = place
        self.inputs = list(patches.get(f"{kind}_patch", ()))
        self.outputs = list(patches.get(f"{kind}_output_patch", ()))
        self.instead = next((replaced[key] for key in place.keys if key in replaced), None)
        self.options = {
            name: value for name, value in options.items() if name not in ("patches", "patches_replace")
        }

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return bool(self.inputs or self.outputs or self.instead is not None)

    def told(self, attention: Any) -> dict[str, Any]:
        """Where one is, for the functions."""
        return {
            **self.options,
            "block": self.place.block,
            "block_index": self.place.index,
            "transformer_index": self.place.transformer,
            "n_heads": attention.heads,
            "dim_head": attention.inner_dim // attention.heads,
            "attn_precision": None,
        }


class Attending:
    """A processor of diffusers' attention that asks packs."""

    def __init__(self, functions: Functions) -> None:
        self.functions = functions

    def __call__(
        self,
        attention: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        **more: Any,
    ) -> Tensor:
        """What goes on in the transformer, of [B, L, D]."""
        told, functions = self.functions.told(attention), self.functions
        states = hidden_states
        context = states if encoder_hidden_states is None else encoder_hidden_states
        values = context
        for patch in functions.inputs:
            states, context, values = patch(states, context, values, told)
        query, key = attention.to_q(states), attention.to_k(context)
        value = attention.to_v(values)
        if functions.instead is not None:
            made = functions.instead(query, key, value, told)
        else:
            made = optimized_attention(query, key, value, attention.heads, mask=attention_mask)
        made = attention.to_out[0](made.to(query.dtype))
        for patch in functions.outputs:
            made = patch(made, told)
        return made
