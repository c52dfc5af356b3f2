"""`comfy.hooks`: names only; hooks on weights are not offered."""

from __future__ import annotations

import enum
from typing import Any

from safelight.compat.shims.absent import absent


class EnumHookMode(enum.Enum):
    MinVram = "minvram"
    MaxSpeed = "maxspeed"


class EnumHookType(enum.Enum):
    Weight = "weight"
    ObjectPatch = "object_patch"
    AdditionalModels = "add_models"
    TransformerOptions = "transformer_options"
    Injections = "add_injections"


class EnumHookScope(enum.Enum):
    AllConditioning = "all_conditioning"
    HookedOnly = "hooked_only"


class EnumWeightTarget(enum.Enum):
    Model = "model"
    Clip = "clip"


def set_hooks_for_conditioning(cond: Any, hooks: Any = None, append_hooks: bool = True, **more: Any) -> Any:
    return cond if hooks is None else absent("comfy.hooks.set_hooks_for_conditioning")(cond)


def set_timesteps_for_conditioning(cond: Any, timestep_range: Any = None) -> Any:
    if timestep_range is None:
        return cond
    start, end = timestep_range
    return [[one[0], {**one[1], "start_percent": start, "end_percent": end}] for one in cond]


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return absent(f"comfy.hooks.{name}")
