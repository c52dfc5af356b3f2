"""Events: what a run tells whoever watches it. Plain records; the engine knows no server and no terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run began; `nodes` are the ids that its roots can need, in order."""

    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NodeStarted:
    """A node's body was called; `item` is the index where it runs once per item."""

    node: str
    item: int | None = None


@dataclass(frozen=True, slots=True)
class NodeProgressed:
    """A body has done `done` of `total`; `preview` is whatever the body passed to look at."""

    node: str
    done: int
    total: int
    preview: Any = None


@dataclass(frozen=True, slots=True)
class NodeFinished:
    """A node's result is there: `state` is `ran`, `memory` or `disk`; `shown` is its output for the user."""

    node: str
    state: str
    seconds: float
    shown: dict[str, Any]
    item: int | None = None


@dataclass(frozen=True, slots=True)
class NodeWarned:
    """A node did something that it should not."""

    node: str
    text: str


@dataclass(frozen=True, slots=True)
class NodeSent:
    """A node gives a picture to whoever watches, as a file's bytes in `preview`: it is stored nowhere."""

    node: str
    format: str
    preview: bytes = b""


@dataclass(frozen=True, slots=True)
class RunFinished:
    """A run ended: `status` is `done`, `failed` or `cancelled`."""

    status: str
    seconds: float


Event: TypeAlias = (
    RunStarted | NodeStarted | NodeProgressed | NodeFinished | NodeWarned | NodeSent | RunFinished
)
Listener: TypeAlias = Callable[[Event], None]
