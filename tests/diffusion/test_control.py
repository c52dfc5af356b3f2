"""Steering a run: what conditionings say of it, when it acts, and what it adds up to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import ControlNetModel, T2IAdapter, UNet2DConditionModel
from safetensors.torch import save_file
from torch import Tensor, nn

from safelight.core.store.disk import DiskStore
from safelight.core.store.record import Record
from safelight.diffusion import conditioning, control, controlnet, residency
from safelight.diffusion.control import Control, Steering
from safelight.diffusion.denoiser import Denoiser, _grouped
from safelight.diffusion.entry import prepare
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.handle import ControlNetHandle
from safelight.diffusion.latent import LatentFormat
from safelight.diffusion.network import Unet
from safelight.diffusion.plan import Plan
from safelight.diffusion.resize import resize
from safelight.diffusion.sigma import DiscreteSampling
from safelight.diffusion.single import definition
from safelight.diffusion.trajectory import fingerprint
from safelight.tensor import storing

PLAN = Plan(threads=1)
SD = DiscreteSampling.scaled_linear()
WIDTHS = [32, 64, 64, 64]
LATENT = torch.zeros(2, 4, 8, 16)
PICTURES = torch.rand(2, 30, 40, 3, generator=torch.Generator().manual_seed(3))


def random(module: nn.Module, seed: int) -> Any:
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in module.parameters():
            weight.copy_(torch.randn(weight.shape, generator=generator) * 0.05)
    return module.eval()


def prompt(seed: int) -> list[Any]:
    return [[torch.randn(1, 7, 768, generator=torch.Generator().manual_seed(seed)), {}]]


@pytest.fixture(scope="module")
def unet() -> Iterator[Unet]:
    module = UNet2DConditionModel(**definition("sd15")["unet"] | {"block_out_channels": WIDTHS})
    yield Unet(random(module, 1).requires_grad_(False), LatentFormat(), SD, PLAN)
    residency.release()


@pytest.fixture(scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ControlNetHandle]:
    """Two ControlNets and an adapter."""
    folder = tmp_path_factory.mktemp("nets")
    hint = (4, 8, 8, 16)
    one, two = (
        random(
            ControlNetModel(
                block_out_channels=WIDTHS, cross_attention_dim=768, conditioning_embedding_out_channels=hint
            ),
            seed,
        )
        for seed in (2, 3)
    )
    made: dict[str, nn.Module] = {"one": one, "two": two, "adapter": random(T2IAdapter(channels=WIDTHS), 4)}
    handles = {}
    for name, module in made.items():
        path = folder / f"{name}.safetensors"
        save_file(module.state_dict(), path)
        handles[name] = controlnet.load(path, f"{name} {path}")
    return handles


def said(unet: Unet, controls: tuple[Control, ...], rows: int = 2) -> Tensor:
    """What the UNet says of two noisy latents under these controls."""
    generator = torch.Generator().manual_seed(9)
    x, context = torch.randn(2, 4, 8, 16, generator=generator), torch.randn(2, 7, 768, generator=generator)
    told: dict[str, Any] = {"steering": Steering(controls, rows)} if controls else {}
    return unet(x, torch.tensor([500.0, 500.0]), context, **told)


def controls(
    unet: Unet, handle: ControlNetHandle, image: Tensor, strength: float = 1.0
) -> tuple[Control, ...]:
    steered = control.steer(prompt(1), handle, image, strength)
    return control.prepare(steered[0][1], unet, {})


def direct(unet: Unet, nets: dict[str, ControlNetHandle], *parts: tuple[str, float]) -> dict[str, Any]:
    """What diffusers' own modules say of the first picture at its right size, as diffusers' UNet takes it."""
    generator = torch.Generator().manual_seed(9)
    x, context = torch.randn(2, 4, 8, 16, generator=generator), torch.randn(2, 7, 768, generator=generator)
    hint = resize(PICTURES[:1].movedim(-1, 1), 128, 64, "nearest-exact", "center")
    skips, middles, levels = [], [], []
    for name, strength in parts:
        with residency.lend(nets[name], PLAN) as lent:
            if name == "adapter":
                levels.append([level.expand(2, -1, -1, -1) * strength for level in lent.module(hint)])
                continue
            found, middle = lent.module(
                x, torch.tensor([500.0, 500.0]), context, hint, strength, return_dict=False
            )
            skips.append(found)
            middles.append(middle)
    told: dict[str, Any] = {"down_intrablock_additional_residuals": levels[0]} if levels else {}
    if skips:
        told["down_block_additional_residuals"] = [sum(of) for of in zip(*skips, strict=True)]
        told["mid_block_additional_residual"] = sum(middles)
    with torch.no_grad():
        return unet.module(x, torch.tensor([500.0, 500.0]), context, return_dict=False, **told)[0]


@pytest.mark.parametrize(
    "parts",
    [
        [("one", 1.0)],
        [("one", 0.4), ("two", 1.5)],
        [("adapter", 0.8)],
        [("two", 0.5), ("adapter", 2.0), ("one", 1.0)],
    ],
)
def test_what_several_networks_say_is_added_up(
    unet: Unet, nets: dict[str, ControlNetHandle], parts: list[tuple[str, float]]
) -> None:
    steered = prompt(1)
    for name, strength in parts:
        steered = control.steer(steered, nets[name], PICTURES[:1], strength)
    made = said(unet, control.prepare(steered[0][1], unet, {}))
    torch.testing.assert_close(made, direct(unet, nets, *parts), atol=2e-6, rtol=1e-5)
    assert (made - said(unet, ())).abs().max() > 1e-3


@pytest.mark.parametrize("name", ["one", "adapter"])
def test_each_latent_has_its_picture_in_every_entry(
    unet: Unet, nets: dict[str, ControlNetHandle], name: str
) -> None:
    both = said(unet, controls(unet, nets[name], PICTURES))
    for row in range(2):
        alone = said(unet, controls(unet, nets[name], PICTURES[row : row + 1]))
        torch.testing.assert_close(both[row], alone[row], atol=2e-6, rtol=1e-5)
    one_a_row = said(unet, controls(unet, nets[name], PICTURES), rows=1)
    first = said(unet, controls(unet, nets[name], PICTURES[:1]))
    torch.testing.assert_close(one_a_row, first, atol=2e-6, rtol=1e-5)


def test_a_strength_of_zero_leaves_the_conditioning_as_it_was(nets: dict[str, ControlNetHandle]) -> None:
    plain = prompt(1)
    assert control.steer(plain, nets["one"], PICTURES, 0.0) is plain


def test_the_conditioning_that_is_steered_is_not_changed(nets: dict[str, ControlNetHandle]) -> None:
    plain = prompt(1)
    control.steer(plain, nets["one"], PICTURES, 1.0)
    assert plain[0][1] == {}


def test_networks_are_asked_in_the_order_in_which_they_were_applied(
    unet: Unet, nets: dict[str, ControlNetHandle]
) -> None:
    steered = control.steer(control.steer(prompt(1), nets["one"], PICTURES, 0.25), nets["two"], PICTURES, 0.5)
    assert [one.strength for one in control.prepare(steered[0][1], unet, {})] == [0.25, 0.5]


def test_prompts_that_are_steered_alike_share_a_call(unet: Unet, nets: dict[str, ControlNetHandle]) -> None:
    def entries(*handles: ControlNetHandle) -> list[Any]:
        sides = [control.steer(prompt(1), handle, PICTURES.clone(), 1.0) for handle in handles]
        ready = prepare(unet, LATENT, {"positive": sides[0], "negative": sides[1]})
        return list(_grouped([entry for side in ready for entry in side]))

    assert [len(group) for group in entries(nets["one"], nets["one"])] == [2]
    assert [len(group) for group in entries(nets["one"], nets["two"])] == [1, 1]


def test_a_network_steers_within_its_range_only(unet: Unet, nets: dict[str, ControlNetHandle]) -> None:
    steered = control.steer(prompt(1), nets["one"], PICTURES, 1.0, 0.25, 0.75)
    ready = control.prepare(steered[0][1], unet, {})
    start, end = SD.percent_to_sigma(0.25), SD.percent_to_sigma(0.75)
    found = [bool(control.steering(ready, sigma, 2)) for sigma in (start * 1.001, start, end, end * 0.999)]
    assert found == [False, True, True, False]


def test_the_other_side_is_steered_alike_where_that_is_asked_for(nets: dict[str, ControlNetHandle]) -> None:
    positive = control.steer(prompt(1), nets["one"], PICTURES, 1.0, both=True)
    [[_, options]] = control.spread(positive, prompt(2))
    assert options["control"] is positive[0][1]["control"]
    apart = control.steer(prompt(1), nets["one"], PICTURES, 1.0)
    plain = prompt(2)
    assert control.spread(apart, plain) == plain
    steered = control.steer(prompt(2), nets["two"], PICTURES, 1.0)
    assert control.spread(positive, steered) is steered
    area = conditioning.set_area(prompt(2), width=64, height=64, x=0, y=0, strength=1.0)
    assert control.spread(positive, area) is area
    assert "control" not in control.spread(positive, [*area, *prompt(2)])[0][1]


def test_in_an_area_the_picture_is_brought_to_the_areas_size(
    unet: Unet, nets: dict[str, ControlNetHandle]
) -> None:
    seen = []
    with residency.lend(nets["one"], PLAN) as lent:
        hook = lent.module.controlnet_cond_embedding.register_forward_pre_hook(
            lambda _module, given: seen.append(given[0].shape[-2:])
        )
        area = conditioning.set_area(prompt(1), width=64, height=32, x=0, y=0, strength=1.0)
        sides = {"positive": control.steer(area, nets["one"], PICTURES, 1.0), "negative": prompt(2)}
        Denoiser(unet)(LATENT, 3.0, prepare(unet, LATENT, sides))
        hook.remove()
    assert set(seen) == {(32, 64)}


def test_a_run_stops_inside_a_steering_network(unet: Unet, nets: dict[str, ControlNetHandle]) -> None:
    asked, stopped = [], []

    def check() -> None:
        asked.append(1)
        if len(asked) == 5:
            raise KeyboardInterrupt

    with residency.lend(nets["one"], PLAN) as lent:
        hook = lent.module.conv_in.register_forward_hook(lambda *_: stopped.append(1))
        with pytest.raises(KeyboardInterrupt), unet.watch(check):
            said(unet, controls(unet, nets["one"], PICTURES))
        hook.remove()
    assert len(asked) == 5
    assert stopped, "it had begun"


def test_a_network_for_another_family_is_told(unet: Unet, tmp_path: Path) -> None:
    path = tmp_path / "wide.safetensors"
    save_file(T2IAdapter(channels=[32, 64, 96, 96]).state_dict(), path)
    with pytest.raises(UnsupportedError, match="another family"):
        said(unet, controls(unet, controlnet.load(path, "wide"), PICTURES))


def test_what_steers_in_other_programs_ways_is_told(unet: Unet) -> None:
    with pytest.raises(UnsupportedError, match="steered by a str"):
        control.prepare({"control": "a plugin's object"}, unet, {})


def test_a_steered_conditioning_survives_the_disk_and_counts_for_checkpoints(
    nets: dict[str, ControlNetHandle], tmp_path: Path
) -> None:
    steered = control.steer(prompt(1), nets["one"], PICTURES, 0.5, 0.1, 0.9)
    disk = DiskStore(tmp_path / "store", storing())
    assert disk.put(b"k" * 20, Record((steered,))) is None
    found = DiskStore(tmp_path / "store", storing()).get(b"k" * 20)
    assert found is not None
    assert fingerprint(found.outputs[0]) == fingerprint(steered)
    others = [control.steer(prompt(1), nets[name], PICTURES, 0.5, 0.1, 0.9) for name in ("two", "one")]
    others[1][0][1]["control"]["strength"] = 0.6
    assert len({fingerprint(one) for one in (steered, *others)}) == 3
