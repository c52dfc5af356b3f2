"""The texts in a safetensors file (models, `.latent`): its `__metadata__`.

https://huggingface.co/docs/safetensors: eight bytes of length, then JSON.
"""

from __future__ import annotations

import json
from typing import BinaryIO

from safelight.compat.media.text import Texts


def read(stream: BinaryIO, texts: Texts) -> None:
    """Add the texts of a safetensors file."""
    length = int.from_bytes(stream.read(8), "little")
    tree = json.loads(texts.take(stream, length))
    metadata = tree.get("__metadata__") if isinstance(tree, dict) else None
    for key, value in metadata.items() if isinstance(metadata, dict) else ():
        if isinstance(value, str):
            texts.add(key, value)
