"""Verdict: which outputs of a prompt can be run, and what is wrong with the others, in ComfyUI's shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from safelight.compat import coerce, find_models, from_prompt, node_info, refusals, replace_nodes
from safelight.core.error import BadInput, CycleError, GraphError, LoopError, MissingInput, UnknownNode, Where
from safelight.core.folder import PLAIN_KINDS, Folders
from safelight.core.graph import Graph, Link, Node
from safelight.core.registry import Registry
from safelight.core.spec import InputSpec, NodeSpec
from safelight.core.validation import Walk
from safelight.core.widget import File, Seed, shown
from server.complaint import HEADINGS, fault, value_kind

NODES_TOLD = 100
"""Nodes whose problems are told one by one."""


@dataclass(slots=True)
class Verdict:
    """What was found out about a prompt. With `error`, nothing of it can be run."""

    graph: Graph
    changed: bool = False
    """Whether reading it with tolerance changed the graph."""
    roots: list[str] = field(default_factory=list)
    """The outputs that can be run."""
    node_errors: dict[str, Any] = field(default_factory=dict)
    error: dict[str, Any] | None = None
    models: list[str] = field(default_factory=list)
    seeds: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def judge(
    prompt: Mapping[str, Any],
    registry: Registry,
    folders: Folders,
    targets: Sequence[str] | None = None,
    found: Sequence[Mapping[str, Any]] = (),
    *,
    any_node: bool = False,
) -> Verdict:
    """Look at all that the outputs of a prompt need; `targets` names those that are wanted, if not all.

    `found` are problems that a worker found, whose packs check their nodes themselves. With `any_node`,
    targets are run whether they are outputs or not.
    """
    sent = from_prompt(prompt)
    replaced, _ = replace_nodes(sent, registry)
    read, _ = coerce(replaced, registry, folders.names)
    graph, _ = find_models(read, registry, folders, {})
    return _Judge(graph, registry, folders, changed=graph is not sent).run(targets, found, any_node)


class _Judge:
    """Looks at one graph."""

    def __init__(self, graph: Graph, registry: Registry, folders: Folders, *, changed: bool) -> None:
        self.graph = graph
        self.registry = registry
        self.walk = Walk(graph, registry, folders)
        self.folders = folders
        self.found = Verdict(graph, changed)
        self.specs: dict[str, NodeSpec] = {}
        self.infos: dict[str, dict[str, Any]] = {}

    def run(
        self, targets: Sequence[str] | None, found: Sequence[Mapping[str, Any]], any_node: bool
    ) -> Verdict:
        among = self.graph.nodes if any_node and targets is not None else self._roots()
        roots = [id for id in among if targets is None or id in set(targets)]
        if not roots:
            self.found.error = self._no_outputs(targets)
            return self.found
        for root in roots:
            self.walk.down_from(root)
        order = self.walk.found.order
        self.specs = {id: spec for id, _, spec in order}
        others: list[GraphError] = [*refusals(self.graph, self.folders, [id for id, _, _ in order])]
        others += map(_reported, found)
        self._sort_out(roots, self.walk.found.problems, others)
        self._take_terms(order)
        return self.found

    def _roots(self) -> list[str]:
        """Nodes that are run for their effect, and unknown ones whose outputs nobody uses: those may be."""
        used = {link.node for node in self.graph.nodes.values() for _, link in node.links}
        return [id for id, node in self.graph.nodes.items() if self._is_root(id, node, used)]

    def _is_root(self, id: str, node: Node, used: set[str]) -> bool:
        spec = self.registry.find(node.type)
        return id not in used if spec is None else spec.effect

    def _no_outputs(self, targets: Sequence[str] | None) -> dict[str, Any]:
        if targets is not None and self._roots():
            details = f"None of {shown(list(targets))} is an output of this prompt."
        else:
            details = "Nothing in it saves or shows anything. Add a node such as SaveImage."
        return fault("prompt_no_outputs", "The prompt has no outputs", details)

    # -- problems

    def _sort_out(
        self, roots: list[str], problems: Sequence[GraphError], others: Sequence[GraphError]
    ) -> None:
        """Tell the outputs that can be run from those that need a node with a problem."""
        by_node: dict[str, list[dict[str, Any]]] = {}
        for kind, problem in [*((None, one) for one in problems), *((_CUSTOM, one) for one in others)]:
            by_node.setdefault(problem.where.node or "", []).append(self._entry(problem, kind))
        users = self._users()
        spoilt = _reached(by_node, users)
        self.found.roots = [root for root in roots if root not in spoilt]
        wanted = set(roots)
        for id in list(by_node)[:NODES_TOLD]:
            outputs = [root for root in _reached([id], users) if root in wanted]
            node = self.graph.nodes.get(id)
            self.found.node_errors[id] = {
                "errors": by_node[id],
                "dependent_outputs": outputs,
                "class_type": node.type if node is not None else "",
            }
        if not self.found.roots:
            self.found.error = self._refusal(by_node, problems)

    def _users(self) -> dict[str, list[str]]:
        users: dict[str, list[str]] = {}
        for id, node in self.graph.nodes.items():
            if id in self.walk.entered:
                for _, link in node.links:
                    users.setdefault(link.node, []).append(id)
        return users

    def _entry(self, problem: GraphError, kind: str | None) -> dict[str, Any]:
        where = problem.where
        node = self.graph.nodes.get(where.node or "")
        spec = self.specs.get(where.node or "")
        one = spec.by_name.get(where.input or "") if spec is not None else None
        value = node.inputs.get(where.input or "") if node is not None else None
        kind = kind or self._kind(problem, one, value)
        details = f"{where.input}: {_text(problem)}" if where.input else _text(problem)
        extra: dict[str, Any] = {}
        if where.input:
            extra = {"input_name": where.input, "input_config": self._config(node, where.input)}
            extra["received_value"] = list(value) if isinstance(value, Link) else value
            extra |= {"linked_node": list(value)} if isinstance(value, Link) else {}
        return {"type": kind, "message": HEADINGS[kind], "details": details, "extra_info": extra}

    def _kind(self, problem: GraphError, one: InputSpec | None, value: Any) -> str:
        match problem:
            case UnknownNode():
                return "missing_node_type"
            case MissingInput():
                return "required_input_missing"
            case CycleError():
                return "dependency_cycle"
            case LoopError():
                return _CUSTOM
        if isinstance(value, Link):
            return "return_type_mismatch" if self._leads_somewhere(value) else "bad_linked_input"
        if one is None:
            return "exception_during_validation"
        return value_kind(one, value)

    def _leads_somewhere(self, link: Link) -> bool:
        source = self.graph.nodes.get(link.node)
        spec = self.registry.find(source.type) if source is not None else None
        return spec is not None and 0 <= link.slot < len(spec.outputs)

    def _config(self, node: Node | None, name: str) -> Any:
        """How the input is declared, as clients know it from `/object_info`."""
        spec = self.registry.find(node.type) if node is not None else None
        if spec is None:
            return None
        if spec.id not in self.infos:
            self.infos[spec.id] = node_info(spec, self.folders.names)["input"]
        sections = self.infos[spec.id].values()
        return next((section[name] for section in sections if name in section), None)

    def _refusal(
        self, by_node: Mapping[str, Sequence[Mapping[str, Any]]], problems: Sequence[GraphError]
    ) -> dict[str, Any]:
        unknown = next((one for one in problems if isinstance(one, UnknownNode)), None)
        if unknown is not None:
            where = unknown.where
            extra = {"node_id": where.node, "class_type": where.type, "node_title": where.title or where.type}
            return fault("missing_node_type", HEADINGS["missing_node_type"], str(unknown), extra)
        count = sum(map(len, by_node.values()))
        lines = [str(problem) for problem in problems[:5]] or [
            entry["details"] for entries in by_node.values() for entry in entries
        ][:5]
        more = f"\n... and {count - len(lines)} more." if count > len(lines) else ""
        return fault(
            "prompt_outputs_failed_validation",
            "No output of the prompt can be run",
            "\n".join(lines) + more,
        )

    # -- what the history is searched by

    def _take_terms(self, order: Iterable[tuple[str, Node, NodeSpec]]) -> None:
        models: dict[str, None] = {}
        seeds: dict[int, None] = {}
        texts: dict[str, None] = {}
        for _, node, spec in order:
            texts |= {node.title: None, spec.id: None, spec.title: None}
            for one in spec.inputs:
                value = node.inputs.get(one.name)
                match one.widget:
                    case File(kind=kind) if kind not in PLAIN_KINDS and isinstance(value, str):
                        models[value] = None
                    case Seed() if isinstance(value, int):
                        seeds[value] = None
                if isinstance(value, str):
                    texts[value] = None
        self.found.models, self.found.seeds = list(models), list(seeds)
        self.found.texts = [text for text in texts if text]


_CUSTOM = "custom_validation_failed"


def _reported(problem: Mapping[str, Any]) -> GraphError:
    """A problem that came as a tree."""
    place = {name: problem.get(name) for name in ("node", "type", "input")}
    where = Where(**{name: value if isinstance(value, str) else None for name, value in place.items()})
    text = str(problem.get("problem") or problem.get("text") or "it was found fault with")
    return BadInput(problem=text, remedy=str(problem.get("remedy") or ""), where=where)


def _reached(starts: Iterable[str], users: Mapping[str, Sequence[str]]) -> dict[str, None]:
    """The nodes that need any of these, those included."""
    found: dict[str, None] = {}
    waiting = list(starts)
    while waiting:
        id = waiting.pop()
        if id not in found:
            found[id] = None
            waiting += users.get(id, ())
    return found


def _text(problem: GraphError) -> str:
    text = problem.problem if problem.problem.endswith((".", "!", "?")) else f"{problem.problem}."
    return f"{text} {problem.remedy}" if problem.remedy else text
