"""Explain: why each node ran or did not, in words, against what the same workflow did before.

The ledger remembers, per shape of workflow (its node ids and types), the literals, links and keys of the
last run; it is kept in a file, so that a new process can explain too.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from safelight.core.draft import write_whole
from safelight.core.graph import Graph, Link, Node
from safelight.core.report import Report, Result
from safelight.core.spec import NodeSpec
from safelight.core.widget import shown

if TYPE_CHECKING:
    from safelight.core.run.run import Run

Order: TypeAlias = Iterable[tuple[str, Node, NodeSpec]]
KEPT = 50
"""Workflows that the ledger remembers."""


class Past:
    """What a workflow was when it last ran."""

    def __init__(
        self,
        nodes: Mapping[str, Node],
        keys: Mapping[str, bytes],
        parts: Mapping[str, str],
        done: Collection[str],
    ) -> None:
        self.nodes = nodes
        self.keys = keys
        self.parts = parts
        self.done = done
        """The nodes that were asked for their result and had it; others were not needed, or not reached."""

    def as_tree(self) -> dict[str, Any]:
        """As plain JSON."""
        nodes = {id: [node.type, _plain(node.inputs)] for id, node in self.nodes.items()}
        return {
            "nodes": nodes,
            "keys": {id: key.hex() for id, key in self.keys.items()},
            "parts": dict(self.parts),
            "done": list(self.done),
        }

    @classmethod
    def from_tree(cls, tree: dict[str, Any]) -> Past:
        """From what `as_tree` gave."""
        nodes = {
            id: Node(
                type,
                {
                    name: Link(*value["link"]) if _is_link(value) else value["value"]
                    for name, value in inputs.items()
                },
            )
            for id, (type, inputs) in tree["nodes"].items()
        }
        return cls(
            nodes,
            {id: bytes.fromhex(key) for id, key in tree["keys"].items()},
            tree["parts"],
            set(tree["done"]),
        )


def _is_link(value: dict[str, Any]) -> bool:
    return "link" in value


def _plain(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {"link": list(value)} if isinstance(value, Link) else {"value": value}
        for name, value in inputs.items()
    }


class Ledger:
    """The last run of each workflow; with `folder`, kept between processes."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._past: dict[str, Past] = {}
        self._changed: set[str] = set()

    def past(self, graph: Mapping[str, Node]) -> Past | None:
        """What the workflow with these nodes did last."""
        shape = _shape(graph)
        if shape not in self._past and self.folder is not None:
            try:
                self._past[shape] = Past.from_tree(json.loads((self.folder / f"{shape}.json").read_text()))
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                return None
        return self._past.get(shape)

    def remember(self, graph: Graph, run: Run) -> None:
        """Note what a workflow is now, and how far it came."""
        epoch = run.engine.epoch
        shape = _shape(graph.nodes)
        parts: dict[str, str] = dict(epoch.parts)
        for spec in {spec.id: spec for _, _, spec in run.order}.values():
            parts.update(epoch.parts_of(spec))
        self._past[shape] = Past(dict(run.nodes), run.keys, parts, run.finished())
        self._changed.add(shape)

    def save(self) -> None:
        """Write what changed; a folder that cannot be written costs explanations only."""
        if self.folder is None:
            return
        try:
            for shape in self._changed:
                write_whole(
                    self.folder / f"{shape}.json", json.dumps(self._past[shape].as_tree(), default=repr)
                )
            self._tidy()
        except OSError:
            return
        self._changed.clear()

    def _tidy(self) -> None:
        assert self.folder is not None
        files = sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[KEPT:]:
            path.unlink(missing_ok=True)


def _shape(nodes: Mapping[str, Node]) -> str:
    text = "\n".join(nodes) + "\0" + "\n".join([node.type for node in nodes.values()])
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def explain(past: Past | None, run: Run, result: Result) -> dict[str, Report]:
    """A report for each node that the roots could need, with `why` filled in."""
    parts = _changed_parts(past, run, run.order)
    reports = dict(result.reports)
    for id, node, spec in run.order:
        if id in run.unrolled:
            continue
        report = reports.get(id)
        if report is None:
            report = reports[id] = Report(spec.id, run.store.has(run.keys[id]) or "skipped")
        if report.state == "ran":
            report.why = _why_ran(report, id, node, spec, run, past, parts)
        elif not report.why:
            report.why = _why_not(report, result.status)
    return reports


def _why_not(report: Report, status: str) -> str:
    match report.state:
        case "memory" | "disk":
            return f"hit ({report.state})"
        case "failed":
            return report.why
    return "not reached" if status != "done" else "not needed"


def _why_ran(
    report: Report, id: str, node: Node, spec: NodeSpec, run: Run, past: Past | None, parts: list[str]
) -> str:
    if report.resumed is not None:
        return f"resumed at step {report.resumed[0]} of {report.resumed[1]}"
    began = report.began
    if began is not None and report.shortened >= report.ran:
        return f"started at step {began[0]} of {began[1]}, kept from an earlier run"
    took = f"ran {_time(report.seconds)}"
    if report.ran < report.items:
        took += f" for {report.ran} of {report.items} items"
    elif report.items > 1:
        took += f" for {report.items} items"
    if began is not None:
        took += f" ({report.shortened} began later, as at step {began[0]} of {began[1]})"
    return f"{took} because {_reason(report, id, node, spec, run, past, parts)}"


def _reason(
    report: Report, id: str, node: Node, spec: NodeSpec, run: Run, past: Past | None, parts: list[str]
) -> str:
    if run.job.fresh:
        return "stored results were not to be used"
    if report.why:
        return report.why
    if not spec.cached:
        return "this node's results are never kept"
    if past is None or id not in past.keys:
        return "it has not run before"
    if past.keys[id] == run.keys.get(id):
        return "its stored result is no longer there" if id in past.done else "it has no stored result yet"
    reasons = [*_changes(past.nodes[id], node, spec), *_loop_changes(id, run, past)]
    new = _new_sources(node, run, past).keys()
    sources = new - run.unrolled if reasons else new  # what is repeated depends on these reasons itself
    reasons += [f"node '{id}' ({run.specs[id].title}) gives something new" for id in new if id in sources]
    if reasons:
        return "; ".join(reasons)
    files = [
        one.name for one in spec.inputs if one.name in node.inputs and one.widget.__class__.__name__ == "File"
    ]
    mine = [part for part in parts if not part.startswith("the code of ") or part.endswith(f" {spec.module}")]
    if mine:
        return f"{' and '.join(mine)} changed"
    if files:
        return f"the file of '{files[0]}' changed"
    return "its place to save changed" if spec.effect else "something that it depends on changed"


def _new_sources(node: Node, run: Run, past: Past) -> dict[str, None]:
    links = (link.node for _, link in node.links)
    return dict.fromkeys(id for id in links if past.keys.get(id) != run.keys.get(id))


def _loop_changes(end: str, run: Run, past: Past) -> list[str]:
    """What changed where the loop begins that a node ends."""
    loop = run.loops.get(end)
    start = loop.start if loop is not None else ""
    if start not in past.nodes or start not in run.specs:
        return []
    spec = run.specs[start]
    return [f"{change} in {spec.title}" for change in _changes(past.nodes[start], run.nodes[start], spec)]


def _changes(old: Node, new: Node, spec: NodeSpec) -> list[str]:
    found = []
    for one in spec.inputs:
        before, after = old.inputs.get(one.name, one.default), new.inputs.get(one.name, one.default)
        if before == after and type(before) is type(after):
            continue
        if isinstance(before, Link) and isinstance(after, Link):
            found.append(f"'{one.name}' is wired to another output")
        elif isinstance(before, Link) or isinstance(after, Link):
            found.append(f"'{one.name}' was {'unwired' if isinstance(before, Link) else 'wired'}")
        elif before != after:
            found.append(f"'{one.name}' changed {shown(before)} -> {shown(after)}")
    return found


def _changed_parts(past: Past | None, run: Run, order: Order) -> list[str]:
    if past is None:
        return []
    now: dict[str, str] = {}
    for spec in {spec.id: spec for _, _, spec in order}.values():
        now.update(run.engine.epoch.parts_of(spec))
    return [name for name, value in now.items() if past.parts.get(name, value) != value]


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 0.1 else f"{seconds * 1000:.1f} ms"
