"""From a network to clean latents: `D(x, sigma) -> x0`, for several conditionings at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from safelight.diffusion.control import steering
from safelight.diffusion.entry import Entry, filled
from safelight.diffusion.handle import Patch
from safelight.diffusion.perturbation import attending, perturbed

if TYPE_CHECKING:
    from safelight.diffusion.network import Network
    from safelight.diffusion.switch import Switch

STRETCH = 4
"""How often a prompt is repeated at most to match the length of one that it shares a batch with."""

NEXT_TO_NOTHING = 1e-37
"""The weight of cells that no entry speaks about: the prediction there is zero, not a division by zero."""


@dataclass(frozen=True, eq=False)
class _Batch:
    """Entries that one call of the network predicts together."""

    entries: tuple[Entry, ...]
    context: Tensor
    extras: dict[str, Tensor]
    patches: tuple[Patch, ...]
    """What is changed in the network for them."""


class Denoiser:
    """A network as a predictor of clean latents under several sides, such as positive and negative."""

    def __init__(self, network: Network, *, together: bool = True, switch: Switch | None = None) -> None:
        """With `together`, entries of equal shapes share a call; otherwise each has its own.

        `switch` has the networks for entries with hooks.
        """
        self._network = network
        self._together = together
        self._switch = switch
        self._batches: dict[tuple[tuple[Entry, tuple[Patch, ...]], ...], list[_Batch]] = {}
        self._filled: dict[tuple[Entry, ...], list[Entry]] = {}
        self._looks: list[Tensor] | None = None

    def __call__(
        self, x: Tensor, sigma: float, sides: Sequence[Sequence[Entry]], perturbation: str = ""
    ) -> list[Tensor]:
        """The clean latent that each side expects behind x (B, C, h, w) at this sigma.

        With a perturbation (see `perturbation`), what a network of which a part is put out of action expects.
        """
        speaking = [self._speaking(side, sigma) for side in sides]
        batches = self._planned([entry for side in speaking for entry in side], sigma, len(x))
        if self._switch is not None:
            self._switch.begin(sigma, [batch.patches for batch in batches])
        predicted: dict[Entry, Tensor] = {}
        for batch in batches:
            with self._observed(self._asked(batch), perturbation):
                found = self._predict(x, sigma, batch)
            predicted.update(zip(batch.entries, found, strict=True))
        return [_average(x, side, predicted) for side in speaking]

    @contextmanager
    def attending(self) -> Iterator[list[Tensor]]:
        """While open, each call of the network adds where its middle looks; see `perturbation.attending`."""
        before, self._looks = self._looks, []
        try:
            yield self._looks
        finally:
            self._looks = before

    def _speaking(self, side: Sequence[Entry], sigma: float) -> list[Entry]:
        """Who of a side holds at this sigma; those that fill what others leave have their share."""
        speaking = tuple(entry for entry in side if entry.speaks(sigma))
        if not any(entry.fills for entry in speaking):
            return list(speaking)
        if speaking not in self._filled:
            self._filled[speaking] = filled(speaking)
        return self._filled[speaking]

    def _planned(self, entries: Sequence[Entry], sigma: float, size: int) -> list[_Batch]:
        """How these entries are spread over calls; the same at every step at which the same ones speak."""
        told = tuple((entry, entry.patches(sigma)) for entry in entries)
        if told not in self._batches:
            self._batches[told] = [
                _batch(group, size, patches)
                for patches, alike in _alike(told).items()
                for group in (_grouped(alike) if self._together else [[entry] for entry in alike])
            ]
        return self._batches[told]

    def _asked(self, batch: _Batch) -> Network:
        """The network that predicts a batch."""
        return self._network if self._switch is None else self._switch.network(batch.patches)

    def _predict(self, x: Tensor, sigma: float, batch: _Batch) -> Sequence[Tensor]:
        network, scaling = self._asked(batch), self._network.sampling.scaling(sigma)
        crops = [entry.crop(x) for entry in batch.entries]
        latent = torch.cat(crops) if len(crops) > 1 else crops[0]
        timestep = latent.new_full((len(latent),), network.sampling.timestep(sigma))
        steered = steering(batch.entries[0].controls, sigma, len(x))
        raw = network(latent * scaling.in_, timestep, batch.context, **steered, **batch.extras)
        return (latent * scaling.skip + raw * scaling.out).chunk(len(crops))

    @contextmanager
    def _observed(self, network: Network, perturbation: str) -> Iterator[None]:
        """While open, a network is perturbed, and watched where it looks, as far as that is asked."""
        with ExitStack() as stack:
            if perturbation:
                stack.enter_context(perturbed(network, perturbation))
            looks = [] if self._looks is None else stack.enter_context(attending(network))
            yield
        if self._looks is not None:
            self._looks += looks


def _alike(told: Sequence[tuple[Entry, tuple[Patch, ...]]]) -> dict[tuple[Patch, ...], list[Entry]]:
    """The entries by what is changed in the network for them, in order."""
    found: dict[tuple[Patch, ...], list[Entry]] = {}
    for entry, patches in told:
        found.setdefault(patches, []).append(entry)
    return found


def _grouped(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Lists of entries whose tensors fit into one batch, each as long as possible, in order."""
    left = list(entries)
    while left:
        group: list[Entry] = []
        for entry in left:
            if not group or _fits(group, entry):
                group.append(entry)
        yield group
        left = [entry for entry in left if entry not in group]


def _fits(group: Sequence[Entry], entry: Entry) -> bool:
    first = group[0]
    return (
        _shape(first) == _shape(entry)
        and first.controls == entry.controls
        and {name: value.shape[1:] for name, value in first.extras.items()}
        == {name: value.shape[1:] for name, value in entry.extras.items()}
        and _stretched([*group, entry])
        <= STRETCH * min(member.context.shape[1] for member in [*group, entry])
    )


def _shape(entry: Entry) -> tuple[tuple[int, ...], int]:
    """The cells that an entry is about and the width of its context."""
    return (entry.area[:2] if entry.area else entry.grid), entry.context.shape[2]


def _stretched(entries: Sequence[Entry]) -> int:
    """The length that all contexts are repeated to: attention to a prompt said twice is the same."""
    return math.lcm(*(entry.context.shape[1] for entry in entries))


def _batch(entries: Sequence[Entry], size: int, patches: tuple[Patch, ...]) -> _Batch:
    length = _stretched(entries)
    context = [
        repeated(entry.context, size).repeat(1, length // entry.context.shape[1], 1) for entry in entries
    ]
    extras = {
        name: torch.cat([repeated(entry.told(name), size) for entry in entries]) for name in entries[0].extras
    }
    return _Batch(tuple(entries), torch.cat(context), extras, patches)


def repeated(tensor: Tensor, size: int) -> Tensor:
    """As many rows as a batch has: repeated from the start, or cut."""
    if len(tensor) == size:
        return tensor
    return tensor.repeat(math.ceil(size / len(tensor)), *(1,) * (tensor.ndim - 1))[:size]


def _average(x: Tensor, entries: Sequence[Entry], predicted: dict[Entry, Tensor]) -> Tensor:
    """The weighted mean, cell by cell, of what the entries of one side predict."""
    if len(entries) == 1 and entries[0].weight is None and entries[0].area is None:
        return predicted[entries[0]]
    total, weights = torch.zeros_like(x), torch.full_like(x, NEXT_TO_NOTHING)
    for entry in entries:
        weight = 1.0 if entry.weight is None else repeated(entry.weight, len(x))
        entry.crop(total).add_(predicted[entry] * weight)
        entry.crop(weights).add_(weight)
    return total / weights
