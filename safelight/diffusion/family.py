"""Families of models: for each name, how a handle becomes the thing that computes, and how large it will be.

What is shipped: `folder` (a diffusers folder), the families that `single` detects and the kinds of steering
networks that `controlnet` does. Others, and toys for tests, are added with `register`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safelight.diffusion import controlnet, sight
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.folder import Folder
from safelight.diffusion.handle import Handle, Source
from safelight.diffusion.lone import Lone
from safelight.diffusion.plan import Plan
from safelight.diffusion.single import FAMILIES, SingleFile

Check = Callable[[], None]
Loader = Callable[[Handle, Plan, Check], Any]
"""Makes what a handle stands for; calls the check between tensors."""
Sizer = Callable[[Handle, Plan], int]
"""The bytes that it will take, from headers alone."""


@dataclass(frozen=True)
class Family:
    """How one family's handles are made into networks, encoders and VAEs."""

    name: str
    load: Loader
    size: Sizer


_registered: dict[str, Family] = {}


def register(name: str, load: Loader, size: Sizer = lambda _handle, _plan: 0) -> Family:
    """Add a family, or replace one of the same name."""
    _registered[name] = Family(name, load, size)
    return _registered[name]


def find(name: str) -> Family:
    """The family of this name, or `UnsupportedError`."""
    if name in _registered:
        return _registered[name]
    if name == "folder" or name in FAMILIES:
        return register(name, _load, _size)
    if name in controlnet.FAMILIES:
        from safelight.diffusion import steering

        return register(name, steering.build, steering.size)
    if name == sight.FAMILY:
        from safelight.diffusion import vision

        return register(name, vision.build, vision.size)
    if name == "style_model":
        from safelight.diffusion import manner

        return register(name, manner.build, manner.size)
    if name == "spandrel":
        from safelight.diffusion import enlarger

        return register(name, enlarger.build, enlarger.size)
    raise UnsupportedError(
        f"There is no model family {name!r}", "It may need a plugin that is not installed."
    )


def components(source: Source) -> Folder | SingleFile:
    """The `Folder` or `SingleFile` that a source lies in."""
    path = Path(source.path)
    if source.layout == "lone":
        return Lone(source.path, source.family)
    if source.layout == "diffusers":
        return Folder(path)
    return SingleFile(path, source.family, allow_pickle=source.layout == "pickle")


def _load(handle: Handle, plan: Plan, check: Check) -> Any:
    found = components(handle.source)
    if handle.source.part == "unet":
        from safelight.diffusion import network

        return network.build(found, plan, check)
    if handle.source.part == "clip":
        from safelight.diffusion import text

        return text.build(found.texts(), plan, check)
    from safelight.diffusion import vae

    return vae.build(found.vae(), plan, check)


def _size(handle: Handle, plan: Plan) -> int:
    found = components(handle.source)
    if handle.source.part == "unet":
        return found.unet().size(2 if plan.dtype == "bf16" else 4)
    if handle.source.part == "clip":
        return sum(text.component.size(4) for text in found.texts())
    return found.vae().size(4)
