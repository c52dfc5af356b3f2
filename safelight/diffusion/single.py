"""A model in one file of the original layout: its components.

What a family's members share lies in `data/families/NAME.json`; what they differ in (widths, the depth of
the text encoder) is read off the header. No tensor is touched.
"""

from __future__ import annotations

import json
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
FAMILIES = ("sd15", "sd2", "sd2_unclip", "sd2_upscaler", "sdxl", "sdxl_refiner")
ROUGHEST = 350
"""The highest level of noise that small pictures had when models that enlarge them were trained."""


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
    tree: dict[str, Any] = json.loads((DATA / "families" / f"{family}.json").read_text(encoding="utf-8"))
    if "like" not in tree:
        return tree
    base = dict(definition(tree.pop("like")))
    return base | {key: base[key] | own if isinstance(own, dict) else own for key, own in tree.items()}


class SingleFile:
    """The components of one file of the original layout."""

    unet_prefix, vae_prefix = UNET, VAE
    """What the names of the UNet's and the VAE's tensors begin with."""

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
        config["in_channels"] = self._shape(f"{self.unet_prefix}input_blocks.0.0.weight")[1]
        if "class_embed_type" in config:
            label = self._shape(f"{self.unet_prefix}label_emb.0.0.weight")[1]
            config["projection_class_embeddings_input_dim"] = label
        if "num_class_embeds" in config:
            config["num_class_embeds"] = self._shape(f"{self.unet_prefix}label_emb.weight")[0]
        return self._filed("The UNet", config, self.unet_prefix, UnetNames(config))

    def vae(self) -> Component:
        """The picture encoder and decoder."""
        config = dict(definition(self.family)["vae"])
        config["block_out_channels"] = [
            self._shape(f"{self.vae_prefix}encoder.down.{level}.block.0.conv1.weight")[0]
            for level in range(len(config["block_out_channels"]))
        ]
        return self._filed("The VAE", config, self.vae_prefix, VaeNames(config))

    def vae_config(self) -> Mapping[str, Any]:
        """The VAE's config alone."""
        return definition(self.family)["vae"]

    def scheduler(self) -> Mapping[str, Any]:
        """How the network was trained to see noise; `v_pred` and `ztsnr` are tensors that only say so."""
        config = dict(definition(self.family)["scheduler"])
        if "v_pred" in self.header:
            config["prediction_type"] = "v_prediction"
        return config | {"rescale_betas_zero_snr": "ztsnr" in self.header}

    def roughening(self) -> tuple[Mapping[str, Any], int]:
        """How the noise of small pictures was made, and the highest level, for models that enlarge them."""
        return definition(self.family)["scheduler"], ROUGHEST

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
        def sizes(name: str) -> tuple[int, ...]:
            return self._shape(prefix + rename(name))

        vocabulary, width = sizes("embeddings.token_embedding.weight")
        projection = self.header.get(prefix + "text_projection")
        layers = prefix + rename("encoder.layers.0.layer_norm1.weight").partition("0.")[0]
        numbers = {name[len(layers) :].partition(".")[0] for name in self.header if name.startswith(layers)}
        return {
            "vocab_size": vocabulary,
            "hidden_size": width,
            "projection_dim": projection.shape[1] if projection else width,
            "intermediate_size": sizes("encoder.layers.0.mlp.fc1.weight")[0],
            "max_position_embeddings": sizes("embeddings.position_embedding.weight")[0],
            "num_hidden_layers": len(numbers),
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
        return [
            self._shape(f"{self.unet_prefix}input_blocks.{block}.0.in_layers.2.weight")[0] for block in firsts
        ]

    def _shape(self, name: str) -> tuple[int, ...]:
        if name not in self.header:
            raise ModelFileError(f"{self.path.name} lacks {name}", "Download the file again.")
        return self.header[name].shape
