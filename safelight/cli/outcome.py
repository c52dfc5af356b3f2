"""Outcome: how a command ended, as its exit code."""

from __future__ import annotations

from safelight import cli
from safelight.core.error import Cancelled, DocumentError, GraphError, Problems
from safelight.setting import SettingError

DONE = 0
FAILED = 1
INVALID = 2
CANCELLED = cli.CANCELLED
OF_STATUS = {"done": DONE, "failed": FAILED, "invalid": INVALID, "cancelled": CANCELLED}


def exit_code(error: BaseException) -> int:
    """The exit code for an error that ended a command."""
    if isinstance(error, (Cancelled, KeyboardInterrupt)):
        return CANCELLED
    return INVALID if isinstance(error, (DocumentError, GraphError, Problems, SettingError)) else FAILED
