"""Where each tensor of a module lies in a file of the original layout (CompVis, Stability, OpenCLIP).

Each function takes a module's own tensor name (diffusers' for UNet and VAE, transformers' for text
encoders) and gives the name in the file. They are the inverse of what conversion scripts do, so that only
what is wanted is ever read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

UNET_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
UNET_ENDS = {
    "conv_in": "input_blocks.0.0",
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "class_embedding": "label_emb",
    "class_embedding.linear_1": "label_emb.0.0",
    "class_embedding.linear_2": "label_emb.0.2",
    "mid_block.resnets.0": "middle_block.0",
    "mid_block.attentions.0": "middle_block.1",
    "mid_block.resnets.1": "middle_block.2",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}
HINT = "controlnet_cond_embedding"
VAE_ATTENTION = {"group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out"}
OPEN_CLIP_LAYER = {
    "self_attn.out_proj": "attn.out_proj",
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
}
OPEN_CLIP_ENDS = {
    "embeddings.token_embedding.weight": "token_embedding.weight",
    "embeddings.position_embedding.weight": "positional_embedding",
    "final_layer_norm.weight": "ln_final.weight",
    "final_layer_norm.bias": "ln_final.bias",
    "text_projection.weight": "text_projection",
}

OPEN_CLIP_VISION = {
    "embeddings.class_embedding": "class_embedding",
    "embeddings.patch_embedding.weight": "conv1.weight",
    "pre_layrnorm.weight": "ln_pre.weight",
    "pre_layrnorm.bias": "ln_pre.bias",
    "post_layernorm.weight": "ln_post.weight",
    "post_layernorm.bias": "ln_post.bias",
    "visual_projection.weight": "proj",
}


class UnetNames:
    """Names in an original UNet, for a config of diffusers' `UNet2DConditionModel`."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        layers = config["layers_per_block"]
        self._modules = {
            **UNET_ENDS,
            **_down(config["down_block_types"], layers),
            **_up(config["up_block_types"], layers),
        }

    def __call__(self, name: str) -> str:
        """The original name of one of diffusers' tensors, below `model.diffusion_model`."""
        parts = name.split(".")
        for length in range(len(parts) - 1, 0, -1):
            place = self._modules.get(".".join(parts[:length]))
            if place is not None:
                rest = parts[length:]
                if "resnets" in parts[:length]:
                    rest[0] = UNET_RESNET[rest[0]]
                return ".".join([place, *rest])
        return name


def _down(kinds: list[str], layers: int) -> dict[str, str]:
    names, block = {}, 1
    for level, kind in enumerate(kinds):
        for layer in range(layers):
            names[f"down_blocks.{level}.resnets.{layer}"] = f"input_blocks.{block}.0"
            if "CrossAttn" in kind:
                names[f"down_blocks.{level}.attentions.{layer}"] = f"input_blocks.{block}.1"
            block += 1
        names[f"down_blocks.{level}.downsamplers.0.conv"] = f"input_blocks.{block}.0.op"
        block += 1
    return names


def _up(kinds: list[str], layers: int) -> dict[str, str]:
    names, block = {}, 0
    for level, kind in enumerate(kinds):
        attends = "CrossAttn" in kind
        for layer in range(layers + 1):
            names[f"up_blocks.{level}.resnets.{layer}"] = f"output_blocks.{block}.0"
            if attends:
                names[f"up_blocks.{level}.attentions.{layer}"] = f"output_blocks.{block}.1"
            block += 1
        names[f"up_blocks.{level}.upsamplers.0.conv"] = (
            f"output_blocks.{block - 1}.{2 if attends else 1}.conv"
        )
    return names


class ControlNames(UnetNames):
    """Names in an original ControlNet, for a config of diffusers' `ControlNetModel`."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__({**config, "up_block_types": []})
        self._modules |= {
            f"{HINT}.blocks.{number}": f"input_hint_block.{2 * number + 2}" for number in range(6)
        }
        self._modules |= {f"{HINT}.conv_in": "input_hint_block.0", f"{HINT}.conv_out": "input_hint_block.14"}
        self._modules["controlnet_mid_block"] = "middle_block_out.0"

    def __call__(self, name: str) -> str:
        """The original name of one of diffusers' tensors, below `control_model`."""
        skip = re.match(r"controlnet_down_blocks\.(\d+)\.(.*)", name)
        return f"zero_convs.{skip[1]}.0.{skip[2]}" if skip else super().__call__(name)


class AdapterNames:
    """Names in an original T2I-Adapter, for diffusers' `T2IAdapter`: its blocks are one list there."""

    def __init__(self, light: bool) -> None:
        self._light = light

    def __call__(self, name: str) -> str:
        """The original name of one of diffusers' tensors."""
        name = name.removeprefix("adapter.")
        if self._light:
            return name.replace(".resnets.", ".body.")
        layer = re.match(r"body\.(\d+)\.(?:resnets\.(\d+)\.)?(.*)", name)
        return f"body.{2 * int(layer[1]) + int(layer[2] or 0)}.{layer[3]}" if layer else name


class VaeNames:
    """Names in an original first stage, for a config of diffusers' `AutoencoderKL`."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._last = len(config["block_out_channels"]) - 1

    def __call__(self, name: str) -> str:
        """The original name of one of diffusers' tensors, below `first_stage_model`."""
        name = re.sub(r"(en|de)coder\.conv_norm_out", r"\1coder.norm_out", name)
        name = name.replace("mid_block.resnets.0", "mid.block_1").replace(
            "mid_block.resnets.1", "mid.block_2"
        )
        name = name.replace("conv_shortcut", "nin_shortcut")
        name = re.sub(r"down_blocks\.(\d+)\.resnets", r"down.\1.block", name)
        name = re.sub(r"down_blocks\.(\d+)\.downsamplers\.0", r"down.\1.downsample", name)
        name = re.sub(r"up_blocks\.(\d+)\.resnets", lambda m: f"up.{self._last - int(m[1])}.block", name)
        name = re.sub(
            r"up_blocks\.(\d+)\.upsamplers\.0", lambda m: f"up.{self._last - int(m[1])}.upsample", name
        )
        attention = re.match(r"(.*)mid_block\.attentions\.0\.(.*)\.(weight|bias)$", name)
        if attention:
            return f"{attention[1]}mid.attn_1.{VAE_ATTENTION[attention[2]]}.{attention[3]}"
        return name


def open_clip(name: str) -> str:
    """The OpenCLIP name of one of transformers' text tensors; q, k and v are rows of one `in_proj`."""
    if name in OPEN_CLIP_ENDS:
        return OPEN_CLIP_ENDS[name]
    layer = re.match(r"encoder\.layers\.(\d+)\.(.*)\.(weight|bias)$", name)
    if layer is None:
        return name
    block = f"transformer.resblocks.{layer[1]}"
    if re.fullmatch(r"self_attn\.[qkv]_proj", layer[2]):
        return f"{block}.attn.in_proj_{layer[3]}"
    return f"{block}.{OPEN_CLIP_LAYER[layer[2]]}.{layer[3]}"


def open_clip_vision(name: str) -> str:
    """The OpenCLIP name, below `visual`, of one of transformers' tensors of a picture encoder."""
    return OPEN_CLIP_VISION.get(name) or open_clip(name)


def open_clip_third(name: str) -> int | None:
    """Which third of the rows of OpenCLIP's `in_proj` a tensor is, if it is one."""
    match = re.search(r"self_attn\.([qkv])_proj", name)
    return "qkv".index(match[1]) if match else None
