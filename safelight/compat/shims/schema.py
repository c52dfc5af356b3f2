"""Schema nodes (`io.ComfyNode`) as NodeSpecs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from safelight.compat.shims.body import Body, taken
from safelight.compat.shims.classic import CONTEXT, called, settled
from safelight.compat.shims.module import io
from safelight.compat.shims.module.io.widget import ComboInput
from safelight.compat.shims.widgets import input_spec, type_name
from safelight.core.context import Context
from safelight.core.error import BadInput, Where
from safelight.core.outcome import Blocked
from safelight.core.spec import REQUIRED, Grow, InputSpec, NodeSpec, OutputSpec
from safelight.core.widget import Variant


def is_schema_node(cls: Any) -> bool:
    """Whether a class says what it is by `define_schema`."""
    return isinstance(cls, type) and issubclass(cls, io.ComfyNode)


def spec_of(cls: Any, *, pack: str = "", module: str = "", id: str = "") -> NodeSpec:
    """The node type that a schema declares."""
    schema = cls.define_schema()
    many = bool(schema.is_input_list)
    inputs = tuple(
        _input(one, many, fresh=_listed(cls, one.id) if isinstance(one, ComboInput) else None)
        for one in schema.inputs
        if one is not None
    )
    hidden = {str(getattr(one, "name", one)): str(getattr(one, "value", one)) for one in schema.hidden or ()}
    name = schema.node_id or id
    outputs = tuple(_output(one) for one in schema.outputs or ())
    body = SchemaBody(name, cls, "execute", inputs, hidden, many, pack, len(outputs))
    if schema.accept_all_inputs:
        body.open = True
    return NodeSpec(
        id=name,
        function=body.waiting if body.lazy else body.plain,
        inputs=inputs,
        outputs=outputs,
        title=schema.display_name or name,
        category=schema.category or "",
        doc=inspect.cleandoc(schema.description or ""),
        aliases=tuple(schema.search_aliases or ()),
        module=cls.__module__ if cls.__module__.startswith(module) else module,
        context=CONTEXT,
        asynchronous=body.lazy,
        single=False,
        effect=bool(schema.is_output_node),
        cached=not schema.not_idempotent,
        per_node="UNIQUE_ID" in hidden.values(),
        fingerprint=_fingerprint(name, cls, inputs),
        deprecated="It is deprecated." if schema.is_deprecated else "",
        experimental=bool(schema.is_experimental),
        open=body.open,
    )


def _listed(cls: Any, id: str) -> Callable[[], Sequence[Any]]:
    """What can be chosen now."""

    def choices() -> Sequence[Any]:
        found = next((one for one in cls.define_schema().inputs if getattr(one, "id", None) == id), None)
        return list(found.listed) if found is not None else []

    return choices


def _input(one: Any, many: bool, fresh: Any = None) -> InputSpec:
    required = not one.optional
    if isinstance(one, io.Autogrow.Input):
        inner = _input(one.template.input, many)
        grow = Grow(replace(inner, many=many), one.template.names, one.template.min)
        return InputSpec(one.id, "COMFY_AUTOGROW_V3", None, None, required, many=many, grow=grow)
    if isinstance(one, io.DynamicCombo.Input):
        of = {choice.key: tuple(_input(inner, many) for inner in choice.inputs) for choice in one.choices}
        first = next(iter(of), REQUIRED)
        tip = str(one.options.get("tooltip") or "")
        return InputSpec(one.id, "COMFY_DYNAMICCOMBO_V3", Variant(of=of, tip=tip), first, required, tip=tip)
    return input_spec(one.id, one.declared(), required=required, many=many, fresh=fresh)


def _output(one: Any) -> OutputSpec:
    kind = type_name(one.get_io_type())
    return OutputSpec(str(one.display_name or kind), kind, bool(one.is_output_list), str(one.tooltip or ""))


class SchemaBody(Body):
    """Calls a schema node: a class of its own for each call, which holds what is hidden."""

    def _instance(self, context: Context) -> Any:
        from safelight.compat.shims.body import hidden_value

        values = {name: hidden_value(wanted, context) for name, wanted in self.hidden.items()}
        return type(
            self.cls.__name__,
            (self.cls,),
            {"hidden": io.HiddenHolder(**values), "__module__": self.cls.__module__},
        )

    def _values(self, context: Context, given: Mapping[str, Any]) -> dict[str, Any]:
        values = {**self.defaults, **given}
        return {name: self._value(name, value) for name, value in values.items()}

    def take(self, context: Context, outcome: Any) -> Any:
        """What `execute` gave, as the engine takes it."""
        if outcome is None:
            return ()
        if not isinstance(outcome, io.NodeOutput):
            if isinstance(outcome, (tuple, list, dict)):
                return self.fitted(taken(context, outcome))
            return self.fitted(taken(context, (outcome,)))
        if outcome.block_execution is not None:
            return Blocked(outcome.block_execution)
        ui = outcome.ui
        shown = ui if ui is None or isinstance(ui, dict) else ui.as_dict()
        said = {"result": tuple(outcome.args), "ui": shown}
        tree = said if outcome.expand is None else {**said, "expand": outcome.expand}
        return self.fitted(taken(context, tree))


def _own(cls: Any, name: str) -> Any:
    """A class method that the node itself has."""
    return getattr(cls, name, None)


def _fingerprint(
    id: str, cls: Any, inputs: Sequence[InputSpec]
) -> Callable[[Mapping[str, Any]], object] | None:
    check, changed = _own(cls, "validate_inputs"), _own(cls, "fingerprint_inputs")
    if check is None and changed is None:
        return None
    defaults = {one.name: one.default for one in inputs if one.required and one.default is not REQUIRED}

    def ask(literals: Mapping[str, Any]) -> object:
        values = {**defaults, **literals}
        if check is not None:
            known = {name: value for name, value in values.items() if value is not None}
            needed = [
                name
                for name, one in inspect.signature(check).parameters.items()
                if one.default is one.empty and one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)
            ]
            said = settled(called(check, known)) if all(name in known for name in needed) else True
            if said is not True and said is not None:
                raise BadInput(
                    problem=str(said) if isinstance(said, str) else "it does not take these values",
                    remedy="Change them in the node.",
                    where=Where(type=id),
                )
        if changed is None:
            return None
        try:
            return settled(called(changed, values))
        except Exception:  # noqa: BLE001 - as in ComfyUI: who cannot say has changed
            return float("nan")

    return ask
