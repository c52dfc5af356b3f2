"""Where weights live: made from handles when lent, kept while there is room, the least valuable out first.

Nothing else holds weights. What a model will take is known from its header before it is loaded; what is
lent is never evicted. A model's value is what it took to load, in seconds, for each byte it holds, aged by
the value of what had to leave since it was last used (GreedyDual-Size: Cao and Irani, USITS 1997).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from safelight.diffusion import device as devices
from safelight.diffusion import family as families
from safelight.diffusion import plan as plans
from safelight.diffusion.failure import DeviceMemoryError, megabytes
from safelight.diffusion.handle import Handle
from safelight.diffusion.plan import Plan
from safelight.diffusion.watch import QUIET, Watch

SHARE = 0.75
"""The part of a device's memory that weights may take where no budget is set; the rest is for activations."""

Key = tuple[str, str, str, str]
Make = Callable[[], tuple[Any, Mapping[str, Any]]]
"""Makes a model; gives it and the tensors that it owns, if it is a variant."""


@dataclass(eq=False)
class Resident:
    """One materialised model, or one that is being made (`thing` is None).

    A model with patches is a variant of its `base`, which it keeps in memory while it is lent; `owned` are
    the tensors that the two do not share.
    """

    device: str
    size: int
    base: Resident | None = None
    thing: Any = None
    owned: Mapping[str, Any] = field(default_factory=dict)
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
        self._apart: set[tuple[str, str]] = set()
        self._age = 0.0

    def budget(self, device: str) -> int:
        """The bytes of weights that may be on a device."""
        if device in self.budgets:
            return self.budgets[device]
        return int(devices.total_memory(device) * SHARE)

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
        resident = self._pinned(handle, plan, watch)
        try:
            yield resident.thing
        finally:
            self._unpin(resident)

    def release(self, device: str | None = None) -> int:
        """Let go of everything that is not lent (on one device, or on all); returns the bytes."""
        with self._changed:
            idle = [
                resident
                for resident in self._residents.values()
                if not resident.pins and device in (None, resident.device)
            ]
            gone = [key for key, one in self._residents.items() if one in idle or one.base in idle]
            freed = sum(self._residents.pop(key).size for key in gone)
        _empty_cache(device)
        return freed

    def _pinned(self, handle: Handle, plan: Plan, watch: Watch) -> Resident:
        """What a handle stands for, found or made, and not to leave before it is unpinned."""
        key = (handle.weights_key, plan.dtype, plan.device, plan.layout)
        found = self._found(key, watch)
        if found is not None:
            return found
        if handle.material:
            return self._varied(key, handle, plan, watch)
        family = families.find(handle.source.family)
        place = Resident(plan.device, family.size(handle, plan))
        return self._made(key, place, handle, watch, lambda: (family.load(handle, plan, watch.check), {}))

    def _varied(self, key: Key, handle: Handle, plan: Plan, watch: Watch) -> Resident:
        """A variant of a pristine model, which stays on its device, or beside the CPU if both do not fit."""
        apart = (handle.pristine.weights_key, plan.device) in self._apart
        base = self._pinned(handle.pristine, replace(plan, device="cpu") if apart else plan, watch)
        try:
            with ExitStack() as lent:
                found = self._variant(key, base, handle, plan, lent, watch)
        except BaseException:
            self._unpin(base)
            raise
        if found is None:
            self._unpin(base)
            return self._varied(key, handle, plan, watch)
        return found

    def _variant(
        self, key: Key, base: Resident, handle: Handle, plan: Plan, lent: ExitStack, watch: Watch
    ) -> Resident | None:
        """The variant of a base that is pinned; None if the base is to be kept elsewhere.

        What it has in common with its idle siblings it takes from them.
        """
        from safelight.diffusion import variant

        home, patches = replace(plan, device=base.device), handle.material
        changes = variant.changes(
            base.thing, patches, lambda other: lent.enter_context(self.lend(other, home, watch))
        )
        if base.device != plan.device:
            changes = variant.whole(base.thing, changes)
        place = Resident(plan.device, variant.size(base.thing, changes), base)
        if base.device == plan.device != "cpu" and base.size + place.size > self.budget(plan.device):
            self._apart.add((handle.pristine.weights_key, plan.device))
            return None
        donors = variant.fitting(self._siblings(base), changes)

        def make() -> tuple[Any, Mapping[str, Any]]:
            made = variant.build(base.thing, patches, changes, donors, plan, watch.check)
            return made.thing, made.owned

        return self._made(key, place, handle, watch, make)

    def _siblings(self, base: Resident) -> dict[str, Any]:
        """What the idle variants of a model own; they make room for the next one."""
        with self._changed:
            idle = [
                key for key, one in self._residents.items() if one.base is base and one.owned and not one.pins
            ]
            owned: dict[str, Any] = {}
            for key in idle:
                owned |= self._residents.pop(key).owned
            return owned

    def _unpin(self, resident: Resident) -> None:
        with self._changed:
            _pin(resident, -1)
            self._changed.notify_all()

    def _found(self, key: Key, watch: Watch) -> Resident | None:
        """A resident that is there, pinned, once any other thread has made it."""
        with self._changed:
            while True:
                watch.check()
                resident = self._residents.get(key)
                if resident is None:
                    return None
                if resident.thing is not None:
                    _pin(resident, 1)
                    resident.value = self._worth(resident)
                    return resident
                self._changed.wait(0.1)

    def _made(self, key: Key, place: Resident, handle: Handle, watch: Watch, make: Make) -> Resident:
        """A resident in its place, others having left for it; the lock is not held while it is made."""
        with self._changed:
            found = self._found(key, watch)  # another thread may have been faster
            if found is not None:
                if place.base is not None:
                    place.base.pins -= 1  # it is pinned once for the one that was found
                return found
            self._make_room(place, handle)
            self._residents[key] = place
        began = time.perf_counter()
        try:
            thing, owned = make()
        except BaseException:
            with self._changed:
                del self._residents[key]
                self._changed.notify_all()
            raise
        with self._changed:
            place.thing, place.owned = thing, owned
            place.seconds = time.perf_counter() - began
            place.value = self._worth(place)
            self._changed.notify_all()
        return place

    def _make_room(self, place: Resident, handle: Handle) -> None:
        """Pin a place for which others have left; the lock is held."""
        budget = self.budget(place.device)
        lent = sum(r.size for r in self._residents.values() if r.pins and r.device == place.device)
        if lent + place.size > budget:
            raise DeviceMemoryError(
                f"The {handle.kind} needs {megabytes(place.size)} {'more ' * bool(place.base)}on "
                f"{place.device}, where {megabytes(max(0, budget - lent))} of {megabytes(budget)} are free",
                "Choose a smaller model or the fast precision, or raise the memory budget.",
                needed=place.size,
                available=budget - lent,
            )
        while self._used(place.device) + place.size > budget:
            self._evict(place.device)
        place.pins = 1

    def _evict(self, device: str) -> None:
        """Let the least valuable idle model go, with its variants; one that owns nothing does not count."""
        idle = [
            (resident.value, key)
            for key, resident in self._residents.items()
            if not resident.pins and resident.device == device and (resident.size or not resident.base)
        ]
        value, key = min(idle)
        self._age = max(self._age, value)
        gone = self._residents.pop(key)
        for other in [key for key, one in self._residents.items() if one.base is gone]:
            del self._residents[other]
        _empty_cache(device)

    def _worth(self, resident: Resident) -> float:
        return self._age + resident.seconds / max(1, resident.size)

    def _used(self, device: str) -> int:
        return sum(resident.size for resident in self._residents.values() if resident.device == device)


def _pin(resident: Resident, by: int) -> None:
    """Count one more, or one fewer, who uses a model; a variant uses its base."""
    resident.pins += by
    if resident.base is not None:
        resident.base.pins += by


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
