"""Layout: the list in which a node's values are saved.

Saved files name no values; they list them in the order of the widgets, with extra values in between: how a
seed changes after each run, captions of upload buttons, and, in old files, dummies for inputs that take a
link only. `reading` works out which place holds which value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, TypeAlias

from safelight.core.shape import lay
from safelight.core.spec import REQUIRED, InputSpec, NodeSpec
from safelight.core.widget import Choice, File, Seed, Variant

SlotKind: TypeAlias = Literal["value", "control", "button", "dummy"]

CONTROL_MODES = frozenset({"fixed", "increment", "decrement", "randomize", "increment-wrap"})
SEED_NAMES = frozenset({"seed", "noise_seed"})
WIDGET_TYPES = frozenset({"INT", "FLOAT", "STRING", "BOOLEAN", "COMBO"})


class Slot(NamedTuple):
    """One place of `widgets_values`.

    The widget that it belongs to, what of it, and what fills it if it is absent.
    """

    name: str
    kind: SlotKind = "value"
    blank: Any = None


VIRTUAL: Mapping[str, tuple[Slot, ...]] = {
    "Note": (Slot("text"),),
    "MarkdownNote": (Slot("text"),),
    "PrimitiveNode": (Slot("value"), Slot("value", "control", "fixed")),
    "Reroute": (),
    "SetNode": (Slot("name"),),
    "GetNode": (Slot("name"),),
    "easy setNode": (Slot("name"),),
    "easy getNode": (Slot("name"),),
    "easy bookmark": (),
    "mxReroute": (),
    "Note Plus (mtb)": (),
    "Reroute (rgthree)": (),
    "Label (rgthree)": (),
    "Bookmark (rgthree)": (),
    "Node Collector (rgthree)": (),
    "Node Combiner (rgthree)": (),
    "Fast Muter (rgthree)": (),
    "Fast Bypasser (rgthree)": (),
    "Fast Groups Muter (rgthree)": (),
    "Fast Groups Bypasser (rgthree)": (),
    "Fast Actions Button (rgthree)": (),
    "Mute / Bypass Repeater (rgthree)": (),
    "Mute / Bypass Relay (rgthree)": (),
    "Random Unmuter (rgthree)": (),
}
"""Nodes that only editors know, with what they save; some are of widely used packs."""

SETTERS = frozenset({"SetNode", "easy setNode"})
GETTERS = frozenset({"GetNode", "easy getNode"})
"""Pairs of nodes that give a wire a name and take it up by that name elsewhere."""


def listed(
    spec: NodeSpec, values: Mapping[str, Any], controls: Mapping[str, Any] | None = None, whole: bool = False
) -> list[Any]:
    """The list in which a node of this type saves these values; what is not given has its default.

    It ends early where neither a value nor a default is known, unless it is to be `whole`.
    """
    controls = controls or {}
    found: list[Any] = []
    known = buttons = 0
    for one in lay(spec, values):
        if buttons and not one.required:
            found, buttons = [*found, *["image"] * buttons], 0
        if has_place(one):
            found.append(values[one.name] if one.name in values else blank(one))
            if controlled(one):
                found.append(controls.get(one.name, "fixed"))
            buttons += buttons_of(one)
            told = one.name in values or not (one.default is None or one.default is REQUIRED)
            known = len(found) if told else known
    return [*found, *["image"] * buttons] if whole or known == len(found) else found[:known]


def has_place(one: InputSpec) -> bool:
    """Whether the list has a place for an input's value."""
    return one.widget is not None and not one.raw.get("forceInput")


def blank(one: InputSpec) -> Any:
    """What fills the place of an input whose value is not known."""
    if isinstance(one.widget, Variant) and one.default is REQUIRED:
        return next(iter(one.widget.of), None)
    return None if one.default is REQUIRED else one.default


def controlled(one: InputSpec) -> bool:
    """Whether the editor keeps, beside the value, how it changes after each run."""
    if isinstance(one.widget, (Seed, Choice)):
        return one.widget.control
    flag = one.raw.get("control_after_generate")
    return bool(flag) or (flag is None and one.type == "INT" and one.name in SEED_NAMES)


def buttons_of(one: InputSpec) -> int:
    """How many values of its own an input's upload button has."""
    upload = one.widget.upload if isinstance(one.widget, (Choice, File)) else None
    if upload == "audio" or one.raw.get("audio_upload"):
        return 2
    return int(bool(upload or any(one.raw.get(f"{kind}_upload") for kind in ("image", "video", "file"))))
