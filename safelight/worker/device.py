"""Device: what the machine has, and what of it models take. Nothing here imports torch if nobody has yet."""

from __future__ import annotations

import ctypes
import gc
import sys
from pathlib import Path
from typing import Any

RESIDENCY = "safelight.diffusion.residency"
"""Where weights are kept, if anybody loads some."""


def imported(name: str) -> Any:
    """A module that was imported; None if nobody did, or a thread is still at it: it lacks parts then."""
    module = sys.modules.get(name)
    return None if getattr(getattr(module, "__spec__", None), "_initializing", False) else module


def devices() -> list[dict[str, Any]]:
    """Each device with its name, type, index and memory in bytes, as `/system_stats` tells them."""
    torch = imported("torch")
    if torch is None or not torch.cuda.is_available():
        return [_entry("cpu", "cpu", None, *_memory())]
    found = []
    for index in range(torch.cuda.device_count()):
        free, total = torch.cuda.mem_get_info(index)
        entry = _entry(torch.cuda.get_device_name(index), "cuda", index, total, free)
        entry["torch_vram_total"] = torch.cuda.memory_reserved(index)
        entry["torch_vram_free"] = torch.cuda.memory_reserved(index) - torch.cuda.memory_allocated(index)
        found.append(entry)
    return found


def _entry(name: str, type: str, index: int | None, total: int, free: int) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": name, "type": type, "index": index, "vram_total": total}
    return entry | {"vram_free": free, "torch_vram_total": total, "torch_vram_free": free}


def memory() -> int:
    """The machine's memory in bytes."""
    from safelight.diffusion.device import total_memory

    return total_memory("cpu")


def _memory() -> tuple[int, int]:
    """The machine's memory, and what of it is free where the system tells."""
    total = memory()
    try:
        lines = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
        free = int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        free = total
    return total, min(free, total)


def held(device: str) -> int:
    """Bytes of weights that are on a device."""
    residency = imported(RESIDENCY)
    return residency.used(device) if residency is not None else 0


def let_go(*, models: bool) -> None:
    """Give memory that nobody uses back to the system; with `models`, that of idle weights too."""
    residency = imported(RESIDENCY)
    if models and residency is not None:
        residency.release()
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
