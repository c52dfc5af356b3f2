"""Preview: pictures of what a sampler is at, encoded beside it and never more of them than one can follow."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from threading import Condition, Thread
from time import monotonic
from typing import Any

from safelight.core.event import NodeProgressed

logger = logging.getLogger("safelight.worker")
INTERVAL = 1 / 8
"""Seconds between two previews."""
EDGE = 512
QUALITY = 85
FORMAT = "jpeg"


class Previewer:
    """Encodes the newest preview in a thread of its own; those that come meanwhile are left out.

    `send` gets the event and its picture, if there is still somebody at work on the node.
    """

    def __init__(self, send: Callable[[NodeProgressed, bytes], None]) -> None:
        self._send = send
        self._newest: NodeProgressed | None = None
        self._turn = Condition()
        self._next = 0.0
        self._thread: Thread | None = None

    def offer(self, event: NodeProgressed) -> None:
        """Show this unless a newer one comes first, or the last was shown just now."""
        if monotonic() < self._next:
            return
        with self._turn:
            self._newest = event
            if self._thread is None:
                self._thread = Thread(target=self._work, name="safelight-preview", daemon=True)
                self._thread.start()
            self._turn.notify()

    def clear(self) -> None:
        """Forget what waits to be shown."""
        with self._turn:
            self._newest = None

    def _work(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._newest is not None)
                event, self._newest = self._newest, None
            assert event is not None
            self._next = monotonic() + INTERVAL
            try:
                picture = encoded(event.preview)
            except Exception:
                logger.exception("a preview of node '%s' cannot be shown", event.node)
                continue
            if picture is not None:
                self._send(event, picture)


def encoded(preview: Any) -> bytes | None:
    """A preview as JPEG: a latent's, a picture [H, W, C] or a batch of them, or Pillow's; None for others."""
    from PIL import Image

    picture = _picture(preview)
    if not isinstance(picture, Image.Image):
        return None
    picture = picture.convert("RGB")
    picture.thumbnail((EDGE, EDGE))
    file = io.BytesIO()
    picture.save(file, FORMAT, quality=QUALITY)
    return file.getvalue()


def _picture(preview: Any) -> Any:
    if hasattr(preview, "picture"):  # a latent, which is mapped to colours only when someone looks
        from PIL import Image

        return Image.fromarray(preview.picture(EDGE).numpy())
    if hasattr(preview, "movedim"):
        from safelight import diffusion

        first = preview[0] if preview.ndim == 4 else preview
        return diffusion.picture.to_pillow(first) if first.ndim in (2, 3) else None
    if isinstance(preview, tuple) and len(preview) > 1:  # as plugins give them: format, picture, size
        return preview[1]
    return preview
