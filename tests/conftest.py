"""What holds for every test: torch draws and rounds the same each time, so that none passes by luck."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    """Seed torch, on one thread, where a test brought it."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(0)
        torch.set_num_threads(1)
