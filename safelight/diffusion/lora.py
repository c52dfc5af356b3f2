"""Adapter files (LoRA and its relatives): whose names they use, which layers they change, what is refused.

A file is read as groups: the outside name of a layer, and the places of its tensors by role. Every tensor is
taken up, or the file is refused with the names that are not understood: an adapter is never half applied.
Layers that a model lacks are counted and told; it is an error only if no layer fits. Imports no torch.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from safelight.diffusion import alias, header
from safelight.diffusion.failure import ModelFileError, UnsupportedError
from safelight.diffusion.handle import ClipHandle, ModelHandle, Patch
from safelight.diffusion.header import Header

log = logging.getLogger(__name__)

ROLES = {
    ".lora_up.weight": "up",
    ".lora_down.weight": "down",
    ".lora_mid.weight": "mid",
    ".lora.up.weight": "up",
    ".lora.down.weight": "down",
    ".lora_linear_layer.up.weight": "up",
    ".lora_linear_layer.down.weight": "down",
    "_lora.up.weight": "up",
    "_lora.down.weight": "down",
    ".lora_B.weight": "up",
    ".lora_A.weight": "down",
    ".lora_B.default.weight": "up",
    ".lora_A.default.weight": "down",
    ".lora_magnitude_vector": "magnitude",
    ".lora_magnitude_vector.weight": "magnitude",
    ".lora_magnitude_vector.default.weight": "magnitude",
    ".dora_scale": "dora",
    ".alpha": "alpha",
    **{f".hada_{part}": f"hada_{part}" for part in ("w1_a", "w1_b", "w2_a", "w2_b", "t1", "t2")},
    **{f".lokr_w{n}{part}": f"lokr_w{n}{part}" for n in (1, 2) for part in ("", "_a", "_b")},
    ".lokr_t2": "lokr_t2",
    ".diff": "diff",
    ".w_norm": "diff",
    ".diff_b": "bias",
    ".b_norm": "bias",
}
"""The ends of tensors' names, and what such a tensor is."""

FOREIGN = {
    ".oft_blocks": "OFT",
    ".oft_diag": "OFT",
    ".boft": "OFT",
    ".a1.weight": "GLoRA",
    ".a2.weight": "GLoRA",
    ".on_input": "IA3",
    ".lora_A.bias": "LoRA with biases",
    ".lora_B.bias": "LoRA with biases",
    ".set_weight": "whole weights in place of differences",
    ".reshape_weight": "weights of other shapes",
    ".bias_values": "sparse biases",
}
"""The ends of names of what cannot be applied yet, and what it is called."""

WHOLE = (
    ({"up", "down"}, {"mid"}),
    ({"hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b"}, {"hada_t1", "hada_t2"}),
    *(
        (first | second, extra)
        for first in ({"lokr_w1"}, {"lokr_w1_a", "lokr_w1_b"})
        for second, extra in (
            ({"lokr_w2"}, set[str]()),
            ({"lokr_w2_a", "lokr_w2_b"}, {"lokr_t2"}),
        )
    ),
    ({"diff"}, set[str]()),
    (set[str](), set[str]()),
)
"""What a layer's tensors are in each kind of adapter: those that must be there, those that may be."""

BESIDE = {"alpha", "dora", "magnitude", "bias"}
"""Roles that may stand beside any kind."""


@dataclass(frozen=True)
class Group:
    """What a file holds for one layer: roles to the names of tensors, and a scale, if the file says one."""

    name: str
    tensors: Mapping[str, str]
    scale: float | None = None


class Adapter:
    """One adapter file, known by its header."""

    def __init__(self, path: Path) -> None:
        self.header: Header = header.read(path)
        self._refuse_foreign()

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """What the file holds, layer by layer; raises for a layer that is not whole."""
        grouped: dict[str, dict[str, str]] = {}
        for name in self.header:
            split = _split(name)
            if split is not None:
                grouped.setdefault(split[0], {})[split[1]] = name
        if not grouped:
            raise ModelFileError(
                f"{self._file} is no LoRA: none of its {len(self.header)} tensors has a name that one has",
                "Choose a file from the loras folder.",
            )
        self._refuse_torn(grouped)
        return tuple(Group(name, parts, self._scale(name, parts)) for name, parts in grouped.items())

    def speaks_of(self, text: bool) -> bool:
        """Whether any layer is a text encoder's, or else a network's."""
        return any(alias.is_text(group.name) is text for group in self.groups)

    def matched(self, layers: Mapping[str, str], text: bool) -> dict[str, Group]:
        """The groups by the layers that they change, of a model with these outside names of layers.

        The rest is told in the log, with its count. `ModelFileError` if nothing fits.
        """
        mine = [group for group in self.groups if alias.is_text(group.name) is text]
        strange = [group.name for group in mine if group.name not in layers]
        found = {layers[group.name]: group for group in mine if group.name in layers}
        if len(found) + len(strange) < len(mine):
            raise ModelFileError(f"{self._file} names some layers twice", "Download the file again.")
        if not found:
            raise ModelFileError(
                f"{self._file} fits no layer of this model; it changes {len(mine)}, such as {_some(strange)}",
                "Choose a LoRA that was made for this kind of model.",
            )
        if strange:
            log.warning(
                "%s: %d of its %d layers are not in this model and are left out: %s",
                self._file,
                len(strange),
                len(mine),
                _some(strange),
            )
        return found

    @property
    def _file(self) -> str:
        return self.header.path.name

    def _refuse_foreign(self) -> None:
        for end, kind in FOREIGN.items():
            names = [name for name in self.header if name.endswith(end)]
            if names:
                raise UnsupportedError(
                    f"{self._file} holds {kind}, which cannot be applied yet: {_some(names)}",
                    "Choose a LoRA, LoCon, LoHa, LoKr or DoRA file.",
                )

    def _refuse_torn(self, grouped: Mapping[str, Mapping[str, str]]) -> None:
        torn = [name for parts in grouped.values() if not _is_whole(set(parts)) for name in parts.values()]
        if torn:
            raise ModelFileError(
                f"{self._file} has layers of which some tensors are missing: {_some(torn)}",
                "Download the file again.",
            )

    def _scale(self, name: str, parts: Mapping[str, str]) -> float | None:
        """The scale that diffusers' metadata gives for a layer without an alpha of its own."""
        if "alpha" in parts or "down" not in parts:
            return None
        part, _, layer = name.partition(".")
        settings = self._settings.get(part)
        if settings is None:
            return None
        alpha = _for_layer(settings.get("alpha_pattern"), layer, settings.get("lora_alpha"))
        rank = self.header[parts["down"]].shape[0]
        if alpha is None:
            return None
        return float(alpha) / (math.sqrt(rank) if settings.get("use_rslora") else rank)

    @cached_property
    def _settings(self) -> dict[str, dict[str, Any]]:
        """The PEFT settings that diffusers writes beside the tensors, by part (`unet`, `text_encoder`)."""
        try:
            tree = json.loads(self.header.metadata.get("lora_adapter_metadata", "{}"))
        except ValueError:
            return {}
        settings: dict[str, dict[str, Any]] = {}
        for key, value in tree.items():
            part, _, name = key.partition(".")
            settings.setdefault(part, {})[name] = value
        return settings


M = TypeVar("M", bound=ModelHandle | None)
C = TypeVar("C", bound=ClipHandle | None)


def attached(
    path: Path,
    digest: str,
    model: M,
    clip: C,
    strength_model: float,
    strength_clip: float,
) -> tuple[M, C]:
    """A model and a text encoder with the adapter in this file, each where the file speaks of it.

    A strength of 0 leaves the handle as it is. Reads the header alone; raises for what is no adapter, for
    kinds that cannot be applied, and if nothing in the file is for what is given.
    """
    adapter = Adapter(path)
    wanted = [text for text, given in ((False, model), (True, clip)) if given is not None]
    if not any(adapter.speaks_of(text) for text in wanted):
        raise ModelFileError(
            f"{path.name} changes only the {'denoiser' if True in wanted else 'text encoder'}",
            "Use a node that takes both the model and its CLIP.",
        )

    def patch(strength: float) -> Patch:
        return Patch("lora", digest, (("strength", float(strength)),), str(path))

    if model is not None and strength_model and adapter.speaks_of(text=False):
        model = model.patched(patch(strength_model))
    if clip is not None and strength_clip and adapter.speaks_of(text=True):
        clip = clip.patched(patch(strength_clip))
    return model, clip


def _split(name: str) -> tuple[str, str] | None:
    """The outside name of the layer that a tensor is for, and the tensor's role."""
    for end in sorted(ROLES, key=len, reverse=True):
        if name.endswith(end):
            layer = name.removesuffix(end).replace(".processor.", ".")
            # Attention processors name their last matrix by the list that it is the first of.
            return (f"{layer}.0" if end[0] == "_" and layer.endswith("to_out") else layer), ROLES[end]
    return None


def _is_whole(roles: set[str]) -> bool:
    main = roles - BESIDE
    if not main and "bias" not in roles:
        return False
    return any(must <= main <= must | may for must, may in WHOLE)


def _for_layer(pattern: Mapping[str, Any] | None, layer: str, default: Any) -> Any:
    """A setting for a layer: PEFT's patterns are ends of names."""
    found = (value for end, value in (pattern or {}).items() if layer == end or layer.endswith(f".{end}"))
    return next(found, default)


def _some(names: list[str], most: int = 3) -> str:
    """The first few names, and how many more there are."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
