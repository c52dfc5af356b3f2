"""Refusal: texts that no node could use, found before anything is run.

Half a character (JSON can hold it as an escape) can be neither stored nor written; a file name prefix that
leads out of the output folder would be refused only by the node that saves, when all the work is done.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from safelight.core.error import BadInput, Where
from safelight.core.folder import STEM_LONGEST, Folders
from safelight.core.graph import Graph
from safelight.core.widget import Refusal, shown

PREFIX = "filename_prefix"
"""The input that says, in every node that saves, what its files' names begin with."""
_HALF = re.compile("[\ud800-\udfff]")


def refusals(graph: Graph, folders: Folders, ids: Iterable[str]) -> list[BadInput]:
    """What is wrong with the texts of these nodes, each with its place and remedy."""
    return [
        BadInput(name, *refusal, where=Where(node=id, type=graph[id].type, title=graph[id].title or None))
        for id in ids
        for name, value in graph[id].inputs.items()
        if (refusal := _refusal(name, value, folders)) is not None
    ]


def _refusal(name: str, value: Any, folders: Folders) -> Refusal:
    if any(map(_HALF.search, _texts(value))):
        return f"{shown(value)} holds half a character, which no text can", "Delete it, or enter it anew."
    return _prefix(value, folders) if name == PREFIX and isinstance(value, str) else None


def _texts(value: Any) -> Iterator[str]:
    """All texts within a value."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str(text):
                yield text
            case list(items):
                waiting += items
            case dict(items):
                waiting += [*items, *items.values()]


def _prefix(prefix: str, folders: Folders) -> Refusal:
    try:
        folders.places("output", prefix)
    except BadInput as error:
        return error.problem, error.remedy
    if len(os.fsencode(PurePosixPath(prefix.replace("\\", "/")).name)) > STEM_LONGEST:
        remedy = f"Use at most {STEM_LONGEST} letters (fewer, where they have accents)."
        return f"the file name prefix {shown(prefix)} is too long", remedy
    return None
