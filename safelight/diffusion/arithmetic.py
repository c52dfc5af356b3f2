"""Latents added, scaled and mixed. The second is brought to the size and the batch of the first."""

from __future__ import annotations

from torch import Tensor

from safelight.diffusion.batch import repeated
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.latent import Latent
from safelight.diffusion.resize import resize


def fitted(samples: Tensor, like: Tensor, method: str = "bilinear") -> Tensor:
    """Samples [B, C, h, w] at the size of others, cut about their middle; the batch stays."""
    check(samples, like)
    if samples.shape[-2:] == like.shape[-2:]:
        return samples
    return resize(samples, like.shape[-1], like.shape[-2], method, "center")


def check(samples: Tensor, like: Tensor) -> None:
    """`UnsupportedError` unless samples have the channels of others, and in videos their frames."""
    kind, wanted = (tuple(one.shape[1:-2]) for one in (samples, like))
    if kind != wanted:
        raise UnsupportedError(
            f"The two latents are of different kinds: one of {_told(wanted)}, the other of {_told(kind)}",
            "Make both with the same VAE",
        )


def _told(kind: tuple[int, ...]) -> str:
    frames = f" in {kind[1]} frames" if len(kind) > 1 else ""
    return f"{kind[0]} channels{frames}"


def added(first: Latent, second: Latent, factor: float = 1.0) -> Latent:
    """`first + factor * second`."""
    a, b = _pair(first, second)
    return {**first, "samples": a + factor * b}


def scaled(latent: Latent, factor: float) -> Latent:
    """All numbers multiplied."""
    return {**latent, "samples": latent["samples"] * factor}


def interpolated(first: Latent, second: Latent, share: float) -> Latent:
    """`share` of the first and the rest of the second, directions and lengths of vectors by themselves."""
    a, b = _pair(first, second)
    lengths = [one.norm(dim=1, keepdim=True) for one in (a, b)]
    ways = [(one / length).nan_to_num() for one, length in zip((a, b), lengths, strict=True)]
    way = ways[0] * share + ways[1] * (1 - share)
    way = (way / way.norm(dim=1, keepdim=True)).nan_to_num()
    return {**first, "samples": way * (lengths[0] * share + lengths[1] * (1 - share))}


def blended(first: Latent, second: Latent, share: float) -> Latent:
    """`share` of the first and the rest of the second, number by number."""
    a, b = _pair(first, second, "bicubic")
    return {**first, "samples": a * share + b * (1 - share)}


def _pair(first: Latent, second: Latent, method: str = "bilinear") -> tuple[Tensor, Tensor]:
    a: Tensor = first["samples"]
    return a, repeated(fitted(second["samples"], a, method), len(a))
