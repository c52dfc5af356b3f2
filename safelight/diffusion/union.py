"""ControlNets for several kinds of pictures (union): which there are, and what their tensors say of them.

One network serves edges, poses, depth and more; it is told which (ControlNet++, Li 2024,
github.com/xinsir6/ControlNetPlus). Told nothing, it takes the picture as it comes. Reads headers, no weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from safelight.diffusion.failure import ModelFileError, UnsupportedError
from safelight.diffusion.handle import ControlNetHandle, Handle, Patch

FAMILY = "controlnet_union"
AUTO = "auto"
TYPES = (
    "openpose",
    "depth",
    "hed/pidi/scribble/ted",
    "canny/lineart/anime_lineart/mlsd",
    "normal",
    "segment",
    "tile",
    "repaint",
)
"""Kinds of pictures in the order in which the networks count them; the first ones know six of them."""

SETTING, LAYERS = "union", "transformer_layes.{}.ln_1.weight"
"""The kind of the patch that chooses, and the tensors by which layers are counted (misspelt in all files)."""

Shape = Callable[[str], tuple[int, ...]]
"""Tells the shape of a tensor, by diffusers' names."""


def typed(handle: ControlNetHandle, name: str) -> ControlNetHandle:
    """The same network, told that its picture is of this kind; `auto` takes back what was told before.

    `UnsupportedError` if it is no union, or one that does not know the kind.
    """
    from safelight.diffusion import controlnet

    if handle.source.family != FAMILY:
        raise UnsupportedError(
            "This ControlNet serves one kind of pictures", "Connect it without Set Union ControlNet Type."
        )
    known = TYPES[: controlnet.component(handle.source).config["num_control_type"]]
    if name != AUTO and name not in known:
        raise UnsupportedError(
            f"This ControlNet knows no pictures of the type {name}", f"It knows {', '.join((AUTO, *known))}."
        )
    return handle.patched(Patch(SETTING, settings=(("type", name),)))


def number(handle: Handle) -> int | None:
    """What the picture is, as the network counts; None if it is not told."""
    chosen = [str(patch["type"]) for patch in handle.patches if patch.kind == SETTING]
    return TYPES.index(chosen[-1]) if chosen and chosen[-1] != AUTO else None


def config(shared: Mapping[str, Any], shape: Shape, layers: int) -> dict[str, Any]:
    """The config of diffusers' `ControlNetUnionModel`, given what it shares with others."""
    (kinds, width), projected = _flat(shape, "task_embedding"), _flat(shape, "spatial_ch_projs.weight")
    told = _flat(shape, "control_add_embedding.linear_1.weight")[1]
    return {key: value for key, value in shared.items() if key != "mid_block_type"} | {
        "num_control_type": kinds,
        "num_trans_channel": width,
        "num_trans_layer": layers,
        "num_proj_channel": projected[0],
        "addition_time_embed_dim": told // kinds,
    }


def _flat(shape: Shape, name: str) -> tuple[int, int]:
    """The shape of a tensor that has two sides and is not empty."""
    found = shape(name)
    if len(found) != 2 or 0 in found:
        raise ModelFileError(f"{name} of this ControlNet is {list(found)} large", "Download the file again.")
    return found[0], found[1]
