"""One module of a model: its config, and where each of its tensors lies in which file.

A component is known from configs and headers alone, so its size is known before anything is read.
`weights.fill` reads its tensors. Imports no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from safelight.diffusion.header import Header


@dataclass(frozen=True, slots=True)
class Slot:
    """A tensor's place in a file; `third` picks one of three stacked parts, `turned` transposes."""

    header: Header
    name: str
    third: int | None = None
    turned: bool = False


@dataclass(frozen=True)
class Component:
    """A module's config, and a function from the module's names of tensors to their places.

    `mine` says which tensors of the files belong to it, for its size.
    """

    title: str
    config: Mapping[str, Any]
    headers: tuple[Header, ...]
    slot: Callable[[str], Slot | None]
    mine: Callable[[str], bool] = lambda _: True

    def size(self, itemsize: int) -> int:
        """The bytes that all its tensors take at this many bytes a number."""
        counts = (
            stored.count for header in self.headers for name, stored in header.items() if self.mine(name)
        )
        return sum(counts) * itemsize
