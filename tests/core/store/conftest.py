"""Tensors as the store sees them, and how two values are told apart to the last bit."""

from __future__ import annotations

from math import copysign, isnan
from typing import Any

import pytest
import torch

from safelight.core.store.codec import Codec
from safelight.tensor import TorchFormat


@pytest.fixture
def codec() -> Codec:
    """A codec that can store tensors."""
    return Codec(tensors=TorchFormat())


def identical(one: Any, other: Any) -> bool:
    """Whether two values are the same: types, signs of zero, NaN and the bits of tensors included."""
    if type(one) is not type(other):
        return False
    match one:
        case torch.Tensor():
            same = one.dtype == other.dtype and one.shape == other.shape
            return same and torch.equal(_bits(one), _bits(other))
        case float():
            return (isnan(one) and isnan(other)) or (one == other and copysign(1, one) == copysign(1, other))
        case list() | tuple():
            return len(one) == len(other) and all(map(identical, one, other))
        case dict():
            return identical(list(one), list(other)) and identical(list(one.values()), list(other.values()))
    return bool(one == other)


def _bits(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.contiguous().reshape(-1).view(torch.uint8)


@pytest.fixture(scope="session")
def same() -> Any:
    """The function that compares two values exactly."""
    return identical
