"""Conditioning made ready for one run: each entry's tensors in place, its area in cells, its range in sigmas.

The semantics are ComfyUI's. Where several entries of a side speak about one cell, their predictions are
averaged by weight: strength, times the mask, times a ramp of eight cells that softens the inner edges of an
area. An area on one side that the other side does not have is answered there by the smallest entry around it,
so that guidance compares like with like.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor

from safelight.diffusion import control
from safelight.diffusion.course import Course
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.handle import Patch
from safelight.diffusion.hook import Hooks

if TYPE_CHECKING:
    from safelight.diffusion.conditioning import Conditioning
    from safelight.diffusion.control import Control
    from safelight.diffusion.network import Network

POSITIVE, NEGATIVE = "positive", "negative"

FUZZ = 8
"""Cells over which the weight of an area rises from its edge."""

LEAST = 8
"""The smallest edge, in cells, of an area taken from a mask's bounds."""


class Area(NamedTuple):
    """A rectangle of latent cells."""

    height: int
    width: int
    top: int
    left: int

    def contains(self, other: Area) -> bool:
        """Whether the other lies within this one."""
        return (
            self.top <= other.top
            and self.left <= other.left
            and other.top + other.height <= self.top + self.height
            and other.left + other.width <= self.left + self.width
        )


@dataclass(frozen=True, eq=False)
class Entry:
    """One thing to tell the model, with where, when and how loudly."""

    context: Tensor
    """(n, tokens, width), on the network's device and of its type."""
    extras: dict[str, Tensor]
    """What else the network wants with it; the first dimension of each is n or 1, and (n, c, height, width)
    are over the whole latent."""
    grid: tuple[int, int]
    """Height and width of the whole latent."""
    area: Area | None = None
    mask: Tensor | None = None
    """(n, height, width) over the whole latent, its strength included."""
    strength: float = 1.0
    start: float = math.inf
    """The highest sigma at which it speaks."""
    end: float = 0.0
    """The lowest."""
    controls: tuple[Control, ...] = ()
    """What steers the network by pictures, each within a range of its own."""
    course: Course | None = None
    """What is changed in the network while it is asked about this, level by level."""
    fills: bool = False
    """Whether it speaks only where, and as far as, the others of its side do not."""

    def patches(self, sigma: float) -> tuple[Patch, ...]:
        """What is changed in the network for it at this sigma."""
        return self.course.patches(sigma) if self.course else ()

    def speaks(self, sigma: float) -> bool:
        """Whether it holds at this sigma."""
        return self.end <= sigma <= self.start

    def crop(self, whole: Tensor) -> Tensor:
        """The part of a (..., height, width) tensor that it is about; a view."""
        if self.area is None:
            return whole
        height, width, top, left = self.area
        return whole[..., top : top + height, left : left + width]

    def told(self, name: str) -> Tensor:
        """One of the extras, for the part that it is about."""
        extra = self.extras[name]
        return self.crop(extra) if extra.ndim == 4 else extra

    @cached_property
    def weight(self) -> Tensor | None:
        """How much its prediction counts, (n, 1, height, width) over its area; None for one everywhere."""
        if self.mask is not None:
            return self.crop(self.mask).unsqueeze(1) * self.strength
        if self.area is None and self.strength == 1.0:
            return None
        height, width, top, left = self.area or Area(*self.grid, 0, 0)
        rows, columns = _ramp(height, top, self.grid[0]), _ramp(width, left, self.grid[1])
        return (self.strength * rows[:, None] * columns)[None, None].to(self.context.device)


def prepare(
    network: Network,
    latent: Tensor,
    sides: Mapping[str, Conditioning],
    mask: Tensor | None = None,
    sigmas: Tensor | None = None,
) -> tuple[tuple[Entry, ...], ...]:
    """The entries of each side (`positive`, `negative`) for a run on this latent (B, C, height, width).

    `mask` (B, 1, height, width) is what the run makes anew, for models that want to know it. `sigmas` are the
    levels that it visits, for hooks; without them a conditioning with hooks is refused.
    """
    levels = None if sigmas is None else tuple(float(sigma) for sigma in sigmas)
    if POSITIVE in sides and NEGATIVE in sides:
        sides = {**sides, NEGATIVE: control.spread(sides[POSITIVE], sides[NEGATIVE])}
    known: dict[str, Control] = {}
    ready = [
        [
            _entry(
                network,
                latent,
                tensor,
                {**options, "prompt_type": name, "denoise_mask": mask},
                known,
                levels,
            )
            for tensor, options in side
        ]
        for name, side in sides.items()
    ]
    for side in ready:
        for other in ready:
            if other is not side:
                _answer(side, other)
    return tuple(tuple(side) for side in ready)


def _entry(
    network: Network,
    latent: Tensor,
    tensor: Tensor,
    options: dict[str, Any],
    known: dict[str, Control],
    levels: tuple[float, ...] | None,
) -> Entry:
    if not tensor.shape[1]:
        raise UnsupportedError(
            f"A {options['prompt_type']} conditioning has no tokens, so it says nothing",
            "Make it with CLIP Text Encode; its text may be empty",
        )
    grid = (int(latent.shape[-2]), int(latent.shape[-1]))
    mask = _mask(options, grid, latent.device)
    extras = network.extras(options, latent)
    start, end = _range(options)
    return Entry(
        context=tensor.to(network.device, network.dtype),
        extras={name: value.to(network.device) for name, value in extras.items()},
        grid=grid,
        area=_area(options, mask, grid),
        mask=mask,
        strength=float(options.get("strength", 1.0)),
        start=network.sampling.percent_to_sigma(start),
        end=network.sampling.percent_to_sigma(end),
        controls=control.prepare(options, network, known),
        course=_course(options, network, levels),
        fills=bool(options.get("default")),
    )


def _range(options: Mapping[str, Any]) -> tuple[float, float]:
    """The part of the run in which it speaks: where it may, and where its text was meant for."""
    return (
        max(options.get("start_percent", 0.0), options.get("clip_start_percent", 0.0)),
        min(options.get("end_percent", 1.0), options.get("clip_end_percent", 1.0)),
    )


def _course(options: Mapping[str, Any], network: Network, levels: tuple[float, ...] | None) -> Course | None:
    """What the hooks of a conditioning change over a run."""
    hooks = options.get("hooks")
    if not hooks:
        return None
    if not isinstance(hooks, Hooks):
        raise UnsupportedError(
            f"A conditioning has hooks of a kind that is not known here ({type(hooks).__name__})",
            "Make them with Create Hook LoRA.",
        )
    if levels is None:
        raise UnsupportedError(
            "A conditioning has hooks, and this way of sampling cannot change weights while it runs",
            "Sample with KSampler or SamplerCustomAdvanced, or load the LoRA with Load LoRA.",
        )
    return Course(hooks, levels, network.sampling.percent_to_sigma)


def _mask(options: dict[str, Any], grid: tuple[int, int], device: torch.device) -> Tensor | None:
    mask = options.get("mask")
    if mask is None:
        return None
    mask = mask.reshape(-1, 1, *mask.shape[-2:]).to(device, torch.float32)
    if mask.shape[-2:] != grid:
        mask = torch.nn.functional.interpolate(mask, size=grid, mode="bilinear")
    return mask.squeeze(1) * options.get("mask_strength", 1.0)


def _area(options: dict[str, Any], mask: Tensor | None, grid: tuple[int, int]) -> Area | None:
    if mask is not None and options.get("set_area_to_bounds", False):
        return _clipped(_bounds(mask), grid)
    area = options.get("area")
    if area is None:
        return None
    if area[0] == "percentage":
        height, width, top, left = (part * grid[k % 2] for k, part in enumerate(area[1:]))
        area = (max(1, round(height)), max(1, round(width)), round(top), round(left))
    return _clipped(Area(*area), grid)


def _bounds(mask: Tensor) -> Area:
    """The smallest rectangle around all that a mask covers, at least eight cells a side."""
    covered = mask.abs().amax(dim=0) != 0
    rows, columns = covered.any(dim=1).nonzero(), covered.any(dim=0).nonzero()
    if not len(rows):
        return Area(LEAST, LEAST, 0, 0)
    top, left = int(rows[0]), int(columns[0])
    return Area(max(LEAST, int(rows[-1]) + 1 - top), max(LEAST, int(columns[-1]) + 1 - left), top, left)


def _clipped(area: Area, grid: tuple[int, int]) -> Area:
    """The part of an area that lies in the latent."""
    if area.top >= grid[0] or area.left >= grid[1]:
        raise UnsupportedError(
            f"A conditioning's area begins at x {8 * area.left}, y {8 * area.top}, "
            f"outside of a picture of {8 * grid[1]} x {8 * grid[0]}",
            "Move the area into the picture",
        )
    height, width = min(area.height, grid[0] - area.top), min(area.width, grid[1] - area.left)
    return Area(height, width, area.top, area.left)


def _answer(side: Sequence[Entry], other: list[Entry]) -> None:
    """Give `other` an entry for each area of `side`: what its smallest entry around it says, there."""
    for asked in [entry for entry in side if entry.area is not None]:
        around = [entry for entry in other if entry.area is None or entry.area.contains(asked.area)]
        if not around:
            continue
        nearest = min(around, key=_size)
        if nearest.area != asked.area:
            other.append(replace(asked, context=nearest.context, extras=nearest.extras))


def filled(speaking: Sequence[Entry]) -> list[Entry]:
    """Those that speak, where each that fills has what the others leave of each cell, or falls silent."""
    said = [entry for entry in speaking if not entry.fills]
    rest = (1.0 - _covered(said, speaking[0])).clamp(min=0.0)
    if not rest.any():
        return said
    return said + [replace(entry, mask=rest, strength=1.0) for entry in speaking if entry.fills]


def _covered(entries: Sequence[Entry], like: Entry) -> Tensor:
    """How much is said about each cell, (n, height, width)."""
    weights = [entry.weight for entry in entries]
    rows = math.lcm(*(len(weight) for weight in weights if weight is not None))
    total = torch.zeros(rows, *like.grid, device=like.context.device)
    for entry, weight in zip(entries, weights, strict=True):
        part = entry.crop(total)
        part += 1.0 if weight is None else weight.squeeze(1).repeat(rows // len(weight), 1, 1)
    return total


def _size(entry: Entry) -> float:
    return math.inf if entry.area is None else entry.area.height * entry.area.width


def _ramp(length: int, offset: int, whole: int) -> Tensor:
    """Weights along one edge of an area: one, but rising from each end that is inside the picture."""
    weights = torch.ones(length)
    fuzz = min(FUZZ, length // 4)
    rise = torch.arange(1, fuzz + 1) / max(fuzz, 1)
    if offset:
        weights[:fuzz] *= rise
    if offset + length < whole:
        weights[length - fuzz :] *= rise.flip(0)
    return weights
