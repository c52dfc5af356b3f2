"""Patched models beside pristine ones: what they share, what they cost, and that nothing is left behind."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from safelight.diffusion import lora, merge, text, variant, weights
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.failure import DeviceMemoryError, UnsupportedError
from safelight.diffusion.handle import Handle, ModelHandle, Patch
from safelight.diffusion.plan import Plan
from safelight.diffusion.residency import Residency

FIRST, SECOND = "conv_in", "down_blocks.0.resnets.0.conv1"
WIDTH = 128
OWN = 2 * WIDTH * 4
"""The bytes of two biases."""


@pytest.fixture
def house() -> Residency:
    return Residency({"cpu": 1_000_000_000})


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The model files that were opened for their weights."""
    seen: list[str] = []
    opened = weights._opened

    def noted(files, path):
        seen.append(path.parent.name)
        return opened(files, path)

    monkeypatch.setattr(weights, "_opened", noted)
    return seen


@contextmanager
def tensors(house: Residency, handle: Handle, plan: Plan) -> Iterator[dict[str, Tensor]]:
    with house.lend(handle, plan) as thing:
        yield thing.tensors()


def copied(house: Residency, handle: Handle, plan: Plan) -> dict[str, Tensor]:
    with tensors(house, handle, plan) as found:
        return {name: tensor.clone() for name, tensor in found.items()}


def same(first: dict[str, Tensor], second: dict[str, Tensor]) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def difference(folder: Path, name: str, *layers: str) -> Path:
    """A file that adds ones to the biases of these layers."""
    path = folder / f"{name}.safetensors"
    save_file({f"unet.{layer}.diff_b": torch.ones(WIDTH) for layer in layers}, path, {"name": name})
    return path


def with_lora(model: ModelHandle, path: Path, strength: float) -> ModelHandle:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    found, _ = lora.attached(path, digest, model, None, strength, 0.0)
    assert found is not None
    return found


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    return difference(tmp_path, "wide", FIRST, SECOND)


@pytest.fixture
def narrow(tmp_path: Path) -> Path:
    return difference(tmp_path, "narrow", FIRST)


def test_removing_a_patch_gives_the_model_back_bit_for_bit(
    house: Residency, emoji: Checkpoint, plan: Plan, wide: Path, reads: list[str]
) -> None:
    before = copied(house, emoji.model, plan)
    patched = copied(house, with_lora(emoji.model, wide, 0.7), plan)
    assert not same(before, patched)
    assert same(copied(house, emoji.model, plan), before)
    assert same(copied(house, with_lora(emoji.model, wide, 0.7), plan), patched)
    assert reads == ["unet"], "the model's file was read once"


def test_many_switches_read_the_model_once_and_do_not_drift(
    house: Residency, emoji: Checkpoint, plan: Plan, wide: Path, reads: list[str]
) -> None:
    before = copied(house, emoji.model, plan)
    for step in range(12):
        strength = 0.1 * step - 0.55
        with tensors(house, with_lora(emoji.model, wide, strength), plan) as found:
            name = f"{FIRST}.bias"
            assert torch.equal(found[name], before[name] + torch.tensor(strength) * 1.0)
    assert same(copied(house, emoji.model, plan), before)
    assert reads == ["unet"]


def test_a_strength_of_zero_changes_no_bit(
    house: Residency, emoji: Checkpoint, plan: Plan, wide: Path
) -> None:
    patch = Patch("lora", "z", (("strength", 0.0),), str(wide))
    assert same(copied(house, emoji.model.patched(patch), plan), copied(house, emoji.model, plan))


def test_only_what_differs_is_made_anew(
    house: Residency, emoji: Checkpoint, plan: Plan, wide: Path, narrow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    make = variant._made
    monkeypatch.setattr(variant, "_made", lambda *given: made.append(1) or make(*given))
    first = with_lora(emoji.model, wide, 1.0)
    with tensors(house, first, plan):
        pass
    assert len(made) == 2
    both = with_lora(first, narrow, 0.5)
    with tensors(house, both, plan) as found, tensors(house, emoji.model, plan) as pristine:
        assert torch.equal(found[f"{FIRST}.bias"], pristine[f"{FIRST}.bias"] + 1 + 0.5)
        assert torch.equal(found[f"{SECOND}.bias"], pristine[f"{SECOND}.bias"] + 1)
    assert len(made) == 3, "the second layer is as it was in the first variant"


def test_patches_are_applied_in_their_order(
    house: Residency, emoji: Checkpoint, plan: Plan, tmp_path: Path
) -> None:
    lengths = torch.full((WIDTH, 1, 1, 1), 2.0)
    up, down = torch.ones(WIDTH, 1, 1, 1), torch.ones(1, 4, 3, 3)
    paths = []
    for name, parts in (("plain", {}), ("dora", {"unet.conv_in.dora_scale": lengths})):
        paths.append(tmp_path / f"{name}.safetensors")
        given = {"unet.conv_in.lora_up.weight": up, "unet.conv_in.lora_down.weight": down}
        save_file(given | parts, paths[-1])
    plain, dora = paths
    last = with_lora(with_lora(emoji.model, plain, 1.0), dora, 1.0)
    first = with_lora(with_lora(emoji.model, dora, 1.0), plain, 1.0)
    with tensors(house, last, plan) as found:
        assert found["conv_in.weight"].flatten(1).norm(dim=1).allclose(torch.tensor(2.0))
    with tensors(house, first, plan) as found:
        assert not found["conv_in.weight"].flatten(1).norm(dim=1).allclose(torch.tensor(2.0), atol=0.1)


def test_a_variant_shares_its_base_and_is_accounted_with_what_is_its_own(
    house: Residency, emoji: Checkpoint, plan: Plan, wide: Path
) -> None:
    with tensors(house, emoji.model, plan) as before:
        alone = house.used("cpu")
        with tensors(house, with_lora(emoji.model, wide, 0.7), plan) as after:
            own = [name for name in after if after[name].data_ptr() != before[name].data_ptr()]
            assert own == [f"{FIRST}.bias", f"{SECOND}.bias"]
            assert house.used("cpu") == alone + OWN
        with tensors(house, with_lora(emoji.model, wide, 0.8), plan):
            assert house.used("cpu") == alone + OWN, "an idle sibling has made room"
    assert house.release() == alone + OWN
    assert house.used("cpu") == 0


def test_a_variant_and_its_base_are_lent_side_by_side(
    house: Residency, emoji: Checkpoint, plan: Plan, wide: Path
) -> None:
    x, timestep, context = torch.randn(1, 4, 8, 8), torch.tensor([500.0]), torch.randn(1, 3, 128)
    with house.lend(emoji.model, plan) as plain:
        expected = plain(x, timestep, context)
        with house.lend(with_lora(emoji.model, wide, 0.7), plan) as patched:
            assert not torch.equal(patched(x, timestep, context), expected)
            assert torch.equal(plain(x, timestep, context), expected)


def test_a_base_stays_while_its_variant_is_lent_and_takes_idle_ones_along(
    emoji: Checkpoint, plan: Plan, wide: Path
) -> None:
    house = Residency()
    patched = with_lora(emoji.model, wide, 0.7)
    with house.lend(patched, plan):
        used = house.used("cpu")
        assert house.release() == 0
        assert house.used("cpu") == used
    vae = emoji.vae
    assert vae is not None
    house.budgets["cpu"] = used + 100
    with house.lend(vae, plan):
        assert house.used("cpu") < used
    with house.lend(patched, plan):
        assert house.used("cpu") == used


def test_a_variant_that_does_not_fit_beside_its_base_is_refused_with_sizes(
    emoji: Checkpoint, plan: Plan, wide: Path
) -> None:
    house = Residency()
    with house.lend(emoji.model, plan):
        house.budgets["cpu"] = house.used("cpu") + OWN - 1
    with (
        pytest.raises(DeviceMemoryError, match="more on cpu") as caught,
        house.lend(with_lora(emoji.model, wide, 0.7), plan),
    ):
        pass
    assert (caught.value.needed, caught.value.available) == (OWN, OWN - 1)
    with house.lend(emoji.model, plan):
        pass


def test_where_both_do_not_fit_the_pristine_model_is_kept_beside_the_cpu(
    emoji: Checkpoint, plan: Plan, wide: Path, narrow: Path, reads: list[str]
) -> None:
    card = Plan(device="cpu:0", threads=1)  # a device of its own to the accounts
    first, second = with_lora(emoji.model, wide, 0.7), with_lora(emoji.model, wide, 0.8)
    house = Residency({"cpu": 10**9, "cpu:0": 10**9})
    expected = copied(house, first, plan)
    size = house.used("cpu") - OWN
    house.release()
    house.budgets["cpu:0"] = size + OWN - 1
    reads.clear()
    assert same(copied(house, first, card), expected)
    assert (house.used("cpu"), house.used("cpu:0")) == (size, size)
    assert reads == ["unet", "unet"], "once to the device, once beside it"
    with tensors(house, second, card) as found:
        assert not torch.equal(found[f"{FIRST}.bias"], expected[f"{FIRST}.bias"])
        assert house.used("cpu:0") == size
    assert same(copied(house, first, card), expected)
    assert reads == ["unet", "unet"], "a change of strength reads nothing"
    assert house.release("cpu") == 2 * size, "a variant does not outlive its base"
    assert house.used("cpu:0") == 0


def test_threads_that_switch_patches_each_see_their_own(
    emoji: Checkpoint, plan: Plan, wide: Path, narrow: Path
) -> None:
    house = Residency({"cpu": 10**9})
    first, second = with_lora(emoji.model, wide, 1.0), with_lora(emoji.model, narrow, 2.0)
    moves = {
        emoji.model: 0.0,
        first: 1.0,
        second: 2.0,
        merge.mixed(first, second, 0.5, 0.5): 1.5,
        merge.mixed(second, first, 0.0, 1.0): 1.0,
    }
    with tensors(house, emoji.model, plan) as found:
        pristine = found[f"{FIRST}.bias"].clone()
    wrong: list[str] = []

    def work(turn: int) -> None:
        for step in range(10):
            handle, moved = list(moves.items())[(turn + step * (turn + 1)) % len(moves)]
            with tensors(house, handle, plan) as found:
                if not torch.allclose(found[f"{FIRST}.bias"], pristine + moved, atol=1e-5):
                    wrong.append(handle.key)

    threads = [threading.Thread(target=work, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    assert wrong == []
    assert house.used("cpu") == house.release(), "nothing stayed pinned"
    assert house.used("cpu") == 0


class StopAt:
    """A watch that stops at the nth question."""

    def __init__(self, count: int) -> None:
        self.left = count

    def check(self) -> None:
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt

    def progress(self, done: int, total: int, preview: object = None) -> None: ...


def test_patching_can_be_stopped_and_leaves_nothing(
    house: Residency, emoji: Checkpoint, plan: Plan, wide: Path
) -> None:
    patched = with_lora(emoji.model, wide, 0.7)
    with house.lend(emoji.model, plan):
        alone = house.used("cpu")
    asked = StopAt(1000)
    with house.lend(patched, plan, asked):
        pass
    house.release()
    with house.lend(emoji.model, plan):
        pass
    with pytest.raises(KeyboardInterrupt), house.lend(patched, plan, StopAt(1000 - asked.left)):
        pass
    assert house.used("cpu") == alone
    assert house.release() == alone, "nothing stayed pinned"


def test_patches_are_computed_in_fp32_and_rounded_once(
    house: Residency, emoji: Checkpoint, wide: Path
) -> None:
    plan = Plan(dtype="bf16", threads=1)
    before = copied(house, emoji.model, plan)
    with tensors(house, with_lora(emoji.model, wide, 0.7), plan) as found:
        name = f"{FIRST}.bias"
        assert found[name].dtype == torch.bfloat16
        assert torch.equal(found[name], (before[name].float() + torch.tensor(0.7)).bfloat16())


def test_a_patched_text_encoder_encodes_otherwise(emoji: Checkpoint, plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "text.safetensors"
    layer = "lora_te_text_model_encoder_layers_0_mlp_fc2"
    save_file({f"{layer}.diff_b": torch.ones(WIDTH)}, path)
    _, clip = lora.attached(path, "t", None, emoji.clip, 0.0, 1.0)
    assert clip is not None
    assert emoji.clip is not None
    plain, changed = (text.encode(one, "an apple", plan=plan)[0][0] for one in (emoji.clip, clip))
    assert not torch.equal(plain, changed)
    assert torch.equal(plain, text.encode(emoji.clip, "an apple", plan=plan)[0][0])


def test_a_vae_takes_no_adapters(house: Residency, emoji: Checkpoint, plan: Plan, wide: Path) -> None:
    assert emoji.vae is not None
    patched = emoji.vae.patched(Patch("lora", "v", (("strength", 1.0),), str(wide)))
    with pytest.raises(UnsupportedError, match="'lora'"), house.lend(patched, plan):
        pass


def test_a_patched_handle_from_disk_stands_for_the_same(
    house: Residency, emoji: Checkpoint, plan: Plan, wide: Path
) -> None:
    patched = with_lora(emoji.model, wide, 0.7)
    found = ModelHandle.from_tree(json.loads(json.dumps(patched.to_tree())))
    with house.lend(patched, plan) as first, house.lend(found, plan) as second:
        assert first is second
