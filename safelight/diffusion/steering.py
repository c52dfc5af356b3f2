"""Steering networks at work: what a ControlNet or a T2I-Adapter adds inside a UNet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from safelight.diffusion import controlnet, union, weights
from safelight.diffusion import device as devices
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.handle import Handle
from safelight.diffusion.network import DTYPES, Stops
from safelight.diffusion.plan import Plan

Check = Callable[[], None]


@dataclass(frozen=True, eq=False)
class Residuals:
    """What is added inside a UNet, of several networks at once; nothing where a list is empty."""

    skips: tuple[Tensor, ...] = ()
    """Added to what the UNet's first half hands over to its second, a tensor for each."""
    middle: tuple[Tensor, ...] = ()
    """Added to the outcome of the middle block; one tensor or none."""
    levels: tuple[Tensor, ...] = ()
    """Added at the end of each level of the first half, a tensor for each."""

    def __add__(self, other: Residuals) -> Residuals:
        """Both together."""
        return Residuals(
            _added(self.skips, other.skips),
            _added(self.middle, other.middle),
            _added(self.levels, other.levels),
        )

    def arguments(self, widths: Sequence[int]) -> dict[str, Any]:
        """As diffusers' UNet takes them; `UnsupportedError` if its levels are not so wide."""
        if (self.middle and self.middle[0].shape[1] != widths[-1]) or any(
            level.shape[1] != width for level, width in zip(self.levels, widths, strict=False)
        ):
            raise UnsupportedError(
                "This ControlNet or adapter was made for another family of models",
                "Choose one that was made for this model's family.",
            )
        given: dict[str, Any] = {}
        if self.skips:
            given["down_block_additional_residuals"] = self.skips
            given["mid_block_additional_residual"] = self.middle[0]
        if self.levels:
            given["down_intrablock_additional_residuals"] = list(self.levels)
        return given


def _added(some: tuple[Tensor, ...], others: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    if not some or not others:
        return some or others
    if len(some) != len(others):
        raise UnsupportedError(
            "These ControlNets were made for different families of models",
            "Choose ones that were made for this model's family.",
        )
    return tuple(one + other for one, other in zip(some, others, strict=True))


class ControlNetwork:
    """diffusers' `ControlNetModel`: looks at the noisy latent and the text, too, at every step."""

    cell = 8
    """The picture's edges are multiples of so many pixels."""

    def __init__(self, module: Any, plan: Plan) -> None:
        self.module = module
        self.plan = plan
        self.stops = Stops(module)

    def tensors(self) -> dict[str, Tensor]:
        """Its weights by diffusers' names."""
        return dict(self.module.state_dict())

    def varied(self, tensors: Mapping[str, Tensor], plan: Plan) -> ControlNetwork:
        """The same network with these tensors in place of its own, sharing those that are its own.

        The tensors are where the plan says.
        """
        with torch.device("meta"):
            module = type(self.module).from_config(self.module.config)
        module.load_state_dict(tensors, assign=True)
        module.requires_grad_(False).eval()
        return type(self)(module, plan)

    def aliases(self) -> dict[str, str]:
        """Adapter files do not speak of ControlNets."""
        return {}

    def group(self, tensor: str) -> str:
        """Merges by blocks do not, either."""
        return ""

    def __call__(
        self,
        hint: Tensor,
        strength: float,
        x: Tensor,
        timestep: Tensor,
        context: Tensor,
        extras: Mapping[str, Tensor],
    ) -> Residuals:
        """The residuals for a picture [1 or B, 3, 8h, 8w] in 0..1 and the input of the steered UNet."""
        self.check_width(context)
        with devices.memory_errors("steering", self.plan.device):
            skips, middle = self.module(
                x,
                timestep,
                context,
                controlnet_cond=hint.to(x.dtype),
                conditioning_scale=strength,
                added_cond_kwargs=dict(extras),
                return_dict=False,
            )
        return Residuals(tuple(skips), (middle,))

    def check_width(self, context: Tensor) -> None:
        """`UnsupportedError` if it takes other text."""
        wanted = self.module.config.cross_attention_dim
        if context.shape[2] != wanted:
            raise UnsupportedError(
                f"This ControlNet takes text {wanted} wide, this model's is {context.shape[2]} wide",
                "Choose a ControlNet that was made for this model's family.",
            )


class AdapterNetwork:
    """diffusers' `T2IAdapter`: looks at the picture alone, so that once is enough for a whole run."""

    def __init__(self, module: Any, plan: Plan) -> None:
        self.module = module
        self.plan = plan
        self.cell = module.downscale_factor
        self.stops = Stops(module)

    def features(self, hint: Tensor) -> tuple[Tensor, ...]:
        """What it sees in pictures [B, 3, H, W] in 0..1, a tensor for each level of the UNet."""
        if self.module.config.in_channels == 1:
            hint = hint.mean(dim=1, keepdim=True)
        with devices.memory_errors("steering", self.plan.device):
            return tuple(self.module(hint.to(DTYPES[self.plan.dtype])))


def build(handle: Handle, plan: Plan, check: Check) -> ControlNetwork | AdapterNetwork:
    """The steering network of a handle, with its weights."""
    component = controlnet.component(handle.source)
    kind, network = _kind(handle.source.family)
    check()
    with devices.memory_errors("loading the ControlNet", plan.device):
        with torch.device("meta"):
            module: nn.Module = kind.from_config(dict(component.config))
        weights.fill(module, component, DTYPES[plan.dtype], plan.device, check)
        if plan.layout == "channels_last":
            module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    made: ControlNetwork | AdapterNetwork = network(module, plan)
    return made


def _kind(family: str) -> tuple[Any, Any]:
    """The class of diffusers for a kind of steering networks, and ours around it."""
    if family == controlnet.ADAPTER:
        from diffusers.models.adapter import T2IAdapter

        return T2IAdapter, AdapterNetwork
    if family == union.FAMILY:
        from diffusers.models.controlnets.controlnet_union import ControlNetUnionModel

        from safelight.diffusion.fusion import UnionNetwork

        return ControlNetUnionModel, UnionNetwork
    from diffusers.models.controlnets.controlnet import ControlNetModel

    return ControlNetModel, ControlNetwork


def size(handle: Handle, plan: Plan) -> int:
    """The bytes that its weights will take, from headers alone."""
    return controlnet.component(handle.source).size(2 if plan.dtype == "bf16" else 4)


def difference(base: Any, patch: Any, lend: Callable[[Handle], Any]) -> dict[str, Callable[[Tensor], Tensor]]:
    """What makes a ControlNet of its difference to a model: that model's weights are added."""
    own = lend(patch.other).tensors()
    return {
        name: lambda weight, other=own[name]: weight + other.to(weight)
        for name, tensor in base.tensors().items()
        if name in own and own[name].shape == tensor.shape
    }
