"""Style models on a small random one, against the same arithmetic written with torch's attention."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn.functional import layer_norm, linear, multi_head_attention_forward

from safelight.diffusion import manner, residency
from safelight.diffusion.failure import ModelFileError, UnsupportedError
from safelight.diffusion.handle import StyleHandle
from safelight.diffusion.plan import Plan
from safelight.diffusion.seen import Seen
from safelight.tensor import storing

PLAN = Plan(threads=1)
WIDTH, TEXT, WORDS, LAYERS = 64, 48, 8, 2


def tensors() -> dict[str, Tensor]:
    draw = torch.Generator().manual_seed(2)

    def drawn(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=draw) * 0.2

    made = {"style_embedding": drawn(1, WORDS, WIDTH), "proj": drawn(WIDTH, TEXT)}
    norms = ["ln_pre", "ln_post", *(f"transformer_layes.{n}.ln_{k}" for n in range(LAYERS) for k in (1, 2))]
    for norm in norms:
        made |= {f"{norm}.weight": drawn(WIDTH) + 1, f"{norm}.bias": drawn(WIDTH)}
    for number in range(LAYERS):
        layer = f"transformer_layes.{number}"
        for name, rows, columns in (
            ("attn.in_proj_", 3 * WIDTH, WIDTH),
            ("attn.out_proj.", WIDTH, WIDTH),
            ("mlp.c_fc.", 4 * WIDTH, WIDTH),
            ("mlp.c_proj.", WIDTH, 4 * WIDTH),
        ):
            made |= {f"{layer}.{name}weight": drawn(rows, columns), f"{layer}.{name}bias": drawn(rows)}
    return made


def expected(t: dict[str, Tensor], states: Tensor) -> Tensor:
    def norm(x: Tensor, name: str) -> Tensor:
        return layer_norm(x, (WIDTH,), t[f"{name}.weight"], t[f"{name}.bias"])

    x = norm(torch.cat([states, t["style_embedding"].expand(len(states), -1, -1)], 1), "ln_pre")
    for number in range(LAYERS):
        layer = f"transformer_layes.{number}"
        inside = norm(x, f"{layer}.ln_1").transpose(0, 1)
        mixed, _ = multi_head_attention_forward(
            inside, inside, inside, WIDTH, manner.HEADS,
            t[f"{layer}.attn.in_proj_weight"], t[f"{layer}.attn.in_proj_bias"], None, None, False, 0.0,
            t[f"{layer}.attn.out_proj.weight"], t[f"{layer}.attn.out_proj.bias"],
        )  # fmt: skip
        x = x + mixed.transpose(0, 1)
        inner = linear(norm(x, f"{layer}.ln_2"), t[f"{layer}.mlp.c_fc.weight"], t[f"{layer}.mlp.c_fc.bias"])
        inner = inner * torch.sigmoid(1.702 * inner)
        x = x + linear(inner, t[f"{layer}.mlp.c_proj.weight"], t[f"{layer}.mlp.c_proj.bias"])
    return norm(x[:, -WORDS:], "ln_post") @ t["proj"]


@pytest.fixture
def model(tmp_path: Path) -> StyleHandle:
    path = tmp_path / "style.safetensors"
    save_file(tensors(), path)
    return manner.load(path, "7" * 64)


def seen(width: int = WIDTH) -> Seen:
    states = torch.randn(2, 5, width, generator=torch.Generator().manual_seed(3))
    return Seen(states, states, states[:, 0])


def test_the_pictures_words_stand_behind_those_of_the_prompt(model: StyleHandle) -> None:
    prompt = torch.randn(1, 7, TEXT)
    ((tensor, options),) = manner.apply([[prompt, {"a": 1}]], model, seen(), 0.5, plan=PLAN)
    words = expected(tensors(), seen().last_hidden_state).flatten(0, 1)[None] * 0.5
    assert tensor.shape == (1, 7 + 2 * WORDS, TEXT)
    assert torch.equal(tensor[:, :7], prompt)
    torch.testing.assert_close(tensor[:, 7:], words, atol=1e-5, rtol=1e-4)
    assert options == {"a": 1}
    residency.release()


def test_what_does_not_fit_is_refused(model: StyleHandle, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="64 numbers, the encoder gave 32"):
        manner.apply([], model, seen(32), 1.0, plan=PLAN)
    with pytest.raises(UnsupportedError, match="words of 48 numbers"):
        manner.apply([[torch.zeros(1, 7, 32), {}]], model, seen(), 1.0, plan=PLAN)
    path = tmp_path / "redux.safetensors"
    save_file({"redux_down.weight": torch.zeros(2, 2)}, path)
    with pytest.raises(ModelFileError, match="only Flux uses"):
        manner.load(path, "8" * 64)
    residency.release()


def test_a_style_model_comes_back_from_the_store(model: StyleHandle) -> None:
    tree, found = storing().encode(model)
    assert storing().decode(tree, found) == model


@pytest.mark.parametrize(("name", "shape"), [("style_embedding", (8, 64)), ("proj", ()), ("proj", (64, 0))])
def test_a_style_model_of_an_impossible_shape_is_refused(
    tmp_path: Path, name: str, shape: tuple[int, ...]
) -> None:
    path = tmp_path / "style.safetensors"
    save_file({**tensors(), name: torch.zeros(shape)}, path)
    broken = manner.load(path, f"{len(name) + len(shape)}".zfill(64))
    with pytest.raises(ModelFileError, match=rf"In style\.safetensors {name} is"):
        manner.component(broken.source)
