"""Safelight: a node-graph engine for diffusion models. What node authors and scripts import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from safelight.core.annotation import Further, Growing, In, Named, Out, Variants
from safelight.core.context import Context
from safelight.core.declaration import node, rename
from safelight.core.error import BadInput, Cancelled, SafelightError
from safelight.core.graph import Graph, Link
from safelight.core.outcome import Blocked, Expand, Item, Iterations
from safelight.core.registry import Registry
from safelight.core.socket import (
    Audio,
    Clip,
    ClipVision,
    ClipVisionOutput,
    Conditioning,
    ControlNet,
    Guider,
    Image,
    Latent,
    Lazy,
    Many,
    Mask,
    Model,
    Noise,
    Sampler,
    Sigmas,
    StyleModel,
    UpscaleModel,
    Vae,
    Video,
    socket,
)
from safelight.core.widget import Choice, File, Free, Number, Seed, Text, Toggle

if TYPE_CHECKING:
    from safelight.workflow import Workflow

__version__ = "0.1.0"

__all__ = [
    "Audio",
    "BadInput",
    "Blocked",
    "Cancelled",
    "Choice",
    "Clip",
    "ClipVision",
    "ClipVisionOutput",
    "Conditioning",
    "Context",
    "ControlNet",
    "Expand",
    "File",
    "Free",
    "Further",
    "Graph",
    "Growing",
    "Guider",
    "Image",
    "In",
    "Item",
    "Iterations",
    "Latent",
    "Lazy",
    "Link",
    "Many",
    "Mask",
    "Model",
    "Named",
    "Noise",
    "Number",
    "Out",
    "Registry",
    "SafelightError",
    "Sampler",
    "Seed",
    "Sigmas",
    "StyleModel",
    "Text",
    "Toggle",
    "UpscaleModel",
    "Vae",
    "Variants",
    "Video",
    "Workflow",
    "diffusion",
    "node",
    "rename",
    "socket",
]


def __getattr__(name: str) -> Any:
    """Load what few need when it is first asked for: `diffusion` brings torch, `Workflow` the engine."""
    if name == "diffusion":
        import importlib

        return importlib.import_module("safelight.diffusion")
    if name == "Workflow":
        from safelight.workflow import Workflow

        return Workflow
    raise AttributeError(f"module 'safelight' has no attribute {name!r}")
