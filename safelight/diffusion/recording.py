"""Recording films: frames and sound, a few at a time, into a file that carries its workflow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from safelight.diffusion.container import drafted, imported, name_of, opened, reading
from safelight.diffusion.failure import MediaError, UnsupportedError
from safelight.diffusion.film import Film, FilmFile, Music
from safelight.diffusion.priority import Priority
from safelight.diffusion.track import LAYOUTS, rate_for

CONTAINERS = {"mp4": "mp4", "mkv": "matroska", "webm": "webm", "mov": "mov"}
"""FFmpeg's name for each kind of file, which its ending is too."""
ENCODERS = {"h264": "libx264", "av1": "libsvtav1", "vp9": "libvpx-vp9"}
PIXELS = {8: "yuv420p", 10: "yuv420p10le"}
SOUNDS = {"mp4": "aac", "mov": "aac", "matroska": "aac", "webm": "libopus"}
BEST = {"webm": "av1"}
"""How films are coded where that is left open; h264 elsewhere."""
CARRIED = {
    "mp4": ("h264", "hevc", "av1", "vp9", "mpeg4", "aac", "mp3", "opus", "flac", "ac3"),
    "mov": ("h264", "hevc", "mpeg4", "prores", "aac", "mp3", "ac3"),
    "webm": ("vp8", "vp9", "av1", "opus", "vorbis"),
}
"""What a kind of file can hold of what another held; Matroska holds all of it."""
FRAMES = {(3, 1): "rgb24", (3, 2): "rgb48le", (4, 1): "rgba", (4, 2): "rgba64le"}
"""FFmpeg's names for frames, by the number of channels and the bytes of each."""
SETTINGS = {"vp9": {"b:v": "0", "row-mt": "1"}, "av1": {"preset": "6"}, "h264": {}}
CRF = {"vp9": 32.0, "av1": 30.0, "h264": 23.0}
BT709, LIMITED, FULL = 1, 1, 2
"""Numbers of ITU-T H.273: the colours of television, its levels, and those of a screen."""


class Style(NamedTuple):
    """How a film is written: `auto` copies what a file already has, where it can be."""

    container: str = "auto"
    codec: str = "auto"
    crf: float | None = None
    depth: int | None = None

    @property
    def kind(self) -> str:
        """The kind of file, by its ending."""
        return "mp4" if self.container == "auto" else self.container


class Watch:
    """Counts the frames that are done, and tells whoever asked, who may raise to stop the work."""

    def __init__(self, progress: Any = None) -> None:
        self.progress = progress
        self.done = self.total = 0

    def step(self) -> None:
        """One more is done."""
        self.done += 1
        self.check()

    def check(self) -> None:
        """Say how far the work is."""
        if self.progress is not None:
            self.progress(self.done, max(self.done, self.total))


def write(
    film: Film,
    path: str | Path | BytesIO,
    style: Style | None = None,
    texts: Mapping[str, str] | None = None,
    progress: Any = None,
) -> None:
    """Write a film; `texts` are what it says of itself. A file appears whole or not at all."""
    style, watch = style or Style(), Watch(progress)
    if style.kind not in CONTAINERS:
        raise UnsupportedError(f"'{style.kind}' is no kind of film file", f"Choose {', '.join(CONTAINERS)}.")
    copied = _is_copied(film, style)
    if not copied:
        _check(film, style)
    if isinstance(path, BytesIO):
        _write(film, path, style, texts or {}, watch, copied)
    else:
        with drafted(Path(path)) as draft:
            _write(film, str(draft), style, texts or {}, watch, copied)


def _write(
    film: Film, target: Any, style: Style, texts: Mapping[str, str], watch: Watch, copied: bool
) -> None:
    kind = CONTAINERS[style.kind]
    options = {"fflags": "+bitexact"}  # so that the same film gives the same bytes
    if kind in ("mp4", "mov"):
        quick = "" if isinstance(target, BytesIO) else "+faststart"
        options["movflags"] = f"+use_metadata_tags{quick}"
    with imported().open(target, "w", format=kind, options=options) as out:
        out.metadata.update(texts)
        if copied:
            assert isinstance(film, FilmFile)
            _copy(film, out, texts, watch)
        else:
            _encode(film, out, kind, style, watch)


def _is_copied(film: Film, style: Style) -> bool:
    """Whether a file's frames and sound can be taken over as they are."""
    if (
        not isinstance(film, FilmFile)
        or not film.is_whole
        or style.crf is not None
        or style.depth is not None
    ):
        return False
    with opened(film.file) as found:
        codecs = [one.codec_context.name for one in _streams(found) if one.codec_context]
        turned = any(one.codec_context is None for one in _streams(found))
    carried = CARRIED.get(CONTAINERS[style.kind])
    same = {"libdav1d": "av1"}
    names = [same.get(name, name) for name in codecs]
    wanted = style.codec in ("auto", *names[:1])
    return not turned and wanted and (carried is None or all(name in carried for name in names))


def _streams(found: Any) -> list[Any]:
    """The pictures and the sound of a film: the first of each."""
    return [*found.streams.video[:1], *found.streams.audio[:1]]


def _copy(film: FilmFile, out: Any, texts: Mapping[str, str], watch: Watch) -> None:
    with opened(film.file) as found:
        told = {name: text for name, text in found.metadata.items() if name.lower() not in BRANDS}
        out.metadata.update({**told, **texts})
        streams = {one.index: out.add_stream_from_template(one, opaque=True) for one in _streams(found)}
        watch.total = int(found.streams.video[0].frames)
        for packet in reading(found.demux(_streams(found)), name_of(film.file)):
            if packet.dts is None:
                continue
            if packet.stream.type == "video":
                watch.step()
            packet.stream = streams[packet.stream.index]
            out.mux(packet)


BRANDS = ("major_brand", "minor_version", "compatible_brands", "encoder", "creation_time", "duration")
"""What a file says of how it was written, which is no longer so."""


def _codec(style: Style) -> str:
    return style.codec if style.codec != "auto" else BEST.get(style.kind, "h264")


def _check(film: Film, style: Style) -> None:
    """Refuse what the encoder would refuse, in words that say what to do."""
    codec, known = _codec(style), film.facts()
    width, height = known.width, known.height
    if codec not in ENCODERS or (style.kind == "webm" and codec == "h264"):
        raise UnsupportedError(f"{style.kind} files hold no film coded as {codec}", "Choose another codec.")
    if codec == "h264" and (width % 2 or height % 2):
        raise UnsupportedError(
            f"H.264 cannot hold pictures of {width} x {height}: both sides must be even",
            f"Make them {width - width % 2 or 2} x {height - height % 2 or 2}, or choose av1.",
        )
    if known.channels not in (1, *(channels for channels, _ in FRAMES)):
        raise UnsupportedError(
            f"The pictures have {known.channels} channels; those of a film have 1, 3 or 4",
            "Give it pictures in grey or in colours.",
        )
    if known.space != "sRGB":
        raise UnsupportedError(
            f"The film's colours are {known.space}, which are not written here yet",
            "Save it with codec auto and without trimming, which copies it as it is.",
        )


def _encode(film: Film, out: Any, kind: str, style: Style, watch: Watch) -> None:
    known, watch.total, priority = film.facts(), film.get_frame_count(), Priority()
    stream, music = _film_stream(out, known, style), film.music(watch.check)
    voice = _Voice(out, SOUNDS[kind], music) if music is not None else None
    for array in film.frames(watch.check):
        frame = _frame(array, stream)
        frame.pts, frame.time_base = watch.done, 1 / known.rate
        try:
            out.mux(stream.encode(frame))
        finally:
            priority.keep()  # an encoder opens with its first frame
        watch.step()
        if voice is not None:
            voice.until(watch.done / known.rate)
    if not watch.done:
        raise MediaError(
            "The film has no frame in this part", "Choose a longer part of it, or an earlier one."
        )
    for packet in stream.codec_context.encode_lazy(None):  # one by one, of the frames that it looked ahead at
        packet.stream = stream
        out.mux(packet)
        watch.check()
    if voice is not None:
        out.mux(voice.stream.encode())


def _film_stream(out: Any, known: Any, style: Style) -> Any:
    codec = _codec(style)
    crf = CRF[codec] if style.crf is None else style.crf
    crf = f"{crf:g}" if codec == "h264" else str(round(crf))
    stream = out.add_stream(ENCODERS[codec], rate=known.rate, options={**SETTINGS[codec], "crf": crf})
    stream.width, stream.height, stream.time_base = known.width, known.height, 1 / known.rate
    deep = (style.depth or known.depth) > 8
    stream.pix_fmt = PIXELS[10 if deep and codec != "vp9" else 8]
    if codec == "vp9" and known.channels == 4:
        stream.pix_fmt = "yuva420p"
    context = stream.codec_context
    context.flags |= imported().codec.context.Flags.bitexact
    context.color_range, context.colorspace = LIMITED, BT709
    context.color_primaries = context.color_trc = BT709
    return stream


def _frame(array: Any, stream: Any) -> Any:
    """A frame in the colours of television, as the encoder takes it."""
    name = FRAMES[array.shape[-1], array.itemsize]
    frame = imported().VideoFrame.from_ndarray(array, format=name)
    return frame.reformat(
        format=stream.pix_fmt, dst_colorspace="ITU709", src_color_range=FULL, dst_color_range=LIMITED
    )


class _Voice:
    """The sound beside the pictures: written as far as they are, so that neither waits for the other."""

    def __init__(self, out: Any, codec: str, music: Music) -> None:
        if music.channels not in LAYOUTS:
            raise UnsupportedError(
                f"A film's sound has one or two channels, or six; this has {music.channels}",
                "Split its channels, or leave the sound out.",
            )
        self.out, self.music, self.at = out, music, 0
        self.layout = LAYOUTS[music.channels]
        self.stream = out.add_stream(codec, rate=rate_for(codec, music.rate), layout=self.layout)
        self.stream.codec_context.flags |= imported().codec.context.Flags.bitexact
        self.pieces: Iterator[Any] = music.pieces
        self.rest: Any = None

    def until(self, seconds: Fraction) -> None:
        """Write the sound up to a moment."""
        end = round(seconds * self.music.rate)
        while self.at < end:
            piece = self.rest if self.rest is not None else next(self.pieces, None)
            if piece is None:
                return
            take = min(piece.shape[1], end - self.at)
            self.rest = piece[:, take:] if take < piece.shape[1] else None
            self.put(piece[:, :take])

    def put(self, piece: Any) -> None:
        frame = imported().AudioFrame.from_ndarray(piece.copy(), format="fltp", layout=self.layout)
        frame.sample_rate, frame.time_base = self.music.rate, Fraction(1, self.music.rate)
        frame.pts = self.at
        self.at += piece.shape[1]
        self.out.mux(self.stream.encode(frame))
