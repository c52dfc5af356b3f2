"""Diffusion models as a torch library: files, text, samplers, schedules, guidance and where weights live.

It knows no node and no graph. Submodules are loaded when first touched (SPEC 1), so that
`from safelight import diffusion` costs nothing and imports no torch.
"""

from __future__ import annotations

import os
from importlib import import_module
from types import ModuleType

# Nothing here ever asks a network for a file; said before any library that might is imported.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
# Threads that wait for each other in a loop stall when anything else wants the processor: sampling the
# embedded model on two threads of a busy machine takes eight times as long with it. Said before torch starts.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

SUBMODULES = frozenset(
    {
        "adapter",
        "alias",
        "animation",
        "arithmetic",
        "arrangement",
        "attachment",
        "batch",
        "blend",
        "boxes",
        "builtin",
        "caption",
        "channel",
        "checkpoint",
        "claim",
        "codec",
        "colour",
        "companion",
        "component",
        "composite",
        "conditioning",
        "container",
        "continuous",
        "control",
        "controlnet",
        "correction",
        "course",
        "curve",
        "cutout",
        "deep",
        "denoiser",
        "detect",
        "device",
        "distilled",
        "draft",
        "element",
        "emphasis",
        "enlarger",
        "entry",
        "excerpt",
        "export",
        "extraction",
        "failure",
        "family",
        "film",
        "filter",
        "fingerprint",
        "flow",
        "folder",
        "footage",
        "freeu",
        "fusion",
        "guidance",
        "handle",
        "header",
        "histogram",
        "hook",
        "hypertile",
        "ingredient",
        "inpaint",
        "inversion",
        "keep",
        "keyframe",
        "latent",
        "layer",
        "layout",
        "level",
        "likeness",
        "lone",
        "lora",
        "manner",
        "mark",
        "mask",
        "merge",
        "montage",
        "mosaic",
        "names",
        "network",
        "noise",
        "operation",
        "overlay",
        "perturbation",
        "pickled",
        "picture",
        "plan",
        "playback",
        "preview",
        "priority",
        "prompt",
        "provenance",
        "ramp",
        "recording",
        "residency",
        "resize",
        "roughness",
        "run",
        "sampler",
        "sampling",
        "schedule",
        "seen",
        "shrink",
        "sight",
        "sigma",
        "single",
        "sketch",
        "snapshot",
        "sound",
        "splice",
        "stack",
        "steering",
        "style",
        "switch",
        "taesd",
        "text",
        "tile",
        "tome",
        "track",
        "trail",
        "training",
        "trajectory",
        "transfer",
        "transform",
        "transformer",
        "unclip",
        "union",
        "upscale",
        "vae",
        "variant",
        "vision",
        "vocabulary",
        "voice",
        "watch",
        "weights",
    }
)


def __getattr__(name: str) -> ModuleType:
    if name in SUBMODULES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *SUBMODULES})
