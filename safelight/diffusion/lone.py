"""Files that hold one part of a model alone: a UNet, a VAE or a text encoder, as they are often shared.

UNets and VAEs have the original names, with or without the prefix that a whole checkpoint gives them, or
diffusers'. Text encoders have transformers' names or OpenCLIP's. What a file is follows from its header.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from safelight.diffusion.component import Component, Slot
from safelight.diffusion.detect import BY_WIDTHS, ENLARGING
from safelight.diffusion.failure import ModelFileError
from safelight.diffusion.handle import ClipHandle, ModelHandle, Source, VaeHandle
from safelight.diffusion.single import UNET, VAE, SingleFile, TextComponent, definition

ENCODERS = {768: "clip_l", 1024: "clip_h", 1280: "clip_g"}
"""CLIP's text encoders by the width of their vectors."""

FAMILIES = {
    frozenset({"clip_l"}): "sd15",
    frozenset({"clip_h"}): "sd2",
    frozenset({"clip_g"}): "sdxl_refiner",
    frozenset({"clip_l", "clip_g"}): "sdxl",
}
"""Whose text encoders they are."""

OLD_ATTENTION = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
"""What diffusers called the parts of a VAE's attention in its first years."""

UNET_SIGN_DIFFUSERS = "down_blocks.0.resnets.0.conv1.weight"
VAE_SIGN, VAE_SIGN_DIFFUSERS = (
    "encoder.down.0.block.0.conv1.weight",
    "encoder.down_blocks.0.resnets.0.conv1.weight",
)


class Lone(SingleFile):
    """The components of one such file, or of two with a text encoder each, whose paths are lines."""

    def __init__(self, paths: str, family: str) -> None:
        self.paths = tuple(Path(path) for path in paths.split("\n"))
        super().__init__(self.paths[0], family)
        self.unet_prefix = UNET if any(name.startswith(UNET) for name in self.header) else ""
        self.vae_prefix = VAE if any(name.startswith(VAE) for name in self.header) else ""

    def unet(self) -> Component:
        """The denoising network."""
        if UNET_SIGN_DIFFUSERS not in self.header:
            return super().unet()
        config = dict(definition(self.family)["unet"])
        config["in_channels"] = self._shape("conv_in.weight")[1]
        levels = range(len(config["block_out_channels"]))
        config["block_out_channels"] = [
            self._shape(f"down_blocks.{level}.resnets.0.conv1.weight")[0] for level in levels
        ]
        return self._filed("The UNet", config, "", str)

    def vae(self) -> Component:
        """The picture encoder and decoder."""
        if VAE_SIGN_DIFFUSERS not in self.header:
            return super().vae()
        config = dict(definition(self.family)["vae"])
        levels = range(len(config["block_out_channels"]))
        config["block_out_channels"] = [
            self._shape(f"encoder.down_blocks.{level}.resnets.0.conv1.weight")[0] for level in levels
        ]
        return self._filed("The VAE", config, "", self._attention)

    def texts(self) -> tuple[TextComponent, ...]:
        """The text encoders in their family's order."""
        files = {file.encoder(): file for file in (Lone(str(path), self.family) for path in self.paths)}
        return tuple(files[text["embedding"]].tower(text) for text in definition(self.family)["text"])

    def encoder(self) -> str:
        """Which of CLIP's text encoders the file holds; `ModelFileError` if none."""
        table = self.header.get(self._text_start() + self._table_name())
        kind = ENCODERS.get(table.shape[1]) if table else None
        if kind is None:
            raise ModelFileError(
                f"{self.path.name} holds no text encoder that is known here", "CLIP-L, CLIP-H and CLIP-G are."
            )
        return kind

    def _attention(self, name: str) -> str:
        """The older name of a part of the VAE's attention, where the file has that."""
        for new, old in OLD_ATTENTION.items():
            older = name.replace(f"attentions.0.{new}.", f"attentions.0.{old}.")
            if older != name and older in self.header:
                return older
        return name

    def _is_open_clip(self) -> bool:
        return "token_embedding.weight" in self.header

    def _table_name(self) -> str:
        return "token_embedding.weight" if self._is_open_clip() else "embeddings.token_embedding.weight"

    def _text_start(self) -> str:
        return "text_model." if any(name.startswith("text_model.") for name in self.header) else ""

    def tower(self, text: Mapping[str, Any]) -> TextComponent:
        """The file's text encoder in the role that a family gives it."""
        if self._is_open_clip():
            component = self._text_component({**text, "layout": "open_clip"}, "")
        else:
            component = self._named_component(text)
        pad = text["config"]["pad_token_id"]
        return TextComponent(component, text["embedding"], text["last_layer"], text["norm"], pad)

    def _named_component(self, text: Mapping[str, Any]) -> Component:
        """A text encoder with transformers' names, whose projection stands outside of the rest."""
        start = self._text_start()

        def find(name: str) -> Slot | None:
            stored = next((one for one in (start + name, name) if one in self.header), None)
            return Slot(self.header, stored) if stored else None

        config = {**text["config"], **self._text_sizes(start, str)}
        projection = self.header.get("text_projection.weight")
        if projection is not None:
            config["projection_dim"] = projection.shape[0]
        return Component(f"The text encoder in {self.path.name}", config, (self.header,), find)


def unet(path: Path, digest: str) -> ModelHandle:
    """The network in a file of its own, or that of a whole checkpoint."""
    family = _unet_family(Lone(str(path), "sd15"))
    return ModelHandle(Source(str(path), digest, family, "lone", "unet"))


def vae(path: Path, digest: str) -> VaeHandle:
    """The VAE in a file of its own, or that of a whole checkpoint."""
    file = Lone(str(path), "sd15")
    if file.vae_prefix + VAE_SIGN not in file.header and VAE_SIGN_DIFFUSERS not in file.header:
        raise ModelFileError(
            f"{path.name} holds no VAE that is known here", "Choose a VAE of Stable Diffusion."
        )
    return VaeHandle(Source(str(path), digest, "sd15", "lone", "vae"))


def clip(files: Iterable[tuple[Path, str]]) -> ClipHandle:
    """The text encoders in one or two files, given with their digests; two are SDXL's, in any order."""
    paths, digests = zip(*files, strict=True)
    found = frozenset(Lone(str(path), "sd15").encoder() for path in paths)
    if found not in FAMILIES or len(found) != len(paths):
        names = " and ".join(path.name for path in paths)
        raise ModelFileError(
            f"No model uses what is in {names} ({', '.join(sorted(found))})",
            "Stable Diffusion XL takes CLIP-L and CLIP-G.",
        )
    digest = digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()
    return ClipHandle(Source("\n".join(map(str, paths)), digest, FAMILIES[found], "lone", "clip"))


def _unet_family(file: Lone) -> str:
    """The family of a lone UNet, by the widths of what it attends to and of what else it is told."""
    header, prefix = file.header, re.escape(file.unet_prefix)
    attends = re.compile(
        prefix + r"(input_blocks\.\d+|down_blocks\.\d+\.attentions)\..*\.attn2\.to_k\.weight"
    )
    told = ("label_emb.0.0.weight", "add_embedding.linear_1.weight")
    context = next((stored.shape[1] for name, stored in header.items() if attends.fullmatch(name)), None)
    label = next(
        (header[file.unet_prefix + name].shape[1] for name in told if file.unet_prefix + name in header), None
    )
    family = BY_WIDTHS.get((context, label)) if context else None
    if family is None:
        raise ModelFileError(
            f"{file.path.name} holds no UNet that is known here",
            "Stable Diffusion 1, 2, XL and the refiner are.",
        )
    names = (f"{file.unet_prefix}input_blocks.0.0.weight", "conv_in.weight")
    enlarges = any(name in header and header[name].shape[1] == ENLARGING for name in names)
    return "sd2_upscaler" if family == "sd2" and enlarges else family
