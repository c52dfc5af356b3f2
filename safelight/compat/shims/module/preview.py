"""`latent_preview`: what a run shows on the way."""

from __future__ import annotations

from typing import Any

MAX_PREVIEW_RESOLUTION = 512
default_preview_method = "auto"


class LatentPreviewer:
    def decode_latent_to_preview(self, x0: Any) -> Any:
        return None

    def decode_latent_to_preview_image(self, preview_format: str, x0: Any) -> Any:
        picture = self.decode_latent_to_preview(x0)
        return (preview_format, picture, MAX_PREVIEW_RESOLUTION)


class Latent2RGBPreviewer(LatentPreviewer):
    def __init__(
        self,
        latent_rgb_factors: Any = None,
        latent_rgb_factors_bias: Any = None,
        latent_rgb_factors_reshape: Any = None,
    ) -> None:
        self.latent_rgb_factors = latent_rgb_factors

    def decode_latent_to_preview(self, x0: Any) -> Any:
        import torch
        from PIL import Image

        rows = torch.tensor(self.latent_rgb_factors or torch.eye(x0.shape[1])[:, :3].tolist())
        picture = torch.einsum("chw,cr->hwr", x0[0].float().cpu(), rows)
        return Image.fromarray((((picture + 1) / 2).clamp(0, 1) * 255).byte().numpy())


def get_previewer(device: Any, latent_format: Any) -> LatentPreviewer | None:
    return Latent2RGBPreviewer(latent_format.latent_rgb_factors)


def prepare_callback(model: Any, steps: int, x0_output_dict: Any = None) -> Any:
    """Progress and pictures are told by the run itself; here a pack gets the last prediction."""

    def callback(step: int, x0: Any, x: Any, total_steps: int) -> None:
        if x0_output_dict is not None:
            x0_output_dict["x0"] = x0

    return callback


def preview_to_image(latent_image: Any) -> Any:
    return Latent2RGBPreviewer().decode_latent_to_preview(latent_image[None])
