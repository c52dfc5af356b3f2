"""Noise of ours as packs know it."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from safelight.diffusion.ingredient import NoiseHandle


class Noise:
    """Noise of ours as packs know it."""

    def __init__(self, handle: NoiseHandle) -> None:
        self.handle = handle
        self.seed = handle.seed

    def generate_noise(self, input_latent: Any) -> Tensor:
        from safelight.diffusion.run import drawn

        return drawn(self.handle, input_latent["samples"], input_latent)

    def safelight_value(self) -> Any:
        return self.handle


class Noise_RandomNoise(Noise):
    """Noise drawn from a seed."""

    def __init__(self, seed: int) -> None:
        super().__init__(NoiseHandle(int(seed)))


class Noise_EmptyNoise(Noise):
    """No noise."""

    def __init__(self) -> None:
        super().__init__(NoiseHandle(0, none=True))
