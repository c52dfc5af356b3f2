"""Hub: models fetched from the Hugging Face hub, only when a person asks for one.

The library does the transfer: a broken one goes on where it stopped. What arrives is checked against the size
and the SHA-256 that the hub states, and is put into the models folder only then.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, TypeAlias

from safelight.core.digest import Digests
from safelight.core.error import SafelightError
from safelight.core.folder import MODEL_INDEX
from safelight.core.widget import nearest

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told the file, the bytes that are there and the bytes that there will be. It may raise, to stop."""

PICKLES = (".ckpt", ".pt", ".pth", ".bin", ".pkl")
WANTED = (".safetensors", ".sft", ".json", ".txt", ".model", ".gguf")
"""What is fetched of a whole repository."""
STAGE = ".fetching"
SPARE = 2**28
"""Bytes that must stay free on the disk."""


class HubError(SafelightError):
    """Something cannot be fetched."""

    kind = "hub"


class Wanted(NamedTuple):
    """One file of a repository, with what the hub states about it."""

    name: str
    size: int
    sha256: str


def fetch(
    repository: str,
    file: str | None,
    models: Path,
    *,
    kind: str | None = None,
    name: str | None = None,
    revision: str | None = None,
    progress: Progress = lambda _file, _done, _total: None,
) -> tuple[str, Path]:
    """Fetch a file, or a whole diffusers repository; returns its kind and where it lies now.

    `kind` is the folder below `models`, told from the file itself if not given. Raises HubError if it cannot
    be had, is there already, or is not what the hub states.
    """
    last = PurePosixPath(file or repository).name
    name = _plain(name or last, "name")
    stage = models / STAGE / repository.replace("/", "--")
    with _online():
        wanted = _wanted(repository, file, revision)
        _check_room(models, wanted, stage)
        for one in wanted:
            _download(repository, one, stage, revision, progress)
    arrived = stage / PurePosixPath(file) if file is not None else stage
    kind = _plain(kind or ("checkpoints" if file is None else _kind(arrived)), "folder")
    target = models / kind / name
    if target.exists():
        raise HubError(
            f"{target} is there already", remedy="Take it away first, or give another name with --as."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    arrived.rename(target)
    shutil.rmtree(stage, ignore_errors=True)
    return kind, target


def _plain(name: str, what: str) -> str:
    """A name of one part; HubError for one that could lead elsewhere."""
    if name in ("", ".", "..") or any(letter in name for letter in "/\\:\0"):
        raise HubError(f"'{name}' is no {what}", remedy="Use letters, digits, dots and dashes.")
    return name


def _wanted(repository: str, file: str | None, revision: str | None) -> list[Wanted]:
    """The files to fetch."""
    from huggingface_hub import HfApi

    with _told(repository):
        info = HfApi().model_info(repository, revision=revision, files_metadata=True)
    there = {
        one.rfilename: Wanted(one.rfilename, one.size or 0, str(one.lfs.sha256) if one.lfs else "")
        for one in info.siblings or ()
        if _stays(one.rfilename)
    }
    if file is None:
        if MODEL_INDEX not in there:
            names = [name for name in there if name.endswith((".safetensors", ".sft"))]
            few = ", ".join(names[:8]) or "no .safetensors file"
            raise HubError(
                f"{repository} is no diffusers repository", remedy=f"Name one of its files: {few}."
            )
        return [one for one in there.values() if one.name.endswith(WANTED) and not one.name.startswith(".")]
    if file not in there:
        raise HubError(f"{repository} has no file '{file}'", remedy=nearest(file, there))
    if file.endswith(PICKLES):
        raise HubError(
            f"'{file}' is a pickle, which can run code when it is opened",
            remedy="Choose a .safetensors file.",
        )
    return [there[file]]


def _stays(name: str) -> bool:
    """Whether a name that the hub gives leads nowhere else."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and not any(letter in name for letter in "\\:\0")


def _check_room(models: Path, wanted: list[Wanted], stage: Path) -> None:
    models.mkdir(parents=True, exist_ok=True)
    had = sum(file.stat().st_size for file in stage.rglob("*") if file.is_file()) if stage.is_dir() else 0
    missing = sum(one.size for one in wanted) - had
    free = shutil.disk_usage(models).free
    if missing + SPARE > free:
        raise HubError(
            f"it takes {missing / 1e9:.1f} GB, but only {free / 1e9:.1f} GB are free on the disk of {models}",
            remedy="Make room, or use another data folder.",
        )


def _download(repository: str, one: Wanted, stage: Path, revision: str | None, progress: Progress) -> None:
    """Fetch one file into the stage; what an earlier attempt left there is gone on with."""
    path, part = stage / one.name, stage / f"{one.name}.part"
    if not path.is_file():
        part.parent.mkdir(parents=True, exist_ok=True)
        _transfer(repository, one, part, revision, progress)
        part.rename(path)
    progress(one.name, one.size, one.size)


def _transfer(repository: str, one: Wanted, part: Path, revision: str | None, progress: Progress) -> None:
    from huggingface_hub import hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

    there = part.stat().st_size if part.is_file() else 0
    if there < one.size or not one.size:
        url = hf_hub_url(repository, one.name, revision=revision)
        with _told(repository), part.open("ab") as stream:
            http_get(
                url,
                stream,
                resume_size=there,
                headers=build_hf_headers(),
                expected_size=one.size or None,
                tqdm_class=_bar(one, progress),
            )
    found = part.stat().st_size
    if one.size and found != one.size:
        part.unlink()
        problem = f"'{one.name}' arrived with {found} bytes instead of {one.size}"
        raise HubError(problem, remedy="Fetch it again.")
    if one.sha256 and Digests().of(part) != one.sha256:
        part.unlink()
        raise HubError(f"'{one.name}' arrived damaged: its SHA-256 is wrong", remedy="Fetch it again.")


def _bar(one: Wanted, progress: Progress) -> type[Any]:
    """A progress bar of the library's kind that draws nothing and tells `progress`."""
    from tqdm.auto import tqdm

    class Bar(tqdm):  # type: ignore[misc]
        def __init__(self, *words: Any, **options: Any) -> None:
            options.pop("name", None)
            super().__init__(*words, **{**options, "disable": False, "file": _Nowhere()})

        def update(self, n: float | None = 1) -> bool | None:
            changed: bool | None = super().update(n)
            progress(one.name, int(self.n), int(self.total or one.size))
            return changed

    return Bar


class _Nowhere:
    """Takes what a bar would draw."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        pass


def _kind(path: Path) -> str:
    from safelight.diffusion.failure import DiffusionError
    from safelight.model import guess

    try:
        kind = guess(path)
    except (DiffusionError, OSError) as error:
        raise HubError(
            f"'{path.name}' cannot be read: {error}", remedy="Say its folder with --to."
        ) from error
    if not kind:
        raise HubError(f"what '{path.name}' is for cannot be told", remedy="Say its folder with --to.")
    return kind


@contextmanager
def _online() -> Iterator[None]:
    """Let the library use the network, which it may not do otherwise."""
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = False
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before


@contextmanager
def _told(repository: str) -> Iterator[None]:
    """Turn what the library raises into an error with a remedy."""
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        RepositoryNotFoundError,
    )

    # Which library speaks HTTP for it differs between its releases.
    transport: tuple[Any, ...] = HfHubHTTPError.__bases__
    try:
        yield
    except GatedRepoError as error:
        remedy = "Accept its terms on the hub, then `hf auth login` or set $HF_TOKEN."
        raise HubError(f"{repository} asks its users to accept terms first", remedy=remedy) from error
    except (RepositoryNotFoundError, HFValidationError) as error:
        problem = f"there is no repository '{repository}' on the hub, or it is private"
        raise HubError(problem, remedy="Check OWNER/NAME; private ones need $HF_TOKEN.") from error
    except transport as error:
        place = os.environ.get("HF_ENDPOINT", "the hub")
        problem = f"{place} cannot be asked for {repository}: {str(error).splitlines()[0]}"
        raise HubError(problem, remedy="Check the network; what has arrived is kept.") from error
