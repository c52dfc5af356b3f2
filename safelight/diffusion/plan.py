"""How things are computed: number type, device, layout, batching, tiling, threads.

A plan is part of every result's key. It follows from settings and from what the machine *is*, never from how
much memory is free just now, because each field can change the low bits of a result. This module imports no
torch unless a graphics card may be there.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from safelight.diffusion import device as devices
from safelight.diffusion.failure import UnsupportedError

Precision = Literal["auto", "fp32", "fast"]

DECODE_BYTES_PER_PIXEL = 5_000
"""What decoding in fp32 keeps alive at once, measured on SD's VAE: 3.8 to 4.6 kB a pixel."""


@dataclass(frozen=True)
class Plan:
    """The arithmetic of a run.

    `dtype` is that of the denoising network (text encoders and VAEs always compute in fp32: they are a
    small part of the time, and bf16 is seen in their results). `tile` is the edge in pixels above which a
    VAE works in tiles, 0 for never. `threads` is the number of CPU threads, 0 for torch's own choice.
    """

    dtype: Literal["fp32", "bf16"] = "fp32"
    device: str = "cpu"
    layout: Literal["contiguous", "channels_last"] = "contiguous"
    attention: Literal["sdpa"] = "sdpa"
    guidance_batching: Literal["together", "apart"] = "together"
    tile: int = 0
    threads: int = 0

    def as_tree(self) -> dict[str, str | int]:
        """As JSON-plain values, for a key."""
        return asdict(self)


def choose(precision: str = "auto", device: str = "auto", threads: int = 0) -> Plan:
    """The plan for these settings on this machine.

    `auto` is fp32; `fast` is bf16 where the processor has it in hardware, else fp32. Device `auto` is the
    first CUDA card, else the CPU; threads 0 are as many as the machine has cores (or `OMP_NUM_THREADS`).
    """
    if precision not in ("auto", "fp32", "fast"):
        raise UnsupportedError(f"There is no precision {precision!r}", "Choose auto, fp32 or fast.")
    place = devices.default() if device == "auto" else devices.checked(device)
    return Plan(
        dtype="bf16" if precision == "fast" and devices.has_bf16(place) else "fp32",
        device=place,
        tile=tile_for(devices.total_memory(place)),
        threads=threads or devices.cores(),
    )


def tile_for(memory: int) -> int:
    """The largest tile edge (256 to 2048 pixels) that a VAE decodes in half of this memory, in bytes."""
    fits = [edge for edge in (512, 1024, 2048) if edge * edge * DECODE_BYTES_PER_PIXEL <= memory // 2]
    return max(fits, default=256)


def apply(plan: Plan) -> None:
    """Make this process compute as the plan says: CPU threads, and full fp32 on cards that would round it."""
    import torch

    if plan.threads and torch.get_num_threads() != plan.threads:
        torch.set_num_threads(plan.threads)
    if plan.device.startswith("cuda"):
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False
