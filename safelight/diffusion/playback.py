"""Playing films: frames and sound of a file, one by one in their order, so that few are in memory at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from math import ceil, inf
from typing import Any

import numpy
import torch

from safelight.diffusion import device
from safelight.diffusion.container import OTHER_FILE, film_stream, name_of, opened, reading, told
from safelight.diffusion.excerpt import follows
from safelight.diffusion.failure import MediaError
from safelight.diffusion.film import Check, Components, Facts, FilmFile, Music, unchecked

MEMORY_SHARE = 0.5
"""The part of the machine's memory that the frames of one film may take."""
RATE_MAX = 1000
SPACES = {16: "HDR PQ", 18: "HDR"}
"""What ComfyUI calls the transfer functions of ITU-T H.273."""
ALMOST = 1e-4
"""Seconds by which a moment may be missed: films count time in whole ticks."""
PIECE = 2**16
"""Samples of one piece of sound."""
MICRO = 1_000_000
CLOCK = re.compile(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)$")


def facts(film: FilmFile) -> Facts:
    """What the header says, and for the depth, the colours and how it is turned, its first frame."""
    with opened(film.file) as found:
        name = name_of(film.file)
        stream = film_stream(found, name)
        rate, whole = _rate(stream), _seconds(found, stream, film)
        first = next(reading(found.decode(stream), name), None)
        if first is None:
            raise MediaError(f"{name} has no frame that can be read", OTHER_FILE)
        width, height = (first.height, first.width) if first.rotation % 180 else (first.width, first.height)
        seconds = max(0.0, min(whole - film.start_time, film.duration or inf))
        if film.picks is not None:
            seconds = len(film.picks) / float(rate)
        return Facts(width, height, rate, seconds, _depth(first), SPACES.get(int(first.color_trc), "sRGB"))


def container(film: FilmFile) -> str:
    """The kinds of file that it is, as FFmpeg says them."""
    with opened(film.file) as found:
        return str(found.format.name)


def count(film: FilmFile) -> int:
    """How many frames there are: their packets are counted, which need not be decoded."""
    return len(film.picks) if film.picks is not None else sum(1 for _ in _shown(film))


def _shown(film: FilmFile) -> Iterator[float]:
    """When each frame of a film as it is cut by time is shown, in the order of the file."""
    end = film.start_time + film.duration if film.duration else inf
    with opened(film.file) as found:
        name = name_of(film.file)
        stream = film_stream(found, name)
        origin = _origin(stream)
        for packet in reading(found.demux(stream), name):
            if packet.size and not packet.is_discard:
                time = inf if packet.pts is None else float(packet.pts * packet.time_base) - origin
                if film.is_whole or film.start_time - ALMOST <= time < end - ALMOST:
                    yield time


def frames(film: FilmFile, check: Check = unchecked) -> Iterator[Any]:
    """The frames [H, W, 3] of a film as it is cut, of 8 bits or, where it is deeper, of 16."""
    wanted = None if film.picks is None else set(film.picks)
    last = max(wanted, default=-1) if wanted is not None else inf
    for number, frame in enumerate(_decoded(film, check)):
        if wanted is None or number in wanted:
            with told(name_of(film.file)):
                pixels = _pixels(frame)
            yield pixels
        if number >= last:
            return


def _decoded(film: FilmFile, check: Check) -> Iterator[Any]:
    name, size, done = name_of(film.file), None, 0
    end = film.start_time + film.duration if film.duration else inf
    with opened(film.file) as found:
        stream = film_stream(found, name)
        rate, origin = _rate(stream), _origin(stream)
        if film.start_time > 0:
            with told(name):
                found.seek(int((film.start_time + origin) / stream.time_base), stream=stream)
        for frame in _whole(reading(found.decode(stream), name), name):
            check()
            time = float(frame.time - origin) if frame.time is not None else done / float(rate)
            if time < film.start_time - ALMOST:
                continue
            if time >= end - ALMOST:
                return
            size = size or (frame.width, frame.height)
            if (frame.width, frame.height) != size:
                raise MediaError(
                    f"{name} changes its size after {done} frames, from {size[0]} x {size[1]} to "
                    f"{frame.width} x {frame.height}",
                    "Cut it into films of one size each.",
                )
            done += 1
            yield frame


def _whole(decoding: Iterator[Any], name: str) -> Iterator[Any]:
    """Frames, and an error at the first that is damaged."""
    for number, frame in enumerate(decoding):
        if frame.is_corrupt:
            raise MediaError(f"{name} is damaged at frame {number}", "Choose another copy of it, or trim it.")
        yield frame


def _pixels(frame: Any) -> Any:
    array = frame.to_ndarray(format="rgb48le" if _depth(frame) > 8 else "rgb24")
    turns = round(frame.rotation / 90) % 4
    return numpy.ascontiguousarray(numpy.rot90(array, turns)) if turns else array


def _depth(frame: Any) -> int:
    return 10 if max((one.bits for one in frame.format.components), default=8) > 8 else 8


def _rate(stream: Any) -> Fraction:
    rate = stream.average_rate or stream.guessed_rate or stream.base_rate
    return Fraction(rate) if rate and 0 < rate <= RATE_MAX else Fraction(25)


def _origin(stream: Any) -> float:
    """When the first frame is shown, in seconds of the file's own clock."""
    return float((stream.start_time or 0) * stream.time_base)


def _seconds(found: Any, stream: Any, film: FilmFile) -> float:
    """How long the whole film is. Where no header says it, as in what was sent live, all of it is read."""
    if stream.duration:
        return float(stream.duration * stream.time_base)
    said = CLOCK.match(stream.metadata.get("DURATION", ""))  # of Matroska, where the file lasts as its sound
    if said:
        return sum(float(part) * unit for part, unit in zip(said.groups(), (3600, 60, 1), strict=True))
    if found.duration:
        return float(found.duration / MICRO)
    times = [time for time in _shown(FilmFile(film.file)) if time < inf]
    return max(times, default=0.0) + float(1 / _rate(stream))


def music(film: FilmFile, check: Check = unchecked) -> Music | None:
    """The sound of a film as it is cut, piece by piece; None if it has none, or if its frames are picked."""
    if film.picks is not None and not follows(film.picks):
        return None
    with opened(film.file) as found:
        if not found.streams.audio:
            return None
        context = found.streams.audio[0].codec_context
        if context is None or not context.sample_rate:
            return None
        rate, channels = int(context.sample_rate), int(context.layout.nb_channels)
        frame_rate = _rate(found.streams.video[0]) if found.streams.video else Fraction(1)
    begin, end = film.start_time, film.start_time + film.duration if film.duration else inf
    if film.picks is not None:
        begin, end = (
            film.start_time + float(one / frame_rate) for one in (film.picks[0], film.picks[-1] + 1)
        )
    return Music(rate, channels, _alike(_heard(film, rate, begin, end, check), channels, name_of(film.file)))


def _alike(pieces: Iterator[Any], channels: int, name: str) -> Iterator[Any]:
    """Pieces of sound, and an error at the first that has another number of channels."""
    for piece in pieces:
        if len(piece) != channels:
            raise MediaError(
                f"{name} is damaged, or its sound changes from {channels} to {len(piece)} channels",
                OTHER_FILE,
            )
        yield piece


def _heard(film: FilmFile, rate: int, begin: float, end: float, check: Check) -> Iterator[Any]:
    """Samples [C, T] from one moment to another; silence where the sound begins later than that."""
    from safelight.diffusion.container import imported

    resampler = imported().AudioResampler(format="fltp", rate=rate)
    first, last = round(begin * rate), inf if end == inf else round(end * rate)
    with opened(film.file) as found:
        stream = found.streams.audio[0]
        origin = _origin(found.streams.video[0]) if found.streams.video else _origin(stream)
        place: int | None = None
        for packed in reading(found.decode(stream), name_of(film.file)):
            check()
            if place is None:
                place = round((float(packed.time or 0) - origin) * rate)
                if place > first:
                    yield numpy.zeros((len(packed.layout.channels), place - first), numpy.float32)
            with told(name_of(film.file)):
                resampled = resampler.resample(packed)
            for frame in resampled:
                piece = frame.to_ndarray()
                low, high = max(0, first - place), min(piece.shape[1], last - place)
                place += piece.shape[1]
                if low < high:
                    yield piece[:, int(low) : int(high)]
                if place >= last:
                    return


def sound(film: FilmFile, check: Check = unchecked) -> dict[str, Any] | None:
    """The whole sound of a film or of a sound file [1, C, T], or None."""
    played = music(film, check)
    if played is None:
        return None
    pieces, taken, room = [], 0, _room()
    for piece in played.pieces:
        pieces.append(piece)
        taken += piece.nbytes
        if taken > room:
            raise _too_long(film, f"{taken // played.channels // 4 // played.rate} seconds of sound")
    wave = numpy.concatenate(pieces, 1) if pieces else numpy.zeros((played.channels, 0), numpy.float32)
    return {"waveform": torch.from_numpy(wave)[None], "sample_rate": played.rate}


def components(film: FilmFile, check: Check = unchecked) -> Components:
    """All of a film in memory. Raises MediaError before there is more of it than fits."""
    known, kept, taken, room = film.facts(), [], 0, _room()
    for frame in film.frames(check):
        taken += frame.size * 4
        if taken > room:
            raise _too_long(film, f"{len(kept)} frames")
        kept.append(frame)
    if not kept:
        raise MediaError(f"{name_of(film.file)} has no frame in this part", "Choose another part of it.")
    images = torch.empty((len(kept), *kept[0].shape), dtype=torch.float32)
    for number, frame in enumerate(kept):
        check()
        images[number] = torch.from_numpy(frame.astype(numpy.float32) / numpy.iinfo(frame.dtype).max)
        kept[number] = None
    return Components(images, known.rate, sound(film, check), bit_depth=known.depth, color_space=known.space)


def _room() -> float:
    return device.total_memory("cpu") * MEMORY_SHARE


def _too_long(film: FilmFile, have: str) -> MediaError:
    return MediaError(
        f"{name_of(film.file)} does not fit into memory: {have} of it fill half of that already",
        "Take less of it with Trim Video, or make it smaller.",
    )


def levels(own: Components, check: Check) -> Iterator[Any]:
    """Frames in memory, as whole numbers."""
    top, kind = (65535, numpy.uint16) if own.bit_depth > 8 else (255, numpy.uint8)
    for image in own.images:
        check()
        pixels = (image.detach().float().cpu().nan_to_num(0.0).clamp(0, 1) * top).round().numpy()
        yield pixels.astype(kind).repeat(3, axis=-1) if pixels.shape[-1] == 1 else pixels.astype(kind)


def piecewise(own: Components) -> Music | None:
    """The sound of frames in memory, as long as they are shown."""
    if own.audio is None:
        return None
    rate = int(own.audio["sample_rate"])
    wave = own.audio["waveform"][0].detach().float().cpu()
    wave = wave[:, : ceil(len(own.images) * rate / own.frame_rate)]
    pieces = (wave[:, place : place + PIECE].numpy() for place in range(0, wave.shape[1], PIECE))
    return Music(rate, int(wave.shape[0]), pieces)
