"""Place: a file below a folder, by the name that a client gives; never one elsewhere, links included."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PureWindowsPath

from safelight.core.folder import LONGEST, PATH_LONGEST, PLAIN_KINDS
from safelight.core.widget import shown
from server.answer import Refused
from server.bound import NO_ROOM, NO_WAY

BAD = "Use a name below the folder, without '..', a drive or a leading slash."


def inside(root: Path, name: str) -> Path:
    """The real path of `name` below `root`, whether it is there or not.

    Refused with 400 if the name could be none, with 403 if a link on the way leads out of the folder.
    """
    plain = name.replace("\\", "/")
    if not is_plain(plain):
        raise Refused(400, "bad_name", f"{shown(name)} is not the name of a file here", BAD)
    path = Path(os.path.realpath(root / plain))
    if not path.is_relative_to(os.path.realpath(root)):
        raise Refused(403, "outside", f"{shown(name)} leads out of its folder", BAD)
    return path


def is_plain(name: str) -> bool:
    """Whether a name with forward slashes stays below the folder that it is joined to."""
    parts = name.split("/")
    if not name.strip("/.") or name.startswith("/") or ".." in parts or PureWindowsPath(name).drive:
        return False
    if "\0" in name or (sys.platform == "win32" and ":" in name):
        return False
    try:
        sizes = [len(os.fsencode(part)) for part in parts]
        name.encode()
    except UnicodeEncodeError:
        return False
    return max(sizes) <= LONGEST and len(name) <= PATH_LONGEST


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Within it, what the system has against a name is the client's mistake: Refused with 400."""
    try:
        yield
    except OSError as error:
        if error.errno in (*NO_ROOM, *NO_WAY):
            raise
        raise Refused(400, "bad_name", f"{shown(name)} cannot be kept: {error.strerror}") from error


def drop(draft: Path) -> None:
    """Remove a draft, if it was made and was not moved."""
    with suppress(OSError):
        draft.unlink(missing_ok=True)


def take_name(draft: Path, path: Path) -> bool:
    """Give a draft a name that nobody has, in one step; False if it is taken."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    except OSError:  # not every disk has links: there the name is reserved first
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        except FileExistsError:
            return False
        draft.replace(path)
        return True
    draft.unlink()
    return True


def annotated(name: str, kind: str) -> tuple[str, str]:
    """A name without its suffix ` [output]`, and the folder that it means."""
    for plain in PLAIN_KINDS:
        if name.endswith(f" [{plain}]"):
            return name.removesuffix(f" [{plain}]"), plain
    return name, kind


def plain_kind(kind: str) -> str:
    """One of `input`, `output` and `temp`; Refused with 400 for anything else."""
    if kind not in PLAIN_KINDS:
        raise Refused(400, "bad_type", f"There is no folder {shown(kind)}", f"Choose one of {PLAIN_KINDS}.")
    return kind


def found(path: Path) -> Path:
    """The same path if a file is there; Refused with 404 if none is."""
    try:
        if path.is_file():
            return path
    except OSError:
        pass
    raise Refused(404, "no_such_file", f"There is no file {shown(path.name)}")
