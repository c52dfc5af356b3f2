"""Tensors and model handles as the store sees them: what makes a value of a diffusion workflow storable."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safelight.core.store.codec import Codec, TensorFormat, Unstorable
from safelight.core.store.record import sample_by


class TorchFormat:
    """torch tensors in safetensors files. Making one imports torch."""

    def __init__(self) -> None:
        from safelight.diffusion import codec

        self.codec = codec
        sample_by(codec.TENSOR, codec.sample)

    def is_tensor(self, value: Any) -> bool:
        """Whether the value is a tensor."""
        return bool(self.codec.is_tensor(value))

    def compact(self, tensor: Any) -> Any:
        """The tensor itself; a copy of a slice of a larger one, or of one that counts no changes."""
        if not self.codec.is_dense(tensor):
            return tensor
        return tensor.clone() if tensor.is_inference() or self.codec.size(tensor) > tensor.nbytes else tensor

    def same(self, tensor: Any) -> object:
        """Equal for tensors that are views of the same memory in the same way. Unstorable if it is sparse."""
        if not self.codec.is_dense(tensor):
            raise Unstorable(f"a tensor of layout {tensor.layout} has no form on disk")
        address = tensor.untyped_storage().data_ptr()
        view = (
            tensor.storage_offset(),
            tuple(tensor.shape),
            tensor.stride(),
            tensor.dtype,
            tensor.is_conj(),
            tensor.is_neg(),
        )
        return (address or id(tensor), *view)

    def content(self, tensor: Any) -> tuple[str, Any]:
        """Its type and shape, and its numbers as bytes."""
        return f"{tensor.dtype} {tuple(tensor.shape)}", self.codec.numbers(tensor)

    def save(self, tensors: Mapping[str, Any], metadata: Mapping[str, str], path: Path) -> None:
        """Write a safetensors file."""
        self.codec.save(tensors, metadata, path)

    def load(self, path: Path) -> dict[str, Any]:
        """Read the tensors of a safetensors file."""
        tensors: dict[str, Any] = self.codec.load(path)[0]
        return tensors


def storing() -> Codec:
    """A codec for tensors, which bring torch when the first is met, and for what is told of without it."""
    from safelight.diffusion.film import FILMS
    from safelight.diffusion.handle import HANDLES
    from safelight.diffusion.hook import Hooks
    from safelight.diffusion.ingredient import INGREDIENTS
    from safelight.diffusion.keyframe import Keyframes
    from safelight.diffusion.seen import Seen

    codec = Codec(load_tensors=_load)
    for handle in (*HANDLES.values(), *INGREDIENTS, *FILMS, Seen, Hooks, Keyframes):
        codec.register(handle.kind, handle, handle.to_tree, handle.from_tree)
    return codec


def _load() -> TensorFormat:
    return TorchFormat()
