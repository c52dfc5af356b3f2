"""A model folder in diffusers' layout: `model_index.json`, and a sub-folder for each component."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safelight.diffusion import header
from safelight.diffusion.component import Component, Slot
from safelight.diffusion.failure import ModelFileError
from safelight.diffusion.single import ROUGHEST, TextComponent

if TYPE_CHECKING:
    from safelight.diffusion.latent import Colours

UNETS = ("UNet2DConditionModel",)
VAES = ("AutoencoderKL",)
TEXTS = ("CLIPTextModel", "CLIPTextModelWithProjection")


class Folder:
    """The components of a diffusers folder, each read from its own sub-folder when it is asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def index(self) -> dict[str, Any]:
        """What `model_index.json` lists: component to (library, class)."""
        return self._json("model_index.json")

    def has(self, name: str) -> bool:
        """Whether the folder has this component."""
        return bool((self.index.get(name) or [None])[0]) and (self.path / name).is_dir()

    def parts(self) -> set[str]:
        """Which of `unet`, `clip` and `vae` are there; raises for what is not known."""
        self._expect("unet", UNETS)
        self._refuse_unet(self._json("unet/config.json"))
        found = {"unet"}
        if self.has("vae"):
            self._expect("vae", VAES)
            found.add("vae")
        for name in ("text_encoder", "text_encoder_2"):
            if self.has(name):
                self._expect(name, TEXTS)
                found.add("clip")
        return found

    def unet(self) -> Component:
        """The denoising network."""
        return self._component("unet")

    def vae(self) -> Component:
        """The picture encoder and decoder."""
        return self._component("vae")

    def vae_config(self) -> Mapping[str, Any]:
        """The VAE's config alone, empty if there is no VAE."""
        return self._json("vae/config.json") if self.has("vae") else {}

    def colours(self) -> Colours | None:
        """What the channels of its latents look like, where `vae/colours.json` says so."""
        if not (self.path / "vae/colours.json").is_file():
            return None
        # It brings torch, which merely looking at a folder does not need.
        from safelight.diffusion.latent import Colours

        tree = self._json("vae/colours.json")
        return Colours(tuple(tuple(row) for row in tree["rows"]), tuple(tree["bias"]))

    def scheduler(self) -> Mapping[str, Any]:
        """How the network was trained to see noise."""
        return self._json("scheduler/scheduler_config.json")

    def roughening(self) -> tuple[Mapping[str, Any], int]:
        """How the noise of small pictures was made, and the highest level, for models that enlarge them."""
        name = "low_res_scheduler"
        own = self._json(f"{name}/scheduler_config.json") if self.has(name) else self.scheduler()
        return own, int(self.index.get("max_noise_level", ROUGHEST))

    def texts(self) -> tuple[TextComponent, ...]:
        """The text encoders in order; with a second one all are SDXL's, read before their last layer."""
        names = [name for name in ("text_encoder", "text_encoder_2") if self.has(name)]
        early = "text_encoder_2" in names
        return tuple(
            TextComponent(
                self._text(name),
                embedding="clip_g" if name == "text_encoder_2" else "clip_l",
                last_layer=-2 if early else -1,
                norm=not early,
                vocabulary=self.path / name.replace("text_encoder", "tokenizer"),
            )
            for name in names
        )

    def _text(self, name: str) -> Component:
        component = self._component(name)
        stored = component.slot
        # transformers 4 wrote "text_model." before each name but the projection's, transformers 5 does not.
        return Component(
            component.title,
            component.config,
            component.headers,
            slot=lambda name: stored(f"text_model.{name}") or stored(name),
        )

    def _component(self, name: str) -> Component:
        files = self._files(self.path / name)
        headers = tuple(header.read(file) for file in files)
        slots = {tensor: Slot(head, tensor) for head in headers for tensor in head}
        return Component(f"{self.path.name}/{name}", self._json(f"{name}/config.json"), headers, slots.get)

    def _files(self, folder: Path) -> list[Path]:
        """The safetensors files of one precision, plain ones rather than those of a variant (`.fp16.`)."""
        found = sorted(folder.glob("*.safetensors"), key=lambda file: (file.name.count("."), file.name))
        if not found:
            raise _without_weights(folder)
        variant = _variant(found[0])
        return [file for file in found if _variant(file) == variant]

    def _expect(self, name: str, classes: tuple[str, ...]) -> None:
        listed = self.index.get(name) or self.index.get("transformer") or [None, None]
        kind = listed[1]
        if kind not in classes:
            raise ModelFileError(
                f"{self.path.name} has {kind or 'nothing'} as its {name}, which is not known here",
                f"Choose a model with a {classes[0]}.",
            )

    def _refuse_unet(self, config: Mapping[str, Any]) -> None:
        """Raise for a UNet that wants to be told more than text and sizes."""
        odd = [name for name in ("encoder_hid_dim_type", "class_embed_type") if config.get(name)]
        if config.get("addition_embed_type") not in (None, "text_time"):
            odd.append("addition_embed_type")
        more = config["in_channels"] - config["out_channels"]
        enlarges = more == 3 and bool(config.get("num_class_embeds"))
        if config.get("num_class_embeds") and not enlarges:
            odd.append("num_class_embeds")
        if more not in (0, 4, 5) and not enlarges:  # an edited or masked picture, or a small one
            odd.append(f"{config['in_channels']} input channels")
        if odd:
            raise ModelFileError(
                f"The UNet in {self.path.name} has {', '.join(odd)}, which cannot be used yet",
                "Choose a plain model.",
            )

    def _json(self, name: str) -> dict[str, Any]:
        try:
            tree = json.loads((self.path / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise ModelFileError(
                f"The model folder {self.path} has no {name}", "Download it again."
            ) from None
        except (OSError, ValueError) as error:
            raise ModelFileError(
                f"{self.path / name} cannot be read ({error})", "Download it again."
            ) from error
        return tree


def _variant(file: Path) -> str:
    return file.name.removesuffix(".safetensors").partition(".")[2].partition("-")[0]


def _without_weights(folder: Path) -> ModelFileError:
    if any(folder.glob("*.bin")):
        return ModelFileError(
            f"{folder} holds its weights as a pickle, which can run any program when it is opened",
            "Get the .safetensors version of this model, or convert it.",
        )
    return ModelFileError(f"{folder} holds no .safetensors file", "Download the model again.")
