"""Colours of one picture brought to another: pictures [B, H, W, 3] in 0..1 take on a reference's palette."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
"""Linear sRGB to CIE XYZ (IEC 61966-2-1)."""
WHITE = (0.95047, 1.0, 1.08883)
"""D65."""
BEND = 6 / 29
"""Where CIE Lab's cube root turns into a line."""
TINY = 1e-6

Way = Callable[[Tensor, Tensor, Tensor], Tensor]
"""(pixels to change, pixels that stand for them, pixels of the reference), each [n, 3], to new pixels."""


def linear(colour: Tensor) -> Tensor:
    """The levels of sRGB as amounts of light."""
    return torch.where(colour <= 0.04045, colour / 12.92, ((colour.clamp(min=0) + 0.055) / 1.055) ** 2.4)


def encoded(light: Tensor) -> Tensor:
    """Amounts of light as sRGB's levels."""
    return torch.where(light <= 0.0031308, light * 12.92, 1.055 * light.clamp(min=0) ** (1 / 2.4) - 0.055)


def to_lab(colour: Tensor) -> Tensor:
    """Levels of sRGB [..., 3] as CIE Lab."""
    matrix, white = torch.tensor(TO_XYZ).to(colour), torch.tensor(WHITE).to(colour)
    part = linear(colour) @ matrix.T / white
    root = part.clamp(min=0) ** (1 / 3)
    x, y, z = torch.where(part > BEND**3, root, part / (3 * BEND**2) + 4 / 29).unbind(-1)
    return torch.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], dim=-1)


def from_lab(lab: Tensor) -> Tensor:
    """CIE Lab [..., 3] as sRGB, which may lie outside of 0..1."""
    matrix, white = torch.tensor(TO_XYZ).to(lab), torch.tensor(WHITE).to(lab)
    light, a, b = lab.unbind(-1)
    y = (light + 16) / 116
    part = torch.stack([y + a / 500, y, y - b / 200], dim=-1)
    part = torch.where(part > BEND, part**3, 3 * BEND**2 * (part - 4 / 29))
    return encoded((part * white) @ torch.linalg.inv(matrix).T)


def reinhard(pixels: Tensor, source: Tensor, reference: Tensor) -> Tensor:
    """Mean and spread of each channel (Reinhard et al. 2001, Color Transfer between Images), in CIE Lab."""
    own, theirs = to_lab(source), to_lab(reference)
    scale = theirs.std(0, correction=0) / own.std(0, correction=0).clamp(min=TINY)
    return from_lab((to_lab(pixels) - own.mean(0)) * scale + theirs.mean(0))


def mkl(pixels: Tensor, source: Tensor, reference: Tensor) -> Tensor:
    """Mean and covariance, by the linear map that moves colours least (Pitie, Kokaram 2007), in CIE Lab."""
    own, theirs = to_lab(source).double(), to_lab(reference).double()
    root = _root(_covariance(own))
    back = torch.linalg.inv(root)
    matrix = back @ _root(root @ _covariance(theirs) @ root) @ back
    moved = (to_lab(pixels).double() - own.mean(0)) @ matrix + theirs.mean(0)
    return from_lab(moved).to(pixels)


def _covariance(points: Tensor) -> Tensor:
    offset = points - points.mean(0)
    return offset.T @ offset / len(points) + TINY * torch.eye(3).to(points)


def _root(matrix: Tensor) -> Tensor:
    """The root of a symmetric matrix without negative eigenvalues."""
    values, vectors = torch.linalg.eigh(matrix)
    return (vectors * values.clamp(min=0).sqrt()) @ vectors.T


def ranked(pixels: Tensor, source: Tensor, reference: Tensor) -> Tensor:
    """Each channel's values by their rank: the darkest tenth becomes the reference's darkest tenth."""
    channels = zip(pixels.unbind(-1), source.unbind(-1), reference.unbind(-1), strict=True)
    return torch.stack([_ranked(*one) for one in channels], dim=-1)


def _ranked(values: Tensor, source: Tensor, reference: Tensor) -> Tensor:
    own, theirs = source.sort().values, reference.sort().values
    values = values.contiguous()
    rank = (torch.searchsorted(own, values) + torch.searchsorted(own, values, right=True)).double() / 2
    place = (rank / len(own) * len(theirs) - 0.5).clamp(0, len(theirs) - 1)
    low, part = place.long(), (place - place.floor()).to(values)
    return torch.lerp(theirs[low], theirs[(low + 1).clamp(max=len(theirs) - 1)], part)


WAYS: dict[str, Way] = {"reinhard_lab": reinhard, "mkl_lab": mkl, "histogram": ranked}
"""How colours are matched."""


def transferred(image: Tensor, reference: Tensor, method: str, strength: float, frame: int | None) -> Tensor:
    """Each picture with the reference's colours, judged by itself, or all by one: `frame`, or -1 for all.

    One by one, as many references as pictures belong to them in order; otherwise they count as one.
    """
    pairs = frame is None and len(reference) == len(image)
    made = []
    for number, picture in enumerate(image):
        source = picture if frame is None else image if frame < 0 else image[frame]
        wanted = reference[number] if pairs else reference
        pixels = picture.reshape(-1, 3)
        new = WAYS[method](pixels, source.reshape(-1, 3), wanted.reshape(-1, 3)).reshape(picture.shape)
        made.append(picture + (new - picture) * strength)
    return torch.stack(made).clamp(0, 1)
