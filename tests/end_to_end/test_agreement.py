"""Pictures made by our nodes, run by our engine, are those that diffusers' pipelines make.

Both are given the same folder of random weights, the same noise and timesteps that both can name: Euler's
method at ten of them, 111 apart. The pipelines draw from what a VAE says of a picture; here they take its
mean, as we do.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import (
    AutoencoderKL,
    ControlNetModel,
    DDPMScheduler,
    EulerDiscreteScheduler,
    StableDiffusionAdapterPipeline,
    StableDiffusionControlNetPipeline,
    StableDiffusionImg2ImgPipeline,
    StableDiffusionInpaintPipeline,
    StableDiffusionPipeline,
    StableDiffusionUpscalePipeline,
    StableDiffusionXLControlNetPipeline,
    StableDiffusionXLControlNetUnionPipeline,
    StableDiffusionXLPipeline,
    T2IAdapter,
    UNet2DConditionModel,
)
from diffusers.models.autoencoders.vae import DiagonalGaussianDistribution
from diffusers.models.controlnets.controlnet_union import ControlNetUnionModel
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from safelight import Graph, Link, worker
from safelight.core.engine import Engine
from safelight.core.graph import Node
from safelight.diffusion import builtin, residency
from safelight.diffusion.single import definition
from safelight.setting import Settings

WORDS, NOT = "a red apple on a blue background", "a cat"
SEED, STEPS, CFG, SIZE = 7, 10, 3.0, 64
CLOSE = 1e-4
TIMESTEPS = [999 - 111 * step for step in range(STEPS)]
TOKENIZER = builtin.builtin()["emoji"] / "tokenizer"


def random(module: nn.Module, seed: int = 11) -> Any:
    """The module with the same weights each time, of about their usual size, none of them zero."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in module.parameters():
            size = 0.5 * weight[0].numel() ** -0.5 if weight.ndim > 1 else 0.1
            middle = 1.0 if bool((weight == 1).all()) else 0.0
            weight.copy_(middle + torch.randn(weight.shape, generator=generator) * size)
    return module.eval()


def text(width: int, kind: type = CLIPTextModel) -> Any:
    config = CLIPTextConfig(
        vocab_size=3218,
        hidden_size=width,
        intermediate_size=2 * width,
        projection_dim=width,
        num_hidden_layers=3,
        num_attention_heads=4,
        max_position_embeddings=24,
        bos_token_id=3216,
        eos_token_id=3217,
        pad_token_id=3217,
    )
    return random(kind(config))


def vae() -> Any:
    levels = {"down_block_types": ["DownEncoderBlock2D"] * 4, "up_block_types": ["UpDecoderBlock2D"] * 4}
    widths = {"block_out_channels": [8, 16, 16, 16], "norm_num_groups": 4, "layers_per_block": 1}
    return random(AutoencoderKL(**levels, **widths))


def unet_config(channels: int = 4) -> dict[str, Any]:
    """Stable Diffusion 1's own shape, only narrow."""
    config = definition("sd15")["unet"]
    return config | {"block_out_channels": [32, 64, 64, 64], "in_channels": channels, "sample_size": 8}


def scheduler() -> EulerDiscreteScheduler:
    return EulerDiscreteScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", timestep_spacing="leading"
    )


def parts(channels: int = 4) -> dict[str, Any]:
    """What a Stable Diffusion pipeline is made of."""
    return {
        "vae": vae(),
        "text_encoder": text(768),
        "tokenizer": CLIPTokenizer.from_pretrained(TOKENIZER),
        "unet": random(UNet2DConditionModel(**unet_config(channels))),
        "scheduler": scheduler(),
        "safety_checker": None,
        "feature_extractor": None,
    }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with two pictures."""
    (tmp_path / "input").mkdir()
    generator = torch.Generator().manual_seed(1)
    picture = torch.nn.functional.interpolate(
        torch.rand(1, 3, 4, 4, generator=generator), size=SIZE, mode="bicubic"
    )
    levels = (picture[0].movedim(0, -1).clamp(0, 1) * 255).byte().numpy()
    Image.fromarray(levels).save(tmp_path / "input" / "picture.png")
    mask = torch.zeros(SIZE, SIZE, dtype=torch.uint8)
    mask[16:48, 24:] = 255
    Image.fromarray(mask.numpy()).convert("RGB").save(tmp_path / "input" / "mask.png")
    return tmp_path


@pytest.fixture
def engine(data: Path) -> Iterator[Engine]:
    opened = worker.open_engine(data, settings=Settings(threads=1))
    yield opened
    opened.close()
    residency.release()


@pytest.fixture(autouse=True)
def means(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DiagonalGaussianDistribution, "sample", lambda self, generator=None: self.mode())


def noise() -> Tensor:
    return torch.randn(1, 4, SIZE // 8, SIZE // 8, generator=torch.Generator().manual_seed(SEED))


def saved(pipeline: Any, data: Path) -> Any:
    pipeline.save_pretrained(data / "models" / "checkpoints" / "tiny")
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def theirs(pipeline: Any, **settings: Any) -> Tensor:
    """The picture of a pipeline [B, H, W, C]."""
    common = {"timesteps": TIMESTEPS, "guidance_scale": CFG, "output_type": "pt"}
    with torch.no_grad():
        made = torch.as_tensor(pipeline(WORDS, negative_prompt=NOT, **common, **settings).images)
    return made if made.shape[-1] == 3 else made.movedim(1, -1)


def graph(**changes: Node) -> Graph:
    """Text to image, with other nodes or more of them."""
    sampler = {"seed": SEED, "steps": STEPS, "cfg": CFG, "sampler_name": "euler", "scheduler": "normal"}
    wires = {"model": Link("model"), "positive": Link("words"), "negative": Link("not")}
    nodes = {
        "model": Node("CheckpointLoaderSimple", {"ckpt_name": "tiny"}),
        "words": Node("CLIPTextEncode", {"clip": Link("model", 1), "text": WORDS}),
        "not": Node("CLIPTextEncode", {"clip": Link("model", 1), "text": NOT}),
        "latent": Node("EmptyLatentImage", {"width": SIZE, "height": SIZE}),
        "sampler": Node("KSampler", {**sampler, **wires, "latent_image": Link("latent"), "denoise": 1.0}),
        "picture": Node("VAEDecode", {"samples": Link("sampler"), "vae": Link("model", 2)}),
        "input": Node("LoadImage", {"image": "picture.png"}),
        "mask": Node("LoadImageMask", {"image": "mask.png", "channel": "red"}),
    }
    return Graph(nodes | changes)


def sampler(plain: Graph, **inputs: Any) -> Node:
    return Node("KSampler", plain.nodes["sampler"].inputs | inputs)


def ours(engine: Engine, nodes: Graph) -> Tensor:
    """The picture of a run [B, H, W, C]."""
    result = engine.run(nodes, roots=["picture"]).raise_for_error()
    return result.values["picture"][0]


def agree(one: Tensor, other: Tensor) -> None:
    assert one.shape == other.shape == (1, SIZE, SIZE, 3)
    assert one.std() > 0.02, "a picture that says something"
    assert float((one - other).abs().max()) < CLOSE


def test_text_to_image(data: Path, engine: Engine) -> None:
    pipeline = saved(StableDiffusionPipeline(**parts()), data)
    agree(ours(engine, graph()), theirs(pipeline, latents=noise()))


def test_image_to_image(data: Path, engine: Engine) -> None:
    pipeline = saved(StableDiffusionImg2ImgPipeline(**parts()), data)
    encoded = Node("VAEEncode", {"pixels": Link("input"), "vae": Link("model", 2)})
    half = sampler(graph(), steps=STEPS // 2, denoise=0.5)
    made = theirs(pipeline, image=picture(data), strength=0.5, generator=torch.Generator().manual_seed(SEED))
    agree(ours(engine, graph(latent=encoded, sampler=half)), made)


def test_inpainting_with_a_plain_model(data: Path, engine: Engine) -> None:
    pipeline = saved(StableDiffusionInpaintPipeline(**parts()), data)
    nodes = graph(
        encoded=Node("VAEEncode", {"pixels": Link("input"), "vae": Link("model", 2)}),
        latent=Node("SetLatentNoiseMask", {"samples": Link("encoded"), "mask": Link("mask")}),
        sampler=sampler(graph(), steps=STEPS // 2, denoise=0.5),
    )
    made = theirs(
        pipeline,
        image=picture(data),
        mask_image=picture(data, "mask"),
        strength=0.5,
        generator=torch.Generator().manual_seed(SEED),
    )
    agree(ours(engine, nodes), made)


def test_inpainting_with_a_model_for_it(data: Path, engine: Engine) -> None:
    pipeline = saved(StableDiffusionInpaintPipeline(**parts(channels=9)), data)
    wires = {"positive": Link("words"), "negative": Link("not"), "vae": Link("model", 2)}
    shown = {"pixels": Link("input"), "mask": Link("mask"), "noise_mask": False}
    # The pipeline starts from noise alone; with the picture below it, as in workflows, a trace of it is left.
    told = {"positive": Link("told"), "negative": Link("told", 1), "latent_image": Link("latent")}
    nodes = graph(told=Node("InpaintModelConditioning", wires | shown), sampler=sampler(graph(), **told))
    made = theirs(pipeline, image=picture(data), mask_image=picture(data, "mask"), latents=noise())
    agree(ours(engine, nodes), made)


@pytest.mark.parametrize(("strength", "start", "end"), [(1.0, 0.0, 1.0), (0.7, 0.2, 0.5)])
def test_a_controlnet(data: Path, engine: Engine, strength: float, start: float, end: float) -> None:
    steering = random(
        ControlNetModel(
            block_out_channels=[32, 64, 64, 64],
            cross_attention_dim=768,
            conditioning_embedding_out_channels=[4, 8, 8, 16],
        ),
        seed=5,
    )
    pipeline = saved(StableDiffusionControlNetPipeline(**parts(), controlnet=steering), data)
    (data / "models" / "controlnet").mkdir()
    save_file(steering.state_dict(), data / "models" / "controlnet" / "edges.safetensors")
    made = theirs(
        pipeline,
        image=picture(data),
        latents=noise(),
        controlnet_conditioning_scale=strength,
        control_guidance_start=start,
        control_guidance_end=end,
    )
    nodes = steered("edges.safetensors", strength=strength, start_percent=start, end_percent=end)
    agree(ours(engine, nodes), made)
    assert float((ours(engine, graph()) - made).abs().max()) > 0.01, "it does steer"


def test_an_adapter(data: Path, engine: Engine) -> None:
    adapter = random(T2IAdapter(channels=[32, 64, 64, 64]), seed=5)
    pipeline = saved(StableDiffusionAdapterPipeline(**parts(), adapter=adapter), data)
    adapter.save_pretrained(data / "models" / "controlnet" / "sketch")
    made = theirs(pipeline, image=picture(data), latents=noise(), adapter_conditioning_scale=0.8)
    agree(ours(engine, steered("sketch", strength=0.8)), made)
    assert float((ours(engine, graph()) - made).abs().max()) > 0.01, "it does steer"


def steered(name: str, **settings: float) -> Graph:
    """Text to image, steered by the picture."""
    wires = {"positive": Link("words"), "negative": Link("not"), "control_net": Link("net")}
    return graph(
        net=Node("ControlNetLoader", {"control_net_name": name}),
        steered=Node("ControlNetApplyAdvanced", wires | settings | {"image": Link("input")}),
        sampler=sampler(graph(), positive=Link("steered"), negative=Link("steered", 1)),
    )


XL = {
    "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D"],
    "block_out_channels": [32, 64],
    "layers_per_block": 1,
    "attention_head_dim": [2, 4],
    "use_linear_projection": True,
    "transformer_layers_per_block": [1, 2],
    "cross_attention_dim": 64 + 32,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 8,
    "projection_class_embeddings_input_dim": 32 + 6 * 8,
}
"""The shape of a small UNet as SDXL's are."""


def xl_parts() -> dict[str, Any]:
    """What an SDXL pipeline is made of."""
    ups = {"up_block_types": ["CrossAttnUpBlock2D", "UpBlock2D"]}
    tokenizer = CLIPTokenizer.from_pretrained(TOKENIZER)
    return {
        "vae": vae(),
        "text_encoder": text(64),
        "text_encoder_2": text(32, CLIPTextModelWithProjection),
        "tokenizer": tokenizer,
        "tokenizer_2": tokenizer,
        "unet": random(UNet2DConditionModel(sample_size=8, **XL, **ups)),
        "scheduler": scheduler(),
        "force_zeros_for_empty_prompt": False,
        "add_watermarker": False,
    }


def test_text_to_image_with_sdxl(data: Path, engine: Engine) -> None:
    pipeline = saved(StableDiffusionXLPipeline(**xl_parts()), data)
    agree(ours(engine, graph()), theirs(pipeline, latents=noise(), width=SIZE, height=SIZE))


def test_a_controlnet_for_sdxl(data: Path, engine: Engine) -> None:
    steering = random(ControlNetModel(**XL, conditioning_embedding_out_channels=[4, 8, 8, 16]), seed=5)
    pipeline = saved(StableDiffusionXLControlNetPipeline(**xl_parts(), controlnet=steering), data)
    steering.save_pretrained(data / "models" / "controlnet" / "edges")
    made = theirs(pipeline, image=picture(data), latents=noise(), controlnet_conditioning_scale=0.6)
    agree(ours(engine, steered("edges", strength=0.6)), made)
    assert float((ours(engine, graph()) - made).abs().max()) > 0.01, "it does steer"


def test_a_controlnet_of_several_kinds_for_sdxl(data: Path, engine: Engine) -> None:
    sizes = {"num_control_type": 8, "num_trans_channel": 32, "num_proj_channel": 32}
    steering = ControlNetUnionModel(**XL, **sizes, conditioning_embedding_out_channels=[4, 8, 8, 16])
    steering = random(steering, seed=5)
    pipeline = saved(StableDiffusionXLControlNetUnionPipeline(**xl_parts(), controlnet=steering), data)
    steering.save_pretrained(data / "models" / "controlnet" / "edges")
    settings = {"control_mode": [1], "controlnet_conditioning_scale": 0.6}
    made = theirs(pipeline, control_image=[picture(data)], latents=noise(), **settings)
    plain = steered("edges", strength=0.6).nodes
    chosen = Node("SetUnionControlNetType", {"control_net": Link("net"), "type": "depth"})
    wires = plain["steered"].inputs | {"control_net": Link("chosen")}
    typed = plain | {"chosen": chosen, "steered": Node("ControlNetApplyAdvanced", wires)}
    agree(ours(engine, Graph(typed)), made)
    assert float((ours(engine, Graph(plain)) - made).abs().max()) > CLOSE, "the kind counts"


def test_a_picture_four_times_as_large(data: Path, engine: Engine) -> None:
    kinds = {"down_block_types": ["DownEncoderBlock2D"] * 3, "up_block_types": ["UpDecoderBlock2D"] * 3}
    widths = {"block_out_channels": [8, 16, 16], "norm_num_groups": 4, "layers_per_block": 1}
    told = {"num_class_embeds": 1000, "only_cross_attention": [True, True, True, False]}
    made_of = parts() | {
        "vae": random(AutoencoderKL(**kinds, **widths)),
        "unet": random(UNet2DConditionModel(**unet_config(7) | told)),
        "scheduler": EulerDiscreteScheduler(
            beta_end=0.02, beta_schedule="scaled_linear", prediction_type="v_prediction"
        ),
        "low_res_scheduler": DDPMScheduler(beta_schedule="scaled_linear"),
    }
    pipeline = saved(StableDiffusionUpscalePipeline(**made_of), data)
    small = picture(data).resize((SIZE // 4, SIZE // 4))
    small.save(data / "input" / "small.png")
    start = torch.randn(1, 4, SIZE // 4, SIZE // 4, generator=torch.Generator().manual_seed(SEED))
    loudest = pipeline.scheduler.sigmas[0]
    settings = {"num_inference_steps": STEPS, "guidance_scale": CFG, "noise_level": 70, "output_type": "pt"}
    with torch.no_grad():
        made = pipeline(
            WORDS,
            small,
            negative_prompt=NOT,
            generator=torch.Generator().manual_seed(SEED - 10),
            latents=start * (1 + loudest**-2) ** 0.5,
            **settings,
        ).images
    wires = {"positive": Link("words"), "negative": Link("not"), "images": Link("input")}
    enlarged = Node("SD_4XUpscale_Conditioning", wires | {"noise_augmentation": 0.2})
    sides = {
        "positive": Link("enlarged"),
        "negative": Link("enlarged", 1),
        "latent_image": Link("enlarged", 2),
    }
    nodes = graph(
        input=Node("LoadImage", {"image": "small.png"}), enlarged=enlarged, sampler=sampler(graph(), **sides)
    )
    agree(ours(engine, nodes), torch.as_tensor(made).movedim(1, -1))


def picture(data: Path, name: str = "picture") -> Image.Image:
    return Image.open(data / "input" / f"{name}.png")
