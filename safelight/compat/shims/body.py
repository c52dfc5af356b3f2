"""The body of a pack's node: what its function is called with, and what it gives."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections import OrderedDict
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

from safelight.compat.shims.call import Call, calling
from safelight.compat.shims.facade import unwrapped, wrapped
from safelight.core.context import Context
from safelight.core.error import NodeFailed
from safelight.core.graph import Graph, Link, Node
from safelight.core.outcome import Blocked, Expand
from safelight.core.socket import Lazy, Many
from safelight.core.spec import REQUIRED, InputSpec

INSTANCES = 512
"""How many nodes' objects are kept, since packs keep things in them from run to run."""

KEPT = 4096
EPHEMERAL: OrderedDict[str, dict[str, Any]] = OrderedDict()
"""Nodes that other nodes put in their place, the last few, in the prompt's shape."""


def finished(work: Coroutine[Any, Any, Any]) -> Any:
    """The outcome of a coroutine, run to its end here; in a thread of its own where a loop runs already."""
    if not _loop_runs():
        return asyncio.run(work)
    outcome: list[Any] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001 - raised again below
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return outcome[0]


def _loop_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class Body:
    """Calls the function of one node class."""

    def __init__(
        self,
        id: str,
        cls: Any,
        method: str,
        inputs: Sequence[InputSpec],
        hidden: Mapping[str, str],
        lists: bool,
        pack: str,
        count: int,
        *,
        open: bool = False,
    ) -> None:
        self.id = id
        self.cls = cls
        self.method = method
        self.hidden = hidden
        self.lists = lists
        self.pack = pack
        self.open = open
        self.lazy = any(one.lazy for one in inputs)
        self.defaults = {
            one.name: one.default for one in inputs if one.required and one.default is not REQUIRED
        }
        self.count = count
        self.instances: OrderedDict[str, Any] = OrderedDict()

    def plain(self, safelight_context: Context, **given: Any) -> Any:
        """Call the function: every input is there."""
        values = self._values(safelight_context, given)
        return self._call(safelight_context, values)

    async def waiting(self, safelight_context: Context, **given: Any) -> Any:
        """The same where inputs are made only when the node asks for them."""
        there = {name: value for name, value in given.items() if not isinstance(value, Lazy)}
        open = {name: value for name, value in given.items() if isinstance(value, Lazy)}
        while open:
            asked = self._asked(safelight_context, there, open)
            if not asked:
                break
            for name in asked:
                there[name] = await open.pop(name)
        values = self._values(safelight_context, {**there, **dict.fromkeys(open)})
        return await asyncio.to_thread(self._call, safelight_context, values)

    def _asked(self, context: Context, there: Mapping[str, Any], open: Mapping[str, Any]) -> list[str]:
        """The open inputs that the node wants to have now."""
        instance = self._instance(context)
        check = getattr(instance, "check_lazy_status", None)
        if check is None:
            return list(open)
        values = self._values(context, {**there, **dict.fromkeys(open)})
        with calling(Call(context, self.pack, self.id)):
            said = check(**_fitting(check, values))
            said = finished(said) if inspect.iscoroutine(said) else said
        names = [said] if isinstance(said, str) else list(said or ())
        return [name for name in names if name in open]

    def _values(self, context: Context, given: Mapping[str, Any]) -> dict[str, Any]:
        values = {**self.defaults, **given}
        values = {name: self._value(name, value) for name, value in values.items()}
        for name, wanted in self.hidden.items():
            value = hidden_value(wanted, context)
            values[name] = [value] if self.lists else value
        return values

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, Many):
            return [wrapped(one) for one in value]
        if self.lists:
            return [wrapped(value)] if not isinstance(value, list) else [wrapped(one) for one in value]
        return wrapped(value)

    def _instance(self, context: Context) -> Any:
        found = self.instances.get(context.node)
        if found is None:
            found = self.instances[context.node] = self.cls()
            while len(self.instances) > INSTANCES:
                self.instances.popitem(last=False)
        return found

    def _call(self, context: Context, values: dict[str, Any]) -> Any:
        import torch

        with calling(Call(context, self.pack, self.id)), torch.no_grad():
            instance = self._instance(context)
            function = getattr(instance, self.method, None) if self.method else None
            if function is None:
                raise NodeFailed(
                    f"its class has no function {self.method or 'FUNCTION'!r} to run",
                    remedy="This is a mistake in the node's code, or it is for the page only.",
                )
            outcome = function(**values)
            if inspect.iscoroutine(outcome):
                outcome = finished(outcome)
            return self.take(context, outcome)

    def take(self, context: Context, outcome: Any) -> Any:
        """What the function gave, as the engine takes it."""
        if not self.count and not isinstance(outcome, dict):
            return ()  # it has no outputs: whatever it gave goes nowhere
        return self.fitted(taken(context, outcome))

    def fitted(self, outcome: Any) -> Any:
        """As many outputs as are declared: what is too much is left out, what is missing is None."""
        if not isinstance(outcome, tuple):
            return outcome
        return (*outcome[: self.count], *(None,) * (self.count - len(outcome)))


def _fitting(function: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    parameters = inspect.signature(function).parameters
    if any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
        return dict(values)
    return {name: value for name, value in values.items() if name in parameters}


def hidden_value(wanted: str, context: Context) -> Any:
    """What a hidden input holds."""
    match wanted:
        case "UNIQUE_ID":
            return context.node
        case "PROMPT":
            return context.prompt or {}
        case "EXTRA_PNGINFO":
            return {"workflow": context.workflow} if context.workflow is not None else None
        case "DYNPROMPT":
            from safelight.compat.shims.module.expansion import DynamicPrompt

            return DynamicPrompt(dict(context.prompt or {}), EPHEMERAL)
    return None


def remember(context: Context, tree: Mapping[str, Any]) -> None:
    """Keep what a node put in its place for nodes that look the graph over, under the ids that it runs by."""

    def below(value: Any) -> Any:
        inside = isinstance(value, list) and len(value) == 2 and value[0] in tree
        return [f"{context.node}.{value[0]}", value[1]] if inside else value

    for id, one in tree.items():
        inputs = {name: below(value) for name, value in one.get("inputs", {}).items()}
        EPHEMERAL[f"{context.node}.{id}"] = {**one, "inputs": inputs}
        EPHEMERAL.move_to_end(f"{context.node}.{id}")
    while len(EPHEMERAL) > KEPT:
        EPHEMERAL.popitem(last=False)


def taken(context: Context, outcome: Any) -> Any:
    """What a function gave, as the engine takes it: its values, a graph to run, or a blocked output."""
    from safelight.compat.shims.module.expansion import ExecutionBlocker

    if isinstance(outcome, ExecutionBlocker):
        return Blocked(outcome.message or "")
    if outcome is None:
        return ()
    if isinstance(outcome, dict):
        show(context, outcome.get("ui"))
        if "expand" in outcome and outcome["expand"] is not None:
            remember(context, outcome["expand"])
            return expansion(outcome["expand"], outcome.get("result", ()))
        outcome = outcome.get("result", ())
        if isinstance(outcome, ExecutionBlocker):
            return Blocked(outcome.message or "")
        outcome = () if outcome is None or outcome == {} else outcome
    if not isinstance(outcome, (tuple, list)):
        raise NodeFailed(
            f"its function gave {type(outcome).__name__}, not a tuple of outputs",
            remedy="This is a mistake in the node's code.",
        )
    return tuple(_output(value) for value in outcome)


def _output(value: Any) -> Any:
    from safelight.compat.shims.module.expansion import ExecutionBlocker

    if isinstance(value, ExecutionBlocker):
        return Blocked(value.message or "")
    if isinstance(value, list) and value and any(isinstance(one, ExecutionBlocker) for one in value):
        return [_output(one) for one in value]
    return unwrapped(value)


def show(context: Context, ui: Any) -> None:
    """Show what a node has for its user, and hold the result to the files that it names."""
    if not isinstance(ui, Mapping):
        return
    for kind, entries in ui.items():
        entries = list(entries) if isinstance(entries, (list, tuple)) else [entries]
        context.show(str(kind), entries)
        for entry in entries:
            if isinstance(entry, Mapping) and isinstance(entry.get("filename"), str):
                root = context.folders.root(str(entry.get("type") or "output"))
                path = root / str(entry.get("subfolder") or "") / entry["filename"]
                if path.is_file() and path not in context.writes:
                    context.writes.append(path)


def expansion(tree: Mapping[str, Any], result: Any) -> Expand:
    """A graph in the prompt's shape, to be run in the node's place."""
    graph = Graph(
        {
            str(id): Node(
                one["class_type"],
                {name: _linked(value) for name, value in one.get("inputs", {}).items()},
                (one.get("_meta") or {}).get("title", ""),
            )
            for id, one in tree.items()
        }
    )
    outputs = result if isinstance(result, (tuple, list)) else (result,)
    return Expand(graph, tuple(_linked(value) for value in outputs))


def _linked(value: Any) -> Any:
    from safelight.compat.shims.module.expansion import is_link

    return Link(value[0], int(value[1])) if is_link(value) else _output(value)
