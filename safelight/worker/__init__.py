"""Worker: the process that owns torch and runs jobs. Its parts, and the engine that it is built around."""

from safelight.worker.assembly import epoch, ladder, open_disk, open_engine

__all__ = ["epoch", "ladder", "open_disk", "open_engine"]
