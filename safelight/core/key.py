"""Keys: what a node's result depends on, as a hash. No node id is in it, so equal work is found anywhere.

A key covers the type's id and version, the epoch, literals canonicalised by their declared type, the sources'
keys and slots, the content of files that literals name, and the node's fingerprint.

What is hashed is unambiguous: each part begins with a letter of its own and tells its length or its end.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from math import isnan
from typing import Any, NamedTuple, TypeAlias

from safelight.core.digest import Digests
from safelight.core.epoch import Epoch
from safelight.core.error import BadInput, NodeFailed, SafelightError
from safelight.core.folder import Folders
from safelight.core.graph import Link, Node
from safelight.core.spec import REQUIRED, InputSpec, NodeSpec
from safelight.core.widget import File

Key: TypeAlias = bytes
Encode: TypeAlias = Callable[[Any], bytes]

SIZE = 20
SLOTS = tuple(b"L%d;" % slot for slot in range(256))
_pack = struct.Struct("<d").pack


def digest(*parts: bytes) -> Key:
    """The hash of parts; each must end itself."""
    return blake2b(b"".join(parts), digest_size=SIZE).digest()


def item_key(source: Key, slot: int, index: int) -> Key:
    """The key of one item of an output that gives many."""
    return digest(b"item", source, b"%d;%d" % (slot, index))


def fresh_key() -> Key:
    """A key that nothing has or will have: for results that must not be found again."""
    return os.urandom(SIZE)


def unlike_any(_place: str) -> Key:
    """The key's part of a node that is to run each time."""
    return fresh_key()


def place(id: str, index: int | None) -> str:
    """How one call of a node is named: by the node, and the item where it runs once per item."""
    return id if index is None else f"{id}#{index}"


class Absent(bytes):
    """What stands for an input that is not set."""


def _number(value: Any) -> bytes:
    try:
        return b"f" + _pack(value)
    except (struct.error, OverflowError):
        return _value(value)


def _integer(value: Any) -> bytes:
    return b"i%d;" % value if isinstance(value, int) else _value(value)


def _text(value: Any) -> bytes:
    if not isinstance(value, str):
        return _value(value)
    data = value.encode("utf-8", "surrogatepass")
    return b"s%d;" % len(data) + data


def _value(value: Any) -> bytes:
    """Any value as it is: 8 is not 8.0 here. What has no known form, and NaN, is like nothing else ever."""
    match value:
        case None:
            return b"n"
        case bool():
            return b"y" if value else b"o"
        case int():
            return _integer(value)
        case float():
            return b"u" + fresh_key() if isnan(value) else _number(value)
        case str():
            return _text(value)
        case bytes():
            return b"b%d;" % len(value) + value
        case list() | tuple() | dict() | set() | frozenset():
            return _container(value)
        case os.PathLike():
            return b"p" + _text(os.fspath(value))
    return b"u" + fresh_key()


def _container(value: Any) -> bytes:
    if isinstance(value, dict):
        letter, parts = b"d", sorted(_value(name) + _value(item) for name, item in value.items())
    elif isinstance(value, (set, frozenset)):
        letter, parts = b"e", sorted(map(_value, value))
    else:
        letter, parts = b"l" if isinstance(value, list) else b"t", list(map(_value, value))
    return b"%c%d;" % (letter, len(parts)) + b"".join(parts)


ENCODERS: dict[str, Encode] = {
    "FLOAT": _number,
    "INT": _integer,
    "STRING": _text,
    "COMBO": _text,
    "BOOLEAN": _value,
}


class Recipe(NamedTuple):
    """How one node type's keys are made."""

    spec: NodeSpec
    prefix: bytes
    inputs: tuple[tuple[str, Encode, Any], ...]
    """Each input's name, what encodes its literals, and what stands for it when it is not set."""
    special: bool


class Keys:
    """Makes keys for one setting of epoch and folders; node types are prepared once."""

    def __init__(self, epoch: Epoch, folders: Folders | None = None, digests: Digests | None = None) -> None:
        self.epoch = epoch
        self.folders = folders
        self.digests = digests or Digests()
        self.nonce: Callable[[str], bytes] = unlike_any
        """What stands in the key of a node (`id`, or `id#index`) whose result must not be found again."""
        self._recipes: dict[str, Recipe] = {}

    def extend(self, keys: dict[str, Key], order: Iterable[tuple[str, Node, NodeSpec]]) -> None:
        """Add the keys of nodes given sources first."""
        recipes = self._recipes
        try:
            for id, node, spec in order:
                recipe = recipes.get(spec.id)
                if recipe is None or recipe[0] is not spec:
                    recipe = self.prepare(spec)
                _, prefix, inputs, special = recipe
                parts = [prefix]
                given = node.inputs
                for name, encode, absent in inputs:
                    value = given.get(name, absent)
                    if value.__class__ is Link:
                        parts.append(SLOTS[value[1]])
                        parts.append(keys[value[0]])
                    elif value.__class__ is Absent:
                        parts.append(value)
                    else:
                        parts.append(encode(value))
                if special:
                    parts.append(self.special(id, node, spec))
                keys[id] = blake2b(b"".join(parts), digest_size=SIZE).digest()
        except SafelightError as error:
            error.at(node=id, type=spec.id, title=node.title or None)
            raise

    def of_item(
        self, id: str, node: Node, spec: NodeSpec, sources: Mapping[str, bytes], index: int = 0
    ) -> Key:
        """The key of a node for one item: `sources` has what stands for each linked input."""
        _, prefix, inputs, special = self.prepare(spec)
        parts = [prefix]
        for name, encode, absent in inputs:
            value = node.inputs.get(name, absent)
            if name in sources:
                parts.append(sources[name])
            else:
                parts.append(value if value.__class__ is Absent else encode(value))
        if special:
            parts.append(self.special(id, node, spec, index))
        return digest(*parts)

    def prepare(self, spec: NodeSpec) -> Recipe:
        """What is the same for all nodes of a type."""
        recipe = self._recipes.get(spec.id)
        if recipe is not None and recipe.spec is spec:
            return recipe
        prefix = digest(
            _text(spec.id), _integer(spec.version), self.epoch.of(spec), *map(_text, spec.nested)
        )  # two shapes of one type differ in which inputs there are
        inputs = tuple((one.name, self._encoder(one), self._absent(one)) for one in spec.inputs)
        special = spec.fingerprint is not None or spec.per_node or spec.effect or not spec.cached
        recipe = self._recipes[spec.id] = Recipe(spec, prefix, inputs, special)
        return recipe

    def _absent(self, one: InputSpec) -> Any:
        """An input that is not set counts as its default; a file's content is looked up each time."""
        if one.default is REQUIRED or one.default is None:
            return Absent(b"-" if one.default is REQUIRED else _value(None))
        if isinstance(one.widget, File):
            return one.default
        return Absent(self._encoder(one)(one.default))

    def _encoder(self, one: InputSpec) -> Encode:
        if isinstance(one.widget, File) and self.folders is not None:
            kind, folders = one.widget.kind, self.folders
            return lambda name: self._file(one.name, folders, kind, name)
        return ENCODERS.get(one.type, _value)

    def _file(self, input: str, folders: Folders, kind: str, name: str) -> bytes:
        try:
            return _text(self.digests.of(folders.find(kind, name)))
        except OSError as error:
            problem = f"the file '{name}' cannot be read ({error.strerror or error})"
            raise BadInput(input, problem, "Choose another file, or see that it can be read.") from error

    def special(self, id: str, node: Node, spec: NodeSpec, index: int | None = None) -> bytes:
        """What only some types have: a fingerprint, a destination, the node's own id, or no lasting key."""
        if not spec.cached:
            return self.nonce(place(id, index))
        parts = []
        if spec.fingerprint is not None:
            parts.append(_value(_fingerprint(node, spec)))
        if spec.effect and self.folders is not None:
            parts.append(_text(str(self.folders.output)))
        if spec.per_node:
            parts.append(_text(id))
        return b"".join(parts)


def _fingerprint(node: Node, spec: NodeSpec) -> object:
    """What the node's own function says of its literals; it sees None for what comes by wire."""
    assert spec.fingerprint is not None
    literals = {name: None if isinstance(value, Link) else value for name, value in node.inputs.items()}
    try:
        return spec.fingerprint(literals)
    except SafelightError:
        raise
    except Exception as error:
        problem = f"its fingerprint cannot be made ({type(error).__name__}: {error})"
        raise NodeFailed(problem, remedy="This is a mistake in the node's code.") from error
