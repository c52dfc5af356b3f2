"""A stage for the editor: the built page, the real node types, one picture; nothing that runs."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

from PIL import Image

from safelight.compat import object_info
from safelight.core.registry import Registry

DIST = Path(__file__).parents[2] / "web" / "dist"
FILES = {"checkpoints": ["emoji"], "input": ["example.png"]}


@contextmanager
def stage() -> Iterator[str]:
    """Serve the page while the block runs; gives its address."""
    registry = Registry()
    registry.load("nodes")
    info = json.dumps(object_info(registry, lambda kind: FILES.get(str(kind), []))).encode()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(info, _picture()))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def _picture() -> bytes:
    out = BytesIO()
    Image.linear_gradient("L").resize((512, 512)).convert("RGB").save(out, "PNG")
    return out.getvalue()


def _handler(info: bytes, picture: bytes) -> type[SimpleHTTPRequestHandler]:
    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *given: object) -> None:
            super().__init__(*given, directory=str(DIST))  # type: ignore[arg-type]

        def do_GET(self) -> None:
            if self.path.startswith("/api/object_info"):
                self._give(info, "application/json")
            elif self.path.startswith("/api/view"):
                self._give(picture, "image/png")
            elif self.path.startswith("/api"):
                self._give(b"{}", "application/json")
            else:
                super().do_GET()

        def _give(self, body: bytes, type: str) -> None:
            self.send_response(200)
            self.send_header("content-type", type)
            self.send_header("cache-control", "max-age=60")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing of what was asked for."""

    return Handler
