"""Steering by pictures: what a conditioning says of ControlNets and T2I-Adapters, and how a run does it.

An entry's dict holds the last of a chain under `control`: a dict of `handle`, `image` [B, H, W, C],
`strength`, `start_percent`, `end_percent` and `previous`, the one before it or None.
`control_apply_to_uncond` says that the other side is to be steered alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from safelight.diffusion import union
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.handle import ControlNetHandle
from safelight.diffusion.latent import FACTOR
from safelight.diffusion.resize import resize

if TYPE_CHECKING:
    from safelight.diffusion.conditioning import Conditioning
    from safelight.diffusion.network import Network
    from safelight.diffusion.plan import Plan
    from safelight.diffusion.steering import Residuals

METHOD, CROP = "nearest-exact", "center"
"""How a picture is brought to the size of what it steers; lines in it must stay sharp."""

APART = "cross_attn_controlnet"
"""What an entry's dict calls the text for what steers, where it is another one."""


def steer(
    conditioning: Conditioning,
    handle: ControlNetHandle,
    image: Tensor,
    strength: float,
    start: float = 0.0,
    end: float = 1.0,
    *,
    both: bool = False,
) -> Conditioning:
    """The conditioning, steered by pictures [B, H, W, C] from `start` to `end` (0..1 of the run), too.

    What it was steered by before it still is. With `both`, the negative conditioning of the run is steered
    alike unless it says otherwise.
    """
    if strength == 0:
        return conditioning
    link = {
        "handle": handle,
        "image": image,
        "strength": strength,
        "start_percent": start,
        "end_percent": end,
    }
    return [
        [
            tensor,
            {
                **options,
                "control": {**link, "previous": options.get("control")},
                "control_apply_to_uncond": both,
            },
        ]
        for tensor, options in conditioning
    ]


def told(conditioning: Conditioning, text: Conditioning) -> Conditioning:
    """The conditioning, in which ControlNets hear another text than the model does."""
    words, options = text[0]
    heard = {APART: words, "pooled_output_controlnet": options.get("pooled_output")}
    return [[tensor, {**own, **heard}] for tensor, own in conditioning]


def apart(options: Mapping[str, Any]) -> dict[str, Tensor]:
    """What a network is to tell those that steer, by an entry's dict; nothing where that is its own text."""
    return {"steering_context": options[APART]} if APART in options and options.get("control") else {}


def spread(positive: Conditioning, negative: Conditioning) -> Conditioning:
    """The negative conditioning, steered as the positive one where that asks for it.

    Neither entries with an area give or take, nor does a side that is steered already.
    """
    free = [number for number, (_, options) in enumerate(negative) if "area" not in options]
    if not free or any(negative[number][1].get("control") for number in free):
        return negative
    given = [
        options["control"]
        for _, options in positive
        if options.get("control_apply_to_uncond") and "area" not in options
    ]
    steered = list(negative)
    for count, control in enumerate(given):
        tensor, options = negative[free[count % len(free)]]
        steered[free[count % len(free)]] = [tensor, {**options, "control": control}]
    return steered


@dataclass(frozen=True)
class Window:
    """A part of a latent of so many cells."""

    height: int
    width: int
    rows: slice
    columns: slice

    @property
    def place(self) -> tuple[int, ...]:
        """What tells it from other windows."""
        return self.height, self.width, self.rows.start, self.rows.stop, self.columns.start, self.columns.stop


@dataclass(frozen=True, eq=False)
class Control:
    """One steering network with its picture, ready for a run; it is in memory only while it is asked."""

    handle: ControlNetHandle
    image: Tensor
    """[B, 3, H, W] in 0..1, at its own size."""
    strength: float
    start: float = math.inf
    """The highest sigma at which it steers."""
    end: float = 0.0
    """The lowest."""
    _kept: dict[object, Any] = field(default_factory=dict)

    def speaks(self, sigma: float) -> bool:
        """Whether it steers at this sigma."""
        return self.end <= sigma <= self.start

    def residuals(self, lent: Any, rows: int, window: Window | None, x: Tensor, *told: Any) -> Residuals:
        """What it adds for the input x (B, C, h, w) of a UNet, of which each entry has so many rows.

        x is the whole of what the picture belongs to, or a window of it.
        """
        from safelight.diffusion.steering import AdapterNetwork, Residuals

        view = window or Window(*x.shape[-2:], slice(0, x.shape[-2]), slice(0, x.shape[-1]))
        hint = self._once(("hint", view.place), lambda: self._seen(lent.cell, view).to(x.device))
        if not isinstance(lent, AdapterNetwork):
            kind = {"kind": union.number(self.handle)} if self.handle.source.family == union.FAMILY else {}
            found: Residuals = lent(_spread(hint, rows, len(x)), self.strength, x, *told, **kind)
            return found
        seen = self._once(("seen", view.place), lambda: lent.features(hint))
        rowed = (_spread(feature, rows, len(x)) * self.strength for feature in seen)
        return Residuals(levels=tuple(feature.expand(len(x), -1, -1, -1) for feature in rowed))

    def _seen(self, cell: int, view: Window) -> Tensor:
        """The picture at the size of the whole in pixels, its edges cut off evenly; of that, the window."""
        height, width = (math.ceil(edge * FACTOR / cell) * cell for edge in (view.height, view.width))
        whole = self._once(("whole", height, width), lambda: resize(self.image, width, height, METHOD, CROP))
        rows, columns = (
            slice(0, edge) if part == slice(0, cells) else slice(part.start * FACTOR, part.stop * FACTOR)
            for part, edge, cells in ((view.rows, height, view.height), (view.columns, width, view.width))
        )
        return whole[..., rows, columns]

    def _once(self, name: object, make: Callable[[], Any]) -> Any:
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]


@dataclass(frozen=True)
class Steering:
    """What steers one call of a network: the controls in their order, and the rows that each entry has."""

    controls: tuple[Control, ...]
    rows: int
    window: Window | None = None
    """The part that is asked about, where it is not the whole."""

    def within(self, window: Window) -> Steering:
        """The same for a part of what the pictures belong to."""
        return replace(self, window=window)

    def residuals(self, plan: Plan, check: Callable[[], None], *inputs: Any) -> Residuals:
        """The sum of what they add for a UNet's input; `check` may stop them, as it may stop the UNet."""
        from safelight.diffusion.steering import Residuals

        total = Residuals()
        for control in self.controls:
            total = total + self._one(control, plan, check, *inputs)
        return total

    def _one(self, control: Control, plan: Plan, check: Callable[[], None], *inputs: Any) -> Residuals:
        from safelight.diffusion.residency import lend

        with lend(control.handle, plan, _Asking(check)) as lent, lent.stops.calling(check):
            return control.residuals(lent, self.rows, self.window, *inputs)


@dataclass(frozen=True)
class _Asking:
    """A watch that only stops."""

    check: Callable[[], None]

    def progress(self, done: int, total: int, preview: Tensor | None = None) -> None:
        """Take no notice."""


def steering(controls: Sequence[Control], sigma: float, rows: int) -> dict[str, Any]:
    """What a network is told of those that steer at this sigma: nothing if there are none."""
    speaking = tuple(control for control in controls if control.speaks(sigma))
    return {"steering": Steering(speaking, rows)} if speaking else {}


def prepare(options: Mapping[str, Any], network: Network, known: dict[str, Control]) -> tuple[Control, ...]:
    """The controls of an entry in the order in which they were applied.

    Those that are `known` already are taken from there, so that entries which share them can share a batch.
    """
    from safelight.diffusion.trajectory import fingerprint

    made = []
    for link in reversed(list(_chain(options))):
        key = fingerprint({name: value for name, value in link.items() if name != "previous"})
        if key not in known:
            known[key] = _control(link, network)
        made.append(known[key])
    return tuple(made)


def _chain(options: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The links of a chain, the last first."""
    link = options.get("control")
    while link is not None:
        if not isinstance(link, Mapping):
            raise UnsupportedError(
                f"A conditioning is steered by a {type(link).__name__}, which is not known here",
                "Load the ControlNet with Load ControlNet Model.",
            )
        yield link
        link = link.get("previous")


def _control(link: Mapping[str, Any], network: Network) -> Control:
    sampling = network.sampling
    return Control(
        link["handle"],
        link["image"][..., :3].movedim(-1, 1).float(),
        float(link["strength"]),
        sampling.percent_to_sigma(link["start_percent"]),
        sampling.percent_to_sigma(link["end_percent"]),
    )


def _spread(tensor: Tensor, rows: int, total: int) -> Tensor:
    """The rows of pictures for a batch of entries with so many rows each; a single one stands for all."""
    if len(tensor) == 1:
        return tensor
    repeats = math.ceil(rows / len(tensor))
    return torch.cat([torch.cat([tensor] * repeats)[:rows]] * (total // rows))
