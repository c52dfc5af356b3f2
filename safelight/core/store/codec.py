"""Codec: values to a tagged JSON tree beside tensors, and back, exactly.

Tuples, dicts with keys that are not texts, bytes, non-finite numbers, shared tensors and registered classes
come back as they were. What has no exact form raises Unstorable with the reason; such a value stays in
memory.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from math import isfinite
from pathlib import Path
from typing import Any, Protocol

TAG = "$"
PLAIN = frozenset({type(None), bool, int, float, str, bytes})
INT_MAX = 10**1000
"""Beyond this, whole numbers are written in hexadecimal: Python reads only a few thousand decimal digits."""


class Unstorable(Exception):
    """A value has no exact form on disk."""


class TensorFormat(Protocol):
    """How tensors are recognised, compacted and brought to files; registered by who owns torch."""

    def is_tensor(self, value: Any) -> bool:
        """Whether the value is a tensor."""

    def compact(self, tensor: Any) -> Any:
        """The tensor itself, or a copy where it is a slice that would keep a larger one alive."""

    def same(self, tensor: Any) -> object:
        """Equal for two tensors that are views of the same memory in the same way."""

    def content(self, tensor: Any) -> tuple[str, Any]:
        """What kind of tensor it is, in words, and its numbers as bytes."""

    def save(self, tensors: Mapping[str, Any], metadata: Mapping[str, str], path: Path) -> None:
        """Write a safetensors file."""

    def load(self, path: Path) -> dict[str, Any]:
        """Read the tensors of a safetensors file."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A class that can be stored: its tag, how it becomes a plain tree, and how it comes back."""

    tag: str
    cls: type
    to_tree: Callable[[Any], Any]
    from_tree: Callable[[Any], Any]


@dataclass
class Codec:
    """The kinds of values that can be stored. `tensors` may be loaded late, since it brings torch."""

    tensors: TensorFormat | None = None
    load_tensors: Callable[[], TensorFormat] | None = None
    kinds: dict[type, Kind] = field(default_factory=dict)
    tags: dict[str, Kind] = field(default_factory=dict)
    load_kind: Callable[[str], None] | None = None
    """Registers the kind with a tag when it is met before its class was imported."""

    def register(
        self, tag: str, cls: type, to_tree: Callable[[Any], Any], from_tree: Callable[[Any], Any]
    ) -> None:
        """Make a class storable under a tag."""
        self.kinds[cls] = self.tags[tag] = Kind(tag, cls, to_tree, from_tree)

    def format(self) -> TensorFormat:
        """The tensor format, loaded now if need be."""
        if self.tensors is None:
            if self.load_tensors is None:
                raise Unstorable("no tensor format is registered")
            self.tensors = self.load_tensors()
        return self.tensors

    def available(self) -> TensorFormat | None:
        """The tensor format, if there can be tensors: nothing brings torch in for a value without them."""
        if self.tensors is None and self.load_tensors is not None and "torch" in sys.modules:
            return self.format()
        return self.tensors

    def encode(self, value: Any) -> tuple[Any, dict[str, Any]]:
        """The JSON tree of a value, and its tensors by name. Raises Unstorable."""
        packing = _Packing(self)
        try:
            tree = packing.pack(value)
        except RecursionError as error:
            raise Unstorable("it is nested too deeply, or holds itself") from error
        return tree, packing.found

    def digest(self, value: Any) -> bytes:
        """What a value is, as a hash: equal values have one, wherever they are from. Raises Unstorable."""
        tree, tensors = self.encode(value)
        hashed = blake2b(json.dumps(tree, sort_keys=True).encode(), digest_size=20)
        for name, tensor in tensors.items():
            kind, data = self.format().content(tensor)
            hashed.update(f"{name} {kind} ".encode())
            hashed.update(data)
        return hashed.digest()

    def decode(self, tree: Any, tensors: Mapping[str, Any]) -> Any:
        """The value of a tree; shared tensors are shared again. Raises Unstorable for an unknown tag."""
        if isinstance(tree, list):
            return [self.decode(item, tensors) for item in tree]
        if not isinstance(tree, dict):
            return tree
        if TAG not in tree:
            return {name: self.decode(item, tensors) for name, item in tree.items()}
        return self._decode_tagged(tree[TAG], tree.get("v"), tensors)

    def _decode_tagged(self, tag: str, body: Any, tensors: Mapping[str, Any]) -> Any:
        match tag:
            case "tensor":
                return tensors[body]
            case "tuple":
                return tuple(self.decode(item, tensors) for item in body)
            case "dict":
                return {self.decode(key, tensors): self.decode(item, tensors) for key, item in body}
            case "float":
                return float(body)
            case "int":
                return int(body, 16)
            case "text":
                return base64.b64decode(body).decode("utf-8", "surrogatepass")
            case "bytes":
                return base64.b64decode(body)
        if tag not in self.tags and self.load_kind is not None:
            self.load_kind(tag)
        if tag not in self.tags:
            raise Unstorable(f"nothing is registered for '{tag}'")
        return self.tags[tag].from_tree(self.decode(body, tensors))


class _Packing:
    """One value on its way into a tree: gathers its tensors, each memory once."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self.found: dict[str, Any] = {}
        self.names: dict[object, str] = {}

    def pack(self, value: Any) -> Any:
        kind = type(value)
        if kind in PLAIN:
            return self.pack_plain(value)
        if kind is list:
            return [self.pack(item) for item in value]
        if kind is tuple:
            return {TAG: "tuple", "v": [self.pack(item) for item in value]}
        if kind is dict:
            return self.pack_dict(value)
        tensors = self.codec.available()
        if tensors is not None and tensors.is_tensor(value):
            return {TAG: "tensor", "v": self.name(value, tensors)}
        return self.registered(value)

    def pack_plain(self, value: Any) -> Any:
        """What JSON says exactly as it is, and with a tag what it does not."""
        match value:
            case float() if not isfinite(value):
                return {TAG: "float", "v": repr(value)}
            case int() if abs(value) > INT_MAX:
                return {TAG: "int", "v": hex(value)}
            case str() if not _is_whole(value):
                return {TAG: "text", "v": base64.b64encode(value.encode("utf-8", "surrogatepass")).decode()}
            case bytes():
                return {TAG: "bytes", "v": base64.b64encode(value).decode()}
        return value

    def pack_dict(self, value: dict[Any, Any]) -> Any:
        if TAG not in value and all(type(key) is str and _is_whole(key) for key in value):
            return {key: self.pack(item) for key, item in value.items()}
        return {TAG: "dict", "v": [[self.pack(key), self.pack(item)] for key, item in value.items()]}

    def registered(self, value: Any) -> Any:
        kind = self.codec.kinds.get(type(value))
        if kind is None:
            name = f"{type(value).__module__}.{type(value).__qualname__}"
            raise Unstorable(f"a {name} has no exact form on disk")
        return {TAG: kind.tag, "v": self.pack(kind.to_tree(value))}

    def name(self, tensor: Any, tensors: TensorFormat) -> str:
        same = tensors.same(tensor)
        if same not in self.names:
            self.names[same] = f"t{len(self.names)}"
            self.found[self.names[same]] = tensor
        return self.names[same]


def _is_whole(text: str) -> bool:
    """Whether JSON gives a text back: two halves of a surrogate pair would come back as one character."""
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False
