"""Plans follow from settings and from what the machine is."""

import json

import pytest
import torch

from safelight.diffusion import device, plan
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.plan import Plan


def test_the_default_is_fp32_and_repeats_itself() -> None:
    chosen = plan.choose(device="cpu")
    assert chosen.dtype == "fp32"
    assert chosen == plan.choose(device="cpu")
    assert chosen.threads == device.cores()


@pytest.mark.parametrize(("has", "dtype"), [(True, "bf16"), (False, "fp32")])
def test_fast_is_bf16_only_where_the_hardware_has_it(
    monkeypatch: pytest.MonkeyPatch, has: bool, dtype: str
) -> None:
    monkeypatch.setattr(device, "has_bf16", lambda _: has)
    assert plan.choose("fast", device="cpu").dtype == dtype
    assert plan.choose("auto", device="cpu").dtype == "fp32"


def test_a_plan_is_plain_json() -> None:
    tree = plan.choose(device="cpu").as_tree()
    assert Plan(**json.loads(json.dumps(tree))) == plan.choose(device="cpu")


@pytest.mark.parametrize(
    ("gigabytes", "edge"), [(0.5, 256), (2, 256), (4, 512), (11, 1024), (24, 1024), (64, 2048)]
)
def test_tiles_are_as_large_as_memory_allows(gigabytes: float, edge: int) -> None:
    assert plan.tile_for(int(gigabytes * 1e9)) == edge


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(UnsupportedError, match="half"):
        plan.choose("half")
    with pytest.raises(UnsupportedError, match="cuda:77"):
        plan.choose(device="cuda:77")


def test_applying_a_plan_sets_the_threads() -> None:
    before = torch.get_num_threads()
    plan.apply(Plan(threads=1))
    assert torch.get_num_threads() == 1
    torch.set_num_threads(before)
