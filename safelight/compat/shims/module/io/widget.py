"""The types that have a widget."""

from __future__ import annotations

import enum
from typing import Any

from safelight.compat.shims.module.io.input import WidgetInput
from safelight.compat.shims.module.io.type import made


class NumberInput(WidgetInput):
    POSITIONAL = (
        "display_name",
        "optional",
        "tooltip",
        "lazy",
        "default",
        "min",
        "max",
        "step",
    )


class TextInput(WidgetInput):
    POSITIONAL = ("display_name", "optional", "tooltip", "lazy", "multiline", "placeholder", "default")


class ComboInput(WidgetInput):
    """A choice; its options may be an enumeration."""

    POSITIONAL = ("display_name", "optional", "tooltip", "lazy", "default")

    def __init__(self, id: str, options: Any = None, *given: Any, **more: Any) -> None:
        super().__init__(id, *given, **more)
        if isinstance(options, type) and issubclass(options, enum.Enum):
            options = [one.value for one in options]
        self.listed = [one.value if isinstance(one, enum.Enum) else one for one in options or ()]

    def declared(self) -> tuple[Any, dict[str, Any]]:
        said = super().declared()[1]
        upload = self.options.get("upload")
        if upload is not None:
            said.pop("upload", None)
            said[str(getattr(upload, "value", upload))] = True
        return self.listed, said


class MultiComboInput(ComboInput):
    def declared(self) -> tuple[Any, dict[str, Any]]:
        listed, said = super().declared()
        return listed, {**said, "multi_select": True}


Boolean = made("Boolean", "BOOLEAN", WidgetInput)


Int = made("Int", "INT", NumberInput)


Float = made("Float", "FLOAT", NumberInput)


String = made("String", "STRING", TextInput)


Combo = made("Combo", "COMBO", ComboInput)


MultiCombo = made("MultiCombo", "COMBO", MultiComboInput)


AnyType = made("AnyType", "*")


Color = made("Color", "COLOR", WidgetInput)


BoundingBox = made("BoundingBox", "BOUNDING_BOX", WidgetInput)


Curve = made("Curve", "CURVE", WidgetInput)
