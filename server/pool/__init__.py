"""The pool of workers: processes of this machine, watched and replaced."""

from server.pool.local import Limits, LocalPool
from server.pool.protocol import Lost, Notice, Pool, WorkerGone, WorkerInfo

__all__ = ["Limits", "LocalPool", "Lost", "Notice", "Pool", "WorkerGone", "WorkerInfo"]
