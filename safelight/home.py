"""Home: the data folder, where it is and what a fresh one gets."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from safelight.adoption import Adopted, a1111, comfy
from safelight.core.error import SafelightError
from safelight.core.folder import Folders
from safelight.setting import Settings

VARIABLE = "SAFELIGHT_DATA"
COMFY = "SAFELIGHT_COMFY"
"""Names a ComfyUI folder to use, before the setting of the same name; `--comfy` sets it."""
FOLDERS = (
    "models/checkpoints",
    "models/embeddings",
    "input",
    "output",
    "workflows",
    "styles",
    "custom_nodes",
    "cache",
)
TEMPORARY = 2**30
"""Bytes that previews may take in `temp`; they are kept until then, so that what was shown is found again."""


def locate(given: str | os.PathLike[str] | None = None) -> Path:
    """The data folder: the one that is given, else `$SAFELIGHT_DATA`, else `~/safelight`."""
    chosen = given or os.environ.get(VARIABLE) or Path.home() / "safelight"
    return Path(chosen).expanduser().absolute()


def prepare(data: Path) -> None:
    """Make the subfolders that a data folder lacks, and copy the pictures that shipped workflows start from.

    SafelightError if it cannot be done.
    """
    try:
        for name in FOLDERS:
            (data / name).mkdir(parents=True, exist_ok=True)
        for picture in shipped_pictures():
            if not (data / "input" / picture.name).exists():
                _copy(picture, data / "input" / picture.name)
    except OSError as error:
        raise SafelightError(
            f"the data folder {data} cannot be used: {error.strerror or error}",
            remedy=f"Choose another with --data or ${VARIABLE}.",
        ) from error


def bound(folder: Path, limit: int = TEMPORARY) -> None:
    """Delete the oldest files of a folder until it holds at most `limit` bytes, as far as it can be done."""
    found = [
        (path.stat().st_mtime, path.stat().st_size, path) for path in folder.rglob("*") if path.is_file()
    ]
    left = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if left <= limit:
            break
        with contextlib.suppress(OSError):
            path.unlink()
            left -= size


def folders(data: Path, output: Path | None = None, *, prepared: bool = True) -> Folders:
    """The folders that nodes see; `output` is where pictures go, if not into the data folder.

    One that is not `prepared` yet is taken as if it were: the shipped pictures count as there. Raises
    SafelightError if an adopted folder is not what it should be.
    """
    from safelight.diffusion import style
    from safelight.diffusion.builtin import builtin

    others = adopted(data)
    extra = others.extra()
    if not prepared:
        extra["input"] = [*extra.get("input", ()), shipped_workflows() / "input"]
    shipped = {"checkpoints": builtin(), "styles": style.found(data / "styles")}
    return Folders(data, output=output, extra=extra, builtin=shipped, packs=others.packs)


def adopted(data: Path) -> Adopted:
    """What other programs' folders bring: those of the settings, or `$SAFELIGHT_COMFY` for ComfyUI's."""
    settings = Settings.read(data)
    found = Adopted()
    folder = os.environ.get(COMFY) or settings.comfy
    if folder:
        found.add(comfy(Path(folder)))
    if settings.a1111:
        found.add(a1111(Path(settings.a1111)))
    return found


def shipped_workflows() -> Path:
    """The folder of the workflows that ship: inside an installed package, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "workflows"
    return inside if inside.is_dir() else package.parent / "workflows"


def shipped_pictures() -> Iterator[Path]:
    """The pictures that the shipped workflows start from."""
    folder = shipped_workflows() / "input"
    return (path for path in sorted(folder.glob("*")) if path.is_file())


def _copy(source: Path, target: Path) -> None:
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        shutil.copyfile(source, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
