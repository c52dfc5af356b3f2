"""ComfyUI's plugins: their packs loaded, their nodes as NodeSpecs, its modules as they know them.

Only a worker imports more of this than `trust` and `reading`: packs are code.
"""

from __future__ import annotations

from typing import Any

__all__ = ["PackReport", "Trust", "load_packs", "reload_pack"]


def __getattr__(name: str) -> Any:
    """Load what is asked for, so that the server can read `trust` without the rest."""
    match name:
        case "load_packs":
            from safelight.compat.shims.loader import load_packs

            return load_packs
        case "reload_pack":
            from safelight.compat.shims.reload import reload_pack

            return reload_pack
        case "PackReport":
            from safelight.compat.shims.pack import PackReport

            return PackReport
        case "Trust":
            from safelight.compat.shims.trust import Trust

            return Trust
    raise AttributeError(name)
