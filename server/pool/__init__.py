"""The pool of workers: processes of this machine, watched and replaced."""

from server.pool.local import LocalPool
from server.pool.protocol import Lost, Notice, Pool, WorkerGone, WorkerInfo
from server.pool.slot import Limits

__all__ = ["Limits", "LocalPool", "Lost", "Notice", "Pool", "WorkerGone", "WorkerInfo"]
