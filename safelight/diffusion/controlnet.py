"""ControlNet and T2I-Adapter files: what they are and where their tensors lie. Reads headers, no weights.

A ControlNet is a copy of a UNet's first half (Zhang et al. 2023, arXiv:2302.05543); a T2I-Adapter a small
network of its own (Mou et al. 2023, arXiv:2302.08453). Both come as one file, in the names of their first
publication or in diffusers', or as a folder of diffusers'.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from safelight.diffusion import header as headers
from safelight.diffusion import union
from safelight.diffusion.component import Component, Slot
from safelight.diffusion.failure import ModelFileError
from safelight.diffusion.handle import ControlNetHandle, ModelHandle, Patch, Source
from safelight.diffusion.header import Header
from safelight.diffusion.layout import AdapterNames, ControlNames
from safelight.diffusion.single import definition

CONTROLNET, POOLED, ADAPTER = "controlnet", "controlnet_pooled", "t2i_adapter"
FAMILIES = frozenset({CONTROLNET, POOLED, ADAPTER, union.FAMILY})
"""Kinds of steering networks; a pooled one says the same everywhere in the picture, as `shuffle` does."""

CLASSES = {
    "ControlNetModel": CONTROLNET,
    "ControlNetUnionModel": union.FAMILY,
    "ControlNetModel_Union": union.FAMILY,
    "T2IAdapter": ADAPTER,
}
PREFIX = "control_model."
BY_WIDTHS = {(768, None): "sd15", (1024, None): "sd2", (2048, 2816): "sdxl", (None, 2816): "sdxl"}
"""A family by the width of the text that is attended to (none, if no text is) and of what else is told."""

NOT_SHARED = ("sample_size", "out_channels", "up_block_types", "center_input_sample")
"""What the config of a UNet says and that of its ControlNet does not."""

WHOLE = "diffusion_pytorch_model.safetensors"
"""The one file of a folder whose weights are not spread over several."""

XL_INPUTS = (256, 768)
"""Inputs of an adapter for SDXL: cells of 16 x 16 pixels, grey or in colour. The others' are of 8 x 8."""

HINT_LAYERS = ("conv_in", "blocks.1", "blocks.3", "blocks.5")
"""Layers of a ControlNet that see the picture at its full size, at a half, a quarter and an eighth."""

FOREIGN = {
    "lora_controlnet": "a Control-LoRA",
    "controlnet_x_embedder.weight": "a ControlNet for a diffusion transformer",
    "controlnet_blocks.0.weight": "a ControlNet for a diffusion transformer",
    "pos_embed_input.proj.weight": "a ControlNet for a diffusion transformer",
}
"""Tensors that only files have which cannot be used yet, and what such a file is."""


def load(
    path: Path, digest: str, model: ModelHandle | None = None, allow_pickle: bool = False
) -> ControlNetHandle:
    """The handle for a ControlNet or T2I-Adapter with this sha256: a `.safetensors` file or a folder.

    Some files hold the difference to a model; they need that `model`, which the others take no notice of.
    `ModelFileError` when it is missing, cut short, a pickle (unless allowed), or not known.
    """
    if path.is_dir():
        config = _config(path)
        family = CLASSES.get(config.get("_class_name", ""))
        if family is None:
            raise _unknown(path, f"a {config.get('_class_name', 'model folder')}")
        return ControlNetHandle(Source(str(path), digest, family, "diffusers", "control_net"))
    header = headers.read(path, allow_pickle)
    layout = "pickle" if allow_pickle and headers.is_pickle(path) else "original"
    handle = ControlNetHandle(Source(str(path), digest, _family(header), layout, "control_net"))
    if "difference" not in header:
        return handle
    if model is None:
        raise ModelFileError(
            f"{path.name} holds the difference to a model, not a whole ControlNet",
            "Load it with Load ControlNet Model (diff), and connect the model.",
        )
    return handle.patched(Patch("difference", other=model.pristine))


def component(source: Source) -> Component:
    """The module of a steering network: its config, and where its tensors lie."""
    path = Path(source.path)
    if source.layout == "diffusers":
        files = [headers.read(file) for file in _weights(path)]
        slots = {name: Slot(file, name) for file in files for name in file}
        return Component(path.name, _described(path, source.family, slots), tuple(files), slots.get)
    header = headers.read(path, source.layout == "pickle")
    if source.family == ADAPTER:
        return _adapter(header)
    return _controlnet(header, source.family)


def _family(header: Header) -> str:
    """What kind of steering network a file holds, or `ModelFileError`."""
    foreign = next((text for name, text in FOREIGN.items() if name in header), None)
    if foreign:
        raise _unknown(header.path, foreign)
    if _adapter_prefix(header) is not None:
        return ADAPTER
    if _controlnet_prefix(header) is None:
        raise _unknown(header.path, "not a ControlNet or T2I-Adapter")
    if f"{_controlnet_prefix(header)}task_embedding" in header:
        return union.FAMILY
    # Nothing in the file tells them from others: the reference goes by their names, too.
    return POOLED if header.path.stem.removesuffix("_fp16").endswith("_shuffle") else CONTROLNET


def _controlnet_prefix(header: Header) -> str | None:
    """What stands before the names of a ControlNet's tensors."""
    ends = ("input_hint_block.0.weight", "controlnet_cond_embedding.conv_in.weight")
    found = (prefix for prefix in (PREFIX, "") for end in ends if prefix + end in header)
    return next(found, None)


def _adapter_prefix(header: Header) -> str | None:
    """What stands before the names of a T2I-Adapter's tensors."""
    ends = ("body.0.in_conv.weight", "body.0.block1.weight", "body.0.resnets.0.block1.weight")
    found = (prefix for prefix in ("adapter.", "") for end in ends if prefix + end in header)
    return next(found, None)


def _controlnet(header: Header, kind: str) -> Component:
    prefix = _controlnet_prefix(header) or ""
    family = BY_WIDTHS.get((_text_width(header, prefix), _told(header, prefix)))
    if family is None:
        raise _unknown(header.path, "a ControlNet for an unknown family of models")
    shared = {key: value for key, value in definition(family)["unet"].items() if key not in NOT_SHARED}
    original = f"{prefix}input_hint_block.0.weight" in header
    if not original:
        shared |= _levels(header, prefix)
    names: Callable[[str], str] = ControlNames(shared) if original else str

    def shape(name: str) -> tuple[int, ...]:
        return _shape(header, prefix + names(f"{name}.weight"))

    levels = range(len(shared["down_block_types"]))
    hint = [shape(f"controlnet_cond_embedding.{name}") for name in HINT_LAYERS]
    config = shared | {
        "in_channels": shape("conv_in")[1],
        "block_out_channels": [shape(f"down_blocks.{level}.resnets.0.conv1")[0] for level in levels],
        "conditioning_channels": hint[0][1],
        "conditioning_embedding_out_channels": [layer[0] for layer in hint],
        "global_pool_conditions": kind == POOLED,
    }
    if kind == union.FAMILY:
        layers = _count(header, prefix + union.LAYERS)
        config = union.config(config, lambda name: _shape(header, prefix + name), layers)
    return _filed(header, config, prefix, names)


def _levels(header: Header, prefix: str) -> dict[str, Any]:
    """Where a ControlNet in diffusers' names attends to text: small ones for SDXL do so less or nowhere."""

    def depth(place: str) -> int:
        return _count(header, f"{prefix}{place}.attentions.0.transformer_blocks.{{}}.norm1.weight")

    count = _count(header, prefix + "down_blocks.{}.resnets.0.conv1.weight")
    depths = [depth(f"down_blocks.{level}") for level in range(count)]
    return {
        "down_block_types": ["CrossAttnDownBlock2D" if depth else "DownBlock2D" for depth in depths],
        "transformer_layers_per_block": [max(1, depth) for depth in depths],
        "mid_block_type": "UNetMidBlock2DCrossAttn" if depth("mid_block") else "UNetMidBlock2D",
    }


def _adapter(header: Header) -> Component:
    prefix = _adapter_prefix(header) or ""
    original = f"{prefix}body.0.resnets.0.block1.weight" not in header
    light = f"{prefix}body.0.in_conv.weight" in header
    names = AdapterNames(light) if original else (lambda name: name.removeprefix("adapter."))
    if f"{prefix}body.2.down_opt.op.weight" in header:
        raise _unknown(
            header.path, "a T2I-Adapter of an early kind, which makes pictures smaller its own way"
        )

    def shape(name: str) -> tuple[int, ...]:
        return _shape(header, prefix + names(f"adapter.{name}.weight"))

    cells = shape("body.0.in_conv" if light else "conv_in")[1]
    xl = cells in XL_INPUTS and not light
    widths = [shape(f"body.{level}.{'out_conv' if light else 'resnets.0.block1'}")[0] for level in range(4)]
    layers = (f"{prefix}{names('adapter.body.0.resnets.')}", ".block1.weight")
    config = {
        "in_channels": cells // (256 if xl else 64),
        "channels": widths[:3] if light else widths,
        "num_res_blocks": sum(name.startswith(layers[0]) and name.endswith(layers[1]) for name in header)
        if light or not original
        else 2,
        "downscale_factor": 16 if xl else 8,
        "adapter_type": "light_adapter" if light else "full_adapter_xl" if xl else "full_adapter",
    }
    return _filed(header, config, prefix, names)


def _filed(header: Header, config: Mapping[str, Any], prefix: str, names: Callable[[str], str]) -> Component:
    def find(name: str) -> Slot | None:
        stored = prefix + names(name)
        return Slot(header, stored) if stored in header else None

    return Component(header.path.name, config, (header,), find, lambda name: name.startswith(prefix))


def _text_width(header: Header, prefix: str) -> int | None:
    """The width of the text that a ControlNet attends to."""
    pattern = re.compile(re.escape(prefix) + r"\w+\.\d+\..*attn2\.to_k\.weight")
    return next((stored.shape[1] for name, stored in header.items() if pattern.fullmatch(name)), None)


def _told(header: Header, prefix: str) -> int | None:
    """The width of what else it is told (pooled text, sizes)."""
    names = (f"{prefix}label_emb.0.0.weight", f"{prefix}add_embedding.linear_1.weight")
    return next((header[name].shape[1] for name in names if name in header), None)


def _count(header: Header, name: str) -> int:
    """How many tensors of this name there are, numbered from 0."""
    number = 0
    while name.format(number) in header:
        number += 1
    return number


def _shape(header: Header, name: str) -> tuple[int, ...]:
    if name not in header:
        raise ModelFileError(f"{header.path.name} lacks {name}", "Download the file again.")
    return header[name].shape


def _described(folder: Path, kind: str, slots: Mapping[str, Slot]) -> dict[str, Any]:
    """The config of a folder; what a union's tensors say counts, for published ones do not all tell it."""
    if kind != union.FAMILY:
        return _config(folder)

    def shape(name: str) -> tuple[int, ...]:
        if name not in slots:
            raise ModelFileError(f"{folder.name} lacks {name}", "Download the model again.")
        return slots[name].header[name].shape

    layers = sum(name.startswith("transformer_layes.") and name.endswith("ln_1.weight") for name in slots)
    return union.config(_config(folder), shape, layers)


def _config(folder: Path) -> dict[str, Any]:
    try:
        tree: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelFileError(
            f"The folder {folder} has no config.json that can be read ({error})", "Download it again."
        ) from error
    return tree


def _weights(folder: Path) -> list[Path]:
    """The safetensors files of a folder: the plain ones rather than of a variant (`.fp16.`, `_promax`)."""
    found = sorted(folder.glob("*.safetensors"), key=lambda file: (file.name.count("."), file.name))
    if not found:
        raise ModelFileError(f"{folder} holds no .safetensors file", "Download the model again.")
    if any(file.name == WHOLE for file in found):
        return [folder / WHOLE]
    return [file for file in found if file.name.count(".") == found[0].name.count(".")]


def _unknown(path: Path, what: str) -> ModelFileError:
    return ModelFileError(
        f"{path.name} is {what}, which cannot be used here",
        "Choose a ControlNet or T2I-Adapter for Stable Diffusion 1, 2 or XL.",
    )
