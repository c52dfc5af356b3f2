"""Runs that begin as an earlier one did go on from its states, to the same bits; others never do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

from bench import standin
from bench.standin import StandIn
from safelight.core.checkpoint import DiskCheckpoint
from safelight.core.waypoint import Waypoints
from safelight.diffusion import conditioning, overlay
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.handle import ModelHandle
from safelight.diffusion.ingredient import GuiderHandle, NoiseHandle, SamplerHandle
from safelight.diffusion.inpaint import differential
from safelight.diffusion.latent import set_mask
from safelight.diffusion.level import split
from safelight.diffusion.names import SAMPLERS
from safelight.diffusion.overlay import guided
from safelight.diffusion.plan import Plan
from safelight.diffusion.run import Sampled
from safelight.diffusion.sampler import find
from safelight.diffusion.sampling import sample, sample_custom, schedule
from safelight.tensor import storing

PLAN = Plan(threads=1)
PROMPTS = [
    [[torch.randn(1, 77, 768, generator=torch.Generator().manual_seed(seed)), {}]] for seed in range(4)
]
PICTURE = {"samples": torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(9))}
MASK = torch.linspace(0, 1, 64).reshape(1, 8, 8).repeat_interleave(8, 1).repeat_interleave(8, 2)
STEPS = 10
LOOKING_AHEAD = [name for name in SAMPLERS if find(name).depends == "schedule"]


class Bench:
    """Runs with states in a folder, and how often they asked the model."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.calls = folder, 0
        self.began: tuple[int, int] | None = None
        ask = StandIn.__call__

        def counted(network: StandIn, *given: Any, **more: Any) -> Tensor:
            self.calls += 1
            return ask(network, *given, **more)

        monkeypatch.setattr(StandIn, "__call__", counted)

    def kept(self, function: Callable[..., Any], *given: Any, **more: Any) -> Any:
        """A run that may use and keep states."""
        checkpoint = DiskCheckpoint(self.folder / "half", b"key", storing(), self.waypoints())
        checkpoint.due = lambda: False  # type: ignore[method-assign]
        self.calls = 0
        result = function(*given, **more, plan=PLAN, checkpoint=checkpoint)
        self.began = checkpoint.began
        return result

    def scratch(self, function: Callable[..., Any], *given: Any, **more: Any) -> Any:
        """The same run without any."""
        self.calls = 0
        return function(*given, **more, plan=PLAN)

    def waypoints(self) -> Waypoints:
        return Waypoints(self.folder / "waypoints", storing())

    def compare(self, function: Callable[..., Any], *given: Any, **more: Any) -> tuple[int, int]:
        """Make a run from scratch and one that may reuse: the same bits, and how often each asked."""
        expected = self.scratch(function, *given, **more)
        whole = self.calls
        result = self.kept(function, *given, **more)
        for one, other in zip(latents(result), latents(expected), strict=True):
            assert torch.equal(one, other)
        return self.calls, whole

    def check(self, function: Callable[..., Any], *given: Any, **more: Any) -> tuple[int, int] | None:
        """Compare both runs, and say where the one that may reuse began: only then it asks less often."""
        calls, whole = self.compare(function, *given, **more)
        assert (calls < whole) == (self.began is not None)
        return self.began


def latents(result: Any) -> list[Tensor]:
    return [one["samples"] for one in (result if isinstance(result, Sampled) else [result])]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


def advanced(
    *,
    model: ModelHandle = standin.HANDLE,
    latent: dict[str, Any] = PICTURE,
    positive: Any = PROMPTS[0],
    negative: Any = PROMPTS[1],
    **changes: Any,
) -> dict[str, Any]:
    """A KSamplerAdvanced of ten steps."""
    usual = {"seed": 42, "steps": STEPS, "cfg": 7.0, "sampler_name": "euler", "scheduler": "karras"}
    return sample(model, latent, positive, negative, **(usual | changes))


def custom(name: str, sigmas: Tensor, *, seed: int = 5, **more: Any) -> Sampled:
    """A SamplerCustomAdvanced over these levels."""
    guider = GuiderHandle(
        "cfg", standin.HANDLE, {"positive": PROMPTS[0], "negative": PROMPTS[1]}, (("cfg", 4.0),)
    )
    return sample_custom(guider, NoiseHandle(seed), SamplerHandle(name), sigmas, PICTURE, **more)


def override(cfg: float, start: float, model: ModelHandle = standin.HANDLE) -> ModelHandle:
    return guided(model, "override", cfg=cfg, start=start, end=1.0)


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_later_end_goes_on_from_the_earlier_one(bench: Bench, name: str) -> None:
    bench.kept(advanced, sampler_name=name, last_step=5, force_full_denoise=True)
    causal = find(name).depends == "causal"
    assert bench.check(advanced, sampler_name=name, last_step=7) == ((4, 7) if causal else None)
    assert bench.check(advanced, sampler_name=name) == ((7, STEPS) if causal else None)


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_split_that_moves_on_goes_on_from_where_it_was(bench: Bench, name: str) -> None:
    sigmas = schedule(standin.HANDLE, "normal", STEPS, plan=PLAN)
    before = bench.kept(custom, name, split(sigmas, 4)[0])
    assert before.output["samples"].isfinite().all()
    causal = find(name).depends == "causal"
    assert bench.check(custom, name, split(sigmas, 7)[0]) == ((4, 7) if causal else None)
    assert bench.check(custom, name, split(sigmas, 7)[0]) is not None, "the same again is there already"


@pytest.mark.parametrize("name", SAMPLERS)
def test_guidance_that_changes_from_a_step_on_leaves_what_was_before(bench: Bench, name: str) -> None:
    bench.kept(advanced, sampler_name=name, model=override(3.0, 0.5))
    began = bench.check(advanced, sampler_name=name, model=override(5.0, 0.5))
    assert began is not None
    assert 0 < began[0] < STEPS - 1


BEFORE = [
    {"seed": 43},
    {"cfg": 6.5},
    {"scheduler": "normal"},
    {"steps": 11},
    {"denoise": 0.9},
    {"start_step": 1},
    {"add_noise": False},
    {"positive": PROMPTS[2]},
    {"negative": conditioning.set_strength(PROMPTS[1], 0.5) * 2},
    {"positive": conditioning.set_area(PROMPTS[0], width=32, height=64, x=0, y=0, strength=1.0)},
    {"model": override(3.0, 0.2)},
    {"model": override(3.0, 0.5, guided(standin.HANDLE, "rescale", multiplier=0.5))},
    {"model": overlay.resampled(standin.HANDLE, "discrete", prediction="v", zsnr=False)},
    {"latent": {"samples": PICTURE["samples"][:1]}},
    {"latent": {"samples": PICTURE["samples"] + 1e-6}},
    {"latent": PICTURE | {"batch_index": [1, 0]}},
    {"latent": set_mask(PICTURE, MASK)},
]


@pytest.mark.parametrize("change", BEFORE, ids="-".join)
def test_whatever_differs_from_the_beginning_starts_there(bench: Bench, change: dict[str, Any]) -> None:
    given = {"model": override(3.0, 0.5), "last_step": 9}
    bench.kept(advanced, **given)
    assert bench.check(advanced, **(given | change)) is None


@pytest.mark.parametrize("name", ["heunpp2", "dpmpp_2m_sde", "uni_pc", "sa_solver", "dpm_fast"])
def test_a_sampler_that_looks_ahead_starts_over_on_another_schedule(bench: Bench, name: str) -> None:
    bench.kept(advanced, sampler_name=name, model=override(3.0, 0.5))
    assert name in LOOKING_AHEAD
    for change in ({"last_step": 9}, {"steps": 11}, {"scheduler": "normal"}, {"seed": 43}):
        assert bench.check(advanced, **({"sampler_name": name, "model": override(3.0, 0.5)} | change)) is None


def test_another_plan_starts_over(bench: Bench) -> None:
    bench.kept(advanced, last_step=5)
    checkpoint = DiskCheckpoint(bench.folder, b"key", storing(), bench.waypoints())
    advanced(last_step=8, plan=Plan(threads=1, guidance_batching="apart"), checkpoint=checkpoint)
    assert checkpoint.began is None


def test_another_version_of_the_code_starts_over(bench: Bench) -> None:
    bench.kept(advanced, last_step=5)
    waypoints = Waypoints(bench.folder / "waypoints", storing(), "newer")
    checkpoint = DiskCheckpoint(bench.folder, b"key", storing(), waypoints)
    advanced(last_step=8, plan=PLAN, checkpoint=checkpoint)
    assert checkpoint.began is None


def test_guidance_with_a_memory_is_neither_kept_nor_taken_up(bench: Bench) -> None:
    model = guided(standin.HANDLE, "projected", eta=1.0, norm_threshold=5.0, momentum=-0.5)
    bench.kept(advanced, last_step=5, model=model)
    assert bench.check(advanced, last_step=8, model=model) is None
    assert not (bench.folder / "waypoints").exists()
    forgetful = guided(standin.HANDLE, "projected", eta=1.0, norm_threshold=5.0, momentum=0.0)
    bench.kept(advanced, last_step=5, model=forgetful)
    assert bench.check(advanced, last_step=8, model=forgetful) == (5, 8)


def test_a_course_of_guidance_counts_as_it_stands_at_each_step(bench: Bench) -> None:
    def course(last: float) -> ModelHandle:
        return guided(standin.HANDLE, "course", last=last, bend=1.0)

    bench.kept(advanced, last_step=5, model=course(2.0))
    assert bench.check(advanced, last_step=8, model=course(2.0)) == (5, 8)
    assert bench.check(advanced, last_step=8, model=course(3.0)) is None


def test_a_prompt_that_speaks_later_may_change_and_one_that_spoke_may_not(bench: Bench) -> None:
    def prompts(first: int, second: int) -> Any:
        early = conditioning.set_timestep_range(PROMPTS[first], 0.0, 0.5)
        late = conditioning.set_timestep_range(PROMPTS[second], 0.5, 1.0)
        return conditioning.combine(early, late)

    bench.kept(advanced, positive=prompts(0, 2))
    began = bench.check(advanced, positive=prompts(0, 3))
    assert began is not None
    assert bench.check(advanced, positive=prompts(3, 2)) is None


def test_a_mask_is_kept_to_and_one_with_moments_depends_on_the_end(bench: Bench) -> None:
    masked = set_mask(PICTURE, MASK)
    bench.kept(advanced, latent=masked, last_step=5)
    assert bench.check(advanced, latent=masked, last_step=8) == (5, 8)
    assert bench.check(advanced, latent=set_mask(PICTURE, 1.0 - MASK), last_step=8) is None
    soft = differential(standin.HANDLE)
    bench.kept(advanced, latent=masked, model=soft, last_step=5)
    assert bench.check(advanced, latent=masked, model=soft, last_step=8) is None


def test_leftover_noise_may_be_removed_after_all(bench: Bench) -> None:
    bench.kept(advanced, last_step=6)
    assert bench.check(advanced, last_step=6, force_full_denoise=True) == (5, 6)
    assert bench.check(advanced, last_step=5) == (5, 5), "an earlier end, where a state happens to be"


def test_the_last_prediction_is_kept_with_the_state_where_a_run_ends(bench: Bench) -> None:
    sigmas = schedule(standin.HANDLE, "normal", STEPS, plan=PLAN)
    bench.kept(custom, "euler", sigmas)
    result = bench.kept(custom, "euler", sigmas[:-1])
    assert bench.began == (9, 9)
    assert bench.calls == 0
    assert torch.equal(
        result.denoised["samples"], custom("euler", sigmas[:-1], plan=PLAN).denoised["samples"]
    )


def test_a_run_that_was_killed_after_it_began_half_way_leaves_states_of_the_whole_way(bench: Bench) -> None:
    """What was asked before the checkpoint counts, too."""

    class Killed(Exception):
        pass

    class Killing:
        def check(self) -> None: ...

        def progress(self, done: int, total: int, preview: Tensor | None = None) -> None:
            if done == 7:
                raise Killed

    def checkpoint() -> DiskCheckpoint:
        made = DiskCheckpoint(bench.folder, b"key", storing(), bench.waypoints())
        made.due = lambda: True  # type: ignore[method-assign]
        return made

    bench.kept(advanced, last_step=4)
    with pytest.raises(Killed):
        advanced(last_step=8, plan=PLAN, watch=Killing(), checkpoint=checkpoint())
    second = checkpoint()
    advanced(last_step=8, plan=PLAN, checkpoint=second)
    assert (second.taken_up, second.began) == ((6, 8), None)
    assert bench.check(advanced, last_step=9) == (8, 9)
    assert bench.check(advanced, last_step=9, cfg=5.0) is None


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "sampler_name": st.sampled_from(SAMPLERS),
    "seed": st.sampled_from([1, 2]),
    "steps": st.sampled_from([5, 6]),
    "last_step": st.sampled_from([3, 4, 10]),
    "force_full_denoise": st.booleans(),
    "cfg": st.sampled_from([1.0, 4.0]),
    "mask": st.sampled_from([None, "plain", "soft"]),
    "scale": st.sampled_from([None, (3.0, 0.0, 0.4), (3.0, 0.4, 1.0), (1.0, 0.4, 1.0), (5.0, 0.6, 1.0)]),
    "form": st.sampled_from(["own", "v", "flow"]),
    "layer": st.sampled_from([None, "rescale", "zero star"]),
    "positive": st.lists(
        st.tuples(
            st.sampled_from([0, 1]),
            st.sampled_from([0.0, 0.3, 0.6]),
            st.sampled_from([0.5, 1.0]),
            st.sampled_from([None, 0, 16]),
        ),
        min_size=1,
        max_size=3,
    ),
}
RUNS = st.fixed_dictionaries(FIELDS)


def drawn(run: dict[str, Any]) -> dict[str, Any]:
    """The arguments of `advanced` for a drawn run."""
    run, model, latent = dict(run), standin.HANDLE, PICTURE
    mask, scale, layer, form = (run.pop(name) for name in ("mask", "scale", "layer", "form"))
    if form == "flow":
        model = overlay.resampled(model, "flow", shift=2.0)
    if form == "v":
        model = overlay.resampled(model, "discrete", prediction="v", zsnr=False)
    if mask is not None:
        latent = set_mask(PICTURE, MASK)
    if mask == "soft":
        model = differential(model)
    if layer is not None:
        model = guided(model, layer, **({"multiplier": 0.7} if layer == "rescale" else {}))
    if scale is not None:
        model = guided(model, "override", cfg=scale[0], start=scale[1], end=scale[2])
    positive = []
    for prompt, start, end, edge in run.pop("positive"):
        entry = conditioning.set_timestep_range(PROMPTS[prompt], start, end)
        if edge is not None:
            entry = conditioning.set_area(entry, width=32, height=64, x=edge, y=0, strength=0.8)
        positive += entry
    return run | {"model": model, "latent": latent, "positive": positive}


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(first=RUNS, other=RUNS, changed=st.sets(st.sampled_from(sorted(FIELDS)), max_size=2))
def test_no_pair_of_runs_is_mixed_up(
    bench: Bench, first: dict[str, Any], other: dict[str, Any], changed: set[str]
) -> None:
    """Whatever is changed between two runs, the second has the bits that it has from scratch."""
    second = first | {name: other[name] for name in changed}
    try:
        bench.scratch(advanced, **drawn(first))
        bench.scratch(advanced, **drawn(second))
    except UnsupportedError:
        return
    bench.kept(advanced, **drawn(first))
    bench.compare(advanced, **drawn(second))
    SEEN.append(bench.began is not None)


SEEN: list[bool] = []


def test_many_of_those_pairs_shared_a_beginning() -> None:
    assert sum(SEEN) > len(SEEN) / 10
