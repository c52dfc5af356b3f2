"""Columns of text."""

from __future__ import annotations

import pytest

from safelight.cli import table as module
from safelight.cli.table import table


def test_columns_line_up_and_numbers_are_flush_right() -> None:
    lines = list(table(("name", "count"), [("a", "5"), ("longer", "1000")], right=(1,)))
    assert lines == ["name    count", "a           5", "longer   1000"]


def test_a_terminal_folds_the_last_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(module, "width", lambda: 34)
    monkeypatch.setenv("NO_COLOR", "1")
    lines = list(table(("id", "why"), [("7", "because of something that is long to tell")]))
    assert lines[1:] == ["7   because of something that is", "    long to tell"]
