"""`comfy_execution`: graphs that a node returns, blocked outputs, and what else runs use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ExecutionBlocker:
    """An output that nothing downstream may use; `message` may say why."""

    def __init__(self, message: str | None = None) -> None:
        self.message = message


def is_link(obj: Any) -> bool:
    return (
        isinstance(obj, list)
        and len(obj) == 2
        and isinstance(obj[0], str)
        and isinstance(obj[1], (int, float))
        and not isinstance(obj[1], bool)
    )


class GraphBuilder:
    """Builds a graph in the prompt's shape, whose ids begin with a prefix of its own."""

    _default_prefix_root = ""
    _default_prefix_call_index = 0
    _default_prefix_graph_index = 0

    def __init__(self, prefix: Any = None) -> None:
        self.prefix = GraphBuilder.alloc_prefix() if prefix is None else prefix
        self.nodes: dict[str, Node] = {}
        self.id_gen = 1

    @classmethod
    def set_default_prefix(cls, prefix_root: str, call_index: int, graph_index: int = 0) -> None:
        cls._default_prefix_root = prefix_root
        cls._default_prefix_call_index = call_index
        cls._default_prefix_graph_index = graph_index

    @classmethod
    def alloc_prefix(cls, root: Any = None, call_index: Any = None, graph_index: Any = None) -> str:
        """Inner ids are below the node's own here, so that no prefix is needed to tell calls apart."""
        index = cls._default_prefix_graph_index
        cls._default_prefix_graph_index += 1
        return f"{index}." if index else ""

    def node(self, class_type: str, id: Any = None, **kwargs: Any) -> Node:
        if id is None:
            id = str(self.id_gen)
            self.id_gen += 1
        id = f"{self.prefix}{id}"
        if id not in self.nodes:
            self.nodes[id] = Node(id, class_type, kwargs)
        return self.nodes[id]

    def lookup_node(self, id: Any) -> Node | None:
        return self.nodes.get(f"{self.prefix}{id}")

    def finalize(self) -> dict[str, Any]:
        return {id: node.serialize() for id, node in self.nodes.items()}

    def replace_node_output(self, node_id: Any, index: int, new_value: Any) -> None:
        full = f"{self.prefix}{node_id}"
        for node in self.nodes.values():
            for name, value in list(node.inputs.items()):
                if is_link(value) and value[0] == full and value[1] == index:
                    if new_value is None:
                        del node.inputs[name]
                    else:
                        node.inputs[name] = new_value

    def remove_node(self, id: Any) -> None:
        del self.nodes[f"{self.prefix}{id}"]


class Node:
    """One node of a graph that is being built."""

    def __init__(self, id: str, class_type: str, inputs: dict[str, Any]) -> None:
        self.id = id
        self.class_type = class_type
        self.inputs = inputs
        self.override_display_id: str | None = None

    def out(self, index: int) -> list[Any]:
        return [self.id, index]

    def set_input(self, key: str, value: Any) -> None:
        if value is None:
            self.inputs.pop(key, None)
        else:
            self.inputs[key] = value

    def get_input(self, key: str) -> Any:
        return self.inputs.get(key)

    def set_override_display_id(self, override_display_id: str) -> None:
        self.override_display_id = override_display_id

    def serialize(self) -> dict[str, Any]:
        tree = {"class_type": self.class_type, "inputs": self.inputs}
        return tree | ({"override_display_id": self.override_display_id} if self.override_display_id else {})


def add_graph_prefix(
    graph: dict[str, Any], outputs: Any, prefix: str
) -> tuple[dict[str, Any], tuple[Any, ...]]:
    def moved(value: Any) -> Any:
        return [prefix + value[0], value[1]] if is_link(value) and value[0] in graph else value

    new = {
        prefix + id: {**node, "inputs": {name: moved(value) for name, value in node["inputs"].items()}}
        for id, node in graph.items()
    }
    return new, tuple(moved(value) for value in outputs)


class DynamicPrompt:
    """The graph as it runs, in the prompt's shape."""

    def __init__(self, original_prompt: dict[str, Any], ephemeral: Mapping[str, Any] | None = None) -> None:
        self.original_prompt = original_prompt
        self.ephemeral_prompt: Mapping[str, Any] = {} if ephemeral is None else ephemeral

    def get_node(self, node_id: str) -> Any:
        if node_id in self.original_prompt:
            return self.original_prompt[node_id]
        return self.ephemeral_prompt[node_id]

    def has_node(self, node_id: str) -> bool:
        return node_id in self.original_prompt or node_id in self.ephemeral_prompt

    def all_node_ids(self) -> set[str]:
        return set(self.original_prompt)

    def get_original_prompt(self) -> dict[str, Any]:
        return self.original_prompt

    def get_real_node_id(self, node_id: str) -> str:
        return node_id.partition(".")[0]

    get_parent_node_id = get_real_node_id

    def get_display_node_id(self, node_id: str) -> str:
        """The node that stands for another on the page: what it was made from, as far back as is known."""
        while node_id in self.ephemeral_prompt:
            shown = self.ephemeral_prompt[node_id].get("override_display_id")
            if shown is None or shown == node_id:
                break
            node_id = shown
        return node_id


def get_executing_context() -> Any:
    from types import SimpleNamespace

    from safelight.compat.shims.call import current

    call = current()
    return None if call is None else SimpleNamespace(prompt_id="", node_id=call.context.node, list_index=None)
