"""The denoising network as the sampling half calls it: a protocol, and diffusers' UNet behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import torch
from torch import Tensor, nn

from safelight.diffusion import alias, companion, control, roughness, unclip, weights
from safelight.diffusion import device as devices
from safelight.diffusion.component import Component
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.folder import Folder
from safelight.diffusion.latent import LatentFormat
from safelight.diffusion.layout import UnetNames
from safelight.diffusion.plan import Plan
from safelight.diffusion.sigma import ModelSampling
from safelight.diffusion.single import SingleFile
from safelight.diffusion.training import betas, sampling

if TYPE_CHECKING:
    from safelight.diffusion.control import Steering

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
STOPPING_PLACES = ("Conv2d", "Attention", "FeedForward")
"""Modules before each of which a forward pass may be stopped: all that take long."""

GROUPS = {"conv_in": "input", "down_blocks": "input", "mid_block": "middle"} | dict.fromkeys(
    ("up_blocks", "conv_norm_out", "conv_out"), "out"
)
"""Where the parts of diffusers' UNet lie in the original one: its input, middle and output blocks."""

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
        self.check()

    def check(self) -> None:
        """Call the check of the running thread, if it has set one."""
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

    def __init__(
        self,
        module: Any,
        latent: LatentFormat,
        sampling: ModelSampling,
        plan: Plan,
        augmentation: unclip.Augmentation | roughness.Roughness | None = None,
    ) -> None:
        """`augmentation` is for models that are told of pictures, or enlarge them."""
        self.module = module
        self.augmentation = augmentation
        self.latent = latent
        self.sampling = sampling
        self.plan = plan
        self.dtype = DTYPES[plan.dtype]
        self.device = torch.device(plan.device)
        self._stops = Stops(module)
        self._memory_format = (
            torch.channels_last if plan.layout == "channels_last" else torch.contiguous_format
        )

    def watch(self, check: Callable[[], None]) -> AbstractContextManager[None]:
        """While open, `check` is called at each block of the model in this thread, and may raise."""
        return self._stops.calling(check)

    def tensors(self) -> dict[str, Tensor]:
        """Its weights by diffusers' names."""
        return dict(self.module.state_dict())

    def varied(self, tensors: Mapping[str, Tensor], plan: Plan) -> Unet:
        """The same network with these tensors in place of its own, sharing those that are its own.

        The tensors are where the plan says.
        """
        with torch.device("meta"):
            module = type(self.module).from_config(self.module.config)
        module.load_state_dict(tensors, assign=True)
        module.requires_grad_(False).eval()
        return Unet(module, self.latent, self.sampling, plan, self.augmentation)

    def aliases(self) -> dict[str, str]:
        """The names that adapter files have for its layers."""
        return alias.unet(self.module.config, alias.layers(self.tensors()))

    def places(self) -> Callable[[str], str]:
        """What says where a tensor lies in the original code: `input_blocks.0.0.weight`."""
        return UnetNames(self.module.config)

    def group(self, tensor: str) -> str:
        """The blocks that a tensor lies in, counted as the original code does."""
        return GROUPS.get(tensor.partition(".")[0], "")

    def extras(self, entry: Mapping[str, Any], latent: Tensor) -> dict[str, Tensor]:
        """SDXL's pooled text and picture sizes; what models with more input channels see beside the latent.

        The entry may say `width`, `height`, `crop_w`, `crop_h`, `target_width`, `target_height`, and for
        the refiner `aesthetic_score` or `prompt_type` (`positive` or `negative`). What steers it may be told
        another text (`cross_attn_controlnet`).
        """
        return self._seen(entry, latent) | control.apart(entry)

    def _seen(self, entry: Mapping[str, Any], latent: Tensor) -> dict[str, Tensor]:
        config = self.module.config
        if isinstance(self.augmentation, roughness.Roughness):
            return self.augmentation.told(entry, latent)
        more = config.in_channels - self.latent.channels
        seen = {"beside": companion.beside(entry, latent, self.latent, more)} if more else {}
        if self.augmentation is not None:
            seen["class_labels"] = self.augmentation.labels(entry)
        return seen if config.addition_embed_type != "text_time" else seen | self._told(entry, latent)

    def _told(self, entry: Mapping[str, Any], latent: Tensor) -> dict[str, Tensor]:
        config = self.module.config
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

    def __call__(
        self,
        x: Tensor,
        timestep: Tensor,
        context: Tensor,
        *,
        beside: Tensor | None = None,
        class_labels: Tensor | None = None,
        steering: Steering | None = None,
        steering_context: Tensor | None = None,
        **extras: Tensor,
    ) -> Tensor:
        """The raw prediction, float32, for x [B, C, h, w] scaled by c_in, timestep [B], context [B, L, D].

        `beside` [B, c, h, w] are the further input channels of models that have them, `class_labels` [B, E]
        what others are told of pictures, or [B] the level of noise of small ones. What steers may hear
        `steering_context` [B, L, D] in place of the context.
        """
        x = x.to(self.device, self.dtype, memory_format=self._memory_format)
        timestep, context = timestep.to(self.device, torch.float32), context.to(self.device, self.dtype)
        told = {name: extra.to(self.device) for name, extra in extras.items()}
        with torch.no_grad(), devices.memory_errors("denoising", str(self.device)):
            residuals = {}
            if steering is not None:
                heard = context if steering_context is None else steering_context.to(context)
                added = steering.residuals(self.plan, self._stops.check, x, timestep, heard, told)
                residuals = added.arguments(self.module.config.block_out_channels)
            out = self.module(
                x if beside is None else torch.cat([x, beside.to(x)], dim=1),
                timestep,
                context,
                class_labels=_labels(class_labels, x),
                added_cond_kwargs=told,
                return_dict=False,
                **residuals,
            )[0]
        prediction: Tensor = out.float()
        return prediction


def _labels(told: Tensor | None, x: Tensor) -> Tensor | None:
    """Numbers as the network's own, levels as they are."""
    if told is None:
        return None
    return told.to(x) if told.is_floating_point() else told.to(x.device)


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
    return Unet(module, latent_format(source), sampling(source), plan, _augmentation(source, component))


def _augmentation(
    source: Folder | SingleFile, component: Component
) -> unclip.Augmentation | roughness.Roughness | None:
    """How a model is told of pictures, if it is; the numbers that they were normed by are in its file."""
    if component.config.get("num_class_embeds"):
        scheduler, highest = source.roughening()
        return roughness.Roughness(torch.cumprod(1.0 - betas(scheduler), dim=0).float(), highest)
    if component.config.get("class_embed_type") != "projection":
        return None
    width = component.config["projection_class_embeddings_input_dim"] // 2
    mean, spread = (weights.one(component, f"noise_augmentor.{name}") for name in ("data_mean", "data_std"))
    return unclip.Augmentation(
        width,
        torch.zeros(width) if mean is None else mean.flatten(),
        torch.ones(width) if spread is None else spread.flatten(),
    )


def latent_format(source: Folder | SingleFile) -> LatentFormat:
    """How the model's latents are made from its VAE's."""
    config = source.vae_config()
    channels = source.unet().config["out_channels"]
    if not config:
        return LatentFormat(channels=channels)
    factor = 2 ** (len(config["block_out_channels"]) - 1)
    colours = source.colours() if isinstance(source, Folder) else None
    scale, shift = config.get("scaling_factor", 0.18215), config.get("shift_factor") or 0.0
    return LatentFormat(channels, factor, scale, shift, colours)
