"""Picture files of more than 8 bits a colour, which Pillow does not write: PNG of 16 bits, OpenEXR of 32."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy
from torch import Tensor

from safelight.diffusion.picture import written

PNG_KINDS = {1: 0, 3: 2, 4: 6}
"""PNG's colour types by the number of channels: grey, colour, colour with alpha."""
EXR_NAMES = {1: "Y", 3: "RGB", 4: "RGBA"}
EXR_FLOAT = 2
"""OpenEXR's number for 32-bit floating point."""


def save_png(image: Tensor, path: Path, **texts: Any) -> None:
    """Write a picture [H, W, C] as a PNG of 16 bits, with JSON text chunks for what is not None."""
    height, width, channels = image.shape
    levels = (image.detach().float().cpu().nan_to_num(0.0).clamp(0, 1) * 65535).round().numpy()
    rows = levels.astype(">u2").reshape(height, -1)
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    with written(path) as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        _chunk(file, b"IHDR", struct.pack(">IIBBBBB", width, height, 16, PNG_KINDS[channels], 0, 0, 0))
        for name, value in texts.items():
            if value is not None:
                _chunk(file, b"tEXt", name.encode() + b"\0" + json.dumps(value).encode())
        _chunk(file, b"IDAT", zlib.compress(raw, 6))
        _chunk(file, b"IEND", b"")


def _chunk(file: Any, kind: bytes, body: bytes) -> None:
    file.write(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)))


def save_exr(image: Tensor, path: Path, **texts: Any) -> None:
    """Write amounts of light [H, W, C] as an OpenEXR of scan lines, uncompressed.

    Its header has a text attribute for each of `texts` that is not None.
    """
    pixels = image.detach().float().cpu().numpy()
    height, width, channels = pixels.shape
    names = EXR_NAMES[channels]
    order = sorted(range(channels), key=lambda channel: names[channel])  # a file has them by name
    header = _header(width, height, [names[channel] for channel in order], texts)
    length = width * channels * 4
    first = len(header) + 8 * height
    with written(path) as file:
        file.write(header)
        file.write(struct.pack(f"<{height}Q", *(first + row * (8 + length) for row in range(height))))
        for row, line in enumerate(pixels):
            body = numpy.ascontiguousarray(line[:, order].T).astype("<f4").tobytes()
            file.write(struct.pack("<ii", row, length) + body)


def _header(width: int, height: int, names: list[str], texts: Mapping[str, Any]) -> bytes:
    channels = b"".join(name.encode() + b"\0" + struct.pack("<iiii", EXR_FLOAT, 0, 1, 1) for name in names)
    window = struct.pack("<iiii", 0, 0, width - 1, height - 1)
    fields = [
        ("channels", "chlist", channels + b"\0"),
        ("compression", "compression", b"\0"),
        ("dataWindow", "box2i", window),
        ("displayWindow", "box2i", window),
        ("lineOrder", "lineOrder", b"\0"),
        ("pixelAspectRatio", "float", struct.pack("<f", 1.0)),
        ("screenWindowCenter", "v2f", struct.pack("<ff", 0.0, 0.0)),
        ("screenWindowWidth", "float", struct.pack("<f", 1.0)),
        *((name, "string", json.dumps(one).encode()) for name, one in texts.items() if one is not None),
    ]
    parts = (
        name.encode() + b"\0" + kind.encode() + b"\0" + struct.pack("<i", len(value)) + value
        for name, kind, value in fields
    )
    return struct.pack("<ii", 20000630, 2) + b"".join(parts) + b"\0"
