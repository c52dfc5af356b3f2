"""Files of films and sounds, opened by PyAV: an optional part of this program (`safelight[video]`).

A file is given as bytes, never as an address, and only kinds of files are known that hold what they show
themselves: a playlist would make its reader open what it names.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from safelight.diffusion import claim, draft
from safelight.diffusion.failure import MediaError, UnsupportedError

KINDS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif,apng,webp,mpegts,mpeg,flv,ogg,asf,mp3,flac,wav,w64,aac,"
    "aiff,au,caf,ac3,amr,ape,wv,tta"
)
"""The readers that are asked, by FFmpeg's names. None of them opens another file."""
PIXELS_MAX = 2**27
"""Pixels of one frame that are decoded: 8192 x 16384."""
SIDE_MAX = 16384
OTHER_FILE = "Choose another file."
T = TypeVar("T")
END: Any = object()


def imported() -> Any:
    """The module `av`; `UnsupportedError` says how to get it where it is not installed."""
    if find_spec("av") is None:
        raise UnsupportedError(
            "Films and sounds need the package av (PyAV), which is not installed",
            "Install it: pip install safelight[video]",
        )
    os.environ.setdefault(
        "SVT_LOG", "1"
    )  # errors alone, of the AV1 encoder, which else tells its whole setup
    import av

    return av


@contextmanager
def opened(file: str | BytesIO) -> Iterator[Any]:
    """A film or sound to read, by way of `reading`. Raises MediaError if the file is neither."""
    av = imported()
    name = name_of(file)
    with _stream(file, name) as stream:
        claim.check(stream, name)
        options = {"format_whitelist": KINDS, "max_pixels": str(PIXELS_MAX)}
        with told(name):
            found = av.open(stream, options=options, metadata_errors="replace")
        with found:
            yield found


def _stream(file: str | BytesIO, name: str) -> BinaryIO:
    if isinstance(file, BytesIO):
        return BytesIO(file.getvalue())
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise MediaError(f"{name} cannot be read ({error.strerror or error})", OTHER_FILE) from error


def reading(items: Iterator[T], name: str) -> Iterator[T]:
    """The packets or frames of an opened file; MediaError where it is damaged."""
    while True:
        with told(name):
            item = next(items, END)
        if item is END:
            return
        yield item


@contextmanager
def told(name: str) -> Iterator[None]:
    """Tell what FFmpeg says of a file in words that name it."""
    av = imported()
    try:
        yield
    except (av.error.DecoderNotFoundError, av.codec.codec.UnknownCodecError) as error:
        raise MediaError(f"{name} is coded in a way that is not known here", OTHER_FILE) from error
    except (av.error.FFmpegError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise MediaError(
            f"{name} cannot be read: it is damaged, or no film or sound ({why})", OTHER_FILE
        ) from error


def name_of(file: str | BytesIO) -> str:
    """How messages call a file."""
    return "the film in memory" if isinstance(file, BytesIO) else Path(file).name


def film_stream(found: Any, name: str) -> Any:
    """The pictures of an opened film. Raises MediaError if it has none, or larger ones than can be shown."""
    streams = [one for one in found.streams.video if not _is_cover(one)]
    if not streams:
        raise MediaError(f"{name} has no pictures, so it is no film", "Load it with Load Audio.")
    context = streams[0].codec_context
    if context is None:
        raise MediaError(f"{name} is coded in a way that is not known here", OTHER_FILE)
    width, height = context.width, context.height
    if not (0 < width <= SIDE_MAX and 0 < height <= SIDE_MAX and width * height <= PIXELS_MAX):
        raise MediaError(
            f"{name} says that its pictures are {width} x {height} pixels large",
            f"Choose a film of at most {SIDE_MAX} pixels a side.",
        )
    context.options = {**(context.options or {}), "max_pixels": str(PIXELS_MAX)}
    streams[0].thread_type = "AUTO"
    return streams[0]


def _is_cover(stream: Any) -> bool:
    """Whether a stream is one picture that stands for a sound."""
    return "attached_pic" in str(stream.disposition).lower()


@contextmanager
def drafted(path: Path) -> Iterator[Path]:
    """A name beside `path` to write to; it takes its place when all is written, else nothing of it stays."""
    av = imported()
    try:
        with draft.beside(path) as part:
            yield part
            if not part.exists():  # encoders that were given too little to begin with
                raise MediaError(f"{path} would hold nothing", "Give it a longer film or sound.")
    except (OSError, av.error.FFmpegError) as error:
        why, remedy = getattr(error, "strerror", None) or error, "Free some space, or choose another folder."
        if not isinstance(error, OSError):  # what the encoder says of what it is given
            remedy = "Its encoder does not take this size, rate or quality: choose another, or another codec."
        raise MediaError(f"{path} cannot be written ({why})", remedy) from error
