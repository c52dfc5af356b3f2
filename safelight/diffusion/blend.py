"""Blend modes: what a layer makes of what is below it, as paint programs have them.

Pictures are [H, W, 4] with light (linear) colours and an alpha that is not multiplied in. Each mode says in
which space it reckons, light or sRGB's levels, as GIMP's modes of the same names do. `normal` covers; every
other mode changes only what is there, so that nothing shows where nothing was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from safelight.diffusion.transfer import encoded, linear

LUMINANCE = (0.2224884, 0.71690369, 0.06060791)
"""How bright the three colours of sRGB are, adapted to D50 as ICC profiles have it."""
TINY = 1e-6

Mix = Callable[[Tensor, Tensor], Tensor]
"""(the colours below, those of the layer), to new colours."""


class Mode(NamedTuple):
    """How two colours are mixed, and in which space."""

    mix: Mix
    space: Literal["light", "levels"] = "levels"


def _share(part: Tensor, whole: Tensor) -> Tensor:
    """`part / whole`, and 0 where the whole is next to nothing."""
    small = whole.abs() < TINY
    return torch.where(small, 0.0, part / torch.where(small, 1.0, whole))


def _screen(below: Tensor, above: Tensor) -> Tensor:
    return 1 - (1 - below) * (1 - above)


def _overlay(below: Tensor, above: Tensor) -> Tensor:
    return torch.where(below < 0.5, 2 * below * above, 1 - 2 * (1 - above) * (1 - below))


def _hard_light(below: Tensor, above: Tensor) -> Tensor:
    return torch.where(above > 0.5, _screen(below, 2 * above - 1), 2 * below * above).clamp(max=1)


def _dodge(below: Tensor, above: Tensor) -> Tensor:
    bright = torch.where(1 - above <= TINY, 1.0, _share(below, 1 - above).clamp(max=1))
    return torch.where(below <= 0, 0.0, bright)


def _burn(below: Tensor, above: Tensor) -> Tensor:
    dark = torch.where(above <= TINY, 0.0, 1 - _share(1 - below, above).clamp(max=1))
    return torch.where(below >= 1, 1.0, dark)


def _vivid_light(below: Tensor, above: Tensor) -> Tensor:
    return torch.where(above <= 0.5, _burn(below, 2 * above), _dodge(below, 2 * above - 1))


def _pin_light(below: Tensor, above: Tensor) -> Tensor:
    return torch.where(above > 0.5, torch.maximum(below, 2 * above - 1), torch.minimum(below, 2 * above))


def _spread(colour: Tensor) -> tuple[Tensor, Tensor]:
    """The strongest of the three colours, and how far the weakest is from it."""
    most = colour.amax(-1, keepdim=True)
    return most, most - colour.amin(-1, keepdim=True)


def _hue(below: Tensor, above: Tensor) -> Tensor:
    """The layer's hue, with the value and the saturation that are below (HSV)."""
    (most, spread), (own, wide) = _spread(below), _spread(above)
    scale = _share(spread, wide)
    return torch.where(wide <= TINY, below, above * scale + most - own * scale)


def _saturation(below: Tensor, above: Tensor) -> Tensor:
    """The layer's saturation, with the hue and the value that are below (HSV)."""
    (most, spread), (own, wide) = _spread(below), _spread(above)
    scale = _share(torch.where(own > 0, wide / own.clamp(min=TINY), 0.0) * most, spread)
    return torch.where(spread <= TINY, most, below * scale + (1 - scale) * most)


def _lightness(colour: Tensor) -> Tensor:
    return (colour.amin(-1, keepdim=True) + colour.amax(-1, keepdim=True)) / 2


def _colour(below: Tensor, above: Tensor) -> Tensor:
    """The layer's hue and saturation, with the lightness that is below (HSL)."""
    light, own = _lightness(below), _lightness(above)
    room, had = torch.minimum(light, 1 - light), torch.minimum(own, 1 - own)
    scale = room / torch.where(had <= TINY, 1.0, had)
    lifted = torch.where(light > 0.5, 1 - 2 * room, 0.0) + torch.where(own > 0.5, 2 * room - scale, 0.0)
    return torch.where(had <= TINY, light, above * scale + lifted)


def _luminosity(below: Tensor, above: Tensor) -> Tensor:
    weights = torch.tensor(LUMINANCE).to(below)
    bright, own = ((colour * weights).sum(-1, keepdim=True) for colour in (below, above))
    return below * _share(own, bright)


MODES: dict[str, Mode] = {
    "normal": Mode(lambda _below, above: above, "light"),
    "multiply": Mode(torch.mul, "light"),
    "screen": Mode(_screen),
    "overlay": Mode(_overlay),
    "darken": Mode(torch.minimum, "light"),
    "lighten": Mode(torch.maximum, "light"),
    "color-dodge": Mode(_dodge),
    "color-burn": Mode(_burn),
    "hard-light": Mode(_hard_light),
    "soft-light": Mode(lambda b, a: (1 - b) * b * a + b * _screen(b, a)),
    "difference": Mode(lambda b, a: (b - a).abs()),
    "exclusion": Mode(lambda b, a: b + a - 2 * b * a),
    "linear-dodge": Mode(torch.add, "light"),
    "linear-burn": Mode(lambda b, a: b + a - 1),
    "vivid-light": Mode(_vivid_light),
    "pin-light": Mode(_pin_light),
    "linear-light": Mode(lambda b, a: b + 2 * a - 1),
    "hard-mix": Mode(lambda b, a: torch.where(b + a < 1, 0.0, 1.0)),
    "subtract": Mode(lambda b, a: (b - a).clamp(min=0), "light"),
    "divide": Mode(lambda b, a: (b / a.clamp(min=TINY)).clamp(0, 1), "light"),
    "grain-extract": Mode(lambda b, a: b - a + 0.5),
    "grain-merge": Mode(lambda b, a: b + a - 0.5),
    "hue": Mode(_hue),
    "saturation": Mode(_saturation),
    "color": Mode(_colour),
    "luminosity": Mode(_luminosity, "light"),
}


def mixed(below: Tensor, above: Tensor, mode: str) -> Tensor:
    """Light colours [..., 3], mixed in the space of the mode."""
    mix, space = MODES[mode]
    return mix(below, above) if space == "light" else linear(mix(encoded(below), encoded(above)))


def laid(below: Tensor, above: Tensor, mode: str = "normal", opacity: float = 1.0) -> Tensor:
    """A picture [H, W, 4] with another laid over it."""
    colour, had = below[..., :3], below[..., 3:]
    shown = above[..., 3:] * opacity
    if mode == "normal":
        alpha = shown + (1 - shown) * had
        return torch.cat([colour + _share(shown, alpha) * (above[..., :3] - colour), alpha], dim=-1)
    made = torch.lerp(colour, mixed(colour, above[..., :3], mode), shown)
    return torch.cat([torch.where((had == 0) | (shown == 0), colour, made), had], dim=-1)
