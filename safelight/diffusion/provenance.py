"""Whose code makes a model: ours, whose version every kept state names, or a plugin's, which may change."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from safelight.diffusion import family, variant
from safelight.diffusion.handle import SAMPLING_KINDS, Handle

PROCESS = os.urandom(16).hex()
"""Stands for code that is not ours: it does not change while this process lasts."""


def version(handles: Iterable[Handle]) -> str:
    """What the making of these models depends on beside their handles: nothing if it is ours alone."""
    return "" if all(map(_ours, handles)) else PROCESS


def _ours(handle: Handle) -> bool:
    others = [patch.other for patch in handle.patches if patch.other is not None]
    return all(map(_is_ours, _makers(handle))) and all(map(_ours, others))


def _makers(handle: Handle) -> Iterator[Callable[..., Any] | None]:
    yield family.find(handle.source.family).load
    for patch in handle.patches:
        if patch.kind not in SAMPLING_KINDS:
            yield variant.TENSORS.get(patch.kind) or variant.NETWORKS.get(patch.kind)


def _is_ours(function: Callable[..., Any] | None) -> bool:
    package = __name__.rpartition(".")[0]
    return getattr(function, "__module__", "").startswith(f"{package}.")
