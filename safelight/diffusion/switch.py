"""Switching between networks that differ by hooks, within one run.

Each set of patches is a variant of one pristine model, of which it shares all that no patch changes; it is
lent while the level lasts that asks for it, and on to the next level if that asks for it again. So two LoRAs
at constant strengths are patched once in a run, and a strength that changes costs its own layers alone. What
does not fit beside the others takes their place. Nothing is ever written into the pristine model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from safelight.diffusion.failure import DeviceMemoryError
from safelight.diffusion.handle import ModelHandle, Patch
from safelight.diffusion.overlay import Overlaid
from safelight.diffusion.residency import lend
from safelight.diffusion.watch import Watch

if TYPE_CHECKING:
    from safelight.diffusion.network import Network
    from safelight.diffusion.plan import Plan

Patches = tuple[Patch, ...]


class Switch:
    """The networks of one run: its own, and those with further patches."""

    def __init__(self, lent: Network, model: ModelHandle, plan: Plan, watch: Watch) -> None:
        self._network: Network = Overlaid(lent, model)
        self._model, self._plan, self._watch = model, plan, watch
        self._lent: dict[Patches, tuple[ExitStack, Network]] = {}
        self._level: float | None = None

    def begin(self, level: float, wanted: Iterable[Patches]) -> None:
        """Hear what a level asks for; what only the one before it wanted may go."""
        if level != self._level:
            self._level, keep = level, set(wanted)
            for patches in [patches for patches in self._lent if patches not in keep]:
                self._give_back(patches)

    def network(self, patches: Patches) -> Network:
        """The run's network with these patches on top of its own."""
        if not patches:
            return self._network
        if patches not in self._lent:
            self._lent[patches] = self._borrowed(patches)
        return self._lent[patches][1]

    def close(self) -> None:
        """Give everything back."""
        for patches in list(self._lent):
            self._give_back(patches)

    def _borrowed(self, patches: Patches) -> tuple[ExitStack, Network]:
        """A network for as long as the stack is open; others go, the first lent first, if they must."""
        model = self._model
        for patch in patches:
            model = model.patched(patch)
        while True:
            stack = ExitStack()
            try:
                network = Overlaid(stack.enter_context(lend(model, self._plan, self._watch)), model)
            except DeviceMemoryError:
                stack.close()
                if not self._lent:
                    raise
                self._give_back(next(iter(self._lent)))
                continue
            stack.enter_context(network.watch(self._watch.check))
            return stack, network

    def _give_back(self, patches: Patches) -> None:
        stack, _ = self._lent.pop(patches)
        stack.close()


@contextmanager
def switching(lent: Network, model: ModelHandle, plan: Plan, watch: Watch) -> Iterator[Switch]:
    """A switch for a model that is lent, which gives back what it borrowed, however the run ends."""
    switch = Switch(lent, model, plan, watch)
    try:
        yield switch
    finally:
        switch.close()
