"""The built editor carries along the licences that ask for it."""

from __future__ import annotations

import urllib.request
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("licenses.md", "## @xyflow/react"),
        ("licenses.md", "## react-dom"),
        ("licenses.md", "## zustand"),
        ("font-license.txt", "SIL Open Font License"),
    ],
)
def test_the_editor_carries_licenses_along(address: str, name: str, part: str) -> None:
    with urllib.request.urlopen(address + name, timeout=60) as answer:
        assert part.lower() in answer.read().decode().lower()


def test_the_canvas_names_its_library(page: Any) -> None:
    named = page.locator(".react-flow__attribution a")
    assert named.get_attribute("href").startswith("https://reactflow.dev")
    assert named.is_visible()
