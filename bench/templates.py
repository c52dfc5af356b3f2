"""How many public workflow templates load and could run here: `python -m bench.templates [FOLDER ...]`.

Without a folder, the templates of the packages comfyui-workflow-templates-json and
comfyui-subgraph-blueprints are taken, where these are installed. Each is read, saved again, told by name and
taken back, and converted. Then: how many have every node type that they need, and which missing types would
unlock most. The local ones are those that need no paid service, as the list beside them says.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from safelight.compat import Document, to_graph
from safelight.compat.replacement import BY_OLD
from safelight.core.error import DocumentError, SafelightError
from safelight.core.registry import Registry

PACKAGES = ("comfyui_workflow_templates_json", "comfyui_subgraph_blueprints")
SHOWN = 40


@dataclass
class Found:
    """What came out, over all files."""

    files: int = 0
    lossless: int = 0
    told: int = 0
    converted: int = 0
    failed: list[str] = field(default_factory=list)
    lacking: list[frozenset[str]] = field(default_factory=list)

    @property
    def runnable(self) -> int:
        """Files that lack no node type."""
        return sum(not lack for lack in self.lacking)

    def unlocking(self) -> Iterator[tuple[str, int, int]]:
        """Missing types: by how many files each is needed, and how many lack nothing else."""
        needed = Counter(type for lack in self.lacking for type in lack)
        alone = Counter(type for lack in self.lacking if len(lack) == 1 for type in lack)
        for type, count in needed.most_common():
            yield type, count, alone[type]

    def order(self) -> Iterator[tuple[str, int]]:
        """Missing types in the order in which adding them unlocks most, and how many files then run."""
        left = [set(lack) for lack in self.lacking if lack]
        runnable = self.runnable
        while left:
            weight: Counter[str] = Counter()
            for lack in left:
                for type in lack:
                    weight[type] += 1 / len(lack) ** 2  # type: ignore[assignment]
            best = max(weight, key=lambda type: weight[type])
            for lack in left:
                lack.discard(best)
            runnable += sum(not lack for lack in left)
            left = [lack for lack in left if lack]
            yield best, runnable


def paid(files: Iterable[Path]) -> set[str]:
    """The names of the templates that need a paid service, as the list beside them says."""
    lists = [path for path in files if path.name == "index.json"]
    entries = [
        one for path in lists for group in json.loads(path.read_text("utf-8")) for one in group["templates"]
    ]
    return {f"{one['name']}.json" for one in entries if one.get("openSource") is False}


def measure(files: Iterable[Path], registry: Registry, without: Container[str] = ()) -> Found:
    """Try each file but those of some names."""
    found = Found()
    for path in files:
        try:
            document = Document.read(path)
        except DocumentError:
            continue  # lists of templates and their like
        if path.name in without:
            continue
        found.files += 1
        text = document.write()
        found.lossless += text.encode() == path.read_bytes() or same_tree(text, path)
        try:
            found.told += Document.from_named(document.by_name(registry), registry).write() == text
            graph = to_graph(document, registry).graph
        except SafelightError as error:
            found.failed.append(f"{path.name}: {error}")
            continue
        found.converted += 1
        types = {node.type for node in graph.nodes.values()}
        found.lacking.append(frozenset(type for type in types if not known(type, registry)))
    return found


def same_tree(text: str, path: Path) -> bool:
    """Whether two JSON texts say the same; one template has its numbers written in another way."""
    return bool(json.loads(text) == json.loads(path.read_text("utf-8")))


def known(type: str, registry: Registry) -> bool:
    """Whether a node of this type runs, under its own name or in the place of one given up."""
    return type in registry or (type in BY_OLD and BY_OLD[type].new in registry)


def installed() -> Iterator[tuple[str, list[Path]]]:
    """The templates of the packages that are installed."""
    for package in PACKAGES:
        spec = find_spec(package)
        if spec is not None and spec.origin:
            yield package, sorted(Path(spec.origin).parent.glob("*/*.json"))


def main(folders: list[str]) -> None:
    """Measure and print."""
    registry = Registry().load("nodes")
    groups = [(folder, sorted(Path(folder).rglob("*.json"))) for folder in folders] or list(installed())
    for name, files in groups:
        without = paid(files)
        print_found(name, measure(files, registry))
        found = measure(files, registry, without)
        if without:
            print_found(f"{name}, the local ones", found)
        table(found)


def print_found(name: str, found: Found) -> None:
    """The figures of one group of files."""
    print(f"{name}: {found.files} workflows")
    print(f"  saved again without a change {found.lossless}, told by name and taken back {found.told}")
    print(f"  converted {found.converted}; every node type there {found.runnable}")
    for failure in found.failed:
        print(f"  {failure}")


def table(found: Found) -> None:
    """The missing types."""
    print(f"  {'missing type':45} {'needed by':>9} {'alone':>6}")
    for type, needed, alone in list(found.unlocking())[:SHOWN]:
        print(f"  {type[:45]:45} {needed:9} {alone:6}")
    print("  one after the other, the best first:")
    for place, (type, runnable) in enumerate(found.order(), 1):
        if place <= SHOWN:
            print(f"  {place:3} {type[:45]:45} then {runnable} run")


if __name__ == "__main__":
    main(sys.argv[1:])
