"""Between our values on wires and what packs know: handles here are objects with methods there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def wrapped(value: Any) -> Any:
    """A value as a pack gets it."""
    wrap = _wrappers().get(type(value))
    if wrap is None:
        if type(value) is list and value and type(value[0]) is list:
            return _conditioning(value)
        return value
    return wrap(value)


def _conditioning(value: list[Any]) -> list[Any]:
    """A conditioning whose steering pictures are objects with methods."""
    if not any(
        len(one) > 1 and isinstance(one[1], dict) and isinstance(one[1].get("control"), dict) for one in value
    ):
        return value
    from safelight.compat.shims.module.control import hinted

    return [
        [one[0], {**one[1], "control": hinted(one[1]["control"])}]
        if isinstance(one[1].get("control"), dict)
        else one
        for one in value
    ]


_known: dict[type, Callable[[Any], Any]] = {}


def _wrappers() -> dict[type, Callable[[Any], Any]]:
    """What makes an object of each kind of handle; nothing, while no handle can be there."""
    if _known or "safelight.diffusion.handle" not in sys.modules:
        return _known
    from safelight.compat.shims.module import control, loading, patcher, plugin, samplers, vision
    from safelight.diffusion import handle, ingredient, seen

    _known.update(
        {
            handle.ModelHandle: patcher.of_handle,
            plugin.PluginModel: lambda value: value.patcher.clone(),
            handle.ClipHandle: loading.CLIP.of_handle,
            handle.VaeHandle: loading.VAE.of_handle,
            handle.ControlNetHandle: control.ControlNet,
            handle.UpscaleHandle: loading.UpscaleModel,
            handle.VisionHandle: vision.ClipVisionModel,
            seen.Seen: vision.Output.of_seen,
            ingredient.SamplerHandle: samplers.NamedSampler,
            plugin.PluginSampler: lambda value: value.sampler,
            ingredient.NoiseHandle: samplers.Noise,
            ingredient.GuiderHandle: samplers.guider_of,
            plugin.PluginGuider: lambda value: value.guider,
            plugin.PluginNoise: lambda value: value.noise,
        }
    )
    return _known


def unwrapped(value: Any) -> Any:
    """A value of a pack as it goes over wires."""
    unwrap = getattr(type(value), "safelight_value", None)
    if unwrap is not None:
        return unwrap(value)
    if type(value) is list and value:
        return [_unwrapped_entry(one) for one in value]
    return value


def _unwrapped_entry(one: Any) -> Any:
    """An entry of a list: of a conditioning, perhaps, whose steering is a handle again."""
    if type(one) in (list, tuple) and len(one) > 1 and isinstance(one[1], dict):
        control = one[1].get("control")
        link = getattr(control, "safelight_link", None)
        return [one[0], {**one[1], "control": link()}] if link is not None else one
    unwrap = getattr(type(one), "safelight_value", None)
    return one if unwrap is None else unwrap(one)
