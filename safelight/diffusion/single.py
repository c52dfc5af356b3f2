"""A model in one file of the original layout: which family it is, and its components.

The family is read off names and shapes in the header; no tensor is touched. What a family's members share
lies in `data/families/NAME.json`; what they differ in (widths, depth of the text encoder) is read off the
header too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from safelight.diffusion import header as headers
from safelight.diffusion.builtin import DATA
from safelight.diffusion.component import Component, Slot
from safelight.diffusion.failure import ModelFileError
from safelight.diffusion.header import Header
from safelight.diffusion.layout import UnetNames, VaeNames, open_clip, open_clip_third

UNET, VAE = "model.diffusion_model.", "first_stage_model."
FAMILIES = ("sd15", "sd2", "sdxl", "sdxl_refiner")


@dataclass(frozen=True)
class TextComponent:
    """A text encoder and how its family reads it.

    `embedding` is its name in textual-inversion files; `last_layer` the layer that is read (from the end),
    `norm` whether the final norm is applied to it; `vocabulary` a tokenizer folder, or the number that
    fills chunks of CLIP's own vocabulary.
    """

    component: Component
    embedding: str
    last_layer: int
    norm: bool
    vocabulary: Path | int


@cache
def definition(family: str) -> dict[str, Any]:
    """What is shipped about a family: configs of its components, names and roles of its text encoders."""
    return json.loads((DATA / "families" / f"{family}.json").read_text(encoding="utf-8"))


def detect(header: Header) -> str:
    """The name of a checkpoint's family, or `ModelFileError` saying what the file seems to be."""
    first = header.get(UNET + "input_blocks.0.0.weight")
    if first is None:
        raise ModelFileError(
            f"{header.path.name} is {_seems(header)}", "Choose a Stable Diffusion 1, 2 or XL checkpoint."
        )
    family = _BY_WIDTHS.get((_context(header), _label(header)))
    if family is None:
        raise ModelFileError(
            f"{header.path.name} is a UNet of an unknown family (text width {_context(header)}, extra width "
            f"{_label(header)})",
            "Stable Diffusion 1, 2, XL and the XL refiner are known.",
        )
    if first.shape[1] != 4:
        raise ModelFileError(
            f"{header.path.name} is a {definition(family)['title']} model for inpainting or editing "
            f"({first.shape[1]} input channels), which cannot be used yet",
            "Choose the plain model.",
        )
    return family


_BY_WIDTHS = {(768, None): "sd15", (1024, None): "sd2", (2048, 2816): "sdxl", (1280, 2560): "sdxl_refiner"}


def _context(header: Header) -> int | None:
    """The width of the text that the UNet attends to."""
    pattern = re.compile(
        re.escape(UNET) + r"input_blocks\.\d+\.1\.transformer_blocks\.0\.attn2\.to_k\.weight"
    )
    return next((stored.shape[1] for name, stored in header.items() if pattern.fullmatch(name)), None)


def _label(header: Header) -> int | None:
    """The width of what else the UNet is told (pooled text, sizes)."""
    stored = header.get(UNET + "label_emb.0.0.weight")
    return stored.shape[1] if stored else None


def _seems(header: Header) -> str:
    """What a file without an original UNet looks like, as the end of a sentence."""
    names = list(header)
    signs: tuple[tuple[str, Callable[[str], bool]], ...] = (
        ("a LoRA, not a checkpoint", lambda name: "lora_" in name),
        ("a ControlNet, not a checkpoint", lambda name: "input_hint_block" in name or "controlnet" in name),
        (
            "a diffusion transformer, whose family is not known yet",
            lambda name: "double_blocks." in name or "joint_blocks." in name,
        ),
        ("a VAE alone, not a checkpoint", lambda name: name.startswith(("decoder.", VAE))),
        ("a UNet alone, not a checkpoint", lambda name: name.startswith(("input_blocks.", "down_blocks."))),
    )
    return next((text for text, sign in signs if any(map(sign, names))), "no model that is known here")


class SingleFile:
    """The components of one file of the original layout."""

    def __init__(self, path: Path, family: str, allow_pickle: bool = False) -> None:
        self.path = path
        self.family = family
        self.allow_pickle = allow_pickle

    @cached_property
    def header(self) -> Header:
        """What the file says it holds."""
        return headers.read(self.path, self.allow_pickle)

    def parts(self) -> set[str]:
        """Which of `unet`, `clip` and `vae` are there."""
        found = {"unet"}
        if VAE + "decoder.conv_in.weight" in self.header:
            found.add("vae")
        prefixes = [self._text_prefix(text) for text in definition(self.family)["text"]]
        if all(any(name.startswith(prefix) for name in self.header) for prefix in prefixes):
            found.add("clip")
        return found

    def unet(self) -> Component:
        """The denoising network."""
        config = dict(definition(self.family)["unet"])
        config["block_out_channels"] = self._unet_widths(config)
        return self._filed("The UNet", config, UNET, UnetNames(config))

    def vae(self) -> Component:
        """The picture encoder and decoder."""
        config = dict(definition(self.family)["vae"])
        config["block_out_channels"] = [
            self._shape(f"{VAE}encoder.down.{level}.block.0.conv1.weight")[0]
            for level in range(len(config["block_out_channels"]))
        ]
        return self._filed("The VAE", config, VAE, VaeNames(config))

    def vae_config(self) -> Mapping[str, Any]:
        """The VAE's config alone."""
        return definition(self.family)["vae"]

    def scheduler(self) -> Mapping[str, Any]:
        """How the network was trained to see noise; `v_pred` and `ztsnr` are tensors that only say so."""
        config = dict(definition(self.family)["scheduler"])
        if "v_pred" in self.header:
            config["prediction_type"] = "v_prediction"
        return config | {"rescale_betas_zero_snr": "ztsnr" in self.header}

    def texts(self) -> tuple[TextComponent, ...]:
        """The text encoders in order."""
        return tuple(self._text(text) for text in definition(self.family)["text"])

    def _text(self, text: Mapping[str, Any]) -> TextComponent:
        component = self._text_component(text, self._text_prefix(text))
        pad = text["config"]["pad_token_id"]
        return TextComponent(component, text["embedding"], text["last_layer"], text["norm"], pad)

    def _text_prefix(self, text: Mapping[str, Any]) -> str:
        prefix = text["prefix"] + "."
        nested = prefix + "text_model."
        return nested if any(name.startswith(nested) for name in self.header) else prefix

    def _text_component(self, text: Mapping[str, Any], prefix: str) -> Component:
        stacked = text["layout"] == "open_clip"
        rename = open_clip if stacked else str

        def find(name: str) -> Slot | None:
            stored = prefix + rename(name)
            if stored not in self.header:
                return None
            turned = stacked and name == "text_projection.weight"
            return Slot(self.header, stored, third=open_clip_third(name) if stacked else None, turned=turned)

        config = text["config"] | self._text_sizes(prefix, rename)
        title = f"The text encoder in {self.path.name}"
        return Component(title, config, (self.header,), find, lambda name: name.startswith(prefix))

    def _text_sizes(self, prefix: str, rename: Callable[[str], str]) -> dict[str, int]:
        vocabulary, width = self._shape(prefix + rename("embeddings.token_embedding.weight"))
        projection = self.header.get(prefix + "text_projection")
        layers = prefix + rename("encoder.layers.0.layer_norm1.weight").partition("0.")[0]
        return {
            "vocab_size": vocabulary,
            "hidden_size": width,
            "projection_dim": projection.shape[1] if projection else width,
            "intermediate_size": self._shape(prefix + rename("encoder.layers.0.mlp.fc1.weight"))[0],
            "max_position_embeddings": self._shape(prefix + rename("embeddings.position_embedding.weight"))[
                0
            ],
            "num_hidden_layers": len(
                {name[len(layers) :].partition(".")[0] for name in self.header if name.startswith(layers)}
            ),
        }

    def _filed(
        self, title: str, config: Mapping[str, Any], prefix: str, rename: Callable[[str], str]
    ) -> Component:
        def find(name: str) -> Slot | None:
            stored = prefix + rename(name)
            return Slot(self.header, stored) if stored in self.header else None

        title = f"{title} in {self.path.name}"
        return Component(title, config, (self.header,), find, lambda name: name.startswith(prefix))

    def _unet_widths(self, config: Mapping[str, Any]) -> list[int]:
        layers = config["layers_per_block"]
        firsts = [1 + level * (layers + 1) for level in range(len(config["down_block_types"]))]
        return [self._shape(f"{UNET}input_blocks.{block}.0.in_layers.2.weight")[0] for block in firsts]

    def _shape(self, name: str) -> tuple[int, ...]:
        if name not in self.header:
            raise ModelFileError(f"{self.path.name} lacks {name}", "Download the file again.")
        return self.header[name].shape
