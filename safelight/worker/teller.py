"""Teller: turns what happens in a run into reports, no more of them than are worth sending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from time import monotonic

from safelight.core.event import Event, NodeFinished, NodeProgressed, NodeSent
from safelight.message import Happened, event_tree
from safelight.worker.preview import FORMAT, Previewer

INTERVAL = 1 / 20
"""Seconds between two reports of one node's progress."""


class Teller:
    """Listens to one run, whose events come from several threads.

    `preview` says how latents are shown, as a job asks for it; `find` finds the tiny decoders for that.
    """

    def __init__(
        self,
        job: str,
        attempt: int,
        send: Callable[[Happened], None],
        preview: str,
        find: Callable[[str, str], Path | None] = lambda _kind, _name: None,
    ) -> None:
        self._job, self._attempt, self._send = job, attempt, send
        self._previewer = None if preview == "none" else Previewer(self._send_preview, preview, find)
        self._lock = Lock()
        self._told: dict[str, float] = {}
        """When each node that is at work was last told of."""
        self._latest: dict[str, tuple[int, int]] = {}
        self._pending: dict[str, NodeProgressed] = {}
        """Progress that was made since."""

    def __call__(self, event: Event) -> None:
        """Report an event, unless it is one more step a moment after the last."""
        with self._lock:
            if isinstance(event, NodeProgressed):
                self._progress(event)
                return
            if isinstance(event, NodeFinished):
                self._told.pop(event.node, None)
                self._latest.pop(event.node, None)
                self._pending.pop(event.node, None)
            self._tell(event)

    def flush(self) -> None:
        """Report what was held back: of a node that has not come on since."""
        with self._lock:
            pending, self._pending = self._pending, {}
            for event in pending.values():
                self._tell(event)

    def close(self) -> None:
        """Tell no more, and show no more."""
        with self._lock:
            self._latest.clear()
            self._pending.clear()
            if self._previewer is not None:
                self._previewer.clear()

    def _progress(self, event: NodeProgressed) -> None:
        if event.total or event.node not in self._latest:
            self._latest[event.node] = (event.done, event.total)
        if event.preview is not None and self._previewer is not None:
            self._previewer.offer(event)
        now = monotonic()
        last = event.done >= event.total > 0
        if not event.total:
            return
        if last or now - self._told.get(event.node, 0.0) >= INTERVAL:
            self._told[event.node] = now
            self._pending.pop(event.node, None)
            self._tell(event)
        else:
            self._pending[event.node] = NodeProgressed(event.node, event.done, event.total)

    def _send_preview(self, event: NodeProgressed, picture: bytes) -> None:
        """Send a preview with the progress as it is by now; none of a node that is done."""
        with self._lock:
            if event.node in self._latest:
                now = NodeProgressed(event.node, *self._latest[event.node])
                self._send(Happened(self._job, self._attempt, event_tree(now), FORMAT, picture))

    def _tell(self, event: Event) -> None:
        picture = (event.format, event.preview) if isinstance(event, NodeSent) else ()
        self._send(Happened(self._job, self._attempt, event_tree(event), *picture))
