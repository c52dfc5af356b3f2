"""A network whose inside is changed while it is asked: what packs put at places inside of a UNet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from torch import Tensor

from safelight.compat.shims.absent import refusal
from safelight.compat.shims.module.patched import attention, block
from safelight.compat.shims.module.patched.place import places

PATCHES = attention.PATCHES | block.PATCHES
"""Kinds of patches that are heeded; each is called at every place of its kind."""


def unheeded(options: Mapping[str, Any]) -> str | None:
    """The first kind of patch in a model's transformer options that cannot be heeded."""
    odd = [kind for kind, given in options.get("patches", {}).items() if given and kind not in PATCHES]
    if odd:
        return f"transformer_options['patches']['{odd[0]}']"
    odd = [
        kind
        for kind, given in options.get("patches_replace", {}).items()
        if given and kind not in attention.REPLACED
    ]
    return f"transformer_options['patches_replace']['{odd[0]}']" if odd else None


def is_patched(options: Mapping[str, Any]) -> bool:
    """Whether there is anything to put inside of a network."""
    return any(any(options.get(kind, {}).values()) for kind in ("patches", "patches_replace"))


@contextmanager
def patched(network: Any, options: Mapping[str, Any], x: Tensor) -> Iterator[None]:
    """While open, the network is changed as the options say; `x` is what it is asked about."""
    if not is_patched(options):
        yield
        return
    why = unheeded(options)
    unet = getattr(network, "module", None)
    if why is not None or not hasattr(unet, "down_blocks"):
        raise refusal(why or "patches inside of a model that is no UNet")
    said = {**options, "original_shape": list(x.shape)}
    with ExitStack() as changes:
        for part, place in places(unet):
            changes.enter_context(attention.changed(part, place, said))
        changes.enter_context(block.changed(unet, said))
        yield
