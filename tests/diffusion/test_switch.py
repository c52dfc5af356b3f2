"""LoRAs that belong to conditionings: each acts where and when its own speaks, and leaves nothing behind.

Expected pictures come from a loop of the test's own, over copies of the network into which the test merges
the weights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import ControlNetModel, UNet2DConditionModel
from safetensors.torch import save_file
from torch import Tensor

from safelight.core.checkpoint import DiskCheckpoint
from safelight.core.waypoint import Waypoints
from safelight.diffusion import (
    conditioning,
    control,
    family,
    hook,
    lora,
    overlay,
    residency,
    sampling,
    steering,
    switch,
    variant,
)
from safelight.diffusion.attachment import attached, filling
from safelight.diffusion.entry import prepare
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.handle import ControlNetHandle, ModelHandle, Source
from safelight.diffusion.hook import Hooks
from safelight.diffusion.ingredient import GuiderHandle, NoiseHandle, SamplerHandle
from safelight.diffusion.keyframe import Keyframe, Keyframes, spread
from safelight.diffusion.latent import LatentFormat
from safelight.diffusion.network import Unet
from safelight.diffusion.plan import Plan
from safelight.diffusion.residency import Residency
from safelight.diffusion.run import start
from safelight.diffusion.sampling import sample, sample_custom, schedule
from safelight.diffusion.schedule import normal
from safelight.diffusion.sigma import DiscreteSampling
from safelight.tensor import storing

PLAN = Plan(threads=1)
STEPS, CFG, WIDTH = 4, 3.0, 8
EMPTY = {"samples": torch.zeros(1, 4, 8, 8)}
LAYERS = ("down_blocks.0.resnets.0.conv1", "mid_block.resnets.0.conv2")
LEFT = torch.zeros(1, 64, 64)
LEFT[..., :32] = 1.0
FADE = Keyframes((Keyframe(1.0), Keyframe(0.5, 0.3), Keyframe(0.0, 0.7)))


TINY = {
    "sample_size": 8,
    "block_out_channels": (16, 32),
    "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
    "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
    "layers_per_block": 1,
    "cross_attention_dim": WIDTH,
    "attention_head_dim": 2,
    "norm_num_groups": 4,
}
STEERING = {name: TINY[name] for name in TINY if name not in ("sample_size", "up_block_types")}


def random(module: Any, seed: int) -> Any:
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in module.parameters():
            weight.copy_(torch.randn(weight.shape, generator=generator) * 0.2)
    return module.eval().requires_grad_(False)


def loaded(handle: Any, plan: Plan, _check: Any) -> Any:
    if handle.source.part == "control_net":
        net = ControlNetModel(**STEERING, conditioning_embedding_out_channels=(16, 16, 32, 32))
        return steering.ControlNetwork(random(net, 2), plan)
    unet = random(UNet2DConditionModel(**TINY), 1)
    return Unet(unet, LatentFormat(), DiscreteSampling.scaled_linear(), plan)


@pytest.fixture(scope="module")
def model() -> Iterator[Any]:
    """A very small UNet with random weights."""
    family.register("tiny", loaded, lambda _handle, _plan: 1_000_000)
    yield ModelHandle(Source("", "tiny", "tiny", "original", "unet"))
    residency.release()
    family._registered.pop("tiny")


@pytest.fixture(scope="module")
def deltas(model: Any) -> dict[str, dict[str, Tensor]]:
    """What two LoRAs add to the weights of two layers."""
    with residency.lend(model, PLAN) as network:
        shapes = {layer: network.tensors()[f"{layer}.weight"].shape for layer in LAYERS}
    random = torch.Generator().manual_seed(5)
    return {
        name: {layer: torch.randn(shape, generator=random) * 0.3 for layer, shape in shapes.items()}
        for name in ("a", "b")
    }


@pytest.fixture(scope="module")
def files(deltas: dict[str, dict[str, Tensor]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("loras")
    for name, layers in deltas.items():
        save_file(
            {f"unet.{layer}.diff": delta for layer, delta in layers.items()}, folder / f"{name}.safetensors"
        )
    return {name: folder / f"{name}.safetensors" for name in deltas}


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[Residency]:
    """A residency of the test's own, with the model in it."""
    made = Residency({"cpu": 4_000_000_000})
    for module in (switch, sampling):
        monkeypatch.setattr(module, "lend", made.lend)
    yield made
    assert not [one for one in made._residents.values() if one.pins], "everything was given back"


def of(files: dict[str, Path], name: str, strength: float = 1.0) -> Hooks:
    return Hooks().added(hook.of_lora(files[name], digest(files[name]), strength, 0.0))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def prompt(seed: int) -> list[Any]:
    return [[torch.randn(1, 5, WIDTH, generator=torch.Generator().manual_seed(seed)), {}]]


def ran(model: Any, positive: Any, negative: Any = None, **changes: Any) -> Tensor:
    settings = {"seed": 3, "steps": STEPS, "cfg": CFG, "sampler_name": "euler", "scheduler": "normal"}
    negative = prompt(2) if negative is None else negative
    return sample(model, EMPTY, positive, negative, plan=PLAN, **(settings | changes))["samples"]


def with_lora(model: Any, path: Path, strength: float) -> Any:
    return lora.attached(path, digest(path), model, None, strength, 0.0)[0]


def merged(network: Unet, *parts: tuple[dict[str, Tensor], float]) -> Any:
    """A copy of a UNet with so much of each LoRA in its weights."""
    module = UNet2DConditionModel(**TINY).requires_grad_(False).eval()
    module.load_state_dict(network.module.state_dict())
    for layers, strength in parts:
        for layer, delta in layers.items():
            module.get_submodule(layer).weight.add_(delta, alpha=strength)
    return module


def euler(model: Any, denoised: Callable[[Unet, Tensor, float, int], Tensor]) -> Tensor:
    """Euler's method on what a function expects at each step, as KSampler begins and ends it."""
    with residency.lend(model, PLAN) as network, torch.no_grad():
        sigmas = normal(network.sampling, STEPS)
        x = torch.randn(EMPTY["samples"].shape, generator=torch.Generator().manual_seed(3))
        x = start(network.sampling, torch.zeros_like(x), x, float(sigmas[0]))
        for step in range(STEPS):
            level = float(sigmas[step])
            slope = (x - denoised(network, x, level, step)) / level
            x = x + slope * float(sigmas[step + 1] - sigmas[step])
        return network.latent.process_out(x)


def expected_x0(network: Unet, module: Any, x: Tensor, level: float, told: Tensor) -> Tensor:
    """What a UNet of epsilon prediction expects behind x."""
    timestep = torch.full((1,), float(network.sampling.timestep(level)))
    scaling = network.sampling.scaling(level)
    raw = module(x * scaling.in_, timestep, told, return_dict=False)[0]
    return x * scaling.skip + raw * scaling.out


@pytest.mark.parametrize(
    "frames", [Keyframes(), Keyframes((Keyframe(1.0),)), Keyframes(spread([1.0] * 3, 0, 1))]
)
def test_a_constant_hook_on_all_conditionings_is_the_lora_bit_for_bit(
    model: Any, files: dict[str, Path], frames: Keyframes
) -> None:
    hooks = of(files, "a", 0.8).scheduled(frames)
    made = ran(model, attached(prompt(1), hooks=hooks), attached(prompt(2), hooks=hooks))
    assert torch.equal(made, ran(with_lora(model, files["a"], 0.8), prompt(1)))
    assert not torch.equal(made, ran(model, prompt(1)))


def test_a_strength_of_zero_is_no_lora_bit_for_bit(model: Any, files: dict[str, Path]) -> None:
    plain = ran(model, prompt(1))
    silent = [of(files, "a", 0.0), of(files, "a").scheduled(Keyframes((Keyframe(0.0),))), Hooks()]
    for hooks in silent:
        assert torch.equal(ran(model, attached(prompt(1), hooks=hooks)), plain)


def test_two_loras_act_in_two_areas_and_one_fades(
    model: Any, files: dict[str, Path], deltas: dict[str, dict[str, Tensor]]
) -> None:
    fading, steady = of(files, "a").scheduled(FADE), of(files, "b", 0.6)
    positive = conditioning.combine(
        attached(prompt(1), hooks=fading, mask=LEFT, strength=2.0),
        attached(prompt(4), hooks=steady, mask=1 - LEFT),
    )
    left = torch.zeros(1, 1, 8, 8)
    left[..., :4] = 1.0

    def denoised(network: Unet, x: Tensor, level: float, step: int) -> Tensor:
        strength = (1.0, 0.5, 0.5, 0.0)[step]
        one = expected_x0(network, merged(network, (deltas["a"], strength)), x, level, prompt(1)[0][0])
        two = expected_x0(network, merged(network, (deltas["b"], 0.6)), x, level, prompt(4)[0][0])
        toward = (one * left * 2.0 + two * (1 - left)) / (left * 2.0 + 1 - left)
        away = expected_x0(network, network.module, x, level, prompt(2)[0][0])
        return away + (toward - away) * CFG

    made, expected = ran(model, positive), euler(model, denoised)
    assert (made - expected).abs().max() < 1e-4 * expected.abs().max()
    unhooked = [[tensor, {**options, "hooks": Hooks()}] for tensor, options in positive[1:]]
    assert (made - ran(model, [*positive[:1], *unhooked])).abs().max() > 0.01, "the second LoRA is seen"
    assert (made - ran(model, attached(positive, hooks=fading))).abs().max() > 0.01, "it acts in its own area"


def test_hooks_add_up_in_the_order_of_loras(model: Any, files: dict[str, Path]) -> None:
    both = of(files, "a", 0.5).combined(of(files, "b"))
    made = ran(model, attached(prompt(1), hooks=both), attached(prompt(2), hooks=both))
    chained = with_lora(with_lora(model, files["a"], 0.5), files["b"], 1.0)
    assert torch.equal(made, ran(chained, prompt(1)))
    twice = of(files, "a").added(of(files, "a").hooks[0])
    loaded = with_lora(with_lora(model, files["a"], 1.0), files["a"], 1.0)
    made = ran(model, attached(prompt(1), hooks=twice), attached(prompt(2), hooks=twice))
    assert torch.equal(made, ran(loaded, prompt(1)))


def test_a_hook_stands_on_top_of_the_loras_of_the_model(model: Any, files: dict[str, Path]) -> None:
    base = with_lora(model, files["b"], 0.7)
    hooks = of(files, "a")
    made = ran(base, attached(prompt(1), hooks=hooks), attached(prompt(2), hooks=hooks))
    assert torch.equal(made, ran(with_lora(base, files["a"], 1.0), prompt(1)))


def test_one_run_after_another_leaves_nothing_behind(
    model: Any, files: dict[str, Path], house: Residency
) -> None:
    plain = ran(model, prompt(1))
    hooked = ran(model, attached(prompt(1), hooks=of(files, "a").scheduled(FADE)))
    assert not torch.equal(hooked, plain)
    assert torch.equal(ran(model, prompt(1)), plain)
    assert torch.equal(ran(model, attached(prompt(1), hooks=of(files, "a").scheduled(FADE))), hooked)


class Stopping:
    """A watch that stops a run after so many steps."""

    def __init__(self, after: int) -> None:
        self.after, self.done = after, 0

    def check(self) -> None:
        if self.done >= self.after:
            raise InterruptedError

    def progress(self, done: int, total: int, preview: Tensor | None = None) -> None:
        self.done = done


def test_a_run_that_is_stopped_gives_its_weights_back_and_goes_on_bit_for_bit(
    model: Any, files: dict[str, Path], house: Residency, tmp_path: Path
) -> None:
    positive = conditioning.combine(
        attached(prompt(1), hooks=of(files, "a").scheduled(FADE), mask=LEFT),
        attached(prompt(4), hooks=of(files, "b"), mask=1 - LEFT),
    )
    how = {"sampler_name": "euler_ancestral"}
    plain, whole = ran(model, prompt(1)), ran(model, positive, **how)
    for after in (1, 2, 3):
        kept = DiskCheckpoint(tmp_path / str(after), b"key", storing())
        kept.due = lambda: True  # type: ignore[method-assign]
        with pytest.raises(InterruptedError):
            ran(model, positive, watch=Stopping(after), checkpoint=kept, **how)
        assert not [one for one in house._residents.values() if one.pins]
        assert torch.equal(ran(model, positive, checkpoint=kept, **how), whole)
        assert kept.taken_up == (after, STEPS)
    assert torch.equal(ran(model, prompt(1)), plain)
    other = conditioning.combine(positive[:1], attached(positive[1:], hooks=of(files, "a")))
    again = DiskCheckpoint(tmp_path / "3", b"key", storing())
    ran(model, other, checkpoint=again, **how)
    assert again.taken_up is None, "other hooks are another run"


def test_a_strength_that_differs_late_reuses_what_was_before(
    model: Any, files: dict[str, Path], tmp_path: Path
) -> None:
    def kept(positive: Any) -> tuple[Tensor, tuple[int, int] | None]:
        made = DiskCheckpoint(tmp_path / "half", b"key", storing(), Waypoints(tmp_path / "ways", storing()))
        made.due = lambda: False  # type: ignore[method-assign]
        return ran(model, positive, checkpoint=made, sampler_name="euler_ancestral"), made.began

    def faded(last: float, start: float = 0.7) -> Any:
        frames = Keyframes((Keyframe(1.0), Keyframe(last, start)))
        return attached(prompt(1), hooks=of(files, "a").scheduled(frames))

    first, began = kept(faded(0.0))
    assert began is None
    second, began = kept(faded(0.5))
    assert began == (3, STEPS)
    assert torch.equal(second, ran(model, faded(0.5), sampler_name="euler_ancestral"))
    assert not torch.equal(first, second)
    assert kept(faded(0.5, 0.2))[1] != (3, STEPS), "it holds earlier here"
    assert kept(attached(prompt(1), hooks=of(files, "b")))[1] is None


def test_constant_hooks_are_patched_once_in_a_run_and_a_fade_patches_its_own_layers(
    model: Any, files: dict[str, Path], house: Residency, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    make = variant._made
    monkeypatch.setattr(variant, "_made", lambda *given: made.append(1) or make(*given))
    steady = [attached(prompt(seed), hooks=of(files, name), mask=LEFT) for seed, name in ((1, "a"), (4, "b"))]
    ran(model, conditioning.combine(*steady))
    assert len(made) == 2 * len(LAYERS)
    made.clear()
    fading = attached(prompt(5), hooks=of(files, "a", 0.9).scheduled(FADE), mask=LEFT)
    ran(model, conditioning.combine(fading, steady[1]))
    assert len(made) == 3 * len(LAYERS), "two strengths of the one, and the other"


def test_where_memory_has_room_for_one_they_take_turns(
    model: Any, files: dict[str, Path], house: Residency
) -> None:
    positive = conditioning.combine(
        attached(prompt(1), hooks=of(files, "a"), mask=LEFT),
        attached(prompt(4), hooks=of(files, "b"), mask=1 - LEFT),
    )
    expected = ran(model, positive)
    with house.lend(model, PLAN) as network:
        own = sum(network.tensors()[f"{layer}.weight"].nbytes for layer in LAYERS)
    house.release()
    with house.lend(model, PLAN):
        house.budgets["cpu"] = house.used("cpu") + own * 3 // 2
    assert torch.equal(ran(model, positive), expected)


def test_areas_are_answered_by_the_other_side_under_the_same_lora(model: Any, files: dict[str, Path]) -> None:
    where = {"width": 32, "height": 64, "x": 0, "y": 0, "strength": 1.0}
    area = conditioning.set_area(attached(prompt(1), hooks=of(files, "a")), **where)
    background = attached(prompt(4), hooks=Hooks())
    positive, negative = conditioning.combine(background, area), prompt(2)
    with residency.lend(model, PLAN) as network:
        ready = prepare(
            network, EMPTY["samples"], {"positive": positive, "negative": negative}, None, torch.ones(2)
        )
    hooked = [bool(entry.patches(1.0)) for side in ready for entry in side]
    assert hooked == [False, True, False, True]
    assert ran(model, positive, negative).isfinite().all()


def test_a_default_speaks_where_nobody_else_does(model: Any, files: dict[str, Path]) -> None:
    hooks = of(files, "b")
    shared = attached(prompt(1), mask=LEFT, strength=0.25)
    made = ran(model, conditioning.combine(shared, filling(attached(prompt(4), hooks=hooks))))
    by_hand = attached(prompt(4), hooks=hooks, mask=1 - 0.25 * LEFT)
    assert torch.equal(made, ran(model, conditioning.combine(shared, by_hand)))
    alone = ran(model, filling(prompt(4)))
    assert torch.equal(alone, ran(model, prompt(4)))
    covered = conditioning.combine(prompt(1), filling(prompt(4)))
    assert torch.equal(ran(model, covered), ran(model, prompt(1)))


def test_guidance_that_perturbs_the_network_perturbs_that_of_a_hook(
    model: Any, files: dict[str, Path]
) -> None:
    model = overlay.guided(model, "perturbed", amount=2.0, perturbation="identity", start=0.0, end=1.0)
    hooks = of(files, "a")
    made = ran(model, attached(prompt(1), hooks=hooks), attached(prompt(2), hooks=hooks))
    assert torch.equal(made, ran(with_lora(model, files["a"], 1.0), prompt(1)))


def test_a_controlnet_steers_each_under_its_own_lora(
    model: Any, files: dict[str, Path], deltas: dict[str, dict[str, Tensor]]
) -> None:
    net = ControlNetHandle(Source("", "net", "tiny", "original", "control_net"))
    picture = torch.rand(1, 64, 64, 3, generator=torch.Generator().manual_seed(8))
    told = control.steer(attached(prompt(1), hooks=of(files, "a")), net, picture, 0.9)

    def denoised(network: Unet, x: Tensor, level: float, _step: int) -> Tensor:
        scaling = network.sampling.scaling(level)
        timestep = torch.full((1,), float(network.sampling.timestep(level)))
        with residency.lend(net, PLAN) as steer:
            skips, middle = steer.module(
                x * scaling.in_,
                timestep,
                prompt(1)[0][0],
                controlnet_cond=picture.movedim(-1, 1),
                conditioning_scale=0.9,
                return_dict=False,
            )
        module = merged(network, (deltas["a"], 1.0))
        added = {"down_block_additional_residuals": skips, "mid_block_additional_residual": middle}
        toward = expected_x0(network, partial(module, **added), x, level, prompt(1)[0][0])
        away = expected_x0(network, network.module, x, level, prompt(2)[0][0])
        return away + (toward - away) * CFG

    made, expected = ran(model, told), euler(model, denoised)
    assert (made - expected).abs().max() < 1e-4 * expected.abs().max()


def test_hooks_work_with_custom_sampling(model: Any, files: dict[str, Path]) -> None:
    hooks = of(files, "a").scheduled(FADE)
    told = attached(prompt(1), hooks=hooks)
    guider = GuiderHandle("cfg", model, {"positive": told, "negative": prompt(2)}, (("cfg", CFG),))
    sigmas = schedule(model, "normal", STEPS, plan=PLAN)
    made = sample_custom(guider, NoiseHandle(3), SamplerHandle("euler"), sigmas, EMPTY, plan=PLAN)
    assert torch.equal(made.output["samples"], ran(model, told))


@pytest.mark.parametrize(
    ("told", "words"),
    [({"hooks": ["a plugin's"]}, "of a kind that is not known"), ({"hooks": None}, "")],
)
def test_hooks_that_cannot_be_applied_are_refused(model: Any, told: dict[str, Any], words: str) -> None:
    positive = [[prompt(1)[0][0], told]]
    if not words:
        assert ran(model, positive).isfinite().all()
        return
    with pytest.raises(UnsupportedError, match=words):
        ran(model, positive)


def test_who_cannot_change_weights_refuses_hooks(model: Any, files: dict[str, Path]) -> None:
    told = attached(prompt(1), hooks=of(files, "a"))
    with (
        residency.lend(model, PLAN) as network,
        pytest.raises(UnsupportedError, match="cannot change weights"),
    ):
        prepare(network, EMPTY["samples"], {"positive": told})
