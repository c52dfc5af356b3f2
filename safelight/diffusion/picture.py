"""Picture files: reading them into IMAGE and MASK, writing PNGs that carry their workflow, contact sheets.

IMAGE is float32 [B, H, W, C] in 0..1; MASK is [B, H, W], 1 where a picture is transparent. Eight-bit
pictures are read and written bit for bit as ComfyUI does.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy
import torch
from PIL import Image, ImageDraw, ImageFont, ImageOps, ImageSequence, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo
from torch import Tensor

from safelight.diffusion import draft
from safelight.diffusion.channel import coloured
from safelight.diffusion.failure import PictureError

CHANNELS = {"red": "R", "green": "G", "blue": "B", "alpha": "A"}
NO_MASK = (64, 64)
"""The size of the empty mask of a picture without transparency, as it always was in ComfyUI."""

LABEL = 18
"""The height in pixels of a label's line on a contact sheet."""


def load(path: Path) -> tuple[Tensor, Tensor]:
    """The frames of a picture file [B, H, W, 3], turned upright, and their masks [B, H, W].

    Frames of another size than the first are left out. Without transparency the masks are 64 x 64 and empty.
    """
    with _opened(path) as file:
        frames = [file] if file.format == "MPO" else ImageSequence.Iterator(file)
        upright = [ImageOps.exif_transpose(frame) for frame in frames]
        alike = [frame for frame in upright if frame.size == upright[0].size]
        pixels = torch.stack([_pixels(frame) for frame in alike])
        masks = [_transparency(frame) for frame in alike]
    if any(mask is None for mask in masks):
        return pixels, torch.zeros(len(alike), *NO_MASK)
    return pixels, torch.stack([mask for mask in masks if mask is not None])


def load_mask(path: Path, channel: str) -> Tensor:
    """One channel (`red`, `green`, `blue` or `alpha`) of a picture as a mask [1, H, W]; alpha is inverted."""
    with _opened(path) as file:
        picture = ImageOps.exif_transpose(file)
        if CHANNELS[channel] == "A":
            mask = _transparency(picture)
            return torch.zeros(1, picture.height, picture.width) if mask is None else mask[None]
        return _pixels(picture)[None, ..., "RGB".index(CHANNELS[channel])].contiguous()


def painted(below: Tensor, path: Path | None) -> tuple[Tensor, Tensor]:
    """A picture [1, H, W, C] with a file's colours laid over it by its alpha, and that alpha [1, H, W].

    The file is brought to the picture's size; None leaves the picture as it is.
    """
    height, width = below.shape[1:3]
    if path is None:
        return below, torch.zeros(1, height, width)
    with _opened(path) as file:
        above = file.convert("RGBA")
    if above.size != (width, height):
        above = above.resize((width, height), Image.Resampling.LANCZOS)
    pixels = torch.from_numpy(numpy.asarray(above).astype(numpy.float32) / 255)[None]
    ground = coloured(below).float().cpu()
    return torch.lerp(ground, pixels[..., :3], pixels[..., 3:]), pixels[..., 3]


def size(path: Path) -> tuple[int, int]:
    """Width and height of a picture as it is stored, without decoding it."""
    with _opened(path) as file:
        return file.size


def save(
    image: Tensor,
    path: Path,
    *,
    prompt: Any = None,
    workflow: Any = None,
    extra: Mapping[str, Any] | None = None,
    compress: int = 4,
) -> None:
    """Write a picture [H, W, C] as PNG with JSON text chunks `prompt`, `workflow` and those of `extra`.

    It appears whole or not at all. Levels are cut, not rounded, to 8 bits.
    """
    texts = {"prompt": prompt, "workflow": workflow, **(extra or {})}
    info = PngInfo()
    for name, value in texts.items():
        if value is not None:
            info.add_text(name, json.dumps(value))
    with written(path) as file:
        to_pillow(image).save(file, format="PNG", pnginfo=info, compress_level=compress)


def encoded(image: Tensor, compress: int = 1) -> bytes:
    """A picture [H, W, C] as the bytes of a PNG file that holds nothing else."""
    file = io.BytesIO()
    to_pillow(image).save(file, format="PNG", compress_level=compress)
    return file.getvalue()


def to_pillow(image: Tensor) -> Image.Image:
    """A picture [H, W, C] with 1, 3 or 4 channels (or a mask [H, W]) as 8-bit levels."""
    levels = (image.detach().float().cpu() * 255).nan_to_num(0.0).clamp(0, 255).numpy().astype(numpy.uint8)
    return Image.fromarray(levels.squeeze(-1) if levels.ndim == 3 and levels.shape[-1] == 1 else levels)


def from_pillow(picture: Image.Image) -> Tensor:
    """A Pillow picture as [H, W, 3] in 0..1."""
    return _pixels(picture)


def grid(images: Sequence[Tensor], columns: int = 0, labels: Sequence[str] = (), gap: int = 4) -> Tensor:
    """A contact sheet [1, H, W, 3] of pictures [H, W, C], row by row, with a label above each that has one.

    0 columns make it about square. Pictures of other sizes than the largest are centred in their cell.
    """
    if not len(images):
        raise PictureError("A contact sheet of no pictures cannot be made", "Give it one picture at least.")
    pictures = [to_pillow(image).convert("RGB") for image in images]
    columns = min(columns or int(numpy.ceil(len(pictures) ** 0.5)), len(pictures))
    line = LABEL if any(labels) else 0
    width, height = max(p.width for p in pictures), max(p.height for p in pictures)
    rows = -(-len(pictures) // columns)
    across, down = width + gap, height + line + gap
    sheet = Image.new("RGB", (columns * across + gap, rows * down + gap), "white")
    for number, (picture, label) in enumerate(zip_longest(pictures, labels[: len(pictures)], fillvalue="")):
        x, y = gap + number % columns * across, gap + number // columns * down
        _write_label(sheet, (x, y), str(label), width)
        sheet.paste(picture, (x + (width - picture.width) // 2, y + line + (height - picture.height) // 2))
    return from_pillow(sheet)[None]


def _write_label(sheet: Image.Image, place: tuple[int, int], label: str, width: int) -> None:
    """A line of text, shortened until it fits."""
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(LABEL - 6)
    text = label
    while text and draw.textlength(text, font=font) > width:
        label = label[:-1]
        text = label + "…" if label else ""
    draw.text(place, text, fill="black", font=font)


def _pixels(picture: Image.Image) -> Tensor:
    if picture.mode.startswith("I"):  # 16 bits a pixel, which Pillow would cut to 8
        levels = numpy.asarray(picture).astype(numpy.float32) / 65535
        return torch.from_numpy(levels).clamp(0, 1)[..., None].repeat(1, 1, 3)
    if picture.mode == "P":  # by way of RGBA, which knows more kinds of transparency
        picture = picture.convert("RGBA")
    return torch.from_numpy(numpy.asarray(picture.convert("RGB")).astype(numpy.float32) / 255)


def _transparency(picture: Image.Image) -> Tensor | None:
    if picture.mode == "P" and "transparency" in picture.info:
        picture = picture.convert("RGBA")
    if "A" not in picture.getbands():
        return None
    return 1 - torch.from_numpy(numpy.asarray(picture.getchannel("A")).astype(numpy.float32) / 255)


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    try:
        with Image.open(path) as file:
            yield file
    except FileNotFoundError:
        raise PictureError(f"There is no picture at {path}", "Choose another file.") from None
    except UnidentifiedImageError:
        raise PictureError(f"{path.name} is not a picture that can be read", "Choose another file.") from None
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureError(f"{path.name} cannot be read ({error})", "Choose another file.") from error


@contextmanager
def written(path: Path) -> Iterator[Any]:
    """A file that takes its place when it is complete; nothing of it stays if anything fails."""
    try:
        with draft.beside(path) as part, part.open("xb") as file:
            yield file
    except OSError as error:
        raise PictureError(
            f"{path} cannot be written ({error.strerror or error})",
            "Free some space, or choose another folder.",
        ) from error
