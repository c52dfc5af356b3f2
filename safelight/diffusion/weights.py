"""Weights out of files into modules: tensor by tensor, each copied, asking between two whether to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from safelight.diffusion import pickled
from safelight.diffusion.component import Component, Slot
from safelight.diffusion.failure import ModelFileError
from safelight.diffusion.header import is_pickle

Check = Callable[[], None]


def fill(module: nn.Module, component: Component, dtype: torch.dtype, device: str, check: Check) -> None:
    """Give a module made on the meta device its weights, copied out of the file into memory of their own.

    Raises `ModelFileError` when a tensor is missing or of another shape; whatever `check` raises passes
    through.
    """
    wanted = module.state_dict()
    slots = {name: component.slot(name) for name in wanted}
    _refuse_missing(component, [name for name, slot in slots.items() if slot is None])
    with ExitStack() as files:
        opened = _open(files, {slot.header.path for slot in slots.values() if slot})
        state = {}
        for name, slot in slots.items():
            check()
            assert slot is not None
            tensor = _read(opened[slot.header.path], slot, wanted[name].shape)
            state[name] = tensor.to(device=device, dtype=dtype, copy=True)
    module.load_state_dict(state, assign=True)
    module.requires_grad_(False).eval()


def _open(files: ExitStack, paths: Iterable[Path]) -> dict[Path, Any]:
    try:
        return {path: _opened(files, path) for path in paths}
    except (OSError, SafetensorError) as error:
        raise ModelFileError(
            f"A model file cannot be read ({error})", "Check the file, or download it again."
        ) from error


def _opened(files: ExitStack, path: Path) -> Any:
    """An open file of tensors; a pickle gets here only if reading its header was allowed."""
    return pickled.opened(path) if is_pickle(path) else files.enter_context(safe_open(path, framework="pt"))


def one(component: Component, stored: str) -> Tensor | None:
    """A single tensor by its stored name, in fp32, if any of the component's files has it."""
    for header in component.headers:
        if stored in header:
            with ExitStack() as files:
                found: Tensor = _opened(files, header.path).get_tensor(stored)
                return found.to(torch.float32, copy=True)
    return None


def _read(file: Any, slot: Slot, shape: torch.Size) -> Tensor:
    try:
        tensor: Tensor = file.get_tensor(slot.name)
    except (SafetensorError, KeyError) as error:
        problem = f"{slot.header.path.name} changed while it was read ({error})"
        raise ModelFileError(problem, "Run again.") from error
    if slot.third is not None:
        tensor = tensor.chunk(3)[slot.third]
    if slot.turned:
        tensor = tensor.T
    if [edge for edge in tensor.shape if edge > 1] == [edge for edge in shape if edge > 1]:
        tensor = tensor.reshape(shape)  # a 1 x 1 convolution where the module has a matrix
    if tensor.shape != shape:
        raise ModelFileError(
            f"In {slot.header.path.name} {slot.name} is {list(tensor.shape)} where {list(shape)} is needed",
            "This variant of the model is not known here.",
        )
    return tensor


def _refuse_missing(component: Component, missing: list[str]) -> None:
    if missing:
        raise ModelFileError(
            f"{component.title} lacks {len(missing)} tensors, {missing[0]} among them",
            "Choose a whole model, or download the file again.",
        )
