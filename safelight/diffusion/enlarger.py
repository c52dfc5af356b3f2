"""Networks that make pictures larger or cleaner, built by spandrel from the names of their tensors.

spandrel is an optional part of this program (`pip install safelight[upscale]`). It asks for torchvision, of
which it uses three small functions in two of its forty networks; where torchvision is missing these are
stood in for while spandrel is imported.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import torch
from torch import Tensor

from safelight.diffusion import device as devices
from safelight.diffusion import header as headers
from safelight.diffusion.failure import ModelFileError, UnsupportedError
from safelight.diffusion.handle import Handle
from safelight.diffusion.network import Stops
from safelight.diffusion.plan import Plan

Check = Callable[[], None]
LOCK = threading.Lock()


class Enlarger:
    """One such network: `factor` times larger, [1, 3, h, w] in 0..1 to the same."""

    def __init__(self, descriptor: Any, plan: Plan) -> None:
        self.descriptor = descriptor
        self.device = plan.device
        self.factor: int = descriptor.scale
        self.stops = Stops(descriptor.model)

    def __call__(self, pixels: Tensor) -> Tensor:
        """The picture made larger, on the CPU."""
        with devices.memory_errors("making a picture larger", self.device):
            larger: Tensor = self.descriptor(pixels.to(self.device))
        return larger.float().cpu()


def build(handle: Handle, plan: Plan, check: Check) -> Enlarger:
    """The network with its weights, in fp32."""
    check()
    path = Path(handle.source.path)
    spandrel = imported()
    try:
        descriptor = spandrel.ModelLoader("cpu").load_from_state_dict(_tensors(path, handle.source.layout))
    except spandrel.UnsupportedModelError as error:
        raise ModelFileError(
            f"{path.name} is no upscaling network that is known", "Choose another file."
        ) from error
    if not isinstance(descriptor, spandrel.ImageModelDescriptor) or descriptor.input_channels != 3:
        raise ModelFileError(
            f"{path.name} is a network for something else than colour pictures", "Choose an upscaling model."
        )
    with devices.memory_errors("loading an upscaling model", plan.device):
        descriptor.to(plan.device, torch.float32).eval()
    descriptor.model.requires_grad_(False)
    return Enlarger(descriptor, plan)


def size(handle: Handle, _plan: Plan) -> int:
    """The bytes that it takes, in fp32."""
    header = headers.read(Path(handle.source.path), handle.source.layout == "pickle")
    return 4 * sum(stored.count for stored in header.values())


def _tensors(path: Path, layout: str) -> dict[str, Any]:
    if layout == "pickle":
        tensors: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        return tensors
    from safetensors.torch import load_file

    return load_file(path)


def imported() -> Any:
    """The module `spandrel`; `UnsupportedError` says how to get it where it is not installed."""
    if find_spec("spandrel") is None:
        raise UnsupportedError(
            "Upscaling models need the package spandrel, which is not installed",
            "Install it: pip install safelight[upscale]",
        )
    with LOCK, _without_torchvision():
        import spandrel
    return spandrel


@contextmanager
def _without_torchvision() -> Iterator[None]:
    """Stand in for torchvision while something is imported, if it is missing; nothing of it stays."""
    if "spandrel" in sys.modules or find_spec("torchvision") is not None:
        yield
        return
    functional = ModuleType("torchvision.transforms.functional")
    functional.normalize = _normalize  # type: ignore[attr-defined]
    functional.rotate = _rotate  # type: ignore[attr-defined]
    functional.InterpolationMode = SimpleNamespace(NEAREST="nearest", BILINEAR="bilinear")  # type: ignore[attr-defined]
    transforms = ModuleType("torchvision.transforms")
    transforms.functional = functional  # type: ignore[attr-defined]
    top = ModuleType("torchvision")
    top.transforms = transforms  # type: ignore[attr-defined]
    modules = {module.__name__: module for module in (top, transforms, functional)}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name in modules:
            del sys.modules[name]


def _normalize(pixels: Tensor, mean: list[float], std: list[float], inplace: bool = False) -> Tensor:
    """torchvision's: `(pixels - mean) / std` by channel, of [..., C, H, W]."""
    shift, scale = (torch.tensor(line).to(pixels)[:, None, None] for line in (mean, std))
    result = (pixels - shift) / scale
    return pixels.copy_(result) if inplace else result


def _rotate(*_args: Any, **_kwargs: Any) -> Tensor:
    """Refuse to turn pictures by any angle, which LaMa asks torchvision for."""
    raise UnsupportedError("This network needs torchvision, which is not installed", "Install torchvision.")
