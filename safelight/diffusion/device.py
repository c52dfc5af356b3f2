"""What this machine has: cores, memory, a graphics card, bf16. Asks torch only where a card may be."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from safelight.diffusion.failure import DeviceMemoryError, UnsupportedError, megabytes

CPU_BF16 = ("avx512_bf16", "amx_bf16", "bf16")
"""Names under which Linux lists bf16 arithmetic among a processor's abilities (x86, x86, ARM)."""


@cache
def default() -> str:
    """`cuda:0` where torch can use such a card, else `cpu`."""
    return "cuda:0" if _may_have_cuda() and _has_cuda() else "cpu"


def checked(device: str) -> str:
    """The device's full name, or `UnsupportedError` if it is not there."""
    if device == "cpu":
        return device
    name = "cuda:0" if device == "cuda" else device
    kind, _, number = name.partition(":")
    if kind == "cuda" and number.isdigit() and _may_have_cuda() and _has_cuda(int(number)):
        return name
    raise UnsupportedError(f"There is no device {device!r} here", "Choose auto or cpu.")


def _may_have_cuda() -> bool:
    """Whether it is worth importing torch to ask: its build is not for CPUs only and a driver is there."""
    try:
        if "+cpu" in version("torch"):
            return False
    except PackageNotFoundError:
        return False
    return platform.system() == "Windows" or any(
        Path(path).exists() for path in ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")
    )


def _has_cuda(number: int = 0) -> bool:
    import torch

    return torch.cuda.is_available() and number < torch.cuda.device_count()


@cache
def has_bf16(device: str) -> bool:
    """Whether the device multiplies bf16 numbers in hardware."""
    if device == "cpu":
        return _cpu_has_bf16()
    import torch

    return torch.cuda.get_device_capability(device)[0] >= 8


def _cpu_has_bf16() -> bool:
    if platform.system() == "Darwin":
        asked = subprocess.run(
            ["/usr/sbin/sysctl", "-n", "hw.optional.arm.FEAT_BF16"],
            capture_output=True,
            text=True,
            check=False,
        )
        return asked.stdout.strip() == "1"
    info = Path("/proc/cpuinfo")
    words = set(info.read_text().split()) if info.exists() else set()
    return not words.isdisjoint(CPU_BF16)


def cores() -> int:
    """Threads for a computation: `OMP_NUM_THREADS`, else one for each core that this process may use."""
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    if wanted.isdigit() and int(wanted):
        return int(wanted)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def total_memory(device: str) -> int:
    """The device's memory in bytes; for the CPU no more than the container's limit."""
    if device == "cpu":
        return min(_installed(), _container_limit())
    import torch

    return torch.cuda.get_device_properties(device).total_memory


def _installed() -> int:
    if hasattr(os, "sysconf"):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return 8 << 30  # Windows has no sysconf; half of what such machines have


def _container_limit() -> int:
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        text = Path(path).read_text().strip() if Path(path).exists() else ""
        if text.isdigit():
            return int(text)
    return 1 << 62


@contextmanager
def memory_errors(doing: str, device: str) -> Iterator[None]:
    """Turn any way of running out of memory into a `DeviceMemoryError` that says what was being done."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        total = total_memory(device)
        raise DeviceMemoryError(
            f"{device} ran out of memory while {doing} (it has {megabytes(total)} in all)",
            "Use a smaller picture or batch, or close other programs.",
            available=total,
        ) from error


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error is one of the ways in which Python, torch and CUDA say that memory ran out."""
    text = str(error).lower()
    return isinstance(error, MemoryError) or "out of memory" in text or "can't allocate memory" in text
