"""`safelight serve`: the server, and the editor in a browser."""

from __future__ import annotations

import os
import secrets
import sys
import webbrowser
from argparse import Namespace
from pathlib import Path
from threading import Thread

from safelight import home
from safelight.core.error import SafelightError

TOKEN = "SAFELIGHT_TOKEN"  # noqa: S105
"""The environment variable that holds the token; unlike a command line, others cannot read it."""


def main(args: Namespace) -> int:
    """Serve until Ctrl+C or SIGTERM; returns the exit code."""
    from server.guard import needs_token
    from server.listen import bind, serve
    from server.option import Options

    bound = bind(args.host, args.port)
    port = bound.getsockname()[1]
    given = os.environ.pop(TOKEN, None)  # workers and browsers that are started have no use for it
    given = args.token or given or None
    token = given
    if token is None and needs_token(args.host, args.allow_host):
        token = secrets.token_urlsafe(24)
    options = Options(
        data=home.locate(args.data),
        host=args.host,
        port=port,
        workers=args.workers,
        token=token,
        front_end=_front_end(args.front_end),
        allowed_hosts=tuple(args.allow_host),
        proxies=tuple(args.proxy),
        arguments=tuple(_without_secrets(sys.argv)),
    )
    made = token if given is None else None
    address = f"http://{_shown(args.host)}:{port}/{f'?token={made}' if made else ''}"
    serve(options, bound, lambda: _open(address, not args.no_open))
    return 0


def _open(address: str, browser: bool) -> None:
    print(f"Safelight is at {address} (Ctrl+C ends it)", flush=True)
    if browser:
        Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _shown(host: str) -> str:
    """The host as a browser on this machine reaches it."""
    if host in ("", "0.0.0.0", "::"):  # noqa: S104
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _front_end(folder: Path | None) -> Path | None:
    if folder is None:
        return None
    for found in (folder, folder / "static", folder / "comfyui_frontend_package" / "static"):
        if (found / "index.html").is_file():
            return found.resolve()
    raise SafelightError(
        f"{folder} holds no front end (no index.html)",
        remedy="Unpack comfyui-frontend-package and name its folder `static`.",
    )


def _without_secrets(words: list[str]) -> list[str]:
    """A command line that can be shown: the token taken out."""
    hidden = [
        "***" if before == "--token" else word for before, word in zip(["", *words], words, strict=False)
    ]
    return ["--token=***" if word.startswith("--token=") else word for word in hidden]
