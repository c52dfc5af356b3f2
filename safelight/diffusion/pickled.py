"""Model files that are pickles (`.ckpt`, `.pt`), for those who allow them: tensors only, nothing is run.

torch's unpickler for weights (`weights_only=True`) knows tensors and plain containers, and refuses the rest.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from safelight.diffusion.failure import ModelFileError
from safelight.diffusion.header import Header, Stored

DTYPES = {
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.float64: "F64",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}


class Pickled:
    """The tensors of a pickle by name, with the one method of safetensors' files that is used here."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        self._tensors = tensors

    def get_tensor(self, name: str) -> Tensor:
        """The tensor of this name."""
        return self._tensors[name]


def header(path: Path) -> Header:
    """What a pickle holds: names, types and shapes; no tensor is kept."""
    tensors = _load(path, "meta")
    stored = {name: Stored(DTYPES[tensor.dtype], tuple(tensor.shape)) for name, tensor in tensors.items()}
    return Header(path, stored, {})


def opened(path: Path) -> Pickled:
    """The tensors of a pickle, mapped from the file where its form allows that."""
    return Pickled(_load(path, "cpu"))


def _load(path: Path, device: str) -> dict[str, Tensor]:
    with path.open("rb") as file:
        zipped = file.read(4) == b"PK\x03\x04"
    try:
        tree: Any = torch.load(path, map_location=device, weights_only=True, mmap=zipped and device == "cpu")
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError) as error:
        raise ModelFileError(
            f"{path.name} holds more than weights, or is damaged",
            "Get the .safetensors version of this model.",
        ) from error
    tree = tree.get("state_dict", tree) if isinstance(tree, dict) else {}
    return {
        name: value for name, value in tree.items() if isinstance(value, Tensor) and value.dtype in DTYPES
    }
