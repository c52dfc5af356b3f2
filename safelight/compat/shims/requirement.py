"""What a pack says it needs, held against what is installed, before anything of it is imported."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

OPERATORS = {"==", "!=", ">=", "<=", ">", "<", "~="}
CLAUSE = re.compile(r"(==|!=|>=|<=|~=|>|<)\s*([0-9][0-9A-Za-z.*+!-]*)")
NAME = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?")


def declared(pack: Path) -> list[str]:
    """The requirements in a pack's own `pyproject.toml`."""
    try:
        tree = tomllib.loads((pack / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    listed = tree.get("project", {}).get("dependencies", [])
    return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []


def conflicts(pack: Path) -> list[str]:
    """What of it is installed in another version. What is missing may be optional."""
    return [text for one in declared(pack) if (text := _conflict(one))]


def missing(pack: Path) -> list[str]:
    """The declared packages that are not installed."""
    names = [found[1] for one in declared(pack) if (found := NAME.match(one)) and ";" not in one]
    return [name for name in names if _installed(name) is None]


def _conflict(text: str) -> str:
    """Why one requirement is not met by the version that is installed, or nothing."""
    requirement, _, marker = text.partition(";")
    found = NAME.match(requirement)
    if found is None or marker:
        return ""
    have = _installed(found[1])
    if have is None:
        return ""
    unmet = [clause for clause in CLAUSE.findall(requirement[found.end() :]) if not _meets(have, *clause)]
    if not unmet:
        return ""
    wanted = ", ".join(f"{operator}{number}" for operator, number in unmet)
    return f"it needs {found[1]} {wanted}, but {have} is installed"


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _meets(have: str, operator: str, wanted: str) -> bool:
    if wanted.endswith(".*"):
        same = f"{have}.".startswith(wanted[:-1])
        return same if operator == "==" else not same
    one, other = (list(_numbers(text)) for text in (have, wanted))
    length = max(len(one), len(other))
    mine, theirs = (tuple(numbers + [0] * (length - len(numbers))) for numbers in (one, other))
    match operator:
        case "==":
            return mine == theirs
        case "!=":
            return mine != theirs
        case ">=":
            return mine >= theirs
        case "<=":
            return mine <= theirs
        case ">":
            return mine > theirs
        case "<":
            return mine < theirs
    return mine >= theirs and mine[: len(other) - 1] == theirs[: len(other) - 1]


def _numbers(text: str) -> Iterator[int]:
    """The release of a version: `2.6.0rc1+cpu` is 2, 6, 0."""
    for part in text.partition("+")[0].split("."):
        digits = re.match(r"\d+", part)
        if digits is None:
            return
        yield int(digits[0])
        if digits.end() < len(part):
            return
