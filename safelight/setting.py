"""Settings: what a person chose once for a data folder, in its `settings.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from safelight.core.error import SafelightError
from safelight.core.widget import nearest, shown

NAME = "settings.json"
PRECISIONS = ("auto", "fp32", "fast")


class SettingError(SafelightError):
    """A settings file that cannot be understood."""

    kind = "setting"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to compute, and how much to keep. Each field may be left out of the file."""

    precision: str = "auto"
    """`auto` and `fp32` compute in 32 bits; `fast` in bf16 where the processor has it in hardware."""
    device: str = "auto"
    """`auto` is a graphics card where there is one, else `cpu`."""
    threads: int = 0
    """CPU threads; 0 for one a core."""
    memory_cache_gib: float | None = None
    """How much of the results to keep in memory; None for a quarter of it."""
    disk_cache_gib: float = 10.0
    """How much of the results to keep on disk."""
    history_jobs: int = 10_000
    """How many jobs that ended the history keeps; what they made stays where it is."""
    worker_memory_gib: float | None = None
    """Memory above which a worker is started anew between two jobs; None for its share of nearly all."""
    cancel_seconds: float = 10.0
    """How long a worker may take to end a cancelled job before it is replaced."""

    comfy: str = ""
    """A ComfyUI folder whose models, inputs, workflows and packs are used where they lie."""
    a1111: str = ""
    """An A1111 or Forge folder whose models are used where they lie."""

    @classmethod
    def read(cls, data: Path) -> Settings:
        """The settings of a data folder, the defaults if it has none. SettingError if they are bad."""
        path = data / NAME
        try:
            tree = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError) as error:
            raise SettingError(
                f"{path} cannot be read: {error}", remedy='It is JSON such as {"precision": "fp32"}.'
            ) from error
        return cls.parse(tree, str(path))

    @classmethod
    def parse(cls, tree: Any, source: str = NAME) -> Settings:
        """Settings from JSON; `source` names the file in errors."""
        if not isinstance(tree, Mapping):
            raise SettingError(f"{source} holds no object", remedy='Write {} or {"precision": "fp32"}.')
        names = [field.name for field in fields(cls)]
        for name, value in tree.items():
            if name not in names:
                raise SettingError(f"{source}: no setting '{name}'", remedy=nearest(name, names))
            problem = _refusal(name, value)
            if problem:
                raise SettingError(f"{source}, '{name}': {shown(value)} {problem}")
        return cls(**tree)


def _refusal(name: str, value: Any) -> str:
    """What a value must be, if it is not."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 2**20
    match name:
        case "precision":
            return "" if value in PRECISIONS else f"must be one of {', '.join(PRECISIONS)}."
        case "device":
            return "" if isinstance(value, str) and value else "must be a name such as auto, cpu or cuda:1."
        case "comfy" | "a1111":
            return "" if isinstance(value, str) else "must be the path of a folder, or empty."
        case "history_jobs":
            return "" if number and isinstance(value, int) else "must be a whole number of jobs."
        case "threads":
            return "" if number and isinstance(value, int) else "must be a whole number, 0 for one a core."
        case "worker_memory_gib":
            return "" if (number and value) or value is None else "must be a number above 0, or null."
        case "memory_cache_gib":
            return "" if number or value is None else "must be a number, or null for a quarter of the memory."
    return "" if number else "must be a number that is not negative."
