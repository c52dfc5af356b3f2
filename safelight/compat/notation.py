"""JSON text as saved files have it: numbers exact, layout remembered, size and depth bounded.

NaN is no JSON, yet real files hold it. It is read (so that validation can name the input that holds it) and
never written: null takes its place.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from safelight.core.error import DocumentError

LARGEST = 64 * 2**20
"""The most bytes of JSON that are read."""

DEEPEST = 200
"""The most levels of lists and objects inside each other that are read."""


_HALF = re.compile("[\ud800-\udfff]")
"""Half a character: JSON can hold it as an escape, no file can hold it plainly."""

_EXACT = json.JSONEncoder(allow_nan=False)


@dataclass(frozen=True, slots=True)
class Notation:
    """How a JSON text was laid out, so that what was not changed is saved as it was."""

    indent: str | None = "  "
    spaced: bool = True
    ascii: bool = False
    end: str = ""

    @classmethod
    def of(cls, text: str) -> Notation:
        """The layout of a JSON text, judged by its first lines, its escapes and its end."""
        head = text[:4096]
        indented = re.match(r"\s*[{\[]\r?\n([ \t]+)", head)
        return cls(
            indent=indented[1] if indented else None,
            spaced=re.search(r'":\S', head) is None,
            ascii=text.isascii() and "\\u" in text,
            end=text[len(text.rstrip()) :][:2],
        )

    @property
    def gap(self) -> str:
        """What stands behind a comma between two entries in one line."""
        return " " if self.indent is None and self.spaced else ""

    @property
    def colon(self) -> str:
        """What stands between a key and its value."""
        return ": " if self.spaced else ":"

    def write(self, tree: Any) -> str:
        """`tree` as JSON text in this layout."""
        return self.fragment(tree, 0) + self.end

    def fragment(self, value: Any, depth: int) -> str:
        """A value as JSON text in this layout, so many levels inside the file."""
        encoder = json.JSONEncoder(
            ensure_ascii=self.ascii,
            allow_nan=False,
            indent=self.indent,
            separators=(f",{self.gap}", self.colon),
        )
        try:
            text = encoder.encode(value)
        except ValueError:
            text = encoder.encode(_finite(value))
        if not self.ascii and _HALF.search(text):
            return replace(self, ascii=True).fragment(value, depth)
        return text.replace("\n", "\n" + self.indent * depth) if self.indent and depth else text


def parse(data: bytes | str) -> Any:
    """Read JSON. Raises DocumentError if it is empty, not JSON, too big or too deep."""
    if len(data) > LARGEST:
        raise DocumentError(f"it is larger than {LARGEST // 2**20} MiB", remedy="Choose a workflow file.")
    if not data.strip():
        raise DocumentError("it is empty", remedy="Choose a workflow file.")
    try:
        tree = json.loads(text_of(data))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise DocumentError(
            f"it is not JSON: {error.msg} at {place}", remedy="Save the workflow again."
        ) from error
    except RecursionError as error:
        raise _too_deep() from error
    except UnicodeDecodeError as error:
        remedy = "Choose a workflow's JSON, or a picture or film that carries it."
        raise DocumentError(
            "it is neither text nor a picture or film of a kind known here", remedy=remedy
        ) from error
    except ValueError as error:  # Python reads no number of more digits than it has set itself as a limit
        remedy = "Open the file in a text editor and shorten the number."
        raise DocumentError("it holds a number with thousands of digits", remedy=remedy) from error
    _bound_depth(tree)
    return tree


def says(text: str, tree: Any) -> bool:
    """Whether a text is plain JSON that means exactly this tree, the order of its keys included."""
    try:
        return not _HALF.search(text) and _EXACT.encode(json.loads(text)) == _EXACT.encode(tree)
    except (ValueError, RecursionError):
        return False


def means(text: str, tree: Any) -> bool:
    """Whether a text is plain JSON that means this tree, where null stands for what is no number."""
    try:
        return not _HALF.search(text) and _EXACT.encode(json.loads(text)) == _EXACT.encode(_finite(tree))
    except (ValueError, RecursionError):
        return False


def text_of(data: bytes | str) -> str:
    """The text of JSON in UTF-8, 16 or 32, without a byte order mark. Raises ValueError if it is none."""
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    return data.decode(json.detect_encoding(data), "surrogatepass")


def _bound_depth(tree: Any) -> None:
    level, depth = [tree] if isinstance(tree, (dict, list)) else [], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise _too_deep()
        inner = (item.values() if isinstance(item, dict) else item for item in level)
        level = [child for children in inner for child in children if isinstance(child, (dict, list))]


def _too_deep() -> DocumentError:
    return DocumentError(
        f"its lists and objects are more than {DEEPEST} levels deep", remedy="Choose a workflow file."
    )


def _finite(tree: Any) -> Any:
    if isinstance(tree, float):
        return tree if isfinite(tree) else None
    if isinstance(tree, dict):
        return {key: _finite(value) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [_finite(value) for value in tree]
    return tree
