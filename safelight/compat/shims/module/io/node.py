"""Nodes, their schemas and results, and the extension that has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from safelight.compat.shims.module.io.word import HiddenHolder


@dataclass
class Schema:
    """What a node says of itself."""

    node_id: str
    display_name: str | None = None
    category: str = "sd"
    inputs: list[Any] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)
    hidden: list[Any] = field(default_factory=list)
    description: str = ""
    search_aliases: list[str] = field(default_factory=list)
    is_input_list: bool = False
    is_output_node: bool = False
    is_deprecated: bool = False
    is_experimental: bool = False
    is_dev_only: bool = False
    is_api_node: bool = False
    price_badge: Any = None
    not_idempotent: bool = False
    enable_expand: bool = False
    accept_all_inputs: bool = False
    essentials_category: str | None = None
    has_intermediate_output: bool = False
    main_category: str | None = None

    def validate(self) -> None:
        """It is looked at when it is read."""

    def finalize(self) -> None:
        """It is complete."""


class NodeOutput:
    """What `execute` gives."""

    def __init__(
        self, *args: Any, ui: Any = None, expand: Any = None, block_execution: str | None = None
    ) -> None:
        self.args = args
        self.ui = ui
        self.expand = expand
        self.block_execution = block_execution

    @property
    def result(self) -> Any:
        return self.args if self.args else None

    def __getitem__(self, index: Any) -> Any:
        return self.args[index]

    @classmethod
    def from_dict(cls, data: Any) -> NodeOutput:
        result = data.get("result", ())
        return cls(
            *(result if isinstance(result, (tuple, list)) else (result,)),
            ui=data.get("ui"),
            expand=data.get("expand"),
        )


class ComfyNode:
    """The base of schema nodes; everything is a class method."""

    SCHEMA: Any = None
    hidden: Any = HiddenHolder()
    RELATIVE_PYTHON_MODULE: Any = None

    @classmethod
    def define_schema(cls) -> Schema:
        raise NotImplementedError("a schema node says what it is in define_schema")

    @classmethod
    def execute(cls, **kwargs: Any) -> Any:
        raise NotImplementedError("a schema node does what it does in execute")

    @classmethod
    def GET_SCHEMA(cls) -> Schema:
        return cls.define_schema()

    FINALIZE_SCHEMA = GET_SCHEMA

    @classmethod
    def INPUT_TYPES(cls, *given: Any, **named: Any) -> dict[str, Any]:
        sections: dict[str, Any] = {"required": {}, "optional": {}}
        for one in cls.define_schema().inputs:
            sections["optional" if one.optional else "required"][one.id] = one.declared()
        return sections

    FUNCTION = "execute"


class ComfyExtension:
    """What `comfy_entrypoint` gives."""

    async def on_load(self) -> None:
        """Nothing by default."""

    async def get_node_list(self) -> list[Any]:
        return []


_UIOutput = object


ClassType = type


def add_to_dict_v1(*given: Any, **named: Any) -> None:
    """Class-based declarations are made elsewhere."""
