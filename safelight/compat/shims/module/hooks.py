"""`comfy.hooks`: names, and conditionings with hooks of our nodes; hooks that packs make are refused."""

from __future__ import annotations

import enum
from typing import Any

from safelight.compat.shims.absent import absent, refusal


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


class HookKeyframe:
    def __init__(self, strength: float, start_percent: float = 0.0, guarantee_steps: int = 1) -> None:
        self.strength, self.start_percent, self.guarantee_steps = strength, start_percent, guarantee_steps

    def clone(self) -> HookKeyframe:
        return HookKeyframe(self.strength, self.start_percent, self.guarantee_steps)


class HookKeyframeGroup:
    """Strengths over the course of a run."""

    def __init__(self) -> None:
        self.keyframes: list[HookKeyframe] = []

    def add(self, keyframe: HookKeyframe) -> None:
        self.keyframes = sorted([*self.keyframes, keyframe], key=lambda one: one.start_percent)

    def is_empty(self) -> bool:
        return not self.keyframes

    def has_index(self, index: int) -> bool:
        return 0 <= index < len(self.keyframes)

    def clone(self) -> HookKeyframeGroup:
        made = HookKeyframeGroup()
        made.keyframes = list(self.keyframes)
        return made


class HookGroup:
    """Hooks that go together."""

    def __init__(self) -> None:
        self.hooks: list[Any] = []

    def __len__(self) -> int:
        return len(self.hooks)

    def add(self, hook: Any) -> None:
        if hook not in self.hooks:
            self.hooks.append(hook)

    def clone(self) -> HookGroup:
        made = HookGroup()
        made.hooks = [one.clone() for one in self.hooks]
        return made

    def clone_and_combine(self, other: HookGroup | None) -> HookGroup:
        made = self.clone()
        for one in other.hooks if other is not None else ():
            made.add(one.clone())
        return made

    def set_keyframes_on_hooks(self, hook_kf: HookKeyframeGroup | None) -> None:
        for one in self.hooks:
            one.hook_keyframe = (hook_kf or HookKeyframeGroup()).clone()

    @staticmethod
    def combine_all_hooks(hooks_list: Any, require_count: int = 0) -> HookGroup | None:
        made: HookGroup | None = None
        for one in hooks_list:
            if one is not None:
                made = one.clone() if made is None else made.clone_and_combine(one)
        return made


def set_conds_props(
    conds: Any,
    strength: float,
    set_cond_area: str,
    mask: Any = None,
    hooks: Any = None,
    timesteps_range: Any = None,
    append_hooks: bool = True,
) -> list[Any]:
    """The same settings on several conditionings."""
    from safelight.diffusion.conditioning import set_mask

    made = [set_hooks_for_conditioning(one, hooks, append_hooks) for one in conds]
    made = [set_timesteps_for_conditioning(one, timesteps_range) for one in made]
    return [one if mask is None else set_mask(one, mask, strength, set_cond_area) for one in made]


def set_conds_props_and_combine(
    conds: Any,
    new_conds: Any,
    strength: float = 1.0,
    set_cond_area: str = "default",
    mask: Any = None,
    hooks: Any = None,
    timesteps_range: Any = None,
    append_hooks: bool = True,
) -> list[Any]:
    changed = set_conds_props(new_conds, strength, set_cond_area, mask, hooks, timesteps_range, append_hooks)
    return [[*one, *other] for one, other in zip(conds, changed, strict=True)]


def set_default_conds_and_combine(
    conds: Any, new_conds: Any, hooks: Any = None, timesteps_range: Any = None, append_hooks: bool = True
) -> list[Any]:
    return set_conds_props_and_combine(conds, new_conds, 1.0, "default", None, hooks, timesteps_range)


def set_hooks_for_conditioning(cond: Any, hooks: Any = None, append_hooks: bool = True, **more: Any) -> Any:
    from safelight.diffusion.attachment import attached
    from safelight.diffusion.hook import Hooks

    if hooks is None or not len(hooks):
        return cond
    if isinstance(hooks, Hooks) and append_hooks:
        return attached(cond, hooks=hooks)
    raise refusal("comfy.hooks on a conditioning")


def set_timesteps_for_conditioning(cond: Any, timestep_range: Any = None) -> Any:
    if timestep_range is None:
        return cond
    start, end = timestep_range
    return [[one[0], {**one[1], "start_percent": start, "end_percent": end}] for one in cond]


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return absent(f"comfy.hooks.{name}")
