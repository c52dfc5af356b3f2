"""What stays in memory, what leaves, and loading that can be stopped; with toy models of declared sizes."""

import threading
import time
from collections.abc import Iterator

import pytest

from safelight.diffusion import family, residency
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.failure import DeviceMemoryError, UnsupportedError
from safelight.diffusion.family import Check
from safelight.diffusion.handle import Handle, ModelHandle, Patch, Source
from safelight.diffusion.plan import Plan
from safelight.diffusion.residency import Residency


class Toys:
    """A family whose models say in their digest how large they are and how long they take to load."""

    def __init__(self) -> None:
        self.loaded: list[str] = []

    def load(self, handle: Handle, plan: Plan, check: Check) -> object:
        name, _, seconds = handle.source.digest.split("/")
        end = time.monotonic() + float(seconds)
        while time.monotonic() < end:
            check()
            time.sleep(0.001)
        self.loaded.append(name)
        return object()

    def size(self, handle: Handle, plan: Plan) -> int:
        return int(handle.source.digest.split("/")[1])


@pytest.fixture
def toys() -> Iterator[Toys]:
    toys = Toys()
    family.register("toys", toys.load, toys.size)
    yield toys
    del family._registered["toys"]


@pytest.fixture
def house() -> Residency:
    return Residency({"cpu": 100})


def toy(name: str, size: int = 40, seconds: float = 0.0) -> ModelHandle:
    return ModelHandle(Source("", f"{name}/{size}/{seconds}", "toys", "original", "unet"))


PLAN = Plan(threads=1)


def visit(house: Residency, *handles: ModelHandle) -> None:
    for handle in handles:
        with house.lend(handle, PLAN):
            pass


def test_a_model_is_loaded_once_and_shared(toys: Toys, house: Residency) -> None:
    with house.lend(toy("a"), PLAN) as first, house.lend(toy("a"), PLAN) as second:
        assert first is second
    visit(house, toy("a"))
    assert toys.loaded == ["a"]
    assert house.used("cpu") == 40


def test_each_number_type_has_weights_of_its_own(toys: Toys, house: Residency) -> None:
    with house.lend(toy("a"), PLAN) as plain, house.lend(toy("a"), Plan(dtype="bf16", threads=1)) as fast:
        assert plain is not fast


def test_models_leave_when_there_is_no_room(toys: Toys, house: Residency) -> None:
    visit(house, toy("a"), toy("b"), toy("c"))
    assert house.used("cpu") == 80


def test_the_model_that_took_longest_for_its_size_stays(toys: Toys, house: Residency) -> None:
    visit(house, toy("slow", seconds=0.2), toy("quick"), toy("new"))
    visit(house, toy("slow"), toy("slow", seconds=0.2))
    assert toys.loaded.count("slow") == 2  # once each: they are two models of one name
    visit(house, toy("quick"))
    assert toys.loaded.count("quick") == 2


def test_a_model_that_is_never_used_again_leaves_in_the_end_however_slow_it_was(
    toys: Toys, house: Residency
) -> None:
    visit(house, toy("slow", seconds=0.05))
    for round_ in range(8):
        visit(house, toy(f"a{round_}", seconds=0.01), toy(f"b{round_}", seconds=0.01))
    visit(house, toy("slow", seconds=0.05))
    assert toys.loaded.count("slow") == 2


def test_what_is_lent_never_leaves(toys: Toys, house: Residency) -> None:
    with house.lend(toy("a"), PLAN):
        visit(house, toy("b"), toy("c"), toy("d"))
        visit(house, toy("a"))
    assert toys.loaded.count("a") == 1


def test_a_model_larger_than_the_budget_is_refused_with_sizes_before_it_is_loaded(
    toys: Toys, house: Residency
) -> None:
    visit(house, toy("a"))
    with (
        pytest.raises(DeviceMemoryError, match="smaller model") as caught,
        house.lend(toy("huge", size=101), PLAN),
    ):
        pass
    assert (caught.value.needed, caught.value.available) == (101, 100)
    assert toys.loaded == ["a"]
    assert house.used("cpu") == 40


def test_a_model_that_does_not_fit_beside_what_is_lent_is_refused(toys: Toys, house: Residency) -> None:
    with house.lend(toy("a", size=70), PLAN), pytest.raises(DeviceMemoryError) as caught:
        visit(house, toy("b"))
    assert (caught.value.needed, caught.value.available) == (40, 30)
    visit(house, toy("b"))


def test_release_lets_go_of_what_is_not_lent(toys: Toys, house: Residency) -> None:
    visit(house, toy("a"))
    with house.lend(toy("b", size=30), PLAN):
        assert house.release("cuda:0") == 0
        assert house.release("cpu") == 40
        assert house.used("cpu") == 30
    assert house.release() == 30
    assert house.used("cpu") == 0


class Stopping:
    """A watch that stops once it is told to."""

    def __init__(self) -> None:
        self.stop = threading.Event()

    def check(self) -> None:
        if self.stop.is_set():
            raise KeyboardInterrupt

    def progress(self, done: int, total: int, preview: object = None) -> None: ...


def test_loading_stops_at_once_and_leaves_nothing(toys: Toys, house: Residency) -> None:
    watch = Stopping()
    threading.Timer(0.05, watch.stop.set).start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), house.lend(toy("a", seconds=30), PLAN, watch):
        pass
    assert time.monotonic() - began < 5
    assert house.used("cpu") == 0
    visit(house, toy("b"))


def test_waiting_for_another_threads_load_can_be_stopped(toys: Toys, house: Residency) -> None:
    other, watch = Stopping(), Stopping()
    loader = threading.Thread(target=lambda: swallow(lambda: house.lend(toy("a", seconds=30), PLAN, other)))
    loader.start()
    while not house.used("cpu"):
        time.sleep(0.001)
    watch.stop.set()
    with pytest.raises(KeyboardInterrupt), house.lend(toy("a", seconds=30), PLAN, watch):
        pass
    other.stop.set()
    loader.join(5)
    assert not loader.is_alive()


def swallow(lend) -> None:
    try:
        with lend():
            pass
    except KeyboardInterrupt:
        pass


def test_many_threads_load_each_model_once(toys: Toys) -> None:
    house = Residency({"cpu": 1000})
    handles = [toy(name, seconds=0.02) for name in "abcd"]
    threads = [threading.Thread(target=visit, args=(house, *handles)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(toys.loaded) == list("abcd")
    assert house.used("cpu") == 160
    assert house.release() == 160


def test_threads_that_compete_for_room_stay_within_the_budget(toys: Toys, house: Residency) -> None:
    seen = []

    def work(name: str) -> None:
        for _ in range(20):
            try:
                with house.lend(toy(name), PLAN):
                    seen.append(house.used("cpu"))
            except DeviceMemoryError:
                seen.append(0)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(seen) <= 100
    assert any(seen)


def test_a_load_that_fails_can_be_tried_again(house: Residency) -> None:
    attempts = []

    def load(handle: Handle, plan: Plan, check: Check) -> str:
        attempts.append(1)
        if len(attempts) == 1:
            raise OSError("the disk was asleep")
        return "there"

    family.register("toys", load)
    with pytest.raises(OSError, match="asleep"):
        visit(house, toy("a"))
    with house.lend(toy("a"), PLAN) as thing:
        assert thing == "there"
    del family._registered["toys"]


def test_unknown_families_and_patches_are_refused(toys: Toys, house: Residency) -> None:
    with pytest.raises(UnsupportedError, match="'martian'"):
        visit(house, ModelHandle(Source("", "a/1/0", "martian", "original", "unet")))
    with pytest.raises(UnsupportedError, match="'glitter'"):
        visit(house, toy("a").patched(Patch("glitter", "")))


def test_sizes_are_known_from_headers(emoji: Checkpoint, plan: Plan) -> None:
    for handle in emoji:
        assert handle is not None
        with residency.lend(handle, plan) as thing:
            module = getattr(thing, "module", None) or thing.towers[0].model
            held = sum(tensor.nbytes for tensor in module.state_dict().values())
        assert family.find("folder").size(handle, plan) == held
    half = family.find("folder").size(emoji.model, Plan(dtype="bf16", threads=1))
    assert half * 2 == family.find("folder").size(emoji.model, plan)


def test_only_the_part_that_is_lent_is_loaded(emoji: Checkpoint, plan: Plan) -> None:
    residency.release()
    with residency.lend(emoji.vae, plan) as vae:
        held = sum(tensor.nbytes for tensor in vae.module.state_dict().values())
        assert residency.used("cpu") == held


def test_loading_real_weights_asks_between_tensors(emoji: Checkpoint, plan: Plan) -> None:
    class Counting(Stopping):
        asked = 0

        def check(self) -> None:
            self.asked += 1
            if self.asked == 50:
                raise KeyboardInterrupt

    residency.release()
    with pytest.raises(KeyboardInterrupt), residency.lend(emoji.model, plan, Counting()):
        pass
    assert residency.used("cpu") == 0
