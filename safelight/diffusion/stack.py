"""Several latents in one LATENT value: taken out, repeated, joined, grouped anew.

`batch_index`, where it is there, says which noise each latent gets: that of its number in a larger batch.
`noise_mask` has one mask for all, or one for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor

from safelight.diffusion.arithmetic import fitted
from safelight.diffusion.batch import repeated as repeat
from safelight.diffusion.batch import span
from safelight.diffusion.latent import Latent
from safelight.diffusion.mask import fitted as fit_mask


def taken(latent: Latent, start: int, count: int) -> Latent:
    """Some latents of a batch, each with the mask and the noise that it had there."""
    samples: Tensor = latent["samples"]
    part = span(len(samples), start, count)
    chosen = {**latent, "samples": samples[part].clone(), "batch_index": _numbers(latent)[part]}
    if "noise_mask" in latent:
        mask = latent["noise_mask"]
        chosen["noise_mask"] = mask.clone() if len(mask) == 1 else repeat(mask, len(samples))[part].clone()
    return chosen


def repeated(latent: Latent, times: int) -> Latent:
    """The batch several times, each time with other noise."""
    samples: Tensor = latent["samples"]
    more = {**latent, "samples": repeat(samples, len(samples) * times)}
    if "noise_mask" in latent and len(latent["noise_mask"]) > 1:
        more["noise_mask"] = repeat(repeat(latent["noise_mask"], len(samples)), len(samples) * times)
    if "batch_index" in latent:
        numbers = latent["batch_index"]
        step = max(numbers) - min(numbers) + 1
        more["batch_index"] = [number + step * time for time in range(times) for number in numbers]
    return more


def joined(first: Latent, second: Latent) -> Latent:
    """Two batches as one; the second is brought to the size of the first, and each keeps its noise."""
    a, b = first["samples"], fitted(second["samples"], first["samples"])
    numbers = [*_numbers(first), *_numbers(second)]
    return {**first, "samples": torch.cat([a, b]), "batch_index": numbers}


def seeded(latent: Latent, behaviour: str) -> Latent:
    """The batch with the same noise for all (`fixed`), or noise of its own for each (`random`)."""
    rest = {name: value for name, value in latent.items() if name != "batch_index"}
    if behaviour == "random":
        return rest
    return {**rest, "batch_index": _numbers(latent)[:1] * len(latent["samples"])}


def regrouped(latents: Iterable[Latent], size: int) -> Iterator[Latent]:
    """The latents in batches of `size`; where their shape changes, a new batch begins.

    They are numbered through, so that each keeps noise of its own.
    """
    waiting: list[Latent] = []
    for one in _singles(latents):
        if waiting and (len(waiting) == size or waiting[0]["samples"].shape != one["samples"].shape):
            yield _packed(waiting)
            waiting = []
        waiting.append(one)
    if waiting:
        yield _packed(waiting)


def _singles(latents: Iterable[Latent]) -> Iterator[Latent]:
    before = 0
    for latent in latents:
        count = len(latent["samples"])
        numbered = "batch_index" in latent
        for place in range(count):
            one = taken(latent, place, 1)
            yield one if numbered else {**one, "batch_index": [before + place]}
        before += count


def _packed(latents: list[Latent]) -> Latent:
    packed = {**latents[0], "samples": torch.cat([one["samples"] for one in latents])}
    packed["batch_index"] = [number for one in latents for number in one["batch_index"]]
    masks = [one.get("noise_mask") for one in latents]
    sizes = [mask.shape[-2:] for mask in masks if mask is not None]
    if sizes:
        rows, columns = sizes[0]
        whole = torch.ones(1, rows, columns)
        fit = [whole if mask is None else fit_mask(mask, rows, columns) for mask in masks]
        packed["noise_mask"] = torch.cat(fit)[:, None]
    return packed


def _numbers(latent: Latent) -> list[int]:
    numbers: list[int] = latent.get("batch_index") or list(range(len(latent["samples"])))
    return numbers
