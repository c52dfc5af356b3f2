"""Files of picture encoders (CLIP vision): what they are and where their tensors lie. Reads headers only.

They come in transformers' names (`vision_model.`) or in OpenCLIP's (`visual.`), alone or within a larger
file. How large the network is follows from the shapes.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt
from pathlib import Path
from typing import Any

from safelight.diffusion import header as headers
from safelight.diffusion.component import Component, Slot
from safelight.diffusion.failure import ModelFileError
from safelight.diffusion.handle import Source, VisionHandle
from safelight.diffusion.header import Header
from safelight.diffusion.layout import open_clip_third, open_clip_vision

FAMILY = "clip_vision"
NAMED, OPEN_CLIP = "vision_model.embeddings.class_embedding", "visual.class_embedding"
"""A tensor that other encoders lack, in either naming; what stands before it stands before all."""

HEADS = {1280: 16, 1408: 16, 1664: 16}
"""Heads of attention by width, where they are not 64 wide: ViT-H, g and bigG."""

OPENAI_WIDTH = 1024
"""OpenAI's networks are no wider than this, and use its approximation of GELU; the others use GELU."""

FOREIGN = {
    "vision_model.head.attention.in_proj_weight": "a SigLIP encoder, which only Flux's style models use",
    "embeddings.patch_embeddings.projection.weight": "a DINO encoder",
    "image_proj.proj.weight": "an IP-Adapter, which belongs into models/ipadapter",
    "style_embedding": "a style model, which belongs into models/style_models",
    "text_model.embeddings.token_embedding.weight": "a text encoder",
}
"""Tensors that only other files have, and what such a file is."""


@dataclass(frozen=True)
class Naming:
    """How a file calls the tensors of its picture encoder: what they begin with, and whether as OpenCLIP."""

    prefix: str
    stacked: bool

    def __call__(self, name: str) -> str:
        """The stored name of one of the module's tensors."""
        if self.stacked:
            return f"{self.prefix}visual.{open_clip_vision(name)}"
        return self.prefix + (name if name.startswith("visual_projection") else f"vision_model.{name}")


def load(path: Path, digest: str, allow_pickle: bool = False) -> VisionHandle:
    """The handle for a file with this sha256.

    `ModelFileError` when it is missing, cut short, a pickle (unless allowed), or holds no such encoder.
    """
    header = headers.read(path, allow_pickle)
    naming(header)
    layout = "pickle" if allow_pickle and headers.is_pickle(path) else "original"
    return VisionHandle(Source(str(path), digest, FAMILY, layout, "clip_vision"))


def is_there(path: Path) -> bool:
    """Whether a file holds a picture encoder, perhaps beside other things."""
    header = headers.read(path)
    return any(name.endswith((NAMED, OPEN_CLIP)) for name in header)


def naming(header: Header) -> Naming:
    """How a file calls its picture encoder's tensors, or `ModelFileError` if it holds none."""
    for sign, stacked in ((NAMED, False), (OPEN_CLIP, True)):
        found = next((name for name in header if name.endswith(sign)), None)
        if found is not None:
            return Naming(found.removesuffix(sign), stacked)
    what = next((text for name, text in FOREIGN.items() if name in header), "no picture encoder")
    raise ModelFileError(
        f"{header.path.name} is {what}", "Choose a CLIP vision file: ViT-L, ViT-H or ViT-bigG, for example."
    )


def component(source: Source) -> Component:
    """The encoder's config, and where its tensors lie."""
    header = headers.read(Path(source.path), source.layout == "pickle")
    name = naming(header)

    def find(wanted: str) -> Slot | None:
        stored = name(wanted)
        if stored not in header:
            return None
        turned = name.stacked and wanted == "visual_projection.weight"
        third = open_clip_third(wanted) if name.stacked else None
        return Slot(header, stored, third=third, turned=turned)

    starts = tuple({name("embeddings").rpartition("embeddings")[0], name("visual_projection")})
    title = f"The picture encoder in {header.path.name}"
    return Component(title, _config(header, name), (header,), find, lambda stored: stored.startswith(starts))


def _config(header: Header, name: Naming) -> dict[str, Any]:
    """What the shapes say, in the words of transformers' `CLIPVisionConfig`."""

    def sizes(wanted: str, count: int = 2) -> tuple[int, ...]:
        return header.sides(name(wanted), count)

    width, _, patch, _ = sizes("embeddings.patch_embedding.weight", 4)
    places = sizes("embeddings.position_embedding.weight")[0]
    if places < 2:
        raise ModelFileError(
            f"The picture encoder in {header.path.name} has no place for a picture", "Choose another file."
        )
    layers = 0
    while name(f"encoder.layers.{layers}.layer_norm1.weight") in header:
        layers += 1
    return {
        "hidden_size": width,
        "patch_size": patch,
        "image_size": isqrt(places - 1) * patch,
        "num_hidden_layers": layers,
        "num_attention_heads": HEADS.get(width, max(1, width // 64)),
        "intermediate_size": sizes("encoder.layers.0.mlp.fc1.weight")[0],
        "projection_dim": sizes("visual_projection.weight")[1 if name.stacked else 0],
        "hidden_act": "quick_gelu" if width <= OPENAI_WIDTH else "gelu",
        "causal": False,
    }
