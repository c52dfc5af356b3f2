"""Types of sockets, each with its kind of input and output."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from safelight.compat.shims.module.io.input import Input, Output


class ComfyTypeMeta(type):
    """Gives each type an `Input` and an `Output` of its own, whatever else it has."""

    def __init__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any]) -> None:
        super().__init__(name, bases, members)
        cls.io_type = members.get("io_type", getattr(cls, "io_type", "*"))
        base = members.get("Input", getattr(cls, "Input", Input))
        cls.Input = type("Input", (base,), {"io_type": cls.io_type, "Parent": cls})
        out = members.get("Output", getattr(cls, "Output", Output))
        cls.Output = type("Output", (out,), {"io_type": cls.io_type, "Parent": cls})


class ComfyType(metaclass=ComfyTypeMeta):
    io_type = "*"
    Type = Any
    Input: Any
    Output: Any


ComfyTypeI = ComfyTypeIO = ComfyType


def comfytype(io_type: str, **more: Any) -> Callable[[Any], Any]:
    """Makes a class the type of a socket."""

    def decorate(cls: Any) -> Any:
        members = {
            name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")
        }
        bases = cls.__bases__ if issubclass(cls, ComfyType) else (ComfyType,)
        if "Input" in members and not issubclass(members["Input"], Input):
            members["Input"] = type("Input", (members["Input"], Input), {})
        return ComfyTypeMeta(cls.__name__, bases, {**members, "io_type": io_type})

    return decorate


def Custom(io_type: str) -> Any:
    return ComfyTypeMeta(io_type.title().replace("_", "") or "Custom", (ComfyType,), {"io_type": io_type})


def made(name: str, io_type: str, widget: type[Input] = Input) -> Any:
    return ComfyTypeMeta(
        name, (ComfyType,), {"io_type": io_type, "Input": widget, "__module__": "comfy_api.latest.io"}
    )
