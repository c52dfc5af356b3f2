"""Empty latents, latents at another size, noise masks, and a model's own scale."""

import torch

from safelight.diffusion import latent
from safelight.diffusion.latent import LatentFormat


def test_an_empty_latent_is_zeros_an_eighth_of_the_size() -> None:
    empty = latent.empty(70, 64, 3)
    assert empty["samples"].shape == (3, 4, 8, 8)
    assert not empty["samples"].any()
    assert empty["downscale_ratio_spatial"] == 8


def test_a_format_takes_in_and_gives_out() -> None:
    fmt = LatentFormat(scale=0.5, shift=2.0)
    x = torch.randn(1, 4, 2, 2)
    assert torch.allclose(fmt.process_in(x), (x - 2) * 0.5)
    assert torch.allclose(fmt.process_out(fmt.process_in(x)), x, atol=1e-6)


def test_upscaling_is_in_pixels_and_keeps_the_rest() -> None:
    start = {"samples": torch.rand(1, 4, 8, 16), "batch_index": [3]}
    larger = latent.upscale(start, "bilinear", 256, 128)
    assert larger["samples"].shape == (1, 4, 16, 32)
    assert larger["batch_index"] == [3]
    assert start["samples"].shape == (1, 4, 8, 16)


def test_upscaling_with_one_edge_keeps_the_aspect_and_with_none_the_latent() -> None:
    start = {"samples": torch.rand(1, 4, 8, 16)}
    assert latent.upscale(start, "area", 0, 128)["samples"].shape == (1, 4, 16, 32)
    assert latent.upscale(start, "area", 256, 0)["samples"].shape == (1, 4, 16, 32)
    assert latent.upscale(start, "area", 0, 0) is start


def test_upscaling_by_a_factor_rounds() -> None:
    assert latent.upscale_by({"samples": torch.rand(1, 4, 5, 8)}, "bislerp", 1.5)["samples"].shape == (
        1,
        4,
        8,
        12,
    )


def test_a_noise_mask_gets_a_channel() -> None:
    start = {"samples": torch.rand(1, 4, 8, 8)}
    masked = latent.set_mask(start, torch.ones(2, 5, 6))
    assert masked["noise_mask"].shape == (2, 1, 5, 6)
    assert "noise_mask" not in start
