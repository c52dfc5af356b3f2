"""The denoising network as the sampling half calls it: a protocol, and diffusers' UNet behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from safelight.diffusion import device as devices
from safelight.diffusion import weights
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.folder import Folder
from safelight.diffusion.latent import LatentFormat
from safelight.diffusion.plan import Plan
from safelight.diffusion.sigma import DiscreteSampling, ModelSampling
from safelight.diffusion.single import SingleFile

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
PREDICTIONS = {"epsilon": "epsilon", "v_prediction": "v", "sample": "x0"}
STOPPING_PLACES = ("Conv2d", "Attention", "FeedForward")
"""Modules before each of which a forward pass may be stopped: all that take long."""

V_SIGN = "model.diffusion_model.output_blocks.11.1.transformer_blocks.0.norm1.bias"
V_SPREAD = 0.09
"""The deviation of that tensor above which a Stable Diffusion 2 model predicts v; the reference's rule."""

REFINER_SCORES = {"positive": 6.0, "negative": 2.5}
"""The aesthetic scores that the SDXL refiner is told for what is wanted and what is not."""


class Network(Protocol):
    """A model that predicts, from a noisy latent, its noise, its clean latent or a mixture of both."""

    latent: LatentFormat
    sampling: ModelSampling
    dtype: torch.dtype
    device: torch.device

    def extras(self, entry: Mapping[str, Any], latent: Tensor) -> dict[str, Tensor]:
        """What this model is told beside the text, for one CONDITIONING entry's dict; tensors [1, ...].

        `latent` [B, C, h, w] gives the picture's size where the entry does not.
        """

    def __call__(self, x: Tensor, timestep: Tensor, context: Tensor, **extras: Tensor) -> Tensor:
        """The raw prediction, float32, for x [B, C, h, w] scaled by c_in, timestep [B], context [B, L, D]."""

    def watch(self, check: Callable[[], None]) -> AbstractContextManager[None]:
        """While open, `check` is called at each block of the model in this thread, and may raise."""


class Stops:
    """Hooks on a module's blocks that call whatever check the running thread has set."""

    def __init__(self, module: nn.Module) -> None:
        self._thread = threading.local()
        for part in module.modules():
            if type(part).__name__ in STOPPING_PLACES:
                part.register_forward_pre_hook(self._ask)

    def _ask(self, _module: nn.Module, _inputs: Any) -> None:
        check = getattr(self._thread, "check", None)
        if check is not None:
            check()

    @contextmanager
    def calling(self, check: Callable[[], None]) -> Iterator[None]:
        """Call `check` at each block that this thread enters meanwhile."""
        before = getattr(self._thread, "check", None)
        self._thread.check = check
        try:
            yield
        finally:
            self._thread.check = before


class Unet:
    """diffusers' `UNet2DConditionModel` as a `Network`: Stable Diffusion 1, 2 and XL."""

    def __init__(self, module: nn.Module, latent: LatentFormat, sampling: ModelSampling, plan: Plan) -> None:
        self.module = module
        self.latent = latent
        self.sampling = sampling
        self.dtype = DTYPES[plan.dtype]
        self.device = torch.device(plan.device)
        self._stops = Stops(module)
        self._memory_format = (
            torch.channels_last if plan.layout == "channels_last" else torch.contiguous_format
        )

    def watch(self, check: Callable[[], None]) -> AbstractContextManager[None]:
        """While open, `check` is called at each block of the model in this thread, and may raise."""
        return self._stops.calling(check)

    def extras(self, entry: Mapping[str, Any], latent: Tensor) -> dict[str, Tensor]:
        """SDXL's pooled text and picture sizes; nothing for the others.

        The entry may say `width`, `height`, `crop_w`, `crop_h`, `target_width`, `target_height`, and for
        the refiner `aesthetic_score` or `prompt_type` (`positive` or `negative`).
        """
        config = self.module.config
        if config.addition_embed_type != "text_time":
            return {}
        pooled = entry.get("pooled_output")
        if pooled is None:
            raise UnsupportedError(
                "This model needs pooled text, which the conditioning lacks",
                "Encode the prompt with this model's CLIP.",
            )
        sizes = self._sizes(entry, latent)
        told = config.projection_class_embeddings_input_dim - pooled.shape[-1]
        if told != len(sizes) * config.addition_time_embed_dim:
            raise UnsupportedError(
                f"The pooled text is {pooled.shape[-1]} wide, which does not fit this model",
                "Encode the prompt with this model's CLIP.",
            )
        return {"text_embeds": pooled.float(), "time_ids": torch.tensor([sizes], device=pooled.device)}

    def _sizes(self, entry: Mapping[str, Any], latent: Tensor) -> list[float]:
        """Height and width before cropping, the crop's corner, height and width to make, in this order."""
        width = entry.get("width", latent.shape[-1] * self.latent.factor)
        height = entry.get("height", latent.shape[-2] * self.latent.factor)
        start = [height, width, entry.get("crop_h", 0), entry.get("crop_w", 0)]
        if self._is_refiner():
            score = REFINER_SCORES[entry.get("prompt_type", "positive")]
            return [float(number) for number in (*start, entry.get("aesthetic_score", score))]
        return [
            float(n) for n in (*start, entry.get("target_height", height), entry.get("target_width", width))
        ]

    def _is_refiner(self) -> bool:
        """Whether a score is told in place of a size to make: five numbers, beside CLIP-G's 1,280 alone."""
        config = self.module.config
        return (
            config.cross_attention_dim
            == config.projection_class_embeddings_input_dim - 5 * config.addition_time_embed_dim
        )

    def __call__(self, x: Tensor, timestep: Tensor, context: Tensor, **extras: Tensor) -> Tensor:
        """The raw prediction, float32, for x [B, C, h, w] scaled by c_in, timestep [B], context [B, L, D]."""
        with torch.no_grad(), devices.memory_errors("denoising", str(self.device)):
            out = self.module(
                x.to(self.device, self.dtype, memory_format=self._memory_format),
                timestep.to(self.device, torch.float32),
                context.to(self.device, self.dtype),
                added_cond_kwargs={name: extra.to(self.device) for name, extra in extras.items()},
                return_dict=False,
            )[0]
        prediction: Tensor = out.float()
        return prediction


def build(source: Folder | SingleFile, plan: Plan, check: Callable[[], None]) -> Unet:
    """The UNet of a model with its weights, ready to predict."""
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

    component = source.unet()
    check()
    with devices.memory_errors("loading the model", plan.device):
        with torch.device("meta"):
            module = UNet2DConditionModel.from_config(dict(component.config))
        weights.fill(module, component, DTYPES[plan.dtype], plan.device, check)
        if plan.layout == "channels_last":
            module.to(memory_format=torch.channels_last)
    return Unet(module, latent_format(source), sampling(source), plan)


def latent_format(source: Folder | SingleFile) -> LatentFormat:
    """How the model's latents are made from its VAE's."""
    config = source.vae_config()
    channels = source.unet().config["in_channels"]
    if not config:
        return LatentFormat(channels=channels)
    factor = 2 ** (len(config["block_out_channels"]) - 1)
    return LatentFormat(
        channels, factor, config.get("scaling_factor", 0.18215), config.get("shift_factor") or 0.0
    )


def sampling(source: Folder | SingleFile) -> DiscreteSampling:
    """The noise levels that the model was trained at, and what it predicts."""
    config = source.scheduler()
    betas = _betas(config)
    name = "v_prediction" if _predicts_v(source) else config.get("prediction_type", "epsilon")
    kind = PREDICTIONS.get(name)
    if kind is None:
        raise UnsupportedError(f"A model that predicts {name!r} is not known here")
    alphas = torch.cumprod(1.0 - betas, dim=0)
    if config.get("rescale_betas_zero_snr"):
        alphas = _zero_snr(alphas)
    return DiscreteSampling(alphas, kind)


def _predicts_v(source: Folder | SingleFile) -> bool:
    """Whether a Stable Diffusion 2 file predicts v, which shows only in the spread of one tensor."""
    if not isinstance(source, SingleFile) or source.family != "sd2":
        return False
    biases = weights.one(source.unet(), V_SIGN)
    return biases is not None and float(biases.std(unbiased=False)) > V_SPREAD


def _betas(config: Mapping[str, Any]) -> Tensor:
    """The variance added at each training step, in double precision."""
    if config.get("trained_betas"):
        return torch.tensor(config["trained_betas"], dtype=torch.float64)
    kind = config.get("beta_schedule")
    if kind not in ("scaled_linear", "linear"):
        raise UnsupportedError(f"The noise schedule {kind!r} is not known here")
    start, end, steps = config["beta_start"], config["beta_end"], config["num_train_timesteps"]
    if kind == "scaled_linear":
        return torch.linspace(start**0.5, end**0.5, steps, dtype=torch.float64) ** 2
    return torch.linspace(start, end, steps, dtype=torch.float64)


def _zero_snr(alphas: Tensor) -> Tensor:
    """Cumulative alphas moved until the last is (almost) pure noise (Lin et al. 2023, arXiv:2305.08891)."""
    roots = alphas.sqrt()
    first, last = roots[0].clone(), roots[-1].clone()
    moved = ((roots - last) * first / (first - last)) ** 2
    moved[-1] = 4.8973451890853435e-08  # zero would be an infinite sigma; the reference's value
    return moved
