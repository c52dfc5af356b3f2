"""Models with patches, made from pristine ones: they share every tensor that no patch changes.

A pristine model is never written to, so that taking a patch away gives it back bit for bit. What patches do
to a tensor is planned from headers first, so that its size is known; then it is computed in fp32, patch by
patch in their order, and rounded once. A tensor to which the same is done as in an earlier variant is taken
from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self

import torch
from safetensors import safe_open
from torch import Tensor

from safelight.diffusion import adapter, emphasis, freeu, hook, hypertile, merge, shrink, steering, tome
from safelight.diffusion import device as devices
from safelight.diffusion.failure import ModelFileError, UnsupportedError
from safelight.diffusion.handle import Handle, Patch
from safelight.diffusion.lora import Adapter, Group
from safelight.diffusion.plan import Plan

Check = Callable[[], None]
Lend = Callable[[Handle], Any]
"""Gives the model that a handle stands for, for as long as a variant is being made."""


class Patchable(Protocol):
    """A materialised model whose tensors can be replaced by others in a copy of it."""

    def tensors(self) -> dict[str, Tensor]:
        """Its tensors by name."""

    def varied(self, tensors: Mapping[str, Tensor], plan: Plan) -> Self:
        """The same model with other tensors, under a plan; it shares those that are given unchanged."""

    def aliases(self) -> dict[str, str]:
        """The names of its layers in adapter files, to the beginnings of its tensors' names."""

    def group(self, tensor: str) -> str:
        """Where in the model a tensor lies, for merges by blocks: `input`, `middle`, `out` or nothing."""


@dataclass(frozen=True)
class Change:
    """What one patch does to one tensor, in fp32; `mark` is the same only for the same change."""

    mark: str
    make: Callable[[Tensor], Tensor]


Changes = dict[str, list[Change]]
"""Names of tensors to what is done to them, in order."""
Owned = dict[str, tuple[tuple[str, ...], Tensor]]
"""The tensors that a variant does not share, each with the marks of what was done to it."""


@dataclass
class Variant:
    """A model with patches, and which of its tensors are its own."""

    thing: Any
    owned: Owned = field(default_factory=dict)


def changes(base: Patchable, patches: tuple[Patch, ...], lend: Lend) -> Changes:
    """What these patches do to a model's tensors, read off headers and other models.

    `UnsupportedError` for a kind that is not known, or that does nothing to models of this kind.
    """
    planned: Changes = {}
    for patch in patches:
        if patch.kind not in TENSORS | NETWORKS or not hasattr(base, "varied"):
            raise UnsupportedError(f"A patch of kind {patch.kind!r} is not known here")
        mark, change = repr(patch.identity()), TENSORS.get(patch.kind)
        for name, make in change(base, patch, lend).items() if change else ():
            planned.setdefault(name, []).append(Change(mark, make))
    return planned


def size(base: Patchable, planned: Changes) -> int:
    """The bytes that a variant takes beside its base."""
    tensors = base.tensors() if planned else {}
    return sum(tensors[name].nbytes for name in planned)


def fitting(donors: Owned, planned: Changes) -> Owned:
    """Of the tensors of earlier variants those to which the same was done."""
    return {
        name: owned
        for name, owned in donors.items()
        if name in planned and owned[0] == tuple(change.mark for change in planned[name])
    }


def whole(base: Patchable, planned: Changes) -> Changes:
    """The same changes, with every tensor of the model among them: for a variant that shares none."""
    return {name: planned.get(name, []) for name in base.tensors()}


def build(
    base: Patchable, patches: tuple[Patch, ...], planned: Changes, donors: Owned, plan: Plan, check: Check
) -> Variant:
    """The variant itself, with tensors of earlier ones where those fit; `check` is called before each."""
    tensors, owned = base.tensors(), dict[str, tuple[tuple[str, ...], Tensor]]()
    with devices.memory_errors("patching the model", plan.device), torch.no_grad():
        for name, todo in planned.items():
            check()
            marks = tuple(change.mark for change in todo)
            owned[name] = donors.get(name) or (marks, _made(tensors[name].to(plan.device), todo))
        thing = base.varied(tensors | {name: tensor for name, (_, tensor) in owned.items()}, plan)
    for patch in patches:
        if patch.kind in NETWORKS:
            NETWORKS[patch.kind](thing, patch)
    return Variant(thing, owned)


def _made(pristine: Tensor, todo: list[Change]) -> Tensor:
    """A tensor of its own with changes, in the type and memory layout of the pristine one."""
    exact = pristine.float()
    for change in todo:
        exact = change.make(exact)
    if exact.dtype == pristine.dtype and exact.stride() == pristine.stride():
        return exact
    return torch.empty_like(pristine).copy_(exact)


def _adapted(base: Patchable, patch: Patch, _lend: Lend) -> dict[str, Callable[[Tensor], Tensor]]:
    """What an adapter file does."""
    found = Adapter(Path(patch.path)).matched(base.aliases(), text=hasattr(base, "towers"))
    file, tensors = _Tensors(Path(patch.path)), base.tensors()
    made: dict[str, Callable[[Tensor], Tensor]] = {}
    for layer, group in found.items():
        roles = set(group.tensors) - {"bias", "alpha"}
        for name, wanted in ((f"{layer}.weight", bool(roles)), (f"{layer}.bias", "bias" in group.tensors)):
            if wanted and name not in tensors:
                raise ModelFileError(
                    f"{patch.path} changes {group.name}, but this model has no {name}",
                    "Choose a LoRA that was made for this kind of model.",
                )
            if wanted:
                made[name] = partial(
                    file.applied, group, float(patch["strength"] or 0), name.endswith("bias")
                )
    return made


class _Tensors:
    """The tensors of an adapter file, read when they are needed."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._file = safe_open(path, framework="pt")

    def applied(self, group: Group, strength: float, bias: bool, weight: Tensor) -> Tensor:
        """A weight (or a bias) in fp32, changed as its group says."""
        names = {role: name for role, name in group.tensors.items() if (role == "bias") is bias}
        parts = {
            role: self._file.get_tensor(name).to(weight.device, torch.float32) for role, name in names.items()
        }
        try:
            if bias:
                return weight + strength * parts["bias"].reshape(weight.shape)
            return adapter.changed(weight, parts, strength, group.scale)
        except (ValueError, RuntimeError) as error:
            if devices.is_out_of_memory(error):
                raise
            raise ModelFileError(
                f"{self.name} does not fit this model at {group.name}: {error}",
                "Choose a LoRA that was made for this kind of model.",
            ) from error


TENSORS: dict[str, Callable[[Any, Patch, Lend], dict[str, Callable[[Tensor], Tensor]]]] = {
    "lora": _adapted,
    "merge": merge.tensors,
    "merge places": merge.placed_tensors,
    hook.TOWARD: merge.toward,
    "difference": steering.difference,
    emphasis.KIND: emphasis.tensors,
}
"""Kinds of patches that change tensors: what they do to each, by name."""

NETWORKS: dict[str, Callable[[Any, Patch], None]] = {
    freeu.KIND: freeu.apply,
    hypertile.KIND: hypertile.apply,
    shrink.KIND: shrink.apply,
    tome.KIND: tome.apply,
}
"""Kinds of patches that change what a network does with its tensors: applied to a variant of its own."""
