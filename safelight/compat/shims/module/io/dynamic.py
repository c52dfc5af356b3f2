"""Types that depend on what is wired or chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from safelight.compat.shims.module.io.input import Input, Output
from safelight.compat.shims.module.io.type import ComfyType
from safelight.compat.shims.module.io.widget import AnyType


class MultiType(ComfyType):
    """One of several types."""

    class Input(Input):
        def __init__(self, id: Any, types: Sequence[Any] = (), *given: Any, **more: Any) -> None:
            self.override = id if isinstance(id, Input) else None
            super().__init__(id.id if self.override is not None else id, *given, **more)
            if self.override is not None:
                self.options = {**self.override.options, **self.options}
                self.optional = bool(self.options.get("optional"))
            self.types = list(types)

        def get_io_type(self) -> str:
            names = [one if isinstance(one, str) else one.io_type for one in self.types]
            if self.override is not None and self.override.get_io_type() not in names:
                names.insert(0, self.override.get_io_type())
            return ",".join(dict.fromkeys(names))


class MatchType(ComfyType):
    """Inputs and outputs that are of one and the same type, whichever it is."""

    class Template:
        def __init__(self, template_id: str, allowed_types: Any = None) -> None:
            self.template_id = template_id
            several = (
                allowed_types if isinstance(allowed_types, (list, tuple)) else [allowed_types or AnyType]
            )
            self.allowed_types = list(several)

        @property
        def io_type(self) -> str:
            return ",".join(one.io_type for one in self.allowed_types)

    class Input(Input):
        def __init__(self, id: str, template: Any, *given: Any, **more: Any) -> None:
            super().__init__(id, *given, **more)
            self.template = template

        def get_io_type(self) -> str:
            return str(self.template.io_type)

        def declared(self) -> tuple[Any, dict[str, Any]]:
            kind, said = super().declared()
            return kind, {**said, "match": self.template.template_id}

    class Output(Output):
        def __init__(self, template: Any, id: Any = None, *given: Any, **more: Any) -> None:
            super().__init__(id, *given, **more)
            self.template = template

        def get_io_type(self) -> str:
            return str(self.template.io_type)


class Autogrow(ComfyType):
    """Inputs that are added as they are used."""

    class TemplatePrefix:
        def __init__(self, input: Any, prefix: str, min: int = 1, max: int = 10) -> None:
            self.input, self.min = input, min
            self.names = tuple(f"{prefix}{place}" for place in range(max))

    class TemplateNames:
        def __init__(self, input: Any, names: Sequence[str], min: int = 1) -> None:
            self.input, self.names, self.min = input, tuple(names), min

    class Input(Input):
        def __init__(self, id: str, template: Any, *given: Any, **more: Any) -> None:
            super().__init__(id, *given, **more)
            self.template = template


class DynamicCombo(ComfyType):
    """A choice on which other inputs depend."""

    @dataclass
    class Option:
        key: str
        inputs: list[Any]

    class Input(Input):
        def __init__(self, id: str, options: Sequence[Any], *given: Any, **more: Any) -> None:
            super().__init__(id, *given, **more)
            self.choices = list(options)


class DynamicSlot(ComfyType):
    """A socket that brings other inputs with it."""

    class Input(Input):
        def __init__(self, slot: Any, inputs: Sequence[Any] = (), *given: Any, **more: Any) -> None:
            super().__init__(slot.id, *given, **more)
            self.slot, self.inner = slot, list(inputs)

        def get_io_type(self) -> str:
            return str(self.slot.get_io_type())
