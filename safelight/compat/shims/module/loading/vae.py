"""VAE as packs know it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor

from safelight.compat.shims.absent import refusal
from safelight.compat.shims.module import device as devices
from safelight.compat.shims.module import patcher as patchers
from safelight.compat.shims.module.loading.file import context, opened
from safelight.diffusion import lone, residency, vae


class VAE:
    """A VAE of ours."""

    def __init__(
        self,
        sd: Any = None,
        device: Any = None,
        config: Any = None,
        dtype: Any = None,
        metadata: Any = None,
        handle: Any = None,
    ) -> None:
        self.handle = _of_file(sd) if handle is None else handle
        self.device = devices.vae_device()
        self.output_device = devices.intermediate_device()
        self.vae_dtype = torch.float32
        self.latent_dim = 2
        self.not_video = True
        self.patcher = patchers.ModelPatcher(
            SimpleNamespace(handle=None), self.device, devices.vae_offload_device()
        )
        self.first_stage_model = patchers.Missing("vae.first_stage_model")

    @classmethod
    def of_handle(cls, handle: Any) -> VAE:
        return cls(handle=handle)

    def safelight_value(self) -> Any:
        return self.handle

    def _plan(self) -> Any:
        return patchers.plan_here()

    def _config(self) -> tuple[int, int]:
        if not hasattr(self, "_shape"):
            with residency.lend(self.handle, self._plan(), context()) as model:
                self._shape = (model.factor, model.channels)
        return self._shape

    @property
    def downscale_ratio(self) -> int:
        return self._config()[0]

    upscale_ratio = downscale_ratio

    @property
    def latent_channels(self) -> int:
        return self._config()[1]

    upscale_index_formula = downscale_index_formula = None

    def spacial_compression_decode(self) -> int:
        return self.downscale_ratio

    spacial_compression_encode = spacial_compression_decode

    def temporal_compression_decode(self) -> None:
        return None

    def throw_exception_if_invalid(self) -> None:
        """A handle is always of a VAE."""

    def vae_encode_crop_pixels(self, pixels: Tensor) -> Tensor:
        return vae.cropped(pixels, self.downscale_ratio)

    def encode(self, pixel_samples: Tensor) -> Tensor:
        return vae.encode(self.handle, pixel_samples, plan=self._plan(), watch=context())

    def decode(self, samples_in: Tensor, vae_options: Any = None) -> Tensor:
        return vae.decode(self.handle, samples_in, plan=self._plan(), watch=context())

    def encode_tiled(
        self,
        pixel_samples: Tensor,
        tile_x: Any = None,
        tile_y: Any = None,
        overlap: Any = None,
        tile_t: Any = None,
        overlap_t: Any = None,
    ) -> Tensor:
        return vae.encode_tiled(
            self.handle,
            pixel_samples,
            tile_x or 512,
            overlap if overlap is not None else 64,
            plan=self._plan(),
            watch=context(),
        )

    def decode_tiled(
        self,
        samples: Tensor,
        tile_x: Any = None,
        tile_y: Any = None,
        overlap: Any = None,
        tile_t: Any = None,
        overlap_t: Any = None,
    ) -> Tensor:
        factor = self.downscale_ratio
        shared = None if overlap is None else overlap * factor
        return vae.decode_tiled(
            self.handle, samples, (tile_x or 64) * factor, shared, plan=self._plan(), watch=context()
        )

    decode_tiled_ = decode_tiled
    encode_tiled_ = encode_tiled

    def get_sd(self) -> Any:
        raise refusal("VAE.get_sd")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "handle":
            raise AttributeError(name)
        raise refusal(f"VAE.{name}", attribute=True)


def _of_file(tensors: Any) -> Any:
    """The VAE of the file that tensors were read from."""
    source = getattr(tensors, "safelight_path", None)
    if source is None:
        raise refusal("comfy.sd.VAE(sd=...) with tensors of no file")
    file = opened(source)
    return lone.vae(file.path, file.digest)
