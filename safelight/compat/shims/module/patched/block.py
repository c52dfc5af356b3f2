"""Blocks of a UNet that packs change: what leaves those of its first half, what those of its second take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import Tensor

from safelight.compat.shims.module.patched.place import block_of
from safelight.diffusion.layout import UnetNames

PATCHES = frozenset({"input_block_patch", "output_block_patch"})
PARTS = {"resnets": "norm1.weight", "attentions": "norm.weight", "downsamplers": "conv.weight"}
"""What a level of the first half is made of, in order, and a tensor that tells its block."""


@contextmanager
def changed(unet: Any, options: Mapping[str, Any]) -> Iterator[None]:
    """While open, packs change what blocks hand on."""
    patches = options.get("patches", {})
    with ExitStack() as hooks:
        for name, hook in (("input_block_patch", _leaving), ("output_block_patch", _meeting)):
            if patches.get(name):
                for handle in hook(unet, patches[name], options):
                    hooks.callback(handle.remove)
        yield


def _leaving(unet: Any, patches: Sequence[Any], options: Mapping[str, Any]) -> Iterator[Any]:
    """Hooks on the last module of each block of the first half."""
    names = UnetNames(unet.config)
    last = {0: unet.conv_in}
    for level, down in enumerate(unet.down_blocks):
        for kind, tensor in PARTS.items():
            for number, part in enumerate(getattr(down, kind, None) or ()):
                stored = names(f"down_blocks.{level}.{kind}.{number}.{tensor}")
                last[block_of(stored)[1]] = part
    for block, part in last.items():
        yield part.register_forward_hook(_Leaving(("input", block), patches, options))


class _Leaving:
    def __init__(self, block: tuple[str, int], patches: Sequence[Any], options: Mapping[str, Any]) -> None:
        self.block, self.patches, self.options = block, patches, options

    def __call__(self, _module: Any, _inputs: Any, output: Any) -> Any:
        """What leaves, changed."""
        whole = isinstance(output, Tensor)
        states = output if whole else output[0]
        told = {**self.options, "block": self.block, "activations_shape": list(states.shape)}
        for patch in self.patches:
            states = patch(states, told)
        return states if whole else (states, *output[1:])


def _meeting(unet: Any, patches: Sequence[Any], options: Mapping[str, Any]) -> Iterator[Any]:
    """Hooks at the entrance of each block of the second half, where what comes up meets a skip connection."""
    width, number = unet.mid_block.resnets[-1].out_channels, 0
    for up in unet.up_blocks:
        for resnet in up.resnets:
            yield resnet.register_forward_pre_hook(_Meeting(("output", number), width, patches, options))
            width, number = resnet.out_channels, number + 1


class _Meeting:
    def __init__(
        self, block: tuple[str, int], width: int, patches: Sequence[Any], options: Mapping[str, Any]
    ) -> None:
        self.block, self.width, self.patches, self.options = block, width, patches, options

    def __call__(self, _module: Any, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Both, changed, side by side again."""
        both, *rest = inputs
        states, skip = both.split([self.width, both.shape[1] - self.width], dim=1)
        told = {**self.options, "block": self.block, "activations_shape": list(states.shape)}
        for patch in self.patches:
            states, skip = patch(states, skip, told)
        return (torch.cat([states, skip], dim=1), *rest)
