"""Where the transformers of diffusers' UNet lie in the original one, which packs count by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from safelight.diffusion.layout import UnetNames

ORDER = ("input", "middle", "output")
"""The parts of a UNet in the order in which they run."""


@dataclass(frozen=True)
class Place:
    """One block of a transformer: the block of the UNet, which transformer of all, which part within it."""

    block: tuple[str, int]
    transformer: int
    index: int

    @property
    def keys(self) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """What packs name it by, the exact name first."""
        return (*self.block, self.index), self.block


def block_of(stored: str) -> tuple[str, int]:
    """The block of an original name: `input_blocks.4.1.norm` lies in ("input", 4); the middle is one."""
    found = re.match(r"(input|output)_blocks\.(\d+)", stored)
    return (found[1], int(found[2])) if found else ("middle", 0)


def places(unet: Any) -> Iterator[tuple[Any, Place]]:
    """All blocks of all transformers of a UNet, in the order in which they run."""
    names = UnetNames(unet.config)
    transformers = [
        (block_of(names(f"{name}.norm.weight")), part)
        for name, part in unet.named_modules()
        if hasattr(part, "transformer_blocks")
    ]
    transformers.sort(key=lambda one: (ORDER.index(one[0][0]), one[0][1]))
    for number, (block, transformer) in enumerate(transformers):
        for index, part in enumerate(transformer.transformer_blocks):
            yield part, Place(block, number, index)
