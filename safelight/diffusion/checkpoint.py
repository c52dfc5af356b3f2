"""From a model file to handles: what it is and which parts it has. Reads headers and configs, no weights."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from safelight.diffusion import detect, header, single
from safelight.diffusion.builtin import builtin
from safelight.diffusion.folder import Folder
from safelight.diffusion.handle import ClipHandle, ModelHandle, Source, VaeHandle

__all__ = ["Checkpoint", "builtin", "load"]


class Checkpoint(NamedTuple):
    """What a model file gives: the network, and the text encoder and VAE if it has them."""

    model: ModelHandle
    clip: ClipHandle | None
    vae: VaeHandle | None


def load(path: Path, digest: str, allow_pickle: bool = False) -> Checkpoint:
    """The handles for a diffusers folder or an original-layout `.safetensors` file with this sha256.

    Raises `ModelFileError` when it is missing, cut short, a pickle (unless allowed), or of no known family.
    """
    if path.is_dir():
        return _checkpoint(path, digest, "folder", "diffusers", Folder(path).parts())
    layout = "pickle" if allow_pickle and header.is_pickle(path) else "original"
    family = detect.detect(header.read(path, allow_pickle))
    return _checkpoint(path, digest, family, layout, single.SingleFile(path, family, allow_pickle).parts())


def _checkpoint(path: Path, digest: str, family: str, layout: str, parts: set[str]) -> Checkpoint:
    def source(part: str) -> Source:
        return Source(str(path), digest, family, layout, part)

    return Checkpoint(
        ModelHandle(source("unet")),
        ClipHandle(source("clip")) if "clip" in parts else None,
        VaeHandle(source("vae")) if "vae" in parts else None,
    )
