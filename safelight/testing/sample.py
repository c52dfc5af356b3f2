"""Small values of the common socket types, and whether two values are the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def sample(type: str) -> Any:
    """A small value of a socket type; None for one that only a model could give."""
    import torch

    draw = torch.Generator().manual_seed(1)

    def drawn(*shape: int) -> torch.Tensor:
        return torch.rand(*shape, generator=draw)

    makers: dict[str, Callable[[], Any]] = {
        "IMAGE": lambda: drawn(2, 16, 16, 3),
        "MASK": lambda: drawn(2, 16, 16),
        "LATENT": lambda: {"samples": drawn(1, 4, 4, 4)},
        "CONDITIONING": lambda: [[drawn(1, 77, 32), {"pooled_output": drawn(1, 32)}]],
        "SIGMAS": lambda: torch.tensor([10.0, 1.0, 0.0]),
        "AUDIO": lambda: {"waveform": drawn(1, 2, 160), "sample_rate": 16000},
        "VIDEO": lambda: _film(drawn(2, 16, 16, 3)),
        "INT": lambda: 2,
        "FLOAT": lambda: 0.5,
        "STRING": lambda: "text",
        "BOOLEAN": lambda: True,
    }
    return makers[type]() if type in makers else None


def _film(images: Any) -> Any:
    from safelight.diffusion import film

    return film.of_frames(images, 8)


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal to the last bit, tensors included."""
    import torch

    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
