"""One input of a ComfyUI declaration, `(type, options)`, as an InputSpec."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any

from safelight.core.spec import REQUIRED, InputSpec
from safelight.core.widget import Choice, Free, Number, Refusal, Seed, Text, Toggle, Widget

OWN_OPTIONS = frozenset({"tooltip", "min", "max", "step", "multiline", "lazy", "default"})
"""Options that an InputSpec says in its own words; `default` only where it holds without being given."""
UPLOADS = ("image", "video", "audio", "file", "animated_image")
SEEDS = ("seed", "noise_seed")
PLAIN_TYPES = frozenset({"INT", "FLOAT", "STRING", "BOOLEAN"})


class Listed(Choice):
    """A choice among values of any kind, which the node's own check may widen."""

    def refusal(self, value: Any) -> Refusal:
        options = self.options
        if not options or value in options:
            return None
        if isinstance(value, list) and all(one in options for one in value):
            return None
        return super().refusal(value)


class Unchecked(Choice):
    """A choice whose values the node checks itself."""

    def refusal(self, value: Any) -> Refusal:
        return None


def input_spec(
    name: str,
    declared: Any,
    *,
    required: bool,
    many: bool = False,
    checked: bool = True,
    fresh: Callable[[], Sequence[Any]] | None = None,
) -> InputSpec:
    """The input called `name`; `fresh` lists its choices anew. Not `checked`, the node judges them itself."""
    kind, options = taken_apart(declared)
    listed = kind if isinstance(kind, (list, tuple)) else None
    type = "COMBO" if listed is not None else type_name(kind)
    if type == "COMBO" and listed is None:
        listed = options.get("options") or ()
    choices = fresh or (lambda: list(listed or ()))
    wired = bool(options.get("forceInput") or options.get("rawLink"))
    widget = None if wired else _widget(name, type, options, choices if listed is not None else None, checked)
    default = _default(options, listed, widget) if required else None
    raw = {key: value for key, value in options.items() if key not in OWN_OPTIONS and _plain(value)}
    if not required and widget is not None and "default" in options and _plain(options["default"]):
        raw["default"] = options["default"]
    return InputSpec(
        name=name,
        type=type,
        widget=widget,
        default=default,
        required=required,
        lazy=bool(options.get("lazy") or options.get("rawLink")),
        many=many,
        tip=str(options.get("tooltip") or ""),
        raw=raw,
    )


def taken_apart(declared: Any) -> tuple[Any, Mapping[str, Any]]:
    """Type and options of a declaration, which packs write in several ways."""
    if isinstance(declared, str) or not isinstance(declared, Sequence):
        return declared, {}
    if not declared:
        return "*", {}
    options = declared[1] if len(declared) > 1 and isinstance(declared[1], Mapping) else {}
    return declared[0], options


def type_name(kind: Any) -> str:
    """The plain name of a type, of whatever class of strings it is."""
    if isinstance(kind, str):
        text = str.__str__(kind)
        return "*" if "*" in text else text
    return "COMBO" if isinstance(kind, (list, tuple)) else "*"


def _default(options: Mapping[str, Any], listed: Sequence[Any] | None, widget: Widget | None) -> Any:
    if widget is None or "default" not in options:
        return REQUIRED
    default = options["default"]
    if listed is not None and not _plain(default):
        return REQUIRED
    if isinstance(widget, Number) and widget.integer and isinstance(default, float) and default.is_integer():
        return int(default)
    return default


def _widget(
    name: str,
    type: str,
    options: Mapping[str, Any],
    choices: Callable[[], Sequence[Any]] | None,
    checked: bool,
) -> Widget | None:
    tip, advanced = str(options.get("tooltip") or ""), bool(options.get("advanced"))
    if choices is not None:
        upload = next((kind for kind in UPLOADS if options.get(f"{kind}_upload")), None)
        kind = Listed if checked and "remote" not in options else Unchecked
        return kind(of=choices, upload=upload, tip=tip, advanced=advanced)
    match type:
        case "INT":
            bounds = _bounds(options, whole=True)
            if name in SEEDS and bounds["min"] == 0 and options.get("control_after_generate", True):
                return Seed(min=0, max=int(bounds["max"] or 2**64 - 1), tip=tip, advanced=advanced)
            return Number(**bounds, integer=True, slider=_slider(options), tip=tip, advanced=advanced)
        case "FLOAT":
            return Number(**_bounds(options), slider=_slider(options), tip=tip, advanced=advanced)
        case "STRING":
            return Text(
                multiline=bool(options.get("multiline")),
                dynamic_prompts=bool(options.get("dynamicPrompts")),
                placeholder=str(options.get("placeholder") or ""),
                tip=tip,
                advanced=advanced,
            )
        case "BOOLEAN":
            on, off = (str(options.get(key) or "") for key in ("label_on", "label_off"))
            return Toggle(on=on, off=off, tip=tip, advanced=advanced)
    return Free(tip=tip, advanced=advanced) if _plain(options.get("default", _plain)) else None


def _slider(options: Mapping[str, Any]) -> bool:
    return options.get("display") == "slider"


def _bounds(options: Mapping[str, Any], *, whole: bool = False) -> dict[str, Any]:
    """Ranges as they are said; what is no finite number says nothing."""

    def number(key: str) -> float | None:
        value = options.get(key)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        if isinstance(value, float) and not isfinite(value):
            return None
        return int(value) if whole and float(value).is_integer() else value

    low, high = number("min"), number("max")
    if low is not None and high is not None and low > high:
        low = high = None
    return {"min": low, "max": high, "step": number("step"), "round": number("round")}


def _plain(value: Any, depth: int = 0) -> bool:
    """Whether JSON can say it."""
    if value is None or isinstance(value, (bool, int, str)):
        return True
    if isinstance(value, float):
        return isfinite(value)
    if depth > 6:
        return False
    if isinstance(value, (list, tuple)):
        return all(_plain(one, depth + 1) for one in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and _plain(one, depth + 1) for key, one in value.items())
    return False
