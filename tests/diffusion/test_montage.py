"""Layers composed: blend modes, places, masks, and how a person laid them."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from safelight.diffusion.arrangement import arranged, marks, told
from safelight.diffusion.blend import MODES, laid, mixed
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.montage import canvas_of, composed, layers_of, parted
from safelight.diffusion.transfer import encoded, linear

BELOW, ABOVE = (0.8, 0.4, 0.2), (0.3, 0.6, 0.9)
LEVELS = {
    "screen": (0.86, 0.76, 0.92),
    "overlay": (0.72, 0.48, 0.36),
    "color-dodge": (1.0, 1.0, 1.0),
    "color-burn": (1 - 0.2 / 0.3, 0.0, 1 - 0.8 / 0.9),
    "hard-light": (0.48, 0.52, 0.84),
    "difference": (0.5, 0.2, 0.7),
    "exclusion": (0.62, 0.52, 0.74),
    "linear-burn": (0.1, 0.0, 0.1),
    "pin-light": (0.6, 0.4, 0.8),
    "hard-mix": (1.0, 1.0, 1.0),
    "grain-extract": (1.0, 0.3, -0.2),
    "grain-merge": (0.6, 0.5, 0.6),
    "hue": (0.2, 0.5, 0.8),
    "saturation": (0.8, 0.8 - 0.4 * (2 / 3 * 0.8 / 0.6), 0.8 - 0.6 * (2 / 3 * 0.8 / 0.6)),
}
"""What the modes make of the two colours above, worked out by hand in sRGB's levels."""


def flat(colour: tuple[float, ...], size: int = 4) -> Tensor:
    return torch.tensor(colour).repeat(1, size, size, 1)


def stack(*layers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"version": 1, "layers": [{"x": 0, "y": 0, **one} for one in layers], **more}


def shown(tree: dict[str, Any]) -> Tensor:
    layers = layers_of(tree)
    return composed(layers, canvas_of(tree, layers))[0]


@pytest.mark.parametrize("mode", LEVELS)
def test_a_mode_makes_of_two_colours_what_it_is_known_for(mode: str) -> None:
    made = mixed(linear(torch.tensor(BELOW)), linear(torch.tensor(ABOVE)), mode)
    kept = torch.tensor(LEVELS[mode]).clamp(0, 1)
    assert torch.allclose(encoded(made).clamp(0, 1), kept, atol=2e-3)


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_gives_numbers_at_the_ends_and_leaves_what_is_bare(mode: str) -> None:
    ends = torch.tensor([0.0, 0.5, 1.0])
    colours = torch.cartesian_prod(ends, ends, ends)
    below = torch.cat([colours.repeat_interleave(27, 0), torch.ones(729, 1)], -1)[:, None]
    above = torch.cat([colours.repeat(27, 1), torch.ones(729, 1)], -1)[:, None]
    assert laid(below, above, mode).isfinite().all()
    bare = torch.zeros(729, 1, 4)
    alpha = laid(bare, above, mode)[..., 3]
    assert alpha.unique().tolist() == [1.0 if mode == "normal" else 0.0]
    assert torch.equal(laid(below, above, mode, opacity=0.0), below)


def test_layers_lie_where_they_are_put_and_higher_ones_cover() -> None:
    tree = stack(
        {"image": flat((1, 0, 0)), "x": 2, "y": 1, "z_index": 1},
        {"image": flat((0, 1, 0)), "w": 8, "h": 6},
    )
    whole = shown(tree)
    assert whole.shape == (6, 8, 4)
    assert whole[1, 2].tolist() == whole[4, 5].tolist() == [1, 0, 0, 1]
    assert whole[0, 2].tolist() == whole[5, 5].tolist() == [0, 1, 0, 1]
    image, mask = parted(whole[None])
    assert (image.shape[-1], mask.max().item()) == (3, 0)


def test_a_mask_an_alpha_channel_and_opacity_let_what_is_below_through() -> None:
    mask = torch.zeros(1, 4, 4)
    mask[:, :2] = 1
    clear = torch.cat([flat((1, 1, 1)), torch.full((1, 4, 4, 1), 0.5)], -1)
    tree = stack({"image": clear, "mask": mask, "opacity": 0.5}, canvas=(6, 4))
    image, mask = parted(shown(tree)[None])
    assert image.shape == (1, 4, 6, 4)
    assert mask[0, 0, 0] == 1
    assert mask[0, 3, 0].item() == pytest.approx(0.75, abs=0.003)
    assert mask[0, 3, 5] == 1, "nothing lies there"


def test_a_layer_is_mirrored_and_turned_about_its_middle() -> None:
    half = torch.zeros(1, 4, 8, 3)
    half[:, :, :4, 0] = 1
    flipped = shown(stack({"image": half, "flip_h": True}))
    assert flipped[0, :, 0].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    turned = shown(stack({"image": half, "rotation": math.pi / 2, "x": 2, "y": 2}, canvas=(12, 8)))
    assert turned[:, 5, 0].tolist() == [1, 1, 1, 1, 0, 0, 0, 0], "clockwise: what was left is above"
    assert turned[4, 3, 3] == 0


def test_a_batch_is_as_many_layers_each_with_its_own_mask() -> None:
    image = torch.cat([flat((1, 0, 0)), flat((0, 0, 1))])
    mask = torch.stack([torch.zeros(4, 4), torch.ones(4, 4)])
    assert shown(stack({"image": image, "mask": mask}))[0, 0].tolist() == [1, 0, 0, 1]
    assert shown(stack({"image": image}))[0, 0].tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("tree", "why"),
    [
        ({"layers": []}, "no layer"),
        (None, "no layer"),
        (stack({"image": torch.zeros(51, 2, 2, 3)}), "51 layers"),
        (stack({"image": flat((0, 0, 0)), "blend_mode": "melt"}), "no blend mode"),
        (stack({"image": flat((0, 0, 0))}, canvas=(20000, 20)), "larger than"),
    ],
)
def test_what_cannot_be_composed_is_refused(tree: Any, why: str) -> None:
    with pytest.raises(UnsupportedError, match=why):
        shown(tree)


def saved(tree: dict[str, Any], **change: Any) -> dict[str, Any]:
    """A stack as a person laid it on the node, as files have it."""
    layers = layers_of(tree)
    entries = [
        {
            "visible": one["visible"],
            "opacity": one["opacity"],
            "blend": one["blend"],
            "transform": {"x": one["x"], "y": one["y"], "w": one["width"], "h": one["height"], "rotation": 0},
        }
        for one in told(layers)
    ]
    canvas = {"w": 8, "h": 8}
    return {"version": 1, "canvas": canvas, "layers": entries, "inputs": marks(layers), **change}


def test_layers_are_laid_as_a_person_laid_them() -> None:
    tree = stack({"image": flat((1, 0, 0))}, {"image": flat((0, 1, 0)), "x": 2})
    other = saved(tree, order=[1, 0], background={"color": "#00f", "visible": True})
    other["layers"][0]["transform"] |= {"x": 4, "w": 2}
    laid_out = arranged(layers_of(tree), other)
    assert laid_out is not None
    whole = composed(laid_out.layers, laid_out.canvas, laid_out.ground)[0, 0]
    assert whole[:, 0].tolist() == [0, 0, 0, 0, 1, 1, 0, 0]
    assert whole[:, 1].tolist() == [0, 0, 1, 1, 0, 0, 0, 0]
    assert whole[:, 2].tolist() == [1, 1, 0, 0, 0, 0, 1, 1]
    assert arranged(layers_of(tree), {}) is None


@pytest.mark.parametrize("change", [{"version": 2}, {"inputs": ["0"]}, {"canvas": {}}, {"layers": 3}])
def test_an_arrangement_of_other_layers_or_of_another_kind_is_not_used(change: dict[str, Any]) -> None:
    tree = stack({"image": flat((1, 0, 0))})
    with pytest.raises(UnsupportedError):
        arranged(layers_of(tree), saved(tree, **change))
