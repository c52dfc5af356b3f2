"""Models to files of the original layout, which other programs read: whole checkpoints, or one part each.

Weights are written in the number types in which they were stored, so that what no patch has changed is as it
was, bit for bit. Files appear whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from safelight.diffusion import codec, overlay, residency
from safelight.diffusion import family as families
from safelight.diffusion.component import Component
from safelight.diffusion.detect import BY_WIDTHS
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.handle import ClipHandle, ModelHandle, VaeHandle
from safelight.diffusion.layout import UnetNames, VaeNames, open_clip
from safelight.diffusion.lone import ENCODERS
from safelight.diffusion.plan import Plan
from safelight.diffusion.sigma import DiscreteSampling, ModelSampling
from safelight.diffusion.single import UNET, VAE, definition
from safelight.diffusion.training import LAST_ALPHA
from safelight.diffusion.unclip import Augmentation
from safelight.diffusion.watch import QUIET, Watch

Tensors = dict[str, Tensor]
DTYPES = {"F16": torch.float16, "BF16": torch.bfloat16}
"""Number types that are kept; all others become fp32."""

UNTOLD = ("layers_per_block", "norm_num_groups", "latent_channels", "in_channels", "out_channels")
"""What of a VAE its weights do not tell, or not to all programs: a file is read as if it had the usual."""

ARCHITECTURES = {
    "sd15": "stable-diffusion-v1",
    "sd2": "stable-diffusion-v2-768-v",
    "sd2_unclip": "stable-diffusion-v2-768-v",
    "sd2_upscaler": "stable-diffusion-v2-x4-upscaler",
    "sdxl": "stable-diffusion-xl-v1-base",
    "sdxl_refiner": "stable-diffusion-xl-v1-refiner",
}
"""What a file's metadata calls each family."""


def checkpoint(
    path: Path,
    model: ModelHandle,
    clip: ClipHandle | None,
    vae: VaeHandle | None,
    *,
    plan: Plan,
    watch: Watch = QUIET,
    **told: Any,
) -> None:
    """Write a model, with its text encoder and VAE where they are given, as one file.

    `told` are JSON-plain values for the file's metadata, such as `prompt` and `workflow`. `UnsupportedError`
    if the original layout has no place for such a model.
    """
    kind, tensors = _network(model, plan, watch)
    if clip is not None:
        tensors |= _encoders(clip, kind, plan, watch)
    if vae is not None:
        tensors |= {VAE + name: tensor for name, tensor in _autoencoder(vae, plan, watch).items()}
    modelspec = {"sai_model_spec": "1.0.0", "architecture": ARCHITECTURES[kind], "title": path.stem}
    told_of_model = {f"modelspec.{name}": text for name, text in modelspec.items()}
    codec.save_whole(tensors, told_of_model | _texts(told), path)


def vae(path: Path, handle: VaeHandle, *, plan: Plan, watch: Watch = QUIET, **told: Any) -> None:
    """Write a VAE alone, without the prefix that it has in a checkpoint."""
    codec.save_whole(_autoencoder(handle, plan, watch), _texts(told), path)


def encoder_names(clip: ClipHandle) -> tuple[str, ...]:
    """What the text encoders of a model are called, in their order: `clip_l`, `clip_g`, `clip_h`."""
    return tuple(
        ENCODERS.get(text.component.config["hidden_size"], text.embedding)
        for text in families.components(clip.source).texts()
    )


def encoder(
    path: Path, clip: ClipHandle, place: int, *, plan: Plan, watch: Watch = QUIET, **told: Any
) -> None:
    """Write one of a model's text encoders alone, with transformers' names."""
    found = _towers(clip, plan, watch)[place]
    codec.save_whole(_clip(found), _texts(told), path)


def _network(model: ModelHandle, plan: Plan, watch: Watch) -> tuple[str, Tensors]:
    """The family of a model, and its network's tensors by their names in a checkpoint."""
    component = families.components(model.source).unet()
    config = component.config
    context, label = config["cross_attention_dim"], config.get("projection_class_embeddings_input_dim")
    family = BY_WIDTHS.get((context, label))
    if family is None:
        raise UnsupportedError(
            f"{component.title} is of a kind that a single file has no place for",
            "Models of Stable Diffusion 1, 2, XL and the XL refiner can be saved.",
        )
    if config.get("num_class_embeds"):
        family = "sd2_upscaler"
    names = UnetNames(config)
    with residency.lend(model, _exact(plan), watch) as network:
        tensors = {
            UNET + names(name): _as_stored(tensor, component, name)
            for name, tensor in network.tensors().items()
        }
        sampling = overlay.sampling(model, network.sampling)
        if isinstance(network.augmentation, Augmentation):
            tensors["noise_augmentor.data_mean"] = network.augmentation.mean
            tensors["noise_augmentor.data_std"] = network.augmentation.spread
    return family, tensors | _signs(sampling, family)


def _signs(sampling: ModelSampling, family: str) -> Tensors:
    """The empty tensors that say what a model predicts, and that its last level is noise alone.

    A Stable Diffusion 2 model needs none for the former: it shows in its weights, or all of its kind do.
    """
    signs = {}
    told = definition(family)["scheduler"]["prediction_type"] == "v_prediction"
    if getattr(sampling, "prediction", "") == "v" and family != "sd2" and not told:
        signs["v_pred"] = torch.empty(0)
    if isinstance(sampling, DiscreteSampling) and float(sampling.alphas_cumprod[-1]) == LAST_ALPHA:
        signs["ztsnr"] = torch.empty(0)
    return signs


def _autoencoder(handle: VaeHandle, plan: Plan, watch: Watch) -> Tensors:
    component = families.components(handle.source).vae()
    usual = definition("sd15")["vae"]
    if any(component.config.get(name, usual[name]) != usual[name] for name in UNTOLD):
        raise UnsupportedError(
            f"{component.title} is of a kind that a single file has no place for",
            "VAEs built as those of Stable Diffusion 1, 2 and XL can be saved.",
        )
    names = VaeNames(component.config)
    tensors = {}
    with residency.lend(handle, _exact(plan), watch) as model:
        for name, tensor in model.module.state_dict().items():
            place, stored = names(name), _as_stored(tensor, component, name)
            # What is a matrix in diffusers' attention is a 1 x 1 convolution in the original one.
            tensors[place] = stored[..., None, None] if ".attn_1." in place and stored.ndim == 2 else stored
    return tensors


def _towers(clip: ClipHandle, plan: Plan, watch: Watch) -> list[Tensors]:
    """The tensors of each text encoder by its own names."""
    texts = families.components(clip.source).texts()
    found: list[Tensors] = [{} for _ in texts]
    with residency.lend(clip, _exact(plan), watch) as encoders:
        for name, tensor in encoders.tensors().items():
            place, _, own = name.partition(".")
            found[int(place)][own] = _as_stored(tensor, texts[int(place)].component, own)
    return found


def _encoders(clip: ClipHandle, family: str, plan: Plan, watch: Watch) -> Tensors:
    """All text encoders by their names in a checkpoint of this family."""
    entries, towers = definition(family)["text"], _towers(clip, plan, watch)
    if len(entries) != len(towers):
        raise UnsupportedError(
            f"A {definition(family)['title']} model has {len(entries)} text encoders, not {len(towers)}",
            "Connect the CLIP that belongs to the model.",
        )
    tensors: Tensors = {}
    for entry, tower in zip(entries, towers, strict=True):
        named = _open_clip(tower) if entry["layout"] == "open_clip" else _clip(tower)
        tensors |= {f"{entry['prefix']}.{name}": tensor for name, tensor in named.items()}
    return tensors


def _clip(tower: Tensors) -> Tensors:
    """The names of transformers, of which only the projection stands outside of `text_model`."""
    return {
        (name if name.startswith("text_projection") else f"text_model.{name}"): tensor
        for name, tensor in tower.items()
    }


def _open_clip(tower: Tensors) -> Tensors:
    """OpenCLIP's names: queries, keys and values are rows of one matrix, the projection is turned."""
    tensors: Tensors = {}
    for name, tensor in tower.items():
        if ".q_proj." in name:
            others = [tower[name.replace(".q_proj.", f".{letter}_proj.")] for letter in "kv"]
            tensors[open_clip(name)] = torch.cat([tensor, *others])
        elif ".k_proj." not in name and ".v_proj." not in name:
            tensors[open_clip(name)] = tensor.T.contiguous() if "text_projection" in name else tensor
    return tensors


def _exact(plan: Plan) -> Plan:
    """The plan under which no weight loses digits on its way from file to file."""
    return replace(plan, dtype="fp32", layout="contiguous")


def _as_stored(tensor: Tensor, component: Component, name: str) -> Tensor:
    """A tensor on the CPU, in the number type of the one in the file that it is made from."""
    slot = component.slot(name)
    dtype = DTYPES.get(slot.header[slot.name].dtype, torch.float32) if slot else torch.float32
    return tensor.to("cpu", dtype)


def _texts(told: Mapping[str, Any]) -> dict[str, str]:
    return {name: json.dumps(value) for name, value in told.items() if value is not None}
