"""Folders: where files are, by kind and name, and names that stay under their root.

`input`, `output` and `temp` lie directly in the data directory, every other kind under `models/<kind>`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from itertools import count
from pathlib import Path, PurePosixPath, PureWindowsPath

from safelight.core.error import BadInput
from safelight.core.widget import shown, some_of

PLAIN_KINDS = ("input", "output", "temp")
WEIGHTS = frozenset({".safetensors", ".sft", ".ckpt", ".pt", ".pth", ".bin", ".gguf"})
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"})
FILMS = frozenset(
    {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".ogv", ".flv", ".wmv"}
)
SOUNDS = frozenset(
    {".flac", ".wav", ".mp3", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".aiff", ".aif", ".wma"}
)
MEDIA = {"video": FILMS | {".gif"}, "audio": SOUNDS | FILMS}
"""What is offered where a film or a sound is to be chosen; films have sound."""
MODEL_INDEX = "model_index.json"
COMPONENT_CONFIGS = {"controlnet": "config.json"}
"""Kinds of models that also come as a folder with one component: the file that such a folder has."""
PATH_LONGEST = 4000
LONGEST = 255
"""Bytes that file systems take for one name."""
STEM_LONGEST = 200
"""The same, less room for a number and an extension."""


def _stem(name: str) -> str:
    """A file's name without its folders, its ending and capitals."""
    return PureWindowsPath(name).stem.lower()


class Folders:
    """The data directory, further roots for models, and models that ship with the program."""

    def __init__(
        self,
        data: Path,
        *,
        output: Path | None = None,
        extra: Mapping[str, Sequence[Path]] | None = None,
        builtin: Mapping[str, Mapping[str, Path]] | None = None,
        packs: Sequence[Path] = (),
    ) -> None:
        self.data = Path(data).absolute()
        self.output = (output or self.data / "output").absolute()
        self.extra = {kind: tuple(roots) for kind, roots in (extra or {}).items()}
        self.packs = (self.data / "custom_nodes", *packs)
        """Where packs of nodes lie; of two with one name the first counts."""
        self.builtin = {kind: dict(models) for kind, models in (builtin or {}).items()}

    def root(self, kind: str) -> Path:
        """The first folder of a kind, where new files go."""
        if kind == "output":
            return self.output
        return self.data / kind if kind in PLAIN_KINDS else self.data / "models" / kind

    def roots(self, kind: str) -> tuple[Path, ...]:
        """All folders that are searched for a kind."""
        return (self.root(kind), *self.extra.get(kind, ()))

    def names(self, kind: str) -> list[str]:
        """What can be chosen: the shipped models first, then files by their path below the root.

        `input:.latent` are the files of a kind with another ending than is usual, `input:video` its films.
        """
        kind, _, ending = kind.partition(":")
        names = dict.fromkeys(self.builtin.get(kind, ()))
        for root in self.roots(kind):
            names.update(dict.fromkeys(sorted(_listing(root, kind, ending))))
        return list(names)

    def find(self, kind: str, name: str) -> Path:
        """The file or model folder called `name`; BadInput if it is not there or would leave its root.

        Both slashes separate folders. A suffix ` [output]`, ` [input]` or ` [temp]` chooses that folder.
        """
        found = self.first(kind, name)
        if found is None:
            raise self._missing(name, kind)
        return found

    def first(self, kind: str, name: str) -> Path | None:
        """The same where the file may be missing: None if it is not there."""
        places = self.places(kind, name)
        name, kind = _annotated(name, kind)
        if name in self.builtin.get(kind, {}):
            return places[0]
        for path, root in zip(places, self.roots(kind), strict=True):
            if _exists(path) and (kind not in PLAIN_KINDS or _inside(path, root)):
                return path
        return None

    def places(self, kind: str, name: str) -> tuple[Path, ...]:
        """Where a file called `name` may be: the first that is there is meant. BadInput as in `find`."""
        name, kind = _annotated(name, kind)
        shipped = self.builtin.get(kind, {}).get(name)
        if shipped is not None:
            return (shipped,)
        relative = _relative(name)
        return tuple(root / relative for root in self.roots(kind))

    def _missing(self, name: str, kind: str) -> BadInput:
        """Why there is no such file."""
        for place in self.places(kind, name):
            link = next(filter(_leads_nowhere, (place, *place.parents)), None)
            if link is not None:
                problem = f"{shown(name)} cannot be read: {link} is a link to {shown(os.readlink(link))}"
                return BadInput(
                    problem=f"{problem}, which is not there",
                    remedy="Bring back what it links to, or replace the link.",
                )
        name, kind = _annotated(name, kind)
        return BadInput(
            problem=f"there is no file '{name}' in {self.root(kind)}",
            remedy=self._like(name, kind) or some_of(self.names(kind)),
        )

    def _like(self, name: str, kind: str) -> str:
        """A remedy that names the file which is called most alike, in whatever folder; empty if none is."""
        there = {_stem(one): one for one in reversed(self.names(kind))}
        close = get_close_matches(_stem(name), there, n=1, cutoff=0.6)
        return f"Did you mean '{there[close[0]]}'?" if close else ""

    def reserve(self, prefix: str, extension: str, kind: str = "output", **tokens: object) -> Path:
        """Create an empty file with the next free name `<prefix>_<5 digits>_<extension>`; return its path.

        `%width%`, `%height%`, `%batch_num%` and `%year%` ... `%second%` in the prefix are replaced.
        """
        return next(path for path in self.candidates(prefix, extension, kind, **tokens) if create(path))

    def candidates(
        self, prefix: str, extension: str, kind: str = "output", **tokens: object
    ) -> Iterator[Path]:
        """The names that `reserve` tries, without end; their folder is there when the first is given."""
        root = self.root(kind)
        relative = _relative(_expand(prefix, tokens), "file name prefix", STEM_LONGEST)
        folder = root / relative.parent
        if not _inside(folder, root):
            raise BadInput(problem=f"'{prefix}' leads out of {root}", remedy="Choose a prefix without links.")
        folder.mkdir(parents=True, exist_ok=True)
        for number in count(_last_number(folder, relative.name) + 1):
            yield folder / f"{relative.name}_{number:05}_{extension}"


def create(path: Path) -> bool:
    """Create an empty file; False if there is one of that name."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
    except FileExistsError:
        return False
    return True


def _annotated(name: str, kind: str) -> tuple[str, str]:
    for plain in PLAIN_KINDS:
        if name.endswith(f" [{plain}]"):
            return name.removesuffix(f" [{plain}]"), plain
    return name, kind


def _relative(name: str, what: str = "file name", longest: int = LONGEST) -> PurePosixPath:
    """The path that a name from outside says; BadInput if it could be none below a folder."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or PureWindowsPath(name).drive or ".." in path.parts or "\0" in name:
        raise BadInput(
            problem=f"the {what} {shown(name)} leads out of its folder",
            remedy="Use a name below the folder, without '..' and without a leading slash.",
        )
    if not path.name:
        raise BadInput(problem=f"the {what} is empty", remedy="Enter a name.")
    try:
        size = max(map(len, map(os.fsencode, path.parts)))
    except UnicodeEncodeError as error:
        problem = f"the {what} {shown(name)} has characters that no file name can have"
        raise BadInput(problem=problem, remedy="Use ordinary letters.") from error
    if size > LONGEST or len(os.fsencode(path.name)) > longest or len(str(path)) > PATH_LONGEST:
        problem = f"the {what} {shown(name)} is too long"
        raise BadInput(
            problem=problem, remedy=f"Use at most {longest} letters (fewer, where they have accents)."
        )
    return path


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a path that is too long as a whole, or a folder that may not be looked into
        return False


def _leads_nowhere(path: Path) -> bool:
    return os.path.islink(path) and not _exists(path)


def _inside(path: Path, root: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def _listing(root: Path, kind: str, ending: str = "") -> Iterator[str]:
    """Names below `root`: weights for models, pictures elsewhere; a diffusers folder counts as one model.

    With an ending the files that end so, or those of its kind (`video`, `audio`).

    A folder of one component can be chosen as a whole, and so can its file, as saved workflows do.

    Models may be links to anywhere; other files are listed only where they lie below the root.
    """
    usual = PICTURES if kind in PLAIN_KINDS else WEIGHTS
    wanted = MEDIA.get(ending, {ending}) if ending else usual
    for folder, inner, files in os.walk(root, followlinks=kind not in PLAIN_KINDS):
        inner.sort()
        where = Path(folder)
        if where.is_symlink() and _is_circle(where, root):
            inner.clear()
            continue
        if MODEL_INDEX in files and where != root:
            inner.clear()
            yield where.relative_to(root).as_posix()
            continue
        if COMPONENT_CONFIGS.get(kind) in files and where != root:
            yield where.relative_to(root).as_posix()
        for file in files:
            path = where / file
            if path.suffix.lower() not in wanted or _leads_nowhere(path):
                continue
            if kind not in PLAIN_KINDS or not path.is_symlink() or _inside(path, root):
                yield path.relative_to(root).as_posix()


def _is_circle(folder: Path, root: Path) -> bool:
    """Whether a linked folder is one of those that it is reached through."""
    above = (parent for parent in folder.parents if parent.is_relative_to(root))
    return os.path.realpath(folder) in set(map(os.path.realpath, above))


def _expand(prefix: str, tokens: Mapping[str, object]) -> str:
    now = datetime.now()
    clock = {"year": f"{now.year}", "month": f"{now:%m}", "day": f"{now:%d}"}
    clock |= {"hour": f"{now:%H}", "minute": f"{now:%M}", "second": f"{now:%S}"}
    for token, value in {**clock, **tokens}.items():
        prefix = prefix.replace(f"%{token}%", str(value))
    return prefix


def _last_number(folder: Path, stem: str) -> int:
    last = 0
    for entry in os.scandir(folder):
        if entry.name.startswith(f"{stem}_"):
            digits = entry.name[len(stem) + 1 :].split("_", 1)[0]
            if digits.isdecimal():
                last = max(last, int(digits))
    return last
