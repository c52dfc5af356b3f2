"""What a network predicts, and how x0 follows from it."""

from __future__ import annotations

import torch
from torch import Tensor


def reshape_sigma(sigma: Tensor, noise_dim: int) -> Tensor:
    return sigma.reshape(sigma.shape[:1] + (1,) * (noise_dim - 1)) if sigma.ndim else sigma


class EPS:
    """The network predicts noise."""

    def calculate_input(self, sigma: Tensor, noise: Tensor) -> Tensor:
        sigma = reshape_sigma(sigma, noise.ndim)
        return noise / (sigma**2 + self.sigma_data**2) ** 0.5

    def calculate_denoised(self, sigma: Tensor, model_output: Tensor, model_input: Tensor) -> Tensor:
        return model_input - model_output * reshape_sigma(sigma, model_output.ndim)

    def noise_scaling(
        self, sigma: Tensor, noise: Tensor, latent_image: Tensor, max_denoise: bool = False
    ) -> Tensor:
        sigma = reshape_sigma(sigma, noise.ndim)
        factor = torch.sqrt(1.0 + sigma**2.0) if max_denoise else sigma
        return noise * factor + latent_image

    def inverse_noise_scaling(self, sigma: Tensor, latent: Tensor) -> Tensor:
        return latent


class V_PREDICTION(EPS):
    """It predicts velocity."""

    def calculate_denoised(self, sigma: Tensor, model_output: Tensor, model_input: Tensor) -> Tensor:
        sigma = reshape_sigma(sigma, model_output.ndim)
        data = self.sigma_data
        variance = sigma**2 + data**2
        return model_input * data**2 / variance - model_output * sigma * data / variance**0.5


class EDM(V_PREDICTION):
    """The same with the other sign."""

    def calculate_denoised(self, sigma: Tensor, model_output: Tensor, model_input: Tensor) -> Tensor:
        sigma = reshape_sigma(sigma, model_output.ndim)
        data = self.sigma_data
        variance = sigma**2 + data**2
        return model_input * data**2 / variance + model_output * sigma * data / variance**0.5


class X0(EPS):
    """It predicts the clean latent."""

    def calculate_denoised(self, sigma: Tensor, model_output: Tensor, model_input: Tensor) -> Tensor:
        return model_output


class IMG_TO_IMG(X0):
    def calculate_input(self, sigma: Tensor, noise: Tensor) -> Tensor:
        return noise


class CONST:
    """A flow: the picture fades as noise grows."""

    def calculate_input(self, sigma: Tensor, noise: Tensor) -> Tensor:
        return noise

    def calculate_denoised(self, sigma: Tensor, model_output: Tensor, model_input: Tensor) -> Tensor:
        return model_input - model_output * reshape_sigma(sigma, model_output.ndim)

    def noise_scaling(
        self, sigma: Tensor, noise: Tensor, latent_image: Tensor, max_denoise: bool = False
    ) -> Tensor:
        sigma = reshape_sigma(sigma, noise.ndim)
        return sigma * noise + (1.0 - sigma) * latent_image

    def inverse_noise_scaling(self, sigma: Tensor, latent: Tensor) -> Tensor:
        return latent / (1.0 - reshape_sigma(sigma, latent.ndim))
