"""Catalogue: node types in the shape of ComfyUI's `/object_info`, which its clients read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from safelight.compat.coercion import Names
from safelight.compat.layout import controlled
from safelight.core.registry import Registry
from safelight.core.spec import REQUIRED, InputSpec, NodeSpec
from safelight.core.widget import Choice, File, Free, Number, Seed, Text, Toggle, Variant


def object_info(registry: Registry, names: Names) -> dict[str, Any]:
    """Every node type by id; `names(kind)` lists the files that can be chosen (`Folders.names`)."""
    return {spec.id: node_info(spec, names) for spec in registry}


def node_info(spec: NodeSpec, names: Names) -> dict[str, Any]:
    """One node type."""
    sections = _sections(spec.inputs)
    info: dict[str, Any] = {
        "input": _grouped(spec.inputs, names),
        "input_order": {section: [one.name for one in ones] for section, ones in sections.items()},
        "is_input_list": any(one.many for one in spec.inputs),
        "output": [output.type for output in spec.outputs],
        "output_is_list": [output.many for output in spec.outputs],
        "output_name": [output.name for output in spec.outputs],
        "output_tooltips": [output.tip for output in spec.outputs],
        "name": spec.id,
        "display_name": spec.title or spec.id,
        "description": spec.doc,
        "python_module": spec.module,
        "category": spec.category,
        "output_node": spec.effect,
    }
    flags = {
        "deprecated": bool(spec.deprecated),
        "experimental": spec.experimental,
        "search_aliases": list(spec.aliases),
    }
    return info | {name: value for name, value in flags.items() if value}


def _sections(inputs: Sequence[InputSpec]) -> dict[str, list[InputSpec]]:
    """Required and optional inputs.

    Clients save widgets of the required section first. So that their order stays ours, an input with a
    default that comes after an optional widget is listed as optional, which changes nothing else.
    """
    sections: dict[str, list[InputSpec]] = {"required": [], "optional": []}
    late = False
    for one in inputs:
        optional = not one.required or (late and one.default is not REQUIRED)
        late = late or (optional and one.widget is not None)
        sections["optional" if optional else "required"].append(one)
    return sections


def _input(one: InputSpec, names: Names) -> list[Any]:
    options = dict(one.raw)
    options |= {"tooltip": one.tip} if one.tip else {}
    options |= {"lazy": True} if one.lazy else {}
    if one.default is not REQUIRED and one.default is not None:
        options["default"] = one.default
    match one.widget:
        case Choice(of=_) as choice:
            return [list(choice.options), options | _widget(one)]
        case Variant(of=of):
            variants = [{"key": key, "inputs": _grouped(inner, names)} for key, inner in of.items()]
            return [one.type, options | _widget(one) | {"options": variants}]
        case File() as file:
            return [list(names(file.listed)), options | _widget(one)]
        case Free(usual=usual) if one.type == "COMBO":
            return [list(usual), options | _widget(one)]
        case _:
            return [one.type, options | _widget(one) | _template(one, names)]


def _grouped(inputs: Sequence[InputSpec], names: Names) -> dict[str, Any]:
    sections = _sections(inputs)
    return {section: {one.name: _input(one, names) for one in ones} for section, ones in sections.items()}


def _template(one: InputSpec, names: Names) -> dict[str, Any]:
    """What a client makes further inputs from."""
    if one.grow is None:
        return {}
    template: dict[str, Any] = {"input": _grouped([one.grow.one], names), "min": one.grow.min}
    prefix = one.grow.one.name
    if list(one.grow.names) == [f"{prefix}{number}" for number in range(len(one.grow.names))]:
        return {"template": template | {"prefix": prefix, "max": len(one.grow.names)}}
    return {"template": template | {"names": list(one.grow.names)}}


def _widget(one: InputSpec) -> dict[str, Any]:
    """The options that a widget is drawn by; what is not set is left out."""
    options: dict[str, Any] = {"advanced": one.widget.advanced} if one.widget else {}
    match one.widget:
        case Number() as number:
            options |= {"min": number.min, "max": number.max, "step": number.step, "round": number.round}
            options |= {"display": "slider"} if number.slider else {}
        case Seed() as seed:
            options |= {"min": seed.min, "max": seed.max}
        case Text() as text:
            options |= {"multiline": text.multiline, "dynamicPrompts": text.dynamic_prompts}
            options |= {"placeholder": text.placeholder}
        case Toggle() as toggle:
            options |= {"label_on": toggle.on, "label_off": toggle.off}
        case Choice(upload=upload) | File(upload=upload):
            options |= {f"{upload}_upload": True} if upload else {}
    return _said(options) | _control(one)


def _said(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value not in (None, "") and value is not False}


def _control(one: InputSpec) -> dict[str, Any]:
    """Clients add a control to every seed unless told not to."""
    if "control_after_generate" in one.raw:
        return {}
    if controlled(one):
        return {"control_after_generate": True}
    return {"control_after_generate": False} if isinstance(one.widget, Seed) else {}
