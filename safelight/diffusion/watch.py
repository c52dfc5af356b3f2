"""What a long computation tells, and asks, whoever started it.

The library knows no node and no job. It is handed a `Watch`, to report progress to and to be stopped by, and
a `Checkpoint`, to keep a half-done run in. Both are protocols; `QUIET` and `NO_CHECKPOINT` are for callers
that want neither.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from torch import Tensor


class Watch(Protocol):
    """Someone who follows a computation and may stop it."""

    def check(self) -> None:
        """Raise if the computation is to stop. Cheap: called at every block of a model."""

    def progress(self, done: int, total: int, preview: Tensor | None = None) -> None:
        """Hear that `done` of `total` steps are done; `preview` is the clean latent as now predicted.

        A node is told of it as a `preview.Preview`, which knows what kind of latent it is.
        """


T = TypeVar("T")


class Waypoints(Protocol):
    """A place that outlives the process and holds states of finished runs, for runs on the same way."""

    def nearest(
        self, root: str, fits: Callable[[Mapping[str, Any]], bool], read: Callable[[Mapping[str, Any]], T]
    ) -> T | None:
        """The furthest state under this root of which what is said about it `fits`, as `read` reads it.

        `read` raises `ValueError` for a tree that is damaged.
        """

    def keep(self, root: str, about: Mapping[str, Any], tree: Callable[[], Mapping[str, Any]]) -> None:
        """Keep a state, with plain values about it, `step` among them."""


class Checkpoint(Protocol):
    """A place that outlives the process and holds the state of one unfinished run."""

    waypoints: Waypoints | None
    """Where states of finished runs are, if any are kept."""

    def load(self, digest: str) -> dict[str, Any] | None:
        """The state saved under this digest, or None if there is none or it belongs to another run."""

    def due(self) -> bool:
        """Whether a save would be accepted now."""

    def save(self, step: int, total: int, digest: str, tree: dict[str, Any]) -> None:
        """Keep a tree of tensors, numbers, strings and lists, taken after `step` of `total` steps."""

    def resumed(self, step: int, total: int) -> None:
        """Hear that the run was taken up after `step` of `total` steps."""

    def reused(self, step: int, total: int) -> None:
        """Hear that it began after `step` of `total` steps, with what an earlier run had kept."""


class _Quiet:
    """A watch that neither listens nor interferes."""

    def check(self) -> None:
        """Never stop."""

    def progress(self, done: int, total: int, preview: Tensor | None = None) -> None:
        """Take no notice."""


class _NoCheckpoint:
    """A checkpoint that keeps nothing."""

    waypoints: Waypoints | None = None

    def load(self, digest: str) -> dict[str, Any] | None:
        """Hold nothing."""
        return None

    def due(self) -> bool:
        """Want nothing."""
        return False

    def save(self, step: int, total: int, digest: str, tree: dict[str, Any]) -> None:
        """Keep nothing."""

    def resumed(self, step: int, total: int) -> None:
        """Take no notice."""

    def reused(self, step: int, total: int) -> None:
        """Take no notice."""


QUIET: Watch = _Quiet()
NO_CHECKPOINT: Checkpoint = _NoCheckpoint()
