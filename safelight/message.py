"""Messages between the server and a worker: typed, versioned, and framed for a pipe.

A frame is the length of its header and of its body (two big-endian u32), the header as JSON, and the body as
bytes: a picture to look at, where there is one. The server sends orders, the worker sends reports.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from math import isfinite
from numbers import Integral, Real
from typing import Any, TypeAlias

from safelight.core import event as events

VERSION = 1
"""Raised whenever a message changes in a way that the other side would misread."""
LENGTHS = struct.Struct(">II")
HEADER_LONGEST = 2**28
BODY_LONGEST = 2**26


class MessageError(Exception):
    """What came is no message of this version."""


@dataclass(frozen=True, slots=True)
class Run:
    """An order: run a job. `graph` is what `Graph.as_tree` gives; `preview` says how latents are shown.

    `client` is whose job it is: packs may have something to tell them.
    """

    job: str
    attempt: int
    graph: dict[str, Any]
    roots: list[str] | None = None
    prompt: Any = None
    workflow: Any = None
    fresh: bool = False
    preview: str = "auto"
    client: str | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    """An order: end a job early."""

    job: str


@dataclass(frozen=True, slots=True)
class Free:
    """An order: let go of models, or of results in memory, when no job runs."""

    models: bool = True
    memory: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """An order: answer a question, also while a job runs."""

    id: int
    question: str
    payload: Any = None


@dataclass(frozen=True, slots=True)
class Stop:
    """An order: finish the job that runs, write what is left, and end."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A report: the worker takes orders. `memory` is the machine's, in bytes."""

    pid: int
    python: str
    device: str
    memory: int
    packs: Any = None


@dataclass(frozen=True, slots=True)
class Warmed:
    """A report: torch is imported. `devices` has for each its name, type, index and memory."""

    torch: str
    devices: list[dict[str, Any]]
    seconds: float


@dataclass(frozen=True, slots=True)
class Beat:
    """A report, once a second: the worker lives. `holds` names the model files whose weights it has."""

    rss: int
    holds: list[str] = field(default_factory=list)
    job: str | None = None
    stats: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Happened:
    """A report: something happened in a job. The frame's body is a preview, encoded as `format` says."""

    job: str
    attempt: int
    event: dict[str, Any]
    format: str = ""
    preview: bytes = b""


@dataclass(frozen=True, slots=True)
class Ended:
    """A report: a job ended as `status` says: done, failed or cancelled.

    `nodes` has a tree for each node (type, state, seconds, why, ...), `outputs` what each showed.
    """

    job: str
    attempt: int
    status: str
    seconds: float = 0.0
    error: dict[str, Any] | None = None
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answer:
    """A report: what was asked; `error` is the tree of a SafelightError where there is no answer."""

    id: int
    value: Any = None
    error: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A report: a pack has something to tell the pages of a client, or of all."""

    event: str
    data: Any = None
    client: str | None = None


@dataclass(frozen=True, slots=True)
class Packs:
    """A report: the packs as they are now, again whenever one was read anew.

    `nodes` are their node types as `/object_info` tells them, `reports` what became of each, and `routes` the
    methods and paths that they answer themselves, on `port` of this machine to who shows the `secret`.
    """

    nodes: dict[str, Any]
    reports: list[dict[str, Any]] = field(default_factory=list)
    routes: list[list[str]] = field(default_factory=list)
    port: int = 0
    secret: str = ""


Order: TypeAlias = Run | Cancel | Free | Ask | Stop
Report: TypeAlias = Ready | Warmed | Beat | Happened | Ended | Answer | Said | Packs
Message: TypeAlias = Order | Report
KINDS: Mapping[str, type[Message]] = {
    kind.__name__: kind
    for kind in (Run, Cancel, Free, Ask, Stop, Ready, Warmed, Beat, Happened, Ended, Answer, Said, Packs)
}
EVENTS: Mapping[str, Callable[..., events.Event]] = {
    kind.__name__: kind
    for kind in (
        events.RunStarted,
        events.NodeStarted,
        events.NodeProgressed,
        events.NodeFinished,
        events.NodeWarned,
        events.NodeSent,
        events.RunFinished,
    )
}


def frame(message: Message) -> bytes:
    """A message as bytes."""
    tree = {name: getattr(message, name) for name in message.__slots__}
    body = tree.pop("preview") if isinstance(message, Happened) else b""
    header = json.dumps({"version": VERSION, "kind": type(message).__name__, **tree}, separators=(",", ":"))
    data = header.encode()
    if len(data) > HEADER_LONGEST or len(body) > BODY_LONGEST:
        raise MessageError(f"a {type(message).__name__} of {(len(data) + len(body)) >> 20} MiB is too long")
    return LENGTHS.pack(len(data), len(body)) + data + body


def lengths(start: bytes) -> tuple[int, int]:
    """The lengths of header and body that a frame's first 8 bytes tell; MessageError if they cannot be."""
    header, body = LENGTHS.unpack(start)
    if not 0 < header <= HEADER_LONGEST or body > BODY_LONGEST:
        raise MessageError(f"no message begins with {start!r}")
    return header, body


def message(header: bytes, body: bytes = b"") -> Message:
    """The message of a frame; MessageError if it is none of this version."""
    try:
        tree = json.loads(header)
        version, kind = tree.pop("version"), tree.pop("kind")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise MessageError(f"a message cannot be read ({error})") from error
    if version != VERSION:
        raise MessageError(f"a message has version {version}, and {VERSION} is spoken here")
    if not isinstance(kind, str) or kind not in KINDS:
        raise MessageError(f"there is no message {kind!r}")
    if body:
        tree["preview"] = body
    try:
        return KINDS[kind](**tree)
    except TypeError as error:
        raise MessageError(f"a message {kind!r} is not whole ({error})") from error


def event_tree(event: events.Event) -> dict[str, Any]:
    """An event as plain JSON, without what it gives to look at."""
    tree = {one.name: plain(getattr(event, one.name)) for one in fields(event) if one.name != "preview"}
    return {"event": type(event).__name__, **tree}


def event_of(tree: Mapping[str, Any]) -> events.Event:
    """The event of a tree from `event_tree`; MessageError if it is none."""
    values = dict(tree)
    try:
        event = EVENTS[values.pop("event")](**values)
    except (KeyError, TypeError) as error:
        raise MessageError(f"an event cannot be read ({error})") from error
    return events.RunStarted(tuple(event.nodes)) if isinstance(event, events.RunStarted) else event


def plain(value: Any) -> Any:
    """A value as JSON can say it. What it cannot becomes text: NaN, bytes, objects of a plugin's own."""
    match value:
        case None | bool():
            return value
        case str():
            return str.__str__(value)
        case Integral():
            return int(value)
        case Real():
            return float(value) if isfinite(value) else str(value)
        case Mapping():
            return {str(name): plain(item) for name, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
    return str(value)
