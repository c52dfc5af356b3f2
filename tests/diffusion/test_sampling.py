from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from bench import standin
from bench.standin import StandIn
from safelight.diffusion import checkpoint, conditioning, residency
from safelight.diffusion import run as runs
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.ingredient import GuiderHandle, NoiseHandle, SamplerHandle
from safelight.diffusion.latent import LatentFormat, set_mask
from safelight.diffusion.names import SAMPLERS
from safelight.diffusion.noise import StreamNoise, start_noise
from safelight.diffusion.plan import Plan
from safelight.diffusion.run import Task, run
from safelight.diffusion.sampling import Settings, levels, sample
from safelight.diffusion.schedule import karras, normal

PLAN = Plan(threads=1)
POSITIVE, NEGATIVE = (
    [[torch.randn(1, 77, 768, generator=torch.Generator().manual_seed(seed)), {}]] for seed in (1, 2)
)
EMPTY = {"samples": torch.zeros(1, 4, 8, 8)}
PICTURE = {"samples": torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(3))}
ONE_BATCH = ["euler", "euler_ancestral", "heun", "dpmpp_2m", "ddim", "dpmpp_2m_sde"]


def ksampler(
    latent: dict[str, Any] = EMPTY, plan: Plan = PLAN, positive: list = POSITIVE, **changes: Any
) -> Tensor:
    settings = {"seed": 42, "steps": 6, "cfg": 7.0, "sampler_name": "euler", "scheduler": "normal"}
    return sample(standin.HANDLE, latent, positive, NEGATIVE, plan=plan, **(settings | changes))["samples"]


def task(latent: dict[str, Any]) -> Task:
    guider = GuiderHandle("basic", standin.HANDLE, {"positive": POSITIVE})
    sigmas = levels(StandIn.sampling, settings())
    return Task(latent, guider, NoiseHandle(1), SamplerHandle("euler"), sigmas)


def settings(**changes: Any) -> Settings:
    return Settings(
        **({"seed": 1, "steps": 6, "cfg": 1.0, "sampler_name": "euler", "scheduler": "normal"} | changes)
    )


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_run_repeated_has_the_same_bits(name: str) -> None:
    assert torch.equal(ksampler(sampler_name=name), ksampler(sampler_name=name))


def test_the_result_is_a_new_latent_with_what_else_the_given_one_held() -> None:
    given = {"samples": torch.zeros(2, 4, 8, 8), "batch_index": [4, 5], "downscale_ratio_spatial": 8}
    result = sample(
        standin.HANDLE, given, POSITIVE, NEGATIVE,
        seed=1, steps=2, cfg=1.0, sampler_name="euler", scheduler="normal", plan=PLAN,
    )  # fmt: skip
    assert set(result) == {"samples", "batch_index"}
    assert not given["samples"].any()
    assert (result["samples"].dtype, result["samples"].device.type) == (torch.float32, "cpu")
    assert not result["samples"].requires_grad


@pytest.mark.parametrize("name", ONE_BATCH)
def test_a_batch_of_four_is_four_single_runs_given_the_same_noise(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Shared(StreamNoise):
        """The noise of one picture of a batch of four."""

        def __init__(self, pictures: list[int]) -> None:
            super().__init__(torch.zeros(4, 4, 8, 8), 11)
            self.pictures = pictures

        def draw(self, sigma: float, after: float) -> Tensor:
            return super().draw(sigma, after)[self.pictures]

    def run(pictures: list[int]) -> Tensor:
        monkeypatch.setattr(runs._Run, "_fresh_noise", lambda _: Shared(pictures))
        latent = {"samples": torch.zeros(len(pictures), 4, 8, 8), "batch_index": pictures}
        return ksampler(latent, sampler_name=name)

    batch = run([0, 1, 2, 3])
    singles = torch.cat([run([picture]) for picture in range(4)])
    assert float((batch - singles).abs().max() / singles.std()) <= 1e-5


@pytest.mark.parametrize("name", [name for name in SAMPLERS if name.endswith("_gpu")])
def test_samplers_that_draw_on_the_device_are_on_a_processor_those_that_do_not(name: str) -> None:
    assert torch.equal(ksampler(sampler_name=name), ksampler(sampler_name=name.removesuffix("_gpu")))


def test_guidance_in_one_batch_and_in_two_agree() -> None:
    apart = ksampler(plan=Plan(threads=1, guidance_batching="apart"))
    torch.testing.assert_close(ksampler(), apart, rtol=1e-5, atol=1e-3)


def test_the_schedule_begins_at_the_highest_level_and_has_the_asked_steps() -> None:
    assert torch.equal(levels(StandIn.sampling, settings()), normal(StandIn.sampling, 6))


def test_a_strength_below_one_walks_the_end_of_a_longer_schedule() -> None:
    partial = levels(StandIn.sampling, settings(denoise=0.6))
    assert torch.equal(partial, normal(StandIn.sampling, 10)[-7:])


def test_samplers_that_skip_the_penultimate_level_keep_the_number_of_steps() -> None:
    sigmas = levels(StandIn.sampling, settings(sampler_name="dpm_2", scheduler="karras"))
    longer = karras(StandIn.sampling, 7)
    assert torch.equal(sigmas, torch.cat([longer[:6], longer[-1:]]))


def test_a_part_of_the_schedule_is_walked_and_ends_in_zero_only_if_forced() -> None:
    whole = normal(StandIn.sampling, 6)
    assert torch.equal(levels(StandIn.sampling, settings(start_step=2, last_step=4)), whole[2:5])
    forced = levels(StandIn.sampling, settings(start_step=2, last_step=4, force_full_denoise=True))
    assert torch.equal(forced, torch.cat([whole[2:4], torch.zeros(1)]))
    beyond = levels(StandIn.sampling, settings(last_step=10_000, force_full_denoise=True))
    assert torch.equal(beyond, whole)


@pytest.mark.parametrize(
    "nothing", [{"denoise": 0.0}, {"start_step": 6}, {"start_step": 9}, {"last_step": 0}]
)
def test_a_run_with_nothing_to_do_gives_back_the_latent(nothing: dict[str, Any]) -> None:
    assert torch.equal(ksampler(PICTURE, **nothing), PICTURE["samples"])


@pytest.mark.parametrize("name", ["euler", "heun"])
def test_two_halves_without_noise_between_them_are_the_whole(name: str) -> None:
    half = ksampler(sampler_name=name, start_step=0, last_step=3)
    rest = ksampler({"samples": half}, sampler_name=name, start_step=3, last_step=10_000, add_noise=False)
    torch.testing.assert_close(rest, ksampler(sampler_name=name), rtol=1e-4, atol=1e-2)


def test_without_added_noise_the_seed_does_not_matter() -> None:
    runs = [ksampler(PICTURE, seed=seed, add_noise=False, start_step=2) for seed in (1, 2)]
    assert torch.equal(*runs)


def test_an_empty_latent_takes_the_channels_and_scale_of_the_model() -> None:
    class Wide(StandIn):
        latent = LatentFormat(channels=16, factor=16)

        def __call__(self, x: Tensor, timestep: Tensor, context: Tensor) -> Tensor:
            return torch.tanh(x)

    def shape(latent: dict[str, Any]) -> tuple[int, ...]:
        return tuple(run(Wide(), task(latent)).output["samples"].shape)

    assert shape({"samples": torch.zeros(2, 4, 16, 8)}) == (2, 16, 8, 4)
    assert shape({"samples": torch.zeros(2, 4, 16, 8), "downscale_ratio_spatial": 16}) == (2, 16, 16, 8)
    assert shape({"samples": torch.ones(2, 16, 8, 4)}) == (2, 16, 8, 4)


def test_what_a_mask_keeps_comes_back_as_it_was() -> None:
    mask = torch.zeros(1, 64, 64)
    mask[:, :, 32:] = 1.0
    result = ksampler(set_mask(PICTURE, mask))
    torch.testing.assert_close(result[..., :4], PICTURE["samples"][..., :4])
    assert float((result - PICTURE["samples"])[..., 4:].abs().min()) > 0


def test_ddim_is_euler_except_that_it_noises_the_kept_part_afresh() -> None:
    mask = torch.zeros(1, 64, 64)
    mask[:, :, 32:] = 1.0
    assert torch.equal(ksampler(PICTURE, sampler_name="ddim"), ksampler(PICTURE))
    assert not torch.equal(
        ksampler(set_mask(PICTURE, mask), sampler_name="ddim"), ksampler(set_mask(PICTURE, mask))
    )


class Kept:
    """A checkpoint that keeps the last state that it is offered."""

    waypoints = None

    def __init__(self) -> None:
        self.digest, self.tree, self.taken_up = "", None, None

    def load(self, digest: str) -> dict[str, Any] | None:
        return self.tree if digest == self.digest else None

    def due(self) -> bool:
        return True

    def save(self, step: int, total: int, digest: str, tree: dict[str, Any]) -> None:
        self.digest, self.tree = digest, tree

    def resumed(self, step: int, total: int) -> None:
        self.taken_up = (step, total)


class Stopped(Exception):
    pass


class StopAt:
    def __init__(self, step: int) -> None:
        self.step, self.done = step, 0

    def check(self) -> None:
        if self.done >= self.step:
            raise Stopped

    def progress(self, done: int, total: int, preview: Tensor | None = None) -> None:
        self.done = done


def interrupted(step: int, **changes: Any) -> Kept:
    kept = Kept()
    with pytest.raises(Stopped):
        ksampler(watch=StopAt(step), checkpoint=kept, **changes)
    return kept


@pytest.mark.parametrize("step", range(1, 6))
@pytest.mark.parametrize("name", SAMPLERS)
def test_an_interrupted_run_is_taken_up_at_its_last_step_with_the_same_bits(name: str, step: int) -> None:
    kept = interrupted(step, sampler_name=name)
    assert kept.tree is not None
    saved = kept.tree["step"]
    assert torch.equal(ksampler(sampler_name=name, checkpoint=kept), ksampler(sampler_name=name))
    assert kept.taken_up == (saved, 6)
    if name not in ("dpm_fast", "dpm_adaptive"):  # whose steps are longer than the schedule's
        assert kept.taken_up == (step, 6)


@pytest.mark.parametrize(
    "change",
    [
        {"cfg": 6.0},
        {"seed": 43},
        {"steps": 7},
        {"scheduler": "karras"},
        {"sampler_name": "dpmpp_2m"},
        {"latent": PICTURE},
        {"plan": Plan(threads=1, guidance_batching="apart")},
    ],
)
def test_a_run_with_anything_changed_starts_over(change: dict[str, Any]) -> None:
    kept = interrupted(3)
    assert torch.equal(ksampler(checkpoint=kept, **change), ksampler(**change))
    assert kept.taken_up is None


def test_a_run_with_another_prompt_starts_over() -> None:
    kept = interrupted(3)
    ksampler(checkpoint=kept, positive=conditioning.set_strength(POSITIVE, 0.5))
    assert kept.taken_up is None


@pytest.mark.parametrize("name", [{"sampler_name": "eular"}, {"scheduler": "karas"}])
def test_a_name_that_is_not_known_is_told_before_the_model_is_read(
    name: dict[str, str], emoji: Checkpoint
) -> None:
    residency.release()
    given = {"seed": 1, "steps": 1, "cfg": 1.0, "sampler_name": "euler", "scheduler": "normal"} | name
    with pytest.raises(UnsupportedError, match="There is no"):
        sample(emoji.model, EMPTY, POSITIVE, NEGATIVE, plan=PLAN, **given)
    assert residency.used("cpu") == 0


@pytest.mark.parametrize("family", ["sd15", "sd2", "sdxl", "sdxl_refiner"])
def test_a_model_of_each_family_is_sampled_alike_in_one_batch_and_in_two(
    family: str, original: Callable[[str], Path]
) -> None:
    model = checkpoint.load(original(family), digest=family).model
    width = {"sd15": 768, "sd2": 1024, "sdxl": 2048, "sdxl_refiner": 1280}[family]
    random = torch.Generator().manual_seed(0)
    prompts = [
        [
            [
                torch.randn(1, tokens, width, generator=random),
                {"pooled_output": torch.randn(1, 1280, generator=random)},
            ]
        ]
        for tokens in (154, 77)
    ]
    together, apart = (
        sample(
            model, {"samples": torch.zeros(2, 4, 8, 8)}, *prompts,
            seed=5, steps=2, cfg=4.0, sampler_name="euler", scheduler="normal",
            plan=Plan(threads=1, guidance_batching=batching),
        )["samples"]
        for batching in ("together", "apart")
    )  # fmt: skip
    assert together.shape == (2, 4, 8, 8)
    assert float((together - apart).abs().max() / apart.std()) < 1e-4


@pytest.mark.parametrize("batching", ["together", "apart"])
def test_the_shipped_model_gives_what_a_bare_loop_over_its_unet_gives(
    emoji: Checkpoint, batching: str
) -> None:
    plan = Plan(threads=1, guidance_batching=batching)
    prompts = [
        [[torch.randn(1, 24, 128, generator=torch.Generator().manual_seed(seed)), {}]] for seed in (1, 2)
    ]
    result = sample(
        emoji.model, {"samples": torch.zeros(2, 4, 8, 8)}, *prompts,
        seed=5, steps=5, cfg=4.0, sampler_name="euler", scheduler="karras", plan=plan,
    )["samples"]  # fmt: skip
    with residency.lend(emoji.model, plan) as network, torch.no_grad():
        expected = bare_euler(network, prompts)
    assert float((result - expected).abs().max() / expected.std()) < 1e-5


def bare_euler(network: Any, prompts: list) -> Tensor:
    """Euler with guidance 4 on v-prediction, written out."""
    sigmas = karras(network.sampling, 5).tolist()
    x = start_noise((2, 4, 8, 8), 5) * (1 + sigmas[0] ** 2) ** 0.5
    for sigma, after in pairwise(sigmas):
        timestep = torch.full((2,), network.sampling.timestep(sigma))
        scaled = x / (1 + sigma**2) ** 0.5
        positive, negative = (
            network.module(scaled, timestep, prompt[0][0].expand(2, -1, -1), return_dict=False)[0]
            for prompt in prompts
        )
        v = negative + 4.0 * (positive - negative)
        x0 = x / (1 + sigma**2) - v * sigma / (1 + sigma**2) ** 0.5
        x = x0 + (x - x0) * after / sigma
    return network.latent.process_out(x)


@pytest.mark.parametrize(
    "samples", [torch.ones(1, 4, 3, 8, 8), torch.zeros(1, 4, 3, 8, 8), torch.ones(4, 8, 8)]
)
def test_a_latent_that_is_not_of_pictures_is_refused(samples: Tensor) -> None:
    with pytest.raises(UnsupportedError, match=f"has {samples.ndim} dimensions"):
        runs.fitted({"samples": samples}, StandIn())
