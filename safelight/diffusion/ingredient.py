"""What a custom sampling run is put together from: SAMPLER, NOISE and GUIDER values.

They are recipes, as models on wires are: frozen, with a key that says what they do, and a tree for the store.
A guider holds the models that it asks and the conditionings that it asks them with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

from safelight.diffusion.handle import ModelHandle, Plain

Settings = tuple[tuple[str, Plain], ...]


def _key(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True)
class SamplerHandle:
    """A sampler by name, with settings of its own where they differ from the usual ones."""

    name: str
    settings: Settings = ()
    kind: ClassVar[str] = "sampler"

    @classmethod
    def of(cls, name: str, **settings: Plain) -> SamplerHandle:
        """The sampler of this name with these settings."""
        return cls(name, tuple(settings.items()))

    @property
    def key(self) -> str:
        """What it is, as hex."""
        return _key(self.kind, self.name, self.settings)

    def to_tree(self) -> dict[str, Any]:
        """As plain values."""
        return {"name": self.name, "settings": [list(pair) for pair in self.settings]}

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any]) -> SamplerHandle:
        """The inverse of `to_tree`."""
        return cls(tree["name"], tuple((name, value) for name, value in tree["settings"]))


@dataclass(frozen=True)
class NoiseHandle:
    """The noise that a run starts from: drawn from a seed, or none at all."""

    seed: int
    none: bool = False
    kind: ClassVar[str] = "noise"

    @property
    def key(self) -> str:
        """What it is, as hex."""
        return _key(self.kind, self.seed, self.none)

    def to_tree(self) -> dict[str, Any]:
        """As plain values."""
        return {"seed": self.seed, "none": self.none}

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any]) -> NoiseHandle:
        """The inverse of `to_tree`."""
        return cls(**tree)


Style = Literal["basic", "cfg", "dual", "dual nested", "perpendicular"]
"""How a guider makes one prediction of several; each is a rule of `guidance`."""


@dataclass(frozen=True, eq=False)
class GuiderHandle:
    """A model, the conditionings to ask it with by side, and how its answers become one."""

    style: Style
    model: ModelHandle
    sides: Mapping[str, Any]
    """CONDITIONING by side: `positive`, `negative`, and what else the style knows."""
    settings: Settings = ()
    second: ModelHandle | None = None
    """The model that answers for the negative side, if that is another."""
    kind: ClassVar[str] = "guider"

    @cached_property
    def key(self) -> str:
        """What it is, as hex; `TypeError` if a conditioning holds what has no fingerprint."""
        from safelight.diffusion.trajectory import fingerprint

        sides = fingerprint(dict(self.sides))
        further = () if self.second is None else (self.second.key,)
        return _key(self.kind, self.style, self.model.key, self.settings, sides, *further)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GuiderHandle) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def to_tree(self) -> dict[str, Any]:
        """As plain values, tensors, and what else a conditioning holds."""
        return {
            "style": self.style,
            "model": self.model,
            "sides": dict(self.sides),
            "settings": [list(pair) for pair in self.settings],
            "second": self.second,
        }

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any]) -> GuiderHandle:
        """The inverse of `to_tree`."""
        settings = tuple((name, value) for name, value in tree["settings"])
        return cls(tree["style"], tree["model"], tree["sides"], settings, tree.get("second"))


INGREDIENTS: tuple[type[SamplerHandle] | type[NoiseHandle] | type[GuiderHandle], ...] = (
    SamplerHandle,
    NoiseHandle,
    GuiderHandle,
)
"""The three of them, for whoever registers what can be stored."""
