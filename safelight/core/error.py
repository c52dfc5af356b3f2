"""Everything that can go wrong, as fields first and as text second.

    SafelightError
      - DeclarationError      while importing: a node is declared wrongly
      - PackError             while importing: a pack failed to load; the others go on
      - DocumentError         while reading: a file is no workflow
      - GraphError            before running, all collected
          - UnknownNode  MissingInput  BadInput  CycleError  LoopError
      - NodeFailed            while running; `__cause__` keeps the original
          - OutOfMemory       adds sizes
      - Cancelled             not a failure, never logged as one

The text of each reads `where: problem. remedy`. The node and its type are added in one place, the executor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Where:
    """The place of a problem: a node id, the node's type and an input, each where known."""

    node: str | None = None
    type: str | None = None
    input: str | None = None
    title: str | None = None

    def __str__(self) -> str:
        name = self.type if not self.title or self.title == self.type else f"{self.type}, '{self.title}'"
        if self.node is not None:
            place = f"node '{self.node}'" + (f" ({name})" if self.type else "")
        else:
            place = name or ""
        if self.input is None:
            return place
        return f"{place}, input '{self.input}'" if place else f"input '{self.input}'"


NOWHERE = Where()


class SafelightError(Exception):
    """A problem, where it is and what to do about it."""

    kind = "error"

    def __init__(self, problem: str, *, where: Where = NOWHERE, remedy: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        place = str(self.where)
        text = f"{place}: {self.problem}" if place else self.problem
        text = text if text.endswith((".", "!", "?")) else f"{text}."
        return f"{text} {self.remedy}" if self.remedy else text

    def at(self, **fields: str | None) -> SafelightError:
        """Fill in the parts of `where` that are still unknown, and return self."""
        known = {name: value for name, value in fields.items() if getattr(self.where, name) is None}
        self.where = replace(self.where, **known)
        return self

    def as_dict(self) -> dict[str, Any]:
        """The fields, for the wire."""
        return {
            "kind": self.kind,
            "node": self.where.node,
            "type": self.where.type,
            "input": self.where.input,
            "problem": self.problem,
            "remedy": self.remedy,
            "text": str(self),
        }


class DeclarationError(SafelightError):
    """A node function is declared in a way that cannot be understood."""

    kind = "declaration"


class PackError(SafelightError):
    """A pack of nodes could not be imported."""

    kind = "pack"


class DocumentError(SafelightError):
    """A file is not a workflow, or is damaged."""

    kind = "document"


class GraphError(SafelightError):
    """A graph cannot be run as it is."""

    kind = "graph"


class UnknownNode(GraphError):
    """No node type of that name is known."""

    kind = "unknown_node"


class MissingInput(GraphError):
    """A required input has neither a value nor a link."""

    kind = "missing_input"


class BadInput(GraphError):
    """An input's value or link cannot be accepted. Node bodies may raise it too."""

    kind = "bad_input"

    def __init__(
        self, *words: str, input: str = "", problem: str = "", remedy: str = "", where: Where = NOWHERE
    ) -> None:
        """`BadInput(input, problem, remedy)`, by position or by name."""
        given = dict(zip(("input", "problem", "remedy"), words, strict=False))
        named = {"input": input, "problem": problem, "remedy": remedy}
        fields = {name: given.get(name) or named[name] for name in named}
        place = where if where.input or not fields["input"] else replace(where, input=fields["input"])
        super().__init__(fields["problem"], where=place, remedy=fields["remedy"])


class CycleError(GraphError):
    """Nodes feed each other in a circle."""

    kind = "cycle"

    def __init__(self, path: Sequence[str], *, where: Where = NOWHERE) -> None:
        self.path = tuple(path)
        names = [f"'{node}'" for node in self.path]
        if len(names) > 20:
            names[9:-9] = [f"... ({len(names) - 18} more) ..."]
        loop = " -> ".join(names)
        super().__init__(f"the nodes form a circle: {loop}", where=where, remedy="Remove one of these links.")


class LoopError(GraphError):
    """The nodes of a loop cannot be repeated as they are connected."""

    kind = "loop"


class NodeFailed(SafelightError):
    """A node's body raised; the original is the `__cause__`."""

    kind = "node_failed"


class OutOfMemory(NodeFailed):
    """A node needed more memory than there is, also after everything else was given up."""

    kind = "out_of_memory"


class Cancelled(SafelightError):
    """The job was cancelled."""

    kind = "cancelled"

    def __init__(self, problem: str = "cancelled", *, where: Where = NOWHERE, remedy: str = "") -> None:
        super().__init__(problem, where=where, remedy=remedy)


class Problems(SafelightError):
    """All problems of one graph together."""

    kind = "invalid"

    def __init__(self, problems: Sequence[SafelightError]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        super().__init__(f"{count} problem{'s' if count != 1 else ''}")

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
