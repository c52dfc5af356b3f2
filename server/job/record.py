"""What the store is given and what it gives: plain frozen records, with JSON kept as text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

from safelight.compat import from_prompt
from safelight.core.error import SafelightError

State: TypeAlias = Literal["queued", "running", "done", "failed", "cancelled"]
ENDED: tuple[State, ...] = ("done", "failed", "cancelled")


class StoreFull(SafelightError):
    """The store cannot write: nothing of what was asked for was kept."""

    kind = "store_full"


class StoreBusy(SafelightError):
    """Another server has the store open."""

    kind = "store_busy"


class StoreClosed(SafelightError):
    """The server ends: nothing is kept any more."""

    kind = "store_closed"


class DuplicateJob(SafelightError):
    """Another job has this id."""

    kind = "duplicate_job"


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to accept. `prompt`, `graph` and `extra_data` are JSON texts that are stored as they are.

    `prompt` is what the client sent, in the API format. `graph` is what is run (`Graph.as_tree`) where
    reading with tolerance changed something; None if the prompt itself is.
    """

    id: str
    prompt: str
    roots: Sequence[str]
    graph: str | None = None
    extra_data: str = "{}"
    dialect: str = "api"
    client_id: str | None = None
    """Whose sockets hear of it."""
    token_id: str | None = None
    """Who takes turns with others; the client, where no token is used."""
    number: float | None = None
    front: bool = False
    title: str = ""
    workflow_id: str | None = None
    texts: str = ""
    """What a search in the history looks through."""
    models: Sequence[str] = ()
    seeds: Sequence[int] = ()

    @property
    def party(self) -> str:
        """Who the job counts for in the order."""
        return f"token {self.token_id}" if self.token_id else f"client {self.client_id or ''}"


@dataclass(frozen=True, slots=True)
class Summary:
    """A job without its texts: enough to order it, to list it and to follow it."""

    seq: int
    id: str
    number: float
    placed: bool
    """Whether its place was asked for, by a number or by `front`."""
    party: str
    client_id: str | None
    state: State
    attempt: int
    deaths: int
    """Deaths of workers with this job since it last made progress."""
    marker: str
    worker: str | None
    stopping: bool
    """Its cancelling was asked for while it ran."""
    passed: int
    """How often another was preferred to it, because a worker had that one's models."""
    dialect: str
    title: str
    workflow_id: str | None
    models: tuple[str, ...]
    roots: tuple[str, ...]
    created: int
    started: int | None
    ended: int | None
    outputs_count: int
    previewable_count: int
    preview: dict[str, Any] | None
    error: dict[str, Any] | None


@dataclass(frozen=True)
class Job(Summary):
    """A job with its texts."""

    prompt: str = "{}"
    graph: str | None = None
    extra_data: str = "{}"

    def tree(self) -> dict[str, Any]:
        """The graph to run, as `Graph.as_tree` has it."""
        if self.graph is not None:
            read: dict[str, Any] = json.loads(self.graph)
            return read
        return from_prompt(self.prompt_tree()).as_tree()

    def prompt_tree(self) -> dict[str, Any]:
        """The prompt, read."""
        tree: dict[str, Any] = json.loads(self.prompt)
        return tree

    @cached_property
    def extra(self) -> dict[str, Any]:
        """The extra data, read."""
        tree = json.loads(self.extra_data)
        return tree if isinstance(tree, dict) else {}

    @property
    def workflow(self) -> dict[str, Any] | None:
        """The editor's document that the client sent along."""
        info = self.extra.get("extra_pnginfo")
        found = info.get("workflow") if isinstance(info, dict) else None
        return found if isinstance(found, dict) else None

    @property
    def preview_method(self) -> str | None:
        """How the client wants previews; None if it does not say."""
        method = self.extra.get("preview_method")
        return method if isinstance(method, str) else None


@dataclass(frozen=True)
class Ending:
    """How an attempt ended: all that the history keeps of it."""

    status: Literal["done", "failed", "cancelled"]
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """What each node shows, by node."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    messages: Sequence[Any] = ()
    nodes: Mapping[str, Any] = field(default_factory=dict)
    """State, seconds and reason of each node."""
    error: Mapping[str, Any] | None = None
    seconds: float = 0.0
