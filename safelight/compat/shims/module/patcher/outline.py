"""The inside of a UNet as packs look for places in it: its transformers by the original names.

What is found there says where it is and can be asked for queries, keys and values; all else is refused by
name. The weights stay where they are and are lent for each question.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import Tensor

from safelight.compat.shims.module.attention import BasicTransformerBlock, CrossAttention
from safelight.compat.shims.module.patched.attention import REPLACED
from safelight.compat.shims.module.patched.place import Place, places
from safelight.compat.shims.module.patcher.missing import Missing

PROJECTIONS = ("to_q", "to_k", "to_v")


class Outline(Missing):
    """`diffusion_model` of a model of ours."""

    def __init__(self, handle: Any) -> None:
        super().__init__("model.diffusion_model")
        self.__dict__["_handle"] = handle

    def named_modules(self, *given: Any, **named: Any) -> Iterator[tuple[str, Any]]:
        """The blocks of its transformers, and their attention, by the original names."""
        for place, kinds in _found(self._handle):
            block = Block(self._handle, place, kinds)
            yield block.name, block
            for kind in kinds:
                yield f"{block.name}.{kind}", getattr(block, kind)

    def modules(self) -> Iterator[Any]:
        """The same without their names."""
        return (module for _, module in self.named_modules())


class Block(Missing, BasicTransformerBlock):
    """One block of a transformer."""

    def __init__(self, handle: Any, place: Place, kinds: dict[str, tuple[int, int]]) -> None:
        part, number = place.block
        where = "middle_block.1" if part == "middle" else f"{part}_blocks.{number}.1"
        name = f"{where}.transformer_blocks.{place.index}"
        super().__init__(f"model.diffusion_model.{name}")
        self.__dict__["name"] = name
        for kind, (heads, width) in kinds.items():
            self.__dict__[kind] = Attention(handle, place, kind, heads, width)


Block.__name__ = "BasicTransformerBlock"  # some packs go by the name


class Attention(Missing, CrossAttention):
    """One attention: how many heads it has, and what it makes of vectors."""

    def __init__(self, handle: Any, place: Place, kind: str, heads: int, width: int) -> None:
        super().__init__(f"model.diffusion_model...{kind}")
        self.__dict__.update(heads=heads, dim_head=width // heads)
        self.__dict__.update({name: Projection(handle, place, kind, name) for name in PROJECTIONS})


class Projection:
    """Queries, keys or values of an attention."""

    def __init__(self, handle: Any, place: Place, kind: str, name: str) -> None:
        self.handle, self.place, self.kind, self.name = handle, place, kind, name

    def __call__(self, vectors: Tensor) -> Tensor:
        """They, of vectors."""
        with _lent(self.handle) as network:
            part = next(one for one, place in places(network.module) if place == self.place)
            matrix = getattr(getattr(part, self.kind), self.name)
            made: Tensor = matrix(vectors.to(matrix.weight))
        return made


def _found(handle: Any) -> list[tuple[Place, dict[str, tuple[int, int]]]]:
    """All places of a model, and the heads and width of what attends there."""
    with _lent(handle) as network:
        if not hasattr(getattr(network, "module", None), "down_blocks"):
            return []
        return [(place, _attentions(part)) for part, place in places(network.module)]


def _attentions(part: Any) -> dict[str, tuple[int, int]]:
    """Heads and width of what attends in a block."""
    there = {kind: getattr(part, kind, None) for kind in REPLACED}
    return {kind: (one.heads, one.inner_dim) for kind, one in there.items() if one is not None}


def _lent(handle: Any) -> Any:
    from safelight.compat.shims.module.loading.file import context
    from safelight.compat.shims.module.patcher.inner import plan_here, pristine
    from safelight.diffusion import residency

    return residency.lend(pristine(handle), plan_here(), context())
