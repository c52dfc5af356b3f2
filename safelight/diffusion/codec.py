"""Tensors to bytes and back: safetensors files with text metadata. It knows nothing of nodes or values."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from safelight.diffusion import draft
from safelight.diffusion.failure import ModelFileError


def is_tensor(value: Any) -> bool:
    """Whether a value is a torch tensor."""
    return isinstance(value, Tensor)


def is_dense(tensor: Tensor) -> bool:
    """Whether a tensor lies in memory number by number, unlike sparse and nested ones."""
    return tensor.layout == torch.strided and not tensor.is_nested


def numbers(tensor: Tensor) -> memoryview:
    """The numbers of a tensor as bytes, one after the other."""
    plain = packed(tensor.resolve_conj().resolve_neg())
    return memoryview(plain.reshape(-1).view(torch.uint8).numpy())


def save(tensors: Mapping[str, Tensor], metadata: Mapping[str, str], path: Path) -> None:
    """Write tensors to one file, as they are: dtype, shape and every bit.

    Views are copied first: a slice of a large tensor writes the slice only, and what shares memory becomes
    apart. The caller makes the write atomic.
    """
    apart: dict[str, Tensor] = {}
    seen: set[int] = set()
    for name, tensor in tensors.items():
        whole = packed(tensor)
        address = whole.untyped_storage().data_ptr()
        apart[name] = whole.clone() if address in seen else whole
        seen.add(address)
    path.touch()
    mode = S_IMODE(path.stat().st_mode)
    safetensors.torch.save_file(apart, path, metadata=dict(metadata))
    with suppress(OSError):  # some file systems have no modes
        path.chmod(mode)  # the library makes files for their owner only, whatever the umask says


def save_whole(tensors: Mapping[str, Tensor], metadata: Mapping[str, str], path: Path) -> None:
    """The same, so that the file is there whole or not at all; `ModelFileError` if it cannot be written."""
    try:
        with draft.beside(path) as part:
            save(tensors, metadata, part)
    except (OSError, safetensors.SafetensorError) as error:
        raise ModelFileError(
            f"{path} cannot be written ({error})", "Free some space, or choose another folder."
        ) from error


def load(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors, on the CPU and in memory of their own, and the metadata of a file that `save` wrote."""
    with safetensors.safe_open(path, framework="pt") as file:
        tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
        return tensors, file.metadata() or {}


def packed(tensor: Tensor) -> Tensor:
    """The same numbers on the CPU, contiguous, and in memory that holds nothing else."""
    tensor = tensor.detach().to("cpu").contiguous()
    whole = tensor.untyped_storage().nbytes() == tensor.numel() * tensor.element_size()
    return tensor if whole else tensor.clone()


def size(tensor: Tensor) -> int:
    """The bytes that a tensor keeps alive: its whole storage, which a slice shares."""
    return int(tensor.untyped_storage().nbytes())


TENSOR = Tensor
SAMPLE = 65_536
"""Numbers that `sample` looks at."""


def sample(tensor: Tensor) -> float:
    """A sum over up to 65,536 numbers spread evenly over a tensor: another one means other contents.

    What is not finite is left out, as NaN differs from itself. 0 where looking would not be quick: on a
    graphics card, or where the numbers do not lie in one row.
    """
    if tensor.device.type != "cpu" or not is_dense(tensor) or not tensor.is_contiguous():
        return 0.0
    row = tensor.detach().view(-1)
    if row.is_complex():
        row = torch.view_as_real(row).view(-1)
    few = row[:: max(1, row.numel() // SAMPLE)]
    total = few.sum(dtype=torch.float64)
    if not total.isfinite():
        total = few[few.isfinite()].sum(dtype=torch.float64)
    return float(total.nan_to_num())
