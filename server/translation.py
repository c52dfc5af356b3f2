"""Translation: what happens in a job, as messages that clients of ComfyUI know, and as history keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from safelight.core.event import (
    Event,
    NodeFinished,
    NodeProgressed,
    NodeSent,
    NodeStarted,
    NodeWarned,
    RunStarted,
)
from safelight.message import Ended
from server.hub import Hub
from server.job.record import Ending, Job, Summary
from server.job.store import clock
from server.progress import Progress


@dataclass
class Attempt:
    """One attempt at a job, as far as it has come."""

    job: Job
    progress: Progress
    messages: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """What the history keeps."""
    hits: list[NodeFinished] = field(default_factory=list)
    """Results that were found rather than computed, not told of yet."""
    cached: dict[str, Any] | None = None
    """The message about them, from when it was sent."""
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)
    displayed: set[str] = field(default_factory=set)
    """The nodes that a person saw show something."""
    executed: dict[str, None] = field(default_factory=dict)
    last: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """What is to be told when the end is kept."""


class Translation:
    """Tells clients of the jobs that run. The end is told only when it is on disk: first kept, then told."""

    def __init__(self, hub: Hub, now: Callable[[], int] = clock) -> None:
        self.hub = hub
        self._now = now
        self._attempts: dict[str, Attempt] = {}

    def started(self, job: Job) -> None:
        """An attempt begins."""
        attempt = self._attempts[job.id] = Attempt(job, Progress(job.id))
        self._tell(attempt, "execution_start", self._stamped(job))

    def happened(self, job: Job, event: Event, preview: bytes = b"", format: str = "jpeg") -> None:
        """A worker tells of something in a job."""
        attempt = self._attempts.get(job.id)
        if attempt is None:
            return
        match event:
            case RunStarted(nodes=nodes):
                attempt.progress.known = frozenset(nodes)
            case NodeStarted():
                self._node_started(attempt, event)
            case NodeProgressed():
                self._node_progressed(attempt, event, preview, format)
            case NodeWarned(node=node, text=text):
                self._send(attempt, "node_warning", {"node": node, "text": text, "prompt_id": job.id})
            case NodeSent():
                self._tell_hits(attempt)
                if preview and job.client_id is not None:
                    self.hub.send_picture(job.client_id, preview, event.format)
            case NodeFinished(state="ran"):
                self._node_finished(attempt, event)
            case NodeFinished():
                attempt.hits.append(event)

    def ended(self, job: Job, ended: Ended) -> Ending:
        """An attempt ended: what the history keeps of it. Nobody is told before `settled`."""
        attempt = self._attempts.get(job.id) or Attempt(job, Progress(job.id))
        self._attempts[job.id] = attempt
        self._tell_hits(attempt)
        last = self._last(attempt, ended)
        attempt.last = [*self._blocked(attempt, ended), last]
        outputs = ended.outputs or attempt.shown
        return Ending(
            _STATUS.get(ended.status, "failed"),
            outputs=outputs,
            meta={node: attempt.progress.meta(node) for node in outputs},
            messages=[*attempt.messages, last],
            nodes=ended.nodes,
            error=_error(ended, last[1]),
            seconds=ended.seconds,
        )

    def settled(self, job: Job) -> None:
        """The end is kept: tell of it."""
        attempt = self._attempts.pop(job.id, None)
        if attempt is None:
            return
        for type, data in attempt.last:
            if type == "execution_interrupted":
                self.hub.send(type, data)
            else:
                self._send(attempt, type, data)
        self._send(attempt, "executing", {"node": None, "prompt_id": job.id})

    def dropped(self, job: Job) -> None:
        """The attempt is over without an end: the job waits again."""
        self._attempts.pop(job.id, None)

    def recalled(self, job: Summary) -> None:
        """A job that was begun and waited to be taken up again is cancelled: its clients wait for an end."""
        data = self._stamped(job) | {"node_id": None, "node_type": None, "executed": []}
        self.hub.send("execution_interrupted", data)
        if job.client_id is not None:
            self.hub.send("executing", {"node": None, "prompt_id": job.id}, job.client_id)

    # -- nodes

    def _node_started(self, attempt: Attempt, event: NodeStarted) -> None:
        self._tell_hits(attempt)
        attempt.progress.begin(event.node)
        display, _ = attempt.progress.place(event.node)
        data = {"node": event.node, "display_node": display, "prompt_id": attempt.job.id}
        self._send(attempt, "executing", data)
        self._send_progress(attempt)

    def _node_progressed(self, attempt: Attempt, event: NodeProgressed, preview: bytes, format: str) -> None:
        self._tell_hits(attempt)
        if event.total > 0 and attempt.progress.move(event.node, event.done, event.total):
            data = {"value": event.done, "max": event.total, "prompt_id": attempt.job.id, "node": event.node}
            self._send(attempt, "progress", data)
            self._send_progress(attempt)
        client = attempt.job.client_id
        if preview and client is not None and self.hub.connected(client):
            display, parent = attempt.progress.place(event.node)
            metadata = {
                "node_id": event.node,
                "display_node_id": display,
                "parent_node_id": parent,
                "real_node_id": event.node,
                "prompt_id": attempt.job.id,
            }
            asked = attempt.job.preview_method not in (None, "default")
            self.hub.send_preview(client, preview, format or "jpeg", metadata, asked=asked)

    def _node_finished(self, attempt: Attempt, event: NodeFinished) -> None:
        self._tell_hits(attempt)
        attempt.progress.finish(event.node)
        self._send_progress(attempt)
        if event.shown:
            self._tell_shown(attempt, event)
        attempt.executed[event.node] = None

    def _tell_hits(self, attempt: Attempt) -> None:
        """Tell of results that were found: of all that were before the first node ran in one message."""
        hits, attempt.hits = attempt.hits, []
        nodes = list(dict.fromkeys(event.node for event in hits))
        if attempt.cached is None:
            attempt.cached = {"nodes": nodes, **self._stamped(attempt.job)}
            self._tell(attempt, "execution_cached", attempt.cached)
        elif nodes:
            attempt.cached["nodes"] += [node for node in nodes if node not in attempt.executed]
            self._send(attempt, "execution_cached", {"nodes": nodes, **self._stamped(attempt.job)})
        for event in hits:
            attempt.progress.finish(event.node)
            if event.shown or (event.node in attempt.job.roots and event.node not in attempt.executed):
                self._tell_shown(attempt, event)
            attempt.executed[event.node] = None

    def _tell_shown(self, attempt: Attempt, event: NodeFinished) -> None:
        """Tell what a node shows; what its later items and its copies in a loop show adds to that."""
        display, _ = attempt.progress.place(event.node)
        known = display in attempt.displayed
        data = {"node": event.node, "display_node": display, "output": event.shown or None}
        data["prompt_id"] = attempt.job.id
        if event.shown:
            attempt.displayed.add(display)
            entries = attempt.shown.setdefault(event.node, {})
            for kind, more in event.shown.items():
                entries.setdefault(kind, []).extend(more)
        self._send(attempt, "executed", {**data, "merge": True} if known else data)

    # -- the end

    def _last(self, attempt: Attempt, ended: Ended) -> tuple[str, dict[str, Any]]:
        data = self._stamped(attempt.job)
        if ended.status == "done":
            return "execution_success", data
        error = ended.error or {}
        data |= {
            "node_id": error.get("node"),
            "node_type": error.get("type"),
            "executed": list(attempt.executed),
        }
        if ended.status == "cancelled":
            return "execution_interrupted", data | self._interrupted(attempt, data["node_id"])
        return "execution_error", data | {
            "exception_message": error.get("text") or "The job failed.",
            "exception_type": error.get("exception") or error.get("kind") or "error",
            "traceback": list(error.get("traceback") or ()),
            "current_inputs": dict(error.get("inputs") or {}),
            "current_outputs": list(attempt.executed),
        }

    def _interrupted(self, attempt: Attempt, node: str | None) -> dict[str, Any]:
        """The node that was interrupted: nobody else says which it was."""
        node = node or attempt.progress.running
        entry = attempt.job.prompt_tree().get(node) if node is not None else None
        return {"node_id": node, "node_type": entry["class_type"] if entry is not None else None}

    def _blocked(self, attempt: Attempt, ended: Ended) -> list[tuple[str, dict[str, Any]]]:
        """Outputs that were blocked with a message: clients show it as an error, though the job goes on."""
        return [
            (
                "execution_error",
                self._stamped(attempt.job)
                | {"node_id": id, "node_type": node.get("type"), "executed": list(attempt.executed)}
                | {"exception_message": f"Blocked: {node['blocked']}", "exception_type": "ExecutionBlocked"}
                | {"traceback": [], "current_inputs": {}, "current_outputs": []},
            )
            for id, node in ended.nodes.items()
            if node.get("blocked")
        ]

    # -- telling

    def _stamped(self, job: Summary) -> dict[str, Any]:
        return {"prompt_id": job.id, "timestamp": self._now()}

    def _tell(self, attempt: Attempt, type: str, data: dict[str, Any]) -> None:
        """Send a message that the history keeps too."""
        attempt.messages.append((type, data))
        self._send(attempt, type, data)

    def _send(self, attempt: Attempt, type: str, data: dict[str, Any]) -> None:
        client = attempt.job.client_id
        if client is not None:
            self.hub.send(type, data, client)

    def _send_progress(self, attempt: Attempt) -> None:
        if self.hub.connected(attempt.job.client_id):
            self._send(attempt, "progress_state", attempt.progress.state())


_STATUS: dict[str, Any] = {"done": "done", "failed": "failed", "cancelled": "cancelled"}


def _error(ended: Ended, last: dict[str, Any]) -> dict[str, Any] | None:
    """The error as kept with the job: its own fields, and those under which clients look for it."""
    if ended.status == "done":
        return None
    return {**(ended.error or {}), **last}
