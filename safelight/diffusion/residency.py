"""Where weights live: made from handles when lent, kept while there is room, the least valuable out first.

Nothing else holds weights. What a model will take is known from its header before it is loaded; what is
lent is never evicted. A model's value is what it took to load, in seconds, for each byte it holds, aged by
the value of what had to leave since it was last used (GreedyDual-Size: Cao and Irani, USITS 1997).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from safelight.diffusion import device as devices
from safelight.diffusion import family as families
from safelight.diffusion import plan as plans
from safelight.diffusion.failure import DeviceMemoryError, UnsupportedError, megabytes
from safelight.diffusion.handle import Handle
from safelight.diffusion.plan import Plan
from safelight.diffusion.watch import QUIET, Watch

SHARE = 0.75
"""The part of a device's memory that weights may take where no budget is set; the rest is for activations."""

Key = tuple[str, str, str, str]


@dataclass
class Resident:
    """One materialised model, or one that is being loaded (`thing` is None)."""

    device: str
    size: int
    thing: Any = None
    pins: int = 0
    seconds: float = 0.0
    value: float = 0.0


@dataclass
class Residency:
    """The models of one process; `budgets` are bytes by device, where they differ from the default."""

    budgets: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        self._residents: dict[Key, Resident] = {}
        self._age = 0.0

    def budget(self, device: str) -> int:
        """The bytes of weights that may be on a device."""
        return self.budgets.get(device, int(devices.total_memory(device) * SHARE))

    def used(self, device: str) -> int:
        """The bytes of weights that are on a device, being loaded or lent included."""
        with self._changed:
            return self._used(device)

    @contextmanager
    def lend(self, handle: Handle, plan: Plan, watch: Watch = QUIET) -> Iterator[Any]:
        """The network, text encoder or VAE that a handle stands for; it stays in memory while this is open.

        Raises `DeviceMemoryError` if it cannot fit beside what else is lent, and whatever `watch.check`
        raises.
        """
        plans.apply(plan)
        key = (handle.weights_key, plan.dtype, plan.device, plan.layout)
        resident = self._pinned(key, handle, plan, watch)
        try:
            yield resident.thing
        finally:
            with self._changed:
                resident.pins -= 1
                self._changed.notify_all()

    def release(self, device: str | None = None) -> int:
        """Let go of everything that is not lent (on one device, or on all); returns the bytes."""
        with self._changed:
            idle = [key for key, resident in self._residents.items() if not resident.pins]
            idle = [key for key in idle if device in (None, self._residents[key].device)]
            freed = sum(self._residents.pop(key).size for key in idle)
        _empty_cache(device)
        return freed

    def _pinned(self, key: Key, handle: Handle, plan: Plan, watch: Watch) -> Resident:
        with self._changed:
            while True:
                watch.check()
                resident = self._residents.get(key)
                if resident is None:
                    break
                if resident.thing is not None:
                    resident.pins += 1
                    resident.value = self._worth(resident)
                    return resident
                self._changed.wait(0.1)  # another thread is loading it
            resident = self._room_for(key, handle, plan)
        return self._loaded(key, resident, handle, plan, watch)

    def _room_for(self, key: Key, handle: Handle, plan: Plan) -> Resident:
        """A reserved place, others having left for it; the lock is held."""
        if handle.patches:
            raise UnsupportedError(f"A patch of kind {handle.patches[0].kind!r} is not known here")
        size = families.find(handle.source.family).size(handle, plan)
        budget = self.budget(plan.device)
        lent = sum(r.size for r in self._residents.values() if r.pins and r.device == plan.device)
        if lent + size > budget:
            raise DeviceMemoryError(
                f"The {handle.kind} needs {megabytes(size)} on {plan.device}, where "
                f"{megabytes(max(0, budget - lent))} of {megabytes(budget)} are free",
                "Choose a smaller model or the fast precision, or raise the memory budget.",
                needed=size,
                available=budget - lent,
            )
        while self._used(plan.device) + size > budget:
            self._evict(plan.device)
        resident = self._residents[key] = Resident(plan.device, size, pins=1)
        return resident

    def _evict(self, device: str) -> None:
        idle = [(r.value, key) for key, r in self._residents.items() if not r.pins and r.device == device]
        value, key = min(idle)
        self._age = max(self._age, value)
        del self._residents[key]
        _empty_cache(device)

    def _loaded(self, key: Key, resident: Resident, handle: Handle, plan: Plan, watch: Watch) -> Resident:
        """The reserved place filled; the lock is not held meanwhile."""
        began = time.perf_counter()
        try:
            thing = families.find(handle.source.family).load(handle, plan, watch.check)
        except BaseException:
            with self._changed:
                del self._residents[key]
                self._changed.notify_all()
            raise
        with self._changed:
            resident.thing = thing
            resident.seconds = time.perf_counter() - began
            resident.value = self._worth(resident)
            self._changed.notify_all()
        return resident

    def _worth(self, resident: Resident) -> float:
        return self._age + resident.seconds / max(1, resident.size)

    def _used(self, device: str) -> int:
        return sum(resident.size for resident in self._residents.values() if resident.device == device)


def _empty_cache(device: str | None) -> None:
    """Give freed blocks back to the driver, so that other allocations can have them."""
    if device is None or device.startswith("cuda"):
        import torch

        if torch.cuda.is_available():
            torch.cuda.empty_cache()


_shared = Residency()
lend = _shared.lend
release = _shared.release
used = _shared.used


def configure(device: str, budget: int) -> None:
    """Set how many bytes of weights may be on a device from now on."""
    _shared.budgets[device] = budget
