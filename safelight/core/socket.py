"""Socket types: light marker classes at run time, tensors and handles to a type checker.

A socket type is a name. `*` takes everything, `IMAGE,MASK` takes either.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, overload

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

ANY = "*"


class Socket:
    """The marker that a socket annotation is at run time; `name` is what saved files call it."""

    name = ANY


def socket(name: str) -> Any:
    """Return the marker class of the socket type called `name`, to be used as an annotation."""
    return type(name.title().replace("_", ""), (Socket,), {"name": name, "__module__": __name__})


@cache
def _kinds(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(","))


@cache
def accepts(wanted: str, given: str) -> bool:
    """Tell whether an input of type `wanted` takes an output of type `given`."""
    if wanted in (given, ANY) or given == ANY:
        return True
    takes, gives = _kinds(wanted), _kinds(given)
    return ANY in takes or ANY in gives or not takes.isdisjoint(gives)


Likeness: TypeAlias = Callable[[Any], str]
"""Says what a value should be, if it is not that; nothing if it is."""


def _tensor(wanted: str, *dimensions: int) -> Likeness:
    return lambda value: "" if getattr(value, "ndim", None) in dimensions else wanted


def _of(wanted: str, *classes: type) -> Likeness:
    return lambda value: "" if isinstance(value, classes) else wanted


def _number(wanted: str, *classes: type) -> Likeness:
    return lambda value: "" if isinstance(value, classes) and not isinstance(value, bool) else wanted


LIKENESSES: dict[str, Likeness] = {
    "IMAGE": _tensor("a tensor [batch, height, width, channels]", 4),
    "MASK": _tensor("a tensor [batch, height, width]", 2, 3, 4),
    "SIGMAS": _tensor("a tensor of one dimension", 1),
    "LATENT": lambda value: (
        "" if isinstance(value, dict) and "samples" in value else "a dictionary with 'samples'"
    ),
    "CONDITIONING": _of("a list", list),
    "STRING": _of("a text", str),
    "BOOLEAN": _of("true or false", bool),
    "INT": _number("a whole number", int),
    "FLOAT": _number("a number", int, float),
}
"""By socket type, where a look at the value tells."""


class Many(Sequence[T_co]):
    """Several values on one socket.

    As an output it may wrap any iterable, read one item at a time while what is downstream runs once per
    item. As an input it holds all items, and can be indexed and counted.
    """

    def __init__(self, items: Iterable[T_co] = ()) -> None:
        self.items = items

    def _list(self) -> Sequence[T_co]:
        if not isinstance(self.items, (list, tuple)):
            self.items = list(self.items)
        return self.items

    def __iter__(self) -> Iterator[T_co]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self._list())

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T_co]: ...
    def __getitem__(self, index: int | slice) -> T_co | Sequence[T_co]:
        return self._list()[index]

    def __repr__(self) -> str:
        return f"Many({self.items!r})"


class Lazy(Awaitable[T_co], Generic[T_co]):
    """An input that is computed only when it is awaited. Plain tests may pass `Lazy.of(value)`."""

    def __init__(self, value: T_co) -> None:
        self._value = value

    @staticmethod
    def of(value: T) -> Lazy[T]:
        """An input that is there already."""
        return Lazy(value)

    def __await__(self) -> Generator[Any, Any, T_co]:
        yield from ()  # makes this a generator, as __await__ must be
        return self._value


if TYPE_CHECKING:
    import torch

    from safelight.diffusion.handle import (
        ClipHandle,
        ControlNetHandle,
        ModelHandle,
        StyleHandle,
        VaeHandle,
        VisionHandle,
    )
    from safelight.diffusion.seen import Seen

    Image: TypeAlias = torch.Tensor
    Mask: TypeAlias = torch.Tensor
    Latent: TypeAlias = dict[str, Any]
    Conditioning: TypeAlias = list[Any]
    Sigmas: TypeAlias = torch.Tensor
    Model: TypeAlias = ModelHandle
    Clip: TypeAlias = ClipHandle
    Vae: TypeAlias = VaeHandle
    ControlNet: TypeAlias = ControlNetHandle
    ClipVision: TypeAlias = VisionHandle
    ClipVisionOutput: TypeAlias = Seen
    StyleModel: TypeAlias = StyleHandle
    UpscaleModel: TypeAlias = Any
    Noise: TypeAlias = Any
    Guider: TypeAlias = Any
    Sampler: TypeAlias = Any
    Audio: TypeAlias = Any
    Video: TypeAlias = Any
else:
    Image = socket("IMAGE")
    Mask = socket("MASK")
    Latent = socket("LATENT")
    Conditioning = socket("CONDITIONING")
    Sigmas = socket("SIGMAS")
    Model = socket("MODEL")
    Clip = socket("CLIP")
    Vae = socket("VAE")
    ControlNet = socket("CONTROL_NET")
    ClipVision = socket("CLIP_VISION")
    ClipVisionOutput = socket("CLIP_VISION_OUTPUT")
    StyleModel = socket("STYLE_MODEL")
    UpscaleModel = socket("UPSCALE_MODEL")
    Noise = socket("NOISE")
    Guider = socket("GUIDER")
    Sampler = socket("SAMPLER")
    Audio = socket("AUDIO")
    Video = socket("VIDEO")
