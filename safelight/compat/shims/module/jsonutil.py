"""`utils.json_util`: dictionaries laid over each other."""

from __future__ import annotations

from typing import Any


def merge_json_recursive(base: Any, update: Any) -> Any:
    if isinstance(base, dict) and isinstance(update, dict):
        return base | {name: merge_json_recursive(base.get(name), value) for name, value in update.items()}
    if isinstance(base, list) and isinstance(update, list):
        return base + update
    return update
