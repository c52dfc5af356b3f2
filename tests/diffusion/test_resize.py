"""Resizing against plain torch and Pillow, and the crop."""

import numpy
import pytest
import torch
from PIL import Image
from torch.nn.functional import interpolate

from safelight.diffusion import resize
from safelight.diffusion.failure import UnsupportedError


@pytest.fixture
def pixels() -> torch.Tensor:
    return torch.rand(2, 4, 12, 10, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("method", ["nearest-exact", "bilinear", "area", "bicubic"])
def test_plain_methods_are_torchs(pixels: torch.Tensor, method: str) -> None:
    assert torch.equal(resize.resize(pixels, 7, 20, method), interpolate(pixels, size=(20, 7), mode=method))


def test_lanczos_is_pillows_on_eight_bits(pixels: torch.Tensor) -> None:
    colours = pixels[:, :3]
    levels = (colours[1].movedim(0, -1) * 255).numpy().astype(numpy.uint8)
    expected = numpy.asarray(Image.fromarray(levels).resize((20, 24), Image.Resampling.LANCZOS))
    out = resize.resize(colours, 20, 24, "lanczos")
    assert torch.equal(
        (out[1].movedim(0, -1) * 255).round(), torch.from_numpy(expected.astype(numpy.float32))
    )


def test_bislerp_keeps_the_length_of_vectors(pixels: torch.Tensor) -> None:
    unit = pixels / pixels.norm(dim=1, keepdim=True)
    out = resize.resize(unit, 23, 31, "bislerp")
    assert out.shape == (2, 4, 31, 23)
    assert torch.allclose(out.norm(dim=1), torch.ones(2, 31, 23), atol=1e-4)


def test_bislerp_turns_evenly_between_two_directions() -> None:
    pixels = torch.tensor([[[[1.0, 0.0]], [[0.0, 1.0]]]])  # two places, east and north
    out = resize.resize(pixels, 4, 1, "bislerp")
    angles = torch.atan2(out[0, 1, 0], out[0, 0, 0]).rad2deg()
    assert angles.tolist() == pytest.approx([0, 22.5, 67.5, 90], abs=1e-3)


def test_bislerp_of_equal_or_zero_vectors_has_no_nan() -> None:
    assert torch.equal(resize.resize(torch.ones(1, 4, 3, 3), 6, 6, "bislerp"), torch.ones(1, 4, 6, 6))
    assert torch.equal(resize.resize(torch.zeros(1, 4, 3, 3), 6, 6, "bislerp"), torch.zeros(1, 4, 6, 6))
    opposite = torch.tensor([[[[1.0, -1.0]]]])
    assert resize.resize(opposite, 4, 1, "bislerp").flatten().tolist() == [1, 0.5, -0.5, -1]


def test_centre_crop_cuts_what_the_new_aspect_leaves_out(pixels: torch.Tensor) -> None:
    wide = resize.resize(pixels, 10, 6, "nearest-exact", "center")
    assert torch.equal(wide, pixels[:, :, 3:9])
    tall = resize.resize(pixels, 6, 12, "nearest-exact", "center")
    assert torch.equal(tall, pixels[..., 2:8])


def test_frames_are_resized_one_by_one(pixels: torch.Tensor) -> None:
    video = torch.stack([pixels, pixels.flip(-1)], dim=2)
    out = resize.resize(video, 5, 6, "bilinear")
    assert torch.equal(out[:, :, 0], resize.resize(pixels, 5, 6, "bilinear"))
    assert torch.equal(out[:, :, 1], resize.resize(pixels.flip(-1), 5, 6, "bilinear"))


def test_an_unknown_method_is_refused(pixels: torch.Tensor) -> None:
    with pytest.raises(UnsupportedError, match="cubic-ish"):
        resize.resize(pixels, 2, 2, "cubic-ish")


def test_the_middle_of_a_picture_is_never_nothing() -> None:
    wide = resize.resize(torch.arange(8.0).reshape(1, 1, 8, 1).expand(1, 1, 8, 8), 64, 6, "area", "center")
    assert wide.unique().tolist() == [3.0, 4.0]
