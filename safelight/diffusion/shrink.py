"""Deep shrink: in the first steps a UNet works on a smaller picture from some block on (Kohya, 2023).

So it composes at the size that it was trained at, and large pictures do not repeat their motif. What is
smaller is brought back to the size of a skip connection before it meets that.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

from torch import Tensor

from safelight.diffusion.handle import ModelHandle, Patch
from safelight.diffusion.resize import resize

KIND = "shrink"


def with_shrink(
    model: ModelHandle,
    block: int,
    factor: float,
    start: float,
    end: float,
    after_skip: bool,
    down_method: str,
    up_method: str,
) -> ModelHandle:
    """The model with deep shrink: from input block `block` on, all is `factor` times smaller.

    It acts between the moments `start` and `end` (0..1). With `after_skip` the block's skip connection keeps
    the whole size. Methods are those of `resize`.
    """
    settings = {
        "block": block,
        "factor": factor,
        "start": start,
        "end": end,
        "after_skip": after_skip,
        "down_method": down_method,
        "up_method": up_method,
    }
    return model if factor == 1.0 else model.patched(Patch(KIND, settings=tuple(settings.items())))


def apply(network: Any, patch: Patch) -> None:
    """Put deep shrink into a UNet of which this is the only user."""
    _Shrink(network, dict(patch.settings))


class _Shrink:
    """The hooks of one UNet, and what they know of the forward pass that each thread is in."""

    def __init__(self, network: Any, settings: dict[str, Any]) -> None:
        self.settings = settings
        last = len(network.sampling.sigmas) - 1
        self.first = float("inf") if settings["start"] <= 0 else (1 - settings["start"]) * last
        self.final = -float("inf") if settings["end"] >= 1 else (1 - settings["end"]) * last
        self.here = threading.local()
        unet = network.module
        unet.register_forward_pre_hook(self._begin)
        inputs = list(_inputs(unet))
        for number, (maker, taker) in enumerate(inputs):
            if number == settings["block"]:
                if settings["after_skip"]:
                    taker.register_forward_pre_hook(self._shrink_input)
                else:
                    maker.register_forward_hook(self._shrink_output)
            maker.register_forward_hook(partial(self._note, number))
        for number, maker in zip(reversed(range(len(inputs))), _before_skips(unet), strict=True):
            maker.register_forward_hook(partial(self._fit, number))

    def _begin(self, _module: Any, inputs: tuple[Any, ...]) -> None:
        timestep = float(inputs[1].flatten()[0])
        self.here.sizes = {}
        self.here.active = self.final <= timestep <= self.first

    def _shrunk(self, states: Tensor) -> Tensor:
        if not self.here.active:
            return states
        height, width = (round(edge / self.settings["factor"]) for edge in states.shape[-2:])
        return resize(states, width, height, self.settings["down_method"])

    def _shrink_input(self, _module: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return (self._shrunk(inputs[0]), *inputs[1:])

    def _shrink_output(self, _module: Any, _inputs: Any, output: Any) -> Any:
        return _changed(output, self._shrunk)

    def _note(self, number: int, _module: Any, _inputs: Any, output: Any) -> None:
        """Remember how large the skip connection of an input block is."""
        self.here.sizes[number] = _states(output).shape[-2:]

    def _fit(self, number: int, _module: Any, _inputs: Any, output: Any) -> Any:
        """Bring what is about to meet a skip connection to its size."""
        height, width = self.here.sizes[number]
        if _states(output).shape[-2:] == (height, width):
            return output
        return _changed(output, lambda states: resize(states, width, height, self.settings["up_method"]))


def _states(output: Any) -> Tensor:
    states: Tensor = output[0] if isinstance(output, tuple) else output
    return states


def _changed(output: Any, change: Any) -> Any:
    return (change(output[0]), *output[1:]) if isinstance(output, tuple) else change(output)


def _inputs(unet: Any) -> Iterator[tuple[Any, Any]]:
    """The original's input blocks: for each the module that makes its result, and the one that takes it."""
    makers, takers = [unet.conv_in], []
    for block in unet.down_blocks:
        for layer, resnet in enumerate(block.resnets):
            takers.append(resnet)
            makers.append(block.attentions[layer] if hasattr(block, "attentions") else resnet)
        for sampler in block.downsamplers or ():
            takers.append(sampler)
            makers.append(sampler)
    yield from zip(makers, [*takers, unet.mid_block.resnets[0]], strict=True)


def _before_skips(unet: Any) -> Iterator[Any]:
    """The modules whose results meet the skip connections, in the order in which they do."""
    before = unet.mid_block
    for block in unet.up_blocks:
        for layer, resnet in enumerate(block.resnets):
            yield before
            before = block.attentions[layer] if hasattr(block, "attentions") else resnet
        if block.upsamplers:
            before = block.upsamplers[-1]
