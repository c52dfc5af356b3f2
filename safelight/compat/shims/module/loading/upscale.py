"""A network that makes pictures larger, as packs call it."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from safelight.compat.shims.absent import refusal
from safelight.compat.shims.module import patcher as patchers
from safelight.compat.shims.module.loading.file import context
from safelight.diffusion import residency


class UpscaleModel:
    """A network that enlarges, as packs know spandrel's descriptors."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle

    def safelight_value(self) -> Any:
        return self.handle

    @property
    def scale(self) -> int:
        with residency.lend(self.handle, patchers.plan_here(), context()) as network:
            return int(network.factor)

    @property
    def model(self) -> Any:
        return self

    def to(self, *given: Any, **named: Any) -> UpscaleModel:
        return self

    cpu = cuda = eval = to

    def __call__(self, image: Tensor) -> Tensor:
        from safelight.diffusion import upscale

        pixels = image.movedim(1, -1).float().cpu()
        return (
            upscale.run(self.handle, pixels, plan=patchers.plan_here(), watch=context())
            .movedim(-1, 1)
            .to(image)
        )

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "handle":
            raise AttributeError(name)
        raise refusal(f"UPSCALE_MODEL.{name}", attribute=True)
