"""Foreign: node types of packs, as far as `/object_info` tells them. Here they are checked, never run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safelight.core.registry import Registry
from safelight.core.socket import Socket
from safelight.core.spec import REQUIRED, InputSpec, NodeSpec, OutputSpec
from safelight.core.widget import Choice, Free, Number, Text, Toggle, Widget

DYNAMIC = "COMFY_"
"""How types begin whose inputs depend on values; only the pack itself can check them."""
SOCKETS = frozenset(socket.name for socket in Socket.__subclasses__())
"""Types that only a wire brings."""


def with_packs(builtin: Registry, packs: Mapping[str, Any]) -> Registry:
    """The built-in node types, and those of packs that do not have a built-in one's name."""
    specs = list(builtin)
    specs += [foreign(id, info) for id, info in packs.items() if id not in builtin and isinstance(info, dict)]
    return Registry(specs)


def foreign(id: str, info: Mapping[str, Any]) -> NodeSpec:
    """The node type that an entry of `/object_info` describes."""
    return NodeSpec(
        id,
        _nowhere,
        inputs=tuple(
            _input(name, entry, required=section == "required")
            for section in ("required", "optional")
            for name, entry in _mapping(_mapping(info.get("input")).get(section)).items()
        ),
        outputs=tuple(
            OutputSpec(str(name), type if isinstance(type, str) else "COMBO")
            for type, name in zip(info.get("output") or (), info.get("output_name") or (), strict=False)
        ),
        title=str(info.get("display_name") or id),
        category=str(info.get("category") or ""),
        module=str(info.get("python_module") or ""),
        effect=bool(info.get("output_node")),
    )


def _nowhere(**_inputs: Any) -> None:
    """A pack's code is in the worker only."""
    raise NotImplementedError("nodes of packs run in the worker")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _input(name: str, entry: Any, *, required: bool) -> InputSpec:
    kind, options = (*entry, {})[:2] if isinstance(entry, (list, tuple)) and entry else ("*", {})
    options = _mapping(options)
    if isinstance(kind, (list, tuple)):
        kind, options = "COMBO", {**options, "options": kind}
    kind = str(kind)
    dynamic = kind.startswith(DYNAMIC)
    return InputSpec(
        name,
        "*" if dynamic else kind,
        None if options.get("forceInput") else _widget(kind, options),
        options.get("default", REQUIRED) if required and not dynamic else options.get("default"),
        required=required and not dynamic,
        raw=dict(options),
    )


def _widget(kind: str, options: Mapping[str, Any]) -> Widget | None:
    match kind:
        case "INT" | "FLOAT":
            return Number(
                min=_number(options.get("min")),
                max=_number(options.get("max")),
                step=_number(options.get("step")),
                integer=kind == "INT",
            )
        case "STRING":
            return Text()
        case "BOOLEAN":
            return Toggle()
        case "COMBO" if isinstance(options.get("options"), (list, tuple)):
            return _choice(options)
    return None if kind in SOCKETS else Free()


def _choice(options: Mapping[str, Any]) -> Widget:
    """A choice among texts; one among other things, or of files that clients add, is the pack's to check."""
    names = options["options"]
    open_ended = any(key.endswith("_upload") or key == "remote" for key in options)
    if open_ended or not names or not all(isinstance(name, str) for name in names):
        return Free()
    return Choice(of=tuple(names))


def _number(value: Any) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
