"""The nodes of custom sampling, called as the functions that they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from bench import standin
from bench.standin import StandIn
from nodes.advanced.guidance.zero_star import zero_star_guidance
from nodes.experimental.perp_neg_guider import perpendicular_guider
from nodes.model.patch.continuous_edm import set_continuous_sampling
from nodes.model.patch.continuous_v import set_angular_sampling
from nodes.model.patch.discrete import set_discrete_sampling
from nodes.model.patch.flux.sampling import set_flux_sampling
from nodes.model.patch.rescale import rescale_guidance
from nodes.model.patch.stable_diffusion.sampling import set_sd3_sampling
from nodes.model.sampling.custom.advanced import sample_custom_advanced
from nodes.model.sampling.custom.projected import adaptive_projected_guidance
from nodes.model.sampling.custom.sampler import sample_custom
from nodes.model.sampling.guiders.basic import basic_guider
from nodes.model.sampling.guiders.cfg import cfg_guider
from nodes.model.sampling.guiders.course import cfg_course
from nodes.model.sampling.guiders.dual import dual_guider
from nodes.model.sampling.guiders.dual_model import dual_model_guider
from nodes.model.sampling.guiders.override import override_cfg
from nodes.model.sampling.ksampler import ksampler
from nodes.model.sampling.noise.add import add_noise
from nodes.model.sampling.noise.none import no_noise
from nodes.model.sampling.noise.random import random_noise
from nodes.model.sampling.samplers.dpmpp_2m_sde import dpmpp_2m_sde
from nodes.model.sampling.samplers.dpmpp_sde import dpmpp_sde
from nodes.model.sampling.samplers.euler_ancestral import euler_ancestral
from nodes.model.sampling.samplers.lms import lms
from nodes.model.sampling.samplers.sa_solver import sa_solver
from nodes.model.sampling.samplers.seeds_2 import seeds_2
from nodes.model.sampling.samplers.select import select_sampler
from nodes.model.sampling.schedulers.align_your_steps import aligned_schedule
from nodes.model.sampling.schedulers.basic import basic_schedule
from nodes.model.sampling.schedulers.beta import beta_schedule
from nodes.model.sampling.schedulers.karras import karras_schedule
from nodes.model.sampling.schedulers.laplace import laplace_schedule
from nodes.model.sampling.schedulers.polyexponential import polyexponential_schedule
from nodes.model.sampling.schedulers.turbo import turbo_schedule
from nodes.model.sampling.schedulers.variance_preserving import variance_preserving_schedule
from nodes.model.sampling.sigmas.from_percent import percent_to_sigma
from nodes.model.sampling.sigmas.split import split_sigmas
from safelight import BadInput, Context
from safelight.core.store.disk import DiskStore
from safelight.core.store.record import Record
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.plan import Plan
from safelight.tensor import storing

MODEL = standin.HANDLE
EMPTY: dict[str, Any] = {"samples": torch.zeros(1, 4, 8, 8)}
PICTURE: dict[str, Any] = {"samples": torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(3))}
POSITIVE, NEGATIVE, NOTHING = (
    [[torch.randn(1, 77, 768, generator=torch.Generator().manual_seed(seed)), {}]] for seed in (1, 2, 3)
)


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    context = Context.plain(tmp_path)
    context.plan = Plan(threads=1)
    return context


def drawn(ctx: Context, sampler: Any, sigmas: Tensor, **changes: Any) -> Tensor:
    guider = cfg_guider(model=MODEL, positive=POSITIVE, negative=NEGATIVE, cfg=5.0)
    given = {"noise": random_noise(noise_seed=4), "guider": guider, "latent_image": EMPTY} | changes
    return sample_custom_advanced(ctx, sampler=sampler, sigmas=sigmas, **given).output["samples"]


@pytest.mark.parametrize("name", ["euler", "dpmpp_2m_sde", "sa_solver", "euler_ancestral_cfg_pp"])
def test_a_run_of_parts_is_a_ksampler(ctx: Context, name: str) -> None:
    whole = ksampler(
        ctx, model=MODEL, seed=4, steps=5, cfg=5.0, sampler_name=name, scheduler="karras",
        positive=POSITIVE, negative=NEGATIVE, latent_image=EMPTY, denoise=0.7,
    )  # fmt: skip
    sigmas = basic_schedule(ctx, model=MODEL, scheduler="karras", steps=5, denoise=0.7)
    sampler = select_sampler(sampler_name=name)
    assert torch.equal(drawn(ctx, sampler, sigmas), whole["samples"])
    again = sample_custom(
        ctx, model=MODEL, add_noise=True, noise_seed=4, cfg=5.0, positive=POSITIVE, negative=NEGATIVE,
        sampler=sampler, sigmas=sigmas, latent_image=EMPTY,
    )  # fmt: skip
    assert torch.equal(again.output["samples"], whole["samples"])


def test_a_run_that_stops_early_also_tells_what_it_expected(ctx: Context) -> None:
    sigmas = karras_schedule(steps=6)
    high, low = split_sigmas(sigmas=sigmas, step=3)
    guider = cfg_guider(model=MODEL, positive=POSITIVE, negative=NEGATIVE, cfg=5.0)
    parts = {"guider": guider, "sampler": select_sampler(sampler_name="euler")}
    first = sample_custom_advanced(
        ctx, noise=random_noise(noise_seed=4), sigmas=high, latent_image=EMPTY, **parts
    )
    assert not torch.allclose(first.output["samples"], first.denoised_output["samples"])
    second = sample_custom_advanced(ctx, noise=no_noise(), sigmas=low, latent_image=first.output, **parts)
    torch.testing.assert_close(
        second.output["samples"], drawn(ctx, parts["sampler"], sigmas), rtol=1e-4, atol=1e-2
    )
    assert torch.equal(second.output["samples"], second.denoised_output["samples"])


def test_a_result_that_is_not_a_number_is_told_of(ctx: Context) -> None:
    sampler, sigmas = select_sampler(sampler_name="euler"), karras_schedule(steps=2)
    drawn(ctx, sampler, sigmas)
    assert ctx.warned == []
    broken = {"samples": torch.full((1, 4, 8, 8), torch.nan)}
    assert drawn(ctx, sampler, sigmas, latent_image=broken).isnan().any()
    assert "the latent is not a number" in ctx.warned[0]


def test_a_conditioning_without_tokens_is_refused(ctx: Context) -> None:
    said: Any = [[torch.zeros(1, 0, 768), {}]]
    with pytest.raises(UnsupportedError, match="A positive conditioning has no tokens"):
        ksampler(ctx, model=MODEL, steps=2, positive=said, negative=NEGATIVE, latent_image=EMPTY)


def test_a_schedule_without_steps_gives_the_latent_back(ctx: Context) -> None:
    sigmas = basic_schedule(ctx, model=MODEL, denoise=0.0)
    assert torch.equal(drawn(ctx, select_sampler(), sigmas, latent_image=PICTURE), PICTURE["samples"])


USUAL = [
    (euler_ancestral(), "euler_ancestral"),
    (lms(), "lms"),
    (dpmpp_2m_sde(noise_device="cpu"), "dpmpp_2m_sde"),
    (dpmpp_2m_sde(), "dpmpp_2m_sde_gpu"),
    (dpmpp_2m_sde(solver_type="heun"), "dpmpp_2m_sde_heun"),
    (dpmpp_sde(), "dpmpp_sde"),
    (seeds_2(), "seeds_2"),
    (seeds_2(r=1.0, solver_type="phi_2"), "exp_heun_2_x0_sde"),
    (seeds_2(r=1.0, solver_type="phi_2", eta=0.0), "exp_heun_2_x0"),
]


@pytest.mark.parametrize(("sampler", "name"), USUAL)
def test_a_sampler_with_its_usual_settings_is_the_one_of_that_name(
    ctx: Context, sampler: Any, name: str
) -> None:
    sigmas = karras_schedule(steps=5)
    assert torch.equal(drawn(ctx, sampler, sigmas), drawn(ctx, select_sampler(sampler_name=name), sigmas))


def test_a_sampler_of_a_model_takes_its_range_from_its_levels(ctx: Context) -> None:
    sigmas = karras_schedule(steps=5)
    named = drawn(ctx, select_sampler(sampler_name="sa_solver_pece"), sigmas)
    chosen = sa_solver(ctx, model=MODEL, use_pece=True, simple_order_2=False)
    assert torch.equal(drawn(ctx, chosen, sigmas), named)
    quiet = sa_solver(ctx, model=MODEL, eta=0.0, use_pece=True, simple_order_2=False)
    assert not torch.equal(drawn(ctx, quiet, sigmas), named)


@pytest.mark.parametrize("quiet", [euler_ancestral(eta=0.0), euler_ancestral(s_noise=0.0)])
def test_without_fresh_noise_an_ancestral_sampler_is_reproducible_from_any_seed(
    ctx: Context, quiet: Any
) -> None:
    sigmas, start = karras_schedule(steps=5), {"latent_image": PICTURE}
    whole = drawn(ctx, quiet, sigmas, noise=no_noise(), **start)
    assert torch.equal(whole, drawn(ctx, quiet, sigmas, noise=no_noise(), **start))


def test_guiders_guide_by_what_they_hold(ctx: Context) -> None:
    sigmas, euler = karras_schedule(steps=4), select_sampler()
    alone = drawn(ctx, euler, sigmas, guider=basic_guider(model=MODEL, conditioning=POSITIVE))
    unguided = cfg_guider(model=MODEL, positive=POSITIVE, negative=NEGATIVE, cfg=1.0)
    assert torch.equal(alone, drawn(ctx, euler, sigmas, guider=unguided))
    sides = {"cond1": POSITIVE, "cond2": NOTHING, "negative": NEGATIVE}
    both = [
        drawn(ctx, euler, sigmas, guider=dual_guider(model=MODEL, **sides, style=style))
        for style in ("regular", "nested")
    ]
    assert not torch.equal(*both)
    sides = {"positive": POSITIVE, "negative": NEGATIVE, "empty_conditioning": NOTHING}
    kept = drawn(ctx, euler, sigmas, guider=perpendicular_guider(model=MODEL, **sides, neg_scale=0.0))
    plain = cfg_guider(model=MODEL, positive=POSITIVE, negative=NOTHING, cfg=8.0)
    torch.testing.assert_close(kept, drawn(ctx, euler, sigmas, guider=plain), rtol=1e-3, atol=1e-2)


PATCHES = [
    set_sd3_sampling(model=MODEL),
    set_flux_sampling(model=MODEL),
    set_discrete_sampling(model=MODEL, sampling="v_prediction"),
    set_discrete_sampling(model=MODEL, sampling="lcm"),
    set_continuous_sampling(model=MODEL, sampling="edm"),
    set_angular_sampling(model=MODEL),
    rescale_guidance(model=MODEL),
    zero_star_guidance(model=MODEL).patched_model,
    adaptive_projected_guidance(model=MODEL),
    override_cfg(model=MODEL, start_percent=0.3),
    cfg_course(model=MODEL, bend=2.0),
]


@pytest.mark.parametrize("patched", PATCHES, ids=lambda one: str(one.patches[-1].settings[0][1]))
def test_a_patch_changes_the_picture_and_keeps_the_weights(ctx: Context, patched: Any) -> None:
    def picture(model: Any) -> Tensor:
        return ksampler(
            ctx, model=model, seed=4, steps=4, positive=POSITIVE, negative=NEGATIVE, latent_image=EMPTY
        )["samples"]  # fmt: skip

    result = picture(patched)
    assert bool(result.isfinite().all())
    assert not torch.equal(result, picture(MODEL))
    assert patched.weights_key == MODEL.weights_key


@pytest.mark.parametrize(
    ("node", "sampling"),
    [(set_discrete_sampling, "img_to_img_flow"), (set_continuous_sampling, "cosmos_rflow")],
)
def test_what_is_not_there_yet_is_refused(node: Any, sampling: str) -> None:
    with pytest.raises(BadInput, match="not there yet"):
        node(model=MODEL, sampling=sampling)


def test_noise_is_added_to_a_latent_as_the_levels_say(ctx: Context) -> None:
    sigmas, noise = torch.tensor([3.0, 1.0]), random_noise(noise_seed=7)
    noisy = add_noise(ctx, model=MODEL, noise=noise, sigmas=sigmas, latent_image=PICTURE)["samples"]
    drawn_noise = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(7))
    torch.testing.assert_close(noisy, PICTURE["samples"] + 2.0 * drawn_noise / 0.18215)
    assert add_noise(ctx, model=MODEL, noise=noise, sigmas=sigmas[:0], latent_image=PICTURE) is PICTURE


def test_schedules_have_their_steps_and_end_where_they_should(ctx: Context) -> None:
    assert aligned_schedule(steps=10).tolist()[1] == pytest.approx(6.4745760956)
    assert len(aligned_schedule(steps=23)) == 24
    assert len(aligned_schedule(steps=10, denoise=0.5)) == 6
    assert torch.equal(
        beta_schedule(ctx, model=MODEL, steps=6),
        basic_schedule(ctx, model=MODEL, scheduler="beta", steps=6),
    )
    assert turbo_schedule(ctx, model=MODEL, steps=1).tolist() == [StandIn.sampling.sigma(999), 0.0]
    bent = polyexponential_schedule(steps=5, rho=2.0)
    assert float(bent[2]) < float(polyexponential_schedule(steps=5)[2])
    assert float(variance_preserving_schedule(steps=5)[-1]) == 0.0
    laplace = laplace_schedule(steps=9)
    assert (len(laplace), bool((laplace.diff() <= 0).all())) == (9, True)


def test_a_moment_is_a_level_and_its_ends_are_the_models_if_asked(ctx: Context) -> None:
    def level(percent: float, actual: bool) -> float:
        given = {"sampling_percent": percent, "return_actual_sigma": actual}
        return percent_to_sigma(ctx, model=MODEL, **given).sigma_value

    own = StandIn.sampling
    assert [level(end, True) for end in (0.0, 1.0)] == [own.sigma_max, own.sigma_min]
    assert level(1.0, False) == 0.0
    assert level(0.3, True) == level(0.3, False) == own.percent_to_sigma(0.3)


def test_samplers_noises_and_guiders_live_on_disk(tmp_path: Path) -> None:
    values = (
        dpmpp_2m_sde(eta=0.5),
        random_noise(noise_seed=2**64 - 1),
        dual_guider(model=MODEL, cond1=POSITIVE, cond2=NOTHING, negative=NEGATIVE),
    )
    assert DiskStore(tmp_path, storing()).put(b"k" * 20, Record(values)) is None
    found = DiskStore(tmp_path, storing()).get(b"k" * 20)
    assert found is not None
    assert found.outputs == values


def test_a_second_model_is_asked_only_where_it_is_another() -> None:
    same = dual_model_guider(model=MODEL, positive=POSITIVE, cfg=5.0, model_negative=MODEL, negative=NEGATIVE)
    assert same == cfg_guider(model=MODEL, positive=POSITIVE, negative=NEGATIVE, cfg=5.0)
    other = override_cfg(model=MODEL, cfg=2.0)
    two = dual_model_guider(model=MODEL, positive=POSITIVE, model_negative=other, negative=NEGATIVE)
    assert (two.model, two.second) == (MODEL, other)


def test_a_second_model_needs_something_to_be_told() -> None:
    assert dual_model_guider(model=MODEL, positive=POSITIVE, cfg=1.0).second is None
    with pytest.raises(BadInput, match="nothing to guide away from"):
        dual_model_guider(model=MODEL, positive=POSITIVE, model_negative=MODEL)
