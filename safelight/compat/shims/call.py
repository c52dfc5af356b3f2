"""The call of a pack's node that is under way: where shims find the context that ComfyUI has in globals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from safelight.core.context import Context


@dataclass(frozen=True)
class Call:
    """One call of a pack's node."""

    context: Context
    pack: str
    type: str


_current: ContextVar[Call | None] = ContextVar("safelight_call", default=None)
_last: list[Call] = []
"""The call that began last, for threads that a pack starts itself."""


def current() -> Call | None:
    """The call under way in this thread, or the one that began last; None outside of any."""
    call = _current.get()
    return call if call is not None else _last[-1] if _last else None


@contextmanager
def calling(call: Call) -> Iterator[None]:
    """Make a call the current one."""
    token = _current.set(call)
    _last.append(call)
    try:
        yield
    finally:
        _current.reset(token)
        _last.remove(call)
