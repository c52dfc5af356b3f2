"""Glance: what went through a wire, in few words: shapes, ranges, a text, a small picture. Nothing is run.

A result is found by the key that its node has in the graph that ran; what is no longer kept, or was never
worth keeping, is said to be so.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping
from typing import Any

from safelight.core.engine import Engine
from safelight.core.graph import Graph
from safelight.core.key import Keys, item_key
from safelight.core.store.record import Record
from safelight.core.store.tier import Found
from safelight.core.validation import Walk

EDGE = 160
"""The longer edge of a small picture, in pixels."""
QUALITY = 80
TEXT_LONGEST = 400
TENSORS_MOST = 6
SAMPLED = 2**22
"""Numbers above which only so many of a tensor are looked at for its range."""


def glance(engine: Engine, payload: Mapping[str, Any]) -> dict[str, Any] | None:
    """What an output `slot` of a `node` of a `graph` gave; None where that is not kept."""
    slot = int(payload["slot"])
    record = _recall(engine, Graph.from_tree(payload["graph"]), str(payload["node"]), slot)
    if record is None or not 0 <= slot < len(record.outputs):
        return None
    items = (record.counts or {}).get(slot)
    return {**_said(record.outputs[slot]), "items": items, "made": record.type, "seconds": record.seconds}


def _recall(engine: Engine, graph: Graph, id: str, slot: int) -> Record | None:
    """The record that the store has of a node; of an output that gave many, with the first of them in it."""
    walk = Walk(graph, engine.registry, engine.folders)
    if walk.extend([id]):
        return None
    keys: dict[str, bytes] = {}
    Keys(engine.epoch, engine.folders, engine.digests).extend(keys, walk.take_order())
    found = engine.store.find(keys[id], late=True)
    if not isinstance(found, Found):
        return None
    record = found.record
    count = (record.counts or {}).get(slot)
    if not count:
        return record
    known = record.items.get(slot)
    first = engine.store.find(bytes.fromhex(known[0]) if known else item_key(keys[id], slot, 0), late=True)
    if not isinstance(first, Found):
        return None
    outputs = list(record.outputs)
    outputs[slot] = first.record.outputs[0]
    whole = Record(tuple(outputs), record.type, record.seconds)
    whole.counts = record.counts
    return whole


def _said(value: Any) -> dict[str, Any]:
    """A value in words, with the tensors in it and a small picture where it looks like one."""
    tensors = [_facts(name, tensor) for name, tensor in _tensors(value, "")]
    return {
        "text": _text(value),
        "tensors": tensors[:TENSORS_MOST],
        "more": max(0, len(tensors) - TENSORS_MOST),
        "picture": _picture(value),
    }


def _is_tensor(value: Any) -> bool:
    return hasattr(value, "dtype") and hasattr(value, "movedim")


def _tensors(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The tensors of a value, each with the way to it."""
    if _is_tensor(value):
        yield name, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _tensors(item, f"{name}.{key}" if name else str(key))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _tensors(item, f"{name}[{index}]" if len(value) > 1 else name)


def _facts(name: str, tensor: Any) -> dict[str, Any]:
    facts = {"name": name, "shape": list(tensor.shape), "dtype": str(tensor.dtype).removeprefix("torch.")}
    if not tensor.numel() or tensor.is_complex():
        return facts
    numbers = tensor.detach().flatten()
    if numbers.numel() > SAMPLED:
        numbers = numbers[:: -(-numbers.numel() // SAMPLED)]
    numbers = numbers.float()
    low, high, mean = (float(number) for number in (numbers.min(), numbers.max(), numbers.mean()))
    return {**facts, "min": _finite(low), "max": _finite(high), "mean": _finite(mean)}


def _finite(number: float) -> float | str:
    """A number as JSON has it; NaN and infinities by their names."""
    return number if abs(number) < float("inf") else str(number)


def _text(value: Any) -> str:
    """What a value says of itself; nothing for one that is only tensors."""
    if isinstance(value, str):
        return value[:TEXT_LONGEST]
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)) and not any(True for _ in _tensors(value, "")):
        return repr(value)[:TEXT_LONGEST]
    source = getattr(value, "source", None)
    if source is not None and hasattr(source, "family"):
        changes = len(value.patches)
        words = [source.family, source.part, f"{changes} changes" if changes else ""]
        return " · ".join(word for word in words if word)
    tree = getattr(value, "to_tree", None)
    return repr(tree())[:TEXT_LONGEST] if callable(tree) else ""


def _picture(value: Any) -> str | None:
    """A small picture of an image, a mask or a latent, as the address of an <img>."""
    levels = _levels(value)
    if levels is None:
        return None
    picture = levels.convert("RGB")
    picture.thumbnail((EDGE, EDGE))
    file = io.BytesIO()
    picture.save(file, "webp", quality=QUALITY)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()


def _levels(value: Any) -> Any:
    """The first picture of a value as Pillow has it, or None."""
    from safelight import diffusion

    if isinstance(value, Mapping) and _is_tensor(value.get("samples")):
        samples = value["samples"]
        if samples.ndim not in (4, 5) or min(samples.shape) < 1:
            return None
        format = diffusion.latent.LatentFormat(channels=samples.shape[1])
        levels = diffusion.preview.picture(format.process_in(samples), format, EDGE)
        return diffusion.picture.to_pillow(levels / 255)
    if not _is_tensor(value) or not value.is_floating_point() or value.numel() == 0:
        return None
    if value.ndim == 4 and value.shape[-1] in (1, 3, 4):
        return diffusion.picture.to_pillow(value[0])
    return diffusion.picture.to_pillow(value[0]) if value.ndim == 3 else None
