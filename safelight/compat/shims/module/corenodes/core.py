"""ComfyUI's own node classes, made from the nodes of ours that have their ids."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from safelight.compat.catalogue import node_info
from safelight.compat.shims.body import finished
from safelight.compat.shims.call import current
from safelight.compat.shims.facade import unwrapped, wrapped
from safelight.compat.shims.host import HOST
from safelight.compat.shims.module import paths as folder_paths
from safelight.compat.shims.module.corenodes.ksampler import advanced
from safelight.compat.shims.module.corenodes.name import METHODS, ORDERS
from safelight.core.bind import outputs_of
from safelight.core.context import Context
from safelight.core.outcome import Blocked, Item
from safelight.core.socket import Lazy, Many
from safelight.core.spec import REQUIRED, NodeSpec

FURTHER = {"KSamplerAdvanced": frozenset({"denoise"})}
"""What methods of ComfyUI's classes take beside the inputs of their nodes."""


class CoreMeta(type):
    """Classes made of node types; any method name that they are asked for is the one that they have."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") or name.isupper() or "spec" not in vars(cls):
            raise AttributeError(name)
        return _choices(cls.spec, name) or cls.execute  # type: ignore[attr-defined]


CHOICES = {
    "upscale_methods": "upscale_method",
    "rescale_algorithms": "upscale_method",
    "crop_methods": "crop",
}
"""Lists that ComfyUI's classes hold, and the input whose choices they are."""


def _choices(spec: NodeSpec, name: str) -> list[str]:
    """The choices that a class is asked for by the name of its list, or nothing."""
    found = next((one for one in spec.inputs if one.name == CHOICES.get(name)), None)
    return list(getattr(found.widget, "options", None) or ()) if found is not None else []


class CoreNode(metaclass=CoreMeta):
    """A node of ours as a class of ComfyUI's."""

    spec: NodeSpec
    FUNCTION = "execute"
    OUTPUT_NODE = False

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        said = node_info(cls.spec, HOST.folders.names)["input"]
        return {
            section: {name: tuple(one) for name, one in inputs.items()} for section, inputs in said.items()
        }

    @classmethod
    def execute(cls, *given: Any, **named: Any) -> tuple[Any, ...]:
        order = ORDERS.get(cls.spec.id) or tuple(one.name for one in cls.spec.inputs)
        order = (*order, *sorted(FURTHER.get(cls.spec.id, ())))
        if len(given) > len(order):
            raise TypeError(f"{cls.spec.id} takes {len(order)} inputs, not {len(given)}")
        return run(cls.spec, {**dict(zip(order, given, strict=False)), **named})

    @classmethod
    def IS_CHANGED(cls, **named: Any) -> Any:
        return None

    @classmethod
    def VALIDATE_INPUTS(cls, *given: Any, **named: Any) -> Any:
        names = [*given, *named.values()]
        missing = [
            one for one in names if isinstance(one, str) and not folder_paths.exists_annotated_filepath(one)
        ]
        return (
            f"Invalid image file: {missing[0]}" if missing and cls.spec.id.startswith("LoadImage") else True
        )

    @property
    def device(self) -> Any:
        """Where ComfyUI's nodes make what they make anew."""
        from safelight.compat.shims.module.device import intermediate_device

        return intermediate_device()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name.isupper():
            raise AttributeError(name)
        return _choices(self.spec, name) or type(self).execute


class Output(tuple[Any, ...]):
    """What a node gave, under both names that packs have for it."""

    @property
    def result(self) -> tuple[Any, ...]:
        return tuple(self)

    @property
    def args(self) -> tuple[Any, ...]:
        return tuple(self)


def run(spec: NodeSpec, values: Mapping[str, Any]) -> Output:
    """Call a node's function here, within the call of the pack's node that is under way."""
    values = _known(spec, values)
    if spec.id == "KSamplerAdvanced" and values.get("denoise", 1.0) < 1.0:
        return Output(advanced(**values))
    given: dict[str, Any] = {}
    for one in spec.inputs:
        if one.name not in values:
            continue
        value = unwrapped(values[one.name])
        if one.many:
            value = Many(value if isinstance(value, (list, tuple)) else [value])
        given[one.name] = Lazy.of(value) if one.lazy else value
    known = {one.name for one in spec.inputs if one.default is not REQUIRED and one.default is not None}
    given = {name: value for name, value in given.items() if value is not None or name not in known}
    if spec.context is not None:
        given[spec.context] = context_here()
    outcome = spec.function(**given)
    if inspect.iscoroutine(outcome):
        outcome = finished(outcome)
    return Output(_plain(value) for value in outputs_of(spec, outcome))


def _known(spec: NodeSpec, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the node knows; TypeError for anything else, as from any function, unless it says nothing."""
    names = {one.name for one in spec.inputs} | FURTHER.get(spec.id, frozenset())
    for name, value in values.items():
        nothing = value is None or (isinstance(value, (list, tuple, dict)) and not value)
        if not (name in names or nothing or spec.open):
            raise TypeError(f"{spec.id} got an unexpected keyword argument {name!r}")
    return {name: value for name, value in values.items() if name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, Many):
        return [wrapped(one.value if isinstance(one, Item) else one) for one in value]
    return None if isinstance(value, Blocked) else wrapped(value)


def context_here() -> Context:
    """The context of the call under way; outside of any, one that nobody listens to."""
    call = current()
    if call is not None:
        return call.context
    return Context.plain(HOST.folders.data, plan=HOST.plan)


def make(spec: NodeSpec) -> Any:
    """The class of a node type."""
    method = METHODS.get(spec.id, "execute")
    names = {
        "spec": spec,
        "FUNCTION": method,
        "CATEGORY": spec.category,
        "RETURN_TYPES": tuple(output.type for output in spec.outputs),
        "RETURN_NAMES": tuple(output.name for output in spec.outputs),
        "OUTPUT_NODE": spec.effect,
        "DESCRIPTION": spec.doc,
        "__module__": "nodes",
        "__doc__": spec.doc,
    }
    if any(output.many for output in spec.outputs):
        names["OUTPUT_IS_LIST"] = tuple(output.many for output in spec.outputs)
    if method != "execute":
        names[method] = CoreNode.__dict__["execute"]
    return CoreMeta(spec.id.replace(" ", "_"), (CoreNode,), names)
