"""Order: how ComfyUI's own node types that are not here list their widgets in saved files.

`order.json` holds, by node type, `[name, type, options?]` of each widget in the order of `widgets_values`. It
says where values stand, nothing more: such nodes stay placeholders, whose values have names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from safelight.core.spec import InputSpec, NodeSpec
from safelight.core.widget import Free, Variant

TABLE = Path(__file__).with_name("order.json")


def placed(type: str) -> NodeSpec | None:
    """The widgets of a node type as a spec that nothing can run, or None if they are not known."""
    return _spec(type) if type in _table() else None


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(TABLE.read_text("utf-8"))
    return table


@cache
def _spec(type: str) -> NodeSpec:
    return NodeSpec(type, lambda **_: None, tuple(_inputs(_table()[type])))


def _inputs(entries: Iterable[Any]) -> Iterable[InputSpec]:
    for name, type, *more in entries:
        options = dict(more[0]) if more else {}
        of = options.pop("of", None)
        if of is not None:
            widget: Variant | Free | None = Variant({key: tuple(_inputs(inner)) for key, inner in of.items()})
        else:
            widget = None if options.get("forceInput") else Free()
        yield InputSpec(name, type, widget, raw=options)
