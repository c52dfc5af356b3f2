"""Hooks: changes to a model's weights that travel with a conditioning, and hold where it speaks.

A hook is a recipe as handles are: the patch for the model and the one for its text encoder, at full strength,
and keyframes that say how much of it holds when. Values are never changed; a group with one more hook is
another group. Imports no torch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

from safelight.diffusion.failure import ModelFileError
from safelight.diffusion.handle import ClipHandle, ModelHandle, Patch
from safelight.diffusion.keyframe import Keyframes
from safelight.diffusion.lora import Adapter

TOWARD = "toward"
"""The kind of patch that takes a model so much of the way from its pristine weights to another's."""


@dataclass(frozen=True)
class Hook:
    """One change, with its strengths over a run. `copy` tells equal ones in a chain from each other."""

    model: Patch | None
    clip: Patch | None
    frames: Keyframes = field(default_factory=Keyframes)
    copy: int = 0

    def to_tree(self) -> dict[str, Any]:
        """As plain values, with paths."""
        return {
            "model": self.model.to_tree() if self.model else None,
            "clip": self.clip.to_tree() if self.clip else None,
            "frames": self.frames.to_tree(),
            "copy": self.copy,
        }

    def identity(self) -> dict[str, Any]:
        """What of it counts for a key: all but paths."""
        return self.to_tree() | {
            "model": self.model.identity() if self.model else None,
            "clip": self.clip.identity() if self.clip else None,
        }

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any]) -> Hook:
        """The inverse of `to_tree`."""
        patches = [Patch.from_tree(tree[part]) if tree[part] else None for part in ("model", "clip")]
        return cls(*patches, Keyframes.from_tree(tree["frames"]), tree["copy"])


@dataclass(frozen=True)
class Hooks:
    """Hooks that hold together, in the order in which they are applied (HOOKS)."""

    hooks: tuple[Hook, ...] = ()
    kind: ClassVar[str] = "hooks"

    def __len__(self) -> int:
        return len(self.hooks)

    def added(self, hook: Hook) -> Hooks:
        """One more, even if there is an equal one already: its change is then made twice."""
        while hook in self.hooks:
            hook = replace(hook, copy=hook.copy + 1)
        return Hooks((*self.hooks, hook))

    def combined(self, *others: Hooks) -> Hooks:
        """All of them; what is in several groups counts once."""
        return Hooks(tuple(dict.fromkeys(hook for group in (self, *others) for hook in group.hooks)))

    def scheduled(self, frames: Keyframes) -> Hooks:
        """The same, each with these keyframes."""
        return Hooks(tuple(replace(hook, frames=frames) for hook in self.hooks))

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """The files that they are read from: where each was found, and its digest."""
        return tuple(file for hook in self.hooks for file in _files(hook))

    @cached_property
    def key(self) -> str:
        """What they are, as hex."""
        tree = [hook.identity() for hook in self.hooks]
        return hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()

    def to_tree(self) -> dict[str, Any]:
        """As plain values, paths included."""
        return {"hooks": [hook.to_tree() for hook in self.hooks]}

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any]) -> Hooks:
        """The inverse of `to_tree`."""
        return cls(tuple(Hook.from_tree(hook) for hook in tree["hooks"]))


@dataclass(frozen=True)
class TextHooks:
    """The hooks of a text encoder; if what it says carries them, and if they change it over time."""

    hooks: Hooks
    on_conds: bool = True
    scheduled: bool = False

    def moments(self) -> list[tuple[float, float, tuple[Patch, ...]]]:
        """The parts of a run (0..1) in which a prompt is read alike, each with what is changed in them."""
        hooks = self.hooks.hooks
        if not self.scheduled:
            return [(0.0, 1.0, patches((hook.clip, 1.0) for hook in hooks))]
        starts = {frame.start for hook in hooks for frame in hook.frames.frames if 0.0 < frame.start < 1.0}
        found: list[tuple[float, float, tuple[Patch, ...]]] = []
        bounds = [0.0, *sorted(starts), 1.0]
        for start, end in pairwise(bounds):
            held = patches((hook.clip, hook.frames.strength_within(start)) for hook in hooks)
            begun = found.pop()[0] if found and found[-1][2] == held else start
            found.append((begun, end, held))
        return found

    def to_tree(self) -> dict[str, Any]:
        """As plain values, paths included."""
        return {"hooks": self.hooks.to_tree(), "on_conds": self.on_conds, "scheduled": self.scheduled}

    def identity(self) -> dict[str, Any]:
        """What of it counts for a key: all but paths."""
        return self.to_tree() | {"hooks": self.hooks.key}

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any]) -> TextHooks:
        """The inverse of `to_tree`."""
        return cls(Hooks.from_tree(tree["hooks"]), tree["on_conds"], tree["scheduled"])


def encoded(clip: ClipHandle, encode: Callable[[ClipHandle], list[Any]]) -> list[list[Any]]:
    """CONDITIONING of a text encoder with hooks: what `encode` gives of the encoder at each moment."""
    hooked = clip.hooked
    if hooked is None:
        return [encode(clip)]
    moments, entries = hooked.moments(), []
    carried = {"hooks": hooked.hooks} if hooked.on_conds and hooked.hooks else {}
    for start, end, held in moments:
        tensor, options = encode(replace(clip, hooked=None, patches=(*clip.patches, *held)))
        when = {"clip_start_percent": start, "clip_end_percent": end} if len(moments) > 1 else {}
        entries.append([tensor, {**options, **when, **carried}])
    return entries


def whole(clip: ClipHandle) -> ClipHandle:
    """A text encoder with its hooks at full strength, for whoever asks it without regard to time."""
    if clip.hooked is None:
        return clip
    ((_, _, held),) = replace(clip.hooked, scheduled=False).moments()
    return replace(clip, hooked=None, patches=(*clip.patches, *held))


def patches(of: Iterable[tuple[Patch | None, float]]) -> tuple[Patch, ...]:
    """Patches at so much of their strength each; what comes to nothing is left out."""
    return tuple(
        _scaled(patch, part) for patch, part in of if patch is not None and patch["strength"] and part
    )


def of_lora(path: Path, digest: str, strength_model: float, strength_clip: float) -> Hook:
    """The hook of an adapter file; a strength of 0 leaves that part out.

    Reads its header alone; raises for what is no adapter, and if nothing in it is for what is left.
    """
    adapter = Adapter(path)

    def patch(strength: float, text: bool) -> Patch | None:
        wanted = strength != 0 and adapter.speaks_of(text)
        return Patch("lora", digest, (("strength", float(strength)),), str(path)) if wanted else None

    made = Hook(patch(strength_model, text=False), patch(strength_clip, text=True))
    if made.model is made.clip is None and (strength_model or strength_clip):
        raise ModelFileError(
            f"{path.name} changes only the {'text encoder' if strength_model else 'denoiser'}, "
            "whose strength is 0 here",
            "Use Create Hook LoRA with both strengths.",
        )
    return made


def of_model(
    model: ModelHandle, clip: ClipHandle | None, strength_model: float, strength_clip: float
) -> Hook:
    """The hook that takes a model towards another one, as if what it has learned beyond were a LoRA."""

    def patch(strength: float, other: ModelHandle | ClipHandle | None) -> Patch | None:
        if strength == 0 or other is None:
            return None
        return Patch(TOWARD, settings=(("strength", float(strength)),), other=other)

    return Hook(patch(strength_model, model), patch(strength_clip, clip))


def _scaled(patch: Patch, part: float) -> Patch:
    strength = patch["strength"]
    assert isinstance(strength, float)
    return replace(patch, settings=(("strength", strength * part),))


def _files(hook: Hook) -> Iterator[tuple[str, str]]:
    for patch in (hook.model, hook.clip):
        if patch is not None:
            yield from ((patch.path, patch.digest),) if patch.path else ()
            yield from patch.other.files if patch.other else ()
