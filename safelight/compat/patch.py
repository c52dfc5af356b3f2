"""Patch: the text of a file that was changed, in which only what was changed is written anew.

Everything else stays as it was read: how numbers are written (1e-05 or 0.00001), escapes, line breaks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from safelight.compat.notation import Notation, means

LARGEST = 8 * 2**20
"""The longest text that is patched; a longer one is written anew as a whole."""
TOKEN = re.compile(r'[ \t\r\n]*("[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},:]|[^ \t\r\n\[\]{},:"]+)', re.DOTALL)


def patched(text: str, tree: Any, layout: Notation) -> str | None:
    """The text with what differs in `tree` written anew; None if that cannot be done faithfully."""
    if len(text) > LARGEST:
        return None
    try:
        part = _Scanner(text).part(json.loads(text))
        fresh = _Patcher(text, layout).changed(part, tree, 0)
    except (ValueError, RecursionError):
        return None
    result = text if fresh is None else f"{text[: part.start]}{fresh}{text[part.end :]}"
    return result if means(result, tree) else None


class _Part:
    """A value and where it stands in the text, with its key; `inner` are the values inside it."""

    __slots__ = ("end", "inner", "key", "keyed", "start", "value")

    def __init__(self, value: Any, start: int, key: str | None, keyed: int) -> None:
        self.value = value
        self.start = self.end = start
        self.key = key
        self.keyed = keyed
        self.inner: list[_Part] = []


class _Scanner:
    """Finds where each value of a JSON text stands; the text is known to be sound."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = TOKEN.finditer(text)
        self.token: re.Match[str] = next(self.tokens)

    def next(self) -> str:
        """Step to the next token."""
        self.token = next(self.tokens)
        return self.token[1]

    def part(self, value: Any, key: str | None = None, keyed: int = 0) -> _Part:
        """The value at this token, which is `value`, up to its last token."""
        part = _Part(value, self.token.start(1), key, keyed)
        match self.token[1]:
            case "{":
                part.inner = list(self.entries(value))
            case "[":
                part.inner = list(self.items(value))
        part.end = self.token.end(1)
        return part

    def entries(self, value: dict[str, Any]) -> Iterator[_Part]:
        count = 0
        while self.next() != "}":
            if self.token[1] == ",":
                self.next()
            key, keyed = json.loads(self.token[1]), self.token.start(1)
            self.next()
            self.next()
            count += 1
            yield self.part(value[key], key, keyed)
        if count != len(value):
            raise ValueError("a key stands twice in one object")

    def items(self, value: list[Any]) -> Iterator[_Part]:
        count = 0
        while self.next() != "]":
            if self.token[1] == ",":
                self.next()
            place = self.token.start(1)
            yield self.part(value[count], None, place)
            count += 1


class _Patcher:
    """Writes values, with the text that they had wherever they are as they were."""

    def __init__(self, text: str, layout: Notation) -> None:
        self.text = text
        self.layout = layout
        self.places: dict[int, dict[int, int]] = {}

    def changed(self, part: _Part, new: Any, depth: int) -> str | None:
        """The text of a new value in the place of a part; None if it is the same."""
        if isinstance(part.value, dict) and isinstance(new, dict):
            by_key = {one.key: one for one in part.inner}
            pairs = [(by_key.get(key), key, value) for key, value in new.items()]
        elif isinstance(part.value, list) and isinstance(new, list):
            pairs = [(one, None, value) for one, value in zip(_partners(part, new), new, strict=True)]
        else:
            return None if _alike(part.value, new) else self.layout.fragment(new, depth)
        if [one for one, _, _ in pairs] == part.inner:
            return self.spliced(part, [value for _, _, value in pairs], depth)
        return self.joined(part, pairs, depth)

    def spliced(self, part: _Part, values: list[Any], depth: int) -> str | None:
        """A list or an object that holds the same entries, with the changed ones written anew."""
        pieces, place = [], part.start
        for one, value in zip(part.inner, values, strict=True):
            fresh = self.changed(one, value, depth + 1)
            if fresh is not None:
                pieces += [self.text[place : one.start], fresh]
                place = one.end
        return "".join([*pieces, self.text[place : part.end]]) if pieces else None

    def joined(self, part: _Part, pairs: list[tuple[_Part | None, str | None, Any]], depth: int) -> str:
        """A list or an object with entries more or less, laid out as it was."""
        if not part.inner or not pairs:
            return self.layout.fragment({key: value for _, key, value in pairs}
                                        if isinstance(part.value, dict)
                                        else [value for _, _, value in pairs], depth)  # fmt: skip
        first, *more = part.inner
        head, tail = self.text[part.start : first.keyed], self.text[part.inner[-1].end : part.end]
        comma = self.text[first.end : more[0].keyed] if more else f",{head[1:] or self.layout.gap}"
        pieces = [head]
        before: _Part | None = None
        for number, (one, key, value) in enumerate(pairs):
            own = comma
            if before is not None and one is not None and self.follows(part, before, one):
                own = self.text[before.end : one.keyed]
            pieces += [own] * (number > 0) + [self.entry(one, key, value, depth + 1)]
            before = one
        return "".join([*pieces, tail])

    def follows(self, part: _Part, one: _Part, other: _Part) -> bool:
        """Whether an entry stood right behind another."""
        place = self.places.setdefault(id(part), {id(inner): n for n, inner in enumerate(part.inner)})
        return place[id(other)] == place[id(one)] + 1

    def entry(self, part: _Part | None, key: str | None, value: Any, depth: int) -> str:
        """One entry, with its key if it has one."""
        if part is None:
            fresh = self.layout.fragment(value, depth)
            return fresh if key is None else f"{self.layout.fragment(key, 0)}{self.layout.colon}{fresh}"
        fresh_or_same = self.changed(part, value, depth)
        return self.text[part.keyed : part.start] + (
            self.text[part.start : part.end] if fresh_or_same is None else fresh_or_same
        )


def _partners(part: _Part, new: list[Any]) -> list[_Part | None]:
    """For each item of a new list what it was: the item with its id, else the one at its place."""
    ids = [_id(one.value) for one in part.inner]
    if ids and None not in ids and len(set(ids)) == len(ids):
        by_id = dict(zip(ids, part.inner, strict=True))
        return [by_id.pop(_id(value), None) for value in new]
    found: list[_Part | None] = [None] * len(new)
    shorter = min(len(new), len(part.inner))
    same = len(new) == len(part.inner)
    begin = 0
    while begin < shorter and (same or _equal(part.inner[begin].value, new[begin])):
        found[begin] = part.inner[begin]
        begin += 1
    for back in range(1, shorter - begin + 1):
        if not _equal(part.inner[-back].value, new[-back]):
            break
        found[-back] = part.inner[-back]
    return found


def _id(value: Any) -> Any:
    """What an item of a list goes by: a node or a wire by its id."""
    id = (
        value.get("id")
        if isinstance(value, dict)
        else value[0]
        if isinstance(value, list) and value
        else None
    )
    return (type(id), id) if isinstance(id, (int, str)) else None


def _equal(one: Any, other: Any) -> bool:
    return bool(one == other)


def _alike(one: Any, other: Any) -> bool:
    """Whether two plain values are written alike: 8 is not 8.0, and 0.0 is not -0.0."""
    return type(one) is type(other) and one == other and (type(one) is not float or repr(one) == repr(other))
