"""unCLIP models on a narrow random one: what it is told of pictures, against diffusers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from safelight.diffusion import checkpoint, export, residency, sampling, sight, single, unclip
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.handle import ModelHandle
from safelight.diffusion.layout import UnetNames
from safelight.diffusion.plan import Plan
from safelight.diffusion.seen import Seen

PLAN = Plan(threads=1)
WIDTH = 1024
DRAW = torch.Generator().manual_seed(6)
MEAN, SPREAD = torch.randn(WIDTH, generator=DRAW) * 0.1, torch.rand(WIDTH, generator=DRAW) + 0.5
TEXT = torch.randn(1, 7, 1024, generator=DRAW)
SEED = 40


def seen(count: int = 1, width: int = WIDTH) -> Seen:
    vectors = torch.randn(count, width, generator=torch.Generator().manual_seed(9))
    return Seen(vectors[:, None], vectors[:, None], vectors)


@pytest.fixture(scope="module")
def theirs() -> Any:
    from diffusers import UNet2DConditionModel

    torch.manual_seed(3)
    config = single.definition("sd2_unclip")["unet"] | {"block_out_channels": [160] * 4}
    return UNet2DConditionModel(**config, projection_class_embeddings_input_dim=2 * WIDTH).eval()


@pytest.fixture(scope="module")
def model(theirs: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelHandle]:
    names = UnetNames(theirs.config)
    tensors = {single.UNET + names(name): tensor for name, tensor in theirs.state_dict().items()}
    tensors |= {"noise_augmentor.data_mean": MEAN[None], "noise_augmentor.data_std": SPREAD[None]}
    path = tmp_path_factory.mktemp("models") / "unclip.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path)
    yield checkpoint.load(path, "5" * 64).model
    residency.release()
    path.unlink()


def noised(vectors: Tensor, level: int) -> Tensor:
    """What diffusers' pipeline makes of vectors, with the noise that ours draws."""
    from diffusers import DDPMScheduler
    from diffusers.pipelines.stable_diffusion.pipeline_stable_unclip_img2img import (
        StableUnCLIPImg2ImgPipeline,
    )
    from diffusers.pipelines.stable_diffusion.stable_unclip_image_normalizer import (
        StableUnCLIPImageNormalizer,
    )

    normalizer = StableUnCLIPImageNormalizer(embedding_dim=WIDTH).requires_grad_(False)
    normalizer.mean.copy_(MEAN[None])
    normalizer.std.copy_(SPREAD[None])
    pipeline = SimpleNamespace(
        image_normalizer=normalizer,
        image_noising_scheduler=DDPMScheduler(beta_schedule="squaredcos_cap_v2"),
    )
    noise = torch.randn(vectors.shape, generator=torch.Generator().manual_seed(SEED - unclip.OFFSET))
    made: Tensor = StableUnCLIPImg2ImgPipeline.noise_image_embeddings(pipeline, vectors, level, noise)
    return made


def told(model: ModelHandle, *pictures: tuple[Seen, float, float]) -> Tensor:
    conditioning: list[Any] = [[TEXT, {}]]
    for one in pictures:
        conditioning = unclip.told(conditioning, *one)
    ((_, options),) = unclip.seeded({"positive": conditioning}, SEED)["positive"]
    with residency.lend(model, PLAN) as network:
        extras = network.extras(options, torch.zeros(1, 4, 8, 8))
    return extras["class_labels"]


@pytest.mark.parametrize(("noise", "level"), [(0.0, 0), (0.25, 250), (1.0, 999)])
def test_a_picture_is_told_as_diffusers_pipeline_does(model: ModelHandle, noise: float, level: int) -> None:
    torch.testing.assert_close(
        told(model, (seen(), 1.0, noise)), noised(seen().image_embeds, level), atol=1e-4, rtol=1e-4
    )


def test_no_picture_is_told_as_nothing_and_several_as_their_sum(model: ModelHandle) -> None:
    assert not told(model).any()
    one, half = seen(), (seen(), 0.5, 0.0)
    assert told(model, (one, 0.0, 0.3)).any() == torch.tensor(False), "a strength of 0 leaves it out"
    summed = noised(one.image_embeds, 0)[:, :WIDTH] * 0.5 + noised(one.image_embeds, 0)[:, :WIDTH]
    torch.testing.assert_close(told(model, (one, 1.0, 0.0), half), noised(summed, 50), atol=1e-4, rtol=1e-4)


def test_a_prediction_equals_diffusers_with_the_same_labels(model: ModelHandle, theirs: Any) -> None:
    labels = told(model, (seen(), 1.0, 0.1))
    x, level = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(1)), torch.tensor([700.0])
    with residency.lend(model, PLAN) as network, torch.no_grad():
        ours = network(x, level, TEXT, class_labels=labels)
        expected = theirs(x, level, TEXT, class_labels=labels).sample
        plain = network(x, level, TEXT, class_labels=torch.zeros_like(labels))
    assert network.sampling.prediction == "v"
    torch.testing.assert_close(ours, expected, atol=1e-4, rtol=1e-4)
    assert not torch.allclose(ours, plain, atol=1e-4)


def test_a_picture_changes_what_is_sampled_and_a_seed_makes_it_again(model: ModelHandle) -> None:
    plain: list[Any] = [[TEXT, {}]]
    latent = {"samples": torch.zeros(1, 4, 8, 8)}

    def sampled(conditioning: list[Any], seed: int = 1) -> Tensor:
        made = sampling.sample(
            model,
            latent,
            conditioning,
            plain,
            seed=seed,
            steps=1,
            cfg=3.0,
            sampler_name="euler",
            scheduler="normal",
            plan=PLAN,
        )
        samples: Tensor = made["samples"]
        return samples

    pictured = unclip.told(plain, seen(), 1.0, 0.0)
    assert torch.equal(sampled(pictured), sampled(pictured))
    assert not torch.allclose(sampled(pictured), sampled(plain), atol=1e-4)


def test_an_encoder_of_another_width_is_refused(model: ModelHandle) -> None:
    with pytest.raises(UnsupportedError, match="1024 numbers, the encoder gave 768"):
        told(model, (seen(width=768), 1.0, 0.0))


def test_a_saved_model_is_told_the_same(model: ModelHandle, tmp_path: Path) -> None:
    path = tmp_path / "again.safetensors"
    export.checkpoint(path, model, None, None, plan=PLAN)
    again = checkpoint.load(path, "6" * 64).model
    assert again.source.family == "sd2_unclip"
    assert not sight.is_there(path)
    torch.testing.assert_close(told(again, (seen(), 1.0, 0.2)), told(model, (seen(), 1.0, 0.2)))
