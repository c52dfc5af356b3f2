"""Picture: smaller, in another format, or some of its channels. Pillow is imported when it is needed.

Pictures are unpacked in the server's own process, so how many at once and how large they may be is bounded.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from server.answer import Refused

if TYPE_CHECKING:
    from PIL.Image import Image

T = TypeVar("T")
PIXELS_MAX = 2**27
"""Pixels of the largest picture that is changed here: unpacked, these are 512 MiB."""
SHOWN_MAX = 2**26
"""Pixels of the largest picture that is packed anew only to be shown."""
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
"""What is opened here, as pillow names it: what folders offer as pictures, and none of its rarer readers."""
REDUCED = (2, 4, 8)
"""By how much a JPEG can be reduced while it is unpacked, which costs less than unpacking it whole."""
LONGEST = {"webp": 16_383, "jpeg": 65_500}
"""Pixels that a side may have in these formats."""
THUMBNAIL = 512
PAINTERS = ThreadPoolExecutor(2, thread_name_prefix="picture")


class TooLarge(Refused):
    """A picture has more pixels than are unpacked here."""

    def __init__(self, name: str, image: Image, most: int) -> None:
        problem = f"{name} has {image.width} x {image.height} pixels"
        super().__init__(
            413,
            "too_large",
            problem,
            f"At most {most // 2**20} Mi pixels can be changed: ask for it as it is.",
        )


async def beside(function: Callable[..., T], *args: Any) -> T:
    """Do what unpacks pictures beside the loop, two at a time; others wait for their turn."""
    return await asyncio.get_running_loop().run_in_executor(PAINTERS, function, *args)


def opened(path: Path, *, name: str = "", most: int | None = None, reduced: bool = False) -> Image:
    """A picture, read whole; Refused with 415 if it is none that can be read, TooLarge beyond `most` pixels.

    `name` is what it is called to whoever asks. With `reduced`, a JPEG that is too large is read smaller.
    """
    from PIL import Image

    name, most = name or path.name, most or PIXELS_MAX
    Image.MAX_IMAGE_PIXELS = None  # the bound is `most`: pillow's would take what is larger for no picture
    try:
        with path.open("rb") as stream:
            image: Image.Image = Image.open(stream, formats=FORMATS)
            if reduced:
                _reduce(image, most)
            if image.width * image.height > most:
                raise TooLarge(name, image, most)
            image.load()
    except (OSError, ValueError, SyntaxError, MemoryError) as error:
        raise Refused(415, "no_picture", f"{name} is not a picture that can be read") from error
    return image


def _reduce(image: Image, most: int) -> None:
    """Have a picture that knows how be read as small as is needed, and no smaller."""
    width, height = image.size
    fitting = (by for by in REDUCED if (width // by + 1) * (height // by + 1) <= most)
    if width * height > most and (by := next(fitting, None)) is not None:
        image.draft(None, (width // by, height // by))


def smaller(path: Path, format: str, quality: int) -> bytes:
    """A picture in a format that is quick to send: `webp` or `jpeg`."""
    image = opened(path, most=SHOWN_MAX, reduced=True)
    if max(image.size) > LONGEST[format]:
        raise TooLarge(path.name, image, SHOWN_MAX)
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
    image = opened(path, most=SHOWN_MAX, reduced=True)
    image.thumbnail((THUMBNAIL, THUMBNAIL))
    return packed(image, "webp", quality=85)


def masked(original: Path, mask: Path, name: str) -> bytes:
    """The original with the alpha channel of a picture called `name`, as PNG that keeps its own texts."""
    from PIL.PngImagePlugin import PngInfo

    image = opened(original)
    texts = PngInfo()
    for key, text in getattr(image, "text", {}).items():
        texts.add_text(key, text)
    colour = image.convert("RGBA")
    colour.putalpha(opened(mask, name=name).convert("RGBA").getchannel("A").resize(colour.size))
    return packed(colour, "png", compress_level=4, pnginfo=texts)


def packed(image: Image, format: str, **options: Any) -> bytes:
    """The bytes of a picture file."""
    if image.mode not in ("RGB", "RGBA", "L"):
        image = image.convert("RGBA" if "A" in image.getbands() else "RGB")
    out = BytesIO()
    image.save(out, format, **options)
    return out.getvalue()
