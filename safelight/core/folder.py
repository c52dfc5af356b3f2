"""Folders: where files are, by kind and name, and names that stay under their root.

`input`, `output` and `temp` lie directly in the data directory, every other kind under `models/<kind>`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath

from safelight.core.error import BadInput
from safelight.core.widget import nearest

PLAIN_KINDS = ("input", "output", "temp")
WEIGHTS = frozenset({".safetensors", ".sft", ".ckpt", ".pt", ".pth", ".bin", ".gguf"})
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"})
MODEL_INDEX = "model_index.json"


class Folders:
    """The data directory, further roots for models, and models that ship with the program."""

    def __init__(
        self,
        data: Path,
        *,
        output: Path | None = None,
        extra: Mapping[str, Sequence[Path]] | None = None,
        builtin: Mapping[str, Mapping[str, Path]] | None = None,
    ) -> None:
        self.data = Path(data).absolute()
        self.output = (output or self.data / "output").absolute()
        self.extra = {kind: tuple(roots) for kind, roots in (extra or {}).items()}
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
        """What can be chosen: the shipped models first, then files by their path below the root."""
        names = dict.fromkeys(self.builtin.get(kind, ()))
        for root in self.roots(kind):
            names.update(dict.fromkeys(sorted(_listing(root, kind))))
        return list(names)

    def find(self, kind: str, name: str) -> Path:
        """The file or model folder called `name`; BadInput if it is not there or would leave its root.

        Both slashes separate folders. A suffix ` [output]`, ` [input]` or ` [temp]` chooses that folder instead.
        """
        name, kind = _annotated(name, kind)
        shipped = self.builtin.get(kind, {}).get(name)
        if shipped is not None:
            return shipped
        relative = _relative(name)
        for root in self.roots(kind):
            path = root / relative
            if path.exists() and (kind not in PLAIN_KINDS or _inside(path, root)):
                return path
        raise BadInput(
            problem=f"there is no file '{name}' in {self.root(kind)}",
            remedy=nearest(name, self.names(kind)),
        )

    def reserve(self, prefix: str, extension: str, kind: str = "output", **tokens: object) -> Path:
        """Create an empty file with the next free name `<prefix>_<5 digits>_<extension>`, and return its path.

        `%width%`, `%height%`, `%batch_num%` and `%year%` ... `%second%` in the prefix are replaced.
        """
        root = self.root(kind)
        relative = _relative(_expand(prefix, tokens), what="file name prefix")
        folder = root / relative.parent
        if not _inside(folder, root):
            raise BadInput(problem=f"'{prefix}' leads out of {root}", remedy="Choose a prefix without links.")
        folder.mkdir(parents=True, exist_ok=True)
        number = _last_number(folder, relative.name) + 1
        while True:
            path = folder / f"{relative.name}_{number:05}_{extension}"
            try:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
            except FileExistsError:
                number += 1
            else:
                return path


def _annotated(name: str, kind: str) -> tuple[str, str]:
    for plain in PLAIN_KINDS:
        if name.endswith(f" [{plain}]"):
            return name.removesuffix(f" [{plain}]"), plain
    return name, kind


def _relative(name: str, what: str = "file name") -> PurePosixPath:
    path = PurePosixPath(name.replace("\\", "/"))
    drive = len(path.parts) > 0 and path.parts[0].endswith(":")
    if path.is_absolute() or drive or ".." in path.parts or "\0" in name:
        raise BadInput(
            problem=f"the {what} {name!r} leads out of its folder",
            remedy="Use a name below the folder, without '..' and without a leading slash.",
        )
    if not path.name or len(path.name) > 200:
        raise BadInput(
            problem=f"the {what} is {'too long' if name else 'empty'}", remedy="Use 1 to 200 characters."
        )
    return path


def _inside(path: Path, root: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def _listing(root: Path, kind: str) -> Iterator[str]:
    """Names below `root`: weights for models, any picture for `input`; diffusers folders count as one model."""
    wanted = PICTURES if kind in PLAIN_KINDS else WEIGHTS
    for folder, inner, files in os.walk(root, followlinks=kind not in PLAIN_KINDS):
        inner.sort()
        where = Path(folder)
        if MODEL_INDEX in files and where != root:
            inner.clear()
            yield where.relative_to(root).as_posix()
            continue
        for file in files:
            if os.path.splitext(file)[1].lower() in wanted:
                yield (where / file).relative_to(root).as_posix()


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
