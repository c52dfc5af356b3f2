"""Recipes of models: which file, how it is read, what is changed in it. They weigh nothing.

A handle is what travels on MODEL, CLIP, VAE and CONTROL_NET wires. It holds no weights: `residency.lend`
makes them when they are needed. Its key says what the model *is* (contents, family, part, patches) and never
where its file lies, so that the same model under another name or folder is the same key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    from safelight.diffusion.hook import TextHooks

Plain = str | int | float | bool | None


def _key(tree: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(tree, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True)
class Source:
    """One part (`unet`, `clip`, `vae` or `control_net`) of one model file or folder.

    `path` is where it was found, `digest` the sha256 of its contents, `family` a name from `family`, `layout`
    `original` (one file as first published), `pickle` (the same in a pickle that was allowed), `diffusers` or
    `lone` (files of one part each; their paths are lines).
    """

    path: str
    digest: str
    family: str
    layout: str
    part: str

    def identity(self) -> dict[str, str]:
        """What of it counts for a key: all but the path."""
        return {"digest": self.digest, "family": self.family, "layout": self.layout, "part": self.part}


SAMPLING_KINDS = frozenset({"sampling", "guidance", "mask", "mosaic", "union"})
"""Kinds of patches that speak to sampling alone: weights and network are made as if they were not there."""


@dataclass(frozen=True)
class Patch:
    """One change to a model: its kind, the digest of the file it comes from, its settings in order.

    `path` is where that file was found (not part of the key); `other` is the model that a merge takes from.
    """

    kind: str
    digest: str = ""
    settings: tuple[tuple[str, Plain], ...] = ()
    path: str = ""
    other: Handle | None = None

    def __getitem__(self, name: str) -> Plain:
        """One of the settings."""
        return dict(self.settings)[name]

    def identity(self) -> dict[str, Any]:
        """What of it counts for a key: all but paths."""
        tree: dict[str, Any] = {"kind": self.kind, "digest": self.digest}
        tree["settings"] = [list(pair) for pair in self.settings]
        return tree | ({"other": self.other.identity()} if self.other else {})

    def to_tree(self) -> dict[str, Any]:
        """As JSON-plain values, paths included."""
        return self.identity() | {"path": self.path} | ({"other": self.other.to_tree()} if self.other else {})

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any]) -> Patch:
        """The inverse of `to_tree`."""
        settings = tuple((name, value) for name, value in tree["settings"])
        other = HANDLES[tree["other"]["kind"]].from_tree(tree["other"]) if "other" in tree else None
        return cls(tree["kind"], tree["digest"], settings, tree["path"], other)


@dataclass(frozen=True)
class Handle:
    """What all kinds of handle share: a source, patches in their order, a key."""

    source: Source
    patches: tuple[Patch, ...] = ()
    kind: ClassVar[str] = ""

    def patched(self, patch: Patch) -> Self:
        """The same model with one more change, applied last."""
        return replace(self, patches=(*self.patches, patch))

    def identity(self) -> dict[str, Any]:
        """Everything that the model's results depend on, JSON-plain."""
        return {
            "kind": self.kind,
            "source": self.source.identity(),
            "patches": [patch.identity() for patch in self.patches],
        }

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """The files that the model is made from: where each was found, and its digest."""
        found = [(self.source.path, self.source.digest)]
        for patch in self.patches:
            found.append((patch.path, patch.digest))
            found.extend(patch.other.files if patch.other else ())
        return tuple((path, digest) for path, digest in found if path)

    @property
    def material(self) -> tuple[Patch, ...]:
        """The patches that change what is kept in memory: all but those that speak to sampling alone."""
        return tuple(patch for patch in self.patches if patch.kind not in SAMPLING_KINDS)

    @property
    def pristine(self) -> Self:
        """The same model without any patch."""
        return replace(self, patches=())

    @property
    def weights_key(self) -> str:
        """Hex key of what is kept in memory: handles that share it can share one model there."""
        return _key(Handle.identity(replace(self, patches=self.material)))

    @property
    def key(self) -> str:
        """Hex key of the whole recipe."""
        return _key(self.identity())

    def to_tree(self) -> dict[str, Any]:
        """As JSON-plain values, path included, for the disk store."""
        source = self.source
        return {
            **self.identity(),
            "source": {**source.identity(), "path": source.path},
            "patches": [patch.to_tree() for patch in self.patches],
        }

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any]) -> Self:
        """The inverse of `to_tree`."""
        return cls(Source(**tree["source"]), tuple(Patch.from_tree(patch) for patch in tree["patches"]))


@dataclass(frozen=True)
class ModelHandle(Handle):
    """A denoising network (MODEL)."""

    kind: ClassVar[str] = "model"


@dataclass(frozen=True)
class VaeHandle(Handle):
    """A picture encoder and decoder (VAE)."""

    kind: ClassVar[str] = "vae"


@dataclass(frozen=True)
class ControlNetHandle(Handle):
    """A network that steers a denoiser by a picture: a ControlNet or a T2I-Adapter (CONTROL_NET).

    The picture, how strongly it steers and when belong to a conditioning, not to this.
    """

    kind: ClassVar[str] = "control_net"


@dataclass(frozen=True)
class UpscaleHandle(Handle):
    """A network that makes pictures larger or cleaner (UPSCALE_MODEL)."""

    kind: ClassVar[str] = "upscale_model"


@dataclass(frozen=True)
class VisionHandle(Handle):
    """An encoder of pictures, which says what they show (CLIP_VISION)."""

    kind: ClassVar[str] = "clip_vision"


@dataclass(frozen=True)
class StyleHandle(Handle):
    """A network that puts what an encoder saw into a prompt (STYLE_MODEL)."""

    kind: ClassVar[str] = "style_model"


@dataclass(frozen=True)
class ClipHandle(Handle):
    """A text encoder with its tokenizer (CLIP).

    `last_layer` counts from the end (-1 is the last layer, -2 skips one); None is what the family was
    trained on. `hooked` are changes of it that hold while a prompt is encoded.
    """

    last_layer: int | None = None
    hooked: TextHooks | None = None
    kind: ClassVar[str] = "clip"

    def with_last_layer(self, layer: int) -> ClipHandle:
        """The same encoder, read after another layer (clip skip)."""
        return replace(self, last_layer=layer)

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """The files that the encoder and its hooks are made from."""
        return super().files + (self.hooked.hooks.files if self.hooked else ())

    def identity(self) -> dict[str, Any]:
        """Everything that the encodings depend on, JSON-plain."""
        hooked = {"hooked": self.hooked.identity()} if self.hooked else {}
        return {**super().identity(), "last_layer": self.last_layer, **hooked}

    def to_tree(self) -> dict[str, Any]:
        """As JSON-plain values, paths included."""
        return super().to_tree() | ({"hooked": self.hooked.to_tree()} if self.hooked else {})

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any]) -> Self:
        """The inverse of `to_tree`."""
        from safelight.diffusion.hook import TextHooks

        hooked = TextHooks.from_tree(tree["hooked"]) if "hooked" in tree else None
        return replace(super().from_tree(tree), last_layer=tree["last_layer"], hooked=hooked)


HANDLES: Mapping[str, type[Handle]] = {
    cls.kind: cls
    for cls in (
        ModelHandle,
        VaeHandle,
        ClipHandle,
        ControlNetHandle,
        UpscaleHandle,
        VisionHandle,
        StyleHandle,
    )
}
"""The classes of handles by their kind."""
