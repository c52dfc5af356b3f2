"""Inputs and outputs of a schema."""

from __future__ import annotations

import enum
from typing import Any, ClassVar

NOT_OPTIONS = frozenset({"id", "optional", "extra_dict", "options", "template", "types", "display_name"})


SAID = {
    "force_input": "forceInput",
    "raw_link": "rawLink",
    "dynamic_prompts": "dynamicPrompts",
    "display_mode": "display",
    "default_input": "defaultInput",
}


class Input:
    """An input as it was declared: its type, its id and all its options."""

    io_type = "*"
    POSITIONAL: ClassVar[tuple[str, ...]] = ("display_name", "optional", "tooltip", "lazy")

    def __init__(self, id: str, *given: Any, **options: Any) -> None:
        self.id = id
        self.options = {**dict(zip(self.POSITIONAL, given, strict=False)), **options}
        self.optional = bool(self.options.get("optional", False))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "options":
            raise AttributeError(name)
        return self.options.get(name)

    def get_io_type(self) -> str:
        return self.io_type

    def declared(self) -> tuple[Any, dict[str, Any]]:
        """As a class-based node would say it."""
        said = {
            SAID.get(name, name): value.value if isinstance(value, enum.Enum) else value
            for name, value in self.options.items()
            if name not in NOT_OPTIONS and value is not None
        }
        return self.get_io_type(), {**said, **(self.options.get("extra_dict") or {})}

    def as_dict(self) -> dict[str, Any]:
        return self.declared()[1]

    def get_all(self) -> list[Input]:
        return [self]


class WidgetInput(Input):
    POSITIONAL = ("display_name", "optional", "tooltip", "lazy", "default")


class Output:
    """An output slot."""

    io_type = "*"

    def __init__(
        self,
        id: Any = None,
        display_name: Any = None,
        tooltip: Any = None,
        is_output_list: bool = False,
        **more: Any,
    ) -> None:
        self.id = id
        self.display_name = display_name if display_name else id
        self.tooltip = tooltip
        self.is_output_list = is_output_list
        self.more = more

    def get_io_type(self) -> str:
        return self.io_type
