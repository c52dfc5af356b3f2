"""Fingerprints: a hash of tensors and plain values, to tell whether two runs depend on the same things."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor


def fingerprint(value: object) -> str:
    """A hash of tensors, numbers, strings and None, in any nesting, and of what has a `key`.

    `TypeError` for anything else: a run that depends on it cannot be told from another.
    """
    sha = hashlib.sha256()
    _feed(sha, value)
    return sha.hexdigest()


def _feed(sha: Any, value: object) -> None:
    """Add a value to a hash, each with its kind and length before it."""
    match value:
        case Tensor():
            data = value.detach().cpu().contiguous()
            sha.update(f"tensor {data.dtype} {tuple(data.shape)} ".encode())
            sha.update(data.reshape(-1).view(torch.uint8).numpy())
        case Mapping():
            sha.update(f"mapping {len(value)} ".encode())
            for name in sorted(value, key=repr):
                _feed(sha, name)
                _feed(sha, value[name])
        case list() | tuple():
            sha.update(f"sequence {len(value)} ".encode())
            for item in value:
                _feed(sha, item)
        case None | bool() | int() | float() | str():
            text = repr(value)
            sha.update(f"{type(value).__name__} {len(text)} {text} ".encode())
        case _ if isinstance(key := getattr(value, "key", None), str):
            _feed(sha, key)
        case _:
            raise TypeError(f"cannot take a fingerprint of a {type(value).__name__}")
