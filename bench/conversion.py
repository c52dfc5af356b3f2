"""Conversion against truth: `python -m bench.conversion [--packs FOLDER] FOLDER ...`.

Media files that carry both the editor's workflow and the prompt that it was queued as are converted, and
compared: node ids, types and inputs, seeds aside (editors change them after queueing). Every difference is
put under a cause, or listed. Each file is converted as it is, and once more from its workflow alone, without
the names that its prompt has for the values of nodes whose types are not here. `--packs` loads ComfyUI packs
first (a folder with a folder for each), so that their types are here.
"""

from __future__ import annotations

import contextlib
import math
import sys
import tempfile
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safelight.compat import Document, notation, to_graph, to_prompt
from safelight.compat.saved import objects
from safelight.compat.sheet import Sheet
from safelight.core.error import DocumentError
from safelight.core.folder import Folders
from safelight.core.registry import Registry
from safelight.core.spec import NodeSpec

BUTTONS = frozenset(
    (
        "upload",
        "choose file to upload",
        "preview",
        "video-preview",
        "audioUI",
        "refresh",
        "speak_and_recognation",
        "compare_view",
    )
)
"""What editors once sent of their own buttons, players and viewers as if it were an input."""
VIEWERS = frozenset(
    (
        "Display Any (rgthree)",
        "Image Comparer (rgthree)",
        "PrimereAnyOutput",
        "easy showAnything",
        "ShowText|pysssss",
    )
)
"""Nodes that show what they got, and note it among their values when they have run."""
REWRITTEN = frozenset(
    (
        ("ImpactWildcardProcessor", "mode"),
        ("ImpactWildcardProcessor", "populated_text"),
        ("ImpactWildcardEncode", "mode"),
        ("ImpactWildcardEncode", "populated_text"),
        ("Compositor", "image"),
        ("Canvas_Tab", "canvas"),
        ("Canvas_Tab", "mask"),
        ("smZ CLIPTextEncode", "smZ_steps"),
    )
)
"""Values that a pack's page script changes in the workflow or in the prompt when it is queued."""
SOCKETS = "a value made a socket that nothing feeds: editors of 2023 sent nothing, or a faulty text"
NAMELESS = "a pack that is not here, whose values the file does not name"
EDITED = ("another node", "another value")
"""Causes that are no cause: what differs is listed."""
NONE = object()


@dataclass(slots=True)
class Count:
    """What came of converting files in one way."""

    files: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    listed: list[str] = field(default_factory=list)

    def add(self, path: Path, found: list[tuple[str, str]]) -> None:
        """Count one file's differences."""
        self.causes.update(cause for cause, _ in found)
        rest = [told for cause, told in found if cause in EDITED]
        self.files[
            "the same" if not found else "the same but for what is named" if not rest else "edited"
        ] += 1
        self.listed += [f"{path.name}: {told}" for told in rest]

    def show(self, title: str) -> None:
        """Print it."""
        print(f"{title}: {dict(self.files)}")
        for cause, count in self.causes.most_common():
            print(f"  {count:6} {cause}")


def pairs(folders: list[str]) -> Iterator[tuple[Path, dict[str, Any], dict[str, Any]]]:
    """Each workflow and its prompt once, with the file that carries them."""
    seen = set()
    for path in sorted(path for folder in folders for path in Path(folder).rglob("*") if path.is_file()):
        try:
            document = Document.read(path)
        except DocumentError:
            continue
        key = hash((document.text, notation.Notation().write(document.sent)))
        if document.dialect == "editor" and document.sent and key not in seen:
            seen.add(key)
            yield path, document.tree, dict(document.sent)


def compared(document: Document, prompt: Mapping[str, Any], registry: Registry) -> list[tuple[str, str]]:
    """What differs between a document's conversion and its prompt, with causes."""
    ours = to_prompt(to_graph(document, registry).graph)
    sheet = Sheet(document, registry).nodes
    unknown = {id for id, node in sheet.items() if node.spec is None and node.raw.get("widgets_values")}
    loose = {
        (id, socket.name)
        for id, node in sheet.items()
        for socket, raw in zip(node.inputs, objects(node.raw.get("inputs")), strict=False)
        if "widget" in raw and socket.link is None
    }
    return list(differences(ours, prompt, unknown, loose, registry))


def differences(
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    nameless: set[str],
    loose: set[tuple[str, str]],
    registry: Registry,
) -> Iterator[tuple[str, str]]:
    """The cause of each difference, and what it is."""
    fed = {source for id in ours.keys() & theirs.keys() for source in _sources(ours[id])}
    partly = not theirs.keys() - ours.keys() and not (ours.keys() - theirs.keys()) & fed
    for id in sorted(ours.keys() | theirs.keys()):
        if id not in ours or id not in theirs:
            there = (ours if id in ours else theirs)[id]["class_type"]
            cause = "a part that was not queued, on which nothing else depends" if partly else "another node"
            yield cause, f"{id} {there} is only in the {'file' if id in ours else 'prompt'}"
            continue
        mine, truth = ours[id]["inputs"], theirs[id]["inputs"]
        spec = registry.find(ours[id]["class_type"])
        for name in sorted(mine.keys() | truth.keys()):
            one, other = mine.get(name, NONE), truth.get(name, NONE)
            if same(one, other) or ("seed" in name.lower() and not isinstance(other, list)):
                continue
            told = f"{id} {ours[id]['class_type']}.{name}: {short(one)}, not {short(other)}"
            here = NAMELESS if one is NONE and id in nameless else None
            if (id, name) in loose and (other is NONE or other == "undefined"):
                here = SOCKETS
            yield _cause(ours[id]["class_type"], name, one, other, spec) or here or EDITED[1], told


def _cause(type: str, name: str, one: Any, other: Any, spec: NodeSpec | None) -> str | None:
    """What explains that an input is `one` in the file and `other` in the prompt."""
    if type in VIEWERS:
        return "what a node showed before and after it ran"
    if (type, name) in REWRITTEN:
        return "a value that its pack changes when it is queued"
    if one in (NONE, None) and name in BUTTONS:
        return "a button, player or viewer that editors sent as an input"
    newer = spec.by_name.get(name) if spec is not None and other is NONE else None
    if newer is not None and newer.default == one:
        return "an input that is newer than the file, at its default"
    if isinstance(one, str) and "%" in one and isinstance(other, str):
        return "a name with %parts%, filled in when it was queued"
    return None


def _sources(node: Mapping[str, Any]) -> Iterator[str]:
    for value in node["inputs"].values():
        if isinstance(value, list) and len(value) == 2:
            yield str(value[0])


def same(one: Any, other: Any) -> bool:
    """Whether two values are one: 8 is 8.0 and 3.0000000000000004, and a link names a node in two ways."""
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other) == 2:
        return str(one[0]) == str(other[0]) and one[1] == other[1]
    numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in (one, other))
    return math.isclose(one, other, rel_tol=1e-12) if numbers else bool(one == other)


def short(value: Any) -> str:
    """A value in few words."""
    return "nothing" if value is NONE else repr(value)[:60]


def loaded(packs: str | None) -> Registry:
    """The node types that are here, with those of packs."""
    registry = Registry().load("nodes")
    if packs is None:
        return registry
    from safelight.compat.shims import Trust, load_packs  # which change what Python imports

    data = Path(tempfile.mkdtemp(prefix="conversion-"))
    (data / "custom_nodes").symlink_to(Path(packs).resolve())
    with contextlib.redirect_stdout(sys.stderr):
        reports = load_packs(data, registry, Folders(data), trust=Trust.all())
    for report in reports:
        print(f"{report.name}: {report.state}, {len(report.nodes)} nodes", file=sys.stderr)
    return registry


def main(arguments: list[str]) -> None:
    """Compare and print."""
    parser = ArgumentParser("bench.conversion", description=__doc__)
    parser.add_argument("folder", nargs="+", help="where pictures, films and sounds are")
    parser.add_argument("--packs", help="a folder with a folder for each pack to load first")
    parsed = parser.parse_args(arguments)
    registry = loaded(parsed.packs)
    whole, alone = Count(), Count()
    nodes = 0
    for path, workflow, prompt in pairs(parsed.folder):
        nodes += len(prompt)
        whole.add(path, compared(Document(workflow, sent=prompt), prompt, registry))
        alone.add(path, compared(Document(workflow), prompt, registry))
    print(f"{sum(whole.files.values())} different pairs, {nodes} nodes")
    whole.show("The file as it is")
    alone.show("From its workflow alone")
    for line in whole.listed:
        print(f"  {line}")


if __name__ == "__main__":
    main(sys.argv[1:])
