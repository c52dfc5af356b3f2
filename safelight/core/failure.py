"""Failure: what a body raised, as an error that says where and what to do."""

from __future__ import annotations

from errno import EACCES, ENOSPC, EROFS

from safelight.core.cell import Cell
from safelight.core.error import Cancelled, NodeFailed, OutOfMemory, SafelightError, Where

TORCH_CPU = "DefaultCPUAllocator"
"""Whose name is in the error when torch finds no room in the machine's memory: it has no class of its own."""
DISK = "Free some space, or choose a folder that can be written."


def failure(cell: Cell, error: BaseException) -> SafelightError:
    """The error with the cell's place. A SafelightError keeps its kind, others become the cause of one."""
    place = {"node": cell.id, "type": cell.spec.id, "title": cell.node.title or None}
    if isinstance(error, SafelightError):
        return error.at(**place)
    where = Where(node=cell.id, type=cell.spec.id, title=cell.node.title or None)
    kind = OutOfMemory if is_memory(error) else NodeFailed
    failed = kind(_problem(error), where=where, remedy=_remedy(error))
    failed.__cause__ = error
    return failed


def is_memory(error: BaseException) -> bool:
    """Whether an error means that memory ran out; libraries have classes of their own for that."""
    if isinstance(error, MemoryError) or getattr(error, "out_of_memory", False):
        return True
    if isinstance(error, RuntimeError) and TORCH_CPU in str(error):
        return True
    return any(cls.__name__ in ("OutOfMemoryError", "DeviceMemoryError") for cls in type(error).__mro__)


def _problem(error: BaseException) -> str:
    problem = getattr(error, "problem", None)
    if isinstance(problem, str):
        return problem
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    text = str(error).strip()
    name = type(error).__name__
    return f"{name}: {text}" if text else name


def _remedy(error: BaseException) -> str:
    remedy = getattr(error, "remedy", None)
    if isinstance(remedy, str):
        return remedy
    if is_memory(error):
        return "Choose a smaller size or batch."
    if isinstance(error, OSError):
        return (
            DISK if error.errno in (ENOSPC, EROFS, EACCES) else "See that the file is there and can be used."
        )
    return "If its inputs are what you meant, this is a mistake in the node's code."


def is_cancel(error: BaseException) -> bool:
    """Whether an error means that the job was cancelled."""
    return isinstance(error, (Cancelled, KeyboardInterrupt))
