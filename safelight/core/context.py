"""Context: the one narrow door through which a node body touches the program around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any, Protocol, TypeVar

from safelight.core.cancel import Cancel
from safelight.core.digest import ABSENT, Digests, FileRef
from safelight.core.draft import write_whole
from safelight.core.error import BadInput
from safelight.core.event import Listener, NodeProgressed, NodeSent
from safelight.core.folder import Folders
from safelight.core.waypoint import Waypoints

T = TypeVar("T")


class Checkpoint(Protocol):
    """The state of a half-done node on disk, taken up again after a crash."""

    waypoints: Waypoints | None
    """The states of finished runs, from which others go on."""

    def load(self, digest: str) -> dict[str, Any] | None:
        """The stored tree; None if there is none or it was made from other inputs than `digest` names."""

    def due(self) -> bool:
        """Whether a save would be taken now (at most one a second)."""

    def save(self, step: int, total: int, digest: str, tree: dict[str, Any]) -> None:
        """Keep the state after `step` of `total`."""

    def resumed(self, step: int, total: int) -> None:
        """Tell that the work was taken up at `step`, for the explanation."""

    def reused(self, step: int, total: int) -> None:
        """Tell that the work began at `step` with what an earlier run had kept."""


class NoCheckpoint:
    """Keeps nothing: for plain calls of a node function in a test."""

    waypoints: Waypoints | None = None

    def load(self, digest: str) -> dict[str, Any] | None:
        """Nothing is stored."""
        return None

    def due(self) -> bool:
        """Never."""
        return False

    def save(self, step: int, total: int, digest: str, tree: dict[str, Any]) -> None:
        """Forget it."""

    def resumed(self, step: int, total: int) -> None:
        """Nobody listens."""

    def reused(self, step: int, total: int) -> None:
        """Nobody listens."""


class Context:
    """What a body can ask of the program. `Context.plain(folder)` makes one for a test."""

    def __init__(
        self,
        *,
        folders: Folders,
        digests: Digests,
        cancel: Cancel,
        node: str = "",
        title: str = "",
        plan: Any = None,
        prompt: Mapping[str, Any] | None = None,
        workflow: Mapping[str, Any] | None = None,
        listener: Listener | None = None,
        checkpoint: Checkpoint | None = None,
        reserve: Callable[..., Path] | None = None,
    ) -> None:
        """`reserve` gives names for new files, where not `folders.reserve` alone decides on them."""
        self.folders = folders
        self.node = node
        self.title = title
        self.plan = plan
        self.prompt = prompt
        self.workflow = workflow
        self.checkpoint: Checkpoint = checkpoint or NoCheckpoint()
        self.shown: dict[str, list[Any]] = {}
        self.reads: list[FileRef] = []
        self.writes: list[Path] = []
        self.warned: list[str] = []
        self._digests = digests
        self._cancel = cancel
        self._listener = listener
        self._reserve = reserve or folders.reserve

    @classmethod
    def plain(cls, data: Path, **fields: Any) -> Context:
        """A context over a data directory, with nobody listening."""
        return cls(folders=Folders(data), digests=Digests(), cancel=Cancel(), **fields)

    def check(self) -> None:
        """Raise Cancelled if the job was cancelled."""
        self._cancel.check()

    def progress(self, done: int, total: int, preview: Any = None) -> None:
        """Tell that `done` of `total` is done, perhaps with something to look at; raises Cancelled."""
        self._cancel.check()
        if self._listener is not None:
            self._listener(NodeProgressed(self.node, done, total, preview))

    def preview(self, value: Any) -> None:
        """Show an intermediate result."""
        self.progress(0, 0, value)

    def send(self, picture: bytes, format: str = "png") -> None:
        """Give whoever watches a picture as a file's bytes, every one and whole; it is stored nowhere."""
        self._cancel.check()
        if self._listener is not None:
            self._listener(NodeSent(self.node, format, picture))

    def track(self, items: Iterable[T], total: int | None = None) -> Iterator[T]:
        """Yield the items, telling the progress after each; raises Cancelled."""
        count = total if total is not None else len(items) if isinstance(items, Sequence) else 0
        for done, item in enumerate(items, start=1):
            self._cancel.check()
            yield item
            self.progress(done, max(count, done))

    def show(self, kind: str, entries: Iterable[Any]) -> None:
        """Add to what the node shows: `show("images", [ctx.entry(path)])`, `show("text", ["..."])`.

        It is kept with the result, and shown again when the result is found instead of computed.
        """
        self.shown.setdefault(kind, []).extend(entries)

    def warn(self, text: str) -> None:
        """Tell the user of something odd that is no error; the run goes on."""
        self.warned.append(text)

    def open(self, path: Path) -> FileRef:
        """Take note that the body reads this file, and return it with its digest.

        The result holds only while the file stays as it is.
        """
        ref = FileRef(path, self._digests.of(path))
        self.reads.append(ref)
        return ref

    def find(self, kind: str, name: str) -> Path | None:
        """The file called `name`, which the body can do without; None if there is none, or can be none.

        Either answer is noted: the result holds only while it stays the same. Where a missing file is an
        error, use `open(folders.find(kind, name))`.
        """
        try:
            places = self.folders.places(kind, name)
        except BadInput:  # no file can have this name, whatever is added
            return None
        found = self.folders.first(kind, name)
        self.reads.extend(FileRef(place, ABSENT) for place in takewhile(lambda place: place != found, places))
        return self.open(found).path if found is not None else None

    def reserve(self, prefix: str, extension: str, folder: str = "output", **tokens: object) -> Path:
        """Reserve a new name, `<prefix>_00001_<extension>`; the result holds only while the file exists."""
        path = self._reserve(prefix, extension, folder, **tokens)
        self.writes.append(path)
        return path

    def write(self, path: Path, text: str) -> None:
        """Write a text file, so that it is there whole or not at all; BadInput if it cannot be written."""
        try:
            write_whole(path, text)
        except OSError as error:
            raise BadInput(
                problem=f"{path} cannot be written ({error.strerror or error})",
                remedy="Free some space, or choose another folder.",
            ) from error

    def entry(self, path: Path, folder: str = "output") -> dict[str, str]:
        """How a saved file is named to clients: `filename`, `subfolder` and `type`."""
        place = path.parent.relative_to(self.folders.root(folder)).as_posix()
        return {"filename": path.name, "subfolder": "" if place == "." else place, "type": folder}
