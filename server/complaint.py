"""Complaint: what can be wrong with a prompt, in the words and shapes that ComfyUI's clients read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safelight.core.spec import InputSpec
from safelight.core.widget import Choice, File, Number, Seed, shown
from server.parameter import is_text

HEADINGS = {
    "missing_node_type": "Unknown node type",
    "required_input_missing": "A required input has no value",
    "bad_linked_input": "A link leads nowhere",
    "return_type_mismatch": "The linked output is of another type",
    "invalid_input_type": "The value is of another type",
    "value_smaller_than_min": "The value is below the minimum",
    "value_bigger_than_max": "The value is above the maximum",
    "value_not_in_list": "The value is not among the choices",
    "custom_validation_failed": "The value cannot be used",
    "dependency_cycle": "Nodes feed each other in a circle",
    "exception_during_validation": "The node could not be checked",
}
"""What each type of problem is called."""


def fault(
    type: str, message: str, details: str = "", extra: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Why a prompt is refused, as clients read it."""
    return {"type": type, "message": message, "details": details, "extra_info": dict(extra or {})}


def flaw(prompt: Any) -> dict[str, Any] | None:
    """What is wrong with the form of a prompt, before any node type is looked up; None if nothing is."""
    if not isinstance(prompt, dict):
        details = f"It is {shown(prompt)}. Send an object: {{id: {{class_type, inputs}}}}."
        return fault("invalid_prompt", "The prompt is not an object", details)
    for id, node in prompt.items():
        if not is_text(id):
            details = f"The id {shown(id)} holds half a character. Give the node another."
            return fault("invalid_prompt", "The id of a node is no text", details)
        name = node.get("class_type") if isinstance(node, dict) else None
        if not isinstance(name, str):
            problem = "names no class_type" if isinstance(node, dict) else f"is {shown(node)}, not an object"
            details = f"Node '{id}' {problem}. Give it a class_type, or remove it."
            extra = {"node_id": id, "class_type": None, "node_title": None}
            return fault("missing_node_type", "A node has no type", details, extra)
        if not isinstance(node.get("inputs", {}), dict):
            details = f"The inputs of node '{id}' ({name}) are {shown(node['inputs'])}. Send an object."
            return fault("invalid_prompt", "The inputs of a node are not an object", details)
    return None


def value_kind(one: InputSpec, value: Any) -> str:
    """Which of ComfyUI's types of problem a refused literal has."""
    match one.widget:
        case Number() | Seed() as number if isinstance(value, (int, float)) and not isinstance(value, bool):
            if number.min is not None and value < number.min:
                return "value_smaller_than_min"
            if number.max is not None and value > number.max:
                return "value_bigger_than_max"
        case Choice() | File():
            return "value_not_in_list"
        case None if isinstance(value, list):
            return "bad_linked_input"
    return "invalid_input_type"
