"""Preview: pictures of what a sampler is at, encoded beside it and never more of them than one can follow."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from pathlib import Path
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

    `send` gets the event and its picture, if there is still somebody at work on the node. `method` says
    how latents are shown, as a job asks for it, and `find` finds the tiny decoders that some ways take.
    """

    def __init__(
        self,
        send: Callable[[NodeProgressed, bytes], None],
        method: str = "auto",
        find: Callable[[str, str], Path | None] = lambda _kind, _name: None,
    ) -> None:
        self._send = send
        self._method = method
        self._find = find
        self._viewer: Any = None
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
                picture = encoded(event.preview, self._shown)
            except Exception:
                logger.exception("a preview of node '%s' cannot be shown", event.node)
                continue
            if picture is not None:
                self._send(event, picture)

    def _shown(self, latent: Any) -> Any:
        """A latent as levels [h, w, 3], or None."""
        if self._viewer is None:
            from safelight import diffusion

            self._viewer = diffusion.preview.Viewer(self._method, self._find)
        return self._viewer.show(latent, EDGE)


def encoded(preview: Any, shown: Callable[[Any], Any] = lambda latent: latent.picture(EDGE)) -> bytes | None:
    """A preview as JPEG: a latent's, a picture [H, W, C] or a batch of them, or Pillow's; None for others."""
    from PIL import Image

    picture = _picture(preview, shown)
    if not isinstance(picture, Image.Image):
        return None
    picture = picture.convert("RGB")
    picture.thumbnail((EDGE, EDGE))
    file = io.BytesIO()
    picture.save(file, FORMAT, quality=QUALITY)
    return file.getvalue()


def _picture(preview: Any, shown: Callable[[Any], Any]) -> Any:
    if hasattr(preview, "picture"):  # a latent, which is mapped to colours only when someone looks
        from PIL import Image

        levels = shown(preview)
        return None if levels is None else Image.fromarray(levels.numpy())
    if hasattr(preview, "movedim"):
        from safelight import diffusion

        first = preview[0] if preview.ndim == 4 else preview
        return diffusion.picture.to_pillow(first) if first.ndim in (2, 3) else None
    if isinstance(preview, tuple) and len(preview) > 1:  # as plugins give them: format, picture, size
        return preview[1]
    return preview
