"""A small registry with the node types that the files beside it use, and pictures made by hand."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import pytest

from safelight import (
    Choice,
    Clip,
    Conditioning,
    File,
    Image,
    Latent,
    Lazy,
    Many,
    Mask,
    Model,
    Number,
    Registry,
    Seed,
    Text,
    Toggle,
    Vae,
    node,
)
from safelight.core.spec import InputSpec, NodeSpec, OutputSpec

FILES = Path(__file__).parent / "files"
Side = Annotated[int, Number(min=16, max=16384, step=8)]


class Checkpoint(NamedTuple):
    MODEL: Model
    CLIP: Clip
    VAE: Vae


@node("CheckpointLoaderSimple", category="test")
def load_checkpoint(*, ckpt_name: Annotated[str, File("checkpoints")]) -> Checkpoint: ...


@node("CLIPTextEncode", category="test")
def encode_text(
    *, text: Annotated[str, Text(multiline=True, dynamic_prompts=True)], clip: Clip
) -> Conditioning: ...


@node("EmptyLatentImage", category="test")
def empty_latent(
    *, width: Side = 512, height: Side = 512, batch_size: Annotated[int, Number(min=1, max=4096)] = 1
) -> Latent: ...


@node("KSampler", category="test", title="Sampler", aliases=("denoise",))
def sample(
    *,
    model: Model,
    seed: Annotated[int, Seed()] = 0,
    steps: Annotated[int, Number(min=1, max=10000, tip="How many.")] = 20,
    cfg: Annotated[float, Number(min=0.0, max=100.0, step=0.1, round=0.01)] = 8.0,
    sampler_name: Literal["euler", "heun", "dpmpp_2m"] = "euler",
    scheduler: Literal["normal", "karras"] = "normal",
    positive: Conditioning,
    negative: Conditioning,
    latent_image: Latent,
    denoise: Annotated[float, Number(min=0.0, max=1.0)] = 1.0,
) -> Latent:
    """Denoise a latent with the model, step by step."""


@node("VAEDecode", category="test")
def decode(*, samples: Latent, vae: Vae) -> Image: ...


@node("SaveImage", category="test", effect=True)
def save(*, images: Image, filename_prefix: str = "ComfyUI") -> None: ...


@node("PreviewImage", category="test", effect=True)
def preview(*, images: Image) -> None: ...


@node("ImageInvert", category="test")
def invert(*, image: Image) -> Image: ...


@node("LatentUpscaleBy", category="test")
def upscale(
    *, samples: Latent, upscale_method: Literal["bilinear", "bislerp"] = "bilinear", scale_by: float = 1.5
) -> Latent: ...


@node("ImageScale", category="test")
def scale(*, image: Image, width: Annotated[int, Number(min=0, max=16384, step=1)] = 512) -> Image: ...


@node("LoadImage", category="test")
def load_image(*, image: Annotated[str, File("input", upload="image")], tidy: bool = True) -> Image: ...


@node("Options", category="test", deprecated="Use Switch.", experimental=True)
async def options(
    *,
    mask: Mask | None = None,
    style: Annotated[str, Choice(of=("oil\\thick", "ink"), control=True)],
    upside: Annotated[bool, Toggle(on="up", off="down")] = False,
    caption: str | None = None,
    weight: float = 1.0,
    extras: Many[Image] | None = None,
    later: Lazy[Image] | None = None,
) -> Many[Image]: ...


def by_hand() -> NodeSpec:
    """As a ComfyUI class gives it: two inputs take links only, although their types are widgets'."""
    inputs = (
        InputSpec("text", "STRING", raw={"forceInput": True}),
        InputSpec("seed", "INT", Number(integer=True), 0),
        InputSpec("amount", "FLOAT", default=0.5, raw={"forceInput": True}),
        InputSpec("strength", "FLOAT", Number(), 1.0),
    )
    return NodeSpec("Forced", lambda **_: None, inputs, (OutputSpec("IMAGE", "IMAGE"),))


TYPES = (
    load_checkpoint,
    encode_text,
    empty_latent,
    sample,
    decode,
    save,
    preview,
    invert,
    upscale,
    scale,
    load_image,
    options,
)


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry([*(function.spec for function in TYPES), by_hand()])


@pytest.fixture(scope="session")
def file() -> Callable[[str], Path]:
    return lambda name: FILES / name


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.fixture(scope="session")
def picture() -> Callable[..., bytes]:
    """A 1 x 1 PNG with text chunks: `picture((b"tEXt", b"workflow\\0{}"), ...)`."""

    def make(*texts: tuple[bytes, bytes], after: tuple[tuple[bytes, bytes], ...] = ()) -> bytes:
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
        before = b"".join(chunk(kind, data) for kind, data in texts)
        late = b"".join(chunk(kind, data) for kind, data in after)
        return b"\x89PNG\r\n\x1a\n" + head + before + pixels + late + chunk(b"IEND", b"")

    return make


def same(left: Any, right: Any) -> bool:
    """Equal, also in the kinds of numbers: 1 is not 1.0, nor True."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


@pytest.fixture(scope="session")
def identical() -> Callable[[Any, Any], bool]:
    return same
