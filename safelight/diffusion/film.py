"""Films: what travels on VIDEO wires. A film of a file is a recipe: nothing is decoded until it is needed.

Both kinds have the methods that ComfyUI's packs call. A film can be cut by time and by frames; cutting makes
a new one, and costs nothing while it is of a file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from safelight.diffusion import excerpt
from safelight.diffusion.failure import UnsupportedError

Sound = dict[str, Any]
"""A `waveform` [B, C, T] from -1 to 1, and its `sample_rate`."""
Check = Callable[[], None]
"""Called at each frame; it may raise to stop the work."""


def unchecked() -> None:
    """Nothing stops the work."""


@dataclass
class Components:
    """A film taken apart: its frames [T, H, W, C] in 0..1, how many of them a second, its sound."""

    images: Any
    frame_rate: Fraction
    audio: Sound | None = None
    metadata: Mapping[str, Any] | None = None
    alpha: Any = None
    bit_depth: int = 8
    color_space: str = "sRGB"


class Facts(NamedTuple):
    """What is known of a film before it is decoded, as it is cut."""

    width: int
    height: int
    rate: Fraction
    seconds: float
    depth: int = 8
    space: str = "sRGB"
    channels: int = 3


class Music(NamedTuple):
    """A film's sound, piece by piece [C, T]."""

    rate: int
    channels: int
    pieces: Iterator[Any]


class Film:
    """A film; made of frames, or of a file."""

    kind: ClassVar[str] = ""

    def facts(self) -> Facts:
        """What is known of it."""
        raise NotImplementedError

    def frames(self, check: Check = unchecked) -> Iterator[Any]:
        """Its frames, one by one: arrays [H, W, C] of whole numbers, of 8 bits or (where deeper) of 16."""
        raise NotImplementedError

    def music(self, check: Check = unchecked) -> Music | None:
        """Its sound, or None."""
        raise NotImplementedError

    def picked(self, indices: Sequence[int]) -> Film:
        """The film of some of its frames, in order. Only frames that follow each other keep their sound."""
        raise NotImplementedError

    def as_trimmed(
        self, start_time: float = 0, duration: float = 0, strict_duration: bool = False
    ) -> Film | None:
        """The part from `start_time` (negative counts from the end) of `duration` seconds (0: all).

        None if there is nothing of it, or if it must have its whole duration and has not.
        """
        raise NotImplementedError

    def get_components(self, check: Check = unchecked) -> Components:
        """All of it in memory."""
        raise NotImplementedError

    def get_frame_count(self) -> int:
        """How many frames it has."""
        raise NotImplementedError

    def get_stream_source(self) -> str | BytesIO:
        """A file, or the bytes of one, that holds the film as it is cut."""
        data = BytesIO()
        self.save_to(data)
        data.seek(0)
        return data

    def get_dimensions(self) -> tuple[int, int]:
        """Width and height."""
        facts = self.facts()
        return facts.width, facts.height

    def get_duration(self) -> float:
        """Its length in seconds."""
        return self.facts().seconds

    def get_frame_rate(self) -> Fraction:
        """Frames a second."""
        return self.facts().rate

    def get_container_format(self) -> str:
        """The kind of file that it is saved as."""
        return "mp4"

    def save_to(
        self,
        path: str | BytesIO,
        format: Any = "auto",
        codec: Any = "auto",
        metadata: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        """Write it as a file; `metadata` are texts, or what is said in JSON."""
        from safelight.diffusion import recording

        texts = {
            name: one if isinstance(one, str) else json.dumps(one) for name, one in (metadata or {}).items()
        }
        words = {"container": _word(format), "codec": _word(codec), "crf": settings.get("crf")}
        recording.write(self, path, recording.Style(**words), texts)


def _word(choice: Any) -> str:
    """A choice that may be one of an enumeration."""
    return str(getattr(choice, "value", choice))


@dataclass(frozen=True, eq=False)
class FilmFile(Film):
    """A film that lies in a file (or in bytes), from `start_time` for `duration` seconds (0: to its end).

    `picks` are the frames of that which count; None stands for all. `digest` says what the file held.
    """

    file: str | BytesIO
    start_time: float = 0
    duration: float = 0
    picks: tuple[int, ...] | None = None
    digest: str = ""
    kind: ClassVar[str] = "film"

    def __post_init__(self) -> None:
        if isinstance(self.file, PathLike):
            object.__setattr__(self, "file", str(self.file))

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """The file, with its digest, if it is one whose content is known."""
        return ((self.file, self.digest),) if self.digest and isinstance(self.file, str) else ()

    @property
    def is_whole(self) -> bool:
        """Whether it is its file from beginning to end."""
        return not (self.start_time or self.duration) and self.picks is None

    def facts(self) -> Facts:
        from safelight.diffusion import playback

        return playback.facts(self)

    def frames(self, check: Check = unchecked) -> Iterator[Any]:
        from safelight.diffusion import playback

        return playback.frames(self, check)

    def music(self, check: Check = unchecked) -> Music | None:
        from safelight.diffusion import playback

        return playback.music(self, check)

    def picked(self, indices: Sequence[int]) -> Film:
        before = self.picks
        return replace(self, picks=tuple(before[one] if before else one for one in indices))

    def as_trimmed(
        self, start_time: float = 0, duration: float = 0, strict_duration: bool = False
    ) -> Film | None:
        facts = self.facts()
        part = excerpt.within(facts.seconds, start_time, duration, strict_duration)
        if part is None:
            return None
        if self.picks is not None:
            return self.picked(excerpt.shown_within(part, facts.rate, len(self.picks)))
        whole = part[1] >= facts.seconds and not self.duration
        return replace(self, start_time=self.start_time + part[0], duration=0 if whole else part[1] - part[0])

    def get_components(self, check: Check = unchecked) -> Components:
        from safelight.diffusion import playback

        return playback.components(self, check)

    def get_frame_count(self) -> int:
        from safelight.diffusion import playback

        return playback.count(self)

    def get_stream_source(self) -> str | BytesIO:
        if not self.is_whole:
            return super().get_stream_source()
        return BytesIO(self.file.getvalue()) if isinstance(self.file, BytesIO) else self.file

    def get_container_format(self) -> str:
        from safelight.diffusion import playback

        return playback.container(self)

    def to_tree(self) -> dict[str, Any]:
        """As plain values."""
        file = {"data": self.file.getvalue()} if isinstance(self.file, BytesIO) else {"path": self.file}
        picks = None if self.picks is None else list(self.picks)
        cut = {"start": self.start_time, "duration": self.duration, "picks": picks}
        return {**file, **cut, "digest": self.digest or self._digested()}

    def _digested(self) -> str:
        """What the file of a film that a pack made holds now."""
        if isinstance(self.file, BytesIO):
            return ""
        with Path(self.file).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any]) -> FilmFile:
        """The inverse of `to_tree`."""
        file = BytesIO(tree["data"]) if "data" in tree else tree["path"]
        picks = None if tree["picks"] is None else tuple(tree["picks"])
        return cls(file, tree["start"], tree["duration"], picks, tree["digest"])


@dataclass(frozen=True, eq=False)
class FilmFrames(Film):
    """A film that is made of frames in memory, and of sound."""

    components: Components
    kind: ClassVar[str] = "film of frames"

    @property
    def nbytes(self) -> int:
        """What it keeps in memory."""
        sound = self.components.audio
        return int(self.components.images.nbytes) + (int(sound["waveform"].nbytes) if sound else 0)

    def facts(self) -> Facts:
        own = self.components
        count, height, width, channels = own.images.shape
        seconds = float(count / own.frame_rate)
        return Facts(width, height, own.frame_rate, seconds, own.bit_depth, own.color_space, channels)

    def frames(self, check: Check = unchecked) -> Iterator[Any]:
        from safelight.diffusion import playback

        return playback.levels(self.components, check)

    def music(self, check: Check = unchecked) -> Music | None:
        from safelight.diffusion import playback

        return playback.piecewise(self.components)

    def picked(self, indices: Sequence[int]) -> Film:
        own = self.components
        images = own.images[list(indices)]
        return FilmFrames(replace(own, images=images, audio=self._heard(indices)))

    def _heard(self, indices: Sequence[int]) -> Sound | None:
        """The sound of frames that follow each other."""
        sound, rate = self.components.audio, self.components.frame_rate
        if sound is None or not excerpt.follows(indices):
            return None
        first, last = (round(sound["sample_rate"] * one / rate) for one in (indices[0], indices[-1] + 1))
        return {**sound, "waveform": sound["waveform"][..., first:last].clone()}

    def as_trimmed(
        self, start_time: float = 0, duration: float = 0, strict_duration: bool = False
    ) -> Film | None:
        rate, count = self.components.frame_rate, len(self.components.images)
        part = excerpt.within(float(count / rate), start_time, duration, strict_duration)
        if part is None:
            return None
        return self.picked(excerpt.shown_within(part, rate, count))

    def get_components(self, check: Check = unchecked) -> Components:
        return self.components

    def get_frame_count(self) -> int:
        return len(self.components.images)

    def to_tree(self) -> dict[str, Any]:
        """As plain values and tensors."""
        own = self.components
        rate = [own.frame_rate.numerator, own.frame_rate.denominator]
        return {
            "images": own.images,
            "rate": rate,
            "audio": own.audio,
            "metadata": None if own.metadata is None else dict(own.metadata),
            "alpha": own.alpha,
            "depth": own.bit_depth,
            "space": own.color_space,
        }

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any]) -> FilmFrames:
        """The inverse of `to_tree`."""
        named = (tree[name] for name in ("audio", "metadata", "alpha", "depth", "space"))
        return cls(Components(tree["images"], Fraction(*tree["rate"]), *named))


def of_frames(images: Any, fps: float, audio: Sound | None = None, depth: int = 8) -> FilmFrames:
    """The film of some pictures [T, H, W, C], so many a second, with a sound."""
    if not len(images):
        raise UnsupportedError("A film of no pictures cannot be made", "Give it one picture at least.")
    rate = Fraction(fps).limit_denominator(100_000)
    return FilmFrames(Components(images, rate, audio, bit_depth=depth))


def of_file(path: Path, digest: str) -> FilmFile:
    """The film in a file, which is looked at now, so that what is no film is refused at once."""
    film = FilmFile(str(path), digest=digest)
    film.facts()
    return film


def as_film(video: Any) -> Film:
    """A film of ours for whatever a pack calls one."""
    if isinstance(video, Film):
        return video
    found = video.get_components()
    named = {name: getattr(found, name, None) for name in ("audio", "metadata")}
    return FilmFrames(Components(found.images, Fraction(found.frame_rate), **named))


FILMS: tuple[type[FilmFile] | type[FilmFrames], ...] = (FilmFile, FilmFrames)
"""Both of them, for whoever registers what can be stored."""
