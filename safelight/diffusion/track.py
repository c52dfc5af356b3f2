"""Sound files: read as they are, and written as FLAC, MP3 or Opus that carry their workflow."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from torch import Tensor

from safelight.diffusion.container import drafted, imported, name_of
from safelight.diffusion.failure import MediaError, UnsupportedError
from safelight.diffusion.film import Check, FilmFile, Sound, unchecked

LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}
"""How channels are placed, by their number."""
FORMATS = {"flac": ("flac", "flac"), "mp3": ("mp3", "libmp3lame"), "opus": ("opus", "libopus")}
"""By ending, FFmpeg's names for the kind of file and for the encoder."""
OPUS_MAX = 256
"""Thousand bits a second that Opus gives to each channel at most."""
PIECE = 2**16
"""Samples that are written at once."""


def load(path: Path, check: Check = unchecked) -> Sound:
    """The sound of a sound file or of a film, at its own rate."""
    from safelight.diffusion import playback

    sound = playback.sound(FilmFile(str(path)), check)
    if sound is None:
        raise MediaError(f"{name_of(str(path))} has no sound", "Choose a file with sound.")
    return sound


def save(
    wave: Tensor,
    rate: int,
    path: Path,
    *,
    quality: str = "",
    texts: Mapping[str, str] | None = None,
    progress: Any = None,
) -> None:
    """Write a sound [C, T] as the kind of file that the path's ending says; it appears whole or not at all.

    FLAC has 16 bits. `quality` is `V0` (a rate that follows the sound) or bits a second, as `128k`.
    """
    container, codec = FORMATS[path.suffix[1:]]
    channels = int(wave.shape[0])
    most = 2 if codec == "libmp3lame" else 6
    if channels not in LAYOUTS or channels > most:
        raise UnsupportedError(f"{channels} channels cannot be saved as {container}", "Split the channels.")
    _check(wave, codec, quality)
    with drafted(path) as draft, _out(draft, container) as out:
        out.metadata.update(texts or {})
        stream = out.add_stream(
            codec, rate=rate_for(codec, rate), layout=LAYOUTS[channels], options=_options(quality)
        )
        if codec == "flac":
            stream.format = "s16"
        if quality.endswith("k"):
            stream.bit_rate = int(quality[:-1]) * 1000
        stream.codec_context.flags |= imported().codec.context.Flags.bitexact
        levels = wave.detach().float().cpu().nan_to_num(0.0).clamp(-1, 1).contiguous().numpy()
        for place in range(0, levels.shape[1], PIECE):
            piece = levels[:, place : place + PIECE].copy()
            frame = imported().AudioFrame.from_ndarray(piece, format="fltp", layout=LAYOUTS[channels])
            frame.sample_rate, frame.pts, frame.time_base = rate, place, Fraction(1, rate)
            out.mux(stream.encode(frame))
            if progress is not None:
                progress(min(place + PIECE, levels.shape[1]), levels.shape[1])
        out.mux(stream.encode())


def _check(wave: Tensor, codec: str, quality: str) -> None:
    """Refuse what gives no file, or what the encoder would refuse without a reason."""
    channels, samples = wave.shape
    if not samples:
        raise UnsupportedError(
            "The sound has no length, so there is nothing to save", "Give it a longer one."
        )
    if codec == "libopus" and quality.endswith("k") and int(quality[:-1]) > OPUS_MAX * channels:
        problem = f"Opus has no {quality} for {channels} channel{'s' * (channels > 1)}"
        raise UnsupportedError(problem, f"Choose a quality of at most {OPUS_MAX * channels}k.")


def _out(draft: Path, container: str) -> Any:
    return imported().open(str(draft), "w", format=container, options={"fflags": "+bitexact"})


def _options(quality: str) -> dict[str, str]:
    return {"q": "0"} if quality == "V0" else {}


def rate_for(codec: str, rate: int) -> int:
    """The rate at which an encoder takes a sound: its own if it can, else the next higher, or the highest."""
    rates = imported().codec.Codec(codec, "w").audio_rates
    if not rates or rate in rates:
        return rate
    return min((one for one in rates if one >= rate), default=max(rates))
