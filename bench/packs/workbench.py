"""Workbench: runs each node of a pack on inputs that are made up, in a few variants, until one runs."""

from __future__ import annotations

import os
import signal
import threading
import time
from types import SimpleNamespace
from typing import Any

from bench.packs.cause import cause, words
from bench.packs.literal import Literals
from bench.packs.value import VARIANTS, values
from bench.packs.wiring import Wiring

LIMIT = 20.0
"""Seconds that one attempt may take."""
HANGING = 60.0
"""Seconds after which a node that heeds nothing ends the process."""
BANS = 5
"""How often a graph is built anew because what was to give something failed."""


class Workbench:
    """All that is needed to try nodes."""

    def __init__(self, engine: Any, ours: list[str]) -> None:
        self.engine, self.registry = engine, engine.registry
        self._add_values()
        self.makers = self._sources(ours)
        self._alive = time.monotonic()
        threading.Thread(target=self._watch, daemon=True).start()

    def _add_values(self) -> None:
        from safelight.compat.shims.host import HOST
        from safelight.core.spec import NodeSpec, OutputSpec

        for variant in range(VARIANTS):
            for type, value in values(self.engine, variant).items():
                id, outputs = f"bench.{type}.{variant}", (OutputSpec("", type),)
                HOST.classes[id] = SimpleNamespace(RETURN_TYPES=(type,), RETURN_NAMES=(type,))
                self.registry.add(NodeSpec(id, lambda value=value: value, outputs=outputs, cached=False))

    def _sources(self, ours: list[str]) -> dict[str, list[tuple[str, int]]]:
        """The nodes that give each type: what needs least first, the pack's own before others."""
        makers: dict[str, list[tuple[str, int]]] = {}
        others = [spec.id for spec in self.registry if spec.id not in ours]
        for id in [*ours, *others]:
            for slot, output in enumerate(self.registry.get(id).outputs):
                makers.setdefault(output.type, []).append((id, slot))
        for made in makers.values():
            made.sort(key=lambda one: self._needs(one[0]))
        return makers

    def _needs(self, id: str) -> int:
        """How much a node needs: what is easiest to have is tried first."""
        missing = 0
        for one in self.registry.get(id).inputs:
            options = getattr(one.widget, "options", None)
            if one.required and options is not None and not list(options):
                missing += 3
            given = self.registry.find(f"bench.{one.type}.0") is not None
            missing += one.required and one.widget is None and not given
        return missing

    def tried(self, id: str) -> dict[str, Any]:
        """Whether a node's choices load and its body runs."""
        spec = self.registry.get(id)
        try:
            for one in spec.inputs:
                _ = list(getattr(one.widget, "options", None) or ())
        except Exception as error:  # noqa: BLE001 - whatever a pack raises
            return {"registered": True, "choices": False, "cause": "error", "why": words(error)}
        first: tuple[str, str] | None = None
        for variant in range(VARIANTS):
            for optional in (False, True):
                found = self._attempt(id, variant, optional)
                if found[0] == "ran":
                    return {"registered": True, "choices": True, "cause": "ran", "why": ""}
                first = first or found
                if "timeout" in (found[0], first[0]):
                    break
            if first is not None and first[0] in ("timeout", "network"):
                break
        assert first is not None
        return {"registered": True, "choices": True, "cause": first[0], "why": first[1]}

    def _attempt(self, id: str, variant: int, optional: bool) -> tuple[str, str]:
        """Run a node; where what was to give it something fails, that is tried from elsewhere."""
        banned: frozenset[str] = frozenset()
        found = ("no input", "")
        for _ in range(BANS):
            literals = Literals(self.engine.folders)
            wiring = Wiring(
                self.registry, self.makers, literals, variant=variant, optional=optional, banned=banned
            )
            try:
                link = wiring.build(id)
            except LookupError as error:
                return found if found[1] else ("no input", str(error))
            error = self._ran(wiring.graph, link.node)
            if error is None:
                return "ran", ""
            found = cause(words(error), bool(literals.lacking)), words(error)
            guilty = self._guilty(error, wiring.graph, link.node)
            if guilty is None or guilty.startswith("bench.") or guilty in banned:
                break
            banned |= {guilty}
        return found

    def _guilty(self, error: BaseException, graph: Any, root: str) -> str | None:
        """The type of the node that failed, if it is not the one that is tried."""
        for one in (error, *getattr(error, "problems", ())):
            node = str(getattr(getattr(one, "where", None), "node", None)).partition(".")[0]
            if node in graph.nodes and node != root:
                return str(graph.nodes[node].type)
        return None

    def _ran(self, graph: Any, root: str) -> BaseException | None:
        from safelight.compat import to_prompt

        self._alive = time.monotonic()
        signal.signal(signal.SIGALRM, _late)
        signal.setitimer(signal.ITIMER_REAL, LIMIT)
        workflow = {"nodes": [_saved(id, node) for id, node in graph.nodes.items()], "links": []}
        try:
            result = self.engine.run(graph, [root], prompt=to_prompt(graph), workflow=workflow)
            signal.setitimer(signal.ITIMER_REAL, 0)
            result.raise_for_error()
        except BaseException as error:  # noqa: BLE001 - whatever a pack raises
            return error
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        return None

    def _watch(self) -> None:
        while time.monotonic() - self._alive < HANGING:
            time.sleep(1)
        os._exit(9)


def _saved(id: str, node: Any) -> dict[str, Any]:
    """A node as an editor saves it, as much of it as nodes look at."""
    inputs = [{"name": name, "type": "*", "link": None} for name in node.inputs]
    return {"id": int(id), "type": node.type, "inputs": inputs, "outputs": [], "widgets_values": []}


def _late(_signal: int, _frame: Any) -> None:
    raise TimeoutError("it took too long")
