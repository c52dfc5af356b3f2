"""`nodes` and `comfy_extras.nodes_*`: ComfyUI's own node classes, each calling our node of that name."""

from __future__ import annotations

import os
import sys
from typing import Any

from safelight.compat.shims.host import HOST
from safelight.compat.shims.module import device as model_management
from safelight.compat.shims.module.corenodes.core import (
    CoreMeta,
    CoreNode,
    Output,
    context_here,
    make,
    run,
)
from safelight.compat.shims.module.corenodes.ksampler import common_ksampler
from safelight.compat.shims.module.corenodes.name import METHODS, ORDERS, OTHER_NAMES
from safelight.compat.shims.module.corenodes.save import PreviewImage, SaveImage

MAX_RESOLUTION = 16384


EXTENSION_WEB_DIRS: dict[str, str] = {}


LOADED_MODULE_DIRS: dict[str, str] = {}


NODE_CLASS_MAPPINGS: dict[str, Any] = HOST.classes


NODE_DISPLAY_NAME_MAPPINGS: dict[str, str] = HOST.titles


def fill() -> None:
    """List ComfyUI's own classes, as far as there are nodes of ours for them."""
    NODE_CLASS_MAPPINGS.setdefault("SaveImage", SaveImage)
    NODE_CLASS_MAPPINGS.setdefault("PreviewImage", PreviewImage)
    for spec in HOST.registry:
        if spec.id not in NODE_CLASS_MAPPINGS:
            NODE_CLASS_MAPPINGS[spec.id] = make(spec)
            NODE_DISPLAY_NAME_MAPPINGS[spec.id] = spec.title


def class_named(name: str) -> Any:
    """The class of ComfyUI's with this name, if there is a node of ours for it."""
    if name in ("SaveImage", "PreviewImage"):
        return globals()[name]
    if name.startswith(("Noise_", "Guider_")):
        return getattr(sys.modules["safelight.compat.shims.module.samplers"], name, None)
    name = OTHER_NAMES.get(name, name)
    return NODE_CLASS_MAPPINGS.get(name) if HOST.registry.find(name) is not None else None


def before_node_execution() -> None:
    model_management.throw_exception_if_processing_interrupted()


def interrupt_processing(value: bool = True) -> None:
    model_management.interrupt_current_processing(value)


async def init_extra_nodes(*given: Any, **named: Any) -> None:
    """They are there already."""


async def load_custom_node(*given: Any, **named: Any) -> bool:
    return False


def get_module_name(module_path: str) -> str:
    return os.path.splitext(os.path.basename(module_path))[0]


def __getattr__(name: str) -> Any:
    found = class_named(name)
    if found is not None:
        return found
    match name:
        case "comfy" | "folder_paths" | "node_helpers" | "latent_preview":
            return __import__(name)
        case "torch" | "np" | "numpy":
            return __import__({"np": "numpy"}.get(name, name))
    raise AttributeError(name)


def offered() -> list[str]:
    """What `from nodes import *` gives."""
    return [*(name for name in globals() if not name.startswith("_")), *NODE_CLASS_MAPPINGS]


__all__ = [
    "EXTENSION_WEB_DIRS",
    "LOADED_MODULE_DIRS",
    "MAX_RESOLUTION",
    "METHODS",
    "NODE_CLASS_MAPPINGS",
    "NODE_DISPLAY_NAME_MAPPINGS",
    "ORDERS",
    "OTHER_NAMES",
    "CoreMeta",
    "CoreNode",
    "Output",
    "PreviewImage",
    "SaveImage",
    "before_node_execution",
    "class_named",
    "common_ksampler",
    "context_here",
    "fill",
    "get_module_name",
    "init_extra_nodes",
    "interrupt_processing",
    "load_custom_node",
    "make",
    "offered",
    "run",
]
