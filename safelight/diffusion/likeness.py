"""How alike pictures look, by a fingerprint that small changes leave as it is."""

from __future__ import annotations

from collections.abc import Iterable

from torch import Tensor
from torch.nn.functional import interpolate

from safelight.diffusion.filter import grey

EDGE = 8


def fingerprint(image: Tensor) -> Tensor:
    """64 yes and no of a picture [1, H, W, C]: whether it gets lighter to the right, on a grid of 8 x 8.

    (Krawetz's difference hash.)
    """
    small = interpolate(grey(image), size=(EDGE, EDGE + 1), mode="area")[0, 0]
    return (small[:, 1:] > small[:, :-1]).flatten()


def distinct(images: Iterable[Tensor], threshold: float) -> list[Tensor]:
    """The pictures [1, H, W, C] without those that agree with an earlier one in `threshold` (0..1) of it."""
    kept: list[Tensor] = []
    prints: list[Tensor] = []
    for image in images:
        mine = fingerprint(image)
        if all((mine == other).float().mean() < threshold for other in prints):
            kept.append(image)
            prints.append(mine)
    return kept
