"""What an encoder of pictures saw in some of them (CLIP_VISION_OUTPUT)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class Seen:
    """Vectors on the CPU, a row for each picture.

    `last_hidden_state` and `penultimate_hidden_states` [B, L, D] are what the last layer and the one before
    it say of each part of a picture, the whole of it first; `image_embeds` [B, P] is one vector for it all.
    """

    last_hidden_state: Tensor
    penultimate_hidden_states: Tensor
    image_embeds: Tensor
    kind: ClassVar[str] = "clip_vision_output"

    @cached_property
    def key(self) -> str:
        """A hash of all numbers."""
        from safelight.diffusion.fingerprint import fingerprint

        return fingerprint(self.to_tree())

    def to_tree(self) -> dict[str, Tensor]:
        """As tensors by name, for the store."""
        return {
            "last_hidden_state": self.last_hidden_state,
            "penultimate_hidden_states": self.penultimate_hidden_states,
            "image_embeds": self.image_embeds,
        }

    @classmethod
    def from_tree(cls, tree: Mapping[str, Tensor]) -> Seen:
        """The inverse of `to_tree`."""
        return cls(**tree)
