"""ComfyUI's module names, given to packs: ours where there is one, placeholders for the rest.

They exist in a process only after `install`, which only a worker calls. Two of the names, `nodes` and
`server`, are packages of ours as well: these answer for ComfyUI's names beside their own.
"""

from __future__ import annotations

import dis
import importlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from safelight.compat.shims.absent import absent

HERE = "safelight.compat.shims.module"
MODULES = {
    "folder_paths": "paths",
    "node_helpers": "conditioning",
    "latent_preview": "preview",
    "execution": "execution",
    "comfy.utils": "tensor",
    "comfy.model_management": "device",
    "comfy.cli_args": "argument",
    "comfy.options": "argument",
    "comfy.comfy_types": "socket",
    "comfy.comfy_types.node_typing": "socket",
    "comfy.sample": "sample",
    "comfy.samplers": "samplers",
    "comfy.k_diffusion": "kdiffusion",
    "comfy.k_diffusion.sampling": "kdiffusion",
    "comfy.k_diffusion.utils": "kdiffusion",
    "comfy.sd": "loading",
    "comfy.controlnet": "control",
    "comfy.clip_vision": "vision",
    "comfy.model_patcher": "patcher",
    "comfy.model_sampling": "levels",
    "comfy.patcher_extension": "extension",
    "comfy.latent_formats": "latents",
    "comfy.model_base": "family",
    "comfy.supported_models": "family",
    "comfy.sdxl_clip": "family",
    "comfy.sd1_clip": "family",
    "comfy.ops": "layers",
    "comfy.ldm.modules.attention": "attention",
    "comfy.ldm.common_dit": "attention",
    "comfy.lora": "weights",
    "comfy.weight_adapter": "weights",
    "comfy.conds": "conds",
    "comfy.hooks": "hooks",
    "comfy_execution.graph_utils": "expansion",
    "comfy_execution.graph": "expansion",
    "comfy_execution.utils": "expansion",
    "comfy_execution.progress": "expansion",
    "comfy_api.latest": "latest",
    "comfy_api.latest.io": "io",
    "comfy_api.latest._io": "io",
    "comfy_api.latest.ui": "ui",
    "comfy_api.latest._ui": "ui",
    "comfy_api.latest._input": "media",
    "comfy_api.latest._input_impl": "media",
    "comfy_api.latest._util": "media",
    "comfy_api.v0_0_2": "latest",
    "comfy_api.v0_0_1": "latest",
    "comfy_api.input": "media",
    "comfy_api.input_impl": "media",
    "comfy_api.util": "media",
    "comfy_api.input.video_types": "media",
    "comfy_extras.chainner_models": "spandrel",
    "comfy_extras.chainner_models.model_loading": "spandrel",
    "comfyui_version": "version",
    "utils.json_util": "jsonutil",
}
"""ComfyUI's modules that there is one of ours for."""
ROOTS = frozenset(
    {
        "comfy",
        "comfy_extras",
        "comfy_execution",
        "comfy_api",
        "comfy_api_nodes",
        "comfy_config",
        "folder_paths",
        "node_helpers",
        "latent_preview",
        "execution",
        "comfyui_version",
        "cuda_malloc",
        "model_management",
    }
)
GRAFTS = {"nodes": "corenodes", "server": "promptserver"}
"""Packages of ours that answer for a module of ComfyUI's as well."""


CALLS = frozenset({"CALL", "PRECALL", "CALL_FUNCTION_EX", "CALL_KW", "CALL_FUNCTION"})


def is_question(depth: int = 2) -> bool:
    """Whether an attribute is asked for by `hasattr` or `getattr`, which want to know if it is there."""
    frame = sys._getframe(depth)
    if frame.f_globals.get("__name__", "").startswith("importlib"):
        return False
    return dis.opname[frame.f_code.co_code[frame.f_lasti]] in CALLS


class Stub(ModuleType):
    """A module of ComfyUI's that is not offered, or only in part."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        full = f"{self.__name__}.{name}"
        if is_question():
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        found = _class(self.__name__, name)
        if found is None and (
            full in MODULES or (self.__name__ == "comfy_extras" and name.startswith("nodes_"))
        ):
            return importlib.import_module(full)
        return absent(full) if found is None else found


def _class(module: str, name: str) -> Any:
    """A node class of ComfyUI's own by name, if a node of ours does the same."""
    if not module.startswith("comfy_extras."):
        return None
    from safelight.compat.shims.module import corenodes, samplers  # noqa: F401 - some of its classes count

    return corenodes.class_named(name)


class Loader(importlib.abc.Loader):
    """Gives the module of ours, or a stub."""

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        ours = MODULES.get(spec.name)
        module: ModuleType = Stub(spec.name)
        if ours is not None:
            real = importlib.import_module(f"{HERE}.{ours}")
            module = Alias(spec.name, real)
        module.__path__ = []
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is left to do."""


class Alias(ModuleType):
    """One of our modules under ComfyUI's name: what a pack sets there is set in ours, and the other way."""

    def __init__(self, name: str, real: ModuleType) -> None:
        super().__init__(name, real.__doc__)
        object.__setattr__(self, "_real", real)
        object.__setattr__(self, "__file__", getattr(real, "__file__", None))

    def __getattr__(self, name: str) -> Any:
        real = object.__getattribute__(self, "_real")
        if name == "__all__":
            return [one for one in dir(real) if not one.startswith("_")]
        try:
            return getattr(real, name)
        except AttributeError:
            if name.startswith("__"):
                raise
        full = f"{self.__name__}.{name}"
        if full in MODULES:
            return importlib.import_module(full)
        if is_question():
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return absent(full)

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, (Alias, Stub)) or name.startswith("__"):
            object.__setattr__(self, name, value)
        else:
            setattr(object.__getattribute__(self, "_real"), name, value)

    def __dir__(self) -> list[str]:
        return [*dir(object.__getattribute__(self, "_real"))]


class Finder(importlib.abc.MetaPathFinder):
    """Answers for every module below ComfyUI's names."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] in ROOTS or name in MODULES:
            return importlib.machinery.ModuleSpec(name, Loader(), is_package=True)
        return None


_finder = Finder()


def install() -> None:
    """Make ComfyUI's names importable in this process, for good."""
    if _finder in sys.meta_path:
        return
    sys.meta_path.insert(0, _finder)
    for name, ours in GRAFTS.items():
        _graft(name, ours)


def _graft(name: str, ours: str) -> None:
    """Let a package of ours answer for ComfyUI's module of the same name."""
    package = importlib.import_module(name)

    def answer(wanted: str) -> Any:
        real = importlib.import_module(f"{HERE}.{ours}")
        if wanted.startswith("__"):
            if wanted == "__all__" and hasattr(real, "offered"):
                return real.offered()
            raise AttributeError(wanted)
        try:
            return getattr(real, wanted)
        except AttributeError:
            if is_question():
                raise
            return absent(f"{name}.{wanted}")

    package.__dict__["__getattr__"] = answer
