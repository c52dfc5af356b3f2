"""Question: what the server asks a worker beside running jobs, answered also while one runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from safelight.core.engine import Engine
from safelight.core.error import SafelightError
from safelight.core.graph import Graph
from safelight.core.validation import roots_of, validate
from safelight.message import Answer, Ask
from safelight.worker.account import error_tree
from safelight.worker.glance import glance

Reply: TypeAlias = Callable[[Engine, Any], Any]


def answer(engine: Engine, ask: Ask) -> Answer:
    """The answer to a question; whatever goes wrong is the answer's error."""
    reply = QUESTIONS.get(ask.question)
    if reply is None:
        return Answer(ask.id, error=error_tree(SafelightError(f"workers know no question '{ask.question}'")))
    try:
        return Answer(ask.id, reply(engine, ask.payload))
    except Exception as error:  # noqa: BLE001 - a pack's own code may answer
        return Answer(ask.id, error=error_tree(error))


def _choices(engine: Engine, kind: Any) -> list[str]:
    """The names of the files of a kind."""
    return engine.folders.names(str(kind))


def _validate(engine: Engine, payload: Any) -> list[dict[str, Any]]:
    """All problems of a graph; none if it can be run."""
    graph = Graph.from_tree(payload["graph"])
    roots = payload.get("roots") or roots_of(graph, engine.registry)
    found = validate(graph, engine.registry, roots, engine.folders)
    return [problem.as_dict() for problem in found.problems]


QUESTIONS: Mapping[str, Reply] = {"choices": _choices, "glance": glance, "validate": _validate}
