"""Summary: a value in one line, for a person who asked what comes out of a node."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from safelight.core.outcome import Blocked
from safelight.core.widget import shown


def summary(value: Any) -> str:
    """What a value is, and of tensors their shape and range."""
    if isinstance(value, Blocked):
        return f"blocked{f': {value.message}' if value.message else ''}"
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return _tensor(value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {summary(item)}" for name, item in value.items()) or "nothing"
    if isinstance(value, (list, tuple)):
        return _list(value)
    source = getattr(value, "source", None)
    if source is not None:
        return f"the {source.part} of {PurePath(source.path).name} ({source.family})"
    return value if isinstance(value, str) else shown(value)


def _tensor(value: Any) -> str:
    shape = " x ".join(map(str, value.shape))
    text = f"{str(value.dtype).removeprefix('torch.')} [{shape}]"
    if not value.numel() or value.dtype.is_complex:
        return text
    return f"{text} from {float(value.min()):.4g} to {float(value.max()):.4g}"


def _list(value: list[Any] | tuple[Any, ...]) -> str:
    few = "; ".join(summary(item) for item in value[:3])
    more = f"; and {len(value) - 3} more" if len(value) > 3 else ""
    return f"({few}{more})" if value else "nothing"
