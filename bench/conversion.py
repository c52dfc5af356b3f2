"""Conversion against truth: `python -m bench.conversion FOLDER ...`.

Media files that carry both the editor's workflow and the prompt that it was queued as are converted, and
compared: node ids, types and inputs, seeds aside (editors change them after queueing). Every difference is
put under a cause, or listed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from safelight.compat import Document, media, notation, to_graph, to_prompt
from safelight.compat.sheet import Sheet
from safelight.core.error import DocumentError
from safelight.core.registry import Registry

BUTTONS = frozenset(
    (
        "upload",
        "choose file to upload",
        "preview",
        "video-preview",
        "audioUI",
        "refresh",
        "speak_and_recognation",
    )
)
"""What editors once sent of their own buttons and players as if it were an input."""
NONE = object()


def pairs(folders: list[str]) -> Iterator[tuple[Path, dict[str, Any], dict[str, Any]]]:
    """Each workflow and its prompt once, with the file that carries them."""
    seen = set()
    for path in sorted(path for folder in folders for path in Path(folder).rglob("*") if path.is_file()):
        try:
            with path.open("rb") as stream:
                texts: Mapping[str, str] = media.read(stream) or {}
            workflow, prompt = (notation.parse(texts[key]) for key in ("workflow", "prompt"))
        except (DocumentError, KeyError):
            continue
        key = hash((texts["workflow"], texts["prompt"]))
        if (
            isinstance(workflow, dict)
            and "nodes" in workflow
            and isinstance(prompt, dict)
            and key not in seen
        ):
            seen.add(key)
            yield path, workflow, prompt


def differences(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], nameless: set[str], registry: Registry
) -> Iterator[tuple[str, str]]:
    """The cause of each difference, and what it is."""
    for id in sorted(ours.keys() | theirs.keys()):
        if id not in ours or id not in theirs:
            there = (ours if id in ours else theirs)[id]["class_type"]
            yield "another node", f"{id} {there} is only in the {'file' if id in ours else 'prompt'}"
            continue
        mine, truth = ours[id]["inputs"], theirs[id]["inputs"]
        spec = registry.find(ours[id]["class_type"])
        for name in sorted(mine.keys() | truth.keys()):
            one, other = mine.get(name, NONE), truth.get(name, NONE)
            if number(one) == number(other) or ("seed" in name.lower() and not isinstance(other, list)):
                continue
            told = f"{id} {ours[id]['class_type']}.{name}: {short(one)}, not {short(other)}"
            if one is NONE and id in nameless:
                yield "a pack that is not here, whose values the file does not name", told
            elif one is NONE and name in BUTTONS:
                yield "a button or player that editors sent as an input", told
            elif (
                other is NONE
                and spec is not None
                and name in spec.by_name
                and spec.by_name[name].default == one
            ):
                yield "an input that is newer than the file, at its default", told
            elif isinstance(one, str) and "%" in one and isinstance(other, str):
                yield "a name with %parts%, filled in when it was queued", told
            else:
                yield "another value", told


def number(value: Any) -> Any:
    """A value in which 8 and 8.0 are one, and so are the ways to write a link."""
    if isinstance(value, list) and len(value) == 2:
        return [str(value[0]), value[1]]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def short(value: Any) -> str:
    """A value in few words."""
    return "nothing" if value is NONE else repr(value)[:60]


def main(folders: list[str]) -> None:
    """Compare and print."""
    registry = Registry().load("nodes")
    causes: Counter[str] = Counter()
    files: Counter[str] = Counter()
    nodes, listed = 0, []
    for path, workflow, prompt in pairs(folders):
        document = Document(workflow)
        ours = to_prompt(to_graph(document, registry).graph)
        sheet = Sheet(document, registry).nodes
        unknown = {id: node for id, node in sheet.items() if node.spec is None and not node.slots}
        nameless = {id for id, node in unknown.items() if node.raw.get("widgets_values")}
        found = list(differences(ours, prompt, nameless, registry))
        nodes += len(prompt)
        causes.update(cause for cause, _ in found)
        rest = [told for cause, told in found if cause.startswith("another")]
        files["the same" if not found else "the same but for what is named" if not rest else "edited"] += 1
        listed += [f"{path.name}: {told}" for told in rest]
    print(f"{sum(files.values())} different pairs, {nodes} nodes: {dict(files)}")
    for cause, count in causes.most_common():
        print(f"  {count:6} {cause}")
    for line in listed:
        print(f"  {line}")


if __name__ == "__main__":
    main(sys.argv[1:])
