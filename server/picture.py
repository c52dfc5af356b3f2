"""Picture: smaller, in another format, or some of its channels. Pillow is imported when it is needed."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server.answer import Refused

if TYPE_CHECKING:
    from PIL.Image import Image

PIXELS_MAX = 2**28
"""Pixels of the largest picture that is opened here."""
THUMBNAIL = 512


def opened(path: Path) -> Image:
    """A picture, read whole; Refused with 415 if it is none that can be read."""
    from PIL import Image

    try:
        with path.open("rb") as stream:
            image: Image.Image = Image.open(stream)
            if image.width * image.height > PIXELS_MAX:
                raise Refused(413, "too_large", "The picture has too many pixels")
            image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, MemoryError) as error:
        raise Refused(415, "no_picture", f"{path.name} is not a picture that can be read") from error
    return image


def smaller(path: Path, format: str, quality: int) -> bytes:
    """A picture in a format that is quick to send: `webp` or `jpeg`."""
    image = opened(path)
    return packed(image if format == "webp" else image.convert("RGB"), format, quality=quality)


def channel(path: Path, wanted: str) -> bytes:
    """A picture without its alpha channel (`rgb`), or that alone (`a`), as PNG."""
    from PIL import Image

    image = opened(path)
    if wanted == "rgb":
        return packed(image.convert("RGB"), "png")
    alone = Image.new("RGBA", image.size)
    alone.putalpha(image.convert("RGBA").getchannel("A"))
    return packed(alone, "png")


def thumbnail(path: Path) -> bytes:
    """A small WEBP of a picture."""
    image = opened(path)
    image.thumbnail((THUMBNAIL, THUMBNAIL))
    return packed(image, "webp", quality=85)


def masked(original: Path, mask: Path) -> bytes:
    """The original with the alpha channel of another picture, as PNG that keeps the original's texts."""
    from PIL.PngImagePlugin import PngInfo

    image = opened(original)
    texts = PngInfo()
    for name, text in getattr(image, "text", {}).items():
        texts.add_text(name, text)
    colour = image.convert("RGBA")
    colour.putalpha(opened(mask).convert("RGBA").getchannel("A").resize(colour.size))
    return packed(colour, "png", compress_level=4, pnginfo=texts)


def packed(image: Image, format: str, **options: Any) -> bytes:
    """The bytes of a picture file."""
    if image.mode not in ("RGB", "RGBA", "L"):
        image = image.convert("RGBA" if "A" in image.getbands() else "RGB")
    out = BytesIO()
    image.save(out, format, **options)
    return out.getvalue()
