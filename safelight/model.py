"""Model: a model file as a person sees it, read from its header, its metadata and what lies beside it.

No weights are read and no torch is imported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safelight.core.folder import PLAIN_KINDS, Folders

if TYPE_CHECKING:
    from safelight.diffusion.header import Header

KINDS = (
    "checkpoints",
    "diffusion_models",
    "text_encoders",
    "vae",
    "loras",
    "embeddings",
    "controlnet",
    "upscale_models",
    "clip_vision",
    "vae_approx",
)
"""The kinds that are always told, also where there is none yet."""
THUMBNAILS = (
    ".preview.png",
    ".png",
    ".jpg",
    ".jpeg",
    ".webp",
    ".preview.jpg",
    ".preview.jpeg",
    ".preview.webp",
)
TRIGGERS = 12
"""At most so many words are taken from the captions that a LoRA was trained with."""
TITLES = {
    "sd15": "Stable Diffusion 1",
    "sd2": "Stable Diffusion 2",
    "sd2_unclip": "Stable Diffusion 2.1 unCLIP",
    "sd2_upscaler": "Stable Diffusion x4 upscaler",
    "sdxl": "Stable Diffusion XL",
    "sdxl_refiner": "Stable Diffusion XL refiner",
}
ARCHITECTURES = (
    ("stable-diffusion-xl", "Stable Diffusion XL"),
    ("stable-diffusion-v2", "Stable Diffusion 2"),
    ("stable-diffusion-v1", "Stable Diffusion 1"),
    ("stable-diffusion-3", "Stable Diffusion 3"),
    ("flux", "Flux"),
)
"""What the architecture in a file's metadata begins with."""
WIDTHS = {768: "Stable Diffusion 1", 1024: "Stable Diffusion 2", 2048: "Stable Diffusion XL"}
"""A family by the width of the text that its attention layers see."""
ATTENTION = re.compile(
    r"attn2[._]to_k(\.weight|\.lora_down\.weight|\.lora[._]A(\.default)?\.weight|\.down\.weight)$"
)
TRANSFORMERS = (("double_blocks", "Flux"), ("joint_blocks", "Stable Diffusion 3"))
DTYPES = {"F32": "fp32", "F16": "fp16", "BF16": "bf16", "F8_E4M3": "fp8", "F8_E5M2": "fp8", "F64": "fp64"}


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One model. Texts are empty where nothing is known; `problem` says why a file cannot be used."""

    kind: str
    name: str
    path: Path
    size: int
    family: str = ""
    variant: str = ""
    precision: str = ""
    title: str = ""
    triggers: tuple[str, ...] = ()
    thumbnail: Path | None = None
    problem: str = ""

    def as_tree(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return {
            "kind": self.kind,
            "name": self.name,
            "path": str(self.path),
            "size": self.size,
            "family": self.family,
            "variant": self.variant,
            "precision": self.precision,
            "title": self.title,
            "triggers": list(self.triggers),
            "thumbnail": str(self.thumbnail) if self.thumbnail else None,
            "problem": self.problem,
        }


def models(folders: Folders, kinds: Iterable[str] = ()) -> Iterator[ModelFile]:
    """All models of these kinds, or of every kind that there is."""
    for kind in kinds or known_kinds(folders):
        for name in folders.names(kind):
            yield describe(kind, name, folders.find(kind, name))


def known_kinds(folders: Folders) -> list[str]:
    """The kinds of models: those that nodes ask for first, then any other that has a folder."""
    root = folders.data / "models"
    there = (
        [path.name for path in sorted(root.iterdir()) if path.is_dir() and path.name[0] != "."]
        if root.is_dir()
        else []
    )
    further = [kind for kind in folders.extra if kind not in PLAIN_KINDS]
    return list(dict.fromkeys([*KINDS, *further, *there]))


def describe(kind: str, name: str, path: Path) -> ModelFile:
    """What is known of a file or a diffusers folder from its header alone."""
    from safelight.diffusion.failure import DiffusionError

    try:
        if path.is_dir():
            return _folder(kind, name, path)
        size = path.stat().st_size
    except OSError as error:
        return ModelFile(kind, name, path, 0, problem=f"it cannot be read: {error.strerror or error}")
    try:
        from safelight.diffusion import header

        found = header.read(path)
    except (DiffusionError, OSError) as error:
        problem = getattr(error, "problem", str(error))
        return ModelFile(kind, name, path, size, thumbnail=thumbnail(path), problem=problem)
    family, variant = _family(found)
    return ModelFile(
        kind,
        name,
        path,
        size,
        family,
        variant,
        _precision(found),
        found.metadata.get("modelspec.title", ""),
        tuple(_triggers(found.metadata, path)),
        thumbnail(path),
    )


def guess(path: Path) -> str:
    """The kind of folder that a file belongs into, by its header; empty if that tells nothing."""
    from safelight.diffusion import header

    found = header.read(path)
    names = list(found)
    signs = (
        ("loras", lambda name: "lora_" in name or ".lora." in name or "hada_w1" in name or "lokr_w1" in name),
        ("controlnet", lambda name: "input_hint_block" in name or "controlnet" in name),
        ("checkpoints", lambda name: name.startswith(("cond_stage_model.", "conditioner."))),
        (
            "diffusion_models",
            lambda name: name.startswith(("model.diffusion_model.", "input_blocks.", "double_")),
        ),
        ("diffusion_models", lambda name: "down_blocks.0.attentions" in name),
        ("clip_vision", lambda name: name.startswith(("vision_model.", "visual."))),
        ("style_models", lambda name: name == "style_embedding"),
        ("text_encoders", lambda name: "text_model.encoder" in name or "SelfAttention" in name),
        ("vae", lambda name: name.startswith(("decoder.", "first_stage_model."))),
        (
            "upscale_models",
            lambda name: "RRDB" in name or "rdb" in name.lower() or name.startswith("model.1.sub"),
        ),
        ("embeddings", lambda name: name in ("emb_params", "clip_l", "clip_g")),
    )
    return next((kind for kind, sign in signs if any(map(sign, names))), "")


def thumbnail(path: Path) -> Path | None:
    """The picture that lies beside a model and has its name."""
    places = (path.with_name(path.stem + ending) for ending in THUMBNAILS)
    return next((place for place in places if place.is_file()), None)


def _folder(kind: str, name: str, path: Path) -> ModelFile:
    """A diffusers folder: its parts' files together."""
    files = [file for file in path.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in files)
    pipeline = _json(path / "model_index.json").get("_class_name", "")
    family = WIDTHS.get(_json(path / "unet" / "config.json").get("cross_attention_dim", 0), str(pipeline))
    weights = [file for file in files if file.suffix == ".safetensors"]
    if not weights:
        problem = "it holds no .safetensors file"
        return ModelFile(kind, name, path, size, family, "diffusers folder", problem=problem)
    largest = describe(kind, name, max(weights, key=lambda file: file.stat().st_size))
    return ModelFile(kind, name, path, size, family, "diffusers folder", largest.precision)


def _family(found: Header) -> tuple[str, str]:
    from safelight.diffusion.detect import detect
    from safelight.diffusion.failure import ModelFileError

    stated = found.metadata.get("modelspec.architecture", "")
    variant = "v-prediction" if found.metadata.get("modelspec.prediction_type") == "v" else ""
    try:
        first = found["model.diffusion_model.input_blocks.0.0.weight"]
        kinds = {8: "editing", 9: "inpainting"}
        return TITLES[detect(found)], variant or kinds.get(first.shape[1], "")
    except (KeyError, ModelFileError, IndexError):
        pass
    named = next((title for start, title in ARCHITECTURES if stated.startswith(start)), "")
    return named or _by_shapes(found), variant


def _by_shapes(found: Header) -> str:
    for sign, title in TRANSFORMERS:
        if any(sign in name for name in found):
            return title
    for name, stored in found.items():
        if ATTENTION.search(name) and len(stored.shape) > 1:
            return WIDTHS.get(stored.shape[1], "")
    return ""


def _precision(found: Header) -> str:
    """The type of number that most of the file is in."""
    counts: dict[str, int] = {}
    for stored in found.values():
        counts[stored.dtype] = counts.get(stored.dtype, 0) + stored.count
    most = max(counts, key=lambda dtype: counts[dtype], default="")
    return DTYPES.get(most, most.lower())


def _triggers(metadata: Mapping[str, str], path: Path) -> Iterator[str]:
    """Words that call what a LoRA has learnt: stated in it, noted beside it, or from its captions."""
    stated = metadata.get("modelspec.trigger_phrase")
    if stated:
        yield stated
        return
    noted = list(_noted(path))
    if noted:
        yield from noted
        return
    yield from _captions(metadata.get("ss_tag_frequency", ""))


def _noted(path: Path) -> Iterator[str]:
    info = _json(path.with_suffix(".civitai.info"))
    words = info.get("trainedWords")
    yield from (word for word in (words if isinstance(words, list) else ()) if isinstance(word, str))
    text = _json(path.with_suffix(".json")).get("activation text")
    if isinstance(text, str) and text.strip():
        yield text.strip()


def _captions(text: str) -> list[str]:
    counts: dict[str, int] = {}
    try:
        folders = json.loads(text) if text else {}
        for tags in folders.values():
            for tag, count in tags.items():
                counts[tag.strip()] = counts.get(tag.strip(), 0) + int(count)
    except (ValueError, AttributeError, TypeError, RecursionError):
        return []
    return sorted(filter(None, counts), key=lambda tag: (-counts[tag], tag))[:TRIGGERS]


def _json(path: Path) -> dict[str, Any]:
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return tree if isinstance(tree, dict) else {}
