"""Textual inversions: files of token vectors that a prompt names (Gal et al. 2022, arXiv:2208.01618)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from safelight.diffusion.failure import ModelFileError
from safelight.diffusion.header import refuse_pickle

Find = Callable[[str], Path | None]
"""From the name of a textual inversion to its file."""

ENDINGS = ("", ".safetensors", ".pt", ".bin")
"""What may follow the name that a prompt gives to a textual inversion; pickles are found to be refused."""


def find(embeddings: Find, name: str) -> Path | None:
    """The file of a textual inversion, whose name may be said with or without its ending."""
    names = (name + ending for ending in ENDINGS) if name else ()
    return next((path for path in map(embeddings, names) if path), None)


def read(path: Path, name: str) -> Tensor:
    """The vectors [N, D] of a textual-inversion file for the encoder of this name (`clip_l`, `clip_g`)."""
    with path.open("rb") as file:
        refuse_pickle(path, file.read(8))
    try:
        tensors = load_file(path)
    except SafetensorError as error:
        raise ModelFileError(
            f"The embedding {path.name} cannot be read ({error})", "Download it again."
        ) from error
    if not tensors:
        raise ModelFileError(f"The embedding {path.name} is empty", "Download it again.")
    vectors = tensors.get(name, next(iter(tensors.values())))
    return vectors.reshape(-1, vectors.shape[-1]).float()
