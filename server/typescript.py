"""TypeScript: what `/safelight` answers, as types for the editor.

`python -m server.typescript > web/src/server/told.ts` writes them anew from the published description.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from server.route.openapi import document

Tree = dict[str, Any]
HEAD = "// Written by `python -m server.typescript` from what the server publishes of itself; not by hand.\n"
PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def declarations() -> str:
    """Each record of the published description as an interface."""
    schemas: dict[str, Tree] = document()["components"]["schemas"]
    parts = [HEAD, *("\n".join(_interface(name, schemas[name])) + "\n" for name in sorted(schemas))]
    return "\n".join(parts)


def _interface(name: str, schema: Tree) -> Iterator[str]:
    yield from _meaning(schema, "")
    yield f"export interface {name} {{"
    required = set(schema.get("required", ()))
    for field, kind in schema.get("properties", {}).items():
        yield from _meaning(kind, "  ")
        yield f"  readonly {field}{'' if field in required else '?'}: {_type(kind)};"
    yield "}"


def _meaning(schema: Tree, indent: str) -> Iterator[str]:
    if words := " ".join(schema.get("description", "").split()):
        yield f"{indent}/** {words} */"


def _type(schema: Tree) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "enum" in schema:
        return " | ".join(json.dumps(one) for one in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        inner = _type(schema["items"])
        return f"readonly ({inner})[]" if " | " in inner else f"readonly {inner}[]"
    if schema.get("type") == "object":
        return f"Readonly<Record<string, {_type(schema.get('additionalProperties', {}))}>>"
    return PLAIN.get(schema.get("type", ""), "unknown")


if __name__ == "__main__":
    sys.stdout.write(declarations())
